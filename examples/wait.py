"""Starts runs and waits for what they come to, without asyncio.

The server is that of LANGGRAPH_API_URL, or http://localhost:2024. Its graphs are those of tests/live/app.
"""

from datetime import timedelta

from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread, ThreadCreate

from langgraph_runs import RunFailedError, RunsClient

with RunsClient() as runs:
    result = runs.wait(None, "agent", input={"text": "Ada"})
    print("A stateless run:         ", result["text"])

    thread = create_thread.sync(client=runs.api, body=ThreadCreate())
    assert isinstance(thread, Thread)
    waiting = runs.wait(thread.thread_id, "interrupting", input={"question": "Shall I?"})
    print("A graph that asks:       ", waiting["__interrupt__"][0]["value"]["question"])
    done = runs.wait(thread.thread_id, "interrupting", command={"resume": "Please do."})
    print("… and has its answer:    ", done["answer"])

    later = runs.create(thread.thread_id, "agent", input={"text": "later"}, after=timedelta(hours=1))
    print("A run in an hour:        ", later.status)
    runs.cancel(thread.thread_id, later.run_id)
    print("… cancelled:             ", runs.get(thread.thread_id, later.run_id).status)

    try:
        runs.wait(None, "failing", input={"message": "out of coffee"})
    except RunFailedError as error:
        print("A graph that fails:      ", error)
