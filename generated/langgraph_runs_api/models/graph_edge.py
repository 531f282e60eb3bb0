from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import MISSING, UNSET, Unset

T = TypeVar("T", bound="GraphEdge")


@_attrs_define
class GraphEdge:
    """An edge of a graph."""

    source: int | str
    """ The id of the node that it begins at. """
    target: int | str
    """ The id of the node that it leads to. """
    conditional: bool | Unset = UNSET
    """ Whether a condition decides; false by default. """
    data: Any | Unset = UNSET
    """ The text at the edge, if there is one. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        source: int | str
        source = self.source

        target: int | str
        target = self.target

        conditional = self.conditional

        data = self.data

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "source": source,
                "target": target,
            }
        )
        if conditional is not UNSET:
            field_dict["conditional"] = conditional
        if data is not UNSET:
            field_dict["data"] = data

        return {key: value for key, value in field_dict.items() if value is not UNSET}

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None or key not in {"source", "target", "conditional", "data"}
        }

        def _parse_source(data: object) -> int | str:
            return cast(int | str, data)

        source = _parse_source(d.pop("source", MISSING))

        def _parse_target(data: object) -> int | str:
            return cast(int | str, data)

        target = _parse_target(d.pop("target", MISSING))

        conditional = d.pop("conditional", UNSET)

        data = d.pop("data", UNSET)

        graph_edge = cls(
            source=source,
            target=target,
            conditional=conditional,
            data=data,
        )

        graph_edge.additional_properties = d
        return graph_edge

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
