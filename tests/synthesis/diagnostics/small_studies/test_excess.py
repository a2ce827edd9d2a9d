from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from arrowroot.errors import EstimationError, OptionError
from synthesis.diagnostics.small_studies.excess import excess_significance
from synthesis.pooling.model import meta_analysis


@pytest.mark.parametrize(
    ("test", "theirs"), [("exact", "exact"), ("chi2", "chi2"), ("binomial", "binom")]
)
def test_it_is_metafors(reference, close, test, theirs):
    if f"tes_{theirs}" not in reference.more:  # metafor counts every combination: too many
        assert test == "exact"
        assert len(reference.table) >= 20
        return
    expected = reference.more[f"tes_{theirs}"]
    ours = excess_significance(reference.fit(), test=test)
    assert ours.observed == expected["O"]
    assert close([ours.expected, ours.p_value], [expected["E"], expected["p"]])
    assert close(ours.power, expected["power"])
    if test == "chi2":
        assert close(ours.statistic, expected["X2"])
    else:
        assert ours.statistic is None


def test_it_is_that_of_the_main_reference(reference, close):
    expected = reference.results["tes"]
    ours = excess_significance(reference.fit(), test="chi2" if expected["X2"] else "exact")
    assert close([ours.expected, ours.p_value], [expected["E"], expected["p"]])


def test_under_random_effects_power_is_metafors_integral(reference):
    expected = reference.more["tes_REML"]
    ours = excess_significance(reference.fit(), effect="fit")
    assert ours.observed == expected["O"]
    # metafor integrates over theta ± 5 tau only and loses the mass 2 Φ(-5) = 5.7e-7 beyond.
    assert np.abs(ours.power.to_numpy() - expected["power"]).max() < 6e-7


def test_the_exact_test_counts_every_combination():
    table = pd.DataFrame({"study": list("abc"), "yi": [0.1, 0.9, 0.8], "vi": [0.04, 0.09, 0.16]})
    ours = excess_significance(meta_analysis(table))
    power = ours.power.to_numpy()
    by_hand = sum(
        np.prod(np.where(found, power, 1 - power))
        for found in itertools.product([True, False], repeat=3)
        if sum(found) >= ours.observed
    )
    # The same products, added in another order.
    assert ours.p_value == pytest.approx(by_hand, rel=1e-14)
    assert ours.observed == 2


@pytest.mark.parametrize(("alternative", "observed"), [("greater", 2), ("less", 0)])
def test_one_sided_significance(alternative, observed):
    table = pd.DataFrame({"study": list("abc"), "yi": [0.1, 0.9, 0.8], "vi": [0.04, 0.09, 0.16]})
    fit = meta_analysis(table, model="common")
    ours = excess_significance(fit, alternative=alternative)
    sign = 1 if alternative == "greater" else -1
    power = norm.sf(norm.isf(0.05) - sign * fit.estimate / np.sqrt(table["vi"]))
    assert ours.observed == observed
    # Two implementations of the same normal distribution function.
    assert ours.power.to_numpy() == pytest.approx(power, rel=1e-13)
    assert (ours.p_value == 1) == (observed == 0)


@pytest.mark.parametrize(("test", "p"), [("exact", 1), ("binomial", 1), ("chi2", 0.5)])
def test_where_every_study_is_certain_there_is_no_excess(test, p):
    table = pd.DataFrame({"study": list("abc"), "yi": [9.0, 10, 11], "vi": [1e-4] * 3})
    # The normal approximation puts half its mass at what is expected and above.
    assert excess_significance(meta_analysis(table), test=test).p_value == pytest.approx(p)


def test_it_shows_itself(reference_named):
    ours = excess_significance(reference_named("normand1999").fit())
    assert str(ours).splitlines()[0] == (
        "Test of excess significance: Studies 9; Significant studies 4 observed, 4.58 expected; "
        "Excess p = 0.804 (one-sided, exact); Effect assumed -0.41"
    )
    assert "With 9 studies this test means little" in ours.notes[0]
    assert ours.to_frame().loc[0, "observed"] == 4


def test_what_is_refused(reference_named):
    fit = reference_named("bcg").fit()
    with pytest.raises(OptionError, match="effect must be one of 'common', 'fit'"):
        excess_significance(fit, effect="random")
    with pytest.raises(OptionError, match="test must be one of 'exact', 'chi2', 'binomial'"):
        excess_significance(fit, test="chi")
    with pytest.raises(OptionError, match="alternative must be one of 'two_sided'"):
        excess_significance(fit, alternative="two.sided")
    one = meta_analysis(pd.DataFrame({"study": ["a"], "yi": [0.1], "vi": [0.04]}))
    with pytest.raises(EstimationError, match="excess_significance needs at least 2 studies"):
        excess_significance(one)
