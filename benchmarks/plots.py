"""Draws the figures of docs/performance.md and docs/compatibility.md as SVG, in docs/pictures.

`make bench` does this after it has written the page. `python benchmarks/plots.py` draws what is on the pages now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
PICTURES = DOCS / "pictures"

OURS, SDK, HTTPX = "langgraph-runs", "langgraph-sdk", "bare httpx"
# Told apart by their lightness too. A second shade is for losses that an error reports.
COLORS = {OURS: "#00796b", SDK: "#e0803a", HTTPX: "#9e9e9e"}
LIGHT = {OURS: "#7cc4bb", SDK: "#f3c9a5"}
INK, PAPER, LINE = "#263238", "#ffffff", "#cfd8dc"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

BAR, GAP, LABEL, MARGIN = 16, 4, 20, 16
ROOM = 140  # for the text behind the longest bar


@dataclass(frozen=True)
class Bar:
    """A bar.

    Attributes:
        client: Whose bar it is, which chooses its color.
        value: Its length.
        text: What stands behind it.
        light: The length of the lighter part that follows.
    """

    client: str
    value: float
    text: str
    light: float = 0


@dataclass(frozen=True)
class Chart:
    """Groups of bars below a title; in each group, one bar for each client."""

    title: str
    note: str
    groups: dict[str, list[Bar]]

    def of(self, *clients: str, last: int) -> Chart:
        """A smaller chart: only these clients, and the last groups."""
        kept = list(self.groups.items())[-last:]
        return Chart(
            self.title,
            self.note,
            {name: [bar for bar in bars if bar.client in clients] for name, bars in kept},
        )

    def height(self) -> int:
        """How high it is."""
        bars = sum(len(bars) for bars in self.groups.values())
        return 2 * MARGIN + 44 + len(self.groups) * (LABEL + 8) + bars * (BAR + GAP) + 24

    def drawn(self, width: int, x: int = 0) -> str:
        """Its shapes."""
        longest = max(bar.value + bar.light for bars in self.groups.values() for bar in bars) or 1
        scale = (width - 2 * MARGIN - ROOM) / longest
        left, y = x + MARGIN, MARGIN + 16
        parts = [_text(left, y, self.title, size=15, weight=600), _text(left, y + 19, self.note, size=11)]
        y += 36
        for label, bars in self.groups.items():
            parts.append(_text(left, y + 12, label, size=12))
            y += LABEL
            for bar in bars:
                dark, light = max(1.0, bar.value * scale), bar.light * scale
                parts.append(_box(left, y, dark, BAR, COLORS[bar.client]))
                if light:
                    parts.append(_box(left + dark, y, light, BAR, LIGHT[bar.client]))
                parts.append(_text(left + dark + light + 6, y + 12, bar.text, size=12))
                y += BAR + GAP
            y += 8
        clients = dict.fromkeys(bar.client for bars in self.groups.values() for bar in bars)
        for number, client in enumerate(clients):
            spot = left + number * 118
            parts += [_box(spot, y + 2, 10, 10, COLORS[client]), _text(spot + 15, y + 11, client, size=11)]
        return "\n".join(parts)


def _text(x: float, y: float, text: str, *, size: int, weight: int = 400) -> str:
    style = f'font-size="{size}" font-weight="{weight}" fill="{INK}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(text)}</text>'


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'


def svg(charts: Iterable[Chart], width: int) -> str:
    """The charts side by side, on paper of their own, so that they can be read in light and in dark pages."""
    charts = list(charts)
    height, total = max(chart.height() for chart in charts), width * len(charts)
    label = escape("; ".join(f"{chart.title}, {chart.note}" for chart in charts), quote=True)
    head = f'viewBox="0 0 {total} {height}" width="{total}" height="{height}" role="img" aria-label="{label}"'
    paper = f'width="{total - 1}" height="{height - 1}" rx="8" fill="{PAPER}" stroke="{LINE}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {head} font-family="{FONT}">',
            f'<rect x="0.5" y="0.5" {paper}/>',
            *(chart.drawn(width, number * width) for number, chart in enumerate(charts)),
            "</svg>\n",
        ]
    )


Table = list[dict[str, str]]


def table(page: str, heading: str) -> Table:
    """The rows of the table below a heading, by the names of their columns; "" is the first one."""
    section = re.split(rf"^## {re.escape(heading)}\n", page, flags=re.MULTILINE)[1].split("\n## ")[0]
    lines = [
        [cell.strip() for cell in re.split(r" ?\| ?", line.strip("|"))]
        for line in section.splitlines()
        if line.startswith("|")
    ]
    names = [name or ("" if place == 0 else "met") for place, name in enumerate(lines[0])]
    return [dict(zip(names, line, strict=False)) for line in lines[2:]]


def number(text: str) -> float:
    """The first number of a cell; 0 if it has none."""
    found = re.match(r"[\d,.]+", text)
    return float(found[0].replace(",", "")) if found else 0


def lost_events(compatibility: str) -> Chart:
    """The events that did not arrive, by server."""
    servers: dict[str, list[Bar]] = {}
    for row in table(compatibility, "Cut streams"):
        silent, reported = number(row["lost without an error"]), number(row["lost, with an error"])
        text = f"{silent + reported:,.0f} lost" if silent + reported else "none lost"
        servers.setdefault(row["server"], []).append(Bar(row["client"], silent, text, light=reported))
    return Chart("Events lost to cut connections", "of 15,000; the lighter part with an error", servers)


def cpu(rows: Table, title: str, note: str) -> Chart:
    """The CPU time of each client, by case."""
    columns = {OURS: "CPU", SDK: SDK, HTTPX: HTTPX}
    return Chart(
        title,
        note,
        {
            row[""]: [
                Bar(client, number(row[column]), row[column])
                for client, column in columns.items()
                if row.get(column)
            ]
            for row in rows
            if "[aiohttp]" not in row[""] and row.get(SDK)
        },
    )


def waits(rows: Table) -> Chart:
    """What many waits at once cost each, and how many of them fail."""
    groups: dict[str, list[Bar]] = {}
    for row in rows:
        size, client = row[""].split(", ", 1)
        if client in (OURS, SDK):
            failed = number(row["failed"])
            text = f"{row['CPU per run']}, {failed:.0f} failed" if failed else row["CPU per run"]
            groups.setdefault(size, []).append(Bar(client, number(row["CPU per run"]), text))
    both = {size: bars for size, bars in groups.items() if len(bars) == 2}
    return Chart("Waiting for many runs at once", "CPU time for each run", both)


def pictures() -> dict[str, str]:
    """Every picture, by the name of its file."""
    performance = (DOCS / "performance.md").read_text("utf-8")
    lost = lost_events((DOCS / "compatibility.md").read_text("utf-8"))
    token = cpu(table(performance, "Tokens"), "Streaming tokens", "CPU time for each token")
    wait = waits(table(performance, "Waits"))
    return {
        "lost-events.svg": svg([lost], 640),
        "tokens.svg": svg([token], 640),
        "streams.svg": svg(
            [
                cpu(
                    table(performance, "Streams"),
                    "Reading a stream, 64 KiB at a time",
                    "CPU time for each event",
                )
            ],
            640,
        ),
        "calls.svg": svg([cpu(table(performance, "Calls"), "Calling create", "CPU time for each call")], 640),
        "waits.svg": svg([wait], 640),
        # One screen of them, for the README.
        "numbers.svg": svg([chart.of(OURS, SDK, last=3) for chart in (lost, token, wait)], 320),
    }


def draw() -> None:
    """Writes every picture to docs/pictures."""
    PICTURES.mkdir(exist_ok=True)
    for name, text in pictures().items():
        (PICTURES / name).write_text(text, "utf-8")


if __name__ == "__main__":
    draw()
