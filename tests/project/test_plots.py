"""The pictures of the measurements show what the tables say."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs/pictures"
sys.path.append(str(ROOT / "benchmarks"))

import plots  # noqa: E402


def test_the_pictures_are_those_of_the_tables() -> None:
    """After a change of a table: `python benchmarks/plots.py`."""
    drawn = plots.pictures()
    assert drawn.keys() == {path.name for path in PICTURES.iterdir()}
    for name, text in drawn.items():
        assert text == (PICTURES / name).read_text("utf-8"), name


@pytest.mark.parametrize("path", sorted(PICTURES.glob("*.svg")), ids=lambda path: path.name)
def test_a_picture_is_self_contained_and_says_what_it_shows(path: Path) -> None:
    """It loads nothing, and has a text for those who do not see it."""
    text = path.read_text("utf-8")
    root = ElementTree.fromstring(text)
    assert "img" == root.get("role")
    assert len(root.get("aria-label", "")) > 20
    assert not re.search(r"href|url\(|<script|<style|@import", text)


def test_the_length_of_a_bar_is_its_value() -> None:
    """The longest one of a chart is as long as there is room; the others are in proportion."""
    chart = plots.Chart(
        "t", "n", {"a": [plots.Bar("langgraph-runs", 5, "5"), plots.Bar("langgraph-sdk", 20, "20")]}
    )
    root = ElementTree.fromstring(plots.svg([chart], 640))
    bars = [
        float(box.get("width", ""))
        for box in root.iter("{http://www.w3.org/2000/svg}rect")
        if box.get("height") == str(float(plots.BAR))
    ]
    assert [117.0, 468.0] == bars


def test_a_table_is_read_by_its_columns() -> None:
    rows = ["|  | CPU | goal |  |", "| --- | --- | --- | --- |", "| sync | 1,021.5 µs | ≤ 2 | met |"]
    page = "\n".join(["## Tokens", "", *rows, "", "## Next", ""])
    assert [{"": "sync", "CPU": "1,021.5 µs", "goal": "≤ 2", "met": "met"}] == plots.table(page, "Tokens")
    assert 1021.5 == plots.number("1,021.5 µs")


def test_every_drawn_case_has_its_picture_on_the_page() -> None:
    """report.py puts it there."""
    page = (ROOT / "docs/performance.md").read_text("utf-8")
    shown = re.findall(r"\(pictures/(\w+)\.svg\)", page)
    assert ["tokens", "streams", "calls", "waits"] == shown
