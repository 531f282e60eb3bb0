"""What an OpenAPI document says about some operations, as a flat table: one line for each thing that can differ.

    "POST /runs"                                the operation
    "POST /runs query action"                   a parameter
    "POST /runs body.config.tags[]"             the items of a field of the request body
    "POST /runs 200"                            a status
    "POST /runs 200 text/event-stream"          a media type
    "POST /runs 200 body.run_id"                a field of the response body

Two documents that say the same in different ways give the same table. `$ref` and `allOf` are resolved, alternatives
(`anyOf`, `oneOf`) are united, `const` is an enumeration with one value, and all types together are "any".
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

Document = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
ANY = frozenset({"any"})
ALL_TYPES = {"object", "array", "string", "number", "boolean", "null"}


@dataclass(frozen=True)
class Fact:
    """What a document says about one place.

    Attributes:
        required: Whether it must be there.
        types: The types of a value, `ANY`, or nothing for what is no value, such as an operation.
        values: The values that are listed, whether or not others are possible.
    """

    required: bool = True
    types: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()


@dataclass
class _Shape:
    """A schema with everything that it refers to. Without types, it can be anything."""

    types: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)
    fields: dict[str, Any] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    items: Any = None
    references: set[str] = field(default_factory=set)


def operations(document: Document) -> dict[str, Document]:
    """Each operation as "POST /runs", with the parameters of its path."""
    return {
        f"{method.upper()} {path}": {
            **item[method],
            "parameters": [*item.get("parameters", []), *item[method].get("parameters", [])],
        }
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def facts(document: Document, names: Iterable[str]) -> dict[str, Fact]:
    """The table of the operations with these names, as far as the document has them."""
    known = operations(document)
    return {
        place: fact
        for name in names
        if name in known
        for place, fact in _operation(document, name, known[name])
    }


def _operation(document: Document, name: str, operation: Document) -> Iterator[tuple[str, Fact]]:
    yield name, Fact()
    for one in operation["parameters"]:
        parameter = _target(document, one)
        spelling = parameter["name"].lower() if parameter["in"] == "header" else parameter["name"]
        place = f"{name} {parameter['in']} {spelling}"
        yield from _value(document, place, parameter.get("schema", {}), parameter.get("required", False))
    if "requestBody" in operation:
        body = _target(document, operation["requestBody"])
        yield from _content(document, name, body, body.get("required", False))
    for status, one in operation["responses"].items():
        place = f"{name} {status}"
        yield place, Fact()
        yield from _content(document, place, _target(document, one), required=True)


def _content(document: Document, place: str, holder: Document, required: bool) -> Iterator[tuple[str, Fact]]:
    """The media types of a body, and the body itself."""
    content = holder.get("content", {})
    for media_type in content:
        yield f"{place} {media_type}", Fact()
    if content:
        body = {"anyOf": [one.get("schema", {}) for one in content.values()]}
        yield from _value(document, f"{place} body", body, required)


def _value(
    document: Document, place: str, schema: Any, required: bool, above: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Fact]]:
    """A value, its fields and its items. A schema that contains itself is followed once."""
    shape = _shape(document, schema)
    within = above | shape.references
    types = ANY if not shape.types or shape.types >= ALL_TYPES else frozenset(shape.types)
    yield place, Fact(required, types, frozenset(shape.values))
    if types == ANY or shape.references & above:
        return
    for name, inner in shape.fields.items():
        yield from _value(document, f"{place}.{name}", inner, name in shape.required, within)
    if shape.items is not None:
        yield from _value(document, f"{place}[]", shape.items, required=True, above=within)


def _shape(document: Document, schema: Any) -> _Shape:
    """The shape of a schema: what it says itself, with what its parts and its alternatives say."""
    if not isinstance(schema, dict):  # `true` and `false`
        return _Shape()
    shape = _own(schema)
    parts = [_shape(document, part) for part in schema.get("allOf", [])]
    if "$ref" in schema:
        parts.append(_shape(document, _target(document, schema)))
        shape.references.add(schema["$ref"])
    for alternatives in filter(None, (_alternatives(schema, key) for key in ("anyOf", "oneOf"))):
        parts += [reduce(_either, [_shape(document, one) for one in alternatives])]
    return reduce(_both, parts, shape)


def _alternatives(schema: Document, key: str) -> list[Any]:
    """The alternatives of a schema, without those that only say which fields go together."""
    return [one for one in schema.get(key, []) if not isinstance(one, dict) or set(one) != {"required"}]


def _own(schema: Document) -> _Shape:
    """What a schema says itself."""
    fields = dict(schema.get("properties", {}))
    if isinstance(schema.get("additionalProperties"), dict) and schema["additionalProperties"]:
        fields["*"] = schema["additionalProperties"]
    required = set(schema.get("required", []))
    return _Shape(_types(schema), _values(schema), fields, required, schema.get("items") or None)


def _both(one: _Shape, other: _Shape) -> _Shape:
    """The shape of what fits both schemas."""
    return _Shape(
        one.types & other.types if one.types and other.types else one.types | other.types,
        one.values & other.values if one.values and other.values else one.values | other.values,
        _merged(one.fields, other.fields, "allOf"),
        one.required | other.required,
        _joined(one.items, other.items, "allOf"),
        one.references | other.references,
    )


def _either(one: _Shape, other: _Shape) -> _Shape:
    """The shape of what fits one of two schemas. A field is required if each of them that has fields requires it."""
    required = [shape.required for shape in (one, other) if shape.fields]
    return _Shape(
        one.types | other.types if one.types and other.types else set(),
        one.values | other.values,
        _merged(one.fields, other.fields, "anyOf"),
        set.intersection(*required) if required else set(),
        _joined(one.items, other.items, "anyOf"),
        one.references | other.references,
    )


def _merged(one: dict[str, Any], other: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: _joined(one.get(name), other.get(name), key) for name in {**one, **other}}


def _joined(one: Any, other: Any, key: str) -> Any:
    return {key: [one, other]} if one is not None and other is not None else one if other is None else other


def _types(schema: Document) -> set[str]:
    """The types that a schema names itself; empty if its parts name them, or nothing does."""
    named = schema.get("type", [])
    types = {named} if isinstance(named, str) else set(named)
    if not types and "properties" in schema:
        types = {"object"}
    if not types and ("const" in schema or "enum" in schema):
        types = {_json_type(value) for value in _listed(schema)}
    # `nullable` is OpenAPI 3.0, and still found in documents of version 3.1.
    return types | {"null"} if types and schema.get("nullable") else types


def _values(schema: Document) -> set[str]:
    named = [value for value in _listed(schema) if value is not None]
    return {value if isinstance(value, str) else json.dumps(value) for value in named}


def _listed(schema: Document) -> list[Any]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", []))


def _json_type(value: object) -> str:
    names = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
    return names.get(type(value), "object")


def _target(document: Document, node: Document) -> Document:
    """What a `$ref` leads to, over any number of them."""
    while "$ref" in node:
        target: Any = document
        for name in node["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        node = target
    return node
