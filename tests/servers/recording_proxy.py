"""A proxy that passes every byte on, both ways, and notes what it has seen: each request with its response."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from servers.sockets import reset_when_closed

try:
    import httptools
except ImportError:  # a part of the suite runs without it, and without the real server
    httptools = None

_CHUNK = 65536


@dataclass
class Exchange:
    """A request, and its response as far as it has come.

    Attributes:
        context: What was current when the request began, such as the name of a test.
        target: Path and query, as sent.
        status: 0 until the response begins.
        is_answered: Whether the response has come to its end.
    """

    context: object
    method: str = ""
    target: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    status: int = 0
    response_headers: dict[str, str] = field(default_factory=dict)
    response_body: bytearray = field(default_factory=bytearray)
    is_answered: bool = False


class RecordingProxy:
    """A proxy of one server.

    Attributes:
        url: Its URL.
        context: Noted with each request that begins from now on.
    """

    def __init__(self, server: str) -> None:
        self.url = ""
        self.context: object = None
        address = urlsplit(server)
        self._server = str(address.hostname), int(address.port or 80)
        self._ended: list[Exchange] = []
        self._stop = asyncio.Event()
        self._connections: set[asyncio.Task[None]] = set()  # the event loop itself holds no task

    def take(self) -> list[Exchange]:
        """The exchanges that have ended since the last time: the response is complete, or the connection closed."""
        taken, self._ended = self._ended, []
        return taken

    async def run(self, started: Callable[[], object]) -> None:
        """Serves until it is stopped."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=1024)
        async with server:
            self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            started()
            await self._stop.wait()
            server.close()
            for connection in self._connections:
                connection.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)

    def stop(self) -> None:
        """Ends `run`. Call it in the thread of the event loop."""
        self._stop.set()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.ensure_future(self._serve(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Passes on what comes, until the server closes the connection, or either side resets it."""
        conversation = _Conversation(self)
        try:
            server_reader, server_writer = await asyncio.open_connection(*self._server)
        except OSError:
            _reset(writer)
            return
        requests = asyncio.ensure_future(_pass_on(reader, server_writer, conversation.requested))
        try:
            await _pass_on(server_reader, writer, conversation.responded)
        finally:
            requests.cancel()
            with suppress(asyncio.CancelledError):
                await requests
            for one in (writer, server_writer):
                one.close()
            self._ended += conversation.unanswered()

    def ended(self, exchange: Exchange) -> None:
        """Notes an exchange whose response is complete."""
        self._ended.append(exchange)


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, note: Callable[[bytes], None]
) -> None:
    """Passes on one direction, with its end: a FIN as a FIN, and a reset as a reset."""
    try:
        while chunk := await reader.read(_CHUNK):
            note(chunk)
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        _reset(writer)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Ends a connection by RST, at once."""
    reset_when_closed(writer.get_extra_info("socket"))
    writer.transport.abort()


class _Conversation:
    """What is said on one connection. Responses come in the order of the requests."""

    def __init__(self, proxy: RecordingProxy) -> None:
        self._proxy = proxy
        self._open: list[Exchange] = []
        self._requests: httptools.HttpRequestParser | None = httptools.HttpRequestParser(_Request(self))
        self._responses: httptools.HttpResponseParser | None = None

    def requested(self, chunk: bytes) -> None:
        """Takes bytes of requests. What is no HTTP is not noted, and neither is what follows it."""
        try:
            if self._requests:
                self._requests.feed_data(chunk)
        except httptools.HttpParserError:
            self._requests = None

    def responded(self, chunk: bytes) -> None:
        """Takes bytes of responses."""
        if not self._open:
            return
        self._responses = self._responses or httptools.HttpResponseParser(_Response(self))
        try:
            self._responses.feed_data(chunk)
        except httptools.HttpParserError:
            self._open.clear()

    def unanswered(self) -> list[Exchange]:
        """The exchanges whose response did not come to its end; the first one may have begun."""
        return [one for one in self._open if one.status]

    def begin(self) -> Exchange:
        """A request that begins."""
        self._open.append(Exchange(self._proxy.context))
        return self._open[-1]

    @property
    def exchange(self) -> Exchange:
        """The exchange whose response comes next."""
        return self._open[0]

    @property
    def status(self) -> int:
        """The status of the response that is coming."""
        return self._responses.get_status_code() if self._responses else 0

    @property
    def method(self) -> str:
        """The method of the request that is coming."""
        return self._requests.get_method().decode() if self._requests else ""

    def end(self) -> None:
        """The response is complete."""
        self.exchange.is_answered = True
        self._proxy.ended(self._open.pop(0))


class _Request:
    """What the parser of requests calls."""

    def __init__(self, conversation: _Conversation) -> None:
        self._conversation = conversation
        self._exchange: Exchange

    def on_message_begin(self) -> None:
        self._exchange = self._conversation.begin()

    def on_url(self, part: bytes) -> None:
        self._exchange.target += part.decode()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._exchange.headers[name.decode().lower()] = value.decode()

    def on_headers_complete(self) -> None:
        self._exchange.method = self._conversation.method

    def on_body(self, part: bytes) -> None:
        self._exchange.body += part


class _Response:
    """What the parser of responses calls."""

    def __init__(self, conversation: _Conversation) -> None:
        self._conversation = conversation

    def on_header(self, name: bytes, value: bytes) -> None:
        self._conversation.exchange.response_headers[name.decode().lower()] = value.decode()

    def on_headers_complete(self) -> None:
        self._conversation.exchange.status = self._conversation.status

    def on_body(self, part: bytes) -> None:
        self._conversation.exchange.response_body += part

    def on_message_complete(self) -> None:
        self._conversation.end()


@contextmanager
def recording_proxy(server: str) -> Iterator[RecordingProxy]:
    """A proxy on a free port, in a thread with an event loop of its own; stopped afterwards."""
    started = threading.Event()
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        loop = runner.get_loop()
        proxy = RecordingProxy(server)
        thread = threading.Thread(target=runner.run, args=(proxy.run(started.set),), daemon=True)
        thread.start()
        started.wait()
        try:
            yield proxy
        finally:
            loop.call_soon_threadsafe(proxy.stop)
            thread.join()
