"""Models written as YAML read back as themselves, and keep what their author wrote around them."""

from __future__ import annotations

import difflib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logicmodels import (
    Applicability,
    Assumption,
    Claim,
    Comment,
    FileError,
    Link,
    LogicModel,
    Node,
    SpecError,
)
from logicmodels.claims.faults import impossible
from logicmodels.profiles.registry import PROFILES
from logicmodels.records import Actions, Change, Process, View, Waiver
from logicmodels.source.schema import plain

DATA = Path(__file__).parents[3] / "data"
FOUNDING = sorted(DATA.glob("*/logic_model.yaml"))
COMMENTED = """\
# What the team agreed on (invented, to try writing).
spec_version: 1
profile: "theory-of-change"   # see the handbook
title: 'Visits'
date: 2026-03-01
# Boxes, in the order of the workshop.
nodes:
- id: a1   # the first
  label: "Home visits"
  column: activities
- {id: o1, column: outcomes, label: 'Earlier reporting',
   who: patients}
# What we want in the end:
- {id: i1, column: impact, label: Better health}
links:
- {from: a1, to: o1}   # tried in 2025
- {from: o1, to: i1}
# The end.
"""


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@pytest.mark.parametrize("path", FOUNDING, ids=lambda path: path.parent.name)
def test_an_unchanged_model_is_written_as_it_was_read(path: Path) -> None:
    model = LogicModel.read(path)
    assert model.to_yaml() == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FOUNDING, ids=lambda path: path.parent.name)
def test_a_founding_model_without_its_file_reads_back_as_itself(path: Path) -> None:
    model = replace(LogicModel.read(path), origin="")
    assert LogicModel.from_text(model.to_yaml()) == model
    assert "#" not in model.to_yaml()


@pytest.mark.parametrize("path", FOUNDING, ids=lambda path: path.parent.name)
def test_a_change_touches_no_other_line(path: Path) -> None:
    model = LogicModel.read(path)
    *others, last = model.nodes
    again = replace(model, nodes=(*others, replace(last, note="reworded")))
    lines = changed_lines(model.to_yaml(), again.to_yaml())
    assert len([line for line in lines if line.startswith("-")]) <= 1
    assert LogicModel.from_text(again.to_yaml()) == again


def test_comments_quotes_order_and_line_breaks_stay() -> None:
    model = LogicModel.from_text(COMMENTED)
    first, *others = model.nodes
    changed = replace(
        model,
        version="2",
        date="2026-11-22",
        nodes=(replace(first, label="Visits at home"), *others),
        links=(*model.links[:1], replace(model.links[1], because="they act sooner")),
    )
    assert changed_lines(COMMENTED, changed.to_yaml()) == [
        "-date: 2026-03-01",
        "+version: '2'",
        "+date: '2026-11-22'",
        '-  label: "Home visits"',
        '+  label: "Visits at home"',
        "-- {from: o1, to: i1}",
        "+- {from: o1, to: i1, because: they act sooner}",
    ]


def test_boxes_come_and_go_and_the_others_keep_their_comments() -> None:
    model = LogicModel.from_text(COMMENTED)
    a1, o1, i1 = model.nodes
    new = Node("o2", "Calm: at last", "outcomes")
    more = replace(model, nodes=(a1, o1, new, i1), links=(*model.links, Link("a1", "o2")))
    assert changed_lines(COMMENTED, more.to_yaml()) == [
        "+- {id: o2, column: outcomes, label: 'Calm: at last'}",
        "+- {from: a1, to: o2}",
    ]
    fewer = replace(model, nodes=(a1, o1), links=model.links[:1])
    assert changed_lines(COMMENTED, fewer.to_yaml()) == [
        "-# What we want in the end:",
        "-- {id: i1, column: impact, label: Better health}",
        "-- {from: o1, to: i1}",
    ]


def test_an_authors_own_way_of_setting_lines_in_stays() -> None:
    text = """\
---
spec_version: 1
profile: theory-of-change
title: Visits
nodes:
    -   id: a
        column: activities
        label: |
            Visits,
            weekly
        items:
            -   by nurses
            -   by volunteers
    -   {id: o, column: outcomes, label: Trust}
links:
    -   {from: a, to: o}
process:
    stakeholders: 12
"""
    model = LogicModel.from_text(text)
    first, second = model.nodes
    changed = replace(model, nodes=(replace(first, items=("by nurses", "by day")), second))
    assert changed_lines(text, changed.to_yaml()) == [
        "-            -   by volunteers",
        "+            -   by day",
    ]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_file_of_json_stays_one(indent: int | None) -> None:
    model = LogicModel.read(DATA / "salford" / "logic_model.yaml")
    text = json.dumps(plain(model), indent=indent, ensure_ascii=False)
    again = replace(LogicModel.from_text(text), version="2")
    assert again.to_yaml().startswith("{")
    assert LogicModel.from_text(again.to_yaml()) == replace(model, version="2")


@pytest.mark.parametrize("before", FOUNDING, ids=lambda path: path.parent.name)
def test_any_founding_file_can_become_any_other_founding_model(before: Path) -> None:
    origin = before.read_text(encoding="utf-8")
    for path in FOUNDING:
        model = LogicModel.read(path)
        assert LogicModel.from_text(replace(model, origin=origin).to_yaml()) == model


def test_a_model_of_ones_own_is_written_in_the_order_of_the_specification() -> None:
    sketch = "[activities]\nv: Home visits\n[outcomes]\nr: Symptoms told early\nv -> r: they ask"
    model = LogicModel.from_lines(sketch, profile="theory-of-change", title="Visits")
    described = replace(model, description="Nurses visit. " * 12 + "Done.")
    assert (
        described.to_yaml()
        == """\
spec_version: 1
profile: theory-of-change
title: Visits
description: >-
  Nurses visit. Nurses visit. Nurses visit. Nurses visit. Nurses visit. Nurses visit. Nurses
  visit. Nurses visit. Nurses visit. Nurses visit. Nurses visit. Nurses visit. Done.
nodes:
  - {id: v, column: activities, label: Home visits}
  - {id: r, column: outcomes, label: Symptoms told early}
links:
  - {from: v, to: r, because: they ask}
"""
    )


def test_a_model_that_no_file_could_hold_is_refused() -> None:
    model = LogicModel.from_text(COMMENTED)
    with pytest.raises(SpecError, match=r"id must start with a letter .* got 'a 1'"):
        replace(model, nodes=(Node("a 1", "Visits", "activities"), *model.nodes)).to_yaml()
    ours = replace(PROFILES["theory-of-change"], title="Ours")
    with pytest.raises(SpecError, match="cannot be read back as the same model"):
        replace(model, profile=ours).to_yaml()


def test_writing_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = LogicModel.from_text(COMMENTED)
    path = model.write(tmp_path / "model.yaml")
    assert path.read_text(encoding="utf-8") == COMMENTED
    assert LogicModel.read(path) == model

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace(model, version="2").write(path)
    assert path.read_text(encoding="utf-8") == COMMENTED
    assert [one.name for one in tmp_path.iterdir()] == ["model.yaml"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="not saved, because there is no folder"):
        LogicModel.from_text(COMMENTED).write(tmp_path / "none" / "model.yaml")


HOSTILE = [
    *("<script>alert(1)</script>", "]]>", '"; a -> b; x [label="', "javascript:alert(1)"),
    *("no", "null", "~", "12", "012", "1e3", "2026-11-22", "=1+1", "- a", "a: b", "#x", "x #y"),
    *(
        "'",
        '"',
        "\\",
        "\\N",
        "{a}",
        "[a",
        "*a",
        "&a x",
        "!!str x",
        "%x",
        "@x",
        "`x",
        "|",
        ">-",
        "?",
    ),
    *("a\nb", "a\n\n b ", " a ", "\ta", "\u2028", "\x85", "\ufeff", "\x07", "---", "...", "<<"),
    *("\u202eright to left\u202c שלום", "日本語" * 60, "word " * 60 + "end", "a" * 10_000, "👩🏽‍⚕️"),
]
WORDS = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=30))
SOME = st.one_of(st.just(""), WORDS)
LISTS = st.lists(WORDS, max_size=3).map(tuple)
FLOATS = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))
COUNTS = st.one_of(st.none(), st.integers(0, 10**9))
ROLES = st.sampled_from(("", "necessary"))


def possible(claim: Claim) -> Claim:
    """Return a claim as it is, or without its numbers if they cannot be true together."""
    numbers = (claim.estimate, claim.ci_low, claim.ci_high)
    if None not in numbers:
        low, middle, high = sorted(numbers)
        claim = replace(claim, estimate=middle, ci_low=low, ci_high=high)
    if not any(impossible(vars(claim))):
        return claim
    return replace(claim, estimate=None, ci_low=None, ci_high=None, k=None, n=None)


CLAIMS = st.builds(
    Claim, SOME, SOME, FLOATS, FLOATS, FLOATS, SOME, COUNTS, COUNTS,
    st.sampled_from(("", "supports", "adverse")), st.sampled_from(("", "very low")), LISTS,
    st.sampled_from(("done", "not searched")), SOME, unit=SOME,
).map(possible)  # fmt: skip
FINDINGS = st.lists(
    st.builds(Applicability, WORDS, st.just("setting"), st.just("unclear"), WORDS, SOME), max_size=1
).map(tuple)
SAYINGS = st.lists(st.builds(Comment, WORDS, WORDS, text=SOME), max_size=1).map(tuple)


@st.composite
def models(draw: st.DrawFn) -> LogicModel:
    """Return a model of a few boxes whose texts are anything at all."""
    ids = draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=5, unique=True))
    nodes = [
        draw(
            st.builds(
                Node, st.just(one), WORDS, st.sampled_from(("activities", "outcomes")), LISTS,
                SOME, st.sampled_from(("", "2026", "2026-11")), LISTS, st.booleans(), SOME,
                short=SOME, url=st.sampled_from(("", "https://example.org/?a=b#c", "notes.html")),
                applicability=FINDINGS, comments=SAYINGS,
                actions=st.lists(st.builds(Actions, WORDS, st.integers(0, 9)), max_size=2).map(
                    tuple
                ),
            )
        )
        for one in ids
    ]  # fmt: skip
    ends = [(one, other) for one in ids for other in ids if one != other]
    links = [
        draw(
            st.builds(
                Link, st.just(source), st.just(target), SOME, SOME, ROLES,
                assumptions=st.lists(st.builds(Assumption, WORDS, SOME), max_size=2).map(tuple),
                evidence=st.lists(CLAIMS, max_size=2).map(tuple), feedback=st.booleans(),
            )
        )
        for source, target in draw(st.lists(st.sampled_from(ends), max_size=4, unique=True))
    ] if ends else []  # fmt: skip
    return LogicModel(
        title=draw(WORDS),
        profile=PROFILES["theory-of-change"],
        nodes=tuple(nodes),
        links=tuple(links),
        description=draw(SOME),
        headings=draw(st.sampled_from(({}, {"impact": "12: #"}))),
        stages=draw(LISTS),
        changelog=draw(st.lists(st.builds(Change, WORDS, WORDS), max_size=2).map(tuple)),
        process=draw(st.one_of(st.none(), st.builds(Process, COUNTS, SOME))),
        views=draw(st.lists(st.builds(View, st.just("ours"), SOME, SOME), max_size=1).map(tuple)),
        waivers=draw(st.lists(st.builds(Waiver, WORDS, WORDS, SOME), max_size=2).map(tuple)),
    )


@settings(max_examples=40)  # each draws a model of some hundred texts
@given(models())
def test_any_model_reads_back_as_itself(model: LogicModel) -> None:
    text = model.to_yaml()
    again = LogicModel.from_text(text)
    assert again == model
    assert again.to_yaml() == text


@settings(max_examples=40)
@given(models(), models())
def test_any_file_can_become_any_other_model(before: LogicModel, after: LogicModel) -> None:
    text = replace(after, origin=before.to_yaml()).to_yaml()
    assert LogicModel.from_text(text) == after
