"""How a command makes its client: from `--url`, `--header` and the environment."""

from __future__ import annotations

from inspect import Parameter
from typing import Annotated, Any

import typer

from langgraph_runs._async.client import AsyncRunsClient
from langgraph_runs.cli.inputs import UsageError
from langgraph_runs.request.settings import DEFAULT_URL, KEY_VARIABLES, URL_VARIABLE

_URL = f"The URL of the server; {URL_VARIABLE} in the environment, or {DEFAULT_URL}, by default."
_HEADER = (
    "A header of every request, as 'NAME: VALUE'. May be repeated. Other users of the machine can see it; the API key "
    f"belongs into the environment, as {KEY_VARIABLES[0]}."
)
_JSON = "Print JSON for programs: the result on stdout, an error as one object on stderr."

PARAMETERS = [
    Parameter(
        "url", Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[str | None, typer.Option(help=_URL)]
    ),
    Parameter(
        "header",
        Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[list[str] | None, typer.Option(help=_HEADER, metavar="'NAME: VALUE'")],
    ),
    Parameter(
        "json",
        Parameter.KEYWORD_ONLY,
        default=False,
        annotation=Annotated[bool, typer.Option("--json", help=_JSON)],
    ),
]
"""The options of every command."""


def client(url: str | None, header: list[str], **settings: Any) -> AsyncRunsClient:
    """The client of a command. The key comes from the environment.

    Args:
        url: `--url`.
        header: Each `--header`.
        **settings: Other arguments of `AsyncRunsClient`.

    Raises:
        UsageError: A header has no name.
        TypeError, ValueError: The URL or a header cannot be used.
    """
    return AsyncRunsClient(url, headers=headers(header), **settings)


def headers(given: list[str]) -> dict[str, str]:
    """The headers in `--header` options.

    Raises:
        UsageError: One has no colon. The message does not show it, as it may be a secret.
    """
    pairs = [one.partition(":") for one in given]
    for name, colon, _ in pairs:
        if not colon or not name.strip():
            raise UsageError("--header: write it as 'NAME: VALUE'")
    return {name.strip(): value.strip() for name, _, value in pairs}
