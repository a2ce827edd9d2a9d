from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import EstimationError, OptionError
from synthesis.diagnostics.influence import leave_one_out
from synthesis.diagnostics.subsets import gosh
from synthesis.pooling.model import meta_analysis


def test_every_subset_is_metafors(reference_named, close):
    reference = reference_named("normand1999")
    theirs = pd.DataFrame(reference.more["gosh_REML"]).set_index("incl")
    fit = reference.fit()
    every = gosh(fit)
    inside = np.array([every.contains(study) for study in every.studies])
    names = [" ".join(str(place + 1) for place in np.flatnonzero(column)) for column in inside.T]
    ours = every.subsets.set_axis(names).loc[theirs.index]
    assert len(ours) == 2**9 - 1
    assert ours["k"].tolist() == theirs["k"].tolist()
    assert close(ours["estimate"], theirs["estimate"])
    assert close(ours["tau2"], theirs["tau2"])
    assert close(ours["q"], theirs["QE"])
    several = ours["k"] > 1
    assert close(ours.loc[several, "i2"], theirs.loc[several, "I2"])
    assert ours.loc[~several, "i2"].isna().all()


def test_the_subsets_of_all_but_one_study_are_leave_one_out(reference_named):
    fit = reference_named("bcg").fit(ci="hksj")
    every = gosh(fit)
    but_one = every.subsets["k"] == fit.k - 1
    for study, row in leave_one_out(fit).iterrows():
        (there,) = np.flatnonzero(but_one & ~every.contains(study))
        # The same batch arithmetic; the interval, which is not kept, plays no part.
        assert every.subsets.loc[there, "estimate"] == pytest.approx(row["estimate"], rel=1e-12)
        assert every.subsets.loc[there, "tau2"] == pytest.approx(row["tau2"], rel=1e-12)
    assert every.subsets["estimate"].iloc[-1] == pytest.approx(fit.estimate, rel=1e-12)


def test_a_sample_repeats_with_its_seed_and_holds_each_study_half_the_time(reference_named):
    fit = reference_named("hackshaw1998").fit(tau2="dl")
    first, again = (gosh(fit, 4000, seed=7, progress=False) for _ in range(2))
    pd.testing.assert_frame_equal(first.subsets, again.subsets)
    assert first.sampled
    shares = np.array([first.contains(study).mean() for study in first.studies])
    # Standard error sqrt(1/4 / 4000) = 0.008; five of them for 37 studies.
    assert np.abs(shares - 0.5).max() < 0.04
    sizes = sum(first.contains(study).astype(int) for study in first.studies)
    assert sizes.tolist() == first.subsets["k"].tolist()
    assert "4,000 subsets were drawn at random" in first._notes()[0]


def test_no_subset_is_empty():
    table = pd.DataFrame({"study": ["a", "b"], "yi": [0.1, 0.5], "vi": [0.04, 0.09]})
    sample = gosh(meta_analysis(table, tau2="dl"), 2, seed=1)
    assert sample.sampled
    assert sample.subsets["k"].min() >= 1
    assert all(
        gosh(meta_analysis(table, tau2="dl"), 2, seed=seed).subsets["k"].min() >= 1
        for seed in range(20)
    )


def test_memory_is_bounded():
    rng = np.random.default_rng(1)  # synthetic effects: only their number matters here
    table = pd.DataFrame({"study": [f"s{i}" for i in range(25)], "yi": rng.normal(size=25)})
    fit = meta_analysis(table.assign(vi=0.1), model="common")
    tracemalloc.start()
    gosh(fit, 200_000, seed=1, progress=False)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # A fifth of a million subsets within a fifth of 1 GiB.
    assert peak < 2**30 / 5


def test_it_shows_itself(reference_named):
    fit = reference_named("bcg").fit()
    assert str(gosh(fit)).startswith("Effect: subsets of 13 studies: Subsets 8,191, all; ")
    assert gosh(fit, 100_000).to_frame().shape == (8191, 5)


def test_heterogeneity_of_single_studies_is_shown_as_not_estimated():
    table = pd.DataFrame({"study": ["a", "b"], "yi": [0.1, 0.5], "vi": [0.04, 0.09]})
    single = gosh(meta_analysis(table), 1, seed=0)
    assert single.subsets["k"].tolist() == [1]
    assert str(single).splitlines()[0].endswith("I² (%) –")


def test_what_is_refused(reference_named):
    fit = reference_named("bcg").fit()
    with pytest.raises(OptionError, match=r"subsets must be a whole number, 1 or more; got 0\."):
        gosh(fit, 0)
    with pytest.raises(OptionError, match="subsets must be a whole number"):
        gosh(fit, 2.5)
    with pytest.raises(OptionError, match="study must be one of 'Aronson 1948'"):
        gosh(fit, 10, seed=1).contains("Nobody")
    one = meta_analysis(pd.DataFrame({"study": ["a"], "yi": [0.1], "vi": [0.04]}))
    with pytest.raises(EstimationError, match="gosh needs at least 2 studies"):
        gosh(one)
