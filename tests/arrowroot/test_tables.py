"""Tables are read alike however they were saved; whatever is wrong is said in words.

All tables are made up.
"""

from __future__ import annotations

import csv
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook
from reading.savings import SAVINGS, save
from reading.workbooks import SHEET, archive, book, damaged, packed, parts_of, rich

from arrowroot import tables
from arrowroot.errors import ArrowrootError, DataError, EvidenceError, FileError
from arrowroot.formats import delimited, worksheet
from arrowroot.running.process import ALONE

ROWS = [
    ["study", "n", "note"],
    ["Fürsorge 2015", "12", "said: “yes”, and; no"],
    ["'-Vale", "007", ""],
    ["Moor", "", "two\nlines\twith a tab"],
]
READ = [
    ["Fürsorge 2015", "12", "said: “yes”, and; no"],
    ["-Vale", "007", ""],
    ["Moor", "", "two\nlines\twith a tab"],
]


def workbook(tmp_path: Path, held: bytes, name: str = "t.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(held)
    return path


def made(tmp_path: Path, fill: Callable[[Any, Workbook], None]) -> Path:
    new = Workbook()
    for row in (["study", "yi"], ["A", 1], ["B", 2], ["C", 3]):
        new.worksheets[0].append(row)
    fill(new.worksheets[0], new)
    return workbook(tmp_path, packed(new))


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises((DataError, FileError)) as caught:
        tables.read_table(path, **options)
    return str(caught.value)


class TestSavings:
    @pytest.mark.parametrize("how", SAVINGS)
    def test_a_table_is_read_alike_however_it_was_saved(self, tmp_path: Path, how: str) -> None:
        table = tables.read_table(save(ROWS, tmp_path, "t", how))
        assert (table.header, table.rows) == (ROWS[0], READ)
        first = 2 if how == "separator named" else 1
        assert table.line == first
        assert table.lines == [first + 1, first + 2, first + 3]
        remark = (
            f"line {first + 1} is not UTF-8 text; the file was read as Windows-1252. If "
            "accented letters look wrong, save it as 'CSV UTF-8'"
        )
        assert table.remarks == ([remark] if how.startswith("Windows") else [])

    def test_lines_are_those_of_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_text('\n\na,b\n"x\n\ny",1\n,\nz,2\n', encoding="utf-8")
        table = tables.read_table(path)
        assert (table.line, table.lines) == (3, [4, 8])

    @pytest.mark.parametrize("ending", ["\r", "\n", "\r\n"])
    def test_any_line_end_is_one(self, tmp_path: Path, ending: str) -> None:
        path = tmp_path / "t.csv"
        path.write_bytes(f'a,b{ending}1,"x{ending}y"{ending}2,z'.encode())
        table = tables.read_table(path)
        assert table.rows == [["1", f"x{ending}y"], ["2", "z"]]
        assert table.lines == [2, 4]

    def test_what_no_encoding_holds_is_remarked_on(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_bytes(b"a,b\n\x81,\xfc\n")
        table = tables.read_table(path)
        assert table.rows == [["\ufffd", "ü"]]
        assert table.remarks[1] == (
            "line 2 contains characters that could not be read; they are now \ufffd"
        )

    @pytest.mark.parametrize(
        ("text", "header"),
        [
            ('unit,"a; b; c; d"\n1,2\n', ["unit", "a; b; c; d"]),
            ("study;mean, SD;n\nVale;1,5;40\n", ["study", "mean, SD", "n"]),
            ("id,a;b;c\n1,2\n3,4\n", ["id", "a;b;c"]),
            ('"two\nlines";b\n1;2\n', ["two\nlines", "b"]),
            ("one\n1\n", ["one"]),
            ("a\tb, c\n1\t2\n3\t4\n", ["a", "b, c"]),
            ("sep=;\na;b,c\n1;2\n", ["a", "b,c"]),
        ],
    )
    def test_what_separates_the_cells(self, tmp_path: Path, text: str, header: list[str]) -> None:
        path = tmp_path / "t.csv"
        path.write_text(text, encoding="utf-8")
        assert tables.read_table(path).header == header

    def test_a_cell_may_be_long_and_the_limit_of_others_stays(self, tmp_path: Path) -> None:
        limit = csv.field_size_limit()
        path = tmp_path / "t.csv"
        path.write_text(f"a,b\n{'x' * (limit + 1)},1\n", encoding="utf-8")
        assert len(tables.read_table(path).rows[0][0]) == limit + 1
        assert csv.field_size_limit() == limit

    def test_long_cells_are_read_in_threads(self, tmp_path: Path) -> None:
        text = f"a\n{'x' * (csv.field_size_limit() + 1)}\n"
        limit, troubles = csv.field_size_limit(), []
        workers = [
            threading.Thread(target=lambda: troubles.append(delimited.split(text)[1]))
            for _ in range(16)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert (troubles, csv.field_size_limit()) == ([None] * 16, limit)

    def test_the_limit_on_a_cell_waits_for_whoever_changes_the_process(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        is_reading, is_put_back = threading.Event(), threading.Event()

        def rows() -> Iterator[list[str]]:
            is_reading.set()
            is_put_back.wait(5)
            yield from ()

        monkeypatch.setattr(csv, "reader", lambda *_, **__: rows())
        limit = csv.field_size_limit()
        thread = threading.Thread(target=delimited.split, args=["a,b\n"])
        with ALONE:
            csv.field_size_limit(limit + 1)
            thread.start()
            is_reading.wait(0.2)  # in vain: it has to wait for its turn
            csv.field_size_limit(limit)
        is_put_back.set()
        thread.join()
        assert csv.field_size_limit() == limit

    def test_as_a_frame_blank_cells_are_missing(self, tmp_path: Path) -> None:
        frame = tables.read_frame(save(ROWS, tmp_path, "t", "Windows-1252"))
        assert frame.index.name == "line"
        assert frame.index.tolist() == [2, 3, 4]
        assert frame["n"].tolist() == ["12", "007", None]
        assert len(frame.attrs["remarks"]) == 1
        assert "remarks" not in tables.read_frame(save(ROWS, tmp_path, "t", "comma")).attrs
        assert tables.read_frame(save(ROWS[:1], tmp_path, "t", "comma")).shape == (0, 3)


class TestRefusals:
    @pytest.mark.parametrize(
        ("held", "message"),
        [
            (b"", "t.csv: the table is empty; the first row must contain the column names."),
            (b"\n,,\n", "t.csv: the table is empty"),
            (b"unit,code\nA,x\0\n", "t.csv: contains null bytes, so it is not a text table"),
            (b"unit,unit\nA,x\n", "line 1: column names must differ; repeated: 'unit'"),
            (
                b"a,,b,,c\n1,2,3,4,5\n",
                "line 1: columns 2, 4 have no name; name each, or remove them",
            ),
            (b"unit,code\nA,x,y\n", "line 2: the row has 3 cells, the header 2"),
            (b'unit,code\n"A,x\n', "line 2: the row cannot be read (unexpected end of data)"),
            (b'unit,code\n"A"b,x\n', "line 2: the row cannot be read (',' expected after"),
            (b"PK\x03\x04rest", "not a .csv file by its content. If it is a workbook, change"),
        ],
    )
    def test_texts_that_are_no_tables(self, tmp_path: Path, held: bytes, message: str) -> None:
        path = tmp_path / "t.csv"
        path.write_bytes(held)
        assert message in refusal(path)

    def test_blank_cells_beyond_the_header_are_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_text("a,b,,\n1,,,,,\n", encoding="utf-8")
        assert tables.read_table(path).rows == [["1", ""]]

    @pytest.mark.parametrize(
        ("name", "held", "message"),
        [
            (
                "t.ods",
                b"PK\x03\x04",
                "an OpenDocument spreadsheet (.ods), which cannot be read. Open",
            ),
            (
                "t.numbers",
                b"PK\x03\x04",
                "a spreadsheet of Numbers (.numbers), which cannot be read",
            ),
            ("t.xlsm", b"PK\x03\x04", "a workbook with macros (.xlsm), which cannot be read"),
            ("t.xls", bytes.fromhex("D0CF11E0A1B11AE1"), "a workbook in the old format (.xls)"),
            ("t.xls", b" <HTML><table>", "a web page by its content, not a workbook"),
            ("t.xls", b"a,b\n1,2\n", "If it is text, change the ending of its name"),
            (
                "t.xls",
                b"PK\x03\x04",
                "not a .xls file by its content. If it is a workbook, change the",
            ),
            ("t.xlsx", b"a,b\n1,2\n", "If it is text, change the ending of its name"),
            ("t.xlsx", b"<?xml version='1.0'?><Workbook/>", "a web page by its content, not"),
            ("t.xlsx", b"", "not a readable .xlsx workbook"),
            ("t.xlsx", bytes.fromhex("D0CF11E0A1B11AE1"), "a workbook in the old format (.xls)"),
            (
                "t.xlsx",
                bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"),
                "protected by a password; save it without one",
            ),
            ("t.docx", b"", "not a table by its name; tables end in .csv, .tsv, .txt or"),
        ],
    )
    def test_other_programs_files(
        self, tmp_path: Path, name: str, held: bytes, message: str
    ) -> None:
        said = refusal(workbook(tmp_path, held, name))
        assert said.startswith(f"{name}: ")
        assert message in said

    def test_files_that_are_not_there_or_too_large(self, tmp_path: Path) -> None:
        assert "there is no such file" in refusal(tmp_path / "none.csv")
        assert "there is no such file" in refusal(tmp_path / "none.xlsx")
        (tmp_path / "folder.csv").mkdir()
        assert "Is a directory" in refusal(tmp_path / "folder.csv")
        path = save(ROWS, tmp_path, "t", "comma")
        assert refusal(path, largest=10) == "t.csv: larger than 0 MB; not read."
        assert "t.csv: only an .xlsx file has worksheets" in refusal(path, sheet="arms")

    def test_a_table_of_far_too_many_cells(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tables, "MOST_CELLS", 8)
        path = save(ROWS, tmp_path, "t", "comma")
        assert refusal(path) == "t.csv: 3 rows of 3 columns are more than 8 cells; not read."


class TestWorkbooks:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (12, "12"),
            (12.0, "12"),
            (0.1, "0.1"),
            (1e22, "10000000000000000000000"),
            (1 / 3, "0.3333333333333333"),
            (True, "True"),
            (" x ", "x"),
            ("'=1+1", "=1+1"),
            ("'quoted'", "'quoted'"),
            ("1.0", "1.0"),
            ("#DIV/0!", "#DIV/0!"),
            (datetime(2024, 5, 4), "2024-05-04 00:00:00"),
            (datetime(2024, 5, 4, 10, 30), "2024-05-04 10:30:00"),
            (date(2024, 5, 4), "2024-05-04 00:00:00"),
            (time(10, 30), "10:30:00"),
        ],
    )
    def test_what_cells_hold(self, tmp_path: Path, value: object, text: str) -> None:
        path = made(tmp_path, lambda sheet, _: sheet.__setitem__("B2", value))
        assert tables.read_table(path).rows[0] == ["A", text]

    def test_days_are_counted_from_either_year(self, tmp_path: Path) -> None:
        from openpyxl.utils.datetime import MAC_EPOCH

        def fill(sheet: Any, new: Workbook) -> None:
            new.epoch = MAC_EPOCH
            sheet["B2"] = date(2024, 5, 4)

        path = made(tmp_path, fill)
        assert tables.read_cells(path, days=True).rows[1] == ["A", "2024-05-04"]

    def test_shares_are_known_by_what_the_cell_shows(self, tmp_path: Path) -> None:
        def fill(sheet: Any, _: Workbook) -> None:
            for cell, form in (("B2", "0.0%"), ("B3", '0.0"%"'), ("B4", r"0\%")):
                sheet[cell].number_format = form

        assert tables.read_table(made(tmp_path, fill)).shares == {(2, 2)}

    @pytest.mark.parametrize("claimed", ["A1:B2", "A1:A1", "A1:XFD1048576", "ZZ9"])
    def test_the_size_that_a_sheet_claims_is_not_believed(
        self, tmp_path: Path, claimed: str
    ) -> None:
        path = workbook(
            tmp_path,
            book(lambda part: re.sub(rb'ref="[^"]*"', f'ref="{claimed}"'.encode(), part, count=1)),
        )
        assert [row[0] for row in tables.read_table(path).rows] == ["A", "B", "C"]

    def test_a_far_blank_cell_is_nothing(self, tmp_path: Path) -> None:
        far = b'<row r="1048576"><c r="XFD1048576" t="n"/></row></sheetData>'
        path = workbook(tmp_path, book(lambda part: part.replace(b"</sheetData>", far)))
        assert tables.read_table(path).lines == [2, 3, 4]

    def test_a_far_filled_cell_is_told_from_a_table(self, tmp_path: Path) -> None:
        far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        path = workbook(tmp_path, book(lambda part: part.replace(b"</sheetData>", far)))
        assert "line 1048576: the row has 16384 cells, the header 3" in refusal(path)

    def test_cells_all_over_a_sheet_are_not_filled_up(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from arrowroot.formats import book_cells

        far = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(5, 9))
        path = workbook(
            tmp_path, book(lambda part: part.replace(b"</sheetData>", far + b"</sheetData>"))
        )
        monkeypatch.setattr(book_cells, "MOST_CELLS", 50_000)
        assert "are too far apart for a table" in refusal(path)
        monkeypatch.setattr(worksheet, "MOST_CELLS", 5)
        assert "more than 5 filled cells; not read" in refusal(path)

    def test_the_first_sheet_in_sight_is_read(self, tmp_path: Path) -> None:
        def fill(sheet: Any, new: Workbook) -> None:
            sheet.sheet_state, sheet.title = "hidden", "old"
            new.create_sheet("now").append(["study"])
            new["now"].append(["D"])
            new.create_sheet("lists").sheet_state = "veryHidden"
            new.active = 1

        path = made(tmp_path, fill)
        table = tables.read_table(path)
        assert table.rows == [["D"]]
        assert table.remarks == [
            "the sheet 'now' was read; not read: 'old' (hidden), 'lists' (hidden)"
        ]
        by_name = tables.read_table(path, sheet="old")
        assert [row[0] for row in by_name.rows] == ["A", "B", "C"]
        assert by_name.remarks[0] == (
            "the sheet 'old' is hidden in the workbook; it was read nevertheless"
        )
        assert refusal(path, sheet="arms") == (
            "t.xlsx: there is no worksheet 'arms'; it has 'old', 'now', 'lists'."
        )
        assert (
            tables.read_cells(path, prefer="old").rows == tables.read_cells(path, sheet="old").rows
        )
        assert tables.read_cells(path, prefer="none").rows == [["study"], ["D"]]

    def test_charts_are_no_tables(self, tmp_path: Path) -> None:
        def fill(sheet: Any, new: Workbook) -> None:
            new.create_chartsheet("Chart", 0)

        path = made(tmp_path, fill)
        assert tables.read_table(path).lines == [2, 3, 4]
        assert "the sheet 'Chart' is a chartsheet, which has no cells" in refusal(
            path, sheet="Chart"
        )
        parts = parts_of(path.read_bytes())
        hidden = (parts["xl/workbook.xml"] or b"").replace(
            b'name="Sheet"', b'name="S" state="hidden"'
        )
        hidden = hidden.replace(b'state="visible" state="hidden"', b'state="hidden"')
        hidden = re.sub(rb'(state="hidden"[^>]*) state="visible"', rb"\1", hidden)
        path.write_bytes(archive({**parts, "xl/workbook.xml": hidden}))
        assert "no worksheet is visible" in refusal(path)

    def test_what_is_hidden_is_read_and_remarked_on(self, tmp_path: Path) -> None:
        def fill(sheet: Any, _: Workbook) -> None:
            for row in (2, 3, 4, 9):
                sheet.row_dimensions[row].hidden = True
            for column in "BZ":
                sheet.column_dimensions[column].hidden = True
            sheet["B4"].number_format = ";;;"

        table = tables.read_table(made(tmp_path, fill))
        assert table.rows == [["A", "1"], ["B", "2"], ["C", "3"]]
        assert table.remarks == [
            "rows that are hidden in the workbook, perhaps by a filter, were read: 2 to 4",
            "columns that are hidden in the workbook were read: B",
            "cells whose format shows nothing were read: B4",
        ]

    def test_merged_cells_of_a_table_are_refused(self, tmp_path: Path) -> None:
        assert refusal(made(tmp_path, lambda sheet, _: sheet.merge_cells("B2:B3"))) == (
            "t.xlsx, cells B2:B3 are merged, so that all but the first are blank. Unmerge them and "
            "fill in each."
        )
        assert "A1:B1 are merged" in refusal(
            made(tmp_path, lambda sheet, _: sheet.merge_cells("A1:B1"))
        )

    @pytest.mark.parametrize("block", ["B4:B9", "B2:F2", "D1:F9"])
    def test_merged_cells_that_blank_nothing_are_read(self, tmp_path: Path, block: str) -> None:
        path = made(tmp_path, lambda sheet, _: sheet.merge_cells(block))
        assert len(tables.read_table(path).rows) == 3

    def test_a_formula_counts_with_its_stored_value(self, tmp_path: Path) -> None:
        cell = b'<c r="B2"><f>1+1</f><v>2</v></c>'
        path = workbook(
            tmp_path, book(lambda part: re.sub(rb'<c r="B2".*?</c>', cell, part, count=1))
        )
        table = tables.read_table(path)
        assert table.rows[0] == ["A", "2", "0.04"]
        assert table.remarks == [
            "the workbook asks for its formulas to be worked out when it is opened, so that the "
            "values stored with them may be out of date; open it in a spreadsheet program and "
            "save it",
            "the values stored with formulas were read: B2",
        ]

    def test_a_formula_that_comes_to_an_empty_text_is_a_blank(self, tmp_path: Path) -> None:
        cell = b'<c r="B2" t="str"><f>IF(A2="","",A3)</f><v></v></c>'
        path = workbook(
            tmp_path, book(lambda part: re.sub(rb'<c r="B2".*?</c>', cell, part, count=1))
        )
        assert tables.read_table(path).rows[0] == ["A", "", "0.04"]

    def test_a_formula_without_a_stored_value_is_refused(self, tmp_path: Path) -> None:
        path = made(tmp_path, lambda sheet, _: sheet.__setitem__("B3", "=1+1"))
        assert refusal(path) == (
            "t.xlsx, cell B3: the formula has no stored value. Open the file in a spreadsheet "
            "program, save it, and read it again."
        )

    def test_texts_of_every_form(self, tmp_path: Path) -> None:
        runs = (
            '<c r="A2" t="inlineStr"><is><r><t>Va</t></r><r><rPr><b/></rPr><t>le</t></r>'
            '<rPh sb="0" eb="1"><t>aid</t></rPh></is></c>'
        )
        table = tables.read_table(
            workbook(
                tmp_path,
                book(
                    lambda part: re.sub(rb'<c r="A2".*?</c>', runs.encode(), part, count=1).replace(
                        b"<t>C</t>", b"<t>two_x000D_\nlines, _x005F_x000D_</t>"
                    )
                ),
            )
        )
        assert table.rows[0][0] == "Vale"
        assert table.rows[2][0] == "two\r\nlines, _x000D_"

    def test_the_strict_form_of_the_format_is_read(self, tmp_path: Path) -> None:
        def strict(held: bytes) -> bytes:
            return held.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            )

        parts = parts_of(book())
        held = archive({name: strict(part or b"") for name, part in parts.items()})
        assert len(tables.read_table(workbook(tmp_path, held)).rows) == 3

    def test_what_is_beside_the_cells(self, tmp_path: Path) -> None:
        path = workbook(tmp_path, rich())
        assert tables.read_beside(path, prefer="none") == [
            ("sheet 'Sheet', cell A1, note", "a note"),
            ("sheet 'Sheet', cell B5", "=0.1+0.2"),
            ("sheet 'more', cell B2", "a thought"),
        ]
        assert tables.read_beside(save(ROWS, tmp_path, "t", "comma"), prefer="") == []


class TestDamage:
    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (b"<v>0.1</v>", b"<v>abc</v>", "cell B2 contains no number: 'abc'"),
            (b"<v>0.1</v>", b"<v>1e999</v>", "cell B2 contains no number: '1e999'"),
            (b"<v>0.1</v>", b"<v>1_0</v>", "cell B2 contains no number: '1_0'"),
            (b'r="A2"', b'r="ZZZZ2"', "no worksheet has a column 'ZZZZ'"),
            (b'r="A2"', b'r="XFE2"', "no worksheet has a column 'XFE'"),
            (b'r="A2"', b'r="A7"', "cell A7 is in row 2"),
            (b'r="A2"', b'r="B2"', "cell B2 occurs twice"),
            (b'<row r="2"', b'<row r="x"', "row: 'x' is not a whole number"),
            (b'<row r="2"', b'<row r="1048577"', "no worksheet has a row 1048577"),
            (b'<row r="2"', b'<row r="0"', "no worksheet has a row 0"),
            (b't="inlineStr"', b't="s"', "the text of cell"),
            (b't="inlineStr"', b't="zz"', ""),
            (b'<c r="B2" t="n"', b'<c r="B2" t="d"', "cell B2 contains no date: '0.1'"),
            (b'<c r="B2" t="n"', b'<c r="B2" s="99"', "cell B2 has a format that does not exist"),
            (b"</sheetData>", b"", "mismatched tag"),
            (b"<worksheet", b"<!DOCTYPE a><worksheet", "declares a document type"),
        ],
    )
    def test_damaged_sheets_are_refused_in_words(
        self, tmp_path: Path, old: bytes, new: bytes, said: str
    ) -> None:
        def change(part: bytes) -> bytes:
            assert old in part
            changed = part.replace(old, new)
            return (
                changed.replace(b"<is><t>", b"<v>").replace(b"</t></is>", b"</v>")
                if (b"inlineStr" in old)
                else changed
            )

        assert said in refusal(workbook(tmp_path, book(change)))

    @pytest.mark.parametrize(
        "part", ["xl/workbook.xml", "xl/styles.xml", SHEET, "xl/_rels/workbook.xml.rels"]
    )
    def test_a_part_that_is_gone_is_named(self, tmp_path: Path, part: str) -> None:
        assert "missing" in refusal(workbook(tmp_path, book(lambda _: None, part=part)))

    def test_a_bomb_is_not_unpacked(self, tmp_path: Path) -> None:
        held = archive({SHEET: b" " * 60_000_000}, zipfile.ZIP_DEFLATED)
        path = workbook(tmp_path, held)
        assert path.stat().st_size < 100_000
        assert refusal(path) == "t.xlsx: unpacks to more than 50 MB; not read."

    def test_a_caller_may_allow_more(self, tmp_path: Path) -> None:
        parts = {name: part or b"" for name, part in parts_of(book()).items()}
        parts["xl/media/image1.png"] = b"\0" * 60_000_000
        path = workbook(tmp_path, archive(parts, zipfile.ZIP_DEFLATED))
        assert "unpacks to more than 50 MB" in refusal(path)
        assert len(tables.read_table(path, largest=200_000_000).rows) == 3

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_entities_are_refused_wherever_they_are(self, tmp_path: Path, encoding: str) -> None:
        text = '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'
        parts = {**parts_of(book()), "xl/extra.xml": text.encode(encoding)}
        assert refusal(workbook(tmp_path, archive(parts))) == (
            "t.xlsx: xl/extra.xml declares a document type; no workbook needs one."
        )

    def test_entities_are_refused_in_a_sheet_of_any_name(self, tmp_path: Path) -> None:
        parts = parts_of(book())
        sheet = parts.pop("xl/worksheets/sheet1.xml")
        entity = b'<!DOCTYPE a [<!ENTITY b "9">]><worksheet'
        parts["xl/worksheets/sheet1.data"] = sheet.replace(b"<worksheet", entity, 1)
        beside = "xl/_rels/workbook.xml.rels"
        parts[beside] = parts[beside].replace(b"sheet1.xml", b"sheet1.data")
        assert refusal(workbook(tmp_path, archive(parts))) == (
            "t.xlsx: xl/worksheets/sheet1.data declares a document type; no workbook needs one."
        )

    def test_no_damage_ends_in_the_error_of_a_library(self, tmp_path: Path) -> None:
        random, whole = Random(20), rich()
        path = tmp_path / "d.xlsx"
        refused = 0
        for _ in range(600):
            path.write_bytes(damaged(random, whole))
            for read in (tables.read_table, lambda one: tables.read_beside(one, prefer="more")):
                try:
                    read(path)
                except (DataError, FileError) as error:
                    refused += 1
                    assert str(error).startswith("d.xlsx")
        assert 500 < refused < 1200


class Polars:
    """A data frame of Polars, as far as it is looked at."""

    columns = ("source", "k")

    def to_dicts(self) -> list[dict[str, object]]:
        return [{"source": "a", "k": None}, {"source": "b", "k": 2}]

    def to_dict(self, *, as_series: bool = True) -> dict[str, list[object]]:
        return {"source": ["a", "b"], "k": [None, 2]}


class Arrow:
    """A table of PyArrow, as far as it is looked at."""

    column_names = ("source", "k")
    columns = (object(), object())

    def to_pylist(self) -> list[dict[str, object]]:
        return [{"source": "a", "k": None}, {"source": "b", "k": 2}]


class TestMemory:
    @pytest.mark.parametrize(
        "table",
        [
            [{"source": "a", "k": None}, {"source": "b", "k": 2}],
            ({"source": name, "k": k} for name, k in (("a", None), ("b", 2))),
            pd.DataFrame({"source": ["a", "b"], "k": [None, 2]}),
            pd.DataFrame({"source": ["a", "b"], "k": [pd.NA, 2]}).convert_dtypes(),
            Polars(),
            Arrow(),
        ],
        ids=["list", "generator", "pandas", "pandas with NA", "polars", "pyarrow"],
    )
    def test_every_kind_of_table(self, table: object) -> None:
        rows = tables.rows_of(table, "evidence")
        assert rows == [{"source": "a", "k": None}, {"source": "b", "k": 2}]

    def test_what_is_missing_is_none(self) -> None:
        row = {"a": float("nan"), "b": pd.NaT, "c": pd.NA, "d": "", "e": [1, 2]}
        assert tables.rows_of([row], "evidence") == [
            {"a": None, "b": None, "c": None, "d": "", "e": [1, 2]}
        ]

    @pytest.mark.parametrize(
        ("table", "kind"),
        [
            ("claims.csv", "'claims.csv'"),
            (Path("claims.csv"), "a path"),
            (pd.Series([1, 2]), "a column"),
            (pd.Series([{"source": "a"}]), "a column"),
            ({"source": ["a"]}, "a dictionary"),
            ([1, 2], "a list"),
            (7, "7"),
            (None, "None"),
        ],
    )
    def test_what_is_no_table(self, table: object, kind: str) -> None:
        with pytest.raises(EvidenceError) as caught:
            tables.rows_of(table, "evidence", EvidenceError)
        assert str(caught.value) == (
            f"evidence must be a table: a data frame or a list of rows; got {kind} (read a file "
            "with pandas.read_csv or pandas.read_excel first)"
        )

    def test_columns_of_one_name_are_refused(self) -> None:
        table = pd.DataFrame([["a", 1, 2]], columns=["source", "k", "k"])
        with pytest.raises(
            ArrowrootError, match="evidence: column names must differ; repeated: 'k'"
        ):
            tables.rows_of(table, "evidence")
