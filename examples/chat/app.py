"""A chat in the browser: passes the tokens of a run on to a page, which survives reloads and lost connections.

    python app.py

It needs a LangGraph server with the graph of graph.py, at LANGGRAPH_API_URL or http://localhost:2024. The page is at
http://127.0.0.1:8000; the environment variable PORT names another port.

The app keeps nothing between two requests: the page says which run it shows, and up to which token. So the app can be
restarted at any time, and run in several processes.
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from events import TRANSIENT, events_of, log
from inputs import InvalidRequestError, position_of, refuse_other_sites, turn_of
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from turns import run_of

from langgraph_runs import AsyncRunsClient, NotFoundError

# The names by which browsers know the app.
HOSTS = os.environ.get("CHAT_HOSTS", "127.0.0.1,localhost").split(",")
PAGE = Path(__file__).with_name("page")
# The page runs no code but its own, and no other site may show it in a frame.
PAGE_HEADERS = {"content-security-policy": "default-src 'self'; frame-ancestors 'none'"}
# Proxies pass each token on at once.
STREAM_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


async def page(_: Request) -> Response:
    """The page."""
    return FileResponse(PAGE / "index.html", headers=PAGE_HEADERS)


async def start(request: Request) -> Response:
    """Starts the run of a message or an answer."""
    refuse_other_sites(request)
    turn = turn_of(await request.body())
    run_id = await run_of(turn, client(request), thread_of(request))
    return JSONResponse({"run_id": run_id})


async def stop(request: Request) -> Response:
    """Cancels a run, and responds when its thread is idle. It is no error if the run has ended."""
    refuse_other_sites(request)
    await client(request).cancel(*thread_and_run(request), wait=True, timeout=30)
    return Response(status_code=204)


async def events(request: Request) -> Response:
    """Streams a run as server-sent events."""
    try:
        content = events_of(client(request), *thread_and_run(request), position_of(request))
    except (TypeError, ValueError) as error:  # there is nothing else in it that could be invalid
        raise InvalidRequestError(f"invalid position: {error}") from error
    return StreamingResponse(content, media_type="text/event-stream", headers=STREAM_HEADERS)


def client(request: Request) -> AsyncRunsClient:
    """The client of the LangGraph server."""
    runs: AsyncRunsClient = request.app.state.runs
    return runs


def thread_of(request: Request) -> str:
    """The thread in the path. An app with users must check here that it is a thread of this user."""
    return str(request.path_params["thread_id"])


def thread_and_run(request: Request) -> tuple[str, str]:
    """The ids in the path. The server does not find a run on another thread."""
    return thread_of(request), str(request.path_params["run_id"])


async def refused(_: Request, error: Exception) -> Response:
    """The response to what the page does not send."""
    return PlainTextResponse(str(error), 400)


async def missing(_: Request, error: Exception) -> Response:
    """The response if there is no such run."""
    return PlainTextResponse("there is no such run", 404)


async def unavailable(_: Request, error: Exception) -> Response:
    """The response if the LangGraph server is not available. The page tries again."""
    log.warning("%s", error)
    return PlainTextResponse("the LangGraph server is not available", 503)


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncGenerator[None]:
    """One client for all requests."""
    async with AsyncRunsClient() as app.state.runs:
        yield


app = Starlette(
    routes=[
        Route("/", page),
        Mount("/page", StaticFiles(directory=PAGE)),
        Route("/threads/{thread_id:uuid}/runs", start, methods=["POST"]),
        Route("/threads/{thread_id:uuid}/runs/{run_id:uuid}/stop", stop, methods=["POST"]),
        Route("/threads/{thread_id:uuid}/runs/{run_id:uuid}/events", events),
    ],
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)],  # against DNS rebinding
    exception_handlers={
        InvalidRequestError: refused,
        NotFoundError: missing,
        **dict.fromkeys(TRANSIENT, unavailable),
    },
    lifespan=lifespan,
)

if __name__ == "__main__":
    # At Ctrl-C, streams are cut after a second. The pages continue when the app is started again.
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")), timeout_graceful_shutdown=1)
