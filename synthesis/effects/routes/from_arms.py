"""Routes from what was measured in each arm, or in the only group."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from synthesis.effects.formulas import conversions, counts, designs, means, single, smd
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
from synthesis.effects.rows.workings import Remark

ARMS = ("mean_t", "sd_t", "n_t", "mean_c", "sd_c", "n_c")
SPREADS = ("sd_t", "n_t", "sd_c", "n_c")
EVENTS = ("events_t", "n_t", "events_c", "n_c")
RATES = ("events_t", "time_t", "events_c", "time_c")
SHARE = ("events", "n")
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


def _two_by_two(cells: Cells, options: Options) -> counts.TwoByTwo:
    return counts.two_by_two(*(cells[name] for name in EVENTS), zero_cells=options.zero_cells)


def _zeros(cells: Cells, options: Options) -> Sequence[tuple[np.ndarray, Remark]]:
    """Say in which tables cells were changed, and in which both arms had no events."""
    table = counts.two_by_two(*(cells[name] for name in EVENTS), zero_cells="none")
    nothing = (table.events_t + table.events_c == 0) | (table.others_t + table.others_c == 0)
    corrected = table.has_zero | (options.zero_cells == "all")
    return (
        (
            corrected & (options.zero_cells != "none"),
            Remark(
                counts.ZERO_CELLS[options.zero_cells],
                footnote="Corrected for a count of zero" if options.zero_cells != "all" else "",
            ),
        ),
        (
            nothing,
            Remark("nobody, or everybody, has the event in both arms: no information on a ratio"),
        ),
    )


def _two_groups(function: Callable[[counts.TwoByTwo], Arrays], text: str) -> Formula:
    def compute(cells: Cells, options: Options) -> Arrays:
        return function(_two_by_two(cells, options))

    return Formula(compute, text, remarks=_zeros)


def _arcsine_difference(cells: Cells, _: Options) -> Arrays:
    arms = (cells[name] for name in EVENTS)
    return counts.arcsine_difference(counts.two_by_two(*arms, zero_cells="none"))


def _smd_of_counts(cells: Cells, options: Options) -> Arrays:
    table = _two_by_two(cells, options)
    if options.conversion == "probit":
        return counts.probit_difference(table)
    return conversions.smd_from_log_odds(*counts.odds_ratio(table), conversion=options.conversion)


def _smd_of_counts_text(options: Options) -> str:
    if options.conversion == "probit":
        return "yi = Φ⁻¹(p_t) − Φ⁻¹(p_c) (Sánchez-Meca et al. 2003)"
    return f"ln OR (Woolf 1955); {conversions.CONVERSIONS[options.conversion]}"


def _halved(function: Callable[..., Arrays], needs: tuple[str, ...], text: str) -> Formula:
    """Return the formula of a function that takes the zero-cell rule along with the columns."""

    def compute(cells: Cells, options: Options) -> Arrays:
        return function(*(cells[name] for name in needs), zero_cells=options.zero_cells)

    def remarks(cells: Cells, options: Options) -> Sequence[tuple[np.ndarray, Remark]]:
        parts = [cells[name] for name in needs if name.startswith("events")]
        if "n" in needs:
            parts.append(cells["n"] - cells["events"])
        zero = np.any([part == 0 for part in parts], axis=0) & (options.zero_cells != "none")
        remark = Remark(
            "1/2 added to a count of zero and its counterpart",
            footnote="Corrected for a count of zero",
        )
        return ((zero, remark),)

    return Formula(compute, text, remarks=remarks)


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

COUNTS = Route(
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
        "peto": _two_groups(counts.peto_odds_ratio, "yi = (O − E)/V; vi = 1/V (Yusuf et al. 1985)"),
    },
)

RATES_ROUTE = Route(
    "rates",
    RATES,
    {
        "irr": _halved(
            counts.rate_ratio, RATES, "yi = ln of the ratio of rates; vi = 1/e_t + 1/e_c"
        ),
        "ird": _halved(
            counts.rate_difference, RATES, "yi = rate_t − rate_c; vi = e_t/time_t² + e_c/time_c²"
        ),
    },
)

PROPORTION = Route(
    "proportion",
    SHARE,
    {
        "proportion": _halved(single.proportion, SHARE, "yi = p = events/n; vi = p(1−p)/n"),
        "log_proportion": _halved(
            single.log_proportion, SHARE, "yi = ln(events/n); vi = 1/events − 1/n"
        ),
        "logit": _halved(single.logit, SHARE, "yi = ln odds; vi = 1/events + 1/(n − events)"),
        "arcsine": plain(single.arcsine, SHARE, "yi = asin√(events/n); vi = 1/(4n)"),
        "freeman_tukey": plain(
            single.freeman_tukey, SHARE, "double arcsine; vi = 1/(4n + 2) (Freeman & Tukey 1950)"
        ),
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
            fixed_sd="average",
        ),
        "md": plain(
            designs.crossover_difference,
            PERIODS,
            "yi = mean_t − mean_c; vi = (sd_t² + sd_c² − 2r·sd_t·sd_c)/n "
            "(Cochrane Handbook 23.2.7.1)",
            assumes="no carry-over",
        ),
    },
)

OF_DICHOTOMY = "a normal or logistic latent variable behind the two outcomes"

SMD_OF_COUNTS = Route(
    "counts",
    EVENTS,
    {"smd": Formula(_smd_of_counts, _smd_of_counts_text, assumes=OF_DICHOTOMY, remarks=_zeros)},
)
ODDS_OF_MEANS = Route(
    "means", ARMS, {"or": Formula(_odds_of_means, _odds_text, assumes=OF_DICHOTOMY)}
)
