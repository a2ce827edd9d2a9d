from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from arrowroot.errors import EvidenceError
from logicmodels import Claim, Link, LogicModel
from logicmodels.figures.style import STROKES
from logicmodels.questions.evidence import STATES, certainty, state

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
        ([Claim()], "none found"),
        ([Claim(k=0, citation="own search")], "none found"),
        ([Claim(k=3)], "not stated"),
        ([Claim(estimate=0.2)], "not stated"),
        ([Claim(citation="Smith 2015")], "not stated"),
        ([Claim(direction="not stated"), Claim(k=0)], "not stated"),
        ([Claim(direction="not stated"), Claim(direction="adverse")], "adverse"),
        ([Claim(search="not searched"), Claim(k=0)], "none found"),
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
         " 'conflicting', 'adverse', 'not stated'; got 'up'"),
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
    assert str(caught.value).startswith(f"evidence: 1 problem\n  {message}")


def test_all_rows_that_do_not_fit_are_named_at_once() -> None:
    with pytest.raises(EvidenceError, match=r"2 problems\n  row 1: .*\n  row 3: "):
        MODEL.with_evidence([{"source": "x", "target": "y"}, ROW, {**ROW, "k": -1}])


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(EvidenceError, match="must be a table"):
        MODEL.with_evidence({"source": "cm"})


@pytest.mark.parametrize("table", ["claims.csv", Path("claims.xlsx"), [["cm", "sat"]], 3])
def test_the_name_of_a_file_is_answered_with_what_to_do(table: object) -> None:
    with pytest.raises(EvidenceError, match="read a file with pandas"):
        MODEL.with_evidence(table)
    with pytest.raises(EvidenceError, match="read a file with pandas"):
        MODEL.with_actions(table)


def test_blanks_around_the_ends_of_a_link_are_passed_over() -> None:
    row = {"source": " cm", "target": "sat ", "direction": "supports"}
    assert len(MODEL.with_evidence([row]).links[0].evidence) == 1


def test_a_changed_result_has_another_fingerprint() -> None:
    agreed = Claim(estimate=0.26, k=3, direction="supports")
    assert agreed.fingerprint == Claim(estimate=0.26, k=3, direction="supports").fingerprint
    assert agreed.fingerprint != Claim(estimate=0.27, k=3, direction="supports").fingerprint


POOLED = {**ROW, "outcome": "satisfaction", "measure": "SMD", "citation": "Stokes 2015"}


def test_a_cell_that_is_run_again_doubles_nothing() -> None:
    rows = [
        {**POOLED, "window": "short", "estimate": 0.26, "direction": "supports"},
        {**POOLED, "window": "long", "estimate": 0.35, "direction": "supports"},
        {**ROW, "k": 2, "direction": "adverse"},
    ]
    once = MODEL.with_evidence(rows)
    assert once.with_evidence(rows) == once
    assert len(once.links[0].evidence) == 3


def test_a_new_result_takes_the_place_of_the_old_one_and_no_other() -> None:
    other = {**POOLED, "citation": "Smith 2020", "estimate": 0.1}
    before = MODEL.with_evidence([{**POOLED, "estimate": 0.26}, other])
    after = before.with_evidence([{**POOLED, "estimate": 0.3}])
    assert [(one.citation, one.estimate) for one in after.links[0].evidence] == [
        ("Smith 2020", 0.1),
        ("Stokes 2015", 0.3),
    ]
    unnamed = MODEL.with_evidence([{**ROW, "k": 3}]).with_evidence([{**ROW, "k": 2}])
    assert [one.k for one in unnamed.links[0].evidence] == [3, 2], "without a source, which is it?"


def test_a_result_that_changed_since_it_was_agreed_on_is_flagged_everywhere() -> None:
    fresh = {**POOLED, "estimate": 0.26, "direction": "supports"}
    (claim,) = MODEL.with_evidence([fresh]).links[0].evidence
    agreed = MODEL.with_evidence([{**fresh, "snapshot": claim.fingerprint}])
    same, changed = (agreed.with_evidence([{**fresh, "estimate": now}]) for now in (0.26, 0.31))
    for model, stale in ((agreed, False), (same, False), (changed, True)):
        assert model.links[0].evidence[0].is_stale is stale
        found = [one.message for one in model.check().findings if one.rule == "E01"]
        assert any("the result has changed since it was agreed on" in one for one in found) is stale
        svg = model.draw(view="evidence").svg
        assert ("1 +!" in svg) is stale
        assert ("! changed since it was agreed on." in svg) is stale
        words = model.describe().to_records()[0]["evidence"]
        assert ("changed since it was agreed on" in words) is stale


def test_the_same_row_twice_is_refused() -> None:
    with pytest.raises(EvidenceError, match="row 3: repeats row 1; keep one"):
        MODEL.with_evidence([POOLED, ROW, POOLED])


def test_no_two_states_are_drawn_alike() -> None:
    assert tuple(STROKES) == STATES
    assert len({(stroke.line, stroke.head) for stroke in STROKES.values()}) == len(STATES)
    assert len({stroke.sign for stroke in STROKES.values()}) == len(STATES)


def test_what_a_source_does_not_say_is_told_in_figure_words_and_map() -> None:
    silent = MODEL.with_evidence([{**POOLED, "k": 4, "direction": "not stated"}])
    drawn = silent.draw(view="evidence")
    assert "style=dashed" in next(one for one in drawn.dot.splitlines() if "id=link_0" in one)
    assert "1 …" in drawn.svg
    assert "… not stated" in drawn.svg
    assert "Satisfaction: 4 studies; direction not stated;" not in drawn.svg
    assert "not stated. Satisfaction; 4 studies; direction not stated; Stokes 2015." in " ".join(
        text.text or ""
        for text in ET.fromstring(drawn.svg).iter("{http://www.w3.org/2000/svg}text")
    )
    assert "evidence: not stated" in silent.sentence(silent.links[0])
    assert "not stated, 4 studies" in str(silent.gap_map())
    assert not [one for one in silent.check().findings if one.rule == "E08"]
    forgotten = MODEL.with_evidence([{**POOLED, "k": 4}])
    assert [one.where for one in forgotten.check().findings if one.rule == "E08"] == [
        "link cm -> sat"
    ]


def test_ids_outcomes_and_windows_are_read_as_labels() -> None:
    model = LogicModel.from_text(
        "spec_version: 1\nprofile: theory-of-change\ntitle: Visits (invented)\nnodes:\n"
        "  - {id: a, column: activities, label: Visits}\n"
        "  - {id: b, column: impact, label: Health}\nlinks:\n  - {from: a, to: b}\n"
    )
    rows = [
        {"source": "\u200ba", "target": "b\u00a0", "outcome": "low  mood\u200b", "window": 1.0},
        {"source": "a", "target": "b", "outcome": "low mood", "window": "1", "k": 3},
    ]
    claims = model.with_evidence(rows).links[0].evidence
    assert [(one.outcome, one.window) for one in claims] == [("low mood", "1")] * 2
    with pytest.raises(EvidenceError, match="row 2: repeats row 1"):
        model.with_evidence([rows[0], {**rows[1], "k": None}])
