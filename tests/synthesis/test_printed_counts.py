"""Counts of a flow as reports print them; one reader serves every check."""

import pytest

import synthesis as syn
from synthesis.errors import DataError
from synthesis.prisma import read_count

THOUSANDS = [
    "15,327", "15 327", "15\u00a0327", "15\u202f327", "15\u2009327", "15.327", "15’327", "15'327",
    "n = 15,327", "(n = 15 327)", "N=15327", "n: 15327", "15,327 records", "15327.0", 15327.0,
    "１５３２７", "١٥٬٣٢٧",
]  # fmt: skip


@pytest.mark.parametrize("printed", THOUSANDS)
def test_thousands_are_read_however_they_are_separated(printed):
    assert read_count(printed, "screened") == 15327
    given = {"records_screened": printed, "records_excluded": 15000, "dbr_sought_reports": 327}
    assert syn.check_flow(given).verdict == "consistent"
    assert syn.prisma_flow(counts=given).counts["records_screened"] == 15327


@pytest.mark.parametrize(
    "printed", ["12,34", "1,23", "1.5", "1 2345", "1,234.5", 5.5, True, "5%", "<5", "1e3", "five",
                float("inf"), [1]],
)  # fmt: skip
def test_what_is_no_whole_number_is_refused_by_every_check(printed):
    for check in (lambda one: syn.prisma_flow(counts=one), syn.check_flow):
        with pytest.raises(DataError, match="records_screened: a count must be a whole number"):
            check({"records_screened": printed})


@pytest.mark.parametrize("printed", [None, float("nan"), "", "NA", "n/a", "not reported", "-"])
def test_a_count_that_is_not_given_is_no_count(printed):
    assert syn.prisma_flow(counts={"records_screened": printed}).counts == {
        "records_screened": None
    }
    assert syn.check_flow({"records_screened": printed, "included": 3}).verdict == "undecidable"


def test_a_negative_count_is_a_problem_or_refused():
    assert (
        "cannot be negative" in syn.prisma_flow(counts={"duplicates": "−5"}).problems["message"][0]
    )
    with pytest.raises(DataError, match="0 or more"):
        syn.check_flow({"duplicates": -5})


def test_reasons_may_be_given_with_the_counts_and_one_may_be_unknown():
    given = {"dbr_assessed": 78, "dbr_excluded": {"no trial": "40", "other": 20}, "new_reports": 18}
    assert syn.check_flow(given).verdict == "consistent"
    flow = syn.prisma_flow(counts={**given, "dbr_excluded": {"no trial": 40, "other": None}})
    assert flow.counts["dbr_excluded"] == {"no trial": 40}
    assert "20 too few" in str(flow)


@pytest.mark.parametrize(("key", "meant"), [("record_screened", "records_screened"),
                                            ("dbr_assesed", "dbr_assessed")])  # fmt: skip
def test_a_key_that_is_nearly_right_is_told_the_right_one(key, meant):
    for check in (lambda one: syn.prisma_flow(counts=one), syn.check_flow):
        with pytest.raises(syn.errors.ArrowrootError, match=f"Did you mean '{meant}'"):
            check({key: 5})
