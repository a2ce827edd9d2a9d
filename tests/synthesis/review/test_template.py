from __future__ import annotations

from pathlib import Path

import pytest

from arrowroot.errors import FileError, OptionError
from arrowroot.sheets import LONGEST_LIST
from arrowroot.tables import read_table
from synthesis.effects.blank_sheet import sheets_for
from synthesis.review.review import Review
from synthesis.review.template import new_review


def validations(path: Path) -> dict[str, str]:
    from openpyxl import load_workbook

    page = load_workbook(path).worksheets[0]
    headings = {cell.column_letter: cell.value for cell in page[1]}
    return {
        headings[str(one.sqref).split(":")[0].rstrip("0123456789")]: one.formula1
        for one in page.data_validations.dataValidation
    }


def test_templates_know_the_outcomes(tmp_path: Path) -> None:
    made = new_review(tmp_path / "mine")
    assert made[0].name == "review.yaml"
    lists = validations(tmp_path / "mine" / "extraction.xlsx")
    assert lists["outcome"] == '"satisfaction"'
    assert lists["comparison"] == '"care"'
    assert lists["window"] == '"short,long"'
    assert lists["direction"] == '"higher,lower"'
    review = Review(tmp_path / "mine")
    assert [one.rule for one in review.check().errors()] == ["extraction"]
    assert [one.is_blank for one in review.prose] == [True] * 4


def test_what_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    new_review(folder)
    (folder / "extraction.xlsx").unlink()
    text = (folder / "review.yaml").read_text("utf-8").replace("id: satisfaction", "id: pain")
    (folder / "review.yaml").write_text(text, "utf-8")
    made = [path.name for path in new_review(folder)]
    assert made == ["extraction.xlsx", "risk_of_bias.xlsx"]  # still blank, with other outcomes
    assert validations(folder / "extraction.xlsx")["outcome"] == '"pain"'
    assert (folder / "review.yaml").read_text("utf-8") == text
    assert new_review(folder) == []


def test_screening_sheets_are_written_once_there_are_exports(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    new_review(folder)
    (folder / "search" / "a.csv").write_text("record_id,type,title,year\nr1,article,T,2001\n")
    (made,) = new_review(folder)
    assert made == folder / "screening" / "title_abstract_Your_name.csv"
    assert Review(folder).status().to_screen == 1
    assert new_review(folder) == []


def test_the_example_is_a_review_with_numbers_in_its_cells(example: Path) -> None:
    from openpyxl import load_workbook

    page = load_workbook(example / "extraction.xlsx").worksheets[0]
    assert page["F2"].value == 128
    assert validations(example / "extraction.xlsx")["outcome"] == '"runny-nose,sneezing"'
    assert read_table(example / "studies.xlsx").header[0] == "study"
    assert "were made for this example" in (example / "review.yaml").read_text("utf-8")


@pytest.mark.parametrize("name", ["review.yaml", "sheet.xlsx"])
def test_a_review_is_a_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(OptionError, match="a review is a folder"):
        new_review(tmp_path / name)


def test_nothing_is_made_among_other_files(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("x")
    with pytest.raises(FileError, match=r"holds 'thesis.docx' and no review.yaml"):
        new_review(tmp_path)
    with pytest.raises(FileError, match="is not empty"):
        new_review(tmp_path, example="example")
    with pytest.raises(OptionError, match="must be"):
        new_review(tmp_path / "x", example="cochrane")


def test_a_list_too_long_for_a_cell_is_in_the_note() -> None:
    names = [f"an-outcome-with-a-long-name-{at}" for at in range(20)]
    sheet, _ = sheets_for(["outcome"], {"outcome": names})
    assert len(",".join(names)) > LONGEST_LIST
    assert sheet.columns[0].choices == ()
    assert names[-1] in sheet.columns[0].note


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("nowhere", "Begin a review with  arrowroot new"),
        ("file", "a review is a folder; this is a file"),
        ("empty", "it holds no review.yaml"),
        ("mine/review.yaml", "a review is named by its folder"),
    ],
)
def test_what_is_no_review_is_answered_in_words(tmp_path: Path, path: str, says: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    new_review(tmp_path / "mine")
    with pytest.raises(FileError, match=says):
        Review(tmp_path / path)


@pytest.mark.extras
def test_the_notebook_of_the_folder_runs(tmp_path: Path) -> None:
    from synthesis.report import execute

    folder = tmp_path / "colds"
    new_review(folder, example="example")
    notebook = execute.run(folder / "review.ipynb", seconds=300)
    shown = str([cell.get("outputs") for cell in notebook.cells])
    assert "Antihistamines for the symptoms of a cold" in shown
    assert (folder / "build" / "index.html").is_file()


@pytest.mark.extras
def test_the_board_goes_on_with_the_sheet_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    new_review(folder)
    (folder / "search" / "a.csv").write_text(
        "record_id,type,title,year\nr1,article,One thing,2001\nr2,article,Another,2002\n"
    )
    (sheet,) = new_review(folder)
    text = sheet.read_text("utf-8")
    rows = text.splitlines()
    cells = rows[0].split(",")
    first = rows[1].split(",")
    first[cells.index("decision")] = "include"
    sheet.write_text("\n".join([rows[0], ",".join(first), *rows[2:]]) + "\n", "utf-8")
    assert Review(folder).status().to_screen == 1
    board = Review(folder).screen("your name")
    assert board.decisions().empty
    assert "1" in str(board)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("study,yi,vi\nA,1,1\n")
    folder = tmp_path / "mine"
    new_review(folder)
    (folder / "extraction.xlsx").unlink()
    (folder / "extraction.csv").symlink_to(secret)
    with pytest.raises(FileError, match=r"extraction.csv: is a link that leads out"):
        Review(folder)
