"""Where a stream stands, in a file: `--save-position` and `--from`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple, cast

from langgraph_runs.cli.inputs import UsageError, read_json
from langgraph_runs.cli.output import as_json
from langgraph_runs.position import Position

_FIELDS = Position.__required_keys__


class Start(NamedTuple):
    """Where `join-stream` begins.

    Attributes:
        thread_id: The thread of the run.
        run_id: The run.
        after: What the client's `join_stream` takes as `last_event_id`.
    """

    thread_id: str
    run_id: str
    after: str | Position | None


def start(thread_id: str | None, run_id: str | None, begin: str | None) -> Start:
    """Where `join-stream` begins, by its arguments.

    Args:
        thread_id: The thread of the run; None if the position names it.
        run_id: The run; None if the position names it.
        begin: `--from`: a position as JSON, a file with one (also without `@`), the id of an event, or "-1".

    Raises:
        UsageError: There is no such position, it is the position of another run, or the run is not named.
    """
    if begin is not None and (begin[:1] in ("@", "{") or begin == "-" or Path(begin).is_file()):
        position = _checked(read_json("--from", begin if begin[0] in "@{-" else f"@{begin}"))
        for name, given in (("thread_id", thread_id), ("run_id", run_id)):
            if given not in (None, position[name]):  # type: ignore[literal-required]
                other = position[name]  # type: ignore[literal-required]
                raise UsageError(f"--from: the position belongs to the {name} {other}, not to {given}")
        return Start(position["thread_id"], position["run_id"], position)
    if thread_id is None or run_id is None:
        raise UsageError("name the thread and the run, or a position by --from @FILE, which names them")
    return Start(thread_id, run_id, begin)


def _checked(found: Any) -> Position:
    if not isinstance(found, dict) or not cast("dict[str, Any]", found).keys() >= _FIELDS:
        raise UsageError("--from: this is not a position; --save-position writes one")
    return cast(Position, found)


class PositionFile:
    """The file in which a stream saves where it stands: it has a whole position at all times.

    Args:
        path: The file.

    Raises:
        UsageError: It cannot be written.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(os.path.realpath(path))
        self._new = self._path.parent / f".{self._path.name}.{os.getpid()}"
        self._saved: Position | None = None
        if self._path.is_dir():
            raise UsageError(f"--save-position: {path} is a folder; name a file")
        try:
            self._new.touch()
            self._new.unlink()
        except OSError as error:
            raise UsageError(f"--save-position: cannot write {path}: {error.strerror or error}") from None

    def save(self, position: Position | None) -> bool:
        """Replaces the file, if the position has changed. Returns whether there is one: not every stream can be joined.

        Raises:
            OSError: It cannot be written.
        """
        if position is None or position == self._saved:
            return position is not None
        self._new.write_text(as_json(position) + "\n", "ascii")
        os.replace(self._new, self._path)
        self._saved = position
        return True
