"""A response that is cut at any byte, by FIN or by RST, is never accepted as a whole one.

The exception is a body that ends with the connection, if the cut is a FIN: both look the same. A RST never does.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from functools import cache

import httpx
import pytest
from engine.exchanges import Outcome, Response, async_played, parsed, played
from engine.raw_responses import CHUNKED, FIVE, LAST, OK, ROWS, Row, Whole
from servers.byte_server import FIRST, ByteServer, End, byte_server

from langgraph_runs._async.engine.pool import AsyncPool
from langgraph_runs._sync.engine.pool import Pool

RESPONSES = {
    "by length": FIVE + b"\r\nhello",
    "in chunks": CHUNKED + b"2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nX-Sum: 7\r\n\r\n",
    "up to the end of the connection": OK + b"\r\nhello",
    "without a body": b"HTTP/1.1 204 No Content\r\nX: y\r\n\r\n",
    "behind 1xx": b"HTTP/1.1 103 X\r\nLink: </a>\r\n\r\n" + FIVE + b"\r\nhello",
    "with events": OK
    + b"Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n"
    + LAST,
}
pytestmark = pytest.mark.exhaustive
every_response = pytest.mark.parametrize("name", RESPONSES)
both_ends = pytest.mark.parametrize("end", [End.FIN, End.RST], ids=["closed", "reset"])
WHOLE_ROWS = {
    name: row for name, row in ROWS.items() if isinstance(row.expected, Whole) and len(row.raw) < 1000
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[ByteServer]:
    """The server of all tests in this file."""
    with byte_server() as running:
        yield running


@cache
def _no_tls() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def expected(raw: bytes, cut: int, end: End) -> bytes | type[httpx.TransportError]:
    """The body or an error of the server, if the connection ends, or an error of the connection, if it is reset."""
    head, _, body = raw[:cut].partition(b"\r\n\r\n")
    is_up_to_the_end = raw == RESPONSES["up to the end of the connection"]
    if is_up_to_the_end and end is End.FIN and len(head) < cut:
        return body
    if not is_up_to_the_end and cut == len(raw):
        return b"" if raw == RESPONSES["without a body"] else b"data: 1\n\n" if b"event-" in raw else b"hello"
    return httpx.RemoteProtocolError if end is End.FIN else httpx.ReadError


def body_of(outcome: Outcome) -> bytes | type[Exception]:
    return outcome if isinstance(outcome, type) else outcome.body


@both_ends
@every_response
def test_a_cut_response_is_an_error(name: str, end: End, server: ByteServer) -> None:
    """As over httpx's own transport; and no request is sent twice, whichever connection it was on."""
    raw, theirs_and_ours = RESPONSES[name], []
    for transport in (httpx.HTTPTransport(verify=_no_tls()), Pool()):
        before, outcomes = _sent(server), []
        with httpx.Client(transport=transport) as client:
            for cut in range(len(raw) + 1):
                result = played(client, server, [raw[:cut]], end)
                assert expected(raw, cut, end) == body_of(result.first), (cut, transport)
                assert result.second_has_its_own_answer
                outcomes.append(result.first)
        assert len(raw) + 1 == _sent(server) - before
        theirs_and_ours.append(outcomes)
    assert theirs_and_ours[0] == theirs_and_ours[1]


@both_ends
@every_response
async def test_a_cut_response_is_an_error_for_the_async_client(
    name: str, end: End, server: ByteServer
) -> None:
    raw, theirs_and_ours = RESPONSES[name], []
    for transport in (httpx.AsyncHTTPTransport(verify=_no_tls()), AsyncPool()):
        before, outcomes = _sent(server), []
        async with httpx.AsyncClient(transport=transport) as client:
            for cut in range(len(raw) + 1):
                result = await async_played(client, server, [raw[:cut]], end)
                assert expected(raw, cut, end) == body_of(result.first), (cut, transport)
                assert result.second_has_its_own_answer
                outcomes.append(result.first)
        assert len(raw) + 1 == _sent(server) - before
        theirs_and_ours.append(outcomes)
    assert theirs_and_ours[0] == theirs_and_ours[1]


def _sent(server: ByteServer) -> int:
    return sum(path == FIRST for path, _ in server.requests)


@pytest.mark.parametrize("row", WHOLE_ROWS.values(), ids=WHOLE_ROWS)
def test_a_parser_never_accepts_a_cut_response_as_a_whole_one(row: Row) -> None:
    """Every response of the table, cut at every byte: one that is complete was complete before the connection ended."""
    for cut in range(len(row.raw) + 1):
        is_open, has_ended = (parsed(row.method, [row.raw[:cut]], has_ended=ended) for ended in (False, True))
        if isinstance(is_open.outcome, Response) or _is_up_to_the_end(row, cut):
            assert isinstance(has_ended.outcome, Response)
            assert has_ended.head == is_open.head
        else:
            assert has_ended.outcome is httpx.RemoteProtocolError, cut


def _is_up_to_the_end(row: Row, cut: int) -> bool:
    head = parsed(row.method, [row.raw[:cut]], has_ended=False).head
    names = {name.lower() for name, _ in head.headers} if head else set()
    return head is not None and not names & {b"content-length", b"transfer-encoding"}
