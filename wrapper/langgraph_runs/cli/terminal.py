"""The live view in a terminal: what the run says, and below it a line with the node, the time and the events."""

from __future__ import annotations

import os
from threading import Event, RLock, Thread
from time import monotonic
from types import TracebackType
from typing import Self

from rich.cells import cell_len
from rich.console import Console, Group
from rich.highlighter import JSONHighlighter
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from langgraph_runs.cli.output import Output, safe, shown
from langgraph_runs.cli.transcript import Noted, Said
from langgraph_runs.cli.views import PlainView

_SECONDS_PER_FRAME = 0.1


def console(*, stderr: bool = False) -> Console:
    """The console of rich for a terminal: texts are no markup, and have no colors if NO_COLOR is set."""
    no_color = bool(os.environ.get("NO_COLOR"))
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, no_color=no_color)


class TerminalView(PlainView):
    """Shows a run in a terminal. Nothing of it is read as markup: all text is in `Text` objects.

    Args:
        output: Where to write.
        asked: The modes that were asked for on the command line.
    """

    def __init__(self, output: Output, asked: tuple[str, ...] = ()) -> None:
        super().__init__(output, asked)
        self._console = console()
        self._line = Text()  # the line of a message that has not ended
        self._begun = monotonic()
        self._spinner = Spinner("dots")
        self._live = Live(
            console=self._console,
            get_renderable=self._frame,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        # rich's own thread could draw a frame of another height between the two steps of a print, which finds out how
        # many lines to erase and then erases them: a line would be left behind, or one too many be erased.
        self._drawing = RLock()
        self._ended = Event()
        self._frames = Thread(target=self._draw, name="live view", daemon=True)

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        self._frames.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.end_line()
        self._ended.set()
        with self._drawing:
            self._live.stop()

    def _draw(self) -> None:
        """Draws a frame now and then: time passes also when nothing comes."""
        while not self._ended.wait(_SECONDS_PER_FRAME):
            with self._drawing:
                if not self._ended.is_set():
                    self._live.refresh()

    def _print(self, text: Text, *, no_wrap: bool = False, soft_wrap: bool = False) -> None:
        """Prints above the frame, which is drawn anew first: it may hold what is printed now."""
        with self._drawing, self._console:  # written at once
            self._live.refresh()
            self._console.print(
                text, no_wrap=no_wrap, soft_wrap=soft_wrap, overflow="ellipsis" if no_wrap else None
            )

    def _frame(self) -> Group:
        seconds = monotonic() - self._begun
        state = Text.assemble(
            (self.transcript.node or "waiting", "cyan"),
            (f"  {seconds:.1f} s", "dim"),
            (self._events(), "dim"),
        )
        state.no_wrap, state.overflow = True, "ellipsis"
        self._spinner.update(text=state)
        return Group(*([self._line.copy()] if self._line else []), self._spinner)

    def _events(self) -> str:
        count = self.transcript.count
        return f"  {count} event{'s' if count != 1 else ''}" if count else ""

    def say(self, said: Said) -> None:
        """Adds to the line of a message; what fills the width of the terminal moves up."""
        if said.is_new:
            self.end_line()
            if said.name:
                self._line.append(f"{said.name}: ", "bold")
        self._line.append(said.text)
        self._move_up(*self._line.split("\n", allow_blank=True))
        if cell_len(self._line.plain) >= self._console.width:
            self._move_up(*self._line.wrap(self._console, self._console.width))

    def _move_up(self, *lines: Text) -> None:
        """Prints all lines but the last one, which may grow."""
        *whole, self._line = lines  # before they are printed, as that draws the frame again
        for line in whole:
            self._print(line)

    def line(self, noted: Noted) -> None:
        """Shows a line of its own, cut at the width of the terminal."""
        self.end_line()
        text = Text.assemble((f"{noted.name}: " if noted.name else "", "bold"), (noted.text, "dim"))
        self._print(text, no_wrap=True)

    def note(self, text: str) -> None:
        """Shows what happens, above the line of the message."""
        self._print(Text(safe(text), "yellow"))

    def result(self, values: object) -> None:
        """Shows the final values of the run, in colors."""
        text = Text(shown(values, indent=2))
        JSONHighlighter().highlight(text)
        self._print(text, soft_wrap=True)

    def end_line(self) -> None:
        """Ends the line of a message, if one is open."""
        if self._line:
            line, self._line = self._line, Text()
            self._print(line)
