"""Inconsistency: where the studies lie, whether they overlap, and what a new setting may bring."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from arrowroot.display import number, p_value
from arrowroot.errors import DataError
from arrowroot.options import thing
from arrowroot.text import counted
from synthesis.appraisal.certainty.body import Body
from synthesis.appraisal.certainty.levels import Proposal
from synthesis.appraisal.certainty.reasons.rules import OURS, CertaintyRules
from synthesis.appraisal.certainty.size import Size
from synthesis.appraisal.readings.needed import directed
from synthesis.pooling.engine.intervals import quantile
from synthesis.pooling.subgroups import SubgroupAnalysis

HETEROGENEITY = {0: (0, 1, 2), 1: (0, 0, 1), 2: (0, 0, 0)}
"""Concern by boundaries inside the confidence and the prediction interval: 0 none, 1 some, 2 major
(CINeMA 2.0; Nikolakopoulou et al. 2020, PLoS Med 17:e1003082)."""

_CONCERNS = ("no concern", "some concern", "major concern")
_SOURCE = (
    "Core GRADE 3 (2025): estimates about the threshold, overlap, subgroups, not I² alone; "
    "prediction interval as in CINeMA (Nikolakopoulou 2020)"
)


def inconsistency(
    body: Body, size: Size | None, rules: CertaintyRules, subgroups: SubgroupAnalysis | None
) -> Proposal:
    """Propose how far to rate down for inconsistency.

    Parameters
    ----------
    body, size : Body, Size
        What is rated; `size` is None where no number is known.
    rules : CertaintyRules
        The numbers of the rules.
    subgroups : SubgroupAnalysis or None
        Groups that may explain why studies differ.
    """
    rule = (
        f"three signs ({OURS}: how they combine): at least {rules.other_side:g}% of the weight on "
        f"the other side of the threshold ({OURS}); intervals of two studies that do not overlap; "
        "a prediction interval that includes more boundaries than the confidence interval. One "
        "level for two signs, two for all three with a major concern by the prediction interval; "
        f"one level less where subgroups differ (p < {rules.subgroup_p:g}, {OURS})"
    )
    if body.fit is None or size is None:
        return Proposal(None, "the effects of the studies are not at hand", rule, _SOURCE)
    if body.fit.k < 2:
        return Proposal(0, "one study: there is nothing to be inconsistent with", rule, _SOURCE)
    other = _other_side(body, size)
    apart = _apart(body)
    concern, predicted = _predicted(size)
    signs = (other >= rules.other_side) + (apart > 0) + (concern > 0)
    levels = -2 if signs == 3 and concern == 2 else -1 if signs >= 2 else 0
    reason = "; ".join(
        (
            f"{number(other, 0)}% of the weight on the other side of {_threshold(body, size)}",
            f"{counted(apart, 'pair')} of studies whose intervals do not overlap"
            if apart
            else "all intervals overlap",
            predicted,
            f"I² {number(body.fit.i2, 0)}% (not used)",
        )
    )
    if subgroups is not None:
        explained, said = _explained(subgroups, rules)
        levels = min(0, levels + explained)
        reason += f"; {said}"
    return Proposal(levels, reason, rule, _SOURCE)


def _threshold(body: Body, size: Size) -> str:
    """Return the boundary, or both, that the pooled effect is compared with, in words."""
    if not size.cuts:
        return "no effect"
    cut, pooled = size.cuts[0], size.triple[0]
    sides = (-cut, cut) if abs(pooled) < cut else (math.copysign(cut, pooled),)
    if size.is_absolute:
        return f"{' or '.join(directed(one, ('fewer', 'more'), 0) for one in sides)} events"
    sign = -1.0 if body.turned == "all" else 1.0
    seen = sorted(body.measure.back(sign * one) for one in sides)
    return f"{body.measure.abbreviation} {' or '.join(map(number, seen))}"


def _other_side(body: Body, size: Size) -> float:
    """Return the percentage of the weight on the other side of the threshold than the mean.

    A mean that is trivial has an important effect on either side; one that is important has on
    its other side all that is smaller, and what goes the other way.
    """
    studies = body.studies()
    pooled = size.triple[0]
    effects = size.place(studies["yi"].to_numpy(dtype=float))
    boundary = size.cuts[0] if size.cuts else 0.0
    if abs(pooled) < boundary:
        other = np.abs(effects) >= boundary
    else:
        other = (effects < boundary) if pooled >= 0 else (effects > -boundary)
    return float(studies.loc[other, "weight"].sum())


def _apart(body: Body) -> int:
    """Return how many pairs of studies have intervals without a common value."""
    studies = body.studies()
    half = quantile(body.level, None) * np.sqrt(studies["vi"].to_numpy(dtype=float))
    effects = studies["yi"].to_numpy(dtype=float)
    low, high = np.sort(effects - half), np.sort(effects + half)
    # A pair is apart if one ends before the other begins: count the ends before each beginning.
    return int(np.searchsorted(high, low, side="left").sum())


def _predicted(size: Size) -> tuple[int, str]:
    if size.prediction is None or size.limits is None:
        return 0, "there is no prediction interval"
    inside = min(2, size.crossed(size.limits)), min(2, size.crossed(size.prediction))
    concern = HETEROGENEITY[inside[0]][inside[1]]
    what = "boundary", "boundaries"
    return concern, (
        f"the prediction interval includes {counted(inside[1], *what)}, the confidence interval "
        f"{inside[0]} ({_CONCERNS[concern]})"
    )


def _explained(subgroups: Any, rules: CertaintyRules) -> tuple[int, str]:
    if not isinstance(subgroups, SubgroupAnalysis):
        raise DataError(
            f"subgroups: a result of subgroup_analysis is needed; got {thing(subgroups)}."
        )
    p = subgroups.p_value
    if p < rules.subgroup_p:
        return 1, (
            f"subgroups by {subgroups.by!r} differ (p {p_value(p)}): if that is credible, rate "
            "each group by itself"
        )
    return 0, f"subgroups by {subgroups.by!r} do not explain it (p {p_value(p)})"
