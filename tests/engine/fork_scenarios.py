"""Programs that fork while they have a client.

    python fork_scenarios.py SCENARIO sync|async URL

Each call gets a run that only its own process asks for, and checks that it gets that one. A scenario that succeeds
prints nothing, in any of its processes.
"""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import multiprocessing
import os
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from servers.runs_peer import LAST

from langgraph_runs import AsyncRunsClient, RetryPolicy, RunsClient

ONCE = RetryPolicy(attempts=0)


def client(url: str, **options: Any) -> RunsClient[Any, Any, Any]:
    """A client that sends each request once."""
    return RunsClient(url, api_key=None, retry=ONCE, **options)


def async_client(url: str, **options: Any) -> AsyncRunsClient[Any, Any, Any]:
    """The same."""
    return AsyncRunsClient(url, api_key=None, retry=ONCE, **options)


def calls(runs: RunsClient[Any, Any, Any], count: int, **options: Any) -> None:
    """Makes so many calls, and checks that each gets its own answer."""
    me = str(os.getpid())
    for number in range(count):
        run = runs.get(me, f"{me}-{number}", **options)
        assert (me, f"{me}-{number}") == (run.thread_id, run.run_id), run


async def async_calls(runs: AsyncRunsClient[Any, Any, Any], count: int) -> None:
    """The same, all at once."""
    me = str(os.getpid())

    async def one(number: int) -> None:
        run = await runs.get(me, f"{me}-{number}")
        assert (me, f"{me}-{number}") == (run.thread_id, run.run_id), run

    await asyncio.gather(*map(one, range(count)))


def forked(work: Callable[[], object], *, by_exit: bool = False) -> int:
    """The pid of a child that does this work and exits: like a child of multiprocessing or, with by_exit, like a
    program."""
    if pid := os.fork():
        return pid
    try:
        work()
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        failed = 1
    else:
        failed = 0
    if by_exit:
        raise SystemExit(failed)
    sys.stderr.flush()
    os._exit(failed)


def waited(*pids: int) -> None:
    """Waits until the children have exited; each must have succeeded."""
    for pid in pids:
        _, status = os.waitpid(pid, 0)
        assert 0 == os.waitstatus_to_exitcode(status)


# sync


def idle(url: str) -> None:
    """Parent, child and grandchild call at the same time; the parent had an idle connection before."""
    runs = client(url)
    calls(runs, 2)

    def child() -> None:
        calls(runs, 5)
        grandchild = forked(lambda: calls(runs, 20))
        calls(runs, 20)
        waited(grandchild)

    pid = forked(child)
    calls(runs, 20)
    waited(pid)
    calls(runs, 2)


def leaves(url: str) -> None:
    """Children leave the `with` of the parent, close its client, or drop it; one exits like a program."""
    held = [client(url)]
    with held[0]:
        calls(held[0], 2)
        if not (pid := os.fork()):
            return
        waited(pid)
        calls(held[0], 2)
        waited(forked(held[0].close))
        calls(held[0], 2)
        waited(forked(lambda: dropped(held)))
        calls(held[0], 2)


def dropped(held: list[Any]) -> None:
    """Drops the last reference."""
    held.clear()
    gc.collect()


def open_stream(url: str) -> None:
    """The child cannot read the parent's stream; leaving it there does not cancel the run."""
    with client(url, cancel_on_exit="interrupt") as runs:
        me = str(os.getpid())
        held = [runs.stream(me, "agent")]
        first = next(held[0])

        def child() -> None:
            for _ in (1, 2):
                refused(lambda: next(held[0]))
            calls(runs, 2)
            held[0].close()
            runs.close()

        def another() -> None:
            refused(lambda: list(held[0]))
            with held[0]:
                calls(runs, 1)

        for work in (child, another, lambda: dropped(held)):
            waited(forked(work))
        calls(runs, 1)
        runs.get(me, "continue")
        assert list(map(str, range(LAST))) == [first.id, *(part.id for part in held[0])]


def refused(call: Callable[[], object]) -> None:
    """Checks that it raises RuntimeError with the reason."""
    try:
        call()
    except RuntimeError as error:
        assert "process" in str(error), error
    else:
        raise AssertionError("the child has read the parent's stream")


def place(url: str) -> None:
    """Another thread of the parent has the only place of max_concurrency."""
    runs = client(url, max_concurrency=1)
    me = str(os.getpid())
    answers: list[Any] = []
    holder = threading.Thread(target=lambda: answers.append(runs.get(me, "slow")))
    holder.start()
    with client(url) as other:
        other.get(me, "after-slow")
        waited(forked(lambda: calls(runs, 3)))
        assert [] == answers
        other.get(me, "continue")
    holder.join()
    assert ["slow"] == [run.run_id for run in answers]
    calls(runs, 2)


def busy(url: str) -> None:
    """Other threads call, connect and close all the time; the child does not inherit a lock that one of them holds."""
    runs = client(url, max_concurrency=3)
    calls(runs, 1)  # imports everything first: the import lock belongs to Python
    is_over = threading.Event()
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            while not is_over.is_set():
                calls(runs, 3, headers={"connection": "close"} if number % 2 else {})
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        waited(forked(lambda: calls(runs, 2)))
    is_over.set()
    for thread in threads:
        thread.join()
    assert [] == failures


# async


def async_idle(url: str) -> None:
    """The same; the parent runs a loop with connections of its own."""

    async def main() -> None:
        async with async_client(url) as runs:
            await async_calls(runs, 4)

            def child() -> None:
                asyncio.run(async_calls(runs, 5))
                grandchild = forked(lambda: asyncio.run(async_calls(runs, 20)))
                asyncio.run(async_calls(runs, 20))
                waited(grandchild)

            pid = forked(child)
            await async_calls(runs, 20)
            await asyncio.to_thread(waited, pid)
            await async_calls(runs, 2)

    asyncio.run(main())


def async_leaves(url: str) -> None:
    """Children close the client, leave it, or drop it."""

    async def used_and_left(runs: AsyncRunsClient[Any, Any, Any]) -> None:
        async with runs:
            await async_calls(runs, 2)

    async def main() -> None:
        held = [async_client(url)]
        await async_calls(held[0], 1)
        for work in (
            lambda: asyncio.run(held[0].aclose()),
            lambda: asyncio.run(used_and_left(held[0])),
            lambda: dropped(held),
        ):
            waited(forked(work))
            await async_calls(held[0], 1)
        await held[0].aclose()

    asyncio.run(main())


def async_after_a_loop(url: str) -> None:
    """The loop of the parent has ended before the fork; one child exits like a program."""
    runs = async_client(url)
    asyncio.run(async_calls(runs, 3))
    pid = forked(lambda: asyncio.run(async_calls(runs, 3)), by_exit=True)
    asyncio.run(async_calls(runs, 3))
    waited(pid)
    asyncio.run(runs.aclose())


def async_open_stream(url: str) -> None:
    """As above."""

    async def child(runs: Any, stream: Any) -> None:
        for _ in (1, 2):
            await async_refused(anext(stream))
        await async_calls(runs, 2)
        await stream.aclose()
        await runs.aclose()

    async def another(runs: Any, stream: Any) -> None:
        await async_refused(anext(stream))
        async with stream:
            await async_calls(runs, 1)

    async def main() -> None:
        async with async_client(url, cancel_on_exit="interrupt") as runs:
            me = str(os.getpid())
            held = [runs.stream(me, "agent")]
            first = await anext(held[0])
            for work in (
                lambda: asyncio.run(child(runs, held[0])),
                lambda: asyncio.run(another(runs, held[0])),
                lambda: dropped(held),
            ):
                waited(forked(work))
            await async_calls(runs, 1)
            await runs.get(me, "continue")
            assert list(map(str, range(LAST))) == [first.id, *[part.id async for part in held[0]]]

    asyncio.run(main())


async def async_refused(call: Awaitable[object]) -> None:
    """It raises RuntimeError, and says why."""
    try:
        await call
    except RuntimeError as error:
        assert "process" in str(error), error
    else:
        raise AssertionError("the child has read the parent's stream")


def async_place(url: str) -> None:
    """A task of the parent has the only place."""

    async def main() -> None:
        async with async_client(url, max_concurrency=1) as runs, async_client(url) as other:
            me = str(os.getpid())
            holder = asyncio.create_task(runs.get(me, "slow"))
            await other.get(me, "after-slow")
            waited(forked(lambda: asyncio.run(async_calls(runs, 3))))
            await other.get(me, "continue")
            assert "slow" == (await holder).run_id

    asyncio.run(main())


def async_busy(url: str) -> None:
    """Another thread uses the same client in a loop of its own."""
    runs = async_client(url, max_concurrency=3)
    asyncio.run(async_calls(runs, 1))
    is_over = threading.Event()
    failures: list[BaseException] = []

    async def work() -> None:
        while not is_over.is_set():
            await async_calls(runs, 6)

    def run() -> None:
        try:
            asyncio.run(work())
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        waited(forked(lambda: asyncio.run(async_calls(runs, 2))))
    is_over.set()
    for thread in threads:
        thread.join()
    assert [] == failures


# multiprocessing

# Created on import, as in many programs: here, and again in each child that is spawned.
RUNS = client(os.environ.get("SCENARIO_URL", "http://127.0.0.1:1"))
ASYNC_RUNS = async_client(os.environ.get("SCENARIO_URL", "http://127.0.0.1:1"))


def use() -> None:
    """The work of a child with the client of the module."""
    calls(RUNS, 5)


def async_use() -> None:
    """The same."""
    asyncio.run(async_calls(ASYNC_RUNS, 5))


def take(runs: Any) -> NoReturn:
    """Never called: a client cannot be passed to a child."""
    raise AssertionError(runs)


def in_children(method: str, work: Callable[[], None]) -> None:
    """Does work of this module in children of multiprocessing."""
    context: Any = multiprocessing.get_context(method)
    children = [context.Process(target=work) for _ in range(2)]
    for child in children:
        child.start()
    work()
    for child in children:
        child.join()
        assert 0 == child.exitcode, child


def mp_fork(url: str) -> None:
    """The children are forked."""
    use()
    in_children("fork", use)
    use()


def async_mp_fork(url: str) -> None:
    """Also from within a loop."""

    async def main() -> None:
        await async_calls(ASYNC_RUNS, 2)
        child: Any = multiprocessing.get_context("fork").Process(target=async_use)
        child.start()
        await async_calls(ASYNC_RUNS, 2)
        child.join()
        assert 0 == child.exitcode

    asyncio.run(main())
    in_children("fork", async_use)


def spawned(runs: Any, work: Callable[[], None]) -> None:
    """The children start from scratch; passing them the client itself is refused at once."""
    work()
    try:
        multiprocessing.get_context("spawn").Process(target=take, args=(runs,)).start()
    except TypeError as error:
        assert "cannot be pickled" in str(error), error
    else:
        raise AssertionError("a client was pickled")
    in_children("spawn", work)


def mp_spawn(url: str) -> None:
    """The children start from scratch."""
    spawned(RUNS, use)


def async_mp_spawn(url: str) -> None:
    """The same."""
    spawned(ASYNC_RUNS, async_use)


if __name__ == "__main__":
    faulthandler.enable()  # the test sends SIGABRT if this hangs
    scenario, variant, url = sys.argv[1:]
    globals()[scenario if variant == "sync" else f"async_{scenario}"](url)
