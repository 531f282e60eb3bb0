# Derived from _async/key_auth.py by `make generate`; edit that one.
"""Sends the API key that a callable of the caller's returns, and asks it once more if the server refuses the key."""

from __future__ import annotations

from collections.abc import Generator
from time import monotonic
from typing import Any, Final

import httpx

from langgraph_runs.callbacks import CallbackError
from langgraph_runs.concurrency import shield
from langgraph_runs.deadline import DeadlineExceededError
from langgraph_runs.engine.request import DEADLINE, FROM_CALL, WAS_SENT
from langgraph_runs.request.key_source import KeySource
from langgraph_runs.request.settings import KEY_HEADER

_ASKED: Final = "langgraph_runs.asked"
"""Request extension: the key in the headers is the callable's. A request that follows a redirect has the same."""


class KeyAuth(httpx.Auth):
    """Asks for the key before each request, unless the request has one already, which the caller has set.

    Args:
        source: Asks the callable.
    """

    def __init__(self, source: KeySource) -> None:
        self._source = source

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Yields the request, and yields it again if it was refused with 401 and there is another key then."""
        return _Flow(self._source, request)


class _Flow(Generator[httpx.Request, httpx.Response]):
    """Not an async generator of Python's: see `engine/no_auth.py`."""

    def __init__(self, source: KeySource, request: httpx.Request) -> None:
        self._source = source
        self._request = request
        self._is_of_call = FROM_CALL in request.extensions
        self._may_ask = KEY_HEADER not in request.headers or _ASKED in request.extensions
        self._has_begun = False
        self._key: str | None = None

    def send(self, response: httpx.Response | None) -> httpx.Request:
        if not self._has_begun:
            self._has_begun = True
            if self._may_ask:
                self._renew()
                self._set()
            return self._request
        if not self._may_ask or response is None or response.status_code != 401:
            raise StopIteration
        self._may_ask = False
        if not self._renew():
            raise StopIteration
        _discard(response)
        # It was refused, so it may be repeated if it is not sent this time.
        self._request.extensions.pop(WAS_SENT, None)
        self._set()
        return self._request

    def throw(self, *_error: Any) -> httpx.Request:
        raise StopIteration

    def close(self) -> None:
        """Does nothing."""

    def _renew(self) -> bool:
        """Asks for the key. Returns whether there is one, and another than before."""
        try:
            key = self._source.ask()
        except Exception as error:
            if self._is_of_call:
                raise CallbackError(error) from None
            raise  # those who call the generated layer have no use for a carrier
        is_new = key is not None and key != self._key
        self._key = key
        return is_new

    def _set(self) -> None:
        ends_at: float | None = self._request.extensions.get(DEADLINE)
        if ends_at is not None and monotonic() >= ends_at:
            raise DeadlineExceededError
        self._request.headers.pop(KEY_HEADER, None)
        if self._key is not None:
            self._request.headers[KEY_HEADER] = self._key
            self._request.extensions[_ASKED] = True


def _discard(response: httpx.Response) -> None:
    """Ends a response that is not wanted, so that httpx need not read its body, which may never end."""
    stream, response.stream = response.stream, httpx.ByteStream(b"")
    response.headers.pop("content-encoding", None)
    assert isinstance(stream, httpx.SyncByteStream)
    shield(stream.close)
