"""The figures that the notebook on reproducing printed numbers states, recomputed."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import synthesis as syn


@pytest.fixture(scope="module")
def text(text_of: Callable[[str], str]) -> str:
    return text_of("03_reproduce_a_figure")


@pytest.fixture(scope="module")
def studies() -> pd.DataFrame:
    return syn.datasets.load("raudenbush1985")


@pytest.fixture(scope="module")
def capped(studies: pd.DataFrame) -> pd.DataFrame:
    return studies.assign(weeks=studies["weeks"].clip(upper=3))


def agrees(value: float, printed: str, digits: int) -> bool:
    return f"{value:.{digits}f}" == printed


def test_the_six_printed_figures_are_met_to_the_last_digit(
    text: str, studies: pd.DataFrame, capped: pd.DataFrame
) -> None:
    targets = syn.datasets.about("raudenbush1985").targets()
    fit = syn.meta_analysis(studies, measure="smd")
    regression = syn.meta_regression(capped, "~ weeks", ci="wald")
    slope = regression.coefficients["estimate"]
    ours = [fit.estimate, fit.tau2, fit.q, slope["Intercept"], slope["weeks"], regression.tau2]
    assert targets["quantity"].tolist() == [
        "estimate",
        "tau2",
        "Q",
        "intercept",
        "slope",
        "tau2",
    ]
    assert all(map(agrees, ours, targets["printed"], targets["digits"]))
    assert targets["analysis"].nunique() == 3
    assert "There are six figures from three analyses." in text
    assert "All six agree to the last printed digit." in text
    assert "an intercept of 0.407 and a slope of −0.157" in text


def test_one_effect_printed_twice(text: str, studies: pd.DataFrame) -> None:
    estimate = syn.meta_analysis(studies, measure="smd").estimate
    assert f"{estimate:.4f}" == "0.0837"
    assert (f"{estimate:.3f}", int(estimate * 1000)) == ("0.084", 83)
    assert "Rounded it is 0.084; cut off after three digits it is 0.083." in text
    note = syn.datasets.about("raudenbush1985").targets()["note"].iloc[0]
    assert "Table 16.2 prints the same model with an estimate of 0.083" in note


def test_only_reml_gives_the_printed_pair(text: str, studies: pd.DataFrame) -> None:
    fits = {
        tau2: syn.meta_analysis(studies, measure="smd", tau2=tau2)
        for tau2 in ("reml", "ml", "dl", "hs", "pm", "sj", "he")
    }
    printed = [
        tau2 for tau2, fit in fits.items() if f"{fit.estimate:.3f} {fit.tau2:.3f}" == "0.084 0.019"
    ]
    assert printed == ["reml"]
    assert agrees(fits["dl"].estimate, "0.089", 3)
    assert "(`dl`) gives 0.089" in text
    spread = [fit.tau2 for fit in fits.values()]
    assert 6 < max(spread) / min(spread) < 7
    assert "the largest estimate of tau² is more than six times the smallest" in text
    assert len({fit.q for fit in fits.values()}) == 1


def test_the_interval_is_wider_by_more_than_a_quarter(text: str, studies: pd.DataFrame) -> None:
    fits = [syn.meta_analysis(studies, measure="smd", ci=ci) for ci in ("hksj", "wald")]
    widths = [fit.ci[1] - fit.ci[0] for fit in fits]
    assert 1.25 < widths[0] / widths[1] < 1.3
    assert (fits[0].estimate, fits[0].tau2) == (fits[1].estimate, fits[1].tau2)
    assert "its interval is wider by more than a quarter" in text


def test_the_cap_at_three_weeks(text: str, studies: pd.DataFrame, capped: pd.DataFrame) -> None:
    def slope(table: pd.DataFrame, tau2: str) -> float:
        fit = syn.meta_regression(table, "~ weeks", ci="wald", tau2=tau2)
        return float(fit.coefficients["estimate"]["weeks"])

    estimators = ("reml", "ml", "dl", "hs", "pm", "sj", "he")
    assert all(-0.02 < slope(studies, tau2) < -0.01 for tau2 in estimators)
    assert 9 < slope(capped, "reml") / slope(studies, "reml") < 11
    assert "The slope is only about a tenth of the printed one." in text
    assert (studies["weeks"] <= 3).mean() > 0.5
    assert studies["weeks"].max() == 24
    assert "Most experiments have 0 to 3 weeks, the others up to 24." in text


def test_the_effect_is_gone_after_three_weeks(capped: pd.DataFrame) -> None:
    regression = syn.meta_regression(capped, "~ weeks", ci="wald")
    effect = regression.predict(pd.DataFrame({"weeks": [0, 3]}))
    assert effect["ci_low"].iloc[0] > 0
    assert effect["estimate"].iloc[1] < 0 < effect["ci_high"].iloc[1]


def test_the_exercise_has_three_figures_to_find_and_one_option_that_finds_them(text: str) -> None:
    targets = syn.datasets.about("bcg").targets()
    trials = syn.effect_sizes(syn.datasets.load("bcg"), measure="rr")

    def same(fit: syn.MetaAnalysis) -> list[bool]:
        ratios = [fit.back(value) for value in (fit.estimate, *fit.ci)]
        ours = [fit.estimate, fit.std_error, fit.tau2, fit.i2, fit.q, *ratios]
        return list(map(agrees, ours, targets["printed"], targets["digits"]))

    attempt = same(syn.meta_analysis(trials))
    wrong = targets.loc[[not agree for agree in attempt], "quantity"]
    assert wrong.tolist() == ["std_error", "ci_low", "ci_high"]
    assert (len(targets), len(trials)) == (8, 13)
    assert "Three of the eight figures do not agree." in text
    assert all(same(syn.meta_analysis(trials, ci="wald")))
    assert same(syn.meta_analysis(trials, ci="wald", tau2="dl"))[:5] == [False] * 4 + [True]
    assert targets["printed"].tolist()[-3:] == ["0.49", "0.34", "0.70"]
    assert "a risk ratio of 0.49 with a 95% interval from 0.34 to 0.70" in text
