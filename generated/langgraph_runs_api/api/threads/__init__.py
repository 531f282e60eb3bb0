"""Contains endpoint functions for accessing the API"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from ...models import (
    CheckpointDict,
    CommandDict,
    IfExists,
    SortOrder,
    ThreadField,
    ThreadSortBy,
    ThreadStatus,
    TtlStrategy,
)


class TtlDict(TypedDict, total=False):
    """How long to keep a thread."""

    ttl: float | None
    """ The time in minutes, from now on. """
    strategy: TtlStrategy | None
    """ What to do when the time is over: `delete` (default) deletes the thread, `keep_latest` only its old
    checkpoints. """


class SuperstepUpdateOptions(TypedDict, total=False):
    """The change that one node makes."""

    values: Mapping[str, Any] | Sequence[Any] | None
    """ What the node returns, by key or in a list, as the graph defines it; null for nothing. """
    command: CommandDict | None
    """ What to do instead of starting with an input, such as answering an interrupt. It overrides `input`. """


class SuperstepUpdateDict(SuperstepUpdateOptions):
    """The change that one node makes."""

    as_node: str
    """ The node. """


class SuperstepDict(TypedDict):
    """The changes to the state that one step makes."""

    updates: Sequence[SuperstepUpdateDict]
    """ The changes, one for each node that ran. """


class ThreadCreateDict(TypedDict, total=False):
    """The thread to create."""

    thread_id: str | None
    """ The UUID of the thread; the server chooses one by default. """
    metadata: Mapping[str, Any] | None
    """ Arbitrary data to store with the object, and to find it by. """
    if_exists: IfExists | None
    """ What to do if the thread exists: `raise` (default) responds with 409, `do_nothing` returns it. """
    ttl: TtlDict | None
    """ How long to keep a thread. """
    supersteps: Sequence[SuperstepDict] | None
    """ The steps that lead to the thread's first state, for example to copy a thread from another server. The
    thread's `metadata` must name the graph, as `graph_id`. """


class ThreadSearchDict(TypedDict, total=False):
    """Which threads to return."""

    metadata: Mapping[str, Any] | None
    """ Arbitrary data to store with the object, and to find it by. """
    values: Mapping[str, Any] | None
    """ Values of the state, by key. """
    status: ThreadStatus | None
    """ The status of a thread. """
    limit: int | None
    """ The maximum number of items; 10 by default. """
    offset: int | None
    """ How many items to skip; 0 by default. """
    sort_order: SortOrder | None
    """ Whether the items ascend or descend; `desc` by default. """
    ids: Sequence[str] | None
    """ The UUIDs of the threads; all threads if it is empty. """
    sort_by: ThreadSortBy | None
    """ The field to sort by; `updated_at` by default. LangGraph.js does not know `state_updated_at`. """
    select: Sequence[ThreadField] | None
    """ The fields to return; all by default. """
    extract: Mapping[str, Any] | None
    """ Parts of `values`, `metadata`, `config` or `interrupts` to return as `extracted`, each a path by its name,
    such as `values.messages[-1].content`. """


class ThreadCountDict(TypedDict, total=False):
    """Which threads to count."""

    metadata: Mapping[str, Any] | None
    """ Arbitrary data to store with the object, and to find it by. """
    values: Mapping[str, Any] | None
    """ Values of the state, by key. """
    status: ThreadStatus | None
    """ The status of a thread. """


class ThreadUpdateDict(TypedDict, total=False):
    """The changes to a thread."""

    metadata: Mapping[str, Any] | None
    """ Arbitrary data to store with the object, and to find it by. """
    ttl: TtlDict | None
    """ How long to keep a thread. """


class ThreadStateUpdateDict(TypedDict, total=False):
    """A change to a thread's state."""

    values: Mapping[str, Any] | Sequence[Any] | None
    """ What the node returns, by key or in a list, as the graph defines it; null for nothing. """
    as_node: str | None
    """ The node that makes the change; by default the node that ran last, if that is clear. """
    checkpoint: CheckpointDict | None
    """ A point in a thread's history. """
    checkpoint_id: str | None
    """ The UUID of the checkpoint to start from; the latest by default. """


class ThreadStateAtOptions(TypedDict, total=False):
    """Which checkpoint of a thread to read."""

    subgraphs: bool | None
    """ Whether to include the states of subgraphs in the tasks; false by default. """


class ThreadStateAtDict(ThreadStateAtOptions):
    """Which checkpoint of a thread to read."""

    checkpoint: CheckpointDict
    """ A point in a thread's history. """


class CheckpointConfigDict(TypedDict):
    """A checkpoint in the form in which LangGraph itself names it."""

    configurable: CheckpointDict
    """ A point in a thread's history. """


class ThreadStateSearchDict(TypedDict, total=False):
    """Which past states of a thread to return."""

    limit: int | None
    """ The maximum number of states; 1 by default. """
    before: CheckpointConfigDict | CheckpointDict | str | None
    """ Only states before this checkpoint are returned. The development server of LangGraph needs it as an object
    with `configurable`, LangGraph.js as an id. """
    metadata: Mapping[str, Any] | None
    """ Arbitrary data to store with the object, and to find it by. """
    checkpoint: CheckpointDict | None
    """ A point in a thread's history. """
