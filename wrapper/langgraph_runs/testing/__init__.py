"""A test kit: a server of runs that you script, and a recorder of real exchanges. No socket, no network, no extra."""

from langgraph_runs.testing.exchange import Request
from langgraph_runs.testing.recording import AsyncRecordingTransport, RecordingTransport
from langgraph_runs.testing.replaying import ReplayedServer
from langgraph_runs.testing.script import Fail, Heartbeat, Hold, Interrupt, Pause, Step
from langgraph_runs.testing.server import RunsServer

__all__ = [
    "AsyncRecordingTransport",
    "Fail",
    "Heartbeat",
    "Hold",
    "Interrupt",
    "Pause",
    "RecordingTransport",
    "ReplayedServer",
    "Request",
    "RunsServer",
    "Step",
]
