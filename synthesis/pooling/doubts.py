"""What is doubtful about the effects pooled, from their receipts: the notes of every model.

A file of its own, because meta-analyses, regressions and subgroups say the same of the same rows.
"""

from __future__ import annotations

import pandas as pd

from arrowroot.text import counted, shortened
from synthesis.effects.routes.receipts import Receipt
from synthesis.outcomes import Outcome


def doubts(studies: pd.DataFrame) -> list[str]:
    """Return what a reader of a pooled result should know about the effects in it.

    Parameters
    ----------
    studies : DataFrame
        The rows pooled, with ``study`` and, if they come from `effect_sizes`, ``receipt``.

    Returns
    -------
    list of str
        Sentences that name the studies; empty where nothing is doubtful.

    Examples
    --------
    >>> from synthesis.effects.effect_sizes import effect_sizes
    >>> arms = {"mean_change_t": 2.0, "sd_change_t": 2.5, "mean_change_c": 0.5, "sd_change_c": 2.5}
    >>> finals = {"mean_t": 9.0, "sd_t": 5.0, "mean_c": 8.0, "sd_c": 5.0}
    >>> sheet = pd.DataFrame([{"study": "A", "n_t": 40, "n_c": 40, **finals},
    ...                       {"study": "B", "n_t": 40, "n_c": 40, **arms}])
    >>> doubts(effect_sizes(sheet))
    ['Standardised by different SDs: 1 effect by SDs of single measurements (A); 1 effect by ...']
    """
    if "receipt" not in studies:
        return []
    units: dict[str, list[str]] = {}
    by_correction: dict[bool, list[str]] = {}
    doubted: dict[str, list[str]] = {}
    for study, receipt in zip(studies["study"], studies["receipt"], strict=True):
        if not isinstance(receipt, Receipt):
            continue
        if receipt.unit:
            units.setdefault(receipt.unit, []).append(str(study))
        if receipt.corrected is not None:
            by_correction.setdefault(receipt.corrected, []).append(str(study))
        for doubt in receipt.doubts:
            doubted.setdefault(doubt, []).append(str(study))
    notes = [f"{doubt}: {shortened(labels)}." for doubt, labels in doubted.items()]
    if len(units) > 1:
        listed = "; ".join(
            f"{counted(len(labels), 'effect')} by {unit} ({shortened(labels)})"
            for unit, labels in units.items()
        )
        notes.append(
            f"Standardised by different SDs: {listed}. Such effects measure different things and "
            "should not be pooled together (Cochrane Handbook 10.5.2)."
        )
    if len(by_correction) > 1:
        labels = by_correction[False]
        notes.append(
            "Cohen's d and Hedges' g are mixed: "
            f"{counted(len(labels), 'effect')} not corrected for small samples "
            f"({shortened(labels)}), the others corrected."
        )
    return notes


def outcome_of(studies: pd.DataFrame) -> Outcome | None:
    """Return the declared outcome that all rows are of, by their receipts, or None."""
    if "receipt" not in studies:
        return None
    found = [one.outcome if isinstance(one, Receipt) else None for one in studies["receipt"]]
    # Rows of one table have the same record, so that few need to be compared field by field.
    distinct = set({id(one): one for one in found}.values())
    return distinct.pop() if len(distinct) == 1 else None
