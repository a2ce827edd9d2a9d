"""Methods in sentences, each from what was really done and each with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version

from arrowroot import __version__
from arrowroot.text import and_joined, capitalised, counted, shortened
from synthesis.plots.forest.notes import methods as model_in_words
from synthesis.review.analyses import Analysis
from synthesis.review.appraisals import Appraisals
from synthesis.review.assessed import assessed_sentence
from synthesis.review.inputs.declared import Declared
from synthesis.review.inputs.forms import Plan
from synthesis.review.text.computed import effects_in_words, rows_in_words
from synthesis.review.text.values import page_of
from synthesis.review.text.wording import (
    TESTS,
    Paragraph,
    Sentence,
    changes,
    names_of,
    planned_words,
)


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
        [*effects_in_words(pooled), *rows_in_words(declared, pooled)],
        [*_models(pooled)],
        [*_appraised(appraisals or Appraisals(), declared)],
        [*_planned(declared), *_not_done(pooled, declared.plan)],
        [_software()],
    ]
    return [one for one in paragraphs if one]


def _appraised(appraisals: Appraisals, declared: Declared) -> Iterator[Sentence]:
    """Yield how risk of bias and certainty were judged, and how much of it is still open."""
    held = appraisals.risk_of_bias
    for one in held:
        if one.studies is None or one.studies:
            yield Sentence(assessed_sentence(one), one.files[0], "index.html#risk-of-bias")
    if held and (n := appraisals.waiting.get("risk_of_bias", 0)):
        text = f"The risk of bias of {counted(n, 'result')} is not judged."
        files = ", ".join(one.files[0] for one in held)
        yield Sentence(text, files, "index.html#risk-of-bias")
    if appraisals.certainties:
        yield Sentence(
            f"The certainty of the evidence is rated after GRADE; {_starts(appraisals)}. A rule "
            "proposes for each reason how far to rate down or up, and people decide.",
            "the sheet of certainty",
            "certainty.html",
        )
        yield from _sizes(appraisals, declared)
        if n := appraisals.waiting.get("certainty", 0):
            have = "has" if n == 1 else "have"
            text = f"{capitalised(counted(n, 'rating'))} {have} reasons that nobody has judged yet."
            yield Sentence(text, "the sheet of certainty", "certainty.html")


def _starts(appraisals: Appraisals) -> str:
    """Return where certainty starts, and for which outcomes if that differs."""
    from synthesis.appraisal.certainty.levels import START_SOURCES

    rated = appraisals.certainties.values()
    several = len({one.comparison for one in rated}) > 1
    of: dict[str, dict[str, None]] = {}
    for one in rated:
        name = f"{one.outcome.label} ({one.comparison})" if several else one.outcome.label
        of.setdefault(one.design, {})[name] = None
    if len(of) == 1:
        return START_SOURCES[next(iter(of))]
    return "; ".join(f"for {shortened(names)}, {START_SOURCES[one]}" for one, names in of.items())


def _sizes(appraisals: Appraisals, declared: Declared) -> Iterator[Sentence]:
    """Yield the thresholds between trivial, small, moderate and large effects."""
    form = declared.form.certainty
    ways: dict[str, list[str]] = {}
    for one in appraisals.certainties.values():
        if form is not None and one.size is not None and one.outcome.id in form.thresholds:
            ways.setdefault(one.size.words, []).append(one.outcome.label)
    for words, labels in ways.items():
        yield Sentence(
            f"The size of effects on {shortened(dict.fromkeys(labels))} is judged against {words}.",
            "certainty: thresholds",
            "certainty.html",
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
        tests = " and ".join(TESTS[name] for name in small.tests)
        yield Sentence(
            f"Small-study effects were examined with {tests} where an analysis has "
            f"{small.from_} or more effects.",
            "plan: small_studies",
            "about.html#plan",
        )


def _not_done(pooled: Sequence[Analysis], plan: Plan) -> Iterator[Sentence]:
    """Yield what the plan names and was not done: a sentence for each part, with the reasons.

    Parts that were left out of the same analyses for the same reasons share a sentence.
    """
    left: dict[str, dict[str, str]] = {}
    for one in pooled:
        for part in one.not_done:
            left.setdefault(part.what, {})[one.key] = part.reason.rstrip(".")
    together: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for what, reasons in left.items():
        together.setdefault(tuple(reasons.items()), []).append(planned_words(what, plan))
    named = names_of(pooled)
    for reasons_of, parts in together.items():
        were = "were" if len(parts) > 1 else "was"
        own, shared = _reasons([reason for _, reason in reasons_of])
        which = "; ".join(
            f"{named[key]} ({mine})" if mine else named[key]
            for (key, _), mine in zip(reasons_of, own, strict=True)
        )
        yield Sentence(
            f"{capitalised(and_joined(parts))} {were} planned and not done for {which}"
            f"{f': {shared}' if shared else ''}.",
            "what was done, against the plan",
            "about.html#plan",
        )


def _reasons(reasons: Sequence[str]) -> tuple[list[str], str]:
    """Return what is each reason's own, and the clauses with which all of them begin or end.

    Examples
    --------
    >>> _reasons(["there are 2 effects, and 10 are needed", "there is 1 effect, and 10 are needed"])
    (['2 effects', '1 effect'], '10 are needed')
    """
    if len(set(reasons)) == 1:
        return [""] * len(reasons), reasons[0]
    # Clauses stand at even places, what separates them between.
    clauses = [re.split(r"(, and |, |; )", one) for one in reasons]
    shortest = min(map(len, clauses))
    begin = next((at for at in range(shortest) if len({one[at] for one in clauses}) > 1), shortest)
    begin -= begin % 2
    rest = [one[begin:] for one in clauses]
    least = min(map(len, rest))
    end = next((at for at in range(least) if len({one[-1 - at] for one in rest}) > 1), least)
    end -= end % 2
    own = ["".join(one[: len(one) - end]) for one in rest]
    if not all(own):
        return list(reasons), ""
    tail = "".join(rest[0][len(rest[0]) - end :])
    head = re.sub(r"(?:, and |, |; )$", "", "".join(clauses[0][:begin]))
    shared = head + tail if head else re.sub(r"^(?:, and |, |; )", "", tail)
    return [re.sub(r"^there (?:is|are) ", "", one) for one in own], shared


def _software() -> Sentence:
    return Sentence(
        f"The analyses were done with Arrowroot {__version__} (PyMARE {version('pymare')}).",
        "the versions that made these pages",
        "about.html#made",
    )
