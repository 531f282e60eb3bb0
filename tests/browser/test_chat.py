"""examples/chat in Chromium: whatever is reloaded, cut or killed, the page shows each token once."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from browser.chat_app import ChatApp, chat_app
from browser.chat_page import ChatPage
from chromium import logged
from dev_server import DevServer
from servers.cutting_proxy import cutting_proxy

LONG = "all that happened since last spring " * 8
END = "Yours, the graph"
ENDLESS = "forever and ever " * 300


def check_letter(page: ChatPage) -> None:
    """Waits for the question, and checks that the page shows one letter, as the server has it, of one run."""
    page.wait(lambda: page.is_asked)
    assert page.saved_letters() == page.letters
    assert (1, []) == (len(page.letters), page.notes)
    assert ["success"] == [run["status"] for run in page.runs()]


def test_a_letter_is_written_token_by_token_and_sent_after_a_yes(page: ChatPage) -> None:
    """Nothing is reported to the console."""
    page.write("hello")
    check_letter(page)
    assert page.letters[0].startswith("Dear friend,\n\nyou asked for this: hello\n\n")
    page.answer("yes")
    page.wait(lambda: page.is_idle)
    assert page.saved_letters() == page.letters
    assert ["yes", "It is sent."] == [text for _, text in page.lines[-2:]]
    assert not logged(page.chrome, "browser")


def test_what_a_user_or_the_graph_writes_is_text_and_not_html(page: ChatPage) -> None:
    page.write("<img src=x onerror=alert(1)><b>bold</b>")
    check_letter(page)
    assert "<img src=x onerror=alert(1)><b>bold</b>" in page.letters[0]
    assert 0 == page.do("return document.querySelectorAll('#lines img, #lines b').length")


@pytest.mark.parametrize(
    "condition",
    [
        "count('.user') && text === ''",
        "text.length > 0",
        "text.length >= 30",
        f"text.endsWith('{END}')",
    ],
    ids=["before the first token", "after the first token", "in the middle", "just at the end"],
)
def test_after_a_reload_the_next_token_follows(page: ChatPage, condition: str) -> None:
    """Before the first token, the request that starts the run is sent again, and starts no second run."""
    page.reload_when(condition)
    page.write("hello again")
    page.wait_for_reload()
    check_letter(page)


def test_a_reload_before_the_run_is_read_loses_nothing(page: ChatPage) -> None:
    """The page knows the run, and has no position."""
    page.do(
        "window.EventSource = class { constructor() { location.reload() } addEventListener() {} }; window.isOld = true"
    )
    page.write("hello")
    page.wait_for_reload()
    check_letter(page)


def test_many_reloads_in_a_row_lose_and_double_nothing(page: ChatPage) -> None:
    page.reload_when("text.length >= 10")
    page.write(LONG)
    for length in (30, 31, 90, 200):
        page.wait_for_reload()
        page.reload_when(f"text.length >= {length}")
    page.wait_for_reload()
    check_letter(page)


def test_a_question_is_asked_again_after_a_reload_and_answered_once(page: ChatPage) -> None:
    """The page is reloaded with the question, while the answer is sent, and in the reply."""
    page.write("hello")
    check_letter(page)
    page.do("window.isOld = true; location.reload()")
    page.wait_for_reload()
    page.reload_when("count('.user') === 2")
    page.answer("no")
    page.wait_for_reload()
    page.reload_when("text.startsWith('I have')")
    page.wait_for_reload()
    page.wait(lambda: page.is_idle)
    assert [page.letters[0], "I have thrown it away."] == page.saved_letters() == page.letters
    assert ["success", "success"] == [run["status"] for run in page.runs()]


def test_cut_connections_on_both_sides_of_the_app_lose_and_double_nothing(
    open_page: Callable[[str], ChatPage], server: DevServer
) -> None:
    """Between the browser and the app, and between the app and the server. The page itself is not cut."""
    with (
        cutting_proxy(server.url, Random(1), least=2_000, most=30_000) as behind,
        chat_app(behind.url) as app,
        cutting_proxy(app.url, Random(2), least=20_000, most=40_000) as before,
    ):
        page = open_page(before.url)
        page.write(LONG)
        check_letter(page)
        page.answer("yes")
        page.wait(lambda: page.is_idle)
        assert page.saved_letters() == page.letters
        assert before.cuts > 1
        assert behind.cuts > 5


def test_the_app_is_killed_and_started_again_while_a_letter_is_written(page: ChatPage, app: ChatApp) -> None:
    """And while an answer is sent."""
    page.write(LONG)
    page.wait(lambda: page.letters and len(page.letters[0]) > 20)
    app.kill()
    assert not page.letters[0].endswith(END)
    page.wait(lambda: page.status == "Connecting …")
    app.start()
    check_letter(page)
    app.kill()
    page.answer("yes")
    page.wait(lambda: page.status == "Connecting …")
    app.start()
    page.wait(lambda: page.is_idle)
    assert "It is sent." == page.letters[-1]
    assert page.saved_letters() == page.letters
    assert ["success", "success"] == [run["status"] for run in page.runs()]


def check_stopped(page: ChatPage) -> None:
    """Waits until the run is cancelled on the server and the page can be used, and writes another letter."""
    page.wait(lambda: page.is_idle)
    assert ["interrupted"] == [run["status"] for run in page.runs()]
    assert ["Stopped."] == page.notes
    assert not page.saved_letters()
    page.write("hello")
    page.wait(lambda: page.is_asked)
    assert page.saved_letters() == page.letters[-1:]


def test_stop_cancels_the_run_on_the_server(page: ChatPage) -> None:
    page.write(ENDLESS)
    page.wait(lambda: page.letters)
    page.click("stop")
    check_stopped(page)


def test_stop_before_there_is_a_run_cancels_it_as_soon_as_there_is_one(page: ChatPage) -> None:
    """Both clicks come before any response."""
    page.do(f"""
        document.getElementById('text').value = {ENDLESS!r}
        document.getElementById('send').click()
        document.getElementById('stop').click()
    """)
    check_stopped(page)


def test_stop_while_the_app_is_down_cancels_the_run_when_it_is_back(page: ChatPage, app: ChatApp) -> None:
    """Even if the page is reloaded in between; the browser has no page while the app is down."""
    page.write(ENDLESS)
    page.wait(lambda: page.letters)
    app.kill()
    page.wait(lambda: page.status == "Connecting …")
    page.click("stop")
    app.start()
    page.do("window.isOld = true; location.reload()")
    page.wait_for_reload()
    check_stopped(page)


def test_two_tabs_show_the_same_run_and_only_one_answers(page: ChatPage) -> None:
    """The other one says that the chat was continued elsewhere."""
    page.write(LONG)
    page.wait(lambda: page.letters)
    twin = page.twin()
    for tab in (page, twin):
        tab.focus()
        check_letter(tab)
    twin.answer("yes")
    twin.wait(lambda: twin.is_idle)
    assert "It is sent." == twin.letters[-1]
    page.focus()
    page.answer("no")
    page.wait(lambda: page.notes)
    assert ["Not sent: this chat was continued elsewhere, perhaps in another tab."] == page.notes
    assert 2 == len(page.runs())


def test_a_position_that_is_refused_ends_the_stream_and_not_the_chat(page: ChatPage) -> None:
    page.write("hello")
    check_letter(page)
    page.do("""
        window.isOld = true
        const chat = JSON.parse(sessionStorage.getItem("chat"))
        sessionStorage.setItem("chat", JSON.stringify({...chat, phase: "reading", question: null, position: "{}"}))
        location.reload()
    """)
    page.wait_for_reload()
    page.wait(lambda: page.notes)
    assert ["This has failed."] == page.notes
    page.click("new")
    page.wait(lambda: not page.lines)
