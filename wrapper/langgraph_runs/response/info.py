"""What `on_response` and the log get to know about a response. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


class ResponseHeaders(Mapping[str, str]):
    """The headers of a response, without its cookies. Case does not matter in their names; nothing can be changed.

    Args:
        headers: The headers, by name in lower case.
    """

    __slots__ = ("_headers",)

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = {name: value for name, value in headers.items() if name != "set-cookie"}

    def __getitem__(self, name: str) -> str:
        return self._headers[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._headers)

    def __len__(self) -> int:
        return len(self._headers)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._headers!r})"


@dataclass(frozen=True, slots=True)
class ResponseInfo:
    """A response of the server to one request, without its body: what `on_response` is called with.

    Attributes:
        method: The method of the request, such as "POST".
        url: The URL of the request, without user, password and query.
        status: The status code, such as 200.
        headers: The headers of the response, whatever the case of their names; without cookies. Not in the repr.
        request_id: The `x-request-id` of the response, or that of the request if the response has none.
        seconds: The time from sending the request to the headers of the response. The body comes afterwards; that of a
            `wait` or a stream takes as long as the run.
        attempt: 0 for a request that is sent for the first time; otherwise the number of the attempt, as `on_retry` or
            `on_reconnect` was called with.
        run_id: The run, if the request or the response names it.
        thread_id: Its thread, likewise.
    """

    method: str
    url: str
    status: int
    headers: Mapping[str, str] = field(repr=False, hash=False)
    request_id: str | None
    seconds: float
    attempt: int
    run_id: str | None
    thread_id: str | None

    def __str__(self) -> str:
        """One line for a log, without the headers: servers send back what is secret in some of them."""
        ids = f"run_id={self.run_id!r} thread_id={self.thread_id!r} request_id={self.request_id!r}"
        return (
            f"{self.method} {self.url}: {self.status} in {self.seconds:.3f} s, attempt={self.attempt} {ids}"
        )
