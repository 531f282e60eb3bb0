"""How two OpenAPI documents are compared: what is a difference, and what it is called."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from drift_compare import differences
from drift_facts import Fact, facts


def document(body: dict[str, Any], **schemas: Any) -> dict[str, Any]:
    """An API with one operation, whose body has this schema."""
    content = {"application/json": {"schema": body}}
    operation = {"requestBody": {"content": content}, "responses": {"204": {}}}
    return {"paths": {"/x": {"post": operation}}, "components": {"schemas": schemas}}


A_TEXT = {"type": "string"}
TREE = "#/components/schemas/Tree"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"enum": ["a"]}, {"const": "a"}),
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"anyOf": [A_TEXT, {"type": "null"}]}, {"type": ["null", "string"]}),
        (
            {"oneOf": [{"enum": ["a", "b"]}, {"type": "null"}]},
            {"type": ["string", "null"], "enum": ["a", "b", None]},
        ),
        ({}, True),
        ({}, {"type": ["object", "array", "string", "number", "boolean", "null"]}),
        ({}, {"description": "Anything."}),
        ({"$ref": "#/components/schemas/Text"}, A_TEXT),
        ({"type": "string", "allOf": [{"$ref": "#/components/schemas/Text"}]}, A_TEXT),
        (
            {"allOf": [{"properties": {"a": A_TEXT}, "required": ["a"]}, {"properties": {"b": A_TEXT}}]},
            {"type": "object", "properties": {"a": A_TEXT, "b": A_TEXT}, "required": ["a"]},
        ),
        (
            {"allOf": [{"properties": {"a": {}}}, {"properties": {"a": A_TEXT}, "required": ["a"]}]},
            {"type": "object", "properties": {"a": A_TEXT}, "required": ["a"]},
        ),
        ({"allOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]}, {"const": "b"}),
        ({"anyOf": [{"$ref": "#/components/schemas/Text"}, {}]}, {"enum": []}),
        (
            {
                "type": "object",
                "properties": {"a": A_TEXT},
                "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
            },
            {"type": "object", "properties": {"a": A_TEXT}},
        ),
    ],
)
def test_two_ways_to_say_the_same_are_no_difference(one: Any, other: Any) -> None:
    schemas = {"Text": A_TEXT}
    first, second = document(one, **schemas), document(other, **schemas)
    assert [] == differences(first, second) == differences(second, first)


@pytest.mark.parametrize(
    "inner", [{"$ref": TREE}, {"anyOf": [{"$ref": TREE}, {"type": "null"}]}, {"items": {"$ref": TREE}}]
)
def test_a_schema_that_contains_itself_is_followed_once(inner: Any) -> None:
    """A state has tasks, which have states."""
    tree = {"properties": {"leaf": A_TEXT, "sub": inner}}
    table = facts(document({"$ref": TREE}, Tree=tree), ["POST /x"])
    assert 1 == sum(place.endswith(".leaf") for place in table)


@pytest.mark.parametrize(
    ("one", "other", "line"),
    [
        (A_TEXT, {"type": "integer"}, ": type string in openapi.yaml, integer in the server's document"),
        ({"properties": {"a": {}}}, {"properties": {"b": {}}}, ".a: only in openapi.yaml"),
        (
            {"items": A_TEXT, "type": "array"},
            {"items": {"type": "null"}, "type": "array"},
            "[]: type string in",
        ),
        (
            {"additionalProperties": A_TEXT, "type": "object"},
            {"additionalProperties": {"type": "null"}, "type": "object"},
            ".*: type string in",
        ),
        (
            {"properties": {"a": {"properties": {"b": A_TEXT}}}},
            {"properties": {"a": {"properties": {"b": {"type": "object"}}}}},
            ".a.b: type string in",
        ),
    ],
)
def test_a_difference_is_named_where_it_is(one: Any, other: Any, line: str) -> None:
    """Nested fields, items and the values of a map too; what is in them is not listed again."""
    assert f"POST /x body{line}" in differences(document(one), document(other))[0]


def test_what_surrounds_a_place_is_reported_once() -> None:
    """A field that one document lacks hides what is in it, as does a field that can be anything."""
    nested = {"properties": {"a": {"properties": {"b": A_TEXT}}}}
    assert ["POST /x body.a: only in openapi.yaml"] == differences(
        document(nested), document({"type": "object"})
    )
    (line,) = differences(document(nested), document({"properties": {"a": {}}}))
    assert line == "POST /x body.a: type object in openapi.yaml, any in the server's document"


def test_the_names_of_headers_have_no_case() -> None:
    """Those of query parameters do."""
    spec = document(A_TEXT)
    spec["paths"]["/x"]["parameters"] = [{"name": "Last-Event-ID", "in": "header", "schema": A_TEXT}]
    other = deepcopy(spec)
    other["paths"]["/x"]["parameters"][0]["name"] = "last-event-id"
    assert [] == differences(spec, other)
    for one in (spec, other):
        one["paths"]["/x"]["parameters"][0]["in"] = "query"
    assert 2 == len(differences(spec, other))


def test_facts_of_one_operation() -> None:
    """All that is compared of a body, in one table."""
    table = facts(document({"properties": {"a": {"enum": ["x", "y"]}}, "required": ["a"]}), ["POST /x"])
    assert table["POST /x body.a"] == Fact(True, frozenset({"string"}), frozenset({"x", "y"}))
    assert ["POST /x", "POST /x application/json", "POST /x body", "POST /x body.a", "POST /x 204"] == list(
        table
    )
