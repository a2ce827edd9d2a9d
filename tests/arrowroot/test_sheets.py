"""Sheets that go out: what they offer, what they say, and that nothing in them runs."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from arrowroot.errors import FileError, OptionError
from arrowroot.sheets import Column, Sheet, fitting, write_sheets, write_table
from arrowroot.tables import read_frame, read_table

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'=1", "''=1", "'quoted'", "plain"]
SHEET = Sheet(
    "judgements",
    [
        Column("part", bold=True),
        Column("agree", choices=("yes", "no"), note="Say yes or no."),
        Column("n", width=60, rule={"type": "whole", "operator": "greaterThan", "formula1": "0"},
               refuses="n must be > 0"),
    ],
    [["a", "", "1"], ["=b", "", ""]],
    freeze="B2",
    spare=10,
)  # fmt: skip


def test_what_a_workbook_offers(tmp_path: Path) -> None:
    (page,) = load_workbook(write_sheets(tmp_path / "s.xlsx", SHEET)).worksheets
    assert (page.title, page.freeze_panes) == ("judgements", "B2")
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["part", "agree", "n"],
        ["a", None, "1"],
        ["'=b", None, None],
    ]
    listed, rule = page.data_validations.dataValidation
    assert (listed.formula1, str(listed.sqref)) == ('"yes,no"', "B2:B13")
    assert (listed.showErrorMessage, rule.showErrorMessage) == (False, True)
    assert (rule.type, rule.operator, rule.error) == ("whole", "greaterThan", "n must be > 0")
    assert page["B1"].comment.text == "Say yes or no."
    assert [page[cell].font.b for cell in ("A1", "B1", "A2", "B2")] == [True, True, True, False]
    widths = [page.column_dimensions[letter].width for letter in "ABC"]
    assert widths == [18, 18, 60]


def test_several_sheets_are_one_workbook(tmp_path: Path) -> None:
    book = write_sheets(tmp_path / "s.xlsx", SHEET, Sheet("guide", [Column("column")], [["n"]]))
    assert load_workbook(book).sheetnames == ["judgements", "guide"]
    assert read_table(book, sheet="guide").rows == [["n"]]
    with pytest.raises(OptionError, match=r"\(several sheets need \.xlsx\); got 's\.csv'"):
        write_sheets(tmp_path / "s.csv", SHEET, SHEET)


def test_the_same_sheets_are_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    first = write_sheets(tmp_path / "a.xlsx", SHEET).read_bytes()
    then = time.localtime(time.time() + 10**7)
    monkeypatch.setattr(time, "localtime", lambda *_: then)
    assert write_sheets(tmp_path / "b.xlsx", SHEET).read_bytes() == first


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_is_a_formula_and_all_come_back(tmp_path: Path, kind: str) -> None:
    sheet = Sheet("s", [Column("=a"), Column("b")], [[text, "x"] for text in FORMULAS])
    path = write_sheets(tmp_path / f"s.{kind}", sheet)
    if kind == "csv":
        cells = [row[0] for row in csv.reader(path.read_text("utf-8-sig").splitlines())]
    else:
        page = load_workbook(path).worksheets[0]
        cells = [cell.value for cell in page["A"]]
        assert {cell.data_type for cell in page["A"]} == {"s"}
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    back = read_table(path)
    assert back.header == ["=a", "b"]
    assert [row[0] for row in back.rows] == FORMULAS


def test_a_frame_comes_back(tmp_path: Path) -> None:
    frame = pd.DataFrame({"note": [*FORMULAS, "\rx"], "+unit": range(len(FORMULAS) + 1)})
    back = read_frame(write_table(frame, tmp_path / "t.csv"))
    assert back.to_dict("list") == frame.astype(str).to_dict("list")


def test_control_characters_and_long_texts_fit_a_cell(tmp_path: Path) -> None:
    sheet = Sheet("s", [Column("a")], [["bell\x07"], ["x" * 40_000]])
    rows = read_table(write_sheets(tmp_path / "s.xlsx", sheet)).rows
    assert rows[0] == ["bell\ufffd"]
    assert rows[1] == ["x" * 29_999 + "…"]
    assert fitting("two\n lines") == "two lines"


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"the name must end in \.csv or \.xlsx; got 's\.ods'"):
        write_sheets(tmp_path / "s.ods", SHEET)
    with pytest.raises(FileError, match="there is no folder"):
        write_sheets(tmp_path / "none" / "s.xlsx", SHEET)
