"""What an answer means: a value, or one of the errors. Plain data in, no I/O.

Every answer of the server passes `accepted`, so a status means the same in every method; and every way in which a run
is told to have failed passes `failure`, be it the body of a wait or an event of a stream.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import unquote

import orjson
from langgraph_runs_api.models import Run, Thread

from langgraph_runs.arguments import is_identifier
from langgraph_runs.errors import (
    APIConnectionError,
    APIResponseError,
    LangGraphRunsError,
    NotFoundError,
    RunCancelledError,
    RunError,
    RunFailedError,
    RunTimeoutError,
    status_error,
)
from langgraph_runs.plain import is_array, is_object

T = TypeVar("T")

# A run's path, or a stateless run's; more may follow, and the server's own path may stand before.
_RUN_PATH = re.compile(r".*/threads/([^/?#]+)/runs/([^/?#]+)|.*()/runs/([^/?#]+)")

# An unknown run is told in other words: "No runs found to cancel."
_ENDED_ALREADY = b"No matching runs to cancel"

_SHOWN = 300  # characters of a body, in a message
_DIGITS = 15  # of a Retry-After: 30 million years


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the server.

    Attributes:
        method: Of the request.
        url: Of the request, without its query.
        status: The status code.
        headers: By name in lower case.
        body: All of it; empty as long as only the headers have come.
        run_id: The run it is about, as far as the request or the headers say.
        thread_id: Its thread, likewise.
        starts_a_run: Whether the request was to start a run.
        was_sent: Whether a byte of the request may have left.
        request_id: Of the request, where it had one.
        seconds: How long it has taken.
    """

    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    run_id: str | None = None
    thread_id: str | None = None
    starts_a_run: bool = False
    was_sent: bool = True
    request_id: str | None = None
    seconds: float = 0.0

    def begun(self, status: int, headers: Mapping[str, str]) -> Answer:
        """The same with its status and its headers, and with the ids that these hold."""
        run_id, thread_id = _ids_in(headers.get("content-location") or headers.get("location") or "")
        return Answer(  # not by `replace`, which costs a call a hundredth
            self.method,
            self.url,
            status,
            headers,
            self.body,
            run_id or self.run_id,
            thread_id or self.thread_id,
            self.starts_a_run,
            self.was_sent,
            self.request_id,
            self.seconds,
        )

    def facts(self) -> dict[str, Any]:
        """What an error says of it, besides its message and its body."""
        return {
            "method": self.method,
            "url": self.url,
            "status": self.status or None,
            "request_id": self.headers.get("x-request-id") or self.request_id,
            "run_may_exist": self.starts_a_run and self._may_have_passed(),
            "may_have_passed": self._may_have_passed(),
            "retry_after": retry_after(self.headers),
            "seconds": self.seconds,
            "run_id": self.run_id,
            "thread_id": self.thread_id,
        }

    def _may_have_passed(self) -> bool:
        """Whether the request may have had its effect. A failure on the way does not say that it has not."""
        is_refusal = 300 <= self.status < 500 or (self.status == 503 and "retry-after" in self.headers)
        return self.was_sent and not is_refusal

    def unreadable(self, why: str) -> APIResponseError:
        """The error for an answer that is not what the API promises."""
        shown = f": {_text(self.body)[:_SHOWN]!r}" if self.body else ""
        return APIResponseError(
            f"{self.method} {self.url}: {why}{shown}", body=_text(self.body), **self.facts()
        )


def _ids_in(path: str) -> tuple[str | None, str | None]:
    """The run's id, and its thread's, in a run's path."""
    if not (match := _RUN_PATH.match(path)):
        return None, None
    thread_id, run_id = (unquote(part) for part in match.groups() if part is not None)
    if not is_identifier(run_id) or (thread_id and not is_identifier(thread_id)):
        return None, None
    return run_id, thread_id or None


def accepted(answer: Answer) -> Answer:
    """The answer, if its status says yes.

    Raises:
        APIStatusError: It says no; which class it is, `errors.status_error` decides.
        APIResponseError: It says neither, as a redirect that leads nowhere does.
    """
    if 200 <= answer.status < 300:
        return answer
    if answer.status < 400:
        raise answer.unreadable(f"status {answer.status} is no answer to this")
    body = text = _text(answer.body)
    try:
        body = orjson.loads(answer.body)
        str(body)
    except (orjson.JSONDecodeError, RecursionError):  # or nested so deep that nobody could show or pickle it
        body = text
    raise status_error(answer.status, text)(
        f"{answer.status} from {answer.method} {answer.url}: {_reason(body)[:_SHOWN] or 'no reason given'}",
        body=body,
        **answer.facts(),
    )


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """How many seconds the server asks to wait, as https://www.rfc-editor.org/rfc/rfc9110#field.retry-after has it: a
    number of them, or a date. None where it does not ask, or cannot be understood."""
    given = headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return float(given[:_DIGITS])
    try:
        now = now or (_date(headers["date"]) if "date" in headers else datetime.now(UTC))
        return max(0.0, (_date(given) - now).total_seconds())
    except (ValueError, OverflowError):
        return None


def _date(text: str) -> datetime:
    """The date that a header names.

    Raises:
        ValueError: It names none.
    """
    moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def nothing(answer: Answer) -> None:
    """Reads an answer that says no more than yes: nothing, or JSON of whatever kind.

    Raises:
        APIResponseError: It says something else, as a proxy's sign-in page does.
    """
    if accepted(answer).body:
        json(answer)


def stopped(answer: Answer) -> None:
    """Reads the answer to a cancel. A run that has ended already is stopped as well, though the server says 404."""
    if not (answer.status == 404 and _ENDED_ALREADY in answer.body):
        nothing(answer)


def streaming(answer: Answer) -> None:
    """Reads the headers of a stream.

    Raises:
        APIResponseError: It is no stream of events.
    """
    accepted(answer)
    kind = answer.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() != "text/event-stream":
        raise answer.unreadable(f"the answer is no stream of events, but {kind or 'of no type'}")


def json(answer: Answer) -> Any:
    """The body, decoded.

    Raises:
        APIResponseError: It is not JSON.
    """
    accepted(answer)
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        raise answer.unreadable(f"the answer is not JSON ({error})") from error


def run(answer: Answer) -> Run:
    """The run that the body is.

    Raises:
        APIResponseError: It is something else.
    """
    return _modelled(answer, Run.from_dict)


def thread(answer: Answer) -> Thread:
    """The thread that the body is.

    Raises:
        APIResponseError: It is something else.
    """
    return _modelled(answer, Thread.from_dict)


def runs(answer: Answer, *, count: int | None = None) -> list[Run]:
    """The runs that the body lists.

    Raises:
        APIResponseError: It is something else, or not as many as were asked for.
    """
    found = _modelled(answer, lambda body: [Run.from_dict(one) for one in _list(body)])
    if count is not None and len(found) != count:
        raise answer.unreadable(f"{count} runs were asked for, and {len(found)} answered")
    return found


def outcome(answer: Answer) -> Any:
    """What a run came to, as wait and join tell it: the values, or `__error__` in their place.

    Raises:
        NotFoundError: The run is unknown. The server says so with status 200.
        APIConnectionError: There is no outcome in it, or not all of one: the server sends white space as long as the
            run goes on, and some proxies end an answer as if it were whole.
        APIResponseError: The body is not JSON.
    """
    kind = accepted(answer).headers.get("content-type", "")
    try:
        values = json(answer)
    except APIResponseError as error:
        if answer.body.strip() and "html" in kind:
            raise
        message = f"{answer.method} {answer.url}: the answer ended before the run"
        raise APIConnectionError(message, **answer.facts()) from error
    if is_object(values) and is_object(values.get("__error__")):
        unknown = failure(answer, values["__error__"])
        if isinstance(unknown, NotFoundError):
            raise unknown
    return values


def states(answer: Answer) -> list[dict[str, Any]]:
    """The states of a thread that the body lists; none, where the server has no history to show.

    Raises:
        APIResponseError: It is something else.
    """
    if answer.status in (404, 405):
        return []
    body = json(answer)
    if not is_array(body):
        raise answer.unreadable("the answer is no list of states")
    return [state for state in body if is_object(state)]


def failure(answer: Answer, told: object) -> LangGraphRunsError:
    """The error for what the server tells of a run that failed, or that it cannot find."""
    name, reason = name_and_reason(told)
    if (name == "HTTPException" and reason.startswith("404")) or told == "Run not found":
        return NotFoundError(
            f"404 from {answer.method} {answer.url}: {reason}",
            body=told,
            **replace(answer, status=404).facts(),
        )
    return run_error("error", told, run_id=answer.run_id, thread_id=answer.thread_id)


def run_error(status: str, told: object, *, run_id: str | None, thread_id: str | None) -> RunError:
    """The error for a run with this status; `told` is what the server says of a failure."""
    if status == RunCancelledError.status:
        return RunCancelledError("the run was cancelled", run_id=run_id, thread_id=thread_id)
    if status == RunTimeoutError.status:
        message = "the run took longer than the server allows"
        return RunTimeoutError(message, run_id=run_id, thread_id=thread_id)
    return RunFailedError(*name_and_reason(told), run_id=run_id, thread_id=thread_id)


def name_and_reason(told: object) -> tuple[str, str]:
    """The class of what a graph raised, by name, and its message."""
    if not is_object(told):
        return "Error", _words(told)
    name, reason = _words(told.get("error", "Error")), _words(told.get("message", ""))
    if reason.startswith('{"error":'):  # The JavaScript server wraps the pair in itself, as text.
        try:
            return name_and_reason(orjson.loads(reason))
        except orjson.JSONDecodeError:
            pass
    return name, reason


def _modelled(answer: Answer, model: Callable[[Any], T]) -> T:
    body = json(answer)
    try:
        return model(body)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        if is_object(body) and isinstance(body.get("run_id"), str):  # it is there, whatever else is wrong
            answer = replace(answer, run_id=body["run_id"])
        raise answer.unreadable(f"the answer is not what the API promises ({error!r})") from error


def _list(body: Any) -> list[Any]:
    if not is_array(body):
        raise TypeError(f"{type(body).__name__} in place of a list")
    return body


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _reason(body: Any) -> str:
    """The words in an error's body, wherever servers put them."""
    if is_object(body):
        body = next((body[key] for key in ("detail", "message", "error") if body.get(key)), body)
    return " ".join(_words(body).split())


def _words(told: object) -> str:
    try:
        return str(told)
    except RecursionError:  # nested a thousand levels deep
        return type(told).__name__
