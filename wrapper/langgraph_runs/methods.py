"""What each method of a client does: which requests it sends, and what follows from the responses. No I/O.

A client imports this module when it is created, and with it the generated endpoints and everything that decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from langgraph_runs_api.models import CancelAction, Run, Thread

from langgraph_runs import observation
from langgraph_runs.observation import ObservedCall
from langgraph_runs.request import endpoints
from langgraph_runs.request.arguments import callback, flag, query
from langgraph_runs.request.call import Call
from langgraph_runs.request.defaults import Defaults
from langgraph_runs.request.options import BatchRun, CallOptions, CancelOnExit, OnReconnect
from langgraph_runs.request.settings import merged
from langgraph_runs.request.stream_request import StreamRequest
from langgraph_runs.request.validation import known
from langgraph_runs.retry import Backoff
from langgraph_runs.run import cancellation, starting, waiting
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.mapping import RunMap
from langgraph_runs.run.pagination import Pages
from langgraph_runs.run.retrying import Flow, with_retries
from langgraph_runs.stream.cursor import Cursor

T = TypeVar("T")

Options: TypeAlias = Mapping[str, Any]
"""The keyword arguments that a method does not name itself: the fields of the API, `headers`, `params`, …"""

Made: TypeAlias = tuple[Flow[T], ObservedCall | None]
"""The flow of a method, and what observes it."""

# A model imports the models of its fields when it is first created from a response. That happens here, not in a call.
for model in (Run, Thread):
    model.from_dict({})


class Methods:
    """The methods of a client, each under its own name. Each returns a flow for the driver, and what observes it, which
    is part of the run if its caller waits for one; for a stream, a cursor.

    Args:
        defaults: What the calls inherit from the client.
    """

    def __init__(self, defaults: Defaults) -> None:
        self._defaults = defaults
        self._of_the_client = defaults.backoff()

    def copied(self, defaults: Defaults) -> Methods:
        """The methods of a copy of the client."""
        return Methods(defaults)

    def create(self, options: Options, thread_id: str | None, assistant_id: str) -> Made[Run]:
        call = endpoints.create(self._defaults.identified(options), thread_id, assistant_id)
        return starting.create(call, self._backoff(options)), self._observed(
            "create", thread_id, None, assistant_id
        )

    def create_batch(self, options: Options, payloads: Sequence[BatchRun]) -> Made[list[Run]]:
        call = endpoints.create_batch(self._defaults.identified(options), payloads)
        return self.once(call, options), self._observed("create_batch")

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
        action = self._defaults.action(cancel_on_exit)
        request = endpoints.stream(
            self._defaults.identified(options), thread_id, assistant_id, cancel_on_exit=action
        )
        held = HeldRun(request.call, action, self._backoff(options))
        held.observed = self._observed("stream", held.thread_id, None, assistant_id)
        return self._cursor(request, held, raise_error=raise_error, on_reconnect=on_reconnect)

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
        held = HeldRun(request.call, self._defaults.action(cancel_on_exit), self._backoff(options))
        held.observed = self._observed("join_stream", thread_id, run_id)
        return self._cursor(request, held, raise_error=raise_error, on_reconnect=on_reconnect)

    def wait(
        self,
        options: Options,
        thread_id: str | None,
        assistant_id: str,
        *,
        raise_error: bool,
        cancel_on_exit: CancelOnExit,
    ) -> tuple[Flow[Any], HeldRun]:
        action = self._defaults.action(cancel_on_exit)
        call = endpoints.wait(
            self._defaults.identified(options), thread_id, assistant_id, cancel_on_exit=action
        )
        held = HeldRun(call, action, self._backoff(options))
        held.observed = self._observed("wait", held.thread_id, None, assistant_id)
        return waiting.wait(call, held, raise_error=flag("raise_error", raise_error)), held

    def map(self, options: Options, payloads: Any, *, cancel_on_exit: CancelOnExit, **more: Any) -> RunMap:
        known(CallOptions, options, more=("limit", "cancel_on_exit", "on_progress"))
        action = self._defaults.action(cancel_on_exit)
        backoff, identified = self._backoff(options), self._defaults.identified(options)
        merged({}, options.get("headers"))  # are checked even if there is no run
        query(options.get("params"))

        def start(payload: Any) -> tuple[Flow[Any], HeldRun]:
            call = endpoints.wait_for_payload(identified, payload, cancel_on_exit=action)
            held = HeldRun(call, action, backoff)
            held.observed = self._observed("map", held.thread_id, None, payload["assistant_id"])
            return waiting.wait(call, held, raise_error=True), held

        return RunMap(payloads, start, **more)

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
        held = HeldRun(call, self._defaults.action(cancel_on_exit), self._backoff(options))
        held.observed = self._observed("join", thread_id, run_id)
        return waiting.join(call, held, raise_error=flag("raise_error", raise_error)), held

    def list_runs(self, options: Options, thread_id: str, **page: Any) -> Made[list[Run]]:
        flow = self.once(endpoints.list_runs(options, thread_id, **page), options)
        return flow, self._observed("list", thread_id)

    def list_all(self, options: Options, thread_id: str, **pages: Any) -> Pages:
        return Pages(options, thread_id, **pages)

    def page(self, call: Call[list[Run]], options: Options) -> Made[list[Run]]:
        """One page of `list_all`."""
        return self.once(call, options), self._observed("list_all", call.thread_id)

    def get(self, options: Options, thread_id: str, run_id: str) -> Made[Run]:
        flow = self.once(endpoints.get(options, thread_id, run_id), options)
        return flow, self._observed("get", thread_id, run_id)

    def cancel(
        self, options: Options, thread_id: str, run_id: str, *, wait: bool, action: CancelAction
    ) -> tuple[Flow[None], HeldRun]:
        call = endpoints.cancel(options, thread_id, run_id, wait=wait, action=action)
        held = HeldRun(call, None, self._backoff(options))
        held.observed = self._observed("cancel", thread_id, run_id)
        return cancellation.cancel(call, held.backoff, wait=wait), held

    def cancel_all(self, options: Options, thread_id: str, *, action: CancelAction) -> Made[list[str]]:
        flow = cancellation.cancel_all(
            endpoints.cancel_all(options, thread_id, action=action), self._backoff(options)
        )
        return flow, self._observed("cancel_all", thread_id)

    def cancel_many(self, options: Options, **selected: Any) -> Made[None]:
        flow = self.once(endpoints.cancel_many(options, **selected), options)
        return flow, self._observed("cancel_many", selected["thread_id"])

    def delete(self, options: Options, thread_id: str, run_id: str) -> Made[None]:
        flow = self.once(endpoints.delete(options, thread_id, run_id), options)
        return flow, self._observed("delete", thread_id, run_id)

    def once(self, call: Call[T], options: Options) -> Flow[T]:
        """Sends one call, with retries."""
        return with_retries(call, self._backoff(options).for_call())

    def _observed(
        self,
        method: str,
        thread_id: str | None = None,
        run_id: str | None = None,
        assistant_id: str | None = None,
    ) -> ObservedCall | None:
        """What observes a call of this method, if anything does."""
        if (observer := observation.observer) is None:
            return None
        return observer.call(self._defaults.settings.url, method, thread_id, run_id, assistant_id)

    def _backoff(self, options: Options) -> Backoff:
        return self._defaults.backoff(options) if options.get("retry") is not None else self._of_the_client

    def _cursor(
        self,
        request: StreamRequest,
        held: HeldRun,
        *,
        raise_error: bool,
        on_reconnect: OnReconnect | None,
    ) -> Cursor:
        return Cursor(
            request,
            raise_error=flag("raise_error", raise_error),
            on_reconnect=callback("on_reconnect", on_reconnect, "(attempt, delay, cause)"),
            held=held,
        )
