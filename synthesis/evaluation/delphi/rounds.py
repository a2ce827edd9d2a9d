"""Ratings in rounds, read and checked; who took part when; and how the items changed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import counted, shortened
from synthesis.coding.ratings import natural
from synthesis.evaluation.delphi.rule import DelphiRule
from synthesis.evaluation.reading import Rows

EVERYONE = "everyone"
COLUMNS = ("round", "panellist", "item", "rating")
MORE = ("group", "comment", "wording", "date")


@dataclass(frozen=True, eq=False)
class Rounds:
    """Ratings that were read without a fault.

    Attributes
    ----------
    table : DataFrame
        ``round``, ``panellist``, ``group``, ``item``, ``rating`` (NaN if skipped), ``comment``,
        ``wording``: one row for each panellist and item of a round.
    items, groups : tuple of str
        In the order of the table; groups are empty if there are none.
    numbers : tuple of int
        The rounds.
    notes : tuple of str
        What should be known about the file.
    days : dict of int to (str, str)
        The first and the last day of the rounds that have dates.
    """

    table: pd.DataFrame
    items: tuple[str, ...]
    groups: tuple[str, ...]
    numbers: tuple[int, ...]
    notes: tuple[str, ...]
    days: dict[int, tuple[str, str]]

    def of(self, number: int) -> pd.DataFrame:
        """Return the rows of one round."""
        return self.table[self.table["round"] == number]


def read_rounds(
    ratings: pd.DataFrame | str | os.PathLike[str], rule: DelphiRule, columns: dict[str, str]
) -> Rounds:
    """Read the long table of ratings; see `synthesis.delphi` for its columns."""
    rows = Rows(
        ratings,
        "ratings",
        columns,
        needed=("round", "panellist", "item"),
        named_by=("round", "panellist", "item"),
        people=("panellist",),
    )
    if "rating" not in rows:
        have = ", ".join(map(str, ratings.columns)) if isinstance(ratings, pd.DataFrame) else ""
        raise DataError(
            f"ratings: a column {columns['rating']!r} is needed, with a number for each rating and "
            f"a blank cell for an item that was skipped{have and f'; the table has {have}'}."
        )
    low, high = rule.scale
    rating = rows.numbers(
        "rating",
        f"must be a whole number from {low} to {high}, the scale of the rule",
        "Correct it, or leave the cell blank if the panellist skipped the item",
        legal=lambda x: (x == np.floor(x)) & (x >= low) & (x <= high),
    )
    number = rows.numbers(
        "round",
        "must be a whole number from 1",
        "Number the rounds 1, 2, 3",
        legal=lambda x: (x == np.floor(x)) & (x >= 1),
    )
    table = rows.frame.assign(rating=rating, round=number.astype(int))
    rows.frame["round"] = table["round"].astype(str)
    rows.unique(
        ("round", "panellist", "item"),
        "Keep one row for each panellist and item of a round; a second rating belongs to the next "
        "round",
    )
    for role in ("group", "comment", "wording"):
        if role not in table:
            table[role] = ""
    _refuse_two(rows, table, "panellist", "group", "A panellist belongs to one group throughout")
    if "group" in rows:
        rows.refuse(
            "group",
            table["group"].str.casefold() == EVERYONE,
            f"must not be {EVERYONE!r}, which names the whole panel in the results",
            "Give the group another name",
        )
    # A group that is filled in once holds for all rounds, or its people would drop out of it.
    own = table["group"].where(table["group"] != "").groupby(table["panellist"]).transform("first")
    table["group"] = own.fillna("").astype(object)
    _refuse_two(
        rows, table, ["round", "item"], "wording", "Everybody rates one wording of an item a round"
    )
    numbers = tuple(sorted(table["round"].unique().tolist()))
    if numbers != tuple(range(1, len(numbers) + 1)):
        raise DataError(
            f"ratings: rounds must be numbered 1, 2, 3 without a gap; got "
            f"{', '.join(map(str, numbers))}. Add the missing round, or renumber them."
        )
    if len(numbers) > rule.rounds:
        raise DataError(
            f"ratings: there are {len(numbers)} rounds, and the rule allows at most {rule.rounds}. "
            "Leave out the later ones, or report in the text that the rule was changed and "
            "give the changed one."
        )
    notes = [*rows.remarks]
    dates = rows.dates("date") if "date" in rows else []
    days = {
        one: sorted(day for day, at in zip(dates, number, strict=False) if day and at == one)
        for one in numbers
    }
    notes += [
        f"Round {now} begins on {days[now][0]}, before the last rating of round {before} "
        f"({days[before][-1]}): were its ratings given with the panel's in view?"
        for before, now in pairwise(numbers)
        if days[before] and days[now] and days[now][0] < days[before][-1]
    ]
    groups = tuple(sorted({one for one in table["group"] if one}, key=natural))
    without = table.loc[table["group"] == "", "panellist"].unique()
    if groups and len(without):
        notes.append(
            f"{counted(len(without), 'panellist')} without a group count for everyone only: "
            f"{shortened(without)}."
        )
    kept = ["round", "panellist", "group", "item", "rating", "comment", "wording"]
    return Rounds(
        table[kept].reset_index(drop=True),
        tuple(dict.fromkeys(table["item"])),
        groups,
        numbers,
        tuple(notes),
        {one: (own[0].isoformat(), own[-1].isoformat()) for one, own in days.items() if own},
    )


def _refuse_two(rows: Rows, table: pd.DataFrame, of: str | list[str], role: str, rule: str) -> None:
    """Refuse two different texts where there can be one."""
    filled = table[table[role] != ""]
    first = filled.groupby(of)[role].transform("first")
    bad = np.zeros(len(table), dtype=bool)
    bad[(table[role] != "").to_numpy()] = (filled[role] != first).to_numpy()
    if bad.any():
        rows.refuse(role, bad, "must not differ from an earlier row", f"{rule}; make them alike")


def panel(rounds: Rounds) -> pd.DataFrame:
    """Return who took part in which round, and what became of them."""
    last = rounds.numbers[-1]
    records = []
    for name, own in rounds.table.groupby("panellist", sort=False):
        there = sorted(own["round"].unique().tolist())
        missed = [number for number in range(there[0], there[-1] + 1) if number not in there]
        if there[-1] < last:
            became = f"left after round {there[-1]}"
        elif missed:
            became = f"missed round {', '.join(map(str, missed))}"
        else:
            became = "complete" if there[0] == 1 else f"joined in round {there[0]}"
        records.append(
            {
                "panellist": name,
                "group": next((one for one in own["group"] if one), ""),
                "first_round": there[0],
                "last_round": there[-1],
                "rounds": len(there),
                "rated": int(own["rating"].notna().sum()),
                "skipped": int(own["rating"].isna().sum()),
                "status": became,
            }
        )
    return pd.DataFrame(records)


def leavers(rounds: Rounds, rule: DelphiRule) -> pd.DataFrame:
    """Return, for each round and item, the ratings of those who then left beside the others'."""
    records = []
    for number in rounds.numbers[:-1]:
        now = rounds.of(number)
        later = set(rounds.table.loc[rounds.table["round"] > number, "panellist"])
        there = set(now["panellist"])
        gone = len(there - later)
        for item, own in now.groupby("item", sort=False):
            left = ~own["panellist"].isin(later)
            if not left.any():
                continue
            row: dict[str, object] = {"round": number, "item": item}
            for name, some in (("left", own[left]), ("stayed", own[~left])):
                given = some["rating"].dropna()
                took_part = gone if name == "left" else len(there) - gone
                out_of = len(given) if rule.of == "rated" else took_part
                row[f"n_{name}"] = len(given)
                row[f"median_{name}"] = float(given.median()) if len(given) else np.nan
                row[f"percent_agree_{name}"] = (
                    100 * given.between(*rule.agree).sum() / out_of
                    if rule.agree and len(given)
                    else np.nan
                )
            records.append(row)
    names = [f"{what}_{who}" for who in ("left", "stayed") for what in LEAVERS]
    return pd.DataFrame(records, columns=["round", "item", *names])


LEAVERS = ("n", "median", "percent_agree")


def item_changes(rounds: Rounds) -> pd.DataFrame:
    """Return the items that were added, dropped or reworded, round by round."""
    worded = {
        (number, item): next((one for one in own["wording"] if one), "")
        for (number, item), own in rounds.table.groupby(["round", "item"])
    }
    records = []
    for before, now in pairwise(rounds.numbers):
        for item in rounds.items:
            old, new = worded.get((before, item)), worded.get((now, item))
            if old is None and new is None:
                continue
            change = "added" if old is None else "dropped" if new is None else ""
            if old and new and old != new:
                change = "reworded"
            if change:
                records.append(
                    {"round": now, "item": item, "change": change, "before": old, "after": new}
                )
    table = pd.DataFrame(records, columns=["round", "item", "change", "before", "after"])
    return table.fillna({"before": "", "after": ""}).astype({"before": object, "after": object})
