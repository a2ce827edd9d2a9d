"""Rates and Cronbach's alpha turned back: metafor's values, per study and pooled.

Tolerance 1e-8 for closed forms and 1e-6 for REML, whose optimum each program finds by itself.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import synthesis as syn

REFERENCE = Path(__file__).parents[3] / "validation" / "metafor" / "back_transformation_rates"
CASES = [
    (path.stem, code)
    for path in sorted(REFERENCE.glob("*.json"))
    for code in json.loads(path.read_text())["measures"]
]
WAYS = {
    "EE": ({"model": "common"}, 1e-8),
    "REML_z": ({"ci": "wald"}, 1e-6),
    "REML_knha": ({"ci": "hksj"}, 1e-6),
}


def effects(name: str, code: str) -> pd.DataFrame:
    sheet = pd.read_csv(REFERENCE / f"{name}.csv")
    columns = {"x": "events", "t": "person_time", "m": "items"}
    return syn.effect_sizes(sheet.rename(columns=columns), code)


@pytest.mark.parametrize(("name", "code"), CASES)
def test_turned_back(name, code):
    reference = json.loads((REFERENCE / f"{name}.json").read_text())["measures"][code]
    es = effects(name, code)
    np.testing.assert_allclose(es["yi"], reference["yi"], rtol=1e-12)
    np.testing.assert_allclose(es["vi"], reference["vi"], rtol=1e-12)
    for way, (options, tolerance) in WAYS.items():
        fit = syn.meta_analysis(es, **options)
        expected = reference[way]["back"]
        seen = [fit.back(value) for value in (fit.estimate, *fit.ci)]
        told = [expected[part] for part in ("pred", "ci_low", "ci_high")]
        assert seen == pytest.approx(told, rel=tolerance, abs=1e-9)
        if expected["pi_low"] is not None and way == "REML_knha":
            assert fit.back(fit.prediction_interval[1]) == pytest.approx(
                expected["pi_high"], rel=tolerance
            )
    if code in ("IRLN", "IRS", "IRFT", "ABT", "AHW"):
        frame = fit.study_frame()
        np.testing.assert_allclose(frame["effect"], reference["study_back"], rtol=1e-8, atol=1e-12)


def test_the_person_time_of_a_pooled_rate_is_said():
    fit = syn.meta_analysis(effects("rates", "IRFT"))
    note = next(note for note in fit.notes if "double square root" in note)
    assert "person-time = 0.9, the harmonic mean of the times" in note
    assert "Compare measure='log_rate'" in note


def test_without_person_time_it_is_that_of_the_variance():
    es = effects("rates", "IRFT")
    bare = es[["study", "yi", "vi", "measure"]]
    assert syn.meta_analysis(bare).back_n == pytest.approx(syn.meta_analysis(es).back_n)


def test_tables_of_analyses_hold_it():
    es = pd.concat([effects("rates", "IRFT").assign(group=name) for name in "xy"])
    table = syn.meta_analyses(es, by=["group"])
    assert table["back_n"].tolist() == pytest.approx([0.872207120921245] * 2)


def test_a_raw_rate_whose_interval_leaves_its_range_says_so():
    fit = syn.meta_analysis(effects("rates", "IR"), ci="hksj")
    note = next(note for note in fit.notes if "Beyond the range" in note)
    assert "measure='log_rate'" in note
    assert "∞)" in note
