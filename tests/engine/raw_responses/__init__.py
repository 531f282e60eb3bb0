"""Responses that a server may send, and what a client gets: over httpx's own transport, and over ours.

Ours has the same result as httpx's, or is stricter; then the reason stands beside the row. (In a few rows it is
deliberately laxer, and the reason says so.) test_raw_responses.py checks both sides, so the table can be read as
documentation. A second request follows each response, on the same connection if that was kept, or on a new one.
"""

from engine.raw_responses.bodies import BAD_CHUNKS, BAD_LENGTHS, BY_LENGTH, BY_THE_END, ENCODINGS, IN_CHUNKS
from engine.raw_responses.connections import AROUND, INFORMATIONAL, KEPT_OR_CLOSED, NO_BODY
from engine.raw_responses.heads import HEADERS, LIMITS, NOT_HTTP, STATUS_LINES
from engine.raw_responses.rows import CHUNKED, FIVE, LAST, OK, Outcome, Row, Whole

__all__ = ["CHUNKED", "FIVE", "LAST", "OK", "ROWS", "TABLE", "Outcome", "Row", "Whole"]

TABLE = {
    "by length": BY_LENGTH,
    "bad lengths": BAD_LENGTHS,
    "in chunks": IN_CHUNKS,
    "bad chunks": BAD_CHUNKS,
    "encodings": ENCODINGS,
    "up to the end of the connection": BY_THE_END,
    "kept or closed": KEPT_OR_CLOSED,
    "without a body": NO_BODY,
    "1xx": INFORMATIONAL,
    "before and behind": AROUND,
    "status lines": STATUS_LINES,
    "headers": HEADERS,
    "limits": LIMITS,
    "no HTTP/1.1": NOT_HTTP,
}
ROWS = {f"{section}: {row.name}": row for section, rows in TABLE.items() for row in rows}
