"""Sheets to fill in for each method, with lists to choose from and a note on every heading."""

from __future__ import annotations

import os
from pathlib import Path

from arrowroot.errors import FileError, OptionError
from arrowroot.files import as_path, is_there
from arrowroot.options import one_of
from arrowroot.sheets import WIDE, Column, Sheet, write_sheets
from synthesis.evaluation.delphi.feedback import rating_column
from synthesis.evaluation.delphi.rule import DelphiRule
from synthesis.evaluation.distance.pairs import read_scale as scale_of
from synthesis.evaluation.themes import COMPONENTS, CONCERNS, CONFIDENCE, DIRECTIONS
from synthesis.evaluation.value.lines import COLUMNS, KINDS, PERCENTS, STREAMS

METHODS = ("delphi", "distance_travelled", "value_for_money", "concentration", "themes", "cerqual")
SPARE = 500
_DAY = "A day, written year-month-day: 2026-05-04."
_LIST = "Choose from the list."


def evaluation_template(
    method: str,
    path: str | os.PathLike[str],
    *,
    rule: DelphiRule | None = None,
    scale: tuple[float, float] | None = None,
) -> Path:
    """Write an empty sheet for a method of evaluation.

    Parameters
    ----------
    method : str
        ``"delphi"``, ``"distance_travelled"``, ``"value_for_money"``, ``"concentration"``,
        ``"themes"`` or ``"cerqual"``.
    path : path
        Ends in ``.xlsx``, where cells offer lists and refuse what cannot be, or in ``.csv``. An
        existing file is not overwritten.
    rule : DelphiRule, optional
        For ``"delphi"``: cells then accept its scale only; from 1 to 9 without it.
    scale : (float, float), optional
        For ``"distance_travelled"``: the scores that cells accept. No scale comes with Arrowroot.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OptionError, FileError
        For an unknown method, another ending, or a file that exists.

    Examples
    --------
    >>> import tempfile
    >>> evaluation_template("concentration", Path(tempfile.mkdtemp()) / "uses.xlsx").name
    'uses.xlsx'
    """
    one_of("method", method, METHODS)
    for name, value, of in (("rule", rule, "delphi"), ("scale", scale, "distance_travelled")):
        if value is not None and method != of:
            raise OptionError(f"{name} is for the method {of!r}; leave it out for {method!r}.")
    target = as_path(path)
    if is_there(target):
        raise FileError(
            f"{target.name} already exists and may hold entries; it was left as it is. Move it, or "
            "choose another name."
        )
    columns = {
        "delphi": lambda: _delphi(rule),
        "distance_travelled": lambda: _readings(scale),
        "value_for_money": _value,
        "concentration": _counts,
        "themes": _themes,
        "cerqual": _cerqual,
    }[method]()
    return write_sheets(target, Sheet(method, columns, spare=SPARE))


def _delphi(rule: DelphiRule | None) -> list[Column]:
    if rule is not None and not isinstance(rule, DelphiRule):
        raise OptionError(f"rule: a DelphiRule is needed; got {type(rule).__name__}.")
    rated = rule or DelphiRule(consensus="iqr", iqr_at_most=1, rounds=1, decided="1970-01-01")
    return [
        Column("round", rule=_whole(1), note="1, 2, 3: the round of this rating."),
        Column("panellist", note="A name or number, the same in every round."),
        Column("group", note="Such as policy, practice, research. May be left blank."),
        Column("item", note="A short name for the statement, the same in every round."),
        Column("wording", WIDE, note="The statement as it was worded in this round."),
        rating_column(rated, "Leave it blank if the panellist saw the item and skipped it."),
        Column("comment", WIDE),
        Column("date", note=_DAY),
    ]


def _readings(scale: tuple[float, float] | None) -> list[Column]:
    score = Column("score", note="Leave it blank if the area was not scored.")
    if scale is not None:
        low, high = scale_of(scale)
        limits = {
            "type": "decimal",
            "operator": "between",
            "formula1": f"{low:g}",
            "formula2": f"{high:g}",
        }
        score = Column(
            "score", rule=limits, refuses=f"A number from {low:g} to {high:g}.", note=score.note
        )
    return [
        Column("person", note="A name or number, the same in every reading."),
        Column("area", note="Such as money or housing: the areas of your own instrument."),
        Column("date", note=_DAY),
        score,
        Column("cohort", note="Any group, for by='cohort'. Fill it in for all, or delete it."),
    ]


def _value() -> list[Column]:
    offers = {"kind": KINDS, "stream": STREAMS}
    made = []
    for name, note in COLUMNS.items():
        wide = WIDE if name in ("line", "source", "basis") else 18
        if name in offers:
            made.append(Column(name, wide, choices=offers[name], refuses=_LIST, note=note))
        elif name in PERCENTS:
            rule = {"type": "decimal", "operator": "greaterThanOrEqual", "formula1": "0"}
            refuses = "A percentage of 0 or more, without the sign: 30 for 30%."
            made.append(Column(name, wide, rule=rule, refuses=refuses, note=note))
        else:
            made.append(Column(name, wide, note=note))
    return made


def _counts() -> list[Column]:
    rule = {"type": "decimal", "operator": "greaterThanOrEqual", "formula1": "0"}
    return [
        Column("person", note="A name or number; once in each year."),
        Column("year", note="May be deleted if all counts are of one year."),
        Column("count", rule=rule, refuses="A number of 0 or more.", note="0 for never."),
        Column("segment", note="The group by need, if people are classified. May be deleted."),
    ]


def _themes() -> list[Column]:
    return [
        Column("theme", note="A short name, the same wherever it was found."),
        Column("source", note="The study or interview."),
        Column("excerpt", WIDE, note="The words that the theme rests on."),
    ]


def _cerqual() -> list[Column]:
    made = [
        Column("theme", note="As in the codings."),
        Column("finding", WIDE, note="The finding, in a sentence."),
    ]
    for name, words in COMPONENTS.items():
        made += [
            Column(name, choices=CONCERNS, refuses=_LIST, note=f"Concerns about {words}."),
            Column(f"{name}_reason", WIDE // 2, note="Why, unless there are none."),
        ]
    return [
        *made,
        Column("confidence", choices=CONFIDENCE, refuses=_LIST, note="A judgement, not a sum."),
        Column("confidence_reason", WIDE, note="Why."),
        Column("direction", choices=DIRECTIONS, refuses=_LIST, note="What it says of its arrow."),
    ]


def _whole(least: int) -> dict[str, str]:
    return {"type": "whole", "operator": "greaterThanOrEqual", "formula1": str(least)}
