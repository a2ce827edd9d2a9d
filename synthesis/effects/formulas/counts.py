"""Effects from counts in two groups or in one: the formulas, on arrays.

Events over participants give risks, odds and proportions; events over person-time give rates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arrowroot.options import one_of

Arrays = tuple[np.ndarray, np.ndarray]

ZERO_CELLS = {
    "half": "1/2 added to every cell of a table that contains a zero",
    "all": "1/2 added to every cell of every table",
    "reciprocal": "in a table that contains a zero, the reciprocal of the other arm's size added, "
    "scaled to sum to 1 (Sweeting et al. 2004)",
    "none": "nothing added",
}
"""What is done about zero cells, by option name.

RevMan's rule (Deeks & Higgins 2010, Statistical algorithms in Review Manager 5) is ``"half"``, but
for risk differences it adds 1/2 only where the standard error would be 0. metafor's ``escalc`` adds
1/2 for risk and rate differences too, which are defined without, as is done here.
"""

NO_EVENTS = {
    "keep": "kept, with what zero_cells adds (metafor's default)",
    "leave_out": "left out, with the reason (RevMan, R's meta)",
}
"""What is done about tables without information on a ratio, by option name.

They are those in which nobody, or everybody, has the event in both arms.
"""


@dataclass(frozen=True)
class TwoByTwo:
    """Events and non-events of two groups, an element a study."""

    events_t: np.ndarray
    others_t: np.ndarray
    events_c: np.ndarray
    others_c: np.ndarray

    @property
    def n_t(self) -> np.ndarray:
        """Size of the treatment group."""
        return self.events_t + self.others_t

    @property
    def n_c(self) -> np.ndarray:
        """Size of the control group."""
        return self.events_c + self.others_c

    @property
    def has_zero(self) -> np.ndarray:
        """Which tables contain a zero."""
        cells = (self.events_t, self.others_t, self.events_c, self.others_c)
        return np.asarray(np.any([cell == 0 for cell in cells], axis=0))


def two_by_two(
    events_t: np.ndarray,
    n_t: np.ndarray,
    events_c: np.ndarray,
    n_c: np.ndarray,
    *,
    zero_cells: str = "half",
) -> TwoByTwo:
    """Return the tables with zero cells corrected by the chosen rule.

    Parameters
    ----------
    events_t, events_c : ndarray
        Participants with the event.
    n_t, n_c : ndarray
        Participants.
    zero_cells : str
        One of `ZERO_CELLS`.
    """
    one_of("zero_cells", zero_cells, list(ZERO_CELLS))
    table = TwoByTwo(events_t, n_t - events_t, events_c, n_c - events_c)
    if zero_cells == "none":
        return table
    add_t = np.full(np.shape(events_t), 0.5)
    add_c = add_t
    if zero_cells == "reciprocal":
        add_t, add_c = n_t / (n_t + n_c), n_c / (n_t + n_c)
    if zero_cells != "all":
        add_t, add_c = add_t * table.has_zero, add_c * table.has_zero
    return TwoByTwo(
        table.events_t + add_t,
        table.others_t + add_t,
        table.events_c + add_c,
        table.others_c + add_c,
    )


def odds_ratio(table: TwoByTwo) -> Arrays:
    """Return the log odds ratio and its variance (Woolf 1955).

    Examples
    --------
    >>> table = two_by_two(*map(np.array, ([4.0], [123.0], [11.0], [139.0])))
    >>> odds_ratio(table)[0].round(4)
    array([-0.9387])
    """
    yi = np.log(table.events_t / table.others_t) - np.log(table.events_c / table.others_c)
    return yi, (1 / table.events_t + 1 / table.others_t + 1 / table.events_c + 1 / table.others_c)


def risk_ratio(table: TwoByTwo) -> Arrays:
    """Return the log risk ratio and its variance."""
    yi = np.log(table.events_t / table.n_t) - np.log(table.events_c / table.n_c)
    vi = 1 / table.events_t - 1 / table.n_t + 1 / table.events_c - 1 / table.n_c
    return yi, vi


def risk_difference(table: TwoByTwo) -> Arrays:
    """Return the risk difference and its variance."""
    risk_t, risk_c = table.events_t / table.n_t, table.events_c / table.n_c
    vi = risk_t * (1 - risk_t) / table.n_t + risk_c * (1 - risk_c) / table.n_c
    return risk_t - risk_c, vi


def arcsine_difference(table: TwoByTwo) -> Arrays:
    """Return the difference of arcsine-transformed risks (Rücker et al. 2009, Stat Med 28:721).

    It is defined without correction for zero cells.
    """
    angle_t = np.arcsin(np.sqrt(table.events_t / table.n_t))
    angle_c = np.arcsin(np.sqrt(table.events_c / table.n_c))
    return angle_t - angle_c, 1 / (4 * table.n_t) + 1 / (4 * table.n_c)


def peto_odds_ratio(table: TwoByTwo) -> Arrays:
    """Return Peto's log odds ratio, (O − E)/V, and its variance 1/V.

    Yusuf et al. (1985), Prog Cardiovasc Dis 27:335; V is the hypergeometric variance.
    """
    total = table.n_t + table.n_c
    events, others = table.events_t + table.events_c, table.others_t + table.others_c
    expected = table.n_t * events / total
    spread = table.n_t * table.n_c * events * others / (total**2 * (total - 1))
    return (table.events_t - expected) / spread, 1 / spread


def probit_difference(table: TwoByTwo) -> Arrays:
    """Return the difference of probits: an SMD, if a normal variable was dichotomised.

    Sánchez-Meca, Marín-Martínez & Chacón-Moscoso (2003), Psychol Methods 8:448, eq. 10-11.
    """
    from scipy.special import ndtri

    risk_t, risk_c = table.events_t / table.n_t, table.events_c / table.n_c
    probit_t, probit_c = ndtri(risk_t), ndtri(risk_c)
    vi = (
        2
        * np.pi
        * (
            risk_t * (1 - risk_t) * np.exp(probit_t**2) / table.n_t
            + risk_c * (1 - risk_c) * np.exp(probit_c**2) / table.n_c
        )
    )
    return probit_t - probit_c, vi


def halves(zero: np.ndarray, zero_cells: str) -> np.ndarray:
    """Return what the rule adds to each study's cells: 1/2 or nothing.

    Parameters
    ----------
    zero : ndarray of bool
        Which studies contain a zero.
    zero_cells : str
        ``"half"``, ``"all"`` or ``"none"``; ``"reciprocal"`` needs two groups of known size.
    """
    one_of("zero_cells", zero_cells, ["half", "all", "none"])
    if zero_cells == "all":
        return np.full(zero.shape, 0.5)
    return np.where(zero & (zero_cells == "half"), 0.5, 0.0)


def rate_ratio(
    events_t: np.ndarray,
    time_t: np.ndarray,
    events_c: np.ndarray,
    time_c: np.ndarray,
    *,
    zero_cells: str = "half",
) -> Arrays:
    """Return the log ratio of two rates and its variance."""
    add = halves((events_t == 0) | (events_c == 0), zero_cells)
    events_t, events_c = events_t + add, events_c + add
    return np.log(events_t / time_t) - np.log(events_c / time_c), 1 / events_t + 1 / events_c


def root_rate_difference(
    events_t: np.ndarray, time_t: np.ndarray, events_c: np.ndarray, time_c: np.ndarray
) -> Arrays:
    """Return the difference of the square roots of two rates and its variance.

    It is defined without correction for zero counts.
    """
    yi = np.sqrt(events_t / time_t) - np.sqrt(events_c / time_c)
    return yi, 1 / (4 * time_t) + 1 / (4 * time_c)


def rate_difference(
    events_t: np.ndarray,
    time_t: np.ndarray,
    events_c: np.ndarray,
    time_c: np.ndarray,
    *,
    zero_cells: str = "half",
) -> Arrays:
    """Return the difference of two rates and its variance."""
    add = halves((events_t == 0) | (events_c == 0), zero_cells)
    events_t, events_c = events_t + add, events_c + add
    return events_t / time_t - events_c / time_c, events_t / time_t**2 + events_c / time_c**2
