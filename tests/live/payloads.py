"""Random payloads for the operations of openapi.yaml: valid ones, and ones with something in the wrong place."""

from __future__ import annotations

from typing import Any

import drift
from hypothesis import strategies as st

SPEC: dict[str, Any] = drift.read(drift.SPEC)
KNOWN = "a known id"
"""Stands for the id of something that exists; the test puts it in."""
UNKNOWN = "00000000-0000-0000-0000-000000000001"

Values = st.SearchStrategy[Any]
TEXT = st.text(max_size=6)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(-1e9, 1e9) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
IDS = st.sampled_from([KNOWN, KNOWN, UNKNOWN, "7"])
# What is worth more than random text, and what must not take long.
BY_NAME: dict[str, Values] = {
    "thread_id": IDS,
    "run_id": IDS,
    "cron_id": IDS,
    "checkpoint_id": IDS,
    "assistant_id": IDS | st.just("agent") | TEXT,
    "graph_id": st.just("agent") | TEXT,
    "as_node": st.just("greet") | TEXT,
    "schedule": st.just("0 0 1 1 *") | TEXT,
    "timezone": st.just("Europe/Berlin") | TEXT,
    "webhook": st.sampled_from(["http://127.0.0.1:9/hook", "http://10.0.0.1/", "?"]),
    "after_seconds": st.floats(-1, 0.1),
    "feedback_keys": st.just([]),  # the server would ask LangSmith for each
    "stream_modes": st.sampled_from(["bogus", "lifecycle,bogus"]),
}
ALWAYS = {"stream_modes"}
"""Parameters without which a request has no end: the stream of a thread."""


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """The target of a $ref."""
    while "$ref" in node:
        target: Any = SPEC
        for name in node["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        node = target
    return node


def merged(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with what it inherits."""
    schema = resolved(schema)
    if "allOf" not in schema:
        return schema
    parts = [merged(part) for part in schema["allOf"]]
    properties = {name: one for part in parts for name, one in part.get("properties", {}).items()}
    required = [name for part in parts for name in part.get("required", [])]
    return {"type": "object", "properties": properties, "required": required}


def valid(schema: dict[str, Any]) -> Values:
    """Values that a schema allows."""
    schema = merged(schema)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    if "anyOf" in schema:
        return st.one_of([valid(one) for one in schema["anyOf"]])
    kinds = schema.get("type", [])
    return st.one_of(
        [of_type(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)] or [ANYTHING]
    )


def of_type(kind: str, schema: dict[str, Any]) -> Values:
    """Values of one JSON type that a schema allows."""
    match kind:
        case "object":
            return of_object(schema)
        case "array":
            return st.lists(valid(schema["items"]), min_size=schema.get("minItems", 0), max_size=2)
        case "integer":
            return st.integers(schema.get("minimum", -3), schema.get("maximum", 50))
        case "number":
            return st.floats(0.1, 100)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
    return TEXT


def of_object(schema: dict[str, Any]) -> Values:
    """Objects with some of the properties, or any if the schema names none."""
    properties = {
        name: BY_NAME[name] if name in BY_NAME else valid(one)
        for name, one in schema.get("properties", {}).items()
    }
    if not properties:
        more = schema.get("additionalProperties")
        return st.dictionaries(TEXT, valid(more) if isinstance(more, dict) else ANYTHING, max_size=2)
    required = {name: properties.pop(name) for name in schema.get("required", [])}
    few = (
        st.lists(st.sampled_from(sorted(properties)), max_size=4, unique=True) if properties else st.just([])
    )
    return few.flatmap(lambda names: st.fixed_dictionaries({**required, **{n: properties[n] for n in names}}))


def body(schema: dict[str, Any]) -> Values:
    """A valid body; or one with a wrong value, or without a field; or something else altogether."""
    allowed, names = valid(schema), sorted(merged(schema).get("properties", {}))
    is_list = schema.get("type") == "array"

    @st.composite
    def drawn(draw: st.DrawFn) -> Any:
        kind = draw(st.sampled_from(["valid", "valid", "wrong", "missing", "other"]))
        if kind == "other":
            return draw(st.lists(ANYTHING, max_size=2) if is_list else ANYTHING)
        value = draw(allowed)
        if kind != "valid" and isinstance(value, dict) and names:
            name = draw(st.sampled_from(names))
            value = {key: one for key, one in value.items() if key != name}
            if kind == "wrong" and name not in BY_NAME:
                value[name] = draw(ANYTHING)
        return value

    return drawn()


def parameter(one: dict[str, Any]) -> Values:
    """A value of a parameter: often a valid one."""
    if one["in"] == "path":  # the client refuses what would change the path
        return BY_NAME[one["name"]].filter(lambda value: value not in ("", ".", "..") and "/" not in value)
    if one["name"] in BY_NAME:
        return BY_NAME[one["name"]]
    if one["in"] == "header":
        return st.text("abc-_ 0123456789", max_size=6)
    schema = resolved(one["schema"])
    return valid(schema) | (st.lists(TEXT, max_size=2) if schema.get("type") == "array" else TEXT)
