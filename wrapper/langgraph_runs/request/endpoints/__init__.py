"""What each method of the client sends, in terms of the generated layer. Only this folder calls its endpoints. No I/O.

There is one function for each method. It checks the arguments, lets the generated function of the endpoint make the
request, and returns a `Call` for the transport to send. It raises TypeError or ValueError for invalid arguments before
anything is sent.
"""

from langgraph_runs.request.endpoints.existing import (
    cancel,
    cancel_all,
    cancel_many,
    delete,
    delete_thread,
    get,
    history,
    join,
    join_stream,
    list_runs,
    rejoin,
    thread,
    whole_history,
)
from langgraph_runs.request.endpoints.starting import create, create_batch, stream, wait, wait_for_payload

__all__ = [
    "cancel",
    "cancel_all",
    "cancel_many",
    "create",
    "create_batch",
    "delete",
    "delete_thread",
    "get",
    "history",
    "join",
    "join_stream",
    "list_runs",
    "rejoin",
    "stream",
    "thread",
    "wait",
    "wait_for_payload",
    "whole_history",
]
