from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import EstimationError
from synthesis.diagnostics.influence import (
    baujat,
    blup,
    influence,
    influence_limits,
    leave_one_out,
)
from synthesis.pooling.model import meta_analysis

METAFOR = {
    "rstudent": "rstudent",
    "dffits": "dffits",
    "cooks_distance": "cook.d",
    "cov_ratio": "cov.r",
    "tau2_deleted": "tau2.del",
    "q_deleted": "QE.del",
    "hat": "hat",
    "weight": "weight",
    "dfbeta": "dfbs",
}
"""Our columns of `influence`, and metafor's."""

FITS = {
    "REML": {},
    "REML_knha": {"ci": "hksj"},
    "EE": {"model": "common"},
    "DL": {"tau2": "dl"},
}
"""The fits of validation/metafor/diagnostics.R as choices of ours (Wald intervals if unnamed)."""

every_fit = pytest.mark.parametrize("name", FITS)


@every_fit
def test_leave_one_out_is_metafors(reference, close, name):
    theirs = reference.more[f"leave1out_{name}"]
    ours = leave_one_out(reference.fit(**FITS[name]))
    pairs = {
        "estimate": "estimate",
        "std_error": "se",
        "p_value": "pval",
        "ci_low": "ci.lb",
        "ci_high": "ci.ub",
        "q": "Q",
        "q_p_value": "Qp",
    }
    if name != "EE":
        pairs |= {"tau2": "tau2", "i2": "I2"}
    for column, theirs_column in pairs.items():
        assert close(ours[column], theirs[theirs_column]), column


def test_leave_one_out_is_that_of_the_main_reference(reference, close):
    theirs, ours = reference.results["leave1out_REML"], leave_one_out(reference.fit())
    pairs = {"estimate": "estimate", "std_error": "se", "p_value": "p", "q": "Q", "tau2": "tau2"}
    for column, theirs_column in pairs.items():
        assert close(ours[column], theirs[theirs_column]), column


@every_fit
def test_influence_is_metafors(reference, close, name):
    theirs = reference.more[f"influence_{name}"]
    ours = influence(reference.fit(**FITS[name]))
    for column, theirs_column in METAFOR.items():
        assert close(ours[column], theirs[theirs_column]), column
    assert ours["influential"].tolist() == theirs["influential"]


def test_limits_are_those_of_the_reference(reference):
    """By hand: metafor's rules with R's qnorm(0.975) and qchisq(0.5, df = 1)."""
    fit = reference.fit()
    limits = influence_limits(fit)
    assert limits.loc["rstudent", "high"] == pytest.approx(1.959963984540054, rel=1e-14)
    assert limits.loc["cooks_distance", "high"] == pytest.approx(0.454936423119572, rel=1e-14)
    assert limits.loc["dffits", "low"] == pytest.approx(-3 * (fit.k - 1) ** -0.5, rel=1e-14)
    assert limits.loc["hat"].dropna().tolist() == [1 / fit.k, 3 / fit.k]
    assert limits.loc[["tau2_deleted", "q_deleted"], "neutral"].tolist() == [fit.tau2, fit.q]


def test_residuals_are_metafors(reference, close):
    ours = influence(reference.fit())
    assert close(ours["rstudent"], reference.results["rstudent_REML"]["z"])
    assert close(ours["rstandard"], reference.results["rstandard_REML"]["z"])


@every_fit
def test_baujat_is_metafors(reference, close, name):
    theirs = reference.more[f"baujat_{name}"]
    ours = baujat(reference.fit(**FITS[name]))
    assert close(ours["heterogeneity"], theirs["heterogeneity"])
    assert close(ours["influence"], theirs["influence"])


@pytest.mark.parametrize("name", ["REML", "REML_knha", "DL"])
def test_blup_is_metafors(reference, close, name):
    theirs = reference.more[f"blup_{name}"]
    ours = blup(reference.fit(**FITS[name]))
    assert close(ours["estimate"], theirs["pred"])
    assert close(ours["std_error"], theirs["se"])
    assert close(ours["pi_low"], theirs["pi_low"])
    assert close(ours["pi_high"], theirs["pi_high"])


def test_a_row_of_leave_one_out_is_the_analysis_without_that_study(reference_named):
    reference = reference_named("bcg")
    fit = reference.fit(ci="hksj")
    ours = leave_one_out(fit)
    for study in fit.studies["study"]:
        without = reference.table[reference.table["study"] != study]
        expected = meta_analysis(without, ci="hksj").to_frame().iloc[0]
        # Both come from the same arithmetic on the same numbers; only the batch differs.
        for column in ours.columns:
            assert ours.loc[study, column] == pytest.approx(expected[column], rel=1e-12)


def test_baujat_of_a_common_effect_sums_to_q(reference):
    fit = reference.fit(model="common")
    # The same terms, added in another order.
    assert baujat(fit)["heterogeneity"].sum() == pytest.approx(fit.q, rel=1e-12)


def test_studies_shrink_to_the_pooled_effect_without_heterogeneity():
    table = pd.DataFrame({"study": list("abc"), "yi": [0.19, 0.2, 0.21], "vi": [0.1, 0.2, 0.3]})
    fit = meta_analysis(table, ci="wald")
    assert fit.tau2 == 0
    assert blup(fit)["estimate"].tolist() == [fit.estimate] * 3
    assert blup(fit)["std_error"].tolist() == [fit.std_error] * 3


def test_the_residual_of_one_huge_study_keeps_its_digits():
    table = pd.DataFrame({"study": list("abc"), "yi": [0.0, 1.0, 2.0], "vi": [1e-12, 1.0, 1.0]})
    fit = meta_analysis(table, model="common")
    # By hand: y - mu = -3e-12 / (1 + 2e-12), its variance 1e-12 * 2 / (1e12 + 2).
    assert influence(fit).loc["a", "rstandard"] == pytest.approx(-3 / np.sqrt(2), rel=1e-3)


def test_two_studies_are_enough_and_leave_one():
    table = pd.DataFrame({"study": ["a", "b"], "yi": [0.1, 0.5], "vi": [0.04, 0.09]})
    fit = meta_analysis(table, ci="wald")
    ours = leave_one_out(fit)
    assert ours["estimate"].tolist() == pytest.approx([0.5, 0.1], rel=1e-15)
    assert ours["k"].tolist() == [1, 1]
    assert influence(fit)["tau2_deleted"].tolist() == [0, 0]


def test_identical_effects_move_nothing():
    table = pd.DataFrame({"study": list("abc"), "yi": [0.2] * 3, "vi": [0.1, 0.2, 0.3]})
    ours = influence(meta_analysis(table, ci="wald"))
    assert ours["dffits"].abs().max() < 1e-15
    assert not ours["influential"].any()


@pytest.mark.parametrize("diagnostic", [leave_one_out, influence, influence_limits, baujat])
def test_one_study_is_refused(diagnostic):
    fit = meta_analysis(pd.DataFrame({"study": ["a"], "yi": [0.1], "vi": [0.04]}))
    with pytest.raises(
        EstimationError, match="needs at least 2 studies; this analysis has 1 study"
    ):
        diagnostic(fit)
