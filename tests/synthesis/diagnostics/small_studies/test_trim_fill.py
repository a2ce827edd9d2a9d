from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import EstimationError, OptionError
from synthesis.diagnostics.small_studies.trim_fill import trim_and_fill
from synthesis.pooling.engine.likelihood import log_likelihood
from synthesis.pooling.engine.weighted import intercept
from synthesis.pooling.model import meta_analysis

FITS = {
    "REML": {},
    "REML_knha": {"ci": "hksj"},
    "EE": {"model": "common"},
    "DL": {"tau2": "dl"},
}


@pytest.mark.parametrize("name", FITS)
@pytest.mark.parametrize("estimator", ["l0", "r0", "q0"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_it_is_metafors_on_either_side(reference, close, name, estimator, side):
    theirs = reference.more[f"trimfill_{estimator.upper()}_{side}_{name}"]
    fit = reference.fit(**FITS[name])
    if "error" in theirs:  # metafor stops at the root of a negative number
        with pytest.raises(EstimationError, match="estimator='q0' has no value for these data"):
            trim_and_fill(fit, estimator=estimator, side=side)
        return
    ours = trim_and_fill(fit, estimator=estimator, side=side)
    assert ours.k0 == theirs["k0"]
    if theirs["se_k0"] is None:
        assert ours.k0_std_error is None
    else:
        assert close(ours.k0_std_error, theirs["se_k0"])
    assert ours.k0_p_value == theirs["p_k0"]
    assert close([ours.fit.estimate, ours.fit.tau2], [theirs["estimate"], theirs["tau2"]])
    # metafor 3.8 drops the Knapp-Hartung adjustment when it fits the filled studies.
    if name != "REML_knha" or ours.k0 == 0:
        assert close(ours.fit.ci, [theirs["ci_low"], theirs["ci_high"]])


@pytest.mark.parametrize("estimator", ["l0", "r0", "q0"])
def test_the_side_it_finds_is_metafors(reference, close, estimator):
    theirs = reference.results[f"trimfill_{estimator.upper()}_EE"]
    fit = reference.fit(model="common")
    if "error" in theirs:
        with pytest.raises(EstimationError, match="has no value for these data"):
            trim_and_fill(fit, estimator=estimator)
        return
    ours = trim_and_fill(fit, estimator=estimator)
    assert (ours.k0, ours.side) == (theirs["k0"], theirs["side"])
    assert close(
        [ours.fit.estimate, *ours.fit.ci],
        [theirs[part] for part in ("estimate", "ci_low", "ci_high")],
    )


def test_under_random_effects_it_fits_no_worse_than_metafor(reference):
    theirs = reference.results["trimfill_L0_REML"]
    ours = trim_and_fill(reference.fit())
    assert (ours.k0, ours.side) == (theirs["k0"], theirs["side"])
    # Here metafor fits the filled studies to its default threshold (1e-5 in tau2), so the
    # restricted likelihoods are compared: ours is at least as high but for rounding.
    y, v = (ours.fit.studies[column].to_numpy()[:, None] for column in ("yi", "vi"))
    at_theirs = log_likelihood(theirs["tau2"], y, v, intercept(len(y)), restricted=True)[0]
    assert ours.fit.log_likelihood >= at_theirs - 1e-12 * abs(at_theirs)
    assert ours.fit.estimate == pytest.approx(theirs["estimate"], abs=1e-5)


def test_trimming_by_a_common_effect_and_fitting_random_effects(reference, close):
    ours = trim_and_fill(reference.fit(), trim_model="common")
    theirs = reference.results["trimfill_L0_EE"]
    assert (ours.k0, ours.side) == (theirs["k0"], theirs["side"])
    assert ours.fit.model == "random"
    assert ours.trim_model == "common"
    # The filled studies are those of the common-effect analysis.
    common = meta_analysis(ours.fit.studies, model="common")
    assert close(common.estimate, theirs["estimate"])


def test_the_filled_studies_are_mirror_images_and_marked(reference_named):
    fit = reference_named("baskerville2012").fit()
    ours = trim_and_fill(fit)
    filled = ours.fit.studies[ours.fit.studies["filled"]]
    assert len(filled) == ours.k0 == 7
    sources = filled["study"].str.removesuffix(" (mirrored)")
    twins = fit.studies.set_index("study").loc[sources]
    centres = (filled["yi"].to_numpy() + twins["yi"].to_numpy()) / 2
    assert np.ptp(centres) < 1e-15
    assert filled["vi"].tolist() == twins["vi"].tolist()
    assert filled["hours"].isna().all()  # what a study did not report is not made up
    pd.testing.assert_frame_equal(
        ours.fit.studies.loc[: fit.k - 1, ["study", "yi", "vi"]], fit.studies[["study", "yi", "vi"]]
    )


def test_turning_the_effects_round_turns_the_side_round(reference_named):
    reference = reference_named("hackshaw1998")
    there = trim_and_fill(reference.fit())
    turned = reference.table.assign(yi=-reference.table["yi"])
    back = trim_and_fill(meta_analysis(turned, ci="wald"))
    assert (there.side, back.side) == ("left", "right")
    assert there.fit.estimate == pytest.approx(-back.fit.estimate, rel=1e-12)


def test_a_symmetric_funnel_is_left_alone():
    yi = [-0.4, -0.2, -0.1, 0.1, 0.2, 0.4]
    table = pd.DataFrame({"study": list("abcdef"), "yi": yi, "vi": [0.2, 0.1, 0.05] * 2})
    fit = meta_analysis(table, ci="wald")
    ours = trim_and_fill(fit, side="left")
    assert ours.k0 == 0
    assert ours.fit.estimate == fit.estimate
    assert not ours.fit.studies["filled"].any()
    assert "No study is filled in" in ours.notes[1]


def test_it_shows_itself(reference_named):
    ours = trim_and_fill(reference_named("bcg").fit(model="common"))
    assert str(ours).splitlines()[0] == (
        "Trim and fill, L0, trimmed under a common effect: Studies 13; "
        "Filled in 4 on the right (SE 2.39); Effect as observed -0.43 [-0.51, -0.35]; "
        "Effect with filled studies -0.29 [-0.37, -0.22]"
    )
    assert ours.to_frame()["filled"].tolist() == [0, 4]
    assert any(note.startswith("I² is 92%") for note in ours.notes)
    assert any("mirror images, not evidence" in note for note in ours.notes)


def test_what_is_refused(reference_named):
    fit = reference_named("bcg").fit()
    with pytest.raises(OptionError, match="estimator must be one of 'l0', 'r0', 'q0'; got 'L0'"):
        trim_and_fill(fit, estimator="L0")
    with pytest.raises(OptionError, match="side must be one of 'left', 'right'"):
        trim_and_fill(fit, side="top")
    with pytest.raises(OptionError, match="trim_model must be one of 'random', 'common'"):
        trim_and_fill(fit, trim_model="fixed")
    table = pd.DataFrame({"study": list("abc"), "yi": [0.1, 0.2, 0.4], "vi": [0.1] * 3})
    equal = meta_analysis(table)
    with pytest.raises(EstimationError, match="Name the side: side='left' or side='right'"):
        trim_and_fill(equal)
    assert trim_and_fill(equal, side="left").k0 == 0
    with pytest.raises(EstimationError, match="trim_and_fill needs at least 3 studies"):
        trim_and_fill(meta_analysis(table.head(2)))
