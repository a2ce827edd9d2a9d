"""Methods and results in sentences, each from what was really done and each with its source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import pandas as pd

from arrowroot import __version__
from arrowroot.display import number, p_value
from arrowroot.text import capitalised, counted, shortened
from synthesis.effects.routes.receipts import Receipt
from synthesis.labels import read_labels
from synthesis.measures import measure_named
from synthesis.plots.forest.notes import methods as model_in_words
from synthesis.pooling.engine.intervals import CI_NAMES
from synthesis.pooling.engine.tau2 import NAMES as TAU2_NAMES
from synthesis.review.analyses import Analysis
from synthesis.review.appraisals import Appraisals
from synthesis.review.assessed import assessed_sentence
from synthesis.review.inputs.declared import Declared
from synthesis.review.inputs.forms import Sensitivity
from synthesis.review.text.values import page_of

if TYPE_CHECKING:
    from synthesis.appraisal.certainty.result import Certainty

_RULES = {
    "combine": "Intervention arms of one trial that share a control arm were combined",
    "split": "The control arm of a trial with several intervention arms was divided among them",
}
_TESTS = {
    "egger": "Egger's test",
    "peters": "Peters' test",
    "rank": "the rank correlation test",
    "trim_and_fill": "trim and fill",
    "pet_peese": "PET-PEESE",
}


@dataclass(frozen=True)
class Sentence:
    """One sentence with what it rests on.

    Attributes
    ----------
    text : str
        The sentence.
    source : str
        What it was taken from, in words.
    page : str
        Where that can be seen: an address within the pages.
    """

    text: str
    source: str
    page: str = ""


Paragraph = list[Sentence]
"""Sentences that are read together."""


def methods(
    declared: Declared, analyses: Sequence[Analysis], appraisals: Appraisals | None = None
) -> list[Paragraph]:
    """Return how the results were obtained: the effects, the models, the plan, the software.

    Parameters
    ----------
    declared : Declared
        The plan.
    analyses : sequence of Analysis
        With their receipts and results.
    appraisals : Appraisals, optional
        Risk of bias and certainty, where the review has them.
    """
    pooled = [one for one in analyses if one.fit is not None]
    if not pooled:
        return []
    paragraphs = [
        [*_effects(pooled), *_treatment_of_rows(declared, pooled)],
        [*_models(pooled)],
        [*_appraised(appraisals or Appraisals(), declared)],
        [*_planned(declared), *_not_done(pooled)],
        [_software()],
    ]
    return [one for one in paragraphs if one]


def _appraised(appraisals: Appraisals, declared: Declared) -> Iterator[Sentence]:
    """Yield how risk of bias and certainty were judged, and how much of it is still open."""
    held = appraisals.risk_of_bias
    if held is not None:
        yield Sentence(assessed_sentence(held), held.files[0], "index.html#risk-of-bias")
        if n := appraisals.waiting.get("risk_of_bias", 0):
            are = "is" if n == 1 else "are"
            text = f"The risk of bias of {counted(n, 'result')} {are} not judged."
            yield Sentence(text, held.files[0], "index.html#risk-of-bias")
    if appraisals.certainties:
        from synthesis.appraisal.certainty.levels import START_SOURCES

        form = declared.form.certainty
        source = START_SOURCES[form.design if form is not None else "rct"]
        yield Sentence(
            f"The certainty of the evidence is rated after GRADE; {source}. A rule proposes for "
            "each reason how far to rate down or up, and people decide.",
            "the sheet of certainty",
            "certainty.html",
        )
        if n := appraisals.waiting.get("certainty", 0):
            have = "has" if n == 1 else "have"
            text = f"{capitalised(counted(n, 'rating'))} {have} reasons that nobody has judged yet."
            yield Sentence(text, "the sheet of certainty", "certainty.html")


def results(analysis: Analysis, rated: Certainty | None = None) -> Paragraph:
    """Return the result of an analysis, the tests between its subgroups, and its certainty."""
    page = page_of(analysis)
    fit = analysis.fit
    if fit is None:
        return [Sentence(f"{analysis.name}: {analysis.reason}", "the extraction sheet", page)]
    low, high = (number(fit.back(limit)) for limit in fit.ci)
    people = "" if analysis.participants is None else f", {analysis.participants:,} participants"
    test = f", p {p_value(fit.p_value)}" if fit.measure.has_null else ""
    found = [
        Sentence(
            f"{analysis.name}: {fit.measure.abbreviation} {number(fit.back(fit.estimate))} "
            f"({100 * fit.level:g}% CI {low} to {high}{test}; {fit.k_in_words}{people}).",
            "the pooled result",
            f"{page}#result",
        )
    ]
    if fit.k > 1:
        text = (
            f"Heterogeneity: Q = {number(fit.q)} on {fit.q_df} df (p {p_value(fit.q_p_value)}), "
            f"I\u00b2 = {number(fit.i2, 0)}%"
        )
        text += f", tau\u00b2 = {number(fit.tau2, 3)}" if fit.model == "random" else ""
        if fit.prediction_interval is not None:
            limits = [number(fit.back(limit)) for limit in fit.prediction_interval]
            text += f"; {100 * fit.level:g}% prediction interval {' to '.join(limits)}"
        found.append(Sentence(f"{text}.", "the pooled result", f"{page}#result"))
    found += [
        Sentence(groups.sentence(), f"subgroups by {by}", f"{page}#subgroups")
        for by, groups in analysis.subgroups.items()
    ]
    if rated is not None:
        text = f"Certainty of the evidence: {rated.certainty_in_words}."
        found.append(Sentence(text, "the rating of certainty", f"certainty.html#{analysis.key}"))
    return found


def receipts_of(analysis: Analysis) -> list[Receipt]:
    """Return the receipts of the rows that are pooled."""
    if analysis.fit is None or "receipt" not in analysis.fit.studies:
        return []
    return [one for one in analysis.fit.studies["receipt"] if isinstance(one, Receipt)]


def _effects(pooled: Sequence[Analysis]) -> Iterator[Sentence]:
    """Yield how the effects of each measure were computed: formulas and routes."""
    by_measure: dict[str, list[tuple[Receipt, Analysis]]] = {}
    for one in pooled:
        for receipt in receipts_of(one):
            by_measure.setdefault(receipt.measure, []).append((receipt, one))
    for name, held in by_measure.items():
        measure = measure_named(name)
        routes = Counter(receipt.route for receipt, _ in held)
        listed = ", ".join(f"{_words(route)} ({n})" for route, n in routes.most_common())
        first = held[0][1]
        yield Sentence(
            f"{capitalised(measure.label)}s ({measure.abbreviation}) were computed from "
            f"{counted(len(held), 'result')} of {_studies(one for _, one in held)}, from {listed}.",
            "the receipts of the effects",
            f"{page_of(first)}#studies",
        )
        for route in routes:
            formula, of = next(
                (receipt.formula, one) for receipt, one in held if receipt.route == route
            )
            yield Sentence(
                f"For {_words(route)}: {formula.rstrip('.')}.",
                "the receipts of the effects",
                f"{page_of(of)}#studies",
            )


def _studies(analyses: Iterable[Analysis]) -> str:
    names = {name for one in analyses if one.fit is not None for name in one.fit.studies["study"]}
    return counted(len(names), "study", "studies")


def _rows(pooled: Sequence[Analysis]) -> pd.DataFrame:
    parts = [one.fit.studies.assign(_key=one.key) for one in pooled if one.fit is not None]
    return pd.concat(parts, ignore_index=True)


def _treatment_of_rows(declared: Declared, pooled: Sequence[Analysis]) -> Iterator[Sentence]:
    """Yield what was done to rows: signs turned, clusters, arms, results chosen, assumptions."""
    rows = _rows(pooled)
    page = f"{page_of(pooled[0])}#studies"
    if "flipped" in rows and (turned := int((rows["flipped"] == True).sum())):  # noqa: E712
        yield Sentence(
            f"The sign of {counted(turned, 'effect')} was turned, so that effects above zero "
            "favour the intervention.",
            "the column direction, or the declared outcomes",
            page,
        )
    if {"icc", "cluster_size"} <= set(rows):
        adjusted = read_labels(rows["cluster_adjusted"]) if "cluster_adjusted" in rows else []
        done = (rows["icc"].notna() & rows["cluster_size"].notna()).tolist()
        n = sum(
            one and not (adjusted and adjusted[at].casefold() == "yes")
            for at, one in enumerate(done)
        )
        rule = declared.plan.effects.cluster or "inflate"
        how = (
            "variances were multiplied by the design effect"
            if rule == "inflate"
            else "numbers of people were divided by the design effect"
        )
        if n:
            yield Sentence(
                f"In {counted(n, 'result')} of trials that randomised clusters, {how}.",
                "the columns icc and cluster_size",
                page,
            )
    if "control_shares" in rows or "arms_combined" in rows:
        column = rows["arms_combined" if "arms_combined" in rows else "control_shares"]
        n = sum(bool(text) for text in read_labels(column))
        if n and declared.plan.several_arms:
            yield Sentence(
                f"{_RULES[declared.plan.several_arms]} ({counted(n, 'result')}).",
                "plan: several_arms",
                page,
            )
    several = declared.plan.several_results
    if several.choose:
        n = sum(len(one.set_aside) for one in pooled)
        order = ", then ".join(several.order)
        yield Sentence(
            f"Where a study had several results in one analysis, one was chosen by "
            f"{several.choose} in the order {order}; {counted(n, 'result')} "
            f"{'was' if n == 1 else 'were'} set aside.",
            "plan: several_results",
            page,
        )
    if several.average is not None:
        yield Sentence(
            "Where a study had several results in one analysis, they were averaged, assuming a "
            f"correlation of {several.average:g} between them.",
            "plan: several_results",
            page,
        )
    yield from _assumptions(pooled, page)


def _assumptions(pooled: Sequence[Analysis], page: str) -> Iterator[Sentence]:
    """Yield what the receipts say was assumed, declared or done beforehand."""
    noted: Counter[str] = Counter()
    better: dict[str, list[str]] = {}
    timed = 0
    for one in pooled:
        for receipt in receipts_of(one):
            for text in (part for whole in receipt.assumptions for part in whole.split("; ")):
                if found := re.fullmatch(r"direction (\w+), as declared for (.+)", text):
                    better.setdefault(found[1], []).append(found[2])
                elif re.fullmatch(r"window \S+, from its time", text):
                    timed += 1
                else:
                    noted[text] += 1
    for word, names in better.items():
        yield Sentence(
            f"{word.capitalize()} values are better, as declared for "
            f"{' and '.join(dict.fromkeys(names))}.",
            "outcomes: direction",
            page,
        )
    if timed:
        yield Sentence(
            f"The time window of {counted(timed, 'result')} follows from the follow-up.",
            "outcomes: windows",
            page,
        )
    for text, n in noted.most_common():
        yield Sentence(
            f"{capitalised(text.rstrip('.'))} ({counted(n, 'result')}).",
            "the receipts of the effects",
            page,
        )


def _models(pooled: Sequence[Analysis]) -> Iterator[Sentence]:
    """Yield how the effects were pooled: each way once, with the analyses that it holds for."""
    ways: dict[str, list[Analysis]] = {}
    named = names_of(pooled)
    for one in pooled:
        if one.fit is not None and one.fit.k > 1:
            ways.setdefault(model_in_words(one.fit).rstrip("."), []).append(one)
    for way, analyses in ways.items():
        which = "" if len(ways) == 1 else f"{shortened(named[one.key] for one in analyses)}: "
        yield Sentence(
            f"{which}{way}. I\u00b2 is calculated from tau\u00b2{_tau2_interval(analyses)}.",
            "plan: model",
            f"{page_of(analyses[0])}#result",
        )
    if single := [one for one in pooled if one.fit is not None and one.fit.k == 1]:
        yield Sentence(
            f"One study alone reports {shortened(named[one.key] for one in single)}; its own "
            "effect is shown and nothing is pooled.",
            "the extraction sheet",
            f"{page_of(single[0])}#result",
        )


def _tau2_interval(analyses: Sequence[Analysis]) -> str:
    methods = {one.fit.tau2_ci_method for one in analyses if one.fit is not None}
    named = {"q_profile": "the Q-profile method", "profile": "profile likelihood"}
    listed = [named[one] for one in sorted(methods) if one in named]
    return f", and its interval by {' or '.join(listed)}" if listed else ""


def _planned(declared: Declared) -> Iterator[Sentence]:
    """Yield what was planned, with the day on which it was decided."""
    plan = declared.plan
    when = f", as decided on {plan.decided}" if plan.decided else ""
    if plan.subgroups:
        yield Sentence(
            f"Subgroups were compared by {shortened(plan.subgroups)}{when}.",
            "plan: subgroups",
            "about.html#plan",
        )
    if plan.sensitivity:
        listed = "; ".join(f"{one.name} ({changes(one)})" for one in plan.sensitivity)
        yield Sentence(
            f"Sensitivity analyses{when}: {listed}.", "plan: sensitivity", "about.html#plan"
        )
    small = plan.small_studies
    if small.tests:
        tests = " and ".join(_TESTS[name] for name in small.tests)
        yield Sentence(
            f"Small-study effects were examined with {tests} where an analysis has "
            f"{small.from_} or more effects.",
            "plan: small_studies",
            "about.html#plan",
        )


def changes(plan: Sensitivity) -> str:
    """Return what a sensitivity analysis changes, in words."""
    parts = [f"{_column(column)}: {' or '.join(held)} only" for column, held in plan.keep.items()]
    parts += [
        f"without {' or '.join(held)}"
        if column == "study"
        else f"without {_column(column)}: {' or '.join(held)}"
        for column, held in plan.leave_out.items()
    ]
    for form in (plan.model, plan.effects):
        if form is not None:
            said = {name: getattr(form, name) for name in sorted(form.model_fields_set)}
            parts += [_option(name, value) for name, value in said.items()]
    return "; ".join(parts)


def _option(name: str, value: object) -> str:
    """Return an option of a method in words."""
    if name == "model":
        return f"{value}-effect model" if value == "common" else f"{value}-effects model"
    if name == "tau2":
        return (
            f"tau\u00b2 by {TAU2_NAMES[value]}" if value in TAU2_NAMES else f"tau\u00b2 = {value}"
        )
    if name == "ci":
        return f"{CI_NAMES[str(value)]} interval"
    if isinstance(value, dict):
        return f"{name} " + ", ".join(f"{key} = {one:g}" for key, one in value.items())
    return f"{_words(name)} {', '.join(map(str, value)) if isinstance(value, list) else value}"


def _column(name: str) -> str:
    """Return a column in words: a judgement of risk of bias says what it is."""
    if name == "overall":
        return "overall risk of bias"
    return f"risk of bias in {name}" if re.fullmatch(r"D\d+\w?", name) else _words(name)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _not_done(pooled: Sequence[Analysis]) -> Iterator[Sentence]:
    """Yield what the plan names and was not done, with the reason, alike parts together."""
    left: dict[tuple[str, str], list[str]] = {}
    for one in pooled:
        for part in one.not_done:
            left.setdefault((part.what, part.reason), []).append(one.key)
    together: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for (what, reason), keys in left.items():
        together.setdefault((tuple(keys), reason), []).append(planned_words(what))
    named = names_of(pooled)
    for (which, reason), parts in together.items():
        *others, last = parts
        what = f"{', '.join(others)} and {last}" if others else last
        were = "were" if others else "was"
        yield Sentence(
            f"{capitalised(what)} {were} planned and not done for "
            f"{'; '.join(named[key] for key in which)}: {reason.rstrip('.')}.",
            "what was done, against the plan",
            "about.html#plan",
        )


def names_of(analyses: Iterable[Analysis]) -> dict[str, str]:
    """Return what each analysis is called in a sentence, with its comparison if there are several.

    The names are by the keys of the analyses.
    """
    held = list(analyses)
    several = len({one.comparison.id for one in held}) > 1
    return {one.key: f"{one.name} ({one.comparison.name})" if several else one.name for one in held}


def planned_words(what: str) -> str:
    """Return a part of the plan in words.

    Examples
    --------
    >>> planned_words("small_studies egger"), planned_words("subgroups team")
    ("Egger's test", 'the comparison of subgroups by team')
    """
    part, _, name = what.partition(" ")
    if part == "small_studies":
        return _TESTS.get(name, name)
    kinds = {
        "subgroups": "the comparison of subgroups by",
        "sensitivity": "the sensitivity analysis",
    }
    return f"{kinds[part]} {name}"


def _software() -> Sentence:
    return Sentence(
        f"The analyses were done with Arrowroot {__version__} (PyMARE {version('pymare')}).",
        "the versions that made these pages",
        "about.html#made",
    )
