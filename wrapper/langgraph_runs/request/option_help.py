"""Shows the options of a method in its signature and its docstring, so that `help()` and editors list them."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, cleandoc, signature
from typing import TypeVar

from langgraph_runs_api.types import UNSET

from langgraph_runs.request.option_texts import TEXTS

Method = TypeVar("Method", bound=Callable[..., object])

_OPTIONS = "\n    **options: "


def shows_options(thread: type, stateless: type | None = None) -> Callable[[Method], Method]:
    """Makes a decorator that replaces `**options` of a method by the keys of its TypedDicts. An option that is not
    given is not sent, which the signature shows as UNSET.

    Args:
        thread: The options of a run on a thread, or of any call.
        stateless: The options of a stateless run, if they differ.
    """

    def decorate(method: Method) -> Method:
        on_thread, on_none = thread.__annotations__, (stateless or thread).__annotations__
        names = list(dict.fromkeys([*on_thread, *on_none]))
        entries = "\n"
        for name in names:
            entries += TEXTS[name][1] + "\n"
            if name not in on_thread or name not in on_none:
                entries += f"        Only {'on' if name in on_thread else 'without'} a thread.\n"
        head, _, rest = cleandoc(method.__doc__ or "").partition(_OPTIONS)
        _, gap, rest = rest.partition("\n\n")
        method.__doc__ = head + entries.rstrip() + gap + rest
        own = signature(method)
        options = [
            Parameter(name, Parameter.KEYWORD_ONLY, default=UNSET, annotation=TEXTS[name][0])
            for name in names
        ]
        kept = [one for one in own.parameters.values() if one.kind is not Parameter.VAR_KEYWORD]
        method.__signature__ = own.replace(parameters=[*kept, *options])  # type: ignore[attr-defined]
        return method

    return decorate
