"""The app of examples/chat, on the server of the test kit: what it streams, starts, stops and refuses."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from wait_until import wait_until

from langgraph_runs.testing import Fail, Hold, Interrupt, RunsServer

FOLDER = Path(__file__).resolve().parents[2] / "examples/chat"
ORIGIN = "http://127.0.0.1:8000"
LETTER = "Dear friend"


def token(text: str, message_id: str = "m") -> tuple[str, list[dict[str, Any]]]:
    """One token of a chat model."""
    chunk = {"type": "AIMessageChunk", "id": message_id, "content": text}
    return "messages", [chunk, {"langgraph_node": "write"}]


WRITING = [token(character) for character in LETTER]


@pytest.fixture
def server() -> RunsServer:
    """The LangGraph server."""
    return RunsServer()


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The modules of the example can be imported."""
    monkeypatch.syspath_prepend(FOLDER)
    yield
    for name in ("app", "events", "inputs", "turns"):
        sys.modules.pop(name, None)


@pytest.fixture
async def browser(
    server: RunsServer, modules: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """What sends requests to the app."""
    with server.listening() as url:
        monkeypatch.setenv("LANGGRAPH_API_URL", url)
        app = import_module("app").app
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url=ORIGIN) as browser,
        ):
            yield browser


async def started(browser: httpx.AsyncClient, thread_id: str, **turn: Any) -> httpx.Response:
    """The response to the start of a turn; by default, the first message of a chat."""
    body = {"turn": str(uuid4()), "after": None, "text": "hi", **turn}
    return await browser.post(f"/threads/{thread_id}/runs", json=body)


async def new_run(browser: httpx.AsyncClient, server: RunsServer, *steps: Any) -> str:
    """The path of a new run on a new thread; by default, one that writes a letter."""
    server.run(*(steps or WRITING))
    thread_id = str(uuid4())
    response = await started(browser, thread_id)
    return f"/threads/{thread_id}/runs/{response.json()['run_id']}"


async def events(browser: httpx.AsyncClient, run: str, **given: Any) -> list[dict[str, Any]]:
    """The events that the app streams, each with its name, data and id."""
    response = await browser.get(f"{run}/events", **given)
    assert (200, "text/event-stream; charset=utf-8") == (
        response.status_code,
        response.headers["content-type"],
    )
    beginning, *blocks = response.text.split("\n\n")
    assert ("retry: 1000", "") == (beginning, blocks.pop())
    return [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]


def letter(events: list[dict[str, Any]]) -> str:
    """The text of the tokens."""
    return "".join(json.loads(one["data"])["text"] for one in events if one["event"] == "token")


def end(events: list[dict[str, Any]]) -> dict[str, Any]:
    """How the app says that the run has ended."""
    assert ["end"] == [one["event"] for one in events if one["event"] != "token"]
    assert "id" not in events[-1]
    found: dict[str, Any] = json.loads(events[-1]["data"])
    return found


async def test_from_each_position_the_next_token_follows(
    browser: httpx.AsyncClient, server: RunsServer
) -> None:
    """Whether EventSource sends it when it reconnects, or the page after a reload; the newer one counts."""
    run = await new_run(browser, server)
    whole = await events(browser, run)
    assert (LETTER, {"status": "done", "questions": []}) == (letter(whole), end(whole))
    for number, position in enumerate((one["id"] for one in whole[:-1]), 1):
        rest = await events(browser, run, params={"position": position})
        assert whole[number:] == rest
        assert rest == await events(
            browser, run, params={"position": whole[0]["id"]}, headers={"last-event-id": position}
        )


async def test_connections_to_the_server_that_are_lost_lose_and_double_nothing(
    browser: httpx.AsyncClient, server: RunsServer
) -> None:
    server.drop(events=3)
    server.drop(events=5, how="reset")
    assert LETTER == letter(await events(browser, await new_run(browser, server)))


async def test_a_question_is_in_the_end_and_its_answer_starts_the_next_run(
    browser: httpx.AsyncClient, server: RunsServer
) -> None:
    run = await new_run(browser, server, *WRITING, Interrupt({"question": "Shall I send it?"}))
    _, _, thread_id, _, run_id = run.split("/")
    (question,) = end(await events(browser, run))["questions"]
    assert {"question": "Shall I send it?"} == question["value"]
    server.run(lambda body: [token(str(body["command"]["resume"]))])
    answer = {"turn": "t", "after": run_id, "question": question["id"], "answer": "yes"}
    second = (await browser.post(f"/threads/{thread_id}/runs", json=answer)).json()["run_id"]
    assert str({question["id"]: "yes"}) == letter(
        await events(browser, f"/threads/{thread_id}/runs/{second}")
    )


async def test_if_the_server_has_lost_events_the_chat_continues(
    browser: httpx.AsyncClient, server: RunsServer
) -> None:
    """As the development server does at a restart: the page says so, and the outcome is the run's."""
    server.run(*WRITING, Interrupt("sure?"))
    thread_id = server.thread()
    run = await server.async_client().create(thread_id, "letter", stream_resumable=False)
    found = await events(browser, f"/threads/{thread_id}/runs/{run.run_id}")
    assert ("", "incomplete") == (letter(found), end(found)["status"])
    assert ["sure?"] == [one["value"] for one in end(found)["questions"]]


async def test_the_reason_of_a_failed_run_is_not_shown(
    server: RunsServer, browser: httpx.AsyncClient
) -> None:
    """It may contain what is not for everyone. The app logs it."""
    run = await new_run(browser, server, token("a"), Fail("ValueError", "the password is 1234"))
    found = await events(browser, run)
    assert ("a", {"status": "failed"}) == (letter(found), end(found))


async def test_stop_cancels_the_run(server: RunsServer, browser: httpx.AsyncClient) -> None:
    """Also twice. The stream then says that it was stopped."""
    run = await new_run(browser, server, token("a"), Hold(), token("b"))
    wait_until(lambda: server.runs[-1]["status"] == "running")
    for _ in range(2):
        assert 204 == (await browser.post(f"{run}/stop")).status_code
    assert "interrupted" == server.runs[-1]["status"]
    found = await events(browser, run)
    assert ("a", {"status": "stopped"}) == (letter(found), end(found))


async def test_a_turn_that_is_sent_again_starts_no_second_run(
    browser: httpx.AsyncClient, server: RunsServer
) -> None:
    """As after a reload, whether the run is active or has ended."""
    thread_id = str(uuid4())
    server.run(*WRITING)
    responses = [await started(browser, thread_id, turn="t") for _ in range(3)]
    assert [200] * 3 == [response.status_code for response in responses]
    assert 1 == len({response.text for response in responses}) == len(server.runs)


async def test_a_chat_that_was_continued_in_another_tab_is_not_continued_here(
    browser: httpx.AsyncClient, server: RunsServer
) -> None:
    """A turn names the last run that its tab has shown. One that is not on the thread is refused too."""
    thread_id = (await new_run(browser, server)).split("/")[2]
    for after in (None, str(uuid4())):
        response = await started(browser, thread_id, after=after)
        assert (409, True) == (response.status_code, "in another tab" in response.text)
    assert 1 == len(server.runs)


async def test_a_turn_is_repeated_if_the_previous_run_is_still_active(
    browser: httpx.AsyncClient, server: RunsServer
) -> None:
    """503: the page sends it again."""
    _, _, thread_id, _, run_id = (await new_run(browser, server, Hold())).split("/")
    assert 503 == (await started(browser, thread_id, after=run_id)).status_code
    server.release()


POSITION = {"after": "1-0", "last_event_id": "1-0", "count": 1, "first": None, "stream_mode": None}
OTHER = "01a2246a-a5b9-7712-8a00-000000000000"
"""The id of another thread, or of another run."""


@pytest.mark.parametrize(
    "position",
    [
        "x",
        "[1]",
        '"1-0"',
        "1",
        "null",
        "{}",
        pytest.param("[" * 10_000, id="nested 10,000 deep"),
        json.dumps(POSITION),
        {},
        {"run_id": OTHER},
        {"thread_id": OTHER},
        {"count": -1},
        {"count": "1"},
        {"after": None},
        {"last_event_id": 5},
        {"stream_mode": ["bogus"]},
        {"more": 1},
    ],
    ids=str,
)
@pytest.mark.parametrize("place", ["params", "headers"])
async def test_an_invalid_position_and_that_of_another_run_are_refused(
    browser: httpx.AsyncClient, server: RunsServer, position: Any, place: str
) -> None:
    """With 400, before anything is sent to the server; but for the one that is valid."""
    run = await new_run(browser, server)
    count, is_valid = len(server.requests), position == {}
    if isinstance(position, dict):
        _, _, thread_id, _, run_id = run.split("/")
        position = json.dumps({"thread_id": thread_id, "run_id": run_id, **POSITION, **position})
    given: Any = {"params": {"position": position}, "headers": {"last-event-id": position}}
    response = await browser.get(f"{run}/events", **{place: given[place]})
    assert (200 if is_valid else 400) == response.status_code
    assert is_valid or response.text.startswith("invalid position: ")
    assert is_valid or count == len(server.requests)


@pytest.mark.parametrize(
    "body",
    [
        b"x",
        b"[]",
        b"\xff",
        b"[" * 10_000,
        {},
        {"turn": "t", "text": "hi"},
        {"turn": "t", "after": None, "text": ""},
        {"turn": "t", "after": None, "text": " \n"},
        {"turn": "t", "after": None, "text": 1},
        {"turn": "t", "after": None, "text": "x" * 10_001},
        {"turn": "t", "after": None, "text": "\ud800"},
        {"turn": "t", "after": 1, "text": "hi"},
        {"turn": "", "after": None, "text": "hi"},
        {"turn": "t", "after": None, "question": "q", "answer": "yes"},
        {"turn": "t", "after": "r", "question": "q", "answer": ["yes"]},
    ],
    ids=repr,
)
async def test_an_invalid_turn_is_refused(browser: httpx.AsyncClient, server: RunsServer, body: Any) -> None:
    """With 400, before anything is sent to the server."""
    content = body if isinstance(body, bytes) else json.dumps(body)
    response = await browser.post(f"/threads/{uuid4()}/runs", content=content)
    assert (400, []) == (response.status_code, list(server.requests))


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://[", "", "http://127.0.0.1:9000", ORIGIN, None]
)
@pytest.mark.parametrize("what", ["start", "stop"])
async def test_other_sites_neither_start_runs_nor_stop_them(
    browser: httpx.AsyncClient, server: RunsServer, origin: str | None, what: str
) -> None:
    """A browser names the origin of each POST. Nothing is sent to the server."""
    headers = {} if origin is None else {"origin": origin}
    run = await new_run(browser, server)
    count = len(server.requests)
    path = f"/threads/{uuid4()}/runs" if what == "start" else f"{run}/stop"
    server.run(token("a"))
    response = await browser.post(
        path,
        json={"turn": "t", "after": None, "text": "hi"},
        headers={**headers, "content-type": "text/plain"},
    )
    if origin in (ORIGIN, None):
        assert response.is_success
    else:
        assert (403, count) == (response.status_code, len(server.requests))


async def test_an_unknown_host_is_refused(browser: httpx.AsyncClient) -> None:
    """The name of another site may lead to this app: then its origin would be the app's own."""
    response = await browser.get("/", headers={"host": "evil.example"})
    assert 400 == response.status_code


async def test_a_run_of_another_thread_is_not_found(browser: httpx.AsyncClient, server: RunsServer) -> None:
    """Neither to read, nor to stop. An id that is not a UUID is not even a path."""
    run_id = (await new_run(browser, server)).split("/")[-1]
    other = (await new_run(browser, server)).split("/")[2]
    assert {"status": "failed"} == end(await events(browser, f"/threads/{other}/runs/{run_id}"))
    assert 404 == (await browser.post(f"/threads/{other}/runs/{run_id}/stop")).status_code
    for path in (f"/threads/x/runs/{run_id}/events", f"/threads/{other}/runs/../events"):
        assert 404 == (await browser.get(path)).status_code


async def test_if_the_server_is_not_available_the_page_is_told_to_try_again(
    browser: httpx.AsyncClient, server: RunsServer
) -> None:
    """By 503, and by a stream without an end."""
    run = await new_run(browser, server)
    server.refuse(503, times=100)
    assert 503 == (await started(browser, str(uuid4()))).status_code
    assert 503 == (await browser.post(f"{run}/stop")).status_code
    assert not await events(browser, run)


async def test_the_page_loads_nothing_from_elsewhere_and_shows_text_as_text(
    browser: httpx.AsyncClient,
) -> None:
    """The browser is told to refuse everything else."""
    page = await browser.get("/")
    assert "default-src 'self'; frame-ancestors 'none'" == page.headers["content-security-policy"]
    for path in re.findall(r'(?:src|href)="(.*?)"', page.text):
        text = (await browser.get(path)).raise_for_status().text.replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text.replace("https:// and", "")
        assert not re.search(r"innerHTML\s*=|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)
