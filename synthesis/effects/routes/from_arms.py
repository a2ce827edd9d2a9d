"""Routes from means and correlations, as measured in each arm or in the only group."""

from __future__ import annotations

from synthesis.effects.formulas import conversions, designs, means, single, smd
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
    "mean_t and mean_c must have the same sign, and neither be 0, for their ratio",
    lambda cells: cells["mean_t"] * cells["mean_c"] > 0,
)
ABOVE_ZERO = Condition(
    ("mean_t", "mean_c"),
    "mean_t and mean_c must be > 0 for a coefficient of variation",
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
    )


def _smd_text(options: Options) -> str:
    return smd.described(options.variance, correct=options.correct, sd=options.sd)


def _odds_of_means(cells: Cells, options: Options) -> Arrays:
    return conversions.log_odds_from_smd(*_smd(cells, options), conversion=options.conversion)


def _odds_text(options: Options) -> str:
    return f"{_smd_text(options)}; {conversions.CONVERSIONS[options.conversion]}"


MEANS = Route(
    "means",
    ARMS,
    {
        "smd": Formula(_smd, _smd_text, scores=OF_SCORES),
        "md": plain(
            means.mean_difference, ARMS, "yi = mean_t − mean_c; vi = sd_t²/n_t + sd_c²/n_c"
        ),
        "rom": plain(
            means.ratio_of_means,
            ARMS,
            "yi = ln(mean_t/mean_c); vi = sd_t²/(n_t·mean_t²) + sd_c²/(n_c·mean_c²) "
            "(Hedges, Gurevitch & Curtis 1999)",
            ONE_SIGN,
        ),
        "cvr": plain(
            means.coefficient_of_variation_ratio,
            ARMS,
            "yi = ln CV_t − ln CV_c, corrected for small-sample bias (Nakagawa et al. 2015)",
            ABOVE_ZERO,
        ),
    },
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

CORRELATION_ROUTE = Route(
    "correlation",
    CORRELATION,
    {
        "r": plain(single.correlation, CORRELATION, "yi = r; vi = (1 − r²)²/(n − 1)"),
        "r_unbiased": plain(
            single.unbiased_correlation,
            CORRELATION,
            "yi = r corrected for bias; vi = (1 − yi²)²/(n − 1) (Olkin & Pratt 1958)",
            OVER_FOUR,
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

ODDS_OF_MEANS = Route(
    "means",
    ARMS,
    {
        "or": Formula(
            _odds_of_means, _odds_text, assumes=OF_DICHOTOMY, footnote="Odds ratio from means"
        )
    },
)
