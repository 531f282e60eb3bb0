"""The sync and the async client have the same interface, to the last keyword."""

from __future__ import annotations

import inspect
import re
from typing import Any, get_overloads

import httpx
import httpx2
import pytest
from langgraph_runs_api.api.threads import get_thread

from langgraph_runs import AsyncRunsClient, AsyncRunStream, RunsClient, RunStream

OTHER_NAMES = {"aclose": "close", "__aenter__": "__enter__", "__aexit__": "__exit__", "__aiter__": "__iter__",
               "__anext__": "__next__"}  # fmt: skip


def methods(kind: type) -> dict[str, Any]:
    """The methods and properties that a class defines."""
    return {
        OTHER_NAMES.get(name, name): member
        for name, member in vars(kind).items()
        if callable(member) or isinstance(member, property)
    }


@pytest.mark.parametrize(
    ("asynchronous", "synchronous"), [(AsyncRunsClient, RunsClient), (AsyncRunStream, RunStream)]
)
def test_both_clients_have_the_same_methods(asynchronous: type, synchronous: type) -> None:
    """None is missing in either."""
    assert methods(asynchronous).keys() == methods(synchronous).keys()


@pytest.mark.parametrize(
    "name",
    [name for name, member in methods(RunsClient).items() if inspect.isfunction(member) and name[0] != "_"]
    + ["__init__"],
)
def test_both_clients_take_the_same_arguments(name: str) -> None:
    """Names, kinds, defaults and overloads are equal; the options are the same TypedDicts."""
    asynchronous, synchronous = methods(AsyncRunsClient)[name], methods(RunsClient)[name]
    assert shape(asynchronous) == shape(synchronous)
    assert [shape(one) for one in get_overloads(asynchronous)] == [
        shape(one) for one in get_overloads(synchronous)
    ]


def shape(method: Any) -> list[tuple[str, Any, Any, str]]:
    """The parameters of a method, with the annotations of its options."""
    return [
        (one.name, one.kind, one.default, one.annotation if "Unpack" in str(one.annotation) else "")
        for one in inspect.signature(method).parameters.values()
    ]


@pytest.mark.parametrize("method", ["create", "stream", "wait"])
def test_a_method_has_two_overloads_at_most(method: str) -> None:
    """One for a run on a thread, one for a stateless run."""
    assert 2 == len(get_overloads(getattr(RunsClient, method)))


@pytest.mark.parametrize("family", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_an_http_client_of_the_other_variant_is_refused(family: Any) -> None:
    """Otherwise it would fail at the first call."""
    both = "http_client must be an {0}.{2} or an {1}.{2}, not {3}.{4}"
    for kind, right, wrong in (
        (AsyncRunsClient, "AsyncClient", "Client"),
        (RunsClient, "Client", "AsyncClient"),
    ):
        expected = both.format("httpx", "httpx2", right, family.__name__, wrong)
        with pytest.raises(TypeError, match=f"^{re.escape(expected)}$"):
            kind(http_client=getattr(family, wrong)())


async def test_the_api_of_a_client_refuses_functions_of_the_other_variant() -> None:
    """The error says which function to call. No connection is opened."""
    async with AsyncRunsClient(api_key=None) as runs:
        with pytest.raises(
            RuntimeError, match=r"belongs to the class AsyncRunsClient: call endpoint\.asyncio\("
        ):
            get_thread.sync("t", client=runs.api)
        with pytest.raises(RuntimeError, match="belongs to the class AsyncRunsClient"):
            get_thread.sync_detailed("t", client=runs.api)
    with RunsClient(api_key=None) as runs_sync:
        with pytest.raises(RuntimeError, match=r"api belongs to the class RunsClient: call endpoint\.sync\("):
            await get_thread.asyncio("t", client=runs_sync.api)
        with pytest.raises(RuntimeError, match="api belongs to the class RunsClient"):
            await get_thread.asyncio_detailed("t", client=runs_sync.api)
