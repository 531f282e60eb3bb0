from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import MISSING, UNSET, Unset

if TYPE_CHECKING:
    from ..models.command import Command
    from ..models.state_values import StateValues


T = TypeVar("T", bound="SuperstepUpdate")


@_attrs_define
class SuperstepUpdate:
    """The change that one node makes."""

    as_node: str
    """ The node. """
    values: list[Any] | None | StateValues | Unset = UNSET
    """ What the node returns, by key or in a list, as the graph defines it; null for nothing. """
    command: Command | Unset = UNSET
    """ What to do instead of starting with an input, such as answering an interrupt. It overrides `input`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.state_values import StateValues  # noqa: PLC0415

        as_node = self.as_node

        values: dict[str, Any] | list[Any] | None | Unset
        if isinstance(self.values, Unset):
            values = UNSET
        elif isinstance(self.values, StateValues):
            values = self.values.to_dict()
        elif isinstance(self.values, list):
            values = self.values

        else:
            values = self.values

        command: dict[str, Any] | Unset = UNSET
        if not isinstance(self.command, Unset):
            command = self.command.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "as_node": as_node,
            }
        )
        if values is not UNSET:
            field_dict["values"] = values
        if command is not UNSET:
            field_dict["command"] = command

        return {key: value for key, value in field_dict.items() if value is not UNSET}

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.command import Command  # noqa: PLC0415
        from ..models.state_values import StateValues  # noqa: PLC0415

        d = {key: value for key, value in src_dict.items() if value is not None or key not in {"as_node", "command"}}
        as_node = d.pop("as_node", MISSING)

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

        _command = d.pop("command", UNSET)
        command: Command | Unset
        if isinstance(_command, Unset):
            command = UNSET
        else:
            command = Command.from_dict(_command)

        superstep_update = cls(
            as_node=as_node,
            values=values,
            command=command,
        )

        superstep_update.additional_properties = d
        return superstep_update

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
