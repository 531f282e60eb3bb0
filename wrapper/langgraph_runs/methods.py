"""What each method of a client does: which requests it sends, and what follows from the responses. No I/O.

A client imports this module when it is created, and with it the generated endpoints and everything that decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from langgraph_runs_api.models import CancelAction, Run, Thread

from langgraph_runs.request import endpoints
from langgraph_runs.request.arguments import callback, flag
from langgraph_runs.request.call import REQUEST_ID, Call
from langgraph_runs.request.options import BatchRun, CancelOnExit, OnReconnect
from langgraph_runs.request.settings import merged
from langgraph_runs.request.stream_request import StreamRequest
from langgraph_runs.request.validation import resolved_cancel_on_exit
from langgraph_runs.retry import Backoff
from langgraph_runs.run import cancellation, starting, waiting
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.pagination import Pages
from langgraph_runs.run.retrying import Flow, with_retries
from langgraph_runs.stream.cursor import Cursor

T = TypeVar("T")

Options: TypeAlias = Mapping[str, Any]
"""The keyword arguments that a method does not name itself: the fields of the API, `headers`, `params`, …"""

# A model imports the models of its fields when it is first created from a response. That happens here, not in a call.
for model in (Run, Thread):
    model.from_dict({})


class Methods:
    """The methods of a client, each under its own name. Each returns a flow for the driver; if its caller waits for a
    run, also that run; for a stream, a cursor.

    Args:
        backoff: How often to try, and how long to wait.
        cancel_on_exit: How to cancel a run whose caller leaves, unless the call says otherwise.
        headers: The headers of the client.
    """

    def __init__(
        self, backoff: Backoff, cancel_on_exit: CancelAction | None, headers: Mapping[str, str]
    ) -> None:
        self._backoff = backoff
        self._cancel_on_exit: CancelAction | None = resolved_cancel_on_exit(cancel_on_exit)
        self._request_id = headers.get(REQUEST_ID)

    def create(self, options: Options, thread_id: str | None, assistant_id: str) -> Flow[Run]:
        call = endpoints.create(self._identified(options), thread_id, assistant_id)
        return starting.create(call, self._backoff)

    def create_batch(self, options: Options, payloads: Sequence[BatchRun]) -> Flow[list[Run]]:
        return self.once(endpoints.create_batch(self._identified(options), payloads))

    def stream(
        self,
        options: Options,
        thread_id: str | None,
        assistant_id: str,
        *,
        raise_error: bool,
        cancel_on_exit: CancelOnExit,
        on_reconnect: OnReconnect | None,
    ) -> Cursor:
        action = self._action(cancel_on_exit)
        request = endpoints.stream(self._identified(options), thread_id, assistant_id, cancel_on_exit=action)
        return self._cursor(request, action, raise_error=raise_error, on_reconnect=on_reconnect)

    def join_stream(
        self,
        options: Options,
        thread_id: str,
        run_id: str,
        *,
        raise_error: bool,
        cancel_on_exit: CancelOnExit,
        on_reconnect: OnReconnect | None,
        **narrowed: Any,
    ) -> Cursor:
        request = endpoints.join_stream(options, thread_id, run_id, **narrowed)
        return self._cursor(
            request, self._action(cancel_on_exit), raise_error=raise_error, on_reconnect=on_reconnect
        )

    def wait(
        self,
        options: Options,
        thread_id: str | None,
        assistant_id: str,
        *,
        raise_error: bool,
        cancel_on_exit: CancelOnExit,
    ) -> tuple[Flow[Any], HeldRun]:
        call = endpoints.wait(self._identified(options), thread_id, assistant_id)
        held = HeldRun(call, self._action(cancel_on_exit), self._backoff)
        return waiting.wait(call, held, raise_error=flag("raise_error", raise_error)), held

    def join(
        self,
        options: Options,
        thread_id: str,
        run_id: str,
        *,
        raise_error: bool,
        cancel_on_exit: CancelOnExit,
    ) -> tuple[Flow[Any], HeldRun]:
        call = endpoints.join(options, thread_id, run_id)
        held = HeldRun(call, self._action(cancel_on_exit), self._backoff)
        return waiting.join(call, held, raise_error=flag("raise_error", raise_error)), held

    def list_runs(self, options: Options, thread_id: str, **page: Any) -> Flow[list[Run]]:
        return self.once(endpoints.list_runs(options, thread_id, **page))

    def list_all(self, options: Options, thread_id: str, **pages: Any) -> Pages:
        return Pages(options, thread_id, **pages)

    def get(self, options: Options, thread_id: str, run_id: str) -> Flow[Run]:
        return self.once(endpoints.get(options, thread_id, run_id))

    def cancel(
        self, options: Options, thread_id: str, run_id: str, *, wait: bool, action: CancelAction
    ) -> tuple[Flow[None], HeldRun]:
        call = endpoints.cancel(options, thread_id, run_id, wait=wait, action=action)
        return cancellation.cancel(call, self._backoff, wait=wait), HeldRun(call, None, self._backoff)

    def cancel_all(self, options: Options, thread_id: str, *, action: CancelAction) -> Flow[list[str]]:
        return cancellation.cancel_all(endpoints.cancel_all(options, thread_id, action=action), self._backoff)

    def cancel_many(self, options: Options, **selected: Any) -> Flow[None]:
        return self.once(endpoints.cancel_many(options, **selected))

    def delete(self, options: Options, thread_id: str, run_id: str) -> Flow[None]:
        return self.once(endpoints.delete(options, thread_id, run_id))

    def once(self, call: Call[T]) -> Flow[T]:
        """Sends one call, with retries."""
        return with_retries(call, self._backoff.for_call())

    def _cursor(
        self,
        request: StreamRequest,
        action: CancelAction | None,
        *,
        raise_error: bool,
        on_reconnect: OnReconnect | None,
    ) -> Cursor:
        return Cursor(
            request,
            raise_error=flag("raise_error", raise_error),
            on_reconnect=callback("on_reconnect", on_reconnect, "(attempt, delay, cause)"),
            held=HeldRun(request.call, action, self._backoff),
        )

    def _action(self, cancel_on_exit: CancelOnExit) -> CancelAction | None:
        return resolved_cancel_on_exit(cancel_on_exit, self._cancel_on_exit)

    def _identified(self, options: Options) -> Options:
        """The options of a call, with the `x-request-id` of the client, if the caller has set one. Many calls share it,
        so it cannot identify a run whose response was lost."""
        if self._request_id is None:
            return options
        return {**options, "headers": merged({REQUEST_ID: self._request_id}, options.get("headers"))}
