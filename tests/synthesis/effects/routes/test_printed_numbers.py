"""Printed numbers that contradict each other: refused, or said wherever the effect goes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from scipy.stats import t as law

from arrowroot.errors import DataError
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.lint.lint import lint
from synthesis.pooling.model import meta_analysis

WAIVED = {"waived": "effect-outside-ci", "waived_because": "as printed"}


def row(**cells) -> pd.DataFrame:
    return pd.DataFrame({"study": ["a"], **{name: [value] for name, value in cells.items()}})


OUTSIDE = {
    "difference": ({"effect": 3.0, "ci_low": 0.5, "ci_high": 2.0}, "md"),
    "below": ({"effect": -0.4, "ci_low": 0.1, "ci_high": 0.7, "effect_type": "g"}, "smd"),
    "ratio": ({"effect": 0.9, "ci_low": 0.53, "ci_high": 0.71, "effect_type": "hr"}, "hr"),
    "ratio to SMD": ({"effect": 0.9, "ci_low": 0.5, "ci_high": 0.7, "effect_type": "or"}, "smd"),
    "with its standard error": ({"effect": 3.0, "se": 0.4, "ci_low": 0.5, "ci_high": 2.0}, "md"),
    "correlation": ({"effect": 0.9, "ci_low": 0.1, "ci_high": 0.5, "effect_type": "r"}, "r"),
    "mean of an arm": (
        {
            "mean_t": 9.1,
            "ci_low_t": 10.2,
            "ci_high_t": 12.3,
            "n_t": 40,
            "mean_c": 8.0,
            "sd_c": 3.0,
            "n_c": 40,
        },
        "md",
    ),
    "mean outside the range": (
        {
            "mean_t": 9.1,
            "min_t": 10.2,
            "median_t": 12.1,
            "max_t": 14.1,
            "n_t": 40,
            "mean_c": 8.0,
            "sd_c": 3.0,
            "n_c": 40,
        },
        "md",
    ),
}


@pytest.mark.parametrize("name", [name for name in OUTSIDE if name != "correlation"])
def test_an_effect_outside_its_interval_is_refused(name):
    cells, measure = OUTSIDE[name]
    with pytest.raises(DataError, match=r"lies outside its (interval|range), .* for study 'a'"):
        effect_sizes(row(**cells), measure)
    kept = effect_sizes(row(**cells), measure, refused="keep").loc[0]
    assert np.isnan(kept["yi"])
    assert "lies outside its" in kept["reason"]
    waived = effect_sizes(row(**cells, **WAIVED), measure).loc[0]
    assert np.isfinite(waived["yi"])
    assert waived["receipt"].doubts[0] == "Printed effect or mean outside its own interval"
    assert "finding effect-outside-ci waived: as printed" in waived["receipt"].assumptions


def test_the_message_says_what_to_do():
    cells, measure = OUTSIDE["difference"]
    with pytest.raises(DataError) as error:
        effect_sizes(row(**cells, line=7), measure)
    assert str(error.value) == (
        "effect: 3 lies outside its interval, 0.5 to 2 for study 'a' (line 7): correct the cell; "
        "or write effect-outside-ci in waived, and why in waived_because. Correct the sheet and "
        "read it again."
    )


def test_a_waiver_without_a_reason_is_none():
    cells, measure = OUTSIDE["difference"]
    with pytest.raises(DataError, match="lies outside"):
        effect_sizes(row(**cells, waived="effect-outside-ci"), measure)


def test_rounding_and_numbers_that_are_not_used_are_no_reason():
    assert np.isfinite(effect_sizes(row(effect=0.74, ci_low=0.75, ci_high=0.9), "md").loc[0, "yi"])
    arms = {"mean_t": 9.0, "sd_t": 5.0, "n_t": 50, "mean_c": 8.0, "sd_c": 5.0, "n_c": 50}
    told = effect_sizes(row(**arms, effect=3.0, ci_low=0.5, ci_high=2.0, effect_type="md"), "md")
    assert told.loc[0, "route"] == "means"
    assert told.loc[0, "receipt"].doubts == ()


CONTRADICTIONS = {
    "variance-as-se": (
        {"effect": 0.4, "se": 0.04, "ci_low": 0.01, "ci_high": 0.79},
        "Printed standard error and interval contradict each other",
    ),
    "ci-off-centre": (
        {"effect": 0.4, "ci_low": 0.35, "ci_high": 0.95},
        "Printed effect not in the middle of its interval",
    ),
    "p-against-ci": (
        {"effect": 0.4, "ci_low": 0.1, "ci_high": 0.7, "p": "0.4"},
        "Printed p-value and interval contradict each other",
    ),
    "p-against-se": (
        {"effect": 0.4, "se": 0.1, "p": "0.4"},
        "Printed p-value and standard error contradict each other",
    ),
    "t-against-p": (
        {"t": 2.5, "p": "0.4", "n_t": 50, "n_c": 50},
        "Printed t and p-value contradict each other",
    ),
    "sd-against-se": (
        {
            "mean_t": 9.0,
            "sd_t": 5.0,
            "se_t": 2.0,
            "n_t": 50,
            "mean_c": 8.0,
            "sd_c": 5.0,
            "n_c": 50,
        },
        "Printed SD and standard error contradict each other",
    ),
}


@pytest.mark.parametrize("rule", CONTRADICTIONS)
def test_other_contradictions_are_said_everywhere(rule):
    cells, doubt = CONTRADICTIONS[rule]
    sheet = row(**cells, effect_type="g")
    assert rule in lint(sheet)["rule"].tolist()
    told = effect_sizes(sheet).loc[0, "receipt"]
    assert told.doubts == (doubt,)
    assert doubt in told.footnotes
    pair = pd.concat([sheet, row(yi=0.2, vi=0.04).assign(study="b")], ignore_index=True)
    assert f"{doubt}: a." in meta_analysis(effect_sizes(pair)).notes
    waived = sheet.assign(waived=rule, waived_because="checked")
    assert effect_sizes(waived).loc[0, "receipt"].doubts == ()


def test_an_interval_by_t_agrees_with_a_p_by_t():
    # MD 4 with standard error 1 and 10 df: what a t test of two arms of 6 prints.
    half = law.ppf(0.975, 10)
    p = f"{2 * law.sf(4, 10):.4f}"
    cells = {"effect": 4.0, "ci_low": round(4 - half, 3), "ci_high": round(4 + half, 3), "p": p}
    sheet = row(**cells, se=1.0, effect_type="md", n_t=6, n_c=6)
    assert lint(sheet).empty
    assert effect_sizes(sheet, "md").loc[0, "receipt"].doubts == ()


def test_a_p_by_the_normal_law_agrees_with_the_standard_error():
    sheet = row(effect=0.4, se=0.2, p=f"{2 * norm.sf(2):.3f}", effect_type="md", n_t=6, n_c=6)
    assert lint(sheet).empty


@pytest.mark.parametrize("effect_type", ["r", "proportion"])
def test_intervals_that_are_not_symmetric_are_no_contradiction(effect_type):
    # Fisher's z at r = 0.8 and n = 20: artanh 0.8 ± 1.96/√17.
    z, half = np.arctanh(0.8), 1.96 / np.sqrt(17)
    sheet = row(
        effect=0.8,
        ci_low=round(float(np.tanh(z - half)), 2),
        ci_high=round(float(np.tanh(z + half)), 2),
        effect_type=effect_type,
    )
    assert lint(sheet).empty


def test_an_unnamed_ratio_is_read_as_the_measure_asked_for():
    sheet = row(effect=2.12, ci_low=1.06, ci_high=4.24)
    assert effect_sizes(sheet, "or").loc[0, "receipt"].doubts == ()
    assert effect_sizes(sheet, "md").loc[0, "receipt"].doubts == (
        "Printed effect not in the middle of its interval",
    )
