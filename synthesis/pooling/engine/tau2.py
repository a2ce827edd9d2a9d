"""Estimators of the between-study variance tau2, each for many analyses at once.

Reviews: Veroniki et al. 2016, Res Synth Methods 7:55-79; Langan et al. 2019, Res Synth Methods
10:83-98. Every estimate is at least zero.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from arrowroot.errors import OptionError
from arrowroot.options import one_of
from synthesis.pooling.engine.likelihood import maximise
from synthesis.pooling.engine.roots import newton_roots
from synthesis.pooling.engine.weighted import Array, Design, WeightedFit, centred, fit_at, fit_with

Estimates = tuple[Array, Array]
"""tau2 and its standard error, each of shape (D,)."""

_CLOSE_ENOUGH = 1e-7
"""The last Newton step, as a fraction of tau2."""


def _reml(y: Array, v: Array, design: Design) -> Estimates:
    """Restricted maximum likelihood; standard error from the expected information."""
    tau2 = maximise(y, v, design, restricted=True)
    information = fit_at(tau2, y, v, design).trace_product()
    return tau2, np.sqrt(2 / information)


def _ml(y: Array, v: Array, design: Design) -> Estimates:
    """Maximum likelihood; standard error from the expected information."""
    tau2 = maximise(y, v, design, restricted=False)
    return tau2, np.sqrt(2 / (fit_at(tau2, y, v, design).w ** 2).sum(axis=0))


def _moment(fit: WeightedFit, y: Array, v: Array) -> Array:
    """Return tau2 that makes ``y'Py`` equal its expectation ``tr(PV) + tau2 tr(P)``.

    DerSimonian & Kacker 2007, Contemp Clin Trials 28:105-114, for any weights.
    """
    residuals = fit_with(fit.w, y, fit.design).q
    return np.maximum((residuals - fit.trace(v)) / fit.trace(), 0.0)


def _moment_se(fit: WeightedFit, v: Array, tau2: Array, divisor: Array | float) -> Array:
    """Return the standard error of an estimate ``(y'Py - c) / divisor``.

    Under normality ``Var(y'Py) = 2 tr(P S P S)`` with ``S = V + tau2 I``.
    """
    total = v + tau2
    return np.sqrt(2 * fit.trace_product(total, total)) / divisor


def _dl(y: Array, v: Array, design: Design) -> Estimates:
    """DerSimonian & Laird 1986, Control Clin Trials 7:177-188."""
    fit = fit_at(0.0, y, v, design)
    tau2 = np.maximum((fit.q - design.df) / fit.trace(), 0.0)
    return tau2, _moment_se(fit, v, tau2, fit.trace())


def _dl2(y: Array, v: Array, design: Design) -> Estimates:
    """Two-step DerSimonian-Laird: the moment estimator with the weights of the first step."""
    fit = fit_at(_dl(y, v, design)[0], y, v, design)
    tau2 = _moment(fit, y, v)
    return tau2, _moment_se(fit, v, tau2, fit.trace())


def _he(y: Array, v: Array, design: Design) -> Estimates:
    """Hedges: the moment estimator with equal weights (Hedges & Olkin 1985, ch. 9)."""
    fit = fit_with(np.ones_like(v), y, design)
    tau2 = _moment(fit, y, v)
    return tau2, _moment_se(fit, v, tau2, float(design.df))


def _hs(y: Array, v: Array, design: Design) -> Estimates:
    """Hunter & Schmidt 1990: ``(Q - K) / sum w``."""
    fit = fit_at(0.0, y, v, design)
    total = fit.w.sum(axis=0)
    tau2 = np.maximum((fit.q - design.n_studies) / total, 0.0)
    return tau2, _moment_se(fit, v, tau2, total)


def _hs_k(y: Array, v: Array, design: Design) -> Estimates:
    """Hunter-Schmidt with the small-sample factor K / (K - P) on Q."""
    fit = fit_at(0.0, y, v, design)
    total = fit.w.sum(axis=0)
    factor = design.n_studies / design.df
    tau2 = np.maximum((factor * fit.q - design.n_studies) / total, 0.0)
    return tau2, factor * _moment_se(fit, v, tau2, total)


def _sj(y: Array, v: Array, design: Design) -> Estimates:
    """Sidik & Jonkman 2005, Appl Stat 54:367-384: scaled from the crude variance of y."""
    crude = y.var(axis=0)
    fit = fit_at(crude, y, v, design)
    tau2 = crude * fit.q / design.df
    return tau2, _moment_se(fit, v, tau2, design.df / np.where(crude > 0, crude, np.nan))


def _pm(y: Array, v: Array, design: Design) -> Estimates:
    """Paule & Mandel 1982: tau2 at which Q equals its expectation K - P."""
    tau2 = solve_q(y, v, design, np.full(y.shape[1], float(design.df)))
    return tau2, _generalised_q_se(tau2, y, v, design)


def _pm_median(y: Array, v: Array, design: Design) -> Estimates:
    """Median-unbiased Paule-Mandel: tau2 at which Q equals the median of its distribution."""
    from scipy.special import chdtri

    tau2 = solve_q(y, v, design, np.full(y.shape[1], float(chdtri(design.df, 0.5))))
    return tau2, _generalised_q_se(tau2, y, v, design)


def _generalised_q_se(tau2: Array, y: Array, v: Array, design: Design) -> Array:
    k = design.n_studies
    return np.sqrt(2 * k**2 / design.df) / fit_at(tau2, y, v, design).w.sum(axis=0)


def solve_q(y: Array, v: Array, design: Design, target: Array) -> Array:
    """Return the tau2 >= 0 at which the generalised Q falls to `target`, shape (D,).

    Q falls steadily as tau2 grows; where Q is below the target already at zero, zero is
    returned. Newton's method runs on 1/Q, which is nearly a straight line in tau2, inside a
    bracket that closes from both sides.

    Parameters
    ----------
    y, v : ndarray, shape (K, D)
        Effects and sampling variances.
    design : Design
        Shared by all analyses.
    target : ndarray, shape (D,)
        Positive values for Q to reach.
    """
    y = centred(y, v, design)
    tau2 = np.zeros(y.shape[1])
    active = np.flatnonzero(fit_at(0.0, y, v, design).q > target)
    if active.size < tau2.size:
        y, v, target = y[:, active], v[:, active], target[active]
    squares = (fit_with(np.ones_like(v), y, design).residuals ** 2).sum(axis=0)
    highest = squares / target  # Q(tau2) <= squares / tau2
    start = np.maximum(highest - v.mean(axis=0), 0.0)  # the root where variances are equal

    def step(tau2: Array, y: Array, v: Array, target: Array) -> tuple[Array, Array]:
        fit = fit_at(tau2, y, v, design)
        q = fit.q
        return q > target, tau2 + (q / target - 1) * q / (fit.scores**2).sum(axis=0)

    nowhere = np.zeros(active.size)
    bracket = nowhere, start, highest
    tau2[active] = newton_roots(step, bracket, (y, v, target), close=_CLOSE_ENOUGH, scale=nowhere)
    return tau2


ESTIMATORS: dict[str, Callable[[Array, Array, Design], Estimates]] = {
    "reml": _reml,
    "dl": _dl,
    "pm": _pm,
    "ml": _ml,
    "eb": _pm,  # Morris 1983's empirical Bayes equation has the same root as Paule-Mandel's
    "sj": _sj,
    "he": _he,
    "hs": _hs,
    "hs_k": _hs_k,
    "dl2": _dl2,
    "pm_median": _pm_median,
}
"""Every estimator by option name: ``(y, v, design) -> (tau2, standard error)``."""

NAMES = {
    "reml": "restricted maximum likelihood",
    "dl": "DerSimonian-Laird",
    "pm": "Paule-Mandel",
    "ml": "maximum likelihood",
    "eb": "empirical Bayes",
    "sj": "Sidik-Jonkman",
    "he": "Hedges",
    "hs": "Hunter-Schmidt",
    "hs_k": "Hunter-Schmidt, small-sample",
    "dl2": "two-step DerSimonian-Laird",
    "pm_median": "median-unbiased Paule-Mandel",
    "given": "tau² given",
}
"""Each estimator's name in prose."""


def check_tau2(value: str | float) -> str | float:
    """Return the name of an estimator or a known tau2 (>= 0); otherwise raise OptionError."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if 0 <= value < float("inf"):
            return float(value)
        raise OptionError(f"tau2 given as a number must be >= 0 and finite; got {value}.")
    return one_of("tau2", value, list(ESTIMATORS))


def estimate(method: str | float | None, y: Array, v: Array, design: Design) -> tuple[Array, Array]:
    """Return tau2 and its standard error, each of shape (D,), however it is specified.

    Parameters
    ----------
    method : str, float or None
        An estimator; a known value; None for the common-effect model, whose tau2 is 0. The
        standard error is NaN unless tau2 was estimated.
    y, v : ndarray, shape (K, D)
        Effects and sampling variances. Without residual degrees of freedom tau2 is 0.
    design : Design
        Shared by all analyses.
    """
    n = y.shape[1]
    if isinstance(method, str) and design.df > 0:
        return ESTIMATORS[method](y, v, design)
    known = method if isinstance(method, float) else 0.0
    return np.full(n, known), np.full(n, np.nan)
