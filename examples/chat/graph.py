"""A graph that writes a letter, asks whether to send it, and does what it is told.

Its model is a fake one, which needs no key: it writes the same letter each time, one character after the other.
"""

# LangGraph's types are known only in part.
# pyright: basic

from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AnyMessage, HumanMessage
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.types import interrupt

SECONDS_PER_CHARACTER = 0.01

Update = dict[str, list[AnyMessage]]


async def write(state: MessagesState) -> Update:
    """Writes the letter."""
    request = state["messages"][-1].text
    letter = f"Dear friend,\n\nyou asked for this: {request}\n\nIt took me a while.\n\nYours, the graph"
    return {"messages": [await answer(letter, state)]}


async def ask(state: MessagesState) -> Update:
    """Stops the run. The answer starts another one, which continues here."""
    return {"messages": [HumanMessage(interrupt({"question": "Shall I send it?"}))]}


async def send(state: MessagesState) -> Update:
    """Sends the letter, if the answer is yes."""
    is_wanted = state["messages"][-1].text == "yes"
    return {"messages": [await answer("It is sent." if is_wanted else "I have thrown it away.", state)]}


async def answer(text: str, state: MessagesState) -> AnyMessage:
    """What the model writes. Put your own model here."""
    model = FakeListChatModel(responses=[text], sleep=SECONDS_PER_CHARACTER)
    return await model.ainvoke(state["messages"])


letter = (
    StateGraph(MessagesState)
    .add_sequence([write, ask, send])
    .add_edge(START, "write")
    .add_edge("send", END)
    .compile()
)
