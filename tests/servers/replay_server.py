"""The development server's memory of one run's events: what it sends on which connection, to the byte. No sockets.

The server subscribes a connection to new events, then sends the stored ones with an id *greater* than Last-Event-ID,
including those that occur in the meantime, and then those of the subscription: some are sent a second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random

Event = tuple[str, bytes, str]
"""Name, data and id."""


@cache
def encoded(event: Event) -> bytes:
    """As the development server writes it."""
    return b"event: %s\r\ndata: %s\r\nid: %s\r\n\r\n" % (event[0].encode(), event[1], event[2].encode())


def renamed(events: list[Event], form: str) -> list[Event]:
    """The same events with ids that count them, as other servers have."""
    return [(name, data, form.format(number)) for number, (name, data, _) in enumerate(events)]


def recorded(count: int, random: Random, *, alike: float = 0.0) -> list[Event]:
    """A run's events, metadata first, one to six per millisecond; some of them (`alike`) the same as the one before."""
    events: list[Event] = []
    millisecond = 1795489870000
    while len(events) < count:
        millisecond += random.randint(1, 3)
        for _ in range(min(count - len(events), random.choice([1, 1, 2, 3, 4, 6]))):
            data = b'{"i":%d}' % len(events)
            if len(events) > 1 and random.random() < alike:
                data = events[-1][1]
            name, data = ("custom", data) if events else ("metadata", b'{"run_id":"r","attempt":1}')
            events.append((name, data, f"{millisecond}-0"))
    return events


class ReplayServer:
    """The events of one run, and how many of them have occurred.

    Attributes:
        events: All events of the run.
        happened: How many must have occurred, because they were sent.
        connections: The Last-Event-ID of each connection but the first.
    """

    def __init__(self, events: list[Event], random: Random, *, most_again: int = 6) -> None:
        self.events = events
        self.happened = 0
        self.connections: list[str | None] = []
        self._random = random
        self._most_again = most_again
        self._forgotten = 0
        self._encoded = [encoded(event) for event in events]

    def begin(self) -> Sent:
        """What it sends on the connection that starts the run."""
        return Sent(self, list(range(len(self.events))))

    def join(self, after: str | None) -> Sent:
        """What it sends on a connection that joins now. The millisecond of the last event that was sent is over."""
        self.connections.append(after)
        everything = len(self.events)
        first = self._over(min(everything, self.happened + self._random.randint(0, 3)))
        end = min(everything, first + self._random.randint(0, self._most_again))
        stored = [number for number in range(self._forgotten, end) if self._is_behind(number, after)]
        return Sent(self, [*stored, *range(first, everything)])

    def forget(self, count: int) -> None:
        """Forgets so many of its events, as after a restart."""
        self._forgotten = count

    def _is_behind(self, number: int, after: str | None) -> bool:
        event_id = self.events[number][2]
        if after is None or "-0" in event_id:
            return after is not None and event_id > after  # as strings
        return int(event_id.split("_")[-1]) > int(after.split("_")[-1])

    def _over(self, number: int) -> int:
        """The first event after the millisecond of the event before this number."""
        while 0 < number < len(self.events) and self.events[number][2] == self.events[number - 1][2]:
            number += 1
        return number


class Sent:
    """What it sends on one connection: the numbers of the events, and their bytes."""

    def __init__(self, server: ReplayServer, numbers: list[int]) -> None:
        self.body = b"".join([server._encoded[number] for number in numbers])
        self._server = server
        self._numbers = numbers

    def up_to(self, length: int) -> bytes:
        """The first bytes of it. Every event that begins in them has occurred."""
        left = 0
        for number in self._numbers:
            if left >= length:
                break
            left += len(self._server._encoded[number])
            self._server.happened = max(self._server.happened, number + 1)
        return self.body[:length]


def pieces(body: bytes, random: Random) -> Iterator[bytes]:
    """The same bytes, as a network might deliver them."""
    start = 0
    while start < len(body):
        size = random.choice([7, 80, 700, 5000])
        yield body[start : start + size]
        start += size
