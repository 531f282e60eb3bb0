# Derived from _async/response.py by `make generate`; edit that one.
"""An answer whose headers have come, and its body as it comes in."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

import httpx

from langgraph_runs.answers import Answer
from langgraph_runs.colours import Deadline, Shield
from langgraph_runs.engine.request import BODY
from langgraph_runs.errors import APIConnectionError, APITimeoutError
from langgraph_runs.pulse import Pulse
from langgraph_runs.translation import translated, translation
from langgraph_runs.watch import SilentError, Watch


class Response:
    """A response whose body is still to be read.

    Attributes:
        answer: Its headers.
    """

    def __init__(self, response: httpx.Response, answer: Answer, *, beats: bool) -> None:
        self.answer = answer
        self._response = response
        self._beats = beats
        self._began = monotonic()
        self._body = response.extensions.get(BODY)
        self._is_broken = False
        if self._body is None or "content-encoding" in response.headers:  # which httpx decodes
            self._body = None
            self._chunks = response.iter_bytes()
            self._watch = Watch(response.extensions.get("network_stream"))

    def read(self, timeout: float | None = None) -> bytes:
        """The next bytes; b"" at the end. From the engine, a read that is cancelled or times out loses nothing; from
        another transport it ends the connection, which the next read says.

        Args:
            timeout: How many seconds to wait for them; None for no limit.

        Raises:
            APIConnectionError: The connection was lost.
            APITimeoutError: Nothing came in time.
        """
        try:
            if self._body is not None:
                data: bytes = self._body.read(timeout)
                return data
            return self._next_chunk(timeout)
        except (httpx.HTTPError, httpx.StreamError, SilentError) as error:
            answer = replace(self.answer, seconds=monotonic() - self._began)
            if timeout is None or not isinstance(error, httpx.ReadTimeout | SilentError):
                raise translation(answer, error) from error
            message = f"{answer.method} {answer.url}: silent for {timeout} s"
            raise APITimeoutError(message, **answer.facts()) from error

    def rest(self, deadline: Deadline) -> bytes:
        """All bytes to the end. While a run goes on, the server sends white space: once it has begun to, it may not be
        silent for long."""
        if not self._beats and (self._body is not None or deadline.ends_at is None):
            with translated(self.answer, self._began):
                return self._response.read()
        pulse, chunks = Pulse(self._began), list[bytes]()
        while chunk := self.read(deadline.left(pulse.patience)):
            chunks.append(chunk)
            if chunk.isspace():
                pulse.beat(monotonic())
        return b"".join(chunks)

    def close(self) -> None:
        """Lets go of the connection; nothing is left of it where the end was reached."""
        closed(self._response)

    def _next_chunk(self, timeout: float | None) -> bytes:
        """The next bytes from a transport that is not the engine."""
        if self._is_broken:
            facts = replace(self.answer, seconds=monotonic() - self._began).facts()
            raise APIConnectionError("a read that was cancelled has closed the connection", **facts)
        self._is_broken = True
        with self._watch.limit(timeout):
            chunk = next(self._chunks, b"")
        self._is_broken = False
        return chunk


def closed(response: httpx.Response) -> None:
    """Closes a response, though the task is cancelled meanwhile: httpcore would forget the connection, and leave it
    open. The engine closes at once, and needs no such care."""
    if response.is_closed:
        return
    if BODY in response.extensions:
        response.close()
    else:
        Shield.run(response.close)
