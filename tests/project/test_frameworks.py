"""What docs/frameworks.md and docs/testing.md say about other tools, tried with these tools."""

from __future__ import annotations

import asyncio
import functools
import os
import subprocess
import sys
import types
from collections.abc import Iterable
from pathlib import Path

import httpx
import pytest
import uvicorn
from dev_server import DevServer
from langgraph_runs_api.api.threads import search_threads
from project.docs_blocks import EXAMPLE_URL, Block, blocks, programs, run

from langgraph_runs import AsyncRunsClient

PAGE = "docs/frameworks.md"
SECONDS = 60.0


def program(words: str) -> Block:
    """The only program of the page with these words."""
    (found,) = [block for block, _ in programs(PAGE) if words in block.text]
    return found


async def test_the_endpoint_of_fastapi_streams_the_tokens(live_server: DevServer) -> None:
    names, _ = await run(program("FastAPI(lifespan"), live_server.url)
    app = names["app"]
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport) as http:
        response = await http.get("http://app/ask", params={"text": "hi"})
    assert (200, "You said: hi") == (response.status_code, response.text)


async def test_a_browser_that_leaves_fastapi_cancels_the_run(live_server: DevServer) -> None:
    """The graph would take a minute more."""
    block = program("FastAPI(lifespan")
    slow = block.text.replace('question = {"messages"', 'question = {"delay": 1, "messages"')
    assert slow != block.text
    names, _ = await run(Block(PAGE, block.line, "python", "", slow), live_server.url)
    server = uvicorn.Server(uvicorn.Config(names["app"], port=0, log_level="error"))
    serving = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(SECONDS):
            while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
                await asyncio.sleep(0.05)
            port = server.servers[0].sockets[0].getsockname()[1]
            async with (
                httpx.AsyncClient(timeout=SECONDS) as http,
                http.stream("GET", f"http://127.0.0.1:{port}/ask?text={'x' * 60}") as response,
            ):
                assert "Y" == await anext(response.aiter_text())
                assert await busy_chats(live_server.url)
            while await busy_chats(live_server.url):  # noqa: ASYNC110  # the server is asked
                await asyncio.sleep(0.05)
    finally:
        server.should_exit = True
        await serving


async def busy_chats(url: str) -> int:
    """How many threads have an active run of the graph `chat`."""
    async with AsyncRunsClient(url) as runs:
        found = await search_threads.asyncio(client=runs.api, body={"status": "busy"})
    assert isinstance(found, list)
    return sum(
        thread.metadata and thread.metadata.additional_properties.get("graph_id") == "chat"
        for thread in found
    )


def test_the_task_of_celery_works_in_a_worker_that_was_forked(live_server: DevServer) -> None:
    """And in the process that has forked it."""
    source = program("Celery(").text.replace(EXAMPLE_URL, live_server.url) + FORK
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, encoding="utf-8", check=False)
    assert ("", ["Hello, one", "Hello, two", "Hello, three"]) == (done.stderr, done.stdout.splitlines())


FORK = """
import os
print(summarize.apply(args=["one"]).get(), flush=True)
if not (worker := os.fork()):
    print(summarize.apply(args=["two"]).get(), flush=True)
    os._exit(0)
os.waitpid(worker, 0)
print(summarize.apply(args=["three"]).get(), flush=True)
"""


async def test_each_interaction_of_streamlit_continues_the_conversation(
    live_server: DevServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a stand-in that has the four names of Streamlit that the page uses."""
    written: list[str] = []

    def write_stream(texts: Iterable[str]) -> None:
        written.append("".join(texts))

    stand_in = types.ModuleType("streamlit")
    stand_in.__dict__.update(
        cache_resource=functools.cache,
        session_state={},
        chat_input=lambda _: f"question {len(written)}",
        write_stream=write_stream,
    )
    monkeypatch.setitem(sys.modules, "streamlit", stand_in)
    for _ in range(2):
        names, _printed = await run(program("import streamlit"), live_server.url)
        names["client"]().close()
    assert ["You said: question 0", "You said: question 1"] == written
    async with AsyncRunsClient(live_server.url) as runs:
        assert 2 == len(await runs.list(stand_in.session_state["thread_id"]))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the graph of the quickstart and the conftest.py of docs/testing.md."""
    for block in [*blocks("docs/quickstart.md"), *blocks("docs/testing.md")]:
        if block.title:
            with (tmp_path / block.title).open(
                "a", encoding="utf-8"
            ) as file:  # two blocks are of the same file
                file.write(block.text)
    return tmp_path


TEST = """
from langgraph_runs import RunsClient
def test_the_graph_answers(server_url):
    with RunsClient(server_url) as runs:
        messages = runs.wait(None, "chat", input={"messages": []})["messages"]
    assert ["Rome was not built in a day."] == [message["content"] for message in messages]
"""


@pytest.mark.live
def test_the_fixture_of_the_page_about_tests_starts_a_server(project: Path) -> None:
    """In a project of its own, with the graph of the quickstart; beside it, the tests of the page with the test kit."""
    (project / "test_graph.py").write_text(TEST, "utf-8")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:langsmith_plugin", "-p", "no:cacheprovider", "."],
        cwd=project,
        env={**os.environ, "PATH": path, "LANGSMITH_TRACING": "false", "LANGGRAPH_CLI_NO_ANALYTICS": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (0, True) == (done.returncode, "3 passed" in done.stdout), done.stdout + done.stderr
