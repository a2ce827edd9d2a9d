"""A comparison as a figure: a table in the fonts, colours and renderer of logic models."""

from __future__ import annotations

import re
from collections.abc import Sequence

from arrowroot.fonts import wrap, wrap_evenly
from arrowroot.sheets import WIDE, Column, Sheet, workbook
from arrowroot.text import one_line
from logicmodels.figures import style
from logicmodels.figures.figure import Figure
from logicmodels.figures.parts import Line, Placed, height_of, shown
from logicmodels.figures.scene.scene import Paragraph, Scene, Shape
from logicmodels.side_by_side import BLANK, Row, SideBySide

_HEADING_WIDTH = 150.0
"""Width of the column with the headings of the rows."""
_NARROWEST = 130.0
"""Width of the narrowest cell: a table of many columns is wider than other figures."""
_GAP = 4.0
"""Between neighbouring cells."""
_INSET = style.PADDING - 2
"""Between a cell's text and its sides: less than it was measured for, since other programs measure
a little differently and would break lines earlier."""
_KINDS = ("activity", "outcome", "impact", "participation", "context", "input")
"""Kinds whose colours the columns have, first to last; a row's heading is a `situation`."""
_CELL = re.compile(r"(row|cell)_(\d+)(?:_(\d+))?")


def draw(comparison: SideBySide, *, theme: str, title: bool) -> Figure:
    """Draw a comparison; see `Comparison.draw`."""
    return Figure(
        scene(comparison, theme, title=title),
        exports={"xlsx": lambda: workbook(*_sheets(comparison))},
        notes=lambda: str(comparison),
    )


def scene(comparison: SideBySide, theme: str = "screen", *, title: bool = True) -> Scene:
    """Return a comparison as shapes.

    Parameters
    ----------
    comparison : SideBySide
        What to draw.
    theme : str
        A name from `style.THEMES`.
    title : bool
        Whether the title is shown above the table.

    Returns
    -------
    Scene
        The same for the same comparison.
    """
    look = style.theme_named(theme)
    shapes = tuple(_shape(comparison, part, look) for part in parts(comparison, title=title))
    captions = tuple(shape for shape in shapes if shape.name == "footer")
    return Scene(
        "comparison",
        one_line(comparison.title),
        comparison.summary,
        look,
        tuple(shape for shape in shapes if shape not in captions),
        captions=captions,
    )


def _shape(comparison: SideBySide, part: Placed, look: style.Theme) -> Shape:
    words = _said(comparison, part.name)
    first = part.lines[0] if part.lines else Line("")
    text = _whole(comparison, part.name)
    paragraphs = (Paragraph(text, first.size, first.bold, first.quiet, first.left),)
    if not part.kind:
        return Shape(part.name, part, paragraphs, words)
    box = look.boxes[part.kind]
    if part.name.startswith("cell"):
        return Shape(
            part.name,
            part,
            paragraphs,
            words,
            fill=box.fill,
            edge=box.edge,
            thickness=1.0,
            padding=_INSET,
        )
    return Shape(
        part.name, part, paragraphs, words, fill=box.heading, edge=box.edge, padding=_INSET
    )


def _whole(comparison: SideBySide, name: str) -> str:
    """Return the text of a part, not broken into lines."""
    if name == "title":
        return one_line(shown(comparison.title))
    if name == "footer":
        return one_line(shown(_footer(comparison)))
    kind, _, place = name.partition("_")
    if kind == "column":
        return one_line(shown(comparison.columns[int(place)]))
    row, _, column = place.partition("_")
    found = comparison.rows[int(row)]
    return one_line(shown(found.cells[int(column)] if column else found.heading))


def _said(comparison: SideBySide, name: str) -> str:
    """Return the words for a row or a cell; other parts have none but their text."""
    matched = _CELL.fullmatch(name)
    if matched is None:
        return ""
    row = comparison.rows[int(matched[2])]
    if matched[1] == "row":
        return comparison.sentence(row)
    column = int(matched[3])
    return one_line(f"{row.heading}, {comparison.columns[column]}: {row.cells[column] or BLANK}")


def parts(comparison: SideBySide, *, title: bool = True) -> list[Placed]:
    """Return everything that the figure shows, each in its place.

    Parameters
    ----------
    comparison : SideBySide
        What to draw.
    title : bool
        Whether the title is shown above the table.

    Returns
    -------
    list of Placed
        In the order in which a table is read.
    """
    placed: list[Placed] = []
    top = 0.0
    wide = _total(len(comparison.columns))
    if title:
        placed.append(_text("title", _lines(comparison.title, "title", wide), top, wide))
        top += placed[-1].height + style.BETWEEN_BOXES
    names = _headings(comparison.columns)
    placed += _in_a_row([f"column_{place}" for place in range(len(names))], names, top)
    top += placed[-1].height + _GAP
    for number, row in enumerate(comparison.rows):
        called = [f"row_{number}", *(f"cell_{number}_{place}" for place in range(len(names)))]
        placed += _in_a_row(called, _row(row), top)
        top += placed[-1].height + _GAP
    footer = _lines(_footer(comparison), "footer", wide)
    if footer:
        placed.append(_text("footer", footer, top + style.BETWEEN_BOXES - _GAP, wide))
    return placed


def _width(count: int) -> float:
    """Return the width of each of so many columns."""
    return max((style.FIGURE_WIDTH - _HEADING_WIDTH) / count - _GAP, _NARROWEST)


def _total(count: int) -> float:
    """Return the width of a table of so many columns."""
    return _HEADING_WIDTH + count * (_width(count) + _GAP)


def _headings(columns: Sequence[str]) -> list[tuple[Line, ...]]:
    size = style.HEADING_SIZE
    inner = _width(len(columns)) - style.PADDING
    return [
        tuple(Line(text, size, bold=True) for text in wrap(shown(name), inner, size, "bold"))
        for name in columns
    ]


def _row(row: Row) -> list[tuple[Line, ...]]:
    """Return the lines of a row: its heading, then its cells."""
    size = style.FONT_SIZE
    inner = _HEADING_WIDTH - 2 * style.PADDING
    heading = (
        Line(text, bold=True, left=True) for text in wrap(shown(row.heading), inner, size, "bold")
    )
    inner = _width(len(row.cells)) - 2 * style.PADDING
    cells = [
        tuple(Line(text) for text in wrap_evenly(shown(cell), inner, size)) for cell in row.cells
    ]
    return [tuple(heading), *cells]


def _in_a_row(names: Sequence[str], texts: Sequence[tuple[Line, ...]], top: float) -> list[Placed]:
    """Place boxes of one height beside each other, cells beneath their columns."""
    height = max(map(height_of, texts))
    count = len([name for name in names if not name.startswith("row")])
    width = _width(count)
    placed = []
    for name, lines in zip(names, texts, strict=True):
        if name.startswith("row"):
            left, wide, kind = 0.0, _HEADING_WIDTH, "situation"
        else:
            place = int(name.rpartition("_")[2])
            left, wide = _HEADING_WIDTH + _GAP + place * (width + _GAP), width
            kind = _KINDS[place]
        placed.append(Placed(name, lines, left + wide / 2, top + height / 2, wide, height, kind))
    return placed


def _footer(comparison: SideBySide) -> str:
    parts_of_it = (
        f"Source: {comparison.source}" if comparison.source else "",
        f"Version {comparison.version}" if comparison.version else "",
        comparison.date,
    )
    return ". ".join(filter(None, parts_of_it))


def _sheets(comparison: SideBySide) -> tuple[Sheet, Sheet]:
    """Return the table as a sheet, and one that says what it is and where it comes from."""
    names = [Column("in respect of", bold=True), *(Column(name, 40) for name in comparison.columns)]
    rows = [(row.heading, *row.cells) for row in comparison.rows]
    about = [
        (key, getattr(comparison, key))
        for key in ("title", "description", "version", "date", "source")
        if getattr(comparison, key)
    ]
    return (
        Sheet("comparison", names, rows, freeze="B2"),
        Sheet("about", [Column("key", bold=True), Column("value", WIDE)], about),
    )


def _lines(text: str, name: str, width: float) -> tuple[Line, ...]:
    """Return title or footer as lines as wide as the figure."""
    bold = name == "title"
    size = style.TITLE_SIZE if bold else style.FOOTER_SIZE
    inner = style.CAPTION_SHARE * width
    wrapped = wrap(shown(text), inner, size, "bold" if bold else "regular")
    return tuple(Line(line, size, bold=bold, left=True, quiet=not bold) for line in wrapped if line)


def _text(name: str, lines: Sequence[Line], top: float, width: float) -> Placed:
    height = height_of(lines, 0)
    return Placed(name, tuple(lines), width / 2, top + height / 2, width, height)
