"""What the wheel and the sdist of a release must hold, and how PyPI shows their README.

`twine` judges the metadata and `check-wheel-contents` what is in the wheel (pyproject.toml names its two packages).
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from packaging.metadata import RawMetadata, parse_email
from readme_renderer import markdown

_PREFIX = "#user-content-"  # of the ids that PyPI shows


def problems_of_files(files: Sequence[Path], project: dict[str, Any], root: Path) -> list[str]:
    """What an index would refuse or show badly, and what a user would miss.

    Args:
        files: The wheel and the sdist.
        project: The table `project` of pyproject.toml.
        root: The folder of pyproject.toml.
    """
    if sorted(file.name.endswith(".whl") for file in files) != [False, True]:
        return [f"expected one wheel and one sdist, not {', '.join(file.name for file in files)}"]
    sdist, wheel = sorted(files, key=lambda file: file.name.endswith(".whl"))
    found = problems_by(["twine", "check", "--strict", sdist, wheel], root)
    found += problems_by(["check_wheel_contents", wheel], root)
    for file in (sdist, wheel):
        found += [f"{file.name}: {one}" for one in problems_of_metadata(metadata_of(file), project)]
    return found or problems_of_sources(sdist, wheel)


def problems_by(command: Sequence[str | Path], root: Path) -> list[str]:
    """What a tool prints if it fails: a module with its arguments. It runs in `root`, where its settings are."""
    done = _python(command, root)
    return [f"{command[0]}: {' '.join((done.stdout + done.stderr).split())}"] if done.returncode else []


def problems_of_metadata(metadata: RawMetadata, project: Mapping[str, Any]) -> list[str]:
    """Another name or version than the project has, and a README that PyPI cannot show."""
    found = []
    if (metadata.get("name"), metadata.get("version")) != (project["name"], project["version"]):
        found.append(f"is {metadata.get('name')} {metadata.get('version')}, not {project['version']}")
    if metadata.get("description_content_type") != "text/markdown":
        found.append("its README is not Markdown")
    return found + problems_of_readme(metadata.get("description", ""))


def metadata_of(file: Path) -> RawMetadata:
    """The metadata of a wheel or an sdist, as far as it can be read."""
    if file.suffix == ".whl":
        (text,) = [
            content for name, content in _contents(file).items() if name.endswith(".dist-info/METADATA")
        ]
    else:
        with tarfile.open(file) as sdist:
            content = sdist.extractfile(f"{file.name.removesuffix('.tar.gz')}/PKG-INFO")
            assert content is not None
            text = content.read()
    return parse_email(text)[0]


def problems_of_readme(text: str) -> list[str]:
    """What PyPI would not show: links and pictures that are relative, and links to a heading that does not exist."""
    shown = _Shown()
    shown.feed(markdown.render(text) or "")
    relative = [link for link in shown.links if not link.startswith(("https://", "mailto:", "#"))]
    dead = [link for link in shown.links if link.startswith("#") and link[1:] not in shown.ids]
    return [
        *(f"the README leads to {link!r}, which PyPI does not have: use an https URL" for link in relative),
        *(f"the README leads to '#{link.removeprefix(_PREFIX)}', but has no such heading" for link in dead),
        *([] if shown.ids else ["PyPI shows no heading of the README"]),
    ]


def problems_of_sources(sdist: Path, wheel: Path) -> list[str]:
    """How the wheel that is built from the sdist differs from this one, which is built from the checkout."""
    with TemporaryDirectory() as folder:
        sources = unpacked(sdist, Path(folder))
        _python(["build", "--wheel", "--no-isolation", "--outdir", folder], sources).check_returncode()
        (again,) = Path(folder).glob("*.whl")
        if again.read_bytes() == wheel.read_bytes():
            return []
        here, there = _contents(wheel), _contents(again)
    different = sorted(name for name in here.keys() | there if here.get(name) != there.get(name))
    return [f"the sdist builds another wheel: {', '.join(different) or 'the same files, in another archive'}"]


def unpacked(sdist: Path, folder: Path) -> Path:
    """The folder of its sources, unpacked in `folder`."""
    subprocess.run(["tar", "-xzf", sdist, "-C", folder], check=True)
    return folder / sdist.name.removesuffix(".tar.gz")


class _Shown(HTMLParser):
    """The links and pictures of a page, and what its links can lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src"):
                self.links.append(value or "")
            elif name == "id" and value:
                self.ids.add(value)


def _python(module: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *module]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)


def _contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
