"""What a regression test for small-study effects regresses on, and what lacks it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import shortened
from synthesis.diagnostics.studies import arm_sizes, effects, known_sizes, labels, sample_sizes
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.results import MetaAnalysis


class Predictor(NamedTuple):
    """A predictor: what it is based on, and how it is computed from that.

    Attributes
    ----------
    base : str
        ``"variance"``, ``"size"`` (of the study) or ``"arms"``.
    of : callable
        From an array of variances, sizes, or ``1 / n_t + 1 / n_c``.
    grows : bool
        Whether it grows with the study, so that its zero is no study of unlimited size.
    """

    base: str
    of: Callable[[Array], Array]
    grows: bool = False


PREDICTORS = {
    "sei": Predictor("variance", np.sqrt),
    "vi": Predictor("variance", np.array),
    "ni": Predictor("size", np.array, grows=True),
    "ninv": Predictor("size", np.reciprocal),
    "sqrtni": Predictor("size", np.sqrt, grows=True),
    "sqrtninv": Predictor("size", lambda n: 1 / np.sqrt(n)),
    "modified_se": Predictor("arms", np.sqrt),
}
"""By option name; the first six as R's metafor calls them."""


def measured(fit: MetaAnalysis, predictor: str) -> tuple[Array, list[str]]:
    """Return a predictor, shape (K,), and for each study what it lacks (empty: nothing).

    Raises
    ------
    DataError
        The table has no sizes at all, or one that is not positive.
    """
    chosen, what = PREDICTORS[predictor], f"predictor={predictor!r}"
    if chosen.base == "variance":
        return chosen.of(effects(fit)[1]), [""] * fit.k
    if chosen.base == "size":
        base, lacking = sample_sizes(fit, what, blank="keep"), "no sample size"
    else:
        base, lacking = arm_sizes(fit, what), "no n_t or no n_c"
    return chosen.of(base), [lacking if gap else "" for gap in np.isnan(base)]


def left_out(fit: MetaAnalysis, lacking: Sequence[str]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the studies that lack something, ``study reason``, and a note on them."""
    gaps = [
        {"study": name, "reason": why}
        for name, why in zip(labels(fit), lacking, strict=True)
        if why
    ]
    excluded = pd.DataFrame(gaps, columns=["study", "reason"], dtype="str")
    if not gaps:
        return excluded, ()
    listed = shortened(f"{gap['study']} ({gap['reason']})" for gap in gaps)
    return excluded, (f"Left out of this test: {listed}.",)


_REMEDIES = {
    "smd": (
        "a standardised mean difference",
        "egger_test(fit, predictor='modified_se') does not (Pustejovsky & Rodgers 2019)",
        "columns 'n_t' and 'n_c'",
    ),
    **dict.fromkeys(
        ("smcc", "smcr"),
        (
            "a standardised mean change",
            "egger_test(fit, predictor='sqrtninv') does not",
            "the size of each study: a column 'n', or 'n_t' and 'n_c'",
        ),
    ),
    "or": (
        "a log odds ratio",
        "peters_test(fit) does not (Peters et al. 2006)",
        "the size of each study: a column 'n', or 'n_t' and 'n_c'",
    ),
}
"""Measures whose variance holds the effect: their name, the remedy, and what that needs."""


def effect_in_variance(fit: MetaAnalysis) -> tuple[str, ...]:
    """Return the caution for measures whose variance is no fair predictor, if it applies.

    The remedy is named as it is called; where the table lacks what it needs, the note says so.
    """
    if fit.measure.name not in _REMEDIES:
        return ()
    name, remedy, needed = _REMEDIES[fit.measure.name]
    try:
        usable = arm_sizes(fit, "") if fit.measure.name == "smd" else known_sizes(fit)
    except DataError:
        usable = None
    can = usable is not None and not np.isnan(usable).all()
    return (
        f"The variance of {name} depends on the effect itself, so tests that rest on it find "
        f"asymmetry too often; {remedy}{'' if can else f', but needs {needed}'}.",
    )
