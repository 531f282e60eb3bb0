"""Which requests leaving a run sends, and when a run is known to be idle. Without a connection."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest
from langgraph_runs_api.models import Run, Thread
from run.flow_steps import followed

from langgraph_runs import (
    APIConnectionError,
    NotFoundError,
    PermissionDeniedError,
    RetryPolicy,
    UnprocessableEntityError,
)
from langgraph_runs.callbacks import CallbackError
from langgraph_runs.request import endpoints
from langgraph_runs.request.call import Call
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.cancellation import cancel, cancel_all

BACKOFF = Backoff(RetryPolicy(), random=Random(1))
GONE = NotFoundError("gone", method="GET", url="", status=404)
CANCEL = "POST /threads/t/runs/r/cancel"
LIST = "GET /threads/t/runs"


def held(thread_id: str | None = "t", action: Any = "rollback") -> HeldRun:
    """That of a wait whose request has been sent."""
    call = endpoints.wait({"headers": {"x-more": "1"}}, thread_id, "agent")
    made = HeldRun(call, action, BACKOFF)
    made.begin(call)
    return made


def test_a_run_is_cancelled_once_with_the_given_action() -> None:
    """With the caller's headers; leaving again sends nothing."""
    holding = held()
    holding.learn("r", "t")
    flow = holding.leave()
    assert flow is not None
    call: Any = next(flow)
    assert ("/threads/t/runs/r/cancel", "rollback", "1") == (
        call.path, call.params["action"], call.headers["x-more"],
    )  # fmt: skip
    assert holding.leave() is None


@pytest.mark.parametrize("spare", ["ended", "released", "not-begun", "no-action"])
def test_a_run_is_not_cancelled(spare: str) -> None:
    """If it has ended, its connection was lost, its request was never sent, or it is to continue."""
    holding = held(action=None if spare == "no-action" else "interrupt")
    holding.learn("r", "t")
    holding.has_ended = spare == "ended"
    holding.has_begun = spare != "not-begun"
    if spare == "released":
        holding.release()
    assert holding.leave() is None


def test_a_run_whose_id_is_unknown_is_searched() -> None:
    """By the nonce of its request; if it is not found, there is nothing to cancel."""
    holding = held()
    run = Run.from_dict(
        {"run_id": "r", "kwargs": {"config": {"configurable": {"x-request-id": holding._call.nonce}}}}
    )
    assert [LIST, "pause", LIST, CANCEL] == followed(holding.leave() or iter(()), [[], [run], None])[1]  # type: ignore[arg-type]
    assert "r" == holding.run_id
    assert [LIST, "pause"] * 3 + [LIST] == followed(held().leave() or iter(()), [[]] * 4)[1]  # type: ignore[arg-type]


def test_a_run_that_was_lost_is_cancelled_even_if_on_run_created_raises() -> None:
    """The exception follows, so that it is logged."""

    def refuse(*ids: object) -> None:
        raise KeyError("mine")

    call = endpoints.wait({"on_run_created": refuse}, "t", "agent")
    holding = HeldRun(call, "interrupt", BACKOFF)
    holding.begin(call)
    run = Run.from_dict(
        {"run_id": "r", "kwargs": {"config": {"configurable": {"x-request-id": holding._call.nonce}}}}
    )
    flow: Any = holding.leave()
    next(flow)
    assert CANCEL == "{0.method} {0.path}".format(flow.send([run]))
    with pytest.raises(CallbackError):
        flow.send(None)
    assert holding.was_cancelled


def test_a_stateless_run_of_unknown_thread_cannot_be_cancelled() -> None:
    """Nothing is sent."""
    holding = held(thread_id=None)
    holding.learn("r", None)
    assert [] == followed(holding.leave() or iter(()), [])[1]  # type: ignore[arg-type]


def test_on_run_created_is_called_once() -> None:
    """For the first answer with the ids."""
    reported: list[Any] = []
    call = endpoints.wait({"on_run_created": lambda *ids: reported.append(ids)}, "t", "agent")
    holding = HeldRun(call, None, BACKOFF)
    for run_id in (None, 7, "", "r", "s"):
        holding.learn(run_id, None)
    assert ([("r", "t")], "r") == (reported, holding.run_id)


def cancel_until_idle(answers: list[Any]) -> list[str]:
    """The requests of a cancel that waits until the run is idle."""
    call = endpoints.cancel({}, "t", "r", wait=True, action="interrupt")
    return [
        sent.removeprefix("GET /threads/t") for sent in followed(cancel(call, BACKOFF, wait=True), answers)[1]
    ][1:]


def run(status: str, run_id: str = "r") -> Run:
    """A run of the thread."""
    return Run(run_id, "t", "a", status)


def test_a_cancel_that_waits_polls_the_run_and_then_its_thread() -> None:
    """The run is interrupted at once, but its thread is busy while the node cleans up."""
    busy, idle = Thread("t", "busy"), Thread("t", "idle")
    interrupted = run("interrupted")
    answers = [None, run("running"), interrupted, busy, [interrupted], interrupted, idle]
    assert ["/runs/r", "pause", "/runs/r", "", "/runs", "pause", "/runs/r", ""] == cancel_until_idle(answers)


@pytest.mark.parametrize(
    "answers",
    [
        [None, GONE],
        [None, run("interrupted"), GONE],
        [None, run("interrupted"), Thread("t", "busy"), [run("running", "other")]],
        [None, run("interrupted"), Thread("t", "interrupted")],
    ],
)
def test_a_run_is_idle_if_it_is_gone_or_its_thread_runs_another(answers: list[Any]) -> None:
    """Rolled back, deleted with its thread, or followed by another run."""
    assert "pause" not in cancel_until_idle(answers)


def test_a_thread_that_stays_busy_is_not_waited_for_forever() -> None:
    """The development server's thread does after a rollback; the run itself has ended."""
    rounds = [run("success"), Thread("t", "busy"), []]
    assert 5 == cancel_until_idle([None, *rounds * 5, *rounds[:2]]).count("pause")


def test_cancel_all_cancels_the_active_runs_by_id() -> None:
    """It lists pending runs first: one that starts in the meantime is on both lists."""
    given = endpoints.cancel_all({}, "t", action="interrupt")
    pending, running = [run("pending", "a"), run("pending", "b")], [run("running", "b"), run("running", "c")]
    ids, sent = followed(cancel_all(given, BACKOFF), [pending, running, None])
    assert (["a", "b", "c"], [LIST, LIST, "POST /runs/cancel"]) == (ids, sent)
    assert ([], [LIST, LIST]) == followed(cancel_all(given, BACKOFF), [[], []])


def test_cancel_all_cancels_one_by_one_if_the_server_cannot_cancel_many() -> None:
    """LangGraph.js has no route for it; or all of them have ended in the meantime."""
    given = endpoints.cancel_all({}, "t", action="interrupt")
    answers = [[run("pending", "a")], [run("running", "b")], GONE, None, GONE]
    ids, sent = followed(cancel_all(given, BACKOFF), answers)
    assert ["a", "b"] == ids
    assert [f"POST /threads/t/runs/{one}/cancel" for one in "ab"] == sent[3:]
    lost = APIConnectionError("lost", method="POST", url="")
    with pytest.raises(APIConnectionError):
        followed(cancel_all(given, Backoff(RetryPolicy(attempts=0), random=Random(1))), [lost])


def own(action: Any = "interrupt") -> HeldRun:
    """That of a stateless wait with cancel_on_exit, whose thread is its own, and which has begun."""
    call = endpoints.wait({}, None, "agent", cancel_on_exit=action)
    made = HeldRun(call, action, BACKOFF)
    made.begin(call)
    made.learn("r", None)
    return made


def sent_by(flow: Any, answers: list[Any]) -> list[str]:
    """The requests of a flow, the thread's id replaced; none if there is no flow."""
    if flow is None:
        return []
    return [re.sub(r"threads/[0-9a-f-]+", "threads/own", step) for step in followed(flow, answers)[1]]


def test_the_own_thread_of_a_run_is_deleted_at_its_end() -> None:
    """When the outcome is known; not if the wait was lost, as the run can still be joined."""
    holding = own()
    assert [] == sent_by(holding.clean(), [])
    holding.is_over = True
    assert ["DELETE /threads/own"] == sent_by(holding.clean(), [None])


def test_the_own_thread_of_a_run_is_deleted_when_the_run_has_stopped() -> None:
    """Deleting it does not stop the graph of a cancelled run."""
    holding = own()
    assert ["POST /threads/own/runs/r/cancel"] == sent_by(holding.leave(), [None])
    get = "GET /threads/own/runs/r"
    answers = [run("running"), run("interrupted"), Thread("t", "idle"), None]
    expected = [get, "pause", get, "GET /threads/own", "DELETE /threads/own"]
    assert expected == sent_by(holding.clean(), answers)


def test_the_own_thread_of_a_run_that_could_not_be_cancelled_is_kept() -> None:
    """The run goes on there."""
    holding = own()
    with pytest.raises(PermissionDeniedError):
        sent_by(holding.leave(), [PermissionDeniedError("no", method="POST", url="", status=403)])
    assert [] == sent_by(holding.clean(), [])


@pytest.mark.parametrize(
    "call",
    [
        endpoints.wait({}, "t", "agent", cancel_on_exit="interrupt"),
        endpoints.wait({}, None, "agent"),
        endpoints.wait({"on_completion": "keep"}, None, "agent", cancel_on_exit="interrupt"),
        endpoints.join({}, "t", "r"),
    ],
)
def test_no_other_thread_is_deleted(call: Call[Any]) -> None:
    """One of the caller, that of the server, or one to be kept."""
    holding = HeldRun(call, None, BACKOFF)
    holding.is_over = True
    assert holding.clean() is None


def test_where_rollback_is_refused_the_run_is_interrupted_and_a_warning_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Aegra responds with 422."""
    holding = held()
    holding.learn("r", "t")
    refused = UnprocessableEntityError("422 from POST", method="POST", url="", status=422)
    flow: Any = holding.leave()
    assert "rollback" == next(flow).params["action"]
    assert "interrupt" == flow.throw(refused).params["action"]
    with pytest.raises(StopIteration):
        flow.send(None)
    assert ["run r is interrupted: the server refuses to roll it back (422 from POST)"] == caplog.messages


def test_an_interrupt_that_is_refused_is_not_sent_again() -> None:
    """There is nothing else to try."""
    holding = held(action="interrupt")
    holding.learn("r", "t")
    refused = UnprocessableEntityError("422 from POST", method="POST", url="", status=422)
    with pytest.raises(UnprocessableEntityError):
        followed(holding.leave() or iter(()), [refused])  # type: ignore[arg-type]


@pytest.mark.parametrize(("wait", "sent"), [(False, {}), (True, {"wait": 1})])
def test_wait_is_sent_as_a_number_and_only_if_true(wait: bool, sent: dict[str, int]) -> None:
    """For LangGraph.js, any value is true; Aegra takes only numbers."""
    call = endpoints.cancel({}, "t", "r", wait=wait, action="interrupt")
    assert {**sent, "action": "interrupt"} == call.params
