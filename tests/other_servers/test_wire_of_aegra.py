"""What Aegra sends, without a client of ours: its stand-in does the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from plain_http import LONG, UNKNOWN, Wire, ids, names, numbers

QUICK = {"count": 3}


@pytest.fixture
def wire(aegra: Any) -> Iterator[Wire]:
    """The server without a client."""
    with Wire(aegra.url) as wire:
        yield wire


@pytest.mark.parametrize("stateless", [False, True])
def test_a_stream_names_its_run_and_its_thread_and_ends_with_a_status(wire: Wire, stateless: bool) -> None:
    """Each event has an id that counts, the end included."""
    thread_id = None if stateless else wire.thread()
    with wire.stream(thread_id, QUICK, ["values", "custom", "updates"]) as (response, found):
        got = list(found)
    run_id = got[0][1]["run_id"]
    place = response.headers["content-location"]
    assert place.endswith(f"/runs/{run_id}")
    assert f"{place}/stream" == response.headers["location"]
    assert [f"{run_id}_event_{number}" for number in range(1, 9)] == ids(got)
    assert ["metadata", "values", *["custom"] * 3, "updates", "values", "end"] == names(got)
    assert {"status": "success"} == got[-1][1]


def test_a_stream_of_a_failed_run_has_the_class_but_never_the_message(wire: Wire) -> None:
    """Then the end."""
    got = wire.all_of(wire.thread(), {"fail": "boom"})
    assert [
        ("error", {"error": "ValueError", "message": "ValueError: execution failed"}),
        ("end", {"status": "error"}),
    ] == [tuple(one)[:2] for one in got[-2:]]


def test_a_run_that_asks_and_one_that_was_cancelled_end_alike(wire: Wire) -> None:
    """As `interrupted`; only the thread tells them apart."""
    thread_id = wire.thread()
    got = wire.all_of(thread_id, {"ask": "one?"}, "values")
    assert {"status": "interrupted"} == got[-1][1]
    assert "one?" == got[-2][1]["__interrupt__"][0]["value"]
    assert "interrupted" == wire.status(thread_id)
    thread_id = wire.thread()
    with wire.stream(thread_id, LONG) as (_, found):
        first = next(found)
        assert 200 == wire.cancel(thread_id, first[1]["run_id"]).status_code
        got = [first, *found]
    assert {"status": "interrupted"} == got[-1][1]
    assert "interrupted" == wire.run(thread_id, first[1]["run_id"])["status"]


def test_a_live_stream_is_joined_from_the_first_event_or_from_behind_an_id(wire: Wire) -> None:
    """Each listener has all; an id that is not known is no id."""
    thread_id = wire.thread()
    with wire.stream(thread_id, {"count": 30, "delay": 0.05}) as (_, found):
        run_id = next(found)[1]["run_id"]
        for after, first in ((None, 0), ("-1", 0), ("5", 0), (f"{run_id}_event_3", 2)):
            with wire.joined(thread_id, run_id, after) as (_, others):
                assert first == next(one[1]["i"] for one in others if one[0] == "custom"), after
        assert list(range(30)) == numbers(found)


def test_an_ended_stream_is_replayed_only_for_an_id(wire: Wire) -> None:
    """Without one, it is its end, which has no id."""
    thread_id = wire.thread()
    run_id = wire.all_of(thread_id, QUICK)[0][1]["run_id"]
    assert [("end", {"status": "success"}, None)] == [tuple(one) for one in wire.replayed(thread_id, run_id)]
    assert ["metadata", *["custom"] * 3, "end"] == names(wire.replayed(thread_id, run_id, "-1"))
    assert [1, 2] == numbers(wire.replayed(thread_id, run_id, f"{run_id}_event_2"))


def test_a_stream_has_heartbeats(wire: Wire) -> None:
    """Every five seconds."""
    thread_id = wire.thread()
    with wire.stream(thread_id, LONG) as (_, found):
        run_id = next(found)[1]["run_id"]
        assert ":" == next(found)[0]
    assert "interrupted" == wire.ends(thread_id, run_id)


def test_an_unknown_run_is_404(wire: Wire) -> None:
    """By each way."""
    thread_id = wire.thread()
    for way in ("", "/stream", "/join"):
        answer = wire.http.get(f"/threads/{thread_id}/runs/{UNKNOWN}{way}")
        assert (404, "not_found") == (answer.status_code, answer.json()["error"])


def test_stream_mode_is_not_heeded_where_it_is_unknown_or_in_a_join(wire: Wire) -> None:
    """An unknown one has no events; a join has every mode of the run."""
    thread_id = wire.thread()
    assert ["metadata", "end"] == names(wire.all_of(thread_id, QUICK, "bogus"))
    run_id = wire.all_of(thread_id, QUICK, ["custom", "values"])[0][1]["run_id"]
    assert {"metadata", "custom", "values", "end"} == set(
        names(wire.replayed(thread_id, run_id, "-1", stream_mode="values"))
    )


def test_wait_and_join_report_the_message_of_a_failure_and_one_question(wire: Wire) -> None:
    """Never the class; of two questions, one."""
    for given, status, expected in (
        (QUICK, "success", {"count": 3, "done": 3, "answers": []}),
        ({"fail": "boom"}, "error", {"__error__": {"error": "Error", "message": "boom"}}),
    ):
        thread_id = wire.thread()
        assert expected == wire.wait(thread_id, given)
        run_id = wire.list(thread_id)[0]
        assert expected == wire.join(thread_id, run_id)
        assert status == wire.run(thread_id, run_id)["status"]
    for asked in ("one?", ["one?", "two?"]):
        got = wire.wait(wire.thread(), {"ask": asked})
        assert (0, 1) == (got["done"], len(got["__interrupt__"]))


def test_wait_names_its_run_at_once_and_a_join_of_an_ended_run_does_not(wire: Wire) -> None:
    """Also where it is stateless."""
    for thread_id in (wire.thread(), None):
        given = {"assistant_id": "agent", "input": QUICK}
        place = wire.http.post(wire.runs(thread_id) + "/wait", json=given).headers
        assert f"{place['content-location']}/join" == place["location"]
        late = wire.http.get(place["location"])
        assert "content-location" not in late.headers


def test_a_cancelled_run_has_an_empty_body(wire: Wire) -> None:
    """As a success of nothing."""
    thread_id = wire.thread()
    run_id = wire.created(thread_id, LONG)
    wire.becomes(thread_id, run_id, "running")
    assert "interrupted" == wire.cancel(thread_id, run_id, wait=1).json()["status"]
    assert {} == wire.join(thread_id, run_id)
    assert "idle" == wire.status(thread_id)


def test_cancel_takes_0_and_1_and_no_rollback(wire: Wire) -> None:
    """A run that has ended is not changed."""
    thread_id = wire.thread()
    run_id = wire.all_of(thread_id, QUICK)[0][1]["run_id"]
    assert [422, 422, 422] == [
        wire.cancel(thread_id, run_id, **params).status_code
        for params in ({"wait": "true"}, {"wait": "false"}, {"action": "rollback"})
    ]
    for params in ({"wait": "0"}, {"wait": "1", "action": "interrupt"}, {"action": "cancel"}):
        assert "success" == wire.cancel(thread_id, run_id, **params).json()["status"]
    assert 404 == wire.cancel(thread_id, UNKNOWN).status_code


def test_a_stateless_run_is_gone_after_its_end_and_its_cancel_with_wait_is_500(
    aegra: Any, wire: Wire
) -> None:
    """Though it is stopped. The connection is closed after that."""
    run = wire.create(None, LONG).json()
    wire.becomes(run["thread_id"], run["run_id"], "running")
    assert 500 == wire.cancel(run["thread_id"], run["run_id"], wait=1).status_code
    with Wire(aegra.url) as other:
        assert 404 == other.http.get(f"/threads/{run['thread_id']}/runs/{run['run_id']}").status_code


def test_many_runs_are_cancelled_by_one_request(wire: Wire) -> None:
    """By their ids."""
    thread_id = wire.thread()
    made = [wire.created(thread_id, LONG) for _ in range(2)]
    answer = wire.http.post("/runs/cancel", json={"thread_id": thread_id, "run_ids": made})
    assert 204 == answer.status_code
    assert ["interrupted"] * 2 == [wire.run(thread_id, run_id)["status"] for run_id in made]


@pytest.mark.parametrize("stateless", [False, True])
def test_on_disconnect_is_cancel_by_default(wire: Wire, stateless: bool) -> None:
    """`continue` is heeded."""
    given = {"count": 20, "delay": 0.05}
    for more, status in (({}, "interrupted"), ({"on_disconnect": "continue"}, "success")):
        thread_id = None if stateless else wire.thread()
        with wire.stream(thread_id, given, on_completion="keep", **more) as (response, found):
            next(found)
            place = response.headers["content-location"].split("/")
        assert status == wire.ends(place[2], place[4])


def test_two_runs_of_a_thread_run_at_once(wire: Wire) -> None:
    """Whatever multitask_strategy says; `after_seconds` is not heeded either."""
    thread_id = wire.thread()
    more = {"multitask_strategy": "reject", "after_seconds": 60}
    made = [wire.created(thread_id, LONG, **more) for _ in range(2)]
    for run_id in made:
        wire.becomes(thread_id, run_id, "running")
    for run_id in made:
        wire.cancel(thread_id, run_id)


def test_a_thread_is_made_by_the_first_run_on_it(wire: Wire) -> None:
    """Whatever its id and if_not_exists are."""
    for thread_id in (str(uuid4()), f"not-a-uuid-{uuid4()}"):
        assert 200 == wire.create(thread_id, QUICK, if_not_exists="reject").status_code


def test_input_must_be_an_object_unless_there_is_a_command_or_a_checkpoint(wire: Wire) -> None:
    """A run that was stopped before a node is resumed from its checkpoint."""
    thread_id = wire.thread()
    assert {"count": 1, "answers": []} == wire.wait(thread_id, {"count": 1}, interrupt_before=["work"])
    assert 422 == wire.create(thread_id, None, input=None).status_code
    checkpoint = wire.http.get(f"/threads/{thread_id}/state").json()["checkpoint"]
    assert 1 == wire.wait(thread_id, None, input=None, checkpoint=checkpoint)["done"]


def test_only_an_interrupted_thread_takes_an_answer(wire: Wire) -> None:
    """400; of a stateless run 404."""
    thread_id = wire.thread()
    resume = {"command": {"resume": "yes"}}
    assert [400, 404] == [wire.create(one, None, **resume).status_code for one in (thread_id, None)]
    wire.wait(thread_id, {"ask": "one?"})
    assert "yes" == wire.wait(thread_id, None, **resume)["answer"]


def test_runs_are_listed_from_the_newest(wire: Wire) -> None:
    """Of an unknown thread there are none."""
    thread_id = wire.thread()
    made = [wire.created(thread_id, {}) for _ in range(4)][::-1]
    for run_id in made:
        wire.ends(thread_id, run_id)
    assert made == wire.list(thread_id)
    assert made[1:3] == wire.list(thread_id, limit=2, offset=1)
    assert [] == wire.list(UNKNOWN)


def test_a_history_cannot_be_filtered(wire: Wire) -> None:
    """500; each state says whose it is, and why the run failed."""
    thread_id = wire.thread()
    run_id = wire.created(thread_id, {"fail": "boom"})
    wire.ends(thread_id, run_id)
    assert 500 == wire.history(thread_id, metadata={"run_id": run_id}).status_code
    state = wire.history(thread_id).json()[0]
    assert (run_id, "ValueError('boom')") == (state["metadata"]["run_id"], state["tasks"][0]["error"])


def test_an_active_run_is_not_deleted_and_a_thread_is_deleted_with_200(wire: Wire) -> None:
    """409, and a body."""
    thread_id = wire.thread()
    run_id = wire.created(thread_id, LONG)
    wire.becomes(thread_id, run_id, "running")
    path = f"/threads/{thread_id}/runs/{run_id}"
    assert 409 == wire.http.delete(path).status_code
    wire.cancel(thread_id, run_id, wait=1)
    assert 204 == wire.http.delete(path).status_code
    answer = wire.http.delete(f"/threads/{thread_id}")
    assert (200, {"status": "deleted"}) == (answer.status_code, answer.json())


def test_after_a_restart_a_stream_is_heartbeats_and_a_join_says_incomplete_run(
    aegra: Any, wire: Wire
) -> None:
    """The run stays `running`, until it is cancelled; an ended run has no events any more."""
    thread_id, ended = wire.thread(), wire.thread()
    run_id = wire.created(thread_id, LONG)
    wire.becomes(thread_id, run_id, "running")
    ended_run = wire.all_of(ended, QUICK)[0][1]["run_id"]
    aegra.restart(run_id)
    assert "running" == wire.run(thread_id, run_id)["status"]
    for one in ((thread_id, run_id, None), (thread_id, run_id, "-1"), (ended, ended_run, "-1")):
        with wire.joined(*one) as (_, found):
            assert [":", ":"] == [next(found)[0] for _ in range(2)]
    assert ["end"] == names(wire.replayed(ended, ended_run))
    assert "IncompleteRun" == wire.join(thread_id, run_id)["__error__"]["error"]
    assert "interrupted" == wire.cancel(thread_id, run_id).json()["status"]
