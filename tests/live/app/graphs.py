"""The graphs of the test server: small and deterministic, no model, no key; delays are inputs, in seconds."""

import asyncio
import operator
from typing import Annotated, Any, TypedDict

from langchain_core.language_models import FakeListChatModel
from langchain_core.runnables import RunnableConfig
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.runtime import get_runtime

Update = dict[str, Any]


class AgentState(TypedDict, total=False):
    text: str
    steps: Annotated[list[str], operator.add]


async def greet(state: AgentState) -> Update:
    """Greets, and reports one step of progress."""
    get_stream_writer()({"progress": "greeting"})
    return {"text": f"Hello, {state.get('text', 'world')}", "steps": ["greet"]}


async def finish(state: AgentState) -> Update:
    """Changes nothing but the list of steps."""
    return {"steps": ["finish"]}


agent = (
    StateGraph(AgentState)
    .add_sequence([greet, finish])
    .add_edge(START, "greet")
    .add_edge("finish", END)
    .compile()
)


class SlowState(TypedDict, total=False):
    seconds: float
    n: int
    done: bool


async def work(state: SlowState) -> Update:
    """Takes `seconds` (0.5), divided into `n` ticks (10) with one event each; can be cancelled at every tick."""
    ticks = state.get("n", 10)
    write = get_stream_writer()
    for i in range(ticks):
        write({"tick": i})
        await asyncio.sleep(state.get("seconds", 0.5) / ticks)
    return {"done": True}


slow = StateGraph(SlowState).add_node(work).add_edge(START, "work").add_edge("work", END).compile()


class UntidyState(TypedDict, total=False):
    seconds: float
    cleanup: float


async def hold(state: UntidyState) -> Update:
    """Takes `seconds` (60); if cancelled, `cleanup` (1) more."""
    try:
        await asyncio.sleep(state.get("seconds", 60.0))
    finally:
        await asyncio.sleep(state.get("cleanup", 1.0))
    return {}


untidy = StateGraph(UntidyState).add_node(hold).add_edge(START, "hold").add_edge("hold", END).compile()


class FailingState(TypedDict, total=False):
    message: str
    steps: Annotated[list[str], operator.add]


class MoodyState(TypedDict, total=False):
    fail: str
    text: str


async def decide(state: MoodyState) -> Update:
    """Raises with the message `fail` if there is one, otherwise repeats the text."""
    if state.get("fail"):
        raise ValueError(state["fail"])
    return {"text": f"well, {state.get('text', '')}"}


moody = StateGraph(MoodyState).add_node(decide).add_edge(START, "decide").add_edge("decide", END).compile()


class HiddenError(Exception):
    """An error class of the graph, whose messages the server does not report."""


async def prepare(state: FailingState) -> Update:
    """Succeeds, so that there is something before the failure."""
    return {"steps": ["prepare"]}


async def fail(state: FailingState) -> Update:
    """Raises an error of a class whose messages the server reports."""
    raise ValueError(state.get("message") or "boom")


async def fail_inside(state: FailingState) -> Update:
    """Raises an error of a class whose messages the server hides."""
    raise HiddenError(state.get("message") or "boom")


failing = StateGraph(FailingState).add_sequence([prepare, fail]).add_edge(START, "prepare").compile()
failing_inside = (
    StateGraph(FailingState).add_sequence([prepare, fail_inside]).add_edge(START, "prepare").compile()
)


async def inner(state: AgentState) -> Update:
    """The only node of the child graph; reports its progress from there."""
    get_stream_writer()({"progress": "inner"})
    return {"text": f"({state.get('text', '')})"}


child = StateGraph(AgentState).add_node(inner).add_edge(START, "inner").add_edge("inner", END).compile()
subgraph = (
    StateGraph(AgentState)
    .add_node("child", child)
    .add_node(finish)
    .add_edge(START, "child")
    .add_edge("child", "finish")
    .add_edge("finish", END)
    .compile()
)


class CustomState(TypedDict, total=False):
    count: int
    text: str
    delay: float
    alike: bool


async def emit(state: CustomState) -> Update:
    """Writes `count` events (3), each with its number (0 if they are to be `alike`) and `text` if there is one, and
    waits `delay` (0) after each."""
    write = get_stream_writer()
    text = {"text": state["text"]} if "text" in state else {}
    for i in range(state.get("count", 3)):
        write({"i": 0 if state.get("alike") else i, **text})
        await asyncio.sleep(state.get("delay", 0.0))
    return {}


custom = StateGraph(CustomState).add_node(emit).add_edge(START, "emit").add_edge("emit", END).compile()


class ChatState(MessagesState, total=False):
    delay: float


async def reply(state: ChatState) -> Update:
    """Repeats the last message, streamed one character at a time, `delay` (0) before each."""
    text = f"You said: {state['messages'][-1].text}"
    model = FakeListChatModel(responses=[text], sleep=state.get("delay", 0.0))
    return {"messages": [await model.ainvoke(state["messages"])]}


chat = StateGraph(ChatState).add_node(reply).add_edge(START, "reply").add_edge("reply", END).compile()


class CounterState(TypedDict, total=False):
    n: int
    steps: int
    delay: float


async def count(state: CounterState) -> Update:
    """Adds one to `n` after `delay` (0): one checkpoint for each."""
    await asyncio.sleep(state.get("delay", 0.0))
    return {"n": state.get("n", 0) + 1}


def more(state: CounterState) -> str:
    """Where to go: back until `n` has reached `steps` (3)."""
    return "count" if state.get("n", 0) < state.get("steps", 3) else END


counter = (
    StateGraph(CounterState)
    .add_node(count)
    .add_edge(START, "count")
    .add_conditional_edges("count", more, ["count", END])
    .compile()
)


class Context(TypedDict, total=False):
    name: str


class ConfiguredState(TypedDict, total=False):
    seen: dict[str, Any]


async def report(state: ConfiguredState, config: RunnableConfig) -> Update:
    """What a node gets from the run's config, metadata and context."""
    seen = {
        "configurable": public(config.get("configurable", {})),
        "tags": config.get("tags", []),
        "metadata": public(config.get("metadata", {})),
        "context": get_runtime(Context).context,
        "recursion_limit": config.get("recursion_limit"),
    }
    return {"seen": seen}


def public(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings without those of the server itself."""
    return {k: v for k, v in settings.items() if not k.startswith(("__", "langgraph_", "checkpoint_"))}


configured = (
    StateGraph(ConfiguredState, context_schema=Context)
    .add_node(report)
    .add_edge(START, "report")
    .add_edge("report", END)
    .compile()
)
