from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.checkpoint import Checkpoint
    from ..models.state_values import StateValues


T = TypeVar("T", bound="ThreadStateUpdate")


@_attrs_define
class ThreadStateUpdate:
    """A change to a thread's state."""

    values: list[Any] | None | StateValues | Unset = UNSET
    """ What the node returns, by key or in a list, as the graph defines it; null for nothing. """
    as_node: str | Unset = UNSET
    """ The node that makes the change; by default the node that ran last, if that is clear. """
    checkpoint: Checkpoint | Unset = UNSET
    """ A point in a thread's history. """
    checkpoint_id: str | Unset = UNSET
    """ The UUID of the checkpoint to start from; the latest by default. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.state_values import StateValues  # noqa: PLC0415

        values: dict[str, Any] | list[Any] | None | Unset
        if isinstance(self.values, Unset):
            values = UNSET
        elif isinstance(self.values, StateValues):
            values = self.values.to_dict()
        elif isinstance(self.values, list):
            values = self.values

        else:
            values = self.values

        as_node = self.as_node

        checkpoint: dict[str, Any] | Unset = UNSET
        if not isinstance(self.checkpoint, Unset):
            checkpoint = self.checkpoint.to_dict()

        checkpoint_id = self.checkpoint_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if values is not UNSET:
            field_dict["values"] = values
        if as_node is not UNSET:
            field_dict["as_node"] = as_node
        if checkpoint is not UNSET:
            field_dict["checkpoint"] = checkpoint
        if checkpoint_id is not UNSET:
            field_dict["checkpoint_id"] = checkpoint_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.checkpoint import Checkpoint  # noqa: PLC0415
        from ..models.state_values import StateValues  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None or key not in {"as_node", "checkpoint", "checkpoint_id"}
        }

        def _parse_values(data: object) -> list[Any] | None | StateValues | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                values_type_0 = StateValues.from_dict(data)

                return values_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, list):
                    raise TypeError()
                values_type_1 = data

                return values_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Any] | None | StateValues | Unset, data)

        values = _parse_values(d.pop("values", UNSET))

        as_node = d.pop("as_node", UNSET)

        _checkpoint = d.pop("checkpoint", UNSET)
        checkpoint: Checkpoint | Unset
        if isinstance(_checkpoint, Unset):
            checkpoint = UNSET
        else:
            checkpoint = Checkpoint.from_dict(_checkpoint)

        checkpoint_id = d.pop("checkpoint_id", UNSET)

        thread_state_update = cls(
            values=values,
            as_node=as_node,
            checkpoint=checkpoint,
            checkpoint_id=checkpoint_id,
        )

        thread_state_update.additional_properties = d
        return thread_state_update

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
