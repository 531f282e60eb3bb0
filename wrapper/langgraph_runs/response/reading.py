"""What a response means: one function for each kind of response. No I/O.

`failure` handles every way in which a server reports that a run failed: the body of a wait, or an event of a stream.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from langgraph_runs_api.models import Run, Thread
from langgraph_runs_api.types import Unset

from langgraph_runs.errors import APIConnectionError, APIResponseError, LangGraphRunsError, NotFoundError
from langgraph_runs.json_types import is_array, is_identifier, is_object
from langgraph_runs.response.answer import Answer, accepted
from langgraph_runs.response.content_coding import unknown
from langgraph_runs.response.failure import name_and_reason, run_error, says_not_found
from langgraph_runs.response.json_text import NotJSONError, decoded

T = TypeVar("T")

# For an unknown run, the server answers 404 too, but with "No runs found to cancel."
_ENDED_ALREADY = b"No matching runs to cancel"

_SHOWN = 200  # characters of an error in a message


def nothing(answer: Answer) -> None:
    """Checks a response that only confirms: its body must be empty or JSON. A server that waits for the run before it
    responds may send line feeds meanwhile, and then nothing.

    Raises:
        APIResponseError: The body is something else, such as the sign-in page of a proxy.
    """
    if accepted(answer).body.strip():
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
    if accepted(answer).status != 200:
        raise answer.unreadable(f"the response must be a stream of events, but its status is {answer.status}")
    if coding := answer.headers.get("content-encoding"):  # the transport removes those that it can decode
        raise answer.unreadable(f"the body cannot be read: {unknown(coding)}")
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
    try:
        return decoded(accepted(answer).body)
    except NotJSONError as error:
        raise answer.unreadable(f"the response is not JSON ({error})") from error


def run(answer: Answer) -> Run:
    """The run that the body contains.

    Raises:
        APIResponseError: It contains something else, such as an object without the id of a run.
    """
    return _modelled(answer, _identified_run)


def thread(answer: Answer) -> Thread:
    """The thread that the body contains.

    Raises:
        APIResponseError: It contains something else, such as an object without the id of a thread.
    """
    return _modelled(answer, _identified_thread)


def runs(answer: Answer, *, count: int | None = None) -> list[Run]:
    """The runs that the body lists.

    Raises:
        APIResponseError: It contains something else, such as a run without an id, or not as many runs as were asked
            for.
    """
    found = _modelled(answer, lambda body: [_identified_run(one) for one in _list(body)])
    if count is not None and len(found) != count:
        raise answer.unreadable(f"{count} runs were asked for, but {len(found)} were returned")
    return found


def selected_fields(answer: Answer) -> list[Run]:
    """The runs that the body lists, of which only fields other than the id were asked for.

    Raises:
        APIResponseError: It contains something else.
    """
    return _modelled(answer, lambda body: [Run.from_dict(one) for one in _list(body)])


def outcome(answer: Answer) -> Any:
    """The outcome of a run, as wait and join report it: its final values, or an object with `__error__`.

    Raises:
        NotFoundError: The run is unknown. The server reports that with status 200.
        APIConnectionError: There is no outcome in the body, or only the beginning of one: the server sends white space
            while the run is active, and some proxies end a response as if it were complete.
        APIResponseError: The body is not JSON.
    """
    try:
        values = json(answer)
    except APIResponseError as error:
        if not (isinstance(error.__cause__, NotJSONError) and error.__cause__.is_prefix):
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
        name, reason = name_and_reason(reported)
        body = {"error": name, "message": reason} if is_object(reported) else reported
        message = f"404 from {answer.method} {answer.url}: {reason}"
        return NotFoundError(message, body=body, **replace(answer, status=404).facts())
    return run_error("error", reported, run_id=answer.run_id, thread_id=answer.thread_id)


def _modelled(answer: Answer, model: Callable[[Any], T]) -> T:
    body = json(answer)
    try:
        return model(body)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        if is_object(body) and isinstance(body.get("run_id"), str):  # the run exists nevertheless
            answer = replace(answer, run_id=body["run_id"])
        raise answer.unreadable(
            f"the response is not what the API promises ({repr(error)[:_SHOWN]})"
        ) from error


def _identified_run(body: Any) -> Run:
    found = Run.from_dict(body)
    if not is_identifier(found.run_id):
        raise ValueError("there is no valid run_id")
    if not isinstance(found.thread_id, Unset) and not is_identifier(found.thread_id):
        raise ValueError("thread_id is not a valid id")
    return found


def _identified_thread(body: Any) -> Thread:
    found = Thread.from_dict(body)
    if not is_identifier(found.thread_id):
        raise ValueError("there is no valid thread_id")
    return found


def _list(body: Any) -> list[Any]:
    if not is_array(body):
        raise TypeError(f"{type(body).__name__} instead of a list")
    return body
