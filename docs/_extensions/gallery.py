"""A directive that runs the code it shows and puts the figure that it draws under it.

``{drawn} name`` around lines of Python whose last one is the figure. All code of a page shares
its variables; plain blocks of Python are run too, in their order.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import synthesis as syn
from logicmodels.figures.figure import Figure

BLOCK = re.compile(r"```(python|\{drawn\} (?P<name>\S+))\n(?P<code>.*?)```", re.DOTALL)


def run(code: str, known: dict[str, Any]) -> Any:
    """Run lines of Python and return the value of the last one."""
    tree = ast.parse(code)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr), "the last line of a drawn block must be the figure"
    exec(compile(tree, "<gallery>", "exec"), known)
    return eval(compile(ast.Expression(last.value), "<gallery>", "eval"), known)


def drawings(page: Path) -> Iterator[tuple[str, Any]]:
    """Run a page from top to bottom; return each figure with its name."""
    known: dict[str, Any] = {}
    for block in BLOCK.finditer(page.read_text("utf-8")):
        if block["name"]:
            yield block["name"], run(block["code"], known)
        else:
            exec(compile(block["code"], "<gallery>", "exec"), known)


def words_of(figure: Any) -> str:
    """Return the alternative text of a figure of results or of a logic model."""
    return str(figure) if isinstance(figure, Figure) else syn.alt_text(figure)


def kept(figure: Any, path: Path, title: str | None = None) -> Path:
    """Write a figure of results or of a logic model, which has its title from the model."""
    if isinstance(figure, Figure):
        return figure.save(path)
    return syn.save(figure, path, title=title)


class Drawn(SphinxDirective):
    """Shows code and the figure that it draws."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the code, the picture with its alternative text."""
        page = Path(self.env.doc2path(self.env.docname))
        pending = self.env.temp_data.setdefault("gallery", None) or drawings(page)
        self.env.temp_data["gallery"] = pending
        name, figure = next(pending)
        assert name == self.arguments[0], f"{self.arguments[0]} is not the next figure, {name} is"
        folder = Path(self.env.doctreedir) / "gallery"
        folder.mkdir(parents=True, exist_ok=True)
        words = words_of(figure)
        path = kept(figure, folder / f"{name}.svg", title=name.replace("-", " "))
        shown = "\n".join(self.content)
        code = nodes.literal_block(shown, shown, language="python")
        return [code, nodes.image(uri=os.path.relpath(path, page.parent), alt=words)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx about the directive."""
    app.add_directive("drawn", Drawn)
    return {"parallel_read_safe": True}
