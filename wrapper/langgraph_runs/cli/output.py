"""What a command prints: results on stdout, notes and errors on stderr, for people or as JSON."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import suppress
from typing import Any, TextIO

# Control characters but for tab and line feed, halves of surrogate pairs, and what changes the direction of text.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def safe(text: str) -> str:
    """The text of a server without what would control the terminal: such characters are shown as `\\x1b`."""
    return _UNSAFE.sub(
        lambda found: found[0].encode("unicode_escape", "backslashreplace").decode("ascii"), text
    )


def shown(value: object, *, indent: int | None = None) -> str:
    """A value of a server as JSON for people."""
    return safe(json.dumps(value, ensure_ascii=False, indent=indent, default=str))


def as_json(value: object) -> str:
    """A value as JSON for programs, on one line, in ASCII."""
    return json.dumps(value, separators=(",", ":"), default=str).replace("\x7f", "\\u007f")


def is_live(stream: TextIO) -> bool:
    """Whether a stream is a terminal in which something can be shown in place."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


class Output:
    """Where a command prints.

    Args:
        as_json: Whether results and errors are printed as JSON, for programs.

    Attributes:
        as_json: The same.
        is_terminal: Whether a person sees results as they come: stdout is a terminal, and no JSON was asked for.
    """

    def __init__(self, *, as_json: bool) -> None:
        for stream in (sys.stdout, sys.stderr):
            if reconfigure := getattr(stream, "reconfigure", None):
                reconfigure(errors="backslashreplace")  # whatever a terminal cannot show ends no command
        self.as_json = as_json
        self.is_terminal = is_live(sys.stdout) and not as_json

    def write(self, text: str) -> None:
        """Writes text to stdout as it is, at once.

        Raises:
            BrokenPipeError: The reader has closed it.
        """
        _write(sys.stdout, text)

    def line(self, value: object) -> None:
        """Writes a value to stdout as one line of JSON, for programs."""
        self.write(as_json(value) + "\n")

    def result(self, value: object) -> None:
        """Writes the result of a command to stdout: as one line of JSON for programs, or indented for people."""
        self.write((as_json(value) if self.as_json else shown(value, indent=2)) + "\n")

    def note(self, text: str) -> None:
        """Tells a person what happens, in one or more lines on stderr. With `--json`, nothing is written."""
        if not self.as_json:
            _write_error(safe(text))

    def error(self, kind: str, message: str, facts: dict[str, Any]) -> None:
        """Reports an error on stderr: as one JSON object with `--json`, otherwise as `Error: message`.

        Args:
            kind: The name of the class of the error.
            message: What happened and what to do, in a sentence.
            facts: What else is known, such as the run; only in the JSON object.
        """
        if self.as_json:
            _write_error(as_json({"error": kind, "message": message, **facts}))
        else:
            self.note(f"Error: {message}")


def _write_error(line: str) -> None:
    with suppress(OSError):  # nobody reads it
        _write(sys.stderr, line + "\n")


def _write(stream: TextIO, text: str) -> None:
    stream.write(text)
    stream.flush()
