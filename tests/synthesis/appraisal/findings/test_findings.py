"""The summary of findings: the Cochrane Handbook's printed cells, rows, groups and footnotes."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError, OptionError
from synthesis.appraisal.findings.printed import letter

STOCKINGS = {"intervention": "stockings", "comparator": "no stockings"}


def dvt(**options: object) -> syn.Certainty:
    # Cochrane Handbook 5.1, figure 11.5.a.
    given = syn.reported_effect(
        "rr", 0.10, ci=(0.04, 0.26), outcome="Symptomless DVT", studies=9, participants=2637
    )
    risks = {"low risk": 0.01, "high risk": 0.03}
    return syn.certainty(given, mid=0.75, baseline=risks, **{**STOCKINGS, **options})  # type: ignore[arg-type]


def veins() -> syn.Certainty:
    given = syn.reported_effect(
        "rr", 0.45, ci=(0.18, 1.13), outcome="Vein thrombosis", studies=8, participants=1804
    )
    return syn.certainty(given, mid=0.75, baseline=0.013, **STOCKINGS)


def oedema() -> syn.Certainty:
    given = syn.reported_effect(
        "md", -4.7, ci=(-4.9, -4.5), outcome="Oedema", studies=6, participants=1246
    )
    return syn.certainty(given, mid=2, better="lower", **STOCKINGS)


def test_the_handbooks_cells_to_the_digit() -> None:
    table = syn.summary_of_findings([dvt(), veins(), oedema()]).to_frame()
    assert table["risk_with_comparator"][0] == ("Low risk: 10 per 1,000; High risk: 30 per 1,000")
    lines = table["risk_with_intervention"][0].split("; ")
    assert lines[0] == "Low risk: 1 per 1,000 (0 to 3)"
    assert lines[2] == "High risk: 3 per 1,000 (1 to 8)"
    assert table["risk_with_intervention"][2].split("; ")[0] == "6 per 1,000 (2 to 15)"
    assert table["risk_with_intervention"][3] == "MD 4.70 lower (4.90 lower to 4.50 lower)"
    assert table["relative_effect"].tolist() == [
        *["RR 0.10 (0.04 to 0.26)"] * 2,
        "RR 0.45 (0.18 to 1.13)",
        "–",
    ]
    assert table["participants_studies"].tolist() == [
        *["2,637 (9 studies)"] * 2,
        "1,804 (8 studies)",
        "1,246 (6 studies)",
    ]


@pytest.mark.parametrize(
    ("measure", "effect", "fewer", "needed"), [("rr", 0.92, 24, 42), ("or", 0.73, 62, 17)]
)
def test_the_handbooks_differences(measure: str, effect: float, fewer: int, needed: int) -> None:
    given = syn.reported_effect(measure, effect, outcome="x")
    found = syn.summary_of_findings([syn.certainty(given, baseline=0.3)]).to_frame()
    assert found["risk_with_intervention"][0].endswith(f"{fewer} fewer per 1,000")
    assert math.ceil(found["nnt"][0]) == needed


def test_numbers_are_those_of_the_effect_unrounded() -> None:
    fit = syn.meta_analysis(syn.effect_sizes(syn.datasets.load("bcg"), measure="rr"))
    table = syn.summary_of_findings([syn.certainty(fit, mid=0.8, baseline=0.02)]).to_frame()
    ratio, low, high = (math.exp(one) for one in (fit.estimate, *fit.ci))
    assert table[["estimate", "ci_low", "ci_high"]].iloc[0].tolist() == pytest.approx(
        [ratio, low, high], rel=1e-12
    )
    assert table[["risk", "risk_low", "risk_high"]].iloc[0].tolist() == pytest.approx(
        [0.02 * ratio, 0.02 * low, 0.02 * high], rel=1e-12
    )
    assert table["participants"][0] == fit.studies[["n_t", "n_c"]].to_numpy().sum()


def test_columns_name_the_comparison_if_there_is_one() -> None:
    printed = syn.summary_of_findings([dvt()], title="Flights", population="adults").printed()
    assert printed.title == "Summary of findings: Flights"
    assert printed.columns[1:3] == ("Risk with no stockings", "Risk with stockings (95% CI)")
    assert printed.facts == (
        ("Population", "adults"),
        ("Intervention", "Stockings"),
        ("Comparator", "No stockings"),
    )
    assert [group.heading for group in printed.groups] == [""]


def test_several_comparisons_are_grouped() -> None:
    other = dvt(intervention="aspirin", comparator="nothing")
    printed = syn.summary_of_findings([dvt(), other, veins()]).printed()
    assert [(group.heading, len(group.rows)) for group in printed.groups] == [
        ("Stockings against no stockings", 2),
        ("Aspirin against nothing", 1),
    ]
    assert printed.columns[1] == "Risk with comparator"


def test_every_level_has_a_footnote_and_each_text_stands_once() -> None:
    judged = {"imprecision": (-1, "few events"), "risk of bias": (-1, "not blinded")}
    table = syn.summary_of_findings([dvt(judged=judged), veins()])
    notes = table.printed().notes
    texts = [text for mark, text in notes if mark]
    assert len(texts) == len(set(texts))
    assert "Rated down one level for imprecision: few events." in texts
    assert "Rated down one level for risk of bias: not blinded." in texts
    for one in table.certainties:
        assert set(one.reasons()) <= set(texts)
    marks = {text: mark for mark, text in notes if mark}
    cell = table.printed().groups[0].rows[0][5][-1]
    assert marks["Rated down one level for imprecision: few events."] in (
        cell.split("[")[1].rstrip("]").split(", ")
    )


def test_what_is_not_judged_is_counted_below() -> None:
    notes = [text for _, text in syn.summary_of_findings([dvt(), veins()]).printed().notes]
    assert any(text.startswith("2 of 2 ratings of certainty are not judged") for text in notes)


def test_the_profile_has_a_column_for_each_reason() -> None:
    judged = {"imprecision": (-2, "few events")}
    profile = syn.summary_of_findings([dvt(judged=judged)]).profile()
    assert profile["Imprecision"][0].startswith("very serious [")
    assert profile["Risk of bias"][0].startswith("not judged [")
    assert profile["Other considerations"][0] == "none"
    low = syn.summary_of_findings([dvt(design="nrsi")]).profile()
    assert "dose-response gradient: not judged" in low["Other considerations"][0]
    assert low["Studies (design)"][0] == "9 studies (not randomised)"


def test_importance_and_direction_come_from_the_outcome() -> None:
    outcome = syn.Outcome("pain", "Pain", measure="md", direction="lower", importance="critical")
    given = syn.reported_effect("md", -1, ci=(-2, 0), outcome=outcome)
    table = syn.summary_of_findings([syn.certainty(given, mid=1, follow_up="6 months")])
    row = table.printed().groups[0].rows[0]
    assert row[0] == ("Pain", "Follow-up: 6 months", "Lower is better")
    assert table.profile()["Importance"][0] == "critical"


def test_a_risk_that_rounds_to_nothing_is_said() -> None:
    given = syn.reported_effect("rr", 0.9, ci=(0.8, 1.1), outcome="x")
    found = syn.summary_of_findings([syn.certainty(given, baseline=0.001)]).to_frame()
    assert "fewer than 1 fewer per 1,000" in found["risk_with_intervention"][0]
    per = syn.summary_of_findings([syn.certainty(given, baseline=0.001, per=100_000)]).to_frame()
    assert per["risk_with_intervention"][0].startswith("90 per 100,000 (80 to 110); 10 fewer")


def test_intervals_of_different_levels_are_named() -> None:
    given = [
        syn.reported_effect("rr", 0.5, ci=(0.4, 0.6), outcome=name, level=level)
        for name, level in (("a", 0.95), ("b", 0.9))
    ]
    printed = syn.summary_of_findings([syn.certainty(one, mid=0.8) for one in given]).printed()
    assert printed.columns[3] == "Relative effect (CI)"
    assert ("", "Levels of the intervals: a 95%, b 90%.") in printed.notes


def test_control_means_of_mean_differences() -> None:
    table = pd.DataFrame(
        {"study": ["A", "B"], "yi": [1.0, 2.0], "vi": [0.1, 0.1], "mean_c": [10.0, 12.5]}
    )
    fit = syn.meta_analysis(table, measure="md", ci="wald")
    found = syn.summary_of_findings([syn.certainty(fit, mid=1)]).to_frame()
    assert found["risk_with_comparator"][0] == "Means from 10.00 to 12.50"


def test_what_is_refused() -> None:
    with pytest.raises(OptionError, match="there is none"):
        syn.summary_of_findings([])
    with pytest.raises(DataError, match="takes results of certainty"):
        syn.summary_of_findings([dvt().body])  # type: ignore[list-item]
    with pytest.raises(DataError, match="takes a list of results of certainty"):
        syn.summary_of_findings(dvt().body)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="two rows are about the same outcome"):
        syn.summary_of_findings([dvt(), dvt()])
    with pytest.raises(OptionError, match="view must be one of 'findings', 'profile'"):
        syn.summary_of_findings([dvt()]).printed("table")
    with pytest.raises(OptionError, match=r"must end in .docx, .html, .xlsx, .md; got 'sof.pdf'"):
        syn.summary_of_findings([dvt()]).save("sof.pdf")


def test_marks_of_footnotes() -> None:
    assert [letter(place) for place in (0, 25, 26, 51, 52)] == ["a", "z", "aa", "az", "ba"]


def test_risks_without_names_are_told_apart() -> None:
    given = syn.reported_effect("rr", 1.5, ci=(1.2, 1.9), outcome="Cure")
    found = syn.certainty(given, mid=1.25, baseline=[0.1, 0.9], **STOCKINGS)
    cell = syn.summary_of_findings([found]).printed().groups[0].rows[0][2]
    assert cell[0] == "At 100 per 1,000: 150 per 1,000 (120 to 190)"
    assert cell[2] == "At 900 per 1,000: 1,000 per 1,000 (1,000 to 1,000)"


def test_thousands_have_commas_and_a_small_risk_is_not_none() -> None:
    given = syn.reported_effect("rr", 0.5, ci=(0.4, 0.6), outcome="Death")
    found = syn.certainty(given, mid=0.75, baseline=0.2, per=100_000, **STOCKINGS)
    row = syn.summary_of_findings([found]).printed().groups[0].rows[0]
    assert row[1] == ("20,000 per 100,000",)
    assert row[2] == (
        "10,000 per 100,000 (8,000 to 12,000)",
        "10,000 fewer per 100,000 (12,000 fewer to 8,000 fewer)",
    )
    rare = syn.certainty(given, mid=0.75, baseline=0.0002, **STOCKINGS)
    row = syn.summary_of_findings([rare]).printed().groups[0].rows[0]
    assert row[1] == ("fewer than 1 per 1,000",)


def test_a_note_on_turned_signs_is_where_the_effect_is_in_table_and_profile() -> None:
    stay = syn.Outcome("stay", "Length of stay", measure="smd", direction="lower", mid=0.2)
    effects = syn.effect_sizes(syn.with_outcomes(syn.datasets.load("normand1999"), stay))
    found = syn.summary_of_findings([syn.certainty(syn.meta_analysis(effects))])
    for view, column in (("findings", 2), ("profile", 10)):
        printed = found.printed(view)
        cell = printed.groups[0].rows[0][column][-1]
        assert cell.startswith("SMD 0.54 better")
        assert "above 0 is better" in dict(printed.notes)[cell[-2]]


def test_what_a_reader_must_be_told_is_in_the_profile_too() -> None:
    given = syn.reported_effect("rr", 0.9, ci=(0.7, 1.2), outcome="Death", participants=900)
    found = syn.summary_of_findings([syn.certainty(given, **STOCKINGS)])
    for view in ("findings", "profile"):
        texts = [text for _, text in found.printed(view).notes]
        assert any(text.startswith("No minimal important difference was given") for text in texts)


@pytest.mark.parametrize(
    ("given", "named"),
    [(None, "None"), (5, "5"), ([{}], "a dictionary"), ([None], "None")],
)
def test_what_was_not_rated_is_named_as_a_reader_knows_it(given: object, named: str) -> None:
    with pytest.raises(DataError, match=rf"got {named}\. Rate it first"):
        syn.summary_of_findings(given)  # type: ignore[arg-type]
