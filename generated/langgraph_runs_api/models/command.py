from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.command_update import CommandUpdate
    from ..models.send import Send


T = TypeVar("T", bound="Command")


@_attrs_define
class Command:
    """What to do instead of starting with an input, such as answering an interrupt. It overrides `input`."""

    update: CommandUpdate | list[list[Any]] | Unset = UNSET
    """ Changes to the state, as an object or as pairs of key and value. """
    resume: Any | Unset = UNSET
    """ The answer to the interrupt at which the graph waits, any JSON including null. """
    goto: list[Send | str] | Send | str | Unset = UNSET
    """ The node or nodes to run next, all by name or all with an input of their own. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.command_update import CommandUpdate  # noqa: PLC0415
        from ..models.send import Send  # noqa: PLC0415

        update: dict[str, Any] | list[list[Any]] | Unset
        if isinstance(self.update, Unset):
            update = UNSET
        elif isinstance(self.update, CommandUpdate):
            update = self.update.to_dict()
        else:
            update = []
            for update_type_1_item_data in self.update:
                update_type_1_item = update_type_1_item_data

                update.append(update_type_1_item)

        resume = self.resume

        goto: dict[str, Any] | list[dict[str, Any] | str] | str | Unset
        if isinstance(self.goto, Unset):
            goto = UNSET
        elif isinstance(self.goto, Send):
            goto = self.goto.to_dict()
        elif isinstance(self.goto, list):
            goto = []
            for goto_type_2_item_data in self.goto:
                goto_type_2_item: dict[str, Any] | str
                if isinstance(goto_type_2_item_data, Send):
                    goto_type_2_item = goto_type_2_item_data.to_dict()
                else:
                    goto_type_2_item = goto_type_2_item_data
                goto.append(goto_type_2_item)

        else:
            goto = self.goto

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if update is not UNSET:
            field_dict["update"] = update
        if resume is not UNSET:
            field_dict["resume"] = resume
        if goto is not UNSET:
            field_dict["goto"] = goto

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.command_update import CommandUpdate  # noqa: PLC0415
        from ..models.send import Send  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None or key not in {"update", "resume", "goto"}
        }

        def _parse_update(data: object) -> CommandUpdate | list[list[Any]] | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                update_command_update = CommandUpdate.from_dict(data)

                return update_command_update
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            update_type_1 = []
            _update_type_1 = data
            for update_type_1_item_data in _update_type_1:
                update_type_1_item = cast(list[Any], update_type_1_item_data)

                update_type_1.append(update_type_1_item)

            return update_type_1

        update = _parse_update(d.pop("update", UNSET))

        resume = d.pop("resume", UNSET)

        def _parse_goto(data: object) -> list[Send | str] | Send | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                goto_type_0 = Send.from_dict(data)

                return goto_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, list):
                    raise TypeError()
                goto_type_2 = []
                _goto_type_2 = data
                for goto_type_2_item_data in _goto_type_2:

                    def _parse_goto_type_2_item(data: object) -> Send | str:
                        try:
                            if not isinstance(data, dict):
                                raise TypeError()
                            goto_type_2_item_type_0 = Send.from_dict(data)

                            return goto_type_2_item_type_0
                        except (TypeError, ValueError, AttributeError, KeyError):
                            pass
                        return cast(Send | str, data)

                    goto_type_2_item = _parse_goto_type_2_item(goto_type_2_item_data)

                    goto_type_2.append(goto_type_2_item)

                return goto_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Send | str] | Send | str | Unset, data)

        goto = _parse_goto(d.pop("goto", UNSET))

        command = cls(
            update=update,
            resume=resume,
            goto=goto,
        )

        command.additional_properties = d
        return command

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
