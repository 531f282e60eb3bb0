"""What is left out of a recording, because it may be secret."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

REDACTED = "[redacted]"

_SECRET_NAME = re.compile(
    r"key|token|secret|auth|cookie|passw|credential|signature|session|jwt|\bsig\b", re.IGNORECASE
)
_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s\"'@]+@")
_PARAMETER = re.compile(r"(?<=[?&])([^?=&#\s\"]+)=([^&#\s\"]*)")
_FIELD = re.compile(
    r'("[^"\\]*(?:api_?key|access_?key|private_?key|_token|secret|passw|credential|authorization)[^"\\]*"\s*:\s*)"((?:[^"\\]|\\.)*)"',
    re.IGNORECASE,
)
_SHORTEST, _SHORTEST_PART = 4, 8  # characters: something shorter is in every text by chance


class Redaction:
    """Finds the secrets of exchanges in their headers and URLs, and removes them wherever they are.

    Args:
        names: Names of further headers whose values are secret.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {name.lower() for name in names}
        self._secrets = frozenset[str]()

    def headers(self, headers: Iterable[tuple[str, str]]) -> list[list[str]]:
        """The headers without secret values."""
        found = list(headers)
        for name, value in found:
            if self._is_secret(name):
                self._learn(value)
        return [[name, REDACTED if self._is_secret(name) else self.text(value)] for name, value in found]

    def url(self, url: str) -> str:
        """A URL without credentials, and without the values of parameters with such names."""
        if found := _CREDENTIALS.search(url):
            self._learn(*unquote(found[0][:-1]).partition(":")[::2])
        for name, value in _PARAMETER.findall(url):
            if self._is_secret(name):
                self._learn(unquote(value))
        return self.text(url)

    def text(self, text: str) -> str:
        """A text without the secrets that are known, and without credentials in URLs."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, REDACTED)
        text = _CREDENTIALS.sub("", text)
        return _PARAMETER.sub(self._parameter, text)

    def piece(self, data: bytes) -> bytes:
        """The same for a piece of a body, which need not be text."""
        return self.text(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def _parameter(self, found: re.Match[str]) -> str:
        return f"{found[1]}={REDACTED}" if self._is_secret(found[1]) else found[0]

    def _is_secret(self, name: str) -> bool:
        return name.lower() in self._names or _SECRET_NAME.search(name) is not None

    def request_body(self, body: bytes) -> bytes:
        """The body of a request, without the values of fields with such names, which are learnt."""
        text = body.decode("utf-8", "surrogateescape")
        for found in _FIELD.finditer(text):
            self._learn(found[2])
        text = _FIELD.sub(rf'\g<1>"{REDACTED}"', text)
        return self.text(text).encode("utf-8", "surrogateescape")

    def _learn(self, *values: str) -> None:
        """Keeps values, and their parts: "Bearer X", and "a=X; b=Y" of a cookie."""
        for value in values:
            parts = [*re.split(r"[\s;,]+", value), *re.findall(r"=([^;,\s]+)", value)]
            parts = [part for part in parts if len(part) >= _SHORTEST_PART and part.lower() != "httponly"]
            for secret in parts if len(value) < _SHORTEST else [value, *parts]:
                self._secrets |= {secret, quote(secret, safe="")}  # a new set: threads share this one
