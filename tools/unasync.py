"""Derives the sync code of the wrapper and of its tests from the async code.

    python tools/unasync.py            writes what has changed
    python tools/unasync.py --check    writes nothing; lists what differs, and fails if anything does

Removing `await` is mechanical, so a table of patterns does it, in docstrings and comments too.
"""

import argparse
import io
import re
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

PAIRS = [
    ("wrapper/langgraph_runs/_async", "wrapper/langgraph_runs/_sync"),
    ("tests/_async", "tests/_sync"),
]
TARGETS = [target for _, target in PAIRS]

# Applied in this order. A pattern that matches in no file is an error, so that the table holds no stale entries.
# Imports that are unused afterwards are removed.
RULES = [
    # the language
    (r"\basync ?(def|for|with|contextmanager)\b", r"\1"),
    (r"\bawait\s+", ""),
    (r"\b__a(enter|exit|iter|next)__", r"__\1__"),
    (r"\ba(iter|next)(?=\()", r"\1"),
    (r"\bAwaitable\[(\w+)\]", r"\1"),
    (r"\bAsyncByteStream\b", "SyncByteStream"),
    (r"\b(Abstract|Stop)?Async(?=[A-Z])", r"\1"),
    (r"\basync_(gather|shield)\b", r"\1"),
    (r"\basync_socket\b", "sync_socket"),
    # the test kit
    (r"\basync_(client|transport)\b", r"\1"),
    # docstrings and messages that differ
    (r"\banother task is reading\b", "another thread is reading"),
    (
        r"closes it as soon as the event loop gets(\s+)control\. Only one task",
        r"closes it\1immediately. Only one thread",
    ),
    (r"`asyncio` and `asyncio_detailed`", "`sync` and `sync_detailed`"),
    # httpx, and methods of this package with the same names
    (r"\ba(close|closing|read|iter_bytes|iter_raw|send|throw)\b", r"\1"),
    (r"\b(handle|set|get)_async_(request|httpx_client)\b", r"\1_\2"),
    (r"\basync_auth_flow\b", "sync_auth_flow"),
    # the generated functions
    (r"(?<=\.)asyncio(?=\(|_detailed\()", "sync"),
    # the standard library
    (r"\bfrom (anyio|asyncio) import sleep\b", "from time import sleep"),
    # the modules of this package
    (r"\b_async\b", "_sync"),
]

HEADER = "# Derived from {name} by `make generate`; edit that one.\n"


class UnasyncError(Exception):
    """Something cannot be derived. The message says what, and why."""


def derive(root: Path) -> dict[Path, str]:
    """Returns the text of every derived file.

    Raises:
        UnasyncError: A source is missing, a rule is unused, or some async code is left.
    """
    unused = {pattern for pattern, _ in RULES}
    texts: dict[Path, str] = {}
    for source_folder, target_folder in PAIRS:
        sources = sorted((root / source_folder).rglob("*.py"))
        if not sources:
            raise UnasyncError(f"{source_folder}: no source files")
        for source in sources:
            below = source.relative_to(root / source_folder)
            target = root / target_folder / below
            header = HEADER.format(name=f"_async/{below.as_posix()}")
            texts[target] = header + _replaced(source.read_text("utf-8"), unused)
    texts = formatted(texts, root)
    for target, text in texts.items():
        _refuse_leftovers(text, target.relative_to(root))
    if unused:
        raise UnasyncError(f"unused rules: {', '.join(sorted(unused))}")
    return texts


def differences(root: Path, texts: dict[Path, str], folders: Iterable[str]) -> list[str]:
    """Lists the files that differ from their text or are missing, and the files in the folders that have no text."""
    found: list[str] = []
    for path, text in texts.items():
        if not path.exists():
            found.append(f"missing: {path.relative_to(root)}")
        elif path.read_bytes() != text.encode():
            found.append(f"differs: {path.relative_to(root)}")
    return found + [f"stale: {path.relative_to(root)}" for path in _stale(root, texts, folders)]


def write(root: Path, texts: dict[Path, str]) -> None:
    """Writes these files, and deletes all others from the derived folders."""
    for path in _stale(root, texts, TARGETS):
        path.unlink()
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != text.encode():
            path.write_bytes(text.encode())


def _replaced(text: str, unused: set[str]) -> str:
    for pattern, replacement in RULES:
        text, count = re.subn(pattern, replacement, text)
        if count:
            unused.discard(pattern)
    return text


def formatted(texts: dict[Path, str], root: Path) -> dict[Path, str]:
    """Removes unused imports, sorts the rest, and formats the code again, because its lines have become shorter.

    Ruff works on a copy of all files at once: starting it twice for each file would take longer than its work.
    """
    with tempfile.TemporaryDirectory() as folder:
        copies = {Path(folder) / path.relative_to(root): path for path in texts}
        for copy, path in copies.items():
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(texts[path].encode())
        for command in (["check", "--select", "F401,I", "--fix-only", "--exit-zero"], ["format"]):
            options = ["--no-cache", "--config", str(root / "pyproject.toml"), folder]
            ruff = [sys.executable, "-m", "ruff", *command, *options]
            done = subprocess.run(ruff, capture_output=True, encoding="utf-8", check=False, cwd=root)
            if done.returncode:
                printed = done.stderr.strip()
                names = [str(path.relative_to(root)) for path in texts]
                broken = ", ".join(name for name in names if name in printed)
                raise UnasyncError(f"{broken} cannot be formatted: {printed}")
        return {path: copy.read_text("utf-8") for copy, path in copies.items()}


def _refuse_leftovers(text: str, name: Path) -> None:
    """Refuses names that contain `async` or `await`. Strings and comments may contain them."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME and re.search("async|await", token.string, re.IGNORECASE):
            raise UnasyncError(f"{name}:{token.start[0]}: `{token.string}` is left: a rule is missing")


def _stale(root: Path, texts: dict[Path, str], folders: Iterable[str]) -> list[Path]:
    found = [path for folder in folders for path in sorted((root / folder).rglob("*")) if path.is_file()]
    return [path for path in found if path not in texts and "__pycache__" not in path.parts]


def main(arguments: list[str] | None = None) -> int:
    """Derives, and writes or compares the result. Returns 1 if that fails or if anything differs."""
    parser = argparse.ArgumentParser(description="Derive the sync code from the async code.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if anything differs")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: this one)")
    options = parser.parse_args(arguments)
    root: Path = options.root.resolve()
    try:
        texts = derive(root)
    except UnasyncError as error:
        print(f"unasync: {error}", file=sys.stderr)
        return 1
    if not options.check:
        write(root, texts)
        return 0
    found = differences(root, texts, TARGETS)
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
