"""The one engine: every model is fitted by a PyMARE estimator on ``(K, D)`` arrays.

PyMARE supplies the estimator protocol, weighted least squares and the Knapp-Hartung
covariance; the estimators of tau2 are ours (`tau2`), exact to the optimum. Importing PyMARE
takes over a second, so this module is imported when the first model is fitted.
"""

from __future__ import annotations

from typing import Any

from arrowroot.running.process import import_without, unheard
from synthesis.pooling.engine.tau2 import estimate
from synthesis.pooling.engine.weighted import Array, design_of

with unheard(category=ResourceWarning):  # PyMARE leaves a file of its own open while imported
    # Its converter of effect sizes brings SymPy, which takes longer than everything else of it.
    # What it takes from SciPy's slowest parts we do not ask it for.
    import_without("pymare.effectsize", "scipy.stats", "scipy.optimize:brentq")
    from pymare.estimators.estimators import BaseEstimator
    from pymare.stats import knapp_hartung_cov_and_dof, weighted_least_squares

_CORRECTIONS = {"hksj": False, "hksj_modified": True}
"""Intervals that rescale the covariance, and whether the scale may fall below one."""


class Pooling(BaseEstimator):  # type: ignore[misc]  # PyMARE has no annotations
    """A common- or random-effects (meta-regression) model as a PyMARE estimator.

    It therefore works wherever PyMARE takes an estimator: with its ``Dataset``, its permutation
    test and its results.

    Parameters
    ----------
    tau2 : str, float or None
        An option of `synthesis.pooling.engine.tau2.ESTIMATORS`, a known value, or None for the
        common-effect model.
    ci : str
        ``"hksj"`` and ``"hksj_modified"`` rescale the covariance (Hartung & Knapp 2001, Stat
        Med 20:3875-3889; Sidik & Jonkman 2002; Knapp & Hartung 2003); every other value leaves
        the model's own.

    Attributes
    ----------
    params_ : dict
        ``fe_params`` (P, D), ``tau2`` (D,), ``tau2_se`` (D,), ``inv_cov`` (P, P, D), the
        covariance of the coefficients, ``model_cov``, the same before any rescaling, and
        ``dof`` (P, D) or None for a normal reference; ``basis_params`` and ``basis_cov``, the
        coefficients and their covariance in the orthonormal basis of the design.
    """

    def __init__(self, tau2: str | float | None = "reml", ci: str = "hksj") -> None:
        self.tau2 = tau2
        self.ci = ci

    def fit(self, y: Array, v: Array, X: Array, g: None = None) -> Pooling:  # noqa: ARG002
        """Fit the model.

        Parameters
        ----------
        y, v : ndarray, shape (K, D)
            Effects and sampling variances; ``K > P`` for a random-effects model.
        X : ndarray, shape (K, P)
            Design of full column rank.
        g : None
            Part of PyMARE's protocol; dependent effects have models of their own.
        """
        self.dataset_ = None
        design = design_of(X)
        tau2, tau2_se = estimate(self.tau2, y, v, design)
        beta, own = weighted_least_squares(y, v, design.basis, tau2=tau2, return_cov=True)
        scaled, dof = own, None
        if self.ci in _CORRECTIONS and design.df > 0:
            scaled, dof = knapp_hartung_cov_and_dof(
                y, v, design.basis, beta, own, tau2=tau2, conservative=_CORRECTIONS[self.ci]
            )
        _, model_cov = design.in_terms(beta, own)
        in_basis = beta
        beta, cov = design.in_terms(beta, scaled)
        self.params_: dict[str, Any] = {
            "fe_params": beta,
            "tau2": tau2,
            "tau2_se": tau2_se,
            "inv_cov": cov,
            "model_cov": model_cov,
            "dof": dof,
            "basis_params": in_basis,
            "basis_cov": scaled,
        }
        return self
