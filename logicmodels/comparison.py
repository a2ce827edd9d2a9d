"""Up to six things set side by side, row by row: a table as checked text, and as a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arrowroot.display import Shown
from arrowroot.errors import Problem, SpecError
from arrowroot.files import as_path
from arrowroot.text import counted, one_line
from logicmodels.frames import Tabular
from logicmodels.side_by_side import Row, SideBySide

if TYPE_CHECKING:
    from logicmodels.figures.figure import Figure

FEWEST, MOST = 1, 6
"""How many things a comparison sets side by side."""
_KEYS = "title, columns and rows"
_RESPECT = "in respect of"
"""The name of the column with the headings of the rows."""


@dataclass(frozen=True, repr=False)
class Comparison(SideBySide, Tabular, Shown):  # noqa: D101 (its docstring is that of the data)
    __doc__ = SideBySide.__doc__

    @classmethod
    def read(cls, path: str | Path) -> Comparison:
        """Read a comparison from a YAML file.

        Parameters
        ----------
        path : path
            The specification: ``title``, ``columns`` (one to six) and ``rows``, each with
            ``heading`` and ``cells``, one for each column; a blank cell is ``""``. Optionally
            ``description``, ``version``, ``date`` and ``source``.

        Returns
        -------
        Comparison

        Raises
        ------
        SpecError
            With every problem found: file, line, column, rule, and how to correct it.
        """
        from arrowroot.specs.source import text_of

        source = as_path(path)
        return cls.from_text(text_of(source, "a comparison"), name=source.name)

    @classmethod
    def from_text(cls, text: str, *, name: str = "specification") -> Comparison:
        """Read a comparison from YAML text; messages use `name` in place of a file name."""
        from arrowroot.specs.form import form_problems, validated
        from arrowroot.specs.source import mapping
        from logicmodels.source.schema import ComparisonSpec

        tree, _, remarks = mapping(text, name, _KEYS, "a comparison", prose=("columns",))
        problems = [*form_problems(tree, ComparisonSpec), *_sizes(tree)]
        if problems:
            raise SpecError(name, problems)
        spec = validated(tree, ComparisonSpec)
        return cls(
            spec.title,
            tuple(spec.columns),
            tuple(Row(row.heading, tuple(row.cells)) for row in spec.rows),
            spec.description,
            spec.version,
            spec.date,
            spec.source,
            remarks,
        )

    def draw(self, *, theme: str = "screen", title: bool = True) -> Figure:
        """Draw the comparison as a table.

        Parameters
        ----------
        theme : {"screen", "print", "contrast"}
            Colours for screens, greys for print, or black lines on white.
        title : bool
            Whether the title is shown above the table.

        Returns
        -------
        Figure
            Displayed in a notebook; ``.svg .png .pdf .dot`` and ``.save(path)``, which also
            writes an XLSX workbook.
        """
        from logicmodels.figures.comparison_figure import draw

        return draw(self, theme=theme, title=title)

    def to_records(self) -> list[dict[str, str]]:
        """Return the rows."""
        return [
            {_RESPECT: row.heading} | dict(zip(self.columns, row.cells, strict=True))
            for row in self.rows
        ]

    @property
    def _columns(self) -> Sequence[str]:
        return _RESPECT, *self.columns

    def __str__(self) -> str:
        """Return title, summary and rows as plain text."""
        rows = (f"- {self.sentence(row)}" for row in self.rows)
        remarks = ["", *self.remarks] if self.remarks else []
        return "\n".join([one_line(self.title), "", self.summary, "", *rows, *remarks])

    def _title(self) -> str:
        return one_line(self.title)

    def _notes(self) -> Sequence[str]:
        return self.remarks

    def _headings(self) -> Sequence[str]:
        return "", *self.columns

    def _rows(self) -> Sequence[Sequence[str]]:
        return [(row.heading, *row.cells) for row in self.rows]


def _sizes(tree: Any) -> Iterator[Problem]:
    """Yield too few or too many columns, and rows with another number of cells."""
    from arrowroot.specs.yaml_text import position

    columns, rows = tree.get("columns"), tree.get("rows")
    if not isinstance(columns, list):
        return
    if not FEWEST <= len(columns) <= MOST:
        message = f"a comparison has {FEWEST} to {MOST} columns; got {len(columns)}"
        yield Problem(*position(tree, ["columns"]), "columns", message)
    for place, column in enumerate(columns):
        if column in (_RESPECT, *columns[:place]):
            message = f"the name {column!r} is taken; columns must have different names"
            yield Problem(*position(tree, ["columns", place]), "duplicate-column", message)
    for place, row in enumerate(rows if isinstance(rows, list) else []):
        cells = row.get("cells") if isinstance(row, dict) else None
        if isinstance(cells, list) and len(cells) != len(columns):
            needed = counted(len(columns), "column")
            message = (
                f"a row needs one cell for each column ({needed}); got {len(cells)}."
                ' A blank cell is ""'
            )
            yield Problem(*position(tree, ["rows", place, "cells"]), "cells", message)
