"""Proposals: their paths, the answers that are refused, and what the tool does not know."""

from __future__ import annotations

import pytest

import synthesis as syn
from arrowroot.errors import DataError, OptionError


@pytest.mark.parametrize(
    ("domain", "answers", "path"),
    [
        ("D1", {"1.1": "Y", "1.2": "NI", "1.3": "N"}, "1.2 no information, 1.3 no: some concerns"),
        (
            "D1",
            {"1.1": "PY", "1.2": "Y", "1.3": "PN"},
            "1.1 probably yes, 1.2 yes, 1.3 probably no: low",
        ),
        (
            "D3",
            {"3.1": "N", "3.2": "N", "3.3": "NI", "3.4": "PY"},
            "3.1 no, 3.2 no, 3.3 no information, 3.4 probably yes: high",
        ),
        (
            "D2",
            {"2.1": "Y", "2.2": "Y", "2.3": "N", "2.6": "N", "2.7": "N"},
            "2.1 yes, 2.2 yes, 2.3 no: low; 2.6 no, 2.7 no: some concerns; the worse counts: "
            "some concerns",
        ),
        ("D2", {"2.1": "N", "2.2": "N", "2.6": "Y"}, "2.1 no, 2.2 no: low; 2.6 yes: low"),
    ],
)
def test_a_proposal_says_how_it_comes_about(domain: str, answers: dict, path: str) -> None:
    assert syn.rob_judgement("rob2", domain=domain, answers=answers).path == path


@pytest.mark.parametrize("written", ["PY", "py", "Probably yes", "probably_yes", "probably-yes"])
def test_answers_in_any_spelling(written: str) -> None:
    found = syn.rob_judgement(domain="d1", answers={1.1: written, "1.2": "yes", "1.3": "No"})
    assert found.path.startswith("1.1 probably yes")


def test_questions_that_do_not_decide_may_be_open_and_it_says_so() -> None:
    found = syn.rob_judgement("rob2", domain="D1", answers={"1.2": "N"})
    assert (found.judgement, found.unanswered) == ("high", ("1.1", "1.3"))
    assert "Not answered yet: 1.1, 1.3." in str(found)


def test_answers_where_not_applicable_is_due_are_left_out_and_named() -> None:
    answers = {"3.1": "Y", "3.2": "N", "3.3": "Y", "3.4": "Y"}
    found = syn.rob_judgement("rob2", domain="D3", answers=answers)
    assert (found.judgement, found.surplus) == ("low", ("3.2", "3.3", "3.4"))
    assert "'not applicable' is due" in str(found)


@pytest.mark.parametrize(
    ("domain", "answers", "message"),
    [
        (
            "D3",
            {"3.1": "N", "3.2": "NI"},
            "3.2 cannot be answered 'no information'; write one of Y",
        ),
        ("D1", {"1.1": "NA"}, "'not applicable' because it always applies"),
        ("D1", {"1.1": "maybe"}, "'maybe' is not an answer; write one of Y \\(yes\\)"),
        ("D1", {"1.4": "Y"}, "D1 of RoB 2 has the questions 1.1, 1.2, 1.3; got '1.4'"),
        ("D1", {"1.1": "Y", "1.2": "NI"}, "1.3 has no answer"),
        ("D1", {"1.2": ""}, "1.2 has no answer"),
        (
            "D2",
            {"2.1": "Y", "2.2": "N", "2.3": "NA", "2.6": "Y"},
            "2.3 is answered 'not applicable', but it applies, since 2.1 is yes or no information",
        ),
        ("D1", "Y Y N", "answers must be a mapping"),
        ("overall", {"D1": "low"}, "no judgement of D2, D3, D4, D5"),
        ("overall", ["low"] * 4, "has 5 domains .*; got 4 judgements"),
        ("overall", {"D1": "moderate"}, "D1 must be one of 'low', 'some concerns', 'high'"),
        ("overall", {"D9": "low"}, "has the domains D1, D2, D3, D4, D5; got 'D9'"),
        ("overall", "low", "the judgement of each domain"),
    ],
)
def test_impossible_answers_are_refused_in_words(domain: str, answers, message: str) -> None:
    with pytest.raises(DataError, match=message):
        syn.rob_judgement("rob2", domain=domain, answers=answers)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tool": "rob3"}, "tool must be one of 'rob2'"),
        ({"domain": "D6"}, "domain must be one of 'D1', 'D2'"),
        ({"effect": "as treated"}, "effect must be one of 'assignment', 'adhering'"),
        ({"design": "crossover"}, "RoB 2 for crossover trials .* was not at hand"),
        ({"design": "cross-over"}, "was not at hand"),
        ({"design": "stepped wedge"}, "does not cover stepped-wedge"),
        ({"design": "cluster"}, "'D1'. It is D1a (.*) and D1b (.*) there"),
        ({"design": "cluster", "effect": "adhering"}, "effect of assignment only"),
        ({"tool": "quadas2"}, "no rule of QUADAS-2 is here"),
        ({"tool": "ROBINS-I V2"}, "no rule of ROBINS-I V2 is here"),
    ],
)
def test_what_the_tool_does_not_have_is_refused_in_words(options: dict, message: str) -> None:
    given = {"tool": "rob2", "domain": "D1", **options}
    with pytest.raises(OptionError, match=message):
        syn.rob_judgement(given.pop("tool"), answers={"1.1": "Y"}, **given)


def test_a_2_4_without_a_verified_rule_gets_no_proposal() -> None:
    answers = {"2.1a": "Y", "2.1b": "Y", "2.2": "Y", "2.3": "Y", "2.4": "N", "2.6": "Y"}
    found = syn.rob_judgement("rob2", domain="D2", answers=answers, design="cluster")
    assert found.judgement is None
    assert "2.4 no: no judgement is proposed" in found.path
    assert "could not be verified; judge the domain yourself" in str(found)
    # High is the worst there is, whatever the first part amounts to.
    worst = {**answers, "2.6": "N", "2.7": "Y"}
    found = syn.rob_judgement("rob2", domain="D2", answers=worst, design="cluster")
    assert found.judgement == "high"


def test_several_domains_with_some_concerns_are_asked_about() -> None:
    domains = ["some concerns", "low", "Some concerns", "low", "low"]
    found = syn.rob_judgement("rob2", domain="overall", answers=domains)
    assert found.judgement == "some concerns"
    assert found.question.startswith("2 domains have some concerns (D1, D3).")
    one = syn.rob_judgement("rob2", domain="overall", answers=["some concerns", *["low"] * 4])
    assert one.question == ""


def test_judgements_of_domains_can_be_given_as_they_came() -> None:
    first = syn.rob_judgement("rob2", domain="D1", answers={"1.2": "N"})
    rest = dict.fromkeys(["D2", "D3", "D4", "D5"], "low")
    found = syn.rob_judgement("rob2", domain="overall", answers={"D1": first, **rest})
    assert (found.judgement, found.path) == ("high", "D1 high: high")
    assert "RoB 2, overall" in found._repr_html_()
