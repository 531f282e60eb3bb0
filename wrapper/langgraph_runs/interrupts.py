"""The one shape of an interrupt, from every method and every server. No I/O.

LangGraph sends `"response_schema": null` in streams and in the body of a wait, and leaves it out of the state of a
thread. Older servers send the id under another name, or none.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from langgraph_runs.json_types import is_array, is_mapping, is_object

__all__ = ["Interrupt", "interrupts_of"]

_KEY = "__interrupt__"


class Interrupt(TypedDict):
    """A point at which the graph waits for an answer. Answer it by `command={"resume": {id: answer}}`, or, if it is the
    only one, by `command={"resume": answer}`."""

    id: str | None
    """The id of the interrupt; None if the server sends none, as before LangGraph 0.4."""
    value: Any
    """What the graph has passed to `interrupt()`."""
    response_schema: NotRequired[dict[str, Any]]
    """The JSON Schema of the answer, only if the graph has given one."""


def interrupts_of(values: object) -> list[Interrupt]:
    """The interrupts at which a graph waits, from the values that `wait`, `join` and `stream.result()` return; an empty
    list if it does not wait.

    Example:
        for interrupt in interrupts_of(runs.wait(thread_id, "agent", input={"text": "hi"})):
            print(interrupt["id"], interrupt["value"])
    """
    return in_one_shape(values.get(_KEY)) if is_mapping(values) else []


def in_one_shape(found: object) -> list[Interrupt]:
    """A list of interrupts as a server sends it, each in the one shape. Other keys of theirs are kept."""
    return [_shaped(one) for one in found if is_object(one)] if is_array(found) else []


def with_interrupts_in_one_shape(data: Any) -> Any:
    """The values of a graph, or the updates of a node, with `__interrupt__` in the one shape if there is one."""
    if not is_object(data) or _KEY not in data or not is_array(found := data[_KEY]) or not found:
        return data
    return {**data, _KEY: [_shaped(one) if is_object(one) else one for one in found]}


def _shaped(sent: dict[str, Any]) -> Interrupt:
    interrupt: Any = {"id": sent.get("id", sent.get("interrupt_id")), "value": sent.get("value"), **sent}
    interrupt.pop("interrupt_id", None)
    if interrupt.get("response_schema", ...) is None:
        del interrupt["response_schema"]
    return interrupt  # type: ignore[no-any-return]
