"""Contains all the data models used in inputs/outputs

All are loaded on first use. Models are attrs classes. `XDict` is the plain-dictionary form of the model `X`, for
requests; `XOptions` is the same without what is required, for `**options: Unpack[XOptions]`. In both, None counts as
not given where the hint is not Any.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..api.assistants import AssistantSearchDict
    from ..api.crons import (
        CronCountDict,
        CronCreateDict,
        CronCreateOptions,
        CronSearchDict,
        CronUpdateDict,
        ThreadCronCreateDict,
        ThreadCronCreateOptions,
    )
    from ..api.runs import (
        RunCreateStatelessDict,
        RunCreateStatelessOptions,
        RunsCancelDict,
        RunStreamStatelessDict,
        RunStreamStatelessOptions,
    )
    from ..api.thread_runs import (
        CheckpointDict,
        CommandDict,
        LangSmithTracerDict,
        RunConfigDict,
        RunCreateStatefulDict,
        RunCreateStatefulOptions,
        RunStreamStatefulDict,
        RunStreamStatefulOptions,
        SendDict,
    )
    from ..api.threads import (
        CheckpointConfigDict,
        SuperstepDict,
        SuperstepUpdateDict,
        SuperstepUpdateOptions,
        ThreadCountDict,
        ThreadCreateDict,
        ThreadSearchDict,
        ThreadStateAtDict,
        ThreadStateAtOptions,
        ThreadStateSearchDict,
        ThreadStateUpdateDict,
        ThreadUpdateDict,
        TtlDict,
    )
    from .assistant import Assistant
    from .assistant_field import AssistantField
    from .assistant_search import AssistantSearch
    from .assistant_sort_by import AssistantSortBy
    from .cancel_action import CancelAction
    from .cancel_run_wait import CancelRunWait
    from .cancel_status import CancelStatus
    from .check_database import CheckDatabase
    from .checkpoint import Checkpoint
    from .checkpoint_config import CheckpointConfig
    from .checkpoint_map import CheckpointMap
    from .command import Command
    from .command_update import CommandUpdate
    from .configurable import Configurable
    from .context import Context
    from .cron import Cron
    from .cron_base import CronBase
    from .cron_count import CronCount
    from .cron_create import CronCreate
    from .cron_create_base import CronCreateBase
    from .cron_field import CronField
    from .cron_input import CronInput
    from .cron_payload import CronPayload
    from .cron_search import CronSearch
    from .cron_sort_by import CronSortBy
    from .cron_update import CronUpdate
    from .durability import Durability
    from .error_response import ErrorResponse
    from .extract import Extract
    from .extracted import Extracted
    from .graph import Graph
    from .graph_edge import GraphEdge
    from .graph_node import GraphNode
    from .graph_schemas import GraphSchemas
    from .if_exists import IfExists
    from .if_not_exists import IfNotExists
    from .interrupt import Interrupt
    from .json_schema import JsonSchema
    from .lang_smith_tracer import LangSmithTracer
    from .metadata import Metadata
    from .multitask_strategy import MultitaskStrategy
    from .on_completion import OnCompletion
    from .on_disconnect import OnDisconnect
    from .on_run_completed import OnRunCompleted
    from .page import Page
    from .prefer import Prefer
    from .run import Run
    from .run_config import RunConfig
    from .run_create_base import RunCreateBase
    from .run_create_stateful import RunCreateStateful
    from .run_create_stateless import RunCreateStateless
    from .run_field import RunField
    from .run_kwargs import RunKwargs
    from .run_settings import RunSettings
    from .run_status import RunStatus
    from .run_stream_stateful import RunStreamStateful
    from .run_stream_stateless import RunStreamStateless
    from .runs_cancel import RunsCancel
    from .send import Send
    from .server_flags import ServerFlags
    from .server_health import ServerHealth
    from .server_host import ServerHost
    from .server_info import ServerInfo
    from .sort_order import SortOrder
    from .state_values import StateValues
    from .stream_mode import StreamMode
    from .superstep import Superstep
    from .superstep_update import SuperstepUpdate
    from .thread import Thread
    from .thread_config import ThreadConfig
    from .thread_count import ThreadCount
    from .thread_create import ThreadCreate
    from .thread_cron_create import ThreadCronCreate
    from .thread_field import ThreadField
    from .thread_search import ThreadSearch
    from .thread_sort_by import ThreadSortBy
    from .thread_state import ThreadState
    from .thread_state_at import ThreadStateAt
    from .thread_state_search import ThreadStateSearch
    from .thread_state_update import ThreadStateUpdate
    from .thread_state_updated import ThreadStateUpdated
    from .thread_status import ThreadStatus
    from .thread_task import ThreadTask
    from .thread_update import ThreadUpdate
    from .ttl import Ttl
    from .ttl_info import TtlInfo
    from .ttl_strategy import TtlStrategy

_MODULES = {
    "Assistant": ".assistant",
    "AssistantField": ".assistant_field",
    "AssistantSearch": ".assistant_search",
    "AssistantSearchDict": "..api.assistants",
    "AssistantSortBy": ".assistant_sort_by",
    "CancelAction": ".cancel_action",
    "CancelRunWait": ".cancel_run_wait",
    "CancelStatus": ".cancel_status",
    "CheckDatabase": ".check_database",
    "Checkpoint": ".checkpoint",
    "CheckpointConfig": ".checkpoint_config",
    "CheckpointConfigDict": "..api.threads",
    "CheckpointDict": "..api.thread_runs",
    "CheckpointMap": ".checkpoint_map",
    "Command": ".command",
    "CommandDict": "..api.thread_runs",
    "CommandUpdate": ".command_update",
    "Configurable": ".configurable",
    "Context": ".context",
    "Cron": ".cron",
    "CronBase": ".cron_base",
    "CronCount": ".cron_count",
    "CronCountDict": "..api.crons",
    "CronCreate": ".cron_create",
    "CronCreateBase": ".cron_create_base",
    "CronCreateDict": "..api.crons",
    "CronCreateOptions": "..api.crons",
    "CronField": ".cron_field",
    "CronInput": ".cron_input",
    "CronPayload": ".cron_payload",
    "CronSearch": ".cron_search",
    "CronSearchDict": "..api.crons",
    "CronSortBy": ".cron_sort_by",
    "CronUpdate": ".cron_update",
    "CronUpdateDict": "..api.crons",
    "Durability": ".durability",
    "ErrorResponse": ".error_response",
    "Extract": ".extract",
    "Extracted": ".extracted",
    "Graph": ".graph",
    "GraphEdge": ".graph_edge",
    "GraphNode": ".graph_node",
    "GraphSchemas": ".graph_schemas",
    "IfExists": ".if_exists",
    "IfNotExists": ".if_not_exists",
    "Interrupt": ".interrupt",
    "JsonSchema": ".json_schema",
    "LangSmithTracer": ".lang_smith_tracer",
    "LangSmithTracerDict": "..api.thread_runs",
    "Metadata": ".metadata",
    "MultitaskStrategy": ".multitask_strategy",
    "OnCompletion": ".on_completion",
    "OnDisconnect": ".on_disconnect",
    "OnRunCompleted": ".on_run_completed",
    "Page": ".page",
    "Prefer": ".prefer",
    "Run": ".run",
    "RunConfig": ".run_config",
    "RunConfigDict": "..api.thread_runs",
    "RunCreateBase": ".run_create_base",
    "RunCreateStateful": ".run_create_stateful",
    "RunCreateStatefulDict": "..api.thread_runs",
    "RunCreateStatefulOptions": "..api.thread_runs",
    "RunCreateStateless": ".run_create_stateless",
    "RunCreateStatelessDict": "..api.runs",
    "RunCreateStatelessOptions": "..api.runs",
    "RunField": ".run_field",
    "RunKwargs": ".run_kwargs",
    "RunSettings": ".run_settings",
    "RunStatus": ".run_status",
    "RunStreamStateful": ".run_stream_stateful",
    "RunStreamStatefulDict": "..api.thread_runs",
    "RunStreamStatefulOptions": "..api.thread_runs",
    "RunStreamStateless": ".run_stream_stateless",
    "RunStreamStatelessDict": "..api.runs",
    "RunStreamStatelessOptions": "..api.runs",
    "RunsCancel": ".runs_cancel",
    "RunsCancelDict": "..api.runs",
    "Send": ".send",
    "SendDict": "..api.thread_runs",
    "ServerFlags": ".server_flags",
    "ServerHealth": ".server_health",
    "ServerHost": ".server_host",
    "ServerInfo": ".server_info",
    "SortOrder": ".sort_order",
    "StateValues": ".state_values",
    "StreamMode": ".stream_mode",
    "Superstep": ".superstep",
    "SuperstepDict": "..api.threads",
    "SuperstepUpdate": ".superstep_update",
    "SuperstepUpdateDict": "..api.threads",
    "SuperstepUpdateOptions": "..api.threads",
    "Thread": ".thread",
    "ThreadConfig": ".thread_config",
    "ThreadCount": ".thread_count",
    "ThreadCountDict": "..api.threads",
    "ThreadCreate": ".thread_create",
    "ThreadCreateDict": "..api.threads",
    "ThreadCronCreate": ".thread_cron_create",
    "ThreadCronCreateDict": "..api.crons",
    "ThreadCronCreateOptions": "..api.crons",
    "ThreadField": ".thread_field",
    "ThreadSearch": ".thread_search",
    "ThreadSearchDict": "..api.threads",
    "ThreadSortBy": ".thread_sort_by",
    "ThreadState": ".thread_state",
    "ThreadStateAt": ".thread_state_at",
    "ThreadStateAtDict": "..api.threads",
    "ThreadStateAtOptions": "..api.threads",
    "ThreadStateSearch": ".thread_state_search",
    "ThreadStateSearchDict": "..api.threads",
    "ThreadStateUpdate": ".thread_state_update",
    "ThreadStateUpdateDict": "..api.threads",
    "ThreadStateUpdated": ".thread_state_updated",
    "ThreadStatus": ".thread_status",
    "ThreadTask": ".thread_task",
    "ThreadUpdate": ".thread_update",
    "ThreadUpdateDict": "..api.threads",
    "Ttl": ".ttl",
    "TtlDict": "..api.threads",
    "TtlInfo": ".ttl_info",
    "TtlStrategy": ".ttl_strategy",
}


if not TYPE_CHECKING:  # so that a type checker reports an unknown name

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        model = getattr(import_module(_MODULES[name], __name__), name)
        globals()[name] = model
        return model


__all__ = (
    "Assistant",
    "AssistantField",
    "AssistantSearch",
    "AssistantSearchDict",
    "AssistantSortBy",
    "CancelAction",
    "CancelRunWait",
    "CancelStatus",
    "CheckDatabase",
    "Checkpoint",
    "CheckpointConfig",
    "CheckpointConfigDict",
    "CheckpointDict",
    "CheckpointMap",
    "Command",
    "CommandDict",
    "CommandUpdate",
    "Configurable",
    "Context",
    "Cron",
    "CronBase",
    "CronCount",
    "CronCountDict",
    "CronCreate",
    "CronCreateBase",
    "CronCreateDict",
    "CronCreateOptions",
    "CronField",
    "CronInput",
    "CronPayload",
    "CronSearch",
    "CronSearchDict",
    "CronSortBy",
    "CronUpdate",
    "CronUpdateDict",
    "Durability",
    "ErrorResponse",
    "Extract",
    "Extracted",
    "Graph",
    "GraphEdge",
    "GraphNode",
    "GraphSchemas",
    "IfExists",
    "IfNotExists",
    "Interrupt",
    "JsonSchema",
    "LangSmithTracer",
    "LangSmithTracerDict",
    "Metadata",
    "MultitaskStrategy",
    "OnCompletion",
    "OnDisconnect",
    "OnRunCompleted",
    "Page",
    "Prefer",
    "Run",
    "RunConfig",
    "RunConfigDict",
    "RunCreateBase",
    "RunCreateStateful",
    "RunCreateStatefulDict",
    "RunCreateStatefulOptions",
    "RunCreateStateless",
    "RunCreateStatelessDict",
    "RunCreateStatelessOptions",
    "RunField",
    "RunKwargs",
    "RunSettings",
    "RunStatus",
    "RunStreamStateful",
    "RunStreamStatefulDict",
    "RunStreamStatefulOptions",
    "RunStreamStateless",
    "RunStreamStatelessDict",
    "RunStreamStatelessOptions",
    "RunsCancel",
    "RunsCancelDict",
    "Send",
    "SendDict",
    "ServerFlags",
    "ServerHealth",
    "ServerHost",
    "ServerInfo",
    "SortOrder",
    "StateValues",
    "StreamMode",
    "Superstep",
    "SuperstepDict",
    "SuperstepUpdate",
    "SuperstepUpdateDict",
    "SuperstepUpdateOptions",
    "Thread",
    "ThreadConfig",
    "ThreadCount",
    "ThreadCountDict",
    "ThreadCreate",
    "ThreadCreateDict",
    "ThreadCronCreate",
    "ThreadCronCreateDict",
    "ThreadCronCreateOptions",
    "ThreadField",
    "ThreadSearch",
    "ThreadSearchDict",
    "ThreadSortBy",
    "ThreadState",
    "ThreadStateAt",
    "ThreadStateAtDict",
    "ThreadStateAtOptions",
    "ThreadStateSearch",
    "ThreadStateSearchDict",
    "ThreadStateUpdate",
    "ThreadStateUpdateDict",
    "ThreadStateUpdated",
    "ThreadStatus",
    "ThreadTask",
    "ThreadUpdate",
    "ThreadUpdateDict",
    "Ttl",
    "TtlDict",
    "TtlInfo",
    "TtlStrategy",
)
