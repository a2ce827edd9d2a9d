"""The certainty of the evidence on one outcome: proposals by rule, judgements by people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from arrowroot.errors import OptionError
from arrowroot.frames import TextTable
from arrowroot.options import one_of
from arrowroot.text import label, shortened
from synthesis.appraisal.certainty.body import Body, body_of
from synthesis.appraisal.certainty.fingerprint import fingerprints
from synthesis.appraisal.certainty.inputs import (
    baseline_risks,
    declared_mid,
    more_is_better,
    read_outcome,
    risks_with,
    window_label,
    window_names,
)
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
from synthesis.appraisal.certainty.reasons.imprecision import imprecision
from synthesis.appraisal.certainty.reasons.inconsistency import inconsistency
from synthesis.appraisal.certainty.reasons.others import (
    applicability_rows,
    indirectness,
    publication_bias,
    rating_up,
)
from synthesis.appraisal.certainty.reasons.risk_of_bias import (
    judged_rows,
    overall_judgements,
)
from synthesis.appraisal.certainty.reasons.risk_of_bias import (
    risk_of_bias as propose_risk_of_bias,
)
from synthesis.appraisal.certainty.reasons.rules import CertaintyRules, read_rules
from synthesis.appraisal.certainty.reported import ReportedEffect
from synthesis.appraisal.certainty.result import PROPOSED, Certainty, level_of
from synthesis.appraisal.certainty.sheet import Judgements
from synthesis.appraisal.certainty.size import check_mid, size_of
from synthesis.appraisal.certainty.wording import is_plural, plain_sentence, within_sentence
from synthesis.appraisal.readings.absolute import AbsoluteEffect
from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias
from synthesis.outcomes import DIRECTIONS, Outcome
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from synthesis.pooling.subgroups import SubgroupAnalysis


THEN = "no reason was given, and what was proposed then is not recorded"
"""The reason of a judgement of other data that has none."""
PER = 1000
"""How many people risks are given for, unless somebody wants another number."""


def certainty(
    fit: MetaAnalysis | ReportedEffect,
    *,
    mid: float | None = None,
    baseline: float | Sequence[float] | Mapping[str, float] | str | None = None,
    risk_of_bias: RiskOfBias
    | Sequence[RiskOfBias]
    | pd.DataFrame
    | Mapping[str, str]
    | None = None,
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
    per: float = PER,
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
    risk_of_bias : RiskOfBias, list of them, DataFrame or mapping, optional
        The overall judgement of each study: ``"low"``, ``"some concerns"`` or ``"high"``; a table
        has columns ``study`` and ``judgement``. Of several outcomes or windows the one that the
        effects, or `outcome` and `follow_up`, name is taken, or the one chosen with
        ``rob.for_result``. What is only proposed counts as not judged; what assessors differ on
        has to be settled first. Several are for trials that needed several tools.
    design : {"rct", "nrsi", "nrsi_robins_i"}
        Where the evidence starts: high for randomised trials, low for other studies, or high
        for other studies judged with ROBINS-I.
    judged : mapping or Judgements, optional
        What people decided, by reason: levels and why, as ``{"imprecision": (-1, "few
        events")}`` or ``("serious", "few events")``. Levels are negative for down, 0 for none,
        and None where a reason cannot be judged. A third element is the fingerprint of what was
        judged. `Certainty.read` reads judgements from a sheet.
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
    about = read_outcome(outcome)
    body = body_of(fit, about)
    about = body.outcome or Outcome("outcome", "the outcome", measure=body.measure.name)
    one_of("design", design, list(STARTS))
    if better:
        one_of("better", better, DIRECTIONS)
    rule = read_rules(rules)
    mid = check_mid(body.measure, declared_mid(mid, about, body, thresholds))
    risks = baseline_risks(baseline, about, body)
    first = next(iter(risks.values()), None)
    follow_up = label(follow_up) or window_label(body, about)
    size = size_of(body, mid, thresholds, risks, per)
    windows = window_names(body, about, follow_up)
    overall, beyond = overall_judgements(risk_of_bias, body, windows)
    names = {"intervention": label(intervention), "comparator": label(comparator)}
    for name, said in names.items():
        if not said:
            raise OptionError(f"{name} must not be empty; it stands in every sentence.")
    decided = (
        judged.of(about, follow_up, **names)
        if isinstance(judged, Judgements)
        else read_judged(judged)
    )
    unasked = judged.left_out(about, decided) if isinstance(judged, Judgements) else ""
    if size is not None and size.is_absolute and mid is not None:
        unused = f"mid ({mid:g}) is not used: the size is judged against thresholds of events."
    else:
        unused = ""
    start = STARTS[design]
    proposed = {
        "risk of bias": propose_risk_of_bias(body, overall, beyond, rule),
        "inconsistency": inconsistency(body, size, rule, subgroups),
        "indirectness": indirectness(applicability),
        "imprecision": imprecision(body, size, rule, first),
        "publication bias": publication_bias(body, rule),
    }
    down = {domain: _counted(proposed[domain], decided.get(domain)) for domain in DOWN}
    proposed |= rating_up(body, start, rated_down=any(down.values()), risk=first)
    prints = fingerprints(
        body,
        {
            "mid": mid,
            "thresholds": _numbers(thresholds),
            "baseline": risks,
            "design": design,
            # Thresholds of events are per so many people; elsewhere this changes nothing.
            **({"per": per} if size is not None and size.is_absolute and per != PER else {}),
        },
        {
            "risk of bias": judged_rows(overall, body),
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
    effects_at = risks_with(body, risks, per)
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
        risks=effects_at,
        per=per,
        body=body,
        size=size,
        fingerprints=prints,
        more_is_better=more_is_better(body, about, better),
        notes=(
            *flags,
            *([unused] if unused else []),
            *_cut(effects_at),
            f"Start: {START_SOURCES[design]}.",
            *_unpooled(body),
            *_unfiled(decided),
            *([unasked] if unasked else []),
        ),
        **names,
    )


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
        old = bool(judged and judged.fingerprint and judged.fingerprint != prints[domain])
        if judged is not None and not old:  # what an old judgement agreed with is not known
            _needs_reason(domain, judged, proposal)
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
                "reason": held.reason or (THEN if old else proposal.reason),
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
