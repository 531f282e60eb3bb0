"use strict"

// All that this tab knows. It is stored in one piece, so the text and the position behind it always belong together:
// after a reload, the next token follows. Another tab has a chat of its own.
const chat = JSON.parse(sessionStorage.getItem("chat")) ?? {
  thread: crypto.randomUUID(), // only at https:// and at localhost
  lines: [], // {by: "user", "graph" or "note", text, message: the id of the graph's message}
  phase: "idle", // "sending" until the turn has a run; "reading" until the run has ended
  turn: null, // the message or answer to send
  run: null, // the id of the newest run
  position: null, // of its last token in `lines`
  stopping: false, // whether the run is to be stopped, and the app has not confirmed it
  question: null, // {id, value}: what the graph asks
}

const element = (id) => document.getElementById(id)
const pause = () => new Promise((resolve) => setTimeout(resolve, 1000))

// Stores and shows what has changed.
function update(changes) {
  Object.assign(chat, changes)
  sessionStorage.setItem("chat", JSON.stringify(chat))
  const isIdle = chat.phase === "idle" && !chat.stopping
  element("message").hidden = chat.question !== null
  element("text").disabled = element("send").disabled = element("new").disabled = !isIdle
  element("stop").disabled = chat.phase === "idle" || chat.stopping
  element("question").hidden = chat.question === null
  element("asked").textContent = chat.question?.value?.question
  show(chat.stopping ? "Stopping …" : isIdle ? "" : "Writing …")
}

function show(status) {
  element("status").textContent = status
}

function add(line) {
  chat.lines.push(line)
  draw(line)
}

function draw(line) {
  const paragraph = document.createElement("p")
  paragraph.className = line.by
  paragraph.textContent = line.text // never innerHTML: others have written this text
  element("lines").append(paragraph)
}

function addToken({ message, text }) {
  const index = chat.lines.findLastIndex((line) => line.message === message)
  if (index < 0) return add({ by: "graph", text, message })
  chat.lines[index].text += text
  element("lines").children[index].append(text)
}

// Sends a request until it has a response: the app may be starting again. What is sent twice has one effect.
async function post(path, body) {
  for (;;) {
    try {
      const response = await fetch(`/threads/${chat.thread}/runs${path}`, { method: "POST", body: JSON.stringify(body) })
      const text = await response.text()
      if (![502, 503, 504].includes(response.status)) return { ok: response.ok, text }
    } catch {
      // There was no response, or not all of it.
    }
    show("Connecting …")
    await pause()
  }
}

// A turn is stored before it is sent. After a reload, it is sent again.
function take(text, said) {
  add({ by: "user", text })
  update({ phase: "sending", question: null, turn: { turn: crypto.randomUUID(), after: chat.run, ...said } })
  send()
}

async function send() {
  const { ok, text } = await post("", chat.turn)
  if (ok) {
    update({ phase: "reading", turn: null, run: JSON.parse(text).run_id, position: null })
    read()
    if (chat.stopping) stop()
  } else {
    add({ by: "note", text: `Not sent: ${text}.` })
    update({ phase: "idle", turn: null, stopping: false })
  }
}

function read() {
  const url = new URL(`/threads/${chat.thread}/runs/${chat.run}/events`, location.origin)
  if (chat.position) url.searchParams.set("position", chat.position)
  const source = new EventSource(url)
  source.addEventListener("open", () => update())
  source.addEventListener("token", (event) => {
    addToken(JSON.parse(event.data))
    update({ position: event.lastEventId })
  })
  source.addEventListener("end", (event) => {
    source.close()
    end(JSON.parse(event.data))
  })
  source.addEventListener("error", async () => {
    show("Connecting …")
    if (source.readyState !== EventSource.CLOSED) return // it reconnects by itself, and sends the last position
    await pause()
    const response = await fetch(url).catch(() => null) // an EventSource does not say why it was refused
    response?.body?.cancel()
    if (response && response.status >= 400 && response.status < 500) end({ status: "failed" })
    else read()
  })
}

function end({ status, questions }) {
  const text = { stopped: "Stopped.", failed: "This has failed.", incomplete: "Some of the text is missing." }[status]
  if (text) add({ by: "note", text })
  update({ phase: "idle", question: questions?.[0] ?? null })
}

async function stop() {
  await post(`/${chat.run}/stop`)
  update({ stopping: false })
}

element("message").addEventListener("submit", (event) => {
  event.preventDefault()
  const text = element("text").value
  if (text.trim()) take(text, { text })
  element("text").value = ""
})
element("question").addEventListener("submit", (event) => {
  event.preventDefault()
  const answer = event.submitter.value
  take(answer, { question: chat.question.id, answer })
})
element("stop").addEventListener("click", () => {
  update({ stopping: true })
  if (chat.phase === "reading") stop() // otherwise, as soon as there is a run
})
element("new").addEventListener("click", () => {
  sessionStorage.removeItem("chat")
  location.reload()
})
addEventListener("pageshow", (event) => event.persisted && location.reload()) // its streams are gone

chat.lines.forEach(draw)
update()
if (chat.phase === "sending") send()
else if (chat.stopping) stop()
if (chat.phase === "reading") read()
