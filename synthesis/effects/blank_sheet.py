"""An empty extraction sheet to fill in, with notes on every column and lists to choose from."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

from arrowroot.errors import FileError
from synthesis import files
from synthesis.effects.sheet.columns import CHOICES, NUMERIC, WORDS, Kind
from synthesis.measures import MEASURES, measure_named

COMPUTED = ("yi", "vi", "sei")
FIRST = ("study", "outcome", "timepoint", "comparison")
ROWS = 500
"""How many rows of the XLSX have the drop-down lists and rules."""


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
    where = Path(folder)
    if not where.is_dir():
        raise FileError(f"no folder {str(where)!r}; create it first, or name another.")
    paths = [where / "extraction_template.csv", where / "extraction_template.xlsx"]
    for path in paths:
        if path.exists():
            raise FileError(f"{path.name}: already exists in {where}; move or rename it first.")
    names = template_columns(measure)
    for path, content in zip(paths, (_csv(names), _xlsx(names)), strict=True):
        files.write_bytes(content, path)
    return paths


def template_columns(measure: str | None = None) -> list[str]:
    """Return the columns of the template, in their order.

    Examples
    --------
    >>> [name for name in template_columns("fisher_z") if name in NUMERIC]
    ['r', 'n', 'effect', 'se', 'ci_low', 'ci_high', 'ci_level', 'icc', 'cluster_size']
    """
    words = [name for name in WORDS if name not in FIRST]
    numbers = [name for name in NUMERIC if name not in COMPUTED]
    if measure is not None:
        measure_named(measure)
        useful = _useful(measure)
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
    if "n_c" in needed:
        useful |= {"n_total", "control_shares"}
    return useful


def _meaning(name: str) -> str:
    if name in NUMERIC:
        return f"{NUMERIC[name].meaning}. Every cell {NUMERIC[name].kind.rule}, or is blank."
    return f"{WORDS[name]}."


def _csv(names: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(names)
    # The mark tells spreadsheet programs that study labels are UTF-8.
    return text.getvalue().encode("utf-8-sig")


def _xlsx(names: list[str]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = "extraction"
    sheet.append(names)
    sheet.freeze_panes = "B2"
    for position, name in enumerate(names, start=1):
        heading = sheet.cell(row=1, column=position)
        heading.font = Font(bold=True)
        heading.comment = Comment(_meaning(name), "Arrowroot", width=320, height=90)
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = max(10, len(name) + 2)
        validation = _validation(name)
        if validation is not None:
            validation.add(f"{letter}2:{letter}{ROWS + 1}")
            sheet.add_data_validation(validation)
    guide = book.create_sheet("columns")
    guide.append(["column", "meaning"])
    for name in names:
        guide.append([name, _meaning(name)])
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 20, 100
    for row in guide.iter_rows(min_row=1, max_col=2):
        row[0].font = Font(bold=True)
        row[1].alignment = Alignment(wrap_text=True, vertical="top")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _validation(name: str) -> Any:
    """Return the rule that a spreadsheet program applies to cells of this column, if any."""
    from openpyxl.worksheet.datavalidation import DataValidation

    words = {**CHOICES, "effect_type": tuple(MEASURES)}.get(name)
    if words is not None:
        listed = DataValidation(type="list", formula1='"' + ",".join(words) + '"')
        # Papers also report effects of other types; they are entered and explained, not refused.
        listed.showErrorMessage = name in CHOICES
        listed.error = f"{name} must be one of: {', '.join(words)}"
        return listed
    if name not in NUMERIC:
        return None
    kind = NUMERIC[name].kind
    number = DataValidation(allow_blank=True, **_bounds(kind))
    number.showErrorMessage = True
    number.error = f"{name} {kind.rule}"
    return number


def _bounds(kind: Kind) -> dict[str, str]:
    from synthesis.effects.sheet import columns

    bounds = {
        columns.POSITIVE: ("decimal", "greaterThan", "0"),
        columns.SQUARE: ("decimal", "greaterThanOrEqual", "0"),
        columns.COUNT: ("whole", "greaterThanOrEqual", "0"),
        columns.SIZE: ("whole", "greaterThanOrEqual", "2"),
        columns.AT_LEAST_ONE: ("decimal", "greaterThanOrEqual", "1"),
    }
    ranges = {
        columns.CORRELATION: ("-1", "1"),
        columns.LEVEL: ("0", "1"),
        columns.SHARE: ("0", "1"),
        columns.SIGN: ("-1", "1"),
        columns.NUMBER: ("-1E+300", "1E+300"),
    }
    if kind in bounds:
        return dict(zip(("type", "operator", "formula1"), bounds[kind], strict=True))
    low, high = ranges[kind]
    return {"type": "decimal", "operator": "between", "formula1": low, "formula2": high}
