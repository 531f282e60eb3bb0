"""A run as server-sent events: its tokens, each with the position after it, and then how the run ended."""

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

from langgraph_runs import (
    APIConnectionError,
    AsyncRunsClient,
    InternalServerError,
    LangGraphRunsError,
    Position,
    RateLimitError,
    RunCancelledError,
    StreamGapError,
    StreamInterruptedError,
    WaitTimeoutError,
    interrupts_of,
)

# After these, it helps to try again.
TRANSIENT = (
    APIConnectionError,
    InternalServerError,
    RateLimitError,
    StreamInterruptedError,
    WaitTimeoutError,
)

log = logging.getLogger("uvicorn.error")  # which prints


def events_of(
    runs: AsyncRunsClient, thread_id: str, run_id: str, position: Position | str
) -> AsyncIterator[str]:
    """The events of a run that come after a position.

    Raises:
        TypeError, ValueError: It is not a position, or that of another run. Nothing was sent.
    """
    stream = runs.join_stream(thread_id, run_id, last_event_id=position)

    async def events() -> AsyncIterator[str]:
        yield "retry: 1000\n\n"  # milliseconds, after which the browser reconnects
        status = "done"
        try:
            try:
                async with stream:
                    async for message_id, text in stream.text(by_message=True):
                        yield event("token", {"message": message_id, "text": text}, stream.position)
            except StreamGapError as error:  # events are lost; or the run was cancelled before it began
                log.warning("%s", error)
                status = "incomplete"
            questions = interrupts_of(await runs.join(thread_id, run_id))
            yield event("end", {"status": status, "questions": questions})
        except RunCancelledError:
            yield event("end", {"status": "stopped"})
        except TRANSIENT as error:  # there is no "end", so the browser reconnects
            log.warning("%s", error)
        except LangGraphRunsError as error:  # its message may say more than the user should know
            log.warning("%s", error)
            yield event("end", {"status": "failed"})

    return events()


def event(name: str, data: Any, position: Position | None = None) -> str:
    """An event. Its id is the position, which the browser sends back when it reconnects."""
    last = f"id: {json.dumps(position)}\n" if position else ""
    return f"event: {name}\ndata: {json.dumps(data)}\n{last}\n"
