"""What the browser sends, and what of it is refused."""

import json
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

LONGEST = 10_000  # characters of a text


class InvalidRequestError(ValueError):
    """The browser sent something that the page does not send."""


@dataclass(frozen=True)
class Turn:
    """A message, or the answer to a question.

    Attributes:
        id: Chosen by the page. A turn that is sent again has the same id.
        after: The id of the run that the page has shown last; None if there is none.
        options: What the run is started with.
    """

    id: str
    after: str | None
    options: dict[str, Any]


def turn_of(body: bytes) -> Turn:
    """The turn that a body describes."""
    options: dict[str, Any]
    match json_of("body", body):
        case {"turn": str(turn), "after": str() | None as after, "text": str(text)}:
            texts, options = [turn, text], {"input": {"messages": [{"role": "user", "content": text}]}}
        case {"turn": str(turn), "after": str(after), "question": str(question), "answer": str(answer)}:
            texts, options = [turn, question, answer], {"command": {"resume": {question: answer}}}
        case _:
            raise InvalidRequestError("the body must have turn, after, and text, or question and answer")
    if not all(map(is_sendable, texts)):
        raise InvalidRequestError(f"a text must have 1 to {LONGEST} characters, and no half of one")
    return Turn(turn, after, options)


def position_of(request: Request) -> Any:
    """Up to where the page has shown a run: EventSource sends that when it reconnects, and the page after a reload.
    Before the first token, it is "-1": the beginning of the run."""
    given = request.headers.get("last-event-id") or request.query_params.get("position")
    if not given:
        return "-1"
    position = json_of("position", given)
    if position is None or isinstance(position, str):  # which would mean something else than a position
        raise InvalidRequestError("it must be an object")
    return position


def refuse_other_sites(request: Request) -> None:
    """Refuses a request that the page of another site makes: the browser would send the user's cookies with it.
    Browsers name the origin in every POST; programs that do not are no danger."""
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
        raise HTTPException(403, "the request comes from another site")


def json_of(name: str, text: str | bytes) -> Any:
    """The value of a text in JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError(f"the {name} must be JSON") from error


def is_sendable(text: str) -> bool:
    """Whether a text has the right length, and can be encoded: "\\ud800" in JSON is half of a character."""
    has_halves = any("\ud800" <= one <= "\udfff" for one in text)
    return bool(text.strip()) and len(text) <= LONGEST and not has_halves
