from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import MISSING, UNSET, Unset

if TYPE_CHECKING:
    from ..models.server_flags import ServerFlags
    from ..models.server_host import ServerHost


T = TypeVar("T", bound="ServerInfo")


@_attrs_define
class ServerInfo:
    """The version of a server, and what it can do. Servers differ in the fields that they send."""

    version: str
    """ The version of the server. """
    langgraph_py_version: str | Unset = UNSET
    """ The version of LangGraph, in Python. """
    langgraph_js_version: str | Unset = UNSET
    """ The version of LangGraph, in JavaScript. """
    context: str | Unset = UNSET
    """ The language of LangGraph.js. """
    flags: ServerFlags | Unset = UNSET
    """ What the server can do. One that is missing is false. """
    host: ServerHost | Unset = UNSET
    """ Where the server runs. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        langgraph_py_version = self.langgraph_py_version

        langgraph_js_version = self.langgraph_js_version

        context = self.context

        flags: dict[str, Any] | Unset = UNSET
        if not isinstance(self.flags, Unset):
            flags = self.flags.to_dict()

        host: dict[str, Any] | Unset = UNSET
        if not isinstance(self.host, Unset):
            host = self.host.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
            }
        )
        if langgraph_py_version is not UNSET:
            field_dict["langgraph_py_version"] = langgraph_py_version
        if langgraph_js_version is not UNSET:
            field_dict["langgraph_js_version"] = langgraph_js_version
        if context is not UNSET:
            field_dict["context"] = context
        if flags is not UNSET:
            field_dict["flags"] = flags
        if host is not UNSET:
            field_dict["host"] = host

        return {key: value for key, value in field_dict.items() if value is not UNSET}

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.server_flags import ServerFlags  # noqa: PLC0415
        from ..models.server_host import ServerHost  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None
            or key not in {"version", "langgraph_py_version", "langgraph_js_version", "context", "flags", "host"}
        }
        version = d.pop("version", MISSING)

        langgraph_py_version = d.pop("langgraph_py_version", UNSET)

        langgraph_js_version = d.pop("langgraph_js_version", UNSET)

        context = d.pop("context", UNSET)

        _flags = d.pop("flags", UNSET)
        flags: ServerFlags | Unset
        if isinstance(_flags, Unset):
            flags = UNSET
        else:
            flags = ServerFlags.from_dict(_flags)

        _host = d.pop("host", UNSET)
        host: ServerHost | Unset
        if isinstance(_host, Unset):
            host = UNSET
        else:
            host = ServerHost.from_dict(_host)

        server_info = cls(
            version=version,
            langgraph_py_version=langgraph_py_version,
            langgraph_js_version=langgraph_js_version,
            context=context,
            flags=flags,
            host=host,
        )

        server_info.additional_properties = d
        return server_info

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
