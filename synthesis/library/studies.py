"""Which reports belong to one study: by registration number, and from links to groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import shortened
from synthesis import checks
from synthesis.library.judgement import SEPARATE
from synthesis.library.readers.fields import identifiers
from synthesis.library.readers.fields.letters import folded
from synthesis.library.readers.found import BETWEEN
from synthesis.library.records import as_text, ids_of

MANY = 3
"""A record that names more registration numbers may be a review of several trials."""

SEVERAL_TRIALS = "names several trials"
"""The relation of such a record, which makes it no report of a study."""

_TEXTS = (
    "registration", "title", "abstract", "second_abstract", "keywords", "notes", "accession", "url",
    "authors", "journal", "number", "pages", "raw",
)  # fmt: skip


class Registered(NamedTuple):
    """Two records that name one registration number, by their places in the table."""

    report: int
    main: int
    relation: str
    reason: str


def rank(kind: str) -> int:
    """Return the place of a kind of report: an article comes first, a register entry last."""
    return SEPARATE.index(kind) + 1 if kind in SEPARATE else 0


def numbers_of(records: pd.DataFrame) -> list[list[str]]:
    """Return the registration numbers that each record names in any of its fields."""
    named = [name for name in _TEXTS if name in records]
    texts = as_text(records, named)
    return [identifiers.registrations(*row) for row in texts.itertuples(index=False, name=None)]


def registered(records: pd.DataFrame) -> Iterator[Registered]:
    """Yield the records that name the same registration number as another one.

    Each is linked to the first article among them, or the first report where there is no article.
    A record that is another copy of one in the group is passed over; that is for
    `find_duplicates`.

    Parameters
    ----------
    records : DataFrame
        With ``type``, ``title`` and the other fields of `read_records`.
    """
    numbers = numbers_of(records)
    groups: dict[str, list[int]] = {}
    for place, named in enumerate(numbers):
        for number in named:
            groups.setdefault(number, []).append(place)
    columns = as_text(records, ["type", "title", "doi", "pmid"])
    kinds = columns["type"].tolist()
    keys = [
        {(name, value) for name, value in zip(("doi", "pmid"), own, strict=True) if value}
        | {("title", f"{kind} {folded(title).lower()}")}
        for kind, title, *own in columns.map(str.strip).itertuples(index=False, name=None)
    ]
    linked: set[int] = set()
    for number, members in groups.items():
        # A review comes last, so that no trial's report is a report of the review.
        members.sort(key=lambda at: (len(numbers[at]) > MANY, rank(kinds[at]), at))
        main, seen = members[0], set(keys[members[0]])
        for place in members[1:]:
            if seen.isdisjoint(keys[place]) and place not in linked:
                linked.add(place)
                several = len(numbers[place])
                reason = f"same registration number, {number}"
                if several > MANY:
                    reason += f"; it names {several} such numbers and may be a review"
                    yield Registered(place, main, SEVERAL_TRIALS, reason)
                else:
                    own = kinds[place] if kinds[place] in SEPARATE else "same registration"
                    yield Registered(place, main, own, reason)
            seen |= keys[place]


def studies_of(records: pd.DataFrame, reports: pd.DataFrame) -> dict[str, str]:
    """Return the study of each record that is linked to another report of its study.

    Parameters
    ----------
    records : DataFrame
        From `read_records` or `merge_duplicates`.
    reports : DataFrame
        From `related_reports`, without the rows that proved wrong: ``record_id``, ``report_of``.
        Rows whose ``relation`` is "names several trials" are left out.

    Returns
    -------
    dict of str to str
        ``record_id`` -> label of the study, as `prisma_flow` and `extraction_rows` take it in
        ``studies``. The label is the first author and year of the report to which the others are
        linked, with a letter where two studies would have the same one.

    Raises
    ------
    DataError
        If a link names an unknown record, or a ``record_id`` is blank or occurs twice.

    Examples
    --------
    >>> records = pd.DataFrame({"record_id": ["a", "b", "c"], "year": ["2015", "2013", "2011"],
    ...     "authors": ["Vale, P.", "", "Moor, T."], "title": ["Care at home", "Care", "Walks"]})
    >>> links = pd.DataFrame({"record_id": ["b"], "report_of": ["a"]})
    >>> studies_of(records, links)
    {'a': 'Vale 2015', 'b': 'Vale 2015'}
    """
    from synthesis.library.extraction import labels_of

    for name in ("record_id", "report_of"):
        checks.column(reports, name, "reports")
    ids = ids_of(records)
    if "relation" in reports:
        reports = reports[reports["relation"] != SEVERAL_TRIALS]
    links = as_text(reports, ["record_id"]).assign(
        report_of=as_text(reports.rename(columns={"record_id": "_", "report_of": "record_id"}),
                          ["record_id"])["record_id"].to_numpy()
    )  # fmt: skip
    named = [*links["record_id"], *links["report_of"]]
    if strangers := [repr(one) for one in dict.fromkeys(named) if one not in set(ids)]:
        raise DataError(f"reports: there is no record {shortened(strangers)}.")
    group = {one: one for one in named}

    def head(one: str) -> str:
        while group[one] != one:
            group[one] = group[group[one]]
            one = group[one]
        return one

    for report, main in links.itertuples(index=False, name=None):
        group[head(report)] = head(main)
    wanted = ["record_id", "authors", "year", "title"]
    heads = {head(one) for one in group}
    shown = as_text(records[[one in heads for one in ids]], wanted)
    label = dict(zip(shown["record_id"], labels_of(shown, {}), strict=True))
    return {one: label[head(one)] for one in ids if one in group}


def own_number(row: dict[str, str]) -> str:
    """Return the number of a register's own entry, or an empty text if it names several or none."""
    if row["type"] != "registration":
        return ""
    accession = identifiers.registrations(row["accession"])
    named = accession or row["registration"].split(BETWEEN)
    return named[0] if len(named) == 1 else ""
