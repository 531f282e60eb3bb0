from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import MISSING, UNSET, Unset

T = TypeVar("T", bound="ServerHealth")


@_attrs_define
class ServerHealth:
    """Whether the server can take requests."""

    ok: bool
    """ Whether everything that was checked works; true with status 200. """
    services: Any | Unset = UNSET
    """ The state of the server's parts, by name. LangGraph.js does not send it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        ok = self.ok

        services = self.services

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "ok": ok,
            }
        )
        if services is not UNSET:
            field_dict["services"] = services

        return {key: value for key, value in field_dict.items() if value is not UNSET}

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {key: value for key, value in src_dict.items() if value is not None or key not in {"ok", "services"}}
        ok = d.pop("ok", MISSING)

        services = d.pop("services", UNSET)

        server_health = cls(
            ok=ok,
            services=services,
        )

        server_health.additional_properties = d
        return server_health

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
