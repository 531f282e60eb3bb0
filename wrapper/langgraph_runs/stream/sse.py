"""Bytes in, server-sent events out; no I/O.

The rules are those of https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation,
to the letter: lines end in CR, LF or CRLF and nothing else (U+2028 is data), a leading byte order mark is dropped, and
an event exists only once its blank line has come. There is one exception: an id that is too long for any request is
ignored, like one with a NUL, so that it is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

# A whole event as the Python and JavaScript servers usually write it, so that it is read in one step. For speed, the
# data is everything up to LF, without backtracking (the possessive "+"). Long names take the slow path, which does not
# keep them.
_WHOLE = [
    re.compile(
        rb"event: ([^\r\n]{0,1000})EOLdata: (.*+)BEFORE\n(?:id: ([^\r\n\0]{0,1000})EOL)?EOL".replace(
            b"EOL", before + b"\n"
        ).replace(b"BEFORE", b"(?<=%b)" % before)
    )
    for before in (b"", b"\r")
]
_CR = 13  # as a number, it is found four times as fast as bytes
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LONGEST_ID = 4096  # bytes; no request could name a longer one
_RETRY_DIGITS = 15  # that are read: 30,000 years; Python converts at most 4300 digits

_new = tuple[Any, ...].__new__  # what the `__new__` of a NamedTuple calls, without naming the arguments

MAX_EVENT_BYTES = 256 * 1024 * 1024
"""The largest size of one event, in bytes. A larger one ends its stream."""


class EventTooLargeError(ValueError):
    """An event is larger than the limit; the stream cannot be read any further."""


class ServerSentEvent(NamedTuple):
    """One event, as sent.

    Attributes:
        event: Its name; "message" if none was sent.
        data: Its data lines, joined by LF, in UTF-8 as sent.
        id: The last event id at that point; "" if there is none.
        inherits_id: Whether the id is that of an earlier event, because this one has none.
    """

    event: str
    data: bytes
    id: str = ""
    inherits_id: bool = False


class SSEDecoder:
    r"""Decodes one stream of events; feed it the bytes of the body as they come.

    Each connection needs a new decoder: half an event does not continue on another one.

    Args:
        max_event_bytes: The largest size of one event, in bytes.

    Attributes:
        last_event_id: The id at the last blank line; "" at first.
        retry: The last reconnection time that the server asked for, in milliseconds; None if there was none.
        comments: How many comments have come; servers send them as heartbeats.
        has_news: Whether a comment, a reconnection time or too large an event has come; reset by the reader.

    Example:
        >>> decoder = SSEDecoder()
        >>> list(decoder.feed(b"event: values\ndata: {}\n"))
        []
        >>> list(decoder.feed(b"\n"))
        [ServerSentEvent(event='values', data=b'{}', id='', inherits_id=False)]
    """

    def __init__(self, *, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self.last_event_id: str = ""
        self.retry: int | None = None
        self.comments = 0
        self.has_news = False
        self._max_event_bytes = max_event_bytes
        self._before_lf: int | None = None  # 1 if lines seem to end in CRLF, 0 if in LF
        self._unfinished = bytearray()  # a line whose end has not come yet
        self._size = 0  # of the current event, as far as it has come
        self._after_cr = False
        self._at_start = True
        self._name_bytes, self._name = b"", _text(b"")  # of the last event: the next one usually has the same
        self._event = b""
        self._data: list[bytes] = []
        self._id: bytes = b""
        self._has_own_id = False

    @property
    def is_mid_event(self) -> bool:
        """Whether an event has begun whose blank line has not come yet."""
        return self._size > 0

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """Yields the events that these bytes complete.

        Raises:
            EventTooLargeError: After the last of them: the current event is larger than the limit.
        """
        yield from self.events(chunk)
        self.check()

    def check(self) -> None:
        """Raises EventTooLargeError if the current event is larger than the limit."""
        if self._size > self._max_event_bytes:
            raise EventTooLargeError(f"one event is larger than {self._max_event_bytes} bytes")

    def events(self, chunk: bytes) -> list[ServerSentEvent]:
        """The events that these bytes complete. If `has_news` is set, call `check` after taking them."""
        events: list[ServerSentEvent] = []
        position, size = 0, len(chunk)
        if self._after_cr and size:
            self._after_cr = False
            position = int(chunk.startswith(b"\n"))  # the rest of a CRLF that was split
        if self._before_lf is None and (first := chunk.find(b"\n")) >= 0:
            self._before_lf = int(chunk[first - 1] == _CR)
        line_feed = -1
        while position < size:
            if not self._size:
                position = self._whole_events(chunk, position, events)
                if position == size:
                    break
            if line_feed < position and (line_feed := chunk.find(b"\n", position)) < 0:
                line_feed = size
            if (end := chunk.find(b"\r", position, line_feed)) < 0:
                end = line_feed
            piece = chunk[position:end]
            self._size += end - position
            if end == size:
                self._unfinished += piece
                break
            if chunk.startswith(b"\r", end):
                self._after_cr = end + 1 == size
                end += chunk.startswith(b"\n", end + 1)
            position = end + 1
            if (event := self._line(piece)) is not None:
                events.append(event)
        if self._size > self._max_event_bytes:
            self.has_news = True
        return events

    def _whole_events(self, chunk: bytes, position: int, events: list[ServerSentEvent]) -> int:
        """Takes the whole events that begin at a position, and returns the position after them."""
        before_lf = self._before_lf or 0
        while match := _WHOLE[before_lf].match(chunk, position):
            start, end = match.span(2)
            data = chunk[start : end - before_lf]
            if _CR in data:
                break
            name, event_id = match.group(1, 3)
            position = match.end()
            self._at_start = False
            if name != self._name_bytes:
                self._name_bytes, self._name = name, _text(name)
            if event_id is not None and event_id != self._id:
                self._id, self.last_event_id = event_id, event_id.decode("utf-8", "replace")
            inherits_id = event_id is None and self.last_event_id != ""
            events.append(_new(ServerSentEvent, (self._name, data, self.last_event_id, inherits_id)))
        return position

    def _line(self, end: bytes) -> ServerSentEvent | None:
        """Takes the end of a line. If the line is blank, returns the current event, which is complete."""
        line: bytes | bytearray = end
        if self._unfinished:
            self._unfinished += end
            line, self._unfinished = self._unfinished, bytearray()
        if self._at_start:
            self._at_start = False
            if line.startswith(_BYTE_ORDER_MARK):
                line = line[len(_BYTE_ORDER_MARK) :]
                self._size -= len(_BYTE_ORDER_MARK)
        if not line:
            return self._dispatch()
        self._take(line)
        return None

    def _take(self, line: bytes | bytearray) -> None:
        """Takes a field. The two fast paths are for data, which may be large: the slice is its only copy."""
        if line.startswith(b":"):
            self.comments += 1
            self.has_news = True
            self._size -= len(line)
            return
        if line.startswith(b"data: "):
            self._data.append(line[6:] if isinstance(line, bytes) else bytes(memoryview(line)[6:]))
        elif line.startswith(b"data:"):
            self._data.append(line[5:] if isinstance(line, bytes) else bytes(memoryview(line)[5:]))
        else:
            name, _, value = bytes(line).partition(b":")
            value = value.removeprefix(b" ")
            if name == b"event":
                self._event = value
            elif name == b"id" and b"\0" not in value and len(value) <= _LONGEST_ID:
                self._id, self._has_own_id = value, True
            elif name == b"data":
                self._data.append(value)
            elif name == b"retry" and value.isdigit():
                self.retry, self.has_news = int(value[:_RETRY_DIGITS]), True

    def _dispatch(self) -> ServerSentEvent | None:
        """Takes a blank line: makes an event of the fields, unless there is no data, as in a heartbeat."""
        self.last_event_id = self._id.decode("utf-8", "replace")
        name, data, inherits_id = self._event, self._data, bool(self._id) and not self._has_own_id
        self._event, self._data, self._size, self._has_own_id = b"", [], 0, False
        if not data:
            return None
        joined = data[0] if len(data) == 1 else b"\n".join(data)
        return ServerSentEvent(_text(name), joined, self.last_event_id, inherits_id)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace") or "message"
