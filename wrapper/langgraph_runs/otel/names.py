"""The names of spans, attributes, events and metrics.

Most are those of OpenTelemetry's semantic conventions for GenAI and for HTTP. The GenAI conventions are in development
and have moved to a repository of their own, so that the package opentelemetry-semantic-conventions only has them as
deprecated ones. That is why all names are written here.
"""

from __future__ import annotations

from typing import Final

# GenAI: https://github.com/open-telemetry/semantic-conventions-genai
OPERATION: Final = "gen_ai.operation.name"
PROVIDER: Final = "gen_ai.provider.name"
AGENT_ID: Final = "gen_ai.agent.id"
AGENT_NAME: Final = "gen_ai.agent.name"
CONVERSATION_ID: Final = "gen_ai.conversation.id"
IS_STREAM: Final = "gen_ai.request.stream"
TIME_TO_FIRST_CHUNK: Final = "gen_ai.response.time_to_first_chunk"

INVOKE_AGENT: Final = "invoke_agent"
"""The operation of each method that starts a run. That of any other method is its name."""
STARTING: Final = frozenset({"create", "create_batch", "map", "stream", "wait"})
STREAMING: Final = frozenset({"join_stream", "stream"})
LANGGRAPH: Final = "langgraph"
"""The provider."""

# HTTP, and general: https://opentelemetry.io/docs/specs/semconv/http/http-spans/
ERROR_TYPE: Final = "error.type"
SERVER_ADDRESS: Final = "server.address"
SERVER_PORT: Final = "server.port"
METHOD: Final = "http.request.method"
RESEND_COUNT: Final = "http.request.resend_count"
STATUS_CODE: Final = "http.response.status_code"
PROTOCOL_VERSION: Final = "network.protocol.version"
URL: Final = "url.full"
URL_SCHEME: Final = "url.scheme"
URL_TEMPLATE: Final = "url.template"

# Ours: no convention names these.
CLIENT_METHOD: Final = "langgraph.client.method"
RUN_ID: Final = "langgraph.run.id"
RUN_STATUS: Final = "langgraph.run.status"
THREAD_ID: Final = "langgraph.thread.id"
EVENT_COUNT: Final = "langgraph.stream.events"
RECONNECT_COUNT: Final = "langgraph.stream.reconnects"
DELAY: Final = "langgraph.delay"
"""Seconds before a retry or a reconnect."""

# The events of the span of a call.
FIRST_EVENT: Final = "first_event"
FIRST_TOKEN: Final = "first_token"
RETRY: Final = "retry"
RECONNECT: Final = "reconnect"

# Metrics.
OPERATION_DURATION: Final = "gen_ai.client.operation.duration"
OPERATION_TIME_TO_FIRST_CHUNK: Final = "gen_ai.client.operation.time_to_first_chunk"
REQUEST_DURATION: Final = "http.client.request.duration"
EVENTS: Final = "langgraph.client.events"
RECONNECTS: Final = "langgraph.client.reconnects"

OPERATION_BUCKETS: Final = (
    0.01,
    0.02,
    0.04,
    0.08,
    0.16,
    0.32,
    0.64,
    1.28,
    2.56,
    5.12,
    10.24,
    20.48,
    40.96,
    81.92,
)
REQUEST_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
