"""Bytes in, server-sent events out; no I/O.

The rules are those of https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation,
kept to the letter: lines end in CR, LF or CRLF and in nothing else (U+2028 is data), a first byte order mark is
dropped, an event counts from its blank line on, and what has no blank line yet is no event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_LINE_END = re.compile(rb"\r\n|\n|\r")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_RETRY_DIGITS = 15  # Python converts no more than 4300; this is 30,000 years.

MAX_EVENT_BYTES = 256 * 1024 * 1024
"""How large one event may be before its stream is given up, in bytes."""


class EventTooLargeError(ValueError):
    """An event has outgrown the limit; the stream cannot be read on."""


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event, as sent.

    Attributes:
        event: Its name; "message" when none was sent.
        data: Its data lines, joined by LF: UTF-8 as it came.
        id: The last event id at that point; "" when none was sent, or an empty one.
        has_own_id: Whether the id came with this event, and was not that of one before.
    """

    event: str
    data: bytes
    id: str = ""
    has_own_id: bool = field(default=True, compare=False)


class SSEDecoder:
    r"""Decodes one stream of events; feed it the body's bytes as they come.

    A new connection wants a new decoder: half an event does not continue elsewhere.

    Args:
        max_event_bytes: The limit on the size of one event, in bytes.

    Attributes:
        last_event_id: Where the stream stands: the id at the last blank line, "" at first.
        retry: The reconnection time that the server asked for last, in milliseconds; None when it did not.
        comments: How many comments have come; servers send them as heartbeats.

    Example:
        >>> decoder = SSEDecoder()
        >>> list(decoder.feed(b"event: values\ndata: {}\n"))
        []
        >>> list(decoder.feed(b"\n"))
        [ServerSentEvent(event='values', data=b'{}', id='')]
    """

    def __init__(self, *, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self.last_event_id = ""
        self.retry: int | None = None
        self.comments = 0
        self._max_event_bytes = max_event_bytes
        self._unfinished = bytearray()  # a line whose end has not come yet
        self._size = 0  # of the finished lines of the event under way
        self._after_cr = False
        self._at_start = True
        self._event = b""
        self._data: list[bytes] = []
        self._id = b""
        self._has_own_id = False

    @property
    def is_amid(self) -> bool:
        """Whether an event has begun whose blank line has not come."""
        return bool(self._unfinished or self._size)

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """Yields the events that these bytes complete; run it to its end before the next chunk.

        Raises:
            EventTooLargeError: The event under way is larger than the limit.
        """
        for line in self._finished_lines(chunk):
            if line:
                self._take(line)
            elif (event := self._dispatch()) is not None:
                yield event
        if self._size + len(self._unfinished) > self._max_event_bytes:
            raise EventTooLargeError(f"one event is larger than {self._max_event_bytes} bytes")

    def _finished_lines(self, chunk: bytes) -> list[bytes]:
        if self._after_cr and chunk.startswith(b"\n"):
            chunk, self._after_cr = chunk[1:], False  # the second half of a CRLF cut in two
        if not chunk:
            return []
        self._after_cr = chunk.endswith(b"\r")
        *lines, rest = _LINE_END.split(chunk)
        if lines and self._unfinished:
            self._unfinished += lines[0]
            lines[0] = bytes(self._unfinished)
            self._unfinished = bytearray()
        if lines and self._at_start:
            lines[0] = lines[0].removeprefix(_BYTE_ORDER_MARK)
            self._at_start = False
        self._unfinished += rest
        return lines

    def _take(self, line: bytes) -> None:
        """One field. The two fast ways in are for data, which may be large: a slice is its only copy."""
        if line.startswith(b":"):
            self.comments += 1
            return
        self._size += len(line)
        if line.startswith(b"data: "):
            self._data.append(line[6:])
        elif line.startswith(b"data:"):
            self._data.append(line[5:])
        else:
            name, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            if name == b"event":
                self._event = value
            elif name == b"id" and b"\0" not in value:
                self._id, self._has_own_id = value, True
            elif name == b"data":
                self._data.append(value)
            elif name == b"retry" and value.isdigit():
                self.retry = int(value[:_RETRY_DIGITS])

    def _dispatch(self) -> ServerSentEvent | None:
        """The blank line: what was taken becomes an event, unless it has no data, as a heartbeat has none."""
        self.last_event_id = self._id.decode("utf-8", "replace")
        name, data, has_own_id = self._event, self._data, self._has_own_id
        self._event, self._data, self._size, self._has_own_id = b"", [], 0, False
        if not data:
            return None
        joined = data[0] if len(data) == 1 else b"\n".join(data)
        text = name.decode("utf-8", "replace") or "message"
        return ServerSentEvent(text, joined, self.last_event_id, has_own_id)
