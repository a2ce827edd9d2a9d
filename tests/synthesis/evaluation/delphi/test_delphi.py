"""A Delphi study of made-up ratings, whose numbers are counted by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

import synthesis as syn
from arrowroot.errors import ArrowrootError


@pytest.fixture
def found(ratings: pd.DataFrame, rule: syn.DelphiRule) -> syn.Delphi:
    return syn.delphi(ratings, rule=rule, agreed=rule.fingerprint)


def of(result: syn.Delphi, number: int, item: str, group: str = "everyone") -> pd.Series:
    items = result.items
    own = items[(items["round"] == number) & (items["item"] == item) & (items["group"] == group)]
    (row,) = own.to_dict("records")
    return pd.Series(row)


def test_an_item_by_hand(found: syn.Delphi) -> None:
    row = of(found, 1, "safety")  # 2 5 6 7 7 7 8 8 9 9
    assert (row["asked"], row["n"], row["skipped"], row["median"]) == (10, 10, 0, 7.0)
    assert (row["q1"], row["q3"]) == (5.75, 8.25)  # the 2.75th and the 8.25th
    assert (row["percent_agree"], row["percent_against"]) == (70.0, 10.0)
    assert row["consensus"] is True
    later = of(found, 2, "safety")
    assert (later["asked"], later["n"], later["skipped"]) == (9, 8, 1)
    assert later["percent_agree"] == 100


def test_groups_add_up_to_everyone(found: syn.Delphi) -> None:
    for number in (1, 2):
        for item in ("safety", "cost should", "cost does"):
            parts = [of(found, number, item, one) for one in ("policy", "practice")]
            whole = of(found, number, item)
            for name in ("n", "agree", "against", "asked", "skipped"):
                assert sum(part[name] for part in parts) == whole[name]


def test_the_order_of_the_rows_does_not_matter(
    ratings: pd.DataFrame, rule: syn.DelphiRule, found: syn.Delphi
) -> None:
    again = syn.delphi(ratings.sample(frac=1, random_state=2), rule=rule)
    keys = ["round", "item", "group"]
    one, other = (x.items.sort_values(keys, ignore_index=True) for x in (found, again))
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))


def test_stability_is_paired(found: syn.Delphi, ratings: pd.DataFrame) -> None:
    rows = found.stability.set_index("item")
    assert rows.loc["safety", ["n", "up", "down", "same"]].tolist() == [8, 2, 0, 6]
    assert rows.loc["safety", "percent_moved"] == 25
    assert rows["reworded"].to_dict() == {
        "safety": True,
        "cost should": False,
        "cost does": False,
    }
    wide = ratings[ratings["item"] == "cost should"].pivot_table(
        index="panellist", columns="round", values="rating"
    )
    pairs = wide.dropna().to_numpy(dtype=float)
    grid = np.arange(1, 10)
    for power, name in ((1, "kappa_linear"), (2, "kappa_quadratic")):
        seen = (np.abs(pairs[:, 0] - pairs[:, 1]) ** power).mean()
        share = [(pairs[:, [at]] == grid).mean(axis=0) for at in (0, 1)]
        chance = share[0] @ (np.abs(np.subtract.outer(grid, grid)) ** power) @ share[1]
        assert rows.loc["cost should", name] == pytest.approx(1 - seen / chance, rel=1e-12)


def test_who_left_and_what_they_had_rated(found: syn.Delphi) -> None:
    people = found.panel.set_index("panellist")["status"]
    assert people["P9"] == "left after round 1"
    assert (people.drop("P9") == "complete").all()
    row = found.leavers.set_index("item").loc["safety"]
    assert row[["n_left", "median_left", "n_stayed", "median_stayed"]].tolist() == [1, 2, 9, 7]
    assert "1 panellist of 10 left before round 2: P9." in str(found)
    assert "Skipped: P7 (safety, round 2)." in str(found)


def test_those_who_left_have_the_denominator_of_the_rule(
    ratings: pd.DataFrame, rule: syn.DelphiRule
) -> None:
    some = ratings[~((ratings["panellist"] == "P8") & (ratings["round"] == 2))].copy()
    some.loc[(some["round"] == 1) & (some["panellist"] == "P8"), "rating"] = np.nan
    by_round = syn.delphi(some, rule=replace(rule, of="round")).leavers.set_index("item")
    by_rated = syn.delphi(some, rule=rule).leavers.set_index("item")
    # P8 skipped all, P9 rated 9: half of those who took part, all of those who rated
    assert by_round.loc["cost should", "percent_agree_left"] == 50
    assert by_rated.loc["cost should", "percent_agree_left"] == 100


def test_items_added_dropped_and_reworded(ratings: pd.DataFrame, rule: syn.DelphiRule) -> None:
    changed = ratings[~((ratings["round"] == 2) & (ratings["item"] == "cost does"))]
    new = changed[(changed["round"] == 2) & (changed["item"] == "safety")]
    changed = pd.concat([changed, new.assign(item="access", wording="access matters")])
    found = syn.delphi(changed, rule=rule)
    assert found.changes[["item", "change"]].to_numpy().tolist() == [
        ["safety", "reworded"],
        ["cost does", "dropped"],
        ["access", "added"],
    ]
    assert found.changes.loc[0, ["before", "after"]].tolist() == [
        "safety matters",
        "safety matters most",
    ]
    assert found.results.set_index("item")["round"].to_dict() == {
        "cost does": 1,
        "safety": 2,
        "cost should": 2,
        "access": 2,
    }
    assert "Results of cost does are from the last round" in str(found)


def test_the_result_at_other_thresholds(ratings: pd.DataFrame, rule: syn.DelphiRule) -> None:
    first = syn.delphi(ratings[ratings["round"] == 1], rule=rule)
    table = first.sensitivity.set_index("item")
    assert list(table) == ["70%", "75%", "80%"]
    assert table.loc["safety"].tolist() == [True, False, False]  # 70%
    assert table.loc["cost does"].tolist() == [True, True, True]  # 90%
    assert "One round: nothing is known of stability." in str(first)


def test_should_against_does(found: syn.Delphi) -> None:
    row = found.contrast({"cost should": "cost does"}).iloc[0]
    assert row[["n", "higher", "same", "lower"]].tolist() == [9, 0, 0, 9]
    assert row[["median_first", "median_second"]].tolist() == [4, 8]
    assert row["p_value"] == pytest.approx(binomtest(0, 9).pvalue)
    earlier = found.contrast({"cost should": "cost does"}, round=1).iloc[0]
    assert earlier[["n", "higher", "lower"]].tolist() == [10, 1, 9]
    with pytest.raises(syn.DataError, match="nobody rated the item 'costs' in round 2"):
        found.contrast({"costs": "cost does"})


def test_the_rule_was_agreed_before_round_one(
    ratings: pd.DataFrame, rule: syn.DelphiRule, found: syn.Delphi
) -> None:
    assert "agreed before round one" not in str(found).replace(rule.sentence(), "")
    assert "nothing shows that this rule is the one agreed" in str(syn.delphi(ratings, rule=rule))
    early = ratings.assign(date="2026-01-09")
    assert "it was not agreed beforehand" in str(syn.delphi(early, rule=rule))
    undated = ratings.drop(columns="date")
    assert "whether the rule came first is not known" in str(syn.delphi(undated, rule=rule))
    other = syn.DelphiRule(
        consensus="percent", agree=(7, 9), at_least=60, rounds=3, decided="2026-01-10"
    )
    with pytest.raises(syn.DataError, match="the rule is not the one agreed"):
        syn.delphi(ratings, rule=other, agreed=rule.fingerprint)


def test_when_the_rounds_end(ratings: pd.DataFrame, rule: syn.DelphiRule) -> None:
    assert "allows a further round (3 at most)" in str(syn.delphi(ratings, rule=rule))
    kept = {"consensus": "percent", "agree": (7, 9), "at_least": 70, "decided": "2026-01-10"}
    last = syn.delphi(ratings, rule=syn.DelphiRule(**kept, rounds=2))
    assert "By the rule the rounds end: 2 were allowed." in str(last)
    stable = syn.delphi(ratings, rule=syn.DelphiRule(**kept, rounds=4, stable_at=30))
    assert "By the rule the rounds end: at most 30% moved." in str(stable)
    assert "6 of 26 paired ratings moved (23.1%)" in str(stable)


def test_both_cautions_are_said(found: syn.Delphi) -> None:
    for words in (str(found), found.sentence()):
        assert "Stability is not consensus" in words
        assert "Agreement is not correctness" in words
    assert "2 of 3 items reached consensus" in found.sentence()
    assert "<table>" in found._repr_html_()


def test_labels_are_escaped(ratings: pd.DataFrame, rule: syn.DelphiRule) -> None:
    nasty = ratings.replace({"item": {"safety": "<script>x</script>"}})
    assert "<script>" not in syn.delphi(nasty, rule=rule)._repr_html_()


def test_other_names_of_columns(ratings: pd.DataFrame, rule: syn.DelphiRule) -> None:
    renamed = ratings.rename(columns={"panellist": "expert", "rating": "score"})
    found = syn.delphi(renamed, rule=rule, panellist="expert", rating="score")
    assert len(found.panel) == 10


FAULTS: list[tuple[Callable[[pd.DataFrame], pd.DataFrame], str]] = [
    (
        lambda t: t.assign(rating=t["rating"].where(t.index != 4, 12)),
        "a whole number from 1 to 9, the scale of the rule; got '12' in row 4 (round '1', panellist"
        " 'P4', item 'safety'). Correct it, or leave the cell blank",
    ),
    (lambda t: t.assign(rating=t["rating"].where(t.index != 4, 7.5)), "got '7.5' in row 4"),
    (lambda t: t.assign(rating=t["rating"].astype(object).where(t.index != 4, "ten")), "got 'ten'"),
    (lambda t: pd.concat([t, t.head(1)]), "same round, panellist and item occurs again in row 0"),
    (
        lambda t: t.assign(panellist=t["panellist"].where(t.index != 0, " ")),
        "a blank cell in row 0",
    ),
    (lambda t: t.assign(round=t["round"] + 1), "rounds must be numbered 1, 2, 3 without a gap"),
    (lambda t: t.assign(round="one"), "round must be a whole number from 1"),
    (lambda t: t.drop(columns="item"), "the table has no column 'item'"),
    (lambda t: t.drop(columns="rating"), "a column 'rating' is needed"),
    (lambda t: t.assign(group=["x", *t["group"][1:]]), "one group throughout"),
    (lambda t: t.assign(wording=["x", *t["wording"][1:]]), "one wording of an item a round"),
    (lambda t: t.assign(date="04/05/2026"), "Write it as 2026-05-04"),
    (lambda t: t.head(0), "the table has no rows"),
    (
        lambda t: pd.concat([t, *(t.assign(round=number) for number in (3, 4))]).drop_duplicates(
            ["round", "panellist", "item"]
        ),
        "the rule allows at most 3",
    ),
]


@pytest.mark.parametrize(("fault", "said"), FAULTS)
def test_a_fault_is_named_with_what_to_do(
    fault: Callable[[pd.DataFrame], pd.DataFrame],
    said: str,
    ratings: pd.DataFrame,
    rule: syn.DelphiRule,
) -> None:
    with pytest.raises(ArrowrootError, match=re.escape(said)) as caught:
        syn.delphi(fault(ratings), rule=rule)
    assert len(str(caught.value)) < 500


def test_a_rule_is_needed(ratings: pd.DataFrame) -> None:
    with pytest.raises(syn.OptionError, match="a DelphiRule is needed, such as"):
        syn.delphi(ratings, rule={"agree": 70})  # type: ignore[arg-type]


def test_items_that_differ_in_capitals_are_said(
    ratings: pd.DataFrame, rule: syn.DelphiRule
) -> None:
    changed = ratings.assign(item=ratings["item"].where(ratings["round"] == 1, "Safety"))
    changed = changed.drop_duplicates(["round", "panellist", "item"])
    assert "differ only in capitals: 'safety' and 'Safety'" in str(syn.delphi(changed, rule=rule))


def test_panellists_are_one_whatever_their_capitals(
    ratings: pd.DataFrame, rule: syn.DelphiRule
) -> None:
    changed = ratings.assign(
        panellist=ratings["panellist"].where(
            ratings["round"] == 1, ratings["panellist"].str.lower()
        )
    )
    assert len(syn.delphi(changed, rule=rule).panel) == 10


def test_what_a_report_should_say_is_filled_in_as_far_as_known(
    found: syn.Delphi, rule: syn.DelphiRule
) -> None:
    table = found.reporting()
    assert list(table) == ["section", "topic", "from_the_ratings", "to_add"]
    said = table.set_index("topic")["from_the_ratings"]
    assert said["definition of consensus"] == rule.sentence()
    assert rule.fingerprint in said["protocol or registration"]
    assert said["panellists of each round"] == "round 1: 10; round 2: 9; 1 left before the last"
    assert said["dates of the rounds"] == (
        "round 1 from 2026-02-01 to 2026-02-01; round 2 from 2026-03-01 to 2026-03-01"
    )
    assert said["items added, dropped and reworded"] == "safety reworded in round 2"
    assert said["results by item"].startswith("Consensus on 2 of 3")
    assert said["whether items with consensus were rated again"] == "Rated again: safety, cost does"
    assert said["funding"] == ""
    assert table["to_add"].eq("").all()
