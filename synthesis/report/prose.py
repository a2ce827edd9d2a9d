"""Markdown cells as HTML: the same Markdown that JupyterLab shows, without its network fonts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode


def to_html(source: str, *, folder: Path, attachments: Mapping[str, Any] | None = None) -> Markup:
    """Render Markdown; pictures beside the notebook are embedded.

    Parameters
    ----------
    source : str
        The cell's text.
    folder : Path
        The notebook's folder, in which pictures are looked for.
    attachments : mapping, optional
        The cell's attached pictures, as the notebook format keeps them.

    Returns
    -------
    Markup
        HTML, trusted as far as the notebook is.
    """
    renderer = IPythonRenderer(
        escape=False,
        embed_images=True,
        exclude_anchor_links=True,
        path=str(folder),
        attachments=dict(attachments or {}),
    )
    return Markup(MarkdownWithMath(renderer=renderer).render(source))  # noqa: S704


def title(notebook: NotebookNode, *, otherwise: str) -> str:
    """Return the text of the first level-one heading, without its marks.

    Parameters
    ----------
    notebook : NotebookNode
    otherwise : str
        Returned where there is no such heading.
    """
    for cell in notebook.cells:
        found = re.search(r"^# +(.+?)[ #]*$", cell.source, re.MULTILINE)
        if cell.cell_type == "markdown" and found:
            return to_html(found[1], folder=Path()).striptags()
    return otherwise


def lead(notebook: NotebookNode) -> Markup:
    """Return the first paragraph of running text, as HTML without links inside."""
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        for block in re.split(r"\n\s*\n", cell.source):
            if block.strip() and not re.match(r"\s*([#>|<!$-]|\*\s|\d+\.\s|```)", block):
                html = re.sub(r"</?(a\b[^>]*|p)>", "", to_html(block, folder=Path()))
                return Markup(html.strip())  # noqa: S704
    return Markup("")


def with_anchors(html: str, before: int = 0) -> tuple[Markup, list[tuple[str, str]]]:
    """Give each heading of the second level an id; return the HTML, and id and text of each.

    Parameters
    ----------
    html : str
        A piece of a page.
    before : int
        How many such headings the page has before it.

    Examples
    --------
    >>> with_anchors("<h1>A</h1><h2>The <em>data</em></h2>")[1]
    [('section-1', 'The data')]
    """
    found: list[tuple[str, str]] = []

    def anchored(heading: re.Match[str]) -> str:
        name = f"section-{before + len(found) + 1}"
        found.append((name, Markup(heading[1]).striptags()))  # noqa: S704
        return f'<h2 id="{name}">{heading[1]}</h2>'

    made = re.sub(r"<h2>(.*?)</h2>", anchored, html, flags=re.DOTALL)
    return Markup(made), found  # noqa: S704  (only an id was added)


def last_heading(html: str) -> str | None:
    """Return the text of the last heading in a piece of HTML, if it has one."""
    found = re.findall(r"<h[1-6][^>]*>(.*?)</h[1-6]>", html, re.DOTALL)
    return Markup(found[-1]).striptags() if found else None  # noqa: S704
