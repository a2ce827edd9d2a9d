from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from arrowroot.errors import DataError, FileError, OptionError
from synthesis import effects
from synthesis.effects.blank_sheet import template_columns
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.sheet.columns import NUMERIC, WORDS
from synthesis.effects.sheet.reading import read_extraction
from synthesis.measures import MEASURES


def test_two_files(tmp_path):
    paths = effects.template(tmp_path)
    assert [path.name for path in paths] == [
        "extraction_template.csv",
        "extraction_template.xlsx",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [path.name for path in paths]
    with paths[0].open(encoding="utf-8-sig", newline="") as file:
        (header,) = csv.reader(file)
    sheet = openpyxl.load_workbook(paths[1])["extraction"]
    assert [cell.value for cell in sheet[1]] == header == template_columns()
    assert all(cell.comment.text for cell in sheet[1])


def test_every_column_is_explained(tmp_path):
    guide = openpyxl.load_workbook(effects.template(tmp_path)[1])["columns"]
    explained = {row[0]: row[1] for row in guide.iter_rows(min_row=2, values_only=True)}
    assert list(explained) == template_columns()
    assert explained["sd_t"] == (
        "Standard deviation, not the standard error, treatment arm. Every cell must be > 0, or is "
        "blank."
    )
    assert set(explained) | {"yi", "vi", "sei"} == set(NUMERIC) | set(WORDS)


def test_lists_and_rules(tmp_path):
    sheet = openpyxl.load_workbook(effects.template(tmp_path)[1])["extraction"]
    letters = {cell.value: cell.column_letter for cell in sheet[1]}
    rules = {
        str(rule.sqref).rstrip("0123456789").split(":")[0].rstrip("0123456789"): rule
        for rule in sheet.data_validations.dataValidation
    }
    assert rules[letters["direction"]].formula1 == '"higher,lower"'
    assert rules[letters["sd_t"]].operator == "greaterThan"
    assert rules[letters["n_t"]].operator == "greaterThanOrEqual"
    assert rules[letters["timepoint_weeks"]].operator == "greaterThanOrEqual"
    # A list longer than 255 characters makes the file unreadable for spreadsheet programs.
    assert all(len(rule.formula1) <= 257 for rule in rules.values())


def test_a_filled_template_is_read(tmp_path):
    path = effects.template(tmp_path)[1]
    book = openpyxl.load_workbook(path)
    sheet = book["extraction"]
    column = {cell.value: cell.column for cell in sheet[1]}
    for name, value in {"study": "Levine", "t": 2.476, "n_t": 149, "n_c": 149}.items():
        sheet.cell(row=2, column=column[name], value=value)
    book.save(path)
    es = effect_sizes(read_extraction(path))
    assert es["route"].tolist() == ["t"]
    assert "remarks" not in read_extraction(path).attrs, "its own guide needs no remark"


def test_an_empty_template_says_what_is_missing(tmp_path):
    for path in effects.template(tmp_path):
        with pytest.raises(DataError) as error:
            read_extraction(path)
        assert str(error.value) == (
            f"{path.name}: the table has column names but no rows; add one row per effect."
        )


@pytest.mark.parametrize("measure", MEASURES)
def test_columns_by_measure_are_a_part_of_all(measure):
    names = template_columns(measure)
    assert set(names) <= set(template_columns())
    assert names[0] == "study"


def test_nothing_is_overwritten(tmp_path):
    effects.template(tmp_path)
    with pytest.raises(FileError) as error:
        effects.template(tmp_path)
    assert str(error.value) == (
        f"extraction_template.csv: already exists in {tmp_path}; move or rename it first."
    )


def test_missing_folder(tmp_path):
    with pytest.raises(FileError, match=r"no folder .*; create it first, or name another"):
        effects.template(tmp_path / "nowhere")


def test_unknown_measure(tmp_path):
    with pytest.raises(OptionError, match="measure must be one of"):
        effects.template(tmp_path, measure="hedges")


def test_a_template_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    def full(draft, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(FileError, match=r"extraction_template\.csv: No space left on device"):
        effects.template(tmp_path)
    assert not list(tmp_path.iterdir())
