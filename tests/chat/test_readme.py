"""What the README of examples/chat says about commands, files and variables is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples/chat"
README = (FOLDER / "README.md").read_text("utf-8")


def test_the_commands_are_those_of_the_tests() -> None:
    """tools/dev_server.py runs `langgraph dev`, and tests/browser/chat_app.py the app; what is installed is what the
    tests have, and no more than the modules import."""
    commands = "".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL)).splitlines()
    assert [
        "python3 -m venv venv",
        'venv/bin/pip install . "langgraph-cli[inmem]" starlette uvicorn',
        "cd examples/chat",
        "../../venv/bin/langgraph dev --no-browser",
        "../../venv/bin/python app.py",
    ] == commands
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {"langgraph-cli[inmem]", "starlette", "uvicorn"} <= set(project["optional-dependencies"]["dev"])
    assert re.search("^chat: ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_the_modules_import_what_the_readme_installs_and_nothing_else() -> None:
    """langchain-core and langgraph come with langgraph-cli[inmem]."""
    sources = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.py")}
    names = {
        name
        for text in sources.values()
        for name in re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE)
    }
    standard = {
        "collections",
        "contextlib",
        "dataclasses",
        "json",
        "logging",
        "os",
        "pathlib",
        "typing",
    }
    installed = {"langchain_core", "langgraph", "langgraph_runs", "starlette", "uvicorn"}
    assert standard | installed | {"events", "inputs", "turns"} == names


def test_each_module_and_each_variable_is_in_the_readme() -> None:
    """And nothing else is."""
    files = set(re.findall(r"^\| `(\S+\.\w+)` \|", README, re.MULTILINE))
    assert files == {path.name for path in FOLDER.glob("*.py")} | {"page/chat.js"}
    app = (FOLDER / "app.py").read_text("utf-8")
    variables = set(re.findall(r'environ\.get\("(\w+)"', app))
    assert {"LANGGRAPH_API_URL", "LANGGRAPH_API_KEY", *variables} == {
        name
        for row in re.findall(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|", README, re.MULTILINE)
        for name in re.findall(r"\w+", row)
    }


def test_app_py_has_at_most_150_lines() -> None:
    """It is read and copied."""
    assert len((FOLDER / "app.py").read_text("utf-8").splitlines()) <= 150
