"""The flow diagram's counts in the CSV that the PRISMA2020 program reads and writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.files import as_path
from arrowroot.sheets import write_table
from arrowroot.tables import read_frame
from arrowroot.text import did_you_mean
from synthesis import checks
from synthesis.library.flow.rules import COUNTED, REASONED
from synthesis.prisma import read_count

ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("", "node4", "prevstud", "Previous studies"),
    ("previous_studies", "node5", "box1", "Studies included in previous version of review"),
    ("previous_reports", "", "box1", "Reports of studies included in previous version of review"),
    ("", "node6", "newstud", "Identification of new studies via databases and registers"),
    ("database_results", "node7", "box2", "Databases"),
    ("database_specific_results", "", "box2", "Databases"),
    ("register_results", "", "box2", "Registers"),
    ("register_specific_results", "", "box2", "Registers"),
    ("", "node16", "othstud", "Identification of new studies via other methods"),
    ("website_results", "node17", "box11", "Websites"),
    ("organisation_results", "", "box11", "Organisations"),
    ("citations_results", "", "box11", "Citation searching"),
    ("duplicates", "node8", "box3", "Duplicate records"),
    ("excluded_automatic", "", "box3", "Records marked as ineligible by automation tools"),
    ("excluded_other", "", "box3", "Records removed for other reasons"),
    ("records_screened", "node9", "box4", "Records screened"),
    ("records_excluded", "node10", "box5", "Records excluded"),
    ("dbr_sought_reports", "node11", "box6", "Reports sought for retrieval"),
    ("dbr_notretrieved_reports", "node12", "box7", "Reports not retrieved"),
    ("other_sought_reports", "node18", "box12", "Reports sought for retrieval"),
    ("other_notretrieved_reports", "node19", "box13", "Reports not retrieved"),
    ("dbr_assessed", "node13", "box8", "Reports assessed for eligibility"),
    ("dbr_excluded", "node14", "box9", "Reports excluded"),
    ("other_assessed", "node20", "box14", "Reports assessed for eligibility"),
    ("other_excluded", "node21", "box15", "Reports excluded"),
    ("new_studies", "node15", "box10", "New studies included in review"),
    ("new_reports", "", "box10", "Reports of new included studies"),
    ("total_studies", "node22", "box16", "Total studies included in review"),
    ("total_reports", "", "box16", "Reports of total included studies"),
    ("total_studies_ma", "", "box17", "Studies included in meta-analysis"),
    ("", "node1", "identification", "Identification"),
    ("", "node2", "screening", "Screening"),
    ("", "node3", "included", "Included"),
)
"""Key, node and box of the program's own template, and the words in the box."""

KEYS = tuple(key for key, *_ in ROWS if key)

EXTRAS = {
    "searches": "Records identified by each search",
    "copies_found_later": "Duplicate records found while screening",
    "screened_out_by_people": "Records excluded by a person",
    "screened_out_by_tools": "Records excluded by automation tools",
    "screening_reasons": "Records excluded, by reason",
    "ongoing_studies": "Ongoing studies",
    "ongoing_reports": "Reports of ongoing studies",
    "awaiting_studies": "Studies awaiting classification",
    "awaiting_reports": "Reports of studies awaiting classification",
    "reports_of_earlier_studies": "Reports of studies that were included before",
}
"""Keys that PRISMA2020's program does not have, and what they count. None of its keys is part of
one of them, since the program finds a row by searching for its key."""

SEVERAL = ("searches", "screening_reasons")
"""Of `EXTRAS`, those with a number for each of several."""
COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")


_PLAINER = {
    "database_results": "Records identified from databases",
    "register_results": "Records identified from registers",
    "duplicates": "Duplicate records removed",
    "website_results": "Records identified from websites",
    "organisation_results": "Records identified from organisations",
    "citations_results": "Records identified by citation searching",
    "database_specific_results": "Records identified from each database",
    "register_specific_results": "Records identified from each register",
}


def meaning(key: str) -> str:
    """Return what a key counts, so that it is unambiguous without the diagram.

    Examples
    --------
    >>> meaning("dbr_assessed"), meaning("other_assessed")
    ('Reports assessed for eligibility', 'Reports assessed for eligibility (other methods)')
    """
    if key in EXTRAS:
        return EXTRAS[key]
    words = next(words for name, _, _, words in ROWS if name == key)
    return _PLAINER.get(key, f"{words} (other methods)" if key.startswith("other_") else words)


def checked(counts: Mapping[str, Any]) -> dict[str, Any]:
    """Return counts as whole numbers by known keys.

    Parameters
    ----------
    counts : mapping
        Keys of PRISMA2020 and of `EXTRAS`; whole numbers, also as text with separated thousands;
        for reasons and single sources also a mapping with a number for each; None where a count
        is not known.

    Returns
    -------
    dict
        In the order of the template.

    Raises
    ------
    DataError
        For an unknown key, or a count that is not a whole number.

    Examples
    --------
    >>> checked({"records_screened": "1,234"})
    {'records_screened': 1234}
    """
    known = (*KEYS, *EXTRAS)
    for key in counts:
        if key not in known:
            hint = did_you_mean(str(key), known)
            raise DataError(f"counts: there is no key {key!r} in a flow.{hint}")
    several = (*COUNTED, *REASONED, *SEVERAL)
    read: dict[str, Any] = {}
    for key in known:
        if key not in counts:
            continue
        value = counts[key]
        if isinstance(value, Mapping):
            if key not in several:
                raise DataError(f"counts: {key} is one number, not several by name.")
            named = (
                (str(name), read_count(n, f"counts, {key}, {name}")) for name, n in value.items()
            )
            read[key] = {name: n for name, n in named if n is not None}
        else:
            read[key] = read_count(value, f"counts, {key}")
    return read


def write_counts(counts: Mapping[str, Any], path: str | Path) -> Path:
    """Write counts as PRISMA2020's CSV, completely or not at all.

    Parameters
    ----------
    counts : mapping
        Keys of PRISMA2020; unknown keys are refused.
    path : path
        Ends in ``.csv``.

    Returns
    -------
    Path
        The file.
    """
    checked(counts)
    rows = [
        (key or "NA", node or "NA", box, words, words, words, f"{key or box}.html",
         _cell(counts.get(key)) if key else "0")
        for key, node, box, words in ROWS
    ]  # fmt: skip
    rows += [
        (key, "NA", "NA", words, words, words, f"{key}.html", _cell(counts[key]))
        for key, words in EXTRAS.items()
        if counts.get(key) is not None
    ]
    return write_table(pd.DataFrame(rows, columns=list(COLUMNS)), path)


def read_counts(path: str | Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Read counts from PRISMA2020's CSV.

    Parameters
    ----------
    path : path
        A table with the columns ``data`` and ``n``, as `arrowroot.tables` reads it.

    Returns
    -------
    counts : dict
        A count for each key of the file, None where it is blank or NA; reasons and single
        databases as dictionaries of counts.
    remarks : tuple of str
        What should be known about the file, such as a guessed encoding.

    Raises
    ------
    FileError, DataError
        If it cannot be read, or a count is not a whole number; the message names file and line.
    """
    table = read_frame(path)
    name = as_path(path).name
    for column in ("data", "n"):
        checks.column(table, column, name)
    counts: dict[str, Any] = {}
    for line, key, written in table[["data", "n"]].itertuples(name=None):
        if key not in KEYS and key not in EXTRAS:
            continue
        given = "" if written is None or written == "NA" else str(written)
        place = f"{name}, line {line}: {key}"
        several = key in (*COUNTED, *REASONED, *SEVERAL) and not given.isdigit()
        counts[key] = _several(given, place) if several else read_count(given, place)
    return counts, table.attrs.get("remarks", ())


def _cell(value: object) -> str:
    if isinstance(value, Mapping):
        # The program reads "name, count; name, count", so a name must not contain either character.
        return "; ".join(f"{re.sub('[,;]', ' ', name)}, {count}" for name, count in value.items())
    return "NA" if value is None else str(value)


def _several(given: str, place: str) -> dict[str, int] | None:
    parts = [part.strip() for part in given.split(";") if part.strip()]
    counts: dict[str, int] = {}
    for part in parts:
        name, _, number = part.rpartition(",")
        if number.strip() in ("NA", "xxx"):
            continue
        counts[name.strip()] = counts.get(name.strip(), 0) + (read_count(number, place) or 0)
    return counts or None
