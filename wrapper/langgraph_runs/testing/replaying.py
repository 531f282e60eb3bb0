"""Plays a recorded exchange back: the same responses, byte for byte and piece by piece."""

from __future__ import annotations

import base64
import json
import re
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from langgraph_runs.testing.clients import InMemoryServer
from langgraph_runs.testing.exchange import Body, DroppedError, Reply, Request, lower, refusal
from langgraph_runs.testing.redaction import Redaction

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_FRAMING = ("transfer-encoding", "connection", "keep-alive")


@dataclass(slots=True)
class _Exchange:
    method: str
    target: str
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    pieces: list[bytes] = field(default_factory=list[bytes])
    end: str = "left"

    def reply(self) -> Reply:
        if self.status is None:
            return Reply(lost="reset" if self.end == "ReadError" else "cut")
        return Reply(self.status, self.headers, self._body())

    def _body(self) -> Body:
        yield from self.pieces
        if self.end not in ("end", "left"):
            raise DroppedError("reset" if self.end == "ReadError" else "cut")


class ReplayedServer(InMemoryServer):
    """Responds as a real server did while it was recorded.

    Each request gets the first unused response that was recorded for the same method and URL; if there is none, the
    first whose URL differs only in UUIDs. The body of the request is not compared. Another request is refused with
    status 501. Pieces of a body come without delays, and end where the client stopped reading: a call that ran into its
    deadline cannot be played back.

    Args:
        path: The file that a `RecordingTransport` or an `AsyncRecordingTransport` has written.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is not a recording.

    Example:
        runs = ReplayedServer("run.jsonl").client()
        runs.wait(None, "agent")
    """

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self._left = _read(Path(path))
        self._lock = threading.Lock()

    @property
    def unused(self) -> list[str]:
        """The requests of the recording that were not made yet, as "METHOD /path"."""
        return [f"{one.method} {one.target}" for one in self._left]

    def respond(self, request: Request) -> Reply:
        """The recorded response to a request.

        Args:
            request: The request.
        """
        target = Redaction().url(request.target)
        with self._lock:
            self._requests.append(request)
            same = [one for one in self._left if one.method == request.method and one.target == target]
            alike = [one for one in self._left if one.method == request.method and _alike(one.target, target)]
            if not (found := same or alike):
                unused = ", ".join(self.unused) or "nothing"
                return refusal(
                    501, f"unscripted request: {request} is not left in the recording, but {unused}"
                )
            self._left.remove(found[0])
        return found[0].reply()


def _alike(one: str, other: str) -> bool:
    return _UUID.sub("", one) == _UUID.sub("", other)


def _read(path: Path) -> list[_Exchange]:
    found: dict[int, _Exchange] = {}
    # Not splitlines: that also splits at characters that JSON may contain.
    for number, line in enumerate(path.read_text("utf-8").removesuffix("\n").split("\n"), 1):
        try:
            _take(found, json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}, is not a line of a recording: {line[:80]!r}") from error
    return list(found.values())


def _take(found: dict[int, _Exchange], line: dict[str, Any]) -> None:
    number = line["exchange"]
    if "request" in line:
        parts = urlsplit(str(line["request"]["url"]))
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        found[number] = _Exchange(line["request"]["method"], target)
    elif "response" in line:
        headers = lower((name, value) for name, value in line["response"]["headers"])
        found[number].status = line["response"]["status"]
        found[number].headers = {name: value for name, value in headers.items() if name not in _FRAMING}
    elif "end" in line:
        found[number].end = line["end"]
    elif "base64" in line:
        found[number].pieces.append(base64.b64decode(line["base64"]))
    else:
        found[number].pieces.append(str(line["text"]).encode())
