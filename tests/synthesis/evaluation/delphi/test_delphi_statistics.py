"""Statistics of one Delphi item, and printed ones recomputed.

The printed item is table 1 of BMJ Open 2012;2:e001431 (PMC3467596).
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import synthesis as syn
from arrowroot.errors import ArrowrootError
from synthesis.evaluation.delphi.statistics import item_statistics, judged

COUNTS = [0, 0, 0, 1, 1, 1, 5, 5, 2]
PRINTED = {
    "median": "7.0",
    "p30": "7.0",
    "p70": "8.0",
    "ipr": "1.0",
    "iprcp": "7.5",
    "asymmetry": "2.5",
    "ipras": "6.1",
    "disagreement": False,
}


def rule(**named: Any) -> syn.DelphiRule:
    return syn.DelphiRule(**{"rounds": 1, "decided": "2026-01-10", **named})


UCLA = rule(consensus="rand_ucla", agree=(7, 9))


def test_the_printed_table_comes_out() -> None:
    found = syn.check_delphi(COUNTS, printed=PRINTED)
    assert (found.table["verdict"] == "as printed").all()
    assert len(found.table) == len(PRINTED)


def test_the_misprint_is_named() -> None:
    found = syn.check_delphi(COUNTS, printed={**PRINTED, "constant": "2.5"})
    row = found.table.set_index("statistic").loc["constant"]
    assert row["verdict"] == "differs"
    assert row["note"] == "the published constant is 2.35; with 2.5 IPRAS would be 6.25"
    assert "6.1 needs a constant from 2.3 to 2.4: 2.35 is one, 2.5 is not: a misprint" in str(found)


def test_another_value_differs() -> None:
    found = syn.check_delphi(COUNTS, printed={"median": "7.5", "n": "15"})
    assert found.table["verdict"].tolist() == ["differs", "as printed"]
    assert "1 as printed, 1 not" in str(found)


def test_either_usual_interpolation_will_do() -> None:
    """Of 1, 2, 3, 4 the lower quartile is 1.25 by one and 1.75 by the other."""
    counts = [1, 1, 1, 1, 0, 0, 0, 0, 0]
    found = syn.check_delphi(counts, printed={"q1": "1.75"}).table.iloc[0]
    assert (found["verdict"], found["recomputed"]) == ("as printed", "1.75")
    assert "type 7" in found["note"]
    assert syn.check_delphi(counts, printed={"q1": "1.5"}).table.loc[0, "verdict"] == "differs"


@pytest.mark.parametrize(
    ("ratings", "ipras", "disagreement"),
    [
        # IPRAS = 2.35 + 1.5 |5 - IPRCP|, by hand
        ([1, 1, 1, 1, 9, 9, 9, 9, 9], 2.35, True),  # p30 1, p70 9, IPRCP 5
        ([7, 7, 8, 8, 8, 9, 9, 9, 9], 2.35 + 1.5 * 3.5, False),  # p30 8, p70 9
        ([2, 3, 4, 5, 5, 5, 6, 7, 8], 2.35, False),  # p30 4, p70 6
    ],
)
def test_disagreement_by_hand(ratings: list[int], ipras: float, disagreement: bool) -> None:
    found = item_statistics(np.array(ratings, dtype=float), UCLA, 9)
    assert found.ipras == pytest.approx(ipras, abs=1e-12)
    assert found.disagreement is disagreement


def test_reversing_the_scale_reverses_the_item() -> None:
    given = np.repeat(np.arange(1.0, 10.0), COUNTS)
    one, other = item_statistics(given, UCLA, 15), item_statistics(10 - given, UCLA, 15)
    assert other.median == 10 - one.median
    assert (other.ipr, other.iqr) == pytest.approx((one.ipr, one.iqr))
    assert other.ipras == pytest.approx(one.ipras)


@pytest.mark.parametrize(
    ("made", "ratings", "reached", "why"),
    [
        (rule(consensus="percent", agree=(7, 9), at_least=70), [7] * 7 + [1] * 3, True, "70.0%"),
        (
            rule(consensus="percent", agree=(7, 9), at_least=70, against=(1, 3), under=15),
            [7] * 7 + [1] * 3,
            False,
            "30.0% against (under 15%)",
        ),
        (UCLA, [7, 7, 8, 8, 8, 9, 9, 9, 9], True, "no disagreement"),
        (UCLA, [5, 5, 5, 6, 6, 6, 7, 7, 7], False, "median 6 (needs 7 to 9)"),
        (rule(consensus="median_band", outside=4), [7] * 11 + [1] * 4, True, "4 outside 7 to 9"),
        (rule(consensus="median_band", outside=4), [7] * 10 + [1] * 5, False, "5 outside 7 to 9"),
        (rule(consensus="median_band", outside=4), [6, 6, 7, 7], False, "between two thirds"),
        (rule(consensus="iqr", iqr_at_most=1), [5, 5, 6, 6], True, "IQR 1 (at most 1)"),
        (rule(consensus="iqr", iqr_at_most=1), [4, 5, 6, 7], False, "IQR 2.5"),
        (UCLA, [], None, "nobody rated it"),
    ],
)
def test_the_rules(
    made: syn.DelphiRule, ratings: list[int], reached: bool | None, why: str
) -> None:
    given = np.array(ratings, dtype=float)
    found, said = judged(item_statistics(given, made, len(given)), given, made)
    assert found is reached
    assert why in said


def test_percentages_of_the_round_count_those_who_skipped() -> None:
    given = np.array([7.0, 8.0, 9.0])
    named = {"consensus": "percent", "agree": (7, 9), "at_least": 70}
    assert item_statistics(given, rule(**named), 6).percent_agree == 100
    assert item_statistics(given, rule(**named, of="round"), 6).percent_agree == 50


@pytest.mark.parametrize(
    ("counts", "named", "said"),
    [
        ([1, 2], {"printed": {}}, "each of the 9 ratings from 1 to 9"),
        ([0] * 9, {"printed": {}}, "at least one rating"),
        (COUNTS, {"printed": {"medain": "7"}}, "Did you mean 'median'?"),
        (COUNTS, {"printed": {"median": 7.0}}, "must be text, as printed"),
        (COUNTS, {"printed": {"disagreement": "no"}}, "must be True or False"),
        (COUNTS, {"printed": {"percent_agree": "80"}}, "range that counts: agree=(7, 9)"),
    ],
)
def test_what_cannot_be_checked(counts: list[int], named: dict[str, Any], said: str) -> None:
    with pytest.raises(ArrowrootError, match=re.escape(said)):
        syn.check_delphi(counts, **named)
