"""Visits every page of the built site in headless Chromium, and fails if a reader would see something broken.

    python tools/browse.py site

On each page: nothing is reported to the console, no request fails or leaves this machine, every picture is drawn, and
so is every diagram.
"""

import argparse
import contextlib
import functools
import json
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from chromium import chromium, find_chromium, logged
from selenium.common.exceptions import TimeoutException
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

SECONDS = 60.0  # for a page, on a busy machine

# Whether the page is complete: the pictures, and the diagrams, each of which Mermaid turns from a `pre` into a `div`.
IS_DRAWN = """
return document.readyState === "complete"
    && [...document.images].every((image) => image.complete)
    && document.querySelectorAll("pre.mermaid").length === 0
"""
# What is broken in it.
BROKEN = """
const found = []
for (const image of document.images)
    if (image.naturalWidth === 0) found.push(`the picture ${image.src} is not drawn`)
for (const diagram of document.querySelectorAll("div.mermaid")) {
    const box = diagram.getBoundingClientRect()
    if (box.width < 50 || box.height < 50) found.push(`a diagram is ${box.width} by ${box.height} pixels`)
}
return found
"""


def main() -> int:
    """Visits the pages. Returns 1 if something is broken, and 2 if there is no browser."""
    parser = argparse.ArgumentParser(description="Visit every page of the built site in headless Chromium.")
    parser.add_argument("site", type=Path, help="the folder of the site")
    site: Path = parser.parse_args().site
    try:
        find_chromium()
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    if not pages:
        print(f"there is no page in {site}; `make docs` builds them", file=sys.stderr)
        return 1
    faults: list[str] = []
    with serving(site) as url, chromium(log_requests=True) as chrome:
        for page in pages:
            found = visit(chrome, url, page)
            print(f"{page}: {'; '.join(found) or 'fine'}", flush=True)
            faults += found
    print(f"{len(pages)} pages, {len(faults)} faults")
    return 1 if faults else 0


def visit(chrome: Chrome, url: str, page: str) -> list[str]:
    """What is broken on a page."""
    chrome.get(f"{url}/{page}")
    faults: list[str] = []
    try:
        WebDriverWait(chrome, SECONDS).until(lambda _: chrome.execute_script(IS_DRAWN))
    except TimeoutException:
        faults.append(f"a picture or a diagram is not there after {SECONDS:.0f} s")
    faults += chrome.execute_script(BROKEN)
    faults += [f"console: {entry['message']}" for entry in logged(chrome, "browser")]
    return faults + failed_requests(chrome, url)


def failed_requests(chrome: Chrome, url: str) -> list[str]:
    """The requests since the last call that failed, or that went elsewhere."""
    faults: list[str] = []
    for entry in logged(chrome, "performance"):
        event: dict[str, Any] = json.loads(entry["message"])["message"]
        what = event["params"]
        if event["method"] == "Network.requestWillBeSent":
            target = what["request"]["url"]
            if not target.startswith((f"{url}/", "data:", "blob:")):
                faults.append(f"a request to {target}")
        elif event["method"] == "Network.responseReceived" and what["response"]["status"] >= 400:
            faults.append(f"{what['response']['url']} has status {what['response']['status']}")
        elif event["method"] == "Network.loadingFailed" and not what.get("canceled"):
            faults.append(f"a request failed: {what['errorText']}")
    return faults


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A web server of the folder, on a free port of this machine; yields its URL."""
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and prints nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as its base class has it
        """Prints nothing."""


if __name__ == "__main__":
    sys.exit(main())
