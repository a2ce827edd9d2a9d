from __future__ import annotations

import re
from dataclasses import replace

import pytest

from synthesis.review.analyses import NotDone
from synthesis.review.inputs.forms import Plan, Sensitivity
from synthesis.review.review import Review
from synthesis.review.text.methods import methods
from synthesis.review.text.results import results
from synthesis.review.text.values import page_of
from synthesis.review.text.wording import planned_words


def said(review: Review) -> str:
    paragraphs = methods(review.declared, list(review.analyses.values()))
    return "\n".join(" ".join(one.text for one in part) for part in paragraphs)


def test_methods_of_the_example_say_what_was_done(built: Review) -> None:
    text = said(built)
    for part in (
        "Standardised mean differences (SMD) were computed from 34 results of 9 studies",
        "Hedges & Olkin 1985",
        "Higher values are better, as declared for Relief from a runny nose and Relief from "
        "sneezing.",
        "tau² by restricted maximum likelihood; 95% CI: Hartung-Knapp-Sidik-Jonkman",
        "Subgroups were compared by drug, as decided on 2026-11-02.",
        "Natural colds only (cold: natural only)",
        "Egger's test was planned and not done for Relief from a runny nose, day 1 (9 effects); "
        "Relief from a runny nose, day 2 (9 effects); Relief from sneezing, day 1 (8 effects); "
        "Relief from sneezing, day 2 (8 effects): the plan asks for 10 or more.",
        "Arrowroot",
    ):
        assert part in text, text


def test_every_sentence_leads_to_something_that_is_there(built: Review) -> None:
    folder = built.folder.build
    analyses = list(built.analyses.values())
    sentences = [one for part in methods(built.declared, analyses) for one in part]
    sentences += [one for analysis in analyses for one in results(analysis)]
    assert len(sentences) > 15
    for one in sentences:
        page, _, anchor = one.page.partition("#")
        assert f'id="{anchor}"' in (folder / page).read_text("utf-8"), one


def test_routes_clusters_and_assumptions_are_those_of_the_rows(make) -> None:
    rows = (
        "study,mean_t,sd_t,n_t,mean_c,sd_c,n_c,icc,cluster_size,t,direction\n"
        "A,5,2,60,4,2,60,0.05,10,,higher\nB,5,2,40,4,2,40,,,,higher\n"
        "C,,,30,,,30,,,2.1,higher\nD,3,2,30,4,2,30,,,,lower\n"
    )
    text = "title: T\npeople: [{name: A}]\noutcomes: [{id: pain}]\ncomparisons: [{id: care}]\n"
    review = Review(make(**{"review.yaml": text, "extraction.csv": rows}))
    told = said(review)
    assert "from 4 results of 4 studies, from means (3), t (1)." in re.sub("t statistic", "t", told)
    assert "The sign of 1 effect was turned" in told
    assert "In 1 result of trials that randomised clusters, variances were multiplied" in told


def test_results_print_the_numbers_of_the_fit(built: Review) -> None:
    one = built.analyses["antihistamine.sneezing.day1"]
    first, second, third = (sentence.text for sentence in results(one))
    assert first == (
        "Relief from sneezing, day 1: SMD 0.20 (95% CI -0.02 to 0.42, p = 0.068; 8 studies, 916 "
        "participants)."
    )
    assert "Q = 10.23 on 7 df (p = 0.176), I² = 31%, tau² = 0.018" in second
    assert third == one.subgroups["drug"].sentence()
    assert page_of(one) == "antihistamine.sneezing.day1.html"


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("small_studies egger", "Egger's test"),
        ("sensitivity low-risk", "the sensitivity analysis low-risk"),
    ],
)
def test_parts_of_the_plan_in_words(what: str, words: str) -> None:
    assert planned_words(what) == words


def test_a_sensitivity_analysis_is_called_by_its_label() -> None:
    plan = Plan(sensitivity=[Sensitivity(id="low", label="Low risk of bias only")])
    named = planned_words("sensitivity low", plan)
    assert named == 'the sensitivity analysis "Low risk of bias only"'


def test_each_part_of_the_plan_that_was_not_done_is_said_once(built: Review) -> None:
    few = "there are {} effects, and the plan asks for 10 or more."
    one_group = "'drug' has only one group, '{}'; there is nothing to compare."
    left = [
        [
            NotDone("small_studies egger", few.format(7)),
            NotDone("sensitivity a", "no study is left."),
        ],
        [
            NotDone("small_studies egger", few.format(2)),
            NotDone("sensitivity b", "no study is left."),
        ],
        [NotDone("subgroups drug", one_group.format("x")), NotDone("small_studies rank", "few.")],
        [NotDone("subgroups drug", one_group.format("y")), NotDone("small_studies rank", "odd.")],
    ]
    analyses = [
        replace(one, not_done=tuple(parts))
        for one, parts in zip(built.analyses.values(), left, strict=True)
    ]
    names = [one.name for one in analyses]
    said = [one.text for part in methods(built.declared, analyses) for one in part]
    assert [one for one in said if "planned and not done" in one] == [
        f"Egger's test was planned and not done for {names[0]} (7 effects); {names[1]} (2 "
        "effects): the plan asks for 10 or more.",
        f"The sensitivity analysis a was planned and not done for {names[0]}: no study is left.",
        f"The sensitivity analysis b was planned and not done for {names[1]}: no study is left.",
        f"The comparison of subgroups by drug was planned and not done for {names[2]} ('x'); "
        f"{names[3]} ('y'): 'drug' has only one group; there is nothing to compare.",
        f"The rank correlation test was planned and not done for {names[2]} (few); {names[3]} "
        "(odd).",
    ]
