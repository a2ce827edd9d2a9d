"""p-value functions, against the tests of analyses of shifted effects."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from synthesis import datasets
from synthesis.diagnostics.p_value_functions import p_value_functions
from synthesis.pooling.model import meta_analysis


@pytest.mark.parametrize("ci", ["hksj", "hksj_modified", "wald", "wald_t", "profile"])
def test_the_p_value_of_an_effect_is_that_of_no_effect_once_it_is_taken_away(ci: str) -> None:
    table = datasets.load("baskerville2012")
    fit = meta_analysis(table, measure="smd", ci=ci)
    at = np.array([-0.1, 0.4, 0.56, 0.8])
    tested = p_value_functions(fit, at).pooled
    for effect, p in zip(at, tested, strict=True):
        moved = meta_analysis(table.assign(yi=table["yi"] - effect), measure="smd", ci=ci)
        # tau2 is found anew from the shifted effects, to about 1e-12.
        assert p == pytest.approx(moved.p_value, rel=1e-8)


@pytest.mark.parametrize("prediction", ["as_interval", "cochrane", "higgins", "normal"])
def test_curves_reach_one_minus_level_at_the_limits(prediction: str) -> None:
    fit = meta_analysis(
        datasets.load("baskerville2012"), measure="smd", level=0.9, prediction=prediction
    )
    assert fit.prediction_interval is not None
    at = np.array([*fit.ci, *fit.prediction_interval])
    curves = p_value_functions(fit, at)
    assert curves.prediction is not None
    np.testing.assert_allclose(curves.pooled[:2], 0.1, rtol=1e-10)  # there and back by quantiles
    np.testing.assert_allclose(curves.prediction[2:], 0.1, rtol=1e-10)


def test_profile_limits_too() -> None:
    fit = meta_analysis(datasets.load("baskerville2012"), measure="smd", ci="profile")
    limits = p_value_functions(fit, np.array(fit.ci)).pooled
    np.testing.assert_allclose(limits, 0.05, rtol=1e-6)  # limits are roots, found to 1e-8 or so


def test_studies_are_tested_by_their_own_standard_errors() -> None:
    table = pd.DataFrame({"study": ["A", "B"], "yi": [0.2, 0.6], "vi": [0.04, 0.01]})
    curves = p_value_functions(meta_analysis(table), np.array([0.0, 0.6]))
    by_hand = [[math.erfc(1 / math.sqrt(2)), math.erfc(6 / math.sqrt(2))]]
    by_hand.append([math.erfc(2 / math.sqrt(2)), 1.0])
    np.testing.assert_allclose(curves.studies, by_hand, rtol=1e-12)
    assert list(curves.studies) == ["A", "B"]


def test_without_a_prediction_there_is_none() -> None:
    fit = meta_analysis(datasets.load("baskerville2012"), measure="smd", model="common")
    assert p_value_functions(fit).prediction is None


def test_it_shows_itself_in_a_line() -> None:
    fit = meta_analysis(datasets.load("baskerville2012"), measure="smd")
    assert repr(p_value_functions(fit)) == (
        "p-value functions of 23 studies and the pooled effect: 401 effects tested"
    )
