"""How the program starts: without its extra, by both names, with completion, and without what it does not need."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from cli.commands import in_pipe

from langgraph_runs.cli.app import run
from langgraph_runs.cli.statuses import STATUSES

ROOT = Path(__file__).parents[2]
BLOCKED = """
import sys
sys.modules[{name!r}] = None
from langgraph_runs.cli import main
sys.argv = ["langgraph-runs", "--help"]
main()
"""


@pytest.mark.parametrize("name", ["typer", "rich"])
def test_without_the_extra_one_line_says_what_to_install(name: str) -> None:
    """rich is only needed in a terminal, but installed by the same extra."""
    code = BLOCKED.format(name=name)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    if name == "rich":
        assert 0 == done.returncode, done.stderr
        return
    said = f"langgraph-runs: {name} is not installed; pip install 'langgraph-runs[cli]' installs it\n"
    assert (2, "", said) == (done.returncode, done.stdout, done.stderr)


def test_the_script_is_declared_and_the_extra_has_what_it_imports() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    module, _, function = project["scripts"]["langgraph-runs"].partition(":")
    assert callable(getattr(import_module(module), function))
    assert ["typer", "rich"] == [re.split(r"\W", one)[0] for one in project["optional-dependencies"]["cli"]]


def test_the_help_of_the_program_lists_every_command() -> None:
    """In a pipe, without control sequences."""
    done = in_pipe("http://localhost:1", "--help")
    commands = re.findall(r"^  ([a-z-]+)  ", done.out.partition("Commands:\n")[2], re.MULTILINE)
    expected = "wait stream create join join-stream list get cancel cancel-all delete info"
    assert set(expected.split()) <= set(commands)
    assert "\x1b" not in done.out


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("langgraph-runs wa", "wait"),
        ("langgraph-runs wait --mult", "--multitask-strategy"),
        ("langgraph-runs wait agent --durability as", "async"),
    ],
)
def test_a_shell_can_complete_commands_options_and_choices(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str, found: str
) -> None:
    """By typer's own completion, which `--install-completion` installs."""
    monkeypatch.setenv("_LANGGRAPH_RUNS_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    with pytest.raises(SystemExit):
        run([])
    assert [found] == capsys.readouterr().out.split()


def test_every_status_has_a_number_of_its_own_and_the_docs_have_them_all() -> None:
    """In the same words."""
    numbers = [status.number for status in STATUSES]
    assert sorted(set(numbers)) == sorted(numbers)
    page = (ROOT / "docs/command-line.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", page, re.MULTILINE)
    assert [(str(status.number), status.meaning) for status in STATUSES] == rows
