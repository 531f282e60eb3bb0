"""The memory that a response takes has a bound, whatever the server sends: measured in a process of its own."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from servers.scripted_server import answer, events, scripted_server

MIB = 1024 * 1024
HERE = Path(__file__).parent


def much() -> bytes:
    """128 MiB of white space, as 128 KiB of gzip."""
    return gzip.compress(b" " * (16 * MIB)) * 8


def growth(variant: str, method: str, sent: bytes, **options: Any) -> tuple[float, str]:
    """By how many MiB a client has grown when it has this response, and the end of its error."""
    with scripted_server(sent) as server:
        command = [
            sys.executable,
            str(HERE / "memory_script.py"),
            variant,
            method,
            server.url,
            json.dumps(options),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    grown, error = done.stdout.split("\n", 1)
    return float(grown), error


@pytest.mark.parametrize("variant", ["sync", "async"])
@pytest.mark.parametrize("coding", ["", "gzip"])
def test_a_large_refusal_takes_a_few_mebibytes(variant: str, coding: str) -> None:
    """It is not read to its end."""
    body = much() if coding else bytes(100 * MIB)
    grown, error = growth(
        variant, "get", answer(500, body, **({"Content_Encoding": coding} if coding else {}))
    )
    assert "the body was cut at 1 MiB" in error
    assert grown < 20


@pytest.mark.parametrize("variant", ["sync", "async"])
def test_a_body_takes_no_more_memory_than_its_limit(variant: str) -> None:
    """However well it was compressed."""
    sent = answer(200, much(), Content_Encoding="gzip")
    grown, error = growth(variant, "get", sent, max_body_bytes=32 * MIB)
    assert "larger than 33554432 bytes" in error
    assert grown < 60


@pytest.mark.parametrize("variant", ["sync", "async"])
def test_an_event_takes_no_more_memory_than_its_limit(variant: str) -> None:
    """However well it was compressed."""
    data = gzip.compress(b"data: ") + much()
    grown, error = growth(variant, "stream", events(data, Content_Encoding="gzip"), max_event_bytes=8 * MIB)
    assert "larger than 8388608 bytes" in error
    assert grown < 30
