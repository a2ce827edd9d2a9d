"""pandas' HTML tables: text to the left, numbers to the right, no styles of their own."""

from __future__ import annotations

import re
from itertools import zip_longest

NUMBER = re.compile(r"[\s\[(<>=≤≥~+–−-]*(\d[\d,.\s]*|\.\d+|∞|inf|nan|NaN|None)?([eE][+-]?\d+)?\W*")
"""A cell that is set like a number: digits with a sign, a comparison, a bracket or a percent."""


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
        lambda table: _marked(table[0]),
        html,
        flags=re.DOTALL,
    )


def _marked(table: str) -> str:
    table = re.sub(r'<table border="\d+"', "<table", table)
    table = table.replace('<tr style="text-align: right;">', "<tr>")
    if "span=" in table:
        # Cells that reach over several columns: no column can be told by counting.
        return table
    rows = [re.findall(r"<t([dh])>(.*?)</t[dh]>", row, re.DOTALL) for row in table.split("<tr>")]
    body = [[text for _, text in row] for row in rows if any(kind == "d" for kind, _ in row)]
    is_text = [
        not all(NUMBER.fullmatch(cell) for cell in column)
        for column in zip_longest(*body, fillvalue="")
    ]

    def marked_row(row: str) -> str:
        columns = iter(is_text)
        return re.sub(
            r"<(t[dh])>",
            lambda cell: f'<{cell[1]} class="text">' if next(columns, False) else cell[0],
            row,
        )

    return "<tr>".join(marked_row(row) for row in table.split("<tr>"))
