"""The logger of this package, and LANGGRAPH_RUNS_LOG, which prints what it gets."""

from __future__ import annotations

import logging
import os
import sys
from typing import Final

VARIABLE: Final = "LANGGRAPH_RUNS_LOG"
LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO}

log: Final = logging.getLogger("langgraph_runs")
log.addHandler(logging.NullHandler())  # otherwise Python prints warnings of loggers that have no handler


class _ToStderr(logging.Handler):
    """Prints to what `sys.stderr` is at that moment, unless the program's own logging prints the same there."""

    def emit(self, record: logging.LogRecord) -> None:
        stream = sys.stderr
        if stream is None or any(_prints(one, record) for one in logging.getLogger().handlers):
            return
        try:
            stream.write(f"{self.format(record)}\n")
            stream.flush()
        except Exception:  # noqa: BLE001  # as the handlers of `logging` do
            self.handleError(record)


def _prints(handler: logging.Handler, record: logging.LogRecord) -> bool:
    is_of_terminal = getattr(handler, "stream", None) in (sys.stderr, sys.stdout)
    return is_of_terminal and record.levelno >= handler.level


_HANDLER: Final = _ToStderr()
_HANDLER.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))


def read_environment() -> None:
    """Prints what the logger gets to stderr, from the level that LANGGRAPH_RUNS_LOG names. If the variable is not set,
    nothing changes. Only the first call has an effect: afterwards, the program may choose another level.

    Raises:
        ValueError: The variable has another value than "debug" or "info".
    """
    wanted = os.environ.get(VARIABLE, "").strip()
    if not wanted:
        return
    if (level := LEVELS.get(wanted.lower())) is None:
        raise ValueError(f"{VARIABLE}={wanted!r} must be 'debug' or 'info', or empty to print nothing")
    if _HANDLER not in log.handlers:
        log.addHandler(_HANDLER)
        log.setLevel(level)
