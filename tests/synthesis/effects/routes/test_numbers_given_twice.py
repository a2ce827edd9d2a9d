"""Numbers of one row that contradict each other, or that no data can give. Synthetic rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synthesis import effect_sizes, lint, meta_analysis
from synthesis.errors import DataError

ARMS = {"n_t": 50, "n_c": 50}
MEANS = {**ARMS, "sd_t": 2.0, "sd_c": 2.0}
CHANGES = {**ARMS, "sd_change_t": 2.0, "sd_change_c": 2.0}


def row(**cells: object) -> pd.DataFrame:
    return pd.DataFrame([{"study": "a", **cells}])


def rules(sheet: pd.DataFrame) -> list[str]:
    return lint(sheet)["rule"].tolist()


CONTRADICTIONS = {
    "t is not effect over se": (
        {"effect": 0.52, "se": 0.21, "t": 1.02, "effect_type": "md"},
        "md",
        "t-against-effect",
    ),
    "t has the other sign": (
        {"effect": 0.52, "se": 0.21, "t": -2.48, "effect_type": "md"},
        "md",
        "t-against-effect",
    ),
    "F is not t squared": ({"t": 2.05, "f": 9.12, **ARMS}, "smd", "t-against-f"),
    "vi is not sei squared": ({"yi": 0.5, "vi": 0.04, "sei": 0.9}, "smd", "sei-against-vi"),
    "vi is not se squared": ({"yi": 0.5, "vi": 0.04, "se": 0.9}, "generic", "sei-against-vi"),
    # Two arms of 50: the standard error of an SMD near 0 is √(1/50 + 1/50) = 0.2.
    "variance for se of an SMD": (
        {"effect": 0.51, "se": 0.041, "effect_type": "g", **ARMS},
        "smd",
        "se-against-n",
    ),
    # No 2x2 table with 50 and 50 people has a standard error below √(4/50 + 4/50) = 0.4.
    "interval too narrow for an OR": (
        {"effect": 2.05, "ci_low": 1.92, "ci_high": 2.19, "effect_type": "or", **ARMS},
        "or",
        "se-against-n",
    ),
    "change of the other sign": (
        {
            **CHANGES,
            "mean_pre_t": 9.0,
            "mean_t": 6.0,
            "mean_change_t": 3.0,
            "mean_pre_c": 9.0,
            "mean_c": 8.9,
            "mean_change_c": -0.1,
        },
        "md",
        "change-against-means",
    ),
    "sign against means": (
        {"p": 0.04, "sign": -1, "mean_t": 5.0, "mean_c": 4.0, **ARMS},
        "smd",
        "sign",
    ),
    "percentage against events": (
        {"events_t": 10, "percent_t": 80.0, "events_c": 12, **ARMS},
        "or",
        "percent",
    ),
}


@pytest.mark.parametrize("kind", CONTRADICTIONS)
def test_contradictions_are_found_and_said_on_the_result(kind):
    cells, measure, rule = CONTRADICTIONS[kind]
    sheet = row(**cells)
    assert rule in rules(sheet)
    told = effect_sizes(sheet, measure).loc[0]
    assert told["receipt"].doubts[-1:] != ()
    assert set(told["receipt"].doubts) <= set(told["receipt"].footnotes)
    fit = meta_analysis(effect_sizes(sheet, measure), model="common")
    assert all(any(doubt in note for note in fit.notes) for doubt in told["receipt"].doubts)
    waived = sheet.assign(waived=rule, waived_because="checked")
    assert len(effect_sizes(waived, measure).loc[0, "receipt"].doubts) < len(told["receipt"].doubts)


AGREE = {
    # 0.52/0.21 = 2.476
    "t": ({"effect": 0.52, "se": 0.21, "t": 2.48, "effect_type": "md"}, "md"),
    "t and F": ({"t": 2.05, "f": 4.20, **ARMS}, "smd"),
    "vi and sei": ({"yi": 0.5, "vi": 0.04, "sei": 0.2}, "smd"),
    "adjusted SMD": ({"effect": 0.51, "se": 0.14, "effect_type": "g", **ARMS}, "smd"),
    "OR": (
        {"effect": 2.05, "ci_low": 0.9, "ci_high": 4.67, "effect_type": "or", **ARMS},
        "or",
    ),
    # 8.7 - 9 = -0.3, and those who stayed changed by 0.1: within 2·2/√50 = 0.57.
    "change of those who stayed": (
        {
            **CHANGES,
            "mean_pre_t": 9.0,
            "mean_t": 8.7,
            "mean_change_t": 0.1,
            "mean_pre_c": 9.0,
            "mean_c": 8.9,
            "mean_change_c": -0.1,
        },
        "md",
    ),
}


@pytest.mark.parametrize("kind", AGREE)
def test_numbers_that_agree_are_left_alone(kind):
    cells, measure = AGREE[kind]
    assert rules(row(**cells)) == []
    assert effect_sizes(row(**cells), measure).loc[0, "receipt"].doubts == ()


@pytest.mark.parametrize(
    ("cells", "measure"),
    [
        ({**MEANS, "mean_t": 1.0, "mean_c": 3.0, "yi": 0.5, "vi": 0.04}, "smd"),
        ({**MEANS, "mean_t": 1.0, "mean_c": 3.0, "effect": 0.5, "se": 0.2}, "smd"),
        ({**ARMS, "events_t": 10, "events_c": 25, "yi": 0.9, "vi": 0.16}, "or"),
    ],
)
def test_effects_beside_raw_numbers_of_the_other_sign(cells, measure):
    sheet = row(**cells, effect_type=measure)
    assert "opposite-signs" in rules(sheet)
    told = effect_sizes(sheet, measure).loc[0, "receipt"]
    assert "Numbers of the row give effects of opposite signs" in told.doubts
    nearly_none = sheet.assign(**{"yi": 0.01} if "yi" in sheet else {"effect": 0.01})
    assert "opposite-signs" not in rules(nearly_none)


def test_effects_reversed_by_an_earlier_call_contradict_nothing():
    cells = {**MEANS, "mean_t": 1.0, "mean_c": 3.0, "direction": "lower"}
    once = effect_sizes(row(**cells))
    given = once.assign(route="given").drop(columns="receipt")
    assert given.loc[0, "yi"] > 0
    assert "opposite-signs" not in rules(given)
    assert effect_sizes(given).loc[0, "receipt"].doubts == ()


@pytest.mark.parametrize(
    ("measure", "value"), [("r", 1.4), ("rd", -1.2), ("proportion", 1.3), ("fisher_z", 1.4)]
)
def test_printed_effects_that_no_data_can_give(measure, value):
    printed = "r" if measure == "fisher_z" else measure
    sheet = row(effect=value, se=0.1, ci_low=0.1, ci_high=0.9, effect_type=printed)
    with pytest.raises(DataError, match=r"'a'"):
        effect_sizes(sheet.drop(columns=["ci_low", "ci_high"]), measure)
    if measure in ("r", "rd"):
        with pytest.raises(DataError, match=f"must lie between -1 and 1 for measure '{measure}'"):
            effect_sizes(row(yi=value, vi=0.01), measure)


def test_limits_of_a_ratio_that_are_not_positive_are_named():
    sheet = row(effect=2.0, ci_low=-0.5, ci_high=3.0, effect_type="or")
    with pytest.raises(DataError, match="a limit of a ratio must be > 0 for its logarithm"):
        effect_sizes(sheet, "or")


@pytest.mark.parametrize("spelling", ["Mood", "mood ", "MOOD"])
def test_directions_of_one_outcome_however_it_is_spelt(spelling):
    sheet = pd.DataFrame(
        {
            "study": ["a", "b"],
            "outcome": ["mood", spelling],
            "mean_t": [9.0, 10.0],
            "mean_c": [12.0, 13.0],
            **MEANS,
            "direction": ["lower", "higher"],
        }
    )
    assert rules(sheet).count("two-directions") == 2
    assert np.isfinite(effect_sizes(sheet)["yi"]).all()
    assert "One outcome declared in two directions" in effect_sizes(sheet).loc[0, "receipt"].doubts
