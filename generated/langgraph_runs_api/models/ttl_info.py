from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.ttl_strategy import TtlStrategy, check_ttl_strategy
from ..types import UNSET, Unset

T = TypeVar("T", bound="TtlInfo")


@_attrs_define
class TtlInfo:
    """How long the thread is kept; only if `include` requests it, and not in the development server."""

    strategy: str | TtlStrategy | Unset = UNSET
    """ What happens when the time is over. """
    ttl_minutes: float | Unset = UNSET
    """ The time in minutes. """
    expires_at: datetime.datetime | Unset = UNSET
    """ When the time is over. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        strategy: str | Unset
        if isinstance(self.strategy, Unset):
            strategy = UNSET
        elif isinstance(self.strategy, str):
            strategy = self.strategy
        else:
            strategy = self.strategy

        ttl_minutes = self.ttl_minutes

        expires_at: str | Unset = UNSET
        if not isinstance(self.expires_at, Unset):
            expires_at = self.expires_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if strategy is not UNSET:
            field_dict["strategy"] = strategy
        if ttl_minutes is not UNSET:
            field_dict["ttl_minutes"] = ttl_minutes
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None or key not in {"strategy", "ttl_minutes", "expires_at"}
        }

        def _parse_strategy(data: object) -> str | TtlStrategy | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                strategy_type_0 = check_ttl_strategy(data)

                return strategy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(str | TtlStrategy | Unset, data)

        strategy = _parse_strategy(d.pop("strategy", UNSET))

        ttl_minutes = d.pop("ttl_minutes", UNSET)

        _expires_at = d.pop("expires_at", UNSET)
        expires_at: datetime.datetime | Unset
        if isinstance(_expires_at, Unset):
            expires_at = UNSET
        else:
            expires_at = datetime.datetime.fromisoformat(_expires_at)

        ttl_info = cls(
            strategy=strategy,
            ttl_minutes=ttl_minutes,
            expires_at=expires_at,
        )

        ttl_info.additional_properties = d
        return ttl_info

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
