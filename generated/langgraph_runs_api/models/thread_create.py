from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.if_exists import IfExists, check_if_exists
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.metadata import Metadata
    from ..models.superstep import Superstep
    from ..models.ttl import Ttl


T = TypeVar("T", bound="ThreadCreate")


@_attrs_define
class ThreadCreate:
    """The thread to create."""

    thread_id: str | Unset = UNSET
    """ The UUID of the thread; the server chooses one by default. """
    metadata: Metadata | Unset = UNSET
    """ Arbitrary data to store with the object, and to find it by. """
    if_exists: IfExists | Unset = UNSET
    """ What to do if the thread exists: `raise` (default) responds with 409, `do_nothing` returns it. """
    ttl: Ttl | Unset = UNSET
    """ How long to keep a thread. """
    supersteps: list[Superstep] | Unset = UNSET
    """ The steps that lead to the thread's first state, for example to copy a thread from another server. The
    thread's `metadata` must name the graph, as `graph_id`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        thread_id = self.thread_id

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        if_exists: str | Unset = UNSET
        if not isinstance(self.if_exists, Unset):
            if_exists = self.if_exists

        ttl: dict[str, Any] | Unset = UNSET
        if not isinstance(self.ttl, Unset):
            ttl = self.ttl.to_dict()

        supersteps: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.supersteps, Unset):
            supersteps = []
            for supersteps_item_data in self.supersteps:
                supersteps_item = supersteps_item_data.to_dict()
                supersteps.append(supersteps_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if thread_id is not UNSET:
            field_dict["thread_id"] = thread_id
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if if_exists is not UNSET:
            field_dict["if_exists"] = if_exists
        if ttl is not UNSET:
            field_dict["ttl"] = ttl
        if supersteps is not UNSET:
            field_dict["supersteps"] = supersteps

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.metadata import Metadata  # noqa: PLC0415
        from ..models.superstep import Superstep  # noqa: PLC0415
        from ..models.ttl import Ttl  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None or key not in {"thread_id", "metadata", "if_exists", "ttl", "supersteps"}
        }
        thread_id = d.pop("thread_id", UNSET)

        _metadata = d.pop("metadata", UNSET)
        metadata: Metadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = Metadata.from_dict(_metadata)

        _if_exists = d.pop("if_exists", UNSET)
        if_exists: IfExists | Unset
        if isinstance(_if_exists, Unset):
            if_exists = UNSET
        else:
            if_exists = check_if_exists(_if_exists)

        _ttl = d.pop("ttl", UNSET)
        ttl: Ttl | Unset
        if isinstance(_ttl, Unset):
            ttl = UNSET
        else:
            ttl = Ttl.from_dict(_ttl)

        _supersteps = d.pop("supersteps", UNSET)
        supersteps: list[Superstep] | Unset = UNSET
        if _supersteps is not UNSET:
            supersteps = []
            for supersteps_item_data in _supersteps:
                supersteps_item = Superstep.from_dict(supersteps_item_data)

                supersteps.append(supersteps_item)

        thread_create = cls(
            thread_id=thread_id,
            metadata=metadata,
            if_exists=if_exists,
            ttl=ttl,
            supersteps=supersteps,
        )

        thread_create.additional_properties = d
        return thread_create

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
