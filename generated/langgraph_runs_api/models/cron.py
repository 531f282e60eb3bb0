from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.on_run_completed import OnRunCompleted, check_on_run_completed
from ..types import MISSING, UNSET, Unset

if TYPE_CHECKING:
    from ..models.cron_payload import CronPayload
    from ..models.metadata import Metadata


T = TypeVar("T", bound="Cron")


@_attrs_define
class Cron:
    """A cron. Which fields there are depends on `select`."""

    cron_id: str
    """ The UUID of the cron, chosen by the server. """
    schedule: str
    """ When it starts runs, in cron format. """
    timezone: None | str | Unset = UNSET
    """ The time zone of the schedule; null for UTC. """
    assistant_id: None | str | Unset = UNSET
    """ The UUID of the assistant. """
    thread_id: None | str | Unset = UNSET
    """ The UUID of the thread; null if each run has a thread of its own. """
    enabled: bool | Unset = UNSET
    """ Whether it starts runs. """
    next_run_date: datetime.datetime | None | Unset = UNSET
    """ When it starts the next run. """
    end_time: None | str | Unset = UNSET
    """ When it ends, as it was given. """
    on_run_completed: None | OnRunCompleted | str | Unset = UNSET
    """ What happens to the thread of each run; null for a cron on a thread. """
    payload: CronPayload | Unset = UNSET
    """ The request that each run is created with, and `cron_id` in its config. """
    metadata: Metadata | Unset = UNSET
    """ Arbitrary data to store with the object, and to find it by. """
    user_id: None | str | Unset = UNSET
    """ Who has created it. """
    created_at: datetime.datetime | Unset = UNSET
    """ When it was created. """
    updated_at: datetime.datetime | Unset = UNSET
    """ When it last changed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cron_id = self.cron_id

        schedule = self.schedule

        timezone: None | str | Unset
        if isinstance(self.timezone, Unset):
            timezone = UNSET
        else:
            timezone = self.timezone

        assistant_id: None | str | Unset
        if isinstance(self.assistant_id, Unset):
            assistant_id = UNSET
        else:
            assistant_id = self.assistant_id

        thread_id: None | str | Unset
        if isinstance(self.thread_id, Unset):
            thread_id = UNSET
        else:
            thread_id = self.thread_id

        enabled = self.enabled

        next_run_date: None | str | Unset
        if isinstance(self.next_run_date, Unset):
            next_run_date = UNSET
        elif isinstance(self.next_run_date, datetime.datetime):
            next_run_date = self.next_run_date.isoformat()
        else:
            next_run_date = self.next_run_date

        end_time: None | str | Unset
        if isinstance(self.end_time, Unset):
            end_time = UNSET
        else:
            end_time = self.end_time

        on_run_completed: None | str | Unset
        if isinstance(self.on_run_completed, Unset):
            on_run_completed = UNSET
        elif isinstance(self.on_run_completed, str):
            on_run_completed = self.on_run_completed
        else:
            on_run_completed = self.on_run_completed

        payload: dict[str, Any] | Unset = UNSET
        if not isinstance(self.payload, Unset):
            payload = self.payload.to_dict()

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        user_id: None | str | Unset
        if isinstance(self.user_id, Unset):
            user_id = UNSET
        else:
            user_id = self.user_id

        created_at: str | Unset = UNSET
        if not isinstance(self.created_at, Unset):
            created_at = self.created_at.isoformat()

        updated_at: str | Unset = UNSET
        if not isinstance(self.updated_at, Unset):
            updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cron_id": cron_id,
                "schedule": schedule,
            }
        )
        if timezone is not UNSET:
            field_dict["timezone"] = timezone
        if assistant_id is not UNSET:
            field_dict["assistant_id"] = assistant_id
        if thread_id is not UNSET:
            field_dict["thread_id"] = thread_id
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if next_run_date is not UNSET:
            field_dict["next_run_date"] = next_run_date
        if end_time is not UNSET:
            field_dict["end_time"] = end_time
        if on_run_completed is not UNSET:
            field_dict["on_run_completed"] = on_run_completed
        if payload is not UNSET:
            field_dict["payload"] = payload
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if user_id is not UNSET:
            field_dict["user_id"] = user_id
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at

        return {key: value for key, value in field_dict.items() if value is not UNSET}

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cron_payload import CronPayload  # noqa: PLC0415
        from ..models.metadata import Metadata  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None
            or key not in {"cron_id", "schedule", "enabled", "payload", "metadata", "created_at", "updated_at"}
        }
        cron_id = d.pop("cron_id", MISSING)

        schedule = d.pop("schedule", MISSING)

        def _parse_timezone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        timezone = _parse_timezone(d.pop("timezone", UNSET))

        def _parse_assistant_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        assistant_id = _parse_assistant_id(d.pop("assistant_id", UNSET))

        def _parse_thread_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        thread_id = _parse_thread_id(d.pop("thread_id", UNSET))

        enabled = d.pop("enabled", UNSET)

        def _parse_next_run_date(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_run_date_type_0 = datetime.datetime.fromisoformat(data)

                return next_run_date_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        next_run_date = _parse_next_run_date(d.pop("next_run_date", UNSET))

        def _parse_end_time(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        end_time = _parse_end_time(d.pop("end_time", UNSET))

        def _parse_on_run_completed(data: object) -> None | OnRunCompleted | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                on_run_completed_type_0 = check_on_run_completed(data)

                return on_run_completed_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | OnRunCompleted | str | Unset, data)

        on_run_completed = _parse_on_run_completed(d.pop("on_run_completed", UNSET))

        _payload = d.pop("payload", UNSET)
        payload: CronPayload | Unset
        if isinstance(_payload, Unset):
            payload = UNSET
        else:
            payload = CronPayload.from_dict(_payload)

        _metadata = d.pop("metadata", UNSET)
        metadata: Metadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = Metadata.from_dict(_metadata)

        def _parse_user_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        user_id = _parse_user_id(d.pop("user_id", UNSET))

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

        cron = cls(
            cron_id=cron_id,
            schedule=schedule,
            timezone=timezone,
            assistant_id=assistant_id,
            thread_id=thread_id,
            enabled=enabled,
            next_run_date=next_run_date,
            end_time=end_time,
            on_run_completed=on_run_completed,
            payload=payload,
            metadata=metadata,
            user_id=user_id,
            created_at=created_at,
            updated_at=updated_at,
        )

        cron.additional_properties = d
        return cron

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
