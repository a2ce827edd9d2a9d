"""Included reports onward to an extraction sheet, their ids kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import pandas as pd

from synthesis.errors import DataError
from synthesis.library.readers.found import BETWEEN
from synthesis.library.records import ids_of
from synthesis.library.screening import settle

COLUMNS = ("study", "outcome", "timepoint", "record_id", "title", "doi")


def extraction_rows(
    records: pd.DataFrame,
    decisions: pd.DataFrame,
    *,
    outcomes: Sequence[str],
    windows: Sequence[str] = ("",),
    studies: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return an empty extraction sheet: a row for each included report, outcome and window.

    Parameters
    ----------
    records : DataFrame
        From `read_records`.
    decisions : DataFrame
        From `read_decisions`; reports included at full text, and settled, are taken.
    outcomes : sequence of str
        What is extracted.
    windows : sequence of str
        Time windows, written into ``timepoint``.
    studies : mapping of str to str, optional
        ``record_id`` -> the study's label; by default first author and year, with a letter
        where two reports would be called the same.

    Returns
    -------
    DataFrame
        ``study``, ``outcome``, ``timepoint``, ``record_id``, ``title``, ``doi``; the numbers
        come beside them.

    Raises
    ------
    DataError
        If no outcome is named, or nothing has been included.
    """
    if not outcomes or not windows:
        raise DataError("outcomes, windows: name at least one of each.")
    settled = settle(decisions)
    kept = settled[(settled["stage"] == "full_text") & (settled["decision"] == "include")]
    ids_of(records)
    included = records[records["record_id"].isin(kept["record_id"])]
    if included.empty:
        raise DataError("decisions: no report has been included at full text.")
    labels = _labels(included, studies or {})
    rows = [
        (label, outcome, window, record_id, title, doi)
        for label, record_id, title, doi in zip(
            labels,
            included["record_id"],
            included["title"],
            included.get("doi", pd.Series("", index=included.index)),
            strict=True,
        )
        for outcome, window in product(outcomes, windows)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _labels(included: pd.DataFrame, studies: Mapping[str, str]) -> list[str]:
    plain = [
        studies.get(record_id) or _label(str(authors), str(year), str(title))
        for record_id, authors, year, title in zip(
            *(included[name] for name in ("record_id", "authors", "year", "title")), strict=True
        )
    ]
    labels, count = [], dict.fromkeys(plain, 0)
    for label, record_id in zip(plain, included["record_id"], strict=True):
        if plain.count(label) == 1 or record_id in studies:
            labels.append(label)
            continue
        count[label] += 1
        labels.append(f"{label}{_letters(count[label])}")
    return labels


def _label(authors: str, year: str, title: str) -> str:
    family = authors.split(BETWEEN)[0].partition(",")[0]
    return f"{family or ' '.join(title.split()[:3])} {year}".strip()


def _letters(number: int) -> str:
    """Return a, b, ... z, aa, ab, ...

    Examples
    --------
    >>> _letters(1), _letters(26), _letters(27)
    ('a', 'z', 'aa')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
