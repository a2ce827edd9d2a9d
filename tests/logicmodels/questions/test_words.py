"""A model in words, and what changed between two."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from logicmodels import LogicModel

DATA = Path(__file__).parents[3] / "data"
SVG = "{http://www.w3.org/2000/svg}"
OLD = """\
spec_version: 1
profile: theory-of-change
title: Home visits (invented, to try words)
description: Visits lead to earlier reporting.
nodes:
  - {id: a1, column: activities, label: Home visits}
  - {id: a2, column: activities, label: Leaflets}
  - {id: o1, column: outcomes, label: Earlier reporting}
  - {id: i1, column: impact, label: Better health}
links:
  - from: a1
    to: o1
    because: Patients learn warning signs.
    assumptions: [{text: Visits are kept.}, {text: NHS staff are trusted}]
  - {from: a2, to: o1}
  - {from: o1, to: i1}
"""
MODEL = LogicModel.from_text(OLD)


def changed(*changes: tuple[str, str]) -> LogicModel:
    text = OLD
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return LogicModel.from_text(text)


def test_the_description_is_an_outline_and_a_narrative() -> None:
    assert (
        str(MODEL.describe())
        == """\
Home visits (invented, to try words)

Visits lead to earlier reporting. A figure with the columns Activities (2 boxes), Outcomes (1 box) \
and Impact (1 box); 3 arrows in all.

Activities
- Home visits
- Leaflets

Outcomes
- Earlier reporting

Impact
- Better health

How it is meant to work
- If there is “Home visits”, then “Earlier reporting”, because patients learn warning signs, \
provided that visits are kept and NHS staff are trusted.
- If there is “Leaflets”, then “Earlier reporting”.
- If there is “Earlier reporting”, then “Better health”."""
    )


def test_the_link_table_has_a_row_an_arrow() -> None:
    carried = MODEL.with_evidence(
        [{"source": "a2", "target": "o1", "direction": "adverse", "k": 1, "outcome": "reporting"}]
    )
    rows = carried.describe().to_records()
    assert len(rows) == 3
    assert rows[1] == {
        "from": "Leaflets",
        "to": "Earlier reporting",
        "because": "",
        "mechanism": "",
        "role": "",
        "theory": "",
        "assumptions": "",
        "evidence": "adverse (reporting; 1 study)",
    }
    assert rows[0]["assumptions"] == "Visits are kept.; NHS staff are trusted"
    assert rows[2]["evidence"] == "not searched"


@pytest.mark.parametrize(
    "name", sorted(path.parent.name for path in DATA.glob("*/logic_model.yaml"))
)
def test_founding_models_are_described_whole(name: str) -> None:
    model = LogicModel.read(DATA / name / "logic_model.yaml")
    words = str(model.describe())
    for node in model.nodes:
        assert node.sentence in words
    assert len(model.describe().narrative) == len(model.links)


def test_the_description_in_a_notebook_is_escaped() -> None:
    shown = changed(("Leaflets", "<b>Leaflets</b>")).describe()._repr_html_()
    assert "&lt;b&gt;Leaflets" in shown
    assert "<b>Leaflets" not in shown


def test_nothing_changed_between_a_model_and_itself() -> None:
    found = MODEL.diff(LogicModel.from_text(OLD))
    assert not found
    assert str(found) == "Home visits (invented, to try words): no change"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([("Better health", "Good health")],
         "reworded: node i1: label: “Better health” → “Good health”"),
        ([("description: Visits", "description: Calls")],
         "reworded: model: description: “Visits lead to earlier reporting.” →"
         " “Calls lead to earlier reporting.”"),
        ([("links:", "  - {id: o2, column: outcomes, label: Calm}\nlinks:")],
         "added: node o2: Calm"),
        ([("{from: o1, to: i1}", "{from: a1, to: i1}")],
         "re-linked: link a1 -> i1: was o1 -> i1"),
        ([("  - {from: o1, to: i1}\n", "")],
         "removed: link o1 -> i1: Earlier reporting leads to Better health."),
        ([("label: Leaflets", "label: Leaflets, who: patients")],
         "changed: node a2: who: nothing → “patients”"),
        ([("label: Leaflets", "label: Leaflets, items: [for carers]")],
         "changed: node a2: items: “for carers” added"),
        ([("column: outcomes", "column: impact")],
         "moved: node o1: from column outcomes to impact"),
        ([("Patients learn warning signs.", "They learn.")],
         "changed: link a1 -> o1: because: “Patients learn warning signs.” → “They learn.”"),
        ([("{text: Visits are kept.}, ", "")],
         "changed: link a1 -> o1: assumptions: “Visits are kept.; NHS staff are trusted” →"
         " “NHS staff are trusted”"),
        ([("{from: a2, to: o1}", "{from: a2, to: o1, evidence: [{direction: supports}]}")],
         "evidence changed: link a2 -> o1: evidence: “not searched” → “supported”"),
        ([("{from: a2, to: o1}", "{from: a2, to: o1, no_assumption_because: by law}")],
         "changed: link a2 -> o1: no_assumption_because: nothing → “by law”"),
    ],
)  # fmt: skip
def test_each_change_is_told_in_words(changes: list[tuple[str, str]], words: str) -> None:
    found = changed(*changes).diff(MODEL)
    assert str(found).splitlines()[1:] == [f"  {words}"]


def test_a_claim_that_changed_is_told_where_its_state_did_not() -> None:
    row = {"source": "a2", "target": "o1", "direction": "adverse", "citation": "Vale 2015"}
    older, newer = (MODEL.with_evidence([{**row, "k": k}]) for k in (2, 3))
    assert [one.words for one in newer.diff(older)] == [
        "evidence: “2 studies; Vale 2015” → “3 studies; Vale 2015”"
    ]


def test_removing_a_box_and_its_arrow_is_told() -> None:
    smaller = changed(
        ("  - {id: a2, column: activities, label: Leaflets}\n", ""),
        ("  - {from: a2, to: o1}\n", ""),
    )
    assert [(one.kind, one.where) for one in smaller.diff(MODEL)] == [
        ("removed", "node a2"),
        ("removed", "link a2 -> o1"),
    ]
    assert [(one.kind, one.where) for one in MODEL.diff(smaller)] == [
        ("added", "node a2"),
        ("added", "link a2 -> o1"),
    ]


def test_the_marked_figure_shows_both_versions() -> None:
    newer = changed(
        ("  - {id: a2, column: activities, label: Leaflets}\n",
         "  - {id: a3, column: activities, label: Calls}\n"),
        ("{from: a2, to: o1}", "{from: a3, to: o1}"),
        ("Better health", "Good health"),
    )  # fmt: skip
    figure = newer.diff(MODEL).draw()
    drawn = [text.text for text in ET.fromstring(figure.svg).iter(f"{SVG}text")]
    assert {"Leaflets", "Calls", "Good health", "+", "−", "~"} <= set(drawn)
    removed = [line for line in figure.dot.splitlines() if "id=node_a2 " in line]
    assert len(removed) == 1
    assert 'style="filled,rounded,dashed"' in removed[0]


def test_the_diff_in_a_notebook_is_escaped() -> None:
    shown = changed(("Leaflets", "<i>x</i>")).diff(MODEL)._repr_html_()
    assert "&lt;i&gt;x" in shown
    assert "<i>x" not in shown


def test_items_that_came_left_and_changed_places_are_told_apart_from_the_label() -> None:
    def listed(*items: str) -> LogicModel:
        return changed(("label: Leaflets", f"label: Leaflets, items: [{', '.join(items)}]"))

    words = [one.words for one in listed("b", "c").diff(listed("a", "b"))]
    assert words == ["items: “c” added; “a” removed"]
    assert [one.words for one in listed("b", "a").diff(listed("a", "b"))] == [
        "items: in another order"
    ]
