"""Runs the lines of a batch, a bounded number at once, while a thread reads the next ones."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import closing, suppress

from langgraph_runs.cli.batch.line_runs import Outcome
from langgraph_runs.cli.batch.lines import Line


class LineReader:
    """Reads lines in a thread of its own: a pipe may bring the next one late, and the runs must not wait for it.

    Args:
        lines: The lines.
        ahead: How many lines to read before one of them is taken.
    """

    def __init__(self, lines: Generator[Line], ahead: int) -> None:
        self._lines = lines
        self._loop = asyncio.get_running_loop()
        self._read: asyncio.Queue[Line | Exception | None] = asyncio.Queue()
        self._room = threading.Semaphore(ahead)
        self._is_closed = False
        # A daemon: if a pipe brings nothing more, it does not keep the process from ending.
        threading.Thread(target=self._work, daemon=True).start()

    async def next(self) -> Line | None:
        """The next line; None at the end.

        Raises:
            Exception: What reading has raised.
        """
        line = await self._read.get()
        self._room.release()
        if isinstance(line, Line):
            return line
        self._read.put_nowait(line)  # for the other workers
        if line is not None:
            raise line
        return None

    def close(self) -> None:
        """Reads no further line."""
        self._is_closed = True
        self._room.release()

    def _work(self) -> None:
        try:
            with closing(self._lines):  # here: another thread cannot while this one reads
                for line in self._lines:
                    self._put(line)
                    self._room.acquire()
                    if self._is_closed:
                        return
            self._put(None)
        except Exception as error:  # noqa: BLE001
            self._put(error)

    def _put(self, line: Line | Exception | None) -> None:
        with suppress(RuntimeError):  # the loop has just been closed
            if not self._is_closed:
                self._loop.call_soon_threadsafe(self._read.put_nowait, line)


async def outcomes(
    lines: Generator[Line], run: Callable[[Line], Awaitable[Outcome]], limit: int
) -> AsyncGenerator[Outcome]:
    """The outcomes of lines, as their runs end. No more than `limit` are under way at once; an outcome that was not
    taken counts.

    Raises:
        Exception: What reading the lines, or running one of them, has raised. Nothing else is begun after it.
    """
    reader = LineReader(lines, limit)
    ended: asyncio.Queue[Outcome | None] = asyncio.Queue(1)

    async def work() -> None:
        while (line := await reader.next()) is not None:
            await ended.put(await run(line))

    async def all_work() -> None:
        try:
            await asyncio.gather(*workers)
        finally:
            await ended.put(None)

    workers = [asyncio.ensure_future(work()) for _ in range(limit)]
    whole = asyncio.ensure_future(all_work())
    try:
        while (outcome := await ended.get()) is not None:
            yield outcome
        await whole
    finally:
        reader.close()
        for task in (*workers, whole):
            task.cancel()
        await asyncio.gather(*workers, whole, return_exceptions=True)
