from typing import Literal

CancelRunWait = Literal[0, 1]

CANCEL_RUN_WAIT_VALUES: set[CancelRunWait] = {
    0,
    1,
}


def check_cancel_run_wait(value: int) -> CancelRunWait:
    if value in CANCEL_RUN_WAIT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CANCEL_RUN_WAIT_VALUES!r}")
