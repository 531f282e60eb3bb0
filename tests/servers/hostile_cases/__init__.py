"""The hostile-server corpus: what hostile servers do, and what must come of each call."""

from __future__ import annotations

from servers.hostile_cases import (
    bodies,
    endless_streams,
    events,
    framing,
    heads,
    large_bodies,
    outcomes,
    redirects,
    resumption,
    runs,
    tls,
)
from servers.hostile_cases.case import Case

_MODULES = (
    heads,
    framing,
    redirects,
    tls,
    bodies,
    large_bodies,
    endless_streams,
    events,
    resumption,
    runs,
    outcomes,
)

CASES: list[Case] = [case for module in _MODULES for case in module.CASES]
