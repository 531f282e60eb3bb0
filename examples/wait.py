"""Starts runs and waits for their outcomes, without asyncio.

Uses the server at LANGGRAPH_API_URL, by default http://localhost:2024, with the graphs in tests/live/app.
"""

from datetime import timedelta
from uuid import uuid4

from langgraph_runs import RunFailedError, RunsClient

with RunsClient() as runs:
    result = runs.wait(None, "agent", input={"text": "Ada"})
    print("A stateless run:          ", result["text"])

    thread_id = str(uuid4())
    question = {"question": "Shall I?"}
    waiting = runs.wait(thread_id, "interrupting", input=question, if_not_exists="create")
    print("The graph asks:           ", waiting["__interrupt__"][0]["value"]["question"])
    done = runs.wait(thread_id, "interrupting", command={"resume": "Please do."})
    print("… and gets its answer:    ", done["answer"])

    later = runs.create(thread_id, "agent", input={"text": "later"}, after=timedelta(hours=1))
    print("A run scheduled for later:", later.status)
    runs.cancel(thread_id, later.run_id)
    print("… is cancelled:           ", runs.get(thread_id, later.run_id).status)

    try:
        runs.wait(None, "failing", input={"message": "out of coffee"})
    except RunFailedError as error:
        print("A graph that fails:       ", error)
