"""Streams a run part by part, and calls a generated endpoint on the same connections.

The server is that of LANGGRAPH_API_URL, or http://localhost:2024. Its graphs are those of tests/live/app.
"""

import asyncio

from langgraph_runs_api.api.threads import create_thread, get_thread_state
from langgraph_runs_api.models import Thread, ThreadCreate, ThreadState

from langgraph_runs import AsyncRunsClient, CustomPart, MetadataPart, UpdatesPart


async def main() -> None:
    async with AsyncRunsClient() as runs:
        thread = await create_thread.asyncio(client=runs.api, body=ThreadCreate())
        assert isinstance(thread, Thread)

        parts = runs.stream(
            thread.thread_id, "agent", input={"text": "Grace"}, stream_mode=["updates", "custom"]
        )
        async for part in parts:
            match part:
                case MetadataPart():
                    print("The run has begun.")
                case CustomPart():
                    print("It reports: ", part.data)
                case UpdatesPart():
                    print("It updates: ", part.data)
                case _:
                    print("Also:       ", part)

        state = await get_thread_state.asyncio(thread.thread_id, client=runs.api)
        assert isinstance(state, ThreadState)
        print("The thread: ", state.values)


asyncio.run(main())
