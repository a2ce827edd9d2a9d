"""Headings of tables of references: which field each holds, and which export has them."""

from __future__ import annotations

from synthesis.library.readers.fields.abroad import ABROAD

HEADINGS: dict[str, tuple[str, ...]] = {
    "type": (
        "type", "document type", "item type", "publication type", "documenttype", "doctype",
        "content type", "article type", "articletype", "record type", "publicationtype", "pt",
        "dt",
    ),
    "title": (
        "title", "article title", "document title", "item title", "study title",
        "scientific title", "public title", "display name", "titles", "ti", "primary title",
    ),
    "authors": (
        "author full names", "authors", "author(s)", "author", "author names", "author/s",
        "authors (raw affiliation)", "author list", "au", "full author names", "researchers",
    ),
    "given names first": ("authorships.author.display name", "author display names"),
    "editors": ("editors", "editor", "book editors", "editor(s)", "ed"),
    "year": (
        "year", "publication year", "published year", "year of publication", "pubyear", "py",
        "publication date", "date", "date published", "date of publication", "pubdate",
        "publicationdateyear", "published", "publication date (online)", "yr", "first posted",
        "date registration", "date registration3", "start date",
    ),
    "month": ("month", "published month", "publication month"),
    "journal": (
        "journal", "source title", "publication title", "journal/book", "pubtitle",
        "publication name", "source title/anthology title", "anthology title", "journal title",
        "journal name", "source", "source register", "so",
        "primary location.source.display name", "secondary title", "book title",
        "conference title", "conference name", "publication", "venue", "full journal",
    ),
    "volume": ("volume", "vol", "vol.", "journal volume", "biblio.volume", "vl", "vi"),
    "number": (
        "number", "issue", "issue number", "journal issue", "biblio.issue", "no", "no.", "ip",
    ),
    "pages": (
        "pages", "page(s)", "pagination", "page range", "page numbers", "page number", "pg", "page",
        "pp", "pp.", "pgs",
    ),
    "first page": (
        "page start", "start page", "first page", "startpage", "firstpage", "beginning page",
        "biblio.first page", "page from", "sp", "bp",
    ),
    "last page": (
        "page end", "end page", "last page", "endpage", "lastpage", "ending page",
        "biblio.last page", "page to", "ep",
    ),
    "article number": (
        "art. no.", "article number", "article no.", "article no", "art no", "ar", "elocator",
        "elocation-id", "elocation id", "e-location", "article id", "electronic pages",
    ),
    "doi": (
        "doi", "digital object identifier", "digitalobjectidentifier", "item doi", "book doi",
        "dois", "doi number", "do", "di", "doi link", "ids.doi",
    ),
    "pmid": (
        "pmid", "pubmed id", "medline pmid", "pubmedid", "pubmed number", "pubmed", "ids.pmid",
        "pm", "medline id",
    ),
    "url": (
        "url", "link", "urls", "document url", "documenturl", "study url", "web address",
        "articleurl", "article url", "fulltexturl", "full text url", "full text link",
        "pdf link", "plink", "permalink", "external url", "source urls", "dimensions url",
        "embase link", "ur", "primary location.landing page url", "source linkout",
        "persistent link", "view in scopus",
    ),
    "abstract": (
        "abstract", "abstract note", "abstracts", "ab", "brief summary", "summary",
        "description", "abstract text",
    ),
    "second abstract": ("second abstract", "other abstract", "translated abstract"),
    "keywords": (
        "keywords", "author keywords", "index keywords", "manual tags", "automatic tags",
        "keyword", "keywords plus", "mesh terms", "mesh headings", "subjects", "subject terms",
        "subjectterms", "subject", "ieee terms", "descriptors", "emtree terms", "conditions",
        "condition", "keywords.display name", "de", "kw", "fields of study", "identifiers",
    ),
    "database": ("database", "library catalog", "database name", "db"),
    "issn": (
        "issn", "issns", "eissn", "e-issn", "issn-l", "print issn", "electronic issn",
        "primary location.source.issn l", "primary location.source.issn", "sn",
    ),
    "isbn": ("isbn", "isbns", "eisbn", "bn"),
    "language": (
        "language", "language of original document", "languages", "document language", "la",
        "original language", "article language", "language of publication",
    ),
    "publisher": ("publisher", "publisher name", "pb", "pu"),
    "second doi": ("second doi",),
    "registration": (
        "registration", "nct number", "trialid", "trial id", "clinical trial number",
        "other ids", "clinical trial numbers", "secondary id", "clinicaltrials.gov id",
        "trial registry numbers", "registration number",
    ),
    "accession": (
        "accession", "accession number", "ut (unique wos id)", "eid", "cochrane id", "lens id",
        "cochrane review id", "nct number", "trialid", "publication id", "eric number",
        "storeid", "pui", "unique id", "embase accession id", "ut", "an", "openalex id", "id",
    ),
    "notes": ("notes", "note", "extra", "research notes", "comments", "acronym"),
}  # fmt: skip
for _field, _others in ABROAD.items():
    HEADINGS[_field] += tuple(one for one in _others if one not in HEADINGS[_field])
"""Headings in lower case, with blanks for underscores, under which programs write a field.

The first that is filled is taken; of keywords and numbers, all are.
"""

KEYS = (
    "record id", "key", "eid", "cochrane id", "cochrane review id", "record number",
    "nct number", "trialid", "lens id", "publication id", "ut (unique wos id)",
    "accession number", "storeid", "id", "pmid", "pubmed id",
)  # fmt: skip
"""Headings of what an export calls a reference."""

OURS = ("record id", "source file", "source line", "raw", "found in", "records")
"""Headings of `write_records` beside the fields."""

FLAVOURS = (
    ({"eid", "source title"}, "Scopus"),
    ({"pmid", "journal/book"}, "PubMed"),
    ({"cochrane review id"}, "Cochrane Database of Systematic Reviews"),
    ({"nct number", "study title"}, "ClinicalTrials.gov"),
    ({"nct number", "sponsor/collaborators"}, "ClinicalTrials.gov"),
    ({"nct number", "first posted"}, "ClinicalTrials.gov"),
    ({"trialid", "public title"}, "ICTRP"),
    ({"lens id"}, "Lens"),
    ({"publication id", "pubyear"}, "Dimensions"),
    ({"authorships.author.display name"}, "OpenAlex"),
    ({"ut (unique wos id)"}, "Web of Science"),
    ({"pui", "author names"}, "Embase"),
    ({"document title", "ieee terms"}, "IEEE Xplore"),
    ({"author(s)", "source"}, "CENTRAL"),
)
"""Headings by which an export is recognised. The Cochrane Library heads its reviews ``Cochrane
Review ID, Author(s), Title, Source, Year, Abstract, Issue, Publisher, ISSN, Keywords, DOI, URL,
Cochrane Review Group Code``; its headings for the trials of CENTRAL are assumed to be the same,
without the review ones.

The others come from public descriptions: ClinicalTrials.gov's of 2023 and before from
programs that ask for them by name (``NCT Number, Study Title, Study URL, ...``) and from
``clinicalTrials_Summary/README.md`` of github.com/kaustcovid19/data; Dimensions' and Lens's from
bibliometrix and bibnets, two packages of R that read them; OpenAlex's flat table from
``read_openalex_csv`` of bibnets; ICTRP's are the names of its XML.
"""

REGISTERS = ("ClinicalTrials.gov", "ICTRP")
"""The flavours whose records are entries of a register."""
