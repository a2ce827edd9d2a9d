"""From a printed number back to the rows and cells that it comes from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from arrowroot.display import interval, number
from arrowroot.tables import text_of
from arrowroot.text import label
from synthesis.effects.routes.receipts import Receipt
from synthesis.effects.sheet.columns import IDENTITY
from synthesis.labels import read_labels
from synthesis.review.analyses import Analysis
from synthesis.review.contents import Contents

_INPUT = re.compile(r"(\w+) = ([^,]+)")


@dataclass(frozen=True)
class Cell:
    """A cell of the extraction sheet.

    Attributes
    ----------
    column : str
        Its heading.
    address : str
        Such as ``"D4"``; empty for a value that was worked out.
    value : str
        What it holds.
    """

    column: str
    address: str
    value: str


@dataclass(frozen=True)
class Row:
    """A row of an analysis as its page shows it.

    Attributes
    ----------
    id : str
        Its anchor.
    study, effect, span, weight : str
        As printed; the effect on the scale that readers see.
    where : str
        File and line.
    note : str
        Why it is not pooled; empty if it is.
    receipt : Receipt or None
        How the effect was derived.
    cells : tuple of Cell
        What went in.
    data : str
        What was reported in both arms, in short.
    exact : str
        Effect and variance on the scale of analysis, at full precision.
    """

    id: str
    study: str
    effect: str
    span: str
    weight: str
    where: str
    note: str
    receipt: Receipt | None
    cells: tuple[Cell, ...]
    exact: str


def rows_of(one: Analysis, review: Contents) -> Iterator[Row]:
    """Yield the rows of an analysis: those that are pooled, then the others with the reason."""
    pooled: set[Any] = set()
    if one.fit is not None:
        frame = one.fit.study_frame()
        lines = one.fit.studies["line"] if "line" in one.fit.studies else [None] * len(frame)
        receipts = (
            one.fit.studies["receipt"] if "receipt" in one.fit.studies else [None] * len(frame)
        )
        for at, (found, line, receipt) in enumerate(
            zip(frame.to_dict("records"), lines, receipts, strict=True), start=1
        ):
            pooled.add(line)
            kept = receipt if isinstance(receipt, Receipt) else None
            yield Row(
                f"row-{at}",
                str(found["study"]),
                number(found["effect"]),
                interval((found["effect_low"], found["effect_high"])),
                f"{number(found['weight'], 1)}%",
                _where(review, line),
                "",
                kept,
                tuple(_cells(review, kept, line)),
                f"yi = {found['yi']:.15g}, vi = {found['vi']:.15g}",
            )
    yield from _not_pooled(one, review, pooled)


def _not_pooled(one: Analysis, review: Contents, pooled: set[Any]) -> Iterator[Row]:
    aside = dict(zip(one.set_aside.get("line", ()), one.set_aside.get("reason", ()), strict=False))
    others = one.effects[~one.effects["line"].isin(list(pooled))]
    averaged = one.fit is not None and "effects" in one.fit.studies
    for at, (_, row) in enumerate(others.iterrows(), start=1):
        receipt = row.get("receipt")
        kept = receipt if isinstance(receipt, Receipt) else None
        has_effect = bool(pd.notna(row.get("yi")))
        default = "averaged with the other results of its study" if averaged else one.reason
        reason = label(aside.get(row["line"], "")) or label(row.get("reason", ""))
        yield Row(
            f"other-{at}",
            str(row["study"]),
            "\N{EN DASH}",
            "",
            "",
            _where(review, row["line"]),
            reason or (default if has_effect else "no effect could be computed"),
            kept,
            tuple(_cells(review, kept, row["line"])),
            f"yi = {row['yi']:.15g}, vi = {row['vi']:.15g}" if has_effect else "",
        )


def _where(review: Contents, line: Any) -> str:
    if line is None or pd.isna(line):
        return review.extraction.file
    return f"{review.extraction.file}, line {int(line)}"


def _cells(review: Contents, receipt: Receipt | None, line: Any) -> Iterator[Cell]:
    """Yield what went into an effect: the cells of its rows, then what was worked out of them."""
    if receipt is None or line is None or pd.isna(line):
        return
    rows = review.extraction.rows
    assert rows is not None  # noqa: S101
    held = rows[rows["line"] == line]
    inputs = [(name, value.strip()) for name, value in _INPUT.findall(receipt.inputs)]
    arms = _combined(review, held, int(line))
    for row in arms.to_dict("records"):
        for name, value in inputs:
            if name in row and not _is_same(held[name].iloc[0], value) and pd.notna(row[name]):
                address = review.extraction.cell(name, int(row["line"]))
                yield Cell(name, address, text_of(row[name]))
    for name, value in inputs:
        # A value that was worked out stands in a column which is blank in this row, or holds
        # something else, as where arms were combined.
        there = name in held and len(held) == 1 and _is_same(held[name].iloc[0], value)
        address = review.extraction.cell(name, int(line)) if there else ""
        yield Cell(name, address, value)


def _combined(review: Contents, held: pd.DataFrame, line: int) -> pd.DataFrame:
    """Return the rows of the sheet that were combined into one; none where it is one by itself."""
    rows = review.extraction.rows
    assert rows is not None and len(held) == 1  # noqa: S101
    of = review.outcome_effects.get(str(held["outcome"].iloc[0]))
    effects = None if of is None else of.rows
    if effects is None or "arms_combined" not in effects:
        return rows[:0]
    if not label(effects.loc[effects["line"] == line, "arms_combined"].iloc[0]):
        return rows[:0]
    # The others have no effect of their own any more.
    alike = (rows["line"] == line) | ~rows["line"].isin(effects["line"])
    for name in ("study", *(one for one in IDENTITY if one in rows and one != "arm")):
        alike &= pd.Series(read_labels(rows[name]), index=rows.index) == label(held[name].iloc[0])
    return rows[alike]


def _is_same(cell: Any, value: str) -> bool:
    """Return whether a cell of the sheet holds a value as a receipt gives it."""
    if pd.isna(cell):
        return False
    try:
        return math.isclose(float(cell), float(value), rel_tol=1e-8)
    except (TypeError, ValueError):
        return label(cell) == label(value)
