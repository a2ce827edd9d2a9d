"""The analyses of the example against R's metafor, and what a plan changes about them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import synthesis as syn
from synthesis.review.review import Review

ROOT = Path(__file__).parents[3]

# metafor 3.8: rma(yi, vi, test="knha") of escalc("SMD") on dat.dagostino1998, by REML with
# threshold 1e-12: estimate, limits, p-value, tau2, QE; then DL's estimate and limits; then natural
# colds alone.
METAFOR = {
    "runny-nose.day1": (
        (0.2324849833, 0.0742228702, 0.3907470964, 0.0095353168, 0.0, 9.5055883854),
        (0.2333053679, 0.0861465828, 0.3804641531),
        (0.2242047346, 0.0315629443, 0.4168465249),
    ),
    "runny-nose.day2": (
        (0.2539407203, 0.1251838041, 0.3826976364, 0.0018792747, 0.0, 6.2131610787),
        (0.2539407203, 0.1297619763, 0.3781194642),
        (0.2464903820, 0.0868332644, 0.4061474995),
    ),
    "sneezing.day1": (
        (0.1985394772, -0.0192617594, 0.4163407139, 0.0680583333, 0.0184370572, 10.2260216805),
        (0.1990506149, 0.0217385112, 0.3763627186),
        (0.1543099797, -0.0411423184, 0.3497622778),
    ),
    "sneezing.day2": (
        (0.2890770713, 0.1417735859, 0.4363805566, 0.0023682640, 0.0, 6.0116138487),
        (0.2890770713, 0.1573265153, 0.4208276272),
        (0.2698115738, 0.1526117694, 0.3870113783),
    ),
}


@pytest.mark.parametrize("name", METAFOR)
def test_the_example_against_metafor(built: Review, name: str) -> None:
    one = built.analyses[f"antihistamine.{name}"]
    main, dl, natural = METAFOR[name]
    fit = one.fit
    found = (fit.estimate, *fit.ci, fit.p_value, fit.tau2, fit.q)
    # metafor prints ten decimals here; its tau2 stops at 1e-12.
    assert found == pytest.approx(main, abs=1e-9)
    for key, expected in (("dl", dl), ("natural", natural)):
        fit = one.sensitivity[key].fit
        assert (fit.estimate, *fit.ci) == pytest.approx(expected, abs=1e-9)


def test_the_sheet_of_the_example_is_the_published_table(example: Path) -> None:
    with (ROOT / "data/dagostino1998/results.csv").open(encoding="utf-8") as file:
        printed = {
            (row["study"], row["outcome"].replace("_", "-"), row["day"]): row
            for row in csv.DictReader(file)
            if row["mean_change_t"]
        }
    rows = Review(example).extraction.rows
    assert len(rows) == len(printed) == 34
    for row in rows.to_dict("records"):
        source = printed[row["study"], row["outcome"], f"{row['timepoint_days']:g}"]
        for name in ("n_t", "mean_change_t", "sd_change_t", "n_c", "mean_change_c", "sd_change_c"):
            assert row[name] == float(source[name])
        assert (row["drug"], row["cold"]) == (source["drug"], source["cold"])


def test_the_objects_are_those_of_a_notebook(built: Review) -> None:
    one = built.analyses["antihistamine.sneezing.day1"]
    again = syn.meta_analysis(one.effects)
    assert isinstance(one.fit, syn.MetaAnalysis)
    assert (again.estimate, again.ci) == (one.fit.estimate, one.fit.ci)
    groups = syn.subgroup_analysis(one.effects, by="drug")
    assert groups.q_between == one.subgroups["drug"].q_between
    assert one.participants == int(one.effects[["n_t", "n_c"]].sum().sum())


def test_a_sensitivity_analysis_names_whom_it_leaves_out(make) -> None:
    one = Review(make()).analyses["care.score"]
    assert one.sensitivity["without-donat"].left_out == ("Donat",)
    assert one.sensitivity["without-donat"].fit.k == 5
    # Borenstein et al. 2009, ch. 14: the common effect is 0.414 with their variance.
    assert one.sensitivity["common"].fit.model == "common"
    assert one.sensitivity["common"].left_out == ()


def test_borenstein_chapter_14(make) -> None:
    text = (ROOT / "tests/synthesis/review/conftest.py").read_text("utf-8")
    declaration = text.split('DECLARATION = """\\\n')[1].split('"""')[0]
    plan = "plan:\n  effects: {variance: ls2}\n  model: {model: common}\n"
    folder = make(**{"review.yaml": declaration.split("plan:")[0] + plan})
    fit = Review(folder).analyses["care.score"].fit
    assert [round(value, 3) for value in (fit.estimate, *fit.ci)] == [0.414, 0.289, 0.540]


@pytest.mark.parametrize(
    ("plan", "what", "reason"),
    [
        ("subgroups: [team]", "subgroups team", "no column 'team'"),
        ("sensitivity: [{id: a, keep: {team: [x]}}]", "sensitivity a", "no column 'team'"),
        ("sensitivity: [{id: a, keep: {study: [x]}}]", "sensitivity a", "no study is left."),
        ("small_studies: {from: 7}", "small_studies egger", "there are 6 effects, and the plan"),
    ],
)
def test_what_is_planned_and_cannot_be_done_is_said(
    make, plan: str, what: str, reason: str
) -> None:
    text = "title: T\npeople: [{name: A}]\noutcomes: [{id: score}]\ncomparisons: [{id: care}]\n"
    text += f"plan:\n  {plan}\n"
    review = Review(make(**{"review.yaml": text}))
    (left,) = [one for one in review.analyses["care.score"].not_done if one.what == what]
    assert reason in left.reason
    assert any(one.rule == "plan" and reason in one.message for one in review.check())


SEVERAL = """\
title: T
people: [{name: A}]
outcomes: [{id: pain}]
comparisons: [{id: care}]
plan:
"""
ROWS = "study,instrument,yi,vi\nA,vas,0.3,0.04\nA,nrs,0.1,0.04\nB,vas,0.5,0.04\nC,nrs,0.2,0.04\n"


def test_several_results_of_a_study_are_refused_chosen_or_averaged(make) -> None:
    refused = Review(make(**{"review.yaml": SEVERAL, "extraction.csv": ROWS}))
    assert refused.analyses["care.pain"].fit is None
    assert any(one.rule == "not-pooled" for one in refused.check().errors())
    path = refused.folder.path / "review.yaml"

    path.write_text(SEVERAL + "  several_results: {choose: instrument, order: [nrs, vas]}\n")
    chosen = Review(path.parent).analyses["care.pain"]
    assert chosen.fit.studies[["study", "yi"]].to_numpy().tolist() == [
        ["A", 0.1],
        ["B", 0.5],
        ["C", 0.2],
    ]
    assert chosen.set_aside["line"].tolist() == [2]

    path.write_text(SEVERAL + "  several_results: {average: 0.5}\n")
    averaged = Review(path.parent).analyses["care.pain"].fit
    # The mean of two effects with r = 0.5 has the variance 0.04 (2 + 2 * 0.5) / 4.
    assert averaged.studies.set_index("study").loc["A", ["yi", "vi"]].tolist() == [
        pytest.approx(0.2),
        pytest.approx(0.03),
    ]


def test_arms_of_one_trial_are_combined_as_the_plan_says(make) -> None:
    rows = (
        "study,arm,mean_t,sd_t,n_t,mean_c,sd_c,n_c\n"
        "A,low,5,2,20,4,2,20\nA,high,6,2,20,4,2,20\nB,low,5,2,30,4,2,30\n"
    )
    text = f"{SEVERAL}  several_arms: combine\n"
    review = Review(make(**{"review.yaml": text, "extraction.csv": rows}))
    sheet = syn.read_extraction(review.folder.path / "extraction.csv")
    ours = review.analyses["care.pain"].fit
    theirs = syn.meta_analysis(syn.effect_sizes(syn.shared_control(sheet), "smd"))
    assert (ours.k, ours.estimate) == (2, theirs.estimate)
