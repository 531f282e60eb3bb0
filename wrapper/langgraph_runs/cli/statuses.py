"""The exit statuses: which error becomes which. No I/O."""

from __future__ import annotations

from typing import NamedTuple

from langgraph_runs import errors

SUCCESS = 0
RUN_FAILED = 1
USAGE = 2
INTERRUPT = 3
CANNOT_WRITE = 13
SIGINT = 130
CLOSED_PIPE = 141
SIGTERM = 143


class Status(NamedTuple):
    """An exit status, and when a command ends with it."""

    number: int
    meaning: str
    errors: tuple[type[Exception], ...] = ()


# The first one that has a class of the error applies, so subclasses come first.
STATUSES = (
    Status(SUCCESS, "the run has succeeded, or the command is done"),
    Status(RUN_FAILED, "the run, or a line of `batch`, has failed", (errors.RunFailedError,)),
    Status(USAGE, "the command is wrong; nothing was sent", (TypeError, ValueError)),
    Status(INTERRUPT, "the graph waits for an answer"),
    Status(4, "the run was cancelled", (errors.RunCancelledError,)),
    Status(5, "the server stopped the run, because it took too long", (errors.RunTimeoutError,)),
    Status(
        6, "`--timeout` or `--event-timeout` has passed", (errors.WaitTimeoutError, errors.EventTimeoutError)
    ),
    Status(
        7,
        "there is no such thread or run, or no such assistant (11 from servers that respond with 422)",
        (errors.NotFoundError,),
    ),
    Status(
        8,
        "the API key is missing, wrong or not permitted",
        (errors.AuthenticationError, errors.PermissionDeniedError),
    ),
    Status(9, "the thread has an active run, and its state does not allow this", (errors.ConflictError,)),
    Status(10, "the server cannot be reached, or does not respond", (errors.APIConnectionError,)),
    Status(11, "the server has refused the request, or its response is invalid", (errors.APIError,)),
    Status(12, "the stream cannot continue; the run does", (errors.StreamError,)),
    Status(CANNOT_WRITE, "the output or the position cannot be written"),
    Status(SIGINT, "Ctrl-C"),
    Status(CLOSED_PIPE, "the reader of the output has closed it, as `head` does"),
    Status(SIGTERM, "the signal SIGTERM"),
)


def status_of(error: BaseException) -> int:
    """The exit status for an error that ended a command; 11 for one of this package that has no status of its own."""
    for status in STATUSES:
        if isinstance(error, status.errors):
            return status.number
    return 11
