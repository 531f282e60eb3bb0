"""The site of the docs: every page is reachable, every link works, nothing is loaded from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
import yaml

import langgraph_runs

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = "https://github.com/langgraph-runs/langgraph-runs/"
RAW = "https://raw.githubusercontent.com/langgraph-runs/langgraph-runs/main/"
# The attributes by which a page loads something, by its element. An `a` only leads somewhere.
LOADS = {
    "script": ["src"],
    "link": ["href"],
    "img": ["src", "srcset"],
    "source": ["src", "srcset"],
    "iframe": ["src"],
    "object": ["data"],
    "embed": ["src"],
    "video": ["src", "poster"],
    "audio": ["src"],
    "use": ["href", "xlink:href"],
}


class Page(HTMLParser):
    """What a page loads, where its links lead, and the anchors that it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.loads += [value for name in LOADS.get(tag, []) if (value := given.get(name))]
        if tag == "a" and (target := given.get("href")):
            self.links.append(target)
        self.anchors |= {value for name in ("id", "name") if (value := given.get(name))}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    """The pages of the site as `make docs` builds it, by path. 404.html is for a server to send, from anywhere."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "HTTPS_PROXY": "http://127.0.0.1:9"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    for sheet in folder.rglob("*.css"):
        text = re.sub(r"url\(\"?data:.*?\)", "", sheet.read_text("utf-8"))
        assert not re.search(r"@import|url\(['\"]?(https?:)?//", text), sheet
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    pages = {name: Page(path.read_text("utf-8")) for name, path in found.items() if name.endswith(".html")}
    del pages["404.html"]
    for name in found.keys() - pages.keys() - {"404.html"}:
        pages[name] = Page("")  # a picture, a script or a style
    return pages


def test_nothing_is_loaded_from_elsewhere(site: dict[str, Page]) -> None:
    """No script, style, picture, font or frame; each is a file of the site."""
    loads = [(name, target) for name, page in site.items() for target in page.loads]
    assert len(loads) > 100
    for name, target in loads:
        assert not re.match(r"(\w+:)?//", target), f"{name} loads {target}"
        assert target.startswith("data:") or resolved(name, target)[0] in site, f"{name} loads {target}"


def test_no_link_within_the_site_is_dead(site: dict[str, Page]) -> None:
    """Neither its page nor its anchor."""
    dead = []
    for name, page in site.items():
        for target in page.links:
            if re.match(r"\w+:", target):
                continue
            path, anchor = resolved(name, target)
            if path not in site or (anchor and anchor not in site[path].anchors):
                dead.append(f"{name}: {target}")
    assert [] == dead


def test_every_page_can_be_reached_from_the_first_one(site: dict[str, Page]) -> None:
    reached, left = set[str](), ["index.html"]
    while left:
        name = left.pop()
        if name not in reached:
            reached.add(name)
            left += [resolved(name, link)[0] for link in site[name].links if not re.match(r"\w+:", link)]
    assert {name for name in site if name.endswith(".html")} == {name for name in reached if ".html" in name}


def test_every_diagram_comes_with_the_mermaid_of_the_site(site: dict[str, Page]) -> None:
    """The theme would load it from elsewhere."""
    have = {
        path.relative_to(ROOT / "docs").as_posix()
        for path in (ROOT / "docs").rglob("*.md")
        if "```mermaid" in path.read_text("utf-8")
    }
    assert {"architecture.md", "outcomes.md", "streams.md"} <= have
    loading = {name for name, page in site.items() if any("mermaid.min.js" in load for load in page.loads)}
    assert loading == {name.replace(".md", ".html") for name in have}


def test_the_reference_has_every_public_name(site: dict[str, Page]) -> None:
    """By an anchor, to which the type of an argument links. UNSET is a value."""
    anchors = {
        anchor for name, page in site.items() if name.startswith("reference/") for anchor in page.anchors
    }
    missing = [
        name
        for name in langgraph_runs.__all__
        if not any(anchor.startswith("langgraph_runs") and anchor.endswith(f".{name}") for anchor in anchors)
    ]
    assert ["UNSET"] == missing


def resolved(name: str, target: str) -> tuple[str, str]:
    """The path and the anchor to which a link on a page leads."""
    path, anchor = urldefrag(urljoin(f"/{name}", target))
    path = unquote(path).removeprefix("/")
    return (path or "index.html") + ("index.html" if path.endswith("/") else ""), unquote(anchor)


def entries(nav: Any) -> list[str]:
    """The pages of a navigation, in order."""
    if isinstance(nav, str):
        return [nav]
    return [page for one in (nav.values() if isinstance(nav, dict) else nav) for page in entries(one)]


def test_every_page_is_in_the_navigation_once() -> None:
    nav = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), yaml.BaseLoader)["nav"]
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert sorted(pages) == sorted(entries(nav))


@cache
def headings(path: Path) -> set[str]:
    """The anchors that GitHub makes of the headings of a page."""
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.*)", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_link_of_the_readme_works_wherever_it_is_shown() -> None:
    """On PyPI too: each is absolute. One into the repository leads to a file, and to a heading of it."""
    text = re.sub(r"^```.*?^```", "", (ROOT / "README.md").read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    defined = dict(re.findall(r"^\[(.*?)\]: (\S+)$", text, re.MULTILINE))
    assert defined.keys() == set(re.findall(r"\]\[([^\]]+)\]", text)), "a link is not defined, or not used"
    targets = [*re.findall(r"\]\(([^)]+)\)", text), *defined.values()]
    assert len(targets) > 20
    for target in targets:
        assert target.startswith("https://"), target
        url, anchor = urldefrag(target)
        for start in (f"{REPOSITORY}blob/main/", RAW):
            if url.startswith(start):
                path = ROOT / url.removeprefix(start)
                assert path.is_file(), target
                assert not anchor or anchor in headings(path), target


def test_the_browser_test_says_what_to_install(tmp_path: Path) -> None:
    """If there is no Chromium; it does not pass then."""
    done = subprocess.run(
        [sys.executable, ROOT / "tools/browse.py", tmp_path],
        env={name: value for name, value in os.environ.items() if not name.startswith("CHROM")}
        | {"PATH": "/empty"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (2, "") == (done.returncode, done.stdout)
    assert "apt-get install --no-install-recommends chromium chromium-driver" in done.stderr
