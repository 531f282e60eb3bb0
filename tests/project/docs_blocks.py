"""The blocks of the docs: which there are, and how they are run."""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md")),
]
FENCE = re.compile(r"^```(\S+)?(?: title=\"(.*?)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE_URL = "http://localhost:2024"


@dataclass(frozen=True)
class Block:
    """A block of a page.

    Attributes:
        page: The page.
        line: The line on which it begins.
        language: What it is written in; "" if the page does not say.
        title: The name of the file that it is the content of; "" if it is none.
        text: What it contains.
    """

    page: str
    line: int
    language: str
    title: str
    text: str


def blocks(page: str) -> list[Block]:
    """The blocks of a page, in order."""
    text = (ROOT / page).read_text("utf-8")
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, found[1] or "", found[2] or "", found[3])
        for found in FENCE.finditer(text)
    ]


def programs(page: str) -> list[tuple[Block, Block | None]]:
    """The blocks of Python that a page shows as programs, each with its output, if the page shows that too."""
    found = [*blocks(page), Block(page, 0, "", "", "")]
    return [
        (block, after if after.language == "output" else None)
        for block, after in itertools.pairwise(found)
        if block.language == "python" and not block.title
    ]


async def run(block: Block, url: str) -> tuple[dict[str, Any], str]:
    """Runs a program with the URL of a server: `await` and `async for` may be at its top level. Returns its names, and
    what it has printed."""
    source = "\n" * block.line + block.text.replace(EXAMPLE_URL, url)
    code: CodeType = compile(source, block.page, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    names: dict[str, Any] = {"__name__": f"docs_{Path(block.page).stem.replace('-', '_')}"}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        result: Any = eval(code, names)
        if inspect.isawaitable(result):
            await result
    return names, printed.getvalue()


def is_shown(output: str, printed: str) -> bool:
    """Whether a page shows what was printed; `…` stands for anything."""
    pattern = ".*?".join(re.escape(part) for part in output.split("…"))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None
