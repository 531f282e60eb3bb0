# Derived from _async/test_live_outcomes.py by `make generate`; edit that one.
"""The outcome of a run on the real server is its own, for every caller and at any time."""

from __future__ import annotations

from typing import Any

import pytest
from dev_server import DevServer
from wait_until import wait_until

from langgraph_runs import NotFoundError, RunFailedError, RunsClient, WaitTimeoutError

GOOD, BAD = {"text": "good", "fail": ""}, {"fail": "bad"}


def test_a_failed_run_keeps_its_error_after_another_has_succeeded(runs: RunsClient, thread_id: str) -> None:
    """The server itself would report the latest outcome of the thread for both."""
    failed = runs.create(thread_id, "moody", input=BAD)
    with pytest.raises(RunFailedError):
        runs.join(thread_id, failed.run_id)
    good = runs.create(thread_id, "moody", input=GOOD)
    for _ in range(2):
        assert {"text": "well, good", "fail": ""} == runs.join(thread_id, good.run_id)
        with pytest.raises(RunFailedError) as raised:
            runs.join(thread_id, failed.run_id)
        error = raised.value
        assert ("ValueError", "bad", failed.run_id) == (error.error, error.reason, error.run_id)
        reported = runs.join(thread_id, failed.run_id, raise_error=False)
        assert {"__error__": {"error": "ValueError", "message": "bad"}} == reported


def test_a_successful_run_keeps_its_values_after_another_has_failed(runs: RunsClient, thread_id: str) -> None:
    """The other way round."""
    good = runs.create(thread_id, "moody", input=GOOD)
    assert {"text": "well, good", "fail": ""} == runs.join(thread_id, good.run_id)
    with pytest.raises(RunFailedError, match="ValueError: bad"):
        runs.wait(thread_id, "moody", input=BAD)
    assert {"text": "well, good", "fail": ""} == runs.join(thread_id, good.run_id)


def test_an_error_that_the_server_has_forgotten_is_reported_as_unknown(
    runs: RunsClient, thread_id: str
) -> None:
    """A run of another graph used the thread later, and the history has no tasks of the first one."""
    failed = runs.create(thread_id, "failing", input={"message": "lost"})
    with pytest.raises(RunFailedError, match="ValueError: lost"):
        runs.join(thread_id, failed.run_id)
    runs.wait(thread_id, "agent", input={"text": "x"})
    with pytest.raises(RunFailedError, match="does not say why, or no longer knows"):
        runs.join(thread_id, failed.run_id)


@pytest.mark.parametrize("many", [False, True])
def test_interrupts_have_one_shape(runs: RunsClient, thread_id: str, many: bool) -> None:
    """The values with the question: from wait, from a join of the running run, and from a later one."""
    graph, given = ("two_interrupts", {"left": "?"}) if many else ("interrupting", {"question": "Sure?"})
    waited = runs.wait(thread_id, graph, input=given, multitask_strategy="reject")
    waited_again = runs.wait(thread_id, graph, input=given)
    run = runs.create(thread_id, graph, input=given, after=0.3)
    joined = runs.join(thread_id, run.run_id)
    later = runs.join(thread_id, run.run_id)
    questions = [{"question": "left?"}, {"question": "right?"}] if many else [given]
    for values in (waited, waited_again, joined, later):
        assert [{"id", "value"}] * len(questions) == [set(each) for each in values["__interrupt__"]]
        assert questions == [each["value"] for each in values["__interrupt__"]]
        assert given == {name: value for name, value in values.items() if name != "__interrupt__"}
    assert joined == later


def test_a_stateless_run_can_be_joined_while_it_runs(runs: RunsClient) -> None:
    """When it has ended, run and thread are gone; that is no error for a join that was waiting."""
    run = runs.create(None, "slow", input={"seconds": 1.0})
    assert {"seconds": 1.0, "done": True} == runs.join(run.thread_id, run.run_id)
    with pytest.raises(NotFoundError):
        runs.join(run.thread_id, run.run_id)


@pytest.mark.parametrize("method", ["wait", "join", "stream", "join_stream"])
@pytest.mark.parametrize("cancel_on_exit", [None, "interrupt"])
def test_a_timeout_ends_the_wait_and_with_cancel_on_exit_the_run(
    runs: RunsClient, thread_id: str, becomes: Any, method: str, cancel_on_exit: Any
) -> None:
    """WaitTimeoutError, which is a TimeoutError, names the run."""
    given: Any = {"input": {"seconds": 2.0}}
    ends: Any = {"timeout": 0.7, "cancel_on_exit": cancel_on_exit}
    with pytest.raises(WaitTimeoutError) as overdue:
        if method == "wait":
            runs.wait(thread_id, "slow", **given, **ends)
        elif method == "stream":
            assert not [part for part in runs.stream(thread_id, "slow", **given, **ends)]
        else:
            run = runs.create(thread_id, "slow", **given)
            if method == "join":
                runs.join(thread_id, run.run_id, **ends)
            assert not [part for part in runs.join_stream(thread_id, run.run_id, **ends)]
    assert isinstance(overdue.value, TimeoutError)
    run_id = overdue.value.run_id
    assert ([run_id], thread_id) == (
        [run.run_id for run in runs.list(thread_id)],
        overdue.value.thread_id,
    )
    becomes(thread_id, run_id, "interrupted" if cancel_on_exit else "success")


@pytest.mark.parametrize("of_client", [None, "interrupt"])
@pytest.mark.parametrize("leave", ["break", "raise", "with", "client"])
def test_leaving_a_stream_with_cancel_on_exit_cancels_the_run(
    live_server: DevServer, thread_id: str, becomes: Any, leave: str, of_client: Any
) -> None:
    """By break, by an exception, by leaving its `with` or that of the client."""
    with RunsClient(live_server.url, api_key=None, cancel_on_exit=of_client) as runs:
        stream = runs.stream(thread_id, "slow", input={"seconds": 1.0}, stream_mode="custom")
        try:
            if leave == "with":
                with stream:
                    next(stream)
            elif leave == "client":
                next(stream)
            else:
                for _ in stream:
                    if leave == "raise":
                        raise KeyError
                    break
        except KeyError:
            assert leave == "raise"
    becomes(thread_id, stream.run_id, "interrupted" if of_client else "success")


def test_a_stream_that_was_read_to_its_end_cancels_nothing(live_server: DevServer, thread_id: str) -> None:
    """Neither does a wait that has its values."""
    seen: list[str] = []
    with RunsClient(
        live_server.url,
        api_key=None,
        cancel_on_exit="rollback",
        on_request=lambda request: seen.append(request.url.path),
    ) as runs:
        stream = runs.stream(thread_id, "agent", input={"text": "a"})
        assert [part for part in stream]
        runs.wait(thread_id, "agent", input={"text": "a"})
        with pytest.raises(RunFailedError):
            runs.wait(thread_id, "failing", input={})
        assert [True] * 3 == [run.status in ("success", "error") for run in runs.list(thread_id)]
    assert not [path for path in seen if "cancel" in path]


def test_a_stateless_wait_can_cancel_its_run(live_server: DevServer) -> None:
    """The headers of the answer name the thread."""
    with RunsClient(live_server.url, api_key=None, cancel_on_exit="interrupt") as runs:
        with RunsClient(live_server.url, api_key=None) as other:
            reported: list[Any] = []
            with pytest.raises(WaitTimeoutError):
                runs.wait(
                    None,
                    "slow",
                    input={"seconds": 60},
                    timeout=3.0,
                    on_completion="keep",
                    on_run_created=lambda *ids: reported.append(ids),
                )
            ((run_id, thread_id),) = reported
            wait_until(lambda: other.get(thread_id, run_id).status == "interrupted")
