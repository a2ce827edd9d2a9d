"""Tables of text, such as findings and receipts, which notebooks must not cut short."""

from __future__ import annotations

from typing import Any

import pandas as pd

from arrowroot.display import without_empty_headings

ALL = "full()"


class TextTable(pd.DataFrame):
    """A DataFrame that shows its text whole in notebooks and reports.

    pandas cuts cells at 50 characters, and a long table to its first and last five rows. Here no
    cell is cut and as many rows are shown as ``pandas.options.display.max_rows`` says; a line
    below says how many there are. Rows and columns chosen from it are such tables too; in all
    else it is a DataFrame.

    Examples
    --------
    >>> table = TextTable({"message": ["word " * 40]})
    >>> "..." in table._repr_html_()
    False
    """

    _metadata = ["shows_all"]  # noqa: RUF012  what pandas copies to what is made of the table
    shows_all = False

    @property
    def _constructor(self) -> type[TextTable]:
        return TextTable

    def full(self) -> TextTable:
        """Return the same table, which shows all its rows in a notebook or report."""
        table = self.copy()
        table.shows_all = True
        return table

    def _repr_html_(self) -> Any:
        rows = None if self.shows_all else pd.get_option("display.max_rows")
        is_cut = rows is not None and 0 < rows < len(self)
        options: dict[str, Any] = {
            "display.max_colwidth": None,
            "display.max_columns": None,
            "display.max_rows": rows,
            "display.min_rows": rows,
            "display.show_dimensions": False,
        }
        with pd.option_context(*(part for option in options.items() for part in option)):
            html = super()._repr_html_()  # type: ignore[misc]
        if html is None:
            return None
        html = without_empty_headings(html)
        if not is_cut:
            return html
        return f"{html}<p>{rows} of {len(self):,} rows are shown; <code>{ALL}</code> shows all.</p>"
