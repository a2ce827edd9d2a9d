"""A printed return on investment, worked backwards: which costs and conventions it allows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from synthesis.evaluation.reading import each
from synthesis.evaluation.value.sums import pounds
from synthesis.reproduce.printed import Printed, parse

RATIO = re.compile(r"1\s*:\s*(?P<one>\S+)|(?P<other>\S+)\s*:\s*1")
THOUSANDS = re.compile(r"(?P<number>[\d.]+)\s*(?P<unit>k|m|million|bn|billion|thousand)", re.I)
POWERS = {"k": 3, "t": 3, "m": 6, "b": 9}
READINGS = (
    ("benefits are gross, the ratio is benefits over costs", "benefits / costs"),
    ("benefits are gross, the ratio is net benefits over costs", "(benefits - costs) / costs"),
    ("benefits are net of costs, the ratio is gross benefits over costs", "(net + costs) / costs"),
    ("benefits are net of costs, the ratio is net benefits over costs", "net / costs"),
)


@dataclass(frozen=True, eq=False, repr=False)
class ReturnCheck(display.Shown):
    """What `check_return` found.

    Attributes
    ----------
    table : DataFrame
        One row per reading: ``reading``, ``ratio`` (its formula), ``cost_low`` and ``cost_high``
        (the costs that the printed digits allow), ``npsv_low``, ``npsv_high``, ``verdict``
        (``"possible"``, or against printed costs ``"as printed"`` or ``"differs"``).
    parts : DataFrame
        One row per printed part of the benefits: ``part``, ``printed``, ``share`` in percent, and
        ``ratio_without``, the first reading's ratio if this part did not count.
    notes : tuple of str
        What cannot be told from the numbers.
    """

    table: pd.DataFrame
    parts: pd.DataFrame
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the readings."""
        return self.table

    def _title(self) -> str:
        return "A printed return, worked backwards"

    def _headings(self) -> Sequence[str]:
        return ("Reading", "Costs that the digits allow", "Net value", "Verdict")

    def _rows(self) -> Sequence[Sequence[str]]:
        return [
            (
                str(row.reading),
                f"{pounds(row.cost_low)} to {pounds(row.cost_high)}",
                f"{pounds(row.npsv_low)} to {pounds(row.npsv_high)}",
                str(row.verdict),
            )
            for row in each(self.table)
        ]

    def _line(self) -> str:
        said = [f"{reading}: costs {cost}" for reading, cost, *_ in self._rows()]
        return f"{self._title()}: {'; '.join(said)}"

    def _notes(self) -> Sequence[str]:
        return self.notes


def check_return(
    *,
    benefits: str,
    ratio: str,
    costs: str | None = None,
    parts: Mapping[str, str] | None = None,
) -> ReturnCheck:
    """Say which costs a printed benefit and a printed return imply, by what "return" may mean.

    Parameters
    ----------
    benefits : str
        As printed, such as ``"978,916"``; its digits count.
    ratio : str
        As printed, such as ``"1:2.81"``, ``"2.81:1"`` or ``"2.81"``.
    costs : str, optional
        As printed, if they are.
    parts : mapping of str to str, optional
        Parts of the benefits that are printed too.

    Returns
    -------
    ReturnCheck

    Raises
    ------
    DataError
        If a number cannot be read, or is not above 0.

    Examples
    --------
    >>> found = check_return(benefits="978,916", ratio="1:2.81")
    >>> found.table.loc[0, ["cost_low", "cost_high"]].astype(float).round(0).tolist()
    [347750.0, 348990.0]
    """
    gain = _money(benefits, "benefits")
    found = RATIO.fullmatch(ratio.strip().lstrip("£")) if isinstance(ratio, str) else None
    text = (found["one"] or found["other"]).lstrip("£") if found else ratio
    try:
        back = parse(text, "ratio")
    except DataError as error:
        raise DataError(
            f"ratio must be text, as printed, such as '1:2.81', '2.81:1' or '2.81'; got {ratio!r}."
        ) from error
    if back.value <= 0 or back.relation != "=":
        raise DataError(f"ratio must be above 0, such as '1:2.81'; got {ratio!r}.")
    paid = None if costs is None else _money(costs, "costs")
    rows, impossible = [], []
    for number, (reading, formula) in enumerate(READINGS):
        # Costs per pound of the benefits printed; the ends of both printed intervals enclose it.
        lost = (0.0, 1.0, -1.0, 0.0)[number]
        low, high = back.low + lost, back.high + lost
        if low <= 0:
            impossible.append(reading)
            continue
        least, most = gain.low / high, gain.high / low
        net = number > 1
        npsv = (gain.low, gain.high) if net else (gain.low - most, gain.high - least)
        verdict = "possible"
        if paid is not None:
            overlap = paid.low <= most and paid.high >= least
            verdict = "as printed" if overlap else "differs"
        rows.append(
            {
                "reading": reading,
                "ratio": formula,
                "cost_low": least,
                "cost_high": most,
                "npsv_low": npsv[0],
                "npsv_high": npsv[1],
                "verdict": verdict,
            }
        )
    shares = _parts(parts or {}, gain, back)
    notes = []
    if paid is None:
        notes.append("The costs are not printed, so no reading can be ruled out.")
    if impossible:
        notes.append(f"Not possible with this ratio: {'; '.join(impossible)}.")
    if len(shares):
        whole = float(shares["share"].sum())
        notes.append(
            f"The parts named are {whole:.1f}% of the benefits if all of them are among them; "
            + (
                f"{max(0.0, 100 - whole):.1f}% is not explained."
                if whole < 100.05
                else "that is more than all, so some overlap, or are not among them."
            )
        )
    notes.append(
        "Not to be told from the numbers: years, discounting, price base, deadweight, attribution, "
        "optimism bias, who pays and who gains, and how certain the arrows are."
    )
    columns = ["reading", "ratio", "cost_low", "cost_high", "npsv_low", "npsv_high", "verdict"]
    return ReturnCheck(pd.DataFrame(rows, columns=columns), shares, tuple(notes))


def _money(text: str, name: str) -> Printed:
    bare = text
    if isinstance(text, str):
        bare = text.strip().lstrip("£").strip()
        if found := THOUSANDS.fullmatch(bare):  # £1.2m is anything from 1.15 to 1.25 million
            bare = f"{found['number']}e{POWERS[found['unit'][0].lower()]}"
    try:
        read = parse(bare, name, thousands=True)
    except DataError as error:
        raise DataError(
            f"{name} must be an amount as printed, in quotes, such as '978,916' or '£1.2m'; got "
            f"{text!r}."
        ) from error
    if read.relation != "=" or read.value <= 0:
        raise DataError(f"{name} must be an amount above 0, such as '978,916'; got {text!r}.")
    return read


def _parts(parts: Mapping[str, str], gain: Printed, back: Printed) -> pd.DataFrame:
    rows = []
    for name, text in parts.items():
        part = _money(text, f"parts, {name}")
        share = part.value / gain.value
        rows.append(
            {
                "part": name,
                "printed": part.value,
                "share": 100 * share,
                "ratio_without": back.value * (1 - share) if share <= 1 else np.nan,
            }
        )
    return pd.DataFrame(rows, columns=["part", "printed", "share", "ratio_without"])
