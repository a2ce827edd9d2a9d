"""The pages of a review: the article, each analysis, the studies, and how it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from markupsafe import Markup

from arrowroot.text import counted, label
from synthesis.review.analyses import Analysis
from synthesis.review.contents import Contents
from synthesis.review.findings import Findings
from synthesis.review.pages import judged
from synthesis.review.pages.about import about
from synthesis.review.pages.figures import Drawing
from synthesis.review.pages.in_r import FILE as SCRIPT
from synthesis.review.pages.plates import Numbers, Plate, plate
from synthesis.review.pages.receipts import rows_of
from synthesis.review.pages.typesetting import linked, render
from synthesis.review.text.methods import methods
from synthesis.review.text.prose import Prose, to_html
from synthesis.review.text.results import results
from synthesis.review.text.values import page_of
from synthesis.review.text.wording import changes, planned_words

BEFORE = ("summary", "abstract", "background", "objectives")
"""Prose that stands before the methods, in this order."""
PLACED = ("methods", "results", "discussion", "conclusions")
"""Prose with a place of its own; any other file follows the results, by name."""


@dataclass(frozen=True)
class Part:
    """A section of the article, for its contents."""

    id: str
    title: str
    html: Markup


def pages(
    review: Contents, findings: Findings, drawn: Sequence[tuple[Drawing, bytes]]
) -> Iterator[tuple[str, str]]:
    """Yield the name and the HTML of every page.

    Parameters
    ----------
    review : Contents
        What the pages show.
    findings : Findings
        What the check found.
    drawn : sequence of (Drawing, bytes)
        The figures, in the order of their numbers.
    """
    plates = [plate(at, *one) for at, one in enumerate(drawn, start=1)]
    # The forest plot of an analysis is on its own page too, with the same number.
    by_kind: dict[tuple[str, str], list[Plate]] = {}
    for each in plates:
        by_kind.setdefault((each.drawing.kind, each.drawing.analysis), []).append(each)
    shared = _shared(review, findings, by_kind)
    yield "index.html", render("article.html", **shared, **_article(review))
    shown = [one for one in review.analyses.values() if len(one.effects)]
    for one in shown:
        yield page_of(one), render("analysis.html", **shared, **_of_analysis(one, review))
    if review.appraisals.certainties:
        yield "certainty.html", render("certainty.html", **shared, **_certainty(review))
    yield "studies.html", render("studies.html", **shared, **_studies(review))
    yield "about.html", render("about.html", **shared, **about(review, findings))


def _shared(
    review: Contents, findings: Findings, plates: Mapping[tuple[str, str], Sequence[Plate]]
) -> dict[str, Any]:
    numbers = Numbers()
    # Tables of the article come first, whatever page is rendered first.
    there = {
        "summary": bool(review.appraisals.certainties),
        "bias": bool(review.appraisals.risk_of_bias),
        "results": True,
        "sensitivity": bool(review.declared.plan.sensitivity),
    }
    for name, is_there in there.items():
        if is_there:
            numbers.table(name)
    values = review.values

    def value(name: str, digits: int | None = None, *, bare: bool = False) -> Markup:
        if name not in values:
            return Markup("\N{EN DASH}")
        return linked(values[name], name, digits, bare=bare)

    def figure(kind: str, analysis: str = "", at: int = 0) -> Plate | None:
        held = plates.get((kind, analysis), ())
        return held[at] if at < len(held) else None

    def figures(kind: str, analysis: str = "") -> Sequence[Plate]:
        return plates.get((kind, analysis), ())

    return {
        "form": review.declared.form,
        "review": review,
        "analyses": list(review.analyses.values()),
        "value": value,
        "figure": figure,
        "figures": figures,
        "table_number": numbers.table,
        "page_of": page_of,
        "errors": findings.errors(),
        "version": version("arrowroot"),
        "held": review.appraisals.risk_of_bias,
        "stale": [review.analyses[key] for key in review.appraisals.stale],
        "script": SCRIPT if any(one.fit is not None for one in review.analyses.values()) else "",
        "word": _word(review),
    }


def _word(review: Contents) -> str:
    """Return why there is no Word file of the summary of findings; empty if there is one."""
    if not review.appraisals.certainties:
        return ""
    from synthesis.review.pages.documents import without_word

    return without_word()


def _article(review: Contents) -> dict[str, Any]:
    prose = {one.name: one for one in review.prose if not one.is_blank}
    before = [prose[name] for name in BEFORE if name in prose]
    after = [one for name, one in prose.items() if name not in (*BEFORE, *PLACED)]
    held = {name: _part(prose[name], review) for name in PLACED if name in prose}
    return {
        "before": [_part(one, review) for one in before],
        "after": [_part(one, review) for one in after],
        "prose": held,
        "methods": methods(review.declared, list(review.analyses.values()), review.appraisals),
        "results": [
            (one, results(one, review.appraisals.certainties.get(one.key)))
            for one in review.analyses.values()
        ],
        "comparisons": review.declared.comparisons,
        "sensitivity": review.declared.plan.sensitivity,
        "bias_rows": judged.overall_rows(review),
        "bias_tools": judged.tools_of(review),
        "pooled": [one for one in review.analyses.values() if one.fit is not None],
        "findings_table": judged.findings_table(review),
        "not_rated": judged.not_rated(review),
        "counts": _counts(review),
    }


def _part(prose: Prose, review: Contents) -> Part:
    html = Markup(to_html(prose.body, review.values, review.folder, linked))  # noqa: S704  (sanitised)
    return Part(f"text-{prose.name}", prose.title, html=html)


def _counts(review: Contents) -> str:
    """Return what the results rest on, in one sentence."""
    pooled = [one for one in review.analyses.values() if one.fit is not None]
    names = {name for one in pooled if one.fit is not None for name in one.fit.studies["study"]}
    return (
        f"{counted(len(names), 'study', 'studies')} in {len(pooled)} of "
        f"{counted(len(review.analyses), 'analysis', 'analyses')} that were planned."
    )


def _of_analysis(one: Analysis, review: Contents) -> dict[str, Any]:
    keys = list(review.analyses)
    shown = [key for key in keys if len(review.analyses[key].effects)]
    at = shown.index(one.key)
    return {
        "one": one,
        "rows": list(rows_of(one, review)),
        "sentences": results(one),
        "before": review.analyses[shown[at - 1]] if at else None,
        "after": review.analyses[shown[at + 1]] if at + 1 < len(shown) else None,
        "columns": [(key, variant) for key, variant in one.sensitivity.items()],
        "judgements": judged.judgements_of(one, review),
        "rated": review.appraisals.certainties.get(one.key),
        "changes": changes,
        "planned_words": lambda what: planned_words(what, review.declared.plan),
        "undone": lambda part: [held for held in one.not_done if held.what.startswith(f"{part} ")],
    }


def _certainty(review: Contents) -> dict[str, Any]:
    return {
        "profile": judged.profile_table(review),
        "rated": [
            (review.analyses[key], one, judged.reasons_of(one))
            for key, one in review.appraisals.certainties.items()
        ],
        "file": (review.folder.certainties() or review.folder.path / "").name,
    }


def _studies(review: Contents) -> dict[str, Any]:
    table = review.studies.table
    pooled: dict[str, list[Analysis]] = {}
    for one in review.analyses.values():
        if one.fit is not None:
            for name in dict.fromkeys(one.fit.studies["study"]):
                pooled.setdefault(str(name), []).append(one)
    names = review.studies.names or sorted(pooled)
    columns = [name for name in table.columns if name not in ("study", "record_id")]
    rows = (
        [
            (name, [label(table[column].iloc[at]) for column in columns], pooled.get(name, []))
            for at, name in enumerate(names)
        ]
        if review.studies.file
        else [(name, [], pooled[name]) for name in names]
    )
    return {"columns": columns, "rows": rows, "shown": _shown_name}


def _shown_name(column: str) -> str:
    return column.replace("_", " ").capitalize()
