"""Decoding the bytes of a stream into events: this client's decoder, and those of langgraph-sdk and httpx-sse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from unittest.mock import patch

import httpx_sse
import langgraph_sdk.sse
import orjson
from httpx_sse._decoders import SSEDecoder as HttpxDecoder
from httpx_sse._decoders import SSELineDecoder
from langgraph_sdk.sse import BytesLineDecoder
from langgraph_sdk.sse import SSEDecoder as SDKDecoder
from measure import OURS, SDK, Row, compare, micro
from server import event

from langgraph_runs.stream.decoding import decode
from langgraph_runs.stream.sse import SSEDecoder

PIECE = 65536
HTTPX_SSE = httpx_sse.__name__


def ours(chunks: Iterable[bytes], *, with_json: bool) -> int:
    """Decodes to events or, with JSON, to typed parts."""
    decoder, count = SSEDecoder(), 0
    for chunk in chunks:
        for one in decoder.feed(chunk):
            count += 1
            if with_json:
                decode(one)
    return count


def sdk(chunks: Iterable[bytes]) -> int:
    """Decodes as langgraph_sdk's HttpClient.stream does."""
    lines, decoder, count = BytesLineDecoder(), SDKDecoder(), 0
    for chunk in chunks:
        for line in lines.decode(chunk):
            if decoder.decode(line.rstrip(b"\n")) is not None:
                count += 1
    return count


def theirs(chunks: Iterable[bytes], *, with_json: bool) -> int:
    """Decodes as httpx_sse's EventSource does."""
    lines, decoder, count = SSELineDecoder(), HttpxDecoder(), 0
    for chunk in chunks:
        for line in lines.decode(chunk.decode()):
            if (one := decoder.decode(line)) is not None:
                count += 1
                if with_json:
                    one.json()
    return count


def measure(size: int, *, whole: bool, with_json: bool) -> Row:
    """Measures events of one size, one per chunk, or in chunks of the size that a socket delivers."""
    number = max(6, 700_000 // size)
    events = [event(i, size) for i in range(number)]
    stream = b"".join(events)
    chunks = events if whole else [stream[at : at + PIECE] for at in range(0, len(stream), PIECE)]
    contestants: dict[str, Callable[[], object]] = {
        OURS: lambda: ours(chunks, with_json=with_json),
        SDK: lambda: sdk(chunks),
        HTTPX_SSE: lambda: theirs(chunks, with_json=with_json),
    }
    assert {number} == {work() for work in contestants.values()}
    costs = compare(contestants, units=number, rounds=9)
    to_sdk, to_httpx = (1 / costs[OURS].times(costs[name]) for name in (SDK, HTTPX_SSE))
    least = 2.0 if size == 350 else 1.0
    what = "events and JSON" if with_json else "events only"
    return Row(
        f"{size:,} B, {'one per chunk' if whole else '64 KiB chunks'}, {what}",
        {
            "CPU": micro(costs[OURS].cpu),
            "langgraph-sdk": micro(costs[SDK].cpu),
            "httpx-sse": micro(costs[HTTPX_SSE].cpu),
            "speed relative to langgraph-sdk": f"{to_sdk:.2f}",
            "relative to httpx-sse": f"{to_httpx:.2f}",
        },
        f"≥ {least:g} times langgraph-sdk, ≥ 1 times httpx-sse",
        to_sdk >= least and to_httpx >= 1,
    )


class Untouched:
    """Replaces orjson in langgraph-sdk's decoder, which decodes JSON itself, where that is not to be measured."""

    JSONDecodeError = orjson.JSONDecodeError

    @staticmethod
    def loads(data: bytes) -> bytes:
        return data


if __name__ == "__main__":
    assert json.loads(event(1, 350).split(b"data: ")[1].split(b"\r\n")[0])["i"] == 1
    for with_json in (False, True):
        with patch.object(langgraph_sdk.sse, "orjson", orjson if with_json else Untouched):
            for size in (350, 20_000, 400_000):
                for whole in (True, False):
                    measure(size, whole=whole, with_json=with_json).print()
