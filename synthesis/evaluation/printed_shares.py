"""Which counts a printed percentage allows, for reports that give percentages of a known number."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from arrowroot.text import counted
from synthesis.evaluation.reading import Rows, each
from synthesis.reproduce.printed import parse, parse_count

SLACK = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class PrintedShares(display.Shown):
    """What `check_shares` found.

    Attributes
    ----------
    table : DataFrame
        One row per printed percentage: ``label``, ``printed``, ``out_of``, ``counts`` (the whole
        numbers that it allows, as text), ``least``, ``most``, ``count`` (as printed, if it was),
        ``percent`` (of that count), ``verdict``: ``"possible"``, ``"impossible"``, ``"as
        printed"`` or ``"differs"``.
    notes : tuple of str
        What cannot be recomputed.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the table."""
        return self.table

    def _title(self) -> str:
        wrong = self.table["verdict"].isin(["impossible", "differs"]).sum()
        return f"{counted(len(self.table), 'printed percentage')}, {wrong} that cannot be right"

    def _headings(self) -> Sequence[str]:
        return ("", "Printed", "Out of", "Counts it allows", "Count printed", "Verdict")

    def _rows(self) -> Sequence[Sequence[str]]:
        return [
            (
                str(row.label),
                f"{row.printed.removesuffix('%')}%",
                f"{row.out_of:,}",
                str(row.counts),
                ""
                if pd.isna(row.count_printed)
                else f"{row.count_printed:,.0f} ({row.percent:.2f}%)",
                str(row.verdict),
            )
            for row in each(self.table.rename(columns={"count": "count_printed"}))
        ]

    def _line(self) -> str:
        said = [
            f"{row.label} {row.printed.removesuffix('%')}% of {row.out_of:,}: {row.counts}"
            for row in each(self.table)
        ]
        return "; ".join([self._title(), *said])

    def _notes(self) -> Sequence[str]:
        return self.notes


def check_shares(
    shares: pd.DataFrame | str | os.PathLike[str],
    *,
    label: str = "label",
    share: str = "share",
    out_of: str = "out_of",
    count: str = "count",
) -> PrintedShares:
    """Say which counts each printed percentage allows, and whether a printed count is one of them.

    Parameters
    ----------
    shares : DataFrame or path
        One row per percentage. Percentages are text, since their digits count: ``"42"`` and
        ``"42%"`` stand for 41.5 to 42.5.
    label, share, out_of : str
        Columns: what it is about, the percentage, and the number that it is a percentage of.
    count : str
        A column that may be there: the count, where it is printed too.

    Returns
    -------
    PrintedShares

    Raises
    ------
    DataError
        If a cell is not a percentage or a count, with its line.

    Examples
    --------
    >>> table = pd.DataFrame({"label": ["Feeling positive"], "share": ["45%"], "out_of": [215]})
    >>> check_shares(table).table.loc[0, "counts"]
    '96 or 97'
    """
    rows = Rows(
        shares,
        "shares",
        {"label": label, "share": share, "out_of": out_of, "count": count},
        needed=("label", "share", "out_of"),
        named_by=("label",),
    )
    rows.refuse(
        "share",
        [isinstance(cell, float) for cell in rows.raw["share"]],
        "must be text, as printed, since its digits count, and 42 is not 42.0",
        "Read the table with dtype=str, or write '42%' in quotes",
    )
    records = []
    for at, row in enumerate(each(rows.frame)):
        where = f"shares: {rows.place(at)}"
        printed = parse(row.share, f"{where}, {share}")
        total = parse_count(row.out_of, f"{where}, {out_of}")
        if printed.relation != "=" or not 0 <= printed.value <= 100:
            raise DataError(
                f"{where}, {share} must be a percentage from 0 to 100, such as '42%'; got "
                f"{row.share!r}."
            )
        if total < 1:
            raise DataError(f"{where}, {out_of} must be 1 or more; got {row.out_of!r}.")
        given = (
            parse_count(row.count, f"{where}, {count}") if "count" in rows and row.count else None
        )
        possible = possible_counts(printed.low, printed.high, total)
        verdict = "possible" if len(possible) else "impossible"
        if given is not None:
            verdict = "as printed" if given in possible else "differs"
        records.append(
            {
                "label": row.label,
                "printed": row.share,
                "out_of": total,
                "counts": _in_words(possible),
                "least": float(possible[0]) if len(possible) else np.nan,
                "most": float(possible[-1]) if len(possible) else np.nan,
                "count": np.nan if given is None else float(given),
                "percent": np.nan if given is None else 100 * given / total,
                "verdict": verdict,
            }
        )
    notes = [
        "Percentages are taken to be rounded in the usual way; one that was cut off instead, or is "
        "of fewer people than the number printed, allows other counts.",
        *rows.remarks,
    ]
    return PrintedShares(pd.DataFrame(records), tuple(notes))


def possible_counts(low: float, high: float, out_of: int) -> range:
    """Return the whole numbers whose percentage of a total is from `low` to just below `high`.

    Examples
    --------
    >>> list(possible_counts(41.5, 42.5, 215))
    [90, 91]
    """
    return range(_first_from(low, out_of), min(_first_from(high, out_of), out_of + 1))


def _first_from(percent: float, out_of: int) -> int:
    """Return the smallest count of 0 or more that is at least this percentage of a total."""
    count = max(0, int(percent / 100 * out_of) - 1)
    while 100 * count / out_of < percent - SLACK:
        count += 1
    return count


def _in_words(counts: range) -> str:
    if not len(counts):
        return "none"
    if len(counts) > 2:
        return f"{counts[0]:,} to {counts[-1]:,}"
    return " or ".join(f"{one:,}" for one in counts)
