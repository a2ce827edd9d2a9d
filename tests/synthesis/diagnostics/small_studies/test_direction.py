"""A rule that is called one-sided tests in the direction of the pooled effect."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import EstimationError
from synthesis.diagnostics.small_studies.excess import excess_significance
from synthesis.diagnostics.small_studies.fail_safe import fail_safe_n
from synthesis.diagnostics.small_studies.pet_peese import pet_peese
from synthesis.diagnostics.small_studies.selection import selection_model
from synthesis.diagnostics.small_studies.trim_fill import trim_and_fill
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis


def pooled(yi: list[float], se: list[float], sign: int = 1) -> MetaAnalysis:
    study = [f"s{i}" for i in range(len(yi))]
    vi = np.square(se)
    return meta_analysis(
        pd.DataFrame({"study": study, "yi": sign * np.array(yi), "vi": vi}), ci="wald"
    )


SE = [0.08, 0.14, 0.18, 0.22, 0.26, 0.3, 0.34, 0.4]
SMALL_ARE_LARGE = [-0.05, 0.12, 0.2, 0.41, 0.45, 0.55, 0.78, 0.85]
"""Synthetic: effects that grow with their error, so that PET's limit effect is below zero."""


@pytest.mark.parametrize("sign", [1, -1])
def test_pet_on_the_other_side_of_no_effect_stays_pet(sign: int) -> None:
    fit = pooled(SMALL_ARE_LARGE, SE, sign)
    ours = pet_peese(fit)
    assert sign * fit.estimate == pytest.approx(0.29, abs=0.005)
    assert sign * ours.pet.limit_estimate < 0
    two_sided = ours.pet.coefficient("intercept", "p_value")
    assert two_sided < 0.001
    assert ours.pet_p_value == pytest.approx(1 - two_sided / 2, rel=1e-12)
    assert (ours.chosen, ours.estimate) == ("pet", ours.pet.limit_estimate)
    assert "other side of no effect" in str(ours)


@pytest.mark.parametrize("sign", [1, -1])
def test_pet_on_the_side_of_the_pooled_effect_leads_to_peese(sign: int) -> None:
    # Synthetic: 0.5 whatever the error, but for small deviations.
    ours = pet_peese(pooled([0.52, 0.48, 0.51, 0.47, 0.53, 0.5, 0.49, 0.54], SE, sign))
    two_sided = ours.pet.coefficient("intercept", "p_value")
    assert ours.pet_p_value == pytest.approx(two_sided / 2, rel=1e-12)
    assert ours.chosen == "peese"
    assert not any("other side" in note for note in ours.notes)


def test_pet_is_tested_at_half_of_alpha() -> None:
    ours = pet_peese(pooled([0.6, 0.2, 0.7, 0.1, 0.9, 0.2, 0.8, 0.3], SE))
    two_sided = ours.pet.coefficient("intercept", "p_value")
    fit = pooled([0.6, 0.2, 0.7, 0.1, 0.9, 0.2, 0.8, 0.3], SE)
    assert pet_peese(fit, alpha=two_sided * 0.99).chosen == "pet"
    assert pet_peese(fit, alpha=two_sided * 1.01).chosen == "peese"


@pytest.mark.parametrize("sign", [1, -1])
def test_selection_favours_the_direction_of_the_pooled_effect(sign: int) -> None:
    effects = [0.3, 0.1, 0.5, 0.6, 0.2, 0.75, 0.1, 0.9]
    ours = selection_model(pooled(effects, SE, sign), alternative=None)
    named = selection_model(pooled(effects, SE), alternative="greater")
    assert ours.alternative == ("greater" if sign > 0 else "less")
    assert sign * ours.estimate == pytest.approx(named.estimate, rel=1e-9)
    assert not any("opposite sign" in note for note in ours.notes)
    if sign < 0:  # by default high effects are favoured, as in metafor: none of these is high
        with pytest.raises(EstimationError, match="alternative='less' takes"):
            selection_model(pooled(effects, SE, sign))


@pytest.mark.parametrize("sign", [1, -1])
def test_excess_significance_one_sided_in_the_pooled_direction(sign: int) -> None:
    fit = pooled(SMALL_ARE_LARGE, SE, sign)
    side, other = ("greater", "less") if sign > 0 else ("less", "greater")
    ours = excess_significance(fit, alternative=None)
    assert ours.p_value == excess_significance(fit, alternative=side).p_value
    assert not any("opposite sign" in note for note in ours.notes)
    against = excess_significance(fit, alternative=other)
    assert any("opposite sign" in note for note in against.notes)
    assert against.observed == 0


@pytest.mark.parametrize("sign", [1, -1])
def test_a_combined_test_that_points_the_other_way_is_remarked(sign: int) -> None:
    # Synthetic: one precise study below zero decides Stouffer's sum; random effects lie above.
    fit = pooled([-0.2, 0.9, 0.8, 0.7], [0.02, 0.9, 0.9, 0.9], sign)
    weights = fit.studies["yi"] / np.sqrt(fit.studies["vi"])
    assert sign * weights.sum() < 0 < sign * fit.estimate
    ours = fail_safe_n(fit)
    assert ours.n > 0  # as metafor has it: the size of the combined test, whatever its sign
    assert "point in opposite directions" in str(ours)
    assert "point in opposite directions" in str(fail_safe_n(fit, kind="rosenberg"))


@pytest.mark.parametrize("sign", [1, -1])
def test_studies_filled_in_on_the_side_of_the_pooled_effect_are_remarked(sign: int) -> None:
    fit = pooled(SMALL_ARE_LARGE, SE, sign)
    left, right = (trim_and_fill(fit, side=side) for side in ("left", "right"))
    expected, other = (left, right) if sign > 0 else (right, left)
    assert trim_and_fill(fit).side == expected.side
    assert expected.k0 > 0
    assert not any("away from no effect" in note for note in expected.notes)
    turned = trim_and_fill(pooled([0.9, 0.7, 0.6, 0.5, 0.4, 0.3, 0.1, 0.05], SE, sign))
    assert turned.side == other.side
    assert turned.k0 > 0
    assert any("away from no effect" in note for note in turned.notes)
    assert abs(turned.fit.estimate) > abs(turned.original.estimate)


def test_a_pooled_effect_of_zero_has_no_direction() -> None:
    fit = pooled([0.5, -0.5, 0.25, -0.25], [0.2, 0.2, 0.3, 0.3])
    assert fit.estimate == 0
    with pytest.raises(EstimationError, match="has no direction"):
        selection_model(fit, alternative=None)
    with pytest.raises(EstimationError, match="has no direction"):
        excess_significance(fit, alternative=None)
    ours = pet_peese(fit, alpha=0.9999)
    assert (ours.chosen, np.isnan(ours.pet_p_value)) == ("pet", True)
    assert "PET stays" in ours.notes[-1]
