"""What the control arm contributes to the variance of an effect, route by route.

Effects that share a control arm share its part of their variances, which is their covariance.
Both are built here from the same cells: corrected for zeros, divided and reduced for clusters as
the effect itself was. The part is a sum of products over the two effects,

    cov(i, j) = root_i · root_j + slope_i · slope_j · h(N),

of what comes from the control's mean or count (`root`² is its part of the variance) and what comes
from its SD in a standardiser. With the treatment's part beside it, such a matrix is positive
definite. Where a treatment arm without events lets 1/2 be added in one of two rows only, the roots
differ, as the derivatives do of which they are made (delta method).

Sources: Gleser & Olkin (2009), in Cooper, Hedges & Valentine, Handbook of Research Synthesis, ch.
19, for standardised differences, odds and risk ratios and risk differences; Lajeunesse (2011),
Ecology 92:2049, for ratios of means; the delta method for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from synthesis.effects.formulas import conversions, counts, smd
from synthesis.effects.routes.route import Cells, Options


@dataclass(frozen=True)
class ControlPart:
    """The control's part of the variance of one effect.

    Attributes
    ----------
    statistic : str
        What was measured in the control: two effects covary as said here only if it is the same.
    root : float
        Root of the part from the control's mean, count or rate; negative where the sign of the
        effect was reversed.
    slope : float
        What multiplies the part from the standardiser; 0 where nothing is standardised.
    law : str
        The part from the standardiser as a function of all people, as `standardiser_part` names it.
    n_t, n_c : float
        People in the arms, as the effect was computed from them; 0 where it uses none.
    """

    statistic: str
    root: float
    slope: float
    law: str
    n_t: float
    n_c: float


FREE_OF_SIZE = {"none": 0.0, "own": 1.0}
"""The factors that are no function of all people: without standardiser, or within the slope."""


def standardiser_part(law: str, n: float, arms: int) -> float:
    """Return what a common standardiser adds to a covariance, as a factor of both slopes.

    With one treatment arm it is the factor of the squared effect in its own variance; with more,
    the SD is that of all their people (Gleser & Olkin 2009).

    Parameters
    ----------
    law : str
        The form of the variance, from `ControlPart.law`.
    n : float
        People in all arms.
    arms : int
        The number of arms, the control among them.
    """
    if law in FREE_OF_SIZE:
        return FREE_OF_SIZE[law]
    m = np.array(n - arms)
    J2 = smd.small_sample_factor(m) ** 2
    with np.errstate(all="ignore"):
        forms = {
            "2N": 1 / (2 * n),
            "revman": 1 / (2 * (n - 3.94)),
            "ub": 1 - (m - 2) / (m * J2),
            "ub, not corrected": 2 / m,
        }
    return float(forms[law])


Parts = tuple[np.ndarray, np.ndarray, str]
Function = Callable[[Cells, Options, np.ndarray], Parts]


def _pooled(cells: Cells, options: Options, yi: np.ndarray) -> Parts:
    """Return the parts of a difference over the pooled SD of both arms."""
    n_t, n_c = cells["n_t"], cells["n_c"]
    law = {"revman": "revman", "ub": "ub" if options.correct else "ub, not corrected"}
    J = np.ones_like(n_c)
    if options.variance == "ls2" and options.correct:
        J = smd.small_sample_factor(n_t + n_c - 2)
    slope = yi
    if options.variance == "av":
        slope = np.full_like(yi, np.average(yi, weights=n_t + n_c))
    return J / np.sqrt(n_c), slope, law.get(options.variance, "2N")


def _smd_of_means(cells: Cells, options: Options, yi: np.ndarray) -> Parts:
    n_t, n_c = cells["n_t"], cells["n_c"]
    if options.sd == "control":
        return 1 / np.sqrt(n_c), yi / np.sqrt(2 * n_c), "own"
    if options.sd == "average":
        J = smd.small_sample_factor(n_t + n_c - 2) if options.correct else np.ones_like(n_c)
        of_control = cells["sd_c"] ** 2
        mean = (cells["sd_t"] ** 2 + of_control) / 2
        root = J * np.sqrt(of_control / (n_c - 1) / mean)
        return root, J * yi * of_control / (mean * np.sqrt(8 * (n_c - 1))), "own"
    return _pooled(cells, options, yi)


def _morris_smd(cells: Cells, _: Options, yi: np.ndarray) -> Parts:
    """Return the parts of Morris's d: of the pooled SD's degrees of freedom, n_c − 1 are shared."""
    df = cells["n_t"] + cells["n_c"] - 2
    factor = smd.small_sample_factor(df) ** 2 * df / (df - 2)
    root = np.sqrt(factor * 2 * (1 - cells["r"]) / cells["n_c"])
    return root, yi * np.sqrt((factor - 1) * (cells["n_c"] - 1) / df), "own"


def _odds_of_means(cells: Cells, options: Options, yi: np.ndarray) -> Parts:
    scale = conversions.ODDS_PER_SD[options.conversion]
    root, slope, law = _smd_of_means(cells, options, yi / scale)
    return scale * root, scale * slope, law


def _alone(part: Callable[[Cells, Options], np.ndarray]) -> Function:
    """Return the parts of an effect that is not standardised, from its part of the variance."""

    def parts(cells: Cells, options: Options, _: np.ndarray) -> Parts:
        # Of a control of events only, the part is 0, or by rounding just below.
        root = np.sqrt(np.maximum(part(cells, options), 0))
        return root, np.zeros_like(root), "none"

    return parts


def _mean(mean: str, sd: str) -> dict[str, Function]:
    def variance(cells: Cells) -> np.ndarray:
        return np.asarray(cells[sd] ** 2 / cells["n_c"])

    def of_ratio(cells: Cells) -> np.ndarray:
        return np.asarray(variance(cells) / cells[mean] ** 2)

    return {
        "md": _alone(lambda cells, _: variance(cells)),
        "rom": _alone(lambda cells, _: of_ratio(cells)),
        "cvr": _alone(lambda cells, _: of_ratio(cells) + _of_spread(cells)),
    }


def _of_spread(cells: Cells) -> np.ndarray:
    return np.asarray(1 / (2 * (cells["n_c"] - 1)))


def _table(cells: Cells, zero_cells: str) -> counts.TwoByTwo:
    names = ("events_t", "n_t", "events_c", "n_c")
    return counts.two_by_two(*(cells[name] for name in names), zero_cells=zero_cells)


def _counted(part: Callable[[counts.TwoByTwo], np.ndarray]) -> Function:
    return _alone(lambda cells, options: part(_table(cells, options.zero_cells)))


def _odds(table: counts.TwoByTwo) -> np.ndarray:
    return np.asarray(1 / table.events_c + 1 / table.others_c)


def _risk(table: counts.TwoByTwo) -> np.ndarray:
    return np.asarray(table.events_c / table.n_c)


def _peto(table: counts.TwoByTwo) -> np.ndarray:
    # O − E = (n_c·e_t − n_t·e_c)/N: of its variance, n_t/N comes from the control.
    return np.asarray(counts.peto_odds_ratio(table)[1] * table.n_t / (table.n_t + table.n_c))


def _smd_of_counts(cells: Cells, options: Options) -> np.ndarray:
    from scipy.special import ndtri

    table = _table(cells, options.zero_cells)
    risk = _risk(table)
    if options.conversion == "probit":
        return np.asarray(2 * np.pi * risk * (1 - risk) * np.exp(ndtri(risk) ** 2) / table.n_c)
    return _odds(table) / conversions.ODDS_PER_SD[options.conversion] ** 2


def _rate(power: int) -> Function:
    def part(cells: Cells, options: Options) -> np.ndarray:
        zero = (cells["events_t"] == 0) | (cells["events_c"] == 0)
        events = cells["events_c"] + counts.halves(zero, options.zero_cells)
        return np.asarray(1 / events if power < 0 else events / cells["time_c"] ** 2)

    return _alone(part)


_OF_MEANS, _OF_CHANGES = _mean("mean_c", "sd_c"), _mean("mean_change_c", "sd_change_c")

PARTS: Mapping[tuple[str, str], tuple[str, Function]] = {
    ("means", "smd"): ("mean", _smd_of_means),
    ("means", "or"): ("mean", _odds_of_means),
    **{("means", name): ("mean", part) for name, part in _OF_MEANS.items()},
    ("variability", "vr"): ("SD", _alone(lambda cells, _: _of_spread(cells))),
    ("change_scores", "md"): ("change", _OF_CHANGES["md"]),
    ("change_scores", "smd"): ("change", _pooled),
    ("pre_post", "smd"): ("change in SDs at baseline", _morris_smd),
    **{
        (name, "smd"): ("mean", _pooled)
        for name in ("t", "f", "r_pb", "p", "b", "beta", "printed_md")
    },
    ("counts", "or"): ("count", _counted(_odds)),
    ("counts", "rr"): ("count", _counted(lambda table: 1 / table.events_c - 1 / table.n_c)),
    ("counts", "rd"): (
        "count",
        _counted(lambda table: _risk(table) * (1 - _risk(table)) / table.n_c),
    ),
    ("counts", "asd"): ("count", _alone(lambda cells, _: 1 / (4 * cells["n_c"]))),
    ("counts", "peto"): ("count", _counted(_peto)),
    ("counts", "smd"): ("count", _alone(_smd_of_counts)),
    ("rates", "irr"): ("rate", _rate(-1)),
    ("rates", "ird"): ("rate", _rate(1)),
}
"""What is measured in the control and its part of the variance, by route and measure.

The others are refused: of a printed standard error, or of a variance entered by the reviewer, no
one knows which part is the control's; in a crossover trial the arms are the same people.
"""


def control_parts(
    route: str, rows: np.ndarray, cells: Cells, options: Options, yi: np.ndarray, by: np.ndarray
) -> dict[int, ControlPart]:
    """Return the control's part of the variance of the effects of one route.

    Parameters
    ----------
    route : str
        The route.
    rows : ndarray of int
        Positions of the rows that take it.
    cells : mapping of str to ndarray
        Their cells, from which the effects were computed.
    options : Options
        The choices of the call.
    yi : ndarray
        Their effects, before any sign is reversed.
    by : ndarray
        The design effects by which their variances were multiplied; 1 where they were not.

    Returns
    -------
    dict
        By position of the row; empty for a route that does not say.
    """
    if (route, options.measure) not in PARTS:
        return {}
    statistic, part = PARTS[route, options.measure]
    with np.errstate(all="ignore"):
        root, slope, law = part(cells, options, yi)
    unused = np.zeros(rows.size)
    n_t, n_c = cells.get("n_t", unused), cells.get("n_c", unused)
    inflated = np.sqrt(by)
    columns = (root * inflated, slope * inflated, n_t, n_c)
    numbers = zip(*(column.tolist() for column in columns), strict=True)
    return {
        row: ControlPart(statistic, of_mean, of_sd, law, treated, controls)
        for row, (of_mean, of_sd, treated, controls) in zip(rows.tolist(), numbers, strict=True)
    }
