"""The graphs of the test server that stop for an answer, or go where a command says."""

import operator
from inspect import signature
from typing import Annotated, Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt

Update = dict[str, Any]


class AskState(TypedDict, total=False):
    question: str
    answer: str


async def ask(state: AskState) -> Update:
    """Waits for an answer, and keeps it."""
    return {"answer": interrupt({"question": state.get("question", "Go on?")})}


interrupting = StateGraph(AskState).add_node(ask).add_edge(START, "ask").add_edge("ask", END).compile()


class AskTwiceState(TypedDict, total=False):
    left: str
    right: str


async def ask_left(state: AskTwiceState) -> Update:
    """Asks one of two questions that are open at the same time."""
    return {"left": interrupt({"question": "left?"})}


async def ask_right(state: AskTwiceState) -> Update:
    """Asks the other question."""
    return {"right": interrupt({"question": "right?"})}


two_interrupts = (
    StateGraph(AskTwiceState)
    .add_node(ask_left)
    .add_node(ask_right)
    .add_edge(START, "ask_left")
    .add_edge(START, "ask_right")
    .compile()
)


async def choose(state: AskState) -> Update:
    """Waits for an answer of a certain form, where LangGraph knows that."""
    schema = (
        {"response_schema": {"type": "string"}}
        if "response_schema" in signature(interrupt).parameters
        else {}
    )
    return {"answer": interrupt({"question": state.get("question", "Which?")}, **schema)}


choosing = StateGraph(AskState).add_node(choose).add_edge(START, "choose").add_edge("choose", END).compile()


class GotoState(TypedDict, total=False):
    visited: Annotated[list[str], operator.add]


async def begin(state: GotoState) -> Update:
    """The first node of a run without a command."""
    return {"visited": ["begin"]}


async def a(state: GotoState) -> Update:
    """Only reached by a command."""
    return {"visited": ["a"]}


async def b(state: GotoState) -> Update:
    """Only reached by a command."""
    return {"visited": ["b"]}


goto = StateGraph(GotoState).add_node(begin).add_node(a).add_node(b).add_edge(START, "begin").compile()
