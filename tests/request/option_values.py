"""Values of the options, and ids that need quoting, with what is sent for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Any, get_args
from uuid import UUID

from dateutil.relativedelta import relativedelta
from langgraph_runs_api.models import MultitaskStrategy, StreamMode
from langgraph_runs_api.types import UNSET


class Enumerated(str, Enum):  # noqa: UP042  # a StrEnum would be easier: its str() is its value
    """Values of the API as members of an enum of the caller."""

    REJECT = "reject"
    ROLLBACK = "rollback"
    SUCCESS = "success"
    STATUS = "status"


ABSENT = object()
# (given, sent): a usual value for each option of the API, and unusual ones.
VALUES: dict[str, list[tuple[Any, Any]]] = {
    "input": [({"text": "hé\u2028\U0001f600"}, ...), (None, None), ("", ""), (0, 0), ([], []), (False, False)],
    "command": [({"resume": None}, ...), ({"goto": ["a", {"node": "ü", "input": None}]}, ...),
                ({"update": {"ü": None}, "goto": None}, {"update": {"ü": None}}), ({"update": None}, {}),
                ({"update": [("a", 1)]}, {"update": [["a", 1]]}), ({}, {}), (None, ABSENT)],
    "metadata": [({"ключ": "значение", "none": None}, ...), ({}, {}), (None, ABSENT)],
    "config": [({"tags": ["a"], "recursion_limit": 7, "configurable": {"x": None}}, ...),
               ({"tags": None, "recursion_limit": 7}, {"recursion_limit": 7}),
               ({"quite_new": "ü"}, ...), ({}, {}), (None, ABSENT)],
    "context": [({"user": UUID(int=7)}, {"user": str(UUID(int=7))}), ({"ü": "ü"}, ...), ({}, {}), (None, ABSENT)],
    "stream_mode": [*((mode, ...) for mode in get_args(StreamMode)), (["values", "messages-tuple"], ...),
                    (("values",), ["values"]), ([], []), (None, ABSENT)],
    "stream_subgraphs": [(True, ...), (False, ...), (None, ABSENT)],
    "stream_resumable": [(False, ...), (True, ...), (None, ABSENT)],
    "after_seconds": [(1.5, ...), (0, ...), (None, ABSENT)],
    "interrupt_before": [("*", ...), (["a", "ü"], ...), ([], ...), (None, ABSENT)],
    "interrupt_after": [("*", ...), (["a", "ü"], ...), ([], ...), (None, ABSENT)],
    "durability": [("sync", ...), ("async", ...), ("exit", ...), (UNSET, ABSENT), (None, ABSENT)],
    "checkpoint_during": [(False, ...), (True, ...), (None, ABSENT)],
    "webhook": [("http://example.invalid/hook?x=ü", ...), ("", ""), (None, ABSENT)],
    "feedback_keys": [(["like", "ü"], ...), ([], ...), (None, ABSENT)],
    "langsmith_tracer": [({"project_name": "ü", "example_id": None}, {"project_name": "ü"}), ({}, {}), (None, ABSENT)],
    "strict_resume": [(True, ...), (False, ...), (None, ABSENT)],
    "multitask_strategy": [*((one, ...) for one in get_args(MultitaskStrategy)), (Enumerated.REJECT, "reject"),
                           (None, ABSENT)],
    "if_not_exists": [("create", ...), ("reject", ...), (None, ABSENT)],
    "checkpoint": [({"checkpoint_ns": "", "checkpoint_map": None}, {"checkpoint_ns": ""}),
                   ({"checkpoint_map": {"ü": "c"}}, ...), ({}, {}), (None, ABSENT)],
    "checkpoint_id": [("1f1e7809-18be-63bb-800a-d400446c37cc", ...), ("ü", ...), ("", ""), (None, ABSENT)],
    "on_completion": [("keep", ...), ("delete", ...), (None, ABSENT)],
    "on_disconnect": [("cancel", ...), ("continue", ...), (None, ABSENT)],
}  # fmt: skip
OURS: dict[str, list[tuple[Any, dict[str, Any]]]] = {
    "after": [(90, {"after_seconds": 90}), (timedelta(minutes=2), {"after_seconds": 120.0}),
              (relativedelta(hours=1), {"after_seconds": 3600.0}), ("2001-01-01T00:00Z", {"after_seconds": 0.0}),
              (datetime(2001, 1, 1), {"after_seconds": 0.0}), (None, {})],
    "extra_body": [({"quite_new": True, "none": None}, ...), ({}, {}), (None, {})],
}  # fmt: skip
# As given, and as it is in a path.
ODD_IDS = [
    ("0f2e", "0f2e"),
    ("a%2Fb", "a%252Fb"),
    ("?x=1#y", "%3Fx%3D1%23y"),
    ("a b+c", "a%20b%2Bc"),
    ("ü\u2028\U0001f600", "%C3%BC%E2%80%A8%F0%9F%98%80"),
    ("...", "..."),
    ("stream", "stream"),
]
