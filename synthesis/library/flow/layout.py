"""The positions and texts of a flow diagram's boxes: the published template of 2020.

Page MJ, McKenzie JE, Bossuyt PM, et al. (2021). The PRISMA 2020 statement. BMJ, 372, n71.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from arrowroot.fonts import text_width, wrap
from arrowroot.text import printable

SIZE = 9.0
LINE = 11.5
PAD = 6.0
BAR, WIDTH, BESIDE, BETWEEN = 22.0, 196.0, 30.0, 22.0
HEADER = 26.0

UNKNOWN = ""
"""What follows "n =" where a count is not known, as in the blank template."""

BLANK, SOFT = "\N{NO-BREAK SPACE}", "\N{SOFT HYPHEN}"
INDENT = 3 * BLANK


@dataclass(frozen=True)
class Box:
    """A box with its text.

    Attributes
    ----------
    name : str
        The name that arrows use for it.
    kind : str
        ``box``, ``header``, ``grey`` or ``phase``.
    lines : tuple of str
        Its text, line by line.
    column, row, rows : int
        Its position in the grid, and how many rows it spans.
    """

    name: str
    kind: str
    lines: tuple[str, ...]
    column: int
    row: int
    rows: int = 1


@dataclass(frozen=True)
class Arrow:
    """An arrow from one box to another, straight or round one corner."""

    tail: str
    head: str
    corner: bool = False


def number(value: Any) -> str:
    """Return a count for a box.

    Examples
    --------
    >>> number(15327), number(None)
    ('(n = 15,327)', '(n = )')
    """
    return f"(n = {UNKNOWN if value is None else f'{int(value):,}'})"


def boxes(counts: Mapping[str, Any]) -> tuple[list[Box], list[Arrow]]:
    """Return the boxes and arrows that counts need.

    The columns for other methods and for a previous version are drawn if they have counts, as in
    the four published variants.
    """
    other = any(counts.get(key) is not None for key in _OTHER)
    before = any(counts.get(key) is not None for key in _BEFORE)
    main = 1 if before else 0
    drawn = [_box("identified", _identified(counts), main, 1)]
    drawn += [
        _box("removed", _removed(counts), main + 1, 1),
        _box("screened", _counted(counts, "records_screened", "Records screened"), main, 2),
        _box("excluded", _screened_out(counts), main + 1, 2),
    ]
    arrows = [Arrow("identified", "removed"), Arrow("identified", "screened")]
    arrows += [Arrow("screened", "excluded"), Arrow("screened", "sought")]
    drawn += _retrieval(counts, "dbr", "", main)
    arrows += [
        Arrow("sought", "missing"),
        Arrow("sought", "assessed"),
        Arrow("assessed", "reasons"),
        Arrow("assessed", "new"),
    ]
    drawn.append(_box("new", _new(counts), main, 5))
    via = "Identification of new studies" if before else "Identification of studies"
    drawn.append(Box("header", "header", (f"{via} via databases and registers",), main, 0, 2))
    if other:
        drawn.append(Box("header_other", "grey", (f"{via} via other methods",), main + 2, 0, 2))
        drawn.append(_box("identified_other", _identified_elsewhere(counts), main + 2, 1))
        drawn += _retrieval(counts, "other", "_other", main + 2)
        arrows += [
            Arrow("identified_other", "sought_other"),
            Arrow("sought_other", "missing_other"),
            Arrow("sought_other", "assessed_other"),
            Arrow("assessed_other", "reasons_other"),
            Arrow("assessed_other", "new", corner=True),
        ]
    if before:
        drawn.append(Box("header_before", "grey", ("Previous studies",), 0, 0))
        drawn.append(_box("before", _before(counts), 0, 1))
        drawn.append(_box("total", _total(counts), main, 6))
        arrows += [Arrow("before", "total", corner=True), Arrow("new", "total")]
    last = 6 if before else 5
    drawn += [
        Box("phase_1", "phase", ("Identification",), -1, 1),
        Box("phase_2", "phase", ("Screening",), -1, 2, 3),
        Box("phase_3", "phase", ("Included",), -1, 5, last - 4),
    ]
    return drawn, arrows


_OTHER = ("website_results", "organisation_results", "citations_results", "other_sought_reports")
_BEFORE = ("previous_studies", "previous_reports")


def _box(name: str, paragraphs: Sequence[str], column: int, row: int) -> Box:
    lines: list[str] = []
    for paragraph in paragraphs:
        inner = paragraph.lstrip(BLANK)
        indent = paragraph[: len(paragraph) - len(inner)]
        # A count is kept together: the spaces in "(n = 12)" do not break.
        whole = inner.replace("(n = ", f"(n{BLANK}={BLANK}")
        room = WIDTH - 2 * PAD - text_width(indent, SIZE)
        first, *others = _wrapped(whole, room)
        if indent and others:
            first, *others = _wrapped(whole, room - text_width(INDENT, SIZE))
            others = [INDENT + line for line in others]
        lines += [indent + line for line in (first, *others)]
    return Box(name, "box", tuple(lines), column, row)


def _wrapped(text: str, room: float) -> list[str]:
    """Break a text only at breaking spaces, which the fonts' own splitting does not distinguish."""
    # While lines are broken, a soft hyphen, as narrow as a space, replaces a non-breaking space.
    held = printable(text).replace(BLANK, SOFT)
    return [line.replace(SOFT, BLANK) for line in wrap(held, room, SIZE)]


def _counted(counts: Mapping[str, Any], key: str, words: str) -> list[str]:
    """Return what is counted and, on a separate line as in the template, the count."""
    return [words, number(counts.get(key))]


def _listed(several: Any) -> list[str]:
    return [f"{INDENT}{name} {number(count)}" for name, count in (several or {}).items()]


def _identified(counts: Mapping[str, Any]) -> list[str]:
    databases = counts.get("database_specific_results")
    registers = counts.get("register_specific_results")
    return [
        "Records identified from:",
        f"{INDENT}Databases {number(counts.get('database_results'))}",
        *(f"{INDENT}{line}" for line in _listed(databases)),
        f"{INDENT}Registers {number(counts.get('register_results'))}",
        *(f"{INDENT}{line}" for line in _listed(registers)),
        *(f"{INDENT}Search of {line.lstrip(BLANK)}" for line in _listed(counts.get("searches"))),
    ]


def _given(counts: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    """Return the counts of a box that only some reviews have, each on an indented line."""
    return [
        f"{INDENT}{said} {number(counts[key])}"
        for key, said in words.items()
        if counts.get(key) is not None
    ]


def _screened_out(counts: Mapping[str, Any]) -> list[str]:
    by_whom = {
        "screened_out_by_people": "By a person",
        "screened_out_by_tools": "By automation tools",
    }
    return [
        *_counted(counts, "records_excluded", "Records excluded"),
        *_given(counts, by_whom),
        *_listed(counts.get("screening_reasons")),
    ]


def _removed(counts: Mapping[str, Any]) -> list[str]:
    words = {
        "duplicates": "Duplicate records removed",
        "excluded_automatic": "Records marked as ineligible by automation tools",
        "excluded_other": "Records removed for other reasons",
    }
    return [
        "Records removed before screening:",
        *(f"{INDENT}{said} {number(counts.get(key))}" for key, said in words.items()),
        *_given(counts, {"copies_found_later": "Of the duplicates, found while screening"}),
    ]


def _identified_elsewhere(counts: Mapping[str, Any]) -> list[str]:
    words = {
        "website_results": "Websites",
        "organisation_results": "Organisations",
        "citations_results": "Citation searching",
    }
    return [
        "Records identified from:",
        *(f"{INDENT}{said} {number(counts.get(key))}" for key, said in words.items()),
    ]


def _retrieval(counts: Mapping[str, Any], way: str, suffix: str, column: int) -> list[Box]:
    sought = _counted(counts, f"{way}_sought_reports", "Reports sought for retrieval")
    missing = _counted(counts, f"{way}_notretrieved_reports", "Reports not retrieved")
    assessed = _counted(counts, f"{way}_assessed", "Reports assessed for eligibility")
    given = counts.get(f"{way}_excluded")
    if isinstance(given, Mapping):
        reasons = ["Reports excluded:" if given else "Reports excluded", *_listed(given)]
        reasons += [] if given else [number(0)]
    else:
        reasons = ["Reports excluded", number(given)]
    return [
        _box(f"sought{suffix}", sought, column, 3),
        _box(f"missing{suffix}", missing, column + 1, 3),
        _box(f"assessed{suffix}", assessed, column, 4),
        _box(f"reasons{suffix}", reasons, column + 1, 4),
    ]


def _new(counts: Mapping[str, Any]) -> list[str]:
    new = "New studies" if any(counts.get(key) is not None for key in _BEFORE) else "Studies"
    reports = (
        "Reports of new included studies" if new != "Studies" else "Reports of included studies"
    )
    lines = [
        *_counted(counts, "new_studies", f"{new} included in review"),
        *_counted(counts, "new_reports", reports),
    ]
    if counts.get("total_studies_ma") is not None and new == "Studies":
        lines += _counted(counts, "total_studies_ma", "Studies included in meta-analysis")
    for key, words in _APART.items():
        if counts.get(key) is not None:
            lines += _counted(counts, key, words)
    return lines


_APART = {
    "reports_of_earlier_studies": "Of the reports, about studies that were included before",
    "ongoing_studies": "Ongoing studies",
    "ongoing_reports": "Reports of ongoing studies",
    "awaiting_studies": "Studies awaiting classification",
    "awaiting_reports": "Reports of studies awaiting classification",
}


def _before(counts: Mapping[str, Any]) -> list[str]:
    version = "included in previous version of review"
    return [
        *_counted(counts, "previous_studies", f"Studies {version}"),
        *_counted(counts, "previous_reports", f"Reports of studies {version}"),
    ]


def _total(counts: Mapping[str, Any]) -> list[str]:
    lines = [
        *_counted(counts, "total_studies", "Total studies included in review"),
        *_counted(counts, "total_reports", "Reports of total included studies"),
    ]
    if counts.get("total_studies_ma") is not None:
        lines += _counted(counts, "total_studies_ma", "Studies included in meta-analysis")
    return lines


def heights(drawn: Sequence[Box]) -> dict[int, float]:
    """Return the height of every row: that of its tallest box."""
    tallest: dict[int, float] = {}
    for box in drawn:
        if box.kind == "box":
            needed = len(box.lines) * LINE + 2 * PAD + 6
            tallest[box.row] = max(tallest.get(box.row, 34.0), needed)
    return {0: HEADER, **tallest}
