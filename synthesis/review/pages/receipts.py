"""From a printed number back to the rows and cells that it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from arrowroot.display import interval, number
from arrowroot.text import label
from synthesis.effects.routes.receipts import Receipt
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
    if receipt is None or line is None or pd.isna(line):
        return
    rows = review.extraction.rows
    assert rows is not None  # noqa: S101
    held = rows[rows["line"] == line]
    for name, value in _INPUT.findall(receipt.inputs):
        # A value that was worked out stands in a column which is blank in this row.
        filled = name in held and len(held) == 1 and pd.notna(held[name].iloc[0])
        address = review.extraction.cell(name, int(line)) if filled else ""
        yield Cell(name, address, value.strip())
