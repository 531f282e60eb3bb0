"""What a recording has, byte for byte and without a key, and that it is played back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from langgraph_runs import AsyncRunsClient, InternalServerError, RunFailedError
from langgraph_runs.testing import (
    AsyncRecordingTransport,
    Fail,
    Hold,
    Interrupt,
    Pause,
    ReplayedServer,
    RunsServer,
)


def fresh() -> RunsServer:
    """A server of two runs; the stream of the first is cut."""
    server = RunsServer()
    server.run(*[("custom", {"text": f"é\u2028{i}"}) for i in range(5)], ("values", {"a": 1}))
    server.drop(events=3, on="POST */stream")
    server.run(("values", {"a": 2}), Fail("KeyError", "'k'"))
    return server


async def calls(runs: AsyncRunsClient, thread_id: str) -> list[Any]:
    """A stream, a failed wait and a list."""
    stream = runs.stream(thread_id, "agent", input={"text": "hi"}, stream_mode=["custom", "values"])
    found: list[Any] = [(part.event, part.data, part.id) async for part in stream]
    try:
        await runs.wait(thread_id, "agent")
    except RunFailedError as error:
        found.append((error.error, error.reason))
    return [*found, [run.status for run in await runs.list(thread_id)]]


async def test_a_recording_is_played_back(tmp_path: Path) -> None:
    """The same parts, values and errors, with the same cut, and nothing of it is left. Its folder is made."""
    path, server = tmp_path / "recordings" / "run.jsonl", fresh()
    thread_id = server.thread()
    http = httpx.AsyncClient(transport=AsyncRecordingTransport(path, server.async_transport()))
    recorded = await calls(server.async_client(http_client=http), thread_id)
    replayed = ReplayedServer(path)
    assert recorded == await calls(replayed.async_client(), thread_id)
    assert [] == replayed.unused
    assert [str(request) for request in server.requests] == [str(request) for request in replayed.requests]


async def test_the_pieces_of_a_body_are_the_same(tmp_path: Path) -> None:
    """Byte for byte, even if they are not text; so is the way in which it ends."""
    pieces = [b"\xff\xfe", "é".encode()[:1], "é".encode()[1:], b"\r\n", b'"\x00', b"x" * 70000]

    class Pieces(httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            for piece in pieces:
                yield piece
            raise httpx.ReadError("reset")

        async def aclose(self) -> None:
            pass

    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(207, headers={"x-a": "1"}, stream=Pieces())

    path = tmp_path / "run.jsonl"
    mock = httpx.MockTransport(respond)
    for is_replayed in (False, True):
        recording = None if is_replayed else AsyncRecordingTransport(path, mock)
        transport = recording or ReplayedServer(path).async_transport()
        found: list[bytes] = []
        async with httpx.AsyncClient(transport=transport) as http:
            with pytest.raises(httpx.ReadError):
                async with http.stream("GET", "http://host/a?b=%20c") as response:
                    async for piece in response.aiter_raw():
                        found.append(piece)
        assert (207, "1", pieces) == (response.status_code, response.headers["x-a"], found)


async def test_no_key_is_in_a_recording(tmp_path: Path) -> None:
    """Neither from headers, cookies and URLs, nor where the server repeats it."""

    def respond(request: httpx.Request) -> httpx.Response:
        echo = {"detail": f"{request.headers['x-api-key']} {request.url} {request.headers['authorization']}"}
        return httpx.Response(
            200, headers={"set-cookie": "s=canary-set; theme=dark", "x-echo": "canary-key"}, json=echo
        )

    path = tmp_path / "run.jsonl"
    headers = {
        "x-api-key": "canary-key",
        "authorization": "Bearer canary-bearer",
        "cookie": "a=canary-cookie",
        "x-own": "canary-own",
    }
    body = {"webhook": "https://canary-user:canary-pass@host/hook?token=canary-param", "input": "canary-key"}
    body["openai_api_key"] = 'canary-"field'
    transport = AsyncRecordingTransport(path, httpx.MockTransport(respond), secret_headers=["X-Own"])
    async with httpx.AsyncClient(transport=transport) as http:
        url = "http://canary-user:canary-pass@host/runs/wait?api_key=canary-param&b=1"
        response = await http.post(url, headers=headers, json=body)
    assert "canary-key" in response.text
    text = path.read_text("utf-8")
    assert "canary" not in text
    assert "[redacted]" in text
    assert all(json.loads(line)["exchange"] == 1 for line in text.splitlines())
    assert (
        200
        == (await httpx.AsyncClient(transport=ReplayedServer(path).async_transport()).post(url)).status_code
    )


async def test_a_request_that_was_not_recorded_is_refused_by_name(tmp_path: Path) -> None:
    """With what is left of the recording. UUIDs that the client chooses may differ."""
    path, server = tmp_path / "run.jsonl", RunsServer()
    server.run(("values", {}), Interrupt("?"), times=None)
    http = httpx.AsyncClient(transport=AsyncRecordingTransport(path, server.async_transport()))
    await server.async_client(http_client=http).wait(server.thread(), "agent")
    runs = ReplayedServer(path).async_client()
    with pytest.raises(
        InternalServerError, match=r"501.*GET /threads/.* is not left in the recording, but POST"
    ):
        await runs.list(server.thread())
    await runs.wait(server.thread(), "agent")
    path.write_text("{}\n")
    with pytest.raises(ValueError, match="run.jsonl, line 1, is not a line of a recording"):
        ReplayedServer(path)


async def test_a_stream_that_the_client_leaves_is_recorded_up_to_there(tmp_path: Path) -> None:
    """It ends there when it is played back."""
    path, server = tmp_path / "run.jsonl", RunsServer()
    server.run(("custom", 1), Pause(0.02), ("custom", 2), Hold())
    http = httpx.AsyncClient(transport=AsyncRecordingTransport(path, server.async_transport()))
    stream = server.async_client(http_client=http).stream(None, "agent", stream_mode="custom")
    assert [1, 2] == [(await anext(stream)).data for _ in range(3)][1:]
    await stream.aclose()
    assert {"exchange": 1, "end": "left"} == json.loads(path.read_text("utf-8").splitlines()[-1])
    again = ReplayedServer(path).async_client().stream(None, "agent", stream_mode="custom")
    assert [1, 2] == [(await anext(again)).data for _ in range(3)][1:]
    await again.aclose()
