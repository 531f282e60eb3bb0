"""docs/command-line.md is right: its commands run against the real server, as a user would type them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from cli.commands import SECONDS, environment
from dev_server import DevServer
from project.docs_blocks import blocks

PAGE = "docs/command-line.md"
NOT_RUN = "pip install"
SHIM = f'#!/bin/sh\nexec {sys.executable} -m langgraph_runs.cli "$@"\n'
STATUS = re.compile(r"   # exit status (\d+)$")


def commands() -> list[tuple[str, int]]:
    """The commands of the page in order, each with its exit status, which is 0 unless the page says otherwise."""
    text = "".join(block.text for block in blocks(PAGE) if block.language == "sh").replace("\\\n", "")
    found = [(STATUS.sub("", line), STATUS.search(line)) for line in text.splitlines()]
    return [(line, int(status[1]) if status else 0) for line, status in found if NOT_RUN not in line]


def test_every_command_of_the_page_ends_with_the_status_that_the_page_says(
    live_server: DevServer, tmp_path: Path
) -> None:
    """In one shell, as its variables and files are used by later commands."""
    shim = tmp_path / "bin/langgraph-runs"
    shim.parent.mkdir()
    shim.write_text(SHIM)
    shim.chmod(0o755)
    lines = ["set -u", 'exec 3>&1 1>&2; PATH="$PWD/bin:$PATH"']
    for line, _ in commands():
        lines += [line, "echo $? >&3"]
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)],
        cwd=tmp_path,
        env=environment(live_server.url),
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS * 4,
        check=False,
    )
    assert 20 < len(commands())
    ended = [(line, int(status)) for (line, _), status in zip(commands(), done.stdout.split(), strict=True)]
    assert commands() == ended, done.stderr
    assert ["0", "1", "2", "3"] == re.findall(r'^\{"tick": (\d)\}$', done.stderr, re.MULTILINE)
    assert "Traceback" not in done.stderr
