# Derived from the TypedDicts of options by `make generate`; edit openapi.yaml or options.py.
"""The type of every option, and its entry in a docstring, by name."""

TEXTS: dict[str, tuple[str, str]] = {
    "input": (
        "Any",
        "    input (Any): The input of the graph, any JSON. Null continues from the current state of the thread.",
    ),
    "command": (
        "CommandDict | None",
        "    command (CommandDict | None): What to do instead of starting with an input, such as answering an interrupt.\n        It overrides `input`.",
    ),
    "metadata": (
        "Mapping[str, Any] | None",
        "    metadata (Mapping[str, Any] | None): Arbitrary data to store with the object, and to find it by.",
    ),
    "config": ("RunConfigDict | None", "    config (RunConfigDict | None): How the graph is run."),
    "context": (
        "Mapping[str, Any] | None",
        "    context (Mapping[str, Any] | None): The context of the runtime that the graph's nodes receive. It cannot be\n        combined with `configurable`.",
    ),
    "stream_mode": (
        "StreamMode | Sequence[StreamMode] | None",
        "    stream_mode (StreamMode | Sequence[StreamMode] | None): The mode or modes of the events that the run\n        streams; `values` by default.",
    ),
    "stream_subgraphs": (
        "bool | None",
        "    stream_subgraphs (bool | None): Whether to stream the events of subgraphs too; false by default.",
    ),
    "stream_resumable": (
        "bool | None",
        "    stream_resumable (bool | None): Whether the server keeps the events, so that a stream that was cut can be\n        joined again without losing any; false by default.",
    ),
    "after_seconds": (
        "float | None",
        "    after_seconds (float | None): How many seconds to wait before the run starts; 0 by default.",
    ),
    "interrupt_before": (
        "Sequence[str] | Literal['*'] | None",
        "    interrupt_before (Sequence[str] | Literal['*'] | None): The nodes to stop before, or `*` for all.",
    ),
    "interrupt_after": (
        "Sequence[str] | Literal['*'] | None",
        "    interrupt_after (Sequence[str] | Literal['*'] | None): The nodes to stop after, or `*` for all.",
    ),
    "durability": (
        "Durability | None",
        "    durability (Durability | None): When to write checkpoints: `sync` before the next step, `async` (default)\n        during the next step, `exit` only at the end.",
    ),
    "checkpoint_during": (
        "bool | None",
        "    checkpoint_during (bool | None): Deprecated; use `durability`. False is the same as `durability` `exit`.",
    ),
    "webhook": (
        "str | None",
        "    webhook (str | None): A URL to which the server sends the run and its values, by POST, when the run has\n        ended. The values of a stateless run are null.",
    ),
    "feedback_keys": (
        "Sequence[str] | None",
        "    feedback_keys (Sequence[str] | None): Keys to create LangSmith feedback URLs for; the URLs are sent as a\n        `feedback` event.",
    ),
    "langsmith_tracer": (
        "LangSmithTracerDict | None",
        "    langsmith_tracer (LangSmithTracerDict | None): Where to put the run's trace in LangSmith.",
    ),
    "strict_resume": (
        "bool | None",
        "    strict_resume (bool | None): Whether to refuse an answer to an interrupt at which the graph does not wait:\n        the run fails with `UnknownInterruptError` and the thread stays as it was. By default, such an answer is\n        ignored. Servers whose `/info` does not report `strict_resume` ignore this field.",
    ),
    "multitask_strategy": (
        "MultitaskStrategy | None",
        "    multitask_strategy (MultitaskStrategy | None): What to do if the thread already has a run: `enqueue`\n        (default) waits for it, `reject` responds with 409, `interrupt` stops the other runs, `rollback` deletes\n        them.",
    ),
    "if_not_exists": (
        "IfNotExists | None",
        "    if_not_exists (IfNotExists | None): What to do if the thread does not exist: `reject` (default) responds\n        with 404, `create` creates it.",
    ),
    "checkpoint": (
        "CheckpointDict | None",
        "    checkpoint (CheckpointDict | None): A point in a thread's history.",
    ),
    "checkpoint_id": (
        "str | None",
        "    checkpoint_id (str | None): The UUID of the checkpoint to start from; the thread's latest by default. With\n        an unknown one, the run starts without any state.",
    ),
    "on_disconnect": (
        "OnDisconnect | None",
        "    on_disconnect (OnDisconnect | None): What to do with the run if this connection is lost; `continue` by\n        default.",
    ),
    "on_completion": (
        "OnCompletion | None",
        "    on_completion (OnCompletion | None): What to do with the thread of a stateless run when the run ends;\n        `delete` by default.",
    ),
    "headers": (
        "Mapping[str, str] | None",
        "    headers (Mapping[str, str] | None): Headers for this call only; each replaces the client's header of the\n        same name.",
    ),
    "params": (
        "Mapping[str, QueryValue] | None",
        "    params (Mapping[str, QueryValue] | None): Query parameters for this call only, such as those that this\n        version does not know yet.",
    ),
    "timeout": (
        "float | None",
        "    timeout (float | None): The deadline for the whole call or iteration, in seconds: all attempts, the pauses\n        between them and the wait for a slot included; no limit by default.",
    ),
    "retry": (
        "RetryPolicy | None",
        "    retry (RetryPolicy | None): How to retry and resume for this call only; as the client does by default.",
    ),
    "after": (
        "After | None",
        "    after (After | None): When the run starts: seconds, a timedelta, a relativedelta, a datetime or an ISO 8601\n        string.",
    ),
    "extra_body": (
        "Mapping[str, Any] | None",
        "    extra_body (Mapping[str, Any] | None): Fields of the API that this version does not know yet. They are sent\n        as they are, and override other options.",
    ),
    "on_run_created": (
        "OnRunCreated | None",
        "    on_run_created (OnRunCreated | None): Called with (run_id, thread_id) as soon as the server has sent the\n        ids; thread_id is None if it sends none. A sync callable, in both clients.",
    ),
}
