"""A figure as a PowerPoint slide of shapes that can be edited.

Boxes are PowerPoint's own rounded rectangles with real text, arrows its own connectors, attached
to their boxes so that they follow when a box is moved. The slide is wide (16:9); figure and text
are scaled together to fit it, and if the text would become too small to read, the slide becomes
larger instead, which suits a printed poster.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from arrowroot.extras import require
from logicmodels.export.pptx_connectors import add_arrow
from logicmodels.figures.parts import Placed
from logicmodels.figures.scene.route import Point, Route
from logicmodels.figures.scene.scene import Arrow, Paragraph, Scene, Shape

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.shapes.autoshape import Shape as Drawn
    from pptx.slide import Slide

WIDTH, HEIGHT = 960.0, 540.0
"""Width and height of a 16:9 slide, in points."""
MARGIN = 22.0
LARGEST, SMALLEST = 1.6, 0.6
"""How much a figure grows on its slide, and how much it shrinks before the slide grows."""
WIDEST = 4032.0
"""The widest slide that PowerPoint allows: 56 inches."""
_FONT = "Arial"
_CORNER = 10.0
_TITLE_ONLY = 5
_BULLET_INDENT = 7.0
_BROAD = 1.6
"""From this width on, an arrow's head needs no enlarging."""
_DASHES = {"dashed": "DASH", "dotted": "ROUND_DOT"}
_MADE = datetime(2000, 1, 1)
_OF_ADDRESSES = ":/?#[]@!$&'()*+,;=%~"
"""Characters with a meaning in an address; others are written by number."""
_ZIPPED = (1980, 1, 1, 0, 0, 0)
"""The same bytes for the same figure, whenever it is made."""


def slides(drawn: Sequence[Scene], notes: Sequence[str] = ()) -> bytes:
    """Return figures as a PowerPoint file, each on a slide of its own.

    Parameters
    ----------
    drawn : sequence of Scene
        The figures; several are fitted to sheets of one size.
    notes : sequence of str
        The speaker's notes, by slide; those that are missing are empty.

    Returns
    -------
    bytes
        The same bytes for the same figure.

    Raises
    ------
    ExtraError
        If the package that writes PowerPoint files is not installed.
    """
    require("A PowerPoint file", "pptx")
    from pptx import Presentation

    deck = Presentation()
    _resize(deck, _Sheet.of(drawn[0]))
    for number, one in enumerate(drawn):
        _add_slide(deck, one, notes[number] if number < len(notes) else "")
    _describe(deck, drawn[0])
    return _packed(deck)


def _add_slide(deck: Deck, drawn: Scene, notes: str) -> None:
    sheet = _Sheet.of(drawn)
    page = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    # Or python-pptx searches the whole slide for a free number at every shape.
    page.shapes.turbo_add_enabled = True
    _add_title(page, drawn, sheet)
    boxes = {
        shape.name: _add_shape(page, shape, drawn, sheet)
        for shape in drawn.shapes
        if shape.name != "title"
    }
    for arrow in drawn.arrows:
        _add_arrow(page, arrow, boxes, drawn, sheet)
    for shape in (*drawn.marks, *drawn.captions):
        _add_shape(page, shape, drawn, sheet)
    spoken = page.notes_slide.notes_text_frame
    if notes and spoken is not None:
        spoken.text = notes


@dataclass(frozen=True)
class _Sheet:
    """How the figure is placed on its slide."""

    width: float
    height: float
    scale: float
    across: float
    down: float
    wide: bool = True
    """Whether it is 16:9."""

    @classmethod
    def of(cls, drawn: Scene) -> _Sheet:
        if drawn.paper:
            paper, scale = drawn.paper, drawn.scale
            across = (paper.width - drawn.width * scale) / 2 - drawn.left * scale
            down = (paper.height - drawn.height * scale) / 2 - drawn.top * scale
            return cls(paper.width, paper.height, scale, across, down, wide=False)
        room = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
        scale = min(room[0] / drawn.width, room[1] / drawn.height, LARGEST)
        growth = min(max(1.0, SMALLEST / scale), WIDEST / WIDTH)
        scale *= growth
        width = WIDTH * growth
        across = (width - drawn.width * scale) / 2 - drawn.left * scale
        down = MARGIN * growth - drawn.top * scale
        return cls(width, HEIGHT * growth, scale, across, down)

    def at(self, point: Point) -> Point:
        return point[0] * self.scale + self.across, point[1] * self.scale + self.down

    def place(self, part: Placed) -> Placed:
        x, y = self.at((part.x, part.y))
        return replace(
            part, x=x, y=y, width=part.width * self.scale, height=part.height * self.scale
        )

    def route(self, route: Route) -> Route:
        start = None if route.start is None else self.at(route.start)
        return Route(tuple(map(self.at, route.points)), self.at(route.tip), start)


def _resize(deck: Deck, sheet: _Sheet) -> None:
    """Make the slide, and everything on its layouts, as wide as it should be."""
    from pptx.oxml.ns import qn
    from pptx.util import Emu, Pt

    # The template's size has a name, which is not that of ours.
    for named in deck.element.iter(qn("p:sldSz")):
        named.attrib.pop("type", None)
    # Rounded to sixteenths, so that a slide that grew is still exactly 16:9.
    unit = Pt(sheet.width) // 16
    size = Emu(16 * unit), Emu(9 * unit)
    if not sheet.wide:
        size = Emu(Pt(sheet.width)), Emu(Pt(sheet.height))
    wider, higher = size[0] / (deck.slide_width or 1), size[1] / (deck.slide_height or 1)
    deck.slide_width, deck.slide_height = size
    places = [
        (shape, shape.left, shape.top, shape.width, shape.height)
        for page in (deck.slide_master, *deck.slide_layouts)
        for shape in page.shapes
    ]
    for shape, left, top, width, height in places:
        shape.left, shape.width = Emu(round(left * wider)), Emu(round(width * wider))
        shape.top, shape.height = Emu(round(top * higher)), Emu(round(height * higher))


def _add_title(slide: Slide, drawn: Scene, sheet: _Sheet) -> None:
    """Fill the slide's title, by which screen readers and outlines find it."""
    holder: Any = slide.shapes.title
    shown = [shape for shape in drawn.shapes if shape.name == "title"]
    for shape in shown:
        _place(holder, shape, sheet)
        _write(holder, shape, drawn, sheet)
    if not shown:
        holder.text_frame.text = drawn.title
        # Above the slide: some programs show what is hidden.
        holder.top = -holder.height
        _properties(holder).set("hidden", "1")


def _add_shape(slide: Slide, shape: Shape, drawn: Scene, sheet: _Sheet) -> Drawn:
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.util import Emu

    form = MSO_SHAPE.ROUNDED_RECTANGLE if shape.rounded else MSO_SHAPE.RECTANGLE
    added = slide.shapes.add_shape(form, Emu(0), Emu(0), Emu(1), Emu(1))
    added.name = shape.name
    _without_style(added)
    _place(added, shape, sheet)
    if shape.rounded:
        shortest = min(shape.place.width, shape.place.height)
        added.adjustments[0] = min(_CORNER / shortest, 0.5)
    _paint(added, shape, sheet)
    _write(added, shape, drawn, sheet)
    if shape.words:
        _properties(added).set("descr", shape.alone)
    if shape.url:
        added.click_action.hyperlink.address = quote(shape.url, safe=_OF_ADDRESSES)
    return added


def _add_arrow(
    slide: Slide, arrow: Arrow, boxes: dict[str, Drawn], drawn: Scene, sheet: _Sheet
) -> None:
    width = arrow.width * sheet.scale
    pieces, points = add_arrow(
        slide,
        sheet.route(arrow.route),
        boxes[arrow.source],
        boxes[arrow.target],
        head=arrow.head,
        mutual=arrow.both,
        width=width,
        size="med" if arrow.width >= _BROAD else "lg",
        paint=lambda line: _line(line, arrow.colour, width, arrow.line),
    )
    *others, last = pieces
    last.name = arrow.name
    _properties(last).set("descr", arrow.words)
    for number, piece in enumerate(others, start=1):
        piece.name = f"{arrow.name}_piece_{number}"
        _set_decorative(piece)
    for number, point in enumerate(points, start=1):
        point.name = f"{arrow.name}_point_{number}"
        _without_style(point)
        _set_decorative(point)
        point.fill.solid()
        point.fill.fore_color.rgb = _colour(arrow.colour)
        point.line.fill.background()
    for shape in arrow.carried:
        _add_shape(slide, shape, drawn, sheet)


def _place(added: Any, shape: Shape, sheet: _Sheet) -> None:
    from pptx.util import Pt

    part = sheet.place(shape.place)
    added.left, added.top = Pt(part.x - part.width / 2), Pt(part.y - part.height / 2)
    added.width, added.height = Pt(part.width), Pt(part.height)


def _paint(added: Drawn, shape: Shape, sheet: _Sheet) -> None:
    if shape.fill:
        added.fill.solid()
        added.fill.fore_color.rgb = _colour(shape.fill)
    else:
        added.fill.background()
    if shape.edge and shape.thickness:
        _line(added.line, shape.edge, shape.thickness * sheet.scale, shape.line)
    else:
        added.line.fill.background()


def _line(line: Any, colour: str, width: float, kind: str) -> None:
    from pptx.enum.dml import MSO_LINE_DASH_STYLE
    from pptx.util import Pt

    line.color.rgb = _colour(colour)
    line.width = Pt(width)
    if kind in _DASHES:
        line.dash_style = MSO_LINE_DASH_STYLE[_DASHES[kind]]


def _write(added: Any, shape: Shape, drawn: Scene, sheet: _Sheet) -> None:
    """Write a shape's text; PowerPoint breaks its lines, in a font of the widths we measured."""
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
    from pptx.util import Pt

    frame = added.text_frame
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    if shape.turned:
        _text_body(frame).set("vert", "vert270")
    frame.vertical_anchor = MSO_ANCHOR.TOP if shape.listed else MSO_ANCHOR.MIDDLE
    # A rounded rectangle keeps its text out of its corners by itself.
    inset = max(shape.inset - 0.3 * _CORNER * shape.rounded, 0.0) * sheet.scale
    frame.margin_left = frame.margin_right = Pt(inset)
    frame.margin_top = frame.margin_bottom = Pt(inset if shape.listed else 0)
    for number, paragraph in enumerate(shape.paragraphs):
        block = frame.add_paragraph() if number else frame.paragraphs[0]
        _write_paragraph(block, paragraph, drawn, sheet)


def _text_body(frame: Any) -> Any:
    """Return the element with a text's direction, for which python-pptx has no name."""
    from pptx.oxml.ns import qn

    return frame._txBody.find(qn("a:bodyPr"))  # noqa: SLF001


def _write_paragraph(block: Any, paragraph: Paragraph, drawn: Scene, sheet: _Sheet) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls
    from pptx.util import Pt

    block.alignment = PP_ALIGN.LEFT if paragraph.left else PP_ALIGN.CENTER
    if paragraph.bullet:
        indent = Pt(_BULLET_INDENT * sheet.scale)
        properties = block._p.get_or_add_pPr()  # noqa: SLF001  # python-pptx has no bullets
        properties.set("marL", str(indent))
        properties.set("indent", str(-indent))
        properties.append(parse_xml(f'<a:buFont {nsdecls("a")} typeface="{_FONT}"/>'))
        properties.append(parse_xml(f'<a:buChar {nsdecls("a")} char="•"/>'))
    for number, line in enumerate(paragraph.text.split("\n")):
        if number:
            block.add_line_break()
        run = block.add_run()
        run.text = line
        run.font.name = _FONT
        run.font.size = Pt(round(paragraph.size * sheet.scale, 1))
        run.font.bold = paragraph.bold
        run.font.color.rgb = _colour(drawn.look.quiet if paragraph.quiet else drawn.look.ink)


def _colour(name: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(name.removeprefix("#").upper())


def _properties(added: Any) -> Any:
    """Return the element that holds a shape's name and its alternative text."""
    from pptx.oxml.ns import qn

    return next(added.element.iter(qn("p:cNvPr")))


def _set_decorative(added: Any) -> None:
    """Let screen readers skip a part: the arrow is described once, at its head."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    _properties(added).append(
        parse_xml(
            f'<a:extLst {nsdecls("a")}><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
            '<adec:decorative val="1" '
            'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"/>'
            "</a:ext></a:extLst>"
        )
    )


def _without_style(added: Any) -> None:
    """Remove the theme's style, whose shadows and gradients none of our figures has."""
    from pptx.oxml.ns import qn

    for style in added.element.findall(qn("p:style")):
        added.element.remove(style)


def _describe(deck: Deck, drawn: Scene) -> None:
    """State what the file is, but not who made it and when."""
    properties = deck.core_properties
    properties.title = drawn.title[:255]
    properties.author = properties.last_modified_by = properties.keywords = ""
    properties.comments = properties.subject = properties.category = ""
    properties.revision = 1
    properties.created = properties.modified = _MADE


def _packed(deck: Deck) -> bytes:
    """Return the file with the same times in it, whenever it is made."""
    held, packed = BytesIO(), BytesIO()
    deck.save(held)
    with zipfile.ZipFile(held) as before, zipfile.ZipFile(packed, "w") as after:
        for name, data in _parts(before):
            part = zipfile.ZipInfo(name, _ZIPPED)
            part.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(part, data)
    return packed.getvalue()


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    for part in archive.infolist():
        yield part.filename, archive.read(part)
