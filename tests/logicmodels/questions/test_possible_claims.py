"""Claims whose own numbers and words contradict each other, from files, tables and Python.

Every claim is invented. What is impossible follows from algebra: a pooled estimate lies within
its interval, a ratio of positive numbers is positive, every study has at least one unit.
"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import EvidenceError
from logicmodels import Claim, Link, LogicModel, SpecError
from logicmodels.claims.faults import no_effect
from logicmodels.figures.views import look_at
from logicmodels.questions.evidence import certainty, claim_words, state

HEAD = """\
spec_version: 1
profile: theory-of-change
title: Visits (invented, to try claims)
nodes:
  - {id: a, column: activities, label: Visits}
  - {id: b, column: impact, label: Less stress}
links:
"""
MODEL = LogicModel.from_text(f"{HEAD}  - {{from: a, to: b}}\n")
IMPOSSIBLE = [
    ({"estimate": 0.8, "ci_low": 0.9, "ci_high": 1.0}, "estimate", "its interval (0.9 to 1)"),
    ({"estimate": 5, "ci_low": 1, "ci_high": 3}, "estimate", "estimate 5 is outside"),
    ({"estimate": 0.1, "ci_low": 0.2}, "estimate", "outside its interval (0.2 to …)"),
    ({"estimate": 0.1, "ci_high": 0.05}, "estimate", "outside its interval (… to 0.05)"),
    ({"ci_low": 0.5, "ci_high": 0.1}, "ci_low", "ci_low 0.5 is above ci_high 0.1"),
    ({"estimate": 0.3, "ci_low": 0.5, "ci_high": 0.1}, "ci_low", "exchange the two limits"),
    ({"measure": "RR", "estimate": -0.8}, "estimate", "must be above 0, because RR is a ratio"),
    ({"measure": "rr", "estimate": 0}, "estimate", "must be above 0"),
    ({"measure": "aOR", "ci_low": -0.1, "ci_high": 2}, "ci_low", "must be above 0"),
    ({"measure": "hazard ratio", "ci_high": 0}, "ci_high", "must be above 0"),
    ({"measure": "RoM", "estimate": -1}, "estimate", "a ratio"),
    ({"measure": "r", "estimate": 1.2}, "estimate", "from -1 to 1, because it is a correlation"),
    ({"k": 5, "n": 3}, "n", "n is 3 and k is 5"),
    ({"k": 5, "n": 0}, "n", "n is 0 and k is 5"),
    ({"k": 0, "n": 30}, "k", "k is 0, so no study was found, but n"),
    ({"k": 0, "estimate": 0.3}, "k", "but estimate"),
    ({"k": 0, "direction": "supports"}, "k", "but direction says what"),
]  # fmt: skip
NO_NUMBERS = [
    ({"k": True}, "k"),
    ({"n": True}, "n"),
    ({"estimate": True}, "estimate"),
    ({"ci_low": False}, "ci_low"),
    ({"k": 2.5}, "k"),
    ({"k": -1}, "k"),
    ({"n": -20}, "n"),
]
POSSIBLE = [
    {"estimate": 0.2, "ci_low": 0.2, "ci_high": 0.2},
    {"measure": "SMD", "estimate": -0.4, "ci_low": -0.6, "ci_high": -0.2, "k": 3, "n": 3},
    {"measure": "log OR", "estimate": -0.4, "ci_low": -0.6, "ci_high": -0.2},
    {"measure": "OR", "estimate": 0.02, "ci_low": 0.0, "ci_high": 0.14},
    {"measure": "RR", "ci_low": 0.5, "ci_high": 0.9},
    {"k": 0},
    {"k": 0, "n": 0},
    {"n": 12},
    {"measure": "r", "estimate": -1.0},
    {"measure": "points", "estimate": -7},
]


def written(claim: dict[str, object]) -> str:
    """Return a file with a claim on line 9, its keys on the lines that follow."""
    lines = [f"        {key}: {json.dumps(value)}\n" for key, value in claim.items()]
    return f"{HEAD}  - from: a\n    to: b\n    evidence:\n      - outcome: stress\n{''.join(lines)}"


def findings(model: LogicModel, rule: str) -> list[str]:
    return [one.message for one in model.check().findings if one.rule == rule]


def carrying(*claims: Claim) -> LogicModel:
    return replace(MODEL, links=(replace(MODEL.links[0], evidence=claims),))


@pytest.mark.parametrize(("claim", "key", "message"), IMPOSSIBLE)
def test_the_impossible_is_refused_in_files_and_tables_and_found_in_python(
    claim: dict[str, object], key: str, message: str
) -> None:
    with pytest.raises(SpecError) as in_file:
        LogicModel.from_text(written(claim))
    (problem,) = in_file.value.problems
    text = written(claim).splitlines()
    assert message in problem.message
    assert text[problem.line - 1].strip().startswith(f"{key}:")
    assert text[problem.line - 1][problem.column - 1 :] == json.dumps(claim[key])
    row = {"source": "a", "target": "b", **claim}
    for table in ([{"source": "a", "target": "b"}, row], pd.DataFrame([row])):
        with pytest.raises(EvidenceError, match=r"row \d: ") as in_table:
            MODEL.with_evidence(table)
        assert message in str(in_table.value)
    (found,) = findings(carrying(Claim(**claim)), "E09")
    assert message in found


@pytest.mark.parametrize(("claim", "key"), NO_NUMBERS)
def test_what_is_no_number_is_refused_in_files_and_tables_and_found_in_python(
    claim: dict[str, object], key: str
) -> None:
    with pytest.raises(SpecError, match=f"line 12.*{key} must be"):
        LogicModel.from_text(written(claim))
    row = {"source": "a", "target": "b", **claim}
    numpy = {**row, key: np.bool_(row[key])} if isinstance(claim[key], bool) else row
    for table in ([row], pd.DataFrame([row]), [numpy]):
        with pytest.raises(EvidenceError, match=f"row 1: {key} must be"):
            MODEL.with_evidence(table)
    (found,) = findings(carrying(Claim(**claim)), "E09")
    assert found.startswith(f"{key} must be")


@pytest.mark.parametrize("claim", POSSIBLE)
def test_the_possible_is_taken(claim: dict[str, object]) -> None:
    model = LogicModel.from_text(written(claim))
    table = MODEL.with_evidence([{"source": "a", "target": "b", "outcome": "stress", **claim}])
    assert model.links[0].evidence == table.links[0].evidence
    assert findings(model, "E09") == []


def test_all_impossible_rows_are_named_at_once() -> None:
    rows = [{"source": "a", "target": "b", "k": 5, "n": n} for n in (3, 50, 4)]
    with pytest.raises(EvidenceError, match=r"2 problems\n  row 1: n is 3.*\n  row 3: n is 4"):
        MODEL.with_evidence(rows)


SMD = {"measure": "SMD", "estimate": 0.2}
RR = {"measure": "risk ratio", "estimate": 0.8}


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ({**SMD, "direction": "supports", "ci_low": -0.1, "ci_high": 0.5}, "-0.1 to 0.5 includes"),
        ({**SMD, "direction": "adverse", "ci_low": -0.1, "ci_high": 0.5}, "includes no effect (0)"),
        ({**SMD, "direction": "no difference", "ci_low": 0.1, "ci_high": 0.3}, "excludes"),
        ({**RR, "direction": "supports", "ci_low": 0.6, "ci_high": 1.1}, "includes no effect (1)"),
        ({**RR, "direction": "no difference", "ci_low": 0.7, "ci_high": 0.9}, "excludes"),
        ({"measure": "OR", "direction": "supports", "ci_low": 0.6, "ci_high": 1.1}, "includes"),
        ({"measure": "HR", "direction": "supports", "estimate": 1.0}, "the estimate is no effect"),
        ({"direction": "conflicting", "k": 1}, "one study cannot disagree"),
        ({"measure": "OR", "estimate": 0.02, "ci_low": 0, "ci_high": 0.1}, "limit of a ratio"),
    ],
)  # fmt: skip
def test_a_direction_that_the_numbers_contradict_is_warned_of(
    claim: dict[str, object], words: str
) -> None:
    (found,) = findings(LogicModel.from_text(written(claim)), "E10")
    assert found.startswith("stress: ")
    assert words in found


@pytest.mark.parametrize(
    "claim",
    [
        {**SMD, "direction": "supports", "ci_low": 0.1, "ci_high": 0.3},
        {**SMD, "direction": "supports", "ci_low": 0.0, "ci_high": 0.4},
        {**SMD, "direction": "no difference", "ci_low": 0.0, "ci_high": 0.4},
        {**SMD, "direction": "no difference", "ci_low": -0.1, "ci_high": 0.5},
        {**RR, "direction": "adverse", "ci_low": 0.7, "ci_high": 0.9},
        {**RR, "direction": "not stated", "ci_low": 0.7, "ci_high": 1.9},
        {"measure": "points", "direction": "supports", "ci_low": -1, "ci_high": 3},
        {"direction": "conflicting", "k": 2},
    ],
)
def test_a_direction_in_accord_with_the_numbers_is_not(claim: dict[str, object]) -> None:
    assert findings(LogicModel.from_text(written(claim)), "E10") == []


@pytest.mark.parametrize(
    ("null", "measures"),
    [
        (1, "RR|or|HR|irr|RoM|aOR|adjusted or|odds-ratio|Risk Ratio (RR)|OR (95% CI)|log-rank HR|"
            "incidence rate ratio|relative risk|ratio of means"),
        (0, "SMD|md|RD|Hedges' g|Cohen's d|mean difference|log OR|lnRR|ln(RR)|log odds ratio|r|"
            "SMD or MD|relative risk reduction"),
        (None, "|points|logit|days"),
    ],
)  # fmt: skip
def test_measures_are_read_as_people_write_them(null: int | None, measures: str) -> None:
    assert {name: no_effect(name) for name in measures.split("|")} == dict.fromkeys(
        measures.split("|"), null
    )


def test_numbers_of_what_was_not_searched_are_an_error() -> None:
    for given in ({"estimate": 0.2}, {"n": 30}, {"certainty": "low"}, {"k": 2}):
        assert len(findings(carrying(Claim(search="not searched", **given)), "E03")) == 1


def about(outcome: str, direction: str, certainty: str = "", window: str = "") -> Claim:
    return Claim(outcome, window, direction=direction, certainty=certainty)


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([about("deaths", "supports"), about("stress", "no difference")], "mixed by outcome"),
        ([about("deaths", "supports"), about("deaths", "adverse")], "conflicting"),
        ([about("Deaths", "supports"), about("deaths ", "adverse")], "conflicting"),
        ([about("deaths", "supports", window="short"), about("deaths", "adverse", window="long")],
         "mixed by outcome"),
        ([about("", "supports"), about("", "adverse")], "conflicting"),
        ([about("deaths", "supports"), about("stress", "supports")], "supported"),
        ([about("deaths", "adverse"), about("stress", "not stated")], "adverse"),
        ([about("deaths", "conflicting"), about("stress", "conflicting")], "conflicting"),
        ([about("deaths", "conflicting"), about("stress", "supports")], "mixed by outcome"),
    ],
)  # fmt: skip
def test_conflict_is_about_the_same_outcome_and_window(claims: list[Claim], expected: str) -> None:
    assert state(Link("a", "b", evidence=tuple(claims))) == expected
    assert state(Link("a", "b", evidence=tuple(claims[::-1]))) == expected


def test_certainty_is_given_by_outcome() -> None:
    main, side = about("deaths", "supports", "high"), about("stress", "supports", "very low")
    assert certainty(Link("a", "b", evidence=(main, side))) == "very low to high by outcome"
    same = about("deaths", "supports", "low")
    assert certainty(Link("a", "b", evidence=(main, same))) == "low", "one outcome, its lowest"
    model = carrying(main, side)
    svg = model.draw(view="evidence").svg
    assert "1 +VL–H" in svg
    overlay = look_at(model, "evidence", None).overlay
    assert "Deaths; supports; high certainty. Stress; supports; very low" in overlay.notes[0]
    assert "Where it differs by outcome, the range is given" in overlay.key
    words = model.describe().to_records()[0]["evidence"]
    assert "certainty very low to high by outcome" in words
    assert "deaths; supports; high certainty" in words
    assert "certainty very low to high by outcome" in str(model.gap_map())


def test_high_certainty_is_doubted_only_where_its_own_outcome_is_in_conflict() -> None:
    apart = carrying(about("deaths", "supports", "high"), about("stress", "adverse"))
    assert not [one for one in findings(apart, "E04") if "conflicting" in one]
    against = carrying(about("deaths", "supports", "high"), about("deaths", "adverse"))
    assert [one for one in findings(against, "E04") if "conflicting" in one]


def test_the_sample_size_has_its_own_unit_or_none() -> None:
    assert claim_words(Claim(n=1200, k=3)).startswith("3 studies; n = 1,200;")
    rows = [{"source": "a", "target": "b", "n": 1200, "unit": "practices"}]
    carried = MODEL.with_evidence(rows)
    assert carried == LogicModel.from_text(
        f"{HEAD}  - {{from: a, to: b, evidence: [{{n: 1200, unit: practices}}]}}\n"
    )
    for text in (str(carried.describe()), carried.draw(view="evidence").svg):
        assert "1,200 practices" in text
        assert "people" not in text


def test_the_gap_map_counts_what_it_can_know() -> None:
    def cell(*counts: int | None) -> str:
        claims = [Claim(f"outcome {number}", k=k) for number, k in enumerate(counts)]
        return next(iter(carrying(*claims).gap_map().cells.values()))

    assert cell(4).endswith(", 4 studies")
    assert cell(4, 2).endswith(", at least 4 studies"), "some of the 2 may be among the 4"
    assert cell(4, None).endswith(", at least 4 studies")
    assert cell(4, 0).endswith(", 4 studies")
    assert cell(0).endswith(", 0 studies")
    assert "stud" not in cell(None).replace("studies that", "")


def test_an_interval_without_an_estimate_is_shown() -> None:
    assert claim_words(Claim(measure="RR", ci_low=0.5, ci_high=0.9)).startswith("RR (0.50 to 0.90)")
    assert claim_words(Claim(ci_high=0.9)).startswith("(up to 0.90)")
