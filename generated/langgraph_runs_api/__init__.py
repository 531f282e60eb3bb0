"""A client library for accessing LangGraph runs"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)


if not TYPE_CHECKING:  # so that a type checker reports an unknown name

    def __getattr__(name: str) -> Any:
        if name not in {*__all__, "client"}:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        client = import_module(".client", __name__)
        return client if name == "client" else getattr(client, name)
