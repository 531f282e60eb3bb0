"""Runs every benchmark, each in a process of its own, prints what they found, and writes it to docs/performance.md."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs/performance.md"

CASES = [
    "decode",
    "tokens",
    "streams",
    "calls",
    "waits",
    "interleaved",
    "threads",
    "memory",
    "cancels",
    "starting",
]
PACKAGES = [
    "langgraph-sdk",
    "httptools",
    "httpx",
    "httpcore",
    "h11",
    "orjson",
    "httpx-sse",
    "httpx-aiohttp",
    "aiohttp",
]

HEAD = """\
# Performance

This page is written by `make bench`, which takes about ten minutes, on the machine named below; nothing in it is
edited. The servers are plain asyncio servers (`benchmarks/server.py`), so that the client is what is measured: its CPU
time. Decode, tokens, streams, calls and starting have several rounds in which all clients take turns; a ratio is the
median of the ratios of the rounds. Waits of 50 and of 5,000 are the median of several processes, also in turns. Each
row of the other tables is one process and one round. A bare client reads the same bytes and does nothing with them;
where there is JSON, it uses orjson.

{date}, Python {python}, {system}, {cores} cores; {versions}.

{summary}
"""


def run(case: str) -> tuple[str, list[dict[str, Any]]]:
    """What a case is, and its rows."""
    script = HERE / f"{case}.py"
    match = re.match(r'"""(.*?)(\n\n|""")', script.read_text("utf-8"), re.DOTALL)
    assert match is not None
    done = subprocess.run([sys.executable, script], stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return match[1].replace("\n", " "), [json.loads(line) for line in done.stdout.splitlines()]


def table(rows: list[dict[str, Any]]) -> str:
    """The rows, in Markdown."""
    names = list(dict.fromkeys(name for row in rows for name in row["cells"]))
    lines = [["", *names, "goal", ""], ["---"] * (len(names) + 3)]
    for row in rows:
        met = {True: "met", False: "**missed**", None: ""}[row["is_met"]]
        lines.append([row["case"], *(row["cells"].get(name, "") for name in names), row["goal"], met])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """All of it."""
    sections, goals, missed = [], 0, []
    for case in CASES:
        begun = time.perf_counter()
        what, rows = run(case)
        goals += sum(row["is_met"] is not None for row in rows)
        missed += [f"{case}: {row['case']}" for row in rows if row["is_met"] is False]
        sections.append(f"## {case.capitalize()}\n\n{what}\n\n{table(rows)}\n")
        print(f"{sections[-1]}\n({time.perf_counter() - begun:.0f} s)\n", flush=True)
    summary = f"Of {goals} goals, {goals - len(missed)} are met."
    if missed:
        summary += " Missed, by as much as the tables say: " + "; ".join(missed) + "."
    head = HEAD.format(
        date=datetime.now(UTC).date(),
        python=platform.python_version(),
        system=platform.system(),
        cores=os.cpu_count(),
        versions=", ".join(f"{name} {version(name)}" for name in PACKAGES),
        summary=summary,
    )
    PAGE.write_text("\n".join([head, *sections]), "utf-8")
    print(f"{summary}\nwritten to {PAGE.relative_to(HERE.parent)}")


if __name__ == "__main__":
    main()
