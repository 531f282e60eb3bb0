"""URL, key and headers come from the arguments first, then from the environment."""

from __future__ import annotations

import pytest

from langgraph_runs import AsyncRunsClient, RunsClient
from langgraph_runs.request.settings import FROM_ENVIRONMENT, KEY_VARIABLES, merged, settings


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGGRAPH_API_URL", *KEY_VARIABLES):
        monkeypatch.delenv(name, raising=False)


def test_the_default_is_the_development_server_without_a_key() -> None:
    """Port 2024 on this machine."""
    found = settings(None, FROM_ENVIRONMENT, None)
    headers = {"user-agent", "accept-encoding"}
    assert ("http://localhost:2024", headers) == (found.url, set(found.headers))


def test_the_url_comes_from_the_environment_if_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The argument wins; an empty variable counts as missing."""
    monkeypatch.setenv("LANGGRAPH_API_URL", " https://example.invalid/prefix/ ")
    assert "https://example.invalid/prefix" == settings(None, None, None).url
    assert "http://other:1" == settings("http://other:1", None, None).url
    monkeypatch.setenv("LANGGRAPH_API_URL", " ")
    assert "http://localhost:2024" == settings(None, None, None).url


def test_the_key_is_the_first_that_the_environment_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of LangGraph's own variables, without the quotes and spaces of an .env file."""
    for name, value in reversed(list(zip(KEY_VARIABLES, ("'one'", ' "two" ', "three\n"), strict=True))):
        monkeypatch.setenv(name, value)
        assert value.strip(" '\"\n") == settings(None, FROM_ENVIRONMENT, None).headers["x-api-key"]
    monkeypatch.setenv(KEY_VARIABLES[0], "''")
    assert "two" == settings(None, FROM_ENVIRONMENT, None).headers["x-api-key"]


def test_a_given_key_wins_and_none_ignores_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty key counts as None."""
    monkeypatch.setenv("LANGGRAPH_API_KEY", "environment")
    assert "mine" == settings(None, "mine", None).headers["x-api-key"]
    for nothing in (None, "", " "):
        assert "x-api-key" not in settings(None, nothing, None).headers


def test_the_error_for_an_invalid_key_of_the_environment_names_its_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It does not show the key."""
    monkeypatch.setenv("LANGGRAPH_API_KEY", "sec\nret")
    with pytest.raises(ValueError, match="in the environment contains a character") as refused:
        settings(None, FROM_ENVIRONMENT, None)
    assert "sec" not in str(refused.value)


def test_user_and_password_of_the_url_become_a_header() -> None:
    """They are removed from the URL."""
    found = settings("https://us%40er:pass@host:1/x/", None, None)
    assert ("https://host:1/x", "Basic dXNAZXI6cGFzcw==") == (found.url, found.headers["authorization"])
    assert "https://[::1]:2024" == settings("https://[::1]:2024", None, None).url


def test_headers_are_merged_by_name_in_any_spelling() -> None:
    """The caller's win, and none is doubled."""
    assert {"a": "2", "b": "3"} == merged({"a": "1"}, {"A": "2", "B": " 3 "})


def test_no_repr_shows_a_key() -> None:
    """Neither of the settings nor of a client."""
    assert "secret" not in repr(settings("http://user:secret@host", "secret", {"x": "secret"}))
    for client in (RunsClient, AsyncRunsClient):
        shown = repr(client("http://user:secret@host:1", api_key="secret", headers={"x": "secret"}))
        assert f"<{client.__name__} http://host:1>" == shown


def test_help_shows_a_readable_default_of_api_key() -> None:
    """Not the repr of a sentinel object."""
    assert "<environment>" == repr(FROM_ENVIRONMENT)
