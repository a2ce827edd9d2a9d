"""The ledger: every printed number of the data sets compared with the recomputed one."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from arrowroot.display import Shown
from arrowroot.options import one_of
from arrowroot.text import counted
from synthesis import datasets
from synthesis.reproduce.printed import parse
from synthesis.reproduce.recipes import RECIPES

REPRODUCED = "reproduced"
DIFFERS = "differs"
NOT_COMPUTED = "not recomputed"
VERDICTS = (REPRODUCED, DIFFERS, NOT_COMPUTED)

_COLUMNS = (
    *("dataset", "analysis", "quantity", "printed", "ours", "value", "difference"),
    *("verdict", "convention", "source", "where"),
)
_ROUNDING_ERRORS = 1e-10
"""Tolerance for rounding errors, far below any printed digit."""


@dataclass(frozen=True, repr=False, eq=False)
class Ledger(Shown):
    """Printed numbers beside ours.

    Attributes
    ----------
    entries : DataFrame
        One row per printed number: ``dataset analysis quantity printed ours value difference
        verdict convention source where``. `ours` has the digits of `printed`; `value` is unrounded;
        `difference` is `value` minus what is printed; `verdict` is ``"reproduced"`` only if
        `value` would be printed as `printed`, otherwise ``"differs"`` or ``"not recomputed"``.
    """

    entries: pd.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """How many printed numbers have each verdict."""
        return {verdict: int((self.entries["verdict"] == verdict).sum()) for verdict in VERDICTS}

    def to_frame(self) -> pd.DataFrame:
        """Return the entries."""
        return self.entries.copy()

    def sentence(self) -> str:
        """Return the tally as a sentence."""
        total, tally = len(self.entries), self.counts
        return (
            f"{tally[REPRODUCED]} of {counted(total, 'printed number')} reproduced to the last "
            f"digit, {tally[DIFFERS]} differ, {tally[NOT_COMPUTED]} not recomputed."
        )

    def _title(self) -> str:
        return f"Ledger: {self.sentence()}"

    def _facts(self) -> list[tuple[str, str]]:
        facts = []
        for (dataset, analysis), rows in self.entries.groupby(["dataset", "analysis"], sort=False):
            numbers = ", ".join(
                f"{row.quantity} {row.printed}"
                + ("" if row.verdict == REPRODUCED else f" ({row.verdict}: {row.ours})")
                for row in rows.itertuples()
            )
            facts.append((f"{dataset}: {analysis}", f"{numbers} · {rows['convention'].iloc[0]}"))
        return facts


def ledger(*names: str) -> Ledger:
    """Recompute every printed number that the data sets list.

    Parameters
    ----------
    *names : str
        Data sets; all of them if none is named.

    Returns
    -------
    Ledger

    Raises
    ------
    OptionError
        If there is no such data set.

    Examples
    --------
    >>> ledger("baskerville2012").sentence()
    '4 of 4 printed numbers reproduced to the last digit, 0 differ, 0 not recomputed.'
    """
    known = datasets.names()
    chosen = [one_of("name", name, known) for name in names] or known
    rows = [entry for name in chosen for entry in _entries(name)]
    return Ledger(pd.DataFrame(rows, columns=list(_COLUMNS)))


def _entries(dataset: str) -> list[dict[str, object]]:
    entries = []
    targets = datasets.about(dataset).targets()
    for analysis, rows in targets.groupby("analysis", sort=False):
        recipe = RECIPES.get((dataset, str(analysis)))
        values = {} if recipe is None else recipe.values(dataset)
        for target in rows.to_dict("records"):
            entries.append(
                {
                    "dataset": dataset,
                    "convention": "" if recipe is None else recipe.convention,
                    **{name: target[name] for name in ("analysis", "quantity", "printed")},
                    **{name: target[name] for name in ("source", "where")},
                    **_judged(str(target["printed"]), values.get(str(target["quantity"]))),
                }
            )
    return entries


def _judged(text: str, value: float | None) -> dict[str, object]:
    if value is None:
        nothing = float("nan")
        return {"ours": "–", "value": nothing, "difference": nothing, "verdict": NOT_COMPUTED}
    printed = parse(text)
    same = bool(printed.holds(value, _ROUNDING_ERRORS))
    return {
        "ours": printed.like(value),
        "value": value,
        "difference": value - printed.value,
        "verdict": REPRODUCED if same else DIFFERS,
    }
