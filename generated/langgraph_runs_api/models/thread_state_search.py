from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.checkpoint import Checkpoint
    from ..models.checkpoint_config import CheckpointConfig
    from ..models.metadata import Metadata


T = TypeVar("T", bound="ThreadStateSearch")


@_attrs_define
class ThreadStateSearch:
    """Which past states of a thread to return."""

    limit: int | Unset = UNSET
    """ The maximum number of states; 1 by default. """
    before: Checkpoint | CheckpointConfig | str | Unset = UNSET
    """ Only states before this checkpoint are returned. The development server of LangGraph needs it as an object
    with `configurable`, LangGraph.js as an id. """
    metadata: Metadata | Unset = UNSET
    """ Arbitrary data to store with the object, and to find it by. """
    checkpoint: Checkpoint | Unset = UNSET
    """ A point in a thread's history. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.checkpoint import Checkpoint  # noqa: PLC0415
        from ..models.checkpoint_config import CheckpointConfig  # noqa: PLC0415

        limit = self.limit

        before: dict[str, Any] | str | Unset
        if isinstance(self.before, Unset):
            before = UNSET
        elif isinstance(self.before, CheckpointConfig):
            before = self.before.to_dict()
        elif isinstance(self.before, Checkpoint):
            before = self.before.to_dict()
        else:
            before = self.before

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
        from ..models.checkpoint_config import CheckpointConfig  # noqa: PLC0415
        from ..models.metadata import Metadata  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None or key not in {"limit", "before", "metadata", "checkpoint"}
        }
        limit = d.pop("limit", UNSET)

        def _parse_before(data: object) -> Checkpoint | CheckpointConfig | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                before_type_0 = CheckpointConfig.from_dict(data)

                return before_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                before_type_1 = Checkpoint.from_dict(data)

                return before_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Checkpoint | CheckpointConfig | str | Unset, data)

        before = _parse_before(d.pop("before", UNSET))

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
