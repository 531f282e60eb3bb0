"""Reads a stream to its end, shows or prints each part, and says how the run has ended."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from contextlib import nullcontext
from time import monotonic
from typing import Any

from langgraph_runs._async.stream import AsyncRunStream
from langgraph_runs.cli.call import Call, Held
from langgraph_runs.cli.left import command_line
from langgraph_runs.cli.output import shown
from langgraph_runs.cli.positions import PositionFile
from langgraph_runs.cli.statuses import INTERRUPT, SUCCESS
from langgraph_runs.cli.views import PlainView, view
from langgraph_runs.interrupts import Interrupt, interrupts_of


async def follow(
    call: Call, stream: AsyncRunStream[Any, Any, Any], asked: tuple[str, ...], saved: str | None
) -> Any:
    """Reads a stream to its end, and returns the final values of the run; None if they are not known.

    Each part is printed before its position is saved: if the process is killed in between, the next one prints the part
    again, but none is lost.

    Args:
        call: The command.
        stream: The stream.
        asked: The modes that were asked for on the command line.
        saved: `--save-position`.

    Raises:
        LangGraphRunsError: The run or its stream has failed.
        BrokenPipeError: The reader of stdout has closed it.
        OSError: The position cannot be saved.
    """
    held = call.held = call.held or Held()
    held.stream, held.saved = stream, saved
    file = PositionFile(saved) if saved else None
    person = None if call.output.as_json else view(call.output, asked)
    begun, is_told = monotonic(), False
    with person or nullcontext():
        if person:
            call.notify = person.note
        async with stream:
            async for part in stream:
                held.run_id, held.thread_id = stream.run_id, stream.thread_id
                if person:
                    person.take(part)
                else:
                    call.output.line({"event": part.event, "data": part.data, "id": part.id})
                if file and not file.save(stream.position) and not (is_told or call.output.as_json):
                    is_told = True
                    call.notify(f"Nothing is saved in {saved}: this stream cannot be continued.")
            values = await _result(stream)
    if person:
        _conclude(call, person, held, values, monotonic() - begun)
    return values


async def _result(stream: AsyncRunStream[Any, Any, Any]) -> Any:
    try:
        return await stream.result()
    except ValueError:  # a stateless run, whose values are not in the stream
        return None


def _conclude(call: Call, person: PlainView, held: Held, values: Any, seconds: float) -> None:
    call.output.note(f"{held.name} has ended after {seconds:.1f} s.")
    if values is not None:
        person.result(values)


async def waited(call: Call, values: Awaitable[Any]) -> Any:
    """Waits for the final values of a run, prints and returns them. A person sees how long it takes."""
    person = None if call.output.as_json else view(call.output)
    with person or nullcontext():
        if person:
            call.notify = person.note
        found = await values
    if person:
        person.result(found)
    else:
        call.output.result(found)
    return found


def ended(call: Call, values: Any, *words: str) -> int:
    """The exit status for the final values of a run. If the graph asks, a person is told how to answer.

    Args:
        call: The command.
        values: The values.
        words: The command that starts the next run on the thread, as far as it is known; nothing if there is no thread.
    """
    asked = interrupts_of(values)
    if not asked:
        return SUCCESS
    for one in asked:
        call.output.note(f"The graph asks: {shown(one['value'])}")
    if words:
        answer = ["--command", json.dumps({"resume": _answers(asked)})]
        call.output.note(f"To answer: {command_line(call, *words, *answer)}")
    else:
        call.output.note("A run without a thread cannot be answered; with --thread it can.")
    return INTERRUPT


def _answers(asked: list[Interrupt]) -> Any:
    if len(asked) == 1:
        return "ANSWER"
    return {str(one["id"]): "ANSWER" for one in asked}
