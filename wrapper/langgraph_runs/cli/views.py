"""How a person sees a run: as plain text in a pipe, or live in a terminal (`terminal.py`)."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from langgraph_runs.cli.output import Output
from langgraph_runs.cli.transcript import Noted, Said, Transcript
from langgraph_runs.stream.parts import Part


class PlainView:
    """Writes text to stdout as it comes, without colors or control sequences, and notes to stderr.

    Args:
        output: Where to write.
        asked: The modes that were asked for on the command line.
    """

    def __init__(self, output: Output, asked: tuple[str, ...] = ()) -> None:
        self.output = output
        self.transcript = Transcript(asked)
        self._is_in_line = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None or not issubclass(kind, BrokenPipeError):
            self.end_line()

    def take(self, part: Part[Any, Any, Any]) -> None:
        """Shows a part."""
        for one in self.transcript.take(part):
            if isinstance(one, Said):
                self.say(one)
            else:
                self.line(one)

    def say(self, said: Said) -> None:
        """Shows text of a chat model, in the line of its message."""
        if said.is_new:
            self.end_line()
            self.output.write(f"{said.name}: " if said.name else "")
        self.output.write(said.text)
        self._is_in_line = not said.text.endswith("\n")

    def line(self, noted: Noted) -> None:
        """Shows a line of its own."""
        self.end_line()
        self.output.write(f"{noted.name}: {noted.text}\n" if noted.name else f"{noted.text}\n")

    def note(self, text: str) -> None:
        """Tells what happens."""
        self.output.note(text)

    def result(self, values: object) -> None:
        """Shows the final values of the run."""
        self.output.result(values)

    def end_line(self) -> None:
        """Ends the line of a message, if one is open."""
        if self._is_in_line:
            self._is_in_line = False
            self.output.write("\n")


def view(output: Output, asked: tuple[str, ...] = ()) -> PlainView:
    """The view for a person: live if stdout is a terminal."""
    if not output.is_terminal:
        return PlainView(output, asked)
    from langgraph_runs.cli.terminal import TerminalView  # rich is slow to import

    return TerminalView(output, asked)
