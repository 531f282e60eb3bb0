"""A typed client for the runs of a LangGraph server, sync and async."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from langgraph_runs import errors as _errors
from langgraph_runs import interrupts as _interrupts
from langgraph_runs.errors import *  # noqa: F403
from langgraph_runs.interrupts import *  # noqa: F403
from langgraph_runs.stream import parts as _parts
from langgraph_runs.stream import payloads as _payloads
from langgraph_runs.stream.parts import *  # noqa: F403
from langgraph_runs.stream.payloads import *  # noqa: F403

if TYPE_CHECKING:
    from langgraph_runs_api.models import Run as Run
    from langgraph_runs_api.types import UNSET as UNSET

    from langgraph_runs._async.client import AsyncRunsClient as AsyncRunsClient
    from langgraph_runs._async.stream import AsyncRunStream as AsyncRunStream
    from langgraph_runs._sync.client import RunsClient as RunsClient
    from langgraph_runs._sync.stream import RunStream as RunStream
    from langgraph_runs.position import Position as Position
    from langgraph_runs.request.options import BatchRun as BatchRun
    from langgraph_runs.request.options import BatchThreadRun as BatchThreadRun
    from langgraph_runs.request.options import StatelessRunOptions as StatelessRunOptions
    from langgraph_runs.request.options import StatelessStreamOptions as StatelessStreamOptions
    from langgraph_runs.request.options import ThreadRunOptions as ThreadRunOptions
    from langgraph_runs.request.options import ThreadStreamOptions as ThreadStreamOptions
    from langgraph_runs.request.start_time import After as After
    from langgraph_runs.response.info import ResponseInfo as ResponseInfo
    from langgraph_runs.retry import RetryPolicy as RetryPolicy
else:
    # What needs httpx, or what many programs do not use, is imported on first use.
    _LAZY = {
        "UNSET": "langgraph_runs_api.types",
        "After": "langgraph_runs.request.start_time",
        "AsyncRunStream": "langgraph_runs._async.stream",
        "AsyncRunsClient": "langgraph_runs._async.client",
        "BatchRun": "langgraph_runs.request.options",
        "BatchThreadRun": "langgraph_runs.request.options",
        "Position": "langgraph_runs.position",
        "ResponseInfo": "langgraph_runs.response.info",
        "RetryPolicy": "langgraph_runs.retry",
        "Run": "langgraph_runs_api.models",
        "RunStream": "langgraph_runs._sync.stream",
        "RunsClient": "langgraph_runs._sync.client",
        "StatelessRunOptions": "langgraph_runs.request.options",
        "StatelessStreamOptions": "langgraph_runs.request.options",
        "ThreadRunOptions": "langgraph_runs.request.options",
        "ThreadStreamOptions": "langgraph_runs.request.options",
    }

    __all__ = _errors.__all__ + _interrupts.__all__ + _parts.__all__ + _payloads.__all__ + list(_LAZY)

    def __getattr__(name: str) -> Any:
        if name not in _LAZY:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found = getattr(import_module(_LAZY[name]), name)
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
