"""Findings on the arrows of a logic model."""

from __future__ import annotations

import pytest

import synthesis as syn
from arrowroot.errors import DataError, EvidenceError, OptionError
from logicmodels import LogicModel

BOXES = [
    {"id": "care", "column": "activities", "label": "Case management"},
    {"id": "glad", "column": "outcomes", "label": "Satisfied patients"},
]
MODEL = LogicModel.from_tables(
    BOXES, [{"from": "care", "to": "glad"}], profile="theory-of-change", title="Care"
)
ARROW = {"Satisfaction": ("care", "glad")}


def finding(
    effect: float = 0.26, low: float = 0.16, high: float = 0.36, **options: object
) -> syn.Certainty:
    outcome = syn.Outcome("satisfaction", "Satisfaction", direction="higher")
    given = syn.reported_effect(
        "smd", effect, ci=(low, high), outcome=outcome, studies=5, source="Stokes 2015"
    )
    return syn.certainty(given, **{"mid": 0.2, "follow_up": "short", **options})  # type: ignore[arg-type]


def test_certainty_lands_on_the_arrow() -> None:
    judged = {
        **dict.fromkeys(("risk of bias", "inconsistency"), (-1, "see the review")),
        **dict.fromkeys(("indirectness", "publication bias"), (0, "none")),
        "imprecision": (0, "narrow enough"),
    }
    sof = syn.summary_of_findings([finding(judged=judged)])
    model = MODEL.with_evidence(sof, arrows=ARROW)
    (claim,) = model.links[0].evidence
    assert (claim.certainty, claim.direction, claim.k) == ("low", "supports", 5)
    assert (claim.estimate, claim.ci_low, claim.ci_high, claim.measure) == (0.26, 0.16, 0.36, "SMD")
    assert (claim.outcome, claim.window, claim.citation) == ("Satisfaction", "short", "Stokes 2015")
    assert "Rated down one level for risk of bias: see the review" in claim.reasons
    assert "low" in str(model.describe())


def test_a_certainty_that_nobody_judged_says_so_on_the_arrow() -> None:
    model = MODEL.with_evidence(syn.summary_of_findings([finding()]), arrows=ARROW)
    (claim,) = model.links[0].evidence
    assert "certainty proposed, not judged" in claim.reasons
    judged = {"risk of bias": (None, "the article is needed")}
    unjudged = syn.summary_of_findings([finding(judged=judged)]).evidence_table(ARROW)
    assert unjudged["certainty"].tolist() == [""]


def test_run_again_it_replaces_itself() -> None:
    sof = syn.summary_of_findings([finding()])
    twice = MODEL.with_evidence(sof, arrows=ARROW).with_evidence(sof, arrows=ARROW)
    assert len(twice.links[0].evidence) == 1


@pytest.mark.parametrize(
    ("effect", "low", "high", "options", "direction"),
    [
        (0.3, 0.1, 0.5, {}, "supports"),
        (-0.3, -0.5, -0.1, {}, "adverse"),
        (0.1, -0.1, 0.3, {}, "no difference"),
        (0.1, -0.4, 0.5, {}, "not stated"),
        (0.3, 0.1, 0.5, {"mid": None}, "supports"),
        (0.3, -0.1, 0.5, {"mid": None}, "not stated"),
        (0.3, 0.0, 0.6, {"mid": None}, "not stated"),
    ],
)
def test_what_a_finding_says_of_its_arrow(
    effect: float, low: float, high: float, options: dict[str, object], direction: str
) -> None:
    sof = syn.summary_of_findings([finding(effect, low, high, **options)])
    assert sof.evidence_table(ARROW)["direction"].tolist() == [direction]


def test_without_knowing_which_way_is_better_no_direction_is_stated() -> None:
    given = syn.reported_effect("smd", 0.5, ci=(0.3, 0.7), outcome="Satisfaction")
    for better, direction in (("", "not stated"), ("higher", "supports"), ("lower", "adverse")):
        sof = syn.summary_of_findings([syn.certainty(given, mid=0.2, better=better)])
        assert sof.evidence_table(ARROW)["direction"].tolist() == [direction]


def test_outcomes_by_time_several_arrows_and_what_is_left_out() -> None:
    sof = syn.summary_of_findings([finding(), finding(follow_up="long")])
    table = sof.evidence_table({("satisfaction", "long"): [("care", "glad"), ("glad", "care")]})
    assert table["window"].tolist() == ["long", "long"]
    assert table["target"].tolist() == ["glad", "care"]
    assert table.attrs["left_out"] == ("Satisfaction",)
    assert len(sof.evidence_table(ARROW)) == 2


def test_findings_of_several_comparisons_are_not_mixed_on_one_arrow() -> None:
    two = [finding(), finding(intervention="telephone calls")]
    with pytest.raises(DataError, match="findings of 2 comparisons are about 'Satisfaction'"):
        syn.summary_of_findings(two).evidence_table(ARROW)


def test_an_effect_whose_signs_were_turned_says_so_on_the_arrow() -> None:
    stay = syn.Outcome("stay", "Length of stay", direction="lower", mid=0.2)
    sheet = syn.with_outcomes(syn.datasets.load("normand1999"), stay)
    rated = syn.certainty(syn.meta_analysis(syn.effect_sizes(sheet)))
    table = syn.summary_of_findings([rated]).evidence_table({"stay": ("care", "glad")})
    assert table["direction"][0] == "supports"
    assert "Signs of all studies were turned: above 0 is better" in table["reasons"][0]


def test_what_is_refused() -> None:
    sof = syn.summary_of_findings([finding()])
    with pytest.raises(EvidenceError, match="say which arrow each outcome"):
        MODEL.with_evidence(sof)
    with pytest.raises(EvidenceError, match="arrows goes with a summary of findings"):
        MODEL.with_evidence([], arrows=ARROW)
    with pytest.raises(EvidenceError, match=r"the model has no link glad -> care"):
        MODEL.with_evidence(sof, arrows={"Satisfaction": ("glad", "care")})
    with pytest.raises(DataError, match=r"no finding is about 'satisfied'.*'Satisfaction'"):
        sof.evidence_table({"satisfied": ("care", "glad")})
    with pytest.raises(OptionError, match="needs the two boxes of its arrow"):
        sof.evidence_table({"Satisfaction": "care"})
    with pytest.raises(OptionError, match="arrows must say"):
        sof.evidence_table({})
