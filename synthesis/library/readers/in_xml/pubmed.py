"""PubMed's XML, as E-utilities and "Send to: File" once wrote it.

The elements are those of biopython's test file ``Tests/Entrez/pubmed2.xml``
(github.com/biopython/biopython) and of NLM's definition that it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from synthesis.library.readers import found
from synthesis.library.readers.found import Contents
from synthesis.library.readers.in_xml import reading
from synthesis.library.readers.in_xml.reading import Node, text

_ARTICLE, _BOOK = "MedlineCitation/Article/", "BookDocument/"
_LOOKS = ("b", "i", "sub", "sup", "u")


def read(held: str) -> Contents:
    """Return the references of a PubMed XML file."""
    return reading.read(held, {"PubmedArticle": _take, "PubmedBookArticle": _take})


def _take(node: Node, contents: Contents) -> None:
    def both(*paths: str) -> list[str]:
        return [f"{base}{path}" for path in paths for base in (_ARTICLE, _BOOK)]

    issue = f"{_ARTICLE}Journal/JournalIssue/"
    dates = [
        f"{issue}PubDate/", f"{_ARTICLE}ArticleDate/", f"{_BOOK}Book/PubDate/",
        f"{_BOOK}ContributionDate/",
    ]  # fmt: skip
    ids = node.nodes("PubmedData/ArticleIdList/ArticleId", "BookDocument/ArticleIdList/ArticleId")
    places = node.nodes(f"{_ARTICLE}ELocationID", f"{_BOOK}Book/ELocationID")
    named = [(one.get("IdType") or one.get("EIdType") or "", text(one)) for one in (*places, *ids)]
    begin, end = (node.get(*both(f"Pagination/{name}Page")) for name in ("Start", "End"))
    pages = found.pages(node.get(*both("Pagination/MedlinePgn"))) or found.pages(begin, end)
    own = node.nodes(*both("Abstract/AbstractText"))
    others = node.nodes("MedlineCitation/OtherAbstract/AbstractText")
    url, more = found.addresses(node.all(f"{_BOOK}Book/ELocationID[@EIdType='url']"))
    serials, remains = found.serials(
        node.all(
            f"{_ARTICLE}Journal/ISSN",
            "MedlineCitation/MedlineJournalInfo/ISSNLinking",
            f"{_BOOK}Book/Isbn",
        )
    )
    given: dict[str, str | list[str]] = {
        "title": node.get(
            *both("ArticleTitle"), f"{_BOOK}Book/BookTitle", f"{_ARTICLE}VernacularTitle"
        ),
        "authors": _people(
            node.nodes(*both("AuthorList/Author"), f"{_BOOK}Book/AuthorList/Author")
        ),
        "year": found.year(
            *node.all(*(f"{date}Year" for date in dates)), node.get(f"{issue}PubDate/MedlineDate")
        ),
        "month": found.month(
            *node.all(*(f"{date}Month" for date in dates)), node.get(f"{issue}PubDate/MedlineDate")
        ),
        "journal": node.get(
            f"{_ARTICLE}Journal/Title", "MedlineCitation/MedlineJournalInfo/MedlineTA",
            f"{_BOOK}Book/BookTitle",
        ),
        "volume": node.get(f"{issue}Volume", f"{_BOOK}Book/Volume"),
        "number": node.get(f"{issue}Issue"),
        "pages": pages,
        **found.dois([value for kind, value in named if kind == "doi"]),
        "pmid": node.get("MedlineCitation/PMID", f"{_BOOK}PMID"),
        "url": url,
        "abstract": _labelled(own),
        "second_abstract": _labelled(others),
        "keywords": [
            *node.all("MedlineCitation/KeywordList/Keyword", f"{_BOOK}KeywordList/Keyword"),
            *node.all("MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName"),
        ],
        "database": "PubMed",
        **serials,
        "language": node.get(*both("Language")),
        "publisher": node.get(f"{_BOOK}Book/Publisher/PublisherName"),
        "accession": node.get("MedlineCitation/PMID", f"{_BOOK}PMID"),
        "notes": [*node.all("MedlineCitation/GeneralNote"), *more, *remains],
    }  # fmt: skip
    declared = node.all(*both("PublicationTypeList/PublicationType"), f"{_BOOK}PublicationType")
    if node.element.tag == "PubmedBookArticle":
        declared.append("Book Chapter" if node.get(f"{_BOOK}ArticleTitle") else "Book")
    # The short form of what is given in full adds nothing to it.
    node.nodes(f"{_ARTICLE}Journal/ISOAbbreviation")
    node.note_unread(contents, part_of_text=_LOOKS)
    contents.take(given, declared, line=node.line, raw=node.raw)


def _people(authors: Iterable[Element]) -> list[str]:
    names = []
    for one in authors:
        part = {child.tag: text(child) for child in one}
        given = part.get("ForeName") or part.get("Initials", "")
        person = ", ".join(filter(None, (part.get("LastName"), given, part.get("Suffix"))))
        names.append(person or part.get("CollectiveName", ""))
    return names


def _labelled(parts: Iterable[Element]) -> str:
    told = []
    for one in parts:
        label = one.get("Label", "")
        told.append(f"{label}: {text(one)}" if label else text(one))
    return " ".join(told)
