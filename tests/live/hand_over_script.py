"""A script that reads the first parts of a stream, or the rest in another process.

python hand_over_script.py URL THREAD_ID     reads ten parts and prints them, then the position, and exits
python hand_over_script.py URL < POSITION    resumes from that position, and prints the rest
"""

import json
import sys

from langgraph_runs import RunsClient

GIVEN = {"count": 100, "delay": 0.002}


def main(url: str, *thread_id: str) -> None:
    """Prints one part per line."""
    with RunsClient(url, api_key=None) as runs:
        if thread_id:
            stream = runs.stream(thread_id[0], "custom", input=GIVEN, stream_mode=["custom", "values"])
            for _ in range(10):
                show(next(stream))
            show(stream.position)
            return
        position = json.load(sys.stdin)
        for part in runs.join_stream(position["thread_id"], position["run_id"], last_event_id=position):
            show(part)


def show(what: object) -> None:
    """Prints it as JSON."""
    print(json.dumps([what.event, what.data] if hasattr(what, "event") else what))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
