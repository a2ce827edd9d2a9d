"""Permutation tests of a meta-regression."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd

from arrowroot.display import Shown, number, p_value
from arrowroot.errors import OptionError
from arrowroot.lab.progress import Progress
from arrowroot.options import seed_of
from synthesis.pooling.engine.batch import Choices
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.formula.design import INTERCEPT
from synthesis.pooling.formula.in_r import formula_in_r
from synthesis.r_code import regression
from synthesis.r_code.script import InR, Section

_AS_LARGE = 1e-9
"""A shuffled statistic this much below the observed one, relatively, still counts as equal:
the same order of studies summed differently must not count as smaller."""
_SHUFFLES_AT_MOST = 1_000_000
_CELLS_AT_ONCE = 1 << 17


@dataclass(frozen=True, eq=False, repr=False)
class Permutation(InR, Shown):
    """The result of shuffling the moderators among the studies.

    Attributes
    ----------
    p_values : Series
        Two-sided, by term. The intercept has none: shuffling leaves its column as it is.
    q_m_p_value : float
        Of all moderators together.
    n : int
        Number of orders compared, including the observed one.
    exact : bool
        Whether these were all possible orders.
    regression : MetaRegression
        What was tested.
    """

    p_values: pd.Series
    q_m_p_value: float
    n: int
    exact: bool
    regression: Any = field(default=None, repr=False)

    def r_section(self) -> Section:  # noqa: D102 - see InR
        fit = self.regression
        words = formula_in_r(fit.studies, fit.formula, fit.design)
        return regression.permutation(self, fit, words, self._title())

    def _title(self) -> str:
        how = "every order of the studies" if self.exact else f"{self.n - 1:,} shuffles"
        return f"Permutation test, {how}"

    def _facts(self) -> list[tuple[str, str]]:
        facts = [(str(term), f"p {p_value(p)}") for term, p in self.p_values.items()]
        return [*facts, ("All moderators", f"p {p_value(self.q_m_p_value)}")]

    def _notes(self) -> tuple[str, ...]:
        if self.exact:
            return ()
        spread = math.sqrt(self.q_m_p_value * (1 - self.q_m_p_value) / self.n)
        return (
            f"Shuffles are random: the p-value of all moderators is uncertain by about "
            f"{number(1.96 * spread, 3)} either way; more shuffles narrow this.",
        )


def permutation_test(
    studies: pd.DataFrame,
    design: pd.DataFrame,
    choices: Choices,
    n: int,
    *,
    formula: str,
    seed: int | None = None,
) -> Permutation:
    """Compare a meta-regression with its results when moderators are shuffled.

    Parameters
    ----------
    studies : DataFrame
        One row per study, with ``yi`` and ``vi``.
    design : DataFrame
        The same rows, one column per term; at least one is a moderator.
    choices : Choices
        How the regression was fitted.
    n : int
        Number of shuffles, at least 1.
    formula : str
        As the user wrote it, for the message.
    seed : int, optional
        Makes the shuffles repeatable.

    Returns
    -------
    Permutation
        p-values ``(1 + as extreme) / (1 + n)``, so that none is zero (Phipson & Smyth 2010,
        Stat Appl Genet Mol Biol 9:39).

    Raises
    ------
    OptionError
        If n is not positive or above a million, or the model has no moderator.
    """
    from synthesis.pooling.engine.estimator import Pooling

    if n < 1:
        raise OptionError(f"n must be at least 1; got {n}.")
    if n > _SHUFFLES_AT_MOST:
        raise OptionError(
            f"n must be at most {_SHUFFLES_AT_MOST:,}, for which there is memory; got {n:,}."
        )
    tested = [place for place, term in enumerate(design.columns) if term != INTERCEPT]
    if not tested:
        raise OptionError(f"formula: {formula!r} has no moderator to shuffle.")
    k = len(design)
    y, v, x = studies["yi"].to_numpy(), studies["vi"].to_numpy(), design.to_numpy()
    pooling = Pooling(choices.estimator, str(choices.ci))

    def statistics(orders: Array) -> tuple[Array, Array]:
        # Moving effects and variances against a fixed design is the same as moving the moderators.
        return _statistics(pooling.fit(y[orders], v[orders], x), tested)

    orders, exact = _orders(k, n, seed)
    observed, all_observed = statistics(np.arange(k)[:, None])
    as_extreme, all_as_extreme = np.zeros(len(tested)), 0
    step = max(1, _CELLS_AT_ONCE // k)
    with Progress(orders.shape[1], "Permutation test", "orders") as bar:
        for start in range(0, orders.shape[1], step):
            single, together = statistics(orders[:, start : start + step])
            as_extreme += (single >= observed * (1 - _AS_LARGE)).sum(axis=1)
            all_as_extreme += int((together >= all_observed * (1 - _AS_LARGE)).sum())
            bar.update(step)
    # All orders already include the observed one; to random ones it is added.
    extra = 0 if exact else 1
    total = orders.shape[1] + extra
    terms = pd.Index(design.columns[tested], name="term")
    return Permutation(
        p_values=pd.Series((as_extreme + extra) / total, index=terms, name="p_value"),
        q_m_p_value=(all_as_extreme + extra) / total,
        n=total,
        exact=exact,
    )


def _orders(k: int, n: int, seed: int | None) -> tuple[Array, bool]:
    """Return orders of k studies as columns: all of them if few, otherwise n at random."""
    if k <= 8 and math.factorial(k) <= n + 1:
        return np.array(list(permutations(range(k)))).T, True
    rng = np.random.default_rng(seed_of(seed))
    return rng.permuted(np.tile(np.arange(k)[:, None], (1, n)), axis=0), False


def _statistics(params: Any, tested: list[int]) -> tuple[Array, Array]:
    """Return |statistic| by term and the joint statistic, for each order of the studies."""
    beta = params.params_["fe_params"][tested]
    covariance = params.params_["inv_cov"][np.ix_(tested, tested)].transpose(2, 0, 1)
    single = np.abs(beta) / np.sqrt(np.diagonal(covariance, axis1=1, axis2=2).T)
    # The joint test is the same in the orthonormal basis, where nothing is collinear.
    beta = params.params_["basis_params"][tested]
    covariance = params.params_["basis_cov"][np.ix_(tested, tested)].transpose(2, 0, 1)
    solved = np.linalg.solve(covariance, beta.T[:, :, None])[:, :, 0]
    return single, (beta.T * solved).sum(axis=1)
