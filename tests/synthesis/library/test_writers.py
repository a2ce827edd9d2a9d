"""What is written comes back; other programs can read it. All data are made up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from arrowroot.errors import DataError, OptionError
from synthesis.library.readers.found import FIELDS
from synthesis.library.records import COLUMNS, read_records
from synthesis.library.writers import to_bibtex, to_ris, write_records

AWKWARD = {
    "record_id": "a, b:{1}",
    "type": "article",
    "title": "50% of {leaves} & roots_1 #2 $3 \\ back ~ ^",
    "authors": "Doe, Jane; Leaf and Tree Board; Béland, F.",
    "year": "2001",
    "journal": "Trees @home",
    "volume": "3",
    "number": "1-2",
    "pages": "5-9",
    "doi": "10.1000/leaves_1(2)",
    "pmid": "123456",
    "url": "https://x.example/a_b?c=d&e",
    "abstract": "=1+1, said 'she' \"and\" author = {Doe}",
    "keywords": "leaves; winter",
    "database": "PubMed",
    "issn": "1234-5678; 2345-678X",
    "isbn": "978-1-4338-0561-5",
    "language": "eng",
    "publisher": "Leaf & Sons",
    "editors": "Oak, Ann; Elm, Bo, Jr",
    "month": "3",
    "second_abstract": "Las hojas caen, 50%.",
    "second_doi": "10.1000/leaves_2",
    "registration": "NCT01234567; EudraCT 2010-012345-67",
    "accession": "WOS:000001",
    "notes": "seen; twice | the entity &lt; itself",
    "source_file": "a.ris",
    "source_line": 7,
    "raw": "TY  - JOUR\nTI  - x\nER  - ",
}
TABLE = pd.DataFrame(
    [
        AWKWARD,
        {**AWKWARD, "record_id": "second", "type": "conference", "pages": "e17", "number": ""},
        {
            **AWKWARD,
            "record_id": "third",
            "type": "chapter",
            "authors": "",
            "year": "in press",
            "keywords": "shelterbelts, etc.",
        },
    ]
)


@pytest.mark.parametrize("ending", [".bib", ".ris", ".csv"])
def test_round_trip(tmp_path: Path, ending: str) -> None:
    path = write_records(TABLE, tmp_path / f"out{ending}")
    found = read_records(path)
    # A brace with a field's name in a text looks like a misreading; it is said and kept.
    assert all("contains 'author ='" in one for one in found.problems["message"])
    pd.testing.assert_frame_equal(found.records[list(FIELDS)], TABLE[list(FIELDS)])


@pytest.mark.parametrize("kind", ["preprint", "book", "thesis", "report"])
def test_types_come_back(tmp_path: Path, kind: str) -> None:
    table = TABLE.head(1).assign(type=kind, journal="medRxiv" if kind == "preprint" else "Trees")
    for ending in (".bib", ".ris", ".csv"):
        path = write_records(table, tmp_path / f"out{ending}")
        assert read_records(path).records["type"].tolist() == [kind]


def test_a_csv_keeps_every_column_and_runs_nothing(tmp_path: Path) -> None:
    path = write_records(TABLE.assign(note="=cmd"), tmp_path / "out.csv")
    header, first = path.read_text(encoding="utf-8").split("\n")[:2]
    assert header == ",".join([*(name for name in COLUMNS if name in TABLE), "note"])
    assert "\"'=1+1," in first


def test_a_bare_carriage_return_ends_no_row(tmp_path: Path) -> None:
    path = write_records(TABLE.assign(title="Leaves\rin winter"), tmp_path / "out.csv")
    found = read_records(path)
    assert found.records["title"].unique().tolist() == ["Leaves in winter"]
    assert len(found.records) == len(TABLE)


def test_rispy_reads_our_ris() -> None:
    read = rispy.loads(to_ris(TABLE))
    assert [one["title"] for one in read] == TABLE["title"].tolist()
    assert read[0]["authors"] == ["Doe, Jane", "Leaf and Tree Board", "Béland, F."]
    assert (read[0]["start_page"], read[0]["end_page"]) == ("5", "9")


def test_bibtexparser_reads_our_bibtex() -> None:
    library = parse_string(to_bibtex(TABLE))
    assert library.failed_blocks == []
    assert [entry.key for entry in library.entries] == ["a_b:_1", "second", "third"]
    assert library.entries[0]["author"] == "Doe, Jane and {Leaf and Tree Board} and Béland, F."


def test_keys_that_would_clash() -> None:
    text = to_bibtex(TABLE.assign(record_id=["a b", "a,b", "?"]))
    assert [line for line in text.split("\n") if line.startswith("@")] == [
        "@article{a_b,",
        "@inproceedings{a_b-2,",
        "@incollection{record,",
    ]


def test_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"must be one of '.bib', '.ris', '.csv'; got '.docx'"):
        write_records(TABLE, tmp_path / "out.docx")
    with pytest.raises(DataError, match="record_id must differ; repeated: 'x'"):
        write_records(TABLE.assign(record_id="x"), tmp_path / "out.bib")
    with pytest.raises(DataError, match="no column 'record_id'"):
        write_records(TABLE.drop(columns="record_id"), tmp_path / "out.bib")


def test_an_interrupted_write_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_records(TABLE.head(1), tmp_path / "out.csv")
    before = path.read_bytes()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_records(TABLE, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
