"""`tools/release.py` finds what is missing for a release, tried on a small repository."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import release

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

PROJECT = '[project]\nname = "rows"\nversion = "1.2.0"\n'


def git(root: Path, *arguments: str) -> None:
    """Runs git in a folder, as somebody."""
    someone = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    subprocess.run(["git", *someone, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository that is ready for the release of 1.2.0."""
    folder = tmp_path / "rows"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "CHANGELOG.md").write_text("# Changelog\n\n## 1.2.0 - 2026-11-25\n\n## 1.1.0 - 2026-10-01\n")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=Release 1.2.0")
    return folder


def problems(root: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the tool prints; it fails if it prints anything."""
    status = release.main([f"--root={root}"])
    printed = capsys.readouterr()
    assert (status, bool(printed.out)) == ((1, False) if printed.err else (0, True))
    return printed.err.splitlines()


def test_a_clean_tree_with_its_version_in_the_changelog_is_ready(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its tag and without: the tag is made before the files that are uploaded are built from it."""
    assert [] == problems(root, capsys)
    git(root, "tag", "v1.2.0")
    assert [] == problems(root, capsys)


def test_every_problem_of_the_tree_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A change, a new file, and a changelog that begins with something else."""
    (root / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n## 1.2.0 - 2026-11-25\n")
    (root / "new.py").touch()
    assert problems(root, capsys) == [
        "release: not committed: CHANGELOG.md",
        "release: not committed: new.py",
        "release: CHANGELOG.md begins with 'Unreleased': the heading must be '## 1.2.0 - YYYY-MM-DD'",
    ]


def test_a_version_that_another_commit_is_tagged_with_is_not_released_again(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(root, "tag", "v1.2.0")
    git(root, "commit", "--quiet", "--allow-empty", "--message=Fix")
    assert problems(root, capsys) == [
        "release: the tag v1.2.0 is on another commit: choose the next version in pyproject.toml"
    ]


def test_a_tag_of_another_version_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The workflow would publish a version that nobody has asked for."""
    git(root, "tag", "v1.3.0")
    assert problems(root, capsys) == ["release: this commit is tagged v1.3.0, but its version is 1.2.0"]
