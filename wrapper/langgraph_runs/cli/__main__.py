"""`python -m langgraph_runs.cli`."""

from langgraph_runs.cli import main

if __name__ == "__main__":
    main()
