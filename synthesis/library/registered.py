"""Records that name the same registration number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from synthesis.library.judgement import SEPARATE
from synthesis.library.readers.fields.letters import folded
from synthesis.library.readers.fields.registrations import registrations
from synthesis.library.readers.found import BETWEEN
from synthesis.library.records import as_text

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
    return [registrations(*row) for row in texts.itertuples(index=False, name=None)]


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


def own_number(row: dict[str, str]) -> str:
    """Return the number of a register's own entry, or an empty text if it names several or none."""
    if row["type"] != "registration":
        return ""
    accession = registrations(row["accession"])
    named = accession or row["registration"].split(BETWEEN)
    return named[0] if len(named) == 1 else ""
