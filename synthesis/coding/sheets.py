"""Blind coding sheets: one file per coder, without anybody else's codes, and reading them back.

Reading loses nothing: every filled-in cell of a sheet comes back either as a coding or in the list
of problems, with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError, FileError
from arrowroot.files import as_paths, is_there, make_folder
from arrowroot.frames import TextTable
from arrowroot.options import one_of, seed_of
from arrowroot.sheets import write_table
from arrowroot.tables import read_frame
from arrowroot.text import counted, did_you_mean, label, person, shortened
from synthesis import checks
from synthesis.coding.codebook import Codebook
from synthesis.coding.codings import disagreements, labels_of
from synthesis.labels import with_labels

CODER, NOTE = "coder", "note"
_MEANT = "; did you mean {!r}?"
PLACE = ("file", "line", "unit", CODER, "scheme")
SEPARATOR = ";"

NAMED_AT_MOST = 10
"""How many problems are shown before the number of others is given."""


def write_sheets(
    units: pd.DataFrame,
    coders: Sequence[str],
    folder: str | Path,
    *,
    schemes: Mapping[str, Codebook],
    unit: str = "unit",
    text: str = "text",
    seed: int | None = None,
) -> list[Path]:
    """Write an empty coding sheet for each coder, with the codebooks.

    Parameters
    ----------
    units : DataFrame
        One row per unit.
    coders : sequence of str
        Their names; each gets a file of that name.
    folder : str or Path
        Where to write them; created if it is missing.
    schemes : mapping of str to Codebook
        What is to be coded: column of the sheet -> its codebook.
    unit, text : str
        Columns of `units`: the label and what the coder reads.
    seed : int, optional
        Shuffles the units, differently for each coder, so that fatigue does not affect the same
        units; by default everybody reads in the order given.

    Returns
    -------
    list of Path
        The sheets, in the order of `coders`.

    Raises
    ------
    DataError
        If labels are blank or repeat, names repeat, or a scheme would hide another column.
    FileError
        If a sheet already exists: a coder's work is never overwritten.
    """
    labels_of(units, unit)
    fixed = [unit, checks.column(units, text, "text").name, CODER, NOTE]
    if clash := [name for name in schemes if name in fixed]:
        raise DataError(f"schemes: {shortened(clash)} already names a column of the sheet.")
    names = [file_name(coder) for coder in coders]
    if not names or len({person(name) for name in names}) < len(names):
        raise DataError(f"coders: names must differ; got {', '.join(map(repr, coders)) or 'none'}.")
    drawn = seed_of(seed)
    target = make_folder(folder)
    paths = [target / f"{name}.csv" for name in names]
    if there := [path.name for path in paths if is_there(path)]:
        raise FileError(
            f"{target}: {shortened(there)} already exists and may contain work. Move it, "
            "or give another folder."
        )
    for at, (coder, path) in enumerate(zip(coders, paths, strict=True)):
        order = np.arange(len(units))
        if drawn is not None:
            np.random.default_rng([drawn, at]).shuffle(order)
        sheet = units.iloc[order][[unit, text]].assign(
            **{CODER: coder}, **dict.fromkeys(schemes, ""), **{NOTE: ""}
        )
        write_table(sheet, path)
    for scheme, codebook in schemes.items():
        codebook.write(target / f"codebook_{file_name(scheme)}.yaml")
    return paths


@dataclass(frozen=True, eq=False, repr=False)
class Sheets(display.Shown):
    """The contents of the coders' sheets.

    Attributes
    ----------
    codings : DataFrame
        ``unit``, ``coder``, ``scheme``, ``code``, ``codebook`` (title and version), ``note``,
        ``file``, ``line``: one row per code.
    problems : DataFrame
        ``file``, ``line``, ``unit``, ``coder``, ``scheme``, ``value``, ``problem``: what was
        filled in and could not be read as a coding.
    missing : DataFrame
        ``unit``, ``coder``, ``scheme``: what a coder has not coded yet.
    remarks : tuple of str
        What should be known about the files, such as a guessed encoding or hidden rows.
    """

    codings: pd.DataFrame
    problems: pd.DataFrame
    missing: pd.DataFrame
    remarks: tuple[str, ...] = ()

    def conflicts(self, scheme: str) -> pd.DataFrame:
        """Return the units on which the coders differ in a scheme, one column per coder."""
        known = sorted(self.codings["scheme"].unique())
        one_of("scheme", scheme, known)
        return disagreements(self.codings[self.codings["scheme"] == scheme])

    def _title(self) -> str:
        return "Coding sheets"

    def _facts(self) -> Sequence[tuple[str, str]]:
        facts = []
        for scheme, rows in self.codings.groupby("scheme", sort=False):
            coders = ", ".join(
                f"{who} {n}" for who, n in rows[CODER].value_counts(sort=False).items()
            )
            facts.append((str(scheme), f"codes by {coders}; {self._differences(str(scheme))}"))
        facts.append(("Not yet coded", counted(len(self.missing), "cell")))
        facts.append(("Problems", counted(len(self.problems), "cell")))
        return facts

    def _differences(self, scheme: str) -> str:
        rows = self.codings[self.codings["scheme"] == scheme]
        coders = rows.groupby("unit")[CODER].agg(set)
        if len(set().union(*coders)) == 1:
            return "only one coder, so nothing can differ yet"
        both = int((coders.map(len) > 1).sum())
        if not both:
            return "no unit is coded by two coders yet"
        differ = len(self.conflicts(scheme))
        return f"coders differ on {differ} of {counted(both, 'unit')} that two or more coded"

    def _notes(self) -> Sequence[str]:
        places = [
            f"{one['file']}, line {one['line']}, {one['scheme']}: {one['problem']}"
            for one in self.problems.head(NAMED_AT_MOST).to_dict("records")
        ]
        rest = len(self.problems) - len(places)
        return (*self.remarks, *places, *([f"And {rest} more, in `problems`."] if rest else []))


def read_sheets(
    paths: str | Path | Iterable[str | Path],
    units: Iterable[object],
    *,
    schemes: Mapping[str, Codebook],
    unit: str = "unit",
    several: bool = False,
) -> Sheets:
    """Read filled-in coding sheets and merge them.

    Parameters
    ----------
    paths : path or iterable of paths
        The sheets, in any of the formats that `arrowroot.tables` reads, or their folder (for CSV,
        TSV and XLSX).
    units : iterable
        The labels of all units.
    schemes : mapping of str to Codebook
        Column of the sheets -> its codebook. A cell contains an id or, in any capitals, the label
        of one code.
    unit : str
        The column that names the unit.
    several : bool
        Whether a cell may contain several codes, separated by ``;``.

    Returns
    -------
    Sheets
        Codings, problems, and what is missing; its `conflicts` shows the coders side by side.

    Raises
    ------
    FileError, DataError
        If a file is unreadable or lacks a column; problems in single cells do not raise an error.
    """
    labels = [label(one) for one in units]
    remarks: list[str] = []
    sheets = [_cells(path, unit, schemes, remarks) for path in _sheets_in(paths)]
    cells = with_labels(pd.concat(sheets, ignore_index=True), ["unit"], people=[CODER])
    judged = _Judged(schemes, set(labels), several)
    for cell in cells.dropna(subset=["value"]).to_dict("records"):
        judged.take(cell)
    codings = pd.DataFrame(
        judged.codings,
        columns=["unit", "coder", "scheme", "code", "codebook", NOTE, "file", "line"],
    ).drop_duplicates(["unit", "coder", "scheme", "code"], ignore_index=True)
    problems = TextTable(judged.problems, columns=[*PLACE, "value", "problem"])
    coders = sorted(cells[CODER].dropna().unique())
    return Sheets(codings, problems, _missing(codings, labels, coders, schemes), tuple(remarks))


class _Judged:
    """Sort filled-in cells into codings and problems, one at a time."""

    def __init__(self, schemes: Mapping[str, Codebook], units: set[str], several: bool) -> None:
        self.schemes, self.units, self.several = schemes, units, several
        self.codings: list[dict[str, object]] = []
        self.problems: list[dict[str, object]] = []
        self._before: dict[tuple[str, str, str], list[str]] = {}

    def take(self, cell: Mapping[Hashable, Any]) -> None:
        """Read a cell: its place, ``value`` and ``note``."""
        codebook = self.schemes[cell["scheme"]]
        given, problem = _codes(cell["value"], codebook, several=self.several)
        problem = problem or self._misplaced(cell, given)
        place = {name: cell[name] for name in PLACE}
        if problem:
            self.problems.append({**place, "value": cell["value"], "problem": problem})
        else:
            book = f"{codebook.title} {codebook.version}".strip()
            self.codings += [
                {**place, "code": one, "codebook": book, NOTE: cell[NOTE]} for one in given
            ]

    def _misplaced(self, cell: Mapping[Hashable, Any], given: list[str]) -> str:
        unit, coder = cell["unit"], cell[CODER]
        if pd.isna(unit) or pd.isna(coder):
            return f"no {'unit' if pd.isna(unit) else CODER} in this row"
        if unit not in self.units:
            meant = did_you_mean(unit, self.units, _MEANT, cutoff=0.8)
            return f"there is no unit {unit!r}{meant}"
        before = self._before.setdefault((unit, coder, cell["scheme"]), given)
        if before != given:
            return f"{coder} gave this unit {f'{SEPARATOR} '.join(before)!r} in another row"
        return ""


def _cells(
    path: Path, unit: str, schemes: Mapping[str, Codebook], remarks: list[str]
) -> pd.DataFrame:
    """Return a sheet's cells, one per row, including blank ones; note the remarks on the file."""
    table = read_frame(path).drop(columns="line", errors="ignore")
    remarks += [f"{path.name}: {remark}." for remark in table.attrs.get("remarks", ())]
    for name in (unit, CODER, *schemes):
        checks.column(table, name, path.name)
    return (
        table.assign(**{NOTE: table.get(NOTE), "file": path.name})
        .rename(columns={unit: "unit"})
        .reset_index()
        .melt(["file", "line", "unit", CODER, NOTE], list(schemes), "scheme", "value")
    )


def _sheets_in(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    listed = as_paths(paths)
    if not listed:
        raise DataError("paths: there are no coding sheets; give their files, or their folder.")
    if not isinstance(paths, str | Path) or not (is_there(listed[0]) and listed[0].is_dir()):
        return listed
    sheets = sorted(
        path
        for path in listed[0].iterdir()
        if path.suffix.lower() in (".csv", ".tsv", ".xlsx") and not path.name.startswith((".", "~"))
    )
    if not sheets:
        raise FileError(f"{paths}: contains no coding sheets (.csv, .tsv or .xlsx).")
    return sheets


def _codes(cell: str, codebook: Codebook, *, several: bool) -> tuple[list[str], str]:
    """Return the ids in a cell, or what is wrong with it."""
    named = [label(one) for one in (cell.split(SEPARATOR) if several else [cell])]
    given = []
    for one in filter(None, named):
        matching = [code.id for code in codebook if one == code.id] or [
            code.id for code in codebook if one.casefold() == label(code.label).casefold()
        ]
        if len(matching) != 1:
            if matching:
                return [], f"{one!r} is the label of several codes; write the id"
            if SEPARATOR in one:
                return [], f"{one!r} contains several codes; keep one, or read with several=True"
            near = codebook.suggestion(one)
            return [], f"{one!r} is not a code{_MEANT.format(near) if near else ''}"
        given += matching
    return sorted(set(given)), "" if given else "contains no code"


def _missing(
    codings: pd.DataFrame, labels: Sequence[str], coders: Sequence[str], schemes: Iterable[str]
) -> pd.DataFrame:
    keys = ["unit", "coder", "scheme"]
    done = set(codings[keys].itertuples(index=False, name=None))
    wanted = ((unit, who, scheme) for scheme in schemes for who in coders for unit in labels)
    return pd.DataFrame([cell for cell in wanted if cell not in done], columns=keys)


def file_name(name: str) -> str:
    """Return a name that is safe as a file name on every system."""
    short = re.sub(r"[^\w-]+", "_", str(name)).strip("_")
    if not short:
        raise DataError(f"{name!r} is not a possible file name; use letters or digits.")
    return short
