"""Words that people use for evidence are refused with the word to use, in tables and files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from logicmodels import EvidenceError, LogicModel, SpecError

HEAD = """\
spec_version: 1
profile: theory-of-change
title: Made for a test
nodes:
  - {id: a, column: activities, label: Visits}
  - {id: b, column: impact, label: Fewer admissions}
links:
  - from: a
    to: b
"""


def refused_in_a_table(column: str, value: object) -> str:
    with pytest.raises(EvidenceError) as caught:
        LogicModel.from_text(HEAD).with_evidence([{"source": "a", "target": "b", column: value}])
    return str(caught.value)


def refused_in_a_file(key: str, value: object) -> str:
    with pytest.raises(SpecError) as caught:
        LogicModel.from_text(f"{HEAD}    evidence:\n      - {key}: '{value}'\n")
    return str(caught.value)


@pytest.mark.parametrize(
    ("column", "value", "advice"),
    [
        ("direction", "Positive", "write 'supports' if"),
        ("direction", "+", "write 'supports' if"),
        ("direction", "negative", "write 'adverse' if studies found the opposite"),
        ("direction", "−", "write 'adverse' if"),
        ("direction", "0", "write 'no difference' if studies found none, and 'not stated' if"),
        ("direction", "not significant", "not the same as no difference"),
        ("direction", "not-significant", "not the same as no difference"),
        ("direction", "mixed", "write 'conflicting' if"),
        ("direction", "?", "write 'not stated' if"),
        ("direction", "40%", "the direction is a word, and a number belongs under estimate"),
        ("certainty", "40%", "a percentage or a score has no counterpart"),
        ("certainty", "medium", "write 'moderate'"),
        ("certainty", "⊕⊕◯◯", "write 'low'"),
        ("certainty", "convincing", "the certainty is that of GRADE"),
        ("search", "yes", "write 'done'"),
        ("search", "no", "write 'not searched'"),
        ("estimate", "40%", "as 40 with the measure '%', or as the share 0.4"),
        ("confidence", "high", "did you mean 'certainty'?"),
        ("Participants", "40", "did you mean 'n'?"),
        ("ci", "0.1 to 0.2", "did you mean 'ci_low' and 'ci_high'?"),
    ],
)
def test_another_word_is_refused_with_what_to_write(column: str, value: str, advice: str) -> None:
    assert advice in refused_in_a_table(column, value)
    assert advice in refused_in_a_file(column, value)


def test_a_word_without_a_counterpart_is_refused_with_those_there_are() -> None:
    assert "got 'perhaps'" in refused_in_a_table("direction", "perhaps")
    assert "there are outcome, window" in refused_in_a_table("colour", "red")


@pytest.mark.parametrize(
    ("column", "value", "advice"),
    [
        ("estimate", "0,26", "write a decimal point: 0.26"),
        ("estimate", "0,265", "write a decimal point: 0.265"),
        ("ci_low", "-12,5", "write a decimal point: -12.5"),
        ("n", "1,200", "write it without the comma: 1200"),
    ],
)
def test_a_comma_in_a_number_of_a_table_is_explained(column: str, value: str, advice: str) -> None:
    assert advice in refused_in_a_table(column, value)


@pytest.mark.parametrize("spelled", [str.title, str.upper, "{} ".format])
def test_columns_are_taken_in_any_case(spelled: Callable[[str], str]) -> None:
    row = {"source": "a", "target": "b", "direction": "supports", "ci_low": 0.1, "k": 2}
    named = {spelled(name): value for name, value in row.items()}
    model = LogicModel.from_text(HEAD)
    assert model.with_evidence([named]) == model.with_evidence([row])


def test_a_column_that_is_there_twice_is_refused() -> None:
    row = {"source": "a", "target": "b", "k": 2, "K": 3}
    with pytest.raises(EvidenceError, match="unknown column 'K'"):
        LogicModel.from_text(HEAD).with_evidence([row])


@pytest.mark.parametrize("sign", ["\u2212", "\u2013"])
def test_a_minus_that_is_no_hyphen_is_explained(sign: str) -> None:
    advice = "write the minus as a hyphen: -0.5"
    assert advice in refused_in_a_table("estimate", f"{sign}0.5")


def test_the_words_of_a_claim_are_taken_in_any_case_and_with_hyphens() -> None:
    row = {"source": "a", "target": "b", "direction": "No-difference", "certainty": "Very_low"}
    (claim,) = LogicModel.from_text(HEAD).with_evidence([row]).links[0].evidence
    assert (claim.direction, claim.certainty) == ("no difference", "very low")
