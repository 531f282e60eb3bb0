"""`make generate`, and the check that its output is up to date, on a copy of the repository."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import generate
import pytest
import unasync

pytestmark = pytest.mark.exhaustive

ROOT = Path(__file__).resolve().parents[2]
NEEDED = [
    "openapi.yaml",
    "generator-config.yaml",
    "pyproject.toml",
    "templates",
    "generated",
    "wrapper",
    "tests/_async",
    "tests/_sync",
]
GENERATED = Path("generated/langgraph_runs_api")
SYNC = Path("wrapper/langgraph_runs/_sync")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The files that a generation reads and writes, without a git repository."""
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def generating(copy: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """A function that runs it on the copy, and returns the exit code and the output."""

    def run(*arguments: str) -> tuple[int, str]:
        code = generate.main([*arguments, f"--root={copy}"])
        return code, capsys.readouterr().err

    return run


Run = Callable[..., tuple[int, str]]


def tree(root: Path) -> dict[str, bytes]:
    """Every file and its content, without those of git."""
    files = [path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def git(root: Path, *arguments: str) -> None:
    """Runs git in a folder."""
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def edit(file: Path, old: str, new: str) -> None:
    """Replaces the first occurrence, which must exist."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_the_committed_files_are_those_that_are_generated(copy: Path, generating: Run) -> None:
    """The check reports nothing; generating changes no byte and leaves no file behind."""
    before = tree(copy)
    assert (0, "") == generating("--check")
    assert (0, "") == generating()
    assert before == tree(copy)


def test_deleted_files_are_generated_again_byte_for_byte(copy: Path, generating: Run) -> None:
    """Without generated/ and both derived folders; files that do not belong there are deleted."""
    before = tree(copy)
    for folder in generate.FOLDERS:
        shutil.rmtree(copy / folder)
    stale = [copy / GENERATED / "models/stale.py", copy / SYNC / "stale.py", copy / "generated/stale.txt"]
    for file in stale:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert (0, "") == generating()
    assert before == tree(copy)


def test_the_check_names_every_difference_and_changes_nothing(copy: Path, generating: Run) -> None:
    """Edited, missing and stale files, of the generated layer and of the sync half."""
    with (copy / GENERATED / "types.py").open("a") as file:
        file.write("\n")
    (copy / GENERATED / "py.typed").unlink()
    (copy / GENERATED / "models/extra.py").touch()
    edit(copy / SYNC / "client.py", "a", "b")
    (copy / SYNC / "stream.py").unlink()
    (copy / SYNC / "extra.py").touch()
    before = tree(copy)
    code, printed = generating("--check")
    expected = {
        f"differs: {GENERATED}/types.py",
        f"missing: {GENERATED}/py.typed",
        f"stale: {GENERATED}/models/extra.py",
        f"differs: {SYNC}/client.py",
        f"missing: {SYNC}/stream.py",
        f"stale: {SYNC}/extra.py",
    }
    assert (1, expected) == (code, set(printed.splitlines()[:-1]))
    assert before == tree(copy)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_check_names_generated_files_that_git_does_not_track(copy: Path, generating: Run) -> None:
    """A file that was not added, or that .gitignore excludes, would be missing from every clone."""
    (copy / ".gitignore").write_text("__pycache__/\nget_run.py\n")
    git(copy, "init", "--quiet")
    git(copy, "add", "--all")
    git(copy, "rm", "--quiet", "--cached", f"{SYNC}/client.py")
    code, printed = generating("--check")
    expected = [f"untracked: {GENERATED}/api/thread_runs/get_run.py", f"untracked: {SYNC}/client.py"]
    assert (1, expected) == (code, printed.splitlines()[:-1])


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("openapi.yaml", "\npaths:", "\npath:", "openapi.yaml is not a valid OpenAPI document"),
        ("openapi.yaml", "\npaths:", "\npaths: [", "openapi.yaml is not a valid OpenAPI document"),
        # The generator only warns of this, and leaves out every endpoint that uses it.
        (
            "openapi.yaml",
            "\n  schemas:\n",
            "\n  schemas:\n    Warned: {type: array}\n",
            "the generator failed",
        ),
        ("templates/types.py.jinja", "{% set stock %}", "{% set %}", "the generator failed"),
        (
            "templates/types.py.jinja",
            "status_code: HTTPStatus",
            "code: HTTPStatus",
            "a template override no longer matches",
        ),
        (
            "wrapper/langgraph_runs/_async/client.py",
            "\nclass ",
            "\nasyncio.gather\n\nclass ",
            "`asyncio` is left",
        ),
        (
            "wrapper/langgraph_runs/_async/client.py",
            "class ",
            "class class ",
            "client.py cannot be formatted",
        ),
    ],
    ids=["invalid", "not-yaml", "warning", "template-error", "template-misses", "left-over", "syntax-error"],
)
def test_a_failed_generation_gives_the_reason_and_changes_nothing(
    copy: Path, generating: Run, file: str, old: str, new: str, said: str
) -> None:
    """Byte for byte, the sync half included; the exit code is not 0."""
    edit(copy / file, old, new)
    edit(copy / SYNC / "stream.py", "a", "b")
    before = tree(copy)
    code, printed = generating()
    assert (1, True) == (code, said in printed), printed
    assert before == tree(copy)


def test_an_unused_rule_is_an_error(
    copy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table of the derivation does not outlive its use."""
    monkeypatch.setattr(unasync, "RULES", [*unasync.RULES, ("not to be found", "")])
    assert 1 == unasync.main([f"--root={copy}"])
    assert "unasync: unused rules: not to be found\n" == capsys.readouterr().err


def test_a_folder_without_sources_is_an_error(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Otherwise a missing folder would go unnoticed."""
    shutil.rmtree(copy / "tests/_async")
    assert 1 == unasync.main([f"--root={copy}", "--check"])
    assert "unasync: tests/_async: no source files\n" == capsys.readouterr().err


def test_the_sync_half_can_be_checked_alone(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the generator: changed, missing and stale files are named, and written again without --check."""
    before = tree(copy)
    (copy / SYNC / "stream.py").unlink()
    (copy / "tests/_sync/extra.txt").touch()
    assert 1 == unasync.main([f"--root={copy}", "--check"])
    assert f"missing: {SYNC}/stream.py\nstale: tests/_sync/extra.txt\n" == capsys.readouterr().err
    assert 0 == unasync.main([f"--root={copy}"])
    assert 0 == unasync.main([f"--root={copy}", "--check"])
    assert before == tree(copy)


def test_every_derived_file_says_what_it_is_derived_from() -> None:
    """So that nobody edits it."""
    for folder in unasync.TARGETS:
        for file in (ROOT / folder).rglob("*.py"):
            said = re.match(
                r"# Derived from _async/(\S+) by `make generate`; edit that one\.\n", file.read_text()
            )
            assert said is not None, file
            assert (ROOT / folder / said[1]) == file
