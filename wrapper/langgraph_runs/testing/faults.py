"""What goes wrong with a request: which one, and how."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from fnmatch import fnmatchcase

from langgraph_runs.testing.exchange import Body, DroppedError, How, Reply, Request, refusal, started


@dataclass(slots=True)
class Fault:
    """What happens to the next request that matches.

    Attributes:
        on: "METHOD /path", where `*` stands for anything.
        times: How many requests it still happens to.
        delay: How many seconds pass before the response.
        status: The status of a refusal; None if the request is not refused.
        detail: The reason that it gives.
        retry_after: Its `Retry-After`, in seconds.
        how: How the connection is dropped; None if it is not.
        events: After how many events.
        bytes: After how many bytes of the body.
    """

    on: str
    times: int = 1
    delay: float = 0.0
    status: int | None = None
    detail: str = ""
    retry_after: float | None = None
    how: How | None = None
    events: int | None = None
    bytes: int | None = None

    def matches(self, request: Request) -> bool:
        """Whether it happens to this request."""
        return self.times > 0 and fnmatchcase(f"{request.method} {request.path}", self.on)

    def __str__(self) -> str:
        if self.status is not None:
            name, shown = "refuse", [str(self.status)]
        elif self.how is not None:
            counts = (("events", self.events), ("bytes", self.bytes))
            name, shown = "drop", [f"{one}={count}" for one, count in counts if count is not None]
        else:
            name, shown = "delay", [f"{self.delay:g}"]
        times = [] if self.times == 1 else [f"times={self.times}"]
        return f"{name}({', '.join([*shown, *times, f'on={self.on!r}'])})"

    def refuse(self) -> Reply | None:
        """The response in place of that of the server; None if the server responds."""
        if self.status is None:
            return None
        return refusal(self.status, self.detail, self.retry_after)

    def spoil(self, reply: Reply) -> Reply:
        """The response with what happens to it."""
        reply.delay += self.delay
        if self.how is None:
            return reply
        body = _once(reply.body) if isinstance(reply.body, bytes) else reply.body
        if self.events is None and self.bytes is None:
            body.close()
            reply.lost = self.how
        else:
            reply.body = started(self._dropped(body, self.how))
        return reply

    def _dropped(self, body: Body, how: How) -> Body:
        """The body up to the point where the connection is dropped."""
        events, left = self.events, self.bytes
        with closing(body):
            yield b""
            while events != 0 and left != 0:
                if (piece := next(body, None)) is None:
                    return  # it has ended before
                if isinstance(piece, bytes):
                    piece = piece if left is None else piece[:left]
                    left = None if left is None else left - len(piece)
                    events = None if events is None else events - piece.startswith(b"event:")
                yield piece
        if how != "end":
            raise DroppedError(how)


def _once(body: bytes) -> Body:
    yield body
