"""Runs the chat of examples/chat and a LangGraph server for it, both on free ports, until Ctrl-C. For `make chat`."""

import contextlib
import os
import sys
from pathlib import Path

import uvicorn
from dev_server import HOST, dev_server

FOLDER = Path(__file__).resolve().parents[1] / "examples/chat"


def main() -> None:
    """Starts the server and the app, and stops both."""
    sys.path.insert(0, str(FOLDER))
    print("Starting a LangGraph server …", flush=True)
    with contextlib.suppress(KeyboardInterrupt), dev_server(FOLDER) as server:
        print(f"It is ready at {server.url}.", flush=True)
        os.environ["LANGGRAPH_API_URL"] = server.url
        config = uvicorn.Config("app:app", HOST, 0, log_level="warning", timeout_graceful_shutdown=1)
        with config.bind_socket() as listener:
            listener.listen()  # a browser that is faster than the app waits
            print(
                f"Open http://{HOST}:{listener.getsockname()[1]} in a browser. Ctrl-C stops it.", flush=True
            )
            uvicorn.Server(config).run(sockets=[listener])
    print("The app and the server are stopped.")


if __name__ == "__main__":
    main()
