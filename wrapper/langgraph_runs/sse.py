"""Bytes in, server-sent events out; no I/O.

The rules are those of https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation,
kept to the letter: lines end in CR, LF or CRLF and in nothing else (U+2028 is data), a first byte order mark is
dropped, an event counts from its blank line on, and what has no blank line yet is no event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

# An event that has come whole, as the servers in Python and those in JavaScript write most: it is read in one step. The
# data is all up to LF, for speed, and is never tried again with less (so says the "+" behind it).
_WHOLE = [
    re.compile(
        rb"event: ([^\r\n]*)EOLdata: (.*+)BEFORE\n(?:id: ([^\r\n\0]*)EOL)?EOL".replace(
            b"EOL", before + b"\n"
        ).replace(b"BEFORE", b"(?<=%b)" % before)
    )
    for before in (b"", b"\r")
]
_CR = 13  # a number, which is looked for at four times the speed of bytes
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_RETRY_DIGITS = 15  # Python converts no more than 4300; this is 30,000 years.

_new = tuple[Any, ...].__new__  # what a NamedTuple's own does, after its arguments have been named

MAX_EVENT_BYTES = 256 * 1024 * 1024
"""How large one event may be before its stream is given up, in bytes."""


class EventTooLargeError(ValueError):
    """An event has outgrown the limit; the stream cannot be read on."""


class ServerSentEvent(NamedTuple):
    """One event, as sent.

    Attributes:
        event: Its name; "message" when none was sent.
        data: Its data lines, joined by LF: UTF-8 as it came.
        id: The last event id at that point; "" when none was sent, or an empty one.
        inherits_id: Whether the id is that of an event before, as none came with this one.
    """

    event: str
    data: bytes
    id: str = ""
    inherits_id: bool = False


class SSEDecoder:
    r"""Decodes one stream of events; feed it the body's bytes as they come.

    A new connection wants a new decoder: half an event does not continue elsewhere.

    Args:
        max_event_bytes: The limit on the size of one event, in bytes.

    Attributes:
        last_event_id: Where the stream stands: the id at the last blank line, "" at first.
        retry: The reconnection time that the server asked for last, in milliseconds; None when it did not.
        comments: How many comments have come; servers send them as heartbeats.
        has_news: Whether a comment, a reconnection time or too much has come; to be reset by the reader.

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
        self._before_lf: int | None = (
            None  # 1 where lines end in CRLF, as it seems, and 0 where they do in LF
        )
        self._unfinished = bytearray()  # a line whose end has not come yet
        self._size = 0  # of the event under way, as far as it has come
        self._after_cr = False
        self._at_start = True
        self._name_bytes, self._name = (
            b"",
            _text(b""),
        )  # of the last event: the next one has the same, as a rule
        self._event = b""
        self._data: list[bytes] = []
        self._id: bytes = b""
        self._has_own_id = False

    @property
    def is_amid(self) -> bool:
        """Whether an event has begun whose blank line has not come."""
        return self._size > 0

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """Yields the events that these bytes complete.

        Raises:
            EventTooLargeError: Behind the last of them: the event under way is larger than the limit.
        """
        yield from self.events(chunk)
        self.check()

    def check(self) -> None:
        """Raises an EventTooLargeError where the event under way is larger than the limit."""
        if self._size > self._max_event_bytes:
            raise EventTooLargeError(f"one event is larger than {self._max_event_bytes} bytes")

    def events(self, chunk: bytes) -> list[ServerSentEvent]:
        """The events that these bytes complete; `check` when they are taken, where `has_news` says so."""
        events: list[ServerSentEvent] = []
        position, size = 0, len(chunk)
        if self._after_cr and size:
            self._after_cr = False
            position = int(chunk.startswith(b"\n"))  # the second half of a CRLF cut in two
        if self._before_lf is None and (first := chunk.find(b"\n")) >= 0:
            self._before_lf = int(chunk[first - 1] == _CR)
        before_lf = self._before_lf or 0
        line_feed = -1
        while position < size:
            if not self._size:
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

    def _line(self, end: bytes) -> ServerSentEvent | None:
        """The end of a line has come; if that leaves it blank, the event under way is complete."""
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
        """One field. The two fast ways in are for data, which may be large: what they cut out is its only copy."""
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
            elif name == b"id" and b"\0" not in value:
                self._id, self._has_own_id = value, True
            elif name == b"data":
                self._data.append(value)
            elif name == b"retry" and value.isdigit():
                self.retry, self.has_news = int(value[:_RETRY_DIGITS]), True

    def _dispatch(self) -> ServerSentEvent | None:
        """The blank line: what was taken becomes an event, unless it has no data, as a heartbeat has none."""
        self.last_event_id = self._id.decode("utf-8", "replace")
        name, data, inherits_id = self._event, self._data, bool(self._id) and not self._has_own_id
        self._event, self._data, self._size, self._has_own_id = b"", [], 0, False
        if not data:
            return None
        joined = data[0] if len(data) == 1 else b"\n".join(data)
        return ServerSentEvent(_text(name), joined, self.last_event_id, inherits_id)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace") or "message"
