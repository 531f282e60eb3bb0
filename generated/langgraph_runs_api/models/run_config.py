from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.configurable import Configurable
    from ..models.metadata import Metadata


T = TypeVar("T", bound="RunConfig")


@_attrs_define
class RunConfig:
    """How the graph is run."""

    tags: list[str] | Unset = UNSET
    """ Tags to find the run's trace by. """
    recursion_limit: int | Unset = UNSET
    """ How many steps the graph may take before it fails; the server's own limit by default. """
    configurable: Configurable | Unset = UNSET
    """ The `configurable` part of the config that the graph's nodes receive. """
    metadata: Metadata | Unset = UNSET
    """ Arbitrary data to store with the object, and to find it by. """
    run_name: str | Unset = UNSET
    """ The name of the run's trace. """
    max_concurrency: int | Unset = UNSET
    """ How many of the graph's tasks may run at the same time. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        tags: list[str] | Unset = UNSET
        if not isinstance(self.tags, Unset):
            tags = self.tags

        recursion_limit = self.recursion_limit

        configurable: dict[str, Any] | Unset = UNSET
        if not isinstance(self.configurable, Unset):
            configurable = self.configurable.to_dict()

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        run_name = self.run_name

        max_concurrency = self.max_concurrency

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if tags is not UNSET:
            field_dict["tags"] = tags
        if recursion_limit is not UNSET:
            field_dict["recursion_limit"] = recursion_limit
        if configurable is not UNSET:
            field_dict["configurable"] = configurable
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if run_name is not UNSET:
            field_dict["run_name"] = run_name
        if max_concurrency is not UNSET:
            field_dict["max_concurrency"] = max_concurrency

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.configurable import Configurable  # noqa: PLC0415
        from ..models.metadata import Metadata  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None
            or key not in {"tags", "recursion_limit", "configurable", "metadata", "run_name", "max_concurrency"}
        }
        tags = cast(list[str], d.pop("tags", UNSET))

        recursion_limit = d.pop("recursion_limit", UNSET)

        _configurable = d.pop("configurable", UNSET)
        configurable: Configurable | Unset
        if isinstance(_configurable, Unset):
            configurable = UNSET
        else:
            configurable = Configurable.from_dict(_configurable)

        _metadata = d.pop("metadata", UNSET)
        metadata: Metadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = Metadata.from_dict(_metadata)

        run_name = d.pop("run_name", UNSET)

        max_concurrency = d.pop("max_concurrency", UNSET)

        run_config = cls(
            tags=tags,
            recursion_limit=recursion_limit,
            configurable=configurable,
            metadata=metadata,
            run_name=run_name,
            max_concurrency=max_concurrency,
        )

        run_config.additional_properties = d
        return run_config

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
