"""Decisions of other screening programs, in and out. All records and decisions are made up."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from arrowroot.errors import DataError, OptionError
from synthesis.library.exchange.writing import write_decisions
from synthesis.library.screening import Screening, read_decisions

RECORDS = pd.DataFrame(
    {
        "record_id": ["a:1", "a:2", "a:3", "a:4"],
        "title": ["Leaves and roots: a trial", "Bark", "Bark", "Stems"],
        "year": ["2001", "2001", "2005", "2010"],
        "doi": ["10.1000/Leaves.1", "", "", "10.1000/stems"],
        "abstract": "Text",
    }
)


def read(tmp_path: Path, name: str, text: str, **options: str) -> Screening:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_decisions(tmp_path / name, RECORDS, **options)


def said(found: Screening) -> list[tuple[str, ...]]:
    columns = ["record_id", "stage", "screener", "decision", "reason"]
    return list(found.decisions[columns].itertuples(index=False, name=None))


RAYYAN = (
    "key,title,year,notes,doi\n"
    '1,LEAVES and roots - a trial,2001,"RAYYAN-INCLUSION: {""Ann""=>""Included"", '
    '""bob""=>""Excluded""} | RAYYAN-LABELS: x | RAYYAN-EXCLUSION-REASONS: design,language",\n'
    '2,bark,2005,"RAYYAN-INCLUSION: {""Ann""=>""Maybe""}",\n'
    '3,Moss,1999,"RAYYAN-INCLUSION: {""Ann""=>""Included""}",10.1000/moss\n'
    "4,Stems,2010,,\n"
)


def test_rayyan_keeps_every_reviewer_of_a_cell(tmp_path: Path) -> None:
    found = read(tmp_path, "rayyan.csv", RAYYAN)
    assert said(found) == [
        ("a:1", "title_abstract", "Ann", "include", ""),
        ("a:1", "title_abstract", "bob", "exclude", "design; language"),
        ("a:3", "title_abstract", "Ann", "unsure", ""),
    ]
    assert found.problems["message"].tolist() == [
        "no record found for 'Moss' (10.1000/moss, 1999): neither its id, nor its DOI, nor its "
        "title and year is among the records."
    ]
    assert found.problems["line"].tolist() == [4]
    assert "an export of Rayyan, 4 records: 2 by title and year" in found.remarks[0]
    assert "1 without a decision" in found.remarks[0]
    assert any("names no stage; read as title_abstract" in one for one in found.remarks)


def test_rayyan_in_ris(tmp_path: Path) -> None:
    text = (
        "TY  - JOUR\nTI  - Other title\nDO  - 10.1000/leaves.1\n"
        'N1  - RAYYAN-INCLUSION: {"Ann"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: design\nER  - \n'
    )
    found = read(tmp_path, "rayyan.ris", text, stage="full_text")
    assert said(found) == [("a:1", "full_text", "Ann", "exclude", "design")]


COVIDENCE = (
    "Title,Authors,Published Year,DOI,Ref,Covidence #,Study,Notes,Tags\n"
    'Leaves,Doe,2001,10.1000/leaves.1,,#12,Doe 2001,"{notes}",\n'
)


@pytest.mark.parametrize(
    ("name", "notes", "row"),
    [
        ("review_1_irrelevant_csv_2026.csv", "", ("title_abstract", "exclude", "")),
        ("review_1_select_csv_2026.csv", "", ("title_abstract", "include", "")),
        (
            "review_1_excluded_csv_2026.csv",
            "Exclusion reason: Wrong design; ",
            ("full_text", "exclude", "Wrong design"),
        ),
        (
            "export.csv",
            "Exclusion reason: Wrong design; ",
            ("full_text", "exclude", "Wrong design"),
        ),
        ("review_1_included_csv_2026.csv", "", ("full_text", "include", "")),
    ],
)
def test_covidence(tmp_path: Path, name: str, notes: str, row: tuple[str, str, str]) -> None:
    found = read(tmp_path, name, COVIDENCE.format(notes=notes))
    stage, decision, reason = row
    assert said(found) == [("a:1", stage, "consensus", decision, reason)]


def test_covidence_without_the_name_of_its_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"export.csv: Covidence writes one file per list"):
        read(tmp_path, "export.csv", COVIDENCE.format(notes=""))


def test_asreview_with_times_and_people(tmp_path: Path) -> None:
    text = (
        "record_id,title,asreview_label,asreview_time,asreview_user_name\n"
        "a:1,x,1,1767225600.5,Ann\na:2,x,0,1767225660.0,Ann\na:3,x,,,\n"
    )
    found = read(tmp_path, "asreview.csv", text)
    assert said(found) == [
        ("a:1", "title_abstract", "Ann", "include", ""),
        ("a:2", "title_abstract", "Ann", "exclude", ""),
    ]
    assert found.decisions["time"].tolist()[0] == "2026-01-01T00:00:00+00:00"
    older = read(tmp_path, "old.csv", "title,doi,included\nStems,10.1000/STEMS,0\nBark,,-1\n")
    assert said(older) == [("a:4", "title_abstract", "ASReview", "exclude", "")]
    assert any("names no person" in one for one in older.remarks)


def test_eppi_reviewer_by_its_codes(tmp_path: Path) -> None:
    held = {
        "CodeSets": [
            {
                "SetName": "Screen",
                "Attributes": {
                    "AttributesList": [
                        {"AttributeId": 7, "AttributeName": "Exclude on population"},
                        {"AttributeId": 8, "AttributeName": "INCLUDE on title & abstract"},
                    ]
                },
            }
        ],
        "References": [
            {"ItemId": 1, "Title": "Stems", "Year": "2010", "Codes": [{"AttributeId": 7}]},
            {"ItemId": 2, "DOI": "10.1000/leaves.1", "Codes": [{"AttributeId": 8}]},
            {"ItemId": 3, "Title": "Bark", "Year": "2001", "Codes": []},
        ],
    }
    found = read(tmp_path, "eppi.json", json.dumps(held), screener="Ann")
    assert said(found) == [
        ("a:4", "title_abstract", "Ann", "exclude", "population"),
        ("a:1", "title_abstract", "Ann", "include", ""),
    ]
    table = read(tmp_path, "eppi.csv", "ItemId,Title,Year,I/E\na:2,?,,I\nq,Bark,2005,E\n")
    assert [row[:4:3] for row in said(table)] == [("a:2", "include"), ("a:3", "exclude")]


def test_several_records_with_one_title_are_not_guessed(tmp_path: Path) -> None:
    found = read(tmp_path, "a.csv", "title,included\nBark,1\n")
    assert found.decisions.empty
    assert "several records have its title and year" in found.problems["message"][0]


DECISIONS = pd.DataFrame(
    [
        ["a:1", "title_abstract", "Ann", "include", ""],
        ["a:1", "title_abstract", "Bob", "include", ""],
        ["a:2", "title_abstract", "Ann", "exclude", "design"],
        ["a:4", "title_abstract", "Ann", "include", ""],
        ["a:4", "title_abstract", "Bob", "exclude", "design"],
    ],
    columns=["record_id", "stage", "screener", "decision", "reason"],
)


@pytest.mark.parametrize("name", ["out.csv", "out.ris"])
def test_what_is_written_for_rayyan_is_read_back(tmp_path: Path, name: str) -> None:
    path = write_decisions(DECISIONS, RECORDS, tmp_path / name, program="rayyan")
    found = read_decisions(path, RECORDS)
    assert found.problems.empty
    assert sorted(said(found)) == sorted(DECISIONS.itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("program", "name"),
    [
        ("asreview", "out.csv"),
        ("asreview", "out.ris"),
        ("eppi", "out.csv"),
    ],
)
def test_settled_decisions_are_read_back(tmp_path: Path, program: str, name: str) -> None:
    path = write_decisions(DECISIONS, RECORDS, tmp_path / name, program=program)
    found = read_decisions(path, RECORDS)
    assert [row[:4:3] for row in said(found)] == [("a:1", "include"), ("a:2", "exclude")]


def test_covidence_columns_carry_the_reason(tmp_path: Path) -> None:
    path = write_decisions(DECISIONS, RECORDS, tmp_path / "out.csv", program="covidence")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].endswith("DOI,Ref,Covidence #,Study,Notes,Tags")
    assert "Exclusion reason: design" in lines[2]


def test_only_known_programs(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="program must be one of 'rayyan'"):
        write_decisions(DECISIONS, RECORDS, tmp_path / "out.csv", program="excel")
