"""Runs every benchmark in a process of its own, prints the results, writes them to docs/performance.md, and draws some
of them."""

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

import plots

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

# The cases that plots.py draws, and what their pictures show.
DRAWN = {
    "tokens": "The CPU time for each token, as bars",
    "streams": "The CPU time for each event, as bars",
    "calls": "The CPU time for each call, as bars",
    "waits": "The CPU time for each run, as bars",
}

HEAD = """\
# Performance

`make bench` wrote this page, in about ten minutes, on the machine named below. Nothing on it is edited by hand.

The benchmarks measure the CPU time of the client. The servers are plain asyncio servers (`benchmarks/server.py`) that
do as little as possible. In decode, tokens, streams, calls and starting, all clients take turns in several rounds, and
a ratio is the median of the ratios of the rounds. The rows for 50 and for 5,000 waits are the median of several
processes, which also take turns. Every other row is one round in one process. A bare client reads the same bytes and
discards them; for JSON, it uses orjson.

{date}, Python {python}, {system}, {cores} cores; {versions}.

{summary}
"""


def run(case: str) -> tuple[str, list[dict[str, Any]]]:
    """Runs a case, and returns its description and its rows."""
    script = HERE / f"{case}.py"
    match = re.match(r'"""(.*?)(\n\n|""")', script.read_text("utf-8"), re.DOTALL)
    assert match is not None
    done = subprocess.run([sys.executable, script], stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return match[1].replace("\n", " "), [json.loads(line) for line in done.stdout.splitlines()]


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as a Markdown table."""
    names = list(dict.fromkeys(name for row in rows for name in row["cells"]))
    lines = [["", *names, "goal", ""], ["---"] * (len(names) + 3)]
    for row in rows:
        met = {True: "met", False: "**missed**", None: ""}[row["is_met"]]
        lines.append([row["case"], *(row["cells"].get(name, "") for name in names), row["goal"], met])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def section(case: str, what: str, rows: list[dict[str, Any]]) -> str:
    """The section of the page about a case."""
    picture = f"![{DRAWN[case]}](pictures/{case}.svg)\n\n" if case in DRAWN else ""
    return f"## {case.capitalize()}\n\n{what}\n\n{picture}{table(rows)}\n"


def main() -> None:
    """Runs all cases and writes the page."""
    sections, goals, missed = [], 0, []
    for case in CASES:
        begun = time.perf_counter()
        what, rows = run(case)
        goals += sum(row["is_met"] is not None for row in rows)
        missed += [f"{case}: {row['case']}" for row in rows if row["is_met"] is False]
        sections.append(section(case, what, rows))
        print(f"{sections[-1]}\n({time.perf_counter() - begun:.0f} s)\n", flush=True)
    summary = f"{goals - len(missed)} of {goals} goals are met."
    if missed:
        summary += " These are missed: " + "; ".join(missed) + "."
    head = HEAD.format(
        date=datetime.now(UTC).date(),
        python=platform.python_version(),
        system=platform.system(),
        cores=os.cpu_count(),
        versions=", ".join(f"{name} {version(name)}" for name in PACKAGES),
        summary=summary,
    )
    PAGE.write_text("\n".join([head, *sections]), "utf-8")
    plots.draw()
    print(f"{summary}\nwritten to {PAGE.relative_to(HERE.parent)}")


if __name__ == "__main__":
    main()
