"""What every error of a call must fulfil."""

from __future__ import annotations

import pickle
from pathlib import Path
from traceback import walk_tb
from types import FrameType

import httpx

import langgraph_runs
from langgraph_runs import APIError

KEY = "a-secret-key"


def is_ours(frame: FrameType) -> bool:
    """Whether it is code of the wrapper. Error trackers show the local variables of every frame."""
    return Path(frame.f_code.co_filename).is_relative_to(Path(langgraph_runs.__file__).parent)


def check_error(error: APIError, url: str) -> None:
    """It names the URL, has no key, and can be pickled."""
    assert url in str(error)
    assert error.url.startswith(url)
    copy = pickle.loads(pickle.dumps(error))
    assert (type(error), str(error), vars(error)) == (type(copy), str(copy), vars(copy))
    assert KEY not in f"{error!r}{error}{vars(error)}{error.__cause__!r}{pickle.dumps(error)!r}"
    assert KEY not in "".join(
        repr(frame.f_locals) for frame, _ in walk_tb(error.__traceback__) if is_ours(frame)
    )
    if isinstance(error.__cause__, httpx.RequestError):
        assert KEY not in error.__cause__.request.headers.values()
