"""A response of the server as plain data, and whether its status means success. No I/O.

Every response passes `accepted`, so a status means the same in every method.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote

import orjson

from langgraph_runs.errors import APIResponseError, APITimeoutError
from langgraph_runs.json_types import is_array, is_identifier, is_object
from langgraph_runs.response.failure import CUT, MAX_ERROR_BYTES, as_text, status_error

# The path of a run, or of a stateless run. The path of the server may come before it, and more may follow.
_RUN_PATH = re.compile(r".*/threads/([^/?#]+)/runs/([^/?#]+)|.*()/runs/([^/?#]+)")

_SHOWN = 300  # characters of what a server sent in a message
_MAX_DEPTH = 100  # of the body of a refusal
_DIGITS = 15  # of a Retry-After that are read: 30 million years


@dataclass(frozen=True, slots=True)
class Answer:
    """A response of the server.

    Attributes:
        method: The method of the request.
        url: The URL of the request, without its query.
        status: The status code; 0 if no response has come yet.
        headers: The headers, by name in lower case.
        body: The whole body; empty while only the headers have come.
        run_id: The run it is about, if the request or the headers say so.
        thread_id: Its thread, likewise.
        starts_a_run: Whether the request starts a run.
        was_sent: Whether a byte of the request may have been sent.
        request_id: The `x-request-id` of the request, if it had one.
        seconds: How long the call has taken.
        flaw: Why the body of a refusal is missing, or incomplete; "" if it is not.
    """

    method: str
    url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    run_id: str | None = None
    thread_id: str | None = None
    starts_a_run: bool = False
    was_sent: bool = True
    request_id: str | None = None
    seconds: float = 0.0
    flaw: str = ""

    def with_head(self, status: int, headers: Mapping[str, str]) -> Answer:
        """A copy with the status, the headers, and the ids that the headers contain."""
        run_id, thread_id = ids_in(headers.get("content-location") or headers.get("location") or "")
        return Answer(  # not `replace`, which costs a hundredth of a call
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
        """The fields of an APIError about this response, except its message and its body."""
        may_have_passed = self.was_sent and not self._is_refusal()
        return {
            "method": self.method,
            "url": self.url,
            "status": self.status or None,
            "request_id": self.headers.get("x-request-id") or self.request_id,
            "run_may_exist": self.starts_a_run and may_have_passed,
            "may_have_passed": may_have_passed,
            "retry_after": retry_after(self.headers),
            "seconds": self.seconds,
            "run_id": self.run_id,
            "thread_id": self.thread_id,
        }

    def _is_refusal(self) -> bool:
        """Whether the status says that the request had no effect. Most 5xx do not: a proxy may have failed."""
        return 300 <= self.status < 500 or (self.status == 503 and "retry-after" in self.headers)

    def late(self, seconds: float | None) -> APITimeoutError:
        """The error for a response that has not come completely within these seconds."""
        message = f"{self.method} {self.url}: no complete response within {seconds} s"
        return APITimeoutError(message, **self.facts())

    def unreadable(self, why: str) -> APIResponseError:
        """The error for a response that is not what the API promises."""
        kept, note = self.kept()
        text = _text(kept)
        shown = f": {text[:_SHOWN]!r}" if text else ""
        return APIResponseError(
            f"{self.method} {self.url}: {why[:_SHOWN]}{shown}{note}", body=text, **self.facts()
        )

    def kept(self) -> tuple[bytes, str]:
        """The body as far as an error keeps it, and a note for the message if that is not all of it."""
        if len(self.body) > MAX_ERROR_BYTES:
            return self.body[:MAX_ERROR_BYTES], CUT
        return self.body, f" ({self.flaw})" if self.flaw else ""


def ids_in(path: str) -> tuple[str | None, str | None]:
    """The ids of the run and its thread in the path of a run."""
    if not (match := _RUN_PATH.match(path)):
        return None, None
    thread_id, run_id = (unquote(part) for part in match.groups() if part is not None)
    if not is_identifier(run_id) or (thread_id and not is_identifier(thread_id)):
        return None, None
    return run_id, thread_id or None


def accepted(answer: Answer) -> Answer:
    """The response, if its status means success.

    Raises:
        APIStatusError: The server refused the call; `status_error` decides which class it is.
        APIResponseError: The status means neither success nor refusal, such as a redirect without a target.
    """
    if 200 <= answer.status < 300:
        return answer
    if answer.status < 400:
        raise answer.unreadable(f"unexpected status {answer.status}")
    kept, note = answer.kept()
    body = _decoded(kept)
    raise status_error(answer.status, _text(kept))(
        f"{answer.status} from {answer.method} {answer.url}: {_reason(body) or 'no reason given'}{note}",
        body=body,
        **answer.facts(),
    )


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """The seconds that the server asks to wait, by https://www.rfc-editor.org/rfc/rfc9110#field.retry-after: a number
    of seconds, or a date. None if it does not ask, or if the value is invalid."""
    given = headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return float(given[:_DIGITS])
    try:
        now = now or (_date(headers["date"]) if "date" in headers else datetime.now(UTC))
        return max(0.0, (_date(given) - now).total_seconds())
    except (ValueError, OverflowError):
        return None


def _date(text: str) -> datetime:
    moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _decoded(body: bytes) -> Any:
    """The body of a refusal, as text if it is not JSON, or nested so deeply that Python may fail to pickle it."""
    try:
        decoded = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _text(body)
    return _text(body) if _is_deeper(decoded, _MAX_DEPTH) else decoded


def _is_deeper(value: object, depth: int) -> bool:
    """Whether lists and objects in a value are nested more than `depth` levels deep."""
    inside = value.values() if is_object(value) else value if is_array(value) else None
    return inside is not None and (depth == 0 or any(_is_deeper(one, depth - 1) for one in inside))


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _reason(body: Any) -> str:
    """The explanation in the body of an error. Servers use different keys for it."""
    if is_object(body):
        body = next((body[key] for key in ("detail", "message", "error") if body.get(key)), body)
    return " ".join(as_text(body).lstrip()[: 10 * _SHOWN].split())[:_SHOWN]
