// The graph of ../aegra/graph.py for LangGraph.js, with a tool: the input says what a run does.
import { setTimeout } from "node:timers/promises";
import { tool } from "@langchain/core/tools";
import { Annotation, END, interrupt, Send, START, StateGraph } from "@langchain/langgraph";

const State = Annotation.Root({
  count: Annotation(),
  delay: Annotation(),
  fail: Annotation(),
  sleep: Annotation(),
  ask: Annotation(),
  done: Annotation(),
  answer: Annotation(),
  answers: Annotation({ reducer: (left, right) => left.concat(right), default: () => [] }),
  tool: Annotation(),
});

// What it yields are events; a word that it does not know is an error.
const lookUp = tool(
  async function* ({ word }) {
    yield { letters: word.length };
    if (word === "unknown") throw new TypeError("no such word");
    return word.toUpperCase();
  },
  { name: "look_up", schema: { type: "object", properties: { word: { type: "string" } }, required: ["word"] } },
);

async function work(state, config) {
  if (state.fail) throw new TypeError(state.fail);
  if (state.sleep) await setTimeout(state.sleep * 1000);
  if (state.tool) {
    const call = { type: "tool_call", id: `call-${state.tool}`, name: "look_up", args: { word: state.tool } };
    await lookUp.invoke(call, config);
  }
  const count = state.count ?? 0;
  for (let i = 0; i < count; i++) {
    config.writer({ i });
    await setTimeout((state.delay ?? 0) * 1000);
  }
  return { done: count };
}

const ask = (state) => ({ answer: interrupt(state.ask) });
const askOne = (state) => ({ answers: [interrupt(state.ask)] });

function next(state) {
  if (Array.isArray(state.ask)) return state.ask.map((question) => new Send("one_question", { ask: question }));
  return state.ask ? "question" : END;
}

export const graph = new StateGraph(State)
  .addNode("work", work)
  .addNode("question", ask)
  .addNode("one_question", askOne)
  .addEdge(START, "work")
  .addConditionalEdges("work", next, ["question", "one_question", END])
  .addEdge("question", END)
  .addEdge("one_question", END)
  .compile();
