from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError, EstimationError, OptionError
from synthesis.diagnostics.multiverse import CHOICES, multiverse
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.pooling.model import meta_analysis


@pytest.fixture
def arms():
    """Six made-up trials with both arms; only their arithmetic matters."""
    return pd.DataFrame(
        {
            "study": list("abcdef"),
            "mean_t": [10.0, 11, 9, 12, 10, 13],
            "sd_t": [3.0, 4, 2, 5, 3, 4],
            "n_t": [20, 35, 12, 50, 18, 9],
            "mean_c": [9.0, 10, 9.5, 9, 8, 9],
            "sd_c": [3.2, 4.1, 2.2, 4.5, 3.1, 3.5],
            "n_c": [22, 33, 11, 48, 20, 10],
            "rob": ["low", "high", "low", "low", "high", None],
        }
    )


def test_every_specification_is_the_analysis_it_says(reference_named):
    table = reference_named("bcg").table
    every = multiverse(
        table,
        tau2=["reml", "dl", 0.1],
        ci=["hksj", "wald", "wald_t"],
        leave_out={"Madras": ["TPT Madras 1980"]},
        subgroups="alloc",
        progress=False,
    )
    for row in every.results.itertuples():
        studies = table
        if row.subgroup != "all":
            studies = studies[studies["alloc"] == row.subgroup.removeprefix("alloc: ")]
        if row.left_out == "Madras":
            studies = studies[studies["study"] != "TPT Madras 1980"]
        tau2 = {"given 0.1": 0.1, "none": "reml"}.get(row.tau2_method, row.tau2_method)
        alone = meta_analysis(studies, model=row.model, tau2=tau2, ci=row.ci_method)
        # The same arithmetic on the same numbers, in another batch.
        assert row.k == alone.k
        assert row.estimate == pytest.approx(alone.estimate, rel=1e-12)
        assert (row.ci_low, row.ci_high) == pytest.approx(alone.ci, rel=1e-12)
        assert row.p_value == pytest.approx(alone.p_value, rel=1e-10)
        assert row.tau2 == pytest.approx(alone.tau2, rel=1e-10)
    # Random: 3 x 3 analyses; common: 2; of all, and of 3 kinds of allocation; Madras was
    # allocated at random, so leaving it out changes all studies and that subgroup only.
    assert len(every.results) == (3 * 3 + 2) * (4 + 2)
    assert not every.results.duplicated(list(CHOICES)).any()


def test_each_study_is_left_out_in_turn(reference_named):
    table = reference_named("normand1999").table
    every = multiverse(table, model=["random"], tau2=["reml"], ci=["wald"], leave_out="each")
    assert every.results["left_out"].tolist() == ["none", *table["study"]]
    assert every.results["k"].tolist() == [9, *[8] * 9]
    assert every.varied == ("left_out",)


def test_variance_forms_are_computed_from_the_arms(arms):
    forms = ["ls", "ub", "revman"]
    every = multiverse(
        effect_sizes(arms, "smd"), model=["random"], tau2=["dl"], ci=["wald"], variance=forms
    )
    for form, row in zip(forms, every.results.itertuples(), strict=True):
        alone = meta_analysis(effect_sizes(arms, "smd", variance=form), tau2="dl", ci="wald")
        assert row.variance == form
        assert row.estimate == pytest.approx(alone.estimate, rel=1e-12)
    assert len(set(every.results["estimate"])) == 3
    assert every.notes == ()


def test_effects_given_without_arms_keep_their_variance_and_it_says_so(arms):
    given = pd.DataFrame({"study": ["z"], "yi": [0.4], "vi": [0.05]})
    sheet = pd.concat([arms, given], ignore_index=True)
    every = multiverse(sheet, measure="smd", variance=["ls", "ub"], model=["common"], ci=["wald"])
    assert "1 study keeps its given variance under every form" in every.notes[-1]


def test_subgroups_of_one_study_are_listed_and_not_analysed(arms):
    es = effect_sizes(arms.assign(rob=["low", "high", "low", "low", "low", "low"]), "smd")
    every = multiverse(es, model=["common"], ci=["wald"], subgroups=["rob"])
    assert every.results["subgroup"].tolist() == ["all", "rob: low"]
    assert every.skipped.to_dict("records") == [
        {"subgroup": "rob: high", "left_out": "none", "k": 1}
    ]
    assert "1 selection of fewer than two studies not analysed" in every.notes[-1]


def test_it_summarises_itself(reference_named):
    table = reference_named("bcg").table
    every = multiverse(table, tau2=["reml", "sj"], measure="rr")
    by = every.by("tau2_method")
    assert by["specifications"].to_dict() == {"reml": 2, "sj": 2, "none": 1}
    assert by["excludes_null"].tolist() == [100, 100, 100]
    assert (by["smallest"] <= by["median"]).all()
    assert every.varied == ("model", "tau2_method", "ci_method")
    assert str(every) == (
        "Risk ratio: 5 specifications: Choices varied model, tau2_method, ci_method; "
        "Median estimate 0.49; Estimates [0.49, 0.65]; Effects above no effect (%) 0; "
        "95% intervals without no effect (%) 100"
    )
    frame = every.to_frame()
    assert (np.diff(frame["estimate"]) >= 0).all()


def test_a_proportion_has_no_null_to_exclude(reference_named):
    every = multiverse(reference_named("bcg").table, measure="proportion")
    assert "no effect" not in str(every)


def test_a_common_effect_has_a_wald_type_interval_only(reference_named):
    table = reference_named("bcg").table
    every = multiverse(table, model=["common"], ci=["hksj", "profile"])
    assert every.results["ci_method"].tolist() == ["wald"]
    assert every.results["tau2_method"].tolist() == ["none"]


def test_what_is_refused(reference_named, arms):
    table = reference_named("bcg").table
    with pytest.raises(OptionError, match=r"tau2 must be a list of options, such as \['dl'\]"):
        multiverse(table, tau2="dl")
    with pytest.raises(OptionError, match="ci must be a list of options"):
        multiverse(table, ci=[])
    with pytest.raises(OptionError, match="tau2 must be one of"):
        multiverse(table, tau2=["dll"])
    with pytest.raises(OptionError, match="leave_out must be one of 'each'"):
        multiverse(table, leave_out="all")
    with pytest.raises(
        DataError, match="'bad' must list study labels of the table; it has 'Nobody'"
    ):
        multiverse(table, leave_out={"bad": ["Nobody"]})
    with pytest.raises(DataError, match="subgroups: the table has no column 'allocation'"):
        multiverse(table, subgroups="allocation")
    with pytest.raises(OptionError, match="these effects are 'generic'"):
        multiverse(table, variance=["ls"])
    with pytest.raises(DataError, match="no row has the columns of both arms"):
        multiverse(table, measure="smd", variance=["ls"])
    with pytest.raises(OptionError, match="variance must be a list"):
        multiverse(arms, measure="smd", variance="ls")
    with pytest.raises(EstimationError, match="no selection contains two studies"):
        multiverse(table.head(1))
