from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError, OptionError
from synthesis.diagnostics.cumulative import cumulative
from synthesis.pooling.model import meta_analysis

COLUMNS = {"estimate": "estimate", "ci_low": "ci.lb", "ci_high": "ci.ub"}


@pytest.fixture
def fit():
    table = pd.DataFrame(
        {
            "study": list("abcd"),
            "yi": [0.1, 0.5, 0.3, 0.8],
            "vi": [0.04, 0.01, 0.09, 0.04],
            "year": [2001, 1999, 2010, 1999],
            "n_t": [10, 40, 20, 5],
            "n_c": [12, 38, 20, 5],
            "country": ["UK", "US", "DE", "UK"],
            "page": ["12", "9", "100", "9"],
        }
    )
    return meta_analysis(table, ci="wald")


@pytest.mark.parametrize("name", ["REML", "EE", "DL", "REML_knha"])
def test_by_precision_as_metafor(reference, close, name):
    choices = {"REML": {}, "EE": {"model": "common"}, "DL": {"tau2": "dl"}}
    ours = cumulative(reference.fit(**choices.get(name, {"ci": "hksj"})), order="precision")
    theirs = reference.more[f"cumul_{name}"]
    for column, theirs_column in COLUMNS.items():
        assert close(ours[column], theirs[theirs_column]), column
    if name != "EE":
        assert close(ours["tau2"], theirs["tau2"])


def test_in_a_given_order_as_metafor(reference, close):
    fit, theirs = reference.fit(), reference.results["cumul_REML"]
    # metafor 3.8 sorts by the variable it is handed, and the script handed it an order: the
    # studies entered in the order of the values of `order`.
    places = np.argsort(theirs["order"])
    ours = cumulative(fit, order=fit.studies["study"].iloc[places].tolist())
    for column in ("estimate", "ci_low", "ci_high", "tau2"):
        assert close(ours[column], theirs[column]), column


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("date", "bdac"),
        ("precision", "badc"),
        ("size", "bcad"),
        ("country", "cadb"),
        ("page", "bdac"),
        (list("dcba"), "dcba"),
    ],
)
def test_orders(fit, order, expected):
    assert "".join(cumulative(fit, order=order).index) == expected


def test_the_last_row_is_the_fit_and_the_first_its_study(fit):
    ours = cumulative(fit, order="date")
    last = ours.iloc[-1]
    # The studies are added up in another order.
    assert last["estimate"] == pytest.approx(fit.estimate, rel=1e-12)
    assert (last["ci_low"], last["ci_high"]) == pytest.approx(fit.ci, rel=1e-12)
    assert last["tau2"] == pytest.approx(fit.tau2, rel=1e-9)
    assert ours.loc["b", "estimate"] == 0.5
    assert ours["k"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("drop", "order", "message"),
    [
        (["year"], "date", "order='date' needs a column 'date' or 'year'"),
        (["n_c"], "size", r"needs the size of each study.*no 'n_c'"),
        ([], "contry", "order: the table has no column 'contry'.*Did you mean 'country'"),
        ([], ["a", "b", "c"], "every study label of the fit: it lacks 'd'"),
        ([], ["a", "b", "c", "x"], "it lacks 'd', and it has the unknown 'x'"),
        ([], ["a", "a", "b", "c"], "study labels must differ; repeated: 'a'"),
    ],
)
def test_orders_refused(fit, drop, order, message):
    again = meta_analysis(fit.studies.drop(columns=drop), ci="wald")
    with pytest.raises(DataError, match=message):
        cumulative(again, order=order)


def test_a_blank_date_is_refused_by_study(fit):
    table = fit.studies.assign(year=[2001, None, 2010, 1999])
    with pytest.raises(DataError, match="column 'year' is blank for 'b'"):
        cumulative(meta_analysis(table), order="date")


def test_a_size_of_nothing_is_refused_by_study(fit):
    table = fit.studies.assign(n=[10, 0, 5, 5])
    with pytest.raises(DataError, match=r"n must be > 0 for order='size'; got 0.0 for study 'b'"):
        cumulative(meta_analysis(table), order="size")


def test_an_order_that_is_neither_name_nor_list_is_refused() -> None:
    table = pd.DataFrame({"study": ["A", "B"], "yi": [0.1, 0.3], "vi": [0.04, 0.05]})
    with pytest.raises(OptionError, match=r"order must be 'date', .* got None"):
        cumulative(meta_analysis(table), order=None)  # type: ignore[arg-type]
