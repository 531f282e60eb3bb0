# Derived from _async/transport.py by `make generate`; edit that one.
"""Sends calls, and returns responses."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from time import monotonic
from typing import Any, TypeVar

import httpx
from langgraph_runs_api.client import Client

from langgraph_runs._sync.borrowed_client import HTTPClient
from langgraph_runs._sync.bounded_body import ENDLESS
from langgraph_runs._sync.hooks import by_lower_name, shown
from langgraph_runs._sync.http_client import (
    CLOSED,
    Connections,
    OnRequest,
    OnResponse,
    Timeout,
    generated_client,
    make_http_client,
    total_seconds,
)
from langgraph_runs._sync.httpx_errors import remove_secrets, translated, was_sent
from langgraph_runs._sync.response import Response
from langgraph_runs._sync.sending import sent
from langgraph_runs.deadline import Deadline, DeadlineExceededError
from langgraph_runs.engine.request import DEADLINE, FROM_CALL, WAS_SENT
from langgraph_runs.request.call import REQUEST_ID, Call, Duration, UnsendableError
from langgraph_runs.request.settings import Settings
from langgraph_runs.response.answer import Answer
from langgraph_runs.response.content_coding import MAX_BODY_BYTES

T = TypeVar("T")


class Transport:
    """The connections of one client.

    Args:
        settings: The URL of the server, and the headers of every request.
        timeout: Seconds, or an `httpx.Timeout`, for calls that the server answers at once; 60 (5 to connect) for None.
            There is no limit on reading a response that takes as long as a run.
        on_request: Called with every request before it is sent; may change it.
        on_response: Called with a `ResponseInfo` after every response.
        http_client: Sends the requests instead of a client made here, and is left open.
        max_body_bytes: The largest size of the body of a response; a stream of events has no such limit.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A number is out of range, or httpx cannot read the URL.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        timeout: Timeout | None,
        on_request: OnRequest | None,
        on_response: OnResponse | None,
        http_client: HTTPClient | None,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        try:
            address = httpx.URL(settings.url)
            self._shown = (
                shown(address).rstrip("/") if address.host else ""
            )  # raises if the host is not valid
            self._connections = Connections(http_client, max_body_bytes)
            self.use(settings, timeout, on_request, on_response)
        except (httpx.InvalidURL, UnicodeError) as error:
            raise ValueError(f"url={settings.url!r} is not a valid URL: {error}") from error
        self._original = self._connections.original = self.http

    def copied(
        self,
        settings: Settings,
        *,
        timeout: Timeout | None,
        on_request: OnRequest | None,
        on_response: OnResponse | None,
    ) -> Transport:
        """A transport for a copy of the client, on the same connections.

        Raises:
            TypeError, ValueError: An argument is invalid.
        """
        other = copy(self)
        other.use(settings, timeout, on_request, on_response)
        return other

    def use(
        self,
        settings: Settings,
        timeout: Timeout | None,
        on_request: OnRequest | None,
        on_response: OnResponse | None,
    ) -> None:
        """Sends with these settings from now on."""
        self.settings = settings
        self.http = make_http_client(settings, timeout, on_request, on_response, self._connections)
        self._timeout = self.http.timeout  # `api.with_timeout` changes that of the httpx client
        self._seconds = total_seconds(timeout, self._connections.http_client)

    @property
    def is_copy(self) -> bool:
        """Whether the connections are those of another transport, which closes them."""
        return self.http is not self._original

    def api(self) -> Client:
        """The generated client, on these connections."""
        return generated_client(self.settings, self.http)

    def close(self) -> None:
        """Closes the connections, unless they are the caller's own."""
        self.http.close()

    def send(self, call: Call[T], deadline: Deadline) -> T:
        """Sends a call, and returns what its response means.

        Raises:
            APIError: It could not be sent, or its response is an error.
            DeadlineExceededError: The deadline has passed.
        """
        began = monotonic()
        limit = deadline.within(self._seconds) if call.duration is Duration.SHORT else deadline
        deadline.response = response = self._begin(call, deadline, limit)
        try:
            answer = response.answer
            is_long = call.duration is Duration.RUN and 200 <= answer.status < 300
            if is_long and call.on_run_created and answer.run_id:
                call.on_run_created(answer.run_id, answer.thread_id)
            if limit is deadline and not is_long:
                limit = deadline.within(self._seconds)
            answer = response.whole(limit, began)
        finally:
            response.close()
        return call.read(answer)

    def open(self, call: Call[None], deadline: Deadline) -> Response:
        """Sends a call whose response is a stream, and returns it once it is known to be one.

        Raises:
            APIError: It could not be sent, or its response is not a stream.
            DeadlineExceededError: The deadline has passed.
        """
        began = monotonic()
        limit = deadline.within(self._seconds)
        response = self._begin(call, deadline, limit)
        try:
            is_stream = response.answer.status == 200
            call.read(response.answer if is_stream else response.whole(limit, began))
        except BaseException:
            response.close()
            raise
        return response

    def _begin(self, call: Call[Any], deadline: Deadline, limit: Deadline) -> Response:
        """The response, of which only the headers have been read, within the limit of this attempt."""
        if self._original.is_closed:
            raise RuntimeError(CLOSED)
        request = self._request(call, deadline, limit)
        by_engine = self._connections.by_engine
        answer = Answer(
            call.method,
            self._shown + call.path,
            run_id=call.run_id,
            thread_id=call.thread_id,
            starts_a_run=call.starts_a_run,
            request_id=request.headers.get(REQUEST_ID),
        )
        with translated(answer):
            try:
                with limit.limit():
                    response = sent(self.http, request, answer, call, deadline.observed, by_engine=by_engine)
            except DeadlineExceededError:
                may_be_sent = bool(request.extensions.get(WAS_SENT, True))
                raise replace(answer, was_sent=may_be_sent).late(limit.seconds) from None
            except httpx.TransportError as error:
                if not limit.has_passed:
                    raise
                late = replace(answer, was_sent=was_sent(error)).late(limit.seconds)
                remove_secrets(error)
                raise late from error
        timeouts = response.request.extensions.setdefault("timeout", {})
        if not response.is_success:  # an error comes at once, without waiting for a run
            timeouts["read"] = self._timeout.read
        elif call.duration is Duration.STREAM:
            timeouts["read"] = deadline.seconds
        answer = answer.with_head(response.status_code, by_lower_name(response.headers))
        return Response(response, answer, beats=call.duration is Duration.RUN and response.is_success)

    def _request(self, call: Call[Any], deadline: Deadline, limit: Deadline) -> httpx.Request:
        timeout, extensions = (
            self._timeout,
            dict[str, Any]({FROM_CALL: (call.attempt, call.run_id, call.thread_id)}),
        )
        if call.duration is Duration.RUN:
            timeout = httpx.Timeout(**{**timeout.as_dict(), "read": None})
        elif call.duration is Duration.STREAM:
            extensions[ENDLESS] = True
        if limit.ends_at is not None:
            extensions[DEADLINE] = (
                limit.ends_at
            )  # for the engine; httpx's own transports only have the timeout
        if deadline.ends_at is not None:
            left = {name: deadline.left(seconds) for name, seconds in timeout.as_dict().items()}
            timeout = httpx.Timeout(**left)
        try:
            return self.http.build_request(
                call.method,
                # The whole URL: httpx would parse it once more to merge it with its base_url.
                self.settings.url + call.path,
                params=call.params or None,
                headers=call.headers,
                content=call.content,
                timeout=timeout,
                extensions={**extensions, "timeout": timeout.as_dict()},
            )
        except (httpx.InvalidURL, UnicodeError) as error:
            raise UnsendableError(f"this request cannot be sent: {error}") from error
