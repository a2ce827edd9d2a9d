"""From included reports to an extraction sheet, with their ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import label, shortened
from synthesis.library.duplicates import heads_of
from synthesis.library.flow.counts import about_heads
from synthesis.library.readers.fields.people import family_first
from synthesis.library.readers.found import BETWEEN
from synthesis.library.records import as_text, ids_of
from synthesis.library.screening import settle

COLUMNS = ("study", "outcome", "timepoint", "record_id", "title", "doi")


def extraction_rows(
    records: pd.DataFrame,
    decisions: pd.DataFrame,
    *,
    outcomes: Sequence[str],
    windows: Sequence[str] = ("",),
    studies: Mapping[str, str] | None = None,
    links: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return an empty extraction sheet: a row for each included study, outcome and window.

    Parameters
    ----------
    records : DataFrame
        From `read_records`.
    decisions : DataFrame
        From `read_decisions`; reports whose inclusion at full text is settled are used.
    outcomes : sequence of str
        What is extracted.
    windows : sequence of str
        Time windows, written into ``timepoint``.
    studies : mapping of str to str, optional
        ``record_id`` -> the study's label; reports with the same label are one study. By default
        each report is a study, named by first author and year, with a letter where two would have
        the same name.
    links : DataFrame, optional
        From `find_duplicates`; a decision about a duplicate then counts for the record that
        represents it.

    Returns
    -------
    DataFrame
        ``study``, ``outcome``, ``timepoint``, then ``record_id`` and ``doi`` of the study's
        reports, separated by semicolons, and the ``title`` of the first. Add the numbers beside
        them; `synthesis.read_extraction` reads the sheet.

    Raises
    ------
    DataError
        If no outcome is named, nothing has been included, or an included report is not among
        the records.
    """
    if not outcomes or not windows:
        raise DataError("outcomes, windows: name at least one of each.")
    for argument, names in (("outcomes", outcomes), ("windows", windows)):
        times = Counter(map(label, names))
        if repeated := sorted(name for name, count in times.items() if count > 1):
            raise DataError(f"{argument} must differ; repeated: {shortened(repeated)}.")
    included = _included(records, decisions, links)
    named = {label(one): label(study) for one, study in (studies or {}).items()}
    studied = included.assign(study=labels_of(included, named))
    rows = []
    for study, reports in studied.groupby("study", sort=False):
        ids, dois = (BETWEEN.join(filter(None, reports[name])) for name in ("record_id", "doi"))
        title = reports["title"].iloc[0]
        rows += [
            (study, label(outcome), label(window), ids, title, dois)
            for outcome, window in product(outcomes, windows)
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _included(
    records: pd.DataFrame, decisions: pd.DataFrame, links: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the records of the included reports, each once."""
    ids = ids_of(records)
    if links is not None:
        decisions = about_heads(decisions, heads_of(records, links))
    settled = settle(decisions)
    kept = settled[(settled["stage"] == "full_text") & (settled["decision"] == "include")]
    if kept.empty:
        raise DataError("decisions: no report has been included at full text.")
    if strangers := sorted(set(kept["record_id"]) - set(ids)):
        raise DataError(
            f"decisions: included, but not among the records: {shortened(strangers)}. Pass "
            "all records that were read, and the links between them."
        )
    wanted = ["record_id", "authors", "year", "title", "doi"]
    included = set(kept["record_id"])
    return as_text(records[[one in included for one in ids]], wanted)


def labels_of(included: pd.DataFrame, studies: Mapping[str, str]) -> list[str]:
    """Return the study of each report: as given, or first author and year, with a letter if needed.

    Parameters
    ----------
    included : DataFrame
        ``record_id``, ``authors``, ``year``, ``title``.
    studies : mapping of str to str
        ``record_id`` -> label, where one is given.
    """
    plain = [
        studies.get(record_id) or _label(str(authors), str(year), str(title))
        for record_id, authors, year, title in zip(
            *(included[name] for name in ("record_id", "authors", "year", "title")), strict=True
        )
    ]
    labels, count = [], dict.fromkeys(plain, 0)
    for study, record_id in zip(plain, included["record_id"], strict=True):
        if plain.count(study) == 1 or record_id in studies:
            labels.append(study)
            continue
        count[study] += 1
        labels.append(f"{study}{letters(count[study])}")
    return labels


def _label(authors: str, year: str, title: str) -> str:
    family = family_first(authors.split(BETWEEN)[0]).partition(",")[0]
    return label(f"{family or ' '.join(title.split()[:3])} {year}")


def letters(number: int) -> str:
    """Return a, b, ... z, aa, ab, ...

    Examples
    --------
    >>> letters(1), letters(26), letters(27)
    ('a', 'z', 'aa')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
