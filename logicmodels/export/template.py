"""A small model to begin with, as a text file or as sheets of a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from arrowroot.errors import FileError, OptionError
from arrowroot.files import as_path, is_there, write_text
from arrowroot.options import one_of
from arrowroot.sheets import NARROW, WIDE, Column, Sheet, write_sheets
from logicmodels.export.json_text import json_schema
from logicmodels.profiles.profile import Profile
from logicmodels.profiles.registry import PROFILES
from logicmodels.source.from_tables import COLUMNS, HEAD, OWN_COLUMNS

_TEXT = """\
# A logic model: boxes in columns, joined by arrows. It is made up; put your own words in it. Save
# the file after every change and draw it again, in a notebook with
#
#     from logicmodels import LogicModel
#     LogicModel.read({name!r}).draw()
#
# Whatever follows a # is a comment. Indent with spaces, and put a text that contains a colon, a
# comma or a # in double quotes. The page "For evaluators" of the documentation explains every key.
spec_version: 1
profile: {profile}  # decides which columns there are
title: Home visits (made up)
description: What the model shows, in a sentence or two.
# version: "1"
# date: "2026-11-30"
# source: where the model comes from

# Boxes: an id for the arrows, the column, and what the box says. The columns of this profile are
# {columns}.
nodes:
{nodes}
# More can be said of a box, each on a line of its own beneath its label: items (a list in the
# box), who, by (a date), indicators, harm: true (an unwanted effect), note, short (for the public),
# url, group (a frame around boxes), tags, owner, model (a file with a model of its own); and of
# context: acts_on (the boxes and arrows that it bears on). Columns of your own are written under
# columns; the page "Typing a model file" shows how.

# Arrows, from the id of one box to that of another.
links:
{links}
# More can be said of an arrow: mechanism, role, assumptions, evidence, feedback: true (it runs
# back), mutual: true (each depends on the other), label (printed on it), confidence (in per cent).
"""
_BOXES: Mapping[str, Sequence[str]] = {
    "situation": ["People over 75 who live alone"],
    "input": ["Nurses with time for visits"],
    "activity": ["Home visits by a nurse"],
    "participation": ["Patients visited every month"],
    "outcome": ["Patients report symptoms earlier", "Treatment begins at home"],
    "impact": ["Fewer emergency admissions"],
}
"""What the boxes of the example say, by the kind of their column."""
_BECAUSE = "why the one should lead to the other"
_VARIABLES = {
    "visits": "Home visits",
    "symptoms": "Symptoms reported early",
    "admissions": "Emergency admissions",
}
_IN_COLUMNS = ("boxes in columns, joined by arrows", "variables, and arrows that may form loops")
_WITHOUT_COLUMNS = (
    "# Boxes: an id for the arrows, the column, and what the box says. The columns of this profile"
    " are\n# {columns}.\n",
    "# Variables: an id for the arrows, and a name that can go up or down.\n",
)
_OF_MAPS = (
    "feedback: true (it runs\n# back), mutual: true (each depends on the other), label",
    "delay: true\n# (the effect comes late; polarity is positive, negative or unclear), label",
)
"""How the text for a causal loop map differs."""
_POLARITIES = ("positive", "negative", "negative")
"""A causal loop map to begin with: a loop of variables, and the polarity of each arrow."""
_SPARE = 200
"""Empty rows that have lists to choose from."""
_FORMS = {"nodes": "NodeSpec", "links": "LinkSpec", "evidence": "ClaimSpec"}
_ENDS = {"source": "The id of the box where the arrow begins.", "target": "The id where it ends."}
_BROAD = {"label", "items", "because", "mechanism", "assumptions", "citation", "indicators"}


def write_template(path: str | Path, profile: str) -> Path:
    """Write a model to begin with; see `LogicModel.template`."""
    target = as_path(path)
    kind = target.suffix.lower()
    chosen = PROFILES[one_of("profile", profile, list(PROFILES))]
    if kind not in (".yaml", ".yml", ".xlsx"):
        raise OptionError(
            "template: the name must end in .yaml (a text file) or .xlsx (a workbook); "
            f"got {target.name!r}."
        )
    if is_there(target):
        raise FileError(
            f"{target}: this file exists already, and is left as it is. Choose another name, or "
            "delete it first."
        )
    if kind == ".xlsx":
        return write_sheets(target, *_sheets(chosen))
    return write_text(_text(chosen, target.name), target)


def _boxes(profile: Profile) -> list[dict[str, str]]:
    """Return one box for each column that has arrows."""
    if profile.free:
        return [{"id": name, "label": label} for name, label in _VARIABLES.items()]
    left = {kind: list(labels) for kind, labels in _BOXES.items()}
    return [
        {"id": f"{column.id}1", "column": column.id, "label": left[column.kind].pop(0)}
        for column in profile.flow
    ]


def _arrows(boxes: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    ids = [box["id"] for box in boxes]
    if not any("column" in box for box in boxes):
        return [
            {"from": source, "to": target, "because": _BECAUSE, "polarity": polarity}
            for source, target, polarity in zip(ids, [*ids[1:], ids[0]], _POLARITIES, strict=True)
        ]
    return [{"from": source, "to": target, "because": _BECAUSE} for source, target in pairwise(ids)]


def _text(profile: Profile, name: str) -> str:
    boxes = _boxes(profile)
    nodes = [
        "  - " + "\n    ".join(f"{key}: {value}" for key, value in box.items()) for box in boxes
    ]
    links = [
        "  - " + "\n    ".join(f"{key}: {value}" for key, value in arrow.items())
        for arrow in _arrows(boxes)
    ]
    if profile.free:
        text = _TEXT.replace(*_IN_COLUMNS).replace(*_OF_MAPS).replace(*_WITHOUT_COLUMNS)
    else:
        text = _TEXT
    return text.format(
        name=name,
        profile=profile.id,
        columns=", ".join(column.id for column in profile.columns),
        nodes="\n".join(nodes),
        links="\n".join(links),
    )


def _sheets(profile: Profile) -> list[Sheet]:
    """Return the sheets that `from_tables` reads, with lists to choose from and notes."""
    schema = json_schema()
    words = {name: schema["$defs"][form]["properties"] for name, form in _FORMS.items()}
    boxes = _boxes(profile)
    rows: dict[str, list[dict[str, str]]] = {
        "nodes": boxes,
        "links": _arrows(boxes),
        "evidence": [],
    }
    columns = {**COLUMNS, "evidence": (*_ENDS, *words["evidence"])}
    head = [_column(key, schema["properties"][key], profile) for key in HEAD]
    first = {"profile": profile.id, "title": "Home visits (made up)"}
    return [
        *(
            Sheet(
                name,
                [_column(key, words[name].get(key, {}), profile) for key in columns[name]],
                [tuple(row.get(key, "") for key in columns[name]) for row in rows[name]],
                spare=_SPARE,
            )
            for name in columns
        ),
        *_own_columns(schema, profile),
        Sheet("model", head, [tuple(first.get(key, "") for key in HEAD)]),
    ]


def _own_columns(schema: Mapping[str, Any], profile: Profile) -> list[Sheet]:
    """Return an empty sheet for columns of the model's own, where it can have any."""
    if profile.free:
        return []
    words = schema["$defs"]["ColumnSpec"]["properties"]
    columns = [_column(key, words[key], profile) for key in OWN_COLUMNS]
    return [Sheet("columns", columns, [], spare=_SPARE)]


def _column(key: str, form: Mapping[str, Any], profile: Profile) -> Column:
    """Return a column with the list that its cells offer, and a note that explains it."""
    forms = form.get("anyOf", [form])
    choices: list[str] = [value for one in forms for value in one.get("enum", ()) if value]
    rule = None
    if forms[0].get("type") == "boolean":
        choices = ["yes", "no"]
    elif key == "column":
        choices = [column.id for column in profile.columns]
    elif key in ("from", "to", "source", "target") and (key != "source" or not form):
        rule = {"type": "list", "formula1": f"nodes!$A$2:$A${_SPARE + 1}"}
    note = form.get("description") or _ENDS.get(key, "")
    if any(one.get("type") == "array" for one in forms):
        note += " Separate several with ;"
    return Column(key, WIDE if key in _BROAD else NARROW, choices, rule=rule, note=note)
