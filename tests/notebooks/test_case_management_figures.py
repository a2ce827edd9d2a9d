"""The figures that the case-management notebook states in prose, recomputed from the data."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from statistics import NormalDist

import pandas as pd
import pytest

import synthesis as syn

NORMAL = NormalDist()


@pytest.fixture(scope="module")
def text(text_of: Callable[[str], str]) -> str:
    return text_of("01_case_management")


@pytest.fixture(scope="module")
def pooled() -> pd.DataFrame:
    return syn.datasets.load("case_management")


@pytest.fixture(scope="module")
def trials() -> pd.DataFrame:
    return syn.datasets.load("case_management", "trials")


@pytest.fixture(scope="module")
def studies() -> pd.DataFrame:
    return syn.datasets.load("baskerville2012")


def p_values(low: str, high: str) -> list[float]:
    """Return the p-values of an interval whose limits are moved by half a printed unit."""
    values = []
    for a, b in product((-0.005, 0.005), repeat=2):
        ends = float(low) + a, float(high) + b
        std_error = (ends[1] - ends[0]) / (2 * NORMAL.inv_cdf(0.975))
        values.append(2 * NORMAL.cdf(-abs(sum(ends)) / 2 / std_error))
    return values


def test_what_the_review_prints(text: str, pooled: pd.DataFrame) -> None:
    conclusions = pooled["conclusion_as_published"]
    assert (len(pooled), pooled["estimate"].notna().sum()) == (12, 3)
    assert (conclusions == "no significant difference").sum() == 8
    assert (conclusions == "not stated in the abstract").sum() == 1
    assert "Of these 12 rows, 3 contain numbers. Eight say only" in text
    assert "The eight results without a number" in text


def test_the_two_pairs_of_counts(text: str) -> None:
    counts = syn.datasets.load("case_management", "published_counts").groupby("quantity")["printed"]
    assert sorted(counts.get_group("screened")) == ["15,327", "15,372"]
    assert sorted(counts.get_group("included")) == ["36", "37"]
    assert "15,327 and 15,372 look like one number" in text
    assert "the numbers of studies included differ by one" in text


def test_health_status_cannot_be_decided_and_satisfaction_can(
    text: str, pooled: pd.DataFrame
) -> None:
    printed = pooled.dropna(subset="estimate").set_index(["outcome", "window"])
    health = printed.loc[("health_status", "short")]
    assert (health["estimate"], health["ci_low"], health["ci_high"]) == ("0.07", "0.00", "0.14")
    assert "0.07 [0.00, 0.14] neither confirms nor contradicts" in text
    p = p_values(health["ci_low"], health["ci_high"])
    assert (round(min(p), 3), round(max(p), 3)) == (0.035, 0.069)
    assert float(health["ci_high"]) + 0.005 < 0.15
    assert "the upper end of the interval is below 0.15 standard deviations" in text
    for row in printed.drop(index=("health_status", "short")).itertuples():
        assert max(p_values(row.ci_low, row.ci_high)) < 0.05
    assert "**Satisfaction** is significant in both windows, whatever the rounding." in text


def test_the_corners_of_the_rounding_hold_the_extreme_p_values(pooled: pd.DataFrame) -> None:
    for row in pooled.dropna(subset="estimate").itertuples():
        ends = p_values(row.ci_low, row.ci_high)
        for a, b in product((-0.004, -0.002, 0.0, 0.002, 0.004), repeat=2):
            low, high = float(row.ci_low) + a, float(row.ci_high) + b
            p = 2 * NORMAL.cdf(-(high + low) / (high - low) * NORMAL.inv_cdf(0.975))
            assert min(ends) < p < max(ends)
            # Every such interval is centred where the printed estimate may lie.
            assert abs((low + high) / 2 - float(row.estimate)) <= 0.005


def test_the_trial_whose_interval_ends_at_no_effect(text: str, trials: pd.DataFrame) -> None:
    edge = trials[trials["ci_high"] == "1.00"]
    assert edge[["effect_type", "p"]].to_numpy().tolist() == [["HR", "0.047"]]
    assert "(a hazard ratio of 1.00), but its p-value is printed beside it" in text


def test_what_the_trials_print(text: str, trials: pd.DataFrame) -> None:
    assert (trials["study"].nunique(), len(trials)) == (18, 48)
    assert "18 reports of case management print in their abstracts: 48 rows" in text
    guided = trials.loc[trials["study"].str.contains("Guided Care"), "study"].unique()
    assert [name.removesuffix(" (Guided Care)") for name in guided] == [
        "Boult 2008",
        "Boyd 2010",
        "Leff 2009",
        "Boult 2011",
    ]
    assert "Boult 2008, Leff 2009, Boyd 2010 and Boult 2011 are four reports of one trial" in text
    selective = trials["notes"].str.contains("SELECTIVE", na=False)
    assert trials.loc[selective, "study"].nunique() == 3
    assert "Three of the reports give numbers only for outcomes picked from a longer list" in text
    assert (trials["in_stokes_2015"] == "yes").sum() == 15
    assert "Only 15 of the 48 rows come from reports that we know" in text


def test_the_studies_of_practice_facilitation(text: str, studies: pd.DataFrame) -> None:
    assert studies[["yi", "se"]].notna().all().all()
    assert (len(studies), studies["yi"].min() > 0) == (23, True)
    assert "All 23 studies have an effect and a standard error, and no effect is below zero" in text
    assert studies.loc[studies["quality_score"] > 12, "quality_score"].tolist() == [18]
    assert "the quality score should run from 0 to 12, but one study has 18" in text


def test_what_changes_and_what_does_not(text: str, studies: pd.DataFrame) -> None:
    printed = syn.datasets.about("baskerville2012").targets().set_index("quantity")["printed"]
    assert printed.to_dict() == {
        "estimate": "0.56",
        "ci_low": "0.43",
        "ci_high": "0.68",
        "I2": "20",
    }
    assert "The article prints 0.56, with a 95% confidence interval from 0.43 to 0.68" in text
    classic = syn.meta_analysis(studies, measure="smd", tau2="dl", ci="wald")
    fit = syn.meta_analysis(studies, measure="smd")

    def digits(fit: syn.MetaAnalysis) -> list[str]:
        return [f"{value:.2f}" for value in (fit.estimate, *fit.ci)] + [f"{fit.i2:.0f}"]

    assert digits(classic) == printed.tolist()
    assert digits(fit) == ["0.56", "0.43", "0.69", "22"]
    assert "the upper limit, 0.69 instead of 0.68, and I², 22% instead of 20%" in text
    assert fit.prediction_interval is not None
    assert classic.prediction_interval is not None
    assert fit.prediction_interval[0] < classic.prediction_interval[0]
    assert classic.prediction_interval[1] < fit.prediction_interval[1]
    assert classic.tau2 < fit.tau2
    assert f"{fit.i2_q:.0f}" == "20"
    assert "calculated from Q, as was usual at the time, it is 20% in every run" in text


def test_three_runs_of_fourteen_give_the_printed_interval(text: str, studies: pd.DataFrame) -> None:
    found, runs = [], 0
    for ci, tau2 in product(("wald", "hksj"), ("dl", "pm", "ml", "reml", "hs", "he", "sj")):
        fit = syn.meta_analysis(studies, measure="smd", tau2=tau2, ci=ci)
        runs += 1
        if [f"{value:.2f}" for value in (fit.estimate, *fit.ci)] == ["0.56", "0.43", "0.68"]:
            found.append((tau2, ci))
    assert (runs, found) == (14, [("dl", "wald"), ("pm", "wald"), ("ml", "wald")])
    assert "Three of the fourteen runs give the printed effect and interval" in text


def test_no_single_study_carries_the_result(text: str, studies: pd.DataFrame) -> None:
    fit = syn.meta_analysis(studies, measure="smd")
    left_out = syn.leave_one_out(fit)
    assert (left_out["p_value"] < 0.001).all()
    assert (left_out["estimate"] - fit.estimate).abs().max() < 0.05
    assert "The result does not depend on any single study." in text
    assert fit.share_beyond(0.0) > 99
    assert fit.prediction_interval is not None
    assert fit.prediction_interval[0] > 0.2
    assert 'facilitation is "\n    f"expected to help' in text
    assert fit.q_p_value > 0.05
    assert fit.i2_ci is not None
    assert fit.i2_ci[1] - fit.i2_ci[0] > 50
