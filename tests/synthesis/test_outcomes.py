"""Outcomes, instruments and windows as a review declares them; all declarations are made up."""

from __future__ import annotations

import math

import pytest
import yaml

import synthesis as syn
from arrowroot.errors import DataError

REVIEW = """
outcomes:
  - {id: satisfaction, label: Patient satisfaction, measure: smd, direction: higher, mid: 0.2,
     importance: important,
     windows: [{id: short, months: [0, 12]}, {id: long, months: [13, null]}],
     instruments: [{id: csq8, range: [8, 32], mid: 3}]}
  - {id: death, measure: rr, direction: lower, mid: 0.9, importance: critical, baseline: 0.08}
"""


def test_a_review_file_and_a_script_declare_the_same():
    satisfaction, death = syn.read_outcomes(yaml.safe_load(REVIEW)["outcomes"])
    assert satisfaction == syn.Outcome(
        "satisfaction",
        "Patient satisfaction",
        "smd",
        "higher",
        0.2,
        "important",
        windows=(syn.Window("short", months=(0, 12)), syn.Window("long", months=(13, math.inf))),
        instruments=(syn.Instrument("csq8", range=(8, 32), mid=3),),
    )
    assert (death.label, death.baseline, death.windows) == ("death", 0.08, ())
    assert len({satisfaction, death, satisfaction}) == 2, "records can be put in sets"


def test_a_measure_is_kept_by_its_name():
    assert syn.Outcome("pain", measure="SMD") == syn.Outcome("pain", measure="smd")
    [death] = syn.read_outcomes({"id": "death", "measure": "RR", "mid": 0.9})
    assert death.measure == "rr"
    with pytest.raises(DataError, match="mid must be a ratio > 0"):
        syn.Outcome("death", measure="RR", mid=-0.1)


def test_labels_and_capitals_lead_to_the_same_record():
    (outcome,) = syn.read_outcomes(
        {"id": "pain", "instruments": [{"id": "vas", "label": "Visual analogue scale"}]}
    )
    assert outcome.instrument("VAS") is outcome.instrument("visual  analogue scale ")
    assert outcome.instrument("nrs") is None
    assert syn.read_outcomes(syn.Outcome("pain", "Pain"))[0].label == "Pain"
    assert outcome.instrument("") is None


def test_every_problem_of_every_outcome_is_said_at_once():
    with pytest.raises(DataError) as error:
        syn.read_outcomes(
            [
                {"id": "pain", "measure": "smdd", "direction": "up", "windws": [],
                 "instruments": [{"id": "vas", "range": [100, 0], "mid": -1}]},
                {"label": "Cost", "baseline": 8, "importance": "very"},
                {"id": "PAIN", "measure": "rr", "mid": 0,
                 "windows": [{"id": "a", "months": [0, 6]}, {"id": "b", "months": [5, 9]},
                             {"id": "c", "months": [12, 9]}]},
                "cost",
            ]
        )  # fmt: skip
    lines = str(error.value).splitlines()
    assert lines[0] == "outcomes: 13 problems"
    for part in (
        "outcome 'pain': measure must be one of 'smd', ",
        "outcome 'pain': direction must be 'higher' or 'lower'; got 'up'",
        "outcome 'pain': there is no 'windws' (did you mean 'windows'?); there are id, label, "
        "measure, direction, mid, importance, windows, instruments, baseline",
        "outcome 'pain': instrument 'vas': range must be two numbers that rise; got [100, 0]",
        "outcome 'pain': instrument 'vas': mid must be a number of points > 0; got -1",
        "outcome '(without id)': needs an id, by which the sheet refers to it",
        "outcome '(without id)': baseline must lie between 0 and 1, as 0.2 does; got 8",
        "outcome '(without id)': importance must be 'critical' or 'important' or 'limited'; "
        "got 'very'",
        "outcome 'PAIN': mid must be a ratio > 0, as the measure is a ratio; got 0",
        "outcome 'PAIN': windows 'a' and 'b' overlap",
        "outcome 'PAIN': window 'c': months must be two numbers from 0 that do not fall",
        "each must be Outcome records or mappings; got 'cost'",
        "two outcomes are called 'pain'",
    ):
        assert sum(line.startswith(f"  - {part}") for line in lines) == 1, part


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "window 'w': needs one of days, weeks and months, as in months=(0, 12)."),
        ({"days": (0, 7), "weeks": (0, 1)}, "window 'w': needs one of days, weeks and months"),
        ({"weeks": (0, "12")}, "weeks must be two numbers from 0 that do not fall"),
        ({"weeks": (-1, 12)}, "weeks must be two numbers from 0"),
        ({"weeks": (None, 12)}, "weeks must be two numbers from 0"),
        ({"weeks": 12}, "weeks must be two numbers from 0"),
        ({"weeks": (0, math.nan)}, "weeks must be two numbers from 0"),
    ],
)
def test_windows_without_sense(fields, said):
    with pytest.raises(DataError) as error:
        syn.Window("w", **fields)
    assert said in str(error.value)


def test_windows_of_one_outcome_have_one_unit():
    with pytest.raises(DataError, match="windows must all be in days, in weeks or in months"):
        syn.Outcome(
            "pain", windows=[{"id": "a", "weeks": [0, 12]}, {"id": "b", "months": [3, None]}]
        )


def test_no_outcome_is_a_problem_too():
    with pytest.raises(DataError, match="outcomes: none is declared"):
        syn.read_outcomes([])
    with pytest.raises(DataError, match="must be a list; got 'pain'"):
        syn.read_outcomes("pain")


def test_a_minimal_difference_as_wide_as_the_scale():
    with pytest.raises(DataError, match="mid must be less than the width of the range; got 24"):
        syn.Instrument("csq8", range=(8, 32), mid=24)
