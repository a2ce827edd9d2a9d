"""Word files: headings, paragraphs, tables with merged cells, notes, and figures with alt text.

The only file that knows python-docx. Text is given as everywhere else: a cell is text or a list of
lines, a line is text or parts of it, some of them `Bold` (`arrowroot.display`). The same document
gives the same bytes.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from arrowroot.display import Bold, Cell, Line, Marked
from arrowroot.errors import OptionError
from arrowroot.extras import require
from arrowroot.files import as_path, write_bytes
from arrowroot.sheets import undated
from arrowroot.text import one_line, printable

LEFT: Final = "merged with the cell to the left"
ABOVE: Final = "merged with the cell above"

PAPER = {"a4": (21.0, 29.7), "letter": (21.59, 27.94), "a3": (29.7, 42.0)}
"""Width and height of a page, upright, in cm."""
MARGIN = 2.0
"""Around the text, in cm."""
FONT, SIZE, SMALL, TINY = "Arial", 10.0, 8.5, 7.0
"""The font of the text, its size, that of tables and notes, and of wide tables, in points."""
LONGEST_TITLE = 255
"""Characters of a title that the properties of a file can hold."""
MANY = 10
"""Columns from which a table is wide."""
PADDING = {"top": 50, "left": 70, "bottom": 50, "right": 70}
"""Inside cells, in twentieths of a point."""
HEADER_FILL = "E8EDF2"
"""Behind headings of columns and groups of rows."""


class Merged:
    """A cell that is part of another: the one to its left, or the one above."""

    def __init__(self, into: str) -> None:
        self.into = into


TO_LEFT, TO_ABOVE = Merged(LEFT), Merged(ABOVE)

DocumentCell = Cell | Merged


class Document:
    """A Word file that is being written, from its first heading to its last note.

    Parameters
    ----------
    title : str
        The title in the file's properties, which programs and screen readers announce.
    landscape : bool
        Whether pages are wider than high, for wide tables.
    paper : {"a4", "letter", "a3"}
        Size of the page.
    language : str
        The language that the spelling is checked in.
    margin : float
        Around the text, in cm.

    Raises
    ------
    MissingPackageError
        If python-docx is not installed.
    OptionError
        If there is no such paper.
    """

    def __init__(
        self,
        title: str,
        *,
        landscape: bool = False,
        paper: str = "a4",
        language: str = "en-GB",
        margin: float = MARGIN,
    ) -> None:
        require("A Word file", "docx")
        import docx
        from docx.enum.section import WD_ORIENT
        from docx.shared import Cm

        if paper not in PAPER:
            raise OptionError(f"paper must be one of {', '.join(map(repr, PAPER))}; got {paper!r}.")
        self._file: Any = docx.Document()
        self._figures = 0
        section = self._file.sections[0]
        width, height = PAPER[paper]
        if landscape:
            section.orientation, width, height = WD_ORIENT.LANDSCAPE, height, width
        section.page_width, section.page_height = Cm(width), Cm(height)
        for side in ("left", "right", "top", "bottom"):
            setattr(section, f"{side}_margin", Cm(margin))
        self.width = width - 2 * margin
        self._set_properties(title, language)

    def heading(self, text: str, level: int = 1) -> None:
        """Add a heading; level 0 is the title."""
        self._file.add_heading(one_line(text), level)

    def paragraph(self, text: Line, *, small: bool = False) -> None:
        """Add a paragraph, small ones in the size of tables."""
        self._runs(self._file.add_paragraph(), text, SMALL if small else None)

    def bullets(self, items: Iterable[Line]) -> None:
        """Add a list."""
        for item in items:
            self._runs(self._file.add_paragraph(style="List Bullet"), item, None)

    def notes(self, marked: Iterable[tuple[str, str]]) -> None:
        """Add notes below a table, each with the mark that refers to it; the mark may be empty."""
        for mark, text in marked:
            paragraph = self._file.add_paragraph()
            paragraph.paragraph_format.space_after = 0
            self._runs(paragraph, [Bold(f"{mark} "), text] if mark else text, SMALL)

    def table(
        self,
        rows: Sequence[Sequence[DocumentCell]],
        *,
        header: int = 1,
        bands: Iterable[int] = (),
        widths: Sequence[float] = (),
        caption: str = "",
    ) -> None:
        """Add a table.

        Parameters
        ----------
        rows : sequence of sequence of cell
            Cells, all rows of one length. `TO_LEFT` and `TO_ABOVE` merge a cell with its
            neighbour.
        header : int
            How many rows are headings: they are repeated on each page.
        bands : iterable of int
            Rows that name a group of those below, counted from 0; set like headings.
        widths : sequence of float
            Shares of the width of the text, one per column; by default all alike.
        caption : str
            What the table is, above it and for screen readers.

        Raises
        ------
        OptionError
            If rows differ in length, or a cell is merged with one that is not there.
        """
        from docx.shared import Cm

        count = len(rows[0]) if rows else 0
        if not count or any(len(row) != count for row in rows):
            raise OptionError("table: all rows need the same number of cells, at least one.")
        if caption:
            self._runs(self._file.add_paragraph(), Bold(one_line(caption)), None)
        table = self._file.add_table(len(rows), count)
        table.style = "Table Grid"
        table.autofit = False
        if caption:
            self._describe(table, caption)
        self._pad(table)
        shares = widths or [1.0] * count
        for column, share in zip(table.columns, shares, strict=True):
            column.width = Cm(self.width * share / sum(shares))
        size = TINY if count >= MANY else SMALL
        headed = set(range(header)) | set(bands)
        for place, row in enumerate(rows):
            self._row(table, place, row, size, headed=place in headed)
        for place in range(header):
            self._mark_row(table.rows[place], "w:tblHeader")
        self._file.add_paragraph()

    def figure(
        self,
        image: bytes | str | os.PathLike[str],
        *,
        alt: str,
        caption: str = "",
        width: float | None = None,
    ) -> None:
        """Add a picture with a text for readers who cannot see it.

        Parameters
        ----------
        image : bytes or path
            A PNG or JPEG picture.
        alt : str
            What it shows.
        caption : str
            Printed below, after "Figure" and its number.
        width : float, optional
            In cm; by default that of the text.
        """
        from docx.shared import Cm

        if not alt:
            raise OptionError("figure: alt must say what the picture shows.")
        held = io.BytesIO(image) if isinstance(image, bytes) else str(as_path(image))
        shape = self._file.add_picture(held, width=Cm(width or self.width))
        shape._inline.docPr.set("descr", one_line(alt))  # noqa: SLF001  python-docx has no name for it
        self._figures += 1
        if caption:
            self.paragraph([Bold(f"Figure {self._figures}. "), caption], small=True)

    def page_break(self) -> None:
        """Begin a new page."""
        self._file.add_page_break()

    def to_bytes(self) -> bytes:
        """Return the file; the same document gives the same bytes."""
        written = io.BytesIO()
        self._file.save(written)
        return undated(written)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the file, whole or not at all.

        Raises
        ------
        OptionError
            If the name does not end in ``.docx``.
        """
        target = as_path(path)
        if target.suffix.lower() != ".docx":
            raise OptionError(f"path: the name must end in .docx; got {target.name!r}.")
        return write_bytes(self.to_bytes(), target)

    def _set_properties(self, title: str, language: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        properties = self._file.core_properties
        properties.title, properties.author = one_line(title)[:LONGEST_TITLE], ""
        properties.comments, properties.language = "", language
        styles = self._file.styles
        normal = styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(SIZE)
        spelling = OxmlElement("w:lang")
        spelling.set(qn("w:val"), language)
        normal.element.get_or_add_rPr().append(spelling)
        for name in ("Title", *(f"Heading {level}" for level in range(1, 5))):
            font = styles[name].font
            font.name, font.color.rgb = FONT, RGBColor(0, 0, 0)
            fonts = styles[name].element.get_or_add_rPr().find(qn("w:rFonts"))
            for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{kind}"), None)

    def _row(
        self,
        table: Any,
        place: int,
        row: Sequence[DocumentCell],
        size: float,
        *,
        headed: bool,
    ) -> None:
        self._mark_row(table.rows[place], "w:cantSplit")
        for column, content in enumerate(row):
            cell = table.cell(place, column)
            cell.width = table.columns[column].width
            if isinstance(content, Merged):
                self._merge(table, place, column, content)
                continue
            if headed:
                self._fill(cell)
            lines = [content] if isinstance(content, str) else content
            for number, line in enumerate(lines or [""]):
                paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                paragraph.paragraph_format.space_after = 0
                paragraph.paragraph_format.keep_with_next = headed or None
                self._runs(paragraph, line, size, bold=headed)

    @staticmethod
    def _merge(table: Any, place: int, column: int, content: Merged) -> None:
        before = (place, column - 1) if content.into == LEFT else (place - 1, column)
        if min(before) < 0:
            raise OptionError(
                f"table: the cell in row {place}, column {column} is {content.into}, "
                "and there is none."
            )
        table.cell(*before).merge(table.cell(place, column))
        kept = table.cell(*before)
        for extra in kept.paragraphs[1:]:
            if not extra.text:
                extra._element.getparent().remove(extra._element)  # noqa: SLF001

    @staticmethod
    def _runs(paragraph: Any, line: Line, size: float | None, *, bold: bool = False) -> None:
        from docx.shared import Pt

        for part in [line] if isinstance(line, str) else line:
            run = paragraph.add_run(printable(part))
            run.bold = True if bold or isinstance(part, Bold) else None
            run.underline = True if isinstance(part, Marked) else None
            if size is not None:
                run.font.size = Pt(size)

    @staticmethod
    def _mark_row(row: Any, name: str) -> None:
        from docx.oxml import OxmlElement

        row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001

    @staticmethod
    def _fill(cell: Any) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", HEADER_FILL)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001

    @staticmethod
    def _pad(table: Any) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        margins = OxmlElement("w:tblCellMar")
        for side, width in PADDING.items():
            margin = OxmlElement(f"w:{side}")
            margin.set(qn("w:w"), str(width))
            margin.set(qn("w:type"), "dxa")
            margins.append(margin)
        # Word refuses a file whose properties are out of order: margins come before the look.
        table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # noqa: SLF001

    @staticmethod
    def _describe(table: Any, caption: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        said = OxmlElement("w:tblCaption")
        said.set(qn("w:val"), one_line(caption))
        table._tbl.tblPr.append(said)  # noqa: SLF001
