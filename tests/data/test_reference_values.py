"""The reference values are whole, and what can be checked by plain algebra is right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from synthesis import datasets

MODELS = Path(__file__).parents[2] / "validation" / "metafor" / "models"
INDEPENDENT = (
    "bangertdrowns2004",
    "baskerville2012",
    "bcg",
    "curtis1998",
    "egger2001",
    "gibson2002",
    "hackshaw1998",
    "molloy2014",
    "normand1999",
    "raudenbush1985",
)
NOT_CONVERGED = {"DLIT_z", "DLIT_knha", "trimfill_Q0_EE"}
"""metafor itself gives no answer here for some of the sets."""
EXACT = 1e-9
"""The algebra repeats metafor's own sums in another order: only rounding may differ."""


def results(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((MODELS / f"{name}.json").read_text("utf-8"))
    return read


def inputs(name: str) -> pd.DataFrame:
    return pd.read_csv(MODELS / f"{name}.csv", dtype={"study": str})


@pytest.mark.parametrize("name", INDEPENDENT)
def test_nothing_is_empty_or_failed_unawares(name: str) -> None:
    for key, value in results(name).items():
        assert value not in ({}, []), key
        if isinstance(value, dict) and "error" in value:
            assert key in NOT_CONVERGED


@pytest.mark.parametrize("name", INDEPENDENT)
def test_values_by_study_are_as_many_as_the_studies(name: str) -> None:
    k = len(inputs(name))
    by_study = ("leave1out", "influence", "rstudent", "rstandard", "blup", "cumul", "baujat")
    for kind in by_study:
        for column, values in results(name)[f"{kind}_REML"].items():
            assert len(values) == k, (kind, column)


@pytest.mark.parametrize("name", INDEPENDENT)
def test_leaving_a_study_out_gives_the_weighted_mean_of_the_others(name: str) -> None:
    table, left_out = inputs(name), results(name)["leave1out_REML"]
    for row in range(len(table)):
        others = table.drop(index=row)
        weights = 1 / (others["vi"] + left_out["tau2"][row])
        mean = np.average(others["yi"], weights=weights)
        assert mean == pytest.approx(left_out["estimate"][row], abs=EXACT)


@pytest.mark.parametrize("name", ["baskerville2012", "bcg", "raudenbush1985"])
def test_predictions_lie_on_the_regression_line(name: str) -> None:
    found = results(name)
    intercept, slope = found["reg_REML_z"]["estimate"]
    predicted = found["reg_predict_REML_z"]
    moderator = inputs(name)[found["reg_vars"]].dropna()
    assert predicted["at"] == [moderator.min(), moderator.max()]
    line = [intercept + slope * at for at in predicted["at"]]
    assert predicted["pred"] == pytest.approx(line, abs=EXACT)


@pytest.mark.parametrize("name", ["baskerville2012", "bcg", "curtis1998", "raudenbush1985"])
def test_subgroup_means_are_the_intercept_and_its_contrasts(name: str) -> None:
    for test in ("z", "knha"):
        common = results(name)[f"subgroups_REML_common_{test}"]
        first, *rest = common["contrasts"]["estimate"]
        means = [first, *(first + contrast for contrast in rest)]
        # Two fits, each stopped when tau2 moves by less than 1e-10.
        assert common["means"]["estimate"] == pytest.approx(means, abs=1e-8)
        assert common["QM_df"] == len(common["levels"]) - 1


@pytest.mark.parametrize("name", ["bcg", "egger2001"])
def test_mantel_haenszel_and_peto_are_their_sums(name: str) -> None:
    trials, found = datasets.load(name), results("sparse")[name]
    a, n_t, c, n_c = (trials[column] for column in ("events_t", "n_t", "events_c", "n_c"))
    n = n_t + n_c
    odds = np.log((a * (n_c - c) / n).sum() / (c * (n_t - a) / n).sum())
    risk = np.log((a * n_c / n).sum() / (c * n_t / n).sum())
    difference = ((a * n_c - c * n_t) / n).sum() / (n_t * n_c / n).sum()
    expected = (a + c) * n_t / n
    variance = (a + c) * (n - a - c) * n_t * n_c / (n**2 * (n - 1))
    peto = (a - expected).sum() / variance.sum()
    for key, value in {"mh_or": odds, "mh_rr": risk, "mh_rd": difference, "peto": peto}.items():
        assert value == pytest.approx(found[key]["estimate"], abs=EXACT), key
