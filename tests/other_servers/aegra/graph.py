"""One graph whose input says what a run does, the same as ../langgraphjs/graph.mjs, which also has a tool.

{"count": n, "delay": seconds}  writes the custom events {"i": 0} to {"i": n-1}, and returns {"done": n}
{"fail": "boom"}                raises an error with this message
{"sleep": seconds}              does nothing for so long
{"ask": "question"}             waits for an answer, and returns {"answer": ...}
{"ask": ["one?", "two?"]}       asks both at the same time, and returns {"answers": [...]}
"""

import asyncio
import operator
from typing import Annotated, Any, TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.types import Send, interrupt

Update = dict[str, Any]


class State(TypedDict, total=False):
    count: int
    delay: float
    fail: str
    sleep: float
    ask: Any
    done: int
    answer: Any
    answers: Annotated[list[Any], operator.add]


async def work(state: State) -> Update:
    """Fails, sleeps or counts."""
    if state.get("fail"):
        raise ValueError(state["fail"])
    await asyncio.sleep(state.get("sleep", 0.0))
    count = state.get("count", 0)
    write = get_stream_writer()
    for i in range(count):
        write({"i": i})
        await asyncio.sleep(state.get("delay", 0.0))
    return {"done": count}


async def question(state: State) -> Update:
    """Asks the only question."""
    return {"answer": interrupt(state["ask"])}


async def one_question(state: State) -> Update:
    """Asks one of several questions that are open at the same time."""
    return {"answers": [interrupt(state["ask"])]}


def following(state: State) -> Any:
    """What to ask after the work."""
    questions = state.get("ask")
    if isinstance(questions, list):
        return [Send("one_question", {"ask": each}) for each in questions]
    return "question" if questions else END


graph = (
    StateGraph(State)
    .add_node(work)
    .add_node(question)
    .add_node(one_question)
    .add_edge(START, "work")
    .add_conditional_edges("work", following, ["question", "one_question", END])
    .add_edge("question", END)
    .add_edge("one_question", END)
    .compile()
)
