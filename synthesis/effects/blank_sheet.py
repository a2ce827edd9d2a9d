"""An empty extraction sheet to fill in, with notes on every column and lists to choose from."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from arrowroot.errors import FileError
from arrowroot.files import as_path, is_there
from arrowroot.sheets import LONGEST_LIST, Column, Sheet, write_sheets
from synthesis.effects.rows.one_group import RAW_SD
from synthesis.effects.sheet.columns import CHOICES, NUMERIC, WORDS, Kind
from synthesis.effects.sheet.reading import GUIDE, TEMPLATE
from synthesis.effects.sheet.windows import COLUMNS
from synthesis.measures import measure_named

COMPUTED = ("yi", "vi", "sei")
FIRST = ("study", "outcome", "timepoint", "comparison")
ROWS = 500
"""How many rows of the XLSX have the drop-down lists and rules."""


EFFECT_TYPES = (
    *("g", "d", "MD", "OR", "aOR", "log OR", "RR", "log RR", "RD", "HR", "aHR", "log HR", "IRR"),
    *("RoM", "r", "Fisher's z", "proportion"),
)
"""What the list of effect types offers; others can be written."""


def template(folder: str | os.PathLike[str] = ".", *, measure: str | None = None) -> list[Path]:
    """Write an empty extraction sheet as CSV and as XLSX.

    The XLSX has a note on every heading, drop-down lists, cells that refuse impossible values, and
    a second worksheet that explains every column. Both are read by `read_extraction` once they
    have been filled in with one row per effect.

    Parameters
    ----------
    folder : path
        Where to write ``extraction_template.csv`` and ``extraction_template.xlsx``.
    measure : str, optional
        Leave out the columns from which no route leads to this measure.

    Returns
    -------
    list of Path
        The two files.

    Raises
    ------
    FileError
        If the folder does not exist, cannot be written to, or already contains such a file:
        nothing is overwritten.
    OptionError
        If there is no such measure.
    """
    where = as_path(folder)
    if not (is_there(where) and where.is_dir()):
        raise FileError(f"no folder {str(where)!r}; create it first, or name another.")
    paths = [where / "extraction_template.csv", where / "extraction_template.xlsx"]
    for path in paths:
        if path.exists():
            raise FileError(f"{path.name}: already exists in {where}; move or rename it first.")
    names = template_columns(measure)
    write_sheets(paths[0], _sheet(names))
    write_sheets(paths[1], _sheet(names), _guide(names))
    return paths


def sheets_for(
    names: Sequence[str],
    choices: Mapping[str, Sequence[str]],
    rows: Sequence[Sequence[str | int | float]] = (),
) -> tuple[Sheet, Sheet]:
    """Return the worksheets of an extraction sheet whose drop-down lists know what a review has.

    Parameters
    ----------
    names : sequence of str
        The columns; those that `template_columns` does not know are the review's own.
    choices : mapping of str to sequence of str
        What the cells of a column offer in a list, such as the ids of the outcomes. A list that is
        too long for a spreadsheet program is put into the note of the heading instead.
    rows : sequence of sequence
        Cells that are filled in already.

    Returns
    -------
    tuple of Sheet
        The sheet to fill in, and the one that explains its columns.
    """
    known = {*NUMERIC, *WORDS}
    columns = []
    for name in names:
        column = replace(_column(name), width=max(10, len(name) + 2))
        note = _meaning(name) if name in known else ""
        if offered := list(choices.get(name, ())):
            fits = len(",".join(offered)) <= LONGEST_LIST and not any("," in one for one in offered)
            note = f"{note} One of: {', '.join(offered)}.".strip()
            if fits:
                refuses = f"{name} must be one of those that review.yaml declares"
                column = replace(column, choices=offered, rule=None, refuses=refuses)
        columns.append(replace(column, note=note))
    sheet = Sheet(TEMPLATE, columns, rows, freeze="B2", spare=ROWS)
    return sheet, _guide([name for name in names if name in known])


def template_columns(measure: str | None = None) -> list[str]:
    """Return the columns of the template, in their order.

    Examples
    --------
    >>> [name for name in template_columns("ABT") if name in NUMERIC]
    ['n', 'alpha', 'items', 'effect', 'se', 'ci_low', 'ci_high', 'ci_level', 'icc', 'cluster_size']
    """
    words = [name for name in WORDS if name not in FIRST]
    numbers = [name for name in NUMERIC if name not in COMPUTED]
    if measure is not None:
        useful = _useful(measure_named(measure).name)
        numbers = [name for name in numbers if name in useful]
    return [*FIRST, *numbers, *words]


def _useful(measure: str) -> set[str]:
    """Return the columns from which some route leads to the measure, directly or worked out."""
    from synthesis.effects.routes.catalogue import ROUTES

    needed = {name for route in ROUTES if measure in route.formulas for name in route.needs}
    useful = needed | {"effect", "se", "ci_low", "ci_high", "ci_level", "icc", "cluster_size"}
    worked_out_from = {
        "mean": ("median", "q1", "q3", "min", "max"),
        "sd": ("se", "ci_low", "ci_high", "median", "q1", "q3", "min", "max"),
        "events": ("percent",),
        "mean_change": ("mean_pre", "mean"),
        "sd_change": ("sd_pre", "sd"),
    }
    for arm in ("t", "c"):
        for stem, others in worked_out_from.items():
            if f"{stem}_{arm}" in needed:
                useful |= {f"{other}_{arm}" for other in others}
    # The columns of one group have no arm.
    for name, others in {
        "mean_change": ("mean_pre", "mean_post", "t", "n"),
        "sd_change": ("sd_pre", "sd_post", "r", "mean_change", "t", "n"),
        "events": ("percent",),
        "r_t": ("r",),
        RAW_SD: ("sd_t", "sd_c", "sd_pre_t", "sd_pre_c", "sd_pre"),
    }.items():
        if name in needed:
            useful.update(others)
    if "n_c" in needed:
        useful |= {"n_total", "control_shares"}
    return useful


def _meaning(name: str) -> str:
    if name in NUMERIC:
        return f"{NUMERIC[name].meaning}. Every cell {NUMERIC[name].kind.rule}, or is blank."
    return f"{WORDS[name]}."


def _sheet(names: list[str]) -> Sheet:
    columns = [
        replace(_column(name), width=max(10, len(name) + 2), note=_meaning(name)) for name in names
    ]
    return Sheet(TEMPLATE, columns, freeze="B2", spare=ROWS)


def _guide(names: list[str]) -> Sheet:
    columns = [Column("column", width=20, bold=True), Column("meaning", width=100)]
    return Sheet(GUIDE, columns, [[name, _meaning(name)] for name in names])


def _column(name: str) -> Column:
    """Return a column with the rule that a spreadsheet program applies to its cells, if any."""
    words = {**CHOICES, "effect_type": EFFECT_TYPES}.get(name)
    if words is not None:
        # Papers also report effects of other types; they are entered and explained, not refused.
        refuses = f"{name} must be one of: {', '.join(words)}" if name in CHOICES else ""
        return Column(name, choices=words, refuses=refuses)
    if name in COLUMNS.values():
        since = {"type": "decimal", "operator": "greaterThanOrEqual", "formula1": "0"}
        return Column(name, rule=since, refuses=f"{name} must be a number of 0 or more")
    if name not in NUMERIC:
        return Column(name)
    kind = NUMERIC[name].kind
    return Column(name, rule=_bounds(kind), refuses=f"{name} {kind.rule}")


def _bounds(kind: Kind) -> dict[str, str]:
    from synthesis.effects.sheet import columns

    bounds = {
        columns.POSITIVE: ("decimal", "greaterThan", "0"),
        columns.SQUARE: ("decimal", "greaterThanOrEqual", "0"),
        columns.COUNT: ("decimal", "greaterThanOrEqual", "0"),
        columns.SIZE: ("decimal", "greaterThanOrEqual", "1"),
        columns.AT_LEAST_ONE: ("decimal", "greaterThanOrEqual", "1"),
        columns.AT_LEAST_TWO: ("decimal", "greaterThanOrEqual", "2"),
        columns.BELOW_ONE: ("decimal", "lessThan", "1"),
    }
    ranges = {
        columns.CORRELATION: ("-1", "1"),
        columns.OF_MEASUREMENTS: ("-1", "1"),
        columns.LEVEL: ("0", "1"),
        columns.SHARE: ("0", "1"),
        columns.SIGN: ("-1", "1"),
        columns.NUMBER: ("-1E+300", "1E+300"),
    }
    if kind in bounds:
        return dict(zip(("type", "operator", "formula1"), bounds[kind], strict=True))
    low, high = ranges[kind]
    return {"type": "decimal", "operator": "between", "formula1": low, "formula2": high}
