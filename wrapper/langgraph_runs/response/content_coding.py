"""The content coding of a body: decodes it piece by piece, and limits its size. No I/O.

A kilobyte of compressed data can stand for a megabyte, or a gigabyte with Brotli. So only gzip is asked for, and one
read never decompresses more than a small piece, whatever the server sends.
"""

from __future__ import annotations

import zlib
from typing import Any

ACCEPTED = "gzip, identity"
"""The `Accept-Encoding` of every request but those for streams."""
MAX_BODY_BYTES = 256 * 1024 * 1024
"""The largest size of the body of a response, in bytes. Reading a larger one fails."""

_IDENTITY = ("", "identity")
_ZLIB = ("gzip", "x-gzip", "deflate")
_EITHER_FORMAT = 32 + zlib.MAX_WBITS  # for zlib: that of gzip or of deflate
_PIECE = 65536  # bytes, of what is decompressed at once and of the result
_MOST_WITHOUT_RESULT = 1024 * 1024  # bytes; a file name in the header of gzip, for example, has no limit


class UndecodableError(ValueError):
    """The body cannot be decoded, or is too large."""


class TruncatedError(ValueError):
    """The compressed body is incomplete."""


def is_known(coding: str) -> bool:
    """Whether a body with this `Content-Encoding` can be decoded."""
    return coding.strip().lower() in (*_IDENTITY, *_ZLIB)


def unknown(coding: str) -> str:
    """Why a body with this `Content-Encoding` is not decoded."""
    return f"its content-encoding is {coding[:100]!r}, but only gzip was asked for"


class BodyDecoder:
    """Decodes one body. `feed` it the bytes as they come, and after each call, `take` until there is nothing to take.

    Args:
        coding: The `Content-Encoding`; "" for none.
        limit: The largest size of the decoded body in bytes; None for no limit.

    Example:
        >>> decoder = BodyDecoder("gzip", None)
        >>> decoder.feed(zlib.compress(b"hi", wbits=31))
        >>> decoder.take(), decoder.take()
        (b'hi', b'')
    """

    def __init__(self, coding: str, limit: int | None) -> None:
        self._limit = limit
        self._size = 0  # of what has been taken
        self._fed, self._position = b"", 0  # what came last, and how much of it zlib has been given
        self._piece = b""  # the rest of the piece that zlib has been given last
        self._without_result = 0  # bytes that zlib has been given since its last result
        self._has_begun = False
        self._unknown = "" if is_known(coding) else unknown(coding)
        is_plain = bool(self._unknown) or coding.strip().lower() in _IDENTITY
        self._zlib: Any = None if is_plain else zlib.decompressobj(_EITHER_FORMAT)

    def feed(self, data: bytes) -> None:
        """Takes the next bytes of the body; b"" at its end.

        Raises:
            UndecodableError: The coding is not known.
            TruncatedError: The body ends too early.
        """
        if self._unknown:
            raise UndecodableError(self._unknown)
        self._fed, self._position = data, 0
        if data:
            self._has_begun = True
        elif self._has_begun and self._zlib is not None and not self._zlib.eof:
            raise TruncatedError("the compressed body ends too early")

    def take(self) -> bytes:
        """The next bytes, decoded; b"" if more must be fed first.

        Raises:
            UndecodableError: The data is not valid, or the body is larger than the limit.
        """
        if self._zlib is None:
            data, self._fed = self._fed, b""
        else:
            try:
                data = self._decompressed()
            except zlib.error as error:
                raise UndecodableError(str(error)) from None
        self._size += len(data)
        if self._limit is not None and self._size > self._limit:
            raise UndecodableError(
                f"it is larger than {self._limit} bytes; max_body_bytes= of the client sets this limit"
            )
        return data

    def _decompressed(self) -> bytes:
        while True:
            if self._piece and self._zlib.eof:  # another member follows
                self._zlib = zlib.decompressobj(_EITHER_FORMAT)
            data: bytes = self._zlib.decompress(self._piece, _PIECE)
            self._piece = self._zlib.unconsumed_tail or self._zlib.unused_data
            if data:
                self._without_result = 0
                return data
            if not self._piece:
                self._piece = self._fed[self._position : self._position + _PIECE]
                self._position += _PIECE
                self._without_result += len(self._piece)
                if not self._piece:
                    return b""
                if self._without_result > _MOST_WITHOUT_RESULT:
                    raise UndecodableError(f"{_MOST_WITHOUT_RESULT} bytes of it decompress to nothing")
