"""Routes to a hazard ratio from a log-rank test, or with its variance from numbers of events."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthesis.effects.formulas import survival
from synthesis.effects.routes.route import Arrays, Cells, Condition, Formula, Options, Route, plain
from synthesis.effects.rows.printed_effects import printed_columns

OBSERVED = ("o_minus_e", "v_logrank")
EVENTS = ("events_t", "events_c")
SIZES = ("events", "n_t", "n_c")
PRINTED_HR = printed_columns("hr")[0]
_FORMS = {EVENTS: "V = events_t·events_c/(events_t + events_c)", SIZES: "V = events·n_t·n_c/N²"}

_SOME = Condition(
    EVENTS,
    "events_t and events_c must be > 0 for the variance of a log-rank test",
    lambda cells: (cells["events_t"] > 0) & (cells["events_c"] > 0),
)
_SOME_IN_ALL = Condition(
    ("events",),
    "events, in both arms together, must be > 0",
    lambda cells: cells["events"] > 0,
)
_ASSUMES = "the test is a log-rank test of the two arms, two-sided; sign is 1 where events come "
_ASSUMES += "sooner under treatment"

LOG_RANK = Route(
    "log_rank",
    OBSERVED,
    {
        "hr": plain(
            survival.from_observed,
            OBSERVED,
            "yi = (O − E)/V; vi = 1/V (Yusuf et al. 1985; Tierney et al. 2007)",
        ),
        "peto": plain(
            survival.from_observed,
            OBSERVED,
            "yi = (O − E)/V; vi = 1/V (Yusuf et al. 1985)",
            assumes="O − E and V are those of the numbers with and without the event",
        ),
    },
)


def _variance(needs: tuple[str, ...], cells: Cells) -> np.ndarray:
    of = survival.variance_of_events if needs == EVENTS else survival.variance_of_sizes
    return of(*(cells[name] for name in needs))


def _by(
    name: str,
    statistic: str,
    needs: tuple[str, ...],
    compute: Callable[[np.ndarray, np.ndarray, np.ndarray], Arrays],
) -> Route:
    def hazard(cells: Cells, _: Options) -> Arrays:
        return compute(cells[statistic], cells["sign"], _variance(needs, cells))

    z = "z from the two-sided p" if statistic == "p" else "z = √χ²"
    formula = Formula(
        hazard,
        f"yi = z/√V, {z}; vi = 1/V; {_FORMS[needs]} (Tierney et al. 2007, O − E = z·√V)",
        (_SOME if needs == EVENTS else _SOME_IN_ALL,),
        assumes=_ASSUMES,
        footnote="Hazard ratio from the log-rank test and events",
    )
    return Route(name, (statistic, "sign", *needs), {"hr": formula})


def _of_p(p: np.ndarray, sign: np.ndarray, variance: np.ndarray) -> Arrays:
    return survival.from_p(p, sign, variance)


def _of_chi2(chi2: np.ndarray, sign: np.ndarray, variance: np.ndarray) -> Arrays:
    return survival.from_z(sign * np.sqrt(chi2), variance)


def _with_variance(name: str, estimate: str, needs: tuple[str, ...]) -> Route:
    """Return the route from a printed hazard ratio, or from O − E, where V must be worked out."""
    is_printed = estimate == PRINTED_HR

    def hazard(cells: Cells, _: Options) -> Arrays:
        variance = _variance(needs, cells)
        if is_printed:
            return cells[estimate], 1 / variance
        return survival.from_observed(cells[estimate], variance)

    start = "yi as printed" if is_printed else "yi = (O − E)/V"
    formula = Formula(
        hazard,
        f"{start}; vi = 1/V; {_FORMS[needs]} (Tierney et al. 2007)",
        (_SOME if needs == EVENTS else _SOME_IN_ALL,),
        assumes="hazards are proportional and not far apart, and the hazard ratio is not adjusted",
        footnote="Standard error of the hazard ratio from numbers of events",
    )
    return Route(name, (estimate, *needs), {"hr": formula})


WITHOUT_VARIANCE = (
    _with_variance("printed_hr_events", PRINTED_HR, EVENTS),
    _with_variance("printed_hr_events_total", PRINTED_HR, SIZES),
    _with_variance("o_minus_e_events", "o_minus_e", EVENTS),
    _with_variance("o_minus_e_events_total", "o_minus_e", SIZES),
)

LOG_RANK_TESTS = (
    _by("log_rank_chi2", "chi2", EVENTS, _of_chi2),
    _by("log_rank_p", "p", EVENTS, _of_p),
    _by("log_rank_chi2_total", "chi2", SIZES, _of_chi2),
    _by("log_rank_p_total", "p", SIZES, _of_p),
)
