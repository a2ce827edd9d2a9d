"""The arithmetic of a flow: every sum, and what is said when one does not add up."""

from __future__ import annotations

import pytest

from synthesis.prisma import STAGES, Check, checked, parts

# A made-up flow with all its columns, which adds up.
WHOLE = {
    "identified": 1000,
    "duplicates": 200,
    "removed": 0,
    "screened": 800,
    "excluded": 700,
    "sought": 100,
    "not_retrieved": 4,
    "assessed": 96,
    "excluded_reports": 53,
    "ongoing": 2,
    "awaiting": 1,
    "other_identified": 20,
    "other_sought": 20,
    "other_not_retrieved": 1,
    "other_assessed": 19,
    "other_excluded_reports": 9,
    "included_reports": 50,
    "included": 45,
    "previous_reports": 6,
    "previous": 5,
    "total_reports": 56,
    "total": 50,
    "pooled": 30,
}


def wrong(flow: dict[str, int]) -> list[Check]:
    return [one for one in checked(flow) if one.message]


def test_a_whole_flow_adds_up() -> None:
    assert WHOLE.keys() == STAGES.keys()
    assert wrong(WHOLE) == []
    assert len(list(checked(WHOLE))) == 11
    assert list(checked({})) == []


@pytest.mark.parametrize(
    ("stage", "rules"),
    [
        ("identified", ["identified - duplicates - removed = screened"]),
        ("duplicates", ["identified - duplicates - removed = screened"]),
        ("excluded", ["screened - excluded = sought"]),
        ("sought", ["screened - excluded = sought", "sought - not_retrieved = assessed"]),
        (
            "assessed",
            [
                "sought - not_retrieved = assessed",
                "assessed + other_assessed - excluded_reports - ongoing - awaiting - "
                "other_excluded_reports = included_reports",
            ],
        ),
        (
            "other_sought",
            [
                "other_identified = other_sought",
                "other_sought - other_not_retrieved = other_assessed",
            ],
        ),
        (
            "included_reports",
            [
                "assessed + other_assessed - excluded_reports - ongoing - awaiting - "
                "other_excluded_reports = included_reports",
                "previous_reports + included_reports = total_reports",
            ],
        ),
        ("previous", ["previous + included = total"]),
        ("pooled", ["pooled <= total"]),
    ],
)
def test_each_count_is_held_by_its_rules(stage: str, rules: list[str]) -> None:
    found = wrong({**WHOLE, stage: WHOLE[stage] + 84})
    assert [one.rule for one in found if "<=" not in one.rule or stage == "pooled"] == rules
    for one in found:
        assert f"{abs(one.difference):,}" in one.message


def test_stages_that_are_not_given_are_stepped_over() -> None:
    (one,) = wrong({"identified": 100, "duplicates": 10, "excluded": 50, "sought": 45})
    assert (one.rule, one.difference) == ("identified - duplicates - excluded = sought", 5)
    (one,) = wrong({"other_identified": 5, "sought": 9, "assessed": 8, "other_assessed": 6,
                    "excluded_reports": 1, "included_reports": 13})  # fmt: skip
    assert one.rule == "other_identified >= other_assessed"
    # One column alone says nothing about the reports of both.
    assert wrong({"other_assessed": 3, "other_excluded_reports": 0, "included_reports": 9}) == []


def test_sentences() -> None:
    told = [one.message for one in wrong({"screened": 10, "assessed": 12, "excluded": -1})]
    assert told == [
        "Records screened (10) less records excluded (-1) leaves 11, but reports assessed is 12: "
        "1 too many.",
        "Records excluded is -1; counts cannot be negative.",
    ]
    (one,) = wrong({"screened": 10, "assessed": 12})
    assert one.message == "Records screened is 10, but reports assessed is 12: 2 too many."
    (one,) = wrong({"previous": 2, "included": 3, "total": 6})
    assert one.message == (
        "Studies in the previous version (2) and studies included (3) make 5, but studies "
        "included in total is 6: 1 too many."
    )
    (one,) = wrong({"included": 5, "included_reports": 3})
    assert (
        one.message
        == "There cannot be more studies included (5) than reports included (3): 2 too many."
    )


def test_parts_of_a_whole() -> None:
    whole = ("excluded_reports", "reports excluded", 250)
    assert parts(whole, "the reasons", 250).message == ""
    one = parts(whole, "the reasons", 240)
    assert (one.rule, one.difference) == ("excluded_reports = sum of the reasons", 10)
    assert one.message == (
        "The reasons sum to 240, but reports excluded is 250: a difference of 10."
    )
