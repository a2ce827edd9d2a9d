"""What a pool of two-by-two tables must say of each study: the counts are used as they are.

Mantel-Haenszel and Peto do not start from effects, so that what `effect_sizes` did to these, and
wrote into their receipts, does not hold: no sign is reversed and no variance increased.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from arrowroot.text import shortened
from synthesis.checks import as_numbers
from synthesis.effects.routes.clusters import IGNORED
from synthesis.effects.routes.receipts import Receipt
from synthesis.labels import read_labels

_COLUMNS = ("events_t", "n_t", "events_c", "n_c")


def as_counted(studies: pd.DataFrame, measure: str, model: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the studies with receipts of their own, and notes on what is ignored.

    Parameters
    ----------
    studies : DataFrame
        The rows pooled, with ``study`` and counts.
    measure, model : str
        What is pooled, and how.

    Returns
    -------
    DataFrame
        The rows; ``receipt`` is there where a reader needs to know something.
    list of str
        Sentences on clusters and directions.

    Examples
    --------
    >>> table = pd.DataFrame({"study": ["A"], "events_t": 1, "n_t": 9, "events_c": 2, "n_c": 9,
    ...                       "cluster_size": 3.0})
    >>> rows, notes = as_counted(table, "or", "peto")
    >>> rows.loc[0, "receipt"].footnotes, notes[0][:32]
    (('Clusters ignored: standard error too small',), 'Clusters ignored, as the counts ')
    """
    clusters = _randomised(studies)
    lower = np.array([word.lower() == "lower" for word in _words(studies, "direction")])
    arms, shares = _words(studies, "arms_combined"), _numbers(studies, "control_shares")
    notes = []
    if clusters.any():
        notes.append(
            "Clusters ignored, as the counts are used as they are; standard errors are too small: "
            f"{shortened(studies['study'][clusters])}. meta_analysis(effect_sizes(table, "
            f"{measure!r}), model='common') increases their variance."
        )
    if lower.any():
        notes.append(
            "direction is not used here: the effect is that of the events as they were counted, "
            "and no sign is reversed."
        )
    studies = studies.drop(columns="flipped", errors="ignore")
    if "receipt" not in studies and not (clusters.any() or any(arms) or (shares > 1).any()):
        return studies, notes
    before = studies.get("receipt", pd.Series([None] * len(studies))).tolist()
    written = [
        Receipt(
            study=str(study),
            measure=measure,
            route="counts",
            formula=f"counts as they are ({model})",
            inputs=", ".join(f"{name} = {row[name]:g}" for name in _COLUMNS),
            footnotes=tuple(
                text
                for text, holds in (
                    (f"Arms combined: {combined}", bool(combined)),
                    (f"Control group divided among {among:g} rows", among > 1),
                    (IGNORED, bool(ignored)),
                )
                if holds
            ),
            outcome=old.outcome if isinstance(old, Receipt) else None,
        )
        for study, (_, row), old, combined, among, ignored in zip(
            studies["study"], studies.iterrows(), before, arms, shares, clusters, strict=True
        )
    ]
    return studies.assign(receipt=pd.Series(written, index=studies.index, dtype=object)), notes


def _randomised(studies: pd.DataFrame) -> np.ndarray:
    """Return which rows say that clusters were randomised."""
    said = (_numbers(studies, "cluster_size") > 1) | (_numbers(studies, "icc") > 0)
    adjusted = [word.lower() == "yes" for word in _words(studies, "cluster_adjusted")]
    return np.asarray(said | np.array(adjusted, dtype=bool))


def _numbers(studies: pd.DataFrame, name: str) -> np.ndarray:
    return as_numbers(studies[name]) if name in studies else np.full(len(studies), np.nan)


def _words(studies: pd.DataFrame, name: str) -> list[str]:
    return read_labels(studies[name]) if name in studies else [""] * len(studies)
