"""How the benchmarks measure: the clients take turns in several rounds. A row of a table shows a case, as medians."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from statistics import median
from types import MappingProxyType

OURS, SDK = "langgraph-runs", "langgraph-sdk"
HTTPX, AIOHTTP, SOCKET = "bare httpx", "bare aiohttp", "bare socket"

# This client with an httpx.AsyncClient that uses aiohttp, as with the extra of that name.
EXTRA = "[aiohttp]"

MIB = 1024 * 1024

_NO_GOALS: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes:
        case: What was measured.
        cells: The results, by the name of the column.
        goal: The goal; "" if there is none.
        is_met: Whether the goal is met; None without a goal.
    """

    case: str
    cells: dict[str, str]
    goal: str = ""
    is_met: bool | None = None

    def print(self) -> None:
        """Prints the row as a line of JSON, for the report."""
        print(json.dumps(asdict(self)), flush=True)


@dataclass(frozen=True)
class Cost:
    """The cost of one unit of work, for each round.

    Attributes:
        cpu: The CPU time, in seconds.
        wall: The wall time, in seconds.
        counted: How often something happened, if that was counted.
    """

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    counted: list[float] = field(default_factory=list)

    def times(self, other: Cost) -> float:
        """The median over the rounds of this CPU time divided by that of the other."""
        return median(mine / theirs for mine, theirs in zip(self.cpu, other.cpu, strict=True))

    def less(self, other: Cost) -> Cost:
        """This cost minus that of the other, for each round."""
        pairs = (self.cpu, other.cpu), (self.wall, other.wall)
        return Cost(*([mine - theirs for mine, theirs in zip(*pair, strict=True)] for pair in pairs))


def compare(
    contestants: Mapping[str, Callable[[], object]],
    *,
    units: int,
    rounds: int = 7,
    count: Callable[[], int] = lambda: 0,
) -> dict[str, Cost]:
    """Measures the contestants in turns, round after round, so that a busy period of the machine affects them all. The
    first round, which fills caches and opens connections, does not count.

    Args:
        contestants: The work to measure, by name.
        units: The number of units in that work.
        rounds: The number of rounds.
        count: Returns how often something has happened so far.
    """
    costs = {name: Cost() for name in contestants}
    for name in _turns(costs, units, rounds, count):
        contestants[name]()
    return costs


async def compare_async(
    contestants: Mapping[str, Callable[[], Awaitable[object]]],
    *,
    units: int,
    rounds: int = 7,
    count: Callable[[], int] = lambda: 0,
) -> dict[str, Cost]:
    """The same for coroutines."""
    costs = {name: Cost() for name in contestants}
    for name in _turns(costs, units, rounds, count):
        await contestants[name]()
    return costs


def _turns(costs: dict[str, Cost], units: int, rounds: int, count: Callable[[], int]) -> Iterator[str]:
    """Yields whose turn it is, and measures what happens until the next name is requested."""
    for number in range(rounds + 1):
        for name, cost in costs.items():
            cpu, wall, counted = _cpu(), time.perf_counter(), count()
            yield name
            if number:
                cost.cpu.append((_cpu() - cpu) / units)
                cost.wall.append((time.perf_counter() - wall) / units)
                cost.counted.append((count() - counted) / units)


def _cpu() -> float:
    """The CPU time of this process and of its child processes that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def micro(seconds: list[float]) -> str:
    """The median, in microseconds, as text."""
    return f"{median(seconds) * 1e6:,.1f} µs"


def milli(seconds: list[float]) -> str:
    """The median, in milliseconds, as text."""
    return f"{median(seconds) * 1e3:,.1f} ms"


def memory() -> int:
    """The memory that this process uses now, in bytes."""
    with open("/proc/self/statm", encoding="ascii") as status:
        return int(status.read().split()[1]) * resource.getpagesize()


def peak_memory() -> int:
    """The peak memory of this process, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def compared(
    case: str,
    costs: Mapping[str, Cost],
    at_most: Mapping[str, float] = _NO_GOALS,
    *,
    name: str = OURS,
    show: Callable[[list[float]], str] = micro,
) -> Row:
    """The row for a comparison.

    Args:
        case: What was measured.
        costs: The costs, by client.
        at_most: The goals: the largest ratio of this client's cost to that of another client, by its name.
        name: The client that the row is about.
        show: Formats a time.
    """
    others = [other for other in costs if other not in (OURS, EXTRA)]
    ratios = {other: costs[name].times(costs[other]) for other in others}
    return Row(
        case,
        {
            "CPU": show(costs[name].cpu),
            "wall time": show(costs[name].wall),
            **{other: show(costs[other].cpu) for other in others},
            **{f"ratio to {other}": f"{ratio:.2f}" for other, ratio in ratios.items()},
        },
        " and ".join(f"≤ {most:g} of {other}" for other, most in at_most.items()),
        all(ratios[other] <= most for other, most in at_most.items()) if at_most else None,
    )
