from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.metadata import Metadata
    from ..models.ttl import Ttl


T = TypeVar("T", bound="ThreadUpdate")


@_attrs_define
class ThreadUpdate:
    """The changes to a thread."""

    metadata: Metadata | Unset = UNSET
    """ Arbitrary data to store with the object, and to find it by. """
    ttl: Ttl | Unset = UNSET
    """ How long to keep a thread. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        ttl: dict[str, Any] | Unset = UNSET
        if not isinstance(self.ttl, Unset):
            ttl = self.ttl.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if ttl is not UNSET:
            field_dict["ttl"] = ttl

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.metadata import Metadata  # noqa: PLC0415
        from ..models.ttl import Ttl  # noqa: PLC0415

        d = {key: value for key, value in src_dict.items() if value is not None or key not in {"metadata", "ttl"}}
        _metadata = d.pop("metadata", UNSET)
        metadata: Metadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = Metadata.from_dict(_metadata)

        _ttl = d.pop("ttl", UNSET)
        ttl: Ttl | Unset
        if isinstance(_ttl, Unset):
            ttl = UNSET
        else:
            ttl = Ttl.from_dict(_ttl)

        thread_update = cls(
            metadata=metadata,
            ttl=ttl,
        )

        thread_update.additional_properties = d
        return thread_update

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
