"""What a client is told once: where the server is, the key, the headers. No I/O but the reading of the environment."""

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
_OF_HTTP = ("content-length", "transfer-encoding")


class Environment(Enum):
    """Marks that `api_key` was not given, so that it is read from the environment; None switches that off."""

    KEY = "LANGGRAPH_API_KEY, LANGSMITH_API_KEY or LANGCHAIN_API_KEY"

    def __repr__(self) -> str:
        return "<environment>"


FROM_ENVIRONMENT: Final = Environment.KEY


@dataclass(frozen=True, slots=True)
class Settings:
    """What `settings()` has made of a client's arguments.

    Attributes:
        url: The server's address, without credentials and without a slash at the end.
        headers: What every request carries; out of the repr, since the key is among them.
    """

    url: str
    headers: Mapping[str, str] = field(repr=False)


def settings(
    url: str | None, api_key: str | Environment | None, headers: Mapping[str, str] | None
) -> Settings:
    """The settings of a client. What is not given comes from the environment.

    Args:
        url: The server; a path prefix and a trailing slash are fine.
        api_key: The key; None for no key at all.
        headers: Headers of the caller's: a name replaces ours of the same name, in whatever case.

    Raises:
        TypeError: An argument is of another type.
        ValueError: The address is no http address, or a header cannot be sent. The message holds no value of a header.
    """
    from importlib.metadata import version  # here, as it brings much along

    address, authorization = _address(url)
    ours = {"user-agent": f"langgraph-runs/{version('langgraph-runs')}"}
    if authorization:
        ours["authorization"] = authorization
    if key := _key(api_key):
        ours[KEY_HEADER] = key
    return Settings(address, merged(ours, headers))


def merged(ours: Mapping[str, str], theirs: Mapping[str, str] | None) -> dict[str, str]:
    """Both sets of headers, names in lower case, theirs winning.

    Raises:
        TypeError: They are no mapping, or a name or a value is not a string.
        ValueError: A name or a value cannot stand in a header.
    """
    if theirs is not None and not isinstance(theirs, Mapping):
        raise TypeError(f"headers is a mapping, not {type(theirs).__name__}")
    both = dict(ours)
    for name, value in (theirs or {}).items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError(
                f"headers: names and values are strings, not {type(name).__name__} and {type(value).__name__}"
            )
        if not _TOKEN.fullmatch(name):  # not shown: where name and value were exchanged, it is a secret
            raise ValueError(
                "headers has a name that HTTP does not know; it has letters, digits and !#$%&'*+-.^_`|~"
            )
        if name.lower() in _OF_HTTP:
            raise ValueError(f"header {name!r} is HTTP's own and follows from what is sent")
        both[name.lower()] = _sendable(f"the value of header {name!r}", value)
    return both


def sendable(headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Refuses headers that HTTP cannot carry, as `on_request` may set them.

    Raises:
        ValueError: With the name of one, and without its value, which may be a key.
    """
    for name, value in headers:
        if not _FIELD.fullmatch(value):
            raise ValueError(
                f"header {name.decode('latin-1')!r} has a value that cannot be sent: a line break in it?"
            )


def _sendable(what: str, value: str) -> str:
    """The value, without the white space around it. It may be a secret: no message shows it."""
    value = value.strip()
    if not value.isascii() or not value.isprintable():
        raise ValueError(
            f"{what} has a character that no header can carry: a line break, or one beyond ASCII"
        )
    return value


def _address(url: str | None) -> tuple[str, str | None]:
    """The address, and the Authorization header that stands for a user and password in it."""
    name = "url"
    if url is None:
        url, name = os.environ.get(URL_VARIABLE, "").strip() or DEFAULT_URL, URL_VARIABLE
    if not isinstance(url, str):
        raise TypeError(f"url is a string, not {type(url).__name__}")
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
        url.encode()
        host.encode("idna")
    except ValueError:  # whose words may be a part of a password, as the address itself may
        raise ValueError(f"{name} cannot be read as an address; one looks like {DEFAULT_URL!r}") from None
    if parts.scheme not in ("http", "https") or not host or not host.isprintable() or " " in host:
        shown = f"={url!r}" if "@" not in url else ""
        raise ValueError(f"{name}{shown} is no http address; one looks like {DEFAULT_URL!r}")
    if parts.query or parts.fragment:
        raise ValueError(f"{name} has a query or a fragment; give params= to the calls that need it")
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
        raise TypeError(f"api_key is a string or None, not {type(api_key).__name__}")
    return _sendable("api_key", _unquoted(api_key)) or None


def _unquoted(key: str) -> str:
    """The key without the quotes and spaces that an .env file may leave around it."""
    return key.strip().strip("\"'").strip()
