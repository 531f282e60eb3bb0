"""What a response means: one function for each kind of response. No I/O.

`failure` handles every way in which a server reports that a run failed: the body of a wait, or an event of a stream.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import orjson
from langgraph_runs_api.models import Run, Thread

from langgraph_runs.errors import APIConnectionError, APIResponseError, LangGraphRunsError, NotFoundError
from langgraph_runs.json_types import is_array, is_identifier, is_object
from langgraph_runs.response.answer import Answer, accepted
from langgraph_runs.response.failure import name_and_reason, run_error, says_not_found

T = TypeVar("T")

# For an unknown run, the server answers 404 too, but with "No runs found to cancel."
_ENDED_ALREADY = b"No matching runs to cancel"


def nothing(answer: Answer) -> None:
    """Checks a response that only confirms: its body must be empty or JSON.

    Raises:
        APIResponseError: The body is something else, such as the sign-in page of a proxy.
    """
    if accepted(answer).body:
        json(answer)


def cancelled(answer: Answer) -> None:
    """Checks the response to a cancel. If the run has already ended, that is a success, though the server sends 404."""
    if not (answer.status == 404 and _ENDED_ALREADY in answer.body):
        nothing(answer)


def stream_head(answer: Answer) -> None:
    """Checks the headers of a stream.

    Raises:
        APIResponseError: It is not a stream of events.
    """
    accepted(answer)
    kind = answer.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() != "text/event-stream":
        raise answer.unreadable(
            f"the response must be a stream of events, but its type is {kind or 'not given'}"
        )


def json(answer: Answer) -> Any:
    """The body, decoded.

    Raises:
        APIResponseError: It is not JSON.
    """
    accepted(answer)
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        raise answer.unreadable(f"the response is not JSON ({error})") from error


def run(answer: Answer) -> Run:
    """The run that the body contains.

    Raises:
        APIResponseError: It contains something else.
    """
    return _modelled(answer, Run.from_dict)


def thread(answer: Answer) -> Thread:
    """The thread that the body contains.

    Raises:
        APIResponseError: It contains something else.
    """
    return _modelled(answer, Thread.from_dict)


def runs(answer: Answer, *, count: int | None = None) -> list[Run]:
    """The runs that the body lists.

    Raises:
        APIResponseError: It contains something else, or not as many runs as were asked for.
    """
    found = _modelled(answer, lambda body: [Run.from_dict(one) for one in _list(body)])
    if count is not None and len(found) != count:
        raise answer.unreadable(f"{count} runs were asked for, but {len(found)} were returned")
    return found


def identified_runs(answer: Answer) -> list[Run]:
    """The runs that the body lists, all of which must have an id.

    Raises:
        APIResponseError: It contains something else, or a run without an id.
    """
    found = runs(answer)
    if not all(is_identifier(run.run_id) for run in found):
        raise answer.unreadable("a run in the response has no id")
    return found


def outcome(answer: Answer) -> Any:
    """The outcome of a run, as wait and join report it: its final values, or an object with `__error__`.

    Raises:
        NotFoundError: The run is unknown. The server reports that with status 200.
        APIConnectionError: There is no outcome in the body, or only a part of one: the server sends white space while
            the run is active, and some proxies end a response as if it were complete.
        APIResponseError: The body is not JSON.
    """
    kind = accepted(answer).headers.get("content-type", "")
    try:
        values = json(answer)
    except APIResponseError as error:
        if answer.body.strip() and "html" in kind:
            raise
        message = f"{answer.method} {answer.url}: the response ended before the run"
        raise APIConnectionError(message, **answer.facts()) from error
    if is_object(values) and is_object(reported := values.get("__error__")) and says_not_found(reported):
        raise failure(answer, reported)
    return values


def states(answer: Answer) -> list[dict[str, Any]]:
    """The states of a thread that the body lists; none if the server has no history.

    Raises:
        APIResponseError: The body is not a list.
    """
    if answer.status in (404, 405):
        return []
    body = json(answer)
    if not is_array(body):
        raise answer.unreadable("the response is not a list of states")
    return [state for state in body if is_object(state)]


def failure(answer: Answer, reported: object) -> LangGraphRunsError:
    """The error for what the server reports about a run that failed, or that it cannot find."""
    if says_not_found(reported):
        message = f"404 from {answer.method} {answer.url}: {name_and_reason(reported)[1]}"
        return NotFoundError(message, body=reported, **replace(answer, status=404).facts())
    return run_error("error", reported, run_id=answer.run_id, thread_id=answer.thread_id)


def _modelled(answer: Answer, model: Callable[[Any], T]) -> T:
    body = json(answer)
    try:
        return model(body)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        if is_object(body) and isinstance(body.get("run_id"), str):  # the run exists nevertheless
            answer = replace(answer, run_id=body["run_id"])
        raise answer.unreadable(f"the response is not what the API promises ({error!r})") from error


def _list(body: Any) -> list[Any]:
    if not is_array(body):
        raise TypeError(f"{type(body).__name__} instead of a list")
    return body
