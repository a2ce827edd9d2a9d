"""Sheets for the next round of a Delphi study, and reading them back."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, FileError
from arrowroot.files import as_path, as_paths, is_there, make_folder
from arrowroot.options import thing
from arrowroot.sheets import WIDE, Column, Sheet, write_sheets
from arrowroot.tables import read_frame
from arrowroot.text import label, person, shortened
from synthesis.coding.sheets import file_name
from synthesis.evaluation.delphi.rounds import COLUMNS, EVERYONE, MORE, Rounds
from synthesis.evaluation.delphi.rule import DelphiRule

MOST_CHOICES = 20


def rating_column(rule: DelphiRule, note: str = "") -> Column:
    """Return the column of ratings, which accepts only the scale."""
    low, high = rule.scale
    refuses = f"A whole number from {low} to {high}, or nothing if you skip the item."
    limits = {
        "type": "whole",
        "operator": "between",
        "formula1": str(low),
        "formula2": str(high),
    }
    return Column("rating", rule=limits, refuses=refuses, note=note or refuses, bold=True)


def write_feedback(
    rounds: Rounds,
    rule: DelphiRule,
    items: pd.DataFrame,
    folder: str | os.PathLike[str],
    wanted: Iterable[str] | None,
) -> list[Path]:
    """Write the sheets of the next round; see `Delphi.feedback_sheets`."""
    last = rounds.numbers[-1]
    if last >= rule.rounds:
        raise DataError(
            f"feedback_sheets: round {last} is the last that the rule allows ({rule.rounds}), so "
            "there is no next round to write sheets for."
        )
    now = rounds.of(last)
    known = list(dict.fromkeys(now["item"]))
    if isinstance(wanted, str):
        wanted = [wanted]
    if wanted is not None and not isinstance(wanted, Iterable):
        raise DataError(
            f"items: a list of items is needed, such as {known[:2]}; got {thing(wanted)}."
        )
    asked = known if wanted is None else [label(one) for one in wanted]
    if not asked or "" in asked or len(set(asked)) < len(asked):
        raise DataError(
            "items: name each item of the next round once; got a blank or repeated one."
        )
    people = list(dict.fromkeys(now["panellist"]))
    names = [f"round_{last + 1}_{file_name(one)}.xlsx" for one in people]
    if len({person(name) for name in names}) < len(names):
        raise DataError(
            "ratings: two panellists would share a file name once characters that a file name "
            f"cannot have are replaced: {shortened(people)}. Rename one."
        )
    target = make_folder(folder)
    if there := [name for name in names if is_there(target / name)]:
        raise FileError(
            f"{target}: {shortened(there)} already exists and may hold ratings. Move it, or give "
            "another folder."
        )
    whole = items[(items["round"] == last) & (items["group"] == EVERYONE)].set_index("item")
    paths = []
    for name, file in zip(people, names, strict=True):
        rows = [_row(one, name, now, whole, rule, last + 1) for one in asked]
        paths.append(write_sheets(as_path(target / file), Sheet("ratings", _columns(rule), rows)))
    return paths


def _columns(rule: DelphiRule) -> list[Column]:
    return [
        Column("round"),
        Column("panellist"),
        Column("group"),
        Column("item", bold=True),
        Column("wording", WIDE),
        Column("your_rating", note="What you rated in the last round."),
        Column("panel_median"),
        Column("panel_quartiles", note="Half of the panel rated between these two."),
        Column(
            "panel_agree", note="How many of the panel rated in the range that counts as agree."
        ),
        Column("panel_ratings", WIDE // 2, note="How often each rating was given."),
        Column("what_others_wrote", WIDE),
        rating_column(rule),
        Column("comment", WIDE),
    ]


def _row(
    item: str, name: str, now: pd.DataFrame, whole: pd.DataFrame, rule: DelphiRule, number: int
) -> list[str]:
    own = now[now["panellist"] == name]
    group = next((one for one in own["group"] if one), "")
    of_item = now[now["item"] == item]
    wording = next((one for one in of_item["wording"] if one), "")
    mine = own.loc[own["item"] == item, "rating"]
    given = "" if mine.empty else "skipped" if np.isnan(mine.iloc[0]) else f"{mine.iloc[0]:.0f}"
    said = ["", "", "", ""]
    if item in whole.index and whole.loc[item, "n"]:
        found = whole.loc[item]
        counts = of_item["rating"].value_counts().to_dict()
        low, high = rule.scale
        said = [
            f"{found['median']:g}",
            f"{found['q1']:g} to {found['q3']:g}",
            "" if np.isnan(found["percent_agree"]) else f"{found['percent_agree']:.0f}%",
            ", ".join(f"{at}: {counts.get(at, 0)}" for at in range(low, high + 1)),
        ]
    others = of_item[(of_item["panellist"] != name) & (of_item["comment"] != "")]
    # In alphabetical order, which does not tell who wrote what.
    wrote = " | ".join(sorted(others["comment"]))
    return [str(number), name, group, item, wording, given, *said, wrote, "", ""]


def read_ratings(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    earlier: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Read the sheets of a round that came back, as one long table.

    Parameters
    ----------
    paths : path or iterable of paths
        A CSV or XLSX file, several, or a folder of them.
    earlier : DataFrame, optional
        The ratings of earlier rounds, which are put in front: `Delphi.ratings`, or a table.

    Returns
    -------
    DataFrame
        ``round panellist item rating`` and, where a sheet has them, ``group comment wording
        date``; ``file`` and ``file_line`` say where each row is from. `synthesis.delphi` takes
        it. A sheet without a single rating is not a return: it is left out, and
        ``attrs["remarks"]`` names it.

    Raises
    ------
    DataError
        If a sheet has no such columns.
    FileError
        If a file cannot be read.
    """
    remarks: list[str] = []
    folder = as_path(paths) if isinstance(paths, str | os.PathLike) else None
    if folder is not None and is_there(folder) and folder.is_dir():
        # Files that begin with a dot or ~ are of the system, or of a sheet that is open.
        there = sorted(one for one in folder.iterdir() if one.name[0] not in ".~")
        found = [one for one in there if one.suffix.lower() in (".xlsx", ".csv")]
        remarks = [
            f"{one.name}: not a sheet of ratings by its name, which would end in .xlsx or .csv; "
            "not read."
            for one in there
            if one not in found
        ]
    else:
        found = as_paths(paths)
    parts = []
    for path in found:
        table = read_frame(path)
        if missing := [name for name in COLUMNS if name not in table]:
            raise DataError(
                f"{path.name}: a sheet of ratings needs the columns {', '.join(COLUMNS)}; "
                f"{', '.join(missing)} is missing."
            )
        remarks += [f"{path.name}: {one}" for one in table.attrs.get("remarks", ())]
        if table["rating"].isna().all():
            remarks.append(f"{path.name}: no rating was filled in; the sheet is left out.")
            continue
        kept = [*COLUMNS, *(name for name in MORE if name in table)]
        parts.append(table[kept].assign(file=path.name, file_line=table.index))
    if not parts:
        none = f"none of {len(found)} sheets holds a rating" if found else "there is no sheet"
        raise DataError(f"paths: {none}. Give the folder, or the files, that came back.")
    if earlier is not None:
        parts.insert(0, earlier)
    together = pd.concat(parts, ignore_index=True)
    if remarks:
        together.attrs["remarks"] = tuple(remarks)
    return together
