"""Shows the options of a method in its signature and its docstring, so that `help()` and editors list them."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from textwrap import fill
from typing import TypeVar

from langgraph_runs_api.types import UNSET

from langgraph_runs.request.option_texts import TEXTS

Method = TypeVar("Method", bound=Callable[..., object])

_OPTIONS = "\n            **options: "
_WIDTH = 120


def with_options(thread: type, stateless: type) -> Callable[[Method], Method]:
    """Makes a decorator that replaces `**options` of a method by the keys of its TypedDicts. An option that is not
    given is not sent, which the signature shows as UNSET.

    Args:
        thread: The options of a run on a thread.
        stateless: The options of a stateless run.
    """

    def decorate(method: Method) -> Method:
        on_thread, on_none = thread.__annotations__, stateless.__annotations__
        names = list(dict.fromkeys([*on_thread, *on_none]))
        entries = ""
        for name in names:
            kind, text = TEXTS[name]
            where = "" if name in on_thread and name in on_none else " Only "
            where += where and ("on a thread." if name in on_thread else "without a thread.")
            entry = f"{name} ({kind}): {text}{where}"
            entries += "\n" + fill(entry, _WIDTH, initial_indent=" " * 12, subsequent_indent=" " * 16)
        head, _, rest = (method.__doc__ or "").partition(_OPTIONS)
        _, gap, rest = rest.partition("\n\n")
        method.__doc__ = head + entries + gap + rest
        own = signature(method)
        options = [
            Parameter(name, Parameter.KEYWORD_ONLY, default=UNSET, annotation=TEXTS[name][0])
            for name in names
        ]
        kept = [one for one in own.parameters.values() if one.kind is not Parameter.VAR_KEYWORD]
        method.__signature__ = own.replace(parameters=[*kept, *options])  # type: ignore[attr-defined]
        return method

    return decorate
