# Derived from _async/httpx_errors.py by `make generate`; edit that one.
"""Translates httpx's errors into this package's, which say whether a request may have taken effect."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from time import monotonic

import httpx

from langgraph_runs.engine.request import WAS_SENT
from langgraph_runs.errors import APIConnectionError, APIError, APITimeoutError
from langgraph_runs.response.answer import Answer, accepted

# The errors that are raised before a byte of the request is sent.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_NEVER_SENT_BY_AIOHTTP = {"ClientConnectorError", "ConnectionTimeoutError", "ClientHttpProxyError"}


class translated:  # noqa: N801  # used like a function: a generator-based context manager costs more
    """Translates what httpx raises in this block.

    Args:
        answer: What is known of the response.
        began: When the connection began, in seconds of `time.monotonic`.
    """

    def __init__(self, answer: Answer, began: float | None = None) -> None:
        self._answer = answer
        self._began = began

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: object
    ) -> None:
        if not isinstance(error, httpx.HTTPError | httpx.StreamError):
            return
        answer = self._answer
        if self._began is not None:
            answer = replace(answer, seconds=monotonic() - self._began)
        failure = translation(answer, error)
        if isinstance(error, httpx.LocalProtocolError):
            raise ValueError(str(error)) from error
        raise failure from error


def translation(answer: Answer, error: Exception) -> APIError:
    """The error of this package for one of httpx."""
    if not _was_sent(error):
        answer = replace(answer, was_sent=False)
    with suppress(RuntimeError, AttributeError):  # it may hold no request
        error.request.headers.clear()  # type: ignore[attr-defined]  # the API key is among them
    if isinstance(error, httpx.HTTPStatusError):  # raised by a hook of the caller's own http_client
        try:
            accepted(replace(answer, status=error.response.status_code))
        except APIError as refused:
            return refused
    if isinstance(error, httpx.DecodingError):
        return answer.unreadable(f"the body cannot be decoded ({error})")
    if "Invalid URL in location header" in str(error):
        return answer.unreadable(f"redirected to an invalid URL ({error})")
    kind, what = APIConnectionError, "the response was cut" if answer.status else "no response"
    if _is_timeout(error):
        kind, what = APITimeoutError, "timed out"
    return kind(f"{answer.method} {answer.url}: {what}: {_name(error)}: {error}", **answer.facts())


def _by_aiohttp(error: Exception) -> type[BaseException] | None:
    """The class of the aiohttp error behind an error of httpx-aiohttp; None if there is none. httpx-aiohttp raises
    ConnectTimeout for anything that happens to a connection, a lost response included."""
    kind = type(error.__cause__)
    return kind if kind.__module__.startswith("aiohttp.") and issubclass(kind, BaseException) else None


def _was_sent(error: Exception) -> bool:
    """Whether a byte of the request may have been sent. The engine says so; for others, the class of the error does."""
    if (kind := _by_aiohttp(error)) is not None:
        return not any(base.__name__ in _NEVER_SENT_BY_AIOHTTP for base in kind.__mro__)
    by_class = not isinstance(error, _NEVER_SENT)
    try:
        return bool(error.request.extensions.get(WAS_SENT, by_class))  # type: ignore[attr-defined]
    except (RuntimeError, AttributeError):
        return by_class


def _is_timeout(error: Exception) -> bool:
    if (kind := _by_aiohttp(error)) is not None:
        return issubclass(kind, TimeoutError)
    return isinstance(error, httpx.TimeoutException)


def _name(error: Exception) -> str:
    return (_by_aiohttp(error) or type(error)).__name__
