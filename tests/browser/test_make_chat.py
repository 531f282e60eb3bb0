"""`make chat`: a server and the app, until Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_make_chat_prints_the_url_of_the_page_and_ctrl_c_stops_the_app_and_the_server() -> None:
    """Ctrl-C in a terminal reaches all processes of its group."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^chat: .*\n\t\$\(BIN\)/python tools/chat.py$", makefile, re.MULTILINE)
    command = [sys.executable, "tools/chat.py"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", start_new_session=True
    ) as chat:
        try:
            assert chat.stdout is not None
            urls: list[str] = []
            while len(urls) < 2:
                line = chat.stdout.readline()
                assert line, "it has ended"
                urls += re.findall(r"http://[\w.:]+\d", line)
            server, page = urls
            assert httpx.get(f"{server}/ok", timeout=60).is_success
            assert "<title>Letters</title>" in httpx.get(page, timeout=60).text
            os.killpg(chat.pid, signal.SIGINT)
            assert "The app and the server are stopped.\n" == chat.stdout.read()
            assert 0 == chat.wait()
        finally:
            chat.kill()
    for url in urls:
        with pytest.raises(httpx.ConnectError):
            httpx.get(url)
