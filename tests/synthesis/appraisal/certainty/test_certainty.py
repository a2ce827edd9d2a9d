"""Levels, judgements, what is out of date, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError, OptionError

# Synthetic studies.
TABLE = pd.DataFrame(
    {"study": list("ABCD"), "yi": [0.4, 0.5, 0.6, 0.5], "vi": 0.01, "n_t": 200, "n_c": 200}
)
FIT = syn.meta_analysis(TABLE, measure="smd", ci="wald")
LOW = dict.fromkeys("ABCD", "low")
ALL = {
    "risk of bias": 0,
    "inconsistency": (0, "alike"),
    "indirectness": (-1, "hospitals only"),
    "imprecision": (0, "narrow"),
    "publication bias": (0, "all registered"),
}
NAMES = {"intervention": "care", "comparator": "usual care", "outcome": "Pain"}


def test_a_level_that_nobody_judged_says_so_everywhere() -> None:
    found = syn.certainty(FIT, mid=0.2, risk_of_bias=LOW, **NAMES)  # type: ignore[arg-type]
    assert (found.level, found.status) == ("high", "proposed, not judged")
    said = "At most high (proposed, not judged)"
    assert found.certainty_in_words == said
    table = syn.summary_of_findings([found])
    for text in (str(found), found.sentence(), found._repr_html_(), str(table)):
        assert said.lower() in text.lower()


def test_a_level_that_people_judged() -> None:
    found = syn.certainty(FIT, mid=0.2, risk_of_bias=LOW, judged=ALL, **NAMES)  # type: ignore[arg-type]
    assert (found.level, found.status, found.stale) == ("moderate", "judged", ())
    assert found.certainty_in_words == "Moderate"
    assert found.symbols == "⊕⊕⊕◯"
    assert found.reasons() == ["Rated down one level for indirectness: hospitals only."]
    assert found.sentence() == (
        "Care probably increases pain, compared with usual care (SMD 0.50, 95% CI 0.40 to 0.60; 4 "
        "studies, 1,600 participants; certainty: moderate; rated down one level for indirectness)."
    )


def test_the_frame_of_reasons() -> None:
    found = syn.certainty(FIT, mid=0.2, judged={"Imprecision": (-1, "few")})
    assert list(found.domains.columns[:7]) == [
        *("domain", "proposed", "judgement", "levels", "reason", "rule", "source"),
    ]
    table = found.domains.set_index("domain")
    assert table.loc["imprecision", ["proposed", "judgement", "levels", "reason"]].tolist() == [
        "not serious",
        "serious",
        -1,
        "few",
    ]
    assert table.loc["indirectness", "judgement"] == "not judged"
    assert pd.isna(table.loc["indirectness", "levels"])
    assert (table[["rule", "source"]] != "").all().all()
    assert found.status == "in part judged"


def test_a_judgement_in_words() -> None:
    judged = {"imprecision": ("Very serious", "few"), "publication bias": ("undetected", "a")}
    table = syn.certainty(FIT, mid=0.2, judged=judged).domains.set_index("domain")
    assert table.loc[["imprecision", "publication bias"], "levels"].tolist() == [-2, 0]


@pytest.mark.parametrize(
    ("design", "levels", "level"),
    [
        ("rct", 0, "high"),
        ("rct", -1, "moderate"),
        ("rct", -2, "low"),
        ("rct", -3, "very low"),
        ("nrsi", 0, "low"),
        ("nrsi", -1, "very low"),
        ("nrsi", -3, "very low"),
        ("nrsi_robins_i", 0, "high"),
    ],
)
def test_levels_count_from_where_the_design_starts(design: str, levels: int, level: str) -> None:
    found = syn.certainty(FIT, mid=0.2, design=design, judged={"indirectness": (levels, "a")})
    assert found.level == level


def test_what_cannot_be_judged_leaves_no_level() -> None:
    judged = {"risk of bias": (None, "the article is needed")}
    found = syn.certainty(FIT, mid=0.2, judged=judged, **NAMES)  # type: ignore[arg-type]
    assert (found.level, found.symbols) == ("not judged", "")
    assert "Risk of bias not judged: the article is needed." in found.reasons()
    assert found.what_happens.startswith("The certainty of the evidence")
    assert "is not judged" in found.what_happens


# --- out of date ---------------------------------------------------------------------------------


def judged_once() -> dict[str, object]:
    return dict(syn.certainty(FIT, mid=0.2, risk_of_bias=LOW, judged=ALL).judgements())


def test_judgements_hold_for_the_same_data() -> None:
    same = syn.meta_analysis(TABLE.iloc[::-1], measure="smd", ci="wald")
    found = syn.certainty(same, mid=0.2, risk_of_bias=LOW, judged=judged_once())
    assert found.stale == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda: (syn.meta_analysis(TABLE.iloc[:3], measure="smd", ci="wald"), {"mid": 0.2}),
        lambda: (syn.meta_analysis(TABLE.assign(vi=0.011), measure="smd", ci="wald"), {"mid": 0.2}),
        lambda: (syn.meta_analysis(TABLE, measure="smd", ci="hksj"), {"mid": 0.2}),
        lambda: (syn.meta_analysis(TABLE, measure="smd", ci="wald", tau2="dl"), {"mid": 0.2}),
        lambda: (FIT, {"mid": 0.3}),
        lambda: (FIT, {"mid": 0.2, "thresholds": (0.5,)}),
        lambda: (FIT, {"mid": 0.2, "design": "nrsi_robins_i"}),
    ],
    ids=[
        "a study less",
        "a variance",
        "the interval",
        "the estimator",
        "the MID",
        "thresholds",
        "design",
    ],
)
def test_judgements_of_something_else_are_out_of_date_and_say_so_everywhere(
    change, tmp_path
) -> None:
    fit, options = change()
    found = syn.certainty(fit, risk_of_bias=LOW, judged=judged_once(), **options, **NAMES)
    assert set(found.stale) == set(ALL)
    table = syn.summary_of_findings([found])
    path = table.save(tmp_path / "sof.md")
    profile = table.profile().to_string()
    for text in (
        str(found),
        found._repr_html_(),
        str(table),
        table._repr_html_(),
        profile,
        Path(path).read_text("utf-8"),
    ):
        assert "out of date" in text
    assert table.to_frame()["stale"].all()
    assert any("judge it again" in reason for reason in found.reasons())


def test_only_the_reason_concerned_is_out_of_date() -> None:
    other = {**LOW, "A": "high"}
    found = syn.certainty(FIT, mid=0.2, risk_of_bias=other, judged=judged_once())
    assert found.stale == ("risk of bias",)


# --- refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"design": "cohort"}, OptionError, "design must be one of 'rct'"),
        ({"judged": {"bias": (-1, "a")}}, OptionError, "there is no domain 'bias'"),
        ({"judged": {"imprecision": (1, "a")}}, OptionError, "levels are -3 to 0; got 1. Write -1"),
        ({"judged": {"imprecision": (-4, "a")}}, OptionError, "are -3 to 0; got -4"),
        ({"judged": {"large effect": (-1, "a")}}, OptionError, "rates up, .* Write 1"),
        (
            {"judged": {"imprecision": -1}},
            OptionError,
            "needs a reason, since the judgement differs",
        ),
        ({"judged": {"indirectness": 0}}, OptionError, "there is no proposal to agree with"),
        ({"judged": {"indirectness": None}}, OptionError, "must be levels and a reason"),
        ({"judged": {"indirectness": (None, "")}}, OptionError, "it cannot be judged"),
        ({"judged": {"imprecision": "serious"}}, OptionError, "must be levels and a reason"),
        ({"judged": {"imprecision": ("bad", "a")}}, OptionError, "one of 'not serious', 'serious'"),
        ({"judged": {"imprecision": (0.5, "a")}}, OptionError, "must be a whole number"),
        ({"judged": [1]}, OptionError, "judged must be a mapping"),
        ({"judged": {"imprecision": (0, "a"), "Imprecision": (0, "b")}}, OptionError, "twice"),
        ({"judged": {"imprecision": {"level": 0}}}, OptionError, "needs 'levels' and 'reason'"),
        ({"mid": 0}, OptionError, "mid must not be 0"),
        ({"mid": "a"}, OptionError, "mid must be a number"),
        ({"thresholds": (0.1, 0.2, 0.3, 0.4)}, OptionError, "at most three"),
        ({"thresholds": (0.3, 0.4, 0.5), "mid": 0.2}, OptionError, "there are 4 boundaries"),
        ({"thresholds": "0.2"}, OptionError, "thresholds must be numbers"),
        ({"baseline": 0.2}, OptionError, "baseline is for ratios and differences of risks"),
        ({"better": "more"}, OptionError, "better must be one of 'higher', 'lower'"),
        ({"rules": {"high_wieght": 3}}, OptionError, "Did you mean 'high_weight'"),
        ({"rules": {"high_weight": "a"}}, OptionError, "high_weight must be a number"),
        ({"rules": {"some_concerns": "no"}}, OptionError, "must be 'low' or 'high'"),
        (
            {"rules": {"high_weight": 101}},
            OptionError,
            "high_weight must be a number from 0 to 100",
        ),
        (
            {"rules": {"tests_from": float("inf")}},
            OptionError,
            "tests_from must be a number from 0",
        ),
        ({"rules": {"tests_from": 9.5}}, OptionError, "tests_from must be a whole number"),
        ({"rules": syn.CertaintyRules(some_concerns="no")}, OptionError, "'low' or 'high'"),
        ({"thresholds": (0.2, 0.5), "mid": 0.3}, OptionError, "must be the smallest boundary"),
        ({"mid": 3}, OptionError, "smd counts standard deviations, and 3 would call every effect"),
        ({"thresholds": (2, 3)}, OptionError, "thresholds: smd counts standard deviations"),
        ({"intervention": " "}, OptionError, "intervention must not be empty"),
        (
            {"outcome": syn.Outcome("pain", measure="md", mid=3)},
            DataError,
            "declares a minimal important difference as 'md'",
        ),
    ],
)
def test_what_is_refused(options: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        syn.certainty(FIT, **options)  # type: ignore[arg-type]


def test_other_results_are_refused() -> None:
    with pytest.raises(DataError, match="a result of meta_analysis is needed; got a table"):
        syn.certainty(TABLE)  # type: ignore[arg-type]
    for measure in ("logit", "fisher_z"):
        fit = syn.meta_analysis(TABLE, measure=measure, ci="wald")
        with pytest.raises(DataError, match=f"compare two groups; .*{measure}"):
            syn.certainty(fit)


def test_numbers_of_pandas_and_numpy_are_numbers() -> None:
    levels = pd.Series([-1, 0])
    judged = {"imprecision": (levels[0], "few"), "indirectness": (-1.0, "some")}
    found = syn.certainty(FIT, mid=TABLE["yi"].min() / 2, judged=judged)
    assert found.level == "low"
    counts = pd.Series([8, 2637])
    given = syn.reported_effect("rr", 0.5, outcome="x", studies=counts[0], participants=counts[1])
    assert syn.certainty(given).body.participants == 2637


def test_a_ratio_needs_a_ratio_as_its_minimal_important_difference() -> None:
    given = syn.reported_effect("rr", 0.8, ci=(0.7, 0.9), outcome="x")
    for mid in (1.0, -0.2, 0.0):
        with pytest.raises(OptionError, match="must be a ratio > 0 that is not 1"):
            syn.certainty(given, mid=mid)


@pytest.mark.parametrize(
    ("measure", "options", "message"),
    [
        # A threshold of events without the risk, and the boundary of a standardised difference.
        ("rr", {"thresholds": (10, 30)}, "rr is a ratio, and 10, 30 would .* the baseline risk"),
        ("rr", {"mid": 0.2}, "mid: rr is a ratio, and 0.2 would call every effect between 0.20"),
        ("rom", {"mid": 20}, r"Write 0.8 for a reduction by a fifth\.$"),
        ("rd", {"mid": 20}, "a risk difference lies between -1 and 1; got 20"),
    ],
)
def test_a_boundary_of_another_scale_is_not_taken_for_one_of_this(
    measure: str, options: dict[str, object], message: str
) -> None:
    given = syn.reported_effect(measure, 0.8, ci=(0.7, 0.9), outcome="x")
    with pytest.raises(OptionError, match=message):
        syn.certainty(given, **options)  # type: ignore[arg-type]


# --- signs that were turned ----------------------------------------------------------------------


def test_turned_signs_are_read_back() -> None:
    stay = syn.Outcome("stay", "Length of stay", measure="smd", direction="lower", mid=0.2)
    sheet = syn.with_outcomes(syn.datasets.load("normand1999"), stay)
    fit = syn.meta_analysis(syn.effect_sizes(sheet))
    assert fit.estimate > 0.2
    found = syn.certainty(fit, intervention="a stroke unit", comparator="routine care")
    assert found.happens == "A stroke unit may reduce length of stay"
    assert found.more_is_better == "no"
    assert "above 0 is better" in found.sentence()
    cell = syn.summary_of_findings([found]).to_frame()["risk_with_intervention"][0]
    assert cell == "SMD 0.54 better (0.18 worse to 1.25 better)"


def test_events_that_were_turned_are_counted_as_they_were() -> None:
    sheet = syn.datasets.load("bcg").assign(direction="lower", outcome="tb")
    fit = syn.meta_analysis(syn.effect_sizes(sheet, measure="rr"))
    plain = syn.meta_analysis(syn.effect_sizes(syn.datasets.load("bcg"), measure="rr"))
    assert fit.estimate == pytest.approx(-plain.estimate)
    turned, straight = (
        syn.certainty(
            one, mid=0.8, baseline=0.02, outcome="Tuberculosis", intervention="vaccination"
        )
        for one in (fit, plain)
    )
    assert turned.happens == straight.happens
    assert turned.risks[""].risk == pytest.approx(straight.risks[""].risk)


def test_a_risk_that_is_cut_is_said() -> None:
    given = syn.reported_effect("rr", 2.5, ci=(1.6, 3.9), outcome="x")
    found = syn.certainty(given, mid=1.25, baseline=0.5)
    assert any("the risk was cut there" in note for note in found.notes)


def test_a_risk_difference_needs_no_baseline() -> None:
    given = syn.reported_effect("rd", -0.05, ci=(-0.09, -0.01), outcome="Falls")
    found = syn.certainty(given, thresholds=20)
    assert found.size.triple == pytest.approx((-50, -90, -10))  # type: ignore[union-attr]
    cell = syn.summary_of_findings([found]).to_frame()["risk_with_intervention"][0]
    assert cell == "50 fewer per 1,000 (90 fewer to 10 fewer)"


@pytest.mark.parametrize("pool", [syn.mantel_haenszel, syn.peto])
def test_fits_that_add_up_tables(pool) -> None:
    fit = pool(syn.datasets.load("bcg"))
    found = syn.certainty(fit, mid=0.8, baseline=0.02)
    assert found.body.participants == 357_347
    assert found.domains["levels"].notna().sum() >= 4


def test_the_median_risk_of_the_control_arms() -> None:
    bcg = syn.datasets.load("bcg")
    fit = syn.meta_analysis(syn.effect_sizes(bcg, measure="rr"))
    found = syn.certainty(fit, mid=0.8, baseline="studies")
    risk = (bcg["events_c"] / bcg["n_c"]).median()
    assert found.risks["median of the control arms"].baseline == pytest.approx(risk)
    with pytest.raises(DataError, match=r"needs the control arms"):
        syn.certainty(
            syn.meta_analysis(TABLE, measure="rr", ci="wald"), mid=0.8, baseline="studies"
        )
    with pytest.raises(OptionError, match=r"baseline must be a risk such as 0.2, or 'studies'"):
        syn.certainty(fit, mid=0.8, baseline="median")


def test_people_counted_twice_are_not_counted() -> None:
    twice = pd.concat([TABLE.assign(time=1), TABLE.assign(time=2)], ignore_index=True)
    fit = syn.meta_analysis(
        twice.rename(columns={"time": "timepoint_months"}),
        measure="smd",
        ci="wald",
        dependent="ignore",
    )
    assert fit.dependence == "ignored"
    assert syn.certainty(fit).body.participants is None
