from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ServerFlags")


@_attrs_define
class ServerFlags:
    """What the server can do. One that is missing is false."""

    assistants: bool | Unset = UNSET
    """ Whether it has assistants. """
    crons: bool | Unset = UNSET
    """ Whether it has crons. """
    langsmith: bool | Unset = UNSET
    """ Whether it sends traces to LangSmith. """
    langsmith_tracing_replicas: bool | Unset = UNSET
    """ Whether a trace can go to several LangSmith projects. """
    langsmith_tracing_session_on_runs: bool | Unset = UNSET
    """ Whether a run names the LangSmith project of its trace. """
    strict_resume: bool | Unset = UNSET
    """ Whether runs heed `strict_resume`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        assistants = self.assistants

        crons = self.crons

        langsmith = self.langsmith

        langsmith_tracing_replicas = self.langsmith_tracing_replicas

        langsmith_tracing_session_on_runs = self.langsmith_tracing_session_on_runs

        strict_resume = self.strict_resume

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if assistants is not UNSET:
            field_dict["assistants"] = assistants
        if crons is not UNSET:
            field_dict["crons"] = crons
        if langsmith is not UNSET:
            field_dict["langsmith"] = langsmith
        if langsmith_tracing_replicas is not UNSET:
            field_dict["langsmith_tracing_replicas"] = langsmith_tracing_replicas
        if langsmith_tracing_session_on_runs is not UNSET:
            field_dict["langsmith_tracing_session_on_runs"] = langsmith_tracing_session_on_runs
        if strict_resume is not UNSET:
            field_dict["strict_resume"] = strict_resume

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None
            or key
            not in {
                "assistants",
                "crons",
                "langsmith",
                "langsmith_tracing_replicas",
                "langsmith_tracing_session_on_runs",
                "strict_resume",
            }
        }
        assistants = d.pop("assistants", UNSET)

        crons = d.pop("crons", UNSET)

        langsmith = d.pop("langsmith", UNSET)

        langsmith_tracing_replicas = d.pop("langsmith_tracing_replicas", UNSET)

        langsmith_tracing_session_on_runs = d.pop("langsmith_tracing_session_on_runs", UNSET)

        strict_resume = d.pop("strict_resume", UNSET)

        server_flags = cls(
            assistants=assistants,
            crons=crons,
            langsmith=langsmith,
            langsmith_tracing_replicas=langsmith_tracing_replicas,
            langsmith_tracing_session_on_runs=langsmith_tracing_session_on_runs,
            strict_resume=strict_resume,
        )

        server_flags.additional_properties = d
        return server_flags

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
