"""CPU time of an import, in a process of its own that does nothing else; that of a bare Python is taken off."""

from __future__ import annotations

import resource
import subprocess
import sys
from statistics import median

from measure import FLOOR, OURS, SDK, Row

ROUNDS = 9
WITH_ONE = f"{OURS}, one class"
STATEMENTS = {
    "nothing": "pass",
    FLOOR: "import httpx, attrs, orjson",
    OURS: "import langgraph_runs",
    WITH_ONE: "from langgraph_runs import RunsClient",
    SDK: "import langgraph_sdk",
}


def seconds(statement: str) -> float:
    """CPU time of the process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", statement], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """In turns."""
    found: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for number in range(ROUNDS + 1):
        for name, statement in STATEMENTS.items():
            took = seconds(statement)
            if number:  # the first fills the caches of the system
                found[name].append(took)
    own = {
        name: [took - bare for took, bare in zip(found[name], found["nothing"], strict=True)]
        for name in found
    }
    for name in (OURS, WITH_ONE):
        to_floor, to_sdk = (
            median(mine / theirs for mine, theirs in zip(own[name], own[other], strict=True))
            for other in (FLOOR, SDK)
        )
        Row(
            STATEMENTS[name],
            {
                "CPU": f"{median(own[name]) * 1e3:.0f} ms",
                "langgraph-sdk": f"{median(own[SDK]) * 1e3:.0f} ms",
                "floor": f"{median(own[FLOOR]) * 1e3:.0f} ms",
                "to langgraph-sdk": f"{to_sdk:.2f}",
                "to the floor": f"{to_floor:.2f}",
            },
            "≤ 1.25 of the floor and ≤ 0.35 of langgraph-sdk" if name == OURS else "",
            to_floor <= 1.25 and to_sdk <= 0.35 if name == OURS else None,
        ).print()


if __name__ == "__main__":
    main()
