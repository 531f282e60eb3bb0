"""Does work for each item of an iterable, much of it at once: in tasks and in threads.

asyncio is imported where it is used: the sync client does not need it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import AsyncIterable, Callable, Coroutine, Iterable, Iterator, Sized
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from langgraph_runs.concurrency import async_shield
from langgraph_runs.deadline import AsyncDeadline, Deadline
from langgraph_runs.engine.owner import process

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")

CLOSED = "the client was closed before the last outcome was read"
_END: Final = object()


@dataclass(slots=True)
class AsyncWork(Generic[T]):
    """Work for one item.

    Attributes:
        of: What it is about.
        deadline: Its end.
        run: Does it.
    """

    of: T
    deadline: AsyncDeadline
    run: Callable[[], Coroutine[Any, Any, Any]]


class AsyncFanOut(Generic[T]):
    """Does work for each item, in tasks.

    Args:
        items: The items, also as an async iterable. A task of its own takes them.
        prepare: Called with the index of an item and the item; returns the work. An exception ends everything.
        most: How many items to take before the result of the first one is returned.

    Raises:
        TypeError: The items are not iterable.
    """

    def __init__(
        self,
        items: Iterable[Any] | AsyncIterable[Any],
        prepare: Callable[[int, Any], AsyncWork[T]],
        most: int,
    ) -> None:
        if not isinstance(items, Iterable | AsyncIterable):
            raise TypeError(f"payloads must be iterable or async iterable, not {type(items).__name__}")
        self._items = items
        self._prepare = prepare
        self._most = most
        self._tasks: dict[asyncio.Task[Any], int] = {}
        self._ended = deque[tuple[int, "asyncio.Task[Any]"]]()
        self._feeder: asyncio.Task[None] | None = None
        self._is_closed = False

    async def next(self) -> tuple[int, Any] | None:
        """The index of an item and the result of its work, as soon as there is one; None at the end."""
        import asyncio

        if self._feeder is None:
            self._room = asyncio.Semaphore(self._most)
            self._news = asyncio.Event()
            self._feeder = asyncio.ensure_future(self._feed())
            self._feeder.add_done_callback(lambda _: self._news.set())
        while not self._ended or self._is_closed:
            if self._is_closed:
                raise RuntimeError(CLOSED)
            if self._feeder.done():
                self._feeder.result()
                if not self._tasks:
                    return None
            self._news.clear()
            await self._news.wait()
        index, task = self._ended.popleft()
        self._room.release()
        return index, task.result()

    async def aclose(self, seconds: float) -> list[T]:
        """Cancels the work and waits until it has ended. Returns what the work that has not ended is about: nothing.
        (Only the sync variant uses the argument.)"""
        if self._feeder is not None:
            tasks = [self._feeder, *self._tasks, *(task for _, task in self._ended)]
            for task in tasks if not self._is_closed else ():
                task.cancel()
            self._is_closed = True
            self._news.set()
            await async_shield(partial(_until_ended, tasks))
        return []

    async def _feed(self) -> None:
        import asyncio

        index, items = 0, self._items
        source: Any = aiter(items) if isinstance(items, AsyncIterable) else iter(items)
        while True:
            await self._room.acquire()
            item = await anext(source, _END) if isinstance(items, AsyncIterable) else next(source, _END)
            if item is _END:
                return
            task = asyncio.ensure_future(self._prepare(index, item).run())
            self._tasks[task] = index
            task.add_done_callback(self._end)
            index += 1
            await asyncio.sleep(0)  # other tasks get control, however many items there are

    def _end(self, task: asyncio.Task[Any]) -> None:
        self._ended.append((self._tasks.pop(task), task))
        self._news.set()


async def _until_ended(tasks: list[asyncio.Task[Any]]) -> None:
    """Waits until the tasks have ended. Nobody needs their exceptions."""
    import asyncio

    await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.exception()


@dataclass(slots=True)
class Work(Generic[T]):
    """The same for threads."""

    of: T
    deadline: Deadline
    run: Callable[[], Any]


class FanOut(Generic[T]):
    """The same for threads, one for each item. The caller's thread takes the items, between the results, as many
    iterators can be read by one thread only. An iterator may be slow: it is not read again while there are results.

    A signal handler may raise an exception between any two instructions.
    """

    def __init__(self, items: Iterable[Any], prepare: Callable[[int, Any], Work[T]], most: int) -> None:
        if not isinstance(items, Iterable):
            hint = "; AsyncRunsClient.map takes them" if isinstance(items, AsyncIterable) else ""
            raise TypeError(f"payloads must be iterable, not {type(items).__name__}{hint}")
        self._items = items
        self._prepare = prepare
        self._most = most
        self._source: Iterator[tuple[int, Any]] | None = None
        self._process: object = None
        self._threads: dict[int, tuple[threading.Thread, Work[T]]] = {}  # until their results are returned
        self._ended = SimpleQueue[tuple[int, Any, BaseException | None]]()
        self._is_used_up = self._is_closed = False
        self._failure: Exception | None = None

    def next(self) -> tuple[int, Any] | None:
        """The index of an item and the result of its work, as soon as there is one; None at the end."""
        if self._source is None:
            self._source, self._process = enumerate(self._items), process.now
        if self._is_closed:
            raise RuntimeError(CLOSED)
        is_quick = isinstance(self._items, Sized)
        while (is_quick or self._ended.empty()) and self._has_room:
            self._begin(self._source)
        if self._failure is not None and self._ended.empty():
            raise self._failure
        if not self._threads:
            return None
        index, result, error = self._ended.get()
        if self._is_closed:
            raise RuntimeError(CLOSED)
        del self._threads[index]
        while self._has_room:  # now: it runs while the caller handles the result
            self._begin(self._source)
            if not is_quick:
                break
        if error is not None:
            raise error
        return index, result

    def close(self, seconds: float) -> list[T]:
        """Ends the work, and waits so many seconds until it has ended. Returns what the work that has not ended is
        about."""
        if (
            self._is_closed or self._process is not process.now
        ):  # the threads of a parent are not in its forked child
            return []
        self._is_closed = True
        under_way = list(self._threads.values())
        for _, work in under_way:
            work.deadline.expire()
        until = monotonic() + seconds
        for thread, _ in under_way:
            if thread.ident is not None and thread is not threading.current_thread():
                thread.join(max(0.0, until - monotonic()))
        return [work.of for thread, work in under_way if thread.is_alive()]

    @property
    def _has_room(self) -> bool:
        return not self._is_used_up and len(self._threads) < self._most

    def _begin(self, source: Iterator[tuple[int, Any]]) -> None:
        """Takes an item, and starts its work. If that fails, the results that have come are returned first."""
        try:
            index, item = next(source, (-1, _END))
            if item is _END:
                self._is_used_up = True
                return
            work = self._prepare(index, item)
            context = copy_context()  # as a task has it
            thread = threading.Thread(target=context.run, args=(self._run, index, work), daemon=True)
            self._threads[index] = thread, work
            thread.start()
        except Exception as error:  # noqa: BLE001
            self._is_used_up, self._failure = True, error

    def _run(self, index: int, work: Work[T]) -> None:
        result, failure = None, None
        try:
            if not self._is_closed:
                result = work.run()
        except BaseException as error:  # noqa: BLE001
            failure = error
        self._ended.put((index, result, failure))
