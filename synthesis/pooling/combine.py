"""Combining p-values, for studies whose effects cannot be pooled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot.display import Shown, number, p_value
from arrowroot.errors import DataError
from arrowroot.options import one_of
from arrowroot.running.process import unheard
from synthesis import checks
from synthesis.labels import complete_labels
from synthesis.pooling.studies import number_studies
from synthesis.pooling.units import in_words
from synthesis.r_code.script import NotInR

METHODS = {"stouffer": "Stouffer's sum of z", "fisher": "Fisher's sum of logarithms"}
_WHAT_IT_SAYS = (
    "A combined p-value answers whether there is an effect in the stated direction in at least one "
    "study. It says nothing about its size, and a few large studies can dominate it."
)


@dataclass(frozen=True, eq=False, repr=False)
class CombinedP(NotInR, Shown):
    """Several p-values combined into one.

    Attributes
    ----------
    z, p_value : float, float
        One-sided, in the direction the p-values were stated for.
    method : str
        ``"stouffer"`` or ``"fisher"``.
    k, n_studies : int
        Number of p-values, and of studies they come from.
    dependence : {"none", "labels", "allowed", "ignored"}
        As in `MetaAnalysis`.
    notes : tuple of str
        What a reader should know about the rows combined, in sentences.
    """

    r_words = ("combined p-values", "The R package poolr has stouffer() and fisher()")

    z: float
    p_value: float
    method: str
    k: int
    n_studies: int
    dependence: str = "none"
    notes: tuple[str, ...] = ()

    def _title(self) -> str:
        size = in_words(self.k, self.n_studies, self.dependence)
        return f"Combined p-value ({METHODS[self.method]}), {size}"

    def _facts(self) -> list[tuple[str, str]]:
        return [("z", number(self.z)), ("one-sided p", p_value(self.p_value))]

    def _notes(self) -> tuple[str, ...]:
        return (_WHAT_IT_SAYS, *self.notes)


def combine_p_values(
    table: pd.DataFrame,
    *,
    p: str = "p",
    study: str = "study",
    method: str = "stouffer",
    weights: str | None = None,
    dependent: str = "refuse",
) -> CombinedP:
    """Combine one-sided p-values of independent studies.

    Parameters
    ----------
    table : DataFrame
        One row per study.
    p : str
        Column of one-sided p-values, all for the same direction, strictly between 0 and 1. A
        two-sided p becomes ``p / 2`` if the effect points that way, otherwise ``1 - p / 2``.
    study : str
        Column of the study labels.
    method : {"stouffer", "fisher"}
        Sum of z-values, or of the logarithms of p.
    weights : str, optional
        Column of positive weights for Stouffer's method, such as the square root of n.
    dependent : {"refuse", "ignore"}
        As in `meta_analysis`: both methods take the p-values as independent.

    Returns
    -------
    CombinedP

    Raises
    ------
    DataError
        A p-value outside (0, 1), a weight that is not positive, a missing column, or rows of
        one study that depend on each other.
    OptionError
        An unknown method, or weights with Fisher's.

    References
    ----------
    Cochrane Handbook, chapter 12.2.1; PyMARE's estimators do the sums.

    Examples
    --------
    >>> table = pd.DataFrame({"study": ["A", "B"], "p": [0.05, 0.05]})
    >>> round(combine_p_values(table).p_value, 4)
    0.01
    """
    one_of("method", method, list(METHODS))
    if weights is not None:
        one_of("method (with weights)", method, ["stouffer"])
    labels = complete_labels(checks.column(table, study, "study"), "study")
    values = checks.numeric(checks.column(table, p, "p"), labels)
    if not labels:
        raise DataError("no study left to combine: the table has no rows.")
    bad = ~((values > 0) & (values < 1))
    checks.refuse(f"{p} must lie strictly between 0 and 1", values, bad, labels)
    scale = np.ones(len(values))
    if weights is not None:
        scale = checks.numeric(checks.column(table, weights, "weights"), labels)
        checks.refuse(f"{weights} must be > 0", scale, ~(scale > 0), labels)
    units = number_studies(table, labels, study=study, dependent=dependent)[1]
    z = _combined_z(values, scale, method)
    from scipy.special import ndtr

    return CombinedP(
        z=z,
        p_value=float(ndtr(-z)),
        method=method,
        k=len(values),
        n_studies=units.n_studies,
        dependence=units.dependence,
        notes=tuple(units.notes()),
    )


def _combined_z(p: np.ndarray, weights: np.ndarray, method: str) -> float:
    from scipy.special import ndtri

    with unheard(category=ResourceWarning):  # PyMARE leaves a file of its own open while imported
        from pymare.estimators import FisherCombinationTest, StoufferCombinationTest

    estimator = StoufferCombinationTest() if method == "stouffer" else FisherCombinationTest()
    z = -ndtri(p)[:, None]
    if method == "stouffer":
        estimator.fit(z, w=weights[:, None])
    else:
        estimator.fit(z)
    return float(np.ravel(estimator.params_["z"])[0])
