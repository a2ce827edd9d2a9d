"""Two routes of one row: rounding explains a difference, or the receipt says that it does not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind_from_stats

from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.routes.receipts import receipts

ARMS = {"mean_t": 12.3, "sd_t": 4.1, "n_t": 40, "mean_c": 10.1, "sd_c": 5.2, "n_c": 45}
"""Synthetic; t = 2.147, p = 0.0347, g = 0.4623."""


def said(measure="smd", **cells):
    sheet = pd.DataFrame([{"study": "A", **ARMS, **cells}])
    return effect_sizes(sheet, measure).loc[0, "receipt"].disagreements


def test_what_rounding_explains_is_not_reported():
    assert said(t=2.15) == ()
    assert said(p="0.03") == ()
    assert said(p="0.035") == ()
    assert said(effect=0.46, ci_low=0.03, ci_high=0.89, effect_type="smd") == ()


def test_what_rounding_does_not_explain_is():
    assert said(t=2.5) == ("t gives 0.5383, means 0.4623: further apart than rounding explains",)
    assert said(p="0.4") == ("p gives 0.1822, means 0.4623: further apart than rounding explains",)


def test_the_digits_of_the_inputs_count():
    # d from whole numbers is uncertain by more than d from numbers with two decimals.
    coarse = {"mean_t": 12.0, "sd_t": 4.0, "mean_c": 10.0, "sd_c": 5.0}
    fine = {"mean_t": 12.01, "sd_t": 4.01, "mean_c": 10.01, "sd_c": 5.01}
    assert said(**coarse, t=2.5) == ()
    assert said(**fine, t=2.5) != ()


def test_a_sign_that_was_lost():
    assert said(t=-2.15) == ("t gives -0.463, means 0.4623: further apart than rounding explains",)


def test_counts_are_printed_in_full():
    counts = {"events_t": 12, "n_t": 60, "events_c": 20, "n_c": 60, "effect_type": "or"}
    sheet = pd.DataFrame(
        [
            {"study": "agrees", **counts, "effect": 0.50, "ci_low": 0.22, "ci_high": 1.15},
            {"study": "differs", **counts, "effect": 0.60, "ci_low": 0.26, "ci_high": 1.38},
        ]
    )
    table = receipts(effect_sizes(sheet, "or")).set_index("study")["routes_disagree"]
    assert table["agrees"] == ""
    assert table["differs"] == (
        "printed gives -0.5108, counts -0.6931: further apart than rounding explains"
    )


def test_guesses_are_not_judged():
    assert said(p="<0.0001") == ()
    quartiles = {"q1_t": 4.0, "median_t": 6.0, "q3_t": 8.0, "q1_c": 3.0, "median_c": 5.0}
    blank = dict.fromkeys(("mean_t", "sd_t", "mean_c", "sd_c"), np.nan)
    assert said(**{**quartiles, "q3_c": 7.0, **blank, "t": 9.0}) == ()


def test_only_the_row_concerned_is_named():
    sheet = pd.DataFrame([{"study": name, **ARMS, "t": t} for name, t in (("A", 2.15), ("B", 2.5))])
    told = receipts(effect_sizes(sheet))["routes_disagree"]
    assert told[0] == ""
    assert told[1] != ""


def test_it_stands_in_the_receipt():
    sheet = pd.DataFrame([{"study": "A", **ARMS, "t": 2.5}])
    assert "routes disagree t gives 0.5383" in str(effect_sizes(sheet).loc[0, "receipt"])


@pytest.mark.parametrize("decimals", [1, 2, 3])
def test_numbers_of_one_analysis_never_disagree(decimals):
    """The t statistic and p-value of the very numbers, each rounded as a paper would."""
    rng, rows = np.random.default_rng(decimals), 3_000
    means, sds = rng.uniform(-9, 9, (2, rows)), rng.uniform(1, 9, (2, rows))
    sizes = rng.integers(5, 200, (2, rows))
    t, p = ttest_ind_from_stats(means[0], sds[0], sizes[0], means[1], sds[1], sizes[1])
    sheet = pd.DataFrame(
        {
            "study": [f"{row}" for row in range(rows)],
            "mean_t": means[0].round(decimals),
            "sd_t": sds[0].round(decimals),
            "n_t": sizes[0],
            "mean_c": means[1].round(decimals),
            "sd_c": sds[1].round(decimals),
            "n_c": sizes[1],
            "t": t.round(decimals),
            "sign": np.sign(t),
            # A p-value below 0.0005 would be printed as a bound, and is not judged.
            "p": np.where(p >= 0.0005, np.char.mod("%.3f", p), "<0.001"),
        }
    )
    es = effect_sizes(sheet)
    told = es["receipt"].map(lambda receipt: receipt.disagreements)
    assert es["receipt"].map(lambda receipt: len(receipt.alternatives)).min() == 2
    assert (told == ()).all(), told[told != ()].head()


@pytest.mark.parametrize("shift", [0.3, 0.8])
def test_the_direction_of_the_sheet_plays_no_part(shift):
    assert said(t=2.15 + shift) == said(t=2.15 + shift, direction="lower")


def test_computing_again_finds_nothing_new():
    sheet = pd.DataFrame([{"study": "A", **ARMS, "yi": 0.46, "vi": 0.05, "direction": "lower"}])
    once = effect_sizes(sheet)
    assert once.loc[0, ["yi", "route"]].tolist() == [-0.46, "given"]
    for es in (once, effect_sizes(once), effect_sizes(once.assign(flipped="True"))):
        assert es.loc[0, "receipt"].disagreements == ()


def test_a_route_without_a_finite_effect_is_not_compared():
    cells = {"events_t": 0, "n_t": 60, "events_c": 9, "n_c": 60, "effect_type": "or", "effect": 0.1}
    sheet = pd.DataFrame([{"study": "A", **cells, "se": 1.0, "route": "printed"}])
    assert effect_sizes(sheet, "or", zero_cells="none").loc[0, "receipt"].disagreements == ()


@pytest.mark.parametrize("measure", ["smd", "or", "r", "fisher_z"])
@pytest.mark.parametrize("kind", ["d", "g", "smd"])
@pytest.mark.parametrize("error", [{}, {"se": 0.3137}, {"ci_low": -0.11, "ci_high": 1.11}])
def test_one_printed_effect_does_not_contradict_itself(measure, kind, error):
    cells = {"effect": 0.5, "effect_type": kind, "n_t": 20, "n_c": 22, **error}
    sheet = pd.DataFrame([{"study": "A", **cells}])
    assert effect_sizes(sheet, measure).loc[0, "receipt"].disagreements == ()


def test_a_printed_effect_that_contradicts_the_arms_is_named_by_the_right_route():
    (text,) = said(effect=0.9, effect_type="d")
    assert text == "printed_d gives 0.8918, means 0.4623: further apart than rounding explains"
