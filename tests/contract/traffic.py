"""Fails a test whose exchanges with the real server are not as openapi.yaml describes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from contract.contract import Contract
from drift_compare import Explanation, explain
from servers.recording_proxy import Exchange, RecordingProxy


@dataclass(frozen=True)
class RunningTest:
    """A test, with what it breaks on purpose.

    Attributes:
        name: Its id.
        breaks: What its marks `breaks_contract` say.
        may_break: The same, for marks with `always=False`: those of tests that send random requests.
    """

    name: str
    breaks: tuple[Explanation, ...] = ()
    may_break: tuple[Explanation, ...] = ()


@contextmanager
def held_to(contract: Contract, proxy: RecordingProxy, test: RunningTest) -> Iterator[None]:
    """Checks the exchanges of a test at its end. What is still under way then is checked after the next test.

    Raises:
        pytest.fail.Exception: One is not as described, or a mark of the test is not needed.
    """
    proxy.context = test
    yield
    fail_if_broken(contract, proxy.take(), test)


def fail_if_broken(
    contract: Contract, exchanges: Sequence[Exchange], test: RunningTest | None = None
) -> None:
    """Checks each exchange with the marks of the test in which it began, and the marks of `test`, which has ended."""
    found = [(exchange, line) for exchange in exchanges for line in problems(contract, exchange)]
    failures = [
        f"{exchange.method} {exchange.target} of {exchange.context.name}: {line}"
        for exchange, line in found
        if explain([line], (*exchange.context.breaks, *exchange.context.may_break)).new
    ]
    if test is not None:
        own = [line for exchange, line in found if exchange.context == test]
        failures += [f"the mark {line!r} is not needed" for line in explain(own, test.breaks).left_over]
    if failures:
        raise pytest.fail.Exception(
            "\n".join(["the traffic is not as openapi.yaml describes it:", *dict.fromkeys(failures)]),
            pytrace=False,
        )


def problems(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """What is not as described, one line for each."""
    yield from (f"request: {line}" for line in contract.problems_of_request(exchange))
    yield from (f"response: {line}" for line in contract.problems_of_response(exchange))


def the_test(node: pytest.Item) -> RunningTest:
    """The test of an item, with its marks `breaks_contract(*lines, why=..., always=True)`."""
    marks: dict[bool, list[Explanation]] = {True: [], False: []}
    for mark in node.iter_markers("breaks_contract"):
        marks[mark.kwargs.get("always", True)].append(Explanation(mark.args, mark.kwargs["why"]))
    return RunningTest(node.nodeid, tuple(marks[True]), tuple(marks[False]))
