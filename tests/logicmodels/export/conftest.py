"""Models that every export is tried on: the founding ones, an invented tangle, hostile text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from logicmodels import Claim, Link, LogicModel, Node
from logicmodels.profiles.registry import PROFILES

ROOT = Path(__file__).parents[3]
FOUNDING = sorted(path.parent.name for path in (ROOT / "data").glob("*/logic_model.yaml"))
TANGLE = """\
spec_version: 1
profile: theory-of-change
title: Every kind of arrow (invented)
version: "0.3"
date: 2026-05-01
nodes:
  - {id: a1, column: activities, label: Nurse home visits in the first fortnight, items: [weekly]}
  - {id: a2, column: activities, label: Shared care plan}
  - {id: o1, column: outcomes, label: Earlier symptom reporting by patients}
  - {id: o2, column: outcomes, label: Patients feel known}
  - {id: o3, column: outcomes, label: Teams agree on priorities}
  - {id: i1, column: impact, label: Fewer emergency admissions}
  - {id: i2, column: impact, label: Better quality of life}
links:
  - {from: a1, to: o1, because: Patients learn warning signs, evidence: [
      {direction: supports, certainty: moderate, citation: "A 2020", estimate: 0.3, measure: SMD}]}
  - {from: a1, to: o2, evidence: [{direction: adverse, certainty: very low}]}
  - {from: a2, to: o3, evidence: [{direction: supports}, {direction: adverse}]}
  - {from: a1, to: i1, evidence: [{direction: no difference, certainty: high}]}
  - {from: a2, to: i2, evidence: [{search: done}]}
  - {from: o1, to: o2, mutual: true}
  - {from: o1, to: i1}
  - {from: o3, to: i2}
  - {from: i2, to: a2, feedback: true}
  - {from: i1, to: o3, feedback: true}
"""
HOSTILE = {
    "markup": "<script>alert(1)</script><b onclick='x()'>&amp; &#106;</b>",
    "cdata": "]]> <![CDATA[ <!-- --> <?php ?>",
    "dot": '"; a -> b [URL="http://example.org"]; \\N \\G \\"',
    "link": "javascript:alert(1) http://example.org file:///etc/passwd",
    "rtl": "\u202eabc\u202c \u05d0\u05d1\u05d2 \u0627\u0644\u0639\u0631\u0628",
    "long": "unending " * 1111 + "x" * 1000,
    "controls": "bell\x07 nul\x00 esc\x1b \ufffe \ud800 tab\t line\nbreak\u2028next\x85end",
    "formula": '=HYPERLINK("http://example.org") +1 @x %label% ${x} {{x}} $$x$$ `x`',
}


def read(name: str) -> LogicModel:
    if name == "tangle":
        return LogicModel.from_text(TANGLE)
    return LogicModel.read(ROOT / "data" / name / "logic_model.yaml")


@pytest.fixture(params=[*FOUNDING, "tangle"])
def model(request: pytest.FixtureRequest) -> LogicModel:
    """Each founding model, and one with every kind of arrow."""
    return read(request.param)


@pytest.fixture
def tangle() -> LogicModel:
    return read("tangle")


@pytest.fixture(params=HOSTILE)
def hostile(request: pytest.FixtureRequest) -> Iterator[str]:
    """Text that others wrote, and that tries to be more than text."""
    yield HOSTILE[request.param]


@pytest.fixture
def hostile_model(hostile: str) -> LogicModel:
    """A model whose every text is hostile."""
    claim = Claim(direction="supports", citation=hostile, outcome=hostile, measure=hostile)
    return LogicModel(
        title=hostile,
        description=hostile,
        source=hostile,
        version=hostile,
        profile=PROFILES["evidence-pathway"],
        headings={"short": hostile, "applicability": hostile},
        nodes=(
            Node(
                "a", hostile, "interventions", items=(hostile, hostile), who=hostile, note=hostile
            ),
            Node("b", hostile, "short", indicators=(hostile,)),
            Node("c", hostile, "applicability"),
        ),
        links=(Link("a", "b", because=hostile, mechanism=hostile, evidence=(claim,)),),
    )
