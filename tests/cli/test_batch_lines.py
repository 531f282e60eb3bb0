"""The lines of a batch: the ids that are derived from them, and what is wrong with bad ones."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator

import pytest

from langgraph_runs.cli.batch.lines import lines_of

ADA = b'{"assistant_id": "agent", "input": {"text": "Ada", "n": 1}}\n'
GRACE = b'{"assistant_id": "agent", "input": {"text": "Grace", "n": 1}}\n'


def keys(*lines: bytes, name: str = "") -> list[str]:
    """The ids of lines."""
    return [line.key for line in lines_of(lines, name)]


def test_equal_lines_have_ids_of_their_own() -> None:
    """In every start the same ones."""
    found = keys(ADA, GRACE, ADA, ADA)
    assert 4 == len(set(found))
    assert found == keys(ADA, GRACE, ADA, ADA)


def test_an_id_depends_on_the_content_alone() -> None:
    """Not on other lines, nor on spaces, the order of keys or escapes."""
    assert keys(ADA, ADA) == keys(GRACE, b"nonsense\n", ADA, ADA)[-2:]
    written_otherwise = b'{"input":{"n":1,"text":"\\u0041da"},"assistant_id":"agent"}'
    assert keys(ADA, ADA) == keys(written_otherwise, b"\n", ADA)


def test_the_ids_are_the_same_in_every_version() -> None:
    """With others, an upgrade between two starts would start every run again."""
    assert ["db2cc446-2aa8-5132-9c57-53c2888185f7", "880b9a42-33de-5ef4-947c-bfe993951b69"] == keys(ADA, ADA)


def test_another_name_gives_other_ids() -> None:
    """For the same lines."""
    assert not set(keys(ADA, GRACE)) & set(keys(ADA, GRACE, name="second"))


def test_empty_lines_are_skipped_but_count_in_the_numbers() -> None:
    """A byte order mark, CRLF and a missing line feed at the end change nothing."""
    source = [b"\xef\xbb\xbf" + ADA.replace(b"\n", b"\r\n"), b"\r\n", b"  \n", GRACE.strip()]
    first, second = lines_of(source)
    assert [first.key, second.key] == keys(ADA, GRACE)
    assert (1, 4) == (first.number, second.number)
    assert sum(map(len, source)) == first.size + second.size


BAD = {
    b"text": "not valid JSON at column 1",
    b'{"assistant_id": "agent"': "not valid JSON at column 25",
    b'{"n": NaN}': "NaN is not a value of JSON",
    b'{"text": "\xff"}': "not UTF-8: byte 11 is invalid",
    b"[1]": "must be a JSON object with an assistant_id, not an array",
    b"null": "must be a JSON object with an assistant_id, not null",
    b"true": "must be a JSON object with an assistant_id, not a boolean",
    b"1.5": "must be a JSON object with an assistant_id, not a number",
    b'"agent"': "must be a JSON object with an assistant_id, not a string",
    b"[" * 100_000: "recursion",
    b"1" * 5_000: "digits",
}


@pytest.mark.parametrize(("text", "problem"), BAD.items(), ids=BAD.values())
def test_a_bad_line_is_described_and_the_next_one_is_read(text: bytes, problem: str) -> None:
    """It has no payload and no id."""
    bad, good = lines_of([text + b"\n", ADA])
    assert (1, None, "") == (bad.number, bad.payload, bad.key)
    assert problem in bad.problem
    assert [good.key] == keys(ADA)


def test_the_memory_does_not_grow_with_the_number_of_lines() -> None:
    """Which lines are equal is counted on the disk."""

    def source(count: int) -> Iterator[bytes]:
        for number in range(count):
            yield b'{"assistant_id": "agent", "input": {"text": "%d"}}\n' % number

    def peak(count: int) -> int:
        gc.collect()
        tracemalloc.start()
        assert count == sum(1 for _ in lines_of(source(count)))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)  # what is imported and cached
    assert peak(20_000) < peak(200) + 200_000  # other threads of the process take memory, too
