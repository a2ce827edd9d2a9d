from __future__ import annotations

import pandas as pd
import pytest

from arrowroot.errors import EstimationError, OptionError
from synthesis.diagnostics.small_studies.fail_safe import KINDS, fail_safe_n
from synthesis.pooling.model import meta_analysis


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_metafors(reference, kind):
    assert fail_safe_n(reference.fit(), kind=kind).n == reference.results[f"fsn_{kind}"]["fsnum"]


@pytest.mark.parametrize("kind", ["rosenthal", "rosenberg"])
@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_at_another_level_it_is_metafors(reference, kind, alpha):
    theirs = reference.more[f"fsn_{kind.title()}_{alpha}"]
    assert fail_safe_n(reference.fit(), kind=kind, alpha=alpha).n == theirs


@pytest.mark.parametrize("target", [0.05, -0.05])
def test_orwins_target_takes_the_sign_of_the_mean(reference, target):
    theirs = reference.more["fsn_Orwin_0.05_target"]
    ours = fail_safe_n(reference.fit(), kind="orwin", target=target)
    assert ours.n == theirs
    assert abs(ours.target) == 0.05
    assert ours.notes == ()


def test_orwin_without_a_target_says_that_it_says_nothing(reference):
    ours = fail_safe_n(reference.fit(), kind="orwin")
    assert ours.n == ours.k
    assert "halving always needs as many null studies" in ours.notes[0]


def test_an_insignificant_result_needs_no_study_to_overturn_it():
    table = pd.DataFrame({"study": list("ab"), "yi": [0.1, -0.1], "vi": [1.0, 1.1]})
    fit = meta_analysis(table, ci="wald")
    assert fail_safe_n(fit).n == 0
    assert fail_safe_n(fit, kind="rosenberg").n == 0


def test_it_shows_itself(reference_named):
    ours = fail_safe_n(reference_named("bcg").fit())
    assert str(ours).splitlines()[0] == (
        "Fail-safe N (Rosenthal): Studies 13; Studies of mean result zero that would raise the "
        "one-sided p-value of Stouffer's combined test to 0.05 598"
    )
    assert "above 5k + 10 = 75" in ours.notes[0]
    assert ours.to_frame().loc[0, "n"] == 598


def test_what_is_refused(reference_named):
    fit = reference_named("bcg").fit()
    with pytest.raises(OptionError, match="kind must be one of 'rosenthal', 'orwin', 'rosenberg'"):
        fail_safe_n(fit, kind="Rosenthal")
    with pytest.raises(OptionError, match="target is for kind='orwin'"):
        fail_safe_n(fit, target=0.1)
    with pytest.raises(OptionError, match="target must be a finite effect other than 0"):
        fail_safe_n(fit, kind="orwin", target=0)
    table = pd.DataFrame({"study": list("ab"), "yi": [0.5, -0.5], "vi": [1.0, 1.0]})
    with pytest.raises(EstimationError, match="the mean effect is 0"):
        fail_safe_n(meta_analysis(table), kind="orwin")
