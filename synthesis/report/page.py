"""An executed notebook as one self-contained HTML page."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.filters.highlight import Highlight2HTML
from nbformat import NotebookNode

from arrowroot.lab.pictures import picture_in
from synthesis.report import figures, outputs, prose


@dataclass(frozen=True)
class Block:
    """One cell as the page shows it: its text or code, and its output."""

    kind: str
    number: int
    source: Markup
    outputs: tuple[Markup, ...] = ()


@dataclass(frozen=True)
class Page:
    """A notebook as the report shows it."""

    name: str
    """The notebook's file name without its extension; the page is ``{name}.html``."""
    title: str
    lead: Markup
    """Its first paragraph."""
    preview: str | None
    """Its first figure as a ``data:`` address, for the cover."""
    blocks: tuple[Block, ...]
    contents: tuple[tuple[str, str], ...] = ()
    """Anchor and text of its headings."""


def from_notebook(notebook: NotebookNode, path: Path) -> Page:
    """Turn an executed notebook into a page.

    Parameters
    ----------
    notebook : NotebookNode
        With its outputs.
    path : Path
        The file it was read from.
    """
    blocks, contents = _blocks(notebook, path.parent)
    return Page(
        name=path.stem,
        title=prose.title(notebook, otherwise=path.stem),
        lead=prose.lead(notebook),
        preview=_preview(notebook),
        blocks=tuple(blocks),
        contents=tuple(contents),
    )


def render(template: str, **values: object) -> str:
    """Fill one of the report's templates.

    Parameters
    ----------
    template : str
        File name in the templates folder.
    **values
        The variables of the template.
    """
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("synthesis.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = files("synthesis.report").joinpath("templates/style.css").read_text(encoding="utf-8")
    environment.globals["style"] = Markup(style)  # noqa: S704  (our own file)
    environment.globals["version"] = version("arrowroot")
    return environment


def _blocks(notebook: NotebookNode, folder: Path) -> tuple[list[Block], list[tuple[str, str]]]:
    """Return the cells as a page shows them, and the headings with their anchors."""
    colour = Highlight2HTML(pygments_lexer="ipython3")
    blocks: list[Block] = []
    contents: list[tuple[str, str]] = []
    code, drawn, heading = 0, 0, ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = prose.to_html(
                cell.source, folder=folder, attachments=cell.get("attachments", {})
            )
            heading = prose.last_heading(text) or heading
            text, headings = prose.with_anchors(text, len(contents))
            contents += headings
            blocks.append(Block("prose", 0, text))
        elif cell.cell_type == "code" and cell.source.strip():
            code += 1
            results = []
            for output in outputs.shown(cell.outputs):
                drawn += 1
                results.append(
                    outputs.to_html(
                        output, name=f"output-{drawn}", label=f"Figure: {heading}", folder=folder
                    )
                )
            source = Markup(colour(cell.source))  # noqa: S704  (the highlighter escapes)
            blocks.append(Block("code", code, source, tuple(results)))
    return blocks, contents


def _preview(notebook: NotebookNode) -> str | None:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            kind = outputs.form(output) or ""
            if kind == "text/html" and (shown := picture_in(output.data[kind])):
                return shown
            if kind == "image/svg+xml":
                encoded = base64.b64encode(figures.bare(output.data[kind]).encode()).decode()
                return f"data:{kind};base64,{encoded}"
            if kind.startswith("image/"):
                return f"data:{kind};base64,{''.join(output.data[kind].split())}"
    return None
