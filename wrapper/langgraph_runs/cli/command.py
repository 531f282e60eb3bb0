"""What all commands have in common: how they are registered, what they get, and how they end."""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import typer

from langgraph_runs.cli import connection, options
from langgraph_runs.cli.call import Call
from langgraph_runs.cli.left import report_error, report_left
from langgraph_runs.cli.output import Output
from langgraph_runs.cli.signals import Stopped, until_stopped
from langgraph_runs.cli.statuses import CANNOT_WRITE, CLOSED_PIPE, USAGE, status_of
from langgraph_runs.errors import LangGraphRunsError
from langgraph_runs.request.options import CallOptions

app = typer.Typer(
    name="langgraph-runs",
    rich_markup_mode=None,  # a text of a server or of openapi.yaml may contain brackets
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Body = Callable[..., Coroutine[Any, Any, int]]


def command(
    name: str, method: Callable[..., Any] | None = None, *kinds: type, texts: Mapping[str, str] | None = None
) -> Callable[[Body], Body]:
    """Makes a decorator that registers an async function as a command. It is called with a `Call` and the values of its
    own parameters, and returns the exit status.

    Args:
        name: The name of the command.
        method: The client's method whose keyword arguments are options of the command, too; None for none.
        kinds: The TypedDicts of these: on a thread, and without one if they differ; `CallOptions` by default.
        texts: What the help says of these options instead, by name, if the command has another default.
    """

    def decorate(body: Body) -> Body:
        own = list(inspect.signature(body, eval_str=True).parameters.values())[1:]
        names = [one.name for one in own]
        derived = options.rules_of(method, *(kinds or (CallOptions,))) if method else []
        rules = [
            options.Rule(one.name, one.hint, (texts or {}).get(one.name, one.text), one.where)
            for one in derived
            if one.name not in names
        ]

        def run(**given: Any) -> None:
            raise typer.Exit(_execute(body, names, rules, given))

        shown = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
        shown += [*options.parameters(rules), *connection.PARAMETERS]
        run.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in shown}
        run.__doc__ = body.__doc__
        app.command(name)(run)
        return body

    return decorate


def _execute(body: Body, own: Sequence[str], rules: Sequence[options.Rule], given: dict[str, Any]) -> int:
    call = Call(given, Output(as_json=given["json"]))
    try:
        call.options = options.values(rules, given, has_thread=bool(given.get("thread")))
        return asyncio.run(_run(call, body, {name: given[name] for name in own}))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is left to flush at exit
        return CLOSED_PIPE
    except OSError as error:
        call.output.error(type(error).__name__, f"cannot write: {error}", {})
        return CANNOT_WRITE
    except (TypeError, ValueError) as error:
        call.output.error("UsageError", options.in_flags(rules, str(error)), {})
        return USAGE


async def _run(call: Call, body: Body, own: dict[str, Any]) -> int:
    client = connection.client(call.url, call.header, on_retry=call.on_retry)
    async with client:
        call.client = client
        try:
            return await until_stopped(body(call, **own))
        except Stopped as stopped:
            await report_left(call)
            return stopped.status
        except LangGraphRunsError as error:
            report_error(call, error)
            return status_of(error)
