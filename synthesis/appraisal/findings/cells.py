"""What stands in the cells of a summary of findings and of an evidence profile."""

from __future__ import annotations

import math

import pandas as pd

from arrowroot.display import NOT_ESTIMATED, number
from arrowroot.text import capitalised
from synthesis import checks
from synthesis.appraisal.certainty.levels import DOWN, NOT_JUDGED, UP
from synthesis.appraisal.certainty.result import Certainty
from synthesis.appraisal.findings.printed import Cell, Footnotes
from synthesis.appraisal.readings.absolute import AbsoluteEffect
from synthesis.appraisal.readings.needed import directed, spanned, whole

FINDINGS = (
    "Outcome",
    "Risk with {comparator}",
    "Risk with {intervention} ({level} CI)",
    "Relative effect ({level} CI)",
    "Participants (studies)",
    "Certainty of the evidence (GRADE)",
    "What happens",
)
FINDINGS_WIDTHS = (1.5, 1.2, 1.6, 1.3, 1.2, 1.6, 2.4)
PROFILE = (
    "Outcome",
    "Studies (design)",
    *(domain.capitalize() for domain in DOWN),
    "Other considerations",
    "Participants",
    "Relative effect",
    "Absolute effect",
    "Certainty",
    "Importance",
)
PROFILE_WIDTHS = (1.4, 1.0, 1.1, 1.2, 1.1, 1.1, 1.1, 1.2, 1.1, 1.2, 1.4, 1.4, 1.0)
_DESIGNS = {
    "rct": "randomised trials",
    "nrsi": "not randomised",
    "nrsi_robins_i": "not randomised (ROBINS-I)",
}


def finding(one: Certainty, footnotes: Footnotes) -> tuple[Cell, ...]:
    """Return the cells of one row of a summary of findings."""
    effect = effect_cells(one, footnotes)
    certain = footnotes.marks(one.reasons())
    flags = footnotes.marks(flagged(one))
    symbols = (one.symbols,) if one.symbols else ()
    return (
        outcome_cell(one),
        comparator_cell(one),
        *effect,
        (participants(one),),
        (*symbols, f"{one.certainty_in_words}{certain}"),
        (f"{one.what_happens}{flags}",),
    )


def flagged(one: Certainty) -> list[str]:
    """Return what a reader should know of an effect, apart from where its design starts."""
    return [note for note in one.notes if not note.startswith("Start:")]


def effect_cells(one: Certainty, footnotes: Footnotes) -> tuple[Cell, Cell]:
    """Return the cells with what the intervention does, and with the relative effect."""
    *lines, last = intervention_cell(one)
    ratio, turned = relative(one), footnotes.marks(turned_note(one))
    if ratio == NOT_ESTIMATED:
        return (*lines, last + turned), (ratio,)
    return (*lines, last), (ratio + turned,)


def outcome_cell(one: Certainty) -> Cell:
    """Return the outcome, its follow-up, and which scores are better."""
    lines = [capitalised(one.outcome.label)]
    if one.follow_up:
        lines.append(f"Follow-up: {one.follow_up}")
    if not one.body.is_of_events and one.outcome.direction:
        lines.append(f"{capitalised(one.outcome.direction)} is better")
    return tuple(lines)


def comparator_cell(one: Certainty) -> Cell:
    """Return the risks without the intervention, or the means of the control arms."""
    if one.risks:
        return tuple(
            _named(name, NOT_ESTIMATED if at.baseline is None else _per(one, at.baseline))
            for name, at in one.risks.items()
        )
    fit = one.body.fit
    if fit is not None and one.body.measure.name == "md" and "mean_c" in fit.studies.columns:
        means = checks.as_numbers(fit.studies["mean_c"])
        if not pd.isna(means).any():
            low, high = number(float(means.min())), number(float(means.max()))
            return (f"Means from {low} to {high}",) if low != high else (f"Mean {low}",)
    return (NOT_ESTIMATED,)


def intervention_cell(one: Certainty) -> Cell:
    """Return the risks with the intervention and their differences, or the difference of means."""
    lines: list[str] = []
    for name, at in one.risks.items():
        if not math.isnan(at.risk[0]):
            low, high = (whole(one.per * limit) for limit in at.risk[1:])
            span = "" if math.isnan(at.risk[1]) else f" ({low} to {high})"
            said = _named(name, f"{_per(one, at.risk[0])}{span}")
            if len(one.risks) > 1 and not _is_named(name) and at.baseline is not None:
                said = f"At {_per(one, at.baseline)}: {said}"
            lines.append(said)
        lines.append(difference(one, at))
    if lines:
        return tuple(lines)
    printed = one.body.printed()
    if printed is None:
        return ("No number is printed",)
    if one.body.measure.is_ratio:
        return (NOT_ESTIMATED,)
    words = ("lower", "higher") if one.body.turned == "none" else ("worse", "better")
    said = spanned(printed, lambda value: directed(value, words, 2))
    return (f"{one.body.measure.abbreviation} {said}",)


def difference(one: Certainty, at: AbsoluteEffect) -> str:
    """Return a difference of risks in words: ``9 fewer per 1,000 (10 fewer to 7 fewer)``."""
    value, low, high = at.difference
    said = directed(value, ("fewer", "more"), 0)
    if value and whole(abs(value)) == "0":
        said = f"fewer than 1 {'more' if value > 0 else 'fewer'}"
    if math.isnan(low):
        return f"{said} per {one.per:,g}"
    span = " to ".join(directed(limit, ("fewer", "more"), 0) for limit in (low, high))
    return f"{said} per {one.per:,g} ({span})"


def relative(one: Certainty) -> str:
    """Return the relative effect; a dash for differences, which the cell beside it shows."""
    if one.body.printed() is None or not one.body.measure.is_ratio:
        return NOT_ESTIMATED
    return one.effect_in_words()


def turned_note(one: Certainty) -> list[str]:
    """Return what to say of an effect whose signs were turned."""
    if one.body.turned == "none":
        return []
    which = "all studies" if one.body.turned == "all" else "some studies"
    null = "1" if one.body.measure.is_ratio else "0"
    rest = "; risks are those of the event as it was counted" if one.risks else ""
    return [f"Signs of {which} were turned: above {null} is better{rest}."]


def participants(one: Certainty) -> str:
    """Return how many people, in how many studies."""
    studies = one.studies_in_words()
    people = one.body.participants
    if people is None:
        return f"Not known ({studies})" if studies else "Not known"
    return f"{people:,} ({studies})" if studies else f"{people:,}"


def evidence(one: Certainty, footnotes: Footnotes) -> tuple[Cell, ...]:
    """Return the cells of one row of an evidence profile."""
    table = {row["domain"]: row for _, row in one.domains.iterrows()}
    judged: list[Cell] = []
    for domain in DOWN:
        judged.append((_judged(table[domain], domain, footnotes),))
    other = [
        f"{domain}: {_judged(table[domain], domain, footnotes)}"
        for domain in (UP if one.start != "high" else ())
        if pd.isna(table[domain]["levels"]) or int(table[domain]["levels"])
    ]
    absolute, ratio = effect_cells(one, footnotes)
    arms = one.body.arms
    people = f"{one.intervention} {arms[0]:,}, {one.comparator} {arms[1]:,}" if arms else None
    symbols = (one.symbols,) if one.symbols else ()
    return (
        outcome_cell(one),
        (f"{one.studies_in_words() or 'not known'} ({_DESIGNS[one.design]})",),
        *judged,
        tuple(other) or ("none",),
        (people or participants(one),),
        ratio,
        absolute,
        (" ".join((*symbols, one.certainty_in_words)) + footnotes.marks(flagged(one)),),
        (one.outcome.importance or "not rated",),
    )


def _judged(row: pd.Series, domain: str, footnotes: Footnotes) -> str:
    levels = row["levels"]
    is_judged = row["judgement"] != NOT_JUDGED
    word = row["judgement"] if is_judged else row["proposed"]
    said = word if is_judged else NOT_JUDGED if pd.isna(levels) else f"{word} (proposed)"
    if row["stale"]:
        said += " (out of date)"
    reason = row["reason"].rstrip(".")
    asked = pd.isna(levels) or int(levels) or is_judged
    return said + footnotes.marks([f"{capitalised(domain)}: {reason}."] if asked and reason else [])


def _named(name: str, said: str) -> str:
    """Return a risk after the name of its group, if groups are named."""
    return f"{capitalised(name)}: {said}" if _is_named(name) else said


def _is_named(name: str) -> bool:
    return bool(name) and not name.replace(".", "", 1).isdigit()


def _per(one: Certainty, risk: float) -> str:
    people = whole(one.per * risk)
    return f"{'fewer than 1' if people == '0' and risk > 0 else people} per {one.per:,g}"
