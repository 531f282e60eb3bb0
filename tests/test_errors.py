"""The error classes."""

from __future__ import annotations

import inspect
import pickle
import re
from typing import Any

import pytest

from langgraph_runs import errors
from langgraph_runs.errors import APIError, APIStatusError, LangGraphRunsError
from langgraph_runs.response.answer import Answer, accepted
from langgraph_runs.response.failure import BY_STATUS, status_error

CLASSES = [
    one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, LangGraphRunsError)
]


def an_error(kind: type[LangGraphRunsError]) -> LangGraphRunsError:
    """An error with every field that its class has."""
    known: dict[str, Any] = {
        "message": "words",
        "method": "GET",
        "url": "http://host/x",
        "error": "E",
        "reason": "r",
    }
    needed = [one for one in inspect.signature(kind).parameters.values() if one.default is one.empty]
    ids = {"run_id": "r", "thread_id": "t"}
    return kind(**{one.name: known[one.name] for one in needed}, **ids)


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_survives_pickling(kind: type[LangGraphRunsError]) -> None:
    """With all its fields."""
    error = an_error(kind)
    error.add_note("a note")
    copy = pickle.loads(pickle.dumps(error))
    assert (kind, str(error), error.args, vars(error)) == (type(copy), str(copy), copy.args, vars(copy))
    assert ("r", "t") == (copy.run_id, copy.thread_id)


@pytest.mark.parametrize("kind", CLASSES)
def test_a_name_ends_in_error_and_has_a_docstring(kind: type[LangGraphRunsError]) -> None:
    """And is public."""
    assert kind.__name__.endswith("Error")
    assert kind.__doc__
    assert kind.__name__ in errors.__all__


def test_the_tree_in_the_docstring_is_that_of_the_classes() -> None:
    """Line by line, with the parent of each."""
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in str(errors.__doc__).splitlines():
        if match := re.match(r"^    ([│├└─ ]*)(\w+Error)\b", line):
            depth = len(match[1]) // 4
            path[depth:] = [match[2]]
            drawn[match[2]] = path[depth - 1] if depth else "Exception"
    assert {kind.__name__: kind.__bases__[0].__name__ for kind in CLASSES} == drawn


@pytest.mark.parametrize(
    ("status", "text", "name"),
    [
        (400, "", "BadRequestError"), (401, "", "AuthenticationError"), (403, "", "PermissionDeniedError"),
        (404, "", "NotFoundError"), (409, "", "ConflictError"), (422, "", "UnprocessableEntityError"),
        (429, "", "RateLimitError"), (500, "", "InternalServerError"), (503, "", "InternalServerError"),
        (599, "", "InternalServerError"), (402, "", "APIStatusError"), (418, "", "APIStatusError"),
        (409, "Thread is already running a task.", "ThreadBusyError"),
        (422, "Thread is already running a task.", "ThreadBusyError"),
        (400, "Thread is already running a task.", "BadRequestError"),
    ],
)  # fmt: skip
def test_a_status_has_its_class(status: int, text: str, name: str) -> None:
    """By the table; for a busy thread, the message counts as well."""
    assert name == status_error(status, text).__name__


def test_the_table_holds_status_errors_only() -> None:
    """Each of which is an APIError."""
    assert all(issubclass(kind, APIStatusError) and issubclass(kind, APIError) for kind in BY_STATUS.values())


@pytest.mark.parametrize(("levels", "kind"), [(100, list), (101, str)])
def test_a_body_of_more_than_a_hundred_levels_is_kept_as_text(levels: int, kind: type) -> None:
    """Whatever is inside the innermost one."""
    for inside in (b"", b"1"):
        body = b"[" * levels + inside + b"]" * levels
        with pytest.raises(APIStatusError) as failed:
            accepted(Answer("GET", "http://host/x", 400, {}, body))
        assert kind is type(failed.value.body)
