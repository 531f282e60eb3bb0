"""Generates generated/ from openapi.yaml, and the sync code of the wrapper from its async code.

    python tools/generate.py            writes both, or neither if anything fails
    python tools/generate.py --check    writes nothing; lists every file that differs from what it would write

The output depends only on the sources, on generator-config.yaml and templates/, and on the pinned versions of the
generator and of ruff. If you delete it, this program writes exactly the same again.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import openapi_python_client
import option_texts
import unasync

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("generated/langgraph_runs_api")
FOLDERS = [str(PACKAGE.parent), *unasync.TARGETS]

# The templates modify the output of the generator's own templates. If a new version of those prints something else, an
# override no longer matches, and nobody would notice. So every generated file must contain the patterns in PRESENT, and
# none may contain a pattern in ABSENT.
PRESENT = [
    ("__init__.py", r"\nif TYPE_CHECKING:\n    from \.client import "),
    ("api/*/[!_]*.py", r"@errors\.complete\ndef _parse_response"),
    ("api/*/[!_]*.py", r" status_code=response\.status_code,"),
    ("api/thread_runs/[!_]*.py", r"thread_id=path_segment\(thread_id\),"),
    ("api/*/[!_]*.py", r"\nrequest = _get_kwargs\n"),
    ("client.py", r"\n    def __reduce__\(self\) -> NoReturn:[\s\S]*\n    def __reduce__"),
    ("client.py", r" token: str = field\(repr=False\)"),
    ("client.py", r' prefix: str = ""'),
    ("client.py", r' auth_header_name: str = "x-api-key"'),
    ("client.py", r" _timeout: .* = field\(default=httpx\.Timeout\("),
    ("client.py", r" raise_on_unexpected_status: bool = field\(default=True,"),
    ("errors.py", r"\nfrom functools import wraps\n[\s\S]*\nclass UnexpectedStatus[^:]*:[^:]*__reduce__"),
    ("api/thread_runs/__init__.py", r"\nclass \w+Options\(TypedDict, total=False\):"),
    ("models/__init__.py", r'\n    "RunCreateStatefulOptions": "\.\.api\.thread_runs",\n'),
    ("types.py", r"\nclass Unset:\n    def __repr__[\s\S]* def __reduce__"),
    ("types.py", r" status_code: int\n"),
    ("types.py", r"\nfrom typing import .*\bAny\b"),
]
ABSENT = [
    ("api/*/*.py", r"HTTPStatus\("),
    ("api/*/*.py", r"\bquote\("),
    ("api/*/*.py", r"\.to_dict\(\)"),
    ("api/*/*.py", r" body: (\w+|list\[.*\]),\n"),
    ("api/*/*.py", r"\nfrom \.\.\.models\.(run|thread)_(create|stream|state_search)"),
    ("client.py", r'alias="(headers|cookies|httpx_args)"\)'),
    ("models/*.py", r'\bd\.pop\("[^"]*"\)'),
    ("models/*.py", r"dict\(src_dict\)"),
    ("models/*.py", r" = cast\(list\[Any\], data\)"),
    ("models/*.py", r"\bMISSING\b[\s\S]*return field_dict\n"),
]


class GenerateError(Exception):
    """The generation failed; the message is for the person who edits openapi.yaml or the templates."""


def generate(root: Path, workplace: Path) -> Path:
    """Generates the new content of generated/ inside the empty folder `workplace`, and returns its path."""
    _run("openapi.yaml is not a valid OpenAPI document", root, "openapi_spec_validator", "openapi.yaml")
    templates = workplace / "templates"
    shutil.copytree(root / "templates", templates)
    shutil.copytree(Path(openapi_python_client.__file__).parent / "templates", templates / "stock")
    package = workplace / PACKAGE
    sources = ["--path=openapi.yaml", "--config=generator-config.yaml", f"--custom-template-path={templates}"]
    rest = ["--meta=none", f"--output-path={package}", "--fail-on-warning"]
    _run("the generator failed", root, "openapi_python_client", "generate", *sources, *rest)
    _refuse_lost_overrides(package)
    return package.parent


def _run(problem: str, root: Path, module: str, *arguments: str) -> None:
    """Runs a module. The generator's post hooks find the programs that are installed next to this interpreter."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    command, environment = [sys.executable, "-m", module, *arguments], os.environ | {"PATH": path}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise GenerateError(f"{problem}:\n{done.stdout}{done.stderr}".rstrip())


def _refuse_lost_overrides(package: Path) -> None:
    for rules, wanted in ((PRESENT, True), (ABSENT, False)):
        for glob, pattern in rules:
            texts = {path.relative_to(package): path.read_text("utf-8") for path in package.glob(glob)}
            wrong = sorted(name for name in texts if bool(re.search(pattern, texts[name])) is not wanted)
            if wrong or not texts:
                problem = "lacks" if wanted else "has"
                raise GenerateError(
                    f"a template override no longer matches: {[*wrong, glob][0]} {problem} {pattern}"
                )


def put(new: Path, target: Path) -> None:
    """Replaces the old folder with the new one. If that fails, the old one is kept."""
    old = new.with_name("old")
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise


def _texts(new: Path, target: Path) -> dict[Path, str]:
    files = [path for path in new.rglob("*") if path.is_file()]
    return {target / path.relative_to(new): path.read_text("utf-8") for path in files}


def _untracked(root: Path) -> list[str]:
    """Generated files that would be missing from a commit, including those that git ignores."""
    if not (root / ".git").exists() or shutil.which("git") is None:
        return []
    git = ["git", "-c", "core.quotePath=false", "ls-files", "--others", "--", *FOLDERS]
    listed = subprocess.run(git, cwd=root, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [f"untracked: {name}" for name in listed.splitlines() if "__pycache__" not in name]


def main(arguments: list[str] | None = None) -> int:
    """Generates, and writes or compares the result. Returns 1 if that fails or if anything differs."""
    parser = argparse.ArgumentParser(description="Generate generated/ and the sync code of the wrapper.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if anything differs")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: this one)")
    options = parser.parse_args(arguments)
    root: Path = options.root.resolve()
    try:
        derived = unasync.derive(root)
        # Inside the repository, so that the new folder can be renamed to generated/.
        with tempfile.TemporaryDirectory(prefix=".generate-", dir=root) as workplace:
            new = generate(root, Path(workplace))
            derived |= option_texts.derive(new / PACKAGE.name, root)
            if not options.check:
                put(new, root / PACKAGE.parent)
                unasync.write(root, derived)
                return 0
            texts = _texts(new, root / PACKAGE.parent) | derived
        found = unasync.differences(root, texts, FOLDERS) + _untracked(root)
    except (
        GenerateError,
        option_texts.OptionTextsError,
        unasync.UnasyncError,
        OSError,
        subprocess.CalledProcessError,
    ) as error:
        print(f"generate: {error}", file=sys.stderr)
        return 1
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print("generate: run `make generate`, then `git add`", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
