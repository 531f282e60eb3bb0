"""The lines of a batch: what each asks for, and the id that is derived from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from langgraph_runs.json_types import is_object

BATCHES = UUID("5f0c6c52-6a3c-4a8e-8a39-0d5c1f3f7a10")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a batch, which is one run.

    Attributes:
        number: Its number in the file; the first is 1.
        size: How many bytes it takes in the file, with the empty lines before it.
        payload: The payload of the run; None for a bad line.
        key: The id that is derived from the payload: always the same one, and another one for each of several equal
            lines. Empty for a bad line.
        problem: What is wrong with a bad line.
    """

    number: int
    size: int
    payload: Mapping[str, Any] | None = None
    key: str = ""
    problem: str = ""


def lines_of(source: Iterable[bytes], name: str = "") -> Generator[Line]:
    """The lines of a file, one by one; those that are empty are skipped.

    The memory that this takes is bounded, however many lines there are: which of them are equal is counted in a
    temporary database on the disk.

    Args:
        source: The lines as they are in the file.
        name: The name of the batch; the same lines have other keys in each batch.
    """
    batch = uuid5(BATCHES, name)
    # SQLite deletes this database when the process ends, however that happens.
    with closing(sqlite3.connect("", check_same_thread=False)) as seen:
        seen.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384")
        seen.execute("CREATE TABLE lines (key BLOB PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID")
        size = 0
        for number, text in enumerate(source, 1):
            size += len(text)
            if not (text := (text.removeprefix(_BOM) if number == 1 else text).strip()):
                continue
            try:
                payload = payload_of(text)
            except (ValueError, RecursionError) as error:
                yield Line(number, size, problem=str(error))
                size = 0
                continue
            key = uuid5(batch, json.dumps(payload, sort_keys=True))
            if before := _count(seen, key):
                key = uuid5(key, str(before))
            yield Line(number, size, payload, str(key))
            size = 0


def payload_of(text: bytes) -> dict[str, Any]:
    """The payload in a line.

    Raises:
        ValueError: There is none; the message says why.
        RecursionError: It is nested too deeply.
    """
    try:
        payload: Any = json.loads(text.decode(), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8: byte {error.start + 1} is invalid") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not valid JSON at column {error.colno}: {error.msg}") from None
    if not is_object(payload):
        raise ValueError(f"must be a JSON object with an assistant_id, not {_kind(payload)}")
    return payload


def _count(seen: sqlite3.Connection, key: UUID) -> int:
    """How many equal lines came before."""
    known = seen.execute("SELECT count FROM lines WHERE key = ?", (key.bytes,)).fetchone()
    before = known[0] if known else 0
    seen.execute("INSERT OR REPLACE INTO lines VALUES (?, ?)", (key.bytes, before + 1))
    return int(before)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a value of JSON")


def _kind(value: object) -> str:
    kinds: dict[type, str] = {str: "a string", list: "an array", bool: "a boolean", type(None): "null"}
    return kinds.get(type(value), "a number")
