"""Compares openapi.yaml with the document that a server publishes of itself. For `make drift`.

    python tools/drift.py                        starts the pinned server, and asks it
    python tools/drift.py http://localhost:2024  asks this server
    python tools/drift.py --all                  also prints the differences that are explained

drift.toml explains the known differences. Exit status 1 says that there is a difference it does not explain, or that it
explains one that no longer exists; docs/contract.md says what to do then.
"""

import argparse
import contextlib
import json
import os
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from dev_server import dev_server
from drift_compare import Explanation, Report, differences, explain
from drift_facts import Document, operations

ROOT = Path(__file__).resolve().parents[1]
SPEC = ROOT / "openapi.yaml"
EXPLANATIONS = ROOT / "tools/drift.toml"
FETCH_SECONDS = 30.0


def read(path: Path) -> Document:
    """An OpenAPI document in a YAML file."""
    with path.open("rb") as file:
        document: Document = yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return document


def fetch(url: str) -> Document:
    """The document that a server publishes."""
    with urllib.request.urlopen(f"{url.rstrip('/')}/openapi.json", timeout=FETCH_SECONDS) as response:
        document: Document = json.load(response)
    return document


def explanations(path: Path) -> list[Explanation]:
    """The explanations in a TOML file: tables `[[explanation]]` with `why` and `lines`.

    Raises:
        ValueError: A table has other keys, or one of these is empty.
    """
    tables: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8")).get("explanation", [])
    for table in tables:
        if table.keys() != {"why", "lines"} or not all(table.values()):
            raise ValueError(f"{path.name}: an explanation needs `why` and `lines`, and has {table}")
    return [Explanation(tuple(table["lines"]), " ".join(table["why"].split())) for table in tables]


def described(report: Report, everything: bool = False, source: str = EXPLANATIONS.name) -> Iterator[str]:
    """The report as text, without the lines that are explained unless everything is wanted.

    `source` is the name of the file with the explanations.
    """
    for explanation, lines in report.explained.items():
        if everything and lines:
            yield f"Explained: {explanation.why}"
            yield from (f"    {line}" for line in lines)
    for line in report.new:
        yield f"NEW: {line}"
    for line in report.left_over:
        yield f"LEFT OVER: {line!r} in {source} matches no difference"
    count = sum(map(len, report.explained.values()))
    yield f"{len(report.new)} new differences, {count} explained, {len(report.left_over)} explanations left over."


@contextlib.contextmanager
def _server(url: str | None) -> Iterator[str]:
    """The URL of the server to ask, which is started unless there is one."""
    if url:
        yield url
        return
    with dev_server(ROOT / "tests/live/app") as started:
        yield started.url


def main(words: list[str] | None = None) -> int:
    """Prints what differs. Returns 1 if it is not exactly what is explained."""
    arguments = _parser().parse_args(words)
    spec, known = read(arguments.spec), explanations(arguments.explanations)
    with _server(arguments.url) as url:
        document = fetch(url)
    report = explain(differences(spec, document), known)
    covered = operations(spec)
    rest = [name for name in operations(document) if name not in covered]
    last = f"{len(covered)} operations compared. The server has {len(rest)} more: {', '.join(rest)}"
    _print([*described(report, arguments.all), last])
    return 0 if report.is_clean else 1


def _print(lines: list[str]) -> None:
    """Prints the lines, or as many as the reader wants: `python tools/drift.py --all | head`."""
    try:
        print("\n".join(lines), flush=True)
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # Python flushes it again when it exits


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Compare openapi.yaml with a server's own document.")
    parser.add_argument("url", nargs="?", help="the URL of a server; by default, the pinned one is started")
    parser.add_argument("--all", action="store_true", help="also print the differences that are explained")
    parser.add_argument("--spec", type=Path, default=SPEC, help="instead of openapi.yaml")
    parser.add_argument("--explanations", type=Path, default=EXPLANATIONS, help="instead of drift.toml")
    return parser


if __name__ == "__main__":
    sys.exit(main())
