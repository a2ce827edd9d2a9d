"""A printed return worked backwards: the Healthy Living Project's 1:2.81 on £978,916."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import synthesis as syn
from arrowroot.errors import ArrowrootError

PRINTED = syn.datasets.load("healthy_living", "value").set_index("quantity")["printed"]
CLAIM = {"benefits": PRINTED["Benefits"], "ratio": PRINTED["Return"]}


def test_the_costs_that_each_reading_needs() -> None:
    found = syn.check_return(**CLAIM).table
    low, high = 978_915.5, 978_916.5
    expected = [
        (low / 2.815, high / 2.805),
        (low / 3.815, high / 3.805),
        (low / 1.815, high / 1.805),
        (low / 2.815, high / 2.805),
    ]
    np.testing.assert_allclose(found[["cost_low", "cost_high"]], expected, rtol=1e-12)
    assert (found["verdict"] == "possible").all()


@pytest.mark.parametrize("number", range(4))
def test_each_reading_gives_the_printed_ratio_back(number: int) -> None:
    row = syn.check_return(**CLAIM).table.iloc[number]
    gain = 978_916
    for cost in (row["cost_low"], row["cost_high"]):
        ratio = (gain / cost, (gain - cost) / cost, (gain + cost) / cost, gain / cost)[number]
        assert 2.805 - 1e-5 <= ratio <= 2.815 + 1e-5


def test_printed_costs_decide() -> None:
    found = syn.check_return(**CLAIM, costs="£348,369").table
    assert found["verdict"].tolist() == ["as printed", "differs", "differs", "as printed"]


def test_parts_of_the_benefits() -> None:
    parts = {name: PRINTED[name] for name in ("Medication savings", "Unclaimed benefits")}
    found = syn.check_return(**CLAIM, parts=parts)
    assert found.parts["share"].round(1).tolist() == [1.6, 46.4]
    assert found.parts["ratio_without"].round(2).tolist() == [2.77, 1.51]
    assert "52.0% is not explained" in str(found)
    assert "The costs are not printed, so no reading can be ruled out." in str(found)


@pytest.mark.parametrize("ratio", ["1:2.81", "2.81:1", "2.81", "1 : 2.81", "£1:£2.81"])
def test_ways_to_print_a_ratio(ratio: str) -> None:
    found = syn.check_return(benefits="978,916", ratio=ratio).table
    assert found["cost_low"].iloc[0] == pytest.approx(978_915.5 / 2.815)


def test_a_ratio_below_one_rules_a_reading_out() -> None:
    found = syn.check_return(benefits="100", ratio="0.80")
    assert len(found.table) == 3
    assert "Not possible with this ratio: benefits are net of costs" in str(found)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"benefits": 978916.0}, "benefits must be an amount as printed, in quotes"),
        ({"benefits": "much"}, "benefits must be an amount as printed, in quotes"),
        ({"ratio": "0"}, "ratio must be above 0"),
        ({"ratio": 2.81}, "ratio must be text, as printed"),
        ({"costs": "-5"}, "costs must be an amount above 0"),
    ],
)
def test_what_cannot_be_read(named: dict[str, Any], said: str) -> None:
    with pytest.raises(ArrowrootError, match=re.escape(said)):
        syn.check_return(**{**CLAIM, **named})
