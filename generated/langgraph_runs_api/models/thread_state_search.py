from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.checkpoint import Checkpoint
    from ..models.metadata import Metadata


T = TypeVar("T", bound="ThreadStateSearch")


@_attrs_define
class ThreadStateSearch:
    """Which past states of a thread to return."""

    limit: int | Unset = UNSET
    """ The maximum number of states; 1 by default. """
    before: Checkpoint | Unset = UNSET
    """ A point in a thread's history. """
    metadata: Metadata | Unset = UNSET
    """ Arbitrary data to store with the object, and to find it by. """
    checkpoint: Checkpoint | Unset = UNSET
    """ A point in a thread's history. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        limit = self.limit

        before: dict[str, Any] | Unset = UNSET
        if not isinstance(self.before, Unset):
            before = self.before.to_dict()

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        checkpoint: dict[str, Any] | Unset = UNSET
        if not isinstance(self.checkpoint, Unset):
            checkpoint = self.checkpoint.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if limit is not UNSET:
            field_dict["limit"] = limit
        if before is not UNSET:
            field_dict["before"] = before
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if checkpoint is not UNSET:
            field_dict["checkpoint"] = checkpoint

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.checkpoint import Checkpoint  # noqa: PLC0415
        from ..models.metadata import Metadata  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None or key not in {"limit", "before", "metadata", "checkpoint"}
        }
        limit = d.pop("limit", UNSET)

        _before = d.pop("before", UNSET)
        before: Checkpoint | Unset
        if isinstance(_before, Unset):
            before = UNSET
        else:
            before = Checkpoint.from_dict(_before)

        _metadata = d.pop("metadata", UNSET)
        metadata: Metadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = Metadata.from_dict(_metadata)

        _checkpoint = d.pop("checkpoint", UNSET)
        checkpoint: Checkpoint | Unset
        if isinstance(_checkpoint, Unset):
            checkpoint = UNSET
        else:
            checkpoint = Checkpoint.from_dict(_checkpoint)

        thread_state_search = cls(
            limit=limit,
            before=before,
            metadata=metadata,
            checkpoint=checkpoint,
        )

        thread_state_search.additional_properties = d
        return thread_state_search

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
