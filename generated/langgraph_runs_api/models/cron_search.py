from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.cron_field import CronField, check_cron_field
from ..models.cron_sort_by import CronSortBy, check_cron_sort_by
from ..models.sort_order import SortOrder, check_sort_order
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.metadata import Metadata


T = TypeVar("T", bound="CronSearch")


@_attrs_define
class CronSearch:
    """Which crons to return."""

    assistant_id: str | Unset = UNSET
    """ The UUID of the assistant. The name of a graph is rejected. """
    thread_id: str | Unset = UNSET
    """ The UUID of the thread. """
    metadata: Metadata | Unset = UNSET
    """ Arbitrary data to store with the object, and to find it by. """
    limit: int | Unset = UNSET
    """ The maximum number of items; 10 by default. """
    offset: int | Unset = UNSET
    """ How many items to skip; 0 by default. """
    sort_order: SortOrder | Unset = UNSET
    """ Whether the items ascend or descend; `desc` by default. """
    enabled: bool | Unset = UNSET
    """ Whether the crons are enabled. """
    sort_by: CronSortBy | Unset = UNSET
    """ The field to sort by; `created_at` by default. """
    select: list[CronField] | Unset = UNSET
    """ The fields to return; all by default. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        assistant_id = self.assistant_id

        thread_id = self.thread_id

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        limit = self.limit

        offset = self.offset

        sort_order: str | Unset = UNSET
        if not isinstance(self.sort_order, Unset):
            sort_order = self.sort_order

        enabled = self.enabled

        sort_by: str | Unset = UNSET
        if not isinstance(self.sort_by, Unset):
            sort_by = self.sort_by

        select: list[str] | Unset = UNSET
        if not isinstance(self.select, Unset):
            select = []
            for select_item_data in self.select:
                select_item: str = select_item_data
                select.append(select_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if assistant_id is not UNSET:
            field_dict["assistant_id"] = assistant_id
        if thread_id is not UNSET:
            field_dict["thread_id"] = thread_id
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if limit is not UNSET:
            field_dict["limit"] = limit
        if offset is not UNSET:
            field_dict["offset"] = offset
        if sort_order is not UNSET:
            field_dict["sort_order"] = sort_order
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if sort_by is not UNSET:
            field_dict["sort_by"] = sort_by
        if select is not UNSET:
            field_dict["select"] = select

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.metadata import Metadata  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None
            or key
            not in {
                "assistant_id",
                "thread_id",
                "metadata",
                "limit",
                "offset",
                "sort_order",
                "enabled",
                "sort_by",
                "select",
            }
        }
        assistant_id = d.pop("assistant_id", UNSET)

        thread_id = d.pop("thread_id", UNSET)

        _metadata = d.pop("metadata", UNSET)
        metadata: Metadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = Metadata.from_dict(_metadata)

        limit = d.pop("limit", UNSET)

        offset = d.pop("offset", UNSET)

        _sort_order = d.pop("sort_order", UNSET)
        sort_order: SortOrder | Unset
        if isinstance(_sort_order, Unset):
            sort_order = UNSET
        else:
            sort_order = check_sort_order(_sort_order)

        enabled = d.pop("enabled", UNSET)

        _sort_by = d.pop("sort_by", UNSET)
        sort_by: CronSortBy | Unset
        if isinstance(_sort_by, Unset):
            sort_by = UNSET
        else:
            sort_by = check_cron_sort_by(_sort_by)

        _select = d.pop("select", UNSET)
        select: list[CronField] | Unset = UNSET
        if _select is not UNSET:
            select = []
            for select_item_data in _select:
                select_item = check_cron_field(select_item_data)

                select.append(select_item)

        cron_search = cls(
            assistant_id=assistant_id,
            thread_id=thread_id,
            metadata=metadata,
            limit=limit,
            offset=offset,
            sort_order=sort_order,
            enabled=enabled,
            sort_by=sort_by,
            select=select,
        )

        cron_search.additional_properties = d
        return cron_search

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
