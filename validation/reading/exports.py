"""The project's own exports, and the same references as other databases would export them.

The three files in ``data/case_management/library`` are read; EndNote's XML, Web of Science's
plain text and the tables of Scopus, CENTRAL and Zotero are made here from their records.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from synthesis import read_records

LIBRARY = Path(__file__).parents[2] / "data" / "case_management" / "library"
FILES = ("pubmed.nbib", "zotero.bib", "index.ris")

Row = dict[str, str]


@cache
def exports() -> dict[str, str]:
    """Return the text of each export, by the name of its file."""
    given = {name: (LIBRARY / name).read_text("utf-8") for name in FILES}
    records, _ = read_records([LIBRARY / name for name in FILES])
    rows: list[Row] = records.astype(str).to_dict("records")
    return {
        **given,
        "endnote.xml": endnote(rows),
        "savedrecs.txt": web_of_science(rows),
        "scopus.csv": scopus(rows),
        "central.csv": central(rows),
        "zotero.csv": zotero(rows),
    }


def endnote(rows: Iterable[Row]) -> str:
    """Return references as EndNote's XML."""
    records = []
    for number, row in enumerate(rows, start=1):
        people = "".join(f"<author>{_styled(name)}</author>" for name in _people(row))
        records.append(
            '<record><database name="My EndNote Library.enl">My EndNote Library.enl</database>'
            f'<rec-number>{number}</rec-number><ref-type name="Journal Article">17</ref-type>'
            f"<contributors><authors>{people}</authors></contributors>"
            f"<titles><title>{_styled(row['title'])}</title>"
            f"<secondary-title>{_styled(row['journal'])}</secondary-title></titles>"
            f"<pages>{_styled(row['pages'])}</pages><volume>{_styled(row['volume'])}</volume>"
            f"<number>{_styled(row['number'])}</number>"
            f"<dates><year>{_styled(row['year'])}</year></dates>"
            f"<electronic-resource-num>{_styled(row['doi'])}</electronic-resource-num>"
            f"<accession-num>{_styled(row['pmid'])}</accession-num>"
            f"<remote-database-name>{_styled(row['database'])}</remote-database-name></record>\n"
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8" ?>\n<xml><records>\n{"".join(records)}'
        "</records></xml>\n"
    )


def web_of_science(rows: Iterable[Row]) -> str:
    """Return references as Web of Science's plain text."""
    lines = ["FN Clarivate Analytics Web of Science", "VR 1.0"]
    for number, row in enumerate(rows, start=1):
        begin, _, end = row["pages"].partition("-")
        tags = [("PT", "J"), ("AF", "\n   ".join(_people(row))), ("TI", row["title"])]
        tags += [("SO", row["journal"].upper()), ("PY", row["year"]), ("VL", row["volume"])]
        tags += [("IS", row["number"]), ("BP", begin), ("EP", end), ("DI", row["doi"])]
        tags += [("UT", f"WOS:{number:015}"), ("PM", row["pmid"])]
        lines += [f"{tag} {value}" for tag, value in tags if value]
        lines += ["ER", ""]
    return "\n".join([*lines, "EF", ""])


def scopus(rows: Iterable[Row]) -> str:
    """Return references as Scopus's CSV."""
    headings = ["Authors", "Title", "Year", "Source title", "Volume", "Issue", "Art. No."]
    headings += ["Page start", "Page end", "DOI", "PubMed ID", "Document Type", "Source", "EID"]
    return _table(
        headings,
        [
            [row["authors"], row["title"], row["year"], row["journal"], row["volume"],
             row["number"], "", *_ends(row), row["doi"], row["pmid"], "Article", "Scopus",
             f"2-s2.0-{number}"]
            for number, row in enumerate(rows, start=1)
        ],
    )  # fmt: skip


def central(rows: Iterable[Row]) -> str:
    """Return references as the Cochrane Library's CSV."""
    headings = ["Cochrane ID", "Author(s)", "Title", "Source", "Year", "DOI", "Keywords"]
    return _table(
        headings,
        [
            [f"CN-{number:08}", row["authors"], row["title"],
             f"{row['journal']}, {row['year']}, {row['volume']}", row["year"], row["doi"], ""]
            for number, row in enumerate(rows, start=1)
        ],
    )  # fmt: skip


def zotero(rows: Iterable[Row]) -> str:
    """Return references as Zotero's CSV."""
    headings = ["Key", "Item Type", "Publication Year", "Author", "Title", "Publication Title"]
    headings += ["DOI", "Date", "Pages", "Issue", "Volume", "Library Catalog", "Extra"]
    return _table(
        headings,
        [
            [f"KEY{number}", "journalArticle", row["year"], row["authors"], row["title"],
             row["journal"], row["doi"], row["year"], row["pages"], row["number"], row["volume"],
             row["database"], f"PMID: {row['pmid']}" if row["pmid"] else ""]
            for number, row in enumerate(rows, start=1)
        ],
    )  # fmt: skip


def _people(row: Row) -> list[str]:
    return row["authors"].split("; ")


def _ends(row: Row) -> tuple[str, str]:
    begin, _, end = row["pages"].partition("-")
    return begin, end


def _styled(text: str) -> str:
    return f'<style face="normal" font="default" size="100%">{escape(text)}</style>'


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    held = io.StringIO()
    csv.writer(held, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([headings, *rows])
    return held.getvalue()
