"""The table of raw responses is right: for httpx's own transport, for our parser, and for both of our clients.

The parser gets every row byte by byte, and at every split into two pieces. Over sockets each row arrives in one piece,
byte by byte, and split where it may matter. (Rows of many kilobytes are split at fewer places, with padding in between,
and arrive in larger pieces over sockets.)
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from functools import cache

import httpx
import pytest
from engine import exchanges, raw_responses
from engine.exchanges import IMPATIENCE, PATIENCE, Outcome, Played, async_played, parsed, played
from engine.raw_responses import FIVE, ROWS, Row, Whole
from servers.byte_server import FIRST, SECOND, SECOND_BODY, ByteServer, End, byte_server

from langgraph_runs._async.engine.pool import AsyncPool
from langgraph_runs._sync.engine.pool import Pool

READ = 65536
"""No read of a socket returns more at once."""
MOST_SPLITS = 1500

every_row = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)


@pytest.fixture(scope="module")
def server() -> Iterator[ByteServer]:
    """The server of all tests in this file."""
    with byte_server() as running:
        yield running


@cache
def _no_tls() -> ssl.SSLContext:
    """One context for all clients: creating it is the slow part of creating a transport of httpx."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def pieces(raw: bytes, size: int) -> list[bytes]:
    return [raw[at : at + size] for at in range(0, len(raw), size)]


def whole(row: Row) -> list[bytes]:
    """In as few pieces as a socket receives."""
    return pieces(row.raw, READ)


def byte_by_byte(row: Row) -> list[bytes]:
    return pieces(row.raw, 1 if len(row.raw) < 2 * MOST_SPLITS else 4093)


def splits(row: Row) -> Iterator[list[bytes]]:
    """Every split into two; of a long row, those near its ends, and some in between."""
    size = len(row.raw)
    for at in range(1, size):
        if size < MOST_SPLITS or min(at, size - at) < 60 or at % (size // 20) == 0:
            yield [part for half in (row.raw[:at], row.raw[at:]) for part in pieces(half, READ)]


def splits_that_matter(row: Row) -> list[list[bytes]]:
    """In the line that ends a head, after it, and before the last byte."""
    end = row.raw.find(b"\r\n\r\n")
    places = {1, end + 1, end + 2, end + 3, end + 4, len(row.raw) - 1} if end >= 0 else {1, len(row.raw) - 1}
    return [[row.raw[:at], row.raw[at:]] for at in sorted(places) if 0 < at < len(row.raw)]


def is_as_listed(outcome: Outcome, is_kept: bool, listed: raw_responses.Outcome) -> bool:
    """Whether it is the result of the table."""
    if not isinstance(listed, Whole):
        return outcome is listed and not is_kept
    return (
        not isinstance(outcome, type)
        and (listed.status, listed.body, listed.kept) == (outcome.status, outcome.body, is_kept)
        and listed.headers in (None, outcome.headers)
        and listed.reason in (None, outcome.reason)
    )


def end_of(row: Row) -> End:
    return End.FIN if row.closes else End.OPEN


def patience(listed: raw_responses.Outcome) -> float:
    return IMPATIENCE if listed is httpx.ReadTimeout else PATIENCE


def httpx_played(server: ByteServer, row: Row) -> Played:
    with httpx.Client(transport=httpx.HTTPTransport(verify=_no_tls())) as client:
        return played(client, server, [row.raw], end_of(row), method=row.method, read=patience(row.httpx))


async def httpx_async_played(server: ByteServer, row: Row) -> Played:
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(verify=_no_tls())) as client:
        return await async_played(
            client, server, [row.raw], end_of(row), method=row.method, read=patience(row.httpx)
        )


def ways(row: Row) -> Iterator[tuple[list[bytes], bool]]:
    """The ways in which a row arrives over a socket, and whether that is in one piece."""
    yield [row.raw], True
    yield byte_by_byte(row), False
    if row.expected is not httpx.ReadTimeout:  # each of them waits for the timeout
        for split in splits_that_matter(row):
            yield split, False


def is_right(outcome: Played, theirs: Played, row: Row, *, is_one_piece: bool) -> bool:
    """Whether the result is that of the table, and that of httpx to the last header if both are to be the same."""
    is_kept = outcome.is_kept
    if row.kept_if_at_once and not is_one_piece:
        is_kept = True
    return (
        outcome.second_has_its_own_answer
        and is_as_listed(outcome.first, is_kept, row.expected)
        and (row.ours is not None or outcome.first == theirs.first)
    )


def test_every_row_that_differs_from_httpx_says_why() -> None:
    assert len(ROWS) >= 120
    assert sum(map(len, raw_responses.TABLE.values())) == len(ROWS), "two rows have the same name"
    for row in ROWS.values():
        assert (row.ours is not None) == bool(row.why), row.name
        assert row.ours != row.httpx, row.name


def test_every_row_that_is_laxer_than_httpx_says_so() -> None:
    """It accepts a response for which httpx raises an error: too many blank lines, or too many zeros."""
    laxer = [row for row in ROWS.values() if isinstance(row.ours, Whole) and not isinstance(row.httpx, Whole)]
    assert laxer == [row for row in ROWS.values() if row.why.startswith("LAXER")]
    assert len(laxer) == 6


@every_row
def test_httpx_has_the_result_of_the_table(row: Row, server: ByteServer) -> None:
    theirs = httpx_played(server, row)
    assert theirs.second_has_its_own_answer != row.httpx_mixes_up, theirs
    assert is_as_listed(theirs.first, theirs.is_kept or row.httpx_mixes_up, row.httpx), theirs


@every_row
async def test_async_httpx_has_the_result_of_the_table(row: Row, server: ByteServer) -> None:
    theirs = await httpx_async_played(server, row)
    assert theirs.second_has_its_own_answer != row.httpx_mixes_up, theirs
    assert is_as_listed(theirs.first, theirs.is_kept or row.httpx_mixes_up, row.httpx), theirs


@pytest.mark.exhaustive
@every_row
def test_the_parser_has_the_result_of_the_table_at_every_split(row: Row) -> None:
    at_once = parsed(row.method, whole(row), has_ended=row.closes)
    is_kept = at_once.is_reusable and not row.closes
    assert is_as_listed(at_once.outcome, is_kept, row.expected), at_once
    for split in [pieces(row.raw, 1), *splits(row)]:
        assert at_once == parsed(row.method, split, has_ended=row.closes), [len(part) for part in split]


@pytest.mark.exhaustive
@every_row
def test_the_client_has_the_result_of_the_table_however_it_arrives(row: Row, server: ByteServer) -> None:
    """And the second request gets its own answer."""
    theirs = httpx_played(server, row)
    with httpx.Client(transport=Pool()) as client:
        for way, is_one_piece in ways(row):
            outcome = played(client, server, way, end_of(row), method=row.method, read=patience(row.expected))
            assert is_right(outcome, theirs, row, is_one_piece=is_one_piece), (way, outcome)


@pytest.mark.exhaustive
@every_row
async def test_the_async_client_has_the_result_of_the_table_however_it_arrives(
    row: Row, server: ByteServer
) -> None:
    theirs = await httpx_async_played(server, row)
    async with httpx.AsyncClient(transport=AsyncPool()) as client:
        for way, is_one_piece in ways(row):
            outcome = await async_played(
                client, server, way, end_of(row), method=row.method, read=patience(row.expected)
            )
            assert is_right(outcome, theirs, row, is_one_piece=is_one_piece), (way, outcome)


def test_the_byte_server_has_each_piece_received_by_itself(server: ByteServer) -> None:
    """No read returns two of them."""
    sent = byte_by_byte(ROWS["in chunks: several extensions"])
    server.play(sent)
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as connection:
        connection.sendall(b"GET " + FIRST.encode() + b" HTTP/1.1\r\n\r\n")
        assert sent == [connection.recv(READ) for _ in sent]


def test_a_request_with_connection_close_is_the_last_on_its_connection(server: ByteServer) -> None:
    with httpx.Client(transport=Pool()) as client:
        client.get(server.url + SECOND, headers={"Connection": "close"})
        exchanges.asked(client, "GET", server.url + SECOND, PATIENCE)
    (_, first), (_, second) = server.requests[-2:]
    assert first != second


async def test_a_request_with_connection_close_is_the_last_for_the_async_client(server: ByteServer) -> None:
    async with httpx.AsyncClient(transport=AsyncPool()) as client:
        await client.get(server.url + SECOND, headers={"Connection": "close"})
        await exchanges.async_asked(client, "GET", server.url + SECOND, PATIENCE)
    (_, first), (_, second) = server.requests[-2:]
    assert first != second


@pytest.mark.parametrize(("late", "end"), [(b"", End.FIN), (b"", End.RST), (b"!", End.OPEN)])
async def test_bytes_that_arrived_while_the_loop_was_busy_are_noticed(
    late: bytes, end: End, server: ByteServer
) -> None:
    """When the next request is sent, the kernel has them and the loop has not seen them yet."""
    is_busy = threading.Event()

    def sent() -> Iterator[bytes]:
        yield FIVE + b"\r\nhello"
        is_busy.wait(PATIENCE)
        yield late

    play = server.play(sent(), end)
    async with httpx.AsyncClient(transport=AsyncPool()) as client:
        assert "hello" == (await client.get(server.url + FIRST)).text
        play.answered.set()
        is_busy.set()
        assert play.over.wait(PATIENCE)
        assert SECOND_BODY == (await client.get(server.url + SECOND)).content
    assert (SECOND, play.connection) != server.requests[-1]
