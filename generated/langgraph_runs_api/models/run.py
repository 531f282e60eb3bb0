from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.multitask_strategy import MultitaskStrategy, check_multitask_strategy
from ..models.run_status import RunStatus, check_run_status
from ..types import MISSING, UNSET, Unset

if TYPE_CHECKING:
    from ..models.metadata import Metadata
    from ..models.run_kwargs import RunKwargs


T = TypeVar("T", bound="Run")


@_attrs_define
class Run:
    """A run. Servers differ in the fields that they send."""

    run_id: str
    """ The UUID of the run, chosen by the server. """
    thread_id: str
    """ The UUID of the thread. """
    assistant_id: str
    """ The UUID of the assistant. """
    status: RunStatus | str
    """ The status of the run; any string, because newer servers may have more. """
    created_at: datetime.datetime | Unset = UNSET
    """ When the run was created or, with `after_seconds`, when it will start. """
    updated_at: datetime.datetime | Unset = UNSET
    """ When the run last changed. """
    metadata: Metadata | Unset = UNSET
    """ Arbitrary data to store with the object, and to find it by. """
    kwargs: RunKwargs | Unset = UNSET
    """ The arguments that the run was created with, as the server stores them. """
    multitask_strategy: MultitaskStrategy | None | str | Unset = UNSET
    """ What the run did about other runs of its thread. """
    langsmith_session_name: None | str | Unset = UNSET
    """ The LangSmith project of the run's trace. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        run_id = self.run_id

        thread_id = self.thread_id

        assistant_id = self.assistant_id

        status: str
        if isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        created_at: str | Unset = UNSET
        if not isinstance(self.created_at, Unset):
            created_at = self.created_at.isoformat()

        updated_at: str | Unset = UNSET
        if not isinstance(self.updated_at, Unset):
            updated_at = self.updated_at.isoformat()

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        kwargs: dict[str, Any] | Unset = UNSET
        if not isinstance(self.kwargs, Unset):
            kwargs = self.kwargs.to_dict()

        multitask_strategy: None | str | Unset
        if isinstance(self.multitask_strategy, Unset):
            multitask_strategy = UNSET
        elif isinstance(self.multitask_strategy, str):
            multitask_strategy = self.multitask_strategy
        else:
            multitask_strategy = self.multitask_strategy

        langsmith_session_name: None | str | Unset
        if isinstance(self.langsmith_session_name, Unset):
            langsmith_session_name = UNSET
        else:
            langsmith_session_name = self.langsmith_session_name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "run_id": run_id,
                "thread_id": thread_id,
                "assistant_id": assistant_id,
                "status": status,
            }
        )
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if kwargs is not UNSET:
            field_dict["kwargs"] = kwargs
        if multitask_strategy is not UNSET:
            field_dict["multitask_strategy"] = multitask_strategy
        if langsmith_session_name is not UNSET:
            field_dict["langsmith_session_name"] = langsmith_session_name

        return {key: value for key, value in field_dict.items() if value is not UNSET}

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.metadata import Metadata  # noqa: PLC0415
        from ..models.run_kwargs import RunKwargs  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None
            or key
            not in {"run_id", "thread_id", "assistant_id", "status", "created_at", "updated_at", "metadata", "kwargs"}
        }
        run_id = d.pop("run_id", MISSING)

        thread_id = d.pop("thread_id", MISSING)

        assistant_id = d.pop("assistant_id", MISSING)

        def _parse_status(data: object) -> RunStatus | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_run_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(RunStatus | str, data)

        status = _parse_status(d.pop("status", MISSING))

        _created_at = d.pop("created_at", UNSET)
        created_at: datetime.datetime | Unset
        if isinstance(_created_at, Unset):
            created_at = UNSET
        else:
            created_at = datetime.datetime.fromisoformat(_created_at)

        _updated_at = d.pop("updated_at", UNSET)
        updated_at: datetime.datetime | Unset
        if isinstance(_updated_at, Unset):
            updated_at = UNSET
        else:
            updated_at = datetime.datetime.fromisoformat(_updated_at)

        _metadata = d.pop("metadata", UNSET)
        metadata: Metadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = Metadata.from_dict(_metadata)

        _kwargs = d.pop("kwargs", UNSET)
        kwargs: RunKwargs | Unset
        if isinstance(_kwargs, Unset):
            kwargs = UNSET
        else:
            kwargs = RunKwargs.from_dict(_kwargs)

        def _parse_multitask_strategy(data: object) -> MultitaskStrategy | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                multitask_strategy_type_0 = check_multitask_strategy(data)

                return multitask_strategy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MultitaskStrategy | None | str | Unset, data)

        multitask_strategy = _parse_multitask_strategy(d.pop("multitask_strategy", UNSET))

        def _parse_langsmith_session_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        langsmith_session_name = _parse_langsmith_session_name(d.pop("langsmith_session_name", UNSET))

        run = cls(
            run_id=run_id,
            thread_id=thread_id,
            assistant_id=assistant_id,
            status=status,
            created_at=created_at,
            updated_at=updated_at,
            metadata=metadata,
            kwargs=kwargs,
            multitask_strategy=multitask_strategy,
            langsmith_session_name=langsmith_session_name,
        )

        run.additional_properties = d
        return run

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
