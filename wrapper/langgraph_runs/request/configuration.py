"""The arguments of a client, kept so that it can be pickled where nothing in them is secret. No I/O."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import reduce
from inspect import getattr_static, isclass, ismethod
from typing import Any, NoReturn

from langgraph_runs.request.settings import Environment, Settings

_SECRET = {
    "api_key": "it was given an api_key; leave the key to the environment, where it is looked up again, or pass a "
    "function of a module",
    "headers": "it was given headers=, which may be secret; pass them to the calls",
    "http_client": "it sends with an http_client of its own, whose connections cannot be pickled",
}


class Configuration:
    """The arguments of a client, without those that may be secret. It has no repr that would show them.

    Args:
        arguments: All arguments, and `self`.
    """

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self._withheld = [name for name in _SECRET if _is_secret(arguments.get(name))]  # not their values
        kept = (item for item in arguments.items() if item[0] not in ("self", "url", *self._withheld))
        self._kept = {name: value for name, value in kept if value is not None or name == "api_key"}

    def changed(self, headers: Mapping[str, str] | None, given: Mapping[str, Any]) -> Configuration:
        """That of a copy of the client, with these headers in addition, and with other values of what is given."""
        other = Configuration({**self._kept, **given, "headers": headers})
        other._withheld += [name for name in self._withheld if name not in other._withheld]
        return other

    def reduced(
        self, client: object, base: type, settings: Settings
    ) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """What pickle needs to open the client again.

        Args:
            client: The client.
            base: Its class; that of a subclass may take other arguments.
            settings: Its settings.

        Raises:
            TypeError: Something in it may be secret, or cannot be pickled.
        """
        kind = type(client)
        for name in self._withheld:
            _refuse(kind, _SECRET[name])
        if "authorization" in settings.headers:
            _refuse(kind, "its url contains a user or a password")
        for name, value in self._kept.items():
            if callable(value) and not _is_global(value):
                _refuse(
                    kind,
                    f"its {name} is not a function of a module, which could be found again, and may hold a secret",
                )
        if getattr_static(kind, "__init__") is not getattr_static(base, "__init__"):
            _refuse(kind, "its class has an __init__ of its own, and needs a __reduce__, too")
        return _reopened, (kind, settings.url, self._kept)


def _reopened(kind: Callable[..., Any], url: str, arguments: Mapping[str, Any]) -> Any:
    return kind(url, **arguments)


def _refuse(kind: type, why: str) -> NoReturn:
    raise TypeError(f"this {kind.__name__} cannot be pickled: {why}")


def _is_secret(value: Any) -> bool:
    """Whether the value of such an argument holds a secret, and does not only say where it is found."""
    return bool(value) and not isinstance(value, Environment) and not callable(value)


def _is_global(value: Any) -> bool:
    """Whether pickle stores the name of a callable, and nothing that the callable holds."""
    try:
        found = reduce(getattr, value.__qualname__.split("."), sys.modules[value.__module__])
    except (AttributeError, KeyError):
        return False
    return found is value or (ismethod(value) and isclass(value.__self__) and found == value)
