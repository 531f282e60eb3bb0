"""How the benchmarks measure: in turns, several rounds, medians; a row of the table for each thing that is measured."""

from __future__ import annotations

import asyncio
import json
import resource
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from statistics import median

OURS, SDK, FLOOR = "langgraph-runs", "langgraph-sdk", "floor"

MIB = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes:
        case: What was done.
        cells: What was found, by the name of the column.
        goal: What it should be; "" where there is no goal.
        is_met: Whether it is; None without a goal.
    """

    case: str
    cells: dict[str, str]
    goal: str = ""
    is_met: bool | None = None

    def print(self) -> None:
        """As a line of JSON, for the report."""
        print(json.dumps(asdict(self)), flush=True)


@dataclass(frozen=True)
class Cost:
    """What one unit of work takes: seconds of CPU time in each round, and of time on the clock."""

    cpu: list[float]
    wall: list[float]

    def times(self, other: Cost) -> float:
        """The CPU time of this over that of the other, round by round; the median of these."""
        return median(mine / theirs for mine, theirs in zip(self.cpu, other.cpu, strict=True))


def compare(contestants: dict[str, Callable[[], object]], *, units: int, rounds: int = 7) -> dict[str, Cost]:
    """Lets each have its turn, round after round, so that a machine that is busy for a while is so for all of them. A
    first round, which fills caches and opens connections, does not count.

    Args:
        contestants: What to do, by who does it.
        units: How many units of work that is.
        rounds: How many rounds.
    """
    costs = {name: Cost([], []) for name in contestants}
    for number in range(rounds + 1):
        for name, work in contestants.items():
            cpu, wall = time.process_time(), time.perf_counter()
            work()
            if number:
                costs[name].cpu.append((time.process_time() - cpu) / units)
                costs[name].wall.append((time.perf_counter() - wall) / units)
    return costs


def on(loop: asyncio.AbstractEventLoop, work: Callable[[], Awaitable[object]]) -> Callable[[], object]:
    """The work of a coroutine function, as a plain function on this loop."""

    async def awaited() -> object:
        return await work()

    return lambda: loop.run_until_complete(awaited())


def micro(cost: Cost) -> str:
    """The CPU time of a unit, to be shown."""
    return f"{median(cost.cpu) * 1e6:,.1f} µs"


def peak_memory() -> int:
    """The most memory that this process has had at any time, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def compared(
    case: str, costs: dict[str, Cost], *, sdk_at_most: float | None = None, floor_at_most: float | None = None
) -> Row:
    """The row for what was compared, with goals for the ratios."""
    to_sdk, to_floor = costs[OURS].times(costs[SDK]), costs[OURS].times(costs[FLOOR])
    goals = [(to_sdk, sdk_at_most, "langgraph-sdk"), (to_floor, floor_at_most, "the floor")]
    stated = [(ratio, most, name) for ratio, most, name in goals if most is not None]
    return Row(
        case,
        {
            "CPU": micro(costs[OURS]),
            "on the clock": f"{median(costs[OURS].wall) * 1e6:,.1f} µs",
            "langgraph-sdk": micro(costs[SDK]),
            "floor": micro(costs[FLOOR]),
            "to langgraph-sdk": f"{to_sdk:.2f}",
            "to the floor": f"{to_floor:.2f}",
        },
        " and ".join(f"≤ {most} of {name}" for _, most, name in stated),
        all(ratio <= most for ratio, most, _ in stated) if stated else None,
    )
