"""Mantel-Haenszel and Peto against metafor, and where sparse counts break down."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from arrowroot.errors import DataError, EstimationError
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.sparse import mantel_haenszel, peto

REFERENCE = Path(__file__).parents[3] / "validation" / "metafor" / "sparse"
TOLERANCE = 1e-10
"""Closed formulas on both sides: only the order of sums differs."""


def fitted(dataset: str, method: str) -> tuple[MetaAnalysis, dict[str, float]]:
    table = pd.read_csv(REFERENCE / f"{dataset}.csv", dtype={"study": "string"})
    fit = peto(table) if method == "peto" else mantel_haenszel(table, measure=method)
    return fit, json.loads((REFERENCE / f"{dataset}.json").read_text("utf-8"))[method]


@pytest.mark.parametrize("dataset", ["bcg", "egger2001", "nielweise2007"])
@pytest.mark.parametrize("method", ["or", "rr", "rd", "peto"])
def test_against_metafor(dataset: str, method: str) -> None:
    fit, theirs = fitted(dataset, method)
    ours = {
        "estimate": fit.estimate,
        "se": fit.std_error,
        "stat": fit.statistic,
        "p": fit.p_value,
        "ci_low": fit.ci[0],
        "ci_high": fit.ci[1],
        "Q": fit.q,
        "Q_p": fit.q_p_value,
        "I2": fit.i2,
        "H2": fit.h2,
        "k": fit.k,
    }
    expected = {name: theirs[name] for name in ours}
    assert ours == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE)


def test_studies_without_events_are_listed() -> None:
    fit, _ = fitted("nielweise2007", "or")
    silent = fit.studies[["events_t", "events_c"]].sum(axis=1) == 0
    assert not silent.any()
    assert fit.k + len(fit.excluded) == 18
    assert (fit.excluded["reason"] == "no events, or events only").all()


def counts(**columns: list[float]) -> pd.DataFrame:
    table = {"study": ["A", "B"], "events_t": [1, 2], "n_t": [10, 10]}
    return pd.DataFrame({**table, "events_c": [2, 3], "n_c": [10, 10], **columns})


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (
            {"events_t": [11, 2]},
            DataError,
            "events_t must not exceed n_t; got 11.0 for study 'A'.",
        ),
        (
            {"events_c": [2, 1.5]},
            DataError,
            "events_c must be a whole number >= 0; got 1.5 for study 'B'.",
        ),
        (
            {"n_c": [0, 10], "events_c": [0, 1]},
            DataError,
            "n_c must be > 0; got 0.0 for study 'A'.",
        ),
        (
            {"events_t": [0, 0], "events_c": [0, 0]},
            DataError,
            "no study left to pool: none has both events and non-events.",
        ),
        (
            {"events_t": [0, 0]},
            EstimationError,
            "one arm has no events, or events only, over all studies together: the ratio is zero "
            "or infinite. Use measure='rd' or peto, or report the counts.",
        ),
    ],
)
def test_messages(change, error, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error) as caught:
        mantel_haenszel(counts(**change), measure="or")
    assert str(caught.value) == message


def test_the_sentence_names_the_method() -> None:
    assert str(mantel_haenszel(counts())).startswith("Mantel-Haenszel")
    assert str(peto(counts())).startswith("Peto")
