from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.durability import Durability, check_durability
from ..models.on_completion import OnCompletion, check_on_completion
from ..models.on_disconnect import OnDisconnect, check_on_disconnect
from ..models.stream_mode import StreamMode, check_stream_mode
from ..types import MISSING, UNSET, Unset

if TYPE_CHECKING:
    from ..models.command import Command
    from ..models.context import Context
    from ..models.lang_smith_tracer import LangSmithTracer
    from ..models.metadata import Metadata
    from ..models.run_config import RunConfig


T = TypeVar("T", bound="RunStreamStateless")


@_attrs_define
class RunStreamStateless:
    """A run on a thread of its own that is streamed or waited for."""

    assistant_id: str
    """ The UUID of the assistant to run, or the name of a graph, which stands for its first assistant. """
    input_: Any | Unset = UNSET
    """ The input of the graph, any JSON. Null continues from the current state of the thread. """
    command: Command | Unset = UNSET
    """ What to do instead of starting with an input, such as answering an interrupt. It overrides `input`. """
    metadata: Metadata | Unset = UNSET
    """ Arbitrary data to store with the object, and to find it by. """
    config: RunConfig | Unset = UNSET
    """ How the graph is run. """
    context: Context | Unset = UNSET
    """ The context of the runtime that the graph's nodes receive. It cannot be combined with `configurable`. """
    stream_mode: list[StreamMode] | StreamMode | Unset = UNSET
    """ The mode or modes of the events that the run streams; `values` by default. """
    stream_subgraphs: bool | Unset = UNSET
    """ Whether to stream the events of subgraphs too; false by default. """
    stream_resumable: bool | Unset = UNSET
    """ Whether the server keeps the events, so that a stream that was cut can be joined again without losing any;
    false by default. """
    after_seconds: float | Unset = UNSET
    """ How many seconds to wait before the run starts; 0 by default. """
    interrupt_before: list[str] | Literal["*"] | Unset = UNSET
    """ The nodes to stop before, or `*` for all. """
    interrupt_after: list[str] | Literal["*"] | Unset = UNSET
    """ The nodes to stop after, or `*` for all. """
    durability: Durability | Unset = UNSET
    """ When to write checkpoints: `sync` before the next step, `async` (default) during the next step, `exit` only
    at the end. """
    checkpoint_during: bool | Unset = UNSET
    """ Deprecated; use `durability`. False is the same as `durability` `exit`. """
    webhook: str | Unset = UNSET
    """ A URL to which the server sends the run and its values, by POST, when the run has ended. The values of a
    stateless run are null. """
    feedback_keys: list[str] | Unset = UNSET
    """ Keys to create LangSmith feedback URLs for; the URLs are sent as a `feedback` event. """
    langsmith_tracer: LangSmithTracer | Unset = UNSET
    """ Where to put the run's trace in LangSmith. """
    strict_resume: bool | Unset = UNSET
    """ Whether to refuse an answer to an interrupt at which the graph does not wait: the run fails with
    `UnknownInterruptError` and the thread stays as it was. By default, such an answer is ignored. Servers whose
    `/info` does not report `strict_resume` ignore this field. """
    on_completion: OnCompletion | Unset = UNSET
    """ What to do with the thread of a stateless run when the run ends; `delete` by default. """
    on_disconnect: OnDisconnect | Unset = UNSET
    """ What to do with the run if this connection is lost; `continue` by default. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        assistant_id = self.assistant_id

        input_ = self.input_

        command: dict[str, Any] | Unset = UNSET
        if not isinstance(self.command, Unset):
            command = self.command.to_dict()

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.config, Unset):
            config = self.config.to_dict()

        context: dict[str, Any] | Unset = UNSET
        if not isinstance(self.context, Unset):
            context = self.context.to_dict()

        stream_mode: list[str] | str | Unset
        if isinstance(self.stream_mode, Unset):
            stream_mode = UNSET
        elif isinstance(self.stream_mode, str):
            stream_mode = self.stream_mode
        else:
            stream_mode = []
            for stream_mode_type_1_item_data in self.stream_mode:
                stream_mode_type_1_item: str = stream_mode_type_1_item_data
                stream_mode.append(stream_mode_type_1_item)

        stream_subgraphs = self.stream_subgraphs

        stream_resumable = self.stream_resumable

        after_seconds = self.after_seconds

        interrupt_before: list[str] | Literal["*"] | Unset
        if isinstance(self.interrupt_before, Unset):
            interrupt_before = UNSET
        elif isinstance(self.interrupt_before, list):
            interrupt_before = self.interrupt_before

        else:
            interrupt_before = self.interrupt_before

        interrupt_after: list[str] | Literal["*"] | Unset
        if isinstance(self.interrupt_after, Unset):
            interrupt_after = UNSET
        elif isinstance(self.interrupt_after, list):
            interrupt_after = self.interrupt_after

        else:
            interrupt_after = self.interrupt_after

        durability: str | Unset = UNSET
        if not isinstance(self.durability, Unset):
            durability = self.durability

        checkpoint_during = self.checkpoint_during

        webhook = self.webhook

        feedback_keys: list[str] | Unset = UNSET
        if not isinstance(self.feedback_keys, Unset):
            feedback_keys = self.feedback_keys

        langsmith_tracer: dict[str, Any] | Unset = UNSET
        if not isinstance(self.langsmith_tracer, Unset):
            langsmith_tracer = self.langsmith_tracer.to_dict()

        strict_resume = self.strict_resume

        on_completion: str | Unset = UNSET
        if not isinstance(self.on_completion, Unset):
            on_completion = self.on_completion

        on_disconnect: str | Unset = UNSET
        if not isinstance(self.on_disconnect, Unset):
            on_disconnect = self.on_disconnect

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "assistant_id": assistant_id,
            }
        )
        if input_ is not UNSET:
            field_dict["input"] = input_
        if command is not UNSET:
            field_dict["command"] = command
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if config is not UNSET:
            field_dict["config"] = config
        if context is not UNSET:
            field_dict["context"] = context
        if stream_mode is not UNSET:
            field_dict["stream_mode"] = stream_mode
        if stream_subgraphs is not UNSET:
            field_dict["stream_subgraphs"] = stream_subgraphs
        if stream_resumable is not UNSET:
            field_dict["stream_resumable"] = stream_resumable
        if after_seconds is not UNSET:
            field_dict["after_seconds"] = after_seconds
        if interrupt_before is not UNSET:
            field_dict["interrupt_before"] = interrupt_before
        if interrupt_after is not UNSET:
            field_dict["interrupt_after"] = interrupt_after
        if durability is not UNSET:
            field_dict["durability"] = durability
        if checkpoint_during is not UNSET:
            field_dict["checkpoint_during"] = checkpoint_during
        if webhook is not UNSET:
            field_dict["webhook"] = webhook
        if feedback_keys is not UNSET:
            field_dict["feedback_keys"] = feedback_keys
        if langsmith_tracer is not UNSET:
            field_dict["langsmith_tracer"] = langsmith_tracer
        if strict_resume is not UNSET:
            field_dict["strict_resume"] = strict_resume
        if on_completion is not UNSET:
            field_dict["on_completion"] = on_completion
        if on_disconnect is not UNSET:
            field_dict["on_disconnect"] = on_disconnect

        return {key: value for key, value in field_dict.items() if value is not UNSET}

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.command import Command  # noqa: PLC0415
        from ..models.context import Context  # noqa: PLC0415
        from ..models.lang_smith_tracer import LangSmithTracer  # noqa: PLC0415
        from ..models.metadata import Metadata  # noqa: PLC0415
        from ..models.run_config import RunConfig  # noqa: PLC0415

        d = {
            key: value
            for key, value in src_dict.items()
            if value is not None
            or key
            not in {
                "assistant_id",
                "input",
                "command",
                "metadata",
                "config",
                "context",
                "stream_mode",
                "stream_subgraphs",
                "stream_resumable",
                "after_seconds",
                "interrupt_before",
                "interrupt_after",
                "durability",
                "checkpoint_during",
                "webhook",
                "feedback_keys",
                "langsmith_tracer",
                "strict_resume",
                "on_completion",
                "on_disconnect",
            }
        }
        assistant_id = d.pop("assistant_id", MISSING)

        input_ = d.pop("input", UNSET)

        _command = d.pop("command", UNSET)
        command: Command | Unset
        if isinstance(_command, Unset):
            command = UNSET
        else:
            command = Command.from_dict(_command)

        _metadata = d.pop("metadata", UNSET)
        metadata: Metadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = Metadata.from_dict(_metadata)

        _config = d.pop("config", UNSET)
        config: RunConfig | Unset
        if isinstance(_config, Unset):
            config = UNSET
        else:
            config = RunConfig.from_dict(_config)

        _context = d.pop("context", UNSET)
        context: Context | Unset
        if isinstance(_context, Unset):
            context = UNSET
        else:
            context = Context.from_dict(_context)

        def _parse_stream_mode(data: object) -> list[StreamMode] | StreamMode | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                stream_mode_type_0 = check_stream_mode(data)

                return stream_mode_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            stream_mode_type_1 = []
            _stream_mode_type_1 = data
            for stream_mode_type_1_item_data in _stream_mode_type_1:
                stream_mode_type_1_item = check_stream_mode(stream_mode_type_1_item_data)

                stream_mode_type_1.append(stream_mode_type_1_item)

            return stream_mode_type_1

        stream_mode = _parse_stream_mode(d.pop("stream_mode", UNSET))

        stream_subgraphs = d.pop("stream_subgraphs", UNSET)

        stream_resumable = d.pop("stream_resumable", UNSET)

        after_seconds = d.pop("after_seconds", UNSET)

        def _parse_interrupt_before(data: object) -> list[str] | Literal["*"] | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                interrupt_before_type_0 = cast(list[str], data)

                return interrupt_before_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            interrupt_before_type_1 = cast(Literal["*"], data)
            if interrupt_before_type_1 != "*":
                raise ValueError(f"interrupt_before_type_1 must match const '*', got '{interrupt_before_type_1}'")
            return interrupt_before_type_1

        interrupt_before = _parse_interrupt_before(d.pop("interrupt_before", UNSET))

        def _parse_interrupt_after(data: object) -> list[str] | Literal["*"] | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                interrupt_after_type_0 = cast(list[str], data)

                return interrupt_after_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            interrupt_after_type_1 = cast(Literal["*"], data)
            if interrupt_after_type_1 != "*":
                raise ValueError(f"interrupt_after_type_1 must match const '*', got '{interrupt_after_type_1}'")
            return interrupt_after_type_1

        interrupt_after = _parse_interrupt_after(d.pop("interrupt_after", UNSET))

        _durability = d.pop("durability", UNSET)
        durability: Durability | Unset
        if isinstance(_durability, Unset):
            durability = UNSET
        else:
            durability = check_durability(_durability)

        checkpoint_during = d.pop("checkpoint_during", UNSET)

        webhook = d.pop("webhook", UNSET)

        feedback_keys = cast(list[str], d.pop("feedback_keys", UNSET))

        _langsmith_tracer = d.pop("langsmith_tracer", UNSET)
        langsmith_tracer: LangSmithTracer | Unset
        if isinstance(_langsmith_tracer, Unset):
            langsmith_tracer = UNSET
        else:
            langsmith_tracer = LangSmithTracer.from_dict(_langsmith_tracer)

        strict_resume = d.pop("strict_resume", UNSET)

        _on_completion = d.pop("on_completion", UNSET)
        on_completion: OnCompletion | Unset
        if isinstance(_on_completion, Unset):
            on_completion = UNSET
        else:
            on_completion = check_on_completion(_on_completion)

        _on_disconnect = d.pop("on_disconnect", UNSET)
        on_disconnect: OnDisconnect | Unset
        if isinstance(_on_disconnect, Unset):
            on_disconnect = UNSET
        else:
            on_disconnect = check_on_disconnect(_on_disconnect)

        run_stream_stateless = cls(
            assistant_id=assistant_id,
            input_=input_,
            command=command,
            metadata=metadata,
            config=config,
            context=context,
            stream_mode=stream_mode,
            stream_subgraphs=stream_subgraphs,
            stream_resumable=stream_resumable,
            after_seconds=after_seconds,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            durability=durability,
            checkpoint_during=checkpoint_during,
            webhook=webhook,
            feedback_keys=feedback_keys,
            langsmith_tracer=langsmith_tracer,
            strict_resume=strict_resume,
            on_completion=on_completion,
            on_disconnect=on_disconnect,
        )

        run_stream_stateless.additional_properties = d
        return run_stream_stateless

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
