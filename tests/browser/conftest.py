"""Chromium, a real LangGraph server with the graph of examples/chat, and the app."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browser.chat_app import FOLDER, ChatApp, chat_app
from browser.chat_page import ChatPage
from chromium import chromium
from dev_server import DevServer, dev_server
from selenium.webdriver import Chrome


@pytest.fixture(scope="session")
def server() -> Iterator[DevServer]:
    """The real server."""
    with dev_server(FOLDER) as running:
        yield running


@pytest.fixture(scope="session")
def app(server: DevServer) -> Iterator[ChatApp]:
    """The app. A test that kills it starts it again."""
    with chat_app(server.url) as running:
        yield running


@pytest.fixture(scope="session")
def chrome() -> Iterator[Chrome]:
    """A browser, with a first tab that stays empty."""
    with chromium() as running:
        yield running


@pytest.fixture
def open_page(chrome: Chrome, server: DevServer) -> Iterator[Callable[[str], ChatPage]]:
    """Opens the page of an app in a new tab. Closes all tabs afterwards."""
    first = chrome.current_window_handle
    yield lambda url: ChatPage(chrome, url, server.url)
    for tab in set(chrome.window_handles) - {first}:
        chrome.switch_to.window(tab)
        chrome.close()
    chrome.switch_to.window(first)


@pytest.fixture
def page(open_page: Callable[[str], ChatPage], app: ChatApp) -> ChatPage:
    """The page of the app, with a new chat."""
    return open_page(app.url)
