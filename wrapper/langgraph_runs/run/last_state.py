"""The last state that a run has left in the history of its thread: its values, its interrupts, its error. No I/O."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import orjson

from langgraph_runs.errors import APIStatusError
from langgraph_runs.json_types import is_array, is_object
from langgraph_runs.request import endpoints
from langgraph_runs.retry import Backoff, is_transient
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.retrying import Flow, with_retries

_SEARCHED = 100  # states of a thread, if the server cannot search for those of one run
_DENIED = (401, 403)

_EXCEPTION = re.compile(r"(\w+)\((.*)\)", re.DOTALL)  # the repr of an exception: ValueError('boom')
_STRING = re.compile(r"""'(?:[^'\\\n]|\\.)*+'|"(?:[^"\\\n]|\\.)*+\"""")  # a string, which takes linear time
_LONGEST_ARGUMENTS = 1000  # characters of other arguments; to decode 100,000 takes a second


def last_state(held: HeldRun, backoff: Backoff) -> Flow[Mapping[str, Any] | None]:
    """The last state of a run; None if the server has none. Aegra refuses to search a history, so that of the whole
    thread is asked for instead."""
    thread_id, run_id = held.ids()
    try:
        states = yield from with_retries(endpoints.history(held.options, thread_id, run_id), backoff)
    except APIStatusError as error:
        if is_transient(error) or error.status in _DENIED:
            raise
    else:
        found = [state for state in states if _run_of(state) in (run_id, None)]
        if found or not states:
            return found[0] if found else None
    call = endpoints.whole_history(held.options, thread_id, _SEARCHED)
    try:
        states = yield from with_retries(call, backoff)
    except APIStatusError as error:
        if is_transient(error):
            raise
        return None
    return next((state for state in states if _run_of(state) == run_id), None)


def values_of(state: Mapping[str, Any]) -> Any:
    """The values of a state, with the interrupts at which the graph waits, in the form of wait and join."""
    lists = [task.get("interrupts") for task in _tasks(state)]
    interrupts = [interrupt for each in lists if is_array(each) for interrupt in each]
    values = state.get("values")
    if not interrupts:
        return values
    return {**(values if is_object(values) else {}), "__interrupt__": interrupts}


def error_in(state: Mapping[str, Any] | None) -> dict[str, str] | None:
    """The class and the message of the exception that a node has raised; None if none has."""
    shown = _shown_error(state)
    return None if shown is None else _from_json(shown) or _from_repr(shown)


def exact_error_in(state: Mapping[str, Any] | None) -> dict[str, str] | None:
    """The same, but None where its text may differ from the message of the exception, as that of a repr does."""
    return _from_json(_shown_error(state) or "")


def _shown_error(state: Mapping[str, Any] | None) -> str | None:
    errors = (task.get("error") for task in _tasks(state or {}))
    return next((shown for shown in errors if isinstance(shown, str)), None)


def _run_of(state: Mapping[str, Any]) -> Any:
    metadata = state.get("metadata")
    return metadata.get("run_id") if is_object(metadata) else None


def _tasks(state: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    tasks = state.get("tasks")
    return (task for task in (tasks if is_array(tasks) else []) if is_object(task))


def _from_json(shown: str) -> dict[str, str] | None:
    """An exception as LangGraph.js shows it: {"message":"boom","name":"TypeError"}."""
    if not shown.startswith("{"):
        return None
    try:
        found = orjson.loads(shown)
    except orjson.JSONDecodeError:
        return None
    name, message = found.get("name"), found.get("message")
    return {"error": name, "message": message} if isinstance(name, str) and isinstance(message, str) else None


def _from_repr(shown: str) -> dict[str, str]:
    """An exception as Python shows it: ValueError('boom')."""
    if not (match := _EXCEPTION.fullmatch(shown)):
        return {"error": "Error", "message": shown}
    name, message = match.groups()
    is_string = _STRING.fullmatch(message)
    if name != "KeyError" and (
        is_string or 0 < len(message) <= _LONGEST_ARGUMENTS
    ):  # str(KeyError('a')) is "'a'"
        with suppress(ValueError, SyntaxError, MemoryError, RecursionError):
            message = str(literal_eval(message))
    return {"error": name, "message": message}
