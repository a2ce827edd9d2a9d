from __future__ import annotations

import pandas as pd
import pytest

from logicmodels import Claim, Link, LogicModel
from logicmodels.errors import EvidenceError
from logicmodels.evidence import STATES, certainty, state

MODEL = LogicModel.from_text(
    """\
spec_version: 1
profile: theory-of-change
title: Case management (labels invented, to try evidence)
nodes:
  - {id: cm, column: activities, label: Case management}
  - {id: sat, column: outcomes, label: Satisfaction}
  - {id: cost, column: outcomes, label: Total cost}
  - {id: good, column: impact, label: Better care}
links:
  - {from: cm, to: sat}
  - {from: cm, to: cost}
  - {from: sat, to: good}
"""
)
ROW = {"source": "cm", "target": "sat"}


def link(*claims: Claim) -> Link:
    return Link("a", "b", evidence=claims)


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([], "not searched"),
        ([Claim(search="not searched")], "not searched"),
        ([Claim(search="done", k=0)], "none found"),
        ([Claim(direction="supports")], "supported"),
        ([Claim(direction="supports"), Claim(search="not searched")], "supported"),
        ([Claim(direction="no difference")], "no difference"),
        ([Claim(direction="adverse"), Claim(direction="adverse")], "adverse"),
        ([Claim(direction="supports"), Claim(direction="adverse")], "conflicting"),
        ([Claim(direction="conflicting")], "conflicting"),
    ],
)
def test_what_evidence_comes_to(claims: list[Claim], expected: str) -> None:
    assert state(link(*claims)) == expected
    assert expected in STATES


def test_the_least_certainty_counts() -> None:
    assert certainty(link(Claim(certainty="high"), Claim(certainty="very low"))) == "very low"
    assert certainty(link(Claim())) == ""


@pytest.mark.parametrize("frame", [True, False])
def test_a_table_joins_by_source_and_target(frame: bool) -> None:
    rows = [
        {**ROW, "outcome": "satisfaction", "estimate": 0.26, "ci_low": "0.16", "k": 3.0,
         "direction": "Supports", "certainty": "very-low", "reasons": "bias; imprecision"},
        {**ROW, "estimate": None, "direction": "no_difference", "k": float("nan")},
    ]  # fmt: skip
    table = pd.DataFrame(rows) if frame else rows
    carried = MODEL.with_evidence(table)
    first, second = carried.links[0].evidence
    assert (first.estimate, first.ci_low, first.k) == (0.26, 0.16, 3)
    assert (first.direction, first.certainty) == ("supports", "very low")
    assert first.reasons == ("bias", "imprecision")
    assert second == Claim(direction="no difference")
    assert carried.links[1].evidence == ()
    assert MODEL.links[0].evidence == ()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"source": "cm", "target": "zz"}, "row 1: the model has no link cm -> zz"),
        ({"source": "cm"}, "row 1: column 'target' is missing"),
        ({**ROW, "direction": "up"}, "row 1: direction must be one of 'supports', 'no difference',"
         " 'conflicting', 'adverse'; got 'up'"),
        ({**ROW, "certainty": "sure"}, "row 1: certainty must be one of"),
        ({**ROW, "search": "maybe"}, "row 1: search must be one of 'done', 'not searched'"),
        ({**ROW, "estimate": "big"}, "row 1: estimate must be a number; got 'big'"),
        ({**ROW, "estimate": float("inf")}, "row 1: estimate must be finite; got inf"),
        ({**ROW, "k": 1.5}, "row 1: k must be a whole number of at least 0; got 1.5"),
        ({**ROW, "effect": 1}, "row 1: unknown column 'effect'; there are outcome, window"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit_is_named(row: dict[str, object], message: str) -> None:
    with pytest.raises(EvidenceError) as caught:
        MODEL.with_evidence([row])
    assert str(caught.value).startswith(f"evidence: 1 problem(s)\n  {message}")


def test_all_rows_that_do_not_fit_are_named_at_once() -> None:
    with pytest.raises(EvidenceError, match=r"2 problem\(s\)\n  row 1: .*\n  row 3: "):
        MODEL.with_evidence([{"source": "x", "target": "y"}, ROW, {**ROW, "k": -1}])


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(EvidenceError, match="must be a table"):
        MODEL.with_evidence({"source": "cm"})


def test_a_changed_result_has_another_fingerprint() -> None:
    agreed = Claim(estimate=0.26, k=3, direction="supports")
    assert agreed.fingerprint == Claim(estimate=0.26, k=3, direction="supports").fingerprint
    assert agreed.fingerprint != Claim(estimate=0.27, k=3, direction="supports").fingerprint
