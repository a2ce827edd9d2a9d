"""Subgroups: one meta-analysis a group, and the test between them."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError, EstimationError
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.regression.meta_regression import meta_regression
from synthesis.pooling.subgroups import subgroup_analysis


def synthetic(seed: int = 8) -> pd.DataFrame:
    """Synthetic studies in three groups, for tests only."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "study": [f"S{row}" for row in range(12)],
            "team": ["single", "single", "team", "team"] * 2 + ["single", "team", "mixed", "mixed"],
            "yi": rng.normal(0.2, 0.4, 12),
            "vi": rng.uniform(0.02, 0.1, 12),
        }
    )


def test_each_group_is_its_own_meta_analysis() -> None:
    table = synthetic()
    result = subgroup_analysis(table, by="team")
    assert list(result.groups) == ["single", "team", "mixed"]
    alone = meta_analysis(table[table["team"] == "team"])
    assert result.groups["team"].to_frame().equals(alone.to_frame())
    assert result.overall.k == 12
    assert result.df == 2


def test_a_common_tau2_equals_the_regression_on_the_groups() -> None:
    table = synthetic()
    result = subgroup_analysis(table, by="team", common_tau2=True, ci="wald")
    regression = meta_regression(table, "~ team", ci="wald")
    assert result.common_tau2 == pytest.approx(regression.tau2, abs=1e-12)
    assert result.q_between == pytest.approx(regression.q_m, abs=1e-9)
    assert result.p_value == pytest.approx(regression.q_m_p_value, abs=1e-9)
    cells = meta_regression(table, "~ 0 + team", ci="wald").coefficients
    for name, fit in result.groups.items():
        assert fit.estimate == pytest.approx(cells.loc[f"team[{name}]", "estimate"], abs=1e-10)
        assert fit.tau2 == result.common_tau2


def test_a_group_of_one_is_the_study_itself() -> None:
    table = synthetic().assign(team=["only"] + ["rest"] * 11)
    result = subgroup_analysis(table, by="team")
    assert result.groups["only"].estimate == table["yi"].iloc[0]
    assert result.notes == ("Only one study in 'only': that group is the study itself.",)


def test_a_blank_group_is_listed() -> None:
    table = synthetic()
    table.loc[4, "team"] = " "
    result = subgroup_analysis(table, by="team")
    assert result.excluded.to_dict("list") == {"study": ["S4"], "reason": ["team is blank"]}


def test_display_and_frame_agree() -> None:
    result = subgroup_analysis(synthetic(), by="team")
    frame = result.to_frame()
    assert frame.index.tolist() == ["single", "team", "mixed"]
    assert f"Q = {result.q_between:.2f}" in str(result)
    page = result._repr_html_()
    assert all(f"{estimate:.2f}" in page for estimate in frame["estimate"])


def test_messages() -> None:
    with pytest.raises(DataError) as caught:
        subgroup_analysis(synthetic().assign(team="all"), by="team")
    assert str(caught.value) == "by: 'team' has only one group, 'all'; there is nothing to compare."
    singles = synthetic().assign(team=[f"T{row}" for row in range(12)])
    with pytest.raises(EstimationError, match="every group has a single study"):
        subgroup_analysis(singles, by="team", common_tau2=True)


def test_groups_that_differ_in_capitals_only_are_named() -> None:
    synthetic = pd.DataFrame(
        {
            "study": list("abcdef"),
            "yi": [0.1, 0.4, 0.2, 0.6, 0.3, 0.5],
            "vi": [0.02] * 6,
            "country": ["DE", "DE", "de", "de ", "AT", "AT"],
        }
    )
    result = subgroup_analysis(synthetic, by="country", ci="wald")
    assert list(result.groups) == ["DE", "de", "AT"]
    assert result.notes == (
        "Groups that differ only in capitals: 'DE' and 'de'. If they are one, spell them the same "
        "way.",
    )


def test_subgroups_can_be_copied_and_pickled_and_their_mapping_is_a_copy() -> None:
    table = pd.DataFrame(
        {"study": list("abcd"), "yi": [0.1, 0.3, 0.5, 0.2], "vi": 0.04, "group": list("xxyy")}
    )
    result = subgroup_analysis(table, "group")
    for other in (copy.deepcopy(result), pickle.loads(pickle.dumps(result))):
        assert other.groups["y"].estimate == result.groups["y"].estimate
    dict(result.groups).clear()
    result.groups.clear()  # type: ignore[attr-defined]
    assert list(result.groups) == ["x", "y"]
