"""Trials that randomised clusters: to what the flag applies, and what is said where it cannot.

The design effect is 1 + (M − 1)·ICC (Cochrane Handbook 23.1): with 20 people in a cluster and an
ICC of 0.05 it is 1.95. All data are made up.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.lint.lint import lint
from synthesis.effects.sensitivity import sensitivity
from synthesis.pooling.model import meta_analysis

DESIGN = {"cluster_size": 20.0, "icc": 0.05}
MEANS = {"mean_t": 9.0, "sd_t": 5.0, "n_t": 400, "mean_c": 12.0, "sd_c": 5.0, "n_c": 400}
COUNTS = {"events_t": 30, "n_t": 200, "events_c": 50, "n_c": 200}
RAW = {
    "means": (MEANS, "smd"),
    "means as differences": (MEANS, "md"),
    "means with standard errors": (
        {"mean_t": 9.0, "se_t": 0.25, "n_t": 400, "mean_c": 12.0, "se_c": 0.25, "n_c": 400},
        "smd",
    ),
    "counts": (COUNTS, "or"),
    "counts as SMD": (COUNTS, "smd"),
    "percentages": ({"percent_t": 15, "n_t": 200, "percent_c": 25, "n_c": 200}, "rr"),
    "rates": ({"events_t": 30, "time_t": 900.0, "events_c": 50, "time_c": 880.0}, "irr"),
    "changes": (
        {
            "mean_change_t": 2.0,
            "sd_change_t": 2.5,
            "n_t": 90,
            "mean_change_c": 0.5,
            "sd_change_c": 2.5,
            "n_c": 90,
        },
        "md",
    ),
    "a correlation with the arm": ({"r_pb": 0.2, "n_t": 90, "n_c": 90}, "smd"),
    "chi-squared of the counts": ({"chi2": 5.0, "sign": 1, "n_t": 90, "n_c": 90}, "smd"),
    "a regression coefficient": ({"b": 2.0, "sd_y": 5.0, "n_t": 90, "n_c": 90}, "smd"),
}
ANALYSED = {
    "an effect": ({"effect": 0.5, "se": 0.12, "effect_type": "smd"}, "smd"),
    "a ratio": ({"effect": 1.5, "ci_low": 1.1, "ci_high": 2.05, "effect_type": "or"}, "or"),
    "t": ({"t": 2.4, "n_t": 90, "n_c": 90}, "smd"),
    "F": ({"f": 5.8, "sign": 1, "n_t": 90, "n_c": 90}, "smd"),
    "p": ({"p": "0.02", "sign": 1, "n_t": 90, "n_c": 90}, "smd"),
    "means with t": ({"mean_t": 9.0, "mean_c": 8.0, "t": 2.4}, "md"),
}


def row(**cells) -> pd.DataFrame:
    return pd.DataFrame({"study": ["A"], **{name: [value] for name, value in cells.items()}})


def findings(sheet: pd.DataFrame) -> list[str]:
    found = lint(sheet)
    return found.loc[found["rule"] == "clusters", "message"].tolist()


@pytest.mark.parametrize("name", RAW)
@pytest.mark.parametrize("flag", ["", "no", "yes"])
def test_raw_numbers_are_never_adjusted_already(name, flag):
    cells, measure = RAW[name]
    plain = effect_sizes(row(**cells), measure).loc[0]
    told = effect_sizes(row(**cells, **DESIGN, cluster_adjusted=flag), measure).loc[0]
    assert told["yi"] == plain["yi"]
    assert told["vi"] == pytest.approx(plain["vi"] * 1.95, rel=1e-12)
    said = " ".join(told["receipt"].assumptions)
    assert "variance multiplied by the design effect, 1.95" in said
    assert ("cluster_adjusted concerns printed effects" in said) == (flag == "yes")
    assert told["receipt"].inputs.endswith("icc = 0.05, cluster_size = 20")
    assert "Variance increased for clustering (design effect 1.95)" in told["receipt"].footnotes
    assert told["receipt"].doubts == ()


@pytest.mark.parametrize("name", ANALYSED)
def test_an_analysis_that_allows_for_clustering_is_left_alone(name):
    cells, measure = ANALYSED[name]
    plain = effect_sizes(row(**cells), measure).loc[0]
    told = effect_sizes(row(**cells, **DESIGN, cluster_adjusted="yes"), measure).loc[0]
    assert (told["yi"], told["vi"]) == (plain["yi"], plain["vi"])
    assert "cluster_size" not in told["receipt"].inputs
    assert (
        "icc and cluster_size not used: the paper's analysis allows for clustering"
        in told["receipt"].assumptions
    )
    assert findings(row(**cells, **DESIGN, cluster_adjusted="yes")) == []
    raised = effect_sizes(row(**cells, **DESIGN), measure).loc[0]
    assert raised["vi"] == pytest.approx(plain["vi"] * 1.95, rel=1e-12)


def test_an_adjusted_printed_effect_is_preferred_to_means():
    sheet = row(**MEANS, **DESIGN, cluster_adjusted="yes", effect=-0.5, se=0.12, effect_type="smd")
    told = effect_sizes(sheet).loc[0]
    assert told["route"] == "printed"
    assert told["vi"] == pytest.approx(0.12**2)
    by_means = effect_sizes(sheet.assign(route="means")).loc[0]
    # g from the exact J at 798 df; the variance of `ls`, times the design effect.
    j = 1 - 3 / (4 * 798 - 1)
    g = -3 / 5 * j
    assert by_means["vi"] == pytest.approx((2 / 400 + g**2 / 1600) * 1.95, rel=1e-5)
    assert round(float(by_means["vi"]), 5) == 0.01019
    without = effect_sizes(sheet.assign(cluster_adjusted="")).loc[0]
    assert without["route"] == "means"


@pytest.mark.parametrize(
    ("design", "missing", "finding"),
    [
        ({"cluster_size": 20.0}, "icc", "blank, though cluster_size is 20"),
        ({"icc": 0.05}, "cluster_size", "blank, though icc is 0.05"),
    ],
)
@pytest.mark.parametrize("cells", [MEANS, {"effect": -0.5, "se": 0.05, "effect_type": "smd"}])
def test_half_of_a_design_effect_is_said_not_to_be_used(design, missing, finding, cells):
    sheet = row(**cells, **design)
    told = effect_sizes(sheet).loc[0]
    assert told["vi"] == effect_sizes(row(**cells)).loc[0, "vi"]
    assert any(
        text.startswith(f"clusters ignored, as {missing} is blank")
        for text in told["receipt"].assumptions
    )
    assert "Clusters ignored: standard error too small" in told["receipt"].footnotes
    assert findings(sheet) == [finding]
    pair = pd.concat([sheet, row(**{**MEANS, "mean_t": 10.0}).assign(study="B")], ignore_index=True)
    (note,) = [
        text for text in meta_analysis(effect_sizes(pair)).notes if text.startswith("Clusters")
    ]
    assert note.endswith("standard errors are too small: A.")
    value = {"icc": 0.05, "cluster_size": 20.0}[missing]
    assumed = effect_sizes(sheet, assume={missing: value}).loc[0]
    assert assumed["vi"] == pytest.approx(told["vi"] * 1.95, rel=1e-12)
    assert f"{missing} = {value:g} assumed" in assumed["receipt"].assumptions
    assert assumed["receipt"].doubts == ()


def test_an_assumed_icc_makes_no_cluster_trial():
    told = effect_sizes(row(**MEANS), assume={"icc": 0.05}).loc[0, "receipt"]
    assert told.assumptions == ()
    assert told.doubts == ()


def test_sensitivity_to_the_icc():
    table = sensitivity(row(**MEANS, cluster_size=20.0), "icc", [0.0, 0.05])
    assert table["vi"].iloc[1] == pytest.approx(table["vi"].iloc[0] * 1.95, rel=1e-12)
    assert "clusters: design effect 1 at an ICC of 0" in table["receipt"].iloc[0].assumptions
    assert "icc = 0 assumed" in table["receipt"].iloc[0].assumptions


@pytest.mark.parametrize("design", [{"icc": 0.0}, {"cluster_size": 1.0}])
def test_people_who_are_not_alike_or_alone_need_no_design_effect(design):
    assert effect_sizes(row(**MEANS, **design)).loc[0, "receipt"].doubts == ()
    assert findings(row(**MEANS, **design)) == []


def test_raw_numbers_said_to_be_adjusted_without_icc():
    sheet = row(**MEANS, cluster_adjusted="yes")
    told = effect_sizes(sheet).loc[0, "receipt"]
    assert told.doubts == (
        "Clusters ignored, as raw numbers are not adjusted for them; standard errors are too small",
    )
    assert findings(sheet) == [
        "yes, but the row is computed from raw numbers: only a printed effect, t, F or p can allow "
        "for clustering"
    ]


def test_no_without_anything_else():
    sheet = row(**MEANS, cluster_adjusted="no")
    assert effect_sizes(sheet).loc[0, "receipt"].doubts[0].startswith("Clusters ignored, if there")
    assert findings(sheet) == [
        "no, but icc and cluster_size are blank; leave it blank if people were randomised"
    ]


def test_a_test_that_allows_for_clustering_gives_too_small_an_smd():
    cells, _ = ANALYSED["t"]
    assert effect_sizes(row(**cells, cluster_adjusted="yes")).loc[0, "receipt"].doubts == (
        "SMD from a test that allows for clustering, and so too close to 0",
    )


def test_given_effects_say_that_the_design_was_not_used():
    told = effect_sizes(row(yi=0.3, vi=0.04, **DESIGN)).loc[0]
    assert told["vi"] == 0.04
    assert told["receipt"].assumptions == (
        "whether the variance given allows for clustering is not said: cluster_adjusted is blank",
        "icc and cluster_size not used: the effect is used as given",
    )
    assert told["receipt"].inputs == "yi = 0.3, vi = 0.04"


def test_cells_about_clusters_that_lead_nowhere():
    assert findings(row(**MEANS, icc_source="sister trial")) == ["'sister trial', but icc is blank"]
    assert findings(row(**{**MEANS, "n_t": 30, "n_c": 30}, icc=0.05, cluster_size=40.0)) == [
        "40, more than half of the 60 people: is it the number of people in a cluster?"
    ]


def test_a_shared_control_divides_its_time_with_its_events():
    cells, measure = RAW["rates"]
    alone = effect_sizes(row(**cells), measure).loc[0]
    shared = effect_sizes(row(**cells, control_shares=2.0), measure).loc[0]
    assert shared["yi"] == pytest.approx(alone["yi"], rel=1e-12)
    assert shared["vi"] == pytest.approx(1 / 30 + 1 / 25, rel=1e-12)
    assert shared["receipt"].inputs.endswith("control_shares = 2")


def test_a_shared_control_that_cannot_be_divided_is_pointed_out():
    told = effect_sizes(row(effect=0.4, se=0.2, effect_type="md", control_shares=2.0), "md")
    receipt = told.loc[0, "receipt"]
    assert receipt.doubts == ("Control shared by several rows and not divided",)
    assert any(text.startswith("control_shares not used") for text in receipt.assumptions)


def test_computing_again_changes_nothing():
    once = effect_sizes(row(**MEANS, **DESIGN, cluster_adjusted="yes"))
    again = effect_sizes(once)
    np.testing.assert_array_equal(once["vi"], again["vi"])


def test_whether_a_given_variance_allows_for_clusters():
    blank = row(yi=0.3, vi=0.04, **DESIGN)
    assert effect_sizes(blank).loc[0, "receipt"].doubts == (
        "Whether the variance given allows for clustering is not said (cluster_adjusted)",
    )
    assert findings(blank)[0].startswith("blank, beside yi")
    no = row(yi=0.3, vi=0.04, cluster_adjusted="no")
    assert effect_sizes(no).loc[0, "receipt"].doubts == (
        "Clusters ignored, as the variance is used as given and cluster_adjusted is no",
    )
    assert findings(no)[0].startswith("no, beside yi")
    yes = row(yi=0.3, vi=0.04, cluster_adjusted="yes", **DESIGN)
    assert effect_sizes(yes).loc[0, "receipt"].doubts == ()
    assert findings(yes) == []


@pytest.mark.parametrize(
    "cells",
    [
        {"events_t": 30, "time_t": 100.0, "events_c": 40, "time_c": 100.0},
        {"r": 0.3, "n": 100},
        {"events": 30, "n": 100},
    ],
)
def test_raw_numbers_of_every_kind_are_not_adjusted(cells):
    assert "raw numbers" in findings(row(**cells, cluster_adjusted="yes"))[0]


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("design", "cluster RCT"),
        ("study_design", "Cluster-randomised"),
        ("unit_of_randomisation", "clusters"),
        ("design", "cRCT"),
    ],
)
def test_a_design_with_clusters_and_nothing_else(column, word):
    sheet = row(**MEANS, **{column: word})
    told = effect_sizes(sheet).loc[0, "receipt"]
    assert told.doubts[0].startswith("Clusters ignored, as the design names them")
    assert findings(sheet)[0].endswith("though the design names clusters")
    complete = sheet.assign(icc=0.05, cluster_size=20.0)
    assert effect_sizes(complete).loc[0, "receipt"].doubts == ()
    assert findings(complete) == []


@pytest.mark.parametrize("word", ["parallel", "not cluster randomised", "non-cluster", "RCT"])
def test_other_designs_are_left_alone(word):
    sheet = row(**MEANS, design=word)
    assert effect_sizes(sheet).loc[0, "receipt"].doubts == ()
    assert findings(sheet) == []
