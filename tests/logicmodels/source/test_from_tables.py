"""Models read from two tables. The model is invented, to try the reader."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import pytest
from openpyxl import Workbook

from arrowroot.errors import FileError
from arrowroot.tables import read_beside
from logicmodels import LogicModel, SpecError
from logicmodels.source.table_cells import read_table_cells

NODES = """\
id,column,label,items,by,indicators,harm
visits,activities,"Home visits, weekly",by nurses; by volunteers,2026,,no

report,outcomes,Symptoms told early,,2027-03,share told; days until told,
worry,outcomes,Patients worry more,,,,Yes
"""
LINKS = """\
from,to,because,assumptions,feedback
visits,report,patients learn what to look for,visits are kept; nurses have time,
report,visits,,,TRUE
"""
YAML = """\
spec_version: 1
profile: theory-of-change
title: Visits
source: invented
nodes:
  - {id: visits, column: activities, label: "Home visits, weekly", by: "2026",
     items: [by nurses, by volunteers]}
  - {id: report, column: outcomes, label: Symptoms told early, by: 2027-03,
     indicators: [share told, days until told]}
  - {id: worry, column: outcomes, label: Patients worry more, harm: true}
links:
  - {from: visits, to: report, because: patients learn what to look for,
     assumptions: [{text: visits are kept}, {text: nurses have time}]}
  - {from: report, to: visits, feedback: true}
"""


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    (tmp_path / "nodes.csv").write_text(NODES, encoding="utf-8-sig")
    (tmp_path / "links.csv").write_text(LINKS, encoding="utf-8")
    return tmp_path


def from_files(folder: Path) -> LogicModel:
    return LogicModel.from_tables(
        folder / "nodes.csv",
        folder / "links.csv",
        profile="theory-of-change",
        title="Visits",
        source="invented",
    )


def refused(folder: Path) -> list[str]:
    with pytest.raises(SpecError) as caught:
        from_files(folder)
    return str(caught.value).splitlines()


def changed(folder: Path, table: str, old: str, new: str) -> list[str]:
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return refused(folder)


def test_two_csv_files_give_the_model_that_yaml_gives(folder: Path) -> None:
    assert from_files(folder) == LogicModel.from_text(YAML)


def test_a_workbook_gives_the_same_whatever_type_its_cells_have(folder: Path) -> None:
    book = Workbook()
    for name in ("nodes", "links"):
        sheet = book.create_sheet(name)
        for row in pd.read_csv(folder / f"{name}.csv", header=None, dtype=str).itertuples(
            index=False
        ):
            sheet.append([None if cell != cell else cell for cell in row])
    book["nodes"]["E2"] = 2026.0
    book["nodes"]["G2"] = False
    path = folder / "model.xlsx"
    book.save(path)
    read = LogicModel.from_tables(
        path, str(path), profile="theory-of-change", title="Visits", source="invented"
    )
    assert read == LogicModel.from_text(YAML)


def test_data_frames_give_the_same(folder: Path) -> None:
    read = LogicModel.from_tables(
        pd.read_csv(folder / "nodes.csv", dtype=str),
        pd.read_csv(folder / "links.csv", dtype=str),
        profile="theory-of-change",
        title="Visits",
        source="invented",
    )
    assert read == LogicModel.from_text(YAML)


def test_a_day_in_a_cell_is_read_as_the_specification_writes_it() -> None:
    node = {"id": "a", "column": "impact", "label": "Health", "by": date(2026, 3, 1)}
    read = LogicModel.from_tables([node], [], profile="theory-of-change", title="T")
    assert read.nodes[0].by == "2026-03-01"


def test_problems_name_the_table_the_line_and_the_column(folder: Path) -> None:
    assert changed(folder, "links", "report,visits", "reprot,visits") == [
        "nodes.csv and links.csv: 1 problem",
        "  line 3, column 1: links: no node 'reprot'; did you mean 'report'? [unknown-node]",
    ]
    (folder / "links.csv").write_text(LINKS + "visits,report,,,\n", encoding="utf-8")
    assert changed(folder, "nodes", "worry,outcomes", "report,outcome") == [
        "nodes.csv and links.csv: 3 problems",
        "  line 4, column 1: links: the link visits to report is already on line 2"
        " [duplicate-link]",
        "  line 5, column 1: nodes: the id 'report' is already on line 4; ids must differ"
        " [duplicate-id]",
        "  line 5, column 2: nodes: no column 'outcome' in the profile; did you mean 'outcomes'?"
        " [unknown-column]",
    ]


def test_a_missing_cell_is_reported_where_its_row_begins(folder: Path) -> None:
    assert changed(folder, "nodes", "Patients worry more", "") == [
        "nodes.csv and links.csv: 1 problem",
        "  line 5, column 1: nodes: the key 'label' is missing [missing-key]",
    ]


def test_columns_and_cells_that_do_not_fit_are_reported_once(folder: Path) -> None:
    assert changed(folder, "nodes", "label,items,by", "lable,who,who") == [
        "nodes.csv and links.csv: 2 problems",
        "  line 1, column 3: nodes: no column 'lable'; did you mean 'label'? [unknown-column]",
        "  line 1, column 5: nodes: the column 'who' occurs twice; keep one [duplicate-column]",
    ]
    (folder / "nodes.csv").write_text(NODES, encoding="utf-8")
    assert changed(folder, "nodes", '"Home visits, weekly"', "Home visits, weekly")[1:] == [
        "  line 2, column 8: nodes: more cells than columns; quote text that contains a "
        "comma [cells]",
    ]
    (folder / "nodes.csv").write_text(NODES, encoding="utf-8")
    assert changed(folder, "nodes", ",Yes", ",perhaps")[1:] == [
        "  line 5, column 7: nodes: harm must be yes or no; got 'perhaps' [type]"
    ]


def test_what_belongs_to_neither_table_has_no_line(folder: Path) -> None:
    (folder / "nodes.csv").write_text("id,column,label\n", encoding="utf-8")
    (folder / "links.csv").write_text("", encoding="utf-8")
    assert refused(folder) == [
        "nodes.csv and links.csv: 1 problem",
        "  nodes must contain at least one entry [empty]",
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "nodes.ods",
            b"",
            "an OpenDocument spreadsheet (.ods), which cannot be read. Open it in a spreadsheet"
            " program and save it as XLSX or as 'CSV UTF-8'. [file]",
        ),
        ("nodes.yaml", b"", "tables end in .csv, .tsv, .txt or .xlsx. [file]"),
        ("absent.csv", None, "  there is no such file in {folder}. [file]"),
        (
            "nodes.csv",
            b'id\n"a"b\n',
            "  line 2: the row cannot be read (',' expected after '\"'). Look for a double quote"
            " that is opened but not closed. [file]",
        ),
        (
            "nodes.xlsx",
            b"PK\x03\x04",
            "  not a readable .xlsx workbook (File is not a zip file). Open it in a spreadsheet"
            " program and save it again as XLSX. [file]",
        ),
        ("nodes.csv", b"x" * 2_000_001, "  larger than 2 MB; not read. [file]"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SpecError) as caught:
        LogicModel.from_tables(tmp_path / name, [], profile="theory-of-change", title="T")
    first, problem = str(caught.value).splitlines()
    assert first == f"{name}: 1 problem"
    assert problem.endswith(message.replace("{folder}", str(tmp_path)))


def test_a_value_that_is_no_table_is_refused() -> None:
    message = "nodes must be a table: a data frame or a list of rows; got 7"
    with pytest.raises(SpecError, match=message):
        LogicModel.from_tables(7, [], profile="theory-of-change", title="T")


def test_a_workbook_with_broken_parts_is_refused(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole.xlsx", tmp_path / "broken.xlsx"
    Workbook().save(whole)
    with ZipFile(whole) as source, ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<worksheet><" if "sheet1" in name else source.read(name))
    with pytest.raises(SpecError, match=r"not a readable \.xlsx workbook \(xl/worksheets/sheet1"):
        LogicModel.from_tables(broken, [], profile="theory-of-change", title="T")


def beside(path: Path, sheet: str) -> object:
    return read_beside(path, prefer=sheet, largest=2_000_000)


def test_a_workbook_damaged_anywhere_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "nodes.xlsx"
    book = Workbook()
    book.worksheets[0].append(["id", "column", "label"])
    book.save(path)
    whole = path.read_bytes()
    refused = 0
    for place in range(0, len(whole), 40):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        for read in (read_table_cells, beside):
            try:
                read(path, "nodes")
            except (SpecError, FileError) as error:
                refused += 1
                assert str(error).startswith("nodes.xlsx: ")
    assert refused > 50
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml"):
        path.write_bytes(whole)
        with ZipFile(path) as source:
            parts = {name: source.read(name) for name in source.namelist()}
        with ZipFile(path, "w") as target:
            for name, held in parts.items():
                target.writestr(name, b"<a/>" if name == part else held)
        for read in (read_table_cells, beside):
            with pytest.raises((SpecError, FileError), match=r"nodes\.xlsx: (?!.*None)"):
                read(path, "nodes")


def test_a_small_workbook_that_unpacks_to_a_large_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_001)
    assert path.stat().st_size < 100_000
    with pytest.raises(SpecError, match="unpacks to more than 50 MB; not read"):
        LogicModel.from_tables(path, [], profile="theory-of-change", title="T")


def test_names_of_columns_may_begin_with_a_capital(folder: Path) -> None:
    model = from_files(folder)
    for table, header in (("nodes", "Id,Column,Label"), ("links", "FROM,TO,Because")):
        path = folder / f"{table}.csv"
        text = path.read_text(encoding="utf-8-sig")
        path.write_text(text.replace(header.lower(), header, 1), encoding="utf-8")
        assert header in path.read_text(encoding="utf-8")
    assert from_files(folder) == model


def test_a_workbook_whose_sheets_have_other_names_is_told_to_name_them(tmp_path: Path) -> None:
    book = Workbook()
    for number, text in enumerate((NODES, LINKS), start=1):
        sheet = book.create_sheet(f"Table {number}")
        for line in text.splitlines():
            sheet.append(line.split(","))
    del book[book.sheetnames[0]]
    path = tmp_path / "model.xlsx"
    book.save(path)
    with pytest.raises(SpecError) as caught:
        LogicModel.from_tables(path, path, profile="theory-of-change", title="Visits")
    assert str(caught.value).splitlines() == [
        "model.xlsx: 1 problem",
        "  boxes and arrows are in one table; if they are in two sheets, call them 'nodes' and"
        " 'links' [sheet]",
    ]
