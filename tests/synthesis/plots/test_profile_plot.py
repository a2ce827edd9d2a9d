"""Profile plots, read from what they draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes

from arrowroot.errors import OptionError
from synthesis import datasets
from synthesis.diagnostics.profile import tau2_profile
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.profile import profile_plot
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis


def line(ax: Axes, name: str) -> np.ndarray:
    (found,) = (one for one in ax.lines if one.get_gid() == name)
    return np.array([found.get_xdata(), found.get_ydata()], dtype=float)


def test_lines_are_the_profile(bcg: MetaAnalysis) -> None:
    ax, profile = profile_plot(bcg), tau2_profile(bcg)
    expected = profile.curve[["tau2", "log_likelihood"]].to_numpy().T
    np.testing.assert_array_equal(line(ax, "likelihood"), expected)
    assert line(ax, "tau2")[0, 0] == bcg.tau2
    assert line(ax, "cut")[1, 0] == profile.cut


def test_the_band_is_the_results_own_interval(bcg: MetaAnalysis) -> None:
    (band,) = (patch for patch in profile_plot(bcg).patches if patch.get_gid() == "interval")
    box = band.get_path().get_extents(band.get_patch_transform())
    assert bcg.tau2_ci is not None
    assert (box.x0, box.x1) == pytest.approx(bcg.tau2_ci)  # a corner and a width, added


def test_an_estimator_of_another_kind_is_pointed_out(tidy: Callable[[Axes], None]) -> None:
    effects = effect_sizes(datasets.load("normand1999"), measure="smd")
    fit = meta_analysis(effects, tau2="dl")
    ax = profile_plot(fit, title="Specialist stroke care")
    tidy(ax)
    peak = f"{tau2_profile(fit).peak:.3f}"
    note = f"tau² is the DerSimonian-Laird estimate; the likelihood is highest at {peak}."
    assert note in " ".join(text.get_text() for text in ax.texts)
    assert isinstance(ax, Sheet)
    assert f"tau² is {fit.tau2:.3f}" in ax.description


def test_no_variance_and_few_studies(
    synthetic: Callable[..., MetaAnalysis], tidy: Callable[[Axes], None]
) -> None:
    for k in (2, 3, 250):
        tidy(profile_plot(synthetic(k)))
    alike = meta_analysis(datasets.load("baskerville2012").assign(yi=0.5), ci="wald")
    assert alike.tau2 == 0
    tidy(profile_plot(alike))


def test_a_common_effect_has_no_profile(bcg: MetaAnalysis) -> None:
    with pytest.raises(OptionError, match="needs a random-effects model"):
        profile_plot(meta_analysis(bcg.studies, measure="rr", model="common"))
