"""Lists everything that prevents a release, and fails if there is anything: `make release-ready`. Tags nothing.

It reads the version, the changelog and Git. What is built is checked by release_check.py.
"""

import argparse
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def problems(root: Path, version: str) -> list[str]:
    """Uncommitted changes, tags that do not fit the version, and a changelog that does not begin with it."""
    found = [f"not committed: {line[3:]}" for line in _git(root, "status", "--porcelain").splitlines()]
    tag, here = f"v{version}", _git(root, "tag", "--points-at", "HEAD", "v*").split()
    if tag not in here and _git(root, "tag", "--list", tag):
        found.append(f"the tag {tag} is on another commit: choose the next version in pyproject.toml")
    found += [f"this commit is tagged {one}, but its version is {version}" for one in here if one != tag]
    heading = re.search(r"^## (.*)", (root / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    top = heading[1] if heading else "nothing"
    if not re.fullmatch(rf"{re.escape(version)} - \d{{4}}-\d\d-\d\d", top):
        found.append(f"CHANGELOG.md begins with {top!r}: the heading must be '## {version} - YYYY-MM-DD'")
    return found


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, stdout=subprocess.PIPE, text=True, check=True).stdout


def main(arguments: list[str] | None = None) -> int:
    """Prints every problem. Returns 1 if there is any."""
    parser = argparse.ArgumentParser(description="Check that a release is ready.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: this one)")
    root = parser.parse_args(arguments).root
    version = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    found = problems(root, version)
    for problem in found:
        print(f"release: {problem}", file=sys.stderr)
    if not found:
        print(f"Ready: this commit is version {version}, and v{version} is its tag or a new one.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
