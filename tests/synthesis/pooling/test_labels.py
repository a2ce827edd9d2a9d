"""Labels in pooling: one reading in every model, and a word on those that differ in capitals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError
from synthesis.pooling.combine import combine_p_values
from synthesis.pooling.many import meta_analyses
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.multilevel.three_level import three_level
from synthesis.pooling.regression.meta_regression import meta_regression
from synthesis.pooling.robust.robust import robust
from synthesis.pooling.sparse import mantel_haenszel
from synthesis.pooling.subgroups import subgroup_analysis


def synthetic(**columns: Any) -> pd.DataFrame:
    """Six synthetic studies, for tests only."""
    effects = {"yi": [0.1, 0.3, 0.5, 0.2, 0.9, 0.4], "vi": [0.04, 0.05, 0.02, 0.03, 0.08, 0.05]}
    return pd.DataFrame({"study": list("abcdef"), **effects} | columns)


def test_a_blank_at_the_end_of_a_label_makes_no_group_in_any_function() -> None:
    table = synthetic(g=["x ", "x", "y", "y", "x", "y"])
    assert list(subgroup_analysis(table, "g").groups) == ["x", "y"]
    assert meta_analyses(table, "g").index.tolist() == ["x", "y"]
    assert meta_regression(table, "~ g").coefficients.index.tolist() == ["Intercept", "g[T.y]"]
    assert three_level(table, cluster="g").n_clusters == 2
    assert robust(meta_analysis(table), cluster="g").n_clusters == 2
    assert robust(meta_analysis(table), cluster=table["g"].tolist()).n_clusters == 2


def test_a_study_that_is_spelled_in_two_ways_is_told_to_be_repeated() -> None:
    fit = meta_analysis(synthetic(study=["Müller", "Mu\u0308ller ", "c", "d", "e", "f"]))
    assert fit.studies["study"].tolist()[:2] == ["Müller (1)", "Müller (2)"]
    assert "More than one row is labelled 'Müller'" in fit.notes[0]
    assert robust(fit, cluster="study").n_clusters == 5


def test_numbers_and_their_text_are_the_same_groups() -> None:
    whole = subgroup_analysis(synthetic(g=[1, 1, 2, 2, 1, 2]), "g")
    for mixed in ([1, "1", "2", 2, 1.0, "2 "], [1.0, 1.0, 2.0, 2.0, 1.0, 2.0]):
        other = subgroup_analysis(synthetic(g=mixed), "g")
        assert list(other.groups) == list(whole.groups) == ["1", "2"]
        assert other.q_between == whole.q_between


def test_a_moderator_of_numbers_stays_one_and_leading_zeros_stay() -> None:
    assert meta_regression(synthetic(dose=[1, 2, 3, 4, 5, 6]), "~ dose").design.shape[1] == 2
    wards = subgroup_analysis(synthetic(ward=["007", "7", "7", "007", "007", "7"]), "ward")
    assert list(wards.groups) == ["007", "7"]


def test_groups_keep_the_order_of_the_rows_and_categories_that_of_their_column() -> None:
    typed = pd.CategoricalDtype(["low", " high", "high", "none"])
    levels = pd.Series(["high", "low", " high", "low", "high", "low"]).astype(typed)
    table = synthetic(level=levels)
    assert list(subgroup_analysis(table, "level").groups) == ["high", "low"]
    terms = meta_regression(table, "~ level").coefficients.index.tolist()
    assert terms == ["Intercept", "level[T.high]"], "the first of the column's order is the base"


def test_a_prediction_finds_its_category_however_it_is_spelled() -> None:
    fit = meta_regression(synthetic(g=["x ", "x", "y", "y", "x", "y"]), "~ g")
    expected = fit.predict(pd.DataFrame({"g": ["y"]}))["estimate"]
    assert fit.predict(pd.DataFrame({"g": ["\u00a0y"]}))["estimate"].equals(expected)
    with pytest.raises(DataError, match="g has no category 'Y' among the studies"):
        fit.predict(pd.DataFrame({"g": ["Y"]}))


@pytest.mark.parametrize("blank", ["", " \u00a0", "\u200b", None, np.nan])
def test_no_kind_of_blank_is_a_cluster_or_a_study(blank: object) -> None:
    table = synthetic(g=["a", "a", blank, blank, "b", "b"])
    with pytest.raises(DataError, match=r"g: every effect must name the cluster .* row 3, row 4"):
        three_level(table, cluster="g")
    with pytest.raises(DataError, match=r"it does not in row 3, row 4 of fit\.studies"):
        robust(meta_analysis(table), cluster="g")
    nameless = synthetic(study=["a", blank, "c", "d", "e", "f"])
    with pytest.raises(DataError, match=r"study: every effect must name the study .* in row 2"):
        meta_analysis(nameless)


def test_a_blank_row_below_the_table_is_left_out_and_not_refused() -> None:
    table = pd.concat([synthetic(), pd.DataFrame({"study": [None]})], ignore_index=True)
    fit = meta_analysis(table)
    assert fit.k == 6
    assert fit.excluded.to_numpy().tolist() == [["(row 7)", "yi is blank"]]


@pytest.mark.parametrize(
    "pool",
    [
        lambda table: mantel_haenszel(
            table.assign(events_t=2, n_t=9, events_c=3, n_c=9), measure="rd"
        ),
        lambda table: combine_p_values(table.assign(p=0.2)),
    ],
)
def test_a_study_without_a_name_is_refused_by_other_methods_too(
    pool: Callable[[pd.DataFrame], object],
) -> None:
    with pytest.raises(DataError, match="study: every effect must name the study it belongs to"):
        pool(synthetic(study=["a", " ", "c", "d", "e", "f"]))


def test_labels_that_differ_only_in_capitals_are_named_and_kept_apart() -> None:
    table = synthetic(study=["Vale", "vale", "c", "d", "e", "f"], g=["x", "X", "y", "y", "x", "y"])
    fit = meta_analysis(table)
    advice = "If they are one, spell them the same way."
    assert fit.k == 6
    assert fit.notes == (f"Study labels that differ only in capitals: 'Vale' and 'vale'. {advice}",)
    pair = f"that differ only in capitals: 'x' and 'X'. {advice}"
    assert f"Groups {pair}" in subgroup_analysis(table, "g").notes
    assert meta_analyses(table, "g").attrs["notes"] == [f"Values of g {pair}"]
    assert f"Categories of g {pair}" in meta_regression(table, "~ g").notes
    assert f"Clusters {pair}" in three_level(table, cluster="g").notes
    assert f"Clusters {pair}" in robust(fit, cluster="g").notes


def test_nothing_is_said_of_labels_that_are_clean() -> None:
    table = synthetic(g=["x", "x", "y", "y", "x", "y"])
    assert meta_analysis(table).notes == subgroup_analysis(table, "g", ci="wald").notes == ()
    assert meta_analyses(table, "g").attrs == {}


def test_a_measure_is_known_by_its_label() -> None:
    assert meta_analysis(synthetic(measure=["smd", "smd "] * 3)).measure.name == "smd"
    with pytest.raises(DataError, match=r"different measures \('smd', 'md'\)"):
        meta_analysis(synthetic(measure=["smd", "md"] * 3))


def test_what_names_nothing_is_refused_in_words() -> None:
    with pytest.raises(DataError, match=r"g: every label must be text, a number or a date"):
        subgroup_analysis(synthetic(g=[["x"]] * 6), "g")


@pytest.mark.parametrize("dtype", ["string", "string[python]", "str", "object", "category"])
def test_a_moderator_is_read_alike_in_every_type_of_text(dtype: str) -> None:
    table = pd.DataFrame(
        {
            "study": list("abcdef"),
            "yi": [0.1, 0.3, 0.5, 0.2, 0.9, 0.4],
            "vi": 0.04,
            "design": pd.Series(["rct ", "rct", "cohort", "cohort", "rct\u200b", "cohort"]),
        }
    )
    plain = table.assign(design=[" ".join(one.strip(" \u200b").split()) for one in table["design"]])
    expected = meta_regression(plain, "~ design")
    typed = table.astype({"design": dtype})
    for found in (typed, typed.convert_dtypes()):
        fit = meta_regression(found, "~ design")
        pd.testing.assert_frame_equal(fit.coefficients, expected.coefficients)
        at = pd.DataFrame({"design": ["cohort", "rct"]}).astype({"design": dtype})
        pd.testing.assert_series_equal(
            fit.predict(at)["estimate"], expected.predict(at)["estimate"]
        )
