"""Readings of an effect: algebra, limits transformed with the estimate, nothing asserted."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError, OptionError
from synthesis import datasets
from synthesis.appraisal.readings.interpret import interpret
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis

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
        estimate, *ends = (formula(value) for value in limits(smd))
        expected = [estimate, *sorted(ends[:2]), *sorted(ends[2:])]
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
    assert "medium" not in str(read).split("Note:")[0]
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
    with pytest.raises(DataError, match="a result of meta_analysis is needed"):
        interpret(0.56)  # type: ignore[arg-type]
    fit = meta_analysis(datasets.load("baskerville2012"))
    with pytest.raises(DataError, match="Name the measure"):
        interpret(fit)


def turned_means(direction: str | list[str] = "lower") -> MetaAnalysis:
    """Synthetic trials of a scale on which lower is better, for tests only."""
    table = pd.DataFrame(
        {
            "study": list("ABC"),
            "mean_t": [9.0, 10, 8],
            "sd_t": 5.0,
            "n_t": 50,
            "mean_c": [12.0, 13, 11.5],
            "sd_c": 5.0,
            "n_c": 50,
            "direction": direction,
        }
    )
    return meta_analysis(effect_sizes(table))


@pytest.mark.parametrize("better", [True, False, None])
def test_turned_signs_are_read_as_better_and_points_as_lower(better: bool | None) -> None:
    fit = turned_means()
    read = interpret(
        fit, sd=5, scale="mood", source="a survey", baseline=0.2, higher_is_better=better
    )
    table = read.to_frame().set_index("reading")
    assert fit.estimate > 0
    assert table.loc["mood", "estimate"] == pytest.approx(-5 * fit.estimate)
    assert "lower (" in read.readings[0].written()
    name = "Chance that a treated person scores better than a control"
    assert table.loc[name, "estimate"] == pytest.approx(100 * N.cdf(fit.estimate / math.sqrt(2)))
    assert not any("higher" in one.name or "above" in one.name for one in read.readings)
    gain = N.cdf(fit.estimate + N.inv_cdf(0.2)) - 0.2
    needed = table.loc["Number needed to treat by the normal curve", "estimate"]
    assert needed == pytest.approx(1 / gain)
    assert "NNT for benefit 4.6" in str(read)
    assert any("Signs of all studies were turned" in note for note in read.notes)


def test_signs_turned_in_some_studies_only() -> None:
    fit = turned_means(["lower", "higher", "lower"])
    with pytest.raises(DataError, match="some studies were turned \\(A, C\\)"):
        interpret(fit, sd=5, scale="mood", source="a survey")
    read = interpret(fit, baseline=0.2)
    assert any("Signs of some studies" in note for note in read.notes)
    assert any("better than a control" in one.name for one in read.readings)


def test_turned_ratios_are_read_as_the_event_was_counted() -> None:
    table = pd.DataFrame(
        {
            "study": list("ABC"),
            "events_t": [10, 14, 9],
            "n_t": 50,
            "events_c": [15, 20, 16],
            "n_c": 50,
            "direction": "lower",
        }
    )
    turned = meta_analysis(effect_sizes(table, "rr"))
    plain = meta_analysis(effect_sizes(table.drop(columns="direction"), "rr"))
    assert turned.estimate == pytest.approx(-plain.estimate)
    one = table_of(turned, baseline=0.3)
    other = table_of(plain, baseline=0.3, higher_is_better=False)
    pd.testing.assert_frame_equal(one[PLACES], other[PLACES])
    assert one.loc["Number needed to treat by the risk ratio", "estimate"] > 0
    mixed = meta_analysis(effect_sizes(table.assign(direction=["lower", "higher", ""]), "rr"))
    with pytest.raises(DataError, match="no single direction"):
        interpret(mixed, baseline=0.3)


def test_intervals_are_those_of_the_quantity_that_is_read() -> None:
    wide = pd.DataFrame({"study": list("abcde"), "yi": [0.9, 0.1, 0.5, -0.1, 0.7], "vi": 0.02})
    fit = meta_analysis(wide, measure="smd")
    read = interpret(fit, baseline=0.2)
    said = str(read)
    for expected in (
        "NNT for benefit 7.3 (NNT for harm 39.2 to infinity to NNT for benefit 3.0)",
        "NNT for benefit 6.7 (NNT for harm 38.3 to infinity to NNT for benefit 2.7)",
    ):
        assert expected in said
    assert said.count("in a new setting NNT for harm") == 2
    table = read.to_frame().set_index("reading")
    overlap = table.loc["Overlap of the groups", PLACES].tolist()
    assert overlap[2] == overlap[4] == 100
    assert overlap[1] == pytest.approx(200 * N.cdf(-max(map(abs, fit.ci)) / 2))
    for name in table.index:
        value, low, high, *predicted = table.loc[name, PLACES]
        assert low <= high
        assert predicted[0] <= predicted[1]
        if not name.startswith("Number needed"):
            assert low <= value <= high
    harm = interpret(fit, baseline=0.2, higher_is_better=False)
    assert "NNT for harm 7.3 (NNT for harm 3.0 to infinity to NNT for benefit 39.2)" in str(harm)


@pytest.mark.parametrize(("measure", "way"), [("rr", "risk ratio"), ("hr", "hazard ratio")])
def test_ratios_at_several_baselines(measure: str, way: str) -> None:
    table = pd.DataFrame({"study": list("abc"), "yi": np.log([0.9, 0.95, 0.91]), "vi": 0.01})
    fit = meta_analysis(table, measure=measure, ci="wald")
    read = interpret(fit, baseline={"low": 0.1, "high": 0.3})
    found = read.to_frame().set_index("reading")
    ratio = math.exp(fit.estimate)
    for name, start in (("low", 0.1), ("high", 0.3)):
        risk = start * ratio if measure == "rr" else 1 - (1 - start) ** ratio
        ending = f"by the {way} at {start} ({name})"
        assert found.loc[f"Risk {ending}", "estimate"] == pytest.approx(100 * risk)
        gap = found.loc[f"Difference of risks {ending}", "estimate"]
        assert gap == pytest.approx(1000 * (risk - start))
        needed = found.loc[f"Number needed to treat {ending}", "estimate"]
        assert needed == pytest.approx(1 / (start - risk))
    assert "NNT for one fewer event" in str(read)
    listed = interpret(fit, baseline=[0.1, 0.3]).to_frame()["reading"]
    assert f"Risk by the {way} at 0.3" in set(listed)
    known = interpret(fit, baseline=0.3, higher_is_better=False)
    assert "fewer (" in str(known)
    assert "NNT for benefit" in str(known)


def test_risk_differences_need_no_baseline() -> None:
    table = pd.DataFrame({"study": list("abc"), "yi": [-0.09, -0.05, -0.1], "vi": 0.001})
    fit = meta_analysis(table, measure="rd", ci="wald")
    found = table_of(fit)
    assert found.loc["Difference of risks", "estimate"] == pytest.approx(1000 * fit.estimate)
    assert found.loc["Number needed to treat", "estimate"] == pytest.approx(-1 / fit.estimate)
    at = table_of(fit, baseline=0.3)
    assert at.loc["Risk by the risk difference", "estimate"] == pytest.approx(
        100 * (0.3 + fit.estimate)
    )


@pytest.mark.parametrize("measure", ["md", "irr", "r", "logit"])
def test_a_measure_that_is_named_is_never_to_be_named_otherwise(measure: str) -> None:
    table = pd.DataFrame({"study": list("abc"), "yi": [0.1, 0.2, 0.3], "vi": 0.01})
    with pytest.raises(DataError, match=f"is '{measure}'") as refused:
        interpret(meta_analysis(table, measure=measure))
    assert "Name the measure" not in str(refused.value)
    assert "measure=" not in str(refused.value)


def test_points_are_for_standardised_differences() -> None:
    table = pd.DataFrame({"study": list("abc"), "yi": [0.1, 0.2, 0.3], "vi": 0.01})
    fit = meta_analysis(table, measure="rr")
    with pytest.raises(OptionError, match="sd is for standardised mean differences"):
        interpret(fit, sd=5, scale="mood", source="a survey")
    with pytest.raises(OptionError, match="no risk was given"):
        interpret(fit, baseline=[])
    with pytest.raises(OptionError, match="between 0 and 1"):
        interpret(fit, baseline=[0.2, 20])
