"""The client: a method for everything that can be done with a run."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeAlias, TypeVar, Unpack, overload

import langgraph_runs_api
from langgraph_runs_api import models
from langgraph_runs_api.models import CancelAction, CancelStatus, RunField, RunStatus, StreamMode

from langgraph_runs import logs
from langgraph_runs._async.borrowed_client import AsyncHTTPClient, base_url_of, headers_of
from langgraph_runs._async.http_client import OnRequest, OnResponse, Timeout
from langgraph_runs._async.stream import AsyncRunStream
from langgraph_runs.deadline import AsyncDeadline
from langgraph_runs.errors import LangGraphRunsError
from langgraph_runs.position import Position
from langgraph_runs.request.arguments import number, seconds, time_limit
from langgraph_runs.request.configuration import Configuration
from langgraph_runs.request.key_source import AsyncAskKey
from langgraph_runs.request.option_help import shows_options
from langgraph_runs.request.options import (
    FROM_CLIENT,
    AsyncPayloads,
    BatchRun,
    CallOptions,
    CancelOnExit,
    Inherited,
    OnProgress,
    OnReconnect,
    StatelessRunOptions,
    StatelessStreamOptions,
    ThreadRunOptions,
    ThreadStreamOptions,
)
from langgraph_runs.request.settings import FROM_ENVIRONMENT, Environment, merged, settings
from langgraph_runs.response.content_coding import MAX_BODY_BYTES
from langgraph_runs.retry import OnRetry, RetryPolicy
from langgraph_runs.stream.parts import Custom, State, Update
from langgraph_runs.stream.sse import MAX_EVENT_BYTES

if TYPE_CHECKING:
    from langgraph_runs.methods import Made
    from langgraph_runs.run.pagination import Pages

Runs: TypeAlias = "list[models.Run]"  # In the class, `list` is a method.
Ids: TypeAlias = list[str]
T = TypeVar("T")


class AsyncRunsClient(Generic[State, Update, Custom]):
    """A client for the runs of a LangGraph server.

    `AsyncRunsClient[State, Update, Custom]` tells a type checker the types of the graph's state, of what one of its
    nodes returns, and of what its stream writer sends. By default, all three are plain JSON. They must be types of
    JSON, such as a TypedDict: nothing is converted to a class of yours.

    Args:
        url: The URL of the server. When not given, the `base_url` of `http_client`, else `LANGGRAPH_API_URL` in the
            environment, else http://localhost:2024.
        api_key: The API key, sent as `x-api-key`. When not given, the first of `LANGGRAPH_API_KEY`,
            `LANGSMITH_API_KEY` and `LANGCHAIN_API_KEY` in the environment; None for no key. A sync or async callable
            that returns the key is called before each request, and once more if the server refuses the key with 401.
        headers: Headers of every request; each replaces a default one of the same name.
        timeout: Seconds, or an `httpx.Timeout`, for responses that the server sends immediately; 60 by default, and 5
            to connect. It limits how long the head of a response may take, and then how long nothing may come. Methods
            that wait for a run have a `timeout` of their own, which limits the whole call.
        retry: How failed calls are retried, and how interrupted streams and waits are resumed; a `RetryPolicy()` by
            default.
        cancel_on_exit: How to cancel a run if its caller stops waiting for it, or reading its stream, before the run
            has ended: after a timeout, a cancelled task, Ctrl-C or an exception, or by leaving the loop or the `with`
            block early. "interrupt" keeps what the run has done, "rollback" deletes it and the run (where the server
            refuses that, the run is interrupted); None, the default, lets the run continue. A lost connection cancels
            nothing. For this, a stateless run that is waited for or streamed gets a thread of its own, which is
            deleted at the end.
        max_event_bytes: The largest size of one event of a stream, in bytes; 256 MiB by default.
        max_body_bytes: The largest size of the body of any other response, in bytes; 256 MiB by default. Reading a
            larger one raises `APIResponseError`.
        max_concurrency: How many calls may be in flight at once; None, the default, for no limit. A method takes a
            slot before its first request and keeps it until it returns, retries included. A stream keeps its slot
            until it has begun. `cancel`, `cancel_many` and `cancel_all` take none, so that they never wait for the
            run that they are to cancel.
        on_request: Called with every `httpx.Request` before it is sent; may change it. A sync callable.
        on_response: Called with a `ResponseInfo` when the headers of a response have come: its status, how long it
            took, and more. A sync callable.
        on_retry: Called with (attempt, delay, error) before each retry of a call or a wait. A sync callable. (Streams
            have `on_reconnect`.)
        http_client: An `httpx.AsyncClient` or `httpx2.AsyncClient` to send with, for example with client certificates,
            a proxy or HTTP/2. Its headers, cookies, parameters, authentication and hooks remain in effect. Its
            `base_url` must be that of `url`, if it has one and both are given. The caller closes it.

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
        api_key: str | AsyncAskKey | Environment | None = FROM_ENVIRONMENT,
        headers: Mapping[str, str] | None = None,
        timeout: Timeout | None = None,
        retry: RetryPolicy | None = None,
        cancel_on_exit: CancelAction | None = None,
        max_event_bytes: int = MAX_EVENT_BYTES,
        max_body_bytes: int = MAX_BODY_BYTES,
        max_concurrency: int | None = None,
        on_request: OnRequest | None = None,
        on_response: OnResponse | None = None,
        on_retry: OnRetry | None = None,
        http_client: AsyncHTTPClient | None = None,
    ) -> None:
        self._configuration = Configuration(dict(locals()))
        # What does the work is imported here. At the top, it would nearly double the time it takes to import this
        # class. In the first call, it would be too late: after a fork in another thread meanwhile, the child process
        # would wait forever for that import to end.
        from langgraph_runs._async.driver import AsyncDriver
        from langgraph_runs._async.transport import AsyncTransport
        from langgraph_runs.methods import Methods
        from langgraph_runs.request.defaults import Defaults

        import_module("langgraph_runs._async.timed_reader")  # for AsyncRunStream
        import_module("langgraph_runs.stream.text")

        logs.read_environment()
        if max_concurrency is not None:
            number("max_concurrency", max_concurrency, least=1)
        number("max_body_bytes", max_body_bytes, least=1)
        theirs = merged(headers_of(http_client), headers)
        self._defaults = Defaults(
            settings=settings(url, api_key, theirs, base_url=base_url_of(http_client, url)),
            timeout=timeout,
            retry=retry,
            cancel_on_exit=cancel_on_exit,
            max_event_bytes=max_event_bytes,
            on_request=on_request,
            on_response=on_response,
            on_retry=on_retry,
        )
        self._methods = Methods(self._defaults)
        self._transport = AsyncTransport(
            self._defaults.settings,
            timeout=timeout,
            on_request=on_request,
            on_response=on_response,
            http_client=http_client,
            max_body_bytes=max_body_bytes,
        )
        self._driver = AsyncDriver(
            self._transport, max_concurrency=max_concurrency, max_event_bytes=max_event_bytes
        )
        self._api = self._transport.api()

    def with_options(
        self,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: Timeout | Inherited | None = FROM_CLIENT,
        retry: RetryPolicy | Inherited | None = FROM_CLIENT,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        max_event_bytes: int | Inherited = FROM_CLIENT,
        on_request: OnRequest | Inherited | None = FROM_CLIENT,
        on_response: OnResponse | Inherited | None = FROM_CLIENT,
        on_retry: OnRetry | Inherited | None = FROM_CLIENT,
    ) -> Self:
        """Returns a copy of this client with other options, on the same connections and with the same limits.

        Closing the copy closes nothing. Closing the client that it was made from closes the connections for all copies,
        and cancels the runs that they still wait for or read, if their `cancel_on_exit` says so. What belongs to the
        connections (`url`, `http_client`, `max_body_bytes`, `max_concurrency`) remains as it is.

        Args:
            headers: Headers in addition to those of this client; each replaces one of the same name, such as
                `x-api-key`.
            timeout: As for a new client; None for its default.
            retry: As for a new client; None for its default.
            cancel_on_exit: As for a new client; None lets runs continue.
            max_event_bytes: As for a new client.
            on_request: As for a new client; None for none.
            on_response: As for a new client; None for none.
            on_retry: As for a new client; None for none.

        Raises:
            TypeError, ValueError: An argument is invalid.

        Example:
            run = await runs.with_options(timeout=5, headers={"x-tenant": "acme"}).get(thread_id, run_id)
        """
        given: dict[str, Any] = {
            "timeout": timeout,
            "retry": retry,
            "cancel_on_exit": cancel_on_exit,
            "max_event_bytes": max_event_bytes,
            "on_request": on_request,
            "on_response": on_response,
            "on_retry": on_retry,
        }
        changed = {name: value for name, value in given.items() if not isinstance(value, Inherited)}
        defaults = self._defaults.changed(headers, changed)
        transport = self._transport.copied(
            defaults.settings,
            timeout=defaults.timeout,
            on_request=defaults.on_request,
            on_response=defaults.on_response,
        )
        other = object.__new__(type(self))
        other.__dict__.update(
            self.__dict__,
            _configuration=self._configuration.changed(headers, changed),
            _defaults=defaults,
            _methods=self._methods.copied(defaults),
            _transport=transport,
            _driver=self._driver.copied(transport, defaults.max_event_bytes),
            _api=transport.api(),
        )
        return other

    @property
    def api(self) -> langgraph_runs_api.Client:
        """The client of the generated layer, with the same connections and headers. Pass it as `client=` to the
        functions `asyncio` and `asyncio_detailed` of any endpoint in `langgraph_runs_api.api`.

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
        """Closes the connections, unless they belong to the caller's `http_client`. Before that, cancels the runs that
        are still waited for or read, if `cancel_on_exit` says so. A copy, made by `with_options`, closes nothing."""
        await self._driver.aclose()

    def __repr__(self) -> str:
        transport = getattr(self, "_transport", None)  # none, where the arguments were refused
        return f"<{type(self).__name__} {transport.settings.url if transport else '(not open)'}>"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles the configuration, from which another client is opened; TypeError if it may hold a secret."""
        return self._configuration.reduced(self, AsyncRunsClient, self._transport.settings)

    @overload
    async def create(
        self, thread_id: str, assistant_id: str, **options: Unpack[ThreadRunOptions]
    ) -> models.Run: ...
    @overload
    async def create(
        self, thread_id: None, assistant_id: str, **options: Unpack[StatelessRunOptions]
    ) -> models.Run: ...
    @shows_options(ThreadRunOptions, StatelessRunOptions)
    async def create(self, thread_id: str | None, assistant_id: str, **options: Any) -> models.Run:
        """Starts a run in the background, and returns it with the status "pending".

        It sends POST /threads/{thread_id}/runs, or POST /runs for a stateless run.

        Args:
            thread_id: The thread to run on; None for a stateless run, whose temporary thread is deleted at its end.
            assistant_id: The id of an assistant, or the name of a graph.
            **options: The fields of the run, such as `input`; also `headers` and `params`, for this call only.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            ThreadBusyError: The thread has an active run, and `multitask_strategy` is "reject".
            NotFoundError: There is no such thread or assistant.
            APIError: The call failed in any other way; `run_may_exist` says whether a run may have started.

        Example:
            run = await runs.create(thread_id, "agent", input={"text": "hi"}, multitask_strategy="enqueue")
        """
        return await self._call(self._methods.create(options, thread_id, assistant_id), options)

    @shows_options(CallOptions)
    async def create_batch(self, payloads: Sequence[BatchRun], **options: Unpack[CallOptions]) -> Runs:
        """Starts many stateless runs in the background, and returns them in the same order.

        It sends one request, POST /runs/batch.

        Args:
            payloads: One dictionary for each run, with its `assistant_id` and the options that `create` takes for a
                stateless run.
            **options: `headers` and `params` for this call only.

        Raises:
            TypeError, ValueError: A payload is invalid, or the list is empty; nothing was sent.
            APIError: The call failed; `run_may_exist` says whether runs may have started.

        Example:
            await runs.create_batch([{"assistant_id": "agent", "input": {"text": text}} for text in texts])
        """
        return await self._call(self._methods.create_batch(options, payloads), options)

    @overload
    def stream(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        raise_error: bool = True,
        event_timeout: float | None = None,
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
        event_timeout: float | None = None,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        on_reconnect: OnReconnect | None = None,
        **options: Unpack[StatelessStreamOptions],
    ) -> AsyncRunStream[State, Update, Custom]: ...
    @shows_options(ThreadStreamOptions, StatelessStreamOptions)
    def stream(
        self,
        thread_id: str | None,
        assistant_id: str,
        *,
        raise_error: bool = True,
        event_timeout: float | None = None,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        on_reconnect: OnReconnect | None = None,
        **options: Any,
    ) -> AsyncRunStream[State, Update, Custom]:
        """Starts a run, and returns the stream of its parts, each exactly once.

        The run starts on the first read, by POST /threads/{thread_id}/runs/stream, or POST /runs/stream for a stateless
        run. After a lost connection, the stream of a run on a thread resumes by itself. So does that of a stateless run
        with `stream_resumable=True` or `cancel_on_exit`: the server then creates a thread for it, which is deleted at
        the end of the stream (unless `on_completion` is "keep", or the stream is left early and the run continues). See
        docs/streams.md.

        Args:
            thread_id: The thread to run on; None for a stateless run, whose temporary thread is deleted at its end.
            assistant_id: The id of an assistant, or the name of a graph.
            raise_error: Whether a failed run raises an error. If not, the last part is an `ErrorPart`.
            event_timeout: How long to wait for the next event, in seconds, lost connections included; heartbeats do not
                count. None, the default, for no limit. Then an `EventTimeoutError` ends the stream.
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
        cursor = self._methods.stream(
            options,
            thread_id,
            assistant_id,
            raise_error=raise_error,
            cancel_on_exit=cancel_on_exit,
            on_reconnect=on_reconnect,
        )
        ends = time_limit(options), seconds("event_timeout", event_timeout)
        return AsyncRunStream(self._driver, cursor, *ends)

    @overload
    async def wait(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        raise_error: bool = True,
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
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        **options: Unpack[StatelessStreamOptions],
    ) -> State: ...
    @shows_options(ThreadStreamOptions, StatelessStreamOptions)
    async def wait(
        self,
        thread_id: str | None,
        assistant_id: str,
        *,
        raise_error: bool = True,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        **options: Any,
    ) -> Any:
        """Starts a run, waits for its end, and returns its final values.

        If the graph waits for an answer, the values contain `__interrupt__`, a list of `{"id", "value"}`. The method
        sends POST /threads/{thread_id}/runs/wait, or POST /runs/wait for a stateless run, and joins the run after a
        lost connection or a restart of the server. See docs/outcomes.md.

        Args:
            thread_id: The thread to run on; None for a stateless run, whose temporary thread is deleted at its end.
            assistant_id: The id of an assistant, or the name of a graph.
            raise_error: Whether a failed run raises an error. If not, the result is
                `{"__error__": {"error", "message"}}`, or, for a cancelled run, its values so far.
            cancel_on_exit: How to cancel the run if this call is left before the run has ended: "interrupt",
                "rollback", or None for not at all. The client's setting when not given.
            **options: The fields of the run, such as `input`; also `headers` and `params`, for all requests.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            RunFailedError: The graph raised an exception.
            RunCancelledError, RunTimeoutError: The run was cancelled, or the server stopped it. (For a stateless run,
                that cannot be known without `cancel_on_exit`, and its values so far are returned.)
            WaitTimeoutError: The `timeout` has passed.
            ThreadBusyError: The thread has an active run, and `multitask_strategy` is "reject".
            NotFoundError: There is no such thread or assistant, or the run was rolled back or deleted meanwhile.
            APIError: The call failed in any other way; `run_may_exist` says whether a run may have started.

        Example:
            state = await runs.wait(thread_id, "agent", input={"text": "hi"}, timeout=30)
        """
        flow, held = self._methods.wait(
            options, thread_id, assistant_id, raise_error=raise_error, cancel_on_exit=cancel_on_exit
        )
        return await self._driver.hold(flow, held, AsyncDeadline(time_limit(options)))

    @shows_options(CallOptions)
    def map(
        self,
        payloads: AsyncPayloads,
        *,
        limit: int = 50,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        on_progress: OnProgress | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncGenerator[tuple[int, State | LangGraphRunsError]]:
        """Starts a run for each payload, and iterates over the outcomes as the runs end: the index of the payload, and
        the final values of its run, or the error that `wait` would raise.

        Nothing is sent before the first read. Each run sends what `wait` sends: POST /threads/{thread_id}/runs/wait, or
        POST /runs/wait for a stateless run. To leave early (by `break`, an exception, a cancelled task, Ctrl-C or
        closing the iterator) starts no more runs; those under way continue, unless `cancel_on_exit` says otherwise. See
        docs/many-runs.md.

        Args:
            payloads: One dictionary for each run, as for `create_batch`: its `assistant_id` and the options that
                `create` takes; for a run on a thread, also its `thread_id`. A list is checked before anything is sent.
                Any other iterable, such as a generator, is read as runs end. In the async client, it may be async.
            limit: How many runs may be under way at once, 1 or more; 50 by default. The client's `max_concurrency`
                applies too. An outcome counts until it is read.
            cancel_on_exit: How to cancel a run after its `timeout`, and those under way if the iterator is left:
                "interrupt", "rollback", or None for not at all. The client's setting when not given.
            on_progress: Called with (done, total) before each outcome; `total` is None if `payloads` has no length. A
                sync callable.
            **options: `headers` and `params` for all requests. Here, `timeout` is the deadline for each run.

        Raises:
            TypeError, ValueError: An argument is invalid, or a payload in a list; nothing was sent. For any other
                iterable, reading the outcomes raises it, before that payload is sent. The message has its index.

            Reading the outcomes also raises what `payloads`, or a callback, raises.

        Example:
            payloads: list[BatchRun] = [{"assistant_id": "agent", "input": {"text": text}} for text in texts]
            async for index, outcome in runs.map(payloads, limit=20):
                print(texts[index], outcome)
        """
        from langgraph_runs._async.mapping import AsyncRunMapping

        deadline = time_limit(options)
        runs = self._methods.map(
            options, payloads, limit=limit, cancel_on_exit=cancel_on_exit, on_progress=on_progress
        )
        return AsyncRunMapping(self._driver, runs, deadline).outcomes()

    @shows_options(CallOptions)
    async def join(
        self,
        thread_id: str,
        run_id: str,
        *,
        raise_error: bool = True,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        **options: Unpack[CallOptions],
    ) -> State:
        """Waits for the end of an existing run, and returns its final values, as `wait` does.

        These are the run's own values, even if other runs have used the thread since. The method sends GET
        /threads/{thread_id}/runs/{run_id} and GET /threads/{thread_id}/runs/{run_id}/join. See docs/outcomes.md.

        Args:
            thread_id: The thread of the run.
            run_id: The run.
            raise_error: Whether a failed run raises an error. If not, the result is
                `{"__error__": {"error", "message"}}`, or, for a cancelled run, its values so far.
            cancel_on_exit: How to cancel the run if this call is left before the run has ended: "interrupt",
                "rollback", or None for not at all. The client's setting when not given.
            **options: `headers` and `params` for this call only.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            RunFailedError: The graph raised an exception. If the server no longer knows which one, `reason` says so.
            RunCancelledError, RunTimeoutError: The run was cancelled, or the server stopped it.
            WaitTimeoutError: The `timeout` has passed.
            NotFoundError: There is no such run, or it was rolled back or deleted.
            APIError: The call failed in any other way.

        Example:
            state = await runs.join(thread_id, run_id, timeout=30)
        """
        flow, held = self._methods.join(
            options, thread_id, run_id, raise_error=raise_error, cancel_on_exit=cancel_on_exit
        )
        values: State = await self._driver.hold(flow, held, AsyncDeadline(time_limit(options)))
        return values

    @shows_options(CallOptions)
    def join_stream(
        self,
        thread_id: str,
        run_id: str,
        *,
        last_event_id: str | Position | None = None,
        stream_mode: StreamMode | Sequence[StreamMode] | None = None,
        cancel_on_disconnect: bool = False,
        raise_error: bool = True,
        event_timeout: float | None = None,
        cancel_on_exit: CancelOnExit = FROM_CLIENT,
        on_reconnect: OnReconnect | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncRunStream[State, Update, Custom]:
        """Returns the stream of the parts of an existing run.

        On the first read, it sends GET /threads/{thread_id}/runs/{run_id} if `last_event_id` is not given, and then GET
        /threads/{thread_id}/runs/{run_id}/stream. See docs/streams.md.

        Args:
            thread_id: The thread of the run.
            run_id: The run.
            last_event_id: Where to begin. With the `position` of another stream, exactly after the last part that it
                has yielded; with the id of an event, after all events that have this id; with "-1", with the first
                event. Each of these needs a resumable run. When not given, the stream begins with the next event; if
                the run has not begun, with its first.
            stream_mode: Only parts of these modes, among those that the run was created with; all when not given.
                `metadata`, `error` and `feedback` parts are always included.
            cancel_on_disconnect: Whether the server cancels the run when a connection of this stream is lost; False by
                default.
            raise_error: Whether a failed run raises an error. If not, the last part is an `ErrorPart`.
            event_timeout: How long to wait for the next event, in seconds, lost connections included; heartbeats do not
                count. None, the default, for no limit. Then an `EventTimeoutError` ends the stream.
            cancel_on_exit: How to cancel the run if the stream is left before the run has ended: "interrupt",
                "rollback", or None for not at all. The client's setting when not given.
            on_reconnect: Called with (attempt, delay, cause) before each new connection. A sync callable.
            **options: `headers` and `params` for all requests.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.

            Reading the stream raises the errors that `AsyncRunStream` lists.

        Example:
            async for part in runs.join_stream(thread_id, run_id, last_event_id=position):
                print(part.event, part.data)
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
        ends = time_limit(options), seconds("event_timeout", event_timeout)
        return AsyncRunStream(self._driver, cursor, *ends)

    @shows_options(CallOptions)
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
        """Returns one page of the runs of a thread, newest first. (LangGraph.js lists the oldest first.)

        It sends GET /threads/{thread_id}/runs.

        Args:
            thread_id: The thread.
            limit: How many runs to return at most, 1 or more; 10 by default.
            offset: How many of the newest runs to skip; 0 by default.
            status: Only runs with this status; all when not given.
            select: Only these fields; the others are `UNSET`. All fields when not given.
            **options: `headers` and `params` for this call only.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            APIError: The call failed.

        Example:
            failed = await runs.list(thread_id, status="error", select=["run_id", "created_at"])
        """
        made = self._methods.list_runs(
            options, thread_id, limit=limit, offset=offset, status=status, select=select
        )
        return await self._call(made, options)

    @shows_options(CallOptions)
    async def get(self, thread_id: str, run_id: str, **options: Unpack[CallOptions]) -> models.Run:
        """Returns the run as it is now.

        It sends GET /threads/{thread_id}/runs/{run_id}.

        Args:
            thread_id: The thread of the run.
            run_id: The run.
            **options: `headers` and `params` for this call only.

        Raises:
            TypeError, ValueError: An id is not valid; nothing was sent.
            NotFoundError: There is no such run.
            APIError: The call failed in any other way.
        """
        return await self._call(self._methods.get(options, thread_id, run_id), options)

    @shows_options(CallOptions)
    async def cancel(
        self,
        thread_id: str,
        run_id: str,
        *,
        wait: bool = False,
        action: CancelAction = "interrupt",
        **options: Unpack[CallOptions],
    ) -> None:
        """Cancels a run. It is not an error if the run has already ended.

        It sends POST /threads/{thread_id}/runs/{run_id}/cancel. See docs/outcomes.md.

        Args:
            thread_id: The thread of the run.
            run_id: The run.
            wait: Whether to return only when the run has stopped and its thread is idle, or another run is active on
                the thread; False by default. (The server itself answers while the run is still cleaning up.)
            action: "interrupt" keeps what the run has done; "rollback" deletes it and the run.
            **options: `headers` and `params` for this call only.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            NotFoundError: There is no such run.
            UnprocessableEntityError: The server cannot roll back runs, and `action` is "rollback".
            WaitTimeoutError: The `timeout` has passed.
            APIError: The call failed in any other way.

        Example:
            await runs.cancel(thread_id, run_id, wait=True, timeout=10)  # afterwards, the thread is idle
        """
        flow, held = self._methods.cancel(options, thread_id, run_id, wait=wait, action=action)
        await self._driver.hold(flow, held, AsyncDeadline(time_limit(options)), slot=False)

    @shows_options(CallOptions)
    async def cancel_all(
        self, thread_id: str, *, action: CancelAction = "interrupt", **options: Unpack[CallOptions]
    ) -> Ids:
        """Cancels all pending and running runs of a thread, and returns their ids.

        It sends GET /threads/{thread_id}/runs and POST /runs/cancel.

        Args:
            thread_id: The thread.
            action: "interrupt" keeps what the runs have done; "rollback" deletes it and the runs.
            **options: `headers` and `params` for this call only.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            APIError: The call failed.
        """
        made = self._methods.cancel_all(options, thread_id, action=action)
        return await self._call(made, options, slot=False)

    @shows_options(CallOptions)
    async def cancel_many(
        self,
        *,
        thread_id: str | None = None,
        run_ids: Sequence[str] | None = None,
        status: CancelStatus | None = None,
        action: CancelAction = "interrupt",
        **options: Unpack[CallOptions],
    ) -> None:
        """Cancels many runs: those in `run_ids` on the thread `thread_id`, or all runs of the server with a `status`.

        It sends POST /runs/cancel. Give either `thread_id` and `run_ids`, or `status`.

        Args:
            thread_id: The thread of the runs.
            run_ids: The runs. Those that are unknown or have already ended are skipped.
            status: "pending", "running" or "all". (The development server marks these runs as interrupted, but does
                not stop those that are running.)
            action: "interrupt" keeps what the runs have done; "rollback" deletes it and the runs.
            **options: `headers` and `params` for this call only.

        Raises:
            TypeError, ValueError: An argument is invalid, or both `run_ids` and `status` were given, or neither;
                nothing was sent.
            NotFoundError: The server knows none of the runs.
            APIError: The call failed in any other way.

        Example:
            await runs.cancel_many(thread_id=thread_id, run_ids=[run_id], action="rollback")
        """
        made = self._methods.cancel_many(
            options, thread_id=thread_id, run_ids=run_ids, status=status, action=action
        )
        await self._call(made, options, slot=False)

    @shows_options(CallOptions)
    async def delete(self, thread_id: str, run_id: str, **options: Unpack[CallOptions]) -> None:
        """Deletes a run and its checkpoints. This does not stop the graph of an active run: cancel the run first.

        It sends DELETE /threads/{thread_id}/runs/{run_id}.

        Args:
            thread_id: The thread of the run.
            run_id: The run.
            **options: `headers` and `params` for this call only.

        Raises:
            TypeError, ValueError: An id is not valid; nothing was sent.
            NotFoundError: There is no such run.
            APIError: The call failed in any other way.
        """
        await self._call(self._methods.delete(options, thread_id, run_id), options)

    @shows_options(CallOptions)
    def list_all(
        self,
        thread_id: str,
        *,
        page_size: int = 100,
        status: RunStatus | None = None,
        select: Sequence[RunField] | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncIterator[models.Run]:
        """Iterates over all runs of a thread, newest first, each once. (LangGraph.js lists the oldest first.)

        It fetches them page by page, as the loop asks for them, by GET /threads/{thread_id}/runs. No run comes twice,
        even if other runs start meanwhile.

        Args:
            thread_id: The thread.
            page_size: How many runs to fetch at a time, 1 or more; 100 by default.
            status: Only runs with this status; all when not given.
            select: Only these fields and `run_id`; the others are `UNSET`. All fields when not given.
            **options: `headers` and `params` for this call only.

        Raises:
            TypeError, ValueError: An argument is invalid; nothing was sent.
            APIError: The call failed.

        Example:
            async for run in runs.list_all(thread_id, status="running"):
                print(run.run_id)
        """
        pages = self._methods.list_all(options, thread_id, page_size=page_size, status=status, select=select)
        return self._all(pages, options, time_limit(options))

    async def _all(
        self, pages: Pages, options: CallOptions, seconds: float | None
    ) -> AsyncIterator[models.Run]:
        deadline = AsyncDeadline(seconds)
        while (call := pages.next()) is not None:
            flow, deadline.observed = self._methods.page(call, options)
            for run in pages.new(await self._driver.call(flow, deadline)):
                yield run

    async def _call(self, made: Made[T], options: Mapping[str, Any], *, slot: bool = True) -> T:
        flow, observed = made
        return await self._driver.call(flow, AsyncDeadline(time_limit(options), observed), slot=slot)
