"""Wrong or odd input: answered in words, neither guessed nor dropped. All data are made up."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import ArrowrootError
from logicmodels import LogicModel

RULE = partial(syn.DelphiRule, rounds=3, decided="2026-01-10")
PERCENT = partial(RULE, consensus="percent", agree=(7, 9))
USES = pd.DataFrame({"person": list("abcde"), "count": [0, 1, 1, 2, 6]})
YEARS = pd.concat([USES.assign(year=2023), USES.assign(year=2025)], ignore_index=True)
SHARES = pd.DataFrame({"label": ["a"], "share": ["42%"], "out_of": [215]})
RATES = partial(syn.DiscountRates, "ours", "2026-11", "made up")

CALLS: list[tuple[Callable[[], object], str]] = [
    # shares where percentages are meant
    (lambda: PERCENT(at_least=0.75), "at_least: percentages are meant, so write 75 for 75%"),
    (lambda: PERCENT(at_least=75, against=(1, 3), under=0.15), "under: percentages are meant"),
    (lambda: PERCENT(at_least=75, stable_at=0.15), "stable_at: percentages are meant"),
    (lambda: syn.concentration(USES, top=[0.2, 0.03]), "top: percentages are meant"),
    (lambda: RATES(((0, None, 3.5),)), "For 3.5 percent write 0.035"),
    # one number where several are needed, and the reverse
    (lambda: syn.concentration(USES, top=20), "top must be a list of numbers"),  # type: ignore[arg-type]
    (lambda: syn.concentration(USES, top="20"), "top must be a list of numbers"),  # type: ignore[arg-type]
    (lambda: syn.concentration(USES, top=[]), "top must be a list of numbers"),
    (lambda: syn.concentration(USES, top=[100]), "above 0 and below 100"),
    (lambda: syn.concentration(USES, frequent="3"), "frequent must be a list of numbers"),  # type: ignore[arg-type]
    # seeds
    (lambda: syn.concentration(USES, seed=-1), "seed must be a whole number of 0 or more"),
    (lambda: syn.concentration(USES, seed=1.5), "seed must be a whole number of 0 or more"),  # type: ignore[arg-type]
    # people that could have used it
    (lambda: syn.concentration(USES, population={2024: 50}), "the table has no column year"),
    (
        lambda: syn.concentration(YEARS, population={2023: 9, 2025: 9, 2024: 9}),
        "nobody has a count in 2024; the years are 2023, 2025",
    ),
    # counts of a printed item
    (lambda: syn.check_delphi(5, printed={"median": "5"}), "got 5"),  # type: ignore[arg-type]
    (
        lambda: syn.check_delphi([1] * 5, printed={"median": "5"}, scale=5),  # type: ignore[arg-type]
        "scale must be two whole numbers",
    ),
    (
        lambda: syn.check_delphi([1] * 9, printed={"percent_agree": "5"}, agree=7),  # type: ignore[arg-type]
        "agree must be two whole numbers",
    ),
    (
        lambda: syn.check_delphi([1] * 5, printed={"ipras": "5"}, scale=(1, 5)),
        "ipras belongs to the RAND/UCLA rule, which is defined on a scale from 1 to 9",
    ),
    (
        lambda: syn.check_delphi([1] * 5, printed={"disagreement": False}, scale=(1, 5)),
        "disagreement belongs to the RAND/UCLA rule",
    ),
    (lambda: RULE(consensus="median_band", outside=2.5), "outside must be a whole number"),
    # rates
    (lambda: RATES(0.035), "each is a first year, a last year (None for no end) and a rate"),
    (lambda: RATES((0, None, 0.035)), "each is a first year"),
    (lambda: RATES(((0, None),)), "each is a first year"),
    (lambda: RATES(((0, None, "3.5%"),)), "a rate is a share from 0 to below 1"),
    (lambda: syn.DiscountRates(None, "", "", ((0, None, 0.03),)), "say in words"),  # type: ignore[arg-type]
    (lambda: RATES(((0, None, 0.03),)).factors("3"), "last_year must be a whole number"),
    (lambda: RATES(((0, None, 0.03),)).factors(-1), "last_year must be a whole number"),
    # printed numbers
    (lambda: syn.check_shares(SHARES.assign(share=[42.0])), "share must be text, as printed"),
    (lambda: syn.check_return(benefits="978,916", ratio="1-2.81"), "such as '1:2.81'"),
    (lambda: syn.check_return(benefits="978,916", ratio="2:5"), "such as '1:2.81'"),
    (lambda: syn.check_return(benefits="lots", ratio="1:2"), "benefits must be an amount"),
]


@pytest.mark.parametrize(("call", "said"), CALLS)
def test_a_call_that_cannot_be_is_answered_in_words(call: Callable[[], object], said: str) -> None:
    with pytest.raises(ArrowrootError, match=re.escape(said)):
        call()


WITH_RATINGS: list[tuple[Callable[[pd.DataFrame, syn.DelphiRule], object], str]] = [
    (lambda t, r: syn.delphi(t, rule=r, thresholds=75), "thresholds must be a list of numbers"),  # type: ignore[arg-type]
    (lambda t, r: syn.delphi(t, rule=r, thresholds=["a"]), "thresholds must be a list of numbers"),  # type: ignore[list-item]
    (lambda t, r: syn.delphi(t, rule=r, thresholds=[0.7]), "write 70 for 70%"),
    (lambda t, r: syn.delphi(t, rule=r).contrast({"safety": "safety"}), "with itself"),
    (
        lambda t, r: syn.delphi(t, rule=r).contrast({"safety": "cost does"}, round=9),
        "there is no round 9; use one of 1, 2",
    ),
    (lambda t, r: syn.delphi(t, rule=r).feedback_sheets("x", items=5), "a list of items is needed"),  # type: ignore[arg-type]
    (
        lambda t, r: syn.delphi(t.replace("policy", "Everyone"), rule=r),
        "group must not be 'everyone'",
    ),
    (lambda t, r: syn.delphi(t.assign(date=t["date"] + " or later"), rule=r), "must be a day"),
    (lambda t, r: syn.delphi(t.assign(date=t["date"] + "/2026-05-01"), rule=r), "must be a day"),
]


@pytest.mark.parametrize(("call", "said"), WITH_RATINGS)
def test_ratings_that_cannot_be_are_answered_in_words(
    call: Callable[[pd.DataFrame, syn.DelphiRule], object],
    said: str,
    ratings: pd.DataFrame,
    rule: syn.DelphiRule,
) -> None:
    with pytest.raises(ArrowrootError, match=re.escape(said)):
        call(ratings, rule)


def test_a_group_filled_in_once_holds_for_all_rounds(
    ratings: pd.DataFrame, rule: syn.DelphiRule
) -> None:
    once = ratings.assign(group=ratings["group"].where(ratings["round"] == 1, ""))
    pd.testing.assert_frame_equal(
        syn.delphi(once, rule=rule).to_frame(), syn.delphi(ratings, rule=rule).to_frame()
    )


def test_a_round_that_begins_before_the_last_one_ended_is_said(
    ratings: pd.DataFrame, rule: syn.DelphiRule
) -> None:
    turned = ratings.assign(date=ratings["date"].replace("2026-03-01", "2026-01-20"))
    notes = " ".join(syn.delphi(turned, rule=rule).notes)
    assert "Round 2 begins on 2026-01-20, before the last rating of round 1" in notes
    assert "begins on" not in " ".join(syn.delphi(ratings, rule=rule).notes)


def test_one_panellist_agrees_with_nobody(ratings: pd.DataFrame, rule: syn.DelphiRule) -> None:
    alone = syn.delphi(ratings[ratings["panellist"] == "P1"], rule=rule)
    assert any("Only one panellist took part in round 2" in note for note in alone.notes)


def test_a_time_of_the_day_is_a_day(ratings: pd.DataFrame, rule: syn.DelphiRule) -> None:
    for ending in (" 14:05", "T14:05:10", " 00:00:00+01:00", "T14:05:10.25Z"):
        timed = ratings.assign(date=ratings["date"] + ending)
        assert syn.delphi(timed, rule=rule).notes == syn.delphi(ratings, rule=rule).notes


def test_one_item_of_the_next_round_needs_no_list(
    ratings: pd.DataFrame, rule: syn.DelphiRule, tmp_path: Path
) -> None:
    sheets = syn.delphi(ratings, rule=rule).feedback_sheets(tmp_path, items="safety")
    assert pd.read_excel(sheets[0])["item"].tolist() == ["safety"]


def test_every_file_of_a_folder_is_read_or_named(ratings: pd.DataFrame, tmp_path: Path) -> None:
    ratings.head(3).to_csv(tmp_path / "one.csv", index=False)
    ratings.tail(3).to_csv(tmp_path / "TWO.CSV", index=False)
    (tmp_path / "three.ods").write_text("a sheet of another program")
    (tmp_path / "~$one.xlsx").write_text("open elsewhere")
    read = syn.read_ratings(tmp_path)
    assert sorted(read["file"].unique()) == ["TWO.CSV", "one.csv"]
    assert [note.partition(":")[0] for note in read.attrs["remarks"]] == ["three.ods"]


def test_a_column_that_is_nearly_one_is_named(
    ratings: pd.DataFrame, rule: syn.DelphiRule, lines: pd.DataFrame, named: Any, model: LogicModel
) -> None:
    for found in (
        syn.delphi(ratings.rename(columns={"group": "groups"}), rule=rule),
        syn.value_for_money(lines.assign(dealy=0), model=model, **named),
        syn.concentration(USES.assign(segments="x"), bootstrap=0),
    ):
        assert any("was not read. Is it '" in note for note in found.notes)
    assert not any("was not read" in note for note in syn.delphi(ratings, rule=rule).notes)


def test_signs_of_percentages_may_stand(lines: pd.DataFrame, named: Any, model: LogicModel) -> None:
    plain = syn.value_for_money(lines, model=model, **named)
    signed = lines.astype(object)
    for name in ("deadweight", "attribution", "drop_off"):
        signed[name] = [None if pd.isna(x) or x == "" else f"{x}%" for x in signed[name]]
    assert syn.value_for_money(signed, model=model, **named).npsv == pytest.approx(plain.npsv)
    gains = signed["kind"] == "benefit"
    signed.loc[gains, "drop_off"] = "0.5%"
    shown = syn.value_for_money(signed, model=model, **named).lines
    assert shown.loc[gains, "drop_off"].to_numpy() == pytest.approx(0.5)


WITH_LINES: list[tuple[Callable[[pd.DataFrame, Any, LogicModel], object], str]] = [
    (lambda t, n, m: syn.value_for_money(t, model="m.yaml", **n), "a logic model is needed"),  # type: ignore[arg-type]
    (lambda t, n, m: syn.value_for_money(t, model=t, **n), "a logic model is needed"),  # type: ignore[arg-type]
    (lambda t, n, m: syn.value_for_money(m, t, model=m, **n), "the model once"),
    (lambda t, n, m: syn.value_for_money(t, model=m, **{**n, "years": 10**9}), "from 0 to 1000"),
    (lambda t, n, m: syn.value_for_money(t, model=m, **{**n, "rates": 3.5}), "(0, None, 0.035)"),
    (lambda t, n, m: syn.value_for_money(t, model=m, **{**n, "rates": "3.5%"}), "(0, None, 0.035)"),
    (lambda t, n, m: syn.value_for_money(t, model=m, **{**n, "rates": 0.035}), "of 3.5% a year"),
]


@pytest.mark.parametrize(("call", "said"), WITH_LINES)
def test_lines_that_cannot_be_are_answered_in_words(
    call: Callable[[pd.DataFrame, Any, LogicModel], object],
    said: str,
    lines: pd.DataFrame,
    named: Any,
    model: LogicModel,
) -> None:
    with pytest.raises(ArrowrootError, match=re.escape(said)):
        call(lines, named, model)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (None, "scenarios: write them as"),
        ({"fewer": None}, "scenarios, 'fewer': write it as"),
        ({"fewer": {"*": 40}}, "scenarios, 'fewer': write it as"),
        ({"fewer": {"*": {"note": 1}}}, "'note' is not a column that is read"),
        ({"fewer": {"*": {"attribution": 0.4}}}, "scenarios, 'fewer': lines: attribution is below"),
        ({"fewer": {"*": {"attribution": 140}}}, "scenarios, 'fewer': lines: attribution must be"),
    ],
)
def test_a_fault_of_a_scenario_names_the_scenario(
    changed: Any, said: str, lines: pd.DataFrame, named: Any, model: LogicModel
) -> None:
    found = syn.value_for_money(lines.assign(note="n"), model=model, **named)
    with pytest.raises(ArrowrootError, match=re.escape(said)):
        found.scenarios(changed)


def test_without_costs_or_benefits_words_say_so(
    lines: pd.DataFrame, named: Any, model: LogicModel
) -> None:
    free = lines.copy()
    free.loc[free["kind"] == "cost", ["amount", "low", "high"]] = 0
    found = syn.value_for_money(free, model=model, **named)
    assert any("no costs above £0" in note for note in found.notes)
    assert "There are no costs to pay back." in found.sentence()
    assert "none, without costs" in str(found.simulate(seed=1, draws=10))


def test_benefits_along_no_arrow_do_not_rest_on_one(lines: pd.DataFrame, named: Any) -> None:
    words = syn.value_for_money(lines.drop(columns="along"), **named).sentence()
    assert "100% of the benefits are traced along no arrow." in words
    assert "rest on arrows" not in words


def test_millions_as_printed_have_their_digits() -> None:
    found = syn.check_return(benefits="£1.2m", ratio="1:2").table.iloc[0]
    assert (found["cost_low"], found["cost_high"]) == pytest.approx((1.15e6 / 2.5, 1.25e6 / 1.5))
    parts = syn.check_return(benefits="100", ratio="1:2", parts={"a": "80", "b": "40"})
    assert any("that is more than all" in note for note in parts.notes)


def test_a_share_of_very_many_is_computed_without_counting_them() -> None:
    found = syn.check_shares(SHARES.assign(out_of=["1,000,000,000,000"])).table.iloc[0]
    assert (found["least"], found["most"]) == pytest.approx((4.15e11, 4.25e11))


def test_years_that_do_not_follow_each_other_are_said() -> None:
    assert any(
        "Between 2023 and 2025 years are missing" in note
        for note in syn.concentration(YEARS, bootstrap=0).notes
    )
    following = YEARS.replace({"year": {2025: 2024}})
    assert not any("missing:" in x for x in syn.concentration(following, bootstrap=0).notes)


def test_samples_without_any_use_are_counted() -> None:
    rare = USES.assign(count=[0, 0, 0, 0, 6])
    found = syn.concentration(rare, bootstrap=200, seed=1)
    assert any("drew nobody with any use" in note for note in found.notes)
    assert not found.years[["ci_low", "ci_high"]].isna().any(axis=None)


def test_of_one_person_nothing_is_concentrated() -> None:
    found = syn.concentration(USES.tail(1), seed=1)
    assert any("Of one person nothing can be concentrated" in note for note in found.notes)


def test_a_top_percentage_given_twice_counts_once() -> None:
    assert syn.concentration(USES, top=[20, 20, 10], bootstrap=0).tops["top"].tolist() == [20, 10]


def test_grouping_by_what_is_no_column(readings: pd.DataFrame) -> None:
    with pytest.raises(syn.OptionError, match="by must be a column of the readings"):
        syn.distance_travelled(readings, scale=(1, 5), by=5)  # type: ignore[arg-type]


def test_nobody_with_two_readings_is_a_sentence(readings: pd.DataFrame) -> None:
    once = readings.drop_duplicates(["person", "area"])
    words = syn.distance_travelled(once, scale=(1, 5)).sentence()
    assert words.startswith("Nobody has two readings. ")


EXCERPTS = pd.DataFrame({"theme": ["trust"], "source": ["A"], "excerpt": ["I know her."]})
JUDGED = pd.DataFrame(
    [
        {
            "theme": "trust",
            "finding": "People trust a nurse whom they know.",
            "methodological_limitations": "No or very minor concerns",
            "coherence": "No or very minor concerns",
            "adequacy": "Moderate concerns",
            "adequacy_reason": "one source",
            "relevance": "Minor concerns",
            "relevance_reason": "one place",
            "confidence": "Low confidence",
            "confidence_reason": "one voice",
        }
    ]
)


def test_levels_of_concern_in_the_words_of_cerqual() -> None:
    found = syn.themes(EXCERPTS, confidence=JUDGED).themes.iloc[0]
    assert (found["coherence"], found["adequacy"]) == ("no or very minor", "moderate")
    assert found["confidence"] == "low"


def test_an_arrow_or_a_model_that_is_none(model: LogicModel) -> None:
    found = syn.themes(EXCERPTS, confidence=JUDGED)
    for ends in (None, 5, "visits > falls", ("visits", None)):
        with pytest.raises(syn.DataError, match="needs the ids of both ends of its arrow"):
            found.evidence({"trust": ends})  # type: ignore[dict-item]
    with pytest.raises(syn.OptionError, match="a logic model is needed"):
        found.onto(EXCERPTS, {"trust": ("visits", "falls")})  # type: ignore[arg-type]


@pytest.mark.parametrize("missing", [np.nan, None, pd.NA, "", " "])
def test_every_way_of_leaving_a_rating_out_is_one(
    missing: object, ratings: pd.DataFrame, rule: syn.DelphiRule
) -> None:
    cells = [missing if pd.isna(x) else x for x in ratings["rating"].astype(object)]
    found = syn.delphi(ratings.assign(rating=pd.Series(cells, dtype=object)), rule=rule)
    pd.testing.assert_frame_equal(found.to_frame(), syn.delphi(ratings, rule=rule).to_frame())
