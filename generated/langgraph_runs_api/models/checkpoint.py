from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.checkpoint_map import CheckpointMap


T = TypeVar("T", bound="Checkpoint")


@_attrs_define
class Checkpoint:
    """A point in a thread's history."""

    thread_id: str | Unset = UNSET
    """ The thread it belongs to. """
    checkpoint_ns: str | Unset = UNSET
    """ The subgraph it belongs to; empty for the graph itself. """
    checkpoint_id: None | str | Unset = UNSET
    """ The checkpoint's UUID; the latest checkpoint by default. """
    checkpoint_map: CheckpointMap | None | Unset = UNSET
    """ The checkpoints of subgraphs, by their namespace. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.checkpoint_map import CheckpointMap  # noqa: PLC0415

        thread_id = self.thread_id

        checkpoint_ns = self.checkpoint_ns

        checkpoint_id: None | str | Unset
        if isinstance(self.checkpoint_id, Unset):
            checkpoint_id = UNSET
        else:
            checkpoint_id = self.checkpoint_id

        checkpoint_map: dict[str, Any] | None | Unset
        if isinstance(self.checkpoint_map, Unset):
            checkpoint_map = UNSET
        elif isinstance(self.checkpoint_map, CheckpointMap):
            checkpoint_map = self.checkpoint_map.to_dict()
        else:
            checkpoint_map = self.checkpoint_map

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if thread_id is not UNSET:
            field_dict["thread_id"] = thread_id
        if checkpoint_ns is not UNSET:
            field_dict["checkpoint_ns"] = checkpoint_ns
        if checkpoint_id is not UNSET:
            field_dict["checkpoint_id"] = checkpoint_id
        if checkpoint_map is not UNSET:
            field_dict["checkpoint_map"] = checkpoint_map

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.checkpoint_map import CheckpointMap  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None or key not in {"thread_id", "checkpoint_ns"}
        }
        thread_id = d.pop("thread_id", UNSET)

        checkpoint_ns = d.pop("checkpoint_ns", UNSET)

        def _parse_checkpoint_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        checkpoint_id = _parse_checkpoint_id(d.pop("checkpoint_id", UNSET))

        def _parse_checkpoint_map(data: object) -> CheckpointMap | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                checkpoint_map_type_0 = CheckpointMap.from_dict(data)

                return checkpoint_map_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CheckpointMap | None | Unset, data)

        checkpoint_map = _parse_checkpoint_map(d.pop("checkpoint_map", UNSET))

        checkpoint = cls(
            thread_id=thread_id,
            checkpoint_ns=checkpoint_ns,
            checkpoint_id=checkpoint_id,
            checkpoint_map=checkpoint_map,
        )

        checkpoint.additional_properties = d
        return checkpoint

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
