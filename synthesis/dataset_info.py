"""Records that describe a data set: its tables, columns, and the printed numbers it reproduces."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

import pandas as pd

from arrowroot.display import Shown
from arrowroot.options import one_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_REFUSE_UNKNOWN_KEYS = {"extra": "forbid"}


@dataclass(frozen=True)
class Column:
    """One column of a table: what it contains, in which unit, and how it is read.

    `type` is `text`; `integer`; `number`; or `printed`, a number kept as text as its source prints
    it, because its digits count.
    """

    __pydantic_config__: ClassVar = _REFUSE_UNKNOWN_KEYS

    name: str
    meaning: str
    type: Literal["text", "integer", "number", "printed"]
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """One CSV file of a data set."""

    __pydantic_config__: ClassVar = _REFUSE_UNKNOWN_KEYS

    file: str
    description: str
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        """The name of the table for `load`: the file's name without its extension."""
        return Path(self.file).stem


@dataclass(frozen=True)
class Target:
    """One printed number; `printed` is text, so that its digits count."""

    __pydantic_config__: ClassVar = _REFUSE_UNKNOWN_KEYS

    quantity: str
    printed: str
    digits: int


@dataclass(frozen=True)
class PrintedAnalysis:
    """The numbers that one source prints for one analysis of a data set.

    `source` is a key of `references.bib`, `where` the place in it.
    """

    __pydantic_config__: ClassVar = _REFUSE_UNKNOWN_KEYS

    analysis: str
    source: str
    targets: tuple[Target, ...]
    where: str = ""
    note: str = ""


@dataclass(frozen=True)
class Description:
    """A `dataset.yaml`."""

    __pydantic_config__: ClassVar = _REFUSE_UNKNOWN_KEYS

    title: str
    description: str
    sources: tuple[str, ...]
    licence: str
    default: str
    files: tuple[Table, ...]
    limits: str = ""
    reproduces: tuple[PrintedAnalysis, ...] = ()


@dataclass(frozen=True, repr=False)
class DatasetInfo(Shown):
    """What a data set is, where it comes from and what can be recomputed from it.

    Attributes
    ----------
    name, title, description, limits, licence : str
        In plain words; `limits` says what to bear in mind, and what the data cannot answer.
    citations : tuple of str
        What to cite, the source of the data first.
    tables : tuple of Table
        The CSV files and their columns.
    default : str
        The table that ``load(name)`` returns.
    reproduces : tuple of PrintedAnalysis
        Printed numbers to recompute.
    """

    name: str
    title: str
    description: str
    limits: str
    licence: str
    citations: tuple[str, ...]
    tables: tuple[Table, ...]
    default: str
    reproduces: tuple[PrintedAnalysis, ...]

    def table(self, name: str | None = None) -> Table:
        """Return the description of a table, by default the default one.

        Raises
        ------
        OptionError
            If the data set has no such table.
        """
        known = {table.name: table for table in self.tables}
        return known[self.default if name is None else one_of("table", name, list(known))]

    def columns(self, table: str | None = None) -> pd.DataFrame:
        """Return the columns of a table with their meaning, unit and type, one row per column."""
        chosen = self.table(table)
        return pd.DataFrame(
            [(column.name, column.meaning, column.unit, column.type) for column in chosen.columns],
            columns=["column", "meaning", "unit", "type"],
        )

    def targets(self) -> pd.DataFrame:
        """Return the printed numbers to recompute, one row per number, `printed` as text."""
        return pd.DataFrame(
            [
                {
                    "analysis": printed.analysis,
                    "quantity": target.quantity,
                    "printed": target.printed,
                    "digits": target.digits,
                    "source": printed.source,
                    "where": printed.where,
                    "note": printed.note,
                }
                for printed in self.reproduces
                for target in printed.targets
            ],
            columns=["analysis", "quantity", "printed", "digits", "source", "where", "note"],
        )

    def _line(self) -> str:
        return f"{self.name}: {self.title}. {self.citations[0]}"

    def _title(self) -> str:
        return f"{self.title} ({self.name})"

    def _facts(self) -> Sequence[tuple[str, str]]:
        facts = [("What it is", self.description)]
        if self.limits:
            facts.append(("Limits", self.limits))
        facts += [("Cite", citation) for citation in self.citations]
        facts.append(("Licence", self.licence))
        for table in self.tables:
            default = " (the default)" if table.name == self.default else ""
            facts.append((f"Table {table.name}{default}", table.description))
            facts += [
                (f"·\N{NO-BREAK SPACE}{column.name}", _in_words(column)) for column in table.columns
            ]
        for printed in self.reproduces:
            numbers = ", ".join(f"{target.quantity} {target.printed}" for target in printed.targets)
            facts.append((f"Printed: {printed.analysis}", numbers))
        return facts

    def _notes(self) -> Sequence[str]:
        return tuple(dict.fromkeys(printed.note for printed in self.reproduces if printed.note))


def _in_words(column: Column) -> str:
    return f"{column.meaning} ({column.unit})" if column.unit else column.meaning
