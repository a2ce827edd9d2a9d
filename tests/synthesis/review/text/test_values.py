from __future__ import annotations

import pytest

from synthesis.review.review import Review
from synthesis.review.text.values import Value


def test_names_are_those_of_the_analyses_and_their_parts(built: Review) -> None:
    names = set(built.values)
    key = "antihistamine.runny-nose.day1"
    assert {
        f"{key}.estimate",
        f"{key}.ci",
        f"{key}.participants",
        f"{key}.subgroups.drug.p",
        f"{key}.subgroups.drug.doxylamine.estimate",
        f"{key}.sensitivity.natural.ci_low",
        "flow.records_screened",
        "review.title",
    } <= names


def test_values_are_those_of_the_results(built: Review) -> None:
    fit = built.analyses["antihistamine.sneezing.day1"].fit
    values = built.values
    key = "antihistamine.sneezing.day1"
    assert values[f"{key}.estimate"].held == (fit.estimate,)
    assert values[f"{key}.prediction"].held == fit.prediction_interval
    assert values[f"{key}.ci"].text(3) == "-0.019 to 0.416"
    assert values[f"{key}.p"].text() == "= 0.068"
    assert values[f"{key}.p"].text(bare=True) == "0.068"
    assert values["antihistamine.runny-nose.day1.participants"].text() == "1,023"


def test_a_ratio_is_printed_as_a_ratio(make) -> None:
    text = "title: T\npeople: [{name: A}]\noutcomes: [{id: fall, measure: rr}]\n"
    text += "comparisons: [{id: care}]\n"
    rows = "study,events_t,n_t,events_c,n_c\nA,10,100,20,100\nB,11,100,20,100\nC,9,90,20,95\n"
    review = Review(make(**{"review.yaml": text, "extraction.csv": rows}))
    fit = review.analyses["care.fall"].fit
    assert review.values["care.fall.estimate"].held == (fit.back(fit.estimate),)
    assert 0 < review.values["care.fall.estimate"].held[0] < 1


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("antihistamine.sneezing.day1.estimat", "Did you mean 'estimate'?"),
        ("antihistamine.sneezing.day3.estimate", "Did you mean 'antihistamine.sneezing.day"),
    ],
)
def test_a_name_that_does_not_exist_has_near_ones(built: Review, name: str, says: str) -> None:
    assert says in built.values.missing(name)


def test_texts() -> None:
    assert Value("p", (1e-9,)).text() == "< 0.001"
    assert Value("number", (31.2,), 0).text() == "31"
    assert Value("count", (15327,)).text() == "15,327"
