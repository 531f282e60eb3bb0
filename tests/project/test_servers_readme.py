"""tests/servers/README.md lists every test server, and the tests that use it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVERS = ROOT / "tests/servers"
ROW = re.compile(r"^\| `(\w+)\.py` \|.*\|([^|]+)\|$", re.MULTILINE)
USERS = dict(ROW.findall((SERVERS / "README.md").read_text("utf-8")))


def files(name: str) -> list[Path]:
    """The file or the files of the folder that a row names, below tests/ or the root."""
    (path,) = [root / name for root in (ROOT / "tests", ROOT) if (root / name).exists()]
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def test_the_readme_lists_every_file() -> None:
    """And no other."""
    assert sorted(path.stem for path in SERVERS.glob("*.py")) == sorted(USERS)


@pytest.mark.parametrize("server", USERS)
def test_the_readme_names_the_tests_that_use_a_server(server: str) -> None:
    """Each file that is named imports it, and so does a file of each folder that is named."""
    for name in re.findall(r"`([^`]+)`", USERS[server]):
        assert any(f"servers.{server} import" in path.read_text("utf-8") for path in files(name)), name
