"""The content of an XLSX workbook, read without trusting it.

It is read here and not by openpyxl, because no single mode of openpyxl gives everything that a
table needs: a formula together with the value stored with it, hidden rows and columns, merged
cells, and a sheet whose last cell is far from all others without the gap between them. What a
number means (a date, a duration) is decided by openpyxl's own functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from arrowroot.formats.archive import Archive, namespace
from arrowroot.formats.places import Place
from arrowroot.formats.worksheet import Shared, Sheet, is_on, place_of, read_sheet, text_of

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')
"""Parts of a number format that are shown as they are, or do not affect the format."""
_PLAIN = ("0", "49")
"""Numbers of the formats General and Text, which show what is there."""


@dataclass(frozen=True)
class Page:
    """A sheet as the workbook lists it.

    Attributes
    ----------
    title : str
        Its name.
    hidden : bool
        Whether it is hidden when the workbook is opened.
    kind : str
        ``"worksheet"``, or what it is instead, such as ``"chartsheet"``.
    part : str
        Where it is in the archive.
    """

    title: str
    hidden: bool
    kind: str
    part: str


class Workbook:
    """An XLSX file, opened.

    Parameters
    ----------
    held : bytes
        The file.
    name : str
        Its name, for messages.
    unpacked : int
        Bytes to which it may unpack.
    days : bool
        Whether a date is given as its day alone, ``2026-05-04``, rather than with its time of
        day, ``2026-05-04 00:00:00``.

    Attributes
    ----------
    pages : tuple of Page
        Its sheets, in their order.
    recalculates : bool
        Whether it asks for its formulas to be worked out when it is opened, so that the values
        stored with them may be out of date.

    Raises
    ------
    FileError
        If it is not a workbook or is damaged; see `Archive`.
    """

    def __init__(self, held: bytes, name: str, *, unpacked: int, days: bool = False) -> None:
        self._archive = Archive(held, name, unpacked=unpacked)
        kinds = dict(self._archive.links("").values())
        book = kinds.get("officeDocument", "xl/workbook.xml")
        tree = self._archive.tree(book)
        space = namespace(tree.tag)
        if tree.tag != f"{space}workbook":
            self._archive.refuse("it contains no workbook")
        linked = self._archive.links(book)
        self.pages = tuple(self._pages(tree, linked))
        self.recalculates = is_on(tree.find(f"{space}calcPr"), "fullCalcOnLoad")
        parts = dict(linked.values())
        self._shared = Shared(
            list(self._texts(parts.get("sharedStrings", ""))),
            self._formats(parts.get("styles", "")),
            is_on(tree.find(f"{space}workbookPr"), "date1904"),
            days,
        )

    def read(self, page: Page) -> Sheet:
        """Return the content of a worksheet; refuse one that is damaged or too large."""
        return read_sheet(self._archive, page.part, self._shared)

    def notes(self, page: Page) -> dict[Place, str]:
        """Return the notes attached to a worksheet's cells."""
        found = {}
        for kind, part in self._archive.links(page.part).values():
            if kind == "comments":
                tree = self._archive.tree(part)
                space = namespace(tree.tag)
                for comment in tree.iter(f"{space}comment"):
                    text = comment.find(f"{space}text")
                    place = place_of(self._archive, comment.get("ref", ""))
                    found[place] = "" if text is None else text_of(text, space)
        return found

    def _pages(self, tree: ET.Element, linked: dict[str, tuple[str, str]]) -> Iterator[Page]:
        space = namespace(tree.tag)
        for sheet in tree.iterfind(f"{space}sheets/{space}sheet"):
            ids = [value for key, value in sheet.items() if key.endswith("}id")]
            kind, part = linked.get(ids[0] if ids else "", ("", ""))
            title = sheet.get("name", "")
            if not part:
                self._archive.refuse(f"sheet {title[:40]!r} is missing")
            yield Page(title, sheet.get("state", "visible") != "visible", kind, part)

    def _texts(self, part: str) -> Iterator[str]:
        depth, space, root = 0, "", None
        for event, element in self._archive.events(part) if part else ():
            if event == "start":
                depth += 1
                if depth == 1:
                    space, root = namespace(element.tag), element
                continue
            depth -= 1
            if depth == 1 and root is not None and element.tag == f"{space}si":
                yield text_of(element, space)
                root.clear()

    def _formats(self, part: str) -> dict[str, str]:
        """Return what cells of each format show."""
        if not part:
            return {}
        tree = self._archive.tree(part)
        space = namespace(tree.tag)
        own = {
            form.get("numFmtId", ""): form.get("formatCode", "")
            for form in tree.iterfind(f"{space}numFmts/{space}numFmt")
        }
        used = [cell.get("numFmtId", "0") for cell in tree.iterfind(f"{space}cellXfs/{space}xf")]
        shown = {number: _shows_by_number(number, own) for number in set(used)}
        return {str(place): shown[number] for place, number in enumerate(used)}


def _shows_by_number(number: str, own: dict[str, str]) -> str:
    """Return what the format of a number shows, of a workbook's own formats or Excel's."""
    if number in own:
        return _shows(own[number])
    if number in _PLAIN:  # as in most workbooks, which then do without openpyxl
        return ""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    return _shows({str(place): code for place, code in BUILTIN_FORMATS.items()}.get(number, ""))


def _shows(code: str) -> str:
    """Return what a number format makes of a number, as `Shared.formats` names it."""
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format

    if is_date_format(code):
        return "duration" if is_timedelta_format(code) else "date"
    if "%" in _LITERAL.sub("", code):
        return "share"
    return "nothing" if code.replace('""', "").strip() == ";;;" else ""
