"""Imprecision: the interval against what matters, and the participants against what is needed."""

from __future__ import annotations

import math

import numpy as np

from arrowroot.display import number
from arrowroot.text import counted
from synthesis import checks
from synthesis.appraisal.certainty.body import Body
from synthesis.appraisal.certainty.levels import Proposal
from synthesis.appraisal.certainty.reasons.rules import OURS, CertaintyRules
from synthesis.appraisal.certainty.size import Size
from synthesis.appraisal.readings.information_size import optimal_information_size
from synthesis.appraisal.readings.risks import risk_with

APPRECIABLE = (0.75, 1.25)
"""Relative risks beyond which an effect is appreciable where nothing else is known (GRADE 6)."""

_SOURCE = "GRADE guidance 34 and 35 (2022); Core GRADE 2 (2025)"


def imprecision(
    body: Body, size: Size | None, rules: CertaintyRules, risk: float | None
) -> Proposal:
    """Propose how far to rate down for imprecision.

    Parameters
    ----------
    body, size : Body, Size
        What is rated; `size` is None where no number is known.
    rules : CertaintyRules
        The numbers of the rules.
    risk : float or None
        Risk without the intervention, for the optimal information size.
    """
    if size is None or size.limits is None:
        what = "no effect is printed" if body.triple is None else "no interval is printed"
        return Proposal(None, f"{what}", "the interval is needed", _SOURCE)
    inside = size.crossed(size.limits)
    span = f"the {100 * body.level:g}% interval"
    needed, said = _information(body, size, rules, risk)
    if not size.cuts:
        return _against_no_effect(body, span, inside, needed, said, rules)
    rule = (
        f"{counted(rules.levels_per_boundary, 'level')} for each boundary inside the interval "
        f"({OURS}: how many); none inside: {_few(rules)}"
    )
    if inside:
        levels = -min(3, inside * rules.levels_per_boundary)
        reason = f"{span} includes {inside} of the boundaries {size.words}"
        return Proposal(levels, _joined(reason, said), rule, _SOURCE)
    levels = _missing(body, needed, rules)
    reason = f"{span} includes none of the boundaries {size.words}"
    return Proposal(levels, _joined(reason, said), rule, _SOURCE)


def _against_no_effect(
    body: Body, span: str, inside: int, needed: float | None, said: str, rules: CertaintyRules
) -> Proposal:
    """Without a minimal important difference: no effect, and for ratios 0.75 and 1.25."""
    rule = (
        "without a minimal important difference: one level where the interval includes no effect; "
        f"where it does not: {_few(rules)}"
    )
    source = "Core GRADE 2 (2025)"
    low, high = (body.measure.back(limit) for limit in (body.triple or (math.nan,) * 3)[1:])
    if not inside:
        reason = _joined(f"{span} excludes no effect; no minimal important difference given", said)
        return Proposal(_missing(body, needed, rules), reason, rule, source)
    levels = -1
    reason = f"{span} includes no effect"
    if body.kind in ("rr", "or", "hr"):
        rule += "; two levels where it includes no effect, 0.75 and 1.25"
        source += "; GRADE guidelines 6 (2011)"
        if low < APPRECIABLE[0] and high > APPRECIABLE[1]:
            levels, reason = -2, f"{reason}, and both 0.75 and 1.25"
    reason += "; no minimal important difference given"
    return Proposal(levels, _joined(reason, said), rule, source)


def _few(rules: CertaintyRules) -> str:
    """Return the rule on participants in words."""
    return (
        f"where the effect is large (relative risk reduction above {100 * rules.rrr_large:g}%, SMD "
        f"of {rules.smd_large:g}, {OURS}), one level where the optimal information size is missed, "
        f"two below {100 * rules.far_from_size:g}% of it ({OURS})"
    )


def _missing(body: Body, needed: float | None, rules: CertaintyRules) -> int:
    """Return the levels where no boundary is inside: those of too few participants."""
    if needed is None or body.participants is None or body.participants >= needed:
        return 0
    if not _is_large(body, rules):
        return 0
    return -2 if body.participants < rules.far_from_size * needed else -1


def _is_large(body: Body, rules: CertaintyRules) -> bool:
    """Whether an effect is so large that few participants make it doubtful."""
    value = body.estimate
    if body.kind in ("rr", "or", "hr"):
        return math.exp(-abs(value)) < 1 - rules.rrr_large
    if body.kind == "smd":
        return abs(value) >= rules.smd_large
    sd = _pooled_sd(body) if body.measure.name == "md" else None
    return sd is not None and abs(value) / sd >= rules.smd_large


def _information(
    body: Body, size: Size, rules: CertaintyRules, risk: float | None
) -> tuple[float | None, str]:
    """Return the optimal information size, and what is said of it."""
    needed, on = None, ""
    cut = None if size.is_absolute or not size.cuts else size.cuts[0]
    if body.kind == "smd":
        smd = rules.smd_small if cut is None else cut
        needed, on = optimal_information_size(smd=smd), f"for an SMD of {smd:g}"
    elif body.kind in ("rr", "or", "hr"):
        if risk is None:
            return None, "optimal information size not calculated: give the baseline risk"
        needed = optimal_information_size(baseline=risk, rrr=rules.rrr)
        on = f"for a risk of {risk:g} reduced by {100 * rules.rrr:g}%"
    elif body.measure.name == "md" and cut is not None and (sd := _pooled_sd(body)):
        needed = optimal_information_size(smd=cut / sd)
        on = f"for {cut:g} at a pooled SD of {number(sd)}"
    if needed is None:
        return None, ""
    if body.participants is None:
        return needed, (
            f"optimal information size {needed:,.0f} {on}; the participants are not known"
        )
    relation = "missed" if body.participants < needed else "reached"
    return needed, (
        f"optimal information size {needed:,.0f} {on}, {relation} with {body.participants:,}"
    )


def _pooled_sd(body: Body) -> float | None:
    """Return the SD of all arms together, where every study prints it."""
    if body.fit is None or not {"sd_t", "sd_c", "n_t", "n_c"} <= set(body.fit.studies.columns):
        return None
    sds, sizes = (
        np.array([checks.as_numbers(body.fit.studies[f"{name}_{arm}"]) for arm in "tc"])
        for name in ("sd", "n")
    )
    if np.isnan(sds).any() or np.isnan(sizes).any() or (sizes <= 1).any():
        return None
    return float(np.sqrt(((sizes - 1) * sds**2).sum() / (sizes - 1).sum()))


def relative_risk(body: Body, risk: float | None) -> tuple[float, float, float] | None:
    """Return the effect as a risk ratio, with its limits; None where the risk is needed."""
    printed = body.printed()
    if printed is None or body.kind not in ("rr", "or", "hr"):
        return None
    values = np.array([1 / one for one in printed] if body.turned == "all" else printed)
    if body.kind != "rr":
        if risk is None:
            return None
        values = risk_with(body.kind, values, risk) / risk
    value, one, other = (float(each) for each in values)
    return value, min(one, other), max(one, other)


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
