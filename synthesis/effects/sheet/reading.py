"""The extraction sheet: one row per effect, read from CSV or XLSX and checked cell by cell."""

from __future__ import annotations

import itertools
import os
from dataclasses import replace

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.options import one_of, thing
from arrowroot.tables import Table, as_table, read_cells
from arrowroot.text import label, shortened
from synthesis.effects.formulas.printed_numbers import RULE as P_RULE
from synthesis.effects.formulas.printed_numbers import parse_p_values
from synthesis.effects.sheet.columns import (
    CHOICES,
    IDENTITY,
    NUMERIC,
    ORDERED,
    SHARES,
    WITHIN,
    WORDS,
)
from synthesis.effects.sheet.naming import COLUMNS, named, plain_name, recognised_as
from synthesis.effects.sheet.numbers import (
    DECIMALS,
    begins_with_words,
    hints,
    is_number,
    read_numbers,
    with_comma,
    with_thousands,
)
from synthesis.effects.sheet.problems import FOREIGN, Problems
from synthesis.labels import as_read, read_labels, with_labels

LARGEST = 200_000_000
"""Bytes of the largest file read, and to which a workbook may unpack."""

TEMPLATE, GUIDE = "extraction", "columns"
"""The worksheets of the template: the sheet to fill in, and the one that explains its columns."""

RESPELLED = "respelled"
"""Where a sheet keeps the labels that were written in several ways: column, label, spellings."""

_NAMES = {*NUMERIC, *WORDS, *IDENTITY}

AS_GIVEN = "line_as_given"
"""The column that keeps a user's own `line`."""

_PERCENTAGES = {share for share, _ in SHARES}

_LEADING_ZERO = r"0\d+"


def read_extraction(
    table: str | os.PathLike[str] | pd.DataFrame,
    *,
    worksheet: str | None = None,
    decimal: str = ".",
    columns: str | None = None,
) -> pd.DataFrame:
    """Read an extraction sheet and refuse impossible values, with all problems in one message.

    Parameters
    ----------
    table : path or DataFrame
        A CSV or XLSX file as `arrowroot.tables` reads them, or a table already in memory. It has
        one row per effect and a column `study`; the columns that effect sizes are computed from
        are listed in `synthesis.effects.sheet.columns`.
    worksheet : str, optional
        The worksheet of an XLSX file; by default the first that is not hidden.
    decimal : {".", ","}
        The decimal mark of a CSV, ``"."`` or ``","``. A comma is never guessed: ``1,234`` may
        be a thousand.
    columns : str, optional
        How the columns are named: ``"revman"``, ``"metafor"``, ``"metapsy"`` or ``"esc"`` (see
        `synthesis.effects.sheet.naming`); they get the names of this library, and
        ``attrs["remarks"]`` lists them. By default a naming is recognised where the columns leave
        no doubt. ``"own"`` renames nothing.

    Returns
    -------
    DataFrame
        The rows in their order, known columns as floats with NaN where nothing is reported,
        other columns as numbers if every cell is one, else as text; identifiers such as ``007``
        stay text. From a file it also has the column `line`: where the row begins in the file,
        for messages (a column of that name in the file is kept as `line_as_given`). What should
        be known about the file (renamed columns, a guessed encoding, hidden rows, other
        worksheets) is in ``attrs["remarks"]``, and `lint` lists it.

    Raises
    ------
    FileError
        If the file is missing or unreadable.
    DataError
        If no column is of the naming asked for; if the table has no rows, no column `study`, two
        columns of one name, merged cells, an empty study label, two rows for the same effect, or
        cells that are not numbers or that are impossible (an SD of 0, an n of 1.5, more events
        than participants).
    OptionError
        If `decimal` is neither a point nor a comma, or `columns` is no naming.

    Examples
    --------
    >>> arms = pd.DataFrame({"study": ["Grant"], "mean_t": ["98"], "sd_t": ["21"], "n_t": ["65"]})
    >>> read_extraction(arms).loc[0, "sd_t"]
    np.float64(21.0)
    """
    one_of("decimal", decimal, DECIMALS)
    if columns is not None:
        one_of("columns", columns, COLUMNS)
    if isinstance(table, pd.DataFrame):
        table = named(_with_text_names(table), columns, "the table", decimal)
    sheet, problems = _read(table, worksheet, decimal, columns)
    _refuse_repeated(sheet, problems)
    problems.raise_any()
    return sheet


def checked(sheet: pd.DataFrame | str | os.PathLike[str]) -> pd.DataFrame:
    """Return a sheet with its cells checked, whether or not it comes from `read_extraction`.

    One study may have several rows: whether they can be pooled together is for the model to
    decide.
    """
    checked_sheet, problems = _read(sheet, None, ".", None)
    problems.raise_any()
    return checked_sheet


def _read(
    table: str | os.PathLike[str] | pd.DataFrame,
    worksheet: str | None,
    decimal: str,
    columns: str | None,
) -> tuple[pd.DataFrame, Problems]:
    if isinstance(table, pd.DataFrame):
        sheet = _from_frame(table)
    elif isinstance(table, (str, os.PathLike)):
        sheet = _from_file(table, worksheet, decimal, columns)
    else:
        raise DataError(
            f"an extraction sheet must be a file name or a DataFrame; got {thing(table)}."
        )
    problems = Problems(sheet)
    _read_numbers(sheet, problems, decimal)
    _refuse_impossible(sheet, problems)
    _refuse_words(sheet, problems)
    # Columns replaced one by one lie apart in memory, and pandas warns of many: a copy joins them.
    return sheet.copy(), problems


def _from_file(
    path: str | os.PathLike[str], worksheet: str | None, decimal: str, columns: str | None
) -> pd.DataFrame:
    cells = read_cells(path, sheet=worksheet, largest=LARGEST)
    if cells.sheet == TEMPLATE:
        cells = replace(cells, unread=[name for name in cells.unread if name != repr(GUIDE)])
    table, numbered = _without_row_numbers(as_table(cells))
    if "" in table.header:
        raise DataError(
            f"{table.name}, line {table.line}: column {table.header.index('') + 1} has no name; "
            "give it one. If the names of the columns are further down, remove the lines above "
            "them."
        )
    if not table.rows:
        raise DataError(
            f"{table.name}: the table has column names but no rows; add one row per effect."
        )
    sheet = pd.DataFrame(_as_shown(table), columns=table.header, dtype=object)
    remarks = [*table.remarks, *numbered, *_keep_own_line(sheet, table)]
    sheet["line"] = table.lines
    sheet.attrs["source"] = table.name
    if remarks:
        sheet.attrs["remarks"] = tuple(remarks)
    return _with_studies(named(sheet, columns, table.name, decimal), table.name)


def _without_row_numbers(table: Table) -> tuple[Table, list[str]]:
    """Leave out a first column without a name that counts the rows, as R and pandas write it."""
    counted = [row[0] for row in table.rows]
    if table.header[:1] != [""] or not any(
        counted == [str(at) for at in range(start, start + len(counted))] for start in (0, 1)
    ):
        return table, []
    rows = [row[1:] for row in table.rows]
    shares = {(line, column - 1) for line, column in table.shares}
    return replace(table, header=table.header[1:], rows=rows, shares=shares), [
        "its first column, which has no name and numbers the rows, is left out"
    ]


def _keep_own_line(sheet: pd.DataFrame, table: Table) -> list[str]:
    """Keep a user's own column `line` under another name, in place; return what to say of it.

    A sheet that was read and saved has the lines of the file, or of the file it comes from.
    """
    if "line" not in sheet:
        return []
    whole = sheet["line"].str.fullmatch(r"\d+")
    if not whole.all() or AS_GIVEN in sheet:
        raise DataError(
            f"{table.name}: 'line' is the name of the column that gives the line of each row in "
            "the file; rename yours."
        )
    if sheet["line"].tolist() == [str(line) for line in table.lines]:
        return []
    sheet[AS_GIVEN] = sheet["line"]
    return [
        f"its column 'line' is kept as {AS_GIVEN!r}, because 'line' gives the line of each row in "
        "the file"
    ]


def _as_shown(table: Table) -> list[list[str]]:
    """Return the rows with percentages as they are shown: a workbook holds 25% as 0.25."""
    shares = {at for at, name in enumerate(table.header, 1) if name in _PERCENTAGES}
    rows = [list(row) for row in table.rows]
    places = dict(zip(table.lines, rows, strict=True))
    for line, column in table.shares:
        if column in shares and line in places:
            places[line][column - 1] = f"{100 * float(places[line][column - 1]):.12g}"
    return rows


def _from_frame(table: pd.DataFrame) -> pd.DataFrame:
    sheet = _with_text_names(table)
    if sheet.empty:
        raise DataError("the table has no rows; add one row per effect.")
    return _with_studies(sheet, str(table.attrs.get("source", "the table")))


def _with_text_names(table: pd.DataFrame) -> pd.DataFrame:
    sheet = table.copy()
    sheet.columns = sheet.columns.map(str)
    repeated = sorted(set(sheet.columns[sheet.columns.duplicated()]))
    if repeated:
        names = ", ".join(repr(name) for name in repeated)
        raise DataError(f"the table's column names must differ; repeated: {names}.")
    return sheet


def _refuse_almost_named(sheet: pd.DataFrame, source: str) -> None:
    """Refuse a heading that differs from a column's name only in capitals, spaces or a unit.

    It would be silently ignored, and with `Direction` so would the sign.
    """
    almost = []
    # Where the columns are another program's, its own "Mean" is not our mean.
    ours = _NAMES - NUMERIC.keys() if FOREIGN in sheet.attrs else _NAMES
    for heading in sheet.columns:
        name = plain_name(heading)
        if len(name) > 1 and name in ours and name not in sheet:
            almost.append(f"{heading!r} to {name!r}")
    if almost and (program := recognised_as(sheet)):
        raise DataError(
            f"{source}: its columns are named as in another program; read_extraction(table, "
            f"columns={program!r}) gives them the names used here."
        )
    if almost:
        raise DataError(
            f"{source}: a column is recognised by its exact name; rename {', '.join(almost)}."
        )


def _with_studies(sheet: pd.DataFrame, source: str) -> pd.DataFrame:
    _refuse_almost_named(sheet, source)
    if "study" not in sheet:
        there = ", ".join(str(name) for name in sheet.columns if name != "line")
        raise DataError(
            f"{source}: an extraction sheet needs a column 'study' that names each row's study; "
            f"there are {there}."
        )
    labels = read_labels(sheet["study"])
    if nameless := [row for row, label in enumerate(labels) if not label]:
        lines = sheet["line"] if "line" in sheet else pd.Series(range(1, len(sheet) + 1))
        word = "line" if "line" in sheet else "row"
        listed = shortened(f"{word} {lines.iloc[row]}" for row in nameless)
        raise DataError(f"{source}: every row needs a study label; the cell is empty in {listed}.")
    _read_names(sheet)
    sheet["study"] = pd.Series(labels, index=sheet.index, dtype=object)
    return sheet


def _read_names(sheet: pd.DataFrame) -> None:
    """Read the labels that tell rows apart, in place, and remember what was not written alike."""
    alike: dict[str, dict[str, list[str]]] = dict(sheet.attrs.get(RESPELLED, {}))
    for name in ("study", *IDENTITY):
        cells = sheet.get(name)
        if cells is None or (read := as_read(cells)) is cells:
            continue
        spellings: dict[str, list[str]] = {}
        for cell in dict.fromkeys(cell for cell in cells if isinstance(cell, str)):
            spellings.setdefault(label(cell), []).append(cell)
        alike[name] = {one: ways for one, ways in spellings.items() if one and len(ways) > 1}
        is_category = isinstance(read.dtype, pd.CategoricalDtype)
        sheet[name] = read if is_category else read.where(read.notna(), cells)
    if any(alike.values()):
        sheet.attrs[RESPELLED] = alike


def _read_numbers(sheet: pd.DataFrame, problems: Problems, decimal: str) -> None:
    """Turn columns into numbers: the known ones always, others of a file where all cells are."""
    from_file = "source" in sheet.attrs
    commas: dict[str, np.ndarray] = {}
    identifiers = []
    for name in sheet.columns.drop(["study", "line"], errors="ignore"):
        if is_number(sheet[name]):
            if name in NUMERIC:
                sheet[name] = sheet[name].to_numpy(dtype=float, na_value=np.nan)
        elif name in NUMERIC:
            numbers, bad = read_numbers(sheet[name], decimal)
            if decimal == ",":
                bad |= with_thousands(sheet[name])
                numbers[bad] = np.nan
            if bad.any():
                commas[name] = bad & with_comma(sheet[name])
                for hint, hinted in hints(name, sheet[name], bad):
                    problems.add(f"{name} must be a number{hint}", sheet[name], hinted)
            sheet[name] = numbers
        elif from_file and begins_with_words(sheet[name]):
            sheet[name] = _as_text(sheet[name])
        elif from_file:
            numbers, bad = read_numbers(sheet[name], decimal)
            zeros = sheet[name].astype("string").str.fullmatch(_LEADING_ZERO).fillna(value=False)
            if zeros.any() and not bad.any():
                identifiers.append(name)
            # Of a p printed as 0.000 the decimals count.
            as_text = name == "p" and (numbers == 0).any()
            if zeros.any() or bad.any() or np.isnan(numbers).all() or as_text:
                sheet[name] = _as_text(sheet[name])
            else:
                sheet[name] = numbers
    problems.say_of_commas(commas)
    if identifiers:
        listed = shortened(repr(name) for name in identifiers)
        remark = f"numbers with leading zeros are kept as text, as identifiers are, in {listed}"
        # A sheet is read again by every function that takes one.
        sheet.attrs["remarks"] = tuple(dict.fromkeys((*sheet.attrs.get("remarks", ()), remark)))


def _as_text(cells: pd.Series) -> pd.Series:
    """Return a column as it is written, without a value where a cell is empty."""
    there = cells.notna().to_numpy()
    written = [
        cell if is_there and cell != "" else None
        for cell, is_there in zip(cells.tolist(), there, strict=True)
    ]
    return pd.Series(written, index=cells.index, name=cells.name, dtype=object)


def _refuse_impossible(sheet: pd.DataFrame, problems: Problems) -> None:
    for name, column in NUMERIC.items():
        if name in sheet:
            values = sheet[name].to_numpy(float)
            broken = ~np.isnan(values) & ~column.kind.holds(values)
            problems.add(f"{name} {column.kind.rule}", values, broken)
    for part, whole in WITHIN:
        if part in sheet and whole in sheet:
            values, limits = sheet[part].to_numpy(float), sheet[whole].to_numpy(float)
            broken = (values > limits) & ~_over_time(sheet, part)
            problems.add(f"{part} must not exceed {whole}", values, broken)

    for share, whole in SHARES:
        if share in sheet and whole in sheet:
            values, people = sheet[share].to_numpy(float), sheet[whole].to_numpy(float)
            none = (values > 0) & (values / 100 * people < 0.5)
            rule = (
                f"{share} of {whole} must be at least one person (enter a proportion of 0.25 as 25)"
            )
            problems.add(rule, values, none)

    for names in ORDERED:
        present = [name for name in names if name in sheet]
        for left, right in itertools.combinations(present, 2):
            values, limits = sheet[left].to_numpy(float), sheet[right].to_numpy(float)
            problems.add(f"{left} must not exceed {right}", values, values > limits)


def _refuse_words(sheet: pd.DataFrame, problems: Problems) -> None:
    if "p" in sheet:
        problems.add(P_RULE, sheet["p"], parse_p_values(sheet["p"])["wrong"].to_numpy())
    for name, words in CHOICES.items():
        if name in sheet:
            listed = " or ".join(repr(word) for word in words)
            legal = ("", *words)
            wrong = np.array([word.lower() not in legal for word in read_labels(sheet[name])])
            problems.add(f"{name} must be {listed}", sheet[name], wrong)


def _over_time(sheet: pd.DataFrame, part: str) -> np.ndarray:
    """Rows that count events over person-time; one person can have several."""
    time = "person_time" if part == "events" else part.replace("events", "time")
    return sheet[time].notna().to_numpy() if time in sheet else np.zeros(len(sheet), bool)


def _refuse_repeated(sheet: pd.DataFrame, problems: Problems) -> None:
    told_apart_by = [name for name in IDENTITY if name in sheet]
    names = ["study", *told_apart_by]
    repeated = with_labels(sheet[names], names).duplicated().to_numpy(bool)
    rule = (
        f"rows of one study must differ in {' or '.join(told_apart_by)}"
        if told_apart_by
        else "a study label must occur in one row only, or a column 'outcome', 'timepoint', "
        "'comparison' or 'subgroup' must distinguish the rows"
    )
    for row in np.flatnonzero(repeated).tolist():
        problems.add_row(row, f"{rule}; repeated")
