"""mypy for what is not in the package: the programs of the docs, the examples of docstrings, generated code."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEFT_BY_MAKE_CHECK = ROOT / ".mypy_cache"


@pytest.fixture(scope="session")
def mypy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """A function that checks files, and returns the output of mypy.

    It checks them as strictly as the package, with the options of pyproject.toml, so that nothing is analyzed again
    that `make check` or an earlier call has analyzed. It uses a copy of the cache of `make check`: several processes
    of `make test` run mypy at the same time.
    """
    cache = tmp_path_factory.mktemp("mypy_cache")
    for file in LEFT_BY_MAKE_CHECK.rglob("*.db"):
        copy = cache / file.relative_to(LEFT_BY_MAKE_CHECK)
        copy.parent.mkdir(exist_ok=True)
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)

    def output(*files: str | Path, cwd: Path, packages: Path = ROOT, more: str = "") -> str:
        """The packages are those in the folder `packages`; `more` is added to pyproject.toml."""
        config = cache / "pyproject.toml"
        config.write_text((ROOT / "pyproject.toml").read_text("utf-8") + more, "utf-8")
        path = os.pathsep.join(str(packages / folder) for folder in ("generated", "wrapper"))
        options = [f"--config-file={config}", f"--cache-dir={cache}", "--scripts-are-modules"]
        done = subprocess.run(
            [sys.executable, "-m", "mypy", *options, *files],
            env={**os.environ, "MYPYPATH": path},
            cwd=cwd,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert not done.stderr, done.stderr
        return done.stdout

    yield output
    shutil.rmtree(cache)
