"""A progress bar in a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich import progress
from rich.table import Column

from langgraph_runs.cli.batch.progress import Counts, Progress
from langgraph_runs.cli.output import Output, as_json, safe
from langgraph_runs.cli.terminal import console

_WIDTH = 20  # of the bar, in columns


class Bar(Progress):
    """A progress bar on stderr.

    Args:
        output: Where to print the outcomes.
        size: How many bytes of lines there are to read; None if that is not known.
    """

    def __init__(self, output: Output, size: int | None) -> None:
        super().__init__(output)
        self._console = console(stderr=True)
        # Not as wide as the terminal, where the ^C that it shows would wrap, and leave a bar behind.
        texts = (
            ["{task.fields[counts]}"] if size is None else ["{task.percentage:.0f}%", "{task.fields[counts]}"]
        )
        column = Column(no_wrap=True)
        self._progress = progress.Progress(
            progress.BarColumn(bar_width=_WIDTH),
            *(progress.TextColumn(text, markup=False, table_column=column) for text in texts),
            progress.TimeElapsedColumn(),
            console=self._console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._progress.add_task("", total=size, counts=str(Counts()))

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def line(self, value: object) -> None:
        """Writes a value to stdout as one line of JSON: above the bar, if stdout is the same terminal."""
        if sys.stdout.isatty():
            self._console.print(as_json(value), soft_wrap=True)
        else:
            super().line(value)

    def note(self, text: str) -> None:
        """Tells a person what happens, above the bar."""
        self._console.print(safe(text), soft_wrap=True)

    def advance(self, size: int, counts: Counts) -> None:
        """Shows that a line of so many bytes is done."""
        self._progress.update(self._task, advance=size, counts=str(counts))
