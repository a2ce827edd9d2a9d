"""How far findings apply elsewhere: judgements out to a sheet, back in, shown and drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree as ET

import pytest

from arrowroot.tables import read_table
from logicmodels import Applicability, FileError, LogicModel, OptionError, SpecError
from logicmodels.questions.applicability import DOMAINS, JUDGEMENTS, SIGNS
from logicmodels.source.schema import ApplicabilitySpec

SPEC = """\
spec_version: 1
profile: theory-of-change
title: Home visits (invented, to try judgements)
nodes:
  - {id: a1, column: activities, label: Home visits}
  - {id: o1, column: outcomes, label: Earlier reporting}
  - {id: i1, column: impact, label: Better health}
links:
  - from: a1
    to: o1
    evidence:
      - {outcome: reporting, direction: supports, k: 3, citation: Invented 2020}
    applicability:
      - target: a rural practice
        domain: population
        judgement: no important difference
        reason: the trials were of patients of the same age
        finding: reporting
        by: AB
        date: "2026-05"
  - {from: o1, to: i1}
"""
MODEL = LogicModel.from_text(SPEC)
ROW = {
    "part": "o1 -> i1",
    "target": "a rural practice",
    "domain": "resources",
    "judgement": "important difference",
    "reason": "no nurse can be had",
}


def judged(*rows: dict[str, str]) -> LogicModel:
    return MODEL.with_applicability([ROW | row for row in rows])


def text_of(html: str) -> list[list[str]]:
    """Return the text of a table's cells by row."""
    rows = ET.fromstring(html).iter("tr")
    return [["".join(cell.itertext()) for cell in row] for row in rows]


def test_the_words_are_the_same_in_the_schema_the_table_and_the_figure() -> None:
    fields = ApplicabilitySpec.model_fields
    assert get_args(fields["domain"].annotation) == tuple(DOMAINS)
    assert get_args(fields["judgement"].annotation) == JUDGEMENTS == tuple(SIGNS)


def test_a_specification_holds_judgements() -> None:
    (one,) = MODEL.links[0].applicability
    assert one == Applicability(
        target="a rural practice",
        domain="population",
        judgement="no important difference",
        reason="the trials were of patients of the same age",
        finding="reporting",
        by="AB",
        date="2026-05",
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("domain: population", "domain: people", "line 15, column 17: domain must be"),
        ("no important difference", "likely", "line 16, column 20: judgement must be"),
        ("reason: the", "raeson: the", "line 17, column 9: unknown key 'raeson'; did you mean"),
        ("reason: the", "raeson: the", "line 14, column 9: the key 'reason' is missing"),
        ("target: a rural practice", 'target: ""', "line 14, column 17: target must not be empty"),
    ],
)
def test_a_wrong_judgement_is_refused_where_it_stands(old: str, new: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        LogicModel.from_text(SPEC.replace(old, new, 1))


def test_judgements_leave_the_locked_model_as_it_was() -> None:
    bare = [replace(link, applicability=()) for link in MODEL.links]
    assert replace(MODEL, links=tuple(bare)).fingerprint == MODEL.fingerprint


def test_a_table_puts_judgements_on_boxes_and_arrows() -> None:
    model = judged({}, {"part": "a1", "judgement": " Unclear "}, {"part": "o1→i1", "by": "CD"})
    assert [one.judgement for one in model.nodes[0].applicability] == ["unclear"]
    assert [one.by for one in model.links[1].applicability] == ["", "CD"]
    assert model.links[0] == MODEL.links[0]
    assert judged({}, {}).links == judged({}).links, "the same judgement counts once"


def test_what_was_judged_comes_back_from_its_own_rows() -> None:
    model = judged({}, {"part": "a1"})
    bare = LogicModel.from_text(SPEC.split("    applicability:")[0] + "  - {from: o1, to: i1}\n")
    assert bare.with_applicability(model.applicability().to_records()) == model


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ({"part": "a1 -> i1"}, 1, "the model has no box or arrow 'a1 -> i1'"),
        ({"target": ""}, 2, "target must not be empty"),
        ({"domain": "money"}, 3, "domain must be one of 'population', 'setting', 'resources'"),
        ({"judgement": "yes"}, 4, "judgement must be one of 'no important difference'"),
        ({"judgement": ""}, 4, "judgement must be one of"),
        ({"reason": ""}, 5, "a judgement needs a reason"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(
    row: dict[str, str], column: int, message: str
) -> None:
    with pytest.raises(SpecError) as raised:
        judged({}, row)
    (problem,) = raised.value.problems
    assert (problem.line, problem.column) == (3, column)
    assert message in problem.message


def test_every_problem_of_a_table_is_told_at_once() -> None:
    with pytest.raises(SpecError) as raised:
        judged({"part": "zz", "reason": ""}, {"domain": "?"})
    assert [problem.line for problem in raised.value.problems] == [2, 2, 3]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"part": "a1", "score": "3"}], "line 1, column 2: no column 'score'; there are part"),
        ([{"part": "a1"}], "line 1, column 1: the column 'target' is missing"),
        ([], "the column 'part' is missing"),
        ("x", r"tables end in \.csv, \.tsv, \.txt or \.xlsx"),
    ],
)
def test_a_table_of_other_columns_is_refused(rows: Any, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        MODEL.with_applicability(rows)


def test_a_table_with_more_cells_than_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(f"{','.join(ROW)}\n{','.join(ROW.values())},over\n", encoding="utf-8")
    with pytest.raises(SpecError, match=r"sheet\.csv: 1 problem\n  line 2, column 6: more cells"):
        MODEL.with_applicability(path)


def test_a_row_that_ends_early_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(f"{','.join(ROW)}\na1\n\n", encoding="utf-8")
    assert MODEL.with_applicability(path) == MODEL


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_empty_sheet_asks_every_question_and_adds_nothing(tmp_path: Path, kind: str) -> None:
    places = ["a rural practice", "a city, with a comma"]
    path = MODEL.applicability_sheet(tmp_path / f"sheet.{kind}", targets=places)
    sent = read_table(path, sheet="applicability" if kind == "xlsx" else None)
    header, rows = sent.header, sent.rows
    assert header[:6] == ["part", "says", "finding", "target", "domain", "question"]
    assert [row[2:5] for row in rows] == [
        ["reporting", place, domain] for place in places for domain in DOMAINS
    ]
    assert {row[0] for row in rows} == {"a1 -> o1"}, "only this arrow has evidence to apply"
    assert [row[5] for row in rows[:4]] == list(DOMAINS.values())
    assert {cell for row in rows for cell in row[6:]} <= {""}
    assert MODEL.with_applicability(path) == MODEL


def test_without_evidence_every_arrow_is_asked_about(tmp_path: Path) -> None:
    bare = replace(MODEL, links=tuple(replace(link, evidence=()) for link in MODEL.links))
    path = bare.applicability_sheet(tmp_path / "sheet.csv", targets="here")
    assert {row[0] for row in read_table(path).rows} == {"a1 -> o1", "o1 -> i1"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_sheet_that_was_filled_in_comes_back(tmp_path: Path, kind: str) -> None:
    from openpyxl import load_workbook

    place = "=1+1 | '-x"
    path = MODEL.applicability_sheet(tmp_path / f"sheet.{kind}", targets=place)
    if kind == "csv":
        text = path.read_text("utf-8-sig")
        assert ",'=1+1 | '-x," in text
        path.write_text(text.replace(",,,,", ",unclear,-not told,,", 1), encoding="utf-8")
    else:
        book = load_workbook(path)
        sheet = book["applicability"]
        assert sheet["D2"].value == "'=1+1 | '-x"
        assert sheet["D2"].data_type == "s"
        sheet["G2"], sheet["H2"] = "unclear", "not told"
        book.save(path)
    read = MODEL.with_applicability(path).links[0].applicability
    assert len(read) == 2
    assert (read[1].target, read[1].judgement) == (place, "unclear")
    assert read[1].reason.removeprefix("-") == "not told"


def test_an_xlsx_sheet_offers_the_three_judgements(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = MODEL.applicability_sheet(tmp_path / "sheet.xlsx", targets="here")
    (offered,) = load_workbook(path)["applicability"].data_validations.dataValidation
    assert offered.formula1 == f'"{",".join(JUDGEMENTS)}"'
    assert str(offered.sqref) == "G2:G5"


def test_a_sheet_needs_a_place_and_a_known_format(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="targets: name the place"):
        MODEL.applicability_sheet(tmp_path / "sheet.csv", targets=[])
    with pytest.raises(OptionError, match="targets: name the place"):
        MODEL.applicability_sheet(tmp_path / "sheet.csv", targets=["here", " "])
    with pytest.raises(
        OptionError, match=r"the name must end in \.csv or \.xlsx; got 'sheet\.ods'"
    ):
        MODEL.applicability_sheet(tmp_path / "sheet.ods", targets="here")
    with pytest.raises(FileError, match="there is no folder"):
        MODEL.applicability_sheet(tmp_path / "none" / "sheet.csv", targets="here")


def test_the_table_has_a_row_a_finding_and_a_column_a_respect() -> None:
    table = judged({}, {"part": "a1", "by": "CD"}).applicability()
    unjudged = ["not judged"] * 2
    assert len(table) == 3
    assert text_of(table._repr_html_()) == [
        ["finding", "population", "setting", "resources", "system"],
        ["Home visits", *unjudged, "important difference: no nurse can be had (CD)", "not judged"],
        [
            "Home visits → Earlier reporting (reporting)",
            "no important difference: the trials were of patients of the same age (AB, 2026-05)",
            *["not judged"] * 3,
        ],
        [
            "Earlier reporting → Better health",
            *unjudged,
            "important difference: no nurse can be had",
            "not judged",
        ],
    ]
    assert str(table).splitlines() == [
        "Home visits (invented, to try judgements): 3 judgements of applicability",
        "  Home visits: for a rural practice: resources important difference (no nurse can be had)",
        "  Home visits → Earlier reporting: reporting, for a rural practice: population no"
        " important difference (the trials were of patients of the same age)",
        "  Earlier reporting → Better health: for a rural practice: resources important difference"
        " (no nurse can be had)",
    ]


def test_two_judgements_of_one_question_stand_in_one_cell_and_two_places_in_two_tables() -> None:
    table = judged({}, {"judgement": "unclear", "reason": "who knows"}, {"target": "a city"})
    html = table.applicability()._repr_html_()
    first = "<li><b>important difference</b>: no nurse can be had</li>"
    assert f"{first}<li><b>unclear</b>: who knows</li>" in html
    assert html.count("<caption") == 2
    assert "how far the findings apply to a city" in html


def test_the_table_can_be_heard() -> None:
    root = ET.fromstring(judged({}).applicability()._repr_html_())
    assert [one.get("scope") for one in root.iter("th")] == ["col"] * 5 + ["row"] * 2
    assert root.find("caption") is not None


def test_a_model_without_judgements_says_so() -> None:
    bare = replace(MODEL, links=())
    assert bare.applicability()._repr_html_() == (
        "<p>Home visits (invented, to try judgements): 0 judgements of applicability</p>"
    )
    drawn = bare.draw(view="applicability")
    assert "There are no judgements yet." in drawn.dot


def test_markup_in_a_judgement_is_inert() -> None:
    model = judged({"target": "<b>x</b>", "reason": "<script>alert(1)</script>"})
    assert "<script" not in model.applicability()._repr_html_()
    assert "<script" not in model.describe()._repr_html_()
    assert "<script" not in model.draw(view="applicability").svg


def test_the_description_says_how_far_findings_hold() -> None:
    assert str(judged({"part": "a1"}).describe()).endswith(
        """
How far the findings apply elsewhere
- Home visits: for a rural practice: resources important difference (no nurse can be had).
- Home visits → Earlier reporting: reporting, for a rural practice: population no important \
difference (the trials were of patients of the same age)."""
    )
    bare = replace(MODEL, links=())
    assert "elsewhere" not in str(bare.describe())
    assert "elsewhere" not in bare.describe()._repr_html_()


def test_the_view_marks_what_was_judged_and_nothing_else() -> None:
    model = judged({"part": "a1"}, {"part": "a1", "judgement": "unclear", "reason": "not told"})
    drawn = model.draw(view="applicability")
    root = ET.fromstring(drawn.svg)
    texts = ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert [text for text in texts if text in ("1 ≠?", "2 ≈")] == ["2 ≈", "1 ≠?"]
    assert any("1 Home visits: for a rural practice: resources important" in one for one in texts)
    assert any(one.startswith("Key: ≈ no important difference, ≠ important") for one in texts)
    assert "badge_1" not in drawn.dot
    assert "How far" not in model.draw().dot


def test_the_marks_can_be_heard() -> None:
    svg = judged({}).draw(view="applicability").svg
    titles = [one.text for one in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}title")]
    sentence = "Earlier reporting leads to Better health; how far it applies elsewhere: important"
    assert f"{sentence} difference." in titles


def test_a_new_judgement_is_a_change_between_versions() -> None:
    (one, other) = judged({}, {"part": "a1", "judgement": "unclear"}).diff(MODEL)
    assert (one.kind, one.where) == ("changed", "node a1")
    assert one.words == (
        "applicability: nothing → “for a rural practice: resources unclear (no nurse can be had)”"
    )
    assert (other.kind, other.where) == ("changed", "link o1 -> i1")
