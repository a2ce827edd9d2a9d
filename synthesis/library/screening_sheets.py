"""Blind screening sheets: one file per screener, without anybody else's decisions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, FileError, OptionError
from arrowroot.files import is_there, make_folder
from arrowroot.options import one_of, seed_of
from arrowroot.sheets import write_table
from arrowroot.text import person, shortened
from synthesis.library.duplicates import heads_of
from synthesis.library.records import ids_of
from synthesis.library.screening import STAGES

SHOWN = ("title", "authors", "year", "journal", "abstract", "doi")
"""What a screener sees of a record."""

TO_FILL = ("decision", "reason", "time", "note")


def write_screening_sheets(
    records: pd.DataFrame,
    screeners: Sequence[str],
    folder: str | Path,
    *,
    stage: str,
    links: pd.DataFrame | None = None,
    sample: int | None = None,
    seed: int | None = None,
) -> list[Path]:
    """Write an empty screening sheet for each screener; `read_decisions` reads them back.

    Parameters
    ----------
    records : DataFrame
        From `read_records`: those to screen at this stage.
    screeners : sequence of str
        Their names; each gets a file of that name.
    folder : path
        Where to write them; created if it is missing.
    stage : {"before_screening", "title_abstract", "full_text"}
        Written in every row.
    links : DataFrame, optional
        From `find_duplicates`: records linked with certainty are left out.
    sample : int, optional
        For a pilot round: the number of records drawn at random, the same for everybody.
    seed : int, optional
        Makes the draw repeatable, and shuffles the records differently for each screener, so that
        fatigue does not affect the same ones; by default everybody reads in the order given.

    Returns
    -------
    list of Path
        The sheets, in the order of `screeners`.

    Raises
    ------
    FileError
        If a sheet already exists: a screener's work is never overwritten.
    DataError
        If names repeat, links are invalid, or an id is blank or occurs twice.
    OptionError
        For an unknown stage, or a sample larger than there are records.
    """
    one_of("stage", stage, STAGES)
    ids = ids_of(records)
    if links is not None:
        heads = heads_of(records, links)
        records = records[[heads[one] == one for one in ids]]
    random = np.random.default_rng(seed_of(seed))
    if sample is not None:
        if not 0 < sample <= len(records):
            raise OptionError(f"sample must lie between 1 and {len(records)}; got {sample!r}.")
        drawn = np.sort(random.choice(len(records), size=sample, replace=False))
        records = records.iloc[drawn]
    names = [_in_file_names(name) for name in screeners]
    listed = ", ".join(map(repr, screeners)) or "none"
    if not names or "" in names or len(set(map(person, screeners))) < len(names):
        raise DataError(
            "screeners: names must differ, by more than capitals, and contain letters; got "
            f"{listed}."
        )
    if len(set(map(person, names))) < len(names):
        raise DataError(
            f"screeners: the files of {listed} would have the same name, since other characters "
            "than letters and digits become _ in it. Change one name."
        )
    target = make_folder(folder)
    paths = [target / f"{stage}_{name}.csv" for name in names]
    if there := [path.name for path in paths if is_there(path)]:
        raise FileError(
            f"{target}: {shortened(there)} already exists and may contain work. Move it, "
            "or give another folder."
        )
    for screener, path in zip(screeners, paths, strict=True):
        order = np.arange(len(records))
        if seed is not None:
            random.shuffle(order)
        sheet = records.iloc[order].reindex(columns=["record_id", *SHOWN])
        sheet.insert(1, "stage", stage)
        sheet.insert(2, "screener", screener)
        write_table(sheet.assign(**dict.fromkeys(TO_FILL, "")), path)
    return paths


def board_file(folder: Path, stage: str, screener: str) -> Path:
    """Return the file in which a board keeps a screener's decisions, beside those of the sheets."""
    return folder / f"{stage}_{_in_file_names(screener)}_board.csv"


def _in_file_names(name: str) -> str:
    return re.sub(r"[^\w-]+", "_", name).strip("_")
