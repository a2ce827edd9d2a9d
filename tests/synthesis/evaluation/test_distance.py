"""Distance travelled: made-up readings, counted by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

import synthesis as syn
from arrowroot.errors import ArrowrootError


@pytest.fixture
def found(readings: pd.DataFrame) -> syn.DistanceTravelled:
    return syn.distance_travelled(readings, scale=(1, 5))


def area(result: syn.DistanceTravelled, name: str, group: str = "everyone") -> pd.Series:
    rows = result.areas
    (row,) = rows[(rows["area"] == name) & (rows["group"] == group)].to_dict("records")
    return pd.Series(row)


def test_pairs_by_hand(found: syn.DistanceTravelled) -> None:
    money, housing = area(found, "money"), area(found, "housing")
    counts = ["people", "paired", "up", "same", "down", "at_best"]
    assert money[counts].tolist() == [5, 4, 1, 2, 1, 1]
    assert housing[counts].tolist() == [5, 4, 4, 0, 0, 0]
    assert money["percent_up_of_possible"] == pytest.approx(100 / 3)
    assert (money["median_first"], money["median_last"]) == (3.0, 3.0)
    assert housing["sign_p"] == pytest.approx(2 / 16)
    assert housing["signed_rank_p"] == pytest.approx(2 / 16)


def test_intervals_are_clopper_and_pearsons(found: syn.DistanceTravelled) -> None:
    row = area(found, "money")
    limits = beta.ppf(0.025, 1, 4), beta.ppf(0.975, 2, 3)
    assert (row["ci_low"] / 100, row["ci_high"] / 100) == pytest.approx(limits)


def test_who_is_unpaired_and_why(found: syn.DistanceTravelled) -> None:
    rows = found.unpaired[["person", "area", "readings", "why"]].to_numpy().tolist()
    assert rows == [
        ["e", "money", 1, "one reading only"],
        ["e", "housing", 0, "no row in this area"],
    ]
    missing = found.missing.set_index("area").loc["money"]
    assert missing[["paired", "one_reading", "median_first_one_reading"]].tolist() == [4, 1, 1]
    assert (
        "Without a pair and not compared: 2 of 10 combinations of person and area, of 1 person (e)"
        in str(found)
    )


def test_a_blank_score_is_no_reading(readings: pd.DataFrame) -> None:
    blank = readings.assign(score=readings["score"].astype(float).where(readings.index != 1))
    found = syn.distance_travelled(blank, scale=(1, 5))
    assert area(found, "money")["paired"] == 3
    assert "one reading only (1 blank score)" in found.unpaired["why"].tolist()


def test_the_first_and_last_of_several(readings: pd.DataFrame) -> None:
    middle = {"person": "a", "area": "money", "date": "2026-03-01", "score": 5, "ward": "N"}
    found = syn.distance_travelled(pd.concat([readings, pd.DataFrame([middle])]), scale=(1, 5))
    (row,) = found.pairs.query("person == 'a' and area == 'money'").to_dict("records")
    assert (row["first"], row["last"], row["readings"], row["days"]) == (1, 3, 3, 180)


def test_better_lower_turns_up_into_down(readings: pd.DataFrame) -> None:
    one = syn.distance_travelled(readings, scale=(1, 5))
    mirrored = readings.assign(score=6 - readings["score"])
    other = syn.distance_travelled(mirrored, scale=(1, 5), better="lower")
    same = ["area", "group", "people", "paired", "up", "same", "down", "at_best", "percent_up"]
    pd.testing.assert_frame_equal(pd.DataFrame(one.areas[same]), pd.DataFrame(other.areas[same]))
    assert "Lower scores are better" in str(other)


def test_transitions_add_up(found: syn.DistanceTravelled) -> None:
    table = found.transitions("money")
    assert table.loc["1", "3"] == 1
    assert table.loc["4", "3"] == 1
    assert table.loc["total", "total"] == 4
    assert (table.drop(columns="total").sum(axis=1) == table["total"]).all()
    with pytest.raises(syn.OptionError, match="Did you mean 'money'"):
        found.transitions("mony")


def test_by_starting_level(found: syn.DistanceTravelled) -> None:
    table = found.by_start
    money = table[table["area"] == "money"].set_index("first")
    assert money["mean_change"].to_dict() == {1.0: 2.0, 2.0: 0.0, 4.0: -1.0, 5.0: 0.0}
    assert "regression to the mean" in str(found)
    assert "1 pair started at the best score and could not go up (ceiling)" in str(found)


def test_by_cohort_or_area_of_the_town(readings: pd.DataFrame) -> None:
    found = syn.distance_travelled(readings, scale=(1, 5), by="ward")
    north, south = area(found, "money", "ward: N"), area(found, "money", "ward: S")
    assert north[["people", "paired", "up"]].tolist() == [2, 2, 1]
    assert south[["people", "paired", "up"]].tolist() == [3, 2, 0]


def test_of_one_person(found: syn.DistanceTravelled) -> None:
    table = found.person("a")
    assert table[["area", "first", "last", "change"]].to_numpy().tolist() == [
        ["money", 1, 3, 2],
        ["housing", 2, 4, 2],
    ]
    assert found.person("e")["why"].tolist() == ["one reading only", "no row in this area"]
    with pytest.raises(syn.DataError, match="there is nobody called 'z'; there are a, b, c, d, e"):
        found.person("z")


def test_several_areas_are_corrected(readings: pd.DataFrame) -> None:
    raw = syn.distance_travelled(readings, scale=(1, 5), correction="none").areas
    holm = syn.distance_travelled(readings, scale=(1, 5)).areas
    p = raw["adjusted_p"].to_numpy()
    np.testing.assert_array_equal(p, raw["signed_rank_p"])
    assert holm["adjusted_p"].min() == pytest.approx(min(1.0, 2 * p.min()))
    assert (holm["adjusted_p"] >= p - 1e-12).all()


def test_no_attribution_is_claimed(found: syn.DistanceTravelled) -> None:
    assert "Change is not effect" in str(found)
    assert "Change is not effect" in found.sentence()
    assert "housing: 4 of 4 up (100%, 95% CI 40 to 100)" in found.sentence()


def test_a_file_says_the_same(readings: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "readings.csv"
    readings.to_csv(path, index=False)
    one, other = (syn.distance_travelled(x, scale=(1, 5)).areas for x in (readings, path))
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))


FAULTS: list[tuple[Callable[[pd.DataFrame], pd.DataFrame], str]] = [
    (
        lambda t: t.assign(score=t["score"].where(t.index != 2, 9)),
        "score must be a number from 1 to 5, the scale; got '9' in row 2 (person 'b', area 'money'",
    ),
    (lambda t: t.assign(date="05/07/2026"), "April to some and May to others"),
    (lambda t: t.assign(date="2026-01-05"), "the same person, area and date occurs again"),
    (lambda t: t.assign(person=""), "person must be filled in; got a blank cell in row 0"),
    (lambda t: t.drop(columns="score"), "a column 'score' is needed"),
    (lambda t: t.assign(ward=[*t["ward"][:-2], "N", "S"]), "the same in all rows of a person"),
]


@pytest.mark.parametrize(("fault", "said"), FAULTS)
def test_a_fault_is_named_with_what_to_do(
    fault: Callable[[pd.DataFrame], pd.DataFrame], said: str, readings: pd.DataFrame
) -> None:
    with pytest.raises(ArrowrootError, match=re.escape(said)) as caught:
        syn.distance_travelled(fault(readings), scale=(1, 5), by="ward")
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"scale": 5}, "such as (1, 5)"),
        ({"scale": (5, 1)}, "the lowest and the highest possible score"),
        ({"scale": (1, 5), "better": "up"}, "better must be one of"),
        ({"scale": (1, 5), "correction": "hom"}, "Did you mean 'holm'?"),
        ({"scale": (1, 5), "level": 95}, "write 0.95"),
        ({"scale": (1, 5), "by": "area"}, "a name that the readings or the result need"),
        ({"scale": (1, 5), "by": "wrad"}, "Did you mean 'ward'?"),
    ],
)
def test_options(named: dict[str, object], said: str, readings: pd.DataFrame) -> None:
    with pytest.raises(ArrowrootError, match=re.escape(said)):
        syn.distance_travelled(readings, **named)  # type: ignore[arg-type]


def test_nobody_has_two_readings(readings: pd.DataFrame) -> None:
    once = readings.drop_duplicates(["person", "area"])
    assert "Nobody has two readings" in str(syn.distance_travelled(once, scale=(1, 5)))
