"""`batch` on the server of the test kit: the outcomes, what is refused, and a second start."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cli.batches import batch, numbers, written

from langgraph_runs.cli.batch.line_runs import LineRuns, Outcome
from langgraph_runs.cli.batch.lines import Line, lines_of
from langgraph_runs.cli.batch.workers import outcomes
from langgraph_runs.testing import Fail, Hold, Interrupt, RunsServer


def echo(server: RunsServer) -> RunsServer:
    """Lets all runs that have no other script return their input."""
    server.run(lambda body: [("values", body["input"])], times=None)
    return server


def sent(server: RunsServer) -> list[Any]:
    """The requests that were to start a run."""
    return [request for request in server.requests if request.path.endswith("/wait")]


def lines(*payloads: Any) -> list[Line]:
    """Lines with these payloads."""
    return list(lines_of(json.dumps(payload).encode() for payload in payloads))


def test_each_line_is_one_run(server: RunsServer, url: str, tmp_path: Path) -> None:
    """On a thread of its own, also if lines are equal. The output says which."""
    echo(server)
    found = batch(url, written(tmp_path / "lines", [*numbers(3), *numbers(3)]))
    assert (0, "6 lines done, 0 failed.\n") == (found.status, found.notes)
    assert {number + 1: {"n": number % 3} for number in range(6)} == found.values
    shown = {(run["thread_id"], run["run_id"]) for run in server.runs}
    assert shown == {ids for _, *ids_of_line in found.runs for ids in [tuple(ids_of_line)]}
    assert 6 == len({run["thread_id"] for run in server.runs})


def test_a_second_start_starts_nothing_and_prints_the_same(
    server: RunsServer, url: str, tmp_path: Path
) -> None:
    """With a line that is new, that one runs; with another name, all do."""
    echo(server)
    file = written(tmp_path / "lines", numbers(4))
    first, second = batch(url, file), batch(url, file)
    assert (first.runs, first.values) == (second.runs, second.values)
    assert 4 == len(server.runs)
    assert 5 == len(batch(url, written(file, numbers(5))).outcomes)
    assert 5 == len(server.runs)
    assert 5 == len(batch(url, file, "--name", "again").outcomes)
    assert 10 == len(server.runs)


def test_skip_finished_prints_only_what_is_new(server: RunsServer, url: str, tmp_path: Path) -> None:
    """So that the output can be appended to that of the first start."""
    echo(server)
    batch(url, written(tmp_path / "lines", numbers(2)))
    found = batch(url, written(tmp_path / "lines", numbers(3)), "--skip-finished")
    assert {3: {"n": 2}} == found.values
    assert "3 lines done, 2 skipped, 0 failed.\n" == found.notes
    assert 3 == len(server.runs)


def test_failures_are_lines_too(server: RunsServer, url: str, tmp_path: Path) -> None:
    """The others run, and the exit status is 1. Again in a second start, which repeats no failed run."""
    server.run(Fail("ValueError", "boom"))
    echo(server)
    file = written(tmp_path / "lines", numbers(3))
    for found in (batch(url, file, "--limit", "1"), batch(url, file)):
        assert {1: ("RunFailedError", "the run failed: ValueError: boom")} == found.errors
        assert {2: {"n": 1}, 3: {"n": 2}} == found.values
        assert (1, "3 lines done, 1 failed.\n") == (found.status, found.notes)
        assert all(run_id for *_, run_id in found.runs)
    assert 3 == len(server.runs)


BAD = {
    "text": ("ValueError", "not valid JSON at column 1: Expecting value"),
    '{"input": {}}': ("TypeError", "assistant_id must be a string, not NoneType"),
    '{"assistant_id": "agent", "inptu": 1}': ("TypeError", "unknown option 'inptu': did you mean 'input'?"),
    '{"assistant_id": "agent", "headers": {}}': ("TypeError", "unknown option 'headers'"),
    '{"assistant_id": "agent", "extra_body": {"multitask_strategy": "enqueue"}}': (
        "ValueError",
        "extra_body must not contain multitask_strategy",
    ),
    '{"assistant_id": "agent", "on_completion": "delete"}': (
        "ValueError",
        "on_completion='delete' would delete",
    ),
    '{"assistant_id": "agent", "multitask_strategy": "reject"}': (
        "TypeError",
        "unknown option 'multitask_strategy'",
    ),
    '{"assistant_id": "agent", "thread_id": "../x"}': ("ValueError", "is not a valid id"),
    '{"assistant_id": "agent", "durability": "never"}': ("ValueError", "durability='never'"),
    '{"assistant_id": "agent", "input": "\\ud800"}': ("TypeError", "input cannot be sent as JSON"),
    '{"assistant_id": "agent", "input": 123456789012345678901234567890}': (
        "TypeError",
        "input cannot be sent as JSON",
    ),
}


def test_a_bad_line_is_named_and_nothing_of_it_is_sent(server: RunsServer, url: str, tmp_path: Path) -> None:
    """The other lines run, and the exit status is 1."""
    echo(server)
    found = batch(url, written(tmp_path / "lines", [*numbers(1), *BAD, *numbers(1)]))
    assert 1 == found.status
    assert {1: {"n": 0}, len(BAD) + 2: {"n": 0}} == found.values
    for number, (kind, words) in enumerate(BAD.values(), 2):
        assert kind == found.errors[number][0], found.errors[number]
        assert words in found.errors[number][1]
    assert 2 == len(sent(server)) == len(server.runs)


REFUSED = {
    ("--limit", "0"): "Invalid value for '--limit'",
    ("--timeout", "0"): "timeout=0.0 must be a positive number",
    ("--cancel-on-exit", "stop"): "'stop' is not one of",
    ("--params", "7"): "params must be a mapping",
    ("--header", "x"): "--header: write it as",
}


@pytest.mark.parametrize(("options", "words"), REFUSED.items(), ids=[" ".join(one) for one in REFUSED])
def test_an_invalid_option_is_refused_at_once(
    server: RunsServer, url: str, tmp_path: Path, options: tuple[str, str], words: str
) -> None:
    """Not for each line."""
    found = batch(url, written(tmp_path / "lines", numbers(2)), *options)
    assert (2, [], []) == (found.status, found.outcomes, list(server.requests))
    assert words in found.notes


def test_a_file_that_cannot_be_read_is_named(url: str, tmp_path: Path) -> None:
    """It may be missing, or a folder."""
    for path, words in ((tmp_path / "none", "No such file or directory"), (tmp_path, "Is a directory")):
        found = batch(url, path)
        assert (2, f"Error: cannot read {path}: {words}\n") == (found.status, found.notes)


@pytest.mark.parametrize("refusal", [401, 403])
def test_a_wrong_key_stops_the_batch(server: RunsServer, url: str, tmp_path: Path, refusal: int) -> None:
    """No other line would fare better. The command that continues is printed, without what may be secret."""
    server.refuse(refusal, times=1000)
    options = ("--limit", "2", "--name", "my batch", "--timeout", "9", "--header", "x-token: secret")
    found = batch(url, written(tmp_path / "lines", numbers(50)), *options)
    assert (8, []) == (found.status, found.outcomes)
    assert 4 >= len(server.requests)
    assert "0 lines done, 0 failed; 0 runs continue.\n" in found.notes
    again = f"batch {tmp_path}/lines --limit 2 --timeout 9.0 --name 'my batch' --url {url} --header 'x-token: VALUE'"
    assert sorted(f"To continue: langgraph-runs {again}".split()) == sorted(
        found.notes.splitlines()[1].split()
    )
    assert "secret" not in found.notes


def test_a_server_that_cannot_be_reached_stops_the_batch(tmp_path: Path) -> None:
    """With the exit status for that."""
    found = batch("http://127.0.0.1:9", written(tmp_path / "lines", numbers(50)), "--limit", "1")
    assert (10, []) == (found.status, found.outcomes)
    assert "To continue: langgraph-runs batch" in found.notes


def test_a_run_whose_response_was_lost_is_found(server: RunsServer, url: str, tmp_path: Path) -> None:
    """It is not started again."""
    echo(server)
    server.drop(on="POST */wait", times=2)
    found = batch(url, written(tmp_path / "lines", numbers(3)))
    assert (0, 3, 3) == (found.status, len(found.values), len(server.runs))


def test_a_timeout_ends_the_wait_and_a_second_start_joins_the_run(
    server: RunsServer, url: str, tmp_path: Path
) -> None:
    """It continues meanwhile."""
    server.run(Hold(), ("values", {"n": 0}))
    file = written(tmp_path / "lines", numbers(1))
    late = batch(url, file, "--timeout", "3")
    assert (1, "WaitTimeoutError") == (late.status, late.errors[1][0])
    server.release()
    found = batch(url, file)
    assert (0, {1: {"n": 0}}, late.runs) == (found.status, found.values, found.runs)
    assert 1 == len(server.runs)


async def test_two_processes_that_start_the_same_line_have_one_run(server: RunsServer) -> None:
    """Both have its outcome."""
    server.run(Hold(), ("values", {"n": 0}), times=None)
    (line,) = lines(*numbers(1))
    async with server.async_client() as runs:
        whole = asyncio.gather(*(LineRuns(runs, {}).outcome(line) for _ in range(4)))
        while sum(request.path.endswith("/join") for request in server.requests) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        server.release()
        found = await whole
    assert [{"n": 0}] * 4 == [one.values for one in found]
    assert 1 == len(server.runs) == len({one.run_id for one in found})


async def test_the_outcome_is_that_of_the_run_of_the_line(server: RunsServer) -> None:
    """Even if somebody has answered its interrupt since, by another run on the thread."""
    server.run(("values", {"city": "Paris"}), Interrupt("Book it?"))
    server.run(("values", {"booked": True}))
    (line,) = lines(*numbers(1))
    async with server.async_client() as runs:
        asked = await LineRuns(runs, {}).outcome(line)
        assert "Book it?" == asked.values["__interrupt__"][0]["value"]
        await runs.wait(line.key, "agent", command={"resume": True})
        again = await LineRuns(runs, {}).outcome(line)
    assert (asked.run_id, asked.values) == (again.run_id, again.values)
    assert 2 == len(server.runs)


async def test_a_line_may_name_its_thread(server: RunsServer) -> None:
    """Which may have other runs. The runs of lines are known by their metadata, to which one key is added."""
    echo(server)
    thread_id = server.thread()
    given = {**numbers(1)[0], "thread_id": thread_id, "metadata": {"team": "blue"}}
    first, second, missing = lines(given, given, {**given, "thread_id": str(uuid4())})
    async with server.async_client() as runs:
        other = await runs.create(thread_id, "agent", input={"n": 7})
        for _ in range(2):
            found = [await LineRuns(runs, {}).outcome(line) for line in (first, second)]
            assert [{"n": 0}] * 2 == [one.values for one in found]
            assert 3 == len({other.run_id, *(one.run_id for one in found)})
        assert "NotFoundError" == type((await LineRuns(runs, {}).outcome(missing)).error).__name__
    marks = [run["metadata"].get("langgraph_runs_batch") for run in server.runs]
    assert [None, first.key, second.key] == sorted(marks, key=[None, first.key, second.key].index)
    assert ["blue"] * 2 == [run["metadata"]["team"] for run in server.runs if "team" in run["metadata"]]


@pytest.mark.exhaustive
async def test_the_memory_for_2000_lines_is_that_for_a_few(server: RunsServer) -> None:
    """No more than a limited number of lines and outcomes are kept at any time."""
    echo(server)
    limit, taken, most = 20, 0, 0

    def source() -> Iterator[bytes]:
        nonlocal taken
        for payload in numbers(2_000):
            taken += 1
            yield json.dumps(payload).encode()

    async with server.async_client() as runs:
        done = 0
        async for _ in outcomes(lines_of(source()), LineRuns(runs, {}).outcome, limit):
            done += 1
            assert taken - done <= 2 * limit + 2
            if done % 250 == 0:
                most = max(most, sum(isinstance(one, Line | Outcome) for one in gc.get_objects()))
    assert 2_000 == done == len({run["thread_id"] for run in server.runs})
    assert most <= 4 * limit
