from __future__ import annotations

import pandas as pd
import pytest

from arrowroot.errors import EstimationError
from synthesis.diagnostics.small_studies.rank import rank_test
from synthesis.pooling.model import meta_analysis


def test_it_is_metafors(reference, close):
    ours, theirs = rank_test(reference.fit()), reference.results["ranktest"]
    assert close([ours.tau, ours.p_value], [theirs["tau"], theirs["p"]])


def test_it_does_not_depend_on_the_model(reference):
    random, common = rank_test(reference.fit()), rank_test(reference.fit(model="common"))
    assert (random.tau, random.p_value) == (common.tau, common.p_value)


def test_ties_make_it_approximate(reference_named):
    assert not rank_test(reference_named("baskerville2012").fit()).exact
    assert rank_test(reference_named("bcg").fit()).exact


def test_by_hand():
    table = pd.DataFrame({"study": list("abcd"), "yi": [0.1, 0.2, 0.4, 0.9], "vi": [1, 2, 3, 4]})
    ours = rank_test(meta_analysis(table))
    # Perfectly ordered: 2 of the 4! orders are as extreme.
    assert (ours.tau, ours.p_value) == pytest.approx((1, 2 / 24), rel=1e-15)
    assert "With 4 studies this test means little" in ours.notes[0]
    first = str(ours).splitlines()[0]
    assert first.endswith("Studies 4; Kendall's tau 1.00, p = 0.083 (exact)")
    assert ours.to_frame().loc[0, "exact"]


def test_what_is_refused():
    table = pd.DataFrame({"study": list("abc"), "yi": [0.1, 0.2, 0.4], "vi": [0.1] * 3})
    with pytest.raises(EstimationError, match="all variances are equal"):
        rank_test(meta_analysis(table))
    with pytest.raises(EstimationError, match="all effects are equal"):
        rank_test(meta_analysis(table.assign(yi=0.0, vi=[1, 2, 3]), ci="wald"))
    with pytest.raises(EstimationError, match="rank_test needs at least 3 studies"):
        rank_test(meta_analysis(table.head(2)))
