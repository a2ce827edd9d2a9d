"""Routes from one group: means, reliability, and correlations from tests and regressions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthesis.effects.formulas import conversions, correlations, single
from synthesis.effects.routes.route import Arrays, Cells, Condition, Formula, Options, Route, plain

MEAN = ("mean", "sd", "n")
SPREAD = ("sd", "n")
ALPHA = ("alpha", "items", "n")
PARTIAL = ("t", "n", "predictors")
SEMIPARTIAL = (*PARTIAL, "r_squared")

ABOVE_ZERO = Condition(
    ("mean",), "mean must be > 0 for its logarithm", lambda cells: cells["mean"] > 0
)
OVER_TWO = Condition(
    ("n",), "n must be > 2 for the variance of alpha", lambda cells: cells["n"] > 2
)
ENOUGH = Condition(
    ("n", "predictors"),
    "n must be > predictors + 1",
    lambda cells: cells["n"] > cells["predictors"] + 1,
)

SINGLE_MEAN = Route(
    "single_mean",
    MEAN,
    {
        "mean": plain(single.mean, MEAN, "yi = mean; vi = sd²/n"),
        "standardised_mean": plain(
            single.standardised_mean, MEAN, "g = J·mean/sd; vi = 1/n + g²/(2n)"
        ),
        "log_mean": plain(single.log_mean, MEAN, "yi = ln mean; vi = sd²/(n·mean²)", ABOVE_ZERO),
        "log_cv": plain(
            single.log_cv,
            MEAN,
            "yi = ln(sd/mean) + 1/(2(n−1)); vi = 1/(2(n−1)) + sd²/(n·mean²) (Nakagawa et al. 2015)",
            ABOVE_ZERO,
        ),
    },
)

SINGLE_SD = Route(
    "single_sd",
    SPREAD,
    {"log_sd": plain(single.log_sd, SPREAD, "yi = ln sd + 1/(2(n−1)); vi = 1/(2(n−1))")},
)

RELIABILITY = Route(
    "reliability",
    ALPHA,
    {
        "alpha": plain(
            single.alpha,
            ALPHA,
            "yi = alpha; vi = 2m(1 − alpha)²/((m−1)(n−2)), m items (van Zyl et al. 2000)",
            OVER_TWO,
        ),
        "alpha_bt": plain(
            single.alpha_bt,
            ALPHA,
            "yi = −ln(1 − alpha); vi = 2m/((m−1)(n−2)), m items (Bonett 2002)",
            OVER_TWO,
        ),
        "alpha_hw": plain(
            single.alpha_hw,
            ALPHA,
            "yi = 1 − ∛(1 − alpha); vi = 18m(n−1)(1 − alpha)^(2/3)/((m−1)(9n−11)²), m items "
            "(Hakstian & Whalen 1976)",
            OVER_TWO,
        ),
    },
)

PARTIAL_CORRELATION = Route(
    "regression_t",
    PARTIAL,
    {
        "partial_r": plain(
            correlations.partial,
            PARTIAL,
            "yi = t/√(t² + df), df = n − predictors − 1; vi = (1 − yi²)²/df (Aloe & Thompson 2013)",
            ENOUGH,
        ),
        "partial_z": plain(
            correlations.partial_z, PARTIAL, "yi = artanh of the partial r; vi = 1/df", ENOUGH
        ),
    },
)

SEMIPARTIAL_CORRELATION = Route(
    "regression_t",
    SEMIPARTIAL,
    {
        "semipartial_r": plain(
            correlations.semipartial,
            SEMIPARTIAL,
            "yi = t·√(1 − R²)/√(n − predictors − 1) (Aloe & Becker 2012, eq. 5, 6)",
            ENOUGH,
        )
    },
)

_FORMS: dict[str, Callable[[np.ndarray, np.ndarray], Arrays]] = {
    "r": single.correlation,
    "r_unbiased": single.unbiased_correlation,
    "fisher_z": single.fisher_z,
}
_LEAST = {"r": 3, "r_unbiased": 5, "fisher_z": 4}


def _by(name: str, needs: tuple[str, ...], to_t: Callable[[Cells], np.ndarray], text: str) -> Route:
    """Return the route from the test of a correlation to the correlation."""

    def formula(measure: str) -> Formula:
        least = _LEAST[measure]

        def compute(cells: Cells, _: Options) -> Arrays:
            r = correlations.from_t(to_t(cells), cells["n"] - 2)
            return _FORMS[measure](r, cells["n"])

        enough = Condition(("n",), f"n must be at least {least}", lambda cells: cells["n"] >= least)
        return Formula(
            compute,
            f"r = t/√(t² + n − 2){text}",
            (enough,),
            assumes="the test is that of a simple correlation, two-sided",
            footnote=f"Correlation from {name.split('_')[0]}",
        )

    return Route(f"correlation_{name}", needs, {measure: formula(measure) for measure in _FORMS})


CORRELATION_OF_T = _by("t", ("t", "n"), lambda cells: cells["t"], "")
CORRELATION_OF_F = _by(
    "f",
    ("f", "sign", "n"),
    lambda cells: conversions.t_from_f(cells["f"], cells["sign"]),
    ", t = sign·√F",
)
CORRELATION_OF_P = _by(
    "p",
    ("p", "sign", "n"),
    lambda cells: conversions.t_from_p(cells["p"], cells["n"] - 2, cells["sign"]),
    ", t from the two-sided p with n − 2 df",
)
