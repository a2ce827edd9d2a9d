"""Study flows: sums, bounds, and two reports of one review side by side."""

from __future__ import annotations

import pytest

from arrowroot.errors import DataError, OptionError
from synthesis import datasets
from synthesis.reproduce.flow_check import check_flow

# A made-up flow that adds up, for these tests alone.
WHOLE = {
    "identified": "15,900",
    "duplicates": "570",
    "removed": "3",
    "screened": "15,327",
    "excluded": "15,000",
    "sought": "327",
    "not_retrieved": "27",
    "assessed": "300",
    "excluded_reports": "250",
    "included_reports": "50",
    "included": "36",
    "pooled": "30",
}


def test_a_flow_that_adds_up() -> None:
    found = check_flow(WHOLE, reasons={"wrong population": 200, "no control": "50"})
    assert found.verdict == "consistent"
    assert len(found.checked) == 7
    assert found.to_frame().empty


@pytest.mark.parametrize(
    ("change", "rule", "difference"),
    [
        ({"screened": "15,328"}, "identified - duplicates - removed = screened", 1),
        ({"sought": "320"}, "screened - excluded = sought", -7),
        ({"assessed": "301"}, "sought - not_retrieved = assessed", 1),
        ({"included_reports": "49"}, "assessed - excluded_reports = included_reports", -1),
        ({"included": "51"}, "included <= included_reports", 1),
        ({"pooled": "40"}, "pooled <= included", 4),
    ],
)
def test_each_sum_is_checked_and_its_difference_named(
    change: dict[str, str], rule: str, difference: int
) -> None:
    found = check_flow(WHOLE | change)
    assert found.verdict == "impossible"
    table = found.discrepancies.set_index("rule")
    assert table.loc[rule, "difference"] == difference
    assert any(f"{abs(difference):,}" in note for note in found.notes)


def test_stages_that_are_not_given_are_stepped_over() -> None:
    short = {name: WHOLE[name] for name in ("screened", "excluded", "assessed", "included")}
    found = check_flow(short)
    assert found.discrepancies["rule"].tolist() == ["screened - excluded = assessed"]
    assert found.discrepancies["difference"].tolist() == [-27]
    assert "27 too few. No number is given for reports not retrieved" in found.notes[0]
    assert check_flow({"screened": "10", "assessed": "12"}).verdict == "impossible"
    assert check_flow({"screened": "12", "assessed": "10"}).verdict == "consistent"
    assert check_flow({"included": "36"}).verdict == "undecidable"


def test_template_keys_are_read_and_added_up() -> None:
    found = check_flow(
        {
            "database_results": "900",
            "register_results": "100",
            "duplicates": "200",
            "excluded_automatic": "10",
            "excluded_other": "5",
            "records_screened": "785",
        }
    )
    assert (found.verdict, found.checked) == (
        "consistent",
        ("identified - duplicates - removed = screened",),
    )


def test_reasons_must_sum_to_the_reports_excluded() -> None:
    found = check_flow(WHOLE, reasons={"wrong population": 200, "no control": 40})
    assert found.discrepancies["difference"].tolist() == [10]
    assert "sum to 240, but reports excluded is 250: a difference of 10." in found.notes[0]


def test_two_abstracts_of_one_review_print_different_counts() -> None:
    counts = datasets.load("case_management", "published_counts")
    reports = {
        source: dict(zip(rows["quantity"], rows["printed"], strict=True))
        for source, rows in counts.groupby("source", sort=False)
    }
    found = check_flow(reports)
    assert found.verdict == "impossible"
    assert found.discrepancies[["expected", "printed", "difference"]].to_numpy().tolist() == [
        [15327, 15372, 45],
        [36, 37, 1],
    ]
    assert "15,327" in found.notes[0]
    assert "Two neighbouring digits are swapped" in found.notes[0]
    assert "a difference of 1." in found.notes[1]


def test_the_record_shows_itself() -> None:
    assert str(check_flow(WHOLE)).startswith("Study flow: consistent")
    assert "&lt;b&gt;" in check_flow({"<b>": WHOLE, "x": {"included": 1}})._repr_html_()


@pytest.mark.parametrize(
    ("counts", "error", "message"),
    [
        ({}, DataError, "needs numbers"),
        (["screened"], DataError, "needs numbers"),
        ({"screened": "0,5"}, DataError, "contains a comma"),
        ({"screened": "12.5"}, DataError, "must be a whole number"),
        ({"screned": "12"}, OptionError, "Did you mean 'screened'"),
        ({"a": {"screened": 1}, "screened": 2}, DataError, "not both"),
    ],
)
def test_what_is_refused(counts: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        check_flow(counts)
