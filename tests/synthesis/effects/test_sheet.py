from __future__ import annotations

import re
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from reading.workbooks import book

from arrowroot.errors import DataError, FileError, OptionError
from synthesis.effects.lint.lint import lint
from synthesis.effects.sheet import reading
from synthesis.effects.sheet.reading import read_extraction

HEADER = "study,mean_t,sd_t,n_t,mean_c,sd_c,n_c\n"
GRANT = "Grant,98,21,65,92,22,65\n"
PECK = "Peck,98,28,40,88,26,40\n"


@pytest.fixture
def write(tmp_path):
    def write(content: str | bytes, name: str = "trials.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def workbook(tmp_path):
    def workbook(rows, title="Sheet"):
        book = openpyxl.Workbook()
        book.active.title = title
        for row in rows:
            book.active.append(row)
        path = tmp_path / "trials.xlsx"
        book.save(path)
        return path

    return workbook


def message(error_class, *args, **kwargs) -> str:
    with pytest.raises(error_class) as error:
        read_extraction(*args, **kwargs)
    return str(error.value)


class TestReading:
    def test_rows_and_lines(self, write):
        sheet = read_extraction(write(HEADER + GRANT + "\n,,,,,,\n" + PECK))
        assert sheet["study"].tolist() == ["Grant", "Peck"]
        assert sheet["sd_t"].tolist() == [21.0, 28.0]
        assert sheet["line"].tolist() == [2, 5]

    def test_a_cell_may_hold_line_breaks(self, write):
        sheet = read_extraction(write('study,notes\nGrant,"two\nlines"\nPeck,one\n'))
        assert sheet["line"].tolist() == [2, 4]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    @pytest.mark.parametrize("mark", [",", ";", "\t"])
    def test_encodings_and_separators(self, write, encoding, mark):
        text = "study,mean_t\nBéland,1.5\n".replace(",", mark)
        sheet = read_extraction(write(text.encode(encoding)))
        assert sheet[["study", "mean_t"]].to_numpy().tolist() == [["Béland", 1.5]]

    def test_blanks_and_typeset_minus(self, write):
        sheet = read_extraction(write("study,mean_t\nA,−1.5\nB,NR\nC,n/a\nD,\nE,–\n"))
        np.testing.assert_array_equal(sheet["mean_t"], [-1.5, np.nan, np.nan, np.nan, np.nan])

    def test_decimal_comma_on_request(self, write):
        path = write("study;mean_t\nA;1,5\n")
        assert read_extraction(path, decimal=",")["mean_t"].tolist() == [1.5]

    def test_other_columns_keep_their_words(self, write):
        sheet = read_extraction(write("study,hours,design\nA,3,RCT\nB,NR,\n"))
        np.testing.assert_array_equal(sheet["hours"], [3.0, np.nan])
        assert sheet["design"].tolist() == ["RCT", None]

    def test_reading_twice_changes_nothing(self, write, tmp_path):
        first = read_extraction(write(HEADER + GRANT + PECK))
        pd.testing.assert_frame_equal(read_extraction(first), first)
        first.to_csv(tmp_path / "again.csv", index=False)
        pd.testing.assert_frame_equal(read_extraction(tmp_path / "again.csv"), first)

    def test_the_table_handed_in_is_not_changed(self):
        table = pd.DataFrame({"study": [" A "], "mean_t": ["1"]})
        read_extraction(table)
        assert table.to_numpy().tolist() == [[" A ", "1"]]


class TestWorkbooks:
    def test_values(self, workbook):
        sheet = read_extraction(workbook([["study", "n_t", "sd_t"], ["A", 12, 1.25], [None] * 3]))
        assert sheet.to_numpy().tolist() == [["A", 12.0, 1.25, 2]]

    def test_formula_without_stored_value(self, workbook):
        path = workbook([["study", "n_t"], ["A", "=10+2"]])
        assert message(DataError, path) == (
            "trials.xlsx, cell B2: the formula has no stored value. Open the file in a spreadsheet "
            "program, save it, and read it again."
        )

    def test_unknown_worksheet(self, workbook):
        path = workbook([["study"], ["A"]], title="arms")
        assert message(DataError, path, worksheet="arm") == (
            "trials.xlsx: there is no worksheet 'arm'; it has 'arms'."
        )
        assert read_extraction(path, worksheet="arms")["study"].tolist() == ["A"]

    def test_not_a_workbook(self, write):
        assert message(FileError, write(HEADER, "trials.xlsx")) == (
            "trials.xlsx: not a readable .xlsx workbook. If it is text, change the ending of its "
            "name to .csv; otherwise open it in a spreadsheet program and save it again as XLSX."
        )

    def test_a_bomb_is_not_unpacked(self, workbook):
        path = workbook([["study"], ["A"]])
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as out:
            out.writestr("xl/media/blank", b" " * 200_000_000)
        assert path.stat().st_size < 500_000
        assert message(FileError, path) == "trials.xlsx: unpacks to more than 200 MB; not read."

    def test_spreadsheet_error_values(self, workbook):
        path = workbook([["study", "n_t"], ["A", "#DIV/0!"]])
        assert message(DataError, path) == (
            "trials.xlsx: n_t must be a number (a spreadsheet's error; correct its formula, or "
            "leave the cell blank); got '#DIV/0!' for study 'A' (line 2). Correct the sheet and "
            "read it again."
        )


class TestRefusals:
    def test_missing_file(self, tmp_path):
        assert message(FileError, tmp_path / "trails.csv") == (
            f"{tmp_path / 'trails.csv'}: there is no such file in {tmp_path}."
        )

    def test_other_kind_of_file(self, write):
        assert message(FileError, write("x", "trials.docx")) == (
            "trials.docx: not a table by its name; tables end in .csv, .tsv, .txt or .xlsx."
        )

    def test_far_too_large(self, write, monkeypatch):
        monkeypatch.setattr(reading, "LARGEST", 10)
        assert message(FileError, write(HEADER + GRANT)) == (
            "trials.csv: larger than 0 MB; not read."
        )

    def test_binary_file(self, write):
        assert message(FileError, write(b"study\0\0\n")) == (
            "trials.csv: contains null bytes, so it is not a text table. Open it in a spreadsheet "
            "program and save it as XLSX or as 'CSV UTF-8'."
        )

    def test_open_quote(self, write):
        assert message(FileError, write('study,notes\nA,"never closed\n')) == (
            "trials.csv, line 2: the row cannot be read (unexpected end of data). Look for a "
            "double quote that is opened but not closed."
        )

    def test_wrong_type(self):
        assert message(DataError, 3) == (
            "an extraction sheet must be a file name or a DataFrame; got 3."
        )

    @pytest.mark.parametrize("content", ["", "\n\n"])
    def test_empty_file(self, write, content):
        assert message(DataError, write(content)) == (
            "trials.csv: the table is empty; the first row must contain the column names."
        )

    def test_no_rows(self, write):
        assert message(DataError, write(HEADER)) == (
            "trials.csv: the table has column names but no rows; add one row per effect."
        )
        assert message(DataError, pd.DataFrame({"study": []})) == (
            "the table has no rows; add one row per effect."
        )

    def test_no_study_column(self, write):
        assert message(DataError, write("trial,n_t\nA,3\n")) == (
            "trials.csv: an extraction sheet needs a column 'study' that names each row's study; "
            "there are trial, n_t."
        )

    def test_columns_of_one_name(self, write):
        assert message(DataError, write("study,n_t,n_t\nA,3,4\n")) == (
            "trials.csv, line 1: column names must differ; repeated: 'n_t'. Rename or remove all "
            "but one of each."
        )
        table = pd.DataFrame([["A", 3, 4]], columns=["study", "n_t", "n_t"])
        assert message(DataError, table) == (
            "the table's column names must differ; repeated: 'n_t'."
        )

    def test_column_without_name(self, write):
        assert message(DataError, write("study,,n_t\nA,3,4\n")) == (
            "trials.csv, line 1: column 2 has no name; give it one. If the names of "
            "the columns are further down, remove the lines above them."
        )

    def test_too_many_cells(self, write):
        assert message(DataError, write("study,n_t\nGrant, A.,30\n")) == (
            "trials.csv, line 2: the row has 3 cells, the header 2. A cell that contains the "
            "separator must be in double quotes; every column needs a name; remove any title "
            "above the names."
        )

    def test_study_without_label(self, write):
        assert message(DataError, write("study,n_t\nA,3\n ,4\n")) == (
            "trials.csv: every row needs a study label; the cell is empty in line 3."
        )

    def test_own_column_named_line(self, write):
        assert message(DataError, write("study,line\nA,first\n")) == (
            "trials.csv: 'line' is the name of the column that gives the line of each row in the "
            "file; rename yours."
        )

    def test_own_lines_are_kept(self, write):
        sheet = read_extraction(write("line,study\n7,A\n8,B\n"))
        assert sheet[["line", "line_as_given"]].to_numpy().tolist() == [[2, 7], [3, 8]]
        assert "'line' is kept as 'line_as_given'" in sheet.attrs["remarks"][0]

    def test_a_sheet_that_was_saved_keeps_its_lines(self, write):
        sheet = read_extraction(write("study,line\nA,2\nB,3\n"))
        assert list(sheet) == ["study", "line"]
        assert "remarks" not in sheet.attrs

    def test_identifiers_keep_their_zeros(self, write):
        sheet = read_extraction(write("study,pmid,hours\nA,007,1.5\nB,12,0\n"))
        assert sheet["pmid"].tolist() == ["007", "12"]
        assert sheet["hours"].tolist() == [1.5, 0]
        assert lint(sheet)["message"].tolist() == [
            "numbers with leading zeros are kept as text, as identifiers are, in 'pmid'"
        ]

    def test_decimal_is_an_option(self, write):
        assert message(OptionError, write(HEADER + GRANT), decimal="'") == (
            "decimal must be one of '.', ','; got \"'\"."
        )

    def test_decimal_comma_is_not_guessed(self, write):
        assert message(DataError, write("study;mean_t\nA;1,5\n")) == (
            "trials.csv: mean_t must be a number (if the comma is a decimal mark, read the sheet "
            "with decimal=','); got '1,5' for study 'A' (line 2). Correct the sheet and read it "
            "again."
        )


class TestCells:
    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ("Grant,98,0,65,92,22,65", "sd_t must be > 0; got 0.0"),
            ("Grant,98,21,65,92,-2,65", "sd_c must be > 0; got -2.0"),
            ("Grant,98,21,0,92,22,65", "n_t must be at least 1; got 0.0"),
            ("Grant,98,21,65,92,22,-6", "n_c must be at least 1; got -6.0"),
            ("Grant,high,21,65,92,22,65", "mean_t must be a number; got 'high'"),
            ("Grant,inf,21,65,92,22,65", "mean_t must be a number; got 'inf'"),
        ],
    )
    def test_one_problem(self, write, row, said):
        assert message(DataError, write(HEADER + row + "\n")) == (
            f"trials.csv: {said} for study 'Grant' (line 2). Correct the sheet and read it again."
        )

    def test_more_events_than_people(self, write):
        path = write("study,events_t,n_t\nA,11,10\nB,-1,10\n")
        assert message(DataError, path) == (
            "trials.csv: 2 problems\n"
            "  - events_t must not exceed n_t; got 11.0 for study 'A' (line 2)\n"
            "  - events_t must be 0 or more; got -1.0 for study 'B' (line 3)\n"
            "Correct the sheet and read it again."
        )

    def test_events_over_time_may_exceed_people(self, write):
        sheet = read_extraction(write("study,events_t,n_t,time_t\nA,11,10,20\n"))
        assert sheet["events_t"].tolist() == [11.0]

    def test_events_of_one_group_over_time_may_exceed_people(self, write):
        sheet = read_extraction(write("study,events,n,person_time\nA,11,10,20\n"))
        assert sheet["events"].tolist() == [11.0]

    def test_correlation_within_bounds(self, write):
        assert "r must lie strictly between -1 and 1; got 1.2 for study 'A' (line 2)" in message(
            DataError, write("study,r,n\nA,1.2,20\n")
        )

    def test_all_problems_in_the_order_of_the_rows(self, write):
        path = write(HEADER + "Grant,98,0,65,x,22,65\n" + "Peck,98,28,0,88,26,40\n" + PECK)
        assert message(DataError, path) == (
            "trials.csv: 4 problems\n"
            "  - mean_c must be a number; got 'x' for study 'Grant' (line 2)\n"
            "  - sd_t must be > 0; got 0.0 for study 'Grant' (line 2)\n"
            "  - n_t must be at least 1; got 0.0 for study 'Peck' (line 3)\n"
            "  - a study label must occur in one row only, or a column 'outcome', 'timepoint', "
            "'comparison' or 'subgroup' must distinguish the rows; repeated for study 'Peck' "
            "(line 4)\n"
            "Correct the sheet and read it again."
        )

    def test_many_equal_problems_are_one_with_a_count(self, write):
        rows = "".join(f"S{row},0,{-(row == 3)}\n" for row in range(45))
        assert message(DataError, write("study,sd_t,events_t\n" + rows)) == (
            "trials.csv: 46 problems of 2 kinds\n"
            "  - sd_t must be > 0; got 0.0 for study 'S0' (line 2); and likewise in 44 other rows\n"
            "  - events_t must be 0 or more; got -1.0 for study 'S3' (line 5)\n"
            "Correct the sheet and read it again."
        )

    def test_a_very_long_list_is_cut(self, write):
        rows = "".join(f"S{row},rule-{row}\n" for row in range(45))
        with pytest.raises(DataError) as error:
            lint(write("study,waived\n" + rows))
        assert str(error.value).count("\n") == 42
        assert "  - and 5 more\n" in str(error.value)

    def test_many_decimal_commas_are_one_problem_and_come_first(self, write):
        rows = "".join(f"S{row};1,5;2,5;{'x' if row == 1 else 9}\n" for row in range(210))
        assert message(DataError, write("study;mean_t;sd_t;n_t\n" + rows)) == (
            "trials.csv: 2 problems\n"
            "  - 420 cells in 2 columns have a comma (if the comma is a decimal mark, read the "
            "sheet with decimal=','); the first: mean_t must be a number; got '1,5' for study 'S0' "
            "(line 2)\n"
            "  - n_t must be a number; got 'x' for study 'S1' (line 3)\n"
            "Correct the sheet and read it again."
        )

    def test_tables_in_memory_have_no_lines(self):
        table = pd.DataFrame({"study": ["Grant"], "sd_t": [0.0]})
        assert message(DataError, table) == (
            "sd_t must be > 0; got 0.0 for study 'Grant'. Correct the sheet and read it again."
        )


class TestRepeatedStudies:
    def test_outcomes_tell_rows_apart(self, write):
        sheet = read_extraction(write("study,outcome\nA,cost\nA,mortality\n"))
        assert len(sheet) == 2

    def test_same_study_and_outcome(self, write):
        assert message(DataError, write("study,outcome,window\nA,cost,short\nA,cost,short\n")) == (
            "trials.csv: rows of one study must differ in outcome or window; repeated for study "
            "'A' (line 3). Correct the sheet and read it again."
        )


class TestSheetsAsTheyCome:
    """What reviewers' spreadsheets hold besides plain numbers."""

    @pytest.mark.parametrize("blank", ["n.r.", "N.A.", "n/r", "—"])
    def test_ways_to_say_not_reported(self, write, blank):
        sheet = read_extraction(write(f"study,mean_t\nA,{blank}\nB,1\n"))
        np.testing.assert_array_equal(sheet["mean_t"], [np.nan, 1.0])

    @pytest.mark.parametrize(
        ("cell", "advice"),
        [
            ("1,040", "if the comma is a decimal mark, read the sheet with decimal=','; if it "),
            ("1,040.5", "remove the thousands separators"),
            ("1 040", "remove the thousands separators"),
            ("1'040", "remove the thousands separators"),
            ("12.5 %", "write the number without the percent sign"),
            ("2024-05-12", "a date; look the number up in the paper"),
            ("12-May", "a date; look the number up in the paper"),
            ("12. Mai", "a date; look the number up in the paper"),
            ("?", "where nothing is reported, leave the cell blank"),
        ],
    )
    def test_what_to_do_about_a_cell(self, write, cell, advice):
        told = message(DataError, write(f'study,mean_t\nA,"{cell}"\n'))
        assert f"mean_t must be a number ({advice}" in told
        assert told.count(repr(cell)) == 1

    def test_a_thousand_is_not_read_as_one(self, write):
        path = write("study;mean_t;n_t\nA;1.212;1.040\nB;0.212;40\nC;12.5;40\n")
        assert message(DataError, path, decimal=",") == (
            "trials.csv: 2 problems\n"
            "  - mean_t must be a number (remove the thousands separators); got '1.212' "
            "for study 'A' (line 2)\n"
            "  - n_t must be a number (remove the thousands separators); got '1.040' for "
            "study 'A' (line 2)\n"
            "Correct the sheet and read it again."
        )

    def test_numbers_of_a_workbook_beside_typed_commas(self, tmp_path):
        book = openpyxl.Workbook()
        for row in (["study", "mean_t"], ["A", "1,5"], ["B", 1.125]):
            book.active.append(row)
        book.save(tmp_path / "trials.xlsx")
        sheet = read_extraction(tmp_path / "trials.xlsx", decimal=",")
        assert sheet["mean_t"].tolist() == [1.5, 1.125]

    def test_a_cell_that_shows_percent_is_read_as_it_shows(self, tmp_path):
        book = openpyxl.Workbook()
        for row in (["study", "percent_t", "n_t", "icc"], ["A", 0.07, 100, 0.05], ["B", 7, 100]):
            book.active.append(row)
        for cell in ("B2", "D2"):
            book.active[cell].number_format = "0%"
        book.save(tmp_path / "trials.xlsx")
        sheet = read_extraction(tmp_path / "trials.xlsx")
        assert sheet["percent_t"].tolist() == [7.0, 7.0]
        assert sheet.loc[0, "icc"] == 0.05

    def test_a_share_is_no_percentage(self, write):
        path = write("study,percent_t,n_t\nA,0.25,40\nB,0,40\nC,0.25,400\n")
        assert message(DataError, path) == (
            "trials.csv: percent_t of n_t must be at least one person (enter a proportion of 0.25 "
            "as 25); got 0.25 for study 'A' (line 2). Correct the sheet and read it again."
        )

    def test_headings_that_would_be_passed_over(self, write):
        path = write("Study,Mean_T (mmHg),SD t,Direction,N,Notes2\nA,1,2,lower,3,x\n")
        assert message(DataError, path) == (
            "trials.csv: a column is recognised by its exact name; rename 'Study' to 'study', "
            "'Mean_T (mmHg)' to 'mean_t', 'SD t' to 'sd_t', 'Direction' to 'direction'."
        )

    def test_a_second_spelling_beside_the_name_is_the_users_own(self, write):
        sheet = read_extraction(write("study,Study,n_t\nA,one,30\n"))
        assert sheet["Study"].tolist() == ["one"]

    def test_what_keeps_a_label_harmless_is_taken_off(self, write):
        sheet = read_extraction(write("study,mean_t\n'-Vale 2015,'-1.5\n'quoted',2\n"))
        assert sheet["study"].tolist() == ["-Vale 2015", "'quoted'"]
        assert sheet["mean_t"].tolist() == [-1.5, 2.0]

    @pytest.mark.parametrize("claimed", ["A1:C3", "A1:A9", "A1:XFD1048576"])
    def test_a_claimed_size_drops_no_study(self, write, claimed):
        held = book(
            lambda part: re.sub(rb'ref="[^"]*"', f'ref="{claimed}"'.encode(), part, count=1)
        )
        sheet = read_extraction(write(held, "trials.xlsx"))
        assert sheet["study"].tolist() == ["A", "B", "C"]

    def test_hidden_things_of_a_workbook_are_findings(self, tmp_path):
        made = openpyxl.Workbook()
        made.active.title = "old"
        made.active.sheet_state = "hidden"
        now = made.create_sheet("now")
        for row in (["study", "yi", "vi"], ["A", 0.1, 0.04], ["B", 0.3, 0.05]):
            now.append(row)
        now.row_dimensions[3].hidden = True
        made.active = 1
        made.save(tmp_path / "trials.xlsx")
        sheet = read_extraction(tmp_path / "trials.xlsx")
        assert sheet["study"].tolist() == ["A", "B"]
        assert sheet.attrs["remarks"] == (
            "rows that are hidden in the workbook, perhaps by a filter, were read: 3",
            "the sheet 'now' was read; not read: 'old' (hidden)",
        )
        findings = lint(sheet)
        assert (
            findings[["rule", "severity", "study"]].to_numpy().tolist()
            == [["file", "note", ""]] * 2
        )
        assert findings["message"].tolist() == list(sheet.attrs["remarks"])
        assert lint(tmp_path / "trials.xlsx").equals(findings)

    def test_a_guessed_encoding_is_a_finding(self, write):
        sheet = read_extraction(write("study,mean_t\nBéland,1\n".encode("cp1252")))
        (remark,) = sheet.attrs["remarks"]
        assert remark.startswith("line 2 is not UTF-8 text; the file was read as Windows-1252.")

    def test_merged_studies_are_refused(self, workbook):
        path = workbook([["study", "outcome"], ["A", "cost"], [None, "mortality"]])
        made = openpyxl.load_workbook(path)
        made.active.merge_cells("A2:A3")
        made.save(path)
        assert message(DataError, path) == (
            "trials.xlsx, cells A2:A3 are merged, so that all but the first are blank. Unmerge "
            "them and fill in each."
        )

    def test_a_text_table_has_no_worksheets(self, write):
        assert message(DataError, write(HEADER + GRANT), worksheet="arms") == (
            "trials.csv: only an .xlsx file has worksheets; name none."
        )
