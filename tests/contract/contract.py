"""Holds what goes over the wire against openapi.yaml: requests, responses, and the events of streams."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from drift_facts import operations
from jsonschema_rs import Draft202012Validator
from servers.recording_proxy import Exchange

_SHOWN = 300  # characters of a message
_EVENT_END = re.compile(rb"\r\n\r\n|\n\n|\r\r")


class Contract:
    """An OpenAPI document, and whether an exchange keeps to it. Schemas are compiled when they are first needed."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._validators: dict[int, Draft202012Validator] = {}
        self._kept: list[Any] = []  # the schemas of the validators, whose ids must stay theirs

    @cached_property
    def _operations(self) -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
        """Method, path and description of each operation. A literal path comes before one with a parameter."""
        named = sorted(operations(self._document).items(), key=lambda pair: pair[0].count("{"))
        return [
            (name.split()[0], re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", name.split()[1])), operation)
            for name, operation in named
        ]

    def problems_of_request(self, exchange: Exchange) -> Iterator[str]:
        """What in the request is not as described."""
        operation, values = self._operation(exchange)
        if operation is None:
            yield "no such operation"
            return
        yield from self._parameters(operation, values, exchange)
        yield from self._request_body(operation, exchange)

    def problems_of_response(self, exchange: Exchange) -> Iterator[str]:
        """What in the response is not as described. Of one that was cut, what has come is checked."""
        operation, _ = self._operation(exchange)
        if operation is None:
            return
        response = self._target(operation["responses"].get(str(exchange.status)))
        if response is None:
            yield f"status {exchange.status} is not documented: {bytes(exchange.response_body)[:_SHOWN]!r}"
            return
        media_type = exchange.response_headers.get("content-type", "").partition(";")[0]
        content = response.get("content", {})
        if not content and not exchange.response_body:
            return
        if media_type not in content:
            yield f"status {exchange.status}: content type {media_type!r} is not documented"
        elif media_type == "text/event-stream":
            yield from self._events(
                self._target(content[media_type].get("x-events")), bytes(exchange.response_body)
            )
        elif media_type == "application/json" and exchange.is_answered:
            schema, body = content[media_type]["schema"], bytes(exchange.response_body)
            if body.isspace() and schema.keys() == {"description"}:  # only what keeps the connection alive
                return
            for problem in self._json(schema, body):
                if not (_selects(exchange) and "required property" in problem):
                    yield f"status {exchange.status}: {problem}"

    def _operation(self, exchange: Exchange) -> tuple[dict[str, Any] | None, dict[str, str]]:
        """The operation that the request is for, and the values in its path."""
        path = urlsplit(exchange.target).path
        for method, pattern, operation in self._operations:
            if method == exchange.method and (match := pattern.fullmatch(path)):
                return operation, match.groupdict()
        return None, {}

    def _parameters(
        self, operation: dict[str, Any], in_path: dict[str, str], exchange: Exchange
    ) -> Iterator[str]:
        query = parse_qs(urlsplit(exchange.target).query, keep_blank_values=True)
        found = {"path": in_path, "header": exchange.headers}
        parameters = [self._target(one) for one in operation["parameters"]]
        known = {one["name"] for one in parameters if one["in"] == "query"}
        yield from (f"query parameter {name!r} is not documented" for name in query if name not in known)
        for one in parameters:
            name, place = one["name"], one["in"]
            if place == "query":
                values = query.get(name, [])
            else:
                text = found[place].get(name.lower() if place == "header" else name)
                values = [] if text is None else [unquote(text)]
            if values and not any(map(self._validator(one["schema"]).is_valid, _read(values))):
                yield f"{place} parameter {name!r} has an invalid value: {values}"
            if not values and one.get("required"):
                yield f"{place} parameter {name!r} is missing"

    def _request_body(self, operation: dict[str, Any], exchange: Exchange) -> Iterator[str]:
        body = self._target(operation.get("requestBody"))
        if body is None:
            if exchange.body:
                yield "a body is not documented"
            return
        media_type = exchange.headers.get("content-type", "").partition(";")[0]
        if media_type in body["content"]:
            yield from self._json(body["content"][media_type]["schema"], exchange.body)
        elif exchange.body or body.get("required"):
            yield f"content type {media_type!r} of the request is not documented"

    def _events(self, schemas: dict[str, Any] | None, body: bytes) -> Iterator[str]:
        """What in the events that have come whole is not as described."""
        if schemas is None:
            yield "the events of the stream are not documented"
            return
        for text in _EVENT_END.split(body)[:-1]:
            fields = [line.partition(b": ") for line in text.splitlines() if not line.startswith(b":")]
            event = {name: value for name, _, value in fields}
            if not event:
                continue
            name = event.get(b"event", b"message").decode()
            schema = schemas.get(name, schemas.get(name.partition("|")[0]))
            if schema is None:
                yield f"event {name!r} is not documented: {event.get(b'data', b'')[:_SHOWN]!r}"
                continue
            for problem in self._json(schema, event.get(b"data", b"")):
                yield f"event {name!r}: {problem}"

    def _json(self, schema: dict[str, Any], body: bytes | bytearray) -> Iterator[str]:
        try:
            value = json.loads(body)
        except ValueError:
            yield f"the body is not JSON: {bytes(body)[:_SHOWN]!r}"
            return
        for error in self._validator(schema).iter_errors(value):
            place = "/".join(map(str, error.instance_path))
            yield f"{place or 'the body'}: {error.message[:_SHOWN]}"

    def _validator(self, schema: dict[str, Any]) -> Draft202012Validator:
        if id(schema) not in self._validators:
            self._kept.append(schema)
            whole = {"allOf": [schema], "components": self._document["components"]}
            self._validators[id(schema)] = Draft202012Validator(whole, validate_formats=True)
        return self._validators[id(schema)]

    def _target(self, node: Any) -> Any:
        while node is not None and "$ref" in node:
            names = node["$ref"].removeprefix("#/").split("/")
            node = self._document
            for name in names:
                node = node[name]
        return node


def _selects(exchange: Exchange) -> bool:
    """Whether the request names the fields that it wants. Then no field is required, as openapi.yaml says."""
    if "select" in parse_qs(urlsplit(exchange.target).query):
        return True
    return exchange.body.startswith(b"{") and "select" in json.loads(exchange.body)


def _read(values: list[str]) -> Iterator[Any]:
    """What the values of a parameter may mean: text or JSON, a single one or a list."""
    ways = [values, [_literal(value) for value in values]]
    yield from ways
    if len(values) == 1:
        yield from (way[0] for way in ways)


def _literal(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
