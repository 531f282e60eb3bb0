from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import MISSING, UNSET, Unset

if TYPE_CHECKING:
    from ..models.checkpoint import Checkpoint


T = TypeVar("T", bound="ThreadStateUpdated")


@_attrs_define
class ThreadStateUpdated:
    """The checkpoint that a change to a thread's state has written."""

    checkpoint: Checkpoint
    """ A point in a thread's history. """
    configurable: Checkpoint | Unset = UNSET
    """ A point in a thread's history. """
    checkpoint_id: str | Unset = UNSET
    """ The checkpoint's UUID. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        checkpoint = self.checkpoint.to_dict()

        configurable: dict[str, Any] | Unset = UNSET
        if not isinstance(self.configurable, Unset):
            configurable = self.configurable.to_dict()

        checkpoint_id = self.checkpoint_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "checkpoint": checkpoint,
            }
        )
        if configurable is not UNSET:
            field_dict["configurable"] = configurable
        if checkpoint_id is not UNSET:
            field_dict["checkpoint_id"] = checkpoint_id

        return {key: value for key, value in field_dict.items() if value is not UNSET}

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.checkpoint import Checkpoint  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None or key not in {"checkpoint", "configurable", "checkpoint_id"}
        }
        checkpoint = Checkpoint.from_dict(d.pop("checkpoint", MISSING))

        _configurable = d.pop("configurable", UNSET)
        configurable: Checkpoint | Unset
        if isinstance(_configurable, Unset):
            configurable = UNSET
        else:
            configurable = Checkpoint.from_dict(_configurable)

        checkpoint_id = d.pop("checkpoint_id", UNSET)

        thread_state_updated = cls(
            checkpoint=checkpoint,
            configurable=configurable,
            checkpoint_id=checkpoint_id,
        )

        thread_state_updated.additional_properties = d
        return thread_state_updated

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
