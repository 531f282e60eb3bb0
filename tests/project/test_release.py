"""`tools/release.py` finds what is not ready for a release, tried on a small repository."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import release

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

PROJECT = '[project]\nname = "rows"\nversion = "1.2.0"\n'
METADATA = """Metadata-Version: 2.4
Name: rows
Version: 1.2.0
Description-Content-Type: text/markdown

# Rows
"""


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


@pytest.fixture
def dist(tmp_path: Path) -> Callable[[str], list[str]]:
    """Makes a wheel and an sdist with this metadata."""

    def made(metadata: str) -> list[str]:
        with zipfile.ZipFile(tmp_path / "rows-1.2.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr("rows-1.2.0.dist-info/METADATA", metadata)
        with tarfile.open(tmp_path / "rows-1.2.0.tar.gz", "w:gz") as sdist:
            info = tarfile.TarInfo("rows-1.2.0/PKG-INFO")
            info.size = len(metadata)
            sdist.addfile(info, io.BytesIO(metadata.encode()))
        return [str(path) for path in sorted(tmp_path.glob("rows-*"))]

    return made


def test_a_clean_tree_with_its_version_in_the_changelog_is_ready(
    root: Path, dist: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the build and after it."""
    assert 0 == release.main([f"--root={root}"])
    assert 0 == release.main([f"--root={root}", *dist(METADATA)])
    printed = capsys.readouterr()
    assert ("", True) == (printed.err, printed.out.startswith("Ready to tag as v1.2.0 and to upload: "))


def test_every_problem_of_the_tree_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A change, a new file, a tag that exists, and a changelog that begins with something else."""
    git(root, "tag", "v1.2.0")
    (root / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n## 1.2.0 - 2026-11-25\n")
    (root / "new.py").touch()
    assert 1 == release.main([f"--root={root}"])
    assert capsys.readouterr().err.splitlines() == [
        "release: not committed: CHANGELOG.md",
        "release: not committed: new.py",
        "release: the tag v1.2.0 already exists: choose the next version in pyproject.toml",
        "release: CHANGELOG.md begins with 'Unreleased': the heading must be '## 1.2.0 - YYYY-MM-DD'",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Version: 1.2.0", "Version: 1.2.1", "is rows 1.2.1, not 1.2.0"),
        ("text/markdown\n\n# Rows", "text/plain\n\n# Rows", "has no README in Markdown"),
        ("\n# Rows\n", "", "has no README in Markdown"),
        ("Name: rows\n", "", "'name' is a required field"),
        ("Name: rows\n", "Name: rows\nRequires-Dist: http x\n", "'requires-dist'"),
    ],
)
def test_what_an_index_would_refuse_is_named(
    root: Path,
    dist: Callable[[str], list[str]],
    capsys: pytest.CaptureFixture[str],
    old: str,
    new: str,
    said: str,
) -> None:
    """Of the wheel and of the sdist."""
    assert old in METADATA
    files = dist(METADATA.replace(old, new))
    assert 1 == release.main([f"--root={root}", *files])
    problems = capsys.readouterr().err.splitlines()
    assert [True, True] == [said in problem for problem in problems], problems


def test_a_wheel_without_its_sdist_is_named(
    root: Path, dist: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Both are uploaded together."""
    *_, wheel = sorted(dist(METADATA), key=lambda name: name.endswith(".whl"))
    assert 1 == release.main([f"--root={root}", wheel])
    assert (
        "release: expected one wheel and one sdist, not rows-1.2.0-py3-none-any.whl\n"
        == capsys.readouterr().err
    )
