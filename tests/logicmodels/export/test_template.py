"""A model to begin with: valid in every profile, the same as text and as workbook, never lost."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from logicmodels import EvidenceError, FileError, LogicModel, OptionError, SpecError
from logicmodels.profiles.registry import PROFILES
from logicmodels.source.from_tables import COLUMNS, HEAD


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def filled(sheet: str, *rows: list[object], path: str = "model.xlsx") -> None:
    """Fill in rows beneath those of a template, as a spreadsheet program would."""
    book = load_workbook(path)
    for row in rows:
        book[sheet].append(row)
    book.save(path)


@pytest.mark.parametrize("profile", PROFILES)
def test_text_and_workbook_are_the_same_valid_model(profile: str) -> None:
    text = LogicModel.template("model.yaml", profile=profile)
    book = LogicModel.template("model.xlsx", profile=profile)
    model = LogicModel.read(text)
    assert model.profile.id == profile
    assert {node.column for node in model.nodes} == {c.id for c in PROFILES[profile].flow}
    assert model.check().ok
    assert replace(model, description="") == LogicModel.from_tables(book)
    assert model.draw().png.startswith(b"\x89PNG")


def test_the_text_names_itself_and_every_column() -> None:
    text = LogicModel.template("ours.yaml", profile="wisconsin").read_text("utf-8")
    assert "LogicModel.read('ours.yaml').draw()" in text
    assert all(column.id in text for column in PROFILES["wisconsin"].columns)
    assert all(len(line) <= 110 for line in text.splitlines())
    for key in (*COLUMNS["nodes"], *COLUMNS["links"][:4], *HEAD):
        assert re.search(rf"\b{key}\b", text), key


def test_the_sheets_have_lists_and_notes() -> None:
    book = load_workbook(LogicModel.template("model.xlsx", profile="results-chain"))
    assert book.sheetnames == ["nodes", "links", "evidence", "columns", "model"]
    lists = {
        book[sheet][f"{str(rule.sqref)[0]}1"].value: rule.formula1
        for sheet in book.sheetnames
        for rule in book[sheet].data_validations.dataValidation
    }
    assert lists["column"] == '"inputs,activities,outputs,outcomes,impact,assumptions,risks"'
    assert lists["from"] == lists["target"] == "nodes!$A$2:$A$201"
    assert lists["harm"] == lists["mutual"] == '"yes,no"'
    assert lists["certainty"] == '"high,moderate,low,very low"'
    assert lists["profile"].count(",") == len(PROFILES) - 1
    for page in book.worksheets:
        assert all(cell.comment is not None and len(cell.comment.text) > 5 for cell in page[1])


def test_what_people_fill_in_comes_back() -> None:
    LogicModel.template("model.xlsx")
    filled("nodes", ["w", "outcomes", "Falls at home", None, "patients", 2027, "a; b", "yes"])
    filled("links", ["activities1", "w", None, None, "contributory"])
    claim = ["activities1", "w", "falls", None, 0.8, 0.6, 1.1, "RR", 3, 900, None, "not stated"]
    filled("evidence", claim)
    model = LogicModel.from_tables("model.xlsx", title="Ours")
    node = model.node("w")
    assert (node.harm, node.by, node.indicators) == (True, "2027", ("a", "b"))
    assert model.title == "Ours"
    (found,) = model.links[-1].evidence
    assert (found.estimate, found.ci_high, found.k, found.direction) == (0.8, 1.1, 3, "not stated")
    assert model.remarks == ()


def test_a_workbook_of_a_model_comes_back_with_its_title() -> None:
    model = LogicModel.example("hudson2015")
    model.to_tables().save("model.xlsx")
    assert LogicModel.from_tables("model.xlsx") == model


@pytest.mark.parametrize("name", ["model.yaml", "model.yml", "model.xlsx"])
def test_a_file_that_exists_is_left_as_it_is(name: str) -> None:
    Path(name).write_text("mine", "utf-8")
    with pytest.raises(FileError, match=f"{name}: this file exists already"):
        LogicModel.template(name)
    assert Path(name).read_text("utf-8") == "mine"


def test_what_cannot_be_made_is_refused() -> None:
    with pytest.raises(OptionError, match=r"must end in \.yaml .* or \.xlsx .*; got 'model.txt'"):
        LogicModel.template("model.txt")
    with pytest.raises(OptionError, match="wisconsin"):
        LogicModel.template("model.yaml", profile="wisconson")
    with pytest.raises(FileError):
        LogicModel.template("nowhere/model.yaml")
    assert list(Path().iterdir()) == []


def test_a_workbook_that_lacks_something_is_told_what() -> None:
    LogicModel.template("model.xlsx")
    book = load_workbook("model.xlsx")
    del book["links"]
    book.save("no_links.xlsx")
    with pytest.raises(SpecError, match="there is no sheet 'links'"):
        LogicModel.from_tables("no_links.xlsx")
    book = load_workbook("model.xlsx")
    del book["model"]
    book.save("no_head.xlsx")
    with pytest.raises(SpecError, match=r"profile and title must be given: in the sheet 'model'"):
        LogicModel.from_tables("no_head.xlsx")
    model = LogicModel.from_tables("no_head.xlsx", profile="theory-of-change", title="T")
    assert model.title == "T"
    with pytest.raises(OptionError, match=r"give two tables, .* or one \.xlsx workbook"):
        LogicModel.from_tables([{"id": "a"}])
    with pytest.raises(OptionError, match="title must be given"):
        LogicModel.from_tables("model.xlsx", "model.xlsx", profile="theory-of-change")


def test_problems_of_the_sheets_say_where() -> None:
    LogicModel.template("model.xlsx")
    filled("model", ["components", "Another"])
    with pytest.raises(SpecError, match=r"line 3, column 1: model: only one row of values"):
        LogicModel.from_tables("model.xlsx")
    Path("model.xlsx").unlink()
    LogicModel.template("model.xlsx")
    book = load_workbook("model.xlsx")
    book["model"]["B1"] = "titel"
    book.save("model.xlsx")
    with pytest.raises(SpecError, match=r"model: no column 'titel'; did you mean 'title'\?"):
        LogicModel.from_tables("model.xlsx")
    Path("model.xlsx").unlink()
    LogicModel.template("model.xlsx")
    filled("evidence", ["activities1", "impact1"])
    with pytest.raises(EvidenceError, match=r"model.xlsx, sheet 'evidence' \(row 1 is the first"):
        LogicModel.from_tables("model.xlsx")
