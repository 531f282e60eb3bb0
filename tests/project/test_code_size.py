"""What counts as a line of code, and as the body of a function."""

from __future__ import annotations

from pathlib import Path

import pytest
from code_size import code_lines, functions, main

MODULE = '''"""What it is for:
two lines."""

# A comment.
import re


class Row:
    """One line."""

    text: str  # a comment behind code
    """What the row says,
    as an attribute docstring."""

    def lines(
        self,
    ) -> list[str]:
        """Not counted."""
        text = """a string
that is no docstring
"""

        # A comment.
        def inner() -> None: ...

        return (text + self.text).split()

    def nothing(self) -> None:
        """A body that is only a docstring."""
'''


def test_a_line_counts_if_it_carries_code() -> None:
    """Blank lines, comments and docstrings do not, those of attributes included; every line of another string does."""
    assert 12 == code_lines(MODULE)
    assert 0 == code_lines('"""Nothing but a docstring."""\n\n# and a comment\n')
    assert 3 == code_lines('def f():\n    """Two."""; x = [\n    ]\n')


def test_the_length_of_a_function_is_that_of_its_body() -> None:
    """From its first statement after the docstring to its last, with the blank lines and comments between."""
    assert [(8, "lines"), (0, "nothing"), (1, "inner")] == list(functions(MODULE))


def test_the_report_has_a_total_and_leaves_out_the_derived_half(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By folder; the largest file and the longest function come first."""
    for name in ("one.py", "run/two.py", "_sync/three.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(MODULE if name == "run/two.py" else "x = 1\n")
    main([f"--package={tmp_path}", "--longest=1"])
    assert capsys.readouterr().out.splitlines() == [
        "lines of code:",
        "    12  run/",
        "     1  ./",
        "    13  total",
        "in the largest files:",
        "    12  run/two.py",
        "in the longest functions, from first statement to last:",
        "     8  run/two.py: lines",
    ]
