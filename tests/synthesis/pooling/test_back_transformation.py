"""Effects turned back: metafor's values at the edges of the domain, in results, tables, figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import synthesis as syn
from arrowroot.errors import DataError
from synthesis.measures import MEASURES, measure_named
from synthesis.pooling.readable import BEYOND, is_contrast

REFERENCE = Path(__file__).parents[3] / "validation" / "metafor" / "back_transformation"
CODES = {
    "PR": "proportion",
    "PLN": "log_proportion",
    "PLO": "logit",
    "PAS": "arcsine",
    "PFT": "freeman_tukey",
    "COR": "r",
    "ZCOR": "fisher_z",
}
WAYS = {
    "common wald": {"model": "common"},
    "random wald": {"ci": "wald"},
    "random hksj": {"ci": "hksj"},
}
SHARES = ("proportion", "log_proportion", "logit", "arcsine", "freeman_tukey")


def references() -> list[tuple[str, str]]:
    found = []
    for path in sorted(REFERENCE.glob("*.json")):
        measures = json.loads(path.read_text()).get("measures", {})
        found += [(path.stem, code) for code in measures]
    return found


def pooled(events: list[int], n: list[int] | int, measure: str, **options: Any) -> syn.MetaAnalysis:
    table = pd.DataFrame({"study": [f"S{row}" for row in range(len(events))], "events": events})
    return syn.meta_analysis(syn.effect_sizes(table.assign(n=n), measure), **options)


def words(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.figure.findobj(Text) if text.get_text().strip()]


def seen(fit: Any) -> list[float]:
    limits = (fit.estimate, *fit.ci, *(fit.prediction_interval or ()))
    return [fit.back(value) for value in limits]


@pytest.mark.parametrize(("dataset", "code"), references())
def test_every_number_that_readers_see_is_that_of_metafor(dataset: str, code: str) -> None:
    one = json.loads((REFERENCE / f"{dataset}.json").read_text())["measures"][code]
    table = pd.DataFrame({name: one[name] for name in ("n", "yi", "vi")})
    table["study"] = [f"S{row}" for row in range(len(table))]
    for way, options in WAYS.items():
        fit = syn.meta_analysis(table, measure=CODES[code], **options)  # type: ignore[arg-type]
        expected = list(one[way].values())
        # REML of metafor stops at 1e-14; the rest is rounding, which roots magnify near 0 and 1.
        assert seen(fit) == pytest.approx(expected, rel=1e-7, abs=1e-9), way
        frame = fit.study_frame()
        for name in ("effect", "effect_low", "effect_high"):
            assert frame[name].tolist() == pytest.approx(one[name], abs=1e-10), (way, name)


def test_nothing_of_the_reference_is_lost() -> None:
    assert len(references()) == 5 * 5 + 3 + 2


@pytest.mark.parametrize("measure", ["arcsine", "freeman_tukey"])
def test_the_inverse_rises_over_the_whole_line(measure: str) -> None:
    known = measure_named(measure).at(7)
    line = known.back(np.linspace(-3, 4, 1001))
    assert (np.diff(line) >= 0).all()
    assert line[0] == 0
    assert line[-1] == 1
    assert np.isnan(known.back(float("nan")))


@pytest.mark.parametrize("n", [2, 5, 30, 1001])
def test_a_study_returns_to_its_own_proportion(n: int) -> None:
    events = np.unique(np.linspace(0, n, 25).astype(int))
    table = pd.DataFrame({"study": events.astype(str), "events": events, "n": n})
    es = syn.effect_sizes(table, "freeman_tukey")
    back = measure_named("freeman_tukey").back(es["yi"].to_numpy(), float(n))
    np.testing.assert_allclose(back, events / n, rtol=0, atol=1e-13)
    # Without the column n, the size is that of the variance.
    fit = syn.meta_analysis(es[["study", "yi", "vi"]], measure="freeman_tukey", model="common")
    np.testing.assert_allclose(fit.study_frame()["effect"], events / n, rtol=0, atol=1e-12)
    assert fit.back_n == pytest.approx(n, rel=1e-10)


def test_the_size_of_a_double_arcsine_is_never_guessed() -> None:
    with pytest.raises(DataError, match="only be turned back with a sample size"):
        measure_named("freeman_tukey").back(0.5)
    table = pd.DataFrame({"study": ["A", "B"], "yi": [0.4, 0.5], "vi": [0.7, 0.01]})
    with pytest.raises(DataError, match="no sample size has that of 'A'"):
        syn.meta_analysis(table, measure="freeman_tukey")
    fit = syn.meta_analysis(table.assign(n=[10, np.nan]), measure="freeman_tukey")
    assert fit.back_n == pytest.approx(2 / (1 / 10 + 1 / 24.5))


def test_the_sample_size_used_is_said_and_warned_about() -> None:
    apart = pooled([12, 60, 3, 4100, 1], [9000, 20000, 800, 200000, 29], "freeman_tukey")
    assert any("29 to 200000" in note for note in apart.notes)
    assert any("Schwarzer et al. 2019" in note and "logit" in note for note in apart.notes)
    alike = pooled([3, 6, 10], [11, 17, 21], "freeman_tukey")
    assert any("harmonic mean" in note for note in alike.notes)
    assert not any("Schwarzer" in note for note in alike.notes)
    assert any("harmonic mean" in text for text in words(syn.forest(apart)))
    plt.close("all")


def test_figures_and_texts_show_each_study_as_it_was() -> None:
    events = [11, 4, 4, 9, 9, 8, 87, 40, 39, 33, 11, 13, 33, 4, 109]
    n = [11, 4, 5, 9, 9, 8, 98, 48, 58, 58, 13, 14, 37, 5, 115]
    fit = pooled(events, n, "freeman_tukey")
    assert "Proportion 0.89, 95% CI 0.81 to 0.96" in fit.sentence()
    assert "interval 0.58 to 1.00" in fit.sentence()
    printed = words(syn.forest(fit))
    for share in {round(x / size, 2) for x, size in zip(events, n, strict=True)}:
        assert any(text.startswith(f"{share:.2f} [") for text in printed), share
    assert "from 0.57 (S9) to 1.00 (S0)" in syn.alt_text(fit)
    for draw in (syn.funnel, syn.orchard):
        axes = draw(fit)
        places = np.concatenate(
            [
                np.asarray(c.get_offsets())[:, 0]
                for c in axes.collections
                if str(c.get_gid()).startswith("studies")
            ]
        )
        assert sorted(places) == pytest.approx(sorted(np.divide(events, n)), abs=1e-12)
        low, high = axes.get_xlim()
        assert low <= places.min() and places.max() <= high
    axes = syn.drapery(fit)
    for row in (2, 9):
        line = next(one for one in axes.lines if one.get_gid() == f"study-{row}")
        x, p = (np.asarray(values, dtype=float) for values in line.get_data())
        assert x[p.argmax()] == pytest.approx(events[row] / n[row], abs=1e-9)
    regression = syn.meta_regression(fit.studies.assign(x=np.arange(15.0)), "~ x")
    axes = syn.bubble(regression, "x")
    points = next(c for c in axes.collections if c.get_gid() == "studies")
    assert np.asarray(points.get_offsets())[:, 1] == pytest.approx(np.divide(events, n), abs=1e-12)
    plt.close("all")


def test_repeated_analyses_have_the_sample_size_of_their_own_studies() -> None:
    fit = pooled([3, 6, 10, 1], [11, 17, 21, 6], "freeman_tukey", ci="wald")
    alone = syn.leave_one_out(fit)
    grown = syn.cumulative(fit, order=["S0", "S1", "S2", "S3"])
    without_first = pooled([6, 10, 1], [17, 21, 6], "freeman_tukey", ci="wald")
    first_two = pooled([3, 6], [11, 17], "freeman_tukey", ci="wald")
    assert alone.loc["S0", "back_n"] == pytest.approx(without_first.back_n)
    assert grown.loc["S1", "back_n"] == pytest.approx(first_two.back_n)
    printed = words(syn.summary_forest(alone, measure="freeman_tukey", digits=4))
    text = f"{without_first.back(without_first.estimate):.4f} ["
    assert any(one.startswith(text) for one in printed)
    with pytest.raises(DataError, match="a table needs a column 'back_n'"):
        syn.summary_forest(alone.drop(columns="back_n"), measure="freeman_tukey")
    syn.summary_forest(alone.drop(columns="back_n"), measure=fit.measure)
    subsets = syn.gosh(fit, progress=False).subsets
    assert subsets["back_n"].iloc[0] == pytest.approx(11)
    assert subsets["back_n"].iloc[-1] == pytest.approx(fit.back_n)
    every = syn.multiverse(
        fit.studies, measure="freeman_tukey", leave_out={"first": ["S0"]}, progress=False
    )
    left = every.results["left_out"] == "first"
    assert every.results["back_n"][left].unique() == pytest.approx([without_first.back_n])
    groups = syn.meta_analyses(fit.studies.assign(g=list("aabb")), by="g")
    assert groups.loc["a", "back_n"] == pytest.approx(first_two.back_n)
    by = syn.subgroup_analysis(fit.studies.assign(g=list("aabb")), "g").groups
    assert by["a"].back_n == pytest.approx(first_two.back_n)
    plt.close("all")


@pytest.mark.parametrize("measure", SHARES)
def test_measures_without_a_null_print_no_p_value(measure: str) -> None:
    fit = pooled([3, 10, 8, 5, 6, 2], [10, 40, 30, 20, 21, 11], measure)
    clusters = list("aabbcc")
    three = syn.three_level(fit.studies.assign(c=clusters), cluster="c")
    cells = fit.studies.assign(x=np.arange(6.0), g=list("xyxyxy"))
    means = syn.meta_regression(cells, "~ 0 + g")
    groups = syn.three_level(cells.assign(c=clusters), cluster="c", formula="~ 0 + g")
    robust = syn.robust(fit, cluster=clusters)
    for result in (three, robust, means, groups):
        facts = [text for _, text in result._facts() if "Q" not in _ and "heterogeneity" not in _]
        assert not any(", p " in text or text.startswith("p ") for text in facts), result
        assert "p =" not in result.sentence(), result
    assert ", p " not in fit.sentence()
    assert not any(name == "Test of no effect" for name, _ in fit._facts())
    assert not any(name == "p" for name, _ in three._facts())
    assert np.isfinite(fit.p_value)  # the test remains, as metafor prints it
    every = syn.multiverse(fit.studies, measure=measure, progress=False)
    assert every.by("model")["excludes_null"].isna().all()
    for table in (
        syn.leave_one_out(fit),
        syn.cumulative(fit, order="precision"),
        every.results,
        syn.meta_analyses(cells, by="g"),
    ):
        assert table["p_value"].isna().all()
    assert fit.study_frame()["p_value"].isna().all()
    # A slope has a null, whatever the measure; the intercept beside it has none.
    facts = dict(syn.meta_regression(cells, "~ x")._facts())
    slope = next(text for name, text in facts.items() if name.startswith("x"))
    level = next(text for name, text in facts.items() if name.startswith("Intercept"))
    assert ", p " in slope
    assert ", p " not in level
    for test in (syn.fail_safe_n, syn.excess_significance, syn.selection_model):
        with pytest.raises(DataError, match="has no such value"):
            test(fit)


def test_a_coefficient_has_a_null_if_a_shift_of_all_effects_leaves_it() -> None:
    x = np.array([1.0, 2.0, 4.0, 5.0])
    ones, a = np.ones(4), np.array([1.0, 1.0, 0.0, 0.0])
    assert is_contrast(np.column_stack([ones, 1e6 * x])).tolist() == [False, True]
    assert is_contrast(np.column_stack([a, 1 - a, x])).tolist() == [False, False, True]
    assert is_contrast(x[:, None]).tolist() == [False]


def test_measures_with_a_null_print_their_p_value_as_before() -> None:
    table = pd.DataFrame({"study": list("ABC"), "yi": [0.1, 0.3, 0.5], "vi": [0.04] * 3})
    fit = syn.meta_analysis(table, measure="smd")
    assert ", p " in fit.sentence()
    assert ("Test of no effect", fit._test()) in fit._facts()
    assert syn.leave_one_out(fit)["p_value"].notna().all()


def test_what_lies_beyond_the_range_is_said_with_a_better_scale() -> None:
    high = pd.DataFrame({"study": ["A", "B", "C"], "r": [0.95, 0.62, 0.99], "n": [8, 30, 6]})
    fit = syn.meta_analysis(syn.effect_sizes(high, "r"))
    note = next(note for note in fit.notes if note.startswith(BEYOND))
    assert fit.ci[1] > 1
    for part in ("-1.00 to 1.00", "confidence interval", "prediction", "A, C", "fisher_z"):
        assert part in note
    assert any(text.startswith(BEYOND) for text in words(syn.forest(fit)))
    assert not syn.meta_analysis(syn.effect_sizes(high, "fisher_z")).notes
    plt.close("all")


@pytest.mark.parametrize(
    ("measure", "yi", "vi"),
    [
        ("proportion", [0.02, 0.05, 0.2], [0.001, 0.002, 0.005]),
        ("log_proportion", [-0.1, -0.2, -1.6], [0.2, 0.1, 0.13]),
        ("rd", [0.9, 0.95, 0.2], [0.01, 0.02, 0.03]),
        ("r", [0.9, 0.95, 0.2], [0.01, 0.02, 0.03]),
        ("r_unbiased", [-0.9, -0.95, -0.2], [0.01, 0.02, 0.03]),
        ("asd", [1.5, 1.4, 0.2], [0.01, 0.02, 0.03]),
    ],
)
def test_every_measure_with_a_range_says_so_in_every_model(
    measure: str, yi: list[float], vi: list[float]
) -> None:
    table = pd.DataFrame(
        {
            "study": list("ABCDEF"),
            "yi": yi * 2,
            "vi": vi * 2,
            "c": list("xxyyzz"),
            "g": list("uv") * 3,
        }
    )
    assert MEASURES[measure].instead in MEASURES
    subgroups = syn.subgroup_analysis(table, "g", measure=measure)
    for result in (
        syn.meta_analysis(table, measure=measure),
        syn.meta_regression(table, "~ g", measure=measure),
        syn.three_level(table, cluster="c", measure=measure),
        syn.robust(syn.meta_analysis(table, measure=measure), cluster=list("xxyyzz")),
    ):
        assert any(note.startswith(BEYOND) for note in result.notes), type(result).__name__
    assert any(BEYOND[1:] in note for note in subgroups.notes)


def test_a_risk_difference_of_mantel_and_haenszel_has_the_same_range() -> None:
    table = pd.DataFrame(
        {"study": ["A", "B"], "events_t": [4, 5], "n_t": 5, "events_c": [0, 0], "n_c": 5}
    )
    fit = syn.mantel_haenszel(table, measure="rd")
    assert any(note.startswith(BEYOND) for note in fit.notes) == (fit.ci[1] > 1)
    assert any("study interval" in note for note in fit.notes)


def test_the_interval_of_a_common_tau2_is_that_of_the_model_with_the_groups() -> None:
    expected = json.loads((REFERENCE / "common_tau2.json").read_text())
    table = pd.DataFrame({name: expected[name] for name in ("yi", "vi", "g")})
    table["study"] = [f"S{row}" for row in range(8)]
    result = syn.subgroup_analysis(table, "g", common_tau2=True, ci="wald")
    assert result.common_tau2 == pytest.approx(expected["tau2"], rel=1e-8)
    assert result.common_tau2_ci == pytest.approx(expected["tau2_ci"], rel=1e-7)
    for fit in result.groups.values():
        assert fit.tau2_ci == result.common_tau2_ci
        assert fit.i2_ci == pytest.approx(expected["i2_ci"], rel=1e-7)
        assert fit.tau2_ci is not None
        assert fit.tau2_ci[0] <= fit.tau2 <= fit.tau2_ci[1]
    assert ("tau² of all groups", "0.305 [0.115, 1.556]") in result._facts()
    separate = syn.subgroup_analysis(table, "g", ci="wald")
    assert separate.common_tau2_ci is None
    assert separate.groups["a"].tau2_ci == (0.0, 0.0)


def test_a_given_tau2_has_no_interval() -> None:
    table = pd.DataFrame({"study": list("ABCD"), "yi": [0.3, 0.31, 0.3, 0.9], "vi": [0.02] * 4})
    fit = syn.meta_analysis(table, tau2=0.3)
    assert fit.tau2_ci is None
    assert fit.i2_ci is None
    assert fit.tau2_ci_method == "none"
    shared = syn.subgroup_analysis(table.assign(g=list("aabb")), "g", common_tau2=True, tau2=0.3)
    assert shared.common_tau2_ci is None
    assert all(one.tau2_ci is None for one in shared.groups.values())


def test_a_group_of_one_study_under_a_common_tau2_is_not_the_study_itself() -> None:
    table = pd.DataFrame(
        {"study": list("ABCD"), "yi": [0.3, 0.8, 0.1, 0.9], "vi": [0.02] * 4, "g": list("aaab")}
    )
    result = syn.subgroup_analysis(table, "g", common_tau2=True, ci="wald")
    alone = result.groups["b"]
    assert result.common_tau2 is not None
    assert alone.std_error**2 == pytest.approx(0.02 + result.common_tau2)
    assert any("includes the tau² that all groups share" in note for note in result.notes)
    assert any("includes the tau² given" in note for note in alone.notes)
    assert alone.tau2_ci == result.common_tau2_ci
