"""Routes from means and correlations, as measured in each arm or in the only group."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthesis.effects.formulas import conversions, correlations, designs, means, single, smd
from synthesis.effects.routes.forms import with_form
from synthesis.effects.routes.route import (
    OF_DICHOTOMY,
    OF_SCORES,
    Arrays,
    Cells,
    Condition,
    Formula,
    Options,
    Route,
    plain,
)

ARMS = ("mean_t", "sd_t", "n_t", "mean_c", "sd_c", "n_c")
SPREADS = ("sd_t", "n_t", "sd_c", "n_c")
CORRELATION = ("r", "n")
ONE_SIGN = Condition(
    ("mean_t", "mean_c"),
    "mean_t and mean_c must have the same sign, and neither be 0, for their ratio (a difference "
    "has no such condition: 'md', 'smd')",
    lambda cells: cells["mean_t"] * cells["mean_c"] > 0,
)
ABOVE_ZERO = Condition(
    ("mean_t", "mean_c"),
    "mean_t and mean_c must be > 0 for a coefficient of variation (the ratio of SDs is 'vr')",
    lambda cells: (cells["mean_t"] > 0) & (cells["mean_c"] > 0),
)
OVER_THREE = Condition(("n",), "n must be > 3 for Fisher's z", lambda cells: cells["n"] > 3)
OVER_FOUR = Condition(
    ("n",), "n must be > 4 for the unbiased correlation", lambda cells: cells["n"] > 4
)


def _smd(cells: Cells, options: Options) -> Arrays:
    return smd.from_means(
        *(cells[name] for name in ARMS),
        variance=options.variance,
        correct=options.correct,
        sd=options.sd,
        mean=options.mean,
    )


def _smd_text(options: Options) -> str:
    return smd.described(options.variance, correct=options.correct, sd=options.sd)


def _odds_of_means(cells: Cells, options: Options) -> Arrays:
    return conversions.log_odds_from_smd(*_smd(cells, options), conversion=options.conversion)


def _odds_text(options: Options) -> str:
    return f"{_smd_text(options)}; {conversions.CONVERSIONS[options.conversion]}"


def _with_forms(
    measure: str, function: Callable[..., Arrays], text: str, *conditions: Condition
) -> Formula:
    """Return the formula of a function that takes the form of the variance along with the arms."""

    def compute(cells: Cells, options: Options) -> Arrays:
        return function(*(cells[name] for name in ARMS), form=options.variance)

    return Formula(compute, lambda options: with_form(text, measure, options.variance), conditions)


def _in_other_sds(sd: str) -> Formula:
    """Return the formula of a standardised difference whose standardiser is in its name."""

    def compute(cells: Cells, options: Options) -> Arrays:
        return smd.from_means(
            *(cells[name] for name in ARMS),
            variance=_form_for(sd, options),
            correct=options.correct,
            sd=sd,
        )

    def described(options: Options) -> str:
        return smd.described(_form_for(sd, options), correct=options.correct, sd=sd)

    return Formula(compute, described, scores=OF_SCORES, fixed_sd=sd)


def _form_for(sd: str, options: Options) -> str:
    return options.variance if (sd, options.variance) in smd.FORMS_OF_OTHER_SDS else "ls"


def _glass_not_equal(cells: Cells, options: Options) -> Arrays:
    return smd.glass_not_equal(*(cells[name] for name in ARMS), correct=options.correct)


def _odds_of_d(conversion: str) -> Formula:
    def compute(cells: Cells, _: Options) -> Arrays:
        d, vi = smd.from_means(*(cells[name] for name in ARMS), correct=False)
        return conversions.log_odds_from_smd(d, vi, conversion=conversion)

    return Formula(
        compute,
        f"d over the pooled SD, not corrected; {conversions.CONVERSIONS[conversion]}",
        assumes=OF_DICHOTOMY,
        footnote="Odds ratio from means",
    )


MEANS = Route(
    "means",
    ARMS,
    {
        "smd": Formula(_smd, _smd_text, scores=OF_SCORES),
        "smdh": _in_other_sds("average"),
        "smd1": _in_other_sds("control"),
        "smd1h": Formula(
            _glass_not_equal,
            "mean_t − mean_c over the control group's SD; vi = sd_t²/(sd_c²·n_t) + 1/n_c + "
            "g²/(2·n_c), SDs not assumed equal (Bonett 2008)",
            scores=OF_SCORES,
            fixed_sd="control",
        ),
        "md": _with_forms(
            "md", means.mean_difference_form, "yi = mean_t − mean_c; vi = sd_t²/n_t + sd_c²/n_c"
        ),
        "rom": _with_forms(
            "rom",
            means.ratio_of_means_form,
            "yi = ln(mean_t/mean_c); vi = sd_t²/(n_t·mean_t²) + sd_c²/(n_c·mean_c²) "
            "(Hedges, Gurevitch & Curtis 1999)",
            ONE_SIGN,
        ),
        "rom_corrected": plain(
            means.corrected_ratio_of_means,
            ARMS,
            "yi = ln(mean_t/mean_c) + (cv_t²/n_t − cv_c²/n_c)/2 (Lajeunesse 2015, eq. 8, 9)",
            ONE_SIGN,
        ),
        "cvr": plain(
            means.coefficient_of_variation_ratio,
            ARMS,
            "yi = ln CV_t − ln CV_c, corrected for small-sample bias (Nakagawa et al. 2015)",
            ABOVE_ZERO,
        ),
        "point_biserial": _with_forms(
            "point_biserial",
            correlations.of_arms,
            "yi = d/√(d² + h), h = m/n_t + m/n_c, m = N − 2; vi from that of d",
        ),
        "biserial": plain(
            correlations.biserial,
            ARMS,
            "yi = r·√(pq)/φ(z), r point-biserial, p = n_t/N (Soper 1914)",
            assumes="a normal variable behind the two arms",
        ),
        "d2or": _odds_of_d("logistic"),
        "d2orn": _odds_of_d("cox"),
    },
)

GEOMETRIC = ("geo_mean_t", "sd_log_t", "n_t", "geo_mean_c", "sd_log_c", "n_c")

GEOMETRIC_MEANS = Route(
    "geometric_means",
    GEOMETRIC,
    {
        "rom": plain(
            means.ratio_of_geometric_means,
            GEOMETRIC,
            "yi = ln(geo_mean_t/geo_mean_c); vi = sd_log_t²/n_t + sd_log_c²/n_c (Higgins et al. "
            "2008)",
            footnote="Ratio of geometric means",
        )
    },
)


def _association(measure: str) -> Formula:
    """Return the formula of a correlation of arm with outcome."""

    def compute(cells: Cells, _: Options) -> Arrays:
        r, vi = correlations.of_groups(*(cells[name] for name in ARMS))
        return (np.arctanh(r), vi / (1 - r**2) ** 2) if measure == "fisher_z" else (r, vi)

    return Formula(
        compute,
        "r = d/√(d² + h), h = m/n_t + m/n_c, m = N − 2, of arm with outcome; vi from that of d",
        assumes="the two arms are the two values of a variable",
        footnote="Correlation of arm with outcome",
    )


CORRELATION_OF_MEANS = Route(
    "means", ARMS, {name: _association(name) for name in ("r", "fisher_z")}
)

VARIABILITY = Route(
    "variability",
    SPREADS,
    {
        "vr": plain(
            means.variability_ratio,
            SPREADS,
            "yi = ln(sd_t/sd_c) + 1/(2(n_t−1)) − 1/(2(n_c−1)) (Nakagawa et al. 2015)",
        )
    },
)


def _correlation(cells: Cells, options: Options) -> Arrays:
    if options.variance == "av":
        return correlations.average_form(cells["r"], cells["n"], mean=options.mean)
    return single.correlation(cells["r"], cells["n"])


def _unbiased(cells: Cells, options: Options) -> Arrays:
    unbiased = options.variance == "ub"
    form = correlations.unbiased_form if unbiased else single.unbiased_correlation
    return form(cells["r"], cells["n"])


CORRELATION_ROUTE = Route(
    "correlation",
    CORRELATION,
    {
        "r": Formula(
            _correlation,
            lambda options: with_form("yi = r; vi = (1 − r²)²/(n − 1)", "r", options.variance),
        ),
        "r_unbiased": Formula(
            _unbiased,
            lambda options: with_form(
                "yi = r corrected for bias; vi = (1 − yi²)²/(n − 1) (Olkin & Pratt 1958)",
                "r_unbiased",
                options.variance,
            ),
            (OVER_FOUR,),
        ),
        "fisher_z": plain(
            single.fisher_z, CORRELATION, "yi = artanh r; vi = 1/(n − 3)", OVER_THREE
        ),
    },
)

PERIODS = ("mean_t", "sd_t", "mean_c", "sd_c", "n", "r")

CROSSOVER = Route(
    "crossover",
    PERIODS,
    {
        "smd": plain(
            designs.crossover_smd,
            PERIODS,
            "difference over the SD of a single measurement; vi = (1/n + smd²/(2n))·2(1−r) "
            "(Cochrane Handbook 23.2.7.2)",
            assumes="no carry-over; not corrected for small samples",
            scores=OF_SCORES,
            # With as many people in both periods, the average SD is the pooled one.
            fixed_sd="pooled",
            corrected=False,
            footnote="Crossover trial",
        ),
        "md": plain(
            designs.crossover_difference,
            PERIODS,
            "yi = mean_t − mean_c; vi = (sd_t² + sd_c² − 2r·sd_t·sd_c)/n "
            "(Cochrane Handbook 23.2.7.1)",
            assumes="no carry-over",
            footnote="Crossover trial",
        ),
    },
)

PAIRED = ("t", "n", "r")

CROSSOVER_T = Route(
    "crossover_t",
    PAIRED,
    {
        "smd": plain(
            designs.crossover_smd_from_t,
            PAIRED,
            "d = t·√(2(1−r)/n), over the SD of a single measurement; vi = (1/n + d²/(2n))·2(1−r) "
            "(Cochrane Handbook 23.2.7.2)",
            assumes="t is that of a paired test; no carry-over; not corrected for small samples",
            scores=OF_SCORES,
            fixed_sd="pooled",
            corrected=False,
            footnote="Crossover trial, from paired t",
        )
    },
)

ODDS_OF_MEANS = Route(
    "means",
    ARMS,
    {
        "or": Formula(
            _odds_of_means, _odds_text, assumes=OF_DICHOTOMY, footnote="Odds ratio from means"
        )
    },
)
