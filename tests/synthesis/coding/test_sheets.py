"""Blind coding sheets out and in: nothing overwritten, nothing lost."""

from __future__ import annotations

import html
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from arrowroot.errors import DataError, FileError
from arrowroot.sheets import write_table
from arrowroot.tables import read_frame
from synthesis.coding.codebook import Code, Codebook
from synthesis.coding.sheets import read_sheets, write_sheets

# Units and codes made up for the tests.
UNITS = pd.DataFrame({"id": ["A1", "A2", "A3"], "action": ["=one", "two, too", "thrée"]})
TYPE = Codebook("Types", "1", (Code("staff", "Staff"), Code("patient", "Patients")))
LEVEL = Codebook("Levels", "1", (Code("near", "Near"), Code("far", "Far"), Code("far2", "Far")))
SCHEMES = {"type": TYPE, "level": LEVEL}


def out(folder: Path, **options: object) -> list[Path]:
    return write_sheets(
        UNITS, ["Ann", "Bob Ø."], folder, schemes=SCHEMES, unit="id", text="action", **options
    )


def filled(path: Path, **columns: list[str | None]) -> None:
    write_table(read_frame(path).assign(**columns), path)


def back(paths: object, **options: object) -> object:
    return read_sheets(paths, UNITS["id"], schemes=SCHEMES, unit="id", **options)


def test_sheets_are_blind_and_hold_the_units(tmp_path: Path) -> None:
    ann, bob = out(tmp_path / "new")
    assert (ann.name, bob.name) == ("Ann.csv", "Bob_Ø.csv")
    sheet = read_frame(bob)
    assert list(sheet.columns) == ["id", "action", "coder", "type", "level", "note"]
    assert sheet["action"].tolist() == UNITS["action"].tolist()
    assert set(sheet["coder"]) == {"Bob Ø."}
    assert sheet[["type", "level", "note"]].isna().all(axis=None)
    assert "'=one" in bob.read_text(encoding="utf-8")
    assert Codebook.read(tmp_path / "new" / "codebook_type.yaml") == TYPE


def test_each_coder_reads_in_an_order_of_their_own_that_repeats(tmp_path: Path) -> None:
    units = pd.DataFrame({"id": [f"A{n}" for n in range(40)], "action": "x"})
    orders = []
    for folder in ("one", "two"):
        for path in write_sheets(
            units, ["a", "b"], tmp_path / folder, schemes=SCHEMES, unit="id", text="action", seed=3
        ):
            orders.append(read_frame(path)["id"].tolist())
    assert orders[0] == orders[2] != orders[1] == orders[3]
    assert sorted(orders[0]) == sorted(units["id"])


def test_work_is_never_overwritten(tmp_path: Path) -> None:
    out(tmp_path)
    with pytest.raises(
        FileError, match=r"Ann\.csv, Bob_Ø\.csv already exists and may contain work"
    ):
        out(tmp_path)


def test_back_in_with_conflicts_and_what_is_missing(tmp_path: Path) -> None:
    ann, bob = out(tmp_path)
    filled(ann, type=["staff", "patient", "Staff"], level=["near", None, "near"])
    filled(bob, type=["staff", "staff", "patient"], note=["sure", None, None])
    sheets = back(tmp_path)
    assert sheets.problems.empty
    assert len(sheets.codings) == 8
    assert sheets.conflicts("type").to_dict("index") == {
        "A2": {"Ann": "patient", "Bob Ø.": "staff"},
        "A3": {"Ann": "staff", "Bob Ø.": "patient"},
    }
    assert sheets.conflicts("level").empty
    assert sheets.missing.to_numpy().tolist() == [
        ["A2", "Ann", "level"],
        *[[unit, "Bob Ø.", "level"] for unit in ("A1", "A2", "A3")],
    ]
    first = sheets.codings.iloc[0]
    assert (first["file"], first["line"], first["codebook"]) == ("Ann.csv", 2, "Types 1")
    assert (
        "type codes by Ann 3, Bob Ø. 3; coders differ on 2 of 3 units that two or more coded"
        in str(sheets)
    )
    assert "level codes by Ann 2; only one coder, so nothing can differ yet" in str(sheets)


def test_coders_who_share_no_unit_cannot_differ_yet(tmp_path: Path) -> None:
    ann, bob = out(tmp_path)
    filled(ann, type=["staff", None, None])
    filled(bob, type=[None, "staff", None])
    assert "codes by Ann 1, Bob Ø. 1; no unit is coded by two coders yet" in str(back(tmp_path))


def test_every_filled_cell_is_a_coding_or_a_problem(tmp_path: Path) -> None:
    ann, bob = out(tmp_path)
    filled(ann, type=["stuff", "patient", "staff"], level=["Far", "near", "near"])
    extra = pd.DataFrame(
        [
            ["A9", "", "Bob Ø.", "staff", "", ""],
            ["", "", "Bob Ø.", "staff", "", ""],
            ["A1", "", "", "staff", "", ""],
            ["A1", "", "Bob Ø.", "staff", "", ""],
            ["A1", "", "Bob Ø.", "patient", "", ""],
            ["A1", "", "Bob Ø.", "staff", "", ""],
        ],
        columns=["id", "action", "coder", "type", "level", "note"],
    )
    write_table(extra, bob)
    sheets = back([ann, bob])
    assert sheets.problems[["file", "line", "value", "problem"]].to_numpy().tolist() == [
        ["Ann.csv", 2, "stuff", "'stuff' is not a code; did you mean 'staff'?"],
        ["Ann.csv", 2, "Far", "'Far' is the label of several codes; write the id"],
        ["Bob_Ø.csv", 2, "staff", "there is no unit 'A9'"],
        ["Bob_Ø.csv", 3, "staff", "no unit in this row"],
        ["Bob_Ø.csv", 4, "staff", "no coder in this row"],
        ["Bob_Ø.csv", 6, "patient", "Bob Ø. gave this unit 'staff' in another row"],
    ]
    assert len(sheets.codings) == 4 + 1  # the same code for A1 twice is one coding
    assert "Problems 6 cells" in str(sheets)
    page = html.unescape(sheets._repr_html_())
    assert "<li>Ann.csv, line 2, type: 'stuff' is not a code; did you mean 'staff'?</li>" in page


def test_several_codes_in_a_cell(tmp_path: Path) -> None:
    ann, _ = out(tmp_path)
    filled(ann, type=["staff; patient", " ; ", "Patients;staff"])
    sheets = back(ann, several=True)
    assert sheets.codings[["unit", "code"]].to_numpy().tolist() == [
        ["A1", "patient"], ["A1", "staff"], ["A3", "patient"], ["A3", "staff"],
    ]  # fmt: skip
    assert sheets.problems["problem"].tolist() == ["contains no code"]
    assert back(ann).problems["problem"].tolist()[0] == (
        "'staff; patient' contains several codes; keep one, or read with several=True"
    )


def test_a_workbook_is_read_as_well(tmp_path: Path) -> None:
    book = Workbook()
    for row in [["id", "coder", "type", "level"], ["A1", "Ann", "staff", "near"]]:
        book.active.append(row)
    book.save(tmp_path / "ann.xlsx")
    assert back(tmp_path).codings["code"].tolist() == ["staff", "near"]


def test_bad_requests_are_refused(tmp_path: Path) -> None:
    def write(
        units: pd.DataFrame = UNITS, coders: tuple[str, ...] = ("a",), **schemes: Codebook
    ) -> None:
        write_sheets(units, coders, tmp_path, schemes=schemes, unit="id", text="action")

    first = str(UNITS["id"].iloc[0])
    with pytest.raises(DataError, match=f"every id must be .* occur once; got '{first}' 2 times"):
        write(pd.concat([UNITS, UNITS.head(1).assign(id=f"{first} ")]))
    with pytest.raises(DataError, match="schemes: note already names a column"):
        write(note=TYPE)
    with pytest.raises(DataError, match="names must differ; got 'a b', 'a_b'"):
        write(coders=("a b", "a_b"))
    with pytest.raises(DataError, match=r"'\.\./' is not a possible file name"):
        write(coders=("../",))
    with pytest.raises(FileError, match=r"contains no coding sheets"):
        back(tmp_path)
    (tmp_path / "x.csv").write_text("id,type\nA1,staff\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"x\.csv: the table has no column 'coder'"):
        back(tmp_path)


@pytest.mark.parametrize("none", [[], (), {}])
def test_no_sheets_at_all_are_refused_in_words(none: object) -> None:
    with pytest.raises(DataError, match="paths: there are no coding sheets; give their files"):
        read_sheets(none, ["u1"], schemes={})  # type: ignore[arg-type]
