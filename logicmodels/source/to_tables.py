"""A logic model as two tables, one of boxes and one of arrows: the way back from `from_tables`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arrowroot.display import Shown, html_table
from arrowroot.errors import FileError, OptionError, Problem, SpecError
from arrowroot.files import as_path, is_there
from arrowroot.sheets import Column, Sheet, comes_back, write_sheets
from arrowroot.text import counted
from logicmodels.model import Model
from logicmodels.source.from_tables import COLUMNS, HEAD, OWN_COLUMNS, from_tables
from logicmodels.source.schema import plain

Record = dict[str, str]
Said = Mapping[str, Any]
_ELSEWHERE = ("spec_version", "nodes", "links")


@dataclass(frozen=True, eq=False, repr=False)
class Tables(Shown):
    """A model as two tables.

    Attributes
    ----------
    nodes, links : tuple of dict
        Rows, as ``pandas.DataFrame`` takes them, under the names that a specification uses;
        entries of a list are separated by semicolons, and a key that is left out is an empty cell.
    keys : mapping
        The title and other keys of the model: ``LogicModel.from_tables(tables.nodes,
        tables.links, **tables.keys)`` returns the model.
    left_out : tuple of str
        What the model contains and tables do not, in words.
    """

    nodes: tuple[Record, ...]
    links: tuple[Record, ...]
    keys: Mapping[str, Any]
    left_out: tuple[str, ...]

    def save(self, path: str | Path) -> tuple[Path, ...]:
        """Write the tables: as sheets of one XLSX file, or as two CSV files in a folder.

        Parameters
        ----------
        path : path
            A name that ends in ``.xlsx``, or a folder for ``nodes.csv`` and ``links.csv``.

        Returns
        -------
        tuple of Path
            The files written. A text that a spreadsheet would take for a formula is written with
            an apostrophe before it, which `LogicModel.from_tables` removes.

        Raises
        ------
        OptionError
            If the name has another ending.
        FileError
            If a file cannot be written there.
        """
        target = as_path(path)
        if target.suffix.lower() == ".xlsx":
            sheets = [*map(self._sheet, COLUMNS), *self._own_columns, self._head]
            return (write_sheets(target, *sheets),)
        if target.suffix:
            raise OptionError(
                f"save: the name must end in .xlsx, or name a folder; got {target.name!r}."
            )
        if not (is_there(target) and target.is_dir()):
            raise FileError(f"{target}: there is no such folder; create it first.")
        return tuple(write_sheets(target / f"{name}.csv", self._sheet(name)) for name in COLUMNS)

    def _sheet(self, name: str) -> Sheet:
        rows = [tuple(row.values()) for row in getattr(self, name)]
        return Sheet(name, list(map(Column, COLUMNS[name])), rows)

    @property
    def _own_columns(self) -> list[Sheet]:
        """The columns of the model's own, as a sheet, if it has any."""
        own = self.keys.get("columns", ())
        rows = [tuple(_cell(column.get(key)) for key in OWN_COLUMNS) for column in own]
        return [Sheet("columns", list(map(Column, OWN_COLUMNS)), rows)] if rows else []

    @property
    def _head(self) -> Sheet:
        """What the model is called and where it comes from, so that the workbook is enough."""
        return Sheet("model", list(map(Column, HEAD)), [[self.keys.get(key, "") for key in HEAD]])

    def __str__(self) -> str:
        """Return in one line what the tables contain, and what they leave out."""
        boxes, arrows = counted(len(self.nodes), "box", "boxes"), counted(len(self.links), "arrow")
        held = f"{boxes} and {arrows} as tables"
        return f"{held}; left out: {', '.join(self.left_out)}" if self.left_out else held

    def _title(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return html_table(self._title(), (), ()) + "".join(
            html_table(name, columns, [tuple(row.values()) for row in getattr(self, name)])
            for name, columns in COLUMNS.items()
        )


def to_tables(model: Model) -> Tables:
    """Return a model as two tables; see `LogicModel.to_tables`."""
    said = plain(model)
    rows = {
        name: tuple(
            {column: _cell(entry.get(column)) for column in COLUMNS[name]}
            for entry in said.get(name, ())
        )
        for name in COLUMNS
    }
    keys = {key: value for key, value in said.items() if key not in _ELSEWHERE}
    problems = [Problem(0, 0, "table", message) for message in _not_held(said, rows)]
    if problems:
        raise SpecError("to_tables", problems)
    return Tables(rows["nodes"], rows["links"], keys, tuple(_left_out(said)))


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(entry["text"] if isinstance(entry, dict) else entry for entry in value)
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)


def _not_held(said: Said, rows: Mapping[str, Sequence[Record]]) -> Iterator[str]:
    """Yield the parts whose text would be different when read back."""
    boxes, arrows = rows["nodes"], rows["links"]
    own = {"columns": said["columns"]} if "columns" in said else {}
    again = plain(from_tables(boxes, arrows, Model, profile=said["profile"], title="-", **own))
    for name, columns in COLUMNS.items():
        pairs = zip(said.get(name, ()), again.get(name, ()), rows[name], strict=True)
        for before, after, row in pairs:
            kept = {key: _texts(value) for key, value in before.items() if key in columns}
            if kept != after or not all(map(comes_back, row.values())):
                ends = " -> ".join(before[key] for key in ("id", "from", "to") if key in before)
                yield (
                    f"{name[:-1]} {ends}: one of its texts cannot be read back from a table."
                    " Entries of a list must not contain ';', and no text may begin or end with a"
                    " space or contain control characters; or write YAML, which has no such limits"
                )


def _texts(value: Any) -> Any:
    """Return assumptions as in a table: without owner and status."""
    if not isinstance(value, list):
        return value
    return [{"text": entry["text"]} if isinstance(entry, dict) else entry for entry in value]


def _left_out(said: Said) -> Iterator[str]:
    """Yield the keys of boxes and arrows that have no column."""
    entries = [(name, entry) for name in COLUMNS for entry in said.get(name, ())]
    yield from dict.fromkeys(
        key for name, entry in entries for key in entry if key not in COLUMNS[name]
    )
    if any(
        len(assumption) > 1 for _, entry in entries for assumption in entry.get("assumptions", ())
    ):
        yield "owner and status of assumptions"
