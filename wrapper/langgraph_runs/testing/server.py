"""The scripted server, as tests use it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from langgraph_runs.testing import shown
from langgraph_runs.testing.clients import InMemoryServer
from langgraph_runs.testing.exchange import How, Reply, Request, refusal
from langgraph_runs.testing.faults import Fault
from langgraph_runs.testing.routes import Routes
from langgraph_runs.testing.script import Script, Step, check_count, check_seconds, checked
from langgraph_runs.testing.starting import Scripted, UnscriptedError
from langgraph_runs.testing.state import BUSY

_DETAILS = {409: BUSY, 429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable"}


class RunsServer(InMemoryServer):
    """A server of runs in memory, which does what a test says and otherwise what a LangGraph server does.

    A run does the steps of its script: it sends `(event, data)` pairs, pauses, fails or asks. Each fault happens to the
    next request that it matches. A request that nothing is scripted for is refused with status 501, and is an entry of
    `unscripted`. Threads, states, ids of events, replay, cancelling and conflicts are those of the real server.

    Args:
        heartbeat: Seconds between two heartbeats of a stream or a wait; 5 by default, as on the real server.
        doubles: How many events at most a stream gets twice if it joins a run that goes on; 2 by default. The real
            server does that too: it subscribes a connection before it replays.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A number is out of range.

    Example:
        server = RunsServer()
        server.run(("values", {"text": "Hello"}))
        assert {"text": "Hello"} == server.client().wait(None, "agent")
    """

    def __init__(self, *, heartbeat: float = 5.0, doubles: int = 2) -> None:
        check_seconds("heartbeat", heartbeat)
        check_count("doubles", doubles, 0)
        if heartbeat <= 0:
            raise ValueError(f"heartbeat={heartbeat!r} must be a positive number of seconds")
        super().__init__()
        self._routes = Routes(monotonic, heartbeat, doubles)
        self._faults: list[Fault] = []
        self._unscripted: list[str] = []

    # What a test says

    def run(self, *steps: Step | Script, times: int | None = 1) -> None:
        """Scripts the next run.

        Args:
            steps: What it does: pairs `(event, data)`, `Pause`, `Hold`, `Heartbeat`, `Fail` and `Interrupt`. The server
                sends the event `metadata` itself. Or one function that returns them, for the body of the request.
            times: How many runs do this, one after the other; None for all.

        Raises:
            TypeError: A step has the wrong type.
            ValueError: A step cannot be sent, or follows the end of the run.

        Example:
            server.run(("updates", {"greet": {"text": "Hello"}}), Pause(0.1), ("values", {"text": "Hello"}))
        """
        if times is not None:
            check_count("times", times, 1)
        if len(steps) == 1 and callable(steps[0]) and not isinstance(steps[0], type):
            self._routes.scripts.append(Scripted(steps[0], times))
            return
        given: Any = steps
        self._routes.scripts.append(Scripted(checked(given), times))

    def refuse(
        self,
        status: int,
        detail: str | None = None,
        *,
        retry_after: float | None = None,
        times: int = 1,
        delay: float = 0.0,
        on: str = "*",
    ) -> None:
        """Refuses the next request, which has no effect.

        Args:
            status: The status, such as 409, 429 or 503.
            detail: The reason in the body; a usual one when not given.
            retry_after: The header `Retry-After`, in seconds; none when not given.
            times: How many requests are refused.
            delay: Seconds before the response.
            on: Which requests, as "METHOD /path", where `*` stands for anything: "POST */stream".

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: A number is out of range.

        Example:
            server.refuse(429, retry_after=0.1)
        """
        check_count("status", status, 400)
        if status > 599:
            raise ValueError(f"status={status!r} must be 400 to 599")
        if retry_after is not None:
            check_seconds("retry_after", retry_after)
        reason = _DETAILS.get(status, "refused by the test") if detail is None else detail
        self._add(Fault(on, times, delay, status=status, detail=reason, retry_after=retry_after))

    def drop(
        self,
        *,
        events: int | None = None,
        bytes: int | None = None,  # noqa: A002
        how: How = "cut",
        times: int = 1,
        delay: float = 0.0,
        on: str | None = None,
    ) -> None:
        """Drops the connection of the next response. The request takes effect: a run that it starts goes on.

        Args:
            events: After how many events of a stream; the first is `metadata`. Other responses are left alone.
            bytes: After how many bytes of the body. Without both, no response is sent at all.
            how: "cut" for an end in the middle of the response, "reset" for a reset of the connection, and "end" for a
                stream that ends properly, as when a server shuts down.
            times: How many responses.
            delay: Seconds before the response.
            on: Which requests, as "METHOD /path", where `*` stands for anything.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: A value is out of range, or both `events` and `bytes` are given.

        Example:
            server.drop(events=3)
        """
        if events is not None and bytes is not None:
            raise ValueError("events= and bytes= exclude each other")
        for name, count in (("events", events), ("bytes", bytes)):
            if count is not None:
                check_count(name, count, 0)
        if how not in ("cut", "reset", "end"):
            raise ValueError(f"how={how!r} must be 'cut', 'reset' or 'end'")
        matching = on or ("* */stream" if events is not None else "*")
        self._add(Fault(matching, times, delay, how=how, events=events, bytes=bytes))

    def delay(self, seconds: float, *, times: int = 1, on: str = "*") -> None:
        """Responds late to the next request.

        Args:
            seconds: How long the server takes, in seconds.
            times: How many requests.
            on: Which requests, as "METHOD /path", where `*` stands for anything.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: A number is out of range.

        Example:
            server.delay(0.2, on="POST */wait")
        """
        self._add(Fault(on, times, seconds))

    def thread(self) -> str:
        """Creates a thread.

        Returns:
            Its id.
        """
        with self._routes.locked():
            return self._routes.state.new_thread().thread_id

    def release(self) -> None:
        """Lets every running run continue after the `Hold` at which it is, or the next one."""
        with self._routes.locked():
            self._routes.state.release(self._routes.state.runs, monotonic())

    # What has happened

    @property
    def runs(self) -> list[dict[str, Any]]:
        """The runs so far, as the server shows them, the oldest first; also those that are deleted."""
        with self._routes.locked():
            return [shown.run(run) for run in self._routes.state.runs]

    @property
    def unscripted(self) -> Sequence[str]:
        """What was refused with 501 because nothing was scripted for it, with what to do about it."""
        return tuple(self._unscripted)

    @property
    def unused(self) -> Sequence[str]:
        """What is scripted and has not happened yet, as the calls that script it. `times=None` is never unused.

        Example:
            assert not server.unused
        """
        with self._routes.locked():
            runs = [str(one) for one in self._routes.scripts if one.times is not None]
            return (*runs, *(str(one) for one in self._faults if one.times))

    # How to reach it, besides the clients of InMemoryServer

    @contextmanager
    def listening(self) -> Generator[str]:
        """Serves on a free port of 127.0.0.1 until the end of the block, for programs that need a real one.

        Yields:
            The URL.

        Example:
            with server.listening() as url, RunsClient(url) as runs:
                runs.wait(None, "agent")
        """
        from langgraph_runs.testing.port import listening

        with listening(self.respond) as url:
            yield url

    def respond(self, request: Request) -> Reply:
        """The response to a request, with what is scripted to happen to it. For transports of other libraries.

        Args:
            request: The request.
        """
        with self._routes.locked():
            self._requests.append(request)
            fault = next((one for one in self._faults if one.matches(request)), None)
            if fault is not None:
                fault.times -= 1
            try:
                reply = (fault and fault.refuse()) or self._routes.respond(request)
            except UnscriptedError as error:
                self._unscripted.append(str(error))
                return refusal(501, f"unscripted request: {error}")
            return fault.spoil(reply) if fault else reply

    def _add(self, fault: Fault) -> None:
        check_count("times", fault.times, 1)
        check_seconds("delay", fault.delay)
        if not isinstance(fault.on, str) or " " not in fault.on.replace("*", " "):
            raise ValueError(f'on={fault.on!r} must be "METHOD /path", for example "POST */stream"')
        self._faults.append(fault)
