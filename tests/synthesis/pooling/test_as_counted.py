"""Pools of two-by-two tables say what they do not use. Synthetic tables."""

from __future__ import annotations

import pandas as pd
import pytest

import synthesis as syn

TABLE = pd.DataFrame(
    {
        "study": ["a", "b"],
        "events_t": [10, 20],
        "n_t": 100,
        "events_c": [20, 25],
        "n_c": 100,
        "icc": [0.05, None],
        "cluster_size": [20, None],
        "direction": "lower",
    }
)
POOLS = {
    "mantel_haenszel": lambda table: syn.mantel_haenszel(table, measure="or"),
    "peto": syn.peto,
}


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("computed", [False, True])
def test_clusters_and_directions_are_said_not_to_be_used(pool, computed):
    table = syn.effect_sizes(TABLE, "or") if computed else TABLE
    fit = POOLS[pool](table)
    assert fit.estimate < 0  # fewer events under treatment, as counted
    assert any(note.startswith("Clusters ignored") and ": a. " in note for note in fit.notes)
    assert any(note.startswith("direction is not used") for note in fit.notes)
    said = syn.alt_text(fit)
    assert "Clusters ignored: standard error too small (a)" in said
    assert "reversed" not in said
    assert "increased" not in said
    assert "flipped" not in fit.studies


def test_a_table_without_clusters_needs_no_word():
    plain = TABLE[["study", "events_t", "n_t", "events_c", "n_c"]]
    fit = syn.mantel_haenszel(plain)
    assert fit.notes == ()
    assert "receipt" not in fit.studies


def test_arms_combined_and_controls_divided_are_footnotes():
    sheet = pd.DataFrame(
        {
            "study": ["a", "a", "b"],
            "comparison": ["x", "y", "z"],
            "events_t": [4, 6, 3],
            "n_t": [20, 20, 30],
            "events_c": [5, 5, 5],
            "n_c": [20, 20, 30],
        }
    )
    combined = syn.alt_text(syn.mantel_haenszel(syn.shared_control(sheet)))
    assert "Arms combined: x" in combined
    divided = syn.alt_text(syn.mantel_haenszel(syn.shared_control(sheet, rule="split")))
    assert "Control group divided among 2 rows" in divided


def test_advice_for_dependent_rows_can_be_followed():
    twice = pd.concat([TABLE.assign(outcome="x"), TABLE.assign(outcome="y", events_t=[9, 18])])
    fit = syn.mantel_haenszel(twice, dependent="ignore")
    (said,) = (note for note in fit.notes if "as if they were independent" in note)
    assert "robust" not in said
    assert "three_level, with effects from effect_sizes" in said
