"""CONTRIBUTING.md and the settings of editors and hooks agree with the Makefile and pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from configparser import ConfigParser
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def read(name: str) -> str:
    """The text of a file of the project."""
    return (ROOT / name).read_text("utf-8")


def test_contributing_names_every_target_of_the_makefile_and_no_other() -> None:
    """In a block of commands or in the text."""
    targets = set(re.findall(r"^([a-z-]+):.*## ", read("Makefile"), re.MULTILINE)) - {"help"}
    named = re.findall(r"(?:`|^)make (?:[A-Z]+=\S+ )*([a-z-]+)", read("CONTRIBUTING.md"), re.MULTILINE)
    assert targets == set(named)


def test_every_target_is_phony() -> None:
    """So that a file or folder of that name does not keep it from running."""
    makefile = read("Makefile")
    (phony,) = re.findall(r"^\.PHONY: (.*)", makefile, re.MULTILINE)
    assert re.findall(r"^([a-z-]+):", makefile, re.MULTILINE) == phony.split()


def test_the_pre_commit_hook_runs_make_check_and_downloads_nothing() -> None:
    """The Makefile alone says what a check is."""
    (repository,) = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    (hook,) = repository["hooks"]
    assert ("local", "system", "make check") == (repository["repo"], hook["language"], hook["entry"])
    assert (False, True) == (hook["pass_filenames"], hook["always_run"])


def test_the_editorconfig_agrees_with_ruff() -> None:
    """On the length of a line, and on ruff's own defaults for the rest."""
    settings = ConfigParser()
    settings.read_string(f"[top]\n{read('.editorconfig')}")
    ruff = tomllib.loads(read("pyproject.toml"))["tool"]["ruff"]
    assert ruff["line-length"] == settings.getint("*.py", "max_line_length")
    assert "format" not in ruff
    assert ("space", "4", "lf") == tuple(
        settings["*"][name] for name in ("indent_style", "indent_size", "end_of_line")
    )
