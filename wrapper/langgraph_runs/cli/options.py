"""The options of a command, derived from a method of the client: their names, types and texts are those of its keyword
arguments. Most come from openapi.yaml, so a new field reaches the command line by `make generate` alone."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import typer

from langgraph_runs.cli.inputs import UsageError, read_json
from langgraph_runs.json_types import is_array
from langgraph_runs.request.options import Inherited

# Objects of Python, and what has an option of its own: --header and --from.
_NOT_HERE = ("headers", "retry", "raise_error", "last_event_id")
# Where the text for Python does not fit.
_TEXTS = {
    "after": "When the run starts: in so many seconds, or at an ISO 8601 time.",
    "cancel_on_exit": (
        "How to cancel the run if this command ends before the run has, for example by Ctrl-C: `interrupt` keeps what "
        "the run has done, `rollback` deletes it. By default, the run continues."
    ),
    "event_timeout": "How long to wait for the next event, in seconds; no limit by default.",
    "params": "Query parameters of every request, as an object.",
    "select": "Print only this field. May be repeated.",
    "timeout": "How long the command may take, in seconds; no limit by default.",
    "wait": "Return only when the run has stopped.",
}


class Rule(NamedTuple):
    """One option.

    Attributes:
        name: The keyword of the method.
        hint: The type of its value.
        text: What it means.
        where: "on a thread" or "without a thread", if it is only for such runs.
    """

    name: str
    hint: Any
    text: str
    where: str | None = None

    @property
    def flag(self) -> str:
        """The option on the command line: `--stream-mode` for `stream_mode`."""
        return f"--{self.name.replace('_', '-')}"


def rules_of(method: Callable[..., Any], *kinds: type) -> list[Rule]:
    """The options of the command that calls a method.

    Args:
        method: The method of the client.
        kinds: The TypedDicts of its options: on a thread, and without one if they differ. They come first.
    """
    texts = _texts_of(method)
    own = get_type_hints(method)
    given = [get_type_hints(kind) for kind in kinds]
    found: list[Rule] = []
    for name, parameter in inspect.signature(method).parameters.items():
        if (
            parameter.kind is parameter.KEYWORD_ONLY
            and name not in _NOT_HERE
            and not name.startswith("on_run")
        ):
            hint = next((hints[name] for hints in given if name in hints), own.get(name))
            where = None
            if any(name in hints for hints in given) and not all(name in hints for hints in given):
                where = "on a thread" if name in given[0] else "without a thread"
            if not _is_callback(hint):
                found.append(Rule(name, hint, _TEXTS.get(name, texts.get(name, "")), where))
    return sorted(found, key=lambda rule: not any(rule.name in hints for hints in given))


def parameters(rules: Sequence[Rule]) -> list[inspect.Parameter]:
    """The options as parameters of a function for typer."""
    return [_parameter(rule) for rule in rules]


def values(rules: Sequence[Rule], given: Mapping[str, Any], *, has_thread: bool = True) -> dict[str, Any]:
    """The options that were given, as the method takes them.

    Args:
        rules: The options.
        given: Their values by name, as typer passes them; None for those that were not given.
        has_thread: Whether the run is on a thread.

    Raises:
        UsageError: A value cannot be read, or an option is not for this kind of run.
    """
    found: dict[str, Any] = {}
    for rule in rules:
        if (value := given.get(rule.name)) is None or value == []:
            continue
        if rule.where == "on a thread" and not has_thread:
            raise UsageError(f"{rule.flag} is only for a run on a thread: add --thread")
        if rule.where == "without a thread" and has_thread:
            raise UsageError(f"{rule.flag} is only for a run without a thread: leave out --thread")
        found[rule.name] = _read(rule, value)
    return found


def in_flags(rules: Sequence[Rule], message: str) -> str:
    """A message of the client about a keyword, in the words of the command line."""
    for rule in rules:
        message = re.sub(rf"(?<![\w-]){rule.name}(?==|: | must )", rule.flag, message)
    return message


def _texts_of(method: Callable[..., Any]) -> dict[str, str]:
    """The entries under "Args" in a docstring, each on one line."""
    args = (inspect.getdoc(method) or "").partition("\nArgs:\n")[2].partition("\n\n")[0]
    entries = re.findall(r"^    (\w+)(?: \(.*?\))?: ((?:.*\n?)(?:     .*\n?)*)", args, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in entries}


def _parameter(rule: Rule) -> inspect.Parameter:
    metavar, kind = _kind(rule)
    text = rule.text
    if rule.where and not text.endswith(f"Only {rule.where}."):
        text += f" Only {rule.where}."
    if get_origin(kind) is list and "May be repeated." not in text:
        text += " May be repeated."
    option = typer.Option(rule.flag, help=text, metavar=metavar)
    if kind is bool:
        option = typer.Option(f"{rule.flag}/--no-{rule.flag[2:]}", help=text)
    annotation: Any = Annotated[kind | None, option]
    return inspect.Parameter(rule.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _kind(rule: Rule) -> tuple[str | None, Any]:
    """What stands for the value in the help, and its type for typer."""
    parts = list(_alternatives(rule.hint))
    if rule.name == "after":
        return "TIME", str
    if set(parts) <= {bool, int, float, str}:
        return None, next(kind for kind in (bool, float, int, str) if kind in parts)
    texts = tuple(dict.fromkeys(text for part in parts for text in _literals(part)))
    is_many = any(get_origin(part) is Sequence for part in parts)
    if all(map(_literals, parts)):
        choice = _choice(rule.name, texts)
        return "|".join(texts), (list[choice] if is_many else choice)  # type: ignore[valid-type]
    if is_many and all(part == Sequence[str] or _literals(part) for part in parts):
        return "TEXT", list[str]
    return "JSON", str


@cache
def _choice(name: str, texts: tuple[str, ...]) -> Any:
    return Enum(name, {text: text for text in texts})


def _literals(part: Any) -> tuple[str, ...]:
    """The texts of a Literal, or of a sequence of one."""
    if get_origin(part) is Sequence:
        return _literals(get_args(part)[0])
    return get_args(part) if get_origin(part) is Literal else ()


def _alternatives(hint: Any) -> Iterator[Any]:
    """The types of a union, without None and without what stands for a setting of the client."""
    parts = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return (part for part in parts if part not in (type(None), Inherited))


def _is_callback(hint: Any) -> bool:
    return any(get_origin(part) is Callable or part is Callable for part in _alternatives(hint))


def _read(rule: Rule, value: Any) -> Any:
    metavar, _ = _kind(rule)
    if metavar == "JSON":
        return read_json(rule.flag, value)
    if metavar == "TIME":
        return _number(value)
    if not is_array(value):
        return value.value if isinstance(value, Enum) else value
    found = [one.value if isinstance(one, Enum) else one for one in value]
    return "*" if found == ["*"] else found


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
