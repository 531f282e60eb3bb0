"""What a method does that may take several requests: a generator of calls to send and pauses to make. No I/O.

Whoever follows a flow sends each call that it yields, gives it back what the answer means or throws in the APIError
that came instead, and waits as long as a pause says. The flow returns what the method does:

    def flow() -> Flow[Run]:
        run = yield from attempted(wire.get({}, thread_id, run_id), tries)
        ...
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from langgraph_runs_api.models import Run

from langgraph_runs import wire
from langgraph_runs.arguments import is_identifier
from langgraph_runs.call import REQUEST_ID, Call
from langgraph_runs.errors import APIError, NotFoundError
from langgraph_runs.plain import is_mapping
from langgraph_runs.retry import Retries, Tries, is_passing, may_repeat

T = TypeVar("T")

NEWEST = 100  # of a thread's runs, among which one is looked for


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait so many seconds, and go on."""

    seconds: float


Flow: TypeAlias = Generator[Call[Any] | Pause, Any, T]


def once(call: Call[T]) -> Flow[T]:
    """Sends a call, and gives what it means."""
    value: T = yield call
    return value


def attempted(call: Call[T], tries: Tries) -> Flow[T]:
    """Sends a call, again where that may help and does no harm, and gives what it means.

    Raises:
        APIError: What the last attempt came to.
    """
    may_have_passed = False
    while True:
        try:
            return (yield from once(call))
        except NotFoundError:
            if may_have_passed and call.gone_is_done:
                return None  # type: ignore[return-value]  # such a call means nothing: it is a delete, or a cancel
            raise
        except APIError as error:
            if not may_repeat(error, starts_a_run=call.starts_a_run):
                raise
            may_have_passed = may_have_passed or error.may_have_passed
            yield Pause(tries.after(error))


def started(call: Call[T], retries: Retries) -> Flow[T | Run]:
    """Sends a call that starts a run, and gives what it means; or the run, where the answer was lost and the server has
    it all the same: it is never started twice.

    Raises:
        APIError: What came of it; with `run_may_exist` where that is not known.
    """
    try:
        return (yield from attempted(call, retries.of_a_call()))
    except APIError as error:
        if error.run_id is None and error.run_may_exist and is_passing(error):
            run = yield from found(call, retries)
            if run is not None:
                return run
        raise


def created(call: Call[Run], retries: Retries) -> Flow[Run]:
    """Starts a run in the background by a call, and gives it."""
    try:
        run = yield from started(call, retries)
    except APIError as error:
        if error.run_id is None or call.thread_id is None or not is_passing(error):
            raise
        try:  # its headers have come, and name the run
            run = yield from attempted(
                wire.get(call.options, call.thread_id, error.run_id), retries.of_a_call()
            )
        except APIError:
            raise error from error.__cause__
    if call.on_run_created and isinstance(run.run_id, str):
        call.on_run_created(run.run_id, run.thread_id if isinstance(run.thread_id, str) else None)
    return run


def urgently(flow: Flow[T]) -> Flow[T]:
    """The same, waiting for no other call."""
    try:
        step = next(flow)
        while True:
            try:
                value = yield replace(step, urgent=True) if isinstance(step, Call) else step
            except APIError as error:
                step = flow.throw(error)
            else:
                step = flow.send(value)
    except StopIteration as end:
        result: T = end.value
        return result


def found(call: Call[Any], retries: Retries) -> Flow[Run | None]:
    """The run that a call has started whose answer was lost; None if there is none, or none that can be found. It is
    looked for several times: the server may still be about to start it."""
    if call.nonce is None or call.thread_id is None or not retries.may_look:
        return None
    for look in range(1 + retries.of_a_call().most):
        if look:
            yield Pause(retries.delay(look))
        try:
            runs = yield from attempted(newest(call.options, call.thread_id), retries.of_a_call())
        except NotFoundError:  # the thread, which the call was to make
            continue
        except APIError:
            return None
        for run in runs:
            if call.nonce in _request_ids(run) and is_identifier(run.run_id):
                return run
    return None


def newest(options: Mapping[str, Any], thread_id: str, limit: int = NEWEST) -> Call[list[Run]]:
    """The newest runs of a thread."""
    return wire.list_runs(options, thread_id, limit=limit, offset=0, status=None, select=None)


def _request_ids(run: Run) -> tuple[Any, ...]:
    """The `x-request-id` of the request that started it: where the Python server notes it, and the JavaScript one."""
    found: Any = run.kwargs.to_dict() if run.kwargs else {}
    for name in ("config", "configurable"):
        found = found.get(name) if is_mapping(found) else None
    if not is_mapping(found):
        return ()
    return found.get("langgraph_request_id"), found.get(REQUEST_ID)
