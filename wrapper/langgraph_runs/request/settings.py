"""The settings of a client: the server's URL, the API key and the headers. No I/O but reading the environment."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final
from urllib.parse import unquote, urlsplit

URL_VARIABLE = "LANGGRAPH_API_URL"
KEY_VARIABLES = ("LANGGRAPH_API_KEY", "LANGSMITH_API_KEY", "LANGCHAIN_API_KEY")
DEFAULT_URL = "http://localhost:2024"
KEY_HEADER = "x-api-key"

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # https://www.rfc-editor.org/rfc/rfc9110#name-tokens
_FIELD = re.compile(rb"(?:[^\x00-\x20\x7f](?:[^\x00\r\n]*[^\x00-\x20\x7f])?)?")
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
    """

    url: str
    headers: Mapping[str, str] = field(repr=False)


def settings(
    url: str | None, api_key: str | Environment | None, headers: Mapping[str, str] | None
) -> Settings:
    """Makes the settings of a client. The URL and the key default to those in the environment.

    Args:
        url: The URL of the server; a path prefix and a trailing slash are fine.
        api_key: The API key; None to send none.
        headers: The caller's headers. Each replaces a default header of the same name; case does not matter.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: The URL is not an http(s) URL, or a header cannot be sent. No message contains a header's value.
    """
    from importlib.metadata import version  # imported here because it is slow to import

    address, authorization = _address(url)
    ours = {"user-agent": f"langgraph-runs/{version('langgraph-runs')}"}
    if authorization:
        ours["authorization"] = authorization
    if key := _key(api_key):
        ours[KEY_HEADER] = key
    return Settings(address, merged(ours, headers))


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


def sendable(headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Refuses headers that HTTP cannot carry. `on_request` may have set such headers.

    Raises:
        ValueError: A value cannot be sent. The message names the header, but not the value, which may be a key.
    """
    for name, value in headers:
        if not _FIELD.fullmatch(value):
            raise ValueError(
                f"header {name.decode('latin-1')!r} has a value that cannot be sent; does it contain a line break?"
            )


def _sendable(what: str, value: str) -> str:
    """The value, without surrounding white space. It may be a secret, so no message shows it."""
    value = value.strip()
    if not value.isascii() or not value.isprintable():
        raise ValueError(
            f"{what} contains a character that no header can carry: a line break, or one outside ASCII"
        )
    return value


def _address(url: str | None) -> tuple[str, str | None]:
    """The URL, and the Authorization header for a user and a password in it."""
    name = "url"
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
        raise TypeError(f"api_key must be a string or None, not {type(api_key).__name__}")
    return _sendable("api_key", _unquoted(api_key)) or None


def _unquoted(key: str) -> str:
    """The key without the quotes and spaces that an .env file may leave around it."""
    return key.strip().strip("\"'").strip()
