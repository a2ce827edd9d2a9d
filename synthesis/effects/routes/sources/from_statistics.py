"""Routes from what a paper derived itself: printed effects, test statistics, regressions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthesis.effects.formulas import conversions, smd
from synthesis.effects.formulas.conversions import t_from_p
from synthesis.effects.routes.route import (
    OF_SCORES,
    Arrays,
    Cells,
    Condition,
    Formula,
    Options,
    Route,
    plain,
)
from synthesis.effects.rows.printed_effects import printed_columns
from synthesis.measures import ANYTHING, MEASURES, Measure


def _smd_by(
    name: str,
    needs: tuple[str, ...],
    to_d: Callable[..., np.ndarray],
    text: str,
    *conditions: Condition,
    footnote: str,
    assumes: str = "",
) -> Route:
    """Return the route that turns a statistic into d, and d into the SMD asked for."""

    def compute(cells: Cells, options: Options) -> Arrays:
        d = to_d(**{column: cells[column] for column in needs})
        return smd.from_d(
            d,
            cells["n_t"],
            cells["n_c"],
            variance=options.variance,
            correct=options.correct,
            mean=options.mean,
        )

    def described(options: Options) -> str:
        form = smd.VARIANCES[smd.pooled_form(options.variance)]
        factor = "g = J·d" if options.correct else "not corrected, g = d and J = 1"
        unit = "" if options.sd == "pooled" else f" (in pooled SDs, not by sd={options.sd!r})"
        return f"{text}{unit}; {factor}; {form}"

    formula = Formula(
        compute,
        described,
        conditions,
        assumes,
        scores=OF_SCORES,
        fixed_sd="pooled",
        footnote=footnote,
    )
    return Route(name, needs, {"smd": formula})


def _same(yi: np.ndarray, se: np.ndarray) -> Arrays:
    return yi, se**2


def _within_range(measure: Measure) -> tuple[Condition, ...]:
    """Return the condition that a given effect is one that the measure can take."""
    least, most = measure.range
    if measure.scale != "identity" or (least, most) == ANYTHING:
        return ()
    return (
        Condition(
            ("yi",),
            f"yi must lie between {least:g} and {most:g} for measure {measure.name!r}",
            lambda cells: (cells["yi"] >= least) & (cells["yi"] <= most),
        ),
    )


GIVEN = Route(
    "given",
    ("yi", "vi"),
    {
        name: plain(
            lambda yi, vi: (yi, vi), ("yi", "vi"), "yi and vi as given", *_within_range(measure)
        )
        for name, measure in MEASURES.items()
    },
)
GIVEN_SE = Route(
    "given_se",
    ("yi", "sei"),
    {
        name: plain(_same, ("yi", "sei"), "yi as given; vi = sei²", *_within_range(measure))
        for name, measure in MEASURES.items()
    },
)

PRINTED = tuple(
    Route(
        "printed",
        printed_columns(name),
        {
            name: plain(
                _same,
                printed_columns(name),
                "yi as printed; vi = se²",
                footnote="Effect as printed",
            )
        },
    )
    for name in MEASURES
)


def _converted(source: str, target: str, convert: Callable[..., Arrays], footnote: str) -> Route:
    needs = printed_columns(source)

    def compute(cells: Cells, options: Options) -> Arrays:
        scale = "logistic" if options.conversion == "probit" else options.conversion
        return convert(*_same(*(cells[name] for name in needs)), conversion=scale)

    def described(options: Options) -> str:
        scale = "logistic" if options.conversion == "probit" else options.conversion
        return conversions.CONVERSIONS[scale] + "; the standard error scaled accordingly"

    formula = Formula(
        compute, described, assumes="a latent variable behind the two outcomes", footnote=footnote
    )
    return Route(f"printed_{source}", needs, {target: formula})


SMD_OF_PRINTED_ODDS = _converted(
    "or", "smd", conversions.smd_from_log_odds, "Printed odds ratio converted to an SMD"
)
ODDS_OF_PRINTED_SMD = _converted(
    "smd", "or", conversions.log_odds_from_smd, "Printed SMD converted to an odds ratio"
)

T_TEST = _smd_by(
    "t",
    ("t", "n_t", "n_c"),
    conversions.d_from_t,
    "d = t·√(1/n_t + 1/n_c), exact",
    footnote="Computed from t",
    assumes="the t test compares the two arms, unpaired and unadjusted",
)
F_TEST = _smd_by(
    "f",
    ("f", "sign", "n_t", "n_c"),
    lambda f, sign, n_t, n_c: conversions.d_from_t(conversions.t_from_f(f, sign), n_t, n_c),
    "d = t·√(1/n_t + 1/n_c), t = sign·√F",
    footnote="Computed from F",
    assumes="F compares the two arms, with 1 numerator df and without covariates",
)
POINT_BISERIAL = _smd_by(
    "r_pb",
    ("r_pb", "n_t", "n_c"),
    lambda r_pb, n_t, n_c: conversions.d_from_r(r_pb, n_t, n_c),
    "d = r·√h/√(1 − r²), h = m/n_t + m/n_c, m = N − 2",
    footnote="Computed from a correlation",
)
P_VALUE = _smd_by(
    "p",
    ("p", "sign", "n_t", "n_c"),
    lambda p, sign, n_t, n_c: conversions.d_from_t(t_from_p(p, n_t + n_c - 2, sign), n_t, n_c),
    "d = t·√(1/n_t + 1/n_c), t from the two-sided p with N − 2 df",
    footnote="Computed from p",
    assumes="p is two-sided and comes from an unpaired t test of the two arms",
)
COEFFICIENT = _smd_by(
    "b",
    ("b", "sd_y", "n_t", "n_c"),
    lambda b, sd_y, n_t, n_c: conversions.d_from_b(b, sd_y, n_t, n_c),
    "d = b over the SD within arms, from sd_y and b (Lipsey & Wilson 2001, app. B)",
    Condition(
        ("b", "sd_y"),
        "b is too large for sd_y: no variance is left within the arms",
        lambda cells: np.isfinite(
            conversions.d_from_b(cells["b"], cells["sd_y"], cells["n_t"], cells["n_c"])
        ),
    ),
    footnote="Computed from a regression coefficient",
    assumes="covariates do not change the SD of the outcome",
)
STANDARDISED_COEFFICIENT = _smd_by(
    "beta",
    ("beta", "n_t", "n_c"),
    conversions.d_from_beta,
    "d from beta, with √(n_t·n_c/(N(N−1))) as the SD of the arm dummy",
    Condition(
        ("beta",),
        "beta must be smaller: no variance is left within the arms",
        lambda cells: np.isfinite(
            conversions.d_from_beta(cells["beta"], cells["n_t"], cells["n_c"])
        ),
    ),
    footnote="Computed from a regression coefficient",
    assumes="covariates are not correlated with the arm",
)
CHI_SQUARE = _smd_by(
    "chi2",
    ("chi2", "sign", "n_t", "n_c"),
    lambda chi2, sign, n_t, n_c: conversions.d_from_chi2(chi2, n_t, n_c, sign),
    "d = r·N/√(n_t·n_c·(1 − r²)), r = √(χ²/N) (Lipsey & Wilson 2001, app. B, for any sizes)",
    Condition(
        ("chi2",),
        "chi2 must be smaller than n_t + n_c",
        lambda cells: cells["chi2"] < cells["n_t"] + cells["n_c"],
    ),
    footnote="Computed from chi-squared",
)
ETA_SQUARED = _smd_by(
    "eta_squared",
    ("eta_squared", "sign", "n_t", "n_c"),
    lambda eta_squared, sign, n_t, n_c: conversions.d_from_t(
        conversions.t_from_f(conversions.f_from_eta_squared(eta_squared, n_t + n_c), sign), n_t, n_c
    ),
    "d = t·√(1/n_t + 1/n_c), t = sign·√F, F = η²(N − 2)/(1 − η²)",
    Condition(("eta_squared",), "eta_squared must be < 1", lambda cells: cells["eta_squared"] < 1),
    footnote="Computed from eta squared",
    assumes="eta squared is that of the two arms alone, without covariates",
)
MANN_WHITNEY = _smd_by(
    "z_mw",
    ("z_mw", "n_t", "n_c"),
    lambda z_mw, n_t, n_c: conversions.d_from_z(z_mw, n_t, n_c),
    "d = r·N/√(n_t·n_c·(1 − r²)), r = z/√N (Rosenthal 1991; Fritz et al. 2012)",
    Condition(
        ("z_mw",),
        "z_mw squared must be smaller than n_t + n_c",
        lambda cells: cells["z_mw"] ** 2 < cells["n_t"] + cells["n_c"],
    ),
    footnote="Computed from a Mann-Whitney test",
    assumes="normal scores of equal variance; above 0 where scores under treatment rank higher",
)


def _d_of_difference(**cells: np.ndarray) -> np.ndarray:
    yi, se = (cells[name] for name in printed_columns("md"))
    return conversions.d_from_t(yi / se, cells["n_t"], cells["n_c"])


SMD_OF_PRINTED_DIFFERENCE = _smd_by(
    "printed_md",
    (*printed_columns("md"), "n_t", "n_c"),
    _d_of_difference,
    "d = yi over the SD of the arms, se/√(1/n_t + 1/n_c) (Cochrane Handbook 6.5.2.3)",
    footnote="Computed from the printed mean difference",
    assumes="the mean difference is not adjusted for covariates",
)


def _mean_difference_by_t(mean_t: np.ndarray, mean_c: np.ndarray, t: np.ndarray) -> Arrays:
    difference = mean_t - mean_c
    return difference, (difference / t) ** 2


def _mean_difference_by_p(
    mean_t: np.ndarray, mean_c: np.ndarray, p: np.ndarray, n_t: np.ndarray, n_c: np.ndarray
) -> Arrays:
    t = t_from_p(p, n_t + n_c - 2, np.ones_like(p))
    return _mean_difference_by_t(mean_t, mean_c, t)


BY_T = ("mean_t", "mean_c", "t")
BY_P = ("mean_t", "mean_c", "p", "n_t", "n_c")

MEANS_AND_T = Route(
    "means_t",
    BY_T,
    {
        "md": plain(
            _mean_difference_by_t,
            BY_T,
            "yi = mean_t − mean_c; se = yi/t (Cochrane Handbook 6.5.2.3)",
            footnote="Standard error from t",
        )
    },
)
MEANS_AND_P = Route(
    "means_p",
    BY_P,
    {
        "md": plain(
            _mean_difference_by_p,
            BY_P,
            "yi = mean_t − mean_c; se = yi/t without sign, t from the two-sided p with N − 2 df "
            "(Cochrane Handbook 6.5.2.3)",
            assumes="p is two-sided and comes from a t test of the two arms",
            footnote="Standard error from p",
        )
    },
)
