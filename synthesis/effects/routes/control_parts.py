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

from dataclasses import dataclass

import numpy as np

from synthesis.effects.formulas import smd
from synthesis.effects.routes.control_forms import PARTS
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


_NOT_SPLIT = ("ho", "avho", "cs")
"""Forms of the variance that are not a sum over the arms, or average over all rows."""


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
    if (route, options.measure) not in PARTS or options.variance in _NOT_SPLIT:
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
