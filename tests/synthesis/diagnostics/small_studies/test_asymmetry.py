from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from arrowroot.errors import DataError, EstimationError, OptionError
from synthesis.diagnostics.small_studies.asymmetry import egger_test, peters_test
from synthesis.diagnostics.small_studies.pet_peese import pet_peese
from synthesis.pooling.model import meta_analysis

FITS = {
    "REML": {},
    "REML_knha": {"ci": "hksj"},
    "EE": {"model": "common"},
    "DL": {"tau2": "dl"},
}
LIMIT = ("limit_est", "limit_low", "limit_high")


@pytest.fixture
def trials():
    """Twelve made-up two-arm trials with counts; only their arithmetic matters."""
    rng = np.random.default_rng(3)
    n_t, n_c = rng.integers(20, 400, 12), rng.integers(20, 400, 12)
    events_t, events_c = rng.binomial(n_t, 0.3), rng.binomial(n_c, 0.4)
    return pd.DataFrame(
        {
            "study": [f"s{i}" for i in range(12)],
            "yi": np.log(events_t * (n_c - events_c) / (events_c * (n_t - events_t))),
            "vi": 1 / events_t + 1 / (n_t - events_t) + 1 / events_c + 1 / (n_c - events_c),
            "n_t": n_t,
            "n_c": n_c,
            "events_t": events_t,
            "events_c": events_c,
        }
    )


@pytest.mark.parametrize("name", FITS)
@pytest.mark.parametrize("predictor", ["sei", "vi"])
@pytest.mark.parametrize(("model", "theirs"), [("lm", "lm"), ("mixed", "rma")])
def test_eggers_test_is_metafors(reference, close, name, predictor, model, theirs):
    expected = reference.more[f"regtest_{theirs}_{predictor}_{name}"]
    ours = egger_test(reference.fit(**FITS[name]), model=model, predictor=predictor)
    assert close(ours.statistic, expected["stat"])
    assert close(ours.p_value, expected["p"])
    assert ours.df == (None if expected.get("df") in (None, "NA") else expected["df"])
    assert close([ours.limit_estimate, *ours.limit_ci], [expected[part] for part in LIMIT])


@pytest.mark.parametrize(("model", "theirs"), [("lm", "lm"), ("mixed", "rma")])
def test_eggers_test_is_that_of_the_main_reference(reference, close, model, theirs):
    expected = reference.results[f"regtest_{theirs}_sei"]
    ours = egger_test(reference.fit(), model=model)
    assert close([ours.statistic, ours.p_value], [expected["stat"], expected["p"]])
    assert close([ours.limit_estimate, *ours.limit_ci], [expected[part] for part in LIMIT])


@pytest.mark.parametrize("predictor", ["ni", "ninv", "sqrtni", "sqrtninv"])
def test_predictors_of_size_are_weighted_least_squares(trials, predictor):
    n = trials["n_t"] + trials["n_c"]
    x = {"ni": n, "ninv": 1 / n, "sqrtni": np.sqrt(n), "sqrtninv": 1 / np.sqrt(n)}[predictor]
    theirs = sm.WLS(trials["yi"], sm.add_constant(x.to_numpy()), weights=1 / trials["vi"]).fit()
    ours = egger_test(meta_analysis(trials), predictor=predictor)
    # Two least-squares solvers on well-conditioned problems; ours scales the predictor.
    assert ours.statistic == pytest.approx(theirs.tvalues.iloc[1], rel=1e-10)
    assert ours.p_value == pytest.approx(theirs.pvalues.iloc[1], rel=1e-10)
    slope = ours.coefficient(predictor, "estimate"), ours.coefficient(predictor, "std_error")
    assert slope == pytest.approx((theirs.params.iloc[1], theirs.bse.iloc[1]), rel=1e-10)
    if predictor in ("ni", "sqrtni"):
        assert ours.limit_estimate is None
        assert ours.limit_ci is None
        assert "unlimited size" not in str(ours)
    else:
        assert ours.limit_ci == pytest.approx(theirs.conf_int().iloc[0], rel=1e-10)


def test_peters_test_is_weighted_least_squares_with_his_weights(trials):
    n, events = trials["n_t"] + trials["n_c"], trials["events_t"] + trials["events_c"]
    weights = 1 / (1 / events + 1 / (n - events))
    theirs = sm.WLS(trials["yi"], sm.add_constant((1 / n).to_numpy()), weights=weights).fit()
    ours = peters_test(meta_analysis(trials))
    assert ours.statistic == pytest.approx(theirs.tvalues.iloc[1], rel=1e-10)
    assert ours.limit_estimate == pytest.approx(theirs.params.iloc[0], rel=1e-10)
    assert ours.notes == ()


def test_peters_test_without_events_says_how_it_weighs(trials):
    fit = meta_analysis(trials.drop(columns=["events_t", "events_c"]))
    ours = peters_test(fit)
    assert ours.statistic == egger_test(fit, predictor="ninv").statistic
    assert "inverse variance instead of Peters's weights" in ours.notes[0]


def test_the_unit_of_the_effects_does_not_matter(trials):
    small = trials.assign(yi=trials["yi"] * 1e-6, vi=trials["vi"] * 1e-12)
    # The same numbers, multiplied: equal but for rounding.
    assert egger_test(meta_analysis(small)).statistic == pytest.approx(
        egger_test(meta_analysis(trials)).statistic, rel=1e-9
    )


def test_turning_the_effects_round_turns_the_test_round(trials):
    there, back = (egger_test(meta_analysis(trials.assign(yi=s * trials["yi"]))) for s in (1, -1))
    assert there.statistic == pytest.approx(-back.statistic, rel=1e-12)
    assert there.p_value == pytest.approx(back.p_value, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "chosen"), [("hackshaw1998", "pet"), ("egger2001", "pet"), ("curtis1998", "peese")]
)
def test_pet_peese_takes_the_regression_that_pet_points_to(reference_named, close, name, chosen):
    reference = reference_named(name)
    ours = pet_peese(reference.fit())
    predictor = {"pet": "sei", "peese": "vi"}[chosen]
    expected = reference.more[f"regtest_lm_{predictor}_REML"]
    assert ours.chosen == chosen
    assert close([ours.estimate, *ours.ci], [expected[part] for part in LIMIT])
    assert ours.to_frame()["chosen"].tolist() == [chosen == "pet", chosen == "peese"]
    half = (ours.ci[1] - ours.ci[0]) / 2
    assert 1.9 < half / ours.std_error < 2.2  # t quantiles with 14 and 35 degrees of freedom
    assert str(ours).startswith(f"PET-PEESE, {chosen.upper()} chosen: Studies ")


def test_fewer_than_ten_studies_are_tested_with_a_caution(reference_named):
    ours = egger_test(reference_named("normand1999").fit())
    assert "With 9 studies this test means little" in ours.notes[0]
    assert "this test means little" in ours._repr_html_()
    assert egger_test(reference_named("bcg").fit()).notes == ()


def test_it_shows_itself(reference_named):
    assert str(egger_test(reference_named("bcg").fit())) == (
        "Egger's test, weighted regression: Studies 13; Test t = -1.40, df = 11, p = 0.189; "
        "Predictor sei; Effect of a study of unlimited size (95% CI) -0.19 [-0.68, 0.29]"
    )
    frame = egger_test(reference_named("bcg").fit(), model="mixed").to_frame()
    assert frame.loc[0, "limit_ci_low"] == pytest.approx(-1.118, abs=1e-3)  # printed digits


def test_what_is_refused(trials):
    fit = meta_analysis(trials)
    with pytest.raises(OptionError, match="model must be one of 'lm', 'mixed'; got 'rma'"):
        egger_test(fit, model="rma")
    with pytest.raises(OptionError, match="predictor must be one of 'sei'"):
        egger_test(fit, predictor="se")
    with pytest.raises(EstimationError, match="Egger's test needs at least 3 studies"):
        egger_test(meta_analysis(trials.head(2)))
    with pytest.raises(EstimationError, match=r"differ in sei; here it is 0\.3 in all of them"):
        egger_test(meta_analysis(trials.assign(vi=0.09)))
    with pytest.raises(EstimationError, match="all 12 studies lie exactly on a line"):
        egger_test(meta_analysis(trials.assign(yi=0.0), ci="wald"))
    with pytest.raises(DataError, match="predictor='ni' needs the size of each study"):
        egger_test(meta_analysis(trials.drop(columns="n_t")), predictor="ni")
    with pytest.raises(DataError, match="predictor='modified_se' needs the size of each arm"):
        egger_test(meta_analysis(trials.drop(columns="n_t")), predictor="modified_se")
    with pytest.raises(DataError, match=r"n_c must be > 0 for predictor='modified_se'; got 0\.0"):
        egger_test(meta_analysis(trials.assign(n_c=0.0)), predictor="modified_se")
    with pytest.raises(DataError, match=r"no more than the sample size.*study 's3'"):
        many = trials["events_t"].mask(trials["study"].eq("s3"), 9999)
        peters_test(meta_analysis(trials.assign(events_t=many)))
