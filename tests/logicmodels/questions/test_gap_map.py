"""The evidence gap map. Models and claims are invented, to try it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from logicmodels import LogicModel
from logicmodels.questions.evidence import STATES

MODEL = LogicModel.from_text(
    """\
spec_version: 1
profile: theory-of-change
title: Visits
nodes:
  - {id: a, column: activities, label: Visits}
  - {id: b, column: activities, label: Letters}
  - {id: o, column: outcomes, label: Reporting}
  - {id: p, column: outcomes, label: Trust}
  - {id: i, column: impact, label: Health}
links:
  - {from: a, to: o}
  - {from: a, to: p, assumptions: [{text: visits are kept}]}
  - {from: b, to: o, no_assumption_because: it is the law}
  - {from: b, to: p}
  - {from: o, to: i}
  - {from: p, to: i}
"""
).with_evidence(
    [
        {"source": "a", "target": "o", "direction": "supports", "k": 3, "certainty": "low"},
        {"source": "a", "target": "o", "direction": "supports", "k": 1},
        {"source": "b", "target": "p", "search": "done", "k": 0},
        {"source": "o", "target": "i", "direction": "adverse", "k": 1},
    ]
)


def test_every_arrow_has_one_cell_and_nothing_else_has_any() -> None:
    assert dict(MODEL.gap_map().cells) == {
        ("Visits", "Reporting"): "supported, low certainty, at least 3 studies",
        ("Visits", "Trust"): "not searched",
        ("Letters", "Reporting"): "not searched",
        ("Letters", "Trust"): "none found, 0 studies",
        ("Reporting", "Health"): "adverse, 1 study",
        ("Trust", "Health"): "not searched",
    }


def test_rows_and_columns_keep_the_order_of_the_author() -> None:
    assert MODEL.gap_map().to_records()[:2] == [
        {
            "from": "Visits",
            "Reporting": "supported, low certainty, at least 3 studies",
            "Trust": "not searched",
            "Health": "",
        },
        {
            "from": "Letters",
            "Reporting": "not searched",
            "Trust": "none found, 0 studies",
            "Health": "",
        },
    ]


def test_an_arrow_is_bare_without_a_search_and_without_an_assumption() -> None:
    assert MODEL.gap_map().bare == ("Trust -> Health",)


def test_mutual_dependence_is_claimed_both_ways_by_one_arrow() -> None:
    links = (replace(MODEL.links[5], mutual=True),)
    found = replace(MODEL, links=links).gap_map()
    assert set(found.cells) == {("Trust", "Health"), ("Health", "Trust")}
    assert found.bare == ("Trust <-> Health",)
    assert str(found).startswith("Visits: evidence on 1 arrow\n")


def test_an_arrow_beside_one_with_two_heads_keeps_its_evidence() -> None:
    # The model has Reporting -> Health, adverse; and now Health <-> Reporting, of which no more
    # is known.
    back = replace(MODEL.links[5], source="i", target="o", mutual=True)
    found = replace(MODEL, links=(MODEL.links[4], back)).gap_map()
    assert dict(found.cells) == {
        ("Reporting", "Health"): "adverse, 1 study; not searched",
        ("Health", "Reporting"): "not searched",
    }
    assert found.bare == ("Health <-> Reporting",)


def test_the_map_as_text() -> None:
    assert str(MODEL.gap_map()).splitlines()[-4:] == [
        "  Reporting -> Health: adverse, 1 study",
        "  Trust -> Health: not searched",
        "Neither searched for nor assumed:",
        "  Trust -> Health",
    ]


def test_boxes_with_equal_labels_stay_apart() -> None:
    nodes = tuple(replace(node, label="Visits") if node.id == "b" else node for node in MODEL.nodes)
    found = replace(MODEL, nodes=nodes).gap_map()
    assert found.rows[:2] == ("Visits (a)", "Visits (b)")
    assert len(found.cells) == len(MODEL.links)


@pytest.mark.parametrize(
    "labels",
    [
        {"a": "Visits", "b": "Visits", "o": "Visits (a)"},
        {"a": "Visits", "b": " Visits", "o": "Visits (a)", "p": "Visits (a) (o)"},
        {"a": "Visits (b)", "b": "Visits", "o": "Visits (b)", "p": "Visits"},
        dict.fromkeys("abopi", "Visits"),
    ],
)
def test_a_label_that_reads_like_another_with_its_id_stays_apart(labels: dict[str, str]) -> None:
    nodes = tuple(replace(node, label=labels.get(node.id, node.label)) for node in MODEL.nodes)
    found = replace(MODEL, nodes=nodes).gap_map()
    assert len({*found.rows, *found.columns}) == len(nodes)
    assert list(found.cells.values()) == list(MODEL.gap_map().cells.values())


def test_a_box_called_as_the_first_column_keeps_its_own() -> None:
    nodes = tuple(replace(node, label="from") if node.id == "o" else node for node in MODEL.nodes)
    first = replace(MODEL, nodes=nodes).gap_map().to_records()[0]
    assert (first["from"], first["from (o)"]) == (
        "Visits",
        "supported, low certainty, at least 3 studies",
    )


def test_labels_are_nothing_but_text_in_a_notebook() -> None:
    nodes = tuple(replace(node, label=f"<script>{node.id}") for node in MODEL.nodes)
    shown = replace(MODEL, title="<b>", nodes=nodes).gap_map()._repr_html_()
    assert "<script" not in shown
    assert "<b>" not in shown
    assert shown.count("&lt;script&gt;") == 4 + 3 + 2  # rows, columns, and a bare arrow's two ends


@pytest.mark.parametrize("state", STATES[:2])
def test_the_published_results_of_case_management_are_on_the_map(state: str) -> None:
    path = Path(__file__).parents[3] / "data" / "case_management" / "logic_model.yaml"
    cells = LogicModel.read(path).gap_map().cells.values()
    assert any(cell.startswith(state) for cell in cells)
