"""The content coding of a body: what is decoded is bounded, in size and in time."""

from __future__ import annotations

import gzip
import zlib
from random import Random
from time import process_time

import pytest

from langgraph_runs.response.content_coding import BodyDecoder, TruncatedError, UndecodableError, is_known

MIB = 1024 * 1024
PIECE = 65536


def taken(decoder: BodyDecoder, *pieces: bytes) -> bytes:
    """What a decoder makes of a whole body that comes in these pieces."""
    found = list[bytes]()
    for piece in (*pieces, b""):
        decoder.feed(piece)
        while data := decoder.take():
            found.append(data)
    return b"".join(found)


@pytest.mark.parametrize("seed", range(20))
def test_the_result_does_not_depend_on_where_the_body_is_split(seed: int) -> None:
    """For each coding, and for several members one after another."""
    random = Random(seed)
    parts = [random.randbytes(random.randrange(3000)) + b"a" * random.randrange(200_000) for _ in range(3)]
    body = b"".join(parts)
    for coding, sent in (
        ("", body),
        ("identity", body),
        ("gzip", gzip.compress(body)),
        ("X-GZip", b"".join(map(gzip.compress, parts))),
        (" deflate ", zlib.compress(body)),
    ):
        assert is_known(coding)
        cuts = sorted(random.randrange(len(sent) + 1) for _ in range(20))
        pieces = [sent[i:j] for i, j in zip([0, *cuts], [*cuts, len(sent)], strict=True) if i < j]
        assert body == taken(BodyDecoder(coding, None), *pieces), (seed, coding)


def test_one_read_never_decompresses_more_than_a_small_piece() -> None:
    """However well the data was compressed."""
    decoder = BodyDecoder("gzip", None)
    decoder.feed(gzip.compress(bytes(32 * MIB)))
    sizes = list(iter(lambda: len(decoder.take()), 0))
    assert (PIECE, 32 * MIB) == (max(sizes), sum(sizes))


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_a_body_may_be_as_large_as_the_limit_and_no_larger(coding: str) -> None:
    """The error says which limit that is, and how to change it."""
    encode = gzip.compress if coding else bytes
    assert bytes(PIECE) == taken(BodyDecoder(coding, PIECE), encode(bytes(PIECE)))
    with pytest.raises(UndecodableError, match="larger than 65536 bytes; max_body_bytes="):
        taken(BodyDecoder(coding, PIECE), encode(bytes(PIECE + 1)))


def test_compressed_bytes_that_result_in_nothing_are_limited() -> None:
    """On a stream too: empty members, or the file name in a header, could otherwise come forever."""
    member = gzip.compress(b"")
    began = process_time()
    for sent in (member * (2 * MIB // len(member)), b"\x1f\x8b\x08\x08" + bytes(6) + b"x" * 2 * MIB):
        for pieces in ([sent], [sent[i : i + 1000] for i in range(0, len(sent), 1000)]):
            with pytest.raises(UndecodableError, match="bytes of it decompress to nothing"):
                taken(BodyDecoder("gzip", None), *pieces)
    assert process_time() - began < 10
    assert b"hi" == taken(BodyDecoder("gzip", 2), member * 1000, gzip.compress(b"hi"), member * 1000)


def test_gzip_in_gzip_is_not_decoded_twice() -> None:
    """One header stands for one coding."""
    inner = gzip.compress(bytes(10 * MIB))
    assert inner == taken(BodyDecoder("gzip", PIECE), gzip.compress(inner))


@pytest.mark.parametrize("cut", [1, 5, 12, 40])
def test_a_truncated_body_is_incomplete(cut: int) -> None:
    """It is not the same as invalid data: the rest was lost."""
    sent = gzip.compress(Random(1).randbytes(1000))
    with pytest.raises(TruncatedError, match="ends too early"):
        taken(BodyDecoder("gzip", None), sent[:-cut])


@pytest.mark.parametrize(
    "sent",
    [b"garbage", b"\x1f\x8b" + bytes(50), gzip.compress(b"hi") + b"more"],
    ids=["text", "a bad header", "more after the end"],
)
def test_invalid_data_is_refused(sent: bytes) -> None:
    """Also if it follows the end."""
    with pytest.raises(UndecodableError, match="Error -3"):
        taken(BodyDecoder("gzip", None), sent)


def test_an_empty_body_needs_no_coding() -> None:
    """As that of a response to HEAD, or with status 204."""
    assert b"" == taken(BodyDecoder("gzip", None))


@pytest.mark.parametrize(
    "coding", ["br", "zstd", "compress", "gzip, gzip", "gzip, br", "b" * 5000], ids=lambda coding: coding[:20]
)
def test_a_coding_that_was_not_asked_for_is_refused_by_name(coding: str) -> None:
    """Before a byte of it is decoded, whatever is installed."""
    assert not is_known(coding)
    with pytest.raises(UndecodableError) as refused:
        BodyDecoder(coding, None).feed(b"x")
    assert coding[:100] in str(refused.value)
    assert len(str(refused.value)) < 200
