"""Exports become one table; what cannot be read is listed with its place. All data are made up."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from arrowroot.errors import DataError, FileError, OptionError
from synthesis.library.citations import Citations
from synthesis.library.duplicates import find_duplicates, merge_duplicates, related_reports
from synthesis.library.extraction import extraction_rows
from synthesis.library.flow.flow import prisma_flow
from synthesis.library.readers.found import FIELDS
from synthesis.library.records import COLUMNS, Records, read_records
from synthesis.library.screening_sheets import write_screening_sheets
from synthesis.library.writers import write_records

NOTHING = pd.DataFrame()
INCLUDED = pd.DataFrame(
    [["a:1", "full_text", "ann", "include", ""]],
    columns=["record_id", "stage", "screener", "decision", "reason"],
)

RIS = """TY  - JOUR
AU  - Doe, Jane
AU  - Roe, Richard
TI  - Leaves in winter
T2  - Journal of Trees
PY  - 2001/03//
VL  - 3
IS  - 1
SP  - 5
EP  - 9
DO  - https://doi.org/10.1000/leaves.1
AB  - Leaves fall.
And they rise
  again.
KW  - leaves
KW  - winter
DB  - Embase
ER  -
"""

NBIB = """PMID- 123456
OWN - NLM
DP  - 2001 Mar
TI  - Leaves in winter: a long title
      that goes on.
PG  - 5-9
LID - 10.1000/leaves.1 [doi]
AB  - TI - this is text. DP  - so is this.
FAU - Doe, Jane
AU  - Doe J
CN  - Leaf Group
PT  - Journal Article
PT  - Preprint
JT  - Journal of trees
VI  - 3
MH  - Trees

PMID- 123457
TI  - Another
"""

WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Doe, J
   Roe, R
AF Doe, Jane
   Roe, Richard
TI Leaves in
   winter
SO JOURNAL OF TREES
DT Meeting Abstract
DE leaves; winter
PD MAR
PY 2001
VL 3
AR e17
DI 10.1000/leaves.1
UT WOS:000001
PM 123456
ER

EF
"""

ENDNOTE = """<?xml version="1.0" encoding="UTF-8"?><xml><records>
<record><rec-number>7</rec-number><ref-type name="Conference Paper">47</ref-type>
<contributors><authors><author><style face="normal">Doe, Jane</style></author>
<author>Roe, Richard</author></authors>
<secondary-authors><author>Not, An Author</author></secondary-authors></contributors>
<titles><title><style face="normal">Leaves </style><style face="italic">in</style> winter &amp; rain
</title><secondary-title>Tree Days</secondary-title></titles>
<pages>5–9</pages><keywords><keyword>leaves</keyword></keywords>
<dates><year>2001</year><pub-dates><date>1 March</date></pub-dates></dates>
<accession-num>123456</accession-num><electronic-resource-num>10.1000/LEAVES.1
</electronic-resource-num><remote-database-name>Medline</remote-database-name></record>
</records></xml>
"""

SCOPUS = (
    '"Authors","Title","Year","Source title","Volume","Issue","Art. No.","Page start","Page end",'
    '"DOI","Link","Abstract","Author Keywords","Document Type","Source","EID"\n'
    '"Doe J., Roe R.","Leaves, in\nwinter","2001","Journal of Trees","3","1","","5","9",'
    '"10.1000/leaves.1","https://x.example","She said ""leaves""","leaves; winter",'
    '"Conference Paper","Scopus","2-s2.0-1"\n'
)

ZOTERO = (
    "Key,Item Type,Publication Year,Author,Title,Publication Title,DOI,Abstract Note,Date,Pages,"
    "Issue,Volume,Library Catalog,Manual Tags,Extra\n"
    'AB12,journalArticle,2001,"Doe, Jane; Roe, Richard",Leaves in winter,Journal of Trees,'
    "10.1000/leaves.1,Text,2001-03-01,5–9,1,3,PubMed,leaves; winter,PMID: 123456\n"
)

REVIEWS = (
    '"Cochrane Review ID","Author(s)","Title","Source","Year","Abstract","Issue","Publisher",'
    '"ISSN","Keywords","DOI","URL","Cochrane Review Group Code"\n'
    '"CD01.PUB2","Doe, J; Roe, R","Leaves in winter","Cochrane Database of Systematic Reviews",'
    '"2001","Text","3","A publisher","1465-1858","","10.1000/leaves.1","https://x.example","TREES"\n'
)

CENTRAL = (
    '"Cochrane ID","Author(s)","Title","Source","Year","Abstract","DOI","Keywords"\n'
    '"CN-01","Doe, J; Roe, R","Leaves in winter","Journal of trees","2001","Text",'
    '"10.1000/leaves.1",""\n'
)


def read(folder: Path, name: str, text: str | bytes) -> Records:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return read_records(path)


def only(found: Records) -> dict[str, object]:
    told = found.problems[~found.problems["message"].str.startswith("not read, since")]
    assert told.empty, told["message"].tolist()
    (row,) = found.records.to_dict("records")
    return {str(name): value for name, value in row.items()}


def messages(found: Records) -> list[tuple[int, str]]:
    return list(found.problems[["line", "message"]].itertuples(index=False, name=None))


def test_ris(tmp_path: Path) -> None:
    row = only(read(tmp_path, "embase.ris", RIS))
    assert list(row) == list(COLUMNS)
    assert row == {
        **dict.fromkeys(FIELDS, ""),
        "month": "3",
        "record_id": "embase:1",
        "type": "article",
        "title": "Leaves in winter",
        "authors": "Doe, Jane; Roe, Richard",
        "year": "2001",
        "journal": "Journal of Trees",
        "volume": "3",
        "number": "1",
        "pages": "5-9",
        "doi": "10.1000/leaves.1",
        "pmid": "",
        "url": "",
        "abstract": "Leaves fall. And they rise again.",
        "keywords": "leaves; winter",
        "database": "Embase",
        "notice": "",
        "source_file": "embase.ris",
        "source_line": 1,
        "raw": RIS.rstrip("\n"),
    }


def test_pubmed(tmp_path: Path) -> None:
    found = read(tmp_path, "p.nbib", NBIB)
    assert found.problems.empty
    first, second = found.records.to_dict("records")
    assert first["record_id"] == "p:123456"
    assert first["title"] == "Leaves in winter: a long title that goes on."
    assert first["abstract"] == "TI - this is text. DP - so is this."
    assert first["authors"] == "Doe, Jane; Leaf Group"
    assert (first["doi"], first["pmid"]) == ("10.1000/leaves.1", "123456")
    assert (first["type"], first["database"]) == ("preprint", "PubMed")
    assert (second["title"], second["source_line"]) == ("Another", 18)


def test_web_of_science(tmp_path: Path) -> None:
    row = only(read(tmp_path, "savedrecs.txt", WOS))
    assert row["record_id"] == "savedrecs:WOS:000001"
    assert row["authors"] == "Doe, Jane; Roe, Richard"
    assert row["title"] == "Leaves in winter"
    assert (row["type"], row["pages"], row["pmid"]) == ("conference", "e17", "123456")
    assert (row["database"], row["source_line"]) == ("Web of Science", 3)


def test_endnote(tmp_path: Path) -> None:
    row = only(read(tmp_path, "my.xml", ENDNOTE))
    assert row["title"] == "Leaves in winter & rain"
    assert row["authors"] == "Doe, Jane; Roe, Richard"
    assert row["editors"] == "Not, An Author"
    assert row["journal"] == "Tree Days"
    assert (row["pages"], row["doi"], row["pmid"]) == ("5-9", "10.1000/LEAVES.1", "123456")
    assert (row["type"], row["year"], row["source_line"]) == ("conference", "2001", 2)
    assert str(row["raw"]).startswith("<record><rec-number>7")
    assert str(row["raw"]).endswith("</record>")


@pytest.mark.parametrize(
    ("name", "text", "record_id", "database", "kind"),
    [
        ("scopus.csv", SCOPUS, "scopus:2-s2.0-1", "Scopus", "conference"),
        ("zotero.csv", ZOTERO, "zotero:AB12", "PubMed", "article"),
        ("central.csv", CENTRAL, "central:CN-01", "CENTRAL", "other"),
        (
            "reviews.csv",
            REVIEWS,
            "reviews:CD01.PUB2",
            "Cochrane Database of Systematic Reviews",
            "article",
        ),
    ],
)
def test_csv_flavours(
    tmp_path: Path, name: str, text: str, record_id: str, database: str, kind: str
) -> None:
    row = only(read(tmp_path, name, text))
    assert (row["record_id"], row["database"], row["type"]) == (record_id, database, kind)
    assert str(row["title"]).startswith("Leaves")
    assert str(row["authors"]).startswith("Doe, J")
    assert str(row["authors"]).count(";") == 1
    assert (row["year"], row["doi"]) == ("2001", "10.1000/leaves.1")
    assert row["source_line"] == 2


def test_bibtex(tmp_path: Path) -> None:
    text = r"""@string{trees = "Journal of Trees"}
% a remark
@Article{doe2001,
  author = {Doe, Jane and Richard van der Roe and {Leaf and Tree Board}},
  title = "B{\'e}land's {UK} leaves: 50\% \& more" # " winter",
  journal = trees, year = 2001, pages = {5--9}, number = 1, volume = {3},
  doi = {10.1000/leaves\_1}, keywords = {leaves, winter}
}
"""
    row = only(read(tmp_path, "a.bib", text))
    assert row["record_id"] == "a:doe2001"
    assert row["title"] == "Béland's UK leaves: 50% & more winter"
    assert row["authors"] == "Doe, Jane; van der Roe, Richard; Leaf and Tree Board"
    assert row["journal"] == "Journal of Trees"
    assert (row["pages"], row["doi"]) == ("5-9", "10.1000/leaves_1")
    assert (row["keywords"], row["source_line"], row["database"]) == ("leaves; winter", 3, "a")
    assert read_records(tmp_path / "a.bib").around.to_numpy().tolist() == [
        ["a.bib", 1, '@string{trees = "Journal of Trees"}'],
        ["a.bib", 2, "% a remark"],
    ]


@pytest.mark.parametrize("gap", ["\n  ", " "])
@pytest.mark.parametrize(("opening", "closing"), [("{", "}"), ('"', '"')])
def test_a_missing_comma_is_mended_and_said(
    tmp_path: Path, gap: str, opening: str, closing: str
) -> None:
    title, author = f"{opening}Leaves{closing}", f"{opening}Doe, Jane{closing}"
    found = read(
        tmp_path, "a.bib", f"@article{{k,\n title={title}{gap}author={author},\n year=2001}}"
    )
    (row,) = found.records.to_dict("records")
    assert (row["title"], row["authors"], row["year"]) == ("Leaves", "Doe, Jane", "2001")
    assert messages(found) == [
        (2, "a comma is missing after title; author was read as a separate field.")
    ]


def test_a_missing_brace_is_said(tmp_path: Path) -> None:
    text = "@article{k,\n title={Leaves {in winter},\n author={Doe, Jane}},\n year=2001}\n"
    found = read(tmp_path, "a.bib", text)
    assert messages(found) == [
        (
            2,
            "title contains 'author =': a closing brace or quotation mark is probably missing in "
            "title; check which fields it has swallowed.",
        )
    ]
    assert len(found.records) == 1


def test_what_is_not_bibtex_is_listed(tmp_path: Path) -> None:
    text = (
        "@article{a, title={x}}\nlost words\n@book{b\n title={y}}\n"
        "@book{c, title={z\n@misc{d, title={w}}"
    )
    found = read(tmp_path, "a.bib", text)
    assert found.records["record_id"].tolist() == ["a:a", "a:d"]
    assert found.problems["line"].tolist() == [2, 3, 4, 5]
    assert "lost words" in found.problems["raw"][0]
    assert found.problems["message"][1].startswith("this is not valid BibTeX (Expected comma after")
    kept = "".join([*found.records["raw"], *found.problems["raw"]])
    for part in ("lost words", "title={y}", "title={z"):
        assert part.replace("title=", "") in kept.replace("title=", "")


def test_keys_and_fields_that_stand_twice(tmp_path: Path) -> None:
    text = "@book{a, title={x}}\n@book{a, title={y}}\n@book{b, title={z}, title={w}}"
    found = read(tmp_path, "a.bib", text)
    assert found.records["record_id"].tolist() == ["a:a", "a:a-2", "a:b"]
    assert found.records["title"].tolist() == ["x", "y", "z"]
    told = " ".join(found.problems["message"])
    assert "duplicate entry key 'a'" in told
    assert "the file calls two references 'a'; this one became 'a-2'" in told
    assert "title occurs twice; the first was used" in told


def test_a_truncated_file(tmp_path: Path) -> None:
    cut = RIS + RIS[: RIS.index("VL")]
    found = read(tmp_path, "a.ris", cut)
    assert len(found.records) == 2
    ((line, message),) = messages(found)
    assert line == 19
    assert message.startswith("this reference is not closed by a line 'ER  -'")


def test_text_between_references(tmp_path: Path) -> None:
    found = read(tmp_path, "a.ris", f"Search of 3 March\n1.\n\n{RIS}2.\n{RIS}@book{{lost}}\n")
    assert len(found.records) == 2
    assert found.problems["raw"].tolist() == ["Search of 3 March", "@book{lost}"]
    assert found.around[["line", "raw"]].to_numpy().tolist() == [[2, "1."], [22, "2."]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_that_are_sure(tmp_path: Path, encoding: str, end: str) -> None:
    text = RIS.replace("Doe", "Béland").replace("\n", end)
    assert str(only(read(tmp_path, "a.ris", text.encode(encoding)))["authors"]).startswith("Béland")


def test_an_encoding_that_is_a_guess(tmp_path: Path) -> None:
    held = RIS.replace("Doe", "Béland").encode("cp1252")
    found = read(tmp_path, "a.ris", held)
    assert found.records["authors"][0].startswith("Béland")
    assert messages(found)[0][0] == 2
    assert "read as Windows-1252" in messages(found)[0][1]
    again = read_records(tmp_path / "a.ris", encoding="latin-1")
    assert again.problems.empty
    with pytest.raises(OptionError, match="there is no text encoding 'klingon'"):
        read_records(tmp_path / "a.ris", encoding="klingon")
    found = read_records(tmp_path / "a.ris", encoding="ascii")
    assert "some characters are not ascii" in found.problems["message"][0]


BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>
<xml><records><record><titles><title>&lol2;</title></titles></record></records></xml>"""


def test_an_entity_bomb_is_not_opened(tmp_path: Path) -> None:
    found = read(tmp_path, "a.xml", BOMB)
    assert found.records.empty
    assert messages(found)[0][0] == 2
    assert "declares a document type" in messages(found)[0][1]


def test_xml_that_breaks_off(tmp_path: Path) -> None:
    whole = ENDNOTE.replace("</records></xml>", "")
    cut = whole + whole[whole.index("<record>") : whole.index("<dates>")]
    found = read(tmp_path, "a.xml", cut)
    assert len(found.records) == 1
    ((line, message),) = messages(found)
    assert line == whole.count("\n") + 1
    assert "not valid XML (no element found" in message
    assert found.problems["raw"][0].startswith("<record>")


def test_a_table_that_breaks_off(tmp_path: Path) -> None:
    found = read(tmp_path, "a.csv", ZOTERO + ZOTERO.split("\n")[1].replace("Text", '"Text') + "\n")
    assert len(found.records) == 1
    assert messages(found)[0][0] == 3
    assert "Look for a double quote" in messages(found)[0][1]


def test_too_many_cells(tmp_path: Path) -> None:
    found = read(tmp_path, "a.csv", "Title,Year\nLeaves,2001,and more\nRoots,2002,,\n")
    assert found.records["title"].tolist() == ["Leaves", "Roots"]
    assert messages(found)[0][0] == 2
    assert messages(found)[0][1].startswith("3 cells under 2 headings")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ris", RIS.replace("Leaves fall.", "{}")),
        ("a.nbib", "PMID- 1\nTI  - Leaves\nAB  - {}\n"),
        ("a.txt", "PT J\nTI Leaves\nAB {}\nER\n"),
        ("a.xml", ENDNOTE.replace("</record>", "<abstract>{}</abstract></record>")),
        ("a.csv", 'Title,Abstract\nLeaves,"{}"\n'),
        ("a.bib", "@article{a, title = (Leaves), abstract = ({})}"),
    ],
)
def test_a_reference_of_ten_megabytes(tmp_path: Path, name: str, text: str) -> None:
    limit = csv.field_size_limit()
    filled = text.replace("{}", "leaf " * 2_000_000)
    row = only(read(tmp_path, name, filled.replace("(", "{").replace(")", "}")))
    assert len(str(row["abstract"])) > 9.9e6
    assert csv.field_size_limit() == limit


def test_a_reference_with_a_hundred_thousand_faults(tmp_path: Path) -> None:
    # Reading it took hours where each fault made a copy of all that follows.
    found = read(tmp_path, "a.bib", "@article{a, title={b} " + "x = {y} " * 100_000 + "}")
    assert found.records["title"].tolist() == ["b"]
    # One for each fault, and one for the field that has no column.
    assert len(found.problems) == 100_001
    assert found._repr_html_().count("<li>") == 11
    assert "and 99,991 more problems, in the table problems." in found._repr_html_()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty."),
        ("Dear all,\n", "this is not one of the formats that can be read"),
        ("Title,Year\n", "a file in the format CSV, but no reference was found in it."),
    ],
)
def test_files_of_no_known_format(tmp_path: Path, text: str, message: str) -> None:
    found = read(tmp_path, "a.txt", text)
    assert found.records.empty
    assert found.records.columns.tolist() == list(COLUMNS)
    assert messages(found)[0][1].startswith(message)
    assert found.problems["raw"][0] == text


def test_a_reference_without_a_title_is_kept(tmp_path: Path) -> None:
    found = read(tmp_path, "a.ris", "TY  - JOUR\nAU  - Doe, J\nER  - \n")
    assert len(found.records) == 1
    assert messages(found) == [(1, "this reference has no title.")]


def test_several_files(tmp_path: Path) -> None:
    (tmp_path / "a.ris").write_text(RIS, encoding="utf-8")
    (tmp_path / "a.nbib").write_text(NBIB, encoding="utf-8")
    paths = [tmp_path / "a.ris", tmp_path / "a.nbib"]
    records, problems = read_records(paths, databases={"a.ris": "Ovid"})
    assert records["record_id"].tolist() == ["a.ris:1", "a.nbib:123456", "a.nbib:123457"]
    assert records["database"].tolist() == ["Ovid", "PubMed", "PubMed"]
    assert isinstance(problems, pd.DataFrame)
    shown = str(read_records(paths))
    assert shown == (
        "Records: a.ris 1 record (Embase); a.nbib 2 records (PubMed); In all 3 records; "
        "To look at 0 problems"
    )


def test_paths_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="name at least one file"):
        read_records([])
    with pytest.raises(DataError, match=r"two files are called a.ris"):
        read_records([tmp_path / "a.ris", tmp_path / "b" / "a.ris"])
    with pytest.raises(FileError, match="there is no such file"):
        read_records(tmp_path / "a.ris")
    with pytest.raises(DataError, match=r"no such file among paths: b.ris"):
        read_records(tmp_path / "a.ris", databases={"b.ris": "Ovid"})


def repeated(folder: Path) -> pd.DataFrame:
    records = read(folder, "a.ris", RIS).records
    return pd.concat([records, records], ignore_index=True)


@pytest.mark.parametrize(
    "use",
    [
        find_duplicates,
        related_reports,
        Citations,
        lambda records: write_records(records, "never.csv"),
        lambda records: merge_duplicates(records, NOTHING),
        lambda records: prisma_flow(records, NOTHING, NOTHING),
        lambda records: extraction_rows(records, INCLUDED, outcomes=["cost"]),
        lambda records: write_screening_sheets(records, ["ann"], "never", stage="full_text"),
    ],
)
def test_ids_that_stand_twice_are_refused_by_all_that_follows(
    tmp_path: Path, use: Callable[[pd.DataFrame], object]
) -> None:
    with pytest.raises(DataError, match=r"record_id must differ; repeated: 'a:1'. Read all exp"):
        use(repeated(tmp_path))


def test_a_save_that_is_killed_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    """A process that saves without end is killed, not asked to stop, while it saves."""
    target = tmp_path / "records.ris"
    script = (
        "import sys\n"
        "import pandas as pd\n"
        "from synthesis.library.writers import write_records\n"
        "versions = [pd.DataFrame({'record_id': [f'r{n}' for n in range(count)],\n"
        "                          'title': [f'Title {count}'] * count}) for count in (900, 700)]\n"
        "while True:\n"
        "    for version in versions:\n"
        "        write_records(version, sys.argv[1])\n"
        "        print('saved', flush=True)\n"
    )
    command = [sys.executable, "-c", script, str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as saving:
        assert saving.stdout is not None
        for _ in range(5):
            saving.stdout.readline()
        saving.kill()
    records, problems = read_records(target)
    assert problems.empty
    assert records["title"].unique().tolist() == [f"Title {len(records)}"]
    assert len(records) in (900, 700)


@pytest.mark.parametrize(
    ("name", "held", "said"),
    [
        ("t.csv", b"PK\x03\x04", r"not a \.csv file by its content"),
        ("t.ris", b"PK\x03\x04", r"not a \.ris file by its content"),
        ("t.ods", b"PK\x03\x04", r"an OpenDocument spreadsheet \(\.ods\)"),
        ("t.xlsm", b"PK\x03\x04", r"a workbook with macros"),
        ("t.xls", bytes.fromhex("D0CF11E0A1B11AE1"), r"a workbook in the old format"),
        ("t.xlsx", bytes.fromhex("D0CF11E0A1B11AE1"), r"a workbook in the old format"),
    ],
)
def test_workbooks_that_cannot_be_read_are_refused_and_not_taken_for_text(
    tmp_path: Path, name: str, held: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(held + bytes(100))
    with pytest.raises(FileError, match=said):
        read_records(tmp_path / name)


def test_a_doi_is_the_same_with_a_character_that_nobody_sees(tmp_path: Path) -> None:
    (tmp_path / "a.ris").write_text(
        "TY  - JOUR\nTI  - Leaves\u200b\nDO  - 10.1000/a\u200b\nER  - \n", encoding="utf-8"
    )
    record = read_records(tmp_path / "a.ris").records.iloc[0]
    assert (record["title"], record["doi"]) == ("Leaves", "10.1000/a")
