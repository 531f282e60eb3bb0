"""Runs the examples on a real LangGraph server, which is started before and stopped afterwards. For `make demo`."""

import os
import subprocess
import sys
from pathlib import Path

from dev_server import dev_server

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = [["examples/wait.py"], ["examples/stream.py"], ["examples/fan_out_dask.py", "40"]]


def main() -> int:
    """Runs the examples one after the other. Returns the first exit status that is not 0, or 0."""
    print("Starting a LangGraph server …", flush=True)
    with dev_server(ROOT / "tests/live/app") as server:
        print(f"The server is ready at {server.url}.", flush=True)
        environment = {**os.environ, "LANGGRAPH_API_URL": server.url, "PYTHONIOENCODING": "utf-8"}
        for example in EXAMPLES:
            print(f"\n$ python {' '.join(example)}", flush=True)
            done = subprocess.run([sys.executable, *example], cwd=ROOT, env=environment, check=False)
            if done.returncode:
                return done.returncode
    print("\nThe server is stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
