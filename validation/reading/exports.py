"""The project's own exports, and the same references as other databases would export them.

The three files in ``data/case_management/library`` are read; the other formats are made here
from their records.
"""

from __future__ import annotations

import csv
import io
import json
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
        "tabs.txt": web_of_science_tabs(rows),
        "pubmed.xml": pubmed_xml(rows),
        "ictrp.xml": ictrp(rows),
        "endnote.enw": endnote_tags(rows),
        "csl.json": csl_json(rows),
        "trials.json": trials_json(rows),
        "openalex.json": openalex_json(rows),
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


def web_of_science_tabs(rows: Iterable[Row]) -> str:
    """Return references as Web of Science's text separated by tabs."""
    headings = ["PT", "AU", "AF", "TI", "SO", "PY", "VL", "IS", "BP", "EP", "DI", "PM", "UT"]
    lines = ["\t".join(headings)]
    for number, row in enumerate(rows, start=1):
        people = row["authors"]
        cells = ["J", people, people, row["title"], row["journal"].upper(), row["year"]]
        cells += [row["volume"], row["number"], *_ends(row), row["doi"], row["pmid"]]
        lines.append("\t".join([*cells, f"WOS:{number:015}"]))
    return "\n".join([*lines, ""])


def pubmed_xml(rows: Iterable[Row]) -> str:
    """Return references as PubMed's XML."""
    articles = []
    for number, row in enumerate(rows, start=1):
        people = "".join(
            f"<Author><LastName>{escape(family)}</LastName><ForeName>{escape(given.strip())}"
            "</ForeName></Author>"
            for family, _, given in (name.partition(",") for name in _people(row))
        )
        articles.append(
            f"<PubmedArticle><MedlineCitation><PMID>{row['pmid'] or 900000 + number}</PMID>"
            f"<Article><Journal><JournalIssue><Volume>{escape(row['volume'])}</Volume><Issue>"
            f"{escape(row['number'])}</Issue><PubDate><Year>{row['year']}</Year></PubDate>"
            f"</JournalIssue><Title>{escape(row['journal'])}</Title></Journal><ArticleTitle>"
            f"{escape(row['title'])}</ArticleTitle><Pagination><MedlinePgn>{escape(row['pages'])}"
            f"</MedlinePgn></Pagination><AuthorList>{people}</AuthorList></Article>"
            '</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="doi">'
            f"{escape(row['doi'])}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>\n"
        )
    return (
        '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" '
        f'"pubmed.dtd">\n<PubmedArticleSet>\n{"".join(articles)}</PubmedArticleSet>\n'
    )


def ictrp(rows: Iterable[Row]) -> str:
    """Return references as trials in ICTRP's XML; their numbers are made up."""
    trials = [
        f"<Trial>\n<TrialID>NCT{number:08}\n</TrialID>\n<Scientific_title>{escape(row['title'])}"
        f"</Scientific_title>\n<Date_registration>{row['year']}-01-01</Date_registration>\n"
        f"<Source_Register>ClinicalTrials.gov</Source_Register>\n<Acronym/>\n</Trial>\n"
        for number, row in enumerate(rows, start=1)
    ]
    return (
        "<?xml version='1.0' encoding='UTF-8' ?>\n<Trials_downloaded_from_ICTRP>\n"
        f"{''.join(trials)}</Trials_downloaded_from_ICTRP>\n"
    )


def endnote_tags(rows: Iterable[Row]) -> str:
    """Return references in EndNote's tags."""
    references = []
    for row in rows:
        tags = [("%0", "Journal Article"), *(("%A", name) for name in _people(row))]
        tags += [("%T", row["title"]), ("%J", row["journal"]), ("%D", row["year"])]
        tags += [("%V", row["volume"]), ("%N", row["number"]), ("%P", row["pages"])]
        tags += [("%R", row["doi"])]
        references.append("\n".join(f"{tag} {value}" for tag, value in tags if value))
    return "\n\n".join([*references, ""])


def csl_json(rows: Iterable[Row]) -> str:
    """Return references in CSL-JSON."""
    items = [
        {
            "id": row["record_id"],
            "type": "article-journal",
            "title": row["title"],
            "author": [{"literal": name} for name in _people(row)],
            "issued": {"date-parts": [[int(row["year"])]]},
            "container-title": row["journal"],
            "volume": row["volume"],
            "issue": row["number"],
            "page": row["pages"],
            "DOI": row["doi"],
        }
        for row in rows
    ]
    return json.dumps(items, indent=1, ensure_ascii=False)


def trials_json(rows: Iterable[Row]) -> str:
    """Return references as studies of ClinicalTrials.gov; their numbers are made up."""
    studies = [
        {
            "protocolSection": {
                "identificationModule": {"nctId": f"NCT{number:08}", "briefTitle": row["title"]},
                "statusModule": {"studyFirstSubmitDate": f"{row['year']}-01-01"},
            }
        }
        for number, row in enumerate(rows, start=1)
    ]
    return json.dumps({"studies": studies, "nextPageToken": "x"}, indent=1, ensure_ascii=False)


def openalex_json(rows: Iterable[Row]) -> str:
    """Return references as works of OpenAlex."""
    works = [
        {
            "id": f"https://openalex.org/W{number}",
            "doi": row["doi"] and f"https://doi.org/{row['doi']}",
            "display_name": row["title"],
            "publication_year": int(row["year"]),
            "type": "article",
            "authorships": [{"author": {"display_name": name}} for name in _people(row)],
            "primary_location": {"source": {"display_name": row["journal"]}},
        }
        for number, row in enumerate(rows, start=1)
    ]
    return json.dumps({"meta": {"count": len(works)}, "results": works}, ensure_ascii=False)


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
