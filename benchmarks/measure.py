"""How the benchmarks measure: in turns, several rounds, medians; one row of a table for each thing that is measured."""

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

# This client on a caller's httpx.AsyncClient, which uses aiohttp: the extra of that name.
EXTRA = "[aiohttp]"

MIB = 1024 * 1024

_NO_GOALS: Mapping[str, float] = MappingProxyType({})


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
    """What one unit of work takes, round by round.

    Attributes:
        cpu: Seconds of CPU time.
        wall: Seconds on the clock.
        counted: How often something happened, where that was counted.
    """

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    counted: list[float] = field(default_factory=list)

    def times(self, other: Cost) -> float:
        """The CPU time of this over that of the other, round by round; the median of these."""
        return median(mine / theirs for mine, theirs in zip(self.cpu, other.cpu, strict=True))

    def less(self, other: Cost) -> Cost:
        """What remains without the times of the other, round by round."""
        pairs = (self.cpu, other.cpu), (self.wall, other.wall)
        return Cost(*([mine - theirs for mine, theirs in zip(*pair, strict=True)] for pair in pairs))


def compare(
    contestants: Mapping[str, Callable[[], object]],
    *,
    units: int,
    rounds: int = 7,
    count: Callable[[], int] = lambda: 0,
) -> dict[str, Cost]:
    """Lets each have its turn, round after round, so that a machine that is busy for a while is so for all of them. A
    first round, which fills caches and opens connections, does not count.

    Args:
        contestants: What to do, by who does it.
        units: How many units of work that is.
        rounds: How many rounds.
        count: How often something has happened so far.
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
    """The same on an event loop."""
    costs = {name: Cost() for name in contestants}
    for name in _turns(costs, units, rounds, count):
        await contestants[name]()
    return costs


def _turns(costs: dict[str, Cost], units: int, rounds: int, count: Callable[[], int]) -> Iterator[str]:
    """Whose turn it is; what is done until the next is asked for is what is measured."""
    for number in range(rounds + 1):
        for name, cost in costs.items():
            cpu, wall, counted = _cpu(), time.perf_counter(), count()
            yield name
            if number:
                cost.cpu.append((_cpu() - cpu) / units)
                cost.wall.append((time.perf_counter() - wall) / units)
                cost.counted.append((count() - counted) / units)


def _cpu() -> float:
    """CPU time of this process, and of its child processes that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def micro(seconds: list[float]) -> str:
    """The median, to be shown."""
    return f"{median(seconds) * 1e6:,.1f} µs"


def milli(seconds: list[float]) -> str:
    """The same, of what takes longer."""
    return f"{median(seconds) * 1e3:,.1f} ms"


def memory() -> int:
    """The memory that this process has now, in bytes."""
    with open("/proc/self/statm", encoding="ascii") as status:
        return int(status.read().split()[1]) * resource.getpagesize()


def peak_memory() -> int:
    """The most memory that this process has had at any time, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def compared(
    case: str,
    costs: Mapping[str, Cost],
    at_most: Mapping[str, float] = _NO_GOALS,
    *,
    name: str = OURS,
    show: Callable[[list[float]], str] = micro,
) -> Row:
    """The row for what was compared.

    Args:
        case: What was done.
        costs: What each took.
        at_most: The goals: what this client may take of what another takes, by its name.
        name: The client that the row is about.
        show: How to show a time.
    """
    others = [other for other in costs if other not in (OURS, EXTRA)]
    ratios = {other: costs[name].times(costs[other]) for other in others}
    return Row(
        case,
        {
            "CPU": show(costs[name].cpu),
            "on the clock": show(costs[name].wall),
            **{other: show(costs[other].cpu) for other in others},
            **{f"to {other}": f"{ratio:.2f}" for other, ratio in ratios.items()},
        },
        " and ".join(f"≤ {most:g} of {other}" for other, most in at_most.items()),
        all(ratios[other] <= most for other, most in at_most.items()) if at_most else None,
    )
