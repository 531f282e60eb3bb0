"""The settings of a client: the server's URL, the API key and the headers. No I/O but reading the environment."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from langgraph_runs.response.content_coding import ACCEPTED

URL_VARIABLE = "LANGGRAPH_API_URL"
KEY_VARIABLES = ("LANGGRAPH_API_KEY", "LANGSMITH_API_KEY", "LANGCHAIN_API_KEY")
DEFAULT_URL = "http://localhost:2024"
KEY_HEADER = "x-api-key"

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # https://www.rfc-editor.org/rfc/rfc9110#name-tokens
_FRAMING_HEADERS = ("content-length", "transfer-encoding")


class Environment(Enum):
    """The default of `api_key`: the key is read from the environment."""

    KEY = "LANGGRAPH_API_KEY, LANGSMITH_API_KEY or LANGCHAIN_API_KEY"

    def __repr__(self) -> str:
        return "<environment>"


FROM_ENVIRONMENT: Final = Environment.KEY


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a client. `settings()` makes them.

    Attributes:
        url: The URL of the server, without credentials and without a trailing slash.
        headers: The headers of every request; not in the repr, as the key is among them.
        ask_key: The caller's callable that returns the key, if the key is not among the headers.
    """

    url: str
    headers: Mapping[str, str] = field(repr=False)
    ask_key: Callable[[], Any] | None = field(default=None, repr=False)


def settings(
    url: str | None,
    api_key: str | Callable[[], Any] | Environment | None,
    headers: Mapping[str, str] | None,
    *,
    base_url: str = "",
) -> Settings:
    """Makes the settings of a client. The URL and the key default to those in the environment.

    Args:
        url: The URL of the server; a path prefix and a trailing slash are fine.
        api_key: The API key, or a callable that returns it; None to send none.
        headers: The caller's headers. Each replaces a default header of the same name; case does not matter.
        base_url: The URL when `url` is not given, before the environment's; "" for none.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: The URL is not an http(s) URL, or a header cannot be sent. No message contains a header's value.
    """
    from importlib.metadata import version  # imported here because it is slow to import

    address, authorization = _address(url, base_url)
    ours = {"user-agent": f"langgraph-runs/{version('langgraph-runs')}", "accept-encoding": ACCEPTED}
    if authorization:
        ours["authorization"] = authorization
    ask_key = api_key if callable(api_key) else None
    if not callable(api_key) and (key := _key(api_key)):
        ours[KEY_HEADER] = key
    return Settings(address, merged(ours, headers), ask_key)


def merged(ours: Mapping[str, str], theirs: Mapping[str, str] | None) -> dict[str, str]:
    """Both sets of headers, with names in lower case. Where a name is in both, theirs wins.

    Raises:
        TypeError: They are not a mapping, or a name or a value is not a string.
        ValueError: A name or a value cannot be sent in a header.
    """
    if theirs is not None and not isinstance(theirs, Mapping):
        raise TypeError(f"headers must be a mapping, not {type(theirs).__name__}")
    both = dict(ours)
    for name, value in (theirs or {}).items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError(
                f"headers: names and values must be strings, not {type(name).__name__} and {type(value).__name__}"
            )
        if not _TOKEN.fullmatch(name):  # not shown: if name and value were swapped, it is the secret
            raise ValueError(
                "headers contains a name that HTTP does not allow; use letters, digits and !#$%&'*+-.^_`|~"
            )
        if name.lower() in _FRAMING_HEADERS:
            raise ValueError(f"header {name!r} cannot be set: it depends on the body")
        both[name.lower()] = _sendable(f"the value of header {name!r}", value)
    return both


def _sendable(what: str, value: str) -> str:
    """The value, without surrounding white space. It may be a secret, so no message shows it."""
    value = value.strip()
    if not value.isascii() or not value.isprintable():
        raise ValueError(
            f"{what} contains a character that no header can carry: a line break, or one outside ASCII"
        )
    return value


def _address(url: str | None, base_url: str) -> tuple[str, str | None]:
    """The URL, and the Authorization header for a user and a password in it."""
    name = "url"
    if url is None and base_url:
        url, name = base_url, "the base_url of http_client"
    if url is None:
        url, name = os.environ.get(URL_VARIABLE, "").strip() or DEFAULT_URL, URL_VARIABLE
    if not isinstance(url, str):
        raise TypeError(f"url must be a string, not {type(url).__name__}")
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
        url.encode()
        host.encode("idna")
    except ValueError:  # not chained or shown: it may contain part of a password
        raise ValueError(f"{name} is not a valid URL; a valid one is {DEFAULT_URL!r}") from None
    if parts.scheme not in ("http", "https") or not host or not host.isprintable() or " " in host:
        shown = f"={url!r}" if "@" not in url else ""
        raise ValueError(f"{name}{shown} must be an http(s) URL, such as {DEFAULT_URL!r}")
    if parts.query or parts.fragment:
        raise ValueError(
            f"{name} must not have a query or a fragment; pass params= to the calls that need it"
        )
    place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port is not None else "")
    address = f"{parts.scheme}://{place}{parts.path.rstrip('/')}"
    if parts.username is None:
        return address, None
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return address, f"Basic {b64encode(pair.encode()).decode()}"


def _key(api_key: str | Environment | None) -> str | None:
    if api_key is None:
        return None
    if isinstance(api_key, Environment):
        found = (_unquoted(os.environ.get(name, "")) for name in KEY_VARIABLES)
        return _sendable("the API key in the environment", next(filter(None, found), "")) or None
    if not isinstance(api_key, str):
        kind = type(api_key).__name__
        raise TypeError(f"api_key must be a string, a callable that returns one, or None, not {kind}")
    return checked_key("api_key", api_key)


def checked_key(name: str, key: object) -> str | None:
    """The key, without the quotes and spaces that an .env file may leave around it; None if it is empty.

    Args:
        name: What the key comes from, for the errors, which do not show the key.
        key: The key.

    Raises:
        TypeError: It is not a string.
        ValueError: No header can carry it.
    """
    if not isinstance(key, str):
        raise TypeError(f"{name} must return a string or None, not {type(key).__name__}")
    return _sendable(name, _unquoted(key)) or None


def _unquoted(key: str) -> str:
    """The key without the quotes and spaces that an .env file may leave around it."""
    return key.strip().strip("\"'").strip()
