"""The table of raw responses holds: for httpx's own transport, for our parser, and for both of ours over sockets.

A parser is fed with every row byte by byte, and at every split into two pieces. Over sockets each row comes whole,
byte by byte, and split where it may matter. (Rows of many kilobytes are split at fewer places, with padding between,
and come in larger pieces over sockets.)
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
"""No read of a socket gives more at once."""
MOST_SPLITS = 1500

every_row = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)


@pytest.fixture(scope="module")
def bytes_of() -> Iterator[ByteServer]:
    """A server for all tests here."""
    with byte_server() as running:
        yield running


@cache
def _no_tls() -> ssl.SSLContext:
    """Only made because making it is what takes long about a transport of httpx."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def pieces(raw: bytes, size: int) -> list[bytes]:
    return [raw[at : at + size] for at in range(0, len(raw), size)]


def whole(row: Row) -> list[bytes]:
    """In as few pieces as a socket gives it."""
    return pieces(row.raw, READ)


def byte_by_byte(row: Row) -> list[bytes]:
    return pieces(row.raw, 1 if len(row.raw) < 2 * MOST_SPLITS else 4093)


def splits(row: Row) -> Iterator[list[bytes]]:
    """Every split into two; of a long row, those near its ends, and some between."""
    size = len(row.raw)
    for at in range(1, size):
        if size < MOST_SPLITS or min(at, size - at) < 60 or at % (size // 20) == 0:
            yield [part for half in (row.raw[:at], row.raw[at:]) for part in pieces(half, READ)]


def splits_that_matter(row: Row) -> list[list[bytes]]:
    """Within the line that ends a head, behind it, and before the last byte."""
    end = row.raw.find(b"\r\n\r\n")
    places = {1, end + 1, end + 2, end + 3, end + 4, len(row.raw) - 1} if end >= 0 else {1, len(row.raw) - 1}
    return [[row.raw[:at], row.raw[at:]] for at in sorted(places) if 0 < at < len(row.raw)]


def is_as_listed(outcome: Outcome, is_kept: bool, listed: raw_responses.Outcome) -> bool:
    """Whether that is what the table says."""
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
    """How a row comes over a socket, and whether that is in one piece."""
    yield [row.raw], True
    yield byte_by_byte(row), False
    if row.expected is not httpx.ReadTimeout:  # each of them takes its time
        for split in splits_that_matter(row):
            yield split, False


def is_right(outcome: Played, theirs: Played, row: Row, *, is_one_piece: bool) -> bool:
    """Whether ours gives what the table says, and where that is what httpx gives, to the last header."""
    is_kept = outcome.is_kept
    if row.kept_if_at_once and not is_one_piece:
        is_kept = True
    return (
        outcome.second_has_its_own
        and is_as_listed(outcome.first, is_kept, row.expected)
        and (row.ours is not None or outcome.first == theirs.first)
    )


def test_the_table_is_large_and_says_why() -> None:
    assert len(ROWS) >= 120
    assert sum(map(len, raw_responses.TABLE.values())) == len(ROWS), "two rows have the same name"
    for row in ROWS.values():
        assert (row.ours is not None) == bool(row.why), row.name
        assert row.ours != row.httpx, row.name


def test_where_ours_is_laxer_the_table_says_so() -> None:
    """It gives a response where httpx raises an error: blank lines, and zeros, too many."""
    laxer = [row for row in ROWS.values() if isinstance(row.ours, Whole) and not isinstance(row.httpx, Whole)]
    assert laxer == [row for row in ROWS.values() if row.why.startswith("LAXER")]
    assert len(laxer) == 6


@every_row
def test_httpx_gives_what_the_table_says(row: Row, bytes_of: ByteServer) -> None:
    theirs = httpx_played(bytes_of, row)
    assert theirs.second_has_its_own != row.httpx_mixes_up, theirs
    assert is_as_listed(theirs.first, theirs.is_kept or row.httpx_mixes_up, row.httpx), theirs


@every_row
async def test_httpx_gives_it_asynchronously_too(row: Row, bytes_of: ByteServer) -> None:
    theirs = await httpx_async_played(bytes_of, row)
    assert theirs.second_has_its_own != row.httpx_mixes_up, theirs
    assert is_as_listed(theirs.first, theirs.is_kept or row.httpx_mixes_up, row.httpx), theirs


@pytest.mark.exhaustive
@every_row
def test_a_parser_gives_what_the_table_says_at_every_split(row: Row) -> None:
    at_once = parsed(row.method, whole(row), has_ended=row.closes)
    is_kept = at_once.is_reusable and not row.closes
    assert is_as_listed(at_once.outcome, is_kept, row.expected), at_once
    for split in [pieces(row.raw, 1), *splits(row)]:
        assert at_once == parsed(row.method, split, has_ended=row.closes), [len(part) for part in split]


@every_row
def test_ours_gives_what_the_table_says_however_it_comes(row: Row, bytes_of: ByteServer) -> None:
    """And the second request gets its own answer."""
    theirs = httpx_played(bytes_of, row)
    with httpx.Client(transport=Pool()) as client:
        for way, is_one_piece in ways(row):
            outcome = played(
                client, bytes_of, way, end_of(row), method=row.method, read=patience(row.expected)
            )
            assert is_right(outcome, theirs, row, is_one_piece=is_one_piece), (way, outcome)


@every_row
async def test_ours_gives_it_asynchronously_too(row: Row, bytes_of: ByteServer) -> None:
    theirs = await httpx_async_played(bytes_of, row)
    async with httpx.AsyncClient(transport=AsyncPool()) as client:
        for way, is_one_piece in ways(row):
            outcome = await async_played(
                client, bytes_of, way, end_of(row), method=row.method, read=patience(row.expected)
            )
            assert is_right(outcome, theirs, row, is_one_piece=is_one_piece), (way, outcome)


def test_what_is_sent_in_pieces_is_received_in_pieces(bytes_of: ByteServer) -> None:
    """The server keeps its promise: no two of them come with one read."""
    sent = byte_by_byte(ROWS["in chunks: several extensions"])
    bytes_of.play(sent)
    with socket.create_connection(("127.0.0.1", int(bytes_of.url.rpartition(":")[2]))) as connection:
        connection.sendall(b"GET " + FIRST.encode() + b" HTTP/1.1\r\n\r\n")
        assert sent == [connection.recv(READ) for _ in sent]


def test_a_request_with_connection_close_is_the_last_on_its_connection(bytes_of: ByteServer) -> None:
    with httpx.Client(transport=Pool()) as client:
        client.get(bytes_of.url + SECOND, headers={"Connection": "close"})
        exchanges.asked(client, "GET", bytes_of.url + SECOND, PATIENCE)
    (_, first), (_, second) = bytes_of.requests[-2:]
    assert first != second


async def test_a_request_with_connection_close_is_the_last_asynchronously_too(bytes_of: ByteServer) -> None:
    async with httpx.AsyncClient(transport=AsyncPool()) as client:
        await client.get(bytes_of.url + SECOND, headers={"Connection": "close"})
        await exchanges.async_asked(client, "GET", bytes_of.url + SECOND, PATIENCE)
    (_, first), (_, second) = bytes_of.requests[-2:]
    assert first != second


@pytest.mark.parametrize(("late", "end"), [(b"", End.FIN), (b"", End.RST), (b"!", End.OPEN)])
async def test_what_came_while_the_event_loop_was_busy_is_noticed(
    late: bytes, end: End, bytes_of: ByteServer
) -> None:
    """The loop has not seen it yet when the next request is sent; the kernel has."""
    is_busy = threading.Event()

    def sent() -> Iterator[bytes]:
        yield FIVE + b"\r\nhello"
        is_busy.wait(PATIENCE)
        yield late

    play = bytes_of.play(sent(), end)
    async with httpx.AsyncClient(transport=AsyncPool()) as client:
        assert "hello" == (await client.get(bytes_of.url + FIRST)).text
        play.answered.set()
        is_busy.set()
        assert play.over.wait(PATIENCE)
        assert SECOND_BODY == (await client.get(bytes_of.url + SECOND)).content
    assert (SECOND, play.connection) != bytes_of.requests[-1]
