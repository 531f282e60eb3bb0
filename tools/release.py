"""Lists everything that prevents a release, and fails if there is anything. Uploads and tags nothing.

python tools/release.py            before the build: the working tree, the version, the changelog
python tools/release.py dist/*     after it: the same, and the metadata of the wheel and of the sdist
"""

import argparse
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

from packaging.metadata import Metadata

ROOT = Path(__file__).resolve().parents[1]


def problems_of_tree(root: Path, version: str) -> list[str]:
    """Uncommitted changes, a version that is already tagged, and a changelog that does not begin with the version."""
    found = [f"not committed: {line[3:]}" for line in _git(root, "status", "--porcelain").splitlines()]
    if _git(root, "tag", "--list", f"v{version}"):
        found.append(f"the tag v{version} already exists: choose the next version in pyproject.toml")
    heading = re.search(r"^## (.*)", (root / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    top = heading[1] if heading else "nothing"
    if not re.fullmatch(rf"{re.escape(version)} - \d{{4}}-\d\d-\d\d", top):
        found.append(f"CHANGELOG.md begins with {top!r}: the heading must be '## {version} - YYYY-MM-DD'")
    return found


def problems_of_distributions(files: list[Path], project: dict[str, Any]) -> list[str]:
    """What a package index would refuse: invalid metadata, another version, or a README that it cannot show."""
    found: list[str] = []
    if sorted(file.name.endswith(".whl") for file in files) != [False, True]:
        found.append(f"expected one wheel and one sdist, not {', '.join(file.name for file in files)}")
    for file in files:
        try:
            metadata = Metadata.from_email(_metadata(file), validate=True)
        except ExceptionGroup as error:
            found += [f"{file.name}: {one}" for one in error.exceptions]
            continue
        if (metadata.name, str(metadata.version)) != (project["name"], project["version"]):
            found.append(f"{file.name}: is {metadata.name} {metadata.version}, not {project['version']}")
        if metadata.description_content_type != "text/markdown" or not metadata.description:
            found.append(f"{file.name}: has no README in Markdown as its description")
    return found


def _metadata(file: Path) -> bytes:
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as wheel:
            (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
            return wheel.read(name)
    with tarfile.open(file) as sdist:
        content = sdist.extractfile(f"{file.name.removesuffix('.tar.gz')}/PKG-INFO")
        assert content is not None
        return content.read()


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, stdout=subprocess.PIPE, text=True, check=True).stdout


def main(arguments: list[str] | None = None) -> int:
    """Prints every problem. Returns 1 if there is any."""
    parser = argparse.ArgumentParser(description="Check that a release is ready.")
    parser.add_argument("files", type=Path, nargs="*", help="the wheel and the sdist, if they are built")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: this one)")
    options = parser.parse_args(arguments)
    project = tomllib.loads((options.root / "pyproject.toml").read_text("utf-8"))["project"]
    found = problems_of_tree(options.root, project["version"])
    if options.files:
        found += problems_of_distributions(options.files, project)
    for problem in found:
        print(f"release: {problem}", file=sys.stderr)
    if not found and options.files:
        print(f"Ready to tag as v{project['version']} and to upload: {' '.join(map(str, options.files))}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
