"""pandas' HTML tables: text aligned left, numbers right, without their own styles."""

from __future__ import annotations

import re

from arrowroot.display import is_number, without_empty_headings


def tidy(html: str) -> str:
    """Mark the columns of text in pandas' tables, so that the style sheet can set them.

    Parameters
    ----------
    html : str
        Any HTML; only tables that pandas wrote are changed.

    Returns
    -------
    str
        The same, without pandas' own style sheet.

    Examples
    --------
    >>> tidy('<table border="1" class="dataframe"><tr><td>Grant</td><td>1.5</td></tr></table>')
    '<table class="dataframe"><tr><td class="text">Grant</td><td>1.5</td></tr></table>'
    """
    html = re.sub(r"<style scoped>.*?</style>\s*", "", html, flags=re.DOTALL)
    return re.sub(
        r'<table border="\d+" class="dataframe">.*?</table>',
        lambda table: without_empty_headings(_marked(table[0])),
        html,
        flags=re.DOTALL,
    )


def _marked(table: str) -> str:
    table = re.sub(r'<table border="\d+"', "<table", table)
    table = table.replace('<tr style="text-align: right;">', "<tr>")
    if "colspan=" in table:
        # With headings over several columns, a column cannot be identified by counting cells.
        return table
    # Above the body there may be cells, too: corners without a word.
    rows = table.partition("<tbody>")[2] or table
    body = [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in rows.split("<tr>")]
    columns = list(zip(*filter(None, body), strict=True))
    is_text = [not all(map(is_number, column)) for column in columns]
    return "<tr>".join(_marked_row(row, is_text) for row in table.split("<tr>"))


def _marked_row(row: str, is_text: list[bool]) -> str:
    """Mark a row's cells, counted from the right: those of the index are on the left."""
    cells = len(re.findall("<t[dh]>", row))
    of_index = cells - len(is_text)
    marks = iter([True] * of_index + is_text)
    return re.sub(
        "<(t[dh])>",
        lambda cell: f'<{cell[1]} class="text">' if next(marks, False) else cell[0],
        row,
    )
