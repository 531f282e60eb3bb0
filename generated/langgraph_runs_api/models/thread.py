from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.thread_status import ThreadStatus, check_thread_status
from ..types import MISSING, UNSET, Unset

if TYPE_CHECKING:
    from ..models.extracted import Extracted
    from ..models.metadata import Metadata
    from ..models.thread_config import ThreadConfig
    from ..models.ttl_info import TtlInfo


T = TypeVar("T", bound="Thread")


@_attrs_define
class Thread:
    """A thread, on which runs share their state."""

    thread_id: str
    """ The UUID of the thread. """
    status: str | ThreadStatus
    """ The status of the thread; any string, because newer servers may have more. """
    created_at: datetime.datetime | Unset = UNSET
    """ When the thread was created. """
    updated_at: datetime.datetime | Unset = UNSET
    """ When the thread last changed. """
    state_updated_at: datetime.datetime | None | Unset = UNSET
    """ When the state of the thread last changed. """
    metadata: Metadata | Unset = UNSET
    """ Arbitrary data to store with the object, and to find it by. """
    config: ThreadConfig | Unset = UNSET
    """ The configuration of the thread's latest run. """
    values: Any | Unset = UNSET
    """ The values of the thread's state; null before the first run. """
    interrupts: Any | Unset = UNSET
    """ The interrupts at which the thread waits, in lists by task. """
    error: Any | Unset = UNSET
    """ Why the last run failed or was stopped; null otherwise. """
    ttl: TtlInfo | Unset = UNSET
    """ How long the thread is kept; only if `include` requests it, and not in the development server. """
    extracted: Extracted | Unset = UNSET
    """ What `extract` has requested, by name; null where there is none. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        thread_id = self.thread_id

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

        state_updated_at: None | str | Unset
        if isinstance(self.state_updated_at, Unset):
            state_updated_at = UNSET
        elif isinstance(self.state_updated_at, datetime.datetime):
            state_updated_at = self.state_updated_at.isoformat()
        else:
            state_updated_at = self.state_updated_at

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.config, Unset):
            config = self.config.to_dict()

        values = self.values

        interrupts = self.interrupts

        error = self.error

        ttl: dict[str, Any] | Unset = UNSET
        if not isinstance(self.ttl, Unset):
            ttl = self.ttl.to_dict()

        extracted: dict[str, Any] | Unset = UNSET
        if not isinstance(self.extracted, Unset):
            extracted = self.extracted.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "thread_id": thread_id,
                "status": status,
            }
        )
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        if state_updated_at is not UNSET:
            field_dict["state_updated_at"] = state_updated_at
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if config is not UNSET:
            field_dict["config"] = config
        if values is not UNSET:
            field_dict["values"] = values
        if interrupts is not UNSET:
            field_dict["interrupts"] = interrupts
        if error is not UNSET:
            field_dict["error"] = error
        if ttl is not UNSET:
            field_dict["ttl"] = ttl
        if extracted is not UNSET:
            field_dict["extracted"] = extracted

        return {key: value for key, value in field_dict.items() if value is not UNSET}

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.extracted import Extracted  # noqa: PLC0415
        from ..models.metadata import Metadata  # noqa: PLC0415
        from ..models.thread_config import ThreadConfig  # noqa: PLC0415
        from ..models.ttl_info import TtlInfo  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None
            or key
            not in {
                "thread_id",
                "status",
                "created_at",
                "updated_at",
                "metadata",
                "config",
                "values",
                "interrupts",
                "error",
                "ttl",
                "extracted",
            }
        }
        thread_id = d.pop("thread_id", MISSING)

        def _parse_status(data: object) -> str | ThreadStatus:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_thread_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(str | ThreadStatus, data)

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

        def _parse_state_updated_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                state_updated_at_type_0 = datetime.datetime.fromisoformat(data)

                return state_updated_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        state_updated_at = _parse_state_updated_at(d.pop("state_updated_at", UNSET))

        _metadata = d.pop("metadata", UNSET)
        metadata: Metadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = Metadata.from_dict(_metadata)

        _config = d.pop("config", UNSET)
        config: ThreadConfig | Unset
        if isinstance(_config, Unset):
            config = UNSET
        else:
            config = ThreadConfig.from_dict(_config)

        values = d.pop("values", UNSET)

        interrupts = d.pop("interrupts", UNSET)

        error = d.pop("error", UNSET)

        _ttl = d.pop("ttl", UNSET)
        ttl: TtlInfo | Unset
        if isinstance(_ttl, Unset):
            ttl = UNSET
        else:
            ttl = TtlInfo.from_dict(_ttl)

        _extracted = d.pop("extracted", UNSET)
        extracted: Extracted | Unset
        if isinstance(_extracted, Unset):
            extracted = UNSET
        else:
            extracted = Extracted.from_dict(_extracted)

        thread = cls(
            thread_id=thread_id,
            status=status,
            created_at=created_at,
            updated_at=updated_at,
            state_updated_at=state_updated_at,
            metadata=metadata,
            config=config,
            values=values,
            interrupts=interrupts,
            error=error,
            ttl=ttl,
            extracted=extracted,
        )

        thread.additional_properties = d
        return thread

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
