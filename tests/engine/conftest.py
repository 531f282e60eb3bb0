"""The fixtures of several files: a server that answers at once, and certificates."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.certificates import Authority
from servers.peer import Peer, peer
from servers.runs_peer import runs_server

HOST = "127.0.0.1"


@pytest.fixture
def server() -> Iterator[Peer]:
    """A server that answers at once."""
    with peer(runs_server) as running:
        running.may_continue.set()
        yield running


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that is not trusted yet."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server_context(authority: Authority) -> ssl.SSLContext:
    """The TLS context of a server with a valid certificate."""
    return authority.context(HOST, "localhost", "named.test")


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Has the environment name the authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority.file
