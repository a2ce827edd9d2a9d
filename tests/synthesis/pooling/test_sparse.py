"""Mantel-Haenszel and Peto against metafor, and where sparse counts break down."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest

import synthesis as syn
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


@pytest.mark.parametrize("dataset", ["bcg", "egger2001", "nielweise2007", "linde2005", "yusuf1985"])
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
        "k_q": fit.q_df + 1,
        "k": fit.k,
    }
    # metafor counts studies without a ratio of their own in k, though they change nothing.
    expected = {name: theirs[name] for name in ours} | {
        "k": theirs["k" if method == "rd" else "k_q"]
    }
    assert ours == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE)


def test_studies_without_events_are_listed() -> None:
    fit, _ = fitted("nielweise2007", "or")
    silent = fit.studies[["events_t", "events_c"]].sum(axis=1) == 0
    assert not silent.any()
    assert fit.k + len(fit.excluded) == 18
    assert (fit.excluded["reason"] == "no events, or events only").all()


def test_a_table_without_any_event_counts_in_a_risk_difference_but_not_in_its_q() -> None:
    fit, theirs = fitted("linde2005", "rd")
    # With 1/2 added to that table, as RevMan does, Q would be 134.17 on 23 degrees of freedom.
    assert (round(fit.q, 2), fit.q_df, fit.k) == (114.94, 22, 24)
    trial = "Osterheider et al. 1992"
    assert trial in set(fit.studies["study"])
    assert any("no part in Q and I²: " + trial in note for note in fit.notes)
    assert fit.weights[trial] > 0
    without = mantel_haenszel(fit.studies[fit.studies["study"] != trial], measure="rd")
    assert without.estimate != fit.estimate
    assert fit.weights.to_numpy() == pytest.approx(theirs["weights"], rel=TOLERANCE)


@pytest.mark.parametrize("method", ["or", "rr", "rd", "peto"])
def test_studies_with_blank_counts_are_listed(method: str) -> None:
    fit, _ = fitted("yusuf1985", method)
    assert (fit.excluded["study"] == "1.8 Snow 1").any()
    listed = fit.excluded.set_index("study")["reason"]
    assert listed["1.8 Snow 1"] == "events_t and n_t and events_c and n_c are blank"
    assert "1.8 Snow 1 (events_t and n_t" in str(fit)
    table = counts(events_t=[1, float("nan")])
    with pytest.raises(DataError, match=r"no study left to pool: A \(events_t is blank\)\.$"):
        mantel_haenszel(table.assign(events_t=float("nan")).head(1))


@pytest.mark.parametrize(("events", "estimate"), [((0, 0), 0.0), ((10, 10), 0.0), ((10, 0), 1.0)])
def test_a_risk_difference_without_error_is_its_value_and_says_so(
    events: tuple[int, int], estimate: float
) -> None:
    table = counts(events_t=[events[0]] * 2, events_c=[events[1]] * 2)
    fit = mantel_haenszel(table, measure="rd")
    assert (fit.estimate, fit.std_error, fit.ci) == (estimate, 0.0, (estimate, estimate))
    assert math.isnan(fit.p_value)
    assert "this is not precision" in str(fit)
    if estimate == 0:
        assert (fit.q, fit.q_df, fit.q_p_value) == (0.0, 0, 1.0)


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
            {"events_c": [2, -1]},
            DataError,
            "events_c must be >= 0; got -1.0 for study 'B'.",
        ),
        (
            {"n_c": [0, 10], "events_c": [0, 1]},
            DataError,
            "n_c must be > 0; got 0.0 for study 'A'.",
        ),
        (
            {"events_t": [0, 0], "events_c": [0, 0]},
            DataError,
            "no study left to pool: A (no events, or events only), B (no events, or events only).",
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


def test_a_divided_control_is_not_called_an_effective_number() -> None:
    """Of the made-up study A 41 controls are divided between two rows; those of B are not whole."""
    table = pd.DataFrame(
        {
            "study": ["A", "A", "B"],
            "comparison": ["x", "y", "z"],
            "events_t": [5.0, 6.0, 7.5],
            "n_t": [40.0, 40.0, 50.0],
            "events_c": [9.0, 9.0, 8.0],
            "n_c": [41.0, 41.0, 50.0],
        }
    )
    split = syn.shared_control(table, rule="split")
    said = [note for note in mantel_haenszel(split, dependent="ignore").notes if "whole" in note]
    assert said == [
        "Numbers of people that are not whole are used as they are, as effective numbers: 'B'."
    ]
