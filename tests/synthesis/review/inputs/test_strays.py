from __future__ import annotations

from pathlib import Path

import pytest

from synthesis.review.review import Review


def placed(folder: Path) -> list[str]:
    return [str(one) for one in Review(folder).check() if one.rule == "place"]


@pytest.mark.parametrize("name", ["search", "screening", "text", "risk_of_bias", "build"])
def test_a_file_where_a_folder_belongs_is_an_error(make, name: str) -> None:
    folder = make()
    (folder / name).write_text("x", "utf-8")
    (found,) = placed(folder)
    assert found.startswith(f"{name}: error: {name} is a file; it must be the folder of ")


@pytest.mark.parametrize(
    "name",
    [
        *("extraction.xlsx", "studies.csv", "studies.xlsx", "risk_of_bias.csv", "certainty.xlsx"),
        *("logic_model.yaml", "search/flow.csv", "screening/duplicates.csv"),
    ],
)
def test_a_folder_where_a_file_belongs_is_an_error(make, name: str) -> None:
    folder = make()
    (folder / name).mkdir(parents=True)
    (found,) = placed(folder)
    assert found.startswith(f"{name}: error: {name} is a folder; it must be a file")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Studies.tsv", "Save it as studies.xlsx"),
        ("risk-of-bias.csv", "Rename it risk_of_bias.csv"),
        ("Certainty.ods", "Save it as certainty.xlsx"),
        ("logic model.yml", "Rename it logic_model.yaml"),
        ("extraction.xls", "warning: extraction.xls is not read: extraction.csv would be"),
    ],
)
def test_a_name_that_is_nearly_right_is_pointed_out(make, name: str, says: str) -> None:
    folder = make()
    (folder / name).write_text("x", "utf-8")
    (found,) = placed(folder)
    assert says in found


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("text/discussion.docx", "warning"),
        ("screening/ann.txt", "warning"),
        ("risk_of_bias/ann.ods", "warning"),
        ("risk_of_bias/rob2/ann.ods", "warning"),
        ("search/old/first.ris", "note"),
        ("text/drafts/one.md", "note"),
    ],
)
def test_what_a_folder_does_not_read_is_said(make, name: str, severity: str) -> None:
    folder = make(**{name.replace("/", "__"): "x"})
    (found,) = placed(folder)
    assert f": {severity}: " in found
    assert "not read" in found


def test_files_of_other_kinds_and_of_open_programs_are_left_alone(make) -> None:
    folder = make(
        **{
            "~$extraction.xlsx": "x",
            ".~lock.studies.csv#": "x",
            "protocol.docx": "x",
            "text__README.md": "x",
            "screening__README.md": "x",
            "text__~$summary.md": "x",
            "notes.txt": "x",
        }
    )
    assert placed(folder) == []
