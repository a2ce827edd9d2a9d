"""Which records are duplicates: links between them, never deletions.

A duplicate is the same report found twice. A conference abstract, a preprint and the article on
one study are different reports; `related_reports` links those.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.extras import require
from arrowroot.frames import TextTable
from arrowroot.text import label, shortened
from synthesis import checks
from synthesis.library import pairs
from synthesis.library.judgement import JUDGED, SEPARATE, Pair, agreement, pairs_of, verdict
from synthesis.library.readers.fields import people
from synthesis.library.readers.fields.absent import is_absent
from synthesis.library.readers.fields.letters import folded
from synthesis.library.readers.found import BETWEEN, BETWEEN_NOTES, FIELDS, LISTS
from synthesis.library.records import as_text, ids_of
from synthesis.library.registered import own_number, rank, registered

LINKS = ("record_id", "duplicate_of", "reason", "certain")
REPORTS = ("record_id", "report_of", "relation", "reason")


def find_duplicates(records: pd.DataFrame, *, progress: bool = True) -> pd.DataFrame:
    """Link records that are the same report.

    Parameters
    ----------
    records : DataFrame
        From `read_records`; at least ``record_id`` and ``title``.
    progress : bool
        Whether to show a progress bar once two seconds have passed.

    Returns
    -------
    DataFrame
        One row per duplicate: ``record_id``; ``duplicate_of``, the fullest record of its group,
        which is never itself a duplicate of another with certainty; ``reason``, the fields that
        agree and those that differ; ``certain``. A link that is not certain is for a reviewer to
        confirm, by setting ``certain`` to True, or to drop. Dropping a row undoes its link.

    Raises
    ------
    DataError
        If a ``record_id`` is blank or occurs twice.
    MissingPackageError
        If the packages of the extra `library` are not installed.

    Notes
    -----
    Pairs that bib-dedupe calls duplicates are certain, unless they have different PubMed numbers
    or different DOIs; or one is an erratum, a comment, a protocol or another part of the other; or
    one title continues where the other ends, and what it adds ("economic evaluation", "24-month
    outcomes") or its first page indicates a different report. Pairs that share a DOI or PubMed
    number but little else, entries of two registers under one registration number,
    and pairs whose title and authors agree while something else suggests
    that they differ, are uncertain.
    """
    require("find_duplicates", "bib_dedupe", "number_parser")
    table = _without_words_for_nothing(_checked(records))
    held = _rows(table)
    certain: list[tuple[Pair, str]] = []
    uncertain: list[tuple[Pair, str]] = []
    entries = [own_number(row) for row in held]
    for pair in pairs_of(held, pairs.compared(table, also=entries, progress=progress)):
        if judged := verdict(pair):
            (certain if judged[0] else uncertain).append((pair, judged[1]))
    order = _best_first(table)
    heads = _heads([pair for pair, _ in certain], order)
    ids = table["record_id"].tolist()
    rows = [
        (ids[place], ids[heads[place]], reason, True)
        for place, reason in _reasons(certain, heads, ids).items()
    ]
    linked = {place for place, head in enumerate(heads) if place != head}
    for pair, reason in uncertain:
        better, worse = sorted((heads[pair.first], heads[pair.second]), key=order.__getitem__)
        if better != worse and worse not in linked:
            linked.add(worse)
            rows.append((ids[worse], ids[better], reason, False))
    return TextTable(rows, columns=list(LINKS)).astype({"certain": bool})


def related_reports(records: pd.DataFrame, *, progress: bool = True) -> pd.DataFrame:
    """Link reports of one study: by title and authors, and by registration number.

    Conference abstracts, preprints and register entries are linked to the article of their study
    if title and authors are alike. Records of any kind are linked if they name the same
    registration number in any field: in the column ``registration``, the title, the abstract, or
    elsewhere in the text of the reference.

    Parameters
    ----------
    records : DataFrame
        From `read_records`.
    progress : bool
        Whether to show a progress bar once two seconds have passed.

    Returns
    -------
    DataFrame
        One row per report: ``record_id``, ``report_of`` (the article, or the other report where
        there is no article), ``relation`` (its kind, or "same registration" if it is an article
        itself, or "names several trials" if it names more than three numbers, as reviews do) and
        ``reason``. These are proposals: two reports with the same title may still be about
        different patients, and a record may name the number of a trial that it only discusses.
        `studies_of` turns what you accept into studies.

    Raises
    ------
    DataError
        If a ``record_id`` is blank or occurs twice.
    MissingPackageError
        If the packages of the extra `library` are not installed.
    """
    require("related_reports", "bib_dedupe", "number_parser")
    table = _without_words_for_nothing(_checked(records))
    kinds = table["type"].to_numpy()

    def of_two_kinds(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        separate = np.isin(kinds, SEPARATE)
        return (kinds[first] != kinds[second]) & (separate[first] | separate[second])

    found = pairs.compared(table, keep=of_two_kinds, progress=progress)
    ids = table["record_id"].tolist()
    rows: dict[str, tuple[str, str, str, str]] = {}
    for pair in pairs_of(_rows(table), found):
        alike = pair.likeness["title"] > 0.85 and pair.likeness["author"] > 0.75
        if alike and not pair.one_report:
            # The article comes first; of two other reports, the one named first in SEPARATE.
            main, report = sorted((pair.first, pair.second), key=lambda at: rank(str(kinds[at])))
            row = (ids[report], ids[main], str(kinds[report]), agreement(pair))
            rows.setdefault(ids[report], row)
    for link in registered(table):
        report, main = ids[link.report], ids[link.main]
        if report not in rows:
            rows[report] = (report, main, link.relation, link.reason)
        elif rows[report][1] == main:
            rows[report] = (*rows[report][:3], f"{rows[report][3]}; {link.reason}")
    return TextTable(list(rows.values()), columns=list(REPORTS))


def merge_duplicates(records: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return one row per report, each field from the fullest of its records.

    Parameters
    ----------
    records : DataFrame
        From `read_records`.
    links : DataFrame
        From `find_duplicates`; links that are not certain are ignored.

    Returns
    -------
    DataFrame
        The records that are not duplicates, with blanks filled from their duplicates: the fullest
        list of authors, each in the best form, the union of keywords, notes and numbers, and the
        longest abstract; ``found_in``, every database that had the report;
        ``records``, the number of its records. `records` itself is not changed.

    Raises
    ------
    DataError
        If a link names an unknown record, or links form a circle.
    """
    table = _checked(records)
    heads = heads_of(table, links)
    groups: dict[str, list[int]] = {}
    for place, record_id in enumerate(table["record_id"]):
        groups.setdefault(heads[record_id], []).append(place)
    cells: dict[str, list[Any]] = {str(name): table[name].tolist() for name in table.columns}
    places = {record_id: place for place, record_id in enumerate(table["record_id"])}
    merged = []
    for head, members in groups.items():
        first = places[head]
        members.remove(first)
        members.insert(0, first)
        row = {name: values[first] for name, values in cells.items()}
        for name in FIELDS:
            given = [cells[name][place] for place in members]
            row[name] = _richer(name, given)
        row["found_in"] = BETWEEN.join(
            dict.fromkeys(label(cells["database"][place]) for place in members)
        )
        merged.append({**row, "records": len(members)})
    columns = [*table.columns, "found_in", "records"]
    return pd.DataFrame(merged, columns=columns)


def heads_of(records: pd.DataFrame, links: pd.DataFrame) -> dict[str, str]:
    """Return the record that represents each record, by the certain links.

    Parameters
    ----------
    records : DataFrame
        With ``record_id``.
    links : DataFrame
        From `find_duplicates`.

    Returns
    -------
    dict of str to str
        Every ``record_id``, with the one at the end of its links.

    Raises
    ------
    DataError
        If a link names an unknown record, a record has two certain links, or links form a circle.
    """
    for name in ("record_id", "duplicate_of", "certain"):
        checks.column(links, name, "links")
    ids = ids_of(records)
    known = set(ids)
    certain = as_text(links, ["record_id", "duplicate_of"])[links["certain"].astype(bool)]
    named = [*certain["record_id"], *certain["duplicate_of"]]
    if strangers := [repr(one) for one in dict.fromkeys(named) if one not in known]:
        raise DataError(f"links: there is no record {shortened(strangers)}.")
    if certain["record_id"].duplicated().any():
        twice = certain.loc[certain["record_id"].duplicated(), "record_id"].unique()
        raise DataError(
            f"links: more than one for {shortened(twice)}. Keep one link per duplicate."
        )
    target = dict(zip(certain["record_id"], certain["duplicate_of"], strict=True))
    heads: dict[str, str] = {}
    for record_id in ids:
        path, at = [record_id], record_id
        while at in target and at not in heads:
            at = target[at]
            if at in path:
                raise DataError(
                    f"links: {shortened(path)} are duplicates of each other in a circle. "
                    "Drop one of their links."
                )
            path.append(at)
        heads.update(dict.fromkeys(path, heads.get(at, at)))
    return heads


def _checked(records: pd.DataFrame) -> pd.DataFrame:
    ids = ids_of(records)
    checks.column(records, "title", "records")
    table = records.reset_index(drop=True).assign(record_id=ids)
    table[list(FIELDS)] = as_text(table, FIELDS)
    return table


def _without_words_for_nothing(table: pd.DataFrame) -> pd.DataFrame:
    """Return records in which "NA" is a blank, as it is in those from `read_records`."""
    for name in JUDGED:
        absent = [one for one in table[name].unique() if one and is_absent(name, one)]
        if absent:
            table[name] = table[name].mask(table[name].isin(absent), "")
    return table


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the fields by which pairs are judged; others are as long as they are many."""
    cells = zip(*(table[name].tolist() for name in JUDGED), strict=True)
    return [dict(zip(JUDGED, row, strict=True)) for row in cells]


def _best_first(table: pd.DataFrame) -> list[tuple[bool, int, int, int]]:
    """Return a sort key for each record that puts the fullest of a group first."""
    filled = sum((table[name] != "").to_numpy(dtype=int) for name in FIELDS)
    separate = table["type"].isin(SEPARATE).tolist()
    lengths = table["abstract"].str.len().tolist()
    return [
        (apart, -int(count), -int(length), place)
        for place, (apart, count, length) in enumerate(
            zip(separate, np.asarray(filled).tolist(), lengths, strict=True)
        )
    ]


def _heads(certain: Iterable[Pair], order: Sequence[tuple[bool, int, int, int]]) -> list[int]:
    """Return the record that represents each record, where certain pairs connect them."""
    parent = list(range(len(order)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for pair in certain:
        parent[root(pair.first)] = root(pair.second)
    best: dict[int, int] = {}
    for place in sorted(range(len(order)), key=order.__getitem__):
        best.setdefault(root(place), place)
    return [best[root(place)] for place in range(len(order))]


def _reasons(
    certain: Iterable[tuple[Pair, str]], heads: Sequence[int], ids: Sequence[Hashable]
) -> dict[int, str]:
    """Return why each duplicate belongs to its group, from the pair that shows it best.

    A record may be linked through another to the head of a group with which it was never compared.
    """
    direct: dict[int, str] = {}
    by_way: dict[int, str] = {}
    for pair, reason in certain:
        for place, between in ((pair.first, pair.second), (pair.second, pair.first)):
            if between == heads[place]:
                direct.setdefault(place, reason)
            elif place != heads[place]:
                by_way.setdefault(place, f"by way of {ids[between]}: {reason}")
    return dict(sorted({**by_way, **direct}.items()))


def _richer(name: str, given: Iterable[str]) -> str:
    """Return the value to keep from several records: of lists all items, or else the fullest."""
    filled = [value for value in given if value]
    if not filled:
        return ""
    if name in ("authors", "editors"):
        return people.merged(filled, BETWEEN)
    if name in LISTS or name == "notes":
        between = BETWEEN_NOTES if name == "notes" else BETWEEN
        once: dict[str, str] = {}
        for item in (item for value in filled for item in value.split(between) if item.strip()):
            once.setdefault(folded(item).lower(), item)
        return between.join(once.values())
    if name in ("abstract", "second_abstract"):
        return max(filled, key=len)
    if name == "pages":
        return next((value for value in filled if "-" in value), filled[0])
    return filled[0]
