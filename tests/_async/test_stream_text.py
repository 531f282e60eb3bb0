"""`text()` of a stream: the tokens of chat models as they come."""

from __future__ import annotations

from typing import Any

import pytest
from servers.scripted_server import HANG, answer, events, scripted_server

from langgraph_runs import AsyncRunsClient, RunFailedError

SAID: dict[str, Any] = {"messages": [{"role": "user", "content": "hi"}]}
NAMED = {"Content_Location": "/threads/t/runs/r"}
TOKENS = b"".join(
    b'event: messages%s\ndata: [{"type":"AIMessageChunk","content":"%s","id":"%d"},{}]\nid: %d-0\n\n' % one
    for one in [(b"", b"a", 1, 11), (b"|child:1", b"x", 2, 12), (b"", b"b", 1, 13)]
)


@pytest.mark.parametrize("mode", ["messages-tuple", "messages", ["messages", "messages-tuple", "values"]])
async def test_the_text_is_what_the_model_has_written(
    runs: AsyncRunsClient, thread_id: str, mode: Any
) -> None:
    """Token by token, in each mode; the result is there afterwards."""
    for thread in (thread_id, None):
        stream = runs.stream(thread, "chat", input=SAID, stream_mode=mode)
        tokens = [text async for text in stream.text()]
        assert "You said: hi" == "".join(tokens)
        assert len("You said: hi") == len(tokens)
        if thread:
            assert "You said: hi" == (await stream.result())["messages"][-1]["content"]  # type: ignore[index]


async def test_the_text_comes_by_message_where_that_is_asked_for(runs: AsyncRunsClient) -> None:
    """Two runs, two messages."""
    ids = set[str | None]()
    for _ in range(2):
        stream = runs.stream(None, "chat", input=SAID, stream_mode="messages-tuple")
        pairs = [pair async for pair in stream.text(by_message=True)]
        assert "You said: hi" == "".join(text for _, text in pairs)
        (message_id,) = {message_id for message_id, _ in pairs}
        ids.add(message_id)
    assert 2 == len(ids)
    assert None not in ids


async def test_the_text_of_subgraphs_is_text_too() -> None:
    """By message, it can be told apart."""
    with scripted_server(events(TOKENS)) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream(None, "agent", stream_mode="messages-tuple", stream_subgraphs=True)
            assert [("1", "a"), ("2", "x"), ("1", "b")] == [one async for one in stream.text(by_message=True)]


async def test_a_stream_without_messages_has_no_text() -> None:
    """Nothing is sent. Of a join, the modes may not be known."""
    with scripted_server(events(TOKENS)) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            for mode in (None, "values", ["updates", "custom"]):
                options: Any = {} if mode is None else {"stream_mode": mode}
                with pytest.raises(ValueError, match=r"has no messages.*stream_mode='messages-tuple'"):
                    runs.stream("t", "agent", **options).text()
            with pytest.raises(ValueError, match="has no messages"):
                runs.join_stream("t", "r", stream_mode="values").text()
            wrong: Any = 1
            with pytest.raises(TypeError, match="by_message"):
                runs.join_stream("t", "r").text(by_message=wrong)
            assert [] == server.requests
            joined = runs.join_stream("t", "r", last_event_id="-1")
            assert "a" == await anext(joined.text())
            await joined.aclose()


async def test_leaving_the_text_early_leaves_the_stream() -> None:
    """As a loop over the parts does; inside a `with` block, it can be continued."""
    with scripted_server(events(TOKENS, **NAMED) + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent", stream_mode="messages-tuple")
            text: Any = stream.text()
            assert "a" == await anext(text)
            await text.aclose()
            with pytest.raises(RuntimeError, match="closed before its end"):
                await anext(stream)
            async with runs.stream("t", "agent", stream_mode="messages-tuple") as stream:
                async for token in stream.text():
                    assert "a" == token
                    break
                text = stream.text()
                assert ["x", "b"] == [await anext(text), await anext(text)]


async def test_a_failed_run_raises_its_error_after_the_text() -> None:
    """Or ends, with `raise_error=False`."""
    failed = TOKENS + b'event: error\ndata: {"error":"ValueError","message":"no"}\n\n'
    for raise_error in (True, False):
        with scripted_server(events(failed, **NAMED), answer(500)) as server:
            async with AsyncRunsClient(server.url, api_key=None) as runs:
                stream = runs.stream("t", "agent", stream_mode="messages-tuple", raise_error=raise_error)
                tokens: list[str] = []
                try:
                    async for token in stream.text():
                        tokens.append(token)
                except RunFailedError:
                    assert raise_error
                else:
                    assert not raise_error
        assert ["a", "x", "b"] == tokens
