"""One output of a code cell as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

from markupsafe import Markup
from nbconvert.filters.ansi import ansi2html
from nbformat import NotebookNode

from arrowroot.lab.pictures import in_words, picture_in
from synthesis.report import figures, prose, tables

PREFERRED = (
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/plain",
)
"""The forms an output may have, the preferred one first; JupyterLab's own order."""


def to_html(output: NotebookNode, *, name: str, label: str, folder: Path) -> Markup:
    """Render one output in the best available form.

    Parameters
    ----------
    output : NotebookNode
        An output as the notebook format keeps it.
    name : str
        An id for it, unique in the page.
    label : str
        What a screen reader says for a figure without a text alternative.
    folder : Path
        The notebook's folder.
    """
    return Markup(_rendered(output, name, label, folder))  # noqa: S704  (escaped piece by piece)


def _rendered(output: NotebookNode, name: str, label: str, folder: Path) -> str:
    if output.output_type == "stream":
        return f'<pre class="{output.name}">{ansi2html(output.text.rstrip())}</pre>'
    if output.output_type == "error":
        # Only a cell tagged `raises-exception` gets here: it shows a refusal on purpose.
        return f'<pre class="refusal">{escape(f"{output.ename}: {output.evalue}")}</pre>'
    match form(output):
        case "text/html" if picture_in(output.data["text/html"]):
            # On a page outside JupyterLab a picture is saved with the right mouse button.
            return in_words(output.data["text/html"])
        case "text/html":
            return f'<div class="wide">{tables.tidy(output.data["text/html"])}</div>'
        case "text/markdown":
            text = prose.to_html(output.data["text/markdown"], folder=folder)
            return f'<div class="prose">{text}</div>'
        case "image/svg+xml":
            drawing = figures.inline(output.data["image/svg+xml"], name=name, label=label)
            return f"<figure>{drawing}</figure>"
        case "image/png" | "image/jpeg" as kind:
            picture = "".join(output.data[kind].split())
            about = output.metadata.get(kind, {})
            alt = escape(about.get("alt") or label)
            width = f' width="{about["width"]:d}"' if "width" in about else ""
            return f'<figure><img src="data:{kind};base64,{picture}" alt="{alt}"{width}></figure>'
        case "text/plain":
            return f'<pre class="wide">{ansi2html(output.data["text/plain"])}</pre>'
    return ""


def form(output: NotebookNode) -> str | None:
    """Return the form in which an output is shown, a MIME type; None if none can be shown."""
    data = output.get("data", {})
    return next((kind for kind in PREFERRED if kind in data), None)


def shown(outputs: Iterable[NotebookNode]) -> list[NotebookNode]:
    """Return a cell's outputs without the names that objects print in addition to their figures.

    A cell that ends in ``syn.forest(fit)`` draws a figure and prints ``<Axes: >``.
    """
    outputs = list(outputs)
    draws = any(map(_is_figure, outputs))
    return [output for output in outputs if not (draws and _only_named(output))]


def _is_figure(output: NotebookNode) -> bool:
    kind = form(output) or ""
    return kind.startswith("image/") or bool(
        kind == "text/html" and picture_in(output.data["text/html"])
    )


def _only_named(output: NotebookNode) -> bool:
    text = output.get("data", {}).get("text/plain", "")
    return form(output) == "text/plain" and re.fullmatch(r"\[?<.*>\]?", text, re.DOTALL) is not None
