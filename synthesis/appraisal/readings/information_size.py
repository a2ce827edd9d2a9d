"""How many participants a single adequate trial would need: the optimal information size."""

from __future__ import annotations

import math

from scipy.special import ndtri

from arrowroot.errors import OptionError
from synthesis.appraisal.readings.risks import check_risk


def optimal_information_size(
    *,
    baseline: float | None = None,
    rrr: float | None = None,
    smd: float | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
    diversity: float = 0.0,
) -> float:
    """Return the participants that one adequate trial with two equal arms would need.

    A meta-analysis of fewer participants is imprecise however narrow its interval is (GRADE's
    optimal information size).

    Parameters
    ----------
    baseline : float
        Risk without the intervention, between 0 and 1; for events.
    rrr : float, optional
        Relative risk reduction that matters, between 0 and 1; 0.25 by default, as GRADE suggests
        0.20 to 0.25. Events only.
    smd : float
        Standardised mean difference that matters, not 0; for means, instead of `baseline`.
    alpha : float
        Two-sided error of the first kind, between 0 and 1.
    power : float
        Between 0 and 1.
    diversity : float
        D², 0 to below 1: the total is divided by ``1 - D²`` (Wetterslev et al. 2009).

    Returns
    -------
    float
        Participants in both arms together, not rounded.

    Raises
    ------
    OptionError
        If neither or both of `baseline` and `smd` are given, or one is out of range.

    References
    ----------
    Guyatt et al. 2011 (GRADE guidelines 6), J Clin Epidemiol 64:1283-1293: the conventional sample
    size of a two-arm trial, ``2 (z₁₋α/₂ + z_power)² (p₁q₁ + p₂q₂) / (p₁ - p₂)²`` for events and
    ``4 (z₁₋α/₂ + z_power)² / SMD²`` for means.

    Examples
    --------
    >>> round(optimal_information_size(baseline=0.2, rrr=0.25, power=0.8))
    1805
    >>> round(optimal_information_size(smd=0.2))
    785
    """
    if (baseline is None) == (smd is None):
        raise OptionError(
            "give baseline (the risk without the intervention, for events) or smd (for means), "
            "one of the two, as in optimal_information_size(baseline=0.2, rrr=0.25)."
        )
    for name, value in (("alpha", alpha), ("power", power)):
        if not 0 < _number(name, value) < 1:
            raise OptionError(f"{name} must lie between 0 and 1; got {value!r}.")
    if not 0 <= _number("diversity", diversity) < 1:
        raise OptionError(f"diversity must be at least 0 and below 1; got {diversity!r}.")
    factor = float(ndtri(1 - alpha / 2) + ndtri(power)) ** 2 / (1 - diversity)
    if smd is not None:
        if rrr is not None:
            raise OptionError("rrr goes with baseline; leave it out when smd is given.")
        if _number("smd", smd) == 0:
            raise OptionError("smd must not be 0: no trial is large enough to show no difference.")
        return 4 * factor / smd**2
    check_risk(baseline)
    risk = float(baseline or 0)
    cut = 0.25 if rrr is None else _number("rrr", rrr)
    if not 0 < cut < 1:
        percent = f" For {cut:g} percent write {cut / 100:g}." if 1 < cut < 100 else ""
        raise OptionError(f"rrr must lie between 0 and 1, as 0.25 does; got {rrr!r}.{percent}")
    with_it = risk * (1 - cut)
    variance = risk * (1 - risk) + with_it * (1 - with_it)
    return 2 * factor * variance / (risk - with_it) ** 2


def _number(name: str, value: object) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        raise OptionError(f"{name} must be a number; got {value!r}.")
    return float(value)
