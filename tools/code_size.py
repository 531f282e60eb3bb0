"""Prints how many lines of code the wrapper has, by folder, and which files and functions are the longest.

A line counts if it contains code: a token other than a comment, an indentation, a line break or a docstring (any
statement that is only a string). The derived `_sync/` does not count. A function is as long as its body, from the first
statement after the docstring to the last.
"""

import argparse
import ast
import io
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

WRAPPER = Path(__file__).resolve().parents[1] / "wrapper/langgraph_runs"
NOT_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def sources(package: Path) -> list[Path]:
    """The files written by hand."""
    found = [path for path in sorted(package.rglob("*.py")) if "_sync" not in path.relative_to(package).parts]
    return [path for path in found if not path.read_text("utf-8").startswith("# Derived from ")]


def code_lines(text: str) -> int:
    """The number of lines of a module that contain code."""
    docstrings: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and _is_docstring(node):
            docstrings.update(range(node.lineno, (node.end_lineno or 0) + 1))
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        is_docstring = token.type == tokenize.STRING and token.start[0] in docstrings
        if token.type not in NOT_CODE and not is_docstring:
            found.update(range(token.start[0], token.end[0] + 1))
    return len(found)


def functions(text: str) -> Iterator[tuple[int, str]]:
    """The length of the body of every function of a module, and the function's name."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if _is_docstring(node.body[0]) else node.body
            yield (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0, node.name


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def main(arguments: list[str] | None = None) -> None:
    """Prints the three tables."""
    parser = argparse.ArgumentParser(description="Count the lines of code of the wrapper.")
    parser.add_argument("--package", type=Path, default=WRAPPER, help="the package (default: the wrapper)")
    parser.add_argument("--longest", type=int, default=10, help="how many files and functions to name")
    options = parser.parse_args(arguments)
    texts = {path.relative_to(options.package): path.read_text("utf-8") for path in sources(options.package)}
    files = Counter({path.as_posix(): code_lines(text) for path, text in texts.items()})
    folders: Counter[str] = Counter()
    for path in texts:
        folders[f"{path.parent.as_posix()}/"] += files[path.as_posix()]
    lengths = [
        (length, f"{path}: {name}") for path, text in texts.items() for length, name in functions(text)
    ]
    _print("lines of code", [*folders.most_common(), ("total", files.total())])
    _print("in the largest files", files.most_common(options.longest))
    longest = sorted(lengths, reverse=True)[: options.longest]
    _print("in the longest functions, from first statement to last", [(name, n) for n, name in longest])


def _print(title: str, rows: list[tuple[str, int]]) -> None:
    print(f"{title}:")
    for name, number in rows:
        print(f"{number:6}  {name}")


if __name__ == "__main__":
    main()
