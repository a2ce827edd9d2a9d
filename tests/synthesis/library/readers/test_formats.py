"""Each format in the form in which its program writes it. The references are made up."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from synthesis.library.flow.flow import prisma_flow
from synthesis.library.records import Records, read_records

NOT_READ = "not read, since no column has a place for them: "

WOS_TABS = (
    "PT\tAU\tBA\tAF\tTI\tSO\tLA\tDT\tDE\tID\tAB\tC1\tSN\tEI\tPD\tPY\tVL\tIS\tBP\tEP\tAR\t"
    "DI\tPM\tUT\n"
    "J\tVale, P; Moor, TJ\t\tVale, Petra; Moor, Tom J.\tCare at home\tBMJ OPEN\tEnglish\tArticle\t"
    "home; falls\tNURSES\tText.\tNorthfield\t1234-5678\t2345-678X\tMAR\t2015\t5\t3\t100\t110\t\t"
    "10.1000/a\t21999931\tWOS:0001\n"
)

PUBMED_XML = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "x.dtd">
<PubmedArticleSet>
<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">21999931</PMID>
<Article PubModel="Print"><Journal><ISSN IssnType="Print">1234-5678</ISSN><JournalIssue>
<Volume>5</Volume><Issue>3</Issue><PubDate><Year>2015</Year><Month>Mar</Month></PubDate>
</JournalIssue><Title>BMJ open</Title></Journal><ArticleTitle>
Care <i>at</i> home &amp; CO<sub>2</sub></ArticleTitle>
<Pagination><MedlinePgn>100-10</MedlinePgn></Pagination><Abstract>
<AbstractText Label="AIM">To walk.</AbstractText><AbstractText>p &lt; 0.05.</AbstractText>
</Abstract>
<AuthorList><Author><LastName>Vale</LastName><ForeName>Petra</ForeName></Author>
<Author><CollectiveName>Leaf Study Group</CollectiveName></Author></AuthorList>
<Language>eng</Language><PublicationTypeList><PublicationType>Case Reports</PublicationType>
<PublicationType>Journal Article</PublicationType></PublicationTypeList></Article>
<ChemicalList><Chemical><NameOfSubstance>Chlorophyll</NameOfSubstance></Chemical></ChemicalList>
</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pubmed">21999931</ArticleId>
<ArticleId IdType="doi">10.1000/a</ArticleId></ArticleIdList></PubmedData></PubmedArticle>
</PubmedArticleSet>
"""

ICTRP = """<?xml version='1.0' encoding='UTF-8' ?>
<Trials_downloaded_from_ICTRP>
  <Trial><Export_date>01/02/2025</Export_date>
    <TrialID>NCT01234567
    </TrialID>
    <Public_title>Home care</Public_title>
    <Scientific_title>Care at home for older people</Scientific_title>
    <Primary_sponsor>Northfield University</Primary_sponsor>
    <Date_registration3>20140920</Date_registration3>
    <Source_Register>ClinicalTrials.gov</Source_Register>
    <web_address>https://clinicaltrials.gov/show/NCT01234567</web_address>
    <Condition>Falls;Frailty</Condition>
    <Intervention>Visits&lt;br&gt;by nurses</Intervention>
    <Secondary_ID>ISRCTN12345678</Secondary_ID>
    <Acronym/>
  </Trial>
</Trials_downloaded_from_ICTRP>
"""

STUDY = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT01234567",
            "briefTitle": "Home care",
            "officialTitle": "Care at home for older people",
        },
        "statusModule": {"studyFirstPostDateStruct": {"date": "2014-09-20"}},
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Northfield University"}},
        "descriptionModule": {"briefSummary": "Nurses visit."},
        "conditionsModule": {"conditions": ["Falls", "Frailty"]},
        "contactsLocationsModule": {"locations": [{"city": "Northfield"}]},
    }
}

TRIALS_CSV = (
    "NCT Number,Study Title,Study URL,Study Status,Brief Summary,Conditions,Interventions,Sponsor,"
    "First Posted\n"
    "NCT01234567,Care at home for older people,https://clinicaltrials.gov/study/NCT01234567,"
    "COMPLETED,Nurses visit.,Falls|Frailty,BEHAVIORAL: Visits,Northfield University,2014-09-20\n"
)

WORK = {
    "id": "https://openalex.org/W123",
    "doi": "https://doi.org/10.1000/a",
    "display_name": "Care at home",
    "publication_year": 2015,
    "publication_date": "2015-03-01",
    "type": "article",
    "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/21999931"},
    "authorships": [
        {"author": {"display_name": "Petra Vale"}},
        {"author": {"display_name": "Ludwig van Moor"}},
    ],
    "primary_location": {"source": {"display_name": "BMJ Open", "issn": ["1234-5678"]}},
    "biblio": {"volume": "5", "issue": "3", "first_page": "100", "last_page": "110"},
    "abstract_inverted_index": {"Nurses": [0], "visit": [1, 3], "and": [2]},
    "cited_by_count": 7,
}

CSL = [
    {
        "id": "vale2015",
        "type": "article-journal",
        "title": "Care at home",
        "author": [
            {"family": "Vale", "given": "Petra"},
            {"family": "Berg", "given": "An", "non-dropping-particle": "van der"},
            {"literal": "Leaf Study Group"},
        ],
        "issued": {"date-parts": [[2015, 3]]},
        "container-title": "BMJ Open",
        "volume": 5,
        "issue": "3",
        "page": "100-110",
        "DOI": "10.1000/a",
        "PMID": "21999931",
        "ISSN": "1234-5678",
        "accessed": {"date-parts": [[2020, 1, 1]]},
    }
]

ENW = """%T Care at home
%0 Journal Article
%A Vale, Petra
%A Moor, T. J.
%J BMJ Open
%D 2015
%8 March 1, 2015
%V 5
%N 3
%P 100-110
%R 10.1000/a
%@ 1234-5678
%M 21999931
%W NLM
%K home
falls
%X A text.
It goes on.
%+ Northfield

%0 Book
%A Oak, Ann
%T Leaves
%I Leaf & Sons
"""

ERIC = """OWN - ERIC
TI  - Care at home
AU  - Vale, Petra
OT  - Nurses
OT  - Falls
AB  - A text.
PT  - Journal Articles
DP  - 2015 Mar
OID - EJ1234567
VI  - 5
IP  - 3
PG  - 100-110
JT  - Journal of Leaves
LID - http://dx.doi.org/10.1000/a
ISSN- ISSN-1234-5678
LA  - English
"""

DIMENSIONS = (
    '"About the data: Exported on Jan 1, 2025. Criteria: care"\n'
    "Rank,Publication ID,DOI,PMID,Title,Abstract,Source title,PubYear,Volume,Issue,Pagination,"
    "Publication Type,Authors,Dimensions URL,Times cited\n"
    '1,pub.1,10.1000/a,21999931,Care at home,Text,BMJ Open,2015,5,3,100-110,Article,"Vale, Petra; '
    'Moor, Tom J.",https://app.dimensions.ai/details/publication/pub.1,7\n'
)
LENS = (
    "Lens ID,Title,Date Published,Publication Year,Publication Type,Source Title,ISSNs,Publisher,"
    "Author/s,Abstract,Volume,Issue Number,Start Page,End Page,PMID,DOI,Citing Works Count\n"
    '001-1,Care at home,2015-03-01,2015,journal article,BMJ Open,12345678,Leaf,"Vale, Petra; Moor, '
    'Tom J.",Text,5,3,100,110,21999931,10.1000/a,7\n'
)
OPENALEX_CSV = (
    "id,doi,display_name,publication_year,type,authorships.author.display_name,"
    "primary_location.source.display_name,biblio.volume,biblio.issue,biblio.first_page,"
    "biblio.last_page,ids.pmid\n"
    "https://openalex.org/W1,https://doi.org/10.1000/a,Care at home,2015,article,"
    "Petra Vale|Tom J. Moor,BMJ Open,5,3,100,110,https://pubmed.ncbi.nlm.nih.gov/21999931\n"
)


def read(folder: Path, name: str, text: str) -> Records:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_records(path)


def unread(found: Records) -> set[str]:
    """Return the tags or headings that the one remark about them names."""
    (told,) = [one for one in found.problems["message"] if one.startswith(NOT_READ)] or [NOT_READ]
    return set(filter(None, told.removeprefix(NOT_READ).split(". Their text")[0].split(", ")))


@pytest.mark.parametrize(
    ("name", "text", "database", "left"),
    [
        ("tabs.txt", WOS_TABS, "Web of Science", {"C1"}),
        ("pubmed.xml", PUBMED_XML, "PubMed",
         {"MedlineCitation/ChemicalList/Chemical/NameOfSubstance"}),
        ("openalex.json", json.dumps({"meta": {"count": 1}, "results": [WORK]}), "OpenAlex",
         {"cited_by_count"}),
        ("openalex.csv", OPENALEX_CSV, "OpenAlex", set()),
        ("zotero.json", json.dumps(CSL, indent=1), "zotero", {"accessed.date-parts"}),
        ("export.enw", ENW.split("\n\n")[0], "NLM", {"%+"}),
        ("eric.nbib", ERIC, "ERIC", set()),
        ("dimensions.csv", DIMENSIONS, "Dimensions", {"Rank", "Times cited"}),
        ("lens.csv", LENS, "Lens", {"Citing Works Count"}),
    ],
)  # fmt: skip
def test_an_article(tmp_path: Path, name: str, text: str, database: str, left: set[str]) -> None:
    found = read(tmp_path, name, text)
    (row,) = found.records.to_dict("records")
    assert row["title"].startswith("Care at home")
    assert row["authors"].startswith("Vale, Petra")
    assert (row["year"], row["volume"], row["number"]) == ("2015", "5", "3")
    assert row["pages"] in ("100-110", "100-10")
    assert row["doi"] == "10.1000/a"
    assert row["pmid"] == ("" if database == "ERIC" else "21999931")
    assert row["type"] == "article"
    assert row["database"] == database
    assert "journal" in row["journal"].lower() or row["journal"].lower() == "bmj open"
    assert unread(found) == left
    # Every word is in the text of the reference or around it, so that there is no other remark.
    assert len(found.problems) == len(left and [left])


@pytest.mark.parametrize(
    ("name", "text", "database", "left"),
    [
        ("ictrp.xml", ICTRP, "ICTRP", {"Export_date"}),
        ("one.json", json.dumps(STUDY), "ClinicalTrials.gov",
         {"protocolSection.contactsLocationsModule.locations"}),
        ("several.json", json.dumps({"studies": [STUDY], "nextPageToken": "x"}),
         "ClinicalTrials.gov", {"protocolSection.contactsLocationsModule.locations"}),
        ("ctg.csv", TRIALS_CSV, "ClinicalTrials.gov", {"Study Status", "Sponsor"}),
    ],
)  # fmt: skip
def test_an_entry_of_a_register(
    tmp_path: Path, name: str, text: str, database: str, left: set[str]
) -> None:
    found = read(tmp_path, name, text)
    (row,) = found.records.to_dict("records")
    assert row["title"] == "Care at home for older people"
    assert (row["type"], row["database"]) == ("registration", database)
    assert row["registration"].split("; ")[0] == "NCT01234567"
    assert (row["year"], row["month"]) == ("2014", "9")
    assert row["keywords"] == "Falls; Frailty"
    assert "Falls" in row["abstract"]
    assert "clinicaltrials.gov" in row["url"]
    assert unread(found) == left
    assert len(found.problems) == 1
    # Registers are counted as such without being named.
    nothing = pd.DataFrame(columns=["record_id", "duplicate_of", "certain"]).astype(
        {"certain": bool}
    )
    undecided = pd.DataFrame(columns=["record_id", "stage", "screener", "decision", "reason"])
    counts = prisma_flow(found.records, nothing, undecided).counts
    assert (counts["database_results"], counts["register_results"]) == (0, 1)
    assert counts["register_specific_results"] == {database: 1}


def test_of_pubmed_s_xml(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "a.xml", PUBMED_XML).records.to_dict("records")
    assert row["title"] == "Care at home & CO2"
    assert row["authors"] == "Vale, Petra; Leaf Study Group"
    assert row["abstract"] == "AIM: To walk. p < 0.05."
    assert (row["issn"], row["language"], row["source_line"]) == ("1234-5678", "eng", 4)


def test_of_openalex(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({**WORK, "id": f"https://openalex.org/W{n}"}) for n in (1, 2))
    found = read(tmp_path, "a.jsonl", lines)
    assert found.records["record_id"].tolist() == ["a:W1", "a:W2"]
    assert found.records["source_line"].tolist() == [1, 2]
    assert found.records["authors"][0] == "Vale, Petra; van Moor, Ludwig"
    assert found.records["abstract"][0] == "Nurses visit and visit"


def test_of_csl_json(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "a.json", json.dumps(CSL)).records.to_dict("records")
    assert row["record_id"] == "a:vale2015"
    assert row["authors"] == "Vale, Petra; van der Berg, An; Leaf Study Group"
    assert row["month"] == "3"


def test_json_that_breaks_off(tmp_path: Path) -> None:
    whole = json.dumps(CSL * 2, indent=1)
    found = read(tmp_path, "a.json", whole[:-40])
    assert len(found.records) == 1
    told = [one for one in found.problems["message"] if one.startswith("not valid JSON")]
    assert len(told) == 1
    deep = read(tmp_path, "b.json", '[{"title": ' + "[" * 200_000)
    assert deep.records.empty
    assert deep.problems["message"][0].startswith("not valid JSON (")


def test_endnote_tags_apart_by_blank_lines(tmp_path: Path) -> None:
    found = read(tmp_path, "a.enw", ENW)
    assert found.records["title"].tolist() == ["Care at home", "Leaves"]
    assert found.records["type"].tolist() == ["article", "book"]
    assert found.records["abstract"][0] == "A text. It goes on."
    assert found.records["keywords"][0] == "home; falls"
    assert found.records["publisher"][1] == "Leaf & Sons"


def test_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    for line in (["About the data: exported"], ["Title", "Authors", "PubYear", "My mark"],
                 ["Care at home", "Vale, P.; Moor, T.", 2015, "blue"]):  # fmt: skip
        book.worksheets[0].append(line)
    book.save(tmp_path / "a.xlsx")
    found = read_records(tmp_path / "a.xlsx")
    assert found.records[["title", "authors", "year"]].to_numpy().tolist() == [
        ["Care at home", "Vale, P.; Moor, T.", "2015"]
    ]
    assert unread(found) == {"My mark"}


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><PubmedArticleSet><PubmedArticle>&a;</PubmedArticle>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Trial><TrialID>&a;</TrialID></Trial>',
    ],
)
def test_entities_are_refused_in_every_xml(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, "a.xml", text)
    assert found.records.empty
    assert "declares a document type or entities of its own" in found.problems["message"][0]


def test_an_entity_that_nobody_declared_stays_as_it_is_written(tmp_path: Path) -> None:
    text = PUBMED_XML.replace("To walk.", "To walk &nosuch; &eacute;.")
    assert "To walk &nosuch; é." in read(tmp_path, "a.xml", text).records["abstract"][0]


def test_many_references_of_one_name(tmp_path: Path) -> None:
    # validation/bench/readers.py measures the time, which grew with the square of their number.
    for name, one in (
        ("a.bib", "@article{k, title={Care}, year={2015}}\n"),
        ("a.nbib", "PMID- 21999931\nTI  - Care\n\n"),
    ):
        ids = read(tmp_path, name, one * 3000).records["record_id"]
        assert ids.is_unique
        assert [one.partition("-")[2] for one in ids[:3]] == ["", "2", "3"]
        assert ids[2999].endswith("-3000")


def test_elements_that_are_nested_without_end(tmp_path: Path) -> None:
    found = read(tmp_path, "a.xml", "<xml><records>" + "<a>" * 100_000)
    assert "nested more than 200 deep" in found.problems["message"][0]
