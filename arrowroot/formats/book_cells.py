"""A workbook's cells as rows of a table: which sheet is read, and the remarks about it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

from arrowroot.errors import DataError, FileError
from arrowroot.formats.cells import Cells, Fault
from arrowroot.formats.places import address, letters, listed, runs
from arrowroot.formats.workbook import Page, Workbook
from arrowroot.formats.worksheet import MOST_CELLS, Sheet

_RECALCULATED = (
    "the workbook asks for its formulas to be worked out when it is opened, so that the values "
    "stored with them may be out of date; open it in a spreadsheet program and save it"
)


def cells_of(book: Workbook, name: str, sheet: str | None, prefer: str) -> Cells:
    """Return the cells of a workbook's table.

    Parameters
    ----------
    book : Workbook
        The file.
    name : str
        Its name.
    sheet : str, optional
        The sheet to read.
    prefer : str
        The sheet to read where there is one of that name; otherwise it is the first that is not
        hidden.

    Raises
    ------
    FileError
        If no worksheet is visible, or its cells lie too far apart.
    DataError
        If there is no such sheet, or it is not a worksheet.
    """
    page = _chosen(book, name, sheet, prefer)
    held = book.read(page)
    if sum(map(max, held.rows.values())) > MOST_CELLS:
        raise FileError(
            f"{name}: the cells of sheet {page.title!r} are too far apart for a table; not read."
        )
    lines = sorted(held.rows)
    rows = [
        [held.rows[line].get(at, "") for at in range(1, max(held.rows[line]) + 1)] for line in lines
    ]
    stored = {place: held.formulas[place] for place in held.formulas if place not in held.unstored}
    return Cells(
        name,
        rows,
        lines,
        notices=[*_hidden(page, held), *([_RECALCULATED] if stored and book.recalculates else [])],
        sheet=page.title,
        unread=[
            f"{other.title!r}{' (hidden)' * other.hidden}" for other in book.pages if other != page
        ],
        formulas=stored,
        faults=[*_unstored(held), *_merged(held, lines, max(map(len, rows), default=0))],
        shares=held.shares,
    )


def beside(book: Workbook, name: str, prefer: str) -> Iterator[tuple[str, str]]:
    """Yield what a workbook contains besides the cells that `cells_of` gives.

    Yields
    ------
    (str, str)
        Where, and the text: filled cells of other sheets, formulas, and notes on cells.
    """
    chosen = _chosen(book, name, None, prefer)
    for page in book.pages:
        if page.kind != "worksheet":
            continue
        held = book.read(page)
        found = [(place, "", formula) for place, formula in held.formulas.items()]
        found += [(place, ", note", note) for place, note in book.notes(page).items()]
        found += [
            ((row, column), "", text)
            for row, cells in (held.rows.items() if page != chosen else ())
            for column, text in cells.items()
            if (row, column) not in held.formulas
        ]
        for place, kind, text in sorted(found):
            yield f"sheet {page.title!r}, cell {address(place)}{kind}", text


def _chosen(book: Workbook, name: str, sheet: str | None, prefer: str) -> Page:
    pages = {page.title: page for page in book.pages}
    asked = sheet if sheet is not None else prefer if prefer in pages else None
    if asked is None:
        seen = (page for page in book.pages if page.kind == "worksheet" and not page.hidden)
        if chosen := next(seen, None):
            return chosen
        raise FileError(f"{name}: no worksheet is visible; unhide one and save the file again.")
    if asked not in pages:
        raise DataError(
            f"{name}: there is no worksheet {asked!r}; it has {listed(map(repr, pages))}."
        )
    if pages[asked].kind != "worksheet":
        raise DataError(
            f"{name}: the sheet {asked!r} is a {pages[asked].kind}, which has no cells."
        )
    return pages[asked]


def _hidden(page: Page, held: Sheet) -> Iterator[str]:
    if page.hidden:
        yield f"the sheet {page.title!r} is hidden in the workbook; it was read nevertheless"
    if rows := sorted(held.hidden_rows & set(held.rows)):
        yield f"rows that are hidden in the workbook, perhaps by a filter, were read: {runs(rows)}"
    if hidden := list(_hidden_columns(held)):
        yield f"columns that are hidden in the workbook were read: {listed(map(letters, hidden))}"
    if held.unseen:
        yield f"cells whose format shows nothing were read: {listed(map(address, held.unseen))}"


def _hidden_columns(held: Sheet) -> Iterator[int]:
    """Yield the columns that are hidden and not empty."""
    if not held.hidden_columns or not held.rows:
        return
    filled = sorted({column for cells in held.rows.values() for column in cells})
    # Spans may be many and overlap, so each is counted only at its two ends.
    change = Counter(first for first, _ in held.hidden_columns)
    change.subtract(last + 1 for _, last in held.hidden_columns)
    spans = list(accumulate(change[column] for column in range(filled[-1] + 1)))
    yield from (column for column in filled if spans[column] > 0)


def _unstored(held: Sheet) -> Iterator[Fault]:
    for place in sorted(held.unstored):
        yield Fault(
            place,
            "formula",
            f"cell {address(place)}: the formula has no stored value. Open the file in a "
            "spreadsheet program, save it, and read it again.",
        )


def _merged(held: Sheet, lines: Sequence[int], width: int) -> Iterator[Fault]:
    """Yield merged blocks of which more than the one cell with the text is in the table."""
    for (top, left), (bottom, right) in held.merged:
        rows = bisect_right(lines, bottom) - bisect_left(lines, top)
        within = rows * (min(right, width) - left + 1)
        if within > 1 and held.rows.get(top, {}).get(left):
            yield Fault(
                (top, left),
                "merged",
                f"cells {address((top, left))}:{address((bottom, right))} are merged, so that all "
                "but the first are blank. Unmerge them and fill in each.",
            )
