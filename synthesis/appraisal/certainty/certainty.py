"""The certainty of the evidence on one outcome: proposals by rule, judgements by people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.frames import TextTable
from arrowroot.options import one_of
from arrowroot.text import label, shortened
from synthesis import checks
from synthesis.appraisal.certainty.body import Body, body_of
from synthesis.appraisal.certainty.fingerprint import fingerprints
from synthesis.appraisal.certainty.imprecision import imprecision
from synthesis.appraisal.certainty.inconsistency import inconsistency
from synthesis.appraisal.certainty.levels import (
    DOMAINS,
    DOWN,
    LEVELS,
    NO_PROPOSAL,
    NOT_JUDGED,
    START_SOURCES,
    STARTS,
    Judged,
    Proposal,
    read_judged,
    words_of,
)
from synthesis.appraisal.certainty.others import (
    applicability_rows,
    indirectness,
    publication_bias,
    rating_up,
)
from synthesis.appraisal.certainty.reported import ReportedEffect
from synthesis.appraisal.certainty.result import PROPOSED, Certainty, level_of
from synthesis.appraisal.certainty.risk_of_bias import (
    judged_frame,
    overall_judgements,
)
from synthesis.appraisal.certainty.risk_of_bias import (
    risk_of_bias as propose_risk_of_bias,
)
from synthesis.appraisal.certainty.rules import CertaintyRules, read_rules
from synthesis.appraisal.certainty.sheet import Judgements
from synthesis.appraisal.certainty.size import check_mid, size_of
from synthesis.appraisal.certainty.wording import is_plural, plain_sentence, within_sentence
from synthesis.appraisal.readings.absolute import AbsoluteEffect, at_one_risk, named_risks
from synthesis.outcomes import DIRECTIONS, Outcome, read_outcomes
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from synthesis.pooling.subgroups import SubgroupAnalysis

OF_STUDIES = "studies"
"""The baseline that is the median of the control arms' risks."""


def certainty(
    fit: MetaAnalysis | ReportedEffect,
    *,
    mid: float | None = None,
    baseline: float | Sequence[float] | Mapping[str, float] | str | None = None,
    risk_of_bias: Any = None,
    design: str = "rct",
    judged: Mapping[str, Any] | Judgements | None = None,
    thresholds: float | Sequence[float] = (),
    outcome: Outcome | Mapping[str, Any] | str | None = None,
    follow_up: str = "",
    intervention: str = "the intervention",
    comparator: str = "the comparator",
    plural: bool | None = None,
    better: str = "",
    subgroups: SubgroupAnalysis | None = None,
    applicability: Any = None,
    rules: CertaintyRules | Mapping[str, Any] | None = None,
    per: float = 1000,
) -> Certainty:
    """Rate the certainty of the evidence on one outcome (GRADE).

    A rule proposes for each reason how far to rate down or up, with the numbers it looked at; a
    person decides. Until then the level is said to be proposed, not judged.

    Parameters
    ----------
    fit : MetaAnalysis or ReportedEffect
        The pooled effect; or one that a review prints, whose studies are not at hand.
    mid : float, optional
        Minimal important difference as readers see it: a ratio for ratios (0.8 and 1.25 say the
        same), else a difference; it holds in both directions. By default that of the outcome.
    baseline : float, sequence, mapping or ``"studies"``, optional
        Risk without the intervention, between 0 and 1, for effects on events: one, several, or
        by the name of a group of people; ``"studies"`` takes the median of the control arms. By
        default that of the outcome. Size and imprecision are judged at the first.
    risk_of_bias : RiskOfBias, DataFrame or mapping, optional
        The overall judgement of each study: ``"low"``, ``"some concerns"`` or ``"high"``.
    design : {"rct", "nrsi", "nrsi_robins_i"}
        Where the evidence starts: high for randomised trials, low for other studies, or high
        for other studies judged with ROBINS-I.
    judged : mapping or Judgements, optional
        What people decided, by reason: levels and why, as ``{"imprecision": (-1, "few
        events")}``. Levels are negative for down, 0 for none, and None where a reason cannot be
        judged. A third element is the fingerprint of what was judged. `Certainty.read` reads
        judgements from a sheet.
    thresholds : float or sequence of float, optional
        Up to three boundaries between trivial, small, moderate and large effects: events per
        `per` people where the effect is one on events and the baseline is known; else as `mid`,
        which then is the first of them.
    outcome : Outcome, mapping or str, optional
        What the effect is on; by default as declared with the effects.
    follow_up : str
        When it was measured; by default the label of the window, if the effects have one.
    intervention, comparator : str
        As within a sentence, such as ``"case management"`` and ``"usual care"``.
    plural : bool, optional
        Whether sentences say "stockings reduce" or "care reduces"; by default guessed from
        `intervention`.
    better : {"higher", "lower"}, optional
        Which is better, where neither the outcome nor the effects say so.
    subgroups : SubgroupAnalysis, optional
        Groups that may explain why studies differ.
    applicability : ApplicabilityTable, optional
        A logic model's judgements (``model.applicability()``), shown where indirectness is judged.
    rules : mapping or CertaintyRules, optional
        Numbers of the rules to change, such as ``{"high_weight": 60}``; see `CertaintyRules`.
    per : float
        How many people risks are given for.

    Returns
    -------
    Certainty

    Raises
    ------
    OptionError
        An option has no such value; the message lists its values.
    DataError
        The effect cannot be rated, or risk-of-bias judgements cannot be read.

    References
    ----------
    Core GRADE 1 to 7, BMJ 2025;389; GRADE guidelines 1 to 9 (J Clin Epidemiol 2011) and guidance
    26, 34 and 35. Numbers that no guidance gives are ours, named so, and can be changed.

    Examples
    --------
    >>> table = pd.DataFrame({"study": ["A", "B", "C"], "yi": [0.4, 0.5, 0.6], "vi": [0.01] * 3})
    >>> from synthesis.pooling.model import meta_analysis
    >>> fit = meta_analysis(table, measure="smd", ci="wald")
    >>> found = certainty(fit, mid=0.2, risk_of_bias={"A": "low", "B": "low", "C": "high"})
    >>> found.level, found.status
    ('high', 'proposed, not judged')
    """
    about = _outcome(outcome)
    body = body_of(fit, about)
    about = body.outcome or Outcome("outcome", "the outcome", measure=body.measure.name)
    one_of("design", design, list(STARTS))
    if better:
        one_of("better", better, DIRECTIONS)
    rule = read_rules(rules)
    mid = check_mid(body.measure, _mid(mid, about, body, thresholds))
    risks = _risks(baseline, about, body)
    first = next(iter(risks.values()), None)
    follow_up = label(follow_up) or _window(body, about)
    size = size_of(body, mid, thresholds, risks, per)
    overall = overall_judgements(risk_of_bias, body, _windows(body, about, follow_up))
    names = {"intervention": label(intervention), "comparator": label(comparator)}
    for name, said in names.items():
        if not said:
            raise OptionError(f"{name} must not be empty; it stands in every sentence.")
    decided = (
        judged.of(about, follow_up, **names)
        if isinstance(judged, Judgements)
        else read_judged(judged)
    )
    if size is not None and size.is_absolute and mid is not None:
        unused = f"mid ({mid:g}) is not used: the size is judged against thresholds of events."
    else:
        unused = ""
    start = STARTS[design]
    proposed = {
        "risk of bias": propose_risk_of_bias(body, overall, rule),
        "inconsistency": inconsistency(body, size, rule, subgroups),
        "indirectness": indirectness(applicability),
        "imprecision": imprecision(body, size, rule, first),
        "publication bias": publication_bias(body, rule),
    }
    down = {domain: _counted(proposed[domain], decided.get(domain)) for domain in DOWN}
    proposed |= rating_up(body, start, rated_down=any(down.values()), risk=first)
    prints = fingerprints(
        body,
        {"mid": mid, "thresholds": _numbers(thresholds), "baseline": risks, "design": design},
        {
            "risk of bias": judged_frame(overall, body),
            "indirectness": [list(row.values()) for row in applicability_rows(applicability)],
            "inconsistency": None if subgroups is None else [subgroups.by, subgroups.q_between],
        },
    )
    domains, stale = _table(proposed, decided, prints)
    levels = {domain: _counted(proposed[domain], decided.get(domain)) for domain in DOMAINS}
    unjudgeable = [one for one, found in decided.items() if found.levels is None]
    level = NOT_JUDGED if unjudgeable else level_of(start, levels, LEVELS)
    asked = DOWN if start == "high" else DOMAINS
    done = sum(domain in decided for domain in asked)
    status = "judged" if done == len(asked) else "in part judged" if decided else PROPOSED
    risks_with = _absolute(body, risks, per)
    happens, besides, flags = plain_sentence(
        level,
        size,
        names["intervention"],
        within_sentence(about.label),
        plural=is_plural(names["intervention"]) if plural is None else plural,
    )
    if body.reported is not None and body.triple is None:
        happens = f"No number is printed: {body.reported.conclusion}"
        flags = ["Without a number, nothing can be said of the size or direction of the effect."]
    return Certainty(
        domains=domains,
        level=level,
        status=status,
        start=start,
        stale=stale,
        outcome=about,
        follow_up=follow_up,
        design=design,
        happens=happens,
        besides=besides,
        mid=mid,
        risks=risks_with,
        per=per,
        body=body,
        size=size,
        fingerprints=prints,
        more_is_better=_more_is_better(body, about, better),
        notes=(
            *flags,
            *([unused] if unused else []),
            *_cut(risks_with),
            f"Start: {START_SOURCES[design]}.",
            *_unpooled(body),
            *_unfiled(decided),
        ),
        **names,
    )


def _outcome(given: Outcome | Mapping[str, Any] | str | None) -> Outcome | None:
    if given is None or isinstance(given, Outcome):
        return given
    return read_outcomes([{"id": given} if isinstance(given, str) else given])[0]


def _mid(mid: float | None, about: Outcome, body: Body, thresholds: Any) -> float | None:
    if mid is not None or about.mid is None or np.size(thresholds):
        return mid
    if about.measure != body.measure.name:
        raise DataError(
            f"outcome {about.id!r} declares a minimal important difference as {about.measure!r}, "
            f"and this effect is {body.measure.name!r}: give mid=..."
        )
    return about.mid


def _risks(baseline: Any, about: Outcome, body: Body) -> dict[str, float]:
    if baseline is None:
        baseline = about.baseline if body.is_of_events else None
    elif not body.is_of_events:
        raise OptionError(
            f"baseline is for effects on events; this one is {body.measure.name!r} "
            f"({body.measure.label}). Leave it out, or see interpret for other readings."
        )
    if isinstance(baseline, str):
        if baseline != OF_STUDIES:
            raise OptionError(
                f"baseline must be a risk such as 0.2, or {OF_STUDIES!r}; got {baseline!r}."
            )
        return {"median of the control arms": _median_risk(body)}
    return named_risks(baseline)


def _median_risk(body: Body) -> float:
    if body.fit is None or not {"events_c", "n_c"} <= set(body.fit.studies.columns):
        raise DataError(
            f"baseline={OF_STUDIES!r} needs the control arms: columns 'events_c' and 'n_c'. Give "
            "the risk as a number, such as baseline=0.2."
        )
    events, people = (checks.as_numbers(body.fit.studies[name]) for name in ("events_c", "n_c"))
    risk = float(np.nanmedian(events / people))
    if not 0 < risk < 1:
        raise DataError(
            f"baseline={OF_STUDIES!r}: the median risk of the control arms is {risk:g}, at which "
            "no ratio can be read. Give a risk between 0 and 1."
        )
    return risk


def _window(body: Body, about: Outcome) -> str:
    """Return the label of the one window that the effects are of."""
    name = _window_id(body)
    window = about.window(name) if name else None
    return name if window is None else window.label


def _window_id(body: Body) -> str:
    """Return the id of the window, where all effects are of one."""
    if body.fit is None or "window" not in body.fit.studies.columns:
        return ""
    held = {label(one) for one in body.fit.studies["window"]} - {""}
    return held.pop() if len(held) == 1 else ""


def _windows(body: Body, about: Outcome, follow_up: str) -> tuple[str, ...]:
    """Return every name of the window, by any of which other tables may call it."""
    declared = about.window(follow_up) or about.window(_window_id(body))
    names = (follow_up, _window_id(body), *((declared.id, declared.label) if declared else ()))
    return tuple(dict.fromkeys(filter(None, names)))


def _absolute(body: Body, risks: Mapping[str, float], per: float) -> dict[str, AbsoluteEffect]:
    printed = body.printed()
    if printed is None or not body.is_of_events or math.isnan(body.event_sign):
        return {}
    if not risks and body.kind != "rd":
        return {}
    if body.turned == "all":
        flipped = [1 / one if body.measure.is_ratio else -one for one in printed]
        printed = flipped[0], min(flipped[1:]), max(flipped[1:])
    value, low, high = printed
    limits = None if math.isnan(low) else (low, high)
    at: Mapping[str, float | None] = risks or {"": None}
    found = {}
    for name, risk in at.items():
        one = at_one_risk(body.measure.name, value, limits, risk, per)
        found[name] = one
    return found


def _more_is_better(body: Body, about: Outcome, better: str) -> str:
    """Return whether more of the outcome is better: ``"yes"``, ``"no"``, or empty if not known."""
    if body.turned == "all":
        return "no"  # signs are turned only where lower is declared better
    said = "" if body.turned == "some" else better or about.direction
    return {"higher": "yes", "lower": "no"}.get(said, "")


def _numbers(thresholds: Any) -> list[float]:
    return [float(one) for one in np.atleast_1d(np.asarray(thresholds, dtype=float))]


def _counted(proposal: Proposal, judged: Judged | None) -> int | None:
    return proposal.levels if judged is None else judged.levels


def _table(
    proposed: Mapping[str, Proposal], decided: Mapping[str, Judged], prints: Mapping[str, str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    rows, stale = [], []
    for domain in DOMAINS:
        proposal, judged = proposed[domain], decided.get(domain)
        if judged is not None:
            _needs_reason(domain, judged, proposal)
        old = bool(judged and judged.fingerprint and judged.fingerprint != prints[domain])
        if old:
            stale.append(domain)
        held = judged or Judged(proposal.levels)
        word = words_of(domain, held.levels) if judged else NOT_JUDGED
        rows.append(
            {
                "domain": domain,
                "proposed": NO_PROPOSAL
                if proposal.levels is None
                else words_of(domain, proposal.levels),
                "judgement": word,
                "levels": held.levels,
                "reason": held.reason or proposal.reason,
                "rule": proposal.rule,
                "source": proposal.source,
                "basis": proposal.reason,
                "assessor": held.assessor,
                "date": held.date,
                "stale": old,
                "judged": judged is not None,
                "fingerprint": (held.fingerprint or prints[domain]) if judged else "",
            }
        )
    table = TextTable(rows)
    table["levels"] = table["levels"].astype("Int64")
    return table, tuple(stale)


def _needs_reason(domain: str, judged: Judged, proposal: Proposal) -> None:
    if judged.reason or (judged.levels is not None and judged.levels == proposal.levels):
        return
    if judged.levels is None:
        what = "it cannot be judged"
    elif proposal.levels is None:
        what = "there is no proposal to agree with" if judged.levels == 0 else "it is rated"
    else:
        what = f"the judgement differs from the proposal ({proposal.levels})"
    levels = judged.levels
    raise OptionError(
        f"judged: {domain!r} needs a reason, since {what}: write {{{domain!r}: ({levels}, 'why')}}."
    )


def _cut(risks: Mapping[str, AbsoluteEffect]) -> list[str]:
    """Return what to say of risks that the effect would lead beyond 0 or 1."""
    return list(dict.fromkeys(note for one in risks.values() for note in one.notes))


def _unpooled(body: Body) -> list[str]:
    """Return who is missing from the pooled effect, as a reader must know."""
    if body.fit is None or body.fit.excluded.empty:
        return []
    names = [label(one) for one in body.fit.excluded["study"]]
    return [f"Not pooled: {shortened(names)}."]


def _unfiled(decided: Mapping[str, Judged]) -> list[str]:
    bare = [
        domain
        for domain, one in decided.items()
        if one.filed and not one.fingerprint and one.levels is not None
    ]
    if not bare:
        return []
    return [
        f"The sheet does not say what was judged ({', '.join(bare)}): whether the data have "
        "changed since cannot be seen."
    ]
