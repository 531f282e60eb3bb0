"""docs/architecture.md is right about the code: its picture, its files, its house rules and its two journeys."""

from __future__ import annotations

import difflib
import tomllib
from typing import Any

import pytest
from project.architecture_page import (
    PAGE,
    ROOT,
    TODO,
    WRAPPER,
    Picture,
    imports,
    picture,
    rows,
    shortest,
    steps,
    updated,
)
from project.journeys import FEWEST_LINES, IDS, JOURNEYS, journey, journeys

REFRESH = "run `python tests/project/journeys.py --write`, and explain the new steps in docs/architecture.md"


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text("utf-8")


@pytest.fixture(scope="module")
def recorded() -> dict[str, list[str]]:
    """The functions of both journeys."""
    return journeys()


@pytest.fixture(scope="module")
def drawn(page: str) -> Picture:
    """The picture on the page."""
    return picture(page)


def contracts() -> list[dict[str, Any]]:
    """Those of import-linter."""
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    return list(settings["importlinter"]["contracts"])


def difference(on_the_page: list[str], in_the_code: list[str], what_to_do: str = REFRESH) -> str:
    """The lines of the page that must go, those that must come, and what to do about it."""
    lines = difflib.unified_diff(on_the_page, in_the_code, "docs/architecture.md", "the code", lineterm="")
    return "\n".join([what_to_do, *lines])


@pytest.mark.parametrize("title", JOURNEYS)
def test_the_page_names_every_function_of_a_journey_in_order(
    page: str, recorded: dict[str, list[str]], title: str
) -> None:
    on_the_page = [name for _, name, _ in steps(page, title)]
    assert on_the_page == recorded[title], difference(on_the_page, recorded[title])


@pytest.mark.parametrize("title", JOURNEYS)
def test_every_step_of_a_journey_has_its_number_and_its_text(page: str, title: str) -> None:
    found = steps(page, title)
    assert list(range(1, len(found) + 1)) == [number for number, _, _ in found]
    without_text = [name for _, name, text in found if not text.endswith(".") or TODO in text]
    assert not without_text, f"say in docs/architecture.md what these do: {without_text}"


def test_the_page_states_the_length_from_which_a_function_is_listed(page: str) -> None:
    assert f"fewer than {FEWEST_LINES} lines" in " ".join(page.split())


def test_a_wait_takes_the_two_requests_that_the_page_names() -> None:
    _, value, requests = journey("Wait for a run")
    assert {"text": "hello"} == value
    assert ["POST /threads/t/runs/wait", "GET /threads/t/runs/r"] == [
        f"{request.method} {request.target}" for request in requests
    ]


def test_a_cut_stream_takes_the_four_requests_that_the_page_names_and_yields_each_part_once() -> None:
    _, ids, requests = journey("Read a stream that is cut")
    assert ids == IDS
    assert [
        ("POST /threads/t/runs/stream", []),
        ("GET /threads/t/runs/r/stream", [IDS[0]]),
        ("GET /threads/t/runs/r", []),
        ("GET /threads/t/runs/r/stream", [IDS[2]]),
    ] == [
        (f"{request.method} {request.target.partition('?')[0]}", request.header("last-event-id"))
        for request in requests
    ]


def test_the_picture_has_every_room_in_the_order_of_the_layers(drawn: Picture) -> None:
    """Those of import-linter, below what imports them all and above the generated layer."""
    layers = [module for layer in contracts()[0]["layers"] for module in layer.split(" | ")]
    modules = [module for room in drawn.rooms.values() for module in room]
    assert modules == ["__init__", *layers, "langgraph_runs_api"]


def test_the_picture_draws_every_import_between_rooms_and_no_other(drawn: Picture) -> None:
    real = imports(drawn.rooms)
    expected = [f"{source} --> {target}" for source, target in sorted(real)]
    arrows = [f"{source} --> {target}" for source, target in sorted(drawn.solid | drawn.dotted)]
    assert arrows == expected, difference(arrows, expected)
    assert drawn.solid == shortest(real), (
        f"these arrows must be solid, and the others dotted: {shortest(real)}"
    )


def test_no_arrow_of_the_picture_points_up(drawn: Picture) -> None:
    floors = {room: floor for floor, room in enumerate(drawn.rooms)}
    assert [] == [arrow for arrow in drawn.solid | drawn.dotted if floors[arrow[0]] >= floors[arrow[1]]]


@pytest.mark.parametrize(
    "line", ["    stream --> |reads| run", "    stream <-- run", "    end[The end]", "    init -.-> run &"]
)
def test_a_line_of_the_picture_that_might_not_be_rendered_is_refused(page: str, line: str) -> None:
    with pytest.raises(ValueError, match="is neither"):
        picture(page.replace("flowchart TD\n", f"flowchart TD\n{line}\n"))


def test_every_room_and_every_file_has_its_line(page: str, drawn: Picture) -> None:
    """Of a room, in the table of rooms; of a file, in the table of its room."""
    paths = [path.relative_to(WRAPPER) for path in WRAPPER.rglob("*.py") if path.name != "__init__.py"]
    files = {path.as_posix() for path in paths if path.parts[0] != "_sync"}
    folders = {f"{path.parts[0]}/" for path in paths if len(path.parts) > 1}
    expected = sorted([*files, *folders, "__init__.py", "generated/langgraph_runs_api/"])
    named = sorted(name.strip("`") for key in rows(page) for name in key.split(", "))
    assert named == expected, difference(named, expected, "edit the tables of docs/architecture.md")


def test_every_contract_of_import_linter_is_among_the_house_rules(page: str) -> None:
    """By its name, which import-linter prints when it is broken."""
    text = " ".join(page.split())
    missing = [contract["name"] for contract in contracts() if f"**{contract['name']}.**" not in text]
    assert not missing, f"docs/architecture.md does not explain these rules of pyproject.toml: {missing}"


def test_refreshing_the_page_changes_only_what_has_changed(page: str) -> None:
    """And a step that is new has no text yet."""
    named = {title: [name for _, name, _ in steps(page, title)] for title in JOURNEYS}
    assert page == updated(page, named), difference(page.splitlines(), updated(page, named).splitlines())
    first, second = JOURNEYS
    name = named[first][1]
    without = updated(page, {**named, first: [one for one in named[first] if one != name]})
    again = updated(without, named)
    lines = zip(page.splitlines(), again.splitlines(), strict=True)
    assert [f"2. `{name}` {TODO}"] == [new for old, new in lines if new != old]
    assert steps(page, second) == steps(without, second)


def test_refreshing_the_page_draws_the_arrows_again(page: str) -> None:
    arrow = "    methods --> stream\n"
    assert arrow in page
    named = {title: [name for _, name, _ in steps(page, title)] for title in JOURNEYS}
    assert updated(page, named) == updated(page.replace(arrow, "    io -.-> errors\n"), named)
