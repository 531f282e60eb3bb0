"""Decodes JSON as servers send it, in bodies and in events. No I/O."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

# What is left of a text that was cut within a number, a name or an escape sequence, where Python expects more.
_CUT_SHORT = re.compile(
    r"-?|\.|[eE][+-]?|t|tr|tru|f|fa|fal|fals|n|nu|nul|N|Na|-?(I|In|Inf|Infi|Infin|Infini|Infinit)"
    r"|(?<=\\)u[0-9a-fA-F]{0,4}"
)
_LONGEST_CUT = len("-Infinit")


class NotJSONError(ValueError):
    """The text is not JSON.

    Attributes:
        is_prefix: Whether it may be the beginning of JSON: it is empty, white space, or was cut.
    """

    def __init__(self, message: str, *, is_prefix: bool) -> None:
        super().__init__(message)
        self.is_prefix = is_prefix


def decoded(data: bytes) -> Any:
    """The JSON value in this data.

    Raises:
        NotJSONError: It is not JSON.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass  # so that the error of `leniently_decoded` does not refer to this one, which holds all of the data
    return leniently_decoded(data)


def leniently_decoded(data: bytes) -> Any:
    """Decodes data that orjson refuses: with NaN, a number of any size, half of a surrogate pair, a byte order mark, or
    invalid UTF-8, which becomes U+FFFD.

    Raises:
        NotJSONError: It is not JSON, or Python cannot represent it.
    """
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message, is_prefix = str(error), _is_cut(error)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, or thousands of levels
        message, is_prefix = str(error), False
    raise NotJSONError(message, is_prefix=is_prefix)


def _is_cut(error: json.JSONDecodeError) -> bool:
    """Whether the text that Python refuses may be the beginning of JSON."""
    left = len(error.doc) - error.pos
    if error.msg.startswith("Unterminated string") or error.doc.isspace():
        return True
    return left <= _LONGEST_CUT and _CUT_SHORT.fullmatch(error.doc, error.pos) is not None
