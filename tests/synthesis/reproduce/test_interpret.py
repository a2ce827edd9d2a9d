"""Readings of an effect: algebra, limits transformed with the estimate, nothing asserted."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError, OptionError
from synthesis import datasets
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis
from synthesis.reproduce.interpret import interpret

N = NormalDist()
PLACES = ["estimate", "ci_low", "ci_high", "pi_low", "pi_high"]


@pytest.fixture(scope="module")
def smd() -> MetaAnalysis:
    return meta_analysis(datasets.load("baskerville2012"), measure="smd")


@pytest.fixture(scope="module")
def odds() -> MetaAnalysis:
    return meta_analysis(effect_sizes(datasets.load("egger2001"), "or"))


def limits(fit: MetaAnalysis) -> list[float]:
    return [fit.estimate, *fit.ci, *fit.prediction_interval]  # type: ignore[misc]


def table_of(fit: MetaAnalysis, **options: object) -> pd.DataFrame:
    return interpret(fit, **options).to_frame().set_index("reading")  # type: ignore[arg-type]


def test_every_limit_goes_through_the_same_formula_as_the_estimate(smd: MetaAnalysis) -> None:
    table = table_of(smd, sd=12.0, scale="PHQ-9", source="a made-up survey", baseline=0.3)
    formulas = {
        "PHQ-9": lambda d: 12 * d,
        "Odds ratio": lambda d: math.exp(d * math.pi / math.sqrt(3)),
        "Treated above the average control": lambda d: 100 * N.cdf(d),
        "Overlap of the groups": lambda d: 200 * N.cdf(-abs(d) / 2),
        "Chance that a treated person scores higher than a control": lambda d: (
            100 * N.cdf(d / math.sqrt(2))
        ),
        "Risk by the normal curve": lambda d: 100 * N.cdf(d + N.inv_cdf(0.3)),
        "Number needed to treat by the normal curve": lambda d: (
            1 / (N.cdf(d + N.inv_cdf(0.3)) - 0.3)
        ),
    }
    for name, formula in formulas.items():
        expected = [formula(value) for value in limits(smd)]
        assert table.loc[name, PLACES].tolist() == pytest.approx(expected, rel=1e-12), name


def test_furukawa_and_the_odds_ratio_agree_where_they_should(smd: MetaAnalysis) -> None:
    # Both are exact at no effect, and close to each other at middling baselines.
    table = table_of(smd, baseline=0.5)
    normal, logistic = (
        table.loc[f"Risk by the {way}", "estimate"] for way in ("normal curve", "odds ratio")
    )
    assert abs(normal - logistic) < 3
    none = meta_analysis(
        pd.DataFrame({"study": list("abc"), "yi": [-0.1, 0.0, 0.1], "vi": [0.01] * 3}),
        measure="smd",
    )
    at_zero = table_of(none, baseline=0.4)["estimate"]
    assert at_zero["Risk by the normal curve"] == pytest.approx(40)
    assert at_zero["Risk by the odds ratio"] == pytest.approx(40)
    assert at_zero["Overlap of the groups"] == pytest.approx(100)


def test_odds_ratios_are_read_as_risks_and_smds(odds: MetaAnalysis) -> None:
    table = table_of(odds, baseline=0.1, higher_is_better=False)
    ratio = math.exp(odds.estimate)
    risk = 0.1 * ratio / (0.9 + 0.1 * ratio)
    assert table.loc["Risk by the odds ratio", "estimate"] == pytest.approx(100 * risk)
    needed = table.loc["Number needed to treat by the odds ratio", "estimate"]
    assert needed == pytest.approx(1 / (0.1 - risk))
    smd = table.loc["SMD", "estimate"]
    assert smd == pytest.approx(odds.estimate * math.sqrt(3) / math.pi)
    assert "Risk by the normal curve" not in table.index


def test_the_share_of_settings_above_a_threshold(smd: MetaAnalysis, odds: MetaAnalysis) -> None:
    in_points = table_of(smd, sd=10.0, scale="SF-36", source="a made-up survey", mid=5.0)
    plain = table_of(smd, mid=0.5)
    share = 100 * (1 - NormalDist(smd.estimate, smd.tau).cdf(0.5))
    assert in_points["estimate"].iloc[-1] == pytest.approx(share)
    assert plain["estimate"].iloc[-1] == pytest.approx(share)
    assert np.isnan(plain["ci_low"].iloc[-1])
    through = table_of(odds, sd=10.0, scale="SF-36", source="a made-up survey", mid=-2.0)
    expected = odds.share_beyond(-0.2 * math.pi / math.sqrt(3))
    assert through["estimate"].iloc[-1] == pytest.approx(expected)


def test_rules_of_thumb_are_cited_and_never_applied(smd: MetaAnalysis) -> None:
    read = interpret(smd)
    cited = [note for note in read.notes if note.startswith("Rule of thumb")]
    assert len(cited) == 2
    assert all("19" in note or "Handbook" in note for note in cited)
    assert "medium" not in str(read)
    assert "quoted, not applied" in read.notes[-1]


def test_every_reading_names_its_formula_and_source(smd: MetaAnalysis) -> None:
    read = interpret(smd, sd=5.0, scale="<b>HADS</b>", source="a survey", baseline=0.2, mid=1.0)
    assert all(len(one.method) > 20 for one in read.readings)
    assert "in a new setting" in str(read)
    assert "<b>HADS" not in read._repr_html_()


def test_an_interval_that_holds_no_effect_is_remarked_on() -> None:
    table = pd.DataFrame({"study": list("abc"), "yi": [-0.2, 0.1, 0.4], "vi": [0.02] * 3})
    read = interpret(meta_analysis(table, measure="smd"), baseline=0.2)
    assert any("through infinity, from benefit to harm" in note for note in read.notes)
    common = interpret(meta_analysis(table, measure="smd", model="common"))
    assert any("no prediction interval" in note for note in common.notes)
    assert np.isnan(common.to_frame()["pi_low"]).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sd": 10.0}, "sd needs scale"),
        ({"sd": 10.0, "scale": "SF-36"}, "sd needs scale"),
        ({"sd": -1.0, "scale": "SF-36", "source": "x"}, "sd must be > 0"),
        ({"scale": "SF-36"}, "go with sd"),
        ({"baseline": 20}, "baseline must lie between 0 and 1"),
        ({"baseline": "0.2"}, "baseline must be a number"),
        ({"mid": math.nan}, "mid must be finite"),
        ({"conversion": "logit"}, "conversion must be one of"),
    ],
)
def test_what_is_refused(smd: MetaAnalysis, options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        interpret(smd, **options)  # type: ignore[arg-type]


def test_other_measures_are_refused() -> None:
    with pytest.raises(DataError, match="must be the result of meta_analysis"):
        interpret(0.56)  # type: ignore[arg-type]
    fit = meta_analysis(datasets.load("baskerville2012"))
    with pytest.raises(DataError, match="Name the measure"):
        interpret(fit)
