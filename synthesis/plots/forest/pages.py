"""A forest plot longer than a page, in parts that share columns and axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np

from arrowroot.errors import OptionError
from arrowroot.lab.pictures import Pictures
from arrowroot.lab.progress import Progress
from arrowroot.options import one_of
from arrowroot.text import counted
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.forest.columns import Row
from synthesis.plots.forest.forest import LaidOut, forest, laid_out
from synthesis.plots.forest.plan import Plan, axis_limits
from synthesis.plots.words import forest_words
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.subgroups import SubgroupAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEAST = 5
"""The fewest rows of a page."""

CONTINUED = " (continued)"


def forest_pages(
    result: MetaAnalysis | SubgroupAnalysis,
    *,
    rows_per_page: int = 40,
    limits: tuple[float, float] | None = None,
    title: str = "",
    **options: Any,
) -> list[Axes]:
    """Draw a forest plot that is longer than a page as several figures.

    Every page has the headings, the axis and the footnotes of its rows; columns and axis are the
    same on all. The pooled effect and the sentences about it are on the last page.

    Parameters
    ----------
    result : MetaAnalysis or SubgroupAnalysis
        The result to draw. A group that goes on overleaf has its heading again, "continued".
    rows_per_page : int
        The most rows on a page, from 5: studies, headings and pooled effects.
    limits, title
        As for `forest`; from the second page on the title says "continued".
    **options
        The other options of `forest`, except `ax`.

    Returns
    -------
    list of Axes
        One figure per page; each can be saved by itself. Only one if all rows fit on a page.

    Raises
    ------
    OptionError, DataError
        As `forest`; or if `rows_per_page` is not a whole number from 5.

    Examples
    --------
    >>> import synthesis as syn
    >>> fit = syn.meta_analysis(syn.datasets.load("baskerville2012"), measure="smd")
    >>> pages = syn.forest_pages(fit, rows_per_page=15)
    >>> for number, page in enumerate(pages, start=1):
    ...     path = page.save(f"forest-{number}.pdf")  # doctest: +SKIP
    """
    whole_number: object = rows_per_page  # whatever the annotation says
    if not isinstance(whole_number, int | np.integer) or rows_per_page < LEAST:
        raise OptionError(
            f"rows_per_page must be a whole number from {LEAST}; got {rows_per_page!r}."
        )
    if "ax" in options:
        raise OptionError("ax: forest_pages creates one figure per page and takes no axes.")
    legal = [name for name in signature(forest).parameters if name not in ("result", "ax")]
    for name in options:
        one_of("the option", name, legal)
    whole = laid_out(result, title=title, **options)
    parts = split(whole.table.rows, int(rows_per_page))
    ends = axis_limits(whole.table, whole.look, limits)
    drawn: Pictures[Axes] = Pictures()
    with Progress(len(parts), "Forest plot", "pages") as bar:
        for number, rows in enumerate(parts, start=1):
            page = _page(whole, rows, number, len(parts))
            axes = page.draw(limits=ends)
            if isinstance(axes, Sheet):
                axes.description = _words(result, rows, number, len(parts))
            drawn.append(axes)
            bar.update()
    return drawn


def split(rows: Sequence[Row], at_most: int) -> list[list[Row]]:
    """Split rows into pages.

    A heading is never the last row of a page, and is repeated where its group goes on. The pooled
    effect of a group or of all studies, with what is said below it, follows on from a study.

    Examples
    --------
    >>> kinds = ["heading", *["study"] * 6, "subtotal", "note", "space", "total"]
    >>> rows = [Row(kind=kind, cells={"label": kind}) for kind in kinds]
    >>> [[row.cells["label"] for row in page] for page in split(rows, 6)][1]
    ['heading (continued)', 'study', 'subtotal', 'note', 'space', 'total']
    """
    pages: list[list[Row]] = [[]]
    heading: Row | None = None
    for block in _blocks(rows):
        page = pages[-1]
        if page and _counted(page) + _counted(block) > at_most:
            while page and page[-1].kind == "space":
                page.pop()
            pages.append([])
            if block[0].kind != "heading" and heading is not None:
                label = heading.cells["label"] + CONTINUED
                pages[-1].append(replace(heading, cells={**heading.cells, "label": label}))
        for row in block:
            if row.kind == "heading":
                heading = row
            elif row.kind == "subtotal":
                heading = None
        pages[-1] += block
    return pages


def _blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """Return rows that belong on one page: a heading with its first row, a study with its total."""
    blocks: list[list[Row]] = []
    for row in rows:
        after_heading = bool(blocks) and blocks[-1][-1].kind == "heading"
        if blocks and (after_heading or row.kind not in ("study", "heading")):
            blocks[-1].append(row)
        else:
            blocks.append([row])
    return blocks


def _counted(rows: Sequence[Row]) -> int:
    return sum(row.kind not in ("note", "space") for row in rows)


def _page(whole: LaidOut, rows: list[Row], number: int, of: int) -> LaidOut:
    """Return one page: its rows, its footnotes, and what is said on the last page only."""
    table, last = whole.table, number == of
    if of == 1:
        return whole
    marks = {mark for row in rows for mark in row.marks}
    here = [(mark, text) for mark, text in table.footnotes if not mark or mark in marks]
    plan = Plan(table, whole.look, whole.favours, clean(whole.title))
    going_on = "" if last else "; continued on the next page"
    place = f"Page {number} of {of}{going_on}."
    title = whole.title
    if number > 1 and title:
        title += CONTINUED
    return replace(
        whole,
        table=replace(
            table,
            rows=rows,
            measured=[*table.rows, *rows],
            notes=table.notes if last else [],
            key=[*table.key, place],
            footnotes=here,
            left_at_least=plan.columns.left_width,
        ),
        title=title,
    )


def _words(
    result: MetaAnalysis | SubgroupAnalysis, rows: Sequence[Row], number: int, of: int
) -> str:
    """Say what a page shows: the last one, the whole result."""
    if of == 1:
        return forest_words(result)
    labels = [row.cells["label"] for row in rows if row.kind == "study"]
    shown = f"{counted(len(labels), 'study', 'studies')}, {labels[0]} to {labels[-1]}"
    effects = "; ".join(
        f"{row.cells['label']} {row.cells['effect']}" for row in rows if row.kind == "study"
    )
    place = f"Page {number} of {of} of a forest plot: {shown}. {effects}."
    return f"{place} {forest_words(result)}" if number == of else place
