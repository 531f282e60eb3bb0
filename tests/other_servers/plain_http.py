"""Requests without a client of ours: what the servers send, as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any, Self

import httpx

LIMIT = 90.0  # seconds; more than a busy machine needs
UNKNOWN = "00000000-0000-4000-8000-000000000000"
LONG = {"sleep": 30}


class Event(tuple[str, Any, str | None]):
    """Name, data and id."""


class Wire:
    """A server without a client."""

    def __init__(self, url: str) -> None:
        # A new connection for each request: on a busy machine, a server closes an idle one just when it is used again.
        one_each = httpx.Limits(max_keepalive_connections=0)
        self.http = httpx.Client(base_url=url, timeout=LIMIT, limits=one_each)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def thread(self) -> str:
        """A new thread."""
        return str(self.http.post("/threads", json={}).json()["thread_id"])

    def create(self, thread_id: str | None, given: Any, **fields: Any) -> httpx.Response:
        """The response to the request that starts a run."""
        return self.http.post(self.runs(thread_id), json=body(given, **fields))

    def created(self, thread_id: str | None, given: Any, **fields: Any) -> str:
        """The id of a new run."""
        return str(self.create(thread_id, given, **fields).json()["run_id"])

    def wait(self, thread_id: str | None, given: Any, **fields: Any) -> Any:
        """The body of a wait."""
        return self.http.post(self.runs(thread_id) + "/wait", json=body(given, **fields)).json()

    def join(self, thread_id: str, run_id: str) -> Any:
        """The body of a join."""
        return self.http.get(f"/threads/{thread_id}/runs/{run_id}/join").json()

    def cancel(self, thread_id: str, run_id: str, **params: Any) -> httpx.Response:
        """The response to a cancel."""
        return self.http.post(f"/threads/{thread_id}/runs/{run_id}/cancel", params=params)

    def history(self, thread_id: str, **fields: Any) -> httpx.Response:
        """The states of a thread."""
        return self.http.post(f"/threads/{thread_id}/history", json={"limit": 10, **fields})

    def run(self, thread_id: str, run_id: str) -> Any:
        """The run as it is now."""
        return self.http.get(f"/threads/{thread_id}/runs/{run_id}").json()

    def list(self, thread_id: str, **params: Any) -> list[str]:
        """The ids of a page of runs."""
        return [run["run_id"] for run in self.http.get(self.runs(thread_id), params=params).json()]

    def status(self, thread_id: str) -> str:
        """The status of a thread."""
        return str(self.http.get(f"/threads/{thread_id}").json()["status"])

    def becomes(self, thread_id: str, run_id: str, *statuses: str) -> None:
        """Waits until a run has one of these statuses."""
        deadline = monotonic() + LIMIT
        while (now := self.run(thread_id, run_id)["status"]) not in statuses:
            assert monotonic() < deadline, f"the run is {now}, not {statuses}"
            sleep(0.02)

    def started(self, thread_id: str) -> str:
        """Waits until the first run of a thread is running, and returns its id."""
        deadline = monotonic() + LIMIT
        while not (found := self.list(thread_id)):
            assert monotonic() < deadline, "no run has been started"
            sleep(0.02)
        self.becomes(thread_id, found[0], "running")
        return found[0]

    def ends(self, thread_id: str, run_id: str) -> str:
        """Waits until a run has ended, and returns its status."""
        self.becomes(thread_id, run_id, "success", "error", "interrupted", "timeout")
        return str(self.run(thread_id, run_id)["status"])

    @staticmethod
    def runs(thread_id: str | None) -> str:
        """The path of the runs of a thread, or of stateless ones."""
        return "/runs" if thread_id is None else f"/threads/{thread_id}/runs"

    @contextmanager
    def stream(
        self, thread_id: str | None, given: Any, mode: Any = "custom", **fields: Any
    ) -> Iterator[tuple[httpx.Response, Iterator[Event]]]:
        """Starts a run, and reads its events."""
        path = self.runs(thread_id) + "/stream"
        with self.http.stream("POST", path, json=body(given, stream_mode=mode, **fields)) as response:
            yield response, events(response)

    @contextmanager
    def joined(
        self, thread_id: str, run_id: str, after: str | None = None, **params: Any
    ) -> Iterator[tuple[httpx.Response, Iterator[Event]]]:
        """Joins the stream of a run."""
        headers = {} if after is None else {"last-event-id": after}
        path = f"/threads/{thread_id}/runs/{run_id}/stream"
        with self.http.stream("GET", path, headers=headers, params=params) as response:
            yield response, events(response)

    def all_of(self, thread_id: str | None, given: Any, mode: Any = "custom", **fields: Any) -> list[Event]:
        """The events of a new run."""
        with self.stream(thread_id, given, mode, **fields) as (_, found):
            return list(found)

    def replayed(self, thread_id: str, run_id: str, after: str | None = None, **params: Any) -> list[Event]:
        """The events of a run that was joined."""
        with self.joined(thread_id, run_id, after, **params) as (_, found):
            return list(found)


def body(given: Any, **fields: Any) -> dict[str, Any]:
    """The body of a request that starts a run; without `input` if there is none."""
    return {"assistant_id": "agent", **({} if given is None else {"input": given}), **fields}


def events(response: httpx.Response) -> Iterator[Event]:
    """The events of a stream, as they come; a heartbeat is an event of the name ":"."""
    pending = ""
    for text in response.iter_text():
        pending += text.replace("\r\n", "\n")
        while "\n\n" in pending:
            block, _, pending = pending.partition("\n\n")
            if block.startswith(":"):
                yield Event((":", block, None))
                continue
            fields = dict(line.split(": ", 1) for line in block.split("\n"))
            yield Event((fields["event"], json.loads(fields["data"]), fields.get("id")))


def numbers(found: Any) -> list[int]:
    """The numbers of the custom events."""
    return [event[1]["i"] for event in found if event[0] == "custom"]


def ids(found: list[Event]) -> list[str | None]:
    """Their ids."""
    return [event[2] for event in found]


def names(found: list[Event]) -> list[str]:
    """Their names."""
    return [event[0] for event in found]
