"""The command info: which server answers, and where its URL and the key come from."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated, Any

import typer

from langgraph_runs.cli.call import Call
from langgraph_runs.cli.command import command
from langgraph_runs.cli.connection import headers
from langgraph_runs.cli.output import safe
from langgraph_runs.cli.statuses import SUCCESS
from langgraph_runs.errors import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    PermissionDeniedError,
    WaitTimeoutError,
)
from langgraph_runs.json_types import is_object
from langgraph_runs.request.settings import KEY_HEADER, KEY_VARIABLES, URL_VARIABLE

_REFUSALS = {401: AuthenticationError, 403: PermissionDeniedError}

Seconds = Annotated[
    float | None,
    typer.Option(help="How long the command may take, in seconds; no limit by default.", min=0.001),
]


@command("info")
async def info(call: Call, timeout: Seconds = None) -> int:
    """Print which server answers, and what is used.

    That is, which variables the URL and the key come from. The key itself is not printed, and the server does not check
    it for this.
    """
    url = str(call.runs.api.get_async_httpx_client().base_url).rstrip("/")
    try:
        async with asyncio.timeout(timeout):
            server = await _asked(call, url)
    except TimeoutError:
        raise WaitTimeoutError(f"the server has not responded within {timeout} s") from None
    _print(call, {"url": url, "url_from": _url_from(call), "key_from": _key_from(call), **server})
    return SUCCESS


async def _asked(call: Call, url: str) -> dict[str, Any]:
    """What the server says of itself.

    Raises:
        APIConnectionError: It does not respond.
        APIStatusError: It refuses, or says that it does not work, or it is not a LangGraph server.
    """
    import httpx  # here, because --help does without these
    from langgraph_runs_api.api.system import get_info, get_ok
    from langgraph_runs_api.errors import UnexpectedBody, UnexpectedStatus
    from langgraph_runs_api.models import ServerHealth, ServerInfo

    try:
        health = await get_ok.asyncio_detailed(client=call.runs.api)
        found = await get_info.asyncio_detailed(client=call.runs.api)
    except httpx.HTTPError as error:
        message = f"GET {url}/ok: no response: {type(error).__name__}: {error}"
        raise APIConnectionError(message, method="GET", url=url) from error
    except (UnexpectedBody, UnexpectedStatus) as error:
        raise _refused(url, error.status_code, "this does not look like a LangGraph server") from error
    if not isinstance(health.parsed, ServerHealth) or not health.parsed.ok:
        raise _refused(f"{url}/ok", health.status_code, "the server does not work, or refuses")
    if not isinstance(found.parsed, ServerInfo):
        raise _refused(f"{url}/info", found.status_code, "the server refuses, or is not a LangGraph server")
    return {"ok": True, **found.parsed.to_dict()}


def _refused(url: str, status: int, why: str) -> APIStatusError:
    kind = _REFUSALS.get(status, APIStatusError)
    return kind(f"GET {url}: status {int(status)}: {why}", method="GET", url=url, status=int(status))


def _url_from(call: Call) -> str:
    if call.url is not None:
        return "--url"
    return URL_VARIABLE if os.environ.get(URL_VARIABLE, "").strip() else "default"


def _key_from(call: Call) -> str | None:
    if KEY_HEADER in (name.lower() for name in headers(call.header)):
        return "--header"
    return next((name for name in KEY_VARIABLES if os.environ.get(name, "").strip(" \t\r\n\"'")), None)


def _print(call: Call, facts: dict[str, Any]) -> None:
    if call.output.as_json:
        call.output.line(facts)
        return
    key = f"from {facts['key_from']}" if facts["key_from"] else f"none; {KEY_VARIABLES[0]} is not set"
    lines = [f"server: {facts['url']} (from {facts['url_from']})", f"API key: {key}"]
    more = {name: value for name, value in facts.items() if name not in ("url", "url_from", "key_from", "ok")}
    for name, value in more.items():
        lines.append(f"{name}: {value if isinstance(value, str) else ', '.join(_flat(value))}")
    call.output.write(safe("\n".join(lines)) + "\n")


def _flat(value: Any) -> list[str]:
    if is_object(value):
        return [f"{name} {shown}" for name, shown in value.items()]
    return [str(value)]
