"""`help()` of a method shows every option, with its type and its text."""

from __future__ import annotations

import inspect
import pydoc
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import drift
import option_texts
import pytest

from langgraph_runs import (
    AsyncRunsClient,
    RunsClient,
    StatelessRunOptions,
    StatelessStreamOptions,
    ThreadRunOptions,
    ThreadStreamOptions,
)

ROOT = Path(__file__).parents[2]
OPTIONS: dict[str, tuple[Any, Any]] = {
    "create": (ThreadRunOptions, StatelessRunOptions),
    "stream": (ThreadStreamOptions, StatelessStreamOptions),
    "wait": (ThreadStreamOptions, StatelessStreamOptions),
}
METHODS = [
    pytest.param(kind, name, id=f"{kind.__name__}.{name}")
    for kind in (RunsClient, AsyncRunsClient)
    for name in OPTIONS
]


@pytest.mark.parametrize(("kind", "name"), METHODS)
def test_every_option_is_in_the_signature_and_the_docstring(kind: type, name: str) -> None:
    """Of the class, and of a client; where an option is for one kind of run only, the text says so."""
    thread, stateless = (set(one.__annotations__) for one in OPTIONS[name])
    method = getattr(kind, name)
    shown = pydoc.render_doc(method, renderer=pydoc.plaintext)
    parameters = inspect.signature(method).parameters
    for option in thread | stateless:
        assert inspect.Parameter.KEYWORD_ONLY is parameters[option].kind
        assert "UNSET" == repr(parameters[option].default)
        (text,) = [part for part in shown.split("\n        ") if part.startswith(f"{option} (")]
        assert parameters[option].annotation in text
    assert not [one for one in parameters.values() if one.kind is inspect.Parameter.VAR_KEYWORD]
    joined = " ".join(shown.split())
    for option in thread ^ stateless:
        where = "on a thread" if option in thread else "without a thread"
        assert f"Only {where}." in joined[joined.index(f"{option} (") :]


def test_the_texts_are_those_of_openapi_yaml() -> None:
    """Word for word."""
    spec = drift.read(drift.SPEC)
    shown = " ".join(pydoc.render_doc(RunsClient.stream, renderer=pydoc.plaintext).split())
    schemas = spec["components"]["schemas"]
    for name, field in schemas["RunSettings"]["properties"].items():
        described = schemas[field["$ref"].rpartition("/")[2]] if "$ref" in field else field
        assert " ".join(described["description"].split()) in shown, name


def test_a_method_stays_a_function() -> None:
    """For mocks, for type checks at run time, and for what awaits it."""
    assert inspect.iscoroutinefunction(AsyncRunsClient.wait)
    assert inspect.isfunction(RunsClient.wait)
    mocked = create_autospec(RunsClient, instance=True)
    mocked.wait("t", "agent", input={})
    with pytest.raises(TypeError, match="inptu"):
        mocked.wait("t", "agent", inptu={})


def test_an_option_without_a_description_is_refused(tmp_path: Path) -> None:
    """By name, when the table is written."""
    folder = tmp_path / "api/runs"
    folder.mkdir(parents=True)
    name = "RunCreateStatelessOptions"
    (folder / "__init__.py").write_text(f"class {name}(TypedDict):\n    silent: bool\n")
    with pytest.raises(
        option_texts.OptionTextsError, match=f"{name}: the option 'silent' has no description"
    ):
        option_texts.derive(tmp_path, ROOT)


@pytest.mark.parametrize("kind", [RunsClient, AsyncRunsClient])
def test_every_method_shows_headers_and_params(kind: type) -> None:
    send_nothing = {"close", "aclose", "with_options"}
    for name, method in vars(kind).items():
        if inspect.isfunction(method) and not name.startswith("_") and name not in send_nothing:
            assert {"headers", "params"} < set(inspect.signature(method).parameters), name
            assert "\n    headers (Mapping[str, str] | None): " in str(inspect.getdoc(method)), name
