"""Discount factors of the Green Book, by their printed values and by direct products."""

from __future__ import annotations

import re

import numpy as np
import pytest

import synthesis as syn
from arrowroot.errors import ArrowrootError
from synthesis.evaluation.value.rates import TABLES, present_value

GREEN = TABLES["green-book-2026"]


@pytest.mark.parametrize(
    ("year", "factor"), [(0, 1.0), (30, 0.35628), (31, 0.34590), (76, 0.09192)]
)
def test_the_printed_factors(year: int, factor: float) -> None:
    assert round(float(GREEN.factors(125)[year]), 5) == factor


def test_a_hundred_pounds_in_five_years() -> None:
    assert round(present_value([100] * 5, GREEN), 2) == 467.31


def test_the_tables() -> None:
    table = syn.discount_rates()
    rates = table.groupby("name", sort=False)["rate"].agg(list).to_dict()
    assert rates == {
        "green-book-2026": [0.035, 0.03, 0.025],
        "green-book-2026-health": [0.015, 0.0129, 0.0107],
        "green-book-2026-long-term": [0.03, 0.0257, 0.0214],
    }
    assert table["published"].unique().tolist() == ["February 2026"]
    assert table["last_year"].tolist() == [30, 75, 125] * 3


def test_factors_are_products_of_the_years_between() -> None:
    rates = [0.0] + [0.015] * 30 + [0.0129] * 45 + [0.0107] * 50
    expected = 1 / np.cumprod(1 + np.array(rates))
    np.testing.assert_allclose(TABLES["green-book-2026-health"].factors(125), expected, rtol=1e-13)


def test_the_table_ends() -> None:
    with pytest.raises(syn.DataError, match="ends with year 125; no rate for 126"):
        GREEN.factors(126)


def test_the_table_in_words() -> None:
    assert GREEN.sentence() == (
        "green-book-2026 (February 2026): 3.5% in years 0 to 30, 3% in years 31 to 75, 2.5% in "
        "years 76 to 125; year 0 is not discounted"
    )


@pytest.mark.parametrize(
    ("bands", "said"),
    [
        ((), "each is a first year, a last year (None for no end) and a rate"),
        (((1, None, 0.03),), "must begin at 0"),
        (((0, 30, 0.03), (32, None, 0.02)), "band 2 is (32, None)"),
        (((0, None, 0.03), (31, None, 0.02)), "band 1 is (0, None)"),
        (((0, None, 3.5),), "For 3.5 percent write 0.035"),
        (((0, None, -0.01),), "a share from 0 to below 1"),
    ],
)
def test_a_table_that_cannot_be(bands: tuple, said: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(ArrowrootError, match=re.escape(said)):
        syn.DiscountRates("ours", "2026", "the letter", bands)
