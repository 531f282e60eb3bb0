from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import MISSING, UNSET, Unset

if TYPE_CHECKING:
    from ..models.checkpoint import Checkpoint
    from ..models.interrupt import Interrupt


T = TypeVar("T", bound="ThreadTask")


@_attrs_define
class ThreadTask:
    """A node that is to run at a checkpoint, or has failed there."""

    id: str
    """ The id of the task. """
    name: str
    """ The node's name. """
    path: list[Any] | Unset = UNSET
    """ Why the task runs and where it belongs, in LangGraph's own format. """
    error: Any | Unset = UNSET
    """ The exception that the node raised, as text; null if there was none. """
    interrupts: list[Interrupt] | Unset = UNSET
    """ The interrupts at which the task waits. """
    checkpoint: Checkpoint | None | Unset = UNSET
    """ The checkpoint of the task's subgraph. """
    state: Any | Unset = UNSET
    """ The state of the task's subgraph, if it was requested; a ThreadState too. """
    result: Any | Unset = UNSET
    """ What the node returned. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.checkpoint import Checkpoint  # noqa: PLC0415

        id = self.id

        name = self.name

        path: list[Any] | Unset = UNSET
        if not isinstance(self.path, Unset):
            path = self.path

        error = self.error

        interrupts: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.interrupts, Unset):
            interrupts = []
            for interrupts_item_data in self.interrupts:
                interrupts_item = interrupts_item_data.to_dict()
                interrupts.append(interrupts_item)

        checkpoint: dict[str, Any] | None | Unset
        if isinstance(self.checkpoint, Unset):
            checkpoint = UNSET
        elif isinstance(self.checkpoint, Checkpoint):
            checkpoint = self.checkpoint.to_dict()
        else:
            checkpoint = self.checkpoint

        state = self.state

        result = self.result

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
            }
        )
        if path is not UNSET:
            field_dict["path"] = path
        if error is not UNSET:
            field_dict["error"] = error
        if interrupts is not UNSET:
            field_dict["interrupts"] = interrupts
        if checkpoint is not UNSET:
            field_dict["checkpoint"] = checkpoint
        if state is not UNSET:
            field_dict["state"] = state
        if result is not UNSET:
            field_dict["result"] = result

        return {key: value for key, value in field_dict.items() if value is not UNSET}

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.checkpoint import Checkpoint  # noqa: PLC0415
        from ..models.interrupt import Interrupt  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None or key not in {"id", "name", "path", "error", "interrupts", "state", "result"}
        }
        id = d.pop("id", MISSING)

        name = d.pop("name", MISSING)

        path = cast(list[Any], d.pop("path", UNSET))

        error = d.pop("error", UNSET)

        _interrupts = d.pop("interrupts", UNSET)
        interrupts: list[Interrupt] | Unset = UNSET
        if _interrupts is not UNSET:
            interrupts = []
            for interrupts_item_data in _interrupts:
                interrupts_item = Interrupt.from_dict(interrupts_item_data)

                interrupts.append(interrupts_item)

        def _parse_checkpoint(data: object) -> Checkpoint | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                checkpoint_type_0 = Checkpoint.from_dict(data)

                return checkpoint_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Checkpoint | None | Unset, data)

        checkpoint = _parse_checkpoint(d.pop("checkpoint", UNSET))

        state = d.pop("state", UNSET)

        result = d.pop("result", UNSET)

        thread_task = cls(
            id=id,
            name=name,
            path=path,
            error=error,
            interrupts=interrupts,
            checkpoint=checkpoint,
            state=state,
            result=result,
        )

        thread_task.additional_properties = d
        return thread_task

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
