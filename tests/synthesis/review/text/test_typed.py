from __future__ import annotations

import re

import pytest

from synthesis.review.review import Review
from synthesis.review.text.prose import Prose
from synthesis.review.text.typed import check_typed


def typed(review: Review, text: str) -> list[str]:
    found = check_typed(Prose("x", "text/x.md", text), list(review.analyses.values()))
    return [f"{one.line}: {one.message}" for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "Runny nose on day 1: SMD 0.23 (95% CI 0.07 to 0.39), p = 0.010, I² = 0%.",
        "Runny nose on day 1: SMD 0.2 (95% CI 0.1 to 0.4).",
        "Sneezing, day 1, had a standardised mean difference of 0.20 [−0.02, 0.42].",
        "For sneezing on day 1 (SMD 0.199) I² was 31% and tau² = 0.018.",
        "Runny nose improved on both days (SMD 0.23 and 0.25).",
        "The 9 studies of a runny nose on day 1 (SMD 0.23) had 1,023 participants.",
        "Nine studies were found. Two trials were small. Cold lasts 7.5 days.",
        "Sneezing on day 1, natural colds only: SMD 0.15 (95% CI −0.04 to 0.35).",
        "Sneezing on day 1: p < 0.10.",
        "`Runny nose on day 1: SMD 0.99`",
    ],
)
def test_numbers_that_agree_are_let_through(built: Review, text: str) -> None:
    assert typed(built, text) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "Runny nose on day 1: SMD 0.24.",
            "An estimate of 0.24 is typed here, but Relief from a runny",
        ),
        ("Runny nose on day 1 (95% CI 0.07 to 0.40).", "An interval of 0.07 to 0.40"),
        ("Sneezing, day 1: 0.25 [0.13, 0.38].", "An estimate of 0.25"),
        ("Sneezing, day 2: SMD 0.29, p = 0.02.", "A p-value of 0.02"),
        ("Sneezing, day 1: SMD 0.20, p < 0.05.", "A p-value of < 0.05"),
        ("Sneezing, day 1: SMD 0.20, I² = 13%.", "An I² of 13"),
        ("Sneezing, day 1: SMD 0.20, tau² = 0.1.", "A tau² of 0.1"),
        ("In nine studies sneezing on day 1 improved (SMD 0.20).", "A number of studies of nine"),
        ("Sneezing on day 1 improved (SMD 0.20; 917 participants).", "917"),
        ("Runny nose: SMD 0.30 on one of the days.", "An estimate of 0.30"),
        ("Sneezing was studied on day 1. The pooled effect was 0.44.", "An estimate of 0.44"),
        ("{{ antihistamine.sneezing.day1.estimate }} (95% CI 0.1 to 0.9)", "An interval of 0.1"),
    ],
)
def test_numbers_that_differ_are_found(built: Review, text: str, says: str) -> None:
    found = typed(built, f"# Results\n\n{text}")
    assert found
    assert found[0].startswith("3: ")
    assert says in found[0]


def test_a_subgroup_that_is_named_may_be_meant(built: Review) -> None:
    groups = built.analyses["antihistamine.sneezing.day1"].subgroups["drug"].groups
    shown = f"{groups['chlorpheniramine'].estimate:.2f}"
    assert shown != "0.20"
    assert typed(built, f"Sneezing on day 1 with chlorpheniramine: SMD {shown}.") == []
    assert typed(built, f"Sneezing on day 1: SMD {shown}.") != []


def test_the_live_value_to_write_is_named(built: Review) -> None:
    prose = Prose("x", "text/x.md", "Sneezing, day 1: SMD 0.25.")
    (found,) = check_typed(prose, list(built.analyses.values()))
    assert found.todo.endswith("{{ antihistamine.sneezing.day1.estimate }}")
    assert found.severity == "error"


@pytest.mark.parametrize(
    "text",
    [
        *("SMD 0\u00b799", "SMD 0,99", "g = 0.99", "standardised mean difference (SMD) of 0.99"),
        *("SMD 0.20 (95% CI 0\u00b712 to 0\u00b745)", "SMD 0.20 (95 % CI .12\u2013.45)"),
        *("SMD 0.20 [0.12; 0.45]", "SMD 0.20 (95% confidence interval 0.12 to 0.45)"),
        *("SMD 0.20 (CI95 0.12-0.45)", "SMD 0.20, p-value of 0.45", "SMD 0.20, p value = .45"),
        *("SMD 0.20; I\u00b2 of 45 percent", "SMD 0.20 (95% CI 0,12\u20130,45)"),
    ],
)
def test_numbers_are_read_however_they_are_typed(built: Review, text: str) -> None:
    assert len(typed(built, f"Sneezing, day 1: {text}.")) == 1


@pytest.mark.parametrize("mark", [".", "\u00b7", ","])
def test_right_numbers_are_right_with_every_decimal_mark(built: Review, mark: str) -> None:
    text = "Sneezing, day 1: SMD 0.20 (95% CI \u22120.02 to 0.42); 1,234 records."
    shown = re.sub(r"(?<=\d)\.(?=\d)", mark, text)
    assert typed(built, shown) == []
    assert len(typed(built, shown.replace("42", "43"))) == 1
