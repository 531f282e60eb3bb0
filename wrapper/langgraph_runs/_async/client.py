"""The client: a method for everything that can be done with a run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Generic, NoReturn, Self, TypeAlias, TypeVar, Unpack, overload

from langgraph_runs_api.client import Client
from langgraph_runs_api.models import CancelAction, CancelStatus, Run, RunField, RunStatus, StreamMode

from langgraph_runs._async.driver import AsyncDriver
from langgraph_runs._async.http_client import AsyncHTTPClient, OnRequest, Timeout, headers_of
from langgraph_runs._async.stream import AsyncRunStream
from langgraph_runs._async.transport import AsyncTransport
from langgraph_runs.position import Position
from langgraph_runs.request import endpoints
from langgraph_runs.request.arguments import callback, flag, number, seconds
from langgraph_runs.request.call import REQUEST_ID, Call
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
from langgraph_runs.request.stream_request import StreamRequest
from langgraph_runs.request.validation import resolved_cancel_on_exit
from langgraph_runs.retry import Backoff, OnRetry, RetryPolicy
from langgraph_runs.run import cancellation, starting, waiting
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.pagination import Pages
from langgraph_runs.run.retrying import with_retries
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.parts import Custom, State, Update
from langgraph_runs.stream.sse import MAX_EVENT_BYTES

Runs: TypeAlias = list[Run]  # In the class, `list` is a method.
Ids: TypeAlias = list[str]

T = TypeVar("T")


class AsyncRunsClient(Generic[State, Update, Custom]):
    """A client for the runs of a LangGraph server.

    `AsyncRunsClient[State, Update, Custom]` tells a type checker the types of a graph's state, of one node's update and
    of its custom events; they are plain JSON by default.

    Args:
        url: The URL of the server. When not given, `LANGGRAPH_API_URL` in the environment, or http://localhost:2024.
        api_key: The API key, sent as `x-api-key`. When not given, the first of `LANGGRAPH_API_KEY`,
            `LANGSMITH_API_KEY` and `LANGCHAIN_API_KEY` in the environment; None for no key.
        headers: Headers of every request; each replaces a default one of the same name.
        timeout: Seconds, or an `httpx.Timeout`, for calls that the server answers at once; 60 by default, and 5 to
            connect. It does not limit responses that take as long as a run.
        retry: How failed calls are retried, and how interrupted streams and waits are resumed; a `RetryPolicy()` by
            default.
        cancel_on_exit: How to cancel a run whose caller leaves while waiting for it or reading its stream: by a
            timeout, a cancelled task, Ctrl-C, an exception, or by leaving the loop or the `with` block early.
            "interrupt" keeps what the run has done, "rollback" deletes it; None, the default, lets the run continue. A
            lost connection cancels nothing. (For a stateless stream that is not resumable, the server cancels the run
            when its connection closes: there is no other way.)
        max_event_bytes: The largest size of one event of a stream, in bytes; 256 MiB by default.
        max_concurrency: How many methods may be under way at once; None, the default, for no limit. A method takes a
            slot before its first request and keeps it until it returns, retries included. A stream keeps it until it
            has begun. `cancel`, `cancel_many` and `cancel_all` take none, so that they never wait for the run that
            they are to cancel.
        on_request: Called with every `httpx.Request` before it is sent; may change it. A sync callable.
        on_retry: Called with (attempt, delay, error) before each retry of a call or a wait. A sync callable. (Streams
            have `on_reconnect`.)
        http_client: Your own `httpx.AsyncClient` to send with, such as for client certificates, a proxy or HTTP/2. Its
            headers, cookies and parameters remain in effect, and you close it yourself.

    Raises:
        TypeError: An argument has the wrong type.
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
        if retry is not None and not isinstance(retry, RetryPolicy):
            raise TypeError(f"retry must be a RetryPolicy, not {type(retry).__name__}")
        callback("on_retry", on_retry, "(attempt, delay, error)")
        if max_concurrency is not None:
            number("max_concurrency", max_concurrency, least=1)
        limit = number("max_event_bytes", max_event_bytes, least=1)
        self._cancel_on_exit: CancelAction | None = resolved_cancel_on_exit(cancel_on_exit)
        self._transport = AsyncTransport(
            settings(url, api_key, merged(headers_of(http_client), headers)),
            timeout=timeout,
            on_request=on_request,
            http_client=http_client,
        )
        self._backoff = Backoff(retry or RetryPolicy(), on_retry)
        self._driver = AsyncDriver(self._transport, max_concurrency=max_concurrency, max_event_bytes=limit)
        self._api = self._transport.api()

    @property
    def api(self) -> Client:
        """The generated client on the same connections and headers: pass it as `client=` to the functions
        `asyncio` and `asyncio_detailed` of every endpoint in `langgraph_runs_api.api`.

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
        """Closes the connections, unless they belong to your own `http_client`. Before that, it cancels the runs that
        are waited for or read, if `cancel_on_exit` says so."""
        await self._driver.aclose()

    def __repr__(self) -> str:
        transport = getattr(self, "_transport", None)  # none, where the arguments were refused
        return f"<{type(self).__name__} {transport.settings.url if transport else '(not open)'}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"a {type(self).__name__} holds connections and a key, and cannot be pickled; open another"
        )

    @overload
    async def create(self, thread_id: str, assistant_id: str, **options: Unpack[ThreadRunOptions]) -> Run: ...
    @overload
    async def create(
        self, thread_id: None, assistant_id: str, **options: Unpack[StatelessRunOptions]
    ) -> Run: ...
    async def create(self, thread_id: str | None, assistant_id: str, **options: Any) -> Run:
        """Starts a run in the background, and returns it with the status "pending".

        It sends POST /threads/{thread_id}/runs, or POST /runs for a stateless run.

        Args:
            thread_id: The thread to run on; None for a stateless run, whose temporary thread is deleted at its end.
            assistant_id: The id of an assistant, or the name of a graph.
            **options: The fields of the run, such as `input`, and `headers` and `params` of this call alone.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            ThreadBusyError: The thread has an active run, and `multitask_strategy` is "reject".
            NotFoundError: There is no such thread or assistant.
            APIError: The call failed in any other way; `run_may_exist` says whether a run may have started.

        Example:
            run = await runs.create(thread_id, "agent", input={"text": "hi"}, multitask_strategy="enqueue")
        """
        call = endpoints.create(self._identified(options), thread_id, assistant_id)
        return await self._driver.call(starting.create(call, self._backoff))

    async def create_batch(self, payloads: Sequence[BatchRun], **options: Unpack[CallOptions]) -> Runs:
        """Starts many stateless runs in the background, and returns them in the same order.

        It sends one request, POST /runs/batch.

        Args:
            payloads: For each run its `assistant_id`, and the options that `create` takes without a thread.
            **options: `headers` and `params` of this call alone.

        Raises:
            TypeError, ValueError: A payload is invalid, or there is none; nothing was sent.
            APIError: The call failed; `run_may_exist` says whether runs may have started.

        Example:
            await runs.create_batch([{"assistant_id": "agent", "input": {"text": text}} for text in texts])
        """
        return await self._send(endpoints.create_batch(self._identified(options), payloads))

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
        """Starts a run, and returns the stream of its parts, each exactly once.

        The run starts on the first read, by POST /threads/{thread_id}/runs/stream, or POST /runs/stream for a stateless
        run. After a lost connection, the stream of a run on a thread resumes by itself. That of a stateless run needs
        `stream_resumable=True`, and gets a thread of its own for it, which is deleted at the end (unless
        `on_completion` is "keep", or the stream is left early). See docs/streams.md.

        Args:
            thread_id: The thread to run on; None for a stateless run, whose temporary thread is deleted at its end.
            assistant_id: The id of an assistant, or the name of a graph.
            raise_error: Whether a failed run raises an error. If not, the last part is an `ErrorPart`.
            timeout: The deadline for the whole stream, in seconds, all connections included; None, the default, for no
                limit.
            cancel_on_exit: How to cancel the run if the stream is left before the run has ended: "interrupt",
                "rollback", or None for not at all. The client's setting when not given.
            on_reconnect: Called with (attempt, delay, cause) before each new connection. A sync callable.
            **options: The fields of the run, such as `input` and `stream_mode`, and `headers` and `params` of all
                requests. On a thread, `stream_resumable` is true by default.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.

            Reading the stream raises the errors that `AsyncRunStream` lists.

        Example:
            async for part in runs.stream(thread_id, "agent", input={"text": "hi"}, stream_mode="updates"):
                print(part.event, part.data)
        """
        action = resolved_cancel_on_exit(cancel_on_exit, self._cancel_on_exit)
        request = endpoints.stream(self._identified(options), thread_id, assistant_id, cancel_on_exit=action)
        return self._stream(
            request, raise_error=raise_error, timeout=timeout, action=action, on_reconnect=on_reconnect
        )

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
        """Starts a run, waits for its end, and returns its final values.

        If the graph waits for an answer, the values contain `__interrupt__`, a list of `{"id", "value"}`. It sends POST
        /threads/{thread_id}/runs/wait, or POST /runs/wait for a stateless run, and joins the run after a lost
        connection or a restart of the server. See docs/outcomes.md.

        Args:
            thread_id: The thread to run on; None for a stateless run, whose temporary thread is deleted at its end.
            assistant_id: The id of an assistant, or the name of a graph.
            raise_error: Whether a failed run raises an error. If not, the result is
                `{"__error__": {"error", "message"}}`, or, for a run that was cancelled, the values it had.
            timeout: The deadline for the whole call, in seconds, retries included; None, the default, for no limit.
            cancel_on_exit: How to cancel the run if this call is left before the run has ended: "interrupt",
                "rollback", or None for not at all. The client's setting when not given.
            **options: The fields of the run, such as `input`, and `headers` and `params` of all requests.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            RunFailedError: The graph raised an exception.
            RunCancelledError, RunTimeoutError: The run was cancelled, or the server stopped it. (For a stateless run,
                that cannot be known; the values it had are returned.)
            WaitTimeoutError: The `timeout` has passed.
            ThreadBusyError: The thread has an active run, and `multitask_strategy` is "reject".
            NotFoundError: There is no such thread or assistant, or the run was rolled back or deleted meanwhile.
            APIError: The call failed in any other way; `run_may_exist` says whether a run may have started.

        Example:
            state = await runs.wait(thread_id, "agent", input={"text": "hi"}, timeout=30)
        """
        action = resolved_cancel_on_exit(cancel_on_exit, self._cancel_on_exit)
        call = endpoints.wait(self._identified(options), thread_id, assistant_id)
        held = HeldRun(call, action, self._backoff)
        flow = waiting.wait(call, held, raise_error=flag("raise_error", raise_error))
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
        """Waits for the end of an existing run, and returns its final values, as `wait` does.

        These are the run's own values, even if other runs have used the thread since. It sends GET
        /threads/{thread_id}/runs/{run_id} and GET /threads/{thread_id}/runs/{run_id}/join. See docs/outcomes.md.

        Args:
            thread_id: The thread of the run.
            run_id: The run.
            raise_error: Whether a failed run raises an error. If not, the result is
                `{"__error__": {"error", "message"}}`, or, for a run that was cancelled, the values it had.
            timeout: The deadline for the whole call, in seconds, retries included; None, the default, for no limit.
            cancel_on_exit: How to cancel the run if this call is left before the run has ended: "interrupt",
                "rollback", or None for not at all. The client's setting when not given.
            **options: `headers` and `params` of this call alone.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            RunFailedError: The graph raised an exception. The reason says so if the server no longer knows it.
            RunCancelledError, RunTimeoutError: The run was cancelled, or the server stopped it.
            WaitTimeoutError: The `timeout` has passed.
            NotFoundError: There is no such run, or it does not exist any more.
            APIError: The call failed in any other way.
        """
        action = resolved_cancel_on_exit(cancel_on_exit, self._cancel_on_exit)
        call = endpoints.join(options, thread_id, run_id)
        held = HeldRun(call, action, self._backoff)
        flow = waiting.join(call, held, raise_error=flag("raise_error", raise_error))
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
        """Returns the stream of the parts of an existing run.

        It sends GET /threads/{thread_id}/runs/{run_id}/stream on the first read. See docs/streams.md.

        Args:
            thread_id: The thread of the run.
            run_id: The run.
            last_event_id: Where to begin. The `position` of another stream continues exactly after the last part that
                stream has yielded. An id begins after all events that share it, and "-1" with the first event. When not
                given, the stream begins with the next event. Any of these needs a run that is resumable.
            stream_mode: Only the parts of these modes, out of those the run was created with; all when not given. The
                parts `metadata` and `error` come in any case.
            cancel_on_disconnect: Whether the server cancels the run when a connection of this stream is lost; False by
                default.
            raise_error: Whether a failed run raises an error. If not, the last part is an `ErrorPart`.
            timeout: The deadline for the whole stream, in seconds, all connections included; None, the default, for no
                limit.
            cancel_on_exit: How to cancel the run if the stream is left before the run has ended: "interrupt",
                "rollback", or None for not at all. The client's setting when not given.
            on_reconnect: Called with (attempt, delay, cause) before each new connection. A sync callable.
            **options: `headers` and `params` of all requests.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.

            Reading the stream raises the errors that `AsyncRunStream` lists.

        Example:
            async for part in runs.join_stream(thread_id, run_id, last_event_id=position):
                print(part.event, part.data)
        """
        request = endpoints.join_stream(
            options,
            thread_id,
            run_id,
            last_event_id=last_event_id,
            stream_mode=stream_mode,
            cancel_on_disconnect=cancel_on_disconnect,
        )
        action = resolved_cancel_on_exit(cancel_on_exit, self._cancel_on_exit)
        return self._stream(
            request, raise_error=raise_error, timeout=timeout, action=action, on_reconnect=on_reconnect
        )

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
        """One page of the runs of a thread, newest first.

        It sends GET /threads/{thread_id}/runs.

        Args:
            thread_id: The thread.
            limit: How many runs to return at most, 1 or more; 10 by default.
            offset: How many of the newest runs to skip; 0 by default.
            status: Only runs with this status; all when not given.
            select: Only these fields; the others are UNSET. All fields when not given.
            **options: `headers` and `params` of this call alone.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            APIError: The call failed in any other way.
        """
        call = endpoints.list_runs(
            options, thread_id, limit=limit, offset=offset, status=status, select=select
        )
        return await self._send(call)

    async def get(self, thread_id: str, run_id: str, **options: Unpack[CallOptions]) -> Run:
        """The run as it is now.

        It sends GET /threads/{thread_id}/runs/{run_id}.

        Args:
            thread_id: The thread of the run.
            run_id: The run.
            **options: `headers` and `params` of this call alone.

        Raises:
            TypeError, ValueError: An id is not valid; nothing was sent.
            NotFoundError: There is no such run.
            APIError: The call failed in any other way.
        """
        return await self._send(endpoints.get(options, thread_id, run_id))

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
        """Cancels a run. It is not an error if the run has already ended.

        It sends POST /threads/{thread_id}/runs/{run_id}/cancel. See docs/outcomes.md.

        Args:
            thread_id: The thread of the run.
            run_id: The run.
            wait: Whether to return only when the run has stopped and its thread is idle, or another run is active on
                the thread; False by default. (The server itself answers while the run is still cleaning up.)
            action: "interrupt" keeps what the run has done; "rollback" deletes it, the run included.
            timeout: The deadline for the whole call, in seconds, retries included; None, the default, for no limit.
            **options: `headers` and `params` of this call alone.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            NotFoundError: There is no such run.
            WaitTimeoutError: The `timeout` has passed.
            APIError: The call failed in any other way.
        """
        call = endpoints.cancel(options, thread_id, run_id, wait=wait, action=action)
        flow = cancellation.cancel(call, self._backoff, wait=wait)
        held = HeldRun(call, None, self._backoff)
        await self._driver.hold(flow, held, seconds("timeout", timeout), slot=False)

    async def cancel_all(
        self, thread_id: str, *, action: CancelAction = "interrupt", **options: Unpack[CallOptions]
    ) -> Ids:
        """Cancels all pending and running runs of a thread, and returns their ids.

        It sends GET /threads/{thread_id}/runs and POST /runs/cancel.

        Args:
            thread_id: The thread.
            action: "interrupt" keeps what the runs have done; "rollback" deletes it, the runs included.
            **options: `headers` and `params` of this call alone.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            APIError: The call failed in any other way.
        """
        given = endpoints.cancel_all(options, thread_id, action=action)
        return await self._driver.run(cancellation.cancel_all(given, self._backoff))

    async def cancel_many(
        self,
        *,
        thread_id: str | None = None,
        run_ids: Sequence[str] | None = None,
        status: CancelStatus | None = None,
        action: CancelAction = "interrupt",
        **options: Unpack[CallOptions],
    ) -> None:
        """Cancels many runs: those of `run_ids` on `thread_id`, or all runs of the server with a `status`.

        It sends POST /runs/cancel.

        Args:
            thread_id: The thread of the runs.
            run_ids: The runs. Those that are unknown or have already ended are skipped.
            status: "pending", "running" or "all". (The development server marks such runs as interrupted, but lets
                those that are running continue.)
            action: "interrupt" keeps what the runs have done; "rollback" deletes it, the runs included.
            **options: `headers` and `params` of this call alone.

        Raises:
            TypeError, ValueError: An argument is invalid, or not exactly one of the two selectors was given; nothing
                was sent.
            NotFoundError: None of the runs is known.
            APIError: The call failed in any other way.
        """
        call = endpoints.cancel_many(
            options, thread_id=thread_id, run_ids=run_ids, status=status, action=action
        )
        await self._driver.run(with_retries(call, self._backoff.for_call()))

    async def delete(self, thread_id: str, run_id: str, **options: Unpack[CallOptions]) -> None:
        """Deletes a run and its checkpoints. Cancel an active run first, as this would not stop its graph.

        It sends DELETE /threads/{thread_id}/runs/{run_id}.

        Args:
            thread_id: The thread of the run.
            run_id: The run.
            **options: `headers` and `params` of this call alone.

        Raises:
            TypeError, ValueError: An id is not valid; nothing was sent.
            NotFoundError: There is no such run.
            APIError: The call failed in any other way.
        """
        await self._send(endpoints.delete(options, thread_id, run_id))

    def list_all(
        self,
        thread_id: str,
        *,
        page_size: int = 100,
        status: RunStatus | None = None,
        select: Sequence[RunField] | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncIterator[Run]:
        """All runs of a thread, newest first, each once.

        They are fetched page by page, as they are asked for, by GET /threads/{thread_id}/runs. A run that starts
        meanwhile shifts the others, but none comes twice.

        Args:
            thread_id: The thread.
            page_size: How many runs to fetch at a time, 1 or more; 100 by default.
            status: Only runs with this status; all when not given.
            select: Only these fields and `run_id`; the others are UNSET. All fields when not given.
            **options: `headers` and `params` of this call alone.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            APIError: The call failed in any other way.

        Example:
            async for run in runs.list_all(thread_id, status="running"):
                print(run.run_id)
        """
        pages = Pages(options, thread_id, page_size=page_size, status=status, select=select)
        return self._all(pages)

    async def _all(self, pages: Pages) -> AsyncIterator[Run]:
        while (call := pages.next()) is not None:
            for run in pages.new(await self._send(call)):
                yield run

    async def _send(self, call: Call[T]) -> T:
        return await self._driver.call(with_retries(call, self._backoff.for_call()))

    def _identified(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """The options of a call, with an `x-request-id` that the caller has given to the client: by that, which many
        calls share, no run can be found whose response was lost."""
        request_id = self._transport.settings.headers.get(REQUEST_ID)
        if request_id is None:
            return options
        return {**options, "headers": merged({REQUEST_ID: request_id}, options.get("headers"))}

    def _stream(
        self,
        request: StreamRequest,
        *,
        raise_error: bool,
        timeout: float | None,
        action: CancelAction | None,
        on_reconnect: OnReconnect | None,
    ) -> AsyncRunStream[State, Update, Custom]:
        held = HeldRun(request.call, action, self._backoff)
        cursor = Cursor(
            request,
            raise_error=flag("raise_error", raise_error),
            on_reconnect=callback("on_reconnect", on_reconnect, "(attempt, delay, cause)"),
            held=held,
        )
        return AsyncRunStream(self._driver, cursor, seconds("timeout", timeout))
