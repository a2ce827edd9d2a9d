"""The data sets are the inputs that R's metafor was given for the reference values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from synthesis import datasets

REFERENCE = Path(__file__).parents[2] / "validation" / "metafor"
EXACT = 1e-12
"""R writes 15 significant digits, so that values up to a few units agree to about 1e-15."""


def inputs(folder: str, name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / folder / f"{name}.csv", keep_default_na=False, na_values=[""])


@pytest.mark.parametrize(
    "name",
    [
        "assink2016",
        "bangertdrowns2004",
        "baskerville2012",
        "hackshaw1998",
        "konstantopoulos2011",
        "raudenbush1985",
    ],
)
def test_given_effects_are_the_reference_inputs(name: str) -> None:
    ours, reference = datasets.load(name), inputs("models", name)
    for column in ("yi", "vi"):
        np.testing.assert_allclose(ours[column], reference[column], rtol=0, atol=EXACT)


@pytest.mark.parametrize(
    ("name", "folder", "reference_name"),
    [
        ("borenstein2009", "effect_sizes", "means_borenstein2009"),
        ("normand1999", "effect_sizes", "means_normand1999"),
        ("bcg", "effect_sizes", "counts_bcg"),
        ("molloy2014", "effect_sizes", "correlations_molloy2014"),
    ],
)
def test_arms_are_the_reference_inputs(name: str, folder: str, reference_name: str) -> None:
    ours, reference = datasets.load(name), inputs(folder, reference_name)
    pd.testing.assert_frame_equal(ours[list(reference.columns)], reference, check_dtype=False)


def test_gibson_means_are_the_reference_inputs() -> None:
    ours = datasets.load("gibson2002").dropna(subset=["mean_t"]).reset_index(drop=True)
    reference = inputs("effect_sizes", "means_gibson2002")
    pd.testing.assert_frame_equal(ours[list(reference.columns)], reference, check_dtype=False)


def test_bcg_counts_give_the_reference_log_risk_ratios() -> None:
    bcg, reference = datasets.load("bcg"), inputs("models", "bcg")
    risk_t, risk_c = bcg["events_t"] / bcg["n_t"], bcg["events_c"] / bcg["n_c"]
    np.testing.assert_allclose(np.log(risk_t / risk_c), reference["yi"], rtol=0, atol=EXACT)
    variance = 1 / bcg["events_t"] - 1 / bcg["n_t"] + 1 / bcg["events_c"] - 1 / bcg["n_c"]
    np.testing.assert_allclose(variance, reference["vi"], rtol=0, atol=EXACT)


def test_curtis_means_give_the_reference_log_response_ratios() -> None:
    plants, reference = datasets.load("curtis1998"), inputs("models", "curtis1998")
    ratio = np.log(plants["mean_t"] / plants["mean_c"])
    np.testing.assert_allclose(ratio, reference["yi"], rtol=0, atol=EXACT)


def test_egger_counts_give_the_reference_log_odds_ratios() -> None:
    trials, reference = datasets.load("egger2001"), inputs("models", "egger2001")
    a, b = trials["events_t"], trials["n_t"] - trials["events_t"]
    c, d = trials["events_c"], trials["n_c"] - trials["events_c"]
    # metafor adds one half to all four cells of a table with an empty one, and to no other.
    add = 0.5 * ((a == 0) | (b == 0) | (c == 0) | (d == 0))
    ratio = np.log((a + add) * (d + add) / ((b + add) * (c + add)))
    np.testing.assert_allclose(ratio, reference["yi"], rtol=0, atol=EXACT)


@pytest.mark.parametrize(
    "name", ["baskerville2012", "bangertdrowns2004", "bcg", "egger2001", "raudenbush1985"]
)
def test_labels_are_those_of_the_reference(name: str) -> None:
    assert datasets.load(name)["study"].tolist() == inputs("models", name)["study"].tolist()


@pytest.mark.parametrize(
    ("name", "moderators"),
    [
        ("baskerville2012", ["hours", "design"]),
        ("bangertdrowns2004", ["length"]),
        ("bcg", ["ablat", "alloc"]),
        ("molloy2014", ["meanage", "design"]),
        ("assink2016", ["deltype"]),
        ("konstantopoulos2011", ["year"]),
    ],
)
def test_moderators_are_the_reference_inputs(name: str, moderators: list[str]) -> None:
    ours, reference = datasets.load(name)[moderators], inputs("models", name)[moderators]
    pd.testing.assert_frame_equal(ours, reference, check_dtype=False)


def test_weeks_capped_at_three_are_the_reference_moderator() -> None:
    weeks = datasets.load("raudenbush1985")["weeks"].clip(upper=3)
    assert weeks.tolist() == inputs("models", "raudenbush1985")["weeks"].tolist()
