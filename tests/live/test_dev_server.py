"""tools/dev_server.py: the real server of all live tests."""

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL, SIGTERM
from urllib.parse import urlsplit

import httpx
import pytest
from dev_server import DevServer, PortTakenError, dev_server

FOLDER = Path(__file__).parent / "app"


@pytest.fixture(scope="module")
def own() -> Iterator[DevServer]:
    """A server that a test may stop, if it starts it again."""
    with dev_server(FOLDER) as running:
        yield running


def call(method: str, server: DevServer, path: str, json: object = None) -> httpx.Response:
    """The server's answer, without a proxy."""
    with httpx.Client(trust_env=False) as client:
        return client.request(method, server.url + path, json=json)


def is_running(pid: int) -> bool:
    """Whether a process of the process group is left."""
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_server_answers_and_works_on_a_copy_of_its_folder(unrecorded_server: DevServer) -> None:
    """Nothing is written to the folder itself."""
    assert call("GET", unrecorded_server, "/ok").json()["ok"] is True
    assert not (FOLDER / ".langgraph_api").exists()


def test_a_restart_keeps_port_and_threads(own: DevServer) -> None:
    """After a stop by SIGTERM and a start, the URL is the same and the process another."""
    url, pid = own.url, own.pid
    thread_id: str = call("POST", own, "/threads", {}).json()["thread_id"]
    own.stop(SIGTERM)
    assert not is_running(pid)
    with pytest.raises(httpx.ConnectError):
        call("GET", own, "/ok")
    own.start()
    assert own.url == url
    assert own.pid != pid
    assert call("GET", own, f"/threads/{thread_id}").status_code == httpx.codes.OK


def test_stopping_twice_is_allowed_and_starting_twice_is_not(own: DevServer) -> None:
    """The refused start leaves the running server alone."""
    own.stop(SIGKILL)
    own.stop()
    own.start()
    with pytest.raises(RuntimeError, match="already running"):
        own.start()
    assert call("GET", own, "/ok").status_code == httpx.codes.OK


def test_a_start_on_a_taken_port_raises(own: DevServer) -> None:
    """Instead of moving to another port."""
    own.stop(SIGKILL)
    parts = urlsplit(own.url)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((parts.hostname, parts.port))
        other.listen()
        with pytest.raises(PortTakenError, match=own.url):
            own.start()
        assert not is_running(own.pid)
    own.start()
    assert call("GET", own, "/ok").status_code == httpx.codes.OK


def test_process_copy_and_log_are_gone_afterwards() -> None:
    """Also after Ctrl-C in the `with` block."""
    with contextlib.suppress(KeyboardInterrupt), dev_server(FOLDER) as server:
        assert is_running(server.pid)
        assert server.log.exists()
        raise KeyboardInterrupt
    assert not is_running(server.pid)
    assert not server.log.parent.exists()


def test_a_server_that_ends_before_it_answers_raises(tmp_path: Path) -> None:
    """RuntimeError with the end of its log."""
    config = {"dependencies": ["."], "graphs": {"agent": "./missing.py:agent"}}
    (tmp_path / "langgraph.json").write_text(json.dumps(config))
    with pytest.raises(RuntimeError, match=r"missing\.py"), dev_server(tmp_path):
        pass
