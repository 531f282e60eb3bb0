"""Translates httpx's errors into this package's, which say whether a request may have taken effect."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from typing import Any, NoReturn

import httpx

from langgraph_runs.engine.request import REFUSED, WAS_SENT, obstacle
from langgraph_runs.errors import APIConnectionError, APIError, APITimeoutError
from langgraph_runs.request.call import UnsendableError
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
        if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
            _refuse(error)
        answer = self._answer
        if self._began is not None:
            answer = replace(answer, seconds=monotonic() - self._began)
        raise translation(answer, error) from error


class as_httpx:  # noqa: N801  # as above
    """Raises what a client of httpx2 raises in this block as httpx's error of the same name.

    Args:
        request: The request.
        sent: The same as a request of httpx2, which hooks of the caller's may have changed.
    """

    def __init__(self, request: httpx.Request, sent: Any = None) -> None:
        self._request = request
        self._sent = sent

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: object
    ) -> None:
        httpx2: Any = sys.modules["httpx2"]
        if self._sent is not None:
            # For the name of a header that is wrong, and for what observes the request.
            self._request.headers = httpx.Headers(self._sent.headers.raw)
        if not isinstance(error, httpx2.HTTPError | httpx2.StreamError | httpx2.InvalidURL):
            return
        raise _counterpart(error, self._request) from error


def _counterpart(error: Any, request: httpx.Request) -> Exception:
    """The error of httpx for one of httpx2."""
    httpx2: Any = sys.modules["httpx2"]
    text = str(error)
    remove_secrets(error)
    if isinstance(error, httpx2.HTTPStatusError):  # raised by a hook of the caller's
        response = httpx.Response(error.response.status_code)
        return httpx.HTTPStatusError(text, request=request, response=response)
    if isinstance(error, httpx2.InvalidURL):
        return httpx.InvalidURL(text)
    for base in type(error).__mro__:  # a caller may have derived a class
        kind = getattr(httpx, base.__name__, None)
        if isinstance(kind, type) and issubclass(kind, httpx.RequestError):
            return kind(text, request=request)
    return httpx.StreamError(text)


def check(request: httpx.Request) -> None:
    """Refuses a request that cannot be sent. `on_request` or a hook of the caller's may have changed it.

    Raises:
        UnsendableError: It says why; no message contains the value of a header, which may be a key.
    """
    if (why := obstacle(request)) is not None:
        raise UnsendableError(f"{REFUSED}{why}")


def _refuse(error: httpx.LocalProtocolError | httpx.UnsupportedProtocol) -> NoReturn:
    """Raises what a transport's refusal means. It is not chained, as h11 shows the value of the header."""
    try:
        why = obstacle(error.request)
    except RuntimeError:  # it holds no request
        why = None
    if why is None:  # the engine's own words, and what else is not about a header
        text = str(error)
        why = "the transport refuses one of its headers" if "header" in text.lower() else text
    refusal = UnsendableError(f"{REFUSED}{why.removeprefix(REFUSED)}")
    try:
        raise refusal
    finally:
        refusal.__context__ = None


def translation(answer: Answer, error: Exception) -> APIError:
    """The error of this package for one of httpx."""
    if not was_sent(error):
        answer = replace(answer, was_sent=False)
    remove_secrets(error)
    if isinstance(error, httpx.HTTPStatusError):  # raised by a hook of the caller's own http_client
        try:
            accepted(replace(answer, status=error.response.status_code))
        except APIError as refused:
            return refused
    if isinstance(error, httpx.DecodingError):
        return answer.unreadable(str(error))
    if "Invalid URL in location header" in str(error):
        return answer.unreadable(f"redirected to an invalid URL ({error})")
    kind, what = APIConnectionError, "the response was cut" if answer.status else "no response"
    if _is_timeout(error):
        kind, what = APITimeoutError, "timed out"
    return kind(f"{answer.method} {answer.url}: {what}: {_name(error)}: {error}", **answer.facts())


def remove_secrets(error: BaseException) -> None:
    """Removes the API key, and what else may be secret, from the request of an error of httpx or httpx2."""
    with suppress(RuntimeError, AttributeError):  # it may hold no request
        request: Any = getattr(error, "request")  # noqa: B009  # not every error has one
        request.headers.clear()
        request.url = request.url.copy_with(username=None, password=None, query=None, fragment=None)


def _by_aiohttp(error: Exception) -> type[BaseException] | None:
    """The class of the aiohttp error behind an error of httpx-aiohttp; None if there is none. httpx-aiohttp raises
    ConnectTimeout for anything that happens to a connection, a lost response included."""
    kind = type(error.__cause__)
    return kind if kind.__module__.startswith("aiohttp.") and issubclass(kind, BaseException) else None


def was_sent(error: Exception) -> bool:
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
