"""What a command says about the run that it leaves: what becomes of it, and which command continues."""

from __future__ import annotations

import shlex
from typing import Any

from langgraph_runs.cli.call import Call, Held
from langgraph_runs.cli.output import as_json
from langgraph_runs.errors import (
    EventTimeoutError,
    LangGraphRunsError,
    NotFoundError,
    StreamInterruptedError,
    WaitTimeoutError,
)
from langgraph_runs.response.failure import ACTIVE_STATUSES

_SECONDS_TO_ASK = 5.0
_RUN_CONTINUES = (
    EventTimeoutError,
    StreamInterruptedError,
    WaitTimeoutError,
)  # the run may continue after these


def command_line(call: Call, *words: str) -> str:
    """A command for the same server, to be typed. No header and no password is repeated."""
    line = ["langgraph-runs", *words]
    if call.url is not None:
        line += ["--url", call.url if "@" not in call.url else "URL"]
    if call.output.as_json:
        line.append("--json")
    for header in call.header:
        line += ["--header", f"{header.partition(':')[0].strip()}: VALUE"]
    return shlex.join(line)


def way_on(call: Call) -> str | None:
    """The command that continues where this one stops; None if there is none."""
    held = call.held
    if held is None or held.run_id is None or held.thread_id is None:
        return None
    if held.stream is None:
        return command_line(call, "join", held.thread_id, held.run_id)
    if held.position is None:
        return command_line(call, "join-stream", held.thread_id, held.run_id)
    saved = ["--save-position", held.saved] if held.saved else []
    begin = f"@{held.saved}" if held.saved else as_json(held.position)
    return command_line(call, "join-stream", "--from", begin, *saved)


async def report_left(call: Call) -> None:
    """After a signal: says whether the run was cancelled or continues, and how to resume it."""
    held = call.held
    if held is None:
        _report(call, "Interrupted", "Interrupted.", {}, "ended")
        return
    if held.run_id is None:
        text = "Interrupted before the server has named the run, which may have been started."
        _report(call, "Interrupted", text, {"run_id": None, "thread_id": held.thread_id}, "ended")
        return
    state = await _state(call, held) if call.given.get("cancel_on_exit") else "continues"
    facts = {"run_id": held.run_id, "thread_id": held.thread_id, "run": state}
    said = {
        "cancelled": "was cancelled",
        "continues": "continues",
        "ended": "had ended",
        "unknown": "may continue: the server has not confirmed that it was cancelled",
    }[state]
    _report(call, "Interrupted", f"Interrupted. {held.name} {said}.", facts, state)


def _report(call: Call, kind: str, text: str, facts: dict[str, Any], state: str) -> None:
    way = way_on(call) if state in ("continues", "unknown") else None
    if call.output.as_json or kind != "Interrupted":
        call.output.error(kind, text, facts | {"resume": way})
    else:
        call.output.note(text)
    if way:
        call.output.note(f"To resume: {way}")
    elif state == "continues":
        call.output.note("A run without a thread cannot be joined; with --thread it can.")


async def _state(call: Call, held: Held) -> str:
    """What has become of a run that was to be cancelled."""
    if held.thread_id is None:
        return "unknown"
    try:
        run = await call.runs.get(held.thread_id, held.run_id or "", timeout=_SECONDS_TO_ASK)
    except NotFoundError:
        return "cancelled"  # rolled back, or its own thread is deleted
    except LangGraphRunsError:
        return "unknown"
    if run.status in ACTIVE_STATUSES:
        return "unknown"
    return "cancelled" if run.status == "interrupted" else "ended"


def report_error(call: Call, error: LangGraphRunsError) -> None:
    """Reports an error and, if the run may continue, how to resume it."""
    facts: dict[str, Any] = {"run_id": error.run_id, "thread_id": error.thread_id}
    continues = isinstance(error, _RUN_CONTINUES) and not call.given.get("cancel_on_exit")
    _report(call, type(error).__name__, str(error), facts, "unknown" if continues else "ended")
