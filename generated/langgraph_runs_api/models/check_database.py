from typing import Literal

CheckDatabase = Literal[0, 1]

CHECK_DATABASE_VALUES: set[CheckDatabase] = {
    0,
    1,
}


def check_check_database(value: int) -> CheckDatabase:
    if value in CHECK_DATABASE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CHECK_DATABASE_VALUES!r}")
