"""The pages of a review: the article, each analysis, the studies, and how it was made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html import escape
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from arrowroot.display import MINUS
from arrowroot.text import capitalised, counted, label
from synthesis.report.figures import inline
from synthesis.review.analyses import Analysis
from synthesis.review.contents import Contents
from synthesis.review.findings import Findings
from synthesis.review.pages import judged
from synthesis.review.pages.figures import Drawing
from synthesis.review.pages.in_r import FILE as SCRIPT
from synthesis.review.pages.receipts import rows_of
from synthesis.review.text.methods import changes, methods, names_of, planned_words, results
from synthesis.review.text.prose import Prose, to_html
from synthesis.review.text.values import Value, page_of

LIBRARIES = ("arrowroot", "pymare", "numpy", "pandas", "scipy")
"""Packages whose versions the numbers may depend on."""

BEFORE = ("summary", "abstract", "background", "objectives")
"""Prose that stands before the methods, in this order."""
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
PLACED = ("methods", "results", "discussion", "conclusions")
"""Prose with a place of its own; any other file follows the results, by name."""


@dataclass(frozen=True)
class Plate:
    """A figure in a page.

    Attributes
    ----------
    number : int
        Counted through all pages.
    drawing : Drawing
        Title and caption.
    svg : Markup
        To be put into the page.
    width : int
        Its natural width in pixels, below which its text would become too small on a phone.
    """

    number: int
    drawing: Drawing
    svg: Markup
    width: int

    @property
    def id(self) -> str:
        """The anchor of the figure."""
        return f"figure-{self.number}"


@dataclass
class Numbers:
    """Numbers of tables, counted through all pages in the order in which they are asked for."""

    tables: dict[str, int] = field(default_factory=dict)

    def table(self, name: str) -> int:
        """Return the number of a table."""
        return self.tables.setdefault(name, len(self.tables) + 1)


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
    plates = [_plate(at, *one) for at, one in enumerate(drawn, start=1)]
    # The forest plot of an analysis is on its own page too, with the same number.
    by_kind: dict[tuple[str, str], list[Plate]] = {}
    for plate in plates:
        by_kind.setdefault((plate.drawing.kind, plate.drawing.analysis), []).append(plate)
    shared = _shared(review, findings, by_kind)
    yield "index.html", _render("article.html", **shared, **_article(review))
    shown = [one for one in review.analyses.values() if len(one.effects)]
    for one in shown:
        yield page_of(one), _render("analysis.html", **shared, **_of_analysis(one, review))
    if review.appraisals.certainties:
        yield "certainty.html", _render("certainty.html", **shared, **_certainty(review))
    yield "studies.html", _render("studies.html", **shared, **_studies(review))
    yield "about.html", _render("about.html", **shared, **_about(review, findings))


def _shared(
    review: Contents, findings: Findings, plates: Mapping[tuple[str, str], Sequence[Plate]]
) -> dict[str, Any]:
    numbers = Numbers()
    # Tables of the article come first, whatever page is rendered first.
    there = {
        "summary": bool(review.appraisals.certainties),
        "bias": review.appraisals.risk_of_bias is not None,
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


def linked(one: Value, name: str, digits: int | None = None, *, bare: bool = False) -> Markup:
    """Return a value as a link to where it is explained."""
    attributes = f'class="value" data-value="{escape(name)}"'
    attributes += f' data-digits="{digits}"' if digits is not None else ""
    attributes += " data-bare" if bare else ""
    shown = escape(typeset(one.text(digits, bare=bare)))
    if not one.page:
        return Markup(f"<span {attributes}>{shown}</span>")  # noqa: S704  (escaped)
    return Markup(f'<a {attributes} href="{escape(one.page)}">{shown}</a>')  # noqa: S704


def typeset(text: str) -> str:
    """Return a text in which a hyphen before a number is a minus sign.

    Examples
    --------
    >>> typeset("-0.02 to 0.42 [-1, 2], on 2026-11-02")
    '−0.02 to 0.42 [−1, 2], on 2026-11-02'
    """
    return re.sub(r"(?<![\w.)\]])-(?=\d|\.\d|\u221e)", MINUS, text)


def day(text: str) -> str:
    """Return a day in words, ``"2 November 2026"``.

    Examples
    --------
    >>> day("2026-11-02")
    '2 November 2026'
    """
    found = date.fromisoformat(text)
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def _plate(number: int, drawing: Drawing, svg: bytes) -> Plate:
    text = svg.decode("utf-8")
    return Plate(
        number,
        drawing,
        Markup(inline(text, name=f"f{number}", label=drawing.title)),  # noqa: S704  (our own)
        _width(text),
    )


def _width(svg: str) -> int:
    """Return the width of a drawing in pixels."""
    found = re.search(r'\bviewBox="[\d.-]+ [\d.-]+ ([\d.]+) [\d.]+"', svg)
    return round(float(found[1]) * 4 / 3) if found else 640


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
        "planned_words": planned_words,
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


def _about(review: Contents, findings: Findings) -> dict[str, Any]:
    return {
        "done": list(_done(review)),
        "findings": list(findings),
        "inputs": review.hashes,
        "versions": [(name, version(name)) for name in LIBRARIES],
    }


def _done(review: Contents) -> Iterator[tuple[str, str]]:
    """Yield each part of the plan, and in which analyses it was done or why not."""
    analyses = list(review.analyses.values())
    plan = review.declared.plan
    failed = {one.key: one.reason for one in analyses if one.fit is None}
    yield "Pooling", _state(analyses, failed)
    for what in (
        *(f"subgroups {by}" for by in plan.subgroups),
        *(f"sensitivity {one.id}" for one in plan.sensitivity),
        *(f"small_studies {name}" for name in plan.small_studies.tests),
    ):
        left = {
            one.key: part.reason for one in analyses for part in one.not_done if part.what == what
        }
        words = planned_words(what)
        yield words[:1].upper() + words[1:], _state(analyses, {**failed, **left})


def _state(analyses: Sequence[Analysis], left: Mapping[str, str]) -> str:
    """Return in how many analyses something was done, and why not in the others."""
    done = len(analyses) - len(left)
    names = names_of(analyses)
    reasons: dict[str, list[str]] = {}
    for key, reason in left.items():
        reasons.setdefault(reason, []).append(names[key])
    listed = "".join(f" Not in {'; '.join(held)}: {reason}" for reason, held in reasons.items())
    return f"Done in {done} of {counted(len(analyses), 'analysis', 'analyses')}.{listed}"


def _render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader("synthesis.review.pages"), PackageLoader("synthesis.report")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    report = files("synthesis.report").joinpath("templates/style.css").read_text(encoding="utf-8")
    own = files("synthesis.review.pages").joinpath("templates/review.css")
    style = f"{report}\n{own.read_text(encoding='utf-8')}"
    environment.filters["typeset"] = typeset
    environment.filters["day"] = day
    environment.filters["capitalised"] = capitalised
    environment.globals["style"] = Markup(style)  # noqa: S704  (our own files)
    return environment
