"""How far a batch is: counted, and shown in a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from langgraph_runs.cli.batch.line_runs import Outcome
from langgraph_runs.cli.output import Output, is_live


class Counts:
    """How many lines are done.

    Attributes:
        done: All of them.
        failed: Those that have no values.
        skipped: Those whose outcome was not asked for.
    """

    def __init__(self) -> None:
        self.done = self.failed = self.skipped = 0

    def add(self, outcome: Outcome, *, is_skipped: bool) -> None:
        """Counts a line."""
        self.done += 1
        self.failed += outcome.error is not None
        self.skipped += is_skipped

    def __str__(self) -> str:
        lines = f"{self.done:,} line{'s' if self.done != 1 else ''} done"
        parts = [lines, *([f"{self.skipped:,} skipped"] if self.skipped else [])]
        return ", ".join([*parts, f"{self.failed:,} failed"])


class Progress:
    """Prints outcomes, and shows nothing else.

    Args:
        output: Where to print.
    """

    def __init__(self, output: Output) -> None:
        self.output = output

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass

    def line(self, value: object) -> None:
        """Writes a value to stdout as one line of JSON.

        Raises:
            BrokenPipeError: The reader of stdout has closed it.
        """
        self.output.line(value)

    def note(self, text: str) -> None:
        """Tells a person what happens."""
        self.output.note(text)

    def advance(self, size: int, counts: Counts) -> None:
        """A line of so many bytes is done."""


def progress(output: Output, size: int | None) -> Progress:
    """A bar, if stderr is a terminal.

    Args:
        output: Where to print the outcomes.
        size: How many bytes of lines there are to read; None if that is not known.
    """
    if output.as_json or not is_live(sys.stderr):
        return Progress(output)
    from langgraph_runs.cli.batch.bar import Bar  # with rich, which only a terminal needs

    return Bar(output, size)
