"""`make release-check`: what the wheel and the sdist must hold, and in which environments they are tested.

Its runs take ten minutes, so only what they consist of is tested here.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import files
from pathlib import Path

import pytest
import release_check
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from release_check import Case, cases, extras, is_seen_alone, pins
from release_files import (
    metadata_of,
    problems_by,
    problems_of_files,
    problems_of_metadata,
    problems_of_readme,
    problems_of_sources,
    unpacked,
)

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SMALL = """
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "rows"
version = "1.2.0"
readme = "README.md"

[tool.hatch.build.targets.wheel]
packages = ["rows"]

[tool.hatch.build.targets.sdist]
include = ["/rows"]

[tool.check-wheel-contents]
toplevel = ["rows"]
package = ["rows"]
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one package, with its wheel and its sdist in dist/."""
    root = tmp_path_factory.mktemp("rows")
    (root / "rows").mkdir()
    (root / "rows/__init__.py").write_text("ONE = 1\n")
    (root / "rows/py.typed").touch()
    (root / "README.md").write_text("# Rows\n\nSee [the docs](https://example.com).\n")
    (root / "pyproject.toml").write_text(SMALL)
    command = [sys.executable, "-m", "build", "--no-isolation", "--sdist", "--wheel", root]
    subprocess.run(command, check=True, capture_output=True)
    return root


def found(root: Path, *files: Path) -> list[str]:
    """What is wrong with these files, or with those in dist/."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    return problems_of_files(files or list((root / "dist").iterdir()), project, root)


def built(root: Path) -> tuple[Path, Path]:
    """The wheel and the sdist in dist/."""
    (wheel,), (sdist,) = (root / "dist").glob("*.whl"), (root / "dist").glob("*.tar.gz")
    return wheel, sdist


def changed(wheel: Path, folder: Path, add: dict[str, bytes], drop: str = "") -> Path:
    """A copy of a wheel with other files. Its RECORD agrees with them."""
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(folder / wheel.name, "w") as new:
        contents = {name: old.read(name) for name in old.namelist() if name != drop} | add
        record = next(name for name in contents if name.endswith("RECORD"))
        contents[record] = "".join(f"{name},,\n" for name in contents).encode()
        for name, content in contents.items():
            new.writestr(name, content)
    return folder / wheel.name


def test_what_a_build_makes_is_fit_for_an_index(small: Path) -> None:
    """And the sdist builds the same wheel, to the byte."""
    assert found(small) == []


def test_a_wheel_with_more_or_less_than_its_packages_is_named(small: Path, tmp_path: Path) -> None:
    """Tests, what is left from another time, or a package without its py.typed."""
    wheel, _ = built(small)
    other = changed(wheel, tmp_path, {"tests/test_rows.py": b"", "rows/left.py": b""}, "rows/py.typed")
    (problem,) = problems_by(["check_wheel_contents", other], small)
    assert all(one in problem for one in ("W101", "rows/py.typed", "W102", "rows/left.py", "W202", "tests"))


def test_an_sdist_that_lacks_a_source_builds_another_wheel(small: Path, tmp_path: Path) -> None:
    """The names of the files that differ are printed."""
    wheel, sdist = built(small)
    sources = unpacked(sdist, tmp_path)
    (sources / "rows/py.typed").unlink()
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / sdist.name
    with tarfile.open(other, "w:gz") as archive:
        archive.add(sources, sources.name)
    (problem,) = problems_of_sources(other, wheel)
    assert problem.startswith("the sdist builds another wheel: ")
    assert "rows/py.typed" in problem


def test_metadata_that_an_index_would_refuse_is_named(small: Path, tmp_path: Path) -> None:
    wheel, _ = built(small)
    name = "rows-1.2.0.dist-info/METADATA"
    metadata = (
        zipfile.ZipFile(wheel).read(name).replace(b"Name: rows\n", b"Name: rows\nRequires-Dist: http x\n")
    )
    (problem,) = problems_by(
        ["twine", "check", "--strict", changed(wheel, tmp_path, {name: metadata})], small
    )
    assert "'http x' is invalid for 'requires-dist'" in problem


def test_metadata_of_another_version_or_without_a_readme_in_markdown_is_named(small: Path) -> None:
    metadata = metadata_of(built(small)[1])
    project = {"name": "rows", "version": "1.2.1"}
    assert problems_of_metadata({**metadata, "description_content_type": "text/plain"}, project) == [
        "is rows 1.2.0, not 1.2.1",
        "its README is not Markdown",
    ]


def test_a_wheel_without_its_sdist_is_named(small: Path) -> None:
    """Both are uploaded together."""
    wheel, _ = built(small)
    assert found(small, wheel) == [f"expected one wheel and one sdist, not {wheel.name}"]


def test_what_pypi_cannot_show_of_a_readme_is_named() -> None:
    """A link that only works in the repository, a picture beside it, a heading that is gone, and nothing at all."""
    text = "# Rows\n[a](docs/a.md) [b](#rows) [c](#gone) [d](https://example.com) ![e](e.svg) <x@example.com>"
    assert problems_of_readme(text) == [
        "the README leads to 'docs/a.md', which PyPI does not have: use an https URL",
        "the README leads to 'e.svg', which PyPI does not have: use an https URL",
        "the README leads to '#gone', but has no such heading",
    ]
    assert problems_of_readme("") == ["PyPI shows no heading of the README"]


def test_pypi_can_show_the_readme() -> None:
    assert problems_of_readme((ROOT / "README.md").read_text()) == []


def test_both_files_are_tested_with_the_lowest_versions_on_the_oldest_python_and_the_newest_on_the_newest() -> (
    None
):
    present = {"3.11.2": Path("old"), "3.12.1": Path("between"), "3.14.0": Path("new")}
    wheel, sdist = Path("a.whl"), Path("a.tar.gz")
    chosen = cases([wheel, sdist], present, ["lowest", "newest"])
    assert [(one.file, one.versions, one.python) for one in chosen] == [
        (wheel, "lowest", Path("old")),
        (sdist, "lowest", Path("old")),
        (wheel, "newest", Path("new")),
        (sdist, "newest", Path("new")),
    ]


def test_every_extra_for_users_is_installed() -> None:
    project = PYPROJECT["project"]
    assert set(extras(project)) == project["optional-dependencies"].keys() - {"dev", "docs", "tests"}
    assert "aiohttp" in extras(project)


def test_every_dependency_of_users_has_a_lowest_version() -> None:
    """Otherwise "the lowest" is whatever is oldest on the index."""
    project = PYPROJECT["project"]
    optional = project["optional-dependencies"]
    requirements = [*project["dependencies"], *(one for name in extras(project) for one in optional[name])]
    without = [one for one in requirements if not re.search(r">=|==|~=", one)]
    assert without == []


def test_the_extra_of_the_tests_has_what_the_fast_tests_import() -> None:
    """What only `dev` has is not there in `make release-check`."""
    optional = PYPROJECT["project"]["optional-dependencies"]
    of_users = [
        PYPROJECT["project"]["dependencies"],
        *(optional[name] for name in extras(PYPROJECT["project"])),
    ]
    present = {canonical(one) for these in [*of_users, optional["tests"]] for one in these}
    only_dev = {canonical(one) for one in optional["dev"]} - present
    modules = {module for name in only_dev for module in modules_of(name)}
    left_out = [ROOT / "tests" / one for one in release_check.LEFT_OUT]
    fast = [file for file in (ROOT / "tests").rglob("*.py") if not set(left_out) & set(file.parents)]
    missing = {
        (module, str(file.relative_to(ROOT)))
        for file in fast
        for module in imported(file)
        if module in modules
    }
    assert missing == set(), "add it to the extra `tests`, or leave the folder out in tools/release_check.py"


def test_the_tests_import_what_is_installed_not_the_sources(tmp_path: Path) -> None:
    """An environment that sees the packages elsewhere, as this one does by its editable install, is refused."""
    assert not is_seen_alone(Path(sys.executable), tmp_path)


def test_pins_are_the_lowest_versions_that_the_bounds_allow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From an index that is a folder of wheels."""
    for version in ("1.0", "1.1", "1.2", "2.0"):
        name = f"cells-{version}.dist-info"
        with zipfile.ZipFile(tmp_path / f"cells-{version}-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/METADATA", f"Metadata-Version: 2.1\nName: cells\nVersion: {version}\n")
            wheel.writestr(f"{name}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{name}/RECORD", "")
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))

    def of(versions: str) -> list[str]:
        case = Case(Path("rows.whl"), versions, Path(sys.executable), "")
        return pins(case, tmp_path, "-", given="cells>=1.1,<2")

    assert (["cells==1.1"], ["cells==1.2"]) == (of("lowest"), of("newest"))


def canonical(requirement: str) -> str:
    """The name of a requirement, as indexes compare names."""
    return canonicalize_name(Requirement(requirement).name)


def modules_of(name: str) -> set[str]:
    """The top-level modules of an installed distribution."""
    return {file.parts[0].removesuffix(".py") for file in files(name) or () if file.suffix == ".py"}


def imported(file: Path) -> set[str]:
    """The top-level modules that a file imports."""
    nodes = list(ast.walk(ast.parse(file.read_text())))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [
        node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level
    ]
    return {name.partition(".")[0] for name in names}
