"""What is doubtful about the effects pooled, from their receipts: the notes of every model.

A file of its own, because meta-analyses, regressions and subgroups say the same of the same rows.
"""

from __future__ import annotations

import re

import pandas as pd

from arrowroot.text import counted, shortened
from synthesis.effects.routes.receipts import Receipt
from synthesis.labels import read_labels
from synthesis.outcomes import Outcome


def doubts(studies: pd.DataFrame, told_apart_by: str = "") -> list[str]:
    """Return what a reader of a pooled result should know about the effects in it.

    Parameters
    ----------
    studies : DataFrame
        The rows pooled, with ``study`` and, if they come from `effect_sizes`, ``receipt``.
    told_apart_by : str
        The formula, or the column of the groups, by which the model tells rows apart.

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
    notes = [] if "outcome" in re.findall(r"\w+", told_apart_by) else mixed_outcomes(studies)
    if "receipt" not in studies:
        return notes
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
    notes += [f"{doubt}: {shortened(labels)}." for doubt, labels in doubted.items()]
    if len(units) > 1:
        listed = "; ".join(
            f"{counted(len(labels), 'effect')} by {unit} ({shortened(labels)})"
            for unit, labels in units.items()
        )
        notes.append(
            f"Standardised by different SDs: {listed}. Such effects measure different things and "
            "should not be pooled together (Cochrane Handbook 10.5.2)."
        )
    notes += _mixed_points(studies)
    if len(by_correction) > 1:
        labels = by_correction[False]
        notes.append(
            "Cohen's d and Hedges' g are mixed: "
            f"{counted(len(labels), 'effect')} not corrected for small samples "
            f"({shortened(labels)}), the others corrected."
        )
    return notes


def mixed_outcomes(studies: pd.DataFrame) -> list[str]:
    """Say that effects on several outcomes are pooled as one, if they are.

    Examples
    --------
    >>> mixed_outcomes(pd.DataFrame({"study": ["A", "B"], "outcome": ["pain", "sleep"]}))[0][:60]
    'Several outcomes are pooled as one: pain (A); sleep (B). If '
    """
    if "outcome" not in studies or not (listed := _by_value(studies, "outcome")):
        return []
    return [
        f"Several outcomes are pooled as one: {listed}. If they do not measure the same thing, "
        "pool the rows of each outcome by themselves (meta_analyses with by='outcome')."
    ]


def _by_value(studies: pd.DataFrame, column: str) -> str:
    """Return the studies of each value of a column, in words; empty if it has no two values."""
    of: dict[str, tuple[str, list[str]]] = {}
    for study, value in zip(studies["study"], read_labels(studies[column]), strict=True):
        if value:
            of.setdefault(value.casefold(), (value, []))[1].append(str(study))
    if len(of) < 2:
        return ""
    return shortened((f"{name} ({shortened(labels)})" for name, labels in of.values()), "; ")


def _mixed_points(studies: pd.DataFrame) -> list[str]:
    """Say that mean differences are in points of several instruments, if they are."""
    if "instrument" not in studies or "measure" not in studies:
        return []
    if not set(read_labels(studies["measure"])) <= {"md", "mean_change"}:
        return []
    listed = _by_value(studies, "instrument")
    if not listed:
        return []
    return [
        f"Mean differences on several instruments: {listed}. Points of different scales measure "
        "different things; measure='smd' standardises them (Cochrane Handbook 10.5.1)."
    ]


def outcome_of(studies: pd.DataFrame) -> Outcome | None:
    """Return the declared outcome that all rows are of, by their receipts, or None."""
    if "receipt" not in studies:
        return None
    found = [one.outcome if isinstance(one, Receipt) else None for one in studies["receipt"]]
    # Rows of one table have the same record, so that few need to be compared field by field.
    distinct = set({id(one): one for one in found}.values())
    return distinct.pop() if len(distinct) == 1 else None
