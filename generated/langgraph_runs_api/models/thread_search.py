from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.sort_order import SortOrder, check_sort_order
from ..models.thread_field import ThreadField, check_thread_field
from ..models.thread_sort_by import ThreadSortBy, check_thread_sort_by
from ..models.thread_status import ThreadStatus, check_thread_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.extract import Extract
    from ..models.metadata import Metadata
    from ..models.state_values import StateValues


T = TypeVar("T", bound="ThreadSearch")


@_attrs_define
class ThreadSearch:
    """Which threads to return."""

    metadata: Metadata | Unset = UNSET
    """ Arbitrary data to store with the object, and to find it by. """
    values: StateValues | Unset = UNSET
    """ Values of the state, by key. """
    status: ThreadStatus | Unset = UNSET
    """ The status of a thread. """
    limit: int | Unset = UNSET
    """ The maximum number of items; 10 by default. """
    offset: int | Unset = UNSET
    """ How many items to skip; 0 by default. """
    sort_order: SortOrder | Unset = UNSET
    """ Whether the items ascend or descend; `desc` by default. """
    ids: list[str] | Unset = UNSET
    """ The UUIDs of the threads; all threads if it is empty. """
    sort_by: ThreadSortBy | Unset = UNSET
    """ The field to sort by; `updated_at` by default. LangGraph.js does not know `state_updated_at`. """
    select: list[ThreadField] | Unset = UNSET
    """ The fields to return; all by default. """
    extract: Extract | Unset = UNSET
    """ Parts of `values`, `metadata`, `config` or `interrupts` to return as `extracted`, each a path by its name,
    such as `values.messages[-1].content`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        values: dict[str, Any] | Unset = UNSET
        if not isinstance(self.values, Unset):
            values = self.values.to_dict()

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status

        limit = self.limit

        offset = self.offset

        sort_order: str | Unset = UNSET
        if not isinstance(self.sort_order, Unset):
            sort_order = self.sort_order

        ids: list[str] | Unset = UNSET
        if not isinstance(self.ids, Unset):
            ids = self.ids

        sort_by: str | Unset = UNSET
        if not isinstance(self.sort_by, Unset):
            sort_by = self.sort_by

        select: list[str] | Unset = UNSET
        if not isinstance(self.select, Unset):
            select = []
            for select_item_data in self.select:
                select_item: str = select_item_data
                select.append(select_item)

        extract: dict[str, Any] | Unset = UNSET
        if not isinstance(self.extract, Unset):
            extract = self.extract.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if values is not UNSET:
            field_dict["values"] = values
        if status is not UNSET:
            field_dict["status"] = status
        if limit is not UNSET:
            field_dict["limit"] = limit
        if offset is not UNSET:
            field_dict["offset"] = offset
        if sort_order is not UNSET:
            field_dict["sort_order"] = sort_order
        if ids is not UNSET:
            field_dict["ids"] = ids
        if sort_by is not UNSET:
            field_dict["sort_by"] = sort_by
        if select is not UNSET:
            field_dict["select"] = select
        if extract is not UNSET:
            field_dict["extract"] = extract

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.extract import Extract  # noqa: PLC0415
        from ..models.metadata import Metadata  # noqa: PLC0415
        from ..models.state_values import StateValues  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None
            or key
            not in {
                "metadata",
                "values",
                "status",
                "limit",
                "offset",
                "sort_order",
                "ids",
                "sort_by",
                "select",
                "extract",
            }
        }
        _metadata = d.pop("metadata", UNSET)
        metadata: Metadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = Metadata.from_dict(_metadata)

        _values = d.pop("values", UNSET)
        values: StateValues | Unset
        if isinstance(_values, Unset):
            values = UNSET
        else:
            values = StateValues.from_dict(_values)

        _status = d.pop("status", UNSET)
        status: ThreadStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = check_thread_status(_status)

        limit = d.pop("limit", UNSET)

        offset = d.pop("offset", UNSET)

        _sort_order = d.pop("sort_order", UNSET)
        sort_order: SortOrder | Unset
        if isinstance(_sort_order, Unset):
            sort_order = UNSET
        else:
            sort_order = check_sort_order(_sort_order)

        ids = cast(list[str], d.pop("ids", UNSET))

        _sort_by = d.pop("sort_by", UNSET)
        sort_by: ThreadSortBy | Unset
        if isinstance(_sort_by, Unset):
            sort_by = UNSET
        else:
            sort_by = check_thread_sort_by(_sort_by)

        _select = d.pop("select", UNSET)
        select: list[ThreadField] | Unset = UNSET
        if _select is not UNSET:
            select = []
            for select_item_data in _select:
                select_item = check_thread_field(select_item_data)

                select.append(select_item)

        _extract = d.pop("extract", UNSET)
        extract: Extract | Unset
        if isinstance(_extract, Unset):
            extract = UNSET
        else:
            extract = Extract.from_dict(_extract)

        thread_search = cls(
            metadata=metadata,
            values=values,
            status=status,
            limit=limit,
            offset=offset,
            sort_order=sort_order,
            ids=ids,
            sort_by=sort_by,
            select=select,
            extract=extract,
        )

        thread_search.additional_properties = d
        return thread_search

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
