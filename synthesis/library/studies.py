"""From links between reports to the study of each report."""

from __future__ import annotations

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import shortened
from synthesis import checks
from synthesis.library.extraction import labels_of
from synthesis.library.records import as_text, ids_of
from synthesis.library.registered import SEVERAL_TRIALS


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
