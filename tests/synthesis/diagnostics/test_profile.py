"""The profile likelihood of tau2, against the result it belongs to and direct algebra."""

from __future__ import annotations

import numpy as np
import pytest

from arrowroot.errors import EstimationError, OptionError
from synthesis import datasets
from synthesis.diagnostics.profile import tau2_profile
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis


def fit(**choices: object) -> MetaAnalysis:
    return meta_analysis(effect_sizes(datasets.load("bcg"), measure="rr"), **choices)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_the_peak_is_the_estimate(method: str) -> None:
    result = fit(tau2=method)
    profile = tau2_profile(result)
    assert profile.peak == pytest.approx(result.tau2, rel=1e-9)  # Newton, to its last step
    assert profile.highest == pytest.approx(result.log_likelihood, rel=1e-12)
    assert (profile.curve["log_likelihood"] <= profile.highest + 1e-12).all()


@pytest.mark.parametrize("method", ["ml", "dl"])
def test_heights_are_the_density_of_the_effects(method: str) -> None:
    """The normal density at the best mean; restricted, over that of the mean itself.

    metafor's constant, half the logarithm of |X'X| = k, goes with the restricted one.
    """
    result = fit(tau2=method)
    at = np.array([0.0, 0.1, 0.5])
    y, v = (result.studies[name].to_numpy() for name in ("yi", "vi"))
    heights = []
    for tau2 in at:
        w = 1 / (v + tau2)
        mean = (w * y).sum() / w.sum()
        height = -0.5 * (np.log(2 * np.pi / w) + w * (y - mean) ** 2).sum()
        restricted = 0.5 * np.log(2 * np.pi * len(y) / w.sum())
        heights.append(height + (method == "dl") * restricted)
    profile = tau2_profile(result, at)
    assert profile.restricted == (method == "dl")
    np.testing.assert_allclose(profile.curve["log_likelihood"], heights, rtol=1e-12)


def test_the_cut_is_half_a_chi_squared_below() -> None:
    profile = tau2_profile(fit())
    assert profile.highest - profile.cut == pytest.approx(3.841458820694124 / 2, rel=1e-12)


@pytest.mark.parametrize("method", ["reml", "ml", "dl"])
def test_the_cut_meets_the_curve_at_the_profile_likelihood_interval(method: str) -> None:
    result = fit(tau2=method, tau2_ci="profile")
    assert result.tau2_ci is not None
    profile = tau2_profile(result, np.array(result.tau2_ci))
    # The limits are roots in tau2, found to about 1e-9.
    np.testing.assert_allclose(profile.curve["log_likelihood"], profile.cut, atol=1e-6)


def test_the_curve_falls_below_the_cut() -> None:
    for level in (0.5, 0.999):
        profile = tau2_profile(fit(level=level))
        assert profile.curve["log_likelihood"].iloc[-1] < profile.cut


def test_refusals() -> None:
    with pytest.raises(
        OptionError, match="random-effects model; this is a meta-analysis with model 'common'"
    ):
        tau2_profile(fit(model="common"))
    alone = meta_analysis(effect_sizes(datasets.load("bcg").head(1), measure="rr"))
    with pytest.raises(EstimationError, match="needs at least 2 studies"):
        tau2_profile(alone)


def test_it_shows_itself_in_a_line() -> None:
    ours = fit()
    assert repr(tau2_profile(ours)) == (
        f"Profile of tau²: highest at {ours.tau2:.3f}; restricted maximum likelihood"
    )
