"""What is doubtful about effects is said by every model of them. Synthetic rows."""

from __future__ import annotations

import pandas as pd
import pytest

import synthesis as syn
from synthesis.errors import DataError

SHEET = pd.DataFrame(
    {
        "study": list("aabbcc"),
        "outcome": list("xyxyxy"),
        "mean_t": [9.0, 10, 8, 9, 8, 9],
        "sd_t": 5.0,
        "n_t": 50,
        "mean_c": [12.0, 13, 11.5, 12, 10, 12],
        "sd_c": 5.0,
        "n_c": 50,
        "direction": "lower",
        "icc": 0.05,
        "cluster_size": float("nan"),
    }
)
DOUBT = "Clusters ignored, as the cluster size is not known"
EFFECTS = syn.effect_sizes(SHEET)


MODELS = {
    "three_level": lambda: syn.three_level(EFFECTS, cluster="study").notes,
    "robust": lambda: (
        syn.robust(syn.meta_analysis(EFFECTS, dependent="ignore"), cluster="study").notes
    ),
    "robust three_level": lambda: (
        syn.robust(syn.three_level(EFFECTS, cluster="study"), cluster="study").notes
    ),
    "meta_analyses": lambda: syn.meta_analyses(EFFECTS, by="outcome").attrs["notes"],
    "average": lambda: syn.meta_analysis(syn.average_within_studies(EFFECTS, rho=0.5)).notes,
}


@pytest.mark.parametrize("model", MODELS)
def test_ignored_clusters_are_said(model):
    notes = MODELS[model]()
    assert any(DOUBT in note for note in notes)


def test_averages_remember_reversed_signs():
    fit = syn.meta_analysis(syn.average_within_studies(EFFECTS, rho=0.5))
    points = syn.interpret(fit, sd=5, scale="mood", source="made up").to_frame()
    # Treated people have lower scores in every row, so that points are negative.
    assert points.set_index("reading").loc["mood", "estimate"] == pytest.approx(-5 * fit.estimate)


def test_averages_of_both_directions_give_no_points():
    sheet = SHEET.assign(direction=["lower", "higher"] * 3)
    averaged = syn.average_within_studies(syn.effect_sizes(sheet), rho=0.5)
    assert averaged["flipped"].tolist() == ["in part"] * 3
    with pytest.raises(DataError, match="have no single direction"):
        syn.interpret(syn.meta_analysis(averaged), sd=5, scale="mood", source="made up")


@pytest.mark.parametrize(
    "heading", ["Outcomes", "Sub-group", "Comparator", "Time points", "outcome_name"]
)
def test_columns_that_tell_rows_apart_by_other_names(heading):
    rows = pd.DataFrame({"study": list("aab"), "yi": [0.1, 0.3, 0.2], "vi": 0.04})
    with pytest.raises(DataError, match="depend on each other"):
        syn.meta_analysis(rows.assign(**{heading: ["one", "two", "one"]}))


def test_a_printed_effect_is_not_taken_for_divided():
    sheet = pd.DataFrame(
        {
            "study": ["a", "a", "b"],
            "effect": [0.2, 0.3, 0.4],
            "se": 0.2,
            "effect_type": "smd",
            "n_t": [30, 31, 40],
            "n_c": [30, 30, 40],
            "comparison": ["x v c", "y v c", "x v c"],
        }
    )
    with pytest.raises(DataError, match="a control that is shared cannot be divided"):
        syn.shared_control(sheet, rule="split")
    described = syn.shared_control(sheet.assign(mean_c=[1.0, 1.0, 2.0], sd_c=1.0), rule="split")
    with pytest.raises(DataError, match="share a control arm"):
        syn.meta_analysis(syn.effect_sizes(described))


def test_points_of_several_instruments():
    sheet = SHEET.drop_duplicates("study").drop(columns=["icc", "cluster_size"])
    mixed = sheet.assign(instrument=["phq", "PHQ", "bdi"])
    notes = syn.meta_analysis(syn.effect_sizes(mixed, "md")).notes
    assert any("instruments: phq (a, b); bdi (c)." in note for note in notes)
    for measure, names in (("smd", ["phq", "phq", "bdi"]), ("md", ["phq", "PHQ ", "phq"])):
        effects = syn.effect_sizes(sheet.assign(instrument=names), measure)
        assert not any("instruments" in note for note in syn.meta_analysis(effects).notes)


def test_a_direction_that_is_not_the_one_declared():
    sheet = SHEET.drop_duplicates("study").assign(direction="higher", outcome="mood")
    mood = syn.Outcome("mood", "Mood", direction="lower")
    fit = syn.meta_analysis(syn.effect_sizes(sheet, outcomes=mood))
    assert "Direction is not the one declared for the outcome: a, b, c." in fit.notes
    assert "Direction is not the one declared for the outcome (all studies)" in syn.alt_text(fit)


def test_rows_kept_without_an_effect_are_blank_in_covariances():
    arms = {"events_t": [4, 6, None], "n_t": 20, "events_c": [5, 5, 5], "n_c": 20}
    sheet = pd.DataFrame({"study": "a", "comparison": ["x", "y", "z"], **arms})
    covariance = syn.shared_control_covariance(syn.effect_sizes(sheet, "rd", refused="keep"))
    # The control's part: p(1 - p)/n = 0.25·0.75/20.
    assert covariance.iloc[0, 1] == pytest.approx(0.25 * 0.75 / 20)
    assert covariance.iloc[2].isna().all()


def test_the_alternative_text_says_that_dependence_is_ignored():
    fit = syn.meta_analysis(EFFECTS, dependent="ignore")
    assert "6 effects from 3 studies, pooled as if they were independent." in syn.alt_text(fit)


def test_a_row_copied_under_a_label_in_other_capitals():
    rows = pd.DataFrame({"study": ["Ash 2001", "ash 2001", "Elm"], "yi": [0.1, 0.1, 0.3]})
    with pytest.raises(DataError, match="'Ash 2001', 'ash 2001' are equal in every cell"):
        syn.meta_analysis(rows.assign(vi=0.04))
    assert syn.meta_analysis(rows.assign(vi=0.04), dependent="ignore").k == 3
    assert syn.meta_analysis(rows.assign(vi=[0.04, 0.05, 0.04])).k == 3


APART = SHEET.iloc[[0, 3, 4]].assign(outcome=["pain", "Pain", "sleep"])
COUNTS = pd.DataFrame(
    {
        "study": list("abc"),
        "outcome": APART["outcome"].tolist(),
        "events_t": [3, 4, 5],
        "n_t": 20,
        "events_c": [5, 6, 7],
        "n_c": 20,
    }
)
BARE = pd.DataFrame({"study": list("abc"), "outcome": APART["outcome"].tolist(), "yi": 0.1})
BARE = BARE.assign(yi=[0.1, 0.3, 0.2], vi=0.04, team="one", dose=[1.0, 2, 3])
POOLED = {
    "meta_analysis": lambda: syn.meta_analysis(syn.effect_sizes(APART)).notes,
    "without receipts": lambda: syn.meta_analysis(BARE).notes,
    "meta_analyses": lambda: syn.meta_analyses(BARE, by="team").attrs["notes"],
    "with receipts": lambda: syn.meta_analyses(
        syn.effect_sizes(APART).assign(team="one"), by="team"
    ).attrs["notes"],
    "mantel_haenszel": lambda: syn.mantel_haenszel(COUNTS).notes,
    "peto": lambda: syn.peto(COUNTS).notes,
    "meta_regression": lambda: syn.meta_regression(BARE, "~ dose").notes,
    "three_level": lambda: syn.three_level(pd.concat([BARE, BARE]), cluster="study").notes,
}


@pytest.mark.parametrize("model", POOLED)
def test_several_outcomes_are_said(model):
    said = [note for note in POOLED[model]() if "Several outcomes are pooled as one" in note]
    assert len(said) == 1
    assert "pain (a" in said[0] and "; sleep (c" in said[0]


def test_outcomes_that_the_model_tells_apart_are_not_doubted():
    again = BARE.assign(study=list("def"), yi=[0.5, 0.4, 0.9])
    table = pd.concat([BARE, again], ignore_index=True)
    table["outcome"] = table["outcome"].str.lower()
    for notes in (
        syn.meta_regression(table, "~ outcome").notes,
        syn.subgroup_analysis(table, "outcome").notes,
        syn.meta_analyses(table, by="outcome").attrs.get("notes", []),
        syn.three_level(
            table.assign(study=list("aabbcc")), cluster="study", formula="~ C(outcome)"
        ).notes,
        syn.meta_analysis(table.assign(outcome=["pain", " pain", "", "pain", "Pain", ""])).notes,
    ):
        assert not any("Several outcomes" in note for note in notes)
