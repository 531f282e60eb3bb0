"""Compares two tables of facts, and sorts the differences into those that are explained and those that are new."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from drift_facts import ANY, Document, Fact, facts, operations

OURS = "openapi.yaml"
THEIRS = "the server's document"


@dataclass(frozen=True)
class Explanation:
    """Why two documents may differ.

    Attributes:
        lines: The differences that it explains. A `*` stands for any text.
        why: The reason.
    """

    lines: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Report:
    """The differences, as lines.

    Attributes:
        new: Those that no explanation covers.
        explained: The lines that each explanation covers.
        left_over: The lines of explanations that match no difference.
    """

    new: list[str]
    explained: dict[Explanation, list[str]]
    left_over: list[str]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is new, and nothing left over."""
        return not self.new and not self.left_over


def differences(ours: Document, theirs: Document) -> list[str]:
    """What the documents say differently of the operations in `ours`, one line for each difference."""
    names = list(operations(ours))
    mine, other = facts(ours, names), facts(theirs, names)
    places = list(dict.fromkeys([*mine, *other]))
    return [
        line for place in places if _comparable(place, mine, other) for line in _lines(place, mine, other)
    ]


def explain(lines: list[str], explanations: Iterable[Explanation]) -> Report:
    """Sorts the lines by the explanation that covers them, the first one if several do."""
    rest = list(lines)
    explained: dict[Explanation, list[str]] = {}
    left_over = []
    for explanation in explanations:
        patterns = {line: _pattern(line) for line in explanation.lines}
        left_over += [line for line, one in patterns.items() if not any(map(one.fullmatch, lines))]
        covered = [line for line in rest if any(one.fullmatch(line) for one in patterns.values())]
        explained[explanation] = covered
        rest = [line for line in rest if line not in covered]
    return Report(rest, explained, left_over)


def _pattern(line: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, line.split("*"))))


def _comparable(place: str, ours: dict[str, Fact], theirs: dict[str, Fact]) -> bool:
    """Whether both documents have what surrounds the place, and neither allows anything there."""
    above = [outer for outer in _outer(place) if outer in ours or outer in theirs]
    return all(
        outer in ours and outer in theirs and ANY not in (ours[outer].types, theirs[outer].types)
        for outer in above
    )


def _outer(place: str) -> Iterator[str]:
    """The places that surround a place, from the outside: "a b.c[]" is in "a", "a b" and "a b.c"."""
    parts = re.findall(r" ?[^ .\[]+|\.[^ .\[]*|\[\]", place)
    return iter(list(accumulate(parts))[:-1])


def _lines(place: str, ours: dict[str, Fact], theirs: dict[str, Fact]) -> Iterator[str]:
    """The differences at one place."""
    if place not in theirs:
        yield f"{place}: only in {OURS}"
    elif place not in ours:
        yield f"{place}: only in {THEIRS}"
    else:
        yield from (f"{place}: {difference}" for difference in _said(ours[place], theirs[place]))


def _said(ours: Fact, theirs: Fact) -> Iterator[str]:
    if ours.types != theirs.types:
        yield f"type {_either(ours.types)} in {OURS}, {_either(theirs.types)} in {THEIRS}"
    if ours.required != theirs.required:
        words = {True: "required", False: "optional"}
        yield f"{words[ours.required]} in {OURS}, {words[theirs.required]} in {THEIRS}"
    yield from (f'value "{value}" only in {OURS}' for value in sorted(ours.values - theirs.values))
    yield from (f'value "{value}" only in {THEIRS}' for value in sorted(theirs.values - ours.values))


def _either(types: frozenset[str]) -> str:
    return " or ".join(sorted(types, key=lambda name: (name == "null", name)))
