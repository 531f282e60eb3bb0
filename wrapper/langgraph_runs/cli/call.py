"""What a command works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from langgraph_runs.cli.output import Output

if TYPE_CHECKING:
    from langgraph_runs._async.client import AsyncRunsClient
    from langgraph_runs._async.stream import AsyncRunStream
    from langgraph_runs.position import Position


@dataclass
class Held:
    """The run that a command waits for or reads.

    Attributes:
        run_id: The run; None until it is known.
        thread_id: Its thread; None if it is not known.
        stream: Its stream, if the command reads one.
        saved: The file in which the position of the stream is saved; None if it is not.
    """

    run_id: str | None = None
    thread_id: str | None = None
    stream: AsyncRunStream[Any, Any, Any] | None = None
    saved: str | None = None

    @property
    def name(self) -> str:
        """The run, for a person."""
        return f"Run {self.run_id}" + (f" on thread {self.thread_id}" if self.thread_id else "")

    @property
    def position(self) -> Position | None:
        """Where its stream stands; None if it has none, or cannot be resumed."""
        return self.stream.position if self.stream else None


@dataclass
class Call:
    """What a command works with.

    Attributes:
        given: All options of the command line, by name.
        output: Where it prints.
        options: The options for the client's method.
        client: The client, as soon as it is open.
        held: The run that it waits for or reads; None for the other commands.
        notify: Shows a person what happens.
    """

    given: dict[str, Any]
    output: Output
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    client: AsyncRunsClient[Any, Any, Any] | None = None
    held: Held | None = None

    def __post_init__(self) -> None:
        self.notify = self.output.note

    @property
    def runs(self) -> AsyncRunsClient[Any, Any, Any]:
        """The client."""
        assert self.client is not None
        return self.client

    @property
    def url(self) -> str | None:
        """`--url`."""
        url: str | None = self.given["url"]
        return url

    @property
    def header(self) -> list[str]:
        """Each `--header`."""
        header: list[str] | None = self.given["header"]
        return header or []

    def on_run_created(self, run_id: str, thread_id: str | None) -> None:
        """Takes the ids of the run, as soon as the server has sent them."""
        self.held = self.held or Held()
        self.held.run_id, self.held.thread_id = run_id, thread_id
        self.notify(f"{self.held.name} has started.")

    def on_retry(self, attempt: int, delay: float, error: Exception) -> None:
        """Shows that a request is sent again."""
        self.notify(f"{error}; attempt {attempt} in {delay:.1f} s")

    def on_reconnect(self, attempt: int, delay: float, cause: Exception | None) -> None:
        """Shows that a stream is resumed."""
        why = f": {cause}" if cause else ""
        self.notify(f"The connection was lost{why}; reconnecting in {delay:.1f} s (attempt {attempt})")
