"""Retractions, expressions of concern and corrections: which records they are about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import pandas as pd

from arrowroot.text import shortened
from synthesis.library.exchange.matching import plain
from synthesis.library.notices.words import NOTICE_TITLE, NOTICES, notice_of
from synthesis.library.records import as_text, ids_of

ABOUT = ("retracted", "expression of concern", "corrected")

COLUMNS = ("record_id", "notice", "source")


def publication_notices(records: pd.DataFrame) -> pd.DataFrame:
    """Return the records that are retracted, of concern or corrected, and the notices themselves.

    Parameters
    ----------
    records : DataFrame
        From `read_records`: their titles, their column ``notice``, and their raw text.

    Returns
    -------
    DataFrame
        ``record_id``, ``notice`` (`NOTICES`) and ``source``: ``the record itself``, or the id of
        another record whose title says that it is about this one.

    Notes
    -----
    Only what the exports say is found. Before a review is finished, its included studies are
    looked up anew, for instance in Retraction Watch's data base.

    Examples
    --------
    >>> titles = ["Leaves and roots", "Retraction: Leaves and roots"]
    >>> publication_notices(pd.DataFrame({"record_id": ["a:1", "a:2"], "title": titles}))
      record_id             notice               source
    0       a:1          retracted                  a:2
    1       a:2  retraction notice  the record itself
    """
    ids = ids_of(records)
    text = as_text(records, ["title", "type", "notice", "raw"])

    @cache
    def by_title() -> dict[str, list[str]]:
        held: dict[str, list[str]] = {}
        for one, title in zip(ids, text["title"], strict=True):
            held.setdefault(plain(title), []).append(one)
        return held

    found: dict[tuple[str, str], str] = {}
    for one, row in zip(ids, text.to_dict("records"), strict=True):
        fields = {str(name): str(cell) for name, cell in row.items()}
        own = fields["notice"] or notice_of(fields, fields["raw"])
        for name in filter(None, own.split("; ")):
            found[one, name] = "the record itself"
        for name, words in NOTICE_TITLE:
            about = re.sub(words, "", fields["title"], count=1, flags=re.I)
            if about == fields["title"] or len(plain(about)) < 8:
                continue
            for other in by_title().get(plain(about), []):
                found.setdefault((other, name), one)
    place = {one: at for at, one in enumerate(ids)}
    rows = sorted(
        ((*key, source) for key, source in found.items()),
        key=lambda row: (place[row[0]], NOTICES.index(row[1])),
    )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def of_included(records: pd.DataFrame, heads: Mapping[str, str], included: set[str]) -> list[str]:
    """Return, in sentences, which included reports are retracted, of concern or corrected."""
    held = publication_notices(records)
    told = []
    for name in ABOUT:
        of_name = held.loc[held["notice"] == name, "record_id"]
        named = dict.fromkeys(heads[one] for one in of_name if heads.get(one) in included)
        if not named:
            continue
        todo = {
            "retracted": "retracted, but included: {}. Decide whether to exclude them, and say so.",
            "expression of concern": "included with an expression of concern: {}. Read it.",
            "corrected": "included, and corrected since: {}. Extract from the corrected version.",
        }[name]
        told.append(todo.format(shortened(map(repr, named))))
    return told
