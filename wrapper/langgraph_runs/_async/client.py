"""The client: a method for everything that can be done with a run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Self, TypeAlias, Unpack, overload

import langgraph_runs_api
from langgraph_runs_api import models
from langgraph_runs_api.models import CancelAction, CancelStatus, RunField, RunStatus, StreamMode

from langgraph_runs._async.http_client import AsyncHTTPClient, OnRequest, Timeout, headers_of
from langgraph_runs._async.stream import AsyncRunStream
from langgraph_runs.position import Position
from langgraph_runs.request.arguments import callback, number, seconds
from langgraph_runs.request.options import (
    FROM_CLIENT,
    BatchRun,
    CallOptions,
    CancelOnExit,
    OnReconnect,
    StatelessRunOptions,
    StatelessStreamOptions,
    ThreadRunOptions,
    ThreadStreamOptions,
)
from langgraph_runs.request.settings import FROM_ENVIRONMENT, Environment, merged, settings
from langgraph_runs.retry import Backoff, OnRetry, RetryPolicy
from langgraph_runs.stream.parts import Custom, State, Update
from langgraph_runs.stream.sse import MAX_EVENT_BYTES

if TYPE_CHECKING:
    from langgraph_runs.run.pagination import Pages

Runs: TypeAlias = "list[models.Run]"  # In the class, `list` is a method.
Ids: TypeAlias = list[str]


class AsyncRunsClient(Generic[State, Update, Custom]):
    """A client for the runs of a LangGraph server.

    `AsyncRunsClient[State, Update, Custom]` says what a graph's state, one node's update and its custom events are, to
    a type checker; plain JSON where it is not said. Every method also takes `headers=` and `params=`, for this call
    alone.

    Args:
        url: The server; `LANGGRAPH_API_URL` in the environment, or else http://localhost:2024, when not given.
        api_key: The key. When not given, the first of `LANGGRAPH_API_KEY`, `LANGSMITH_API_KEY` and
            `LANGCHAIN_API_KEY` in the environment; None for no key at all.
        headers: Headers for every request; a name replaces ours of the same name.
        timeout: Seconds, or an `httpx.Timeout`, for what the server answers at once; 60, and 5 to connect, when not
            given. What takes as long as a run may take as long as it does.
        retry: How a call that failed is tried again, and how a stream or a wait that was cut is gone on with; a
            `RetryPolicy()` when not given.
        cancel_on_exit: How to stop a run whose caller goes away while waiting for it or reading its stream: by a
            timeout, a cancelled task, Ctrl-C, an exception, or by leaving the loop or the `with` early. "interrupt"
            keeps what the run has done, "rollback" deletes it, None lets the run go on. A connection that is lost
            stops no run. (A stateless stream that is not resumable is stopped by the server, when its connection
            closes: there is no other way.)
        max_event_bytes: How large one event of a stream may be, in bytes; 256 MiB when not given.
        max_concurrency: How many calls may be under way at once; any number when not given. A stream counts until it
            has begun, so that calls made while reading it cannot wait for themselves; a cancel does not count, so that
            it never waits for the run that it is to stop.
        on_request: Is shown every `httpx.Request` before it leaves, and may change it. A plain function.
        on_retry: Is called with (attempt, delay, error) before a call is sent again, or a wait gone on with. A plain
            function. (Streams have `on_reconnect`.)
        http_client: An `httpx.AsyncClient` to send with, for proxies, certificates or HTTP/2 of your own. Its headers,
            cookies, parameters and timeout stay in force, and it stays yours to close.

    Raises:
        TypeError: An argument is of another type.
        ValueError: An argument has a value that cannot be used.

    Example:
        async with AsyncRunsClient("http://localhost:2024") as runs:
            result = await runs.wait(None, "agent", input={"text": "hi"})
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        api_key: str | Environment | None = FROM_ENVIRONMENT,
        headers: Mapping[str, str] | None = None,
        timeout: Timeout | None = None,
        retry: RetryPolicy | None = None,
        cancel_on_exit: CancelAction | None = None,
        max_event_bytes: int = MAX_EVENT_BYTES,
        max_concurrency: int | None = None,
        on_request: OnRequest | None = None,
        on_retry: OnRetry | None = None,
        http_client: AsyncHTTPClient | None = None,
    ) -> None:
        # What does the work is imported here. At the top, it would nearly double the time it takes to import this
        # class. In the first call, it would be too late: after a fork in another thread meanwhile, the child process
        # would wait for ever for that import to end.
        from langgraph_runs._async.driver import AsyncDriver
        from langgraph_runs._async.transport import AsyncTransport
        from langgraph_runs.methods import Methods

        import_module("langgraph_runs._async.reader")  # for AsyncRunStream

        if retry is not None and not isinstance(retry, RetryPolicy):
            raise TypeError(f"retry must be a RetryPolicy, not {type(retry).__name__}")
        callback("on_retry", on_retry, "(attempt, delay, error)")
        if max_concurrency is not None:
            number("max_concurrency", max_concurrency, least=1)
        limit = number("max_event_bytes", max_event_bytes, least=1)
        given = settings(url, api_key, merged(headers_of(http_client), headers))
        self._methods = Methods(Backoff(retry or RetryPolicy(), on_retry), cancel_on_exit, given.headers)
        self._transport = AsyncTransport(
            given, timeout=timeout, on_request=on_request, http_client=http_client
        )
        self._driver = AsyncDriver(self._transport, max_concurrency=max_concurrency, max_event_bytes=limit)
        self._api = self._transport.api()

    @property
    def api(self) -> langgraph_runs_api.Client:
        """The generated client on the same connections and headers: `asyncio` and `asyncio_detailed` of every endpoint
        in `langgraph_runs_api.api` take it as `client=`.

        Example:
            state = await get_thread_state.asyncio(thread_id, client=runs.api)
        """
        return self._api

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections, unless they are of an `http_client` that was given. Runs that are waited for or read
        are stopped before, where `cancel_on_exit` says so."""
        await self._driver.aclose()

    def __repr__(self) -> str:
        transport = getattr(self, "_transport", None)  # none, where the arguments were refused
        return f"<{type(self).__name__} {transport.settings.url if transport else '(not open)'}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"a {type(self).__name__} holds connections and a key, and cannot be pickled; open another"
        )

    @overload
    async def create(
        self, thread_id: str, assistant_id: str, **options: Unpack[ThreadRunOptions]
    ) -> models.Run: ...
    @overload
    async def create(
        self, thread_id: None, assistant_id: str, **options: Unpack[StatelessRunOptions]
    ) -> models.Run: ...
    async def create(self, thread_id: str | None, assistant_id: str, **options: Any) -> models.Run:
        """Starts a run in the background, and gives it as the server has noted it: pending.

        Args:
            thread_id: The thread to run on; None for a stateless run, on a temporary thread that is
                deleted when the run ends.
            assistant_id: The assistant, by its id, or a graph, by its name.
            **options: The fields of POST /threads/{thread_id}/runs, or of POST /runs, each with its description in
                `langgraph_runs_api.models.RunCreateStatefulDict` and `…StatelessDict`, and besides:
                `after`, when to start: seconds, a timedelta, a relativedelta, a datetime or an ISO 8601 string;
                `extra_body`, fields that are not known here yet;
                `on_run_created`, called with (run_id, thread_id).

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            ThreadBusyError: The thread has a run, and `multitask_strategy="reject"`.
            NotFoundError: There is no such thread or assistant.
            APIError: Any other answer, or none.
        """
        return await self._driver.call(self._methods.create(options, thread_id, assistant_id))

    async def create_batch(self, payloads: Sequence[BatchRun], **options: Unpack[CallOptions]) -> Runs:
        """Starts many stateless runs in the background, by one request; gives them in the same order.

        Args:
            payloads: For each its `assistant_id`, and the options that `create` takes without a thread.

        Raises:
            TypeError, ValueError: A payload is invalid, or there is none; nothing was sent.
            APIError: The server refused, or did not answer.
        """
        return await self._driver.call(self._methods.create_batch(options, payloads))

    @overload
    def stream(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        raise_error: bool = True,
        timeout: float | None = None,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        on_reconnect: OnReconnect | None = None,
        **options: Unpack[ThreadStreamOptions],
    ) -> AsyncRunStream[State, Update, Custom]: ...
    @overload
    def stream(
        self,
        thread_id: None,
        assistant_id: str,
        *,
        raise_error: bool = True,
        timeout: float | None = None,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        on_reconnect: OnReconnect | None = None,
        **options: Unpack[StatelessStreamOptions],
    ) -> AsyncRunStream[State, Update, Custom]: ...
    def stream(
        self,
        thread_id: str | None,
        assistant_id: str,
        *,
        raise_error: bool = True,
        timeout: float | None = None,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        on_reconnect: OnReconnect | None = None,
        **options: Any,
    ) -> AsyncRunStream[State, Update, Custom]:
        """Starts a run when it is first read, and gives its parts as they happen, each exactly once: a connection that
        breaks is gone on with. On a thread, that is; a stateless run needs `stream_resumable=True` for it, and then has
        a thread of its own, which is deleted at the end (unless `on_completion="keep"`, or the stream is left before).

        Args:
            thread_id: The thread to run on; None for a stateless run.
            assistant_id: The assistant, by its id, or a graph, by its name.
            raise_error: Whether a failed run raises; if not, its error is an `ErrorPart`.
            timeout: How many seconds the whole stream may take, all connections included; any time when not given.
            cancel_on_exit: How to stop the run when the stream is left before its end; as the client has it when not
                given, and not at all for None.
            on_reconnect: Called with (attempt, delay, cause) before each new connection.
            **options: As `create` takes, and `on_disconnect`. On a thread, `stream_resumable` is true unless given.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.

            See `AsyncRunStream` for the errors raised while reading.
        """
        cursor = self._methods.stream(
            options,
            thread_id,
            assistant_id,
            raise_error=raise_error,
            cancel_on_exit=cancel_on_exit,
            on_reconnect=on_reconnect,
        )
        return AsyncRunStream(self._driver, cursor, seconds("timeout", timeout))

    @overload
    async def wait(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        raise_error: bool = True,
        timeout: float | None = None,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        **options: Unpack[ThreadStreamOptions],
    ) -> State: ...
    @overload
    async def wait(
        self,
        thread_id: None,
        assistant_id: str,
        *,
        raise_error: bool = True,
        timeout: float | None = None,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        **options: Unpack[StatelessStreamOptions],
    ) -> State: ...
    async def wait(
        self,
        thread_id: str | None,
        assistant_id: str,
        *,
        raise_error: bool = True,
        timeout: float | None = None,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        **options: Any,
    ) -> Any:
        """Starts a run and gives its final values, with `__interrupt__` among them where the graph waits for an answer:
        a list of `{"id", "value"}`. A connection that is lost is gone on with, a restart of the server survived.

        Args:
            thread_id: The thread to run on; None for a stateless run.
            assistant_id: The assistant, by its id, or a graph, by its name.
            raise_error: Whether a failed run raises; if not, what comes back is `{"__error__": {"error", "message"}}`
                in place of a `State`; of a run that was cancelled, the values it had.
            timeout: How many seconds all of it may take, all attempts included; any time when not given.
            cancel_on_exit: How to stop the run when this call is left before the run's end; as the client has it when
                not given, and not at all for None.
            **options: As `create` takes, and `on_disconnect`.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            RunFailedError: The graph raised.
            RunCancelledError, RunTimeoutError: The run was stopped, by somebody or by the server. (A stateless run's
                end is not known; what it had is returned.)
            WaitTimeoutError: The `timeout` has passed.
            ThreadBusyError: The thread has a run, and `multitask_strategy="reject"`.
            NotFoundError: There is no such thread or assistant; or the run was rolled back or deleted meanwhile.
            APIError: Any other answer, or none: `run_may_exist` says whether a run may have begun all the same.
        """
        flow, held = self._methods.wait(
            options, thread_id, assistant_id, raise_error=raise_error, cancel_on_exit=cancel_on_exit
        )
        return await self._driver.hold(flow, held, seconds("timeout", timeout))

    async def join(
        self,
        thread_id: str,
        run_id: str,
        *,
        raise_error: bool = True,
        timeout: float | None = None,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        **options: Unpack[CallOptions],
    ) -> State:
        """Waits for the end of a run and gives its final values, as `wait` does: the run's own, also where others have
        gone on with the thread since.

        Args:
            thread_id: The run's thread.
            run_id: The run.
            raise_error: Whether a failed run raises; if not, what comes back is `{"__error__": {"error", "message"}}`
                in place of a `State`; of a run that was cancelled, the values it had.
            timeout: How many seconds all of it may take, all attempts included; any time when not given.
            cancel_on_exit: How to stop the run when this call is left before the run's end; as the client has it when
                not given, and not at all for None.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            RunFailedError: The graph raised. The reason says so where the server does not know it any more.
            RunCancelledError, RunTimeoutError: The run was stopped, by somebody or by the server.
            WaitTimeoutError: The `timeout` has passed.
            NotFoundError: There is no such run, or not any more.
            APIError: Any other answer, or none.
        """
        flow, held = self._methods.join(
            options, thread_id, run_id, raise_error=raise_error, cancel_on_exit=cancel_on_exit
        )
        values: State = await self._driver.hold(flow, held, seconds("timeout", timeout))
        return values

    def join_stream(
        self,
        thread_id: str,
        run_id: str,
        *,
        last_event_id: str | Position | None = None,
        stream_mode: StreamMode | Sequence[StreamMode] | None = None,
        cancel_on_disconnect: bool = False,
        raise_error: bool = True,
        timeout: float | None = None,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        on_reconnect: OnReconnect | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncRunStream[State, Update, Custom]:
        """Gives the parts of a run that is there already.

        Args:
            thread_id: The run's thread.
            run_id: The run.
            last_event_id: Where to begin: at the `position` of another stream, exactly behind what that one handed out;
                or behind this id, and behind all that share it; "-1" for the first part of all; from now on when not
                given. It needs a run that is resumable.
            stream_mode: The modes, out of those the run was created with, to be sent; all when not given. `metadata`
                and `error` come in any case.
            cancel_on_disconnect: Whether the server stops the run when this connection breaks.
            raise_error: Whether a failed run raises; if not, its error is an `ErrorPart`.
            timeout: How many seconds the whole stream may take, all connections included; any time when not given.
            cancel_on_exit: How to stop the run when the stream is left before its end; as the client has it when not
                given, and not at all for None.
            on_reconnect: Called with (attempt, delay, cause) before each new connection.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.

            See `AsyncRunStream` for the errors raised while reading.
        """
        cursor = self._methods.join_stream(
            options,
            thread_id,
            run_id,
            last_event_id=last_event_id,
            stream_mode=stream_mode,
            cancel_on_disconnect=cancel_on_disconnect,
            raise_error=raise_error,
            cancel_on_exit=cancel_on_exit,
            on_reconnect=on_reconnect,
        )
        return AsyncRunStream(self._driver, cursor, seconds("timeout", timeout))

    async def list(
        self,
        thread_id: str,
        *,
        limit: int = 10,
        offset: int = 0,
        status: RunStatus | None = None,
        select: Sequence[RunField] | None = None,
        **options: Unpack[CallOptions],
    ) -> Runs:
        """One page of a thread's runs, newest first.

        Args:
            thread_id: The thread.
            limit: How many at most, 1 or more.
            offset: How many of the newest to pass over.
            status: Only those with this status.
            select: Only these fields; the others are UNSET then. All when not given, or empty.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            APIError: The server refused, or did not answer.
        """
        flow = self._methods.list_runs(
            options, thread_id, limit=limit, offset=offset, status=status, select=select
        )
        return await self._driver.call(flow)

    async def get(self, thread_id: str, run_id: str, **options: Unpack[CallOptions]) -> models.Run:
        """The run as it is now.

        Raises:
            TypeError, ValueError: An id is none; nothing was sent.
            NotFoundError: There is no such run.
            APIError: Any other answer, or none.
        """
        return await self._driver.call(self._methods.get(options, thread_id, run_id))

    async def cancel(
        self,
        thread_id: str,
        run_id: str,
        *,
        wait: bool = False,
        action: CancelAction = "interrupt",
        timeout: float | None = None,
        **options: Unpack[CallOptions],
    ) -> None:
        """Stops a run. That it has ended already is no error.

        Args:
            thread_id: The run's thread.
            run_id: The run.
            wait: Whether to return only when the run has stopped and its thread is at rest, or another run goes on
                there; the server itself answers when the run is still cleaning up.
            action: "interrupt" keeps what the run has done, "rollback" deletes it, the run included.
            timeout: How many seconds all of it may take; any time when not given.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            NotFoundError: There is no such run.
            WaitTimeoutError: The `timeout` has passed.
            APIError: Any other answer, or none.
        """
        flow, held = self._methods.cancel(options, thread_id, run_id, wait=wait, action=action)
        await self._driver.hold(flow, held, seconds("timeout", timeout), slot=False)

    async def cancel_all(
        self, thread_id: str, *, action: CancelAction = "interrupt", **options: Unpack[CallOptions]
    ) -> Ids:
        """Stops all runs of a thread that are pending or running, and gives their ids.

        Args:
            thread_id: The thread.
            action: "interrupt" keeps what the runs have done, "rollback" deletes it, the runs included.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            APIError: The server refused, or did not answer.
        """
        return await self._driver.run(self._methods.cancel_all(options, thread_id, action=action))

    async def cancel_many(
        self,
        *,
        thread_id: str | None = None,
        run_ids: Sequence[str] | None = None,
        status: CancelStatus | None = None,
        action: CancelAction = "interrupt",
        **options: Unpack[CallOptions],
    ) -> None:
        """Stops many runs: those of `run_ids` on `thread_id`, or all of the server with a `status`.

        Args:
            thread_id: The runs' thread.
            run_ids: The runs; one that is unknown or has ended is passed over.
            status: "pending", "running" or "all". The development server notes such runs as interrupted but lets
                those that are running go on.
            action: "interrupt" keeps what the runs have done, "rollback" deletes it, the runs included.

        Raises:
            TypeError, ValueError: An argument is invalid, or not exactly one of the two selectors was given; nothing
                was sent.
            NotFoundError: None of the runs is known.
            APIError: Any other answer, or none.
        """
        flow = self._methods.cancel_many(
            options, thread_id=thread_id, run_ids=run_ids, status=status, action=action
        )
        await self._driver.run(flow)

    async def delete(self, thread_id: str, run_id: str, **options: Unpack[CallOptions]) -> None:
        """Deletes a run and its checkpoints. Cancel it first if it is going on: its graph would not be stopped.

        Raises:
            TypeError, ValueError: An id is none; nothing was sent.
            NotFoundError: There is no such run.
            APIError: Any other answer, or none.
        """
        await self._driver.call(self._methods.delete(options, thread_id, run_id))

    def list_all(
        self,
        thread_id: str,
        *,
        page_size: int = 100,
        status: RunStatus | None = None,
        select: Sequence[RunField] | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncIterator[models.Run]:
        """All of a thread's runs, newest first, fetched page by page as they are asked for; none comes twice, though
        runs that start meanwhile move the others on.

        Args:
            thread_id: The thread.
            page_size: How many to fetch at a time, 1 or more.
            status: Only those with this status.
            select: Only these fields, and `run_id`; the others are UNSET then.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            APIError: The server refused, or did not answer.
        """
        pages = self._methods.list_all(options, thread_id, page_size=page_size, status=status, select=select)
        return self._all(pages)

    async def _all(self, pages: Pages) -> AsyncIterator[models.Run]:
        while (call := pages.next()) is not None:
            for run in pages.new(await self._driver.call(self._methods.once(call))):
                yield run
