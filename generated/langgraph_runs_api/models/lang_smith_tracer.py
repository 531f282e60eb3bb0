from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="LangSmithTracer")


@_attrs_define
class LangSmithTracer:
    """Where to put the run's trace in LangSmith."""

    project_name: str | Unset = UNSET
    """ The LangSmith project. """
    example_id: str | Unset = UNSET
    """ The dataset example that the run belongs to. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        project_name = self.project_name

        example_id = self.example_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if project_name is not UNSET:
            field_dict["project_name"] = project_name
        if example_id is not UNSET:
            field_dict["example_id"] = example_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None or key not in {"project_name", "example_id"}
        }
        project_name = d.pop("project_name", UNSET)

        example_id = d.pop("example_id", UNSET)

        lang_smith_tracer = cls(
            project_name=project_name,
            example_id=example_id,
        )

        lang_smith_tracer.additional_properties = d
        return lang_smith_tracer

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
