"""A file as people type it: read where it means one thing, and kept as it was typed."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from arrowroot.errors import OptionError
from logicmodels import Comparison, Link, LogicModel, SpecError
from logicmodels.rules.ruleset import RuleSet

TYPED = """\
# A sketch (invented, to try what people type).
spec_version: "1"
profile: theory-of-change
title: “Visits, weekly”
version: 1.0   # the first
date: 2026
description:
source: ~
nodes:
  - {id: 1, column: activities, label: 12, harm: No}   # one
  - {id: 010, column: outcomes, label: true, by: 2027, harm: Yes}
  - {id: b, column: outcomes, label: Care “as usual”, actions: [{type: x, count: "3"}]}
  # What we want:
  - id: c
    column: impact
    label: Trust
    by: 2027-01-31
    note:
links:
  # Several at once:
  - {from: 1, to: [010, b]}   # both
  - 010 -> c      # a line
  - b → c: they talk
waivers: {C05: in the protocol}
process: {stakeholders: 12}
views:
"""
MODEL = LogicModel.from_text(TYPED)
HEAD = "spec_version: 1\nprofile: theory-of-change\ntitle: T\nnodes:\n"
NODES = "".join(f"  - {{id: {one}, column: outcomes, label: L}}\n" for one in "abc")


def changed(model: LogicModel) -> list[str]:
    """Return the lines that differ from what was typed; the text reads back as the model."""
    text = model.to_yaml()
    assert LogicModel.from_text(text) == model
    lines = difflib.unified_diff(TYPED.splitlines(), text.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def links(text: str) -> list[tuple[str, str, str]]:
    model = LogicModel.from_text(f"{HEAD}{NODES}links:\n{text}")
    return [(link.source, link.target, link.because) for link in model.links]


def test_what_was_typed_is_what_is_meant() -> None:
    assert (MODEL.title, MODEL.version, MODEL.date) == ("Visits, weekly", "1.0", "2026")
    assert (MODEL.description, MODEL.source, MODEL.views) == ("", "", ())
    assert [(node.id, node.label, node.by, node.harm) for node in MODEL.nodes] == [
        ("1", "12", "", False),
        ("010", "true", "2027", True),
        ("b", "Care “as usual”", "", False),
        ("c", "Trust", "2027-01-31", False),
    ]
    assert [(link.source, link.target, link.because) for link in MODEL.links] == [
        ("1", "010", ""),
        ("1", "b", ""),
        ("010", "c", ""),
        ("b", "c", "they talk"),
    ]
    assert [(one.rule, one.reason) for one in MODEL.waivers] == [("C05", "in the protocol")]
    assert MODEL.nodes[2].actions[0].count == 3
    assert any("curly quotes" in remark for remark in MODEL.check().remarks)


def test_what_was_typed_is_kept_as_it_was() -> None:
    assert MODEL.to_yaml() == TYPED
    again = replace(MODEL, origin="")
    assert LogicModel.from_text(again.to_yaml()) == MODEL


def test_a_change_elsewhere_leaves_what_was_typed() -> None:
    lines = changed(replace(MODEL, description="Weekly visits"))
    assert lines == ["-description:", "+description: Weekly visits"]
    lines = changed(replace(MODEL, links=(*MODEL.links, Link("1", "c"))))
    assert lines == ["+  - {from: '1', to: c}"]


def test_one_of_several_arrows_that_changes_stands_alone() -> None:
    first, second, *others = MODEL.links
    lines = changed(replace(MODEL, links=(first, replace(second, because="they ask"), *others)))
    assert lines == [
        "-  - {from: 1, to: [010, b]}   # both",
        "+  - {from: '1', to: '010'}    # both",
        "+  - {from: '1', to: b, because: they ask}",
    ]
    assert len(changed(replace(MODEL, links=(second, *others)))) == 2
    assert changed(replace(MODEL, links=()))[0] == "-links:"
    changed(replace(MODEL, links=MODEL.links[::-1]))


def test_an_arrow_in_a_line_becomes_a_mapping_when_it_says_more() -> None:
    *others, last = MODEL.links
    lines = changed(replace(MODEL, links=(*others, replace(last, role="necessary"))))
    assert lines[0] == "-  - b → c: they talk"
    assert lines[1] == "+  - {from: b, to: c, because: they talk, role: necessary}"


def test_text_that_looks_like_something_else_is_written_in_quotes() -> None:
    model = replace(
        MODEL, origin="", title="null", version="1.0", description="No", source="“Quoted”"
    )
    text = model.to_yaml()
    assert LogicModel.from_text(text) == model
    plain = YAML(typ="safe").load(text)
    assert (plain["title"], plain["version"], plain["description"]) == ("null", "1.0", "No")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  - {from: a, to: [b, c]}", [("a", "b", ""), ("a", "c", "")]),
        ("  - {from: [a, b], to: c}", [("a", "c", ""), ("b", "c", "")]),
        ("  - from: a\n    to: b, c", [("a", "b", ""), ("a", "c", "")]),
        ("  - from: a\n    to:\n      - b\n      - c", [("a", "b", ""), ("a", "c", "")]),
        ("  - {from: a, to: [b, c], because: why}", [("a", "b", "why"), ("a", "c", "why")]),
        ("  - a -> b", [("a", "b", "")]),
        ("  - a->b", [("a", "b", "")]),
        ("  - a → b, c", [("a", "b", ""), ("a", "c", "")]),
        ("  - a -> b: they talk", [("a", "b", "they talk")]),
        ("  - 'a -> b: they talk: often'", [("a", "b", "they talk: often")]),
        ("  [a -> b, b -> c]", [("a", "b", ""), ("b", "c", "")]),
    ],
)
def test_arrows_are_read_however_they_are_typed(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert links(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("  - {from: a, to: [b, d]}", "line 9, column 23: no node 'd'"),
        ("  - {from: a, to: [b, b]}", "the link a to b is already on line 9"),
        ("  - {from: [a, b], to: [b]}", "line 9, column 5: 'b' is linked to itself"),
        ("  - a -> d", "line 9, column 5: no node 'd'"),
        ("  - {from: a, to: b, c}", "several ids in brackets, as in [a, b]"),
        ("  - {from: a, to: [b, c], fort: x}", "line 9, column 33: unknown key 'fort'"),
        ("  - a to b", "line 9, column 5: an entry of links must be a mapping"),
        ("  - a => b", "got 'a => b'; write an arrow as a -> b, or as {from: a, to: b}"),
        ("  - {from: a, to: []}", "line 9, column 19: to has no value; enter one"),
    ],
)
def test_a_fault_in_an_arrow_is_named_once_and_in_its_place(text: str, problem: str) -> None:
    with pytest.raises(SpecError) as caught:
        links(text)
    assert len(caught.value.problems) == 1
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        *((one, True) for one in ("2027", "2027-01", "2027-12", "2028-02-29", "2027-04-30")),
        *((one, True) for one in ("2027-10-10", "2027-10-30", "2027-12-31", "2027-07-31")),
        *((one, False) for one in ("2027-00", "2027-13", "2027-02-30", "2027-04-31")),
        *((one, False) for one in ("2027-01-00", "2027-01-32", "2027-11-31", "2027-1")),
    ],
)
def test_a_day_is_one_that_the_calendar_has(day: str, is_one: bool) -> None:
    text = TYPED.replace("by: 2027,", f"by: {day},")
    if is_one:
        assert LogicModel.from_text(text).nodes[1].by == day
        return
    with pytest.raises(SpecError, match=f"by must be a date such as .*; got '{day}'"):
        LogicModel.from_text(text)


@pytest.mark.parametrize("name", ["model.xlsx", "model.XLSX", "model.png", "model.pptx"])
def test_a_workbook_or_figure_is_never_replaced_by_text(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"kept")
    with pytest.raises(OptionError, match=r"name it \.yaml, or use model\."):
        LogicModel.from_text(TYPED).write(path)
    assert path.read_bytes() == b"kept"


@pytest.mark.parametrize("key", ["links", "changelog", "process", "views", "waivers", "headings"])
def test_an_optional_key_may_be_empty(key: str) -> None:
    assert LogicModel.from_text(f"{HEAD}{NODES}{key}:\n").links == ()


def test_tables_and_lines_are_read_alike() -> None:
    boxes = [
        {"id": 1, "column": "activities", "label": "A", "harm": "Y"},
        {"id": 2, "column": "impact", "label": 12, "by": 2027},
        {"id": 3.0, "column": "impact", "label": "C"},
    ]
    keys = {"profile": "theory-of-change", "title": "T", "version": 1.0, "date": 2026}
    table = LogicModel.from_tables(boxes, [{"from": 1, "to": "2; 3"}], **keys)
    lines = "[activities]\n1: A\n[impact]\n2: 12\n3: C\n1 → 2, 3"
    sketch = LogicModel.from_lines(lines, **keys)
    assert table.links == sketch.links == (Link("1", "2"), Link("1", "3"))
    assert (table.version, table.date) == (sketch.version, sketch.date) == ("1.0", "2026")
    assert (table.nodes[0].harm, table.nodes[1].by) == (True, "2027")


def test_numbers_for_ids_reach_every_export() -> None:
    for text in (MODEL.to_mermaid(), MODEL.draw().dot, MODEL.draw().svg, str(MODEL.describe())):
        assert "Trust" in text
    assert LogicModel.from_text(MODEL.to_json()) == MODEL


def test_other_specifications_are_read_as_kindly(tmp_path: Path) -> None:
    compared = Comparison.from_text(
        "spec_version: '1'\ntitle: 2027\nversion: 1.0\nsource:\ncolumns: [1, 2]\n"
        "rows:\n  - {heading: 010, cells: [true, 1e3]}\n"
    )
    assert (compared.title, compared.version, compared.columns) == ("2027", "1.0", ("1", "2"))
    assert compared.rows[0].cells == ("true", "1e3")
    path = tmp_path / "house.yaml"
    path.write_text("severity: {S02: off}\nlimits: {S08: {view: '3'}}\nextends:\n", "utf-8")
    assert RuleSet.read(path).limits == {"S08": {"view": 3}}
    with pytest.raises(SpecError, match=r"there is no such file in .*did you mean 'house.yaml'"):
        RuleSet.read(tmp_path / "hause.yaml")
    with pytest.raises(SpecError, match=r"use LogicModel\.from_tables"):
        LogicModel.read(tmp_path / "model.xlsx")


def test_words_of_a_choice_may_have_capitals() -> None:
    arrow = (
        "links:\n  - {from: a, to: b, role: Necessary, theory: PROGRAMME, assumptions: [{text: x,"
        " status: Untested}], evidence: [{direction: Supports, certainty: Very low, search: Done}],"
        " comments: [{by: x, date: '2026', agree: Partly}]}\n"
    )
    more = "approach: Staged\nviews: [{id: v, show: Evidence, theme: Print}]\n"
    model = LogicModel.from_text(HEAD + NODES + arrow + more)
    assert model == LogicModel.from_text(HEAD + NODES + (arrow + more).lower())
    assert (model.links[0].role, model.links[0].evidence[0].certainty) == ("necessary", "very low")
    with pytest.raises(SpecError, match=r"role must be 'necessary', .*; got 'Needed'"):
        LogicModel.from_text(HEAD + NODES + arrow.replace("Necessary", "Needed"))


def test_editors_accept_the_same_capitals() -> None:
    role = LogicModel.json_schema()["$defs"]["LinkSpec"]["properties"]["role"]
    words, pattern = role["anyOf"][:2]
    assert words["enum"] == ["necessary", "sufficient", "contributory", ""]
    assert all(re.match(pattern["pattern"], word) for word in ("Necessary", "NECESSARY", ""))
    assert not re.match(pattern["pattern"], "needed")
