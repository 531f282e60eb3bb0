"""Starts runs and waits for their outcomes, without asyncio.

Uses the server at LANGGRAPH_API_URL, by default http://localhost:2024, with the graphs in tests/live/app.
"""

from datetime import timedelta

from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread, ThreadCreate

from langgraph_runs import RunFailedError, RunsClient

with RunsClient() as runs:
    result = runs.wait(None, "agent", input={"text": "Ada"})
    print("A stateless run:          ", result["text"])

    thread = create_thread.sync(client=runs.api, body=ThreadCreate())
    assert isinstance(thread, Thread)
    waiting = runs.wait(thread.thread_id, "interrupting", input={"question": "Shall I?"})
    print("The graph asks:           ", waiting["__interrupt__"][0]["value"]["question"])
    done = runs.wait(thread.thread_id, "interrupting", command={"resume": "Please do."})
    print("… and gets its answer:    ", done["answer"])

    later = runs.create(thread.thread_id, "agent", input={"text": "later"}, after=timedelta(hours=1))
    print("A run scheduled for later:", later.status)
    runs.cancel(thread.thread_id, later.run_id)
    print("… is cancelled:           ", runs.get(thread.thread_id, later.run_id).status)

    try:
        runs.wait(None, "failing", input={"message": "out of coffee"})
    except RunFailedError as error:
        print("A graph that fails:       ", error)
