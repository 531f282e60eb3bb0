# Derived from _async/test_live_hooks.py by `make generate`; edit that one.
"""A callable key and `on_response=` with the real server, which refuses the key "wrong-key"."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import httpx
import pytest
from dev_server import DevServer
from langgraph_runs_api.api.thread_runs import get_run

from langgraph_runs import AuthenticationError, ResponseInfo, Run, RunsClient


class RefreshingAuth(httpx.Auth):
    """Sends the second token after the first was refused."""

    def auth_flow(self, request: httpx.Request) -> Any:
        """Yields the request once or twice."""
        request.headers["x-api-key"] = "wrong-key"
        response = yield request
        if response.status_code == 401:
            request.headers["x-api-key"] = "good-key"
            yield request


def test_a_refused_key_is_replaced_in_each_kind_of_call(live_server: DevServer, thread_id: str) -> None:
    """A run is started once, although its request is sent twice."""
    infos = list[ResponseInfo]()
    keys = cycle(["wrong-key", "good-key"])
    with RunsClient(live_server.url, api_key=lambda: next(keys), on_response=infos.append) as runs:
        assert "hi" in (runs.wait(thread_id, "agent", input={"text": "hi"}))["text"]
        parts = [part.event for part in runs.stream(thread_id, "agent", input={"text": "hi"})]
        assert {"metadata", "values"} == set(parts)
        run = runs.create(thread_id, "agent", input={"text": "hi"})
        runs.join(thread_id, run.run_id)
        assert isinstance(get_run.sync(thread_id, run.run_id, client=runs.api), Run)
        assert 3 == len(runs.list(thread_id))
    assert [401, 200] * (len(infos) // 2) == [info.status for info in infos]


def test_the_record_names_the_run_that_a_request_has_started(live_server: DevServer, thread_id: str) -> None:
    """By the headers of the response."""
    infos, created = list[ResponseInfo](), list[tuple[str, str | None]]()
    with RunsClient(live_server.url, api_key=None, on_response=infos.append) as runs:
        runs.wait(thread_id, "agent", input={"text": "hi"}, on_run_created=lambda *ids: created.append(ids))
        for _ in runs.stream(
            thread_id, "agent", input={"text": "hi"}, on_run_created=lambda *ids: created.append(ids)
        ):
            pass
    starts = [info for info in infos if info.method == "POST"]
    assert [f"{live_server.url}/threads/{thread_id}/runs/{kind}" for kind in ("wait", "stream")] == [
        info.url for info in starts
    ]
    assert created == [(info.run_id, info.thread_id) for info in starts]
    assert all(info.request_id for info in starts)


def test_httpx_s_own_authentication_may_refresh_a_token(live_server: DevServer, thread_id: str) -> None:
    """As docs/authentication.md shows; only the last response is reported."""
    infos = list[ResponseInfo]()
    with (
        httpx.Client(auth=RefreshingAuth()) as http,
        RunsClient(live_server.url, api_key=None, http_client=http, on_response=infos.append) as runs,
    ):
        runs.wait(thread_id, "agent", input={"text": "hi"})
        assert 1 == len(runs.list(thread_id))
    assert {200} == {info.status for info in infos}


def test_a_key_that_stays_wrong_is_an_authentication_error(live_server: DevServer) -> None:
    with RunsClient(live_server.url, api_key=lambda: "wrong-key") as runs:
        with pytest.raises(AuthenticationError, match="The API key is not valid") as refused:
            runs.wait(None, "agent")
        assert "wrong-key" not in f"{refused.value!r} {vars(refused.value)}"
