"""Measures by the names that papers use, and what is said of those that are not computed."""

from __future__ import annotations

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError, OptionError
from synthesis.measures import MEASURES, measure_named


@pytest.mark.parametrize(
    ("written", "name"),
    [
        *(("Hedges' g", "smd"), ("cohen_d", "smd"), ("Odds ratio", "or"), ("relative risk", "rr")),
        *(("Incidence rate ratio", "irr"), ("WMD", "md"), ("prevalence", "logit")),
    ],
)
def test_another_name_is_answered_with_ours(written, name):
    with pytest.raises(OptionError) as caught:
        measure_named(written)
    assert str(caught.value).endswith(f"Write measure={name!r}.")
    assert name in MEASURES


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("DOR", "events_t = true positives"),
        ("sensitivity", "pooled as a pair, by a bivariate model"),
        ("proportional odds", "columns category1_t, category1_c"),
        ("NNT", "convert the result"),
        ("Kendall's tau", "enter Pearson's or Spearman's"),
        ("eta squared", "enter it in its column"),
    ],
)
def test_what_is_not_computed_is_answered_with_what_to_do(written, said):
    with pytest.raises(OptionError, match="measure: there is none called") as caught:
        measure_named(written)
    assert said in str(caught.value)


def test_other_words_are_answered_with_the_list():
    with pytest.raises(OptionError, match=r"must be one of 'smd', .*Did you mean 'rom'"):
        measure_named("romm")


def test_the_type_of_a_printed_effect_is_answered_too():
    sheet = pd.DataFrame({"study": ["a"], "effect": [0.3], "effect_type": ["beta"], "n": [40]})
    with pytest.raises(DataError, match="A regression coefficient is not a measure"):
        syn.effect_sizes(sheet, "r")
    other = sheet.assign(effect_type="GMD")
    with pytest.raises(DataError, match="Write it as papers do: g, MD, RR"):
        syn.effect_sizes(other, "r")


@pytest.mark.parametrize("measure", ["or", "logit"])
def test_counts_of_a_diagnostic_test_are_answered_with_their_columns(measure):
    table = pd.DataFrame({"study": ["a"], "TP": [20], "FP": [5], "FN": [3], "TN": [40]})
    with pytest.raises(DataError, match="events_t = tp, n_t = tp \\+ fn, events_c = fp") as caught:
        syn.effect_sizes(table, measure)
    assert "pooled as a pair, by a bivariate model" in str(caught.value)
