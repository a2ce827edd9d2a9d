"""Effects in words, windows named by a span of time, and levels of certainty that are typed."""

from __future__ import annotations

import pytest

from synthesis.review.review import Review
from synthesis.review.text.levels import check_levels
from synthesis.review.text.prose import Prose, check_values
from synthesis.review.text.typed import check_typed
from synthesis.review.text.values import Values

DECLARATION = """\
title: T
people: [{name: Ann Example}]
outcomes:
  - id: admissions
    label: Hospital admissions
    measure: rr
    direction: lower
    baseline: 0.3
    windows:
      - {id: short, label: up to 12 months, months: [0, 12]}
      - {id: long, label: 13 months and more, months: [13, null]}
  - id: qol
    label: Quality of life
    measure: md
    direction: higher
    windows:
      - {id: short, label: up to 12 months, months: [0, 12]}
      - {id: long, label: 13 months and more, months: [13, null]}
  - {id: mood, label: Mood, measure: smd, direction: higher}
comparisons: [{id: care, label: Care against none, treated: care, control: none}]
plan: {decided: 2026-01-31}
"""
# Synthetic, one study each, so that results can be seen: RR 0.75 and 0.60, MD 2.4 and 1.7.
ROWS = """\
study,outcome,window,events_t,n_t,events_c,n_c,mean_t,sd_t,mean_c,sd_c
Adams 2001,admissions,short,30,100,40,100,,,,
Adams 2001,admissions,long,24,100,40,100,,,,
Adams 2001,qol,short,,100,,100,52.4,10,50,10
Adams 2001,qol,long,,100,,100,51.7,10,50,10
Adams 2001,mood,,,100,,100,54,10,50,10
"""


@pytest.fixture
def review(make) -> Review:
    return Review(make(**{"review.yaml": DECLARATION, "extraction.csv": ROWS}))


def typed(review: Review, text: str) -> list[str]:
    found = check_typed(Prose("x", "text/x.md", text), list(review.analyses.values()))
    return [one.message for one in found]


SHORT = "Hospital admissions, up to 12 months,"


def test_the_results_are_as_said(review: Review) -> None:
    found = {key: round(one.fit.back(one.fit.estimate), 2) for key, one in review.analyses.items()}
    assert found == {
        "care.admissions.short": 0.75,
        "care.admissions.long": 0.6,
        "care.qol.short": 2.4,
        "care.qol.long": 1.7,
        "care.mood": 0.4,
    }


@pytest.mark.parametrize(
    ("text", "right", "wrong", "gives"),
    [
        (f"{SHORT} had a relative risk of @.", "0.75", "0.70", "0.75"),
        (f"{SHORT} fell by @%.", "25", "28", "25%"),
        (f"{SHORT} fell by @ per cent.", "25", "28", "25%"),
        (f"{SHORT} were @% lower.", "25", "75", "25%"),
        ("In the first year there were @% fewer hospital admissions.", "25", "28", "25%"),
        ("In the first year care reduced hospital admissions by @%.", "25", "28", "25%"),
        ("A @% reduction in hospital admissions in the short term.", "25", "28", "25%"),
        (f"{SHORT} fell: @ fewer per 1,000 people.", "75", "90", "75 per 1,000"),
        (f"{SHORT} fell: @ fewer admissions in 100.", "7.5", "9.0", "7.5 per 100"),
        ("Short-term quality of life was @ points higher.", "2.4", "3.4", "2.4"),
        ("Short-term quality of life was @ higher.", "2.4", "3.4", "2.4"),
        ("Mood rose by @ SD.", "0.4", "0.5", "0.4"),
        ("Mood was @ standard deviations better.", "0.40", "0.45", "0.40"),
        ("Mood was @ higher (95% CI 0.12 to 0.68).", "0.4", "0.45", "0.40"),
        ("Mood: Hedges' g of @.", "0.4", "0.5", "0.4"),
        ("Mood: standardized mean difference @.", "0.40", "0.45", "0.40"),
    ],
)
def test_effects_in_words(review: Review, text: str, right: str, wrong: str, gives: str) -> None:
    assert typed(review, text.replace("@", right)) == []
    (found,) = typed(review, text.replace("@", wrong))
    assert f"{wrong}" in found
    assert found.endswith(f"gives {gives}.")


@pytest.mark.parametrize(
    "text",
    [
        "Hospital admissions fell by about 30%, or about 30% fewer hospital admissions.",
        "Hospital admissions fell by 20 to 31%.",
        "In studies of hospital admissions, length of stay fell by 31%.",
        "Mood rose, and costs fell by 31%.",
        "Hospital admissions: 31% fewer participants dropped out.",
        "Hospital admissions, up to 12 months, fell by 31% in Adams 2001.",
        "An earlier review found that hospital admissions fell by 31%.",
        "Hospital admissions and mood: 31% lower.",
        "A difference of 0.2 SD in mood is important.",
        "Mood was 0.7 points higher on a scale from 1 to 5.",
        "Hospital admissions fell by 7.5%, from 30% to 22.5%.",
        "Hospital admissions fell by 31 percentage points.",
        "Hospital admissions: 10 more studies per 100 were open.",
        "Hospital admissions, up to 12 months, fell by 25% (95% CI -12 to 50).",
    ],
)
def test_other_numbers_in_words_are_let_through(review: Review, text: str) -> None:
    assert typed(review, text) == []


def test_percentages_of_a_ratio_are_no_percentages_of_a_mean(review: Review) -> None:
    assert typed(review, "Quality of life rose by 31%.") == []


@pytest.mark.parametrize(
    ("when", "short", "long"),
    [
        ("after a year or more", False, True),
        ("beyond 12 months", False, True),
        ("in the first year", True, False),
        ("within 12 months", True, False),
        ("after one year", True, True),
        ("", True, True),
    ],
)
def test_a_span_of_time_chooses_the_window(
    review: Review, when: str, short: bool, long: bool
) -> None:
    text = f"Quality of life {when}: MD"
    assert (typed(review, f"{text} 2.4.") == []) is short
    assert (typed(review, f"{text} 1.7.") == []) is long


@pytest.mark.parametrize(
    ("number", "window"), [("1.9", "long"), ("2.2", "short"), ("9.9", "short")]
)
def test_of_several_windows_the_nearest_is_named(review: Review, number: str, window: str) -> None:
    prose = Prose("x", "text/x.md", f"Quality of life: MD {number}.")
    (found,) = check_typed(prose, list(review.analyses.values()))
    assert found.todo.endswith(f"{{{{ care.qol.{window}.estimate }}}}")


def test_p_values_are_given_as_they_are_printed(review: Review) -> None:
    (found,) = typed(review, "Hospital admissions, 13 months and more: RR 0.60, p = 0.24.")
    assert found.endswith("gives p = 0.018.")


@pytest.fixture
def rated(review: Review) -> Values:
    levels = {"care.qol.short": "low", "care.qol.long": "very low", "care.mood": "high"}
    return Values({}, {key: (review.analyses[key], level) for key, level in levels.items()})


@pytest.mark.parametrize(
    "text",
    [
        "Short-term quality of life: high certainty evidence.",
        "Care raised quality of life in the first year (high-certainty evidence).",
        "The certainty of the evidence on quality of life, up to 12 months, was high.",
        "Quality of life in the first year: certainty rated as very low.",
        "Quality of life: moderate quality evidence.",
    ],
)
def test_levels_that_are_not_those_of_the_result(rated: Values, text: str) -> None:
    (found,) = check_values(Prose("x", "text/x.md", f"# Results\n\n{text}"), rated)
    assert (found.rule, found.line) == ("typed", 3)
    assert "is rated low." in found.message
    assert found.todo.endswith("{{ care.qol.short.certainty }}")


@pytest.mark.parametrize(
    "text",
    [
        "Short-term quality of life: low-certainty evidence.",
        "Quality of life after a year or more: very low certainty.",
        "Quality of life: very low-certainty evidence.",
        "Quality of life: moderate to high certainty.",
        "No high-certainty evidence on quality of life was found.",
        "Quality of life and mood: high-certainty evidence.",
        "Certainty on quality of life was rated down for high risk of bias.",
        "A high quality of life matters.",
        "High-certainty evidence is rare.",
    ],
)
def test_levels_that_are_right_or_about_something_else(rated: Values, text: str) -> None:
    assert check_levels(Prose("x", "text/x.md", text), rated.rated) == []
