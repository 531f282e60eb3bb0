"""What MkDocs does besides its settings in mkdocs.yml: links out of docs/, and the table of a run's options."""

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

from langgraph_runs.request import options
from langgraph_runs.request.option_texts import TEXTS

ROOT = Path(__file__).resolve().parents[2]
FILES = "https://github.com/langgraph-runs/langgraph-runs/blob/main/"
LINK = re.compile(r"\]\((\.\./[^)#\s]+)(#[^)\s]*)?\)")


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Turns `](../openapi.yaml)`, which works in a clone and on GitHub, into a link that works on the site."""
    folder = posixpath.dirname(f"docs/{page.file.src_uri}")

    def outward(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, match[1]))
        if path.startswith("docs/"):
            return match[0]
        if not (ROOT / path).exists():
            raise PluginError(f"{page.file.src_uri} links to {match[1]}, which does not exist")
        return f"]({FILES}{path}{match[2] or ''})"

    return LINK.sub(outward, markdown).replace("<!-- options -->", option_table())


def option_table() -> str:
    """The options of a run as a Markdown table, with the texts that `help()` shows."""
    takers = {
        "runs on a thread": (options.ThreadRunOptions, options.ThreadStreamOptions),
        "stateless runs": (options.StatelessRunOptions, options.StatelessStreamOptions),
    }
    rows = ["| option | type | meaning |", "| --- | --- | --- |"]
    for name, (annotation, entry) in TEXTS.items():
        text = " ".join(entry.split("): ", 1)[1].split())
        takes = [
            title for title, kinds in takers.items() if any(name in kind.__annotations__ for kind in kinds)
        ]
        if len(takes) == 1:
            text += f" Only for {takes[0]}."
        rows.append(f"| `{name}` | `{annotation}` | {text} |")
    return "\n".join(rows)
