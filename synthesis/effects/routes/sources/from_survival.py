"""Routes to a hazard ratio from a log-rank test."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthesis.effects.formulas import survival
from synthesis.effects.routes.route import Arrays, Cells, Condition, Formula, Options, Route, plain

OBSERVED = ("o_minus_e", "v_logrank")
EVENTS = ("events_t", "events_c")
SIZES = ("events", "n_t", "n_c")

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
        )
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

    form = (
        "V = events_t·events_c/(events_t + events_c)"
        if needs == EVENTS
        else "V = events·n_t·n_c/N²"
    )
    z = "z from the two-sided p" if statistic == "p" else "z = √χ²"
    formula = Formula(
        hazard,
        f"yi = z/√V, {z}; vi = 1/V; {form} (Tierney et al. 2007, O − E = z·√V)",
        (_SOME if needs == EVENTS else _SOME_IN_ALL,),
        assumes=_ASSUMES,
        footnote="Hazard ratio from the log-rank test and events",
    )
    return Route(name, (statistic, "sign", *needs), {"hr": formula})


def _of_p(p: np.ndarray, sign: np.ndarray, variance: np.ndarray) -> Arrays:
    return survival.from_p(p, sign, variance)


def _of_chi2(chi2: np.ndarray, sign: np.ndarray, variance: np.ndarray) -> Arrays:
    return survival.from_z(sign * np.sqrt(chi2), variance)


LOG_RANK_TESTS = (
    _by("log_rank_chi2", "chi2", EVENTS, _of_chi2),
    _by("log_rank_p", "p", EVENTS, _of_p),
    _by("log_rank_chi2_total", "chi2", SIZES, _of_chi2),
    _by("log_rank_p_total", "p", SIZES, _of_p),
)
