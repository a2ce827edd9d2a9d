"""What is said of the ratings of one item: middle, spread, percentages, and disagreement."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from synthesis.evaluation.delphi.rule import RAND_SCALE, DelphiRule

CONSTANT, FACTOR, MIDDLE = 2.35, 1.5, 5.0
"""Of the interpercentile range adjusted for symmetry (Fitch 2001): 2.35 + 1.5 |5 - IPRCP|."""


@dataclass(frozen=True)
class ItemStatistics:
    """The ratings of one item.

    Attributes
    ----------
    n : int
        How many rated it.
    median, q1, q3, iqr : float
        Middle and quartiles.
    agree, against : float
        How many agree with it and rate against it; NaN where the rule has no such band.
    percent_agree, percent_against : float
        The same in percent.
    p30, p70, ipr, iprcp, asymmetry, ipras : float
        30th and 70th percentile; their difference and their middle; the distance of this middle
        from 5; and the limit of the difference. NaN on other scales than 1 to 9.
    disagreement : bool or None
        Whether IPR > IPRAS.
    """

    n: int
    median: float
    q1: float
    q3: float
    iqr: float
    agree: float
    percent_agree: float
    against: float
    percent_against: float
    p30: float
    p70: float
    ipr: float
    iprcp: float
    asymmetry: float
    ipras: float
    disagreement: bool | None


def item_statistics(ratings: np.ndarray, rule: DelphiRule, in_round: int) -> ItemStatistics:
    """Return the statistics of one item.

    Parameters
    ----------
    ratings : ndarray, shape (n,)
        Without those who skipped it.
    rule : DelphiRule
        Gives the scale, the bands and the denominator.
    in_round : int
        How many took part in the round.

    References
    ----------
    Fitch 2001, The RAND/UCLA Appropriateness Method User's Manual; its example with the counts
    below is in BMJ Open 2012;2:e001431, table 1.

    Examples
    --------
    >>> rule = DelphiRule(consensus="rand_ucla", agree=(7, 9), rounds=2, decided="2026-11-30")
    >>> found = item_statistics(np.repeat([4, 5, 6, 7, 8, 9], [1, 1, 1, 5, 5, 2]), rule, 15)
    >>> found.median, found.ipr, found.iprcp, round(found.ipras, 2), found.disagreement
    (7.0, 1.0, 7.5, 6.1, False)
    """
    n, missing = len(ratings), float("nan")
    out_of = n if rule.of == "rated" else in_round
    middle = float(np.median(ratings)) if n else missing
    q1, q3, p30, p70 = quantiles(ratings, [0.25, 0.75, 0.30, 0.70], rule.quantiles)
    agree, against = (_within(ratings, band) for band in (rule.agree, rule.against))
    if rule.scale != RAND_SCALE:
        p30 = p70 = missing
    ipr, centre = p70 - p30, (p30 + p70) / 2
    asymmetry = abs(MIDDLE - centre)
    limit = CONSTANT + FACTOR * asymmetry
    share = 100 / out_of if out_of else missing
    return ItemStatistics(
        n=n,
        median=middle,
        q1=q1,
        q3=q3,
        iqr=q3 - q1,
        agree=agree,
        percent_agree=agree * share,
        against=against,
        percent_against=against * share,
        p30=p30,
        p70=p70,
        ipr=ipr,
        iprcp=centre,
        asymmetry=asymmetry,
        ipras=limit,
        disagreement=None if np.isnan(ipr) else bool(ipr > limit),
    )


def quantiles(ratings: np.ndarray, at: list[float], kind: str) -> list[float]:
    """Return quantiles by the rule's interpolation; NaN for no ratings."""
    if not len(ratings):
        return [float("nan")] * len(at)
    found = np.quantile(ratings, at, method=kind)  # type: ignore[call-overload]
    return [float(one) for one in found]


def judged(
    found: ItemStatistics, ratings: np.ndarray, rule: DelphiRule, *, at_least: float | None = None
) -> tuple[bool | None, str]:
    """Return whether the ratings reach consensus by the rule, and why in words.

    Parameters
    ----------
    found : ItemStatistics
        Of these ratings.
    ratings : ndarray
        Those who rated.
    rule : DelphiRule
        The rule.
    at_least : float, optional
        Another threshold than the rule's, for a sensitivity analysis of ``"percent"``.

    Returns
    -------
    bool or None, str
        None where nobody rated.
    """
    if not found.n:
        return None, "nobody rated it"
    if rule.consensus == "percent":
        return _by_percent(found, rule, rule.at_least if at_least is None else at_least)
    if rule.consensus == "iqr":
        limit = rule.iqr_at_most or 0.0
        return found.iqr <= limit, f"IQR {found.iqr:g} (at most {limit:g})"
    if rule.consensus == "median_band":
        return _by_band(found, ratings, rule.outside or 0)
    low, high = rule.agree or RAND_SCALE
    inside = low <= found.median <= high
    words = f"median {found.median:g} (needs {low} to {high}); IPR {found.ipr:.2f}, "
    words += f"IPRAS {found.ipras:.2f}: " + ("" if found.disagreement else "no ") + "disagreement"
    return inside and not found.disagreement, words


def _by_percent(
    found: ItemStatistics, rule: DelphiRule, at_least: float | None
) -> tuple[bool, str]:
    least = at_least or 0.0
    # From the counts, so that 7 of 10 is 70% and not a little less.
    reached = found.percent_agree >= least - 1e-9
    words = f"{found.percent_agree:.1f}% agree (at least {least:g}%)"
    if rule.under is not None:
        reached = reached and found.percent_against < rule.under - 1e-9
        words += f"; {found.percent_against:.1f}% against (under {rule.under:g}%)"
    return reached, words


def _by_band(found: ItemStatistics, ratings: np.ndarray, outside: int) -> tuple[bool, str]:
    """Count the ratings outside the third that contains the median.

    A median halfway between two thirds (3.5 or 6.5) is in neither.
    """
    third = next((low for low in (1, 4, 7) if low <= found.median <= low + 2), None)
    if third is None:
        return False, f"the median, {found.median:g}, lies between two thirds of the scale"
    beyond = int(((ratings < third) | (ratings > third + 2)).sum())
    return beyond <= outside, f"{beyond} outside {third} to {third + 2} (at most {outside})"


def _within(ratings: np.ndarray, band: tuple[int, int] | None) -> float:
    if band is None:
        return float("nan")
    return float(((ratings >= band[0]) & (ratings <= band[1])).sum())


def as_row(found: ItemStatistics) -> dict[str, object]:
    """Return the statistics as cells of a table."""
    return asdict(found)
