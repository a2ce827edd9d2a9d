from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from arrowroot.errors import EstimationError, OptionError
from synthesis.diagnostics.small_studies.selection import selection_model
from synthesis.diagnostics.small_studies.step_likelihood import StepLikelihood
from synthesis.pooling.model import meta_analysis

STOPS_EARLY = 1e-4
"""By default metafor 3.8 stops where the log-likelihood is within about 1e-8 of its maximum, and so
the estimates within the square root of that."""

CASES = [
    (alternative, steps) for alternative in ("greater", "less") for steps in ((0.025,), (0.05, 0.5))
]


def _theirs(reference, alternative, steps):
    return reference.more[f"selmodel_{alternative}_{'_'.join(map(str, steps))}"]


@pytest.mark.parametrize(("alternative", "steps"), CASES)
def test_it_is_metafors(reference, close, alternative, steps):
    theirs = reference.more[f"selmodel_{alternative}_{'_'.join(map(str, steps))}"]
    if "error" in theirs or max(theirs["delta"]) > 75:
        # An interval without studies: metafor stops, or runs into its bound of 100.
        with pytest.raises(EstimationError, match="no study has its one-sided p-value"):
            selection_model(reference.fit(), steps, alternative=alternative)
        return
    ours = selection_model(reference.fit(), steps, alternative=alternative)
    assert ours.log_likelihood >= theirs["loglik"] - 1e-12 * abs(theirs["loglik"])  # rounding
    assert close([ours.lrt, ours.lrt_p_value], [theirs["LRT"], theirs["LRT_p"]])
    if theirs["optmethod"] == "BFGS":  # which stops early, whatever the threshold
        ours_all = [ours.estimate, ours.std_error, ours.tau2, *ours.delta]
        theirs_all = [theirs["estimate"], theirs["se"], theirs["tau2"], *theirs["delta"]]
        assert ours_all == pytest.approx(theirs_all, abs=STOPS_EARLY)
        return
    assert close(ours.estimate, theirs["estimate"])
    assert close(ours.std_error, theirs["se"])
    assert close(ours.tau2, theirs["tau2"])
    assert close(ours.delta, theirs["delta"])
    if ours.tau2_se is not None:
        assert close(ours.tau2_se, theirs["se_tau2"])


def test_it_is_that_of_the_main_reference(reference):
    theirs = reference.results["selmodel_3PSM"]
    if theirs["delta"][1] > 25:  # an interval without studies: metafor runs into its bound
        with pytest.raises(EstimationError, match="alternative='less'"):
            selection_model(reference.fit())
        return
    ours = selection_model(reference.fit())
    # metafor's test compares two likelihoods that both stop early.
    assert ours.lrt == pytest.approx(theirs["LRT"], abs=5e-4)
    assert ours.estimate == pytest.approx(theirs["estimate"], abs=STOPS_EARLY)
    assert ours.std_error == pytest.approx(theirs["se"], abs=STOPS_EARLY)
    assert ours.delta == pytest.approx(theirs["delta"], abs=STOPS_EARLY)


def test_the_likelihood_is_that_of_a_density_that_integrates_to_one():
    y, v, steps = np.array([0.3, 0.9, -0.2]), np.array([0.04, 0.09, 0.2]), np.array([0.025, 0.5])
    theta = np.array([0.2, 0.05, -0.7, -1.9])
    delta = np.array([1.0, *np.exp(theta[2:])])
    expected = 0.0
    for yi, vi in zip(y, v, strict=True):

        def weighed(x, vi=vi):
            chance = delta[np.searchsorted(steps, norm.sf(x / math.sqrt(vi)))]
            return chance * norm.pdf(x, theta[0], math.sqrt(vi + theta[1]))

        cuts = norm.isf(steps) * math.sqrt(vi)
        mass = sum(
            quad(weighed, low, high)[0]
            for low, high in [(-8, cuts[1]), (cuts[1], cuts[0]), (cuts[0], 8)]
        )
        expected += math.log(weighed(yi) / mass)
    # Numerical integration to about 1e-10; what lies beyond eight is nothing.
    assert StepLikelihood(y, v, steps)(theta)[0] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("place", range(4))
def test_its_derivatives_are_its_slopes(place):
    rng = np.random.default_rng(1)  # synthetic: only the arithmetic matters
    likelihood = StepLikelihood(
        rng.normal(1, 1, 30), rng.uniform(0.2, 2, 30), np.array([0.025, 0.5])
    )
    theta, nudge = np.array([0.3, 0.7, -0.5, 0.4]), np.zeros(4)
    nudge[place] = 1e-6
    above, below = likelihood(theta + nudge), likelihood(theta - nudge)
    here = likelihood(theta)
    # Central differences of step 1e-6 err by about 1e-9.
    assert (above[0] - below[0]) / 2e-6 == pytest.approx(here[1][place], abs=1e-7)
    assert (above[1] - below[1]) / 2e-6 == pytest.approx(here[2][place], abs=1e-7)


def test_turning_the_effects_round_turns_the_direction_round(reference_named):
    reference = reference_named("molloy2014")
    there = selection_model(reference.fit())
    turned = meta_analysis(reference.table.assign(yi=-reference.table["yi"]))
    back = selection_model(turned, alternative=None)
    assert back.alternative == "less"
    assert back.estimate == pytest.approx(-there.estimate, rel=1e-9)
    assert back.delta == pytest.approx(there.delta, rel=1e-9)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_unit_of_the_effects_does_not_matter(reference_named, unit):
    reference = reference_named("hackshaw1998")
    table = reference.table
    other = table.assign(yi=table["yi"] * unit, vi=table["vi"] * unit**2)
    ours, scaled = selection_model(reference.fit()), selection_model(meta_analysis(other))
    # The same problem after scaling, but for the rounding of its numbers.
    assert scaled.estimate / unit == pytest.approx(ours.estimate, rel=1e-8)
    assert scaled.std_error / unit == pytest.approx(ours.std_error, rel=1e-8)
    assert scaled.lrt == pytest.approx(ours.lrt, rel=1e-7)


def test_at_its_maximum_nothing_rises(reference_named):
    reference = reference_named("bangertdrowns2004")
    ours = selection_model(reference.fit(), (0.025, 0.5))
    y, v = reference.table["yi"].to_numpy(), reference.table["vi"].to_numpy()
    theta = np.array([ours.estimate, ours.tau2, *np.log(ours.delta[1:])])
    value, gradient, _ = StepLikelihood(y, v, np.array([0.025, 0.5]))(theta)
    assert value == pytest.approx(ours.log_likelihood, rel=1e-13)
    # Against curvatures of the order of 1 to 10,000, this is the last digit of the estimates.
    assert np.abs(gradient).max() < 1e-8


def test_a_common_effect_keeps_tau2_at_zero(reference_named):
    ours = selection_model(reference_named("bangertdrowns2004").fit(model="common"))
    assert ours.tau2 == 0
    assert ours.tau2_se is None
    assert ours.original.model == "common"


def test_where_tau2_is_zero_it_has_no_standard_error(reference_named):
    ours = selection_model(reference_named("raudenbush1985").fit())
    assert ours.tau2 == 0
    assert ours.tau2_se is None
    assert ours.std_error > 0


def test_it_shows_itself(reference_named):
    ours = selection_model(reference_named("hackshaw1998").fit())
    assert str(ours) == (
        "Step-function selection model, favouring greater effects: Studies 37; "
        "Effect without selection 0.22 [0.12, 0.31]; "
        "Effect allowing for selection 0.19 [0.04, 0.35]; tau² 0.017; "
        "Relative chance of publication 1.00 for 0 < p ≤ 0.025, 0.76 for 0.025 < p ≤ 1; "
        "Test for selection χ² = 0.12, df = 1, p = 0.732"
    )
    assert ours.intervals["studies"].tolist() == [7, 30]
    assert ours.to_frame().loc[0, "k"] == 37


def test_its_cautions(reference_named):
    notes = selection_model(reference_named("curtis1998").fit(), alternative="less").notes
    assert "takes effects with the opposite sign to the pooled one" in notes[0]
    few = reference_named("raudenbush1985").fit()
    notes = selection_model(few).notes
    assert any(
        note.startswith("Only 3 studies have their p-value in 0 < p ≤ 0.025") for note in notes
    )
    assert (
        "means little"
        in selection_model(reference_named("normand1999").fit(), alternative="less").notes[0]
    )


@pytest.mark.parametrize("steps", [(), (0,), (1.0,), (0.5, 0.025), (0.025, 0.025), (2.5,)])
def test_steps_refused(reference_named, steps):
    with pytest.raises(OptionError, match="steps must be rising one-sided p-values"):
        selection_model(reference_named("bcg").fit(), steps)


def test_what_is_refused(reference_named):
    fit = reference_named("bcg").fit()
    with pytest.raises(OptionError, match="alternative must be one of 'greater', 'less'"):
        selection_model(fit, alternative="two_sided")
    with pytest.raises(EstimationError, match="other direction: alternative='less' takes"):
        selection_model(fit)
    with pytest.raises(EstimationError, match="Leave out a step"):
        selection_model(fit, (0.025, 0.9999), alternative="less")
    few = meta_analysis(pd.DataFrame({"study": list("ab"), "yi": [0.1, 0.9], "vi": [0.04] * 2}))
    with pytest.raises(EstimationError, match="selection_model needs at least 3 studies"):
        selection_model(few)
