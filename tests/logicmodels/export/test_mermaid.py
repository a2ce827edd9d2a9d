from __future__ import annotations

import re

import pytest

from logicmodels import LogicModel

TEXT = """\
spec_version: 1
profile: theory-of-change
title: Visits
nodes:
  - {id: end, column: activities, label: Home visits, items: [weekly]}
  - {id: o1, column: outcomes, label: LABEL}
links:
  - {from: end, to: o1}
  - {from: o1, to: end, feedback: true}
"""
HOSTILE = [
    '"]; click node_end "javascript:alert(1)',
    "<script>alert(1)</script>",
    "`**bold**` %% comment",
    "end\nsubgraph x",
    "#quot; #34; &quot;",
]


def with_label(label: str) -> LogicModel:
    model = LogicModel.from_text(TEXT)
    first, second = model.nodes
    nodes = (first, type(second)(second.id, label, second.column))
    return type(model)(title=label, profile=model.profile, nodes=nodes, links=model.links)


def test_columns_boxes_and_arrows_are_written() -> None:
    assert (
        with_label("Earlier reporting").to_mermaid()
        == """\
flowchart LR
    accTitle: Earlier reporting
    subgraph column_activities["Activities"]
        direction TB
        node_end["Home visits<br/>weekly"]
    end
    subgraph column_outcomes["Outcomes"]
        direction TB
        node_o1["Earlier reporting"]
    end
    node_end --> node_o1
    node_o1 -.-> node_end
"""
    )


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_are_nothing_but_text(label: str) -> None:
    drawn = with_label(label).to_mermaid()
    assert len(drawn.splitlines()) == 12
    (line,) = [line for line in drawn.splitlines() if "node_o1[" in line]
    written = re.fullmatch(r'        node_o1\["((?:\w| |#\d+;)*)"\]', line)
    assert written
    shown = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), written[1])
    assert shown == " ".join(label.split())
