"""Routes from counts: of people with an event, in two arms or in one, and of events over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from synthesis.effects.formulas import association, conversions, counts, single
from synthesis.effects.routes.route import (
    OF_DICHOTOMY,
    Arrays,
    Cells,
    Condition,
    Formula,
    Options,
    Route,
    plain,
)
from synthesis.effects.rows.workings import Remark

EVENTS = ("events_t", "n_t", "events_c", "n_c")
RATES = ("events_t", "time_t", "events_c", "time_c")
SHARE = ("events", "n")


def _two_by_two(cells: Cells, options: Options) -> counts.TwoByTwo:
    return counts.two_by_two(*(cells[name] for name in EVENTS), zero_cells=options.zero_cells)


def _silent(cells: Cells) -> np.ndarray:
    """Return in which tables nobody, or everybody, has the event in both arms."""
    events = cells["events_t"] + cells["events_c"]
    return np.asarray((events == 0) | (events == cells["n_t"] + cells["n_c"]))


def _zeros(cells: Cells, options: Options) -> Sequence[tuple[np.ndarray, Remark]]:
    """Say in which tables cells were changed."""
    table = counts.two_by_two(*(cells[name] for name in EVENTS), zero_cells="none")
    corrected = table.has_zero | (options.zero_cells == "all")
    remark = Remark(
        counts.ZERO_CELLS[options.zero_cells],
        footnote="Corrected for a count of zero" if options.zero_cells != "all" else "",
    )
    return ((corrected & (options.zero_cells != "none"), remark),)


def _zeros_of_ratios(cells: Cells, options: Options) -> Sequence[tuple[np.ndarray, Remark]]:
    """Say besides which tables contain no information on a ratio."""
    return (*_zeros(cells, options), (_silent(cells), _NO_INFORMATION))


_NO_INFORMATION = Remark(
    "nobody, or everybody, has the event in both arms: no information on a ratio",
    footnote="No events, or events only, in both arms",
    doubt="Kept without information on a ratio (no events, or events only, in both arms)",
)


def _two_groups(
    function: Callable[[counts.TwoByTwo], Arrays], text: str, *, is_ratio: bool
) -> Formula:
    def compute(cells: Cells, options: Options) -> Arrays:
        return function(_two_by_two(cells, options))

    if is_ratio:
        return Formula(compute, text, remarks=_zeros_of_ratios, silent=_silent)
    return Formula(compute, text, remarks=_zeros)


def _uncorrected(function: Callable[[counts.TwoByTwo], Arrays]) -> Callable[..., Arrays]:
    """Return a formula that is defined where counts are zero, and takes them as they are."""

    def compute(cells: Cells, _: Options) -> Arrays:
        arms = (cells[name] for name in EVENTS)
        return function(counts.two_by_two(*arms, zero_cells="none"))

    return compute


def _smd_of_counts(cells: Cells, options: Options) -> Arrays:
    table = _two_by_two(cells, options)
    if options.conversion == "probit":
        return counts.probit_difference(table)
    return conversions.smd_from_log_odds(*counts.odds_ratio(table), conversion=options.conversion)


def _smd_of_counts_text(options: Options) -> str:
    if options.conversion == "probit":
        return "yi = Φ⁻¹(p_t) − Φ⁻¹(p_c) (Sánchez-Meca et al. 2003)"
    return f"ln OR (Woolf 1955); {conversions.CONVERSIONS[options.conversion]}"


_HALF_ADDED = Remark(
    "1/2 added to a count of zero and its counterpart", footnote="Corrected for a count of zero"
)


def _silent_rates(cells: Cells) -> np.ndarray:
    """Return in which rows neither arm has an event."""
    return np.asarray(cells["events_t"] + cells["events_c"] == 0)


def _halved(
    function: Callable[..., Arrays], needs: tuple[str, ...], text: str, *, is_ratio: bool = False
) -> Formula:
    """Return the formula of a function that takes the zero-cell rule along with the columns."""

    def compute(cells: Cells, options: Options) -> Arrays:
        return function(*(cells[name] for name in needs), zero_cells=options.zero_cells)

    def remarks(cells: Cells, options: Options) -> Sequence[tuple[np.ndarray, Remark]]:
        parts = [cells[name] for name in needs if name.startswith("events")]
        if "n" in needs:
            parts.append(cells["n"] - cells["events"])
        zero = np.any([part == 0 for part in parts], axis=0)
        everywhere = Remark("1/2 added to every count, as zero_cells='all' asks")
        said = {
            "none": (),
            "all": ((np.full(zero.shape, fill_value=True), everywhere),),
        }.get(options.zero_cells, ((zero, _HALF_ADDED),))
        return (*said, (_silent_rates(cells), _NO_INFORMATION)) if is_ratio else said

    if is_ratio:
        return Formula(compute, text, remarks=remarks, silent=_silent_rates)
    return Formula(compute, text, remarks=remarks)


def _smd_of_odds(conversion: str) -> Formula:
    def compute(table: counts.TwoByTwo) -> Arrays:
        return conversions.smd_from_log_odds(*counts.odds_ratio(table), conversion=conversion)

    return _two_groups(
        compute, f"ln OR (Woolf 1955); {conversions.CONVERSIONS[conversion]}", is_ratio=True
    )


NO_ZERO = Condition(
    EVENTS,
    "no cell of the table must be 0 for the tetrachoric correlation ('or' allows it)",
    lambda cells: (
        (cells["events_t"] > 0)
        & (cells["events_c"] > 0)
        & (cells["events_t"] < cells["n_t"])
        & (cells["events_c"] < cells["n_c"])
    ),
)

COUNTS = Route(
    "counts",
    EVENTS,
    {
        "or": _two_groups(
            counts.odds_ratio,
            "yi = ln OR; vi = sum of the reciprocals of the four cells (Woolf 1955)",
            is_ratio=True,
        ),
        "rr": _two_groups(
            counts.risk_ratio, "yi = ln RR; vi = 1/e_t − 1/n_t + 1/e_c − 1/n_c", is_ratio=True
        ),
        "rd": _two_groups(
            counts.risk_difference,
            "yi = p_t − p_c; vi = p_t(1−p_t)/n_t + p_c(1−p_c)/n_c",
            is_ratio=False,
        ),
        "asd": Formula(
            _uncorrected(counts.arcsine_difference),
            "yi = asin√p_t − asin√p_c; vi = 1/(4n_t) + 1/(4n_c) (Rücker et al. 2009)",
        ),
        "phi": Formula(
            _uncorrected(association.phi),
            "yi = (ad − bc)/√(product of the margins); vi for people drawn as a whole (Yule 1912)",
            silent=_silent,
            needs_information=True,
        ),
        "yule_q": _two_groups(
            association.yule_q,
            "yi = (OR − 1)/(OR + 1); vi = (1 − yi²)²/4 · that of ln OR (Yule 1900)",
            is_ratio=True,
        ),
        "yule_y": _two_groups(
            association.yule_y,
            "yi = (√OR − 1)/(√OR + 1); vi = (1 − yi²)²/16 · that of ln OR (Yule 1912)",
            is_ratio=True,
        ),
        "tetrachoric": Formula(
            _uncorrected(association.tetrachoric),
            "correlation of two normal variables behind the table (Pearson 1900; variance: Brown & "
            "Benedetti 1977)",
            (NO_ZERO,),
            assumes="two normal variables, each cut in two",
        ),
        "pbit": _two_groups(
            counts.probit_difference,
            "yi = Φ⁻¹(p_t) − Φ⁻¹(p_c) (Sánchez-Meca et al. 2003)",
            is_ratio=True,
        ),
        "or2d": _smd_of_odds("logistic"),
        "or2dn": _smd_of_odds("cox"),
        "peto": Formula(
            _uncorrected(counts.peto_odds_ratio),
            "yi = (O − E)/V; vi = 1/V, from the counts as they are (Yusuf et al. 1985)",
            silent=_silent,
            needs_information=True,
        ),
    },
)

RATES_ROUTE = Route(
    "rates",
    RATES,
    {
        "irr": _halved(
            counts.rate_ratio,
            RATES,
            "yi = ln of the ratio of rates; vi = 1/e_t + 1/e_c",
            is_ratio=True,
        ),
        "ird": _halved(
            counts.rate_difference, RATES, "yi = rate_t − rate_c; vi = e_t/time_t² + e_c/time_c²"
        ),
        "irsd": plain(
            counts.root_rate_difference,
            RATES,
            "yi = √rate_t − √rate_c; vi = 1/(4·time_t) + 1/(4·time_c)",
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

RATE = ("events", "person_time")

RATE_ROUTE = Route(
    "rate",
    RATE,
    {
        "rate": _halved(single.rate, RATE, "yi = events/time; vi = events/time²"),
        "log_rate": _halved(single.log_rate, RATE, "yi = ln(events/time); vi = 1/events"),
        "sqrt_rate": plain(single.sqrt_rate, RATE, "yi = √(events/time); vi = 1/(4·time)"),
        "freeman_tukey_rate": plain(
            single.freeman_tukey_rate,
            RATE,
            "double square root; vi = 1/(4·time) (Freeman & Tukey 1950)",
        ),
    },
)

SMD_OF_COUNTS = Route(
    "counts",
    EVENTS,
    {
        "smd": Formula(
            _smd_of_counts,
            _smd_of_counts_text,
            assumes=OF_DICHOTOMY,
            remarks=_zeros_of_ratios,
            silent=_silent,
            footnote="SMD from counts of people with the event",
        )
    },
)
