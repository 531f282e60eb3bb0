"""What a command reads: JSON from an argument, a file or stdin."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


class UsageError(ValueError):
    """The command is wrong. The message names the option, and says what to do."""


def read_json(option: str, given: str) -> Any:
    """The value of an option that takes JSON: the JSON itself, `@FILE`, or `-` for stdin.

    Args:
        option: What the errors name, such as "--input".
        given: What follows it.

    Raises:
        UsageError: The file cannot be read, or the text is not JSON. The message says where.
    """
    text, place = read_text(option, given)
    try:
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UsageError(
            f"{option}: {place} is not valid JSON at {where}: {error.msg}{_way_out(given)}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{option}: {place} is not valid JSON: {error}") from None


def read_text(option: str, given: str) -> tuple[str, str]:
    """The text that an option names, and what it comes from, for errors.

    Raises:
        UsageError: It cannot be read, or is not UTF-8.
    """
    try:
        if given == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig"), "stdin"
        if given.startswith("@"):
            return Path(given[1:]).read_bytes().decode("utf-8-sig"), given[1:]
    except OSError as error:
        raise UsageError(f"{option}: cannot read {given[1:] or given}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{option}: {given[1:] or 'stdin'} is not UTF-8: byte {error.start} is not"
        ) from None
    return given, repr(given if len(given) <= 60 else given[:59] + "…")


def _way_out(given: str) -> str:
    if given == "-" or given.startswith("@"):
        return ""
    if Path(given).is_file():
        return f"; to read the file, write @{given}"
    return '; text needs quotation marks inside the shell\'s, as in \'"text"\' or \'{"text": "hi"}\''


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a value of JSON")
