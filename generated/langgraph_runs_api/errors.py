"""Contains shared errors types that can be raised from API functions"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class UnexpectedStatus(Exception):
    """Raised by api functions when the response status an undocumented status and Client.raise_on_unexpected_status is True"""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.status_code, self.content)

    def __init__(self, status_code: int, content: bytes):
        self.status_code = status_code
        self.content = content

        super().__init__(
            f"Unexpected status code: {status_code}\n\nResponse content:\n{content.decode(errors='ignore')}"
        )


__all__ = ["UnexpectedStatus"]


class UnexpectedBody(Exception):
    """Raised by api functions if the body of a response cannot be read, such as HTML instead of JSON"""

    def __init__(self, status_code: int, content: bytes):
        self.status_code = status_code
        self.content = content
        super().__init__(status_code, content)

    def __str__(self) -> str:
        return f"Unexpected body with status {self.status_code}:\n\n{self.content.decode(errors='replace')}"


def complete(parse: Callable[P, T]) -> Callable[P, T]:
    """Makes a parse function raise UnexpectedBody for every body that it cannot read"""

    @wraps(parse)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return parse(*args, **kwargs)
        except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
            response: Any = kwargs["response"]
            raise UnexpectedBody(response.status_code, response.content) from error

    return checked


__all__ += ["UnexpectedBody", "complete"]
