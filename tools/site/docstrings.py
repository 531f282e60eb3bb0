"""How mkdocstrings reads our docstrings: the code of an `Example:` is Python, and names of docs pages are links."""

import re
import textwrap
from typing import Any

import griffe

EXAMPLE = re.compile(r"^Example:\n((?:[ ]{4}.*\n?|\n)+)", re.MULTILINE)
# A sentence after a list of errors that is no error itself, such as where more of them are listed.
SENTENCE = re.compile(r"\n\n    ([A-Z][^\n:]*\.)$", re.MULTILINE)
PAGE = re.compile(r"\bdocs/(\w+)\.md\b")


class Docstrings(griffe.Extension):
    """Changes each docstring before it is parsed."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Fences the code of an example, and links the pages that the text names."""
        if obj.docstring is not None:
            text = SENTENCE.sub(r"\n\n\1", obj.docstring.value)
            obj.docstring.value = linked(fenced(text))


def fenced(text: str) -> str:
    """The docstring with its example as a block of Python."""

    def fence(match: re.Match[str]) -> str:
        code = textwrap.dedent(match[1]).rstrip()
        return "Example:\n" + textwrap.indent(f"```python\n{code}\n```", "    ") + "\n\n"

    return EXAMPLE.sub(fence, text)


def linked(text: str) -> str:
    """The docstring with links to the pages of the site."""
    return PAGE.sub(r"[\1](../\1.md)", text)
