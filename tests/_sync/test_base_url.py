# Derived from _async/test_base_url.py by `make generate`; edit that one.
"""The `base_url` of a caller's own client is the URL of the server, or is refused by name; it is never ignored."""

from __future__ import annotations

from traceback import format_exception
from typing import Any

import httpx
import httpx2
import pytest
from servers.scripted_server import answer, events, scripted_server

from langgraph_runs import RunsClient

RUN = answer(body=b'{"run_id": "r"}')

of_each_family = pytest.mark.parametrize("family", [httpx, httpx2], ids=lambda family: family.__name__)


@of_each_family
def test_a_base_url_is_the_url_of_the_server(family: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its path, its user and password, in calls and streams; and not the one of the environment."""
    monkeypatch.setenv("LANGGRAPH_API_URL", "http://environment.test")
    with scripted_server(RUN, events(b"")) as server:
        base = server.url.replace("http://", "http://someone:secret@") + "/prefix/"
        with family.Client(base_url=base) as lent:
            runs = RunsClient(api_key=None, http_client=lent)
            assert "r" == (runs.get("t", "r")).run_id
            assert [] == [part for part in runs.stream(None, "agent")]
    assert f"<RunsClient {server.url}/prefix>" == repr(runs)
    assert ["/prefix/threads/t/runs/r", "/prefix/runs/stream"] == [
        request.target for request in server.requests
    ]
    for request in server.requests:
        assert ["Basic c29tZW9uZTpzZWNyZXQ="] == request.header("authorization")


@of_each_family
@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://host.test", "http://host.test/"),
        ("http://HOST.test:80/a b/", "http://host.test/a%20b"),
        ("http://münchen.test", "http://xn--mnchen-3ya.test"),
        ("http://someone:secret@host.test", "http://host.test"),
        ("http://host.test", ""),
    ],
)
def test_a_url_that_is_also_the_base_url_is_accepted(family: Any, url: str, base: str) -> None:
    """However it is written."""
    with family.Client(base_url=base) as lent:
        RunsClient(url, http_client=lent)


@of_each_family
@pytest.mark.parametrize(
    ("url", "base", "words"),
    [
        ("http://host.test", "http://other.test", "base_url .*'http://other.test', differs from url"),
        ("http://host.test/a", "http://host.test/b", "base_url .*'http://host.test/b/', differs from url"),
        ("http://host.test", "https://host.test", "base_url .*'https://host.test', differs from url"),
        (
            "http://host.test",
            "http://me:s3cret@host.test",
            "base_url .*'http://host.test', has a user",
        ),
        ("http://me:s3cret@a.test", "http://b.test", "base_url .*'http://b.test', differs from url"),
        (None, "/relative", r"the base_url of http_client='/relative/' must be an http\(s\) URL"),
        (None, "ftp://host.test", r"the base_url of http_client='ftp://host.test' must be"),
        (None, "http://me:s3cret@host.test/?a=b", "the base_url of http_client must not have a query"),
        ("not a url", "http://host.test", r"url='not a url' must be an http\(s\) URL"),
    ],
)
def test_a_base_url_that_cannot_be_used_is_refused_by_name(
    family: Any, url: str | None, base: str, words: str
) -> None:
    """When the client is created. The message shows no password."""
    with family.Client(base_url=base) as lent:
        with pytest.raises(ValueError, match=words) as refused:
            RunsClient(url, http_client=lent)
    assert "s3cret" not in "".join(format_exception(refused.value))
