"""Remedies named in notes, and what regression tests do with studies that lack a size."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import synthesis
from arrowroot.errors import DataError, EstimationError, OptionError
from synthesis.diagnostics.small_studies.asymmetry import egger_test, peters_test
from synthesis.diagnostics.small_studies.pet_peese import pet_peese
from synthesis.diagnostics.small_studies.rank import rank_test
from synthesis.diagnostics.small_studies.trim_fill import trim_and_fill
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.plots.albatross import albatross
from synthesis.plots.funnel import funnel
from synthesis.plots.words import alt_text
from synthesis.pooling.model import meta_analysis

REFERENCE = Path(__file__).parents[4] / "validation" / "metafor" / "small_studies"
TESTS = {
    "egger": egger_test,
    "rank": rank_test,
    "trim and fill": trim_and_fill,
    "pet-peese": pet_peese,
}
SIZES = ("ni", "ninv", "sqrtni", "sqrtninv")


@pytest.fixture
def trials():
    """Twelve synthetic trials with arms of different size; only their arithmetic matters."""
    rng = np.random.default_rng(8)
    n_t, n_c = (rng.integers(20, 400, 12).astype(float) for _ in range(2))
    return pd.DataFrame(
        {
            "study": [f"s{i}" for i in range(12)],
            "yi": rng.normal(0.4, 0.2, 12),
            "vi": 1 / n_t + 1 / n_c,
            "n_t": n_t,
            "n_c": n_c,
            "events_t": np.floor(n_t / 4),
            "events_c": np.floor(n_c / 3),
        }
    )


@pytest.mark.parametrize("name", ["uneven_arms", "normand1999"])
def test_the_modified_error_is_that_of_pustejovsky_and_rodgers(name):
    theirs = json.loads((REFERENCE / f"{name}.json").read_text("utf-8"))
    effects = effect_sizes(pd.read_csv(REFERENCE / f"{name}.csv"), "smd")
    fit = meta_analysis(effects, ci="wald")
    # lm solves the same equations; metafor's tau2 is iterated to 1e-12.
    for model, expected in (("lm", theirs["lm"]), ("mixed", theirs["rma"])):
        ours = egger_test(fit, model=model, predictor="modified_se")
        slope = [ours.coefficient("modified_se", part) for part in ("estimate", "std_error")]
        found = [ours.statistic, ours.p_value, ours.limit_estimate, *slope]
        wanted = [expected[part] for part in ("stat", "p", "intercept", "slope", "se")]
        assert found == pytest.approx(wanted, rel=1e-8)
    low, high = theirs["lm"]["ci_low"], theirs["lm"]["ci_high"]
    limits = egger_test(fit, predictor="modified_se").limit_ci
    assert limits == pytest.approx((low, high), rel=1e-8)


def test_with_equal_arms_the_modified_error_tests_as_the_inverse_root_of_the_size(trials):
    fit = meta_analysis(trials.assign(n_c=trials["n_t"]))
    modified, usual = (egger_test(fit, predictor=name) for name in ("modified_se", "sqrtninv"))
    # sqrt(1/n + 1/n) = 2 / sqrt(2n): proportional, so the slope is halved and its test the same.
    assert modified.statistic == pytest.approx(usual.statistic, rel=1e-10)
    ratio = usual.coefficient("sqrtninv", "estimate") / modified.coefficient(
        "modified_se", "estimate"
    )
    assert ratio == pytest.approx(2, rel=1e-10)


@pytest.mark.parametrize("measure", ["smd", "smcc", "smcr", "or"])
@pytest.mark.parametrize("test", TESTS)
def test_a_remedy_in_a_note_runs_on_the_same_fit_and_has_no_such_note(trials, test, measure):
    fit = meta_analysis(trials, measure=measure)
    caution = next(note for note in TESTS[test](fit).notes if "depends on the effect" in note)
    called = re.search(r"(\w+)\(fit(?:, predictor='(\w+)')?\)", caution)
    assert called is not None
    choice = {"predictor": called[2]} if called[2] else {}
    result = getattr(synthesis, called[1])(fit, **choice)
    assert not any("depends on the effect" in note for note in result.notes)
    assert "needs" not in caution
    assert caution in str(TESTS[test](fit))
    bare = meta_analysis(trials[["study", "yi", "vi"]], measure=measure)
    caution = next(note for note in TESTS[test](bare).notes if "depends on the effect" in note)
    assert ", but needs " in caution


def test_the_remedy_for_smds_is_the_one_of_the_paper_cited(trials):
    (caution,) = egger_test(meta_analysis(trials, measure="smd")).notes
    assert "predictor='modified_se'" in caution
    assert "Pustejovsky & Rodgers 2019" in caution


@pytest.mark.parametrize("predictor", [*SIZES, "modified_se"])
def test_a_study_without_a_size_is_left_out_and_listed(trials, predictor):
    gap = trials.assign(n_t=trials["n_t"].mask(trials["study"].eq("s3")))
    ours = egger_test(meta_analysis(gap), predictor=predictor)
    rest = egger_test(meta_analysis(trials[trials["study"].ne("s3")]), predictor=predictor)
    assert (ours.k, ours.statistic, ours.df) == (11, rest.statistic, 9)
    assert ours.excluded["study"].tolist() == ["s3"]
    assert "Left out of this test: s3 (no " in str(ours)
    assert rest.excluded.empty


def test_a_blank_total_is_the_sum_of_the_arms(trials):
    total = trials["n_t"] + trials["n_c"]
    fits = [meta_analysis(trials.assign(n=n)) for n in (total, float("nan"))]
    first, second = (egger_test(fit, predictor="sqrtninv") for fit in fits)
    assert first.statistic == second.statistic
    assert second.excluded.empty


def test_too_few_sizes_are_refused_in_words(trials):
    two = trials.assign(n_t=trials["n_t"].where(trials["study"].isin(["s1", "s2"])))
    with pytest.raises(EstimationError, match=r"at least 3 studies; this leaves 2\. Left out"):
        egger_test(meta_analysis(two), predictor="ni")
    none = trials.assign(n_t=float("nan"))
    for predictor in ("ni", "modified_se"):
        with pytest.raises(DataError, match=f"must be > 0 for predictor='{predictor}'"):
            egger_test(meta_analysis(none), predictor=predictor)


def test_peters_test_leaves_out_what_has_no_weight(trials):
    changed = trials.copy()
    changed.loc[1, ["events_t", "events_c"]] = 0
    changed.loc[2, "events_t"] = np.nan
    changed.loc[3, "n_c"] = np.nan
    changed.loc[4, ["events_t", "events_c"]] = changed.loc[4, ["n_t", "n_c"]].to_numpy()
    ours = peters_test(meta_analysis(changed))
    rest = peters_test(meta_analysis(trials.drop(index=[1, 2, 3, 4])))
    assert (ours.k, ours.statistic) == (8, rest.statistic)
    assert ours.excluded.set_index("study")["reason"].to_dict() == {
        "s1": "no events, or events only",
        "s2": "no number of events",
        "s3": "no sample size",
        "s4": "no events, or events only",
    }
    blank = peters_test(meta_analysis(trials.assign(events_t=np.nan, events_c=np.nan)))
    assert "inverse variance instead of Peters's weights" in blank.notes[-1]


def test_an_albatross_plot_leaves_out_the_same_studies(trials):
    gap = trials.assign(n_t=trials["n_t"].mask(trials["study"].eq("s3")))
    ax = albatross(meta_analysis(gap, measure="smd"))
    (points,) = (found for found in ax.collections if found.get_gid() == "studies-0")
    assert len(points.get_offsets()) == 11
    assert "Not drawn: s3 (no size)." in [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("vertical", ["ni", "lni", "ninv", "sqrtninv"])
def test_a_funnel_plot_of_sizes_leaves_out_the_same_studies(trials, vertical):
    gap = trials.assign(n_t=trials["n_t"].mask(trials["study"].eq("s3")))
    fit = meta_analysis(gap, measure="smd")
    ax = funnel(fit, vertical=vertical, egger=egger_test(fit, predictor="sqrtninv"))
    (points,) = (found for found in ax.collections if found.get_gid() == "studies")
    drawn = np.asarray(points.get_offsets())
    rest = trials[trials["study"].ne("s3")]
    np.testing.assert_allclose(drawn[:, 0], rest["yi"])
    lost = "Not drawn, for want of a sample size: s3."
    assert lost in [text.get_text() for text in ax.texts]
    assert lost in alt_text(ax)


def test_a_line_on_the_sizes_of_both_arms_is_on_no_axis(trials):
    fit = meta_analysis(trials, measure="smd")
    for vertical in ("sei", "ni"):
        with pytest.raises(OptionError, match="'modified_se' is computed from the size of each"):
            funnel(fit, vertical=vertical, egger=egger_test(fit, predictor="modified_se"))
