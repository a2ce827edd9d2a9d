"""How the effects were computed and what was done to the rows, from their receipts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from arrowroot.text import capitalised, counted
from synthesis.effects.routes.receipts import Receipt
from synthesis.labels import read_labels
from synthesis.measures import measure_named
from synthesis.review.analyses import Analysis
from synthesis.review.inputs.declared import Declared
from synthesis.review.text.values import page_of
from synthesis.review.text.wording import Sentence, words

_RULES = {
    "combine": "Intervention arms of one trial that share a control arm were combined",
    "split": "The control arm of a trial with several intervention arms was divided among them",
}


def effects_in_words(pooled: Sequence[Analysis]) -> Iterator[Sentence]:
    """Yield how the effects of each measure were computed: formulas and routes."""
    by_measure: dict[str, list[tuple[Receipt, Analysis]]] = {}
    for one in pooled:
        for receipt in receipts_of(one):
            by_measure.setdefault(receipt.measure, []).append((receipt, one))
    for name, held in by_measure.items():
        measure = measure_named(name)
        routes = Counter(receipt.route for receipt, _ in held)
        listed = ", ".join(f"{words(route)} ({n})" for route, n in routes.most_common())
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
                f"For {words(route)}: {formula.rstrip('.')}.",
                "the receipts of the effects",
                f"{page_of(of)}#studies",
            )


def rows_in_words(declared: Declared, pooled: Sequence[Analysis]) -> Iterator[Sentence]:
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


def receipts_of(analysis: Analysis) -> list[Receipt]:
    """Return the receipts of the rows that are pooled."""
    if analysis.fit is None or "receipt" not in analysis.fit.studies:
        return []
    return [one for one in analysis.fit.studies["receipt"] if isinstance(one, Receipt)]


def _studies(analyses: Iterable[Analysis]) -> str:
    names = {name for one in analyses if one.fit is not None for name in one.fit.studies["study"]}
    return counted(len(names), "study", "studies")


def _rows(pooled: Sequence[Analysis]) -> pd.DataFrame:
    parts = [one.fit.studies.assign(_key=one.key) for one in pooled if one.fit is not None]
    return pd.concat(parts, ignore_index=True)
