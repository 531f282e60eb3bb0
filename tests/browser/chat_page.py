"""The page of examples/chat, in a tab of Chromium: what a user does, and what a user sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from selenium.common.exceptions import JavascriptException, StaleElementReferenceException, WebDriverException
from selenium.webdriver import Chrome
from wait_until import wait_until

LIMIT = 60.0  # seconds, on a busy machine
# Reloads the page as soon as a condition is true: after a token is shown, and before the next event is taken.
RELOAD_WHEN = """
window.isOld = true
const count = (kind) => document.querySelectorAll(kind).length
const observer = new MutationObserver(check)
function check() {
    const text = [...document.querySelectorAll(".graph")].at(-1)?.textContent ?? ""
    if (!(%s)) return
    observer.disconnect()
    location.reload()
}
observer.observe(document.getElementById("lines"), {childList: true, characterData: true, subtree: true})
check()
"""
LINES = "return [...document.querySelectorAll('#lines p')].map((line) => [line.className, line.textContent])"


class ChatPage:
    """One tab. A test that has several works on one at a time, and says which by `focus`."""

    def __init__(self, chrome: Chrome, url: str, server: str) -> None:
        chrome.switch_to.new_window("tab")
        chrome.get(url)
        self.chrome, self._server = chrome, server
        self._tab = chrome.current_window_handle

    def twin(self) -> ChatPage:
        """Another tab, with a copy of what this one has stored, as the browser's "Duplicate" makes it."""
        known = set(self.chrome.window_handles)
        self.chrome.execute_script("window.open(location.href)")
        wait_until(lambda: len(self.chrome.window_handles) > len(known), LIMIT)
        other = object.__new__(ChatPage)
        other.chrome, other._server = self.chrome, self._server
        (other._tab,) = set(self.chrome.window_handles) - known
        return other

    def focus(self) -> None:
        """Works on this tab from now on."""
        self.chrome.switch_to.window(self._tab)

    def do(self, script: str) -> Any:
        """The result of a script."""
        return self.chrome.execute_script(script)

    def write(self, text: str) -> None:
        """Sends a message, as soon as that is possible."""
        self.wait(lambda: self.do("return !document.getElementById('send').disabled"))
        self.chrome.execute_script("document.getElementById('text').value = arguments[0]", text)
        self.click("send")

    def answer(self, text: str) -> None:
        """Answers the question, as soon as there is one."""
        self.wait(lambda: self.is_asked)
        self.chrome.find_element("css selector", f"#question button[value={text}]").click()

    def click(self, name: str) -> None:
        """Clicks a button."""
        self.chrome.find_element("id", name).click()

    def reload_when(self, condition: str) -> None:
        """Reloads the page as soon as an expression is true, about `text`, the graph's last line, and `count`, which
        counts what a selector finds."""
        self.do(RELOAD_WHEN % condition)

    def wait_for_reload(self) -> None:
        """Waits until the page has been reloaded."""
        self.wait(lambda: self.do("return window.isOld === undefined && document.readyState === 'complete'"))

    def wait(self, condition: Callable[[], Any]) -> None:
        """Waits until a condition is true. While the page is reloaded, nothing is."""

        def is_true() -> bool:
            try:
                return bool(condition())
            except (JavascriptException, StaleElementReferenceException):
                return False
            except WebDriverException as error:  # "aborted by navigation", of no class of its own
                if "navigat" not in str(error) and "loader has changed" not in str(error):
                    raise
                return False

        wait_until(is_true, LIMIT)

    @property
    def lines(self) -> list[list[str]]:
        """What is shown: who says it, and what."""
        lines: list[list[str]] = self.do(LINES)
        return lines

    @property
    def letters(self) -> list[str]:
        """What the graph has written."""
        return [text for by, text in self.lines if by == "graph"]

    @property
    def notes(self) -> list[str]:
        """What the page itself says."""
        return [text for by, text in self.lines if by == "note"]

    @property
    def is_asked(self) -> bool:
        """Whether the page shows a question."""
        return bool(self.do("return !document.getElementById('question').hidden"))

    @property
    def is_idle(self) -> bool:
        """Whether no run is active, as far as the page knows."""
        return bool(self.do("return document.getElementById('status').textContent === ''"))

    @property
    def status(self) -> str:
        """What the page says that it is doing."""
        return str(self.do("return document.getElementById('status').textContent"))

    @property
    def stored(self) -> dict[str, Any]:
        """What the tab keeps."""
        stored: dict[str, Any] = self.do("return JSON.parse(sessionStorage.getItem('chat'))")
        return stored

    def saved_letters(self) -> list[str]:
        """What the graph has written, by the server."""
        state = httpx.get(f"{self._server}/threads/{self.stored['thread']}/state").raise_for_status().json()
        return [one["content"] for one in state["values"].get("messages", []) if one["type"] == "ai"]

    def runs(self) -> list[dict[str, Any]]:
        """The runs of the chat, newest first, by the server."""
        runs: list[dict[str, Any]] = (
            httpx.get(f"{self._server}/threads/{self.stored['thread']}/runs").raise_for_status().json()
        )
        return runs
