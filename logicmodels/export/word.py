"""A logic model as a Word file: its figure, tables of boxes and arrows, and the model in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from arrowroot.documents import PAPER, Document
from arrowroot.text import one_line
from logicmodels.figures.dot import to_dot
from logicmodels.figures.render import render
from logicmodels.figures.scene.scene import Scene
from logicmodels.model import Model
from logicmodels.questions.describe import Description, describe, node_words

_CM = 2.54 / 72
_MARGIN = 1.0
"""Around the text, in cm: less than around a figure on a sheet, so that it is not made smaller."""
_SHARE = 0.97
"""Of the height of a page that a picture may take; Word needs some for the line that it is on."""


def document(scenes: Sequence[Scene], models: Sequence[Model]) -> bytes:
    """Return a Word file.

    Parameters
    ----------
    scenes : sequence of Scene
        The figure, or its pages.
    models : sequence of Model
        What is put into words: the model, and those that its boxes open into.

    Returns
    -------
    bytes
        The same bytes for the same figure and models.

    Raises
    ------
    MissingPackageError
        If python-docx is not installed.
    """
    first = scenes[0]
    paper = first.paper.name if first.paper and first.paper.name in PAPER else "a4"
    wide = first.paper.wide if first.paper else first.width > first.height
    made = Document(one_line(models[0].title), landscape=wide, paper=paper, margin=_MARGIN)
    sides = sorted(PAPER[paper])[:: -1 if wide else 1]
    room = sides[0] - 2 * _MARGIN, (sides[1] - 2 * _MARGIN) * _SHARE
    for number, scene in enumerate(scenes):
        if number:
            made.page_break()
        _add_figure(made, scene, room)
    for model in models:
        made.page_break()
        _add_words(made, model)
    return made.to_bytes()


def _add_figure(made: Document, scene: Scene, room: tuple[float, float]) -> None:
    """Add a figure as large as on its sheet, or as fits, without the space around it."""
    from dataclasses import replace

    scale = scene.scale if scene.paper else 1.0
    width, height = scene.width * scale * _CM, scene.height * scale * _CM
    fits = min(1.0, room[0] / width, room[1] / height)
    picture = render(to_dot(replace(scene, paper=None)), "png")
    made.figure(picture, alt=f"{scene.title}. {scene.words}", width=width * fits)


def _add_words(made: Document, model: Model) -> None:
    said = describe(model)
    made.heading(said.title, 1)
    made.paragraph(said.summary)
    made.heading("Boxes", 2)
    rows = [[heading, "What it says"] for heading in ["Column"]]
    rows += list(_boxes(model))
    made.table(rows, widths=[1, 4])
    _add_arrows(made, said)
    for heading, texts in (
        ("How it is meant to work", said.narrative),
        ("How far the findings apply elsewhere", said.applicability),
        ("How the model was made", said.made),
    ):
        if texts:
            made.heading(heading, 2)
            made.bullets(texts)


def _boxes(model: Model) -> Iterator[list[str]]:
    for column in model.profile.columns:
        for node in model.column(column.id):
            yield [one_line(model.heading(column.id)), node_words(node, model)]


def _add_arrows(made: Document, said: Description) -> None:
    """Add the table of arrows, without the columns in which nothing is said."""
    if not said.links:
        return
    made.heading("Arrows", 2)
    keys = [key for key in said.links[0] if any(row[key] for row in said.links)]
    made.table(
        [[key.capitalize() for key in keys], *([row[key] for key in keys] for row in said.links)]
    )
