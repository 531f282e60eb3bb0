from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import MISSING, UNSET, Unset

if TYPE_CHECKING:
    from ..models.checkpoint import Checkpoint
    from ..models.interrupt import Interrupt
    from ..models.metadata import Metadata
    from ..models.thread_task import ThreadTask


T = TypeVar("T", bound="ThreadState")


@_attrs_define
class ThreadState:
    """A thread's state at one checkpoint."""

    values: Any
    """ The values of the graph's state. """
    next_: list[str]
    """ The nodes to run next; empty if the graph has ended. """
    tasks: list[ThreadTask] | Unset = UNSET
    """ The tasks of the next step. """
    interrupts: list[Interrupt] | Unset = UNSET
    """ The interrupts at which the graph waits. """
    checkpoint: Checkpoint | None | Unset = UNSET
    """ This checkpoint. """
    parent_checkpoint: Checkpoint | None | Unset = UNSET
    """ The checkpoint before this one. """
    metadata: Metadata | None | Unset = UNSET
    """ The metadata of the checkpoint, including the run_id. """
    created_at: datetime.datetime | None | Unset = UNSET
    """ When the checkpoint was written. """
    checkpoint_id: None | str | Unset = UNSET
    """ This checkpoint's UUID. LangGraph.js does not send it. """
    parent_checkpoint_id: None | str | Unset = UNSET
    """ The UUID of the checkpoint before this one. LangGraph.js does not send it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.checkpoint import Checkpoint  # noqa: PLC0415
        from ..models.metadata import Metadata  # noqa: PLC0415

        values = self.values

        next_ = self.next_

        tasks: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.tasks, Unset):
            tasks = []
            for tasks_item_data in self.tasks:
                tasks_item = tasks_item_data.to_dict()
                tasks.append(tasks_item)

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

        parent_checkpoint: dict[str, Any] | None | Unset
        if isinstance(self.parent_checkpoint, Unset):
            parent_checkpoint = UNSET
        elif isinstance(self.parent_checkpoint, Checkpoint):
            parent_checkpoint = self.parent_checkpoint.to_dict()
        else:
            parent_checkpoint = self.parent_checkpoint

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, Metadata):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        created_at: None | str | Unset
        if isinstance(self.created_at, Unset):
            created_at = UNSET
        elif isinstance(self.created_at, datetime.datetime):
            created_at = self.created_at.isoformat()
        else:
            created_at = self.created_at

        checkpoint_id: None | str | Unset
        if isinstance(self.checkpoint_id, Unset):
            checkpoint_id = UNSET
        else:
            checkpoint_id = self.checkpoint_id

        parent_checkpoint_id: None | str | Unset
        if isinstance(self.parent_checkpoint_id, Unset):
            parent_checkpoint_id = UNSET
        else:
            parent_checkpoint_id = self.parent_checkpoint_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "values": values,
                "next": next_,
            }
        )
        if tasks is not UNSET:
            field_dict["tasks"] = tasks
        if interrupts is not UNSET:
            field_dict["interrupts"] = interrupts
        if checkpoint is not UNSET:
            field_dict["checkpoint"] = checkpoint
        if parent_checkpoint is not UNSET:
            field_dict["parent_checkpoint"] = parent_checkpoint
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if checkpoint_id is not UNSET:
            field_dict["checkpoint_id"] = checkpoint_id
        if parent_checkpoint_id is not UNSET:
            field_dict["parent_checkpoint_id"] = parent_checkpoint_id

        return {key: value for key, value in field_dict.items() if value is not UNSET}

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.checkpoint import Checkpoint  # noqa: PLC0415
        from ..models.interrupt import Interrupt  # noqa: PLC0415
        from ..models.metadata import Metadata  # noqa: PLC0415
        from ..models.thread_task import ThreadTask  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None or key not in {"next", "tasks", "interrupts"}
        }
        values = d.pop("values", MISSING)

        next_ = cast(list[str], d.pop("next", MISSING))

        _tasks = d.pop("tasks", UNSET)
        tasks: list[ThreadTask] | Unset = UNSET
        if _tasks is not UNSET:
            tasks = []
            for tasks_item_data in _tasks:
                tasks_item = ThreadTask.from_dict(tasks_item_data)

                tasks.append(tasks_item)

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

        def _parse_parent_checkpoint(data: object) -> Checkpoint | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                parent_checkpoint_type_0 = Checkpoint.from_dict(data)

                return parent_checkpoint_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Checkpoint | None | Unset, data)

        parent_checkpoint = _parse_parent_checkpoint(d.pop("parent_checkpoint", UNSET))

        def _parse_metadata(data: object) -> Metadata | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = Metadata.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Metadata | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        def _parse_created_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                created_at_type_0 = datetime.datetime.fromisoformat(data)

                return created_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        created_at = _parse_created_at(d.pop("created_at", UNSET))

        def _parse_checkpoint_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        checkpoint_id = _parse_checkpoint_id(d.pop("checkpoint_id", UNSET))

        def _parse_parent_checkpoint_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        parent_checkpoint_id = _parse_parent_checkpoint_id(d.pop("parent_checkpoint_id", UNSET))

        thread_state = cls(
            values=values,
            next_=next_,
            tasks=tasks,
            interrupts=interrupts,
            checkpoint=checkpoint,
            parent_checkpoint=parent_checkpoint,
            metadata=metadata,
            created_at=created_at,
            checkpoint_id=checkpoint_id,
            parent_checkpoint_id=parent_checkpoint_id,
        )

        thread_state.additional_properties = d
        return thread_state

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
