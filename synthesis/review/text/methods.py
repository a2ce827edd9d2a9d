"""Methods and results in sentences, each from what was really done and each with its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version

import pandas as pd

from arrowroot import __version__
from arrowroot.text import capitalised, counted, shortened
from synthesis.effects.routes.receipts import Receipt
from synthesis.labels import read_labels
from synthesis.measures import measure_named
from synthesis.plots.forest.notes import methods as model_in_words
from synthesis.review.analyses import Analysis
from synthesis.review.inputs.declared import Declared, Sensitivity
from synthesis.review.text.values import page_of

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


def methods(declared: Declared, analyses: Sequence[Analysis]) -> list[Sentence]:
    """Return how the results were obtained.

    Parameters
    ----------
    declared : Declared
        The plan.
    analyses : sequence of Analysis
        With their receipts and results.
    """
    pooled = [one for one in analyses if one.fit is not None]
    if not pooled:
        return []
    return [
        *_effects(pooled),
        *_treatment_of_rows(declared, pooled),
        *_models(pooled),
        *_planned(declared),
        *_not_done(pooled),
        _software(),
    ]


def results(analysis: Analysis) -> list[Sentence]:
    """Return the results of an analysis in sentences."""
    page = page_of(analysis)
    if analysis.fit is None:
        return [Sentence(f"{analysis.name}: {analysis.reason}", "the extraction sheet", page)]
    people = "" if analysis.participants is None else f", {analysis.participants:,} participants"
    fit = analysis.fit
    found = [
        Sentence(
            f"{analysis.comparison.name}, {analysis.name}{people}: "
            f"{fit.sentence().removeprefix(f'{analysis.outcome.label}: ')}",
            "the pooled result",
            f"{page}#result",
        )
    ]
    found += [
        Sentence(groups.sentence(), f"subgroups by {by}", f"{page}#subgroups")
        for by, groups in analysis.subgroups.items()
    ]
    found += [
        Sentence(
            f"{variant.plan.name}: "
            f"{variant.fit.sentence().removeprefix(f'{analysis.outcome.label}: ')}",
            "a sensitivity analysis",
            f"{page}#sensitivity",
        )
        for variant in analysis.sensitivity.values()
    ]
    found += [
        Sentence(str(test).splitlines()[0], "small-study tests", f"{page}#small-studies")
        for test in analysis.small_studies.values()
    ]
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
        listed = ", ".join(f"{route} ({n})" for route, n in routes.most_common())
        first = held[0][1]
        yield Sentence(
            f"{capitalised(measure.label)}s ({measure.abbreviation}) were computed from "
            f"{counted(len(held), 'result')} of {_studies(one for _, one in held)}, by these "
            f"routes: {listed}.",
            "the receipts of the effects",
            f"{page_of(first)}#studies",
        )
        for route in routes:
            formula, of = next(
                (receipt.formula, one) for receipt, one in held if receipt.route == route
            )
            yield Sentence(
                f"Formula of the route {route}: {formula.rstrip('.')}.",
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
    assumed: Counter[str] = Counter()
    for one in pooled:
        for receipt in receipts_of(one):
            assumed.update(dict.fromkeys(receipt.assumptions, 1))
    for text, n in assumed.most_common():
        yield Sentence(
            f"{capitalised(text.rstrip('.'))} ({counted(n, 'result')}).",
            "the receipts of the effects",
            page,
        )


def _models(pooled: Sequence[Analysis]) -> Iterator[Sentence]:
    """Yield how the effects were pooled: each way once, with the analyses that it holds for."""
    ways: dict[str, list[Analysis]] = {}
    for one in pooled:
        if one.fit is not None and one.fit.k > 1:
            ways.setdefault(model_in_words(one.fit).rstrip("."), []).append(one)
    for way, analyses in ways.items():
        which = "" if len(ways) == 1 else f"{shortened(one.name for one in analyses)}: "
        yield Sentence(
            f"{which}{way}. I\u00b2 is calculated from tau\u00b2"
            f"{_tau2_interval(analyses)}.",
            "plan: model",
            f"{page_of(analyses[0])}#result",
        )
    if single := [one for one in pooled if one.fit is not None and one.fit.k == 1]:
        yield Sentence(
            f"One study alone reports {shortened(one.name for one in single)}; its own effect is "
            "shown and nothing is pooled.",
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
    for one in plan.sensitivity:
        yield Sentence(
            f"Sensitivity analysis {one.name!r}{when}: {changes(one)}.",
            "plan: sensitivity",
            "about.html#plan",
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
    parts = [f"only {column} {' or '.join(values)}" for column, values in plan.keep.items()]
    parts += [f"without {column} {' or '.join(values)}" for column, values in plan.leave_out.items()]
    for form in (plan.model, plan.effects):
        if form is not None:
            said = {name: getattr(form, name) for name in sorted(form.model_fields_set)}
            parts += [f"{name} {_in_words(value)}" for name, value in said.items()]
    return "; ".join(parts)


def _in_words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} = {one:g}" for key, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _not_done(pooled: Sequence[Analysis]) -> Iterator[Sentence]:
    """Yield what the plan names and was not done, with the reason."""
    reasons: dict[tuple[str, str], list[Analysis]] = {}
    for one in pooled:
        for left in one.not_done:
            reasons.setdefault((left.what, left.reason), []).append(one)
    for (what, reason), analyses in reasons.items():
        yield Sentence(
            f"Planned and not done, {what.replace('_', ' ')} "
            f"({shortened(one.name for one in analyses)}): {reason.rstrip('.')}.",
            "what was done, against the plan",
            "about.html#plan",
        )


def _software() -> Sentence:
    return Sentence(
        f"The analyses were done with Arrowroot {__version__} (PyMARE {version('pymare')}).",
        "the versions that made these pages",
        "about.html#made",
    )
