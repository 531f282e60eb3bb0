"""Headless Chromium, for tests of pages. Chromium and its driver come from the system; the environment variables
`CHROMIUM` and `CHROMEDRIVER` name others."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions, ChromeService

INSTALL = "apt-get install --no-install-recommends chromium chromium-driver"


def find_chromium() -> tuple[str, str]:
    """The paths of Chromium and of its driver.

    Raises:
        FileNotFoundError: One of them is not installed; the message says how to install it.
    """
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    driver = os.environ.get("CHROMEDRIVER") or shutil.which("chromedriver")
    if program is None or driver is None:
        raise FileNotFoundError(f"Chromium or its driver is missing. To install them: {INSTALL}")
    return program, driver


@contextlib.contextmanager
def chromium(*, log_requests: bool = False) -> Iterator[Chrome]:
    """Headless Chromium, which reports its console.

    Args:
        log_requests: Whether it also reports its requests, which takes time for each piece of a response.

    Raises:
        FileNotFoundError: It is not installed; the message says how to install it.
    """
    program, driver = find_chromium()
    options = ChromeOptions()
    options.binary_location = program
    # In a container, /dev/shm may be small. Chromium's own requests, for updates, are not those of the site.
    flags = [
        "headless=new",
        "disable-dev-shm-usage",
        "disable-background-networking",
        "window-size=1280,1000",
    ]
    if os.geteuid() == 0:
        flags.append("no-sandbox")  # root has none
    for flag in flags:
        options.add_argument(f"--{flag}")
    logs = {"browser": "ALL"} | ({"performance": "ALL"} if log_requests else {})
    options.set_capability("goog:loggingPrefs", logs)
    chrome = Chrome(options=options, service=ChromeService(executable_path=driver))
    try:
        yield chrome
    finally:
        chrome.quit()


def logged(chrome: Chrome, kind: str) -> list[dict[str, Any]]:
    """What the browser has logged since the last call."""
    entries: list[dict[str, Any]] = chrome.get_log(kind)  # type: ignore[no-untyped-call]
    return entries
