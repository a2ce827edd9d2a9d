from __future__ import annotations

import re
from dataclasses import replace

import pytest

from logicmodels import LogicModel
from logicmodels.figures.overlays import Mark, Overlay

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


def test_evidence_stands_on_the_arrows_and_in_notes(tangle: LogicModel) -> None:
    lines = tangle.to_mermaid(view="evidence").splitlines()
    assert lines[0].startswith("%%{init:")
    assert '    node_a1 -->|"1 #43;M"| node_o1' in lines
    assert '    node_a1 --x|"2 #8722;VL"| node_o2' in lines, "adverse: no pointed head"
    assert '    node_a2 -.->|"3 #177;"| node_o3' in lines
    assert "    linkStyle 3 stroke:#4d4d4d,stroke-width:2.8px" in lines
    (notes,) = [line for line in lines if line.startswith("    notes[")]
    shown = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), notes)
    assert "1 Nurse home visits in the first fortnight → Earlier symptom" in shown
    assert len(tangle.links) == sum("linkStyle" in line for line in lines)


def test_mutual_dependence_has_two_heads(tangle: LogicModel) -> None:
    drawn = tangle.to_mermaid()
    assert "    node_o1 <--> node_o2" in drawn
    assert drawn.count("<-") == 1


def test_changes_are_marked_in_words_of_the_box(tangle: LogicModel) -> None:
    first, *others = tangle.nodes
    longer = replace(tangle, nodes=(replace(first, label="Visits"), *others))
    overlay = Overlay(nodes={first.id: Mark("~", "changed")})
    assert 'node_a1["#126; Visits<br/>weekly"]' in longer.to_mermaid(view=overlay)


def test_every_hostile_text_is_nothing_but_text(hostile_model: LogicModel) -> None:
    text = hostile_model.to_mermaid(view="evidence")
    assert len(text) < 50_000, "the most that Mermaid reads"
    for line in text.splitlines():
        bare = re.sub(r'"(?:\w| |#\d+;|<br/>)*"', '""', line)
        if not bare.startswith(("    acc", "%%{")):
            assert not set(bare) & set("<'`\\{}&"), line
        assert line.isprintable()


def test_reasons_of_arrows_are_comments() -> None:
    reasoned = TEXT.replace(
        "to: o1}", "to: o1, because: \"they see <b>why</b> & 'how', {x} 5 % + -> more\"}"
    )
    lines = LogicModel.from_text(reasoned).to_mermaid().splitlines()
    after = lines[lines.index("    node_end --> node_o1") + 1]
    said = "they see \u2039b\u203awhy\u2039/b\u203a + \u2019how\u2019, (x) 5 % + -\u203a more"
    assert after == f"    %% because {said}"
    assert lines[-1] == "    node_o1 -.-> node_end", "no reason, no comment"
