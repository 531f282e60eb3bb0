"""What LangGraph.js sends, without a client of ours: its stand-in does the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from plain_http import LONG, UNKNOWN, Wire, ids, names, numbers

QUICK = {"count": 3}


@pytest.fixture
def wire(langgraphjs: Any) -> Iterator[Wire]:
    """The server without a client."""
    with Wire(langgraphjs.url) as wire:
        yield wire


def test_a_stream_names_its_run_and_numbers_its_events_from_0(wire: Wire) -> None:
    """Also if the run is not resumable; no event reports the end."""
    thread_id = wire.thread()
    with wire.stream(thread_id, QUICK, ["values", "custom", "updates"]) as (response, found):
        assert "location" not in response.headers
        place = response.headers["content-location"]
        got = list(found)
    assert place == f"/threads/{thread_id}/runs/{got[0][1]['run_id']}"
    assert ["0", "1", "2", "3", "4", "5", "6"] == ids(got)
    assert ["metadata", "values", *["custom"] * 3, "updates", "values"] == names(got)
    assert ("updates", {"work": {"done": 3}}, "5") == tuple(got[5])
    assert {"count": 3, "done": 3, "answers": []} == got[-1][1]


def test_a_stateless_stream_has_no_ids_and_does_not_name_its_thread(wire: Wire) -> None:
    """Its run alone."""
    with wire.stream(None, QUICK) as (response, found):
        got = list(found)
    assert response.headers["content-location"] == f"/runs/{got[0][1]['run_id']}"
    assert {None} == set(ids(got))
    assert [0, 1, 2] == numbers(got)


def test_a_stream_of_a_failed_run_ends_with_the_class_and_the_message(wire: Wire) -> None:
    """As JSON."""
    got = wire.all_of(wire.thread(), {"fail": "boom"})
    assert ("error", {"error": "TypeError", "message": "boom"}, "1") == tuple(got[-1])


def test_a_stream_of_a_cancelled_run_just_ends(wire: Wire) -> None:
    """Without an event; after a rollback it has an error of that name."""
    for action, last in (("interrupt", "metadata"), ("rollback", "error")):
        thread_id = wire.thread()
        with wire.stream(thread_id, LONG) as (_, found):
            first = next(found)
            assert 202 == wire.cancel(thread_id, first[1]["run_id"], action=action).status_code
            got = [first, *found]
        assert last == got[-1][0]
    assert {"error": "Error", "message": "rollback"} == got[-1][1]


def test_a_resumable_run_is_replayed_from_minus_1_or_from_behind_an_id(wire: Wire) -> None:
    """Also after its end; without an id, or with one that there is not, nothing is replayed."""
    thread_id = wire.thread()
    run_id = wire.all_of(thread_id, QUICK, stream_resumable=True)[0][1]["run_id"]
    assert ["0", "1", "2", "3"] == ids(wire.replayed(thread_id, run_id, "-1"))
    assert ["2", "3"] == ids(wire.replayed(thread_id, run_id, "1"))
    for after in (None, "3", "99", "x"):
        assert [] == wire.replayed(thread_id, run_id, after), after


def test_two_listeners_of_a_run_that_is_not_resumable_share_its_events(wire: Wire) -> None:
    """Each event goes to one of them."""
    thread_id = wire.thread()
    given = {"count": 40, "delay": 0.02}
    with wire.stream(thread_id, given) as (_, found):
        run_id = next(found)[1]["run_id"]
        with wire.joined(thread_id, run_id) as (_, others):
            first, second = numbers(found), numbers(others)
    assert list(range(40)) == sorted(first + second)
    assert first
    assert second


def test_a_listener_that_has_left_continues_to_take_events(wire: Wire) -> None:
    """They are lost."""
    thread_id = wire.thread()
    with wire.stream(thread_id, {"count": 60, "delay": 0.02}) as (_, found):
        run_id = next(found)[1]["run_id"]
    late = numbers(wire.replayed(thread_id, run_id))
    assert len(late) < 60 - late[0]


def test_a_resumable_run_that_is_joined_before_it_begins_is_not_resumable(
    langgraphjs: Any, wire: Wire
) -> None:
    """By a stream without an id, or by `join`; with -1, it stays resumable."""
    more: dict[str, Any] = {
        "stream_mode": "custom",
        "stream_resumable": True,
        "multitask_strategy": "enqueue",
    }

    def pending() -> tuple[str, str]:
        thread_id = wire.thread()
        wire.created(thread_id, {"sleep": 1 if langgraphjs.is_real else 0.3})
        return thread_id, wire.created(thread_id, {"count": 5}, **more)

    for after, count in ((None, 0), ("-1", 5)):
        run = pending()
        assert list(range(5)) == numbers(wire.replayed(*run, after))
        assert count == len(numbers(wire.replayed(*run, "-1")))
    run = pending()
    wire.join(*run)
    assert [] == wire.replayed(*run, "-1")


def test_the_first_listener_of_an_ended_run_finds_its_events(wire: Wire) -> None:
    """Where the run is not resumable, and had no listener; the next one finds nothing."""
    thread_id = wire.thread()
    run_id = wire.created(thread_id, QUICK, stream_mode="custom")
    wire.ends(thread_id, run_id)
    assert [[0, 1, 2], []] == [numbers(wire.replayed(thread_id, run_id)) for _ in range(2)]


def test_an_unknown_run_is_an_error_that_is_a_string(wire: Wire) -> None:
    """With status 200; only `get` and `cancel` answer 404."""
    thread_id = wire.thread()
    assert [("error", "Run not found", None)] == [tuple(one) for one in wire.replayed(thread_id, UNKNOWN)]
    assert {"__error__": {"error": "Error", "message": '"Run not found"'}} == wire.join(thread_id, UNKNOWN)
    assert 404 == wire.http.get(f"/threads/{thread_id}/runs/{UNKNOWN}").status_code
    assert 404 == wire.cancel(thread_id, UNKNOWN).status_code


def test_a_join_does_not_heed_stream_mode(wire: Wire) -> None:
    """Every mode of the run comes."""
    thread_id = wire.thread()
    run_id = wire.all_of(thread_id, QUICK, ["custom", "values"], stream_resumable=True)[0][1]["run_id"]
    assert {"metadata", "custom", "values"} == set(
        names(wire.replayed(thread_id, run_id, "-1", stream_mode="values"))
    )


def test_wait_has_the_values_or_json_in_json_or_one_question(wire: Wire) -> None:
    """Of two questions in parallel, one."""
    assert {"count": 3, "done": 3, "answers": []} == wire.wait(wire.thread(), QUICK)
    inner = '{"error":"TypeError","message":"boom"}'
    assert {"__error__": {"error": "Error", "message": inner}} == wire.wait(wire.thread(), {"fail": "boom"})
    for asked in ("one?", ["one?", "two?"]):
        got = wire.wait(wire.thread(), {"ask": asked})
        assert ["__interrupt__"] == list(got)
        assert 1 == len(got["__interrupt__"])


def test_wait_sends_a_line_feed_every_second_and_join_not_even_headers(langgraphjs: Any, wire: Wire) -> None:
    """The headers of `wait` come at once."""
    thread_id = wire.thread()
    given = {"assistant_id": "agent", "input": {"sleep": 2.5 if langgraphjs.is_real else 0.7}}
    with wire.http.stream("POST", f"/threads/{thread_id}/runs/wait", json=given) as response:
        run_id = wire.list(thread_id)[0]
        assert f"/threads/{thread_id}/runs/{run_id}" == response.headers["content-location"]
        assert "text/plain" in response.headers["content-type"]
        assert 2 <= response.read().count(b"\n")


def test_only_the_first_join_reports_an_error_or_a_question(wire: Wire) -> None:
    """The next one has the values, without the error or the question; null after a cancel."""
    for given, status, values in (
        ({"fail": "boom"}, "error", {"fail": "boom", "answers": []}),
        ({"ask": "one?"}, "success", {"ask": "one?", "done": 0, "answers": []}),
    ):
        thread_id = wire.thread()
        run_id = wire.created(thread_id, given)
        assert status == wire.ends(thread_id, run_id)
        (told,) = wire.join(thread_id, run_id)
        assert ("__error__" if status == "error" else "__interrupt__") == told
        assert values == wire.join(thread_id, run_id)
    thread_id = wire.thread()
    run_id = wire.created(thread_id, LONG)
    wire.becomes(thread_id, run_id, "running")
    assert 204 == wire.cancel(thread_id, run_id, wait=1).status_code
    assert "interrupted" == wire.run(thread_id, run_id)["status"]
    assert wire.join(thread_id, run_id) is None


def test_why_a_run_failed_is_in_the_tasks_of_its_state(wire: Wire) -> None:
    """JSON in a string."""
    thread_id = wire.thread()
    run_id = wire.created(thread_id, {"fail": "boom"})
    wire.ends(thread_id, run_id)
    state = wire.history(thread_id, metadata={"run_id": run_id}).json()[0]
    assert '{"message":"boom","name":"TypeError"}' == state["tasks"][0]["error"]


def test_any_wait_of_a_cancel_counts_as_true(wire: Wire) -> None:
    """204 after the stop; without it, 202. What has ended is not changed."""
    for params in ({"wait": "0"}, {"wait": "false"}, {"wait": "1"}):
        thread_id = wire.thread()
        run_id = wire.created(thread_id, LONG)
        wire.becomes(thread_id, run_id, "running")
        assert 204 == wire.cancel(thread_id, run_id, **params).status_code
        assert ("interrupted", "idle") == (wire.run(thread_id, run_id)["status"], wire.status(thread_id))
    assert 202 == wire.cancel(thread_id, run_id).status_code
    assert 400 == wire.cancel(thread_id, run_id, action="cancel").status_code
    assert "interrupted" == wire.run(thread_id, run_id)["status"]


def test_a_rollback_leaves_the_run_as_an_error(wire: Wire) -> None:
    """And the thread."""
    thread_id = wire.thread()
    run_id = wire.created(thread_id, LONG)
    wire.becomes(thread_id, run_id, "running")
    wire.cancel(thread_id, run_id, action="rollback", wait=1)
    assert ("error", "error") == (wire.run(thread_id, run_id)["status"], wire.status(thread_id))


def test_many_runs_cannot_be_cancelled_by_one_request(wire: Wire) -> None:
    """404."""
    assert 404 == wire.http.post("/runs/cancel", json={"status": "all"}).status_code


@pytest.mark.parametrize("heeded", [True, False])
def test_on_disconnect_is_heeded_in_a_stream_of_a_thread(wire: Wire, heeded: bool) -> None:
    """By default, the run continues."""
    more = {"on_disconnect": "cancel"} if heeded else {}
    thread_id = wire.thread()
    with wire.stream(thread_id, {"count": 40, "delay": 0.05}, **more) as (_, found):
        run_id = next(found)[1]["run_id"]
    assert ("interrupted" if heeded else "success") == wire.ends(thread_id, run_id)


def test_a_busy_thread_and_an_unknown_one_are_refused_alike(wire: Wire) -> None:
    """422, in words; the default strategy is "reject"."""
    thread_id = wire.thread()
    run_id = wire.created(thread_id, LONG)
    answers = [wire.create(one, QUICK) for one in (thread_id, UNKNOWN)]
    wire.cancel(thread_id, run_id)
    assert [422, 422] == [answer.status_code for answer in answers]
    assert answers[0].text == answers[1].text
    assert answers[0].text.startswith("Thread is already running a task.")
    assert 404 == wire.http.get(f"/threads/{UNKNOWN}/runs").status_code


def test_runs_are_listed_from_the_oldest_and_limit_is_an_end(wire: Wire) -> None:
    """`limit` counts from the first run, whatever `offset` is."""
    thread_id = wire.thread()
    made = []
    for _ in range(4):
        made.append(wire.created(thread_id, {}))
        wire.ends(thread_id, made[-1])
    assert made == wire.list(thread_id)
    assert made[:2] == wire.list(thread_id, limit=2)
    assert made[1:2] == wire.list(thread_id, limit=2, offset=1)
    assert made[1:3] == wire.list(thread_id, limit=3, offset=1)


def test_a_run_keeps_the_request_id(wire: Wire) -> None:
    """In its config."""
    thread_id = wire.thread()
    path = f"/threads/{thread_id}/runs"
    run = wire.http.post(
        path, json={"assistant_id": "agent", "input": {}}, headers={"x-request-id": "mine"}
    ).json()
    wire.ends(thread_id, run["run_id"])
    assert "mine" == wire.run(thread_id, run["run_id"])["kwargs"]["config"]["configurable"]["x-request-id"]


def test_a_run_and_a_thread_are_deleted_with_204(wire: Wire) -> None:
    """Also an active run."""
    thread_id = wire.thread()
    run_id = wire.created(thread_id, LONG)
    wire.becomes(thread_id, run_id, "running")
    assert 204 == wire.http.delete(f"/threads/{thread_id}/runs/{run_id}").status_code
    assert 404 == wire.http.get(f"/threads/{thread_id}/runs/{run_id}").status_code
    assert 204 == wire.http.delete(f"/threads/{thread_id}").status_code


def test_the_stream_of_a_run_whose_thread_is_deleted_ends_with_an_error(wire: Wire) -> None:
    """The error of an unknown run."""
    thread_id = wire.thread()
    with wire.stream(thread_id, {"sleep": 0.5, "count": 2}) as (_, found):
        assert "metadata" == next(found)[0]
        assert 204 == wire.http.delete(f"/threads/{thread_id}").status_code
        assert [("error", "Run not found", None)] == [tuple(one) for one in found]


def test_a_tool_reports_its_start_what_it_yields_and_its_end_or_its_error(wire: Wire) -> None:
    """In mode "tools". The error is no error: the reason is in the event `error`, as that of every failed run."""
    for word, last in (("cat", "on_tool_end"), ("unknown", "on_tool_error")):
        got = wire.all_of(wire.thread(), {"tool": word}, "tools")
        told = [data for name, data, _ in got if name == "tools"]
        assert ["on_tool_start", "on_tool_event", last] == [one["event"] for one in told]
        assert {(f"call-{word}", "look_up")} == {(one["toolCallId"], one["name"]) for one in told}
        assert f'{{"word":"{word}"}}' == told[0]["input"]
        assert {"letters": len(word)} == told[1]["data"]
        if word == "cat":
            assert ("CAT", "success", "tool") == tuple(
                told[2]["output"][key] for key in ("content", "status", "type")
            )
        else:
            assert ["pregelTaskId"] == list(told[2]["error"])
            assert {"error": "TypeError", "message": "no such word"} == got[-1][1]


def test_a_run_that_was_active_at_a_stop_stays_running_and_its_stream_has_no_end(
    langgraphjs: Any, wire: Wire
) -> None:
    """Nor anything else."""
    thread_id = wire.thread()
    run_id = wire.created(thread_id, LONG, stream_resumable=True)
    wire.becomes(thread_id, run_id, "running")
    langgraphjs.restart(run_id)
    assert "running" == wire.run(thread_id, run_id)["status"]
    path, seconds = f"/threads/{thread_id}/runs/{run_id}", 1.5 if langgraphjs.is_real else 0.5
    for way in ("stream", "join"):
        with pytest.raises(Exception, match="timed out"):
            wire.http.get(f"{path}/{way}", headers={"last-event-id": "-1"}, timeout=seconds)
    wire.cancel(thread_id, run_id)
