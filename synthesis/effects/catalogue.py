"""The routes to an effect size, in order of preference: what each needs and computes."""

from __future__ import annotations

from collections.abc import Callable

from synthesis.effects import counts, means, single, smd
from synthesis.effects.route import (
    Arrays,
    Cells,
    Condition,
    Formula,
    Options,
    Route,
    plain,
    with_zero_cells,
)
from synthesis.measures import MEASURES

ARMS = ("mean_t", "sd_t", "n_t", "mean_c", "sd_c", "n_c")
SPREADS = ("sd_t", "n_t", "sd_c", "n_c")
EVENTS = ("events_t", "n_t", "events_c", "n_c")
RATES = ("events_t", "time_t", "events_c", "time_c")
SHARE = ("events", "n")
CORRELATION = ("r", "n")

ONE_SIGN = Condition(
    ("mean_t", "mean_c"),
    "mean_t and mean_c must have one sign, and neither be 0, for their ratio",
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


def _two_groups(function: Callable[[counts.TwoByTwo], Arrays], text: str) -> Formula:
    def compute(cells: Cells, options: Options) -> Arrays:
        arms = (cells[name] for name in EVENTS)
        return function(counts.two_by_two(*arms, zero_cells=options.zero_cells))

    return Formula(compute, text)


def _arcsine_difference(cells: Cells, _: Options) -> Arrays:
    arms = (cells[name] for name in EVENTS)
    return counts.arcsine_difference(counts.two_by_two(*arms, zero_cells="none"))


_GIVEN = plain(lambda yi, vi: (yi, vi), ("yi", "vi"), "yi and vi as given")
_GIVEN_SE = plain(lambda yi, sei: (yi, sei**2), ("yi", "sei"), "yi as given; vi = sei²")

ROUTES: tuple[Route, ...] = (
    Route("given", ("yi", "vi"), dict.fromkeys(MEASURES, _GIVEN)),
    Route("given_se", ("yi", "sei"), dict.fromkeys(MEASURES, _GIVEN_SE)),
    Route(
        "means",
        ARMS,
        {
            "smd": Formula(_smd, _smd_text),
            "md": plain(
                means.mean_difference,
                ARMS,
                "yi = mean_t − mean_c; vi = sd_t²/n_t + sd_c²/n_c",
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
                "yi = ln CV_t − ln CV_c, small-sample bias taken out (Nakagawa et al. 2015)",
                ABOVE_ZERO,
            ),
        },
    ),
    Route(
        "variability",
        SPREADS,
        {
            "vr": plain(
                means.variability_ratio,
                SPREADS,
                "yi = ln(sd_t/sd_c) + 1/(2(n_t−1)) − 1/(2(n_c−1)) (Nakagawa et al. 2015)",
            )
        },
    ),
    Route(
        "counts",
        EVENTS,
        {
            "or": _two_groups(
                counts.odds_ratio,
                "yi = ln OR; vi = sum of the reciprocals of the four cells (Woolf 1955)",
            ),
            "rr": _two_groups(counts.risk_ratio, "yi = ln RR; vi = 1/e_t − 1/n_t + 1/e_c − 1/n_c"),
            "rd": _two_groups(
                counts.risk_difference, "yi = p_t − p_c; vi = p_t(1−p_t)/n_t + p_c(1−p_c)/n_c"
            ),
            "asd": Formula(
                _arcsine_difference,
                "yi = asin√p_t − asin√p_c; vi = 1/(4n_t) + 1/(4n_c) (Rücker et al. 2009)",
            ),
            "peto": _two_groups(
                counts.peto_odds_ratio, "yi = (O − E)/V; vi = 1/V (Yusuf et al. 1985)"
            ),
        },
    ),
    Route(
        "rates",
        RATES,
        {
            "irr": with_zero_cells(
                counts.rate_ratio, RATES, "yi = ln of the ratio of rates; vi = 1/e_t + 1/e_c"
            ),
            "ird": with_zero_cells(
                counts.rate_difference,
                RATES,
                "yi = rate_t − rate_c; vi = e_t/time_t² + e_c/time_c²",
            ),
        },
    ),
    Route(
        "proportion",
        SHARE,
        {
            "proportion": with_zero_cells(
                single.proportion, SHARE, "yi = p = events/n; vi = p(1−p)/n"
            ),
            "log_proportion": with_zero_cells(
                single.log_proportion, SHARE, "yi = ln(events/n); vi = 1/events − 1/n"
            ),
            "logit": with_zero_cells(
                single.logit, SHARE, "yi = ln odds; vi = 1/events + 1/(n − events)"
            ),
            "arcsine": plain(single.arcsine, SHARE, "yi = asin√(events/n); vi = 1/(4n)"),
            "freeman_tukey": plain(
                single.freeman_tukey,
                SHARE,
                "double arcsine; vi = 1/(4n + 2) (Freeman & Tukey 1950)",
            ),
        },
    ),
    Route(
        "correlation",
        CORRELATION,
        {
            "r": plain(single.correlation, CORRELATION, "yi = r; vi = (1 − r²)²/(n − 1)"),
            "r_unbiased": plain(
                single.unbiased_correlation,
                CORRELATION,
                "yi = r without its bias; vi = (1 − yi²)²/(n − 1) (Olkin & Pratt 1958)",
                OVER_FOUR,
            ),
            "fisher_z": plain(
                single.fisher_z, CORRELATION, "yi = artanh r; vi = 1/(n − 3)", OVER_THREE
            ),
        },
    ),
)
"""Every route, the preferred ones first.

Numbers that the reviewer has computed stand first, because they were entered on purpose; then
what was counted and measured in each arm, before what a paper derived from it.
"""
