from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.ttl_strategy import TtlStrategy, check_ttl_strategy
from ..types import UNSET, Unset

T = TypeVar("T", bound="Ttl")


@_attrs_define
class Ttl:
    """How long to keep a thread."""

    ttl: float | Unset = UNSET
    """ The time in minutes, from now on. """
    strategy: TtlStrategy | Unset = UNSET
    """ What to do when the time is over: `delete` (default) deletes the thread, `keep_latest` only its old
    checkpoints. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        ttl = self.ttl

        strategy: str | Unset = UNSET
        if not isinstance(self.strategy, Unset):
            strategy = self.strategy

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if ttl is not UNSET:
            field_dict["ttl"] = ttl
        if strategy is not UNSET:
            field_dict["strategy"] = strategy

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {key: value for key, value in src_dict.items() if value is not None or key not in {"ttl", "strategy"}}
        ttl = d.pop("ttl", UNSET)

        _strategy = d.pop("strategy", UNSET)
        strategy: TtlStrategy | Unset
        if isinstance(_strategy, Unset):
            strategy = UNSET
        else:
            strategy = check_ttl_strategy(_strategy)

        ttl = cls(
            ttl=ttl,
            strategy=strategy,
        )

        ttl.additional_properties = d
        return ttl

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
