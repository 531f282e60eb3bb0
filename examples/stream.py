"""Streams a run part by part, and calls a generated endpoint on the same connections.

Uses the server at LANGGRAPH_API_URL, by default http://localhost:2024, with the graphs in tests/live/app.
"""

import asyncio
from uuid import uuid4

from langgraph_runs_api.api.threads import get_thread_state
from langgraph_runs_api.models import ThreadState

from langgraph_runs import AsyncRunsClient, CustomPart, MetadataPart, UpdatesPart


async def main() -> None:
    thread_id = str(uuid4())
    async with AsyncRunsClient() as runs:
        parts = runs.stream(
            thread_id,
            "agent",
            input={"text": "Grace"},
            stream_mode=["updates", "custom"],
            if_not_exists="create",
        )
        async for part in parts:
            match part:
                case MetadataPart():
                    print("The run has started.")
                case CustomPart():
                    print("Progress:   ", part.data)
                case UpdatesPart():
                    print("Update:     ", part.data)
                case _:
                    print("Other part: ", part)

        state = await get_thread_state.asyncio(thread_id, client=runs.api)
        assert isinstance(state, ThreadState)
        print("Final state:", state.values)


asyncio.run(main())
