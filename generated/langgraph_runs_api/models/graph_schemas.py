from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import MISSING, UNSET, Unset

if TYPE_CHECKING:
    from ..models.json_schema import JsonSchema


T = TypeVar("T", bound="GraphSchemas")


@_attrs_define
class GraphSchemas:
    """What a graph takes and returns. A schema that the server cannot make is null or missing."""

    graph_id: str
    """ The name of the graph. """
    input_schema: JsonSchema | None | Unset = UNSET
    """ The schema of what the graph takes. """
    output_schema: JsonSchema | None | Unset = UNSET
    """ The schema of what the graph returns. """
    state_schema: JsonSchema | None | Unset = UNSET
    """ The schema of the graph's state. """
    config_schema: JsonSchema | None | Unset = UNSET
    """ The schema of the `configurable` that the graph takes. """
    context_schema: JsonSchema | None | Unset = UNSET
    """ The schema of the context that the graph takes. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.json_schema import JsonSchema  # noqa: PLC0415

        graph_id = self.graph_id

        input_schema: dict[str, Any] | None | Unset
        if isinstance(self.input_schema, Unset):
            input_schema = UNSET
        elif isinstance(self.input_schema, JsonSchema):
            input_schema = self.input_schema.to_dict()
        else:
            input_schema = self.input_schema

        output_schema: dict[str, Any] | None | Unset
        if isinstance(self.output_schema, Unset):
            output_schema = UNSET
        elif isinstance(self.output_schema, JsonSchema):
            output_schema = self.output_schema.to_dict()
        else:
            output_schema = self.output_schema

        state_schema: dict[str, Any] | None | Unset
        if isinstance(self.state_schema, Unset):
            state_schema = UNSET
        elif isinstance(self.state_schema, JsonSchema):
            state_schema = self.state_schema.to_dict()
        else:
            state_schema = self.state_schema

        config_schema: dict[str, Any] | None | Unset
        if isinstance(self.config_schema, Unset):
            config_schema = UNSET
        elif isinstance(self.config_schema, JsonSchema):
            config_schema = self.config_schema.to_dict()
        else:
            config_schema = self.config_schema

        context_schema: dict[str, Any] | None | Unset
        if isinstance(self.context_schema, Unset):
            context_schema = UNSET
        elif isinstance(self.context_schema, JsonSchema):
            context_schema = self.context_schema.to_dict()
        else:
            context_schema = self.context_schema

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "graph_id": graph_id,
            }
        )
        if input_schema is not UNSET:
            field_dict["input_schema"] = input_schema
        if output_schema is not UNSET:
            field_dict["output_schema"] = output_schema
        if state_schema is not UNSET:
            field_dict["state_schema"] = state_schema
        if config_schema is not UNSET:
            field_dict["config_schema"] = config_schema
        if context_schema is not UNSET:
            field_dict["context_schema"] = context_schema

        return {key: value for key, value in field_dict.items() if value is not UNSET}

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.json_schema import JsonSchema  # noqa: PLC0415

        d = {key: value for key, value in src_dict.items() if value is not None or key not in {"graph_id"}}
        graph_id = d.pop("graph_id", MISSING)

        def _parse_input_schema(data: object) -> JsonSchema | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                input_schema_type_0 = JsonSchema.from_dict(data)

                return input_schema_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JsonSchema | None | Unset, data)

        input_schema = _parse_input_schema(d.pop("input_schema", UNSET))

        def _parse_output_schema(data: object) -> JsonSchema | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                output_schema_type_0 = JsonSchema.from_dict(data)

                return output_schema_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JsonSchema | None | Unset, data)

        output_schema = _parse_output_schema(d.pop("output_schema", UNSET))

        def _parse_state_schema(data: object) -> JsonSchema | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                state_schema_type_0 = JsonSchema.from_dict(data)

                return state_schema_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JsonSchema | None | Unset, data)

        state_schema = _parse_state_schema(d.pop("state_schema", UNSET))

        def _parse_config_schema(data: object) -> JsonSchema | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                config_schema_type_0 = JsonSchema.from_dict(data)

                return config_schema_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JsonSchema | None | Unset, data)

        config_schema = _parse_config_schema(d.pop("config_schema", UNSET))

        def _parse_context_schema(data: object) -> JsonSchema | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                context_schema_type_0 = JsonSchema.from_dict(data)

                return context_schema_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JsonSchema | None | Unset, data)

        context_schema = _parse_context_schema(d.pop("context_schema", UNSET))

        graph_schemas = cls(
            graph_id=graph_id,
            input_schema=input_schema,
            output_schema=output_schema,
            state_schema=state_schema,
            config_schema=config_schema,
            context_schema=context_schema,
        )

        graph_schemas.additional_properties = d
        return graph_schemas

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
