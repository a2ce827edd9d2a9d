"""Comment sheets: out, filled in, and back without losing a word. All people here are invented."""

from __future__ import annotations

import csv
import itertools
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree as ET

import pytest

from arrowroot.tables import read_table
from logicmodels import Comment, FileError, LogicModel, OptionError, SpecError
from logicmodels.questions.comments import VIEWS, shown
from logicmodels.questions.comments_returned import Returned
from logicmodels.source.schema import CommentSpec

SPEC = """\
spec_version: 1
profile: theory-of-change
title: Home visits (invented, to try comments)
nodes:
  - {id: a1, column: activities, label: Home visits, items: [by a nurse]}
  - {id: o1, column: outcomes, label: "=Earlier reporting"}
links:
  - from: a1
    to: o1
    because: Patients learn warning signs.
    assumptions: [{text: visits are kept}]
"""
MODEL = LogicModel.from_text(SPEC)
HEADER = ["id", "what the figure says", "agree", "comment", "suggestion"]
HEADER += ["name", "role", "date", "version"]
ARROW = "a1 -> o1"
PERSON = {"name": "B. Example", "role": "nurse", "date": "2026-05-04"}


def filled(
    folder: Path, *answers: dict[str, str], model: LogicModel = MODEL, name: str = "sheet.csv"
) -> Path:
    """Return a sheet as it goes out, with some rows filled in; a row is chosen by its id."""
    path = model.comment_sheet(folder / name)
    sent = read_table(path)
    header = sent.header
    lines = {row[0]: dict(zip(header, row, strict=True)) for row in sent.rows}
    for answer in answers:
        known = lines.setdefault(answer["id"], dict.fromkeys(header, ""))
        lines[answer["id"]] = known | answer
    return table(path, header, [[row[key] for key in header] for row in lines.values()])


def table(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    written = StringIO(newline="")
    csv.writer(written).writerows([header, *rows])
    path.write_text(written.getvalue(), encoding="utf-8")
    return path


def sheet_of(kind: str) -> str | None:
    return "comments" if kind == "xlsx" else None


def written(path: Path) -> list[str]:
    """Return the filled cells of a sheet as they are in the file."""
    from openpyxl import load_workbook

    if path.suffix == ".csv":
        rows = csv.reader(path.read_text("utf-8-sig").splitlines())
        return [cell for row in rows for cell in row if cell]
    page = load_workbook(path)["comments"]
    return [cell for row in page.iter_rows(values_only=True) for cell in row if cell]


def read(path: Path) -> Returned:
    return MODEL.read_comments(path)


def listed(back: Returned) -> list[tuple[int, int, str]]:
    return [(one.line, one.column, one.message) for one in back.not_taken]


def test_the_answers_are_the_same_in_the_schema_and_the_sheet() -> None:
    assert get_args(CommentSpec.model_fields["agree"].annotation) == tuple(VIEWS)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_sheet_has_a_row_a_box_and_arrow(tmp_path: Path, kind: str) -> None:
    sent = read_table(MODEL.comment_sheet(tmp_path / f"sheet.{kind}"), sheet=sheet_of(kind))
    header, rows = sent.header, sent.rows
    assert header == HEADER
    assert [row[:2] for row in rows] == [
        ["a1", "Activities: Home visits: by a nurse"],
        ["o1", "Outcomes: =Earlier reporting"],
        [
            ARROW,
            "Home visits: by a nurse leads to =Earlier reporting, because patients learn warning"
            " signs. Assumed: visits are kept.",
        ],
    ]
    assert {cell for row in rows for cell in row[2:8]} == {""}
    assert [row[8] for row in rows] == [shown(*row[:2]) for row in rows]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_nothing_in_a_sheet_can_run(tmp_path: Path, kind: str) -> None:
    label = "=cmd|' /C calc'!A1"
    hostile = replace(MODEL, headings={"activities": label}, links=())
    path = hostile.comment_sheet(tmp_path / f"sheet.{kind}")
    cells = written(path)
    assert f"'{label}: Home visits: by a nurse" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    back = hostile.read_comments(path)
    assert (back.taken, back.not_taken) == (0, ())


def test_an_xlsx_sheet_offers_the_answers(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    (sheet,) = load_workbook(MODEL.comment_sheet(tmp_path / "sheet.xlsx")).worksheets
    (offered,) = sheet.data_validations.dataValidation
    assert (offered.formula1, str(offered.sqref)) == ('"yes,partly,no,unsure"', "C2:C4")
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_empty_sheet_brings_nothing(tmp_path: Path, kind: str) -> None:
    back = read(MODEL.comment_sheet(tmp_path / f"sheet.{kind}"))
    assert (back.model, back.taken, back.repeated, back.not_taken) == (MODEL, 0, 0, ())
    assert str(back) == (
        "0 comments added; 0 cells to check\nHome visits (invented, to try comments): 0 comments"
    )


def test_a_label_longer_than_a_cell_comes_back_unchanged(tmp_path: Path) -> None:
    long = LogicModel.from_text(SPEC.replace("label: Home visits", f"label: {'a ' * 25_000}"))
    back = long.read_comments(long.comment_sheet(tmp_path / "sheet.xlsx"))
    assert (back.taken, back.not_taken) == (0, ())


def test_comments_come_back_onto_boxes_and_arrows(tmp_path: Path) -> None:
    path = filled(
        tmp_path,
        {"id": "a1", "agree": "Partly", "comment": "Not in winter, and\nnot at night"} | PERSON,
        {"id": ARROW, "suggestion": "-> say which signs"} | PERSON,
    )
    back = read(path)
    assert (back.taken, back.not_taken) == (2, ())
    assert back.model.nodes[0].comments == (
        Comment(
            by="B. Example",
            role="nurse",
            date="2026-05-04",
            agree="partly",
            text="Not in winter, and\nnot at night",
            shown=shown("a1", "Activities: Home visits: by a nurse"),
        ),
    )
    assert back.model.links[0].comments[0].suggestion == "-> say which signs"
    assert back.model.fingerprint == MODEL.fingerprint, "to be commented on changes no model"


def test_an_xlsx_sheet_that_was_filled_in_comes_back(tmp_path: Path) -> None:
    from datetime import date

    from openpyxl import load_workbook

    path = MODEL.comment_sheet(tmp_path / "sheet.xlsx")
    book = load_workbook(path)
    for column, value in zip("CDFH", ("no", 7, "C. Example", date(2026, 5, 4)), strict=True):
        book["comments"][f"{column}3"] = value
    book.save(path)
    (comment,) = read(path).model.nodes[1].comments
    assert (comment.agree, comment.text, comment.by) == ("no", "7", "C. Example")
    assert comment.date == "2026-05-04"


def test_one_person_writes_name_role_and_date_once(tmp_path: Path) -> None:
    back = read(filled(tmp_path, {"id": "a1"} | PERSON, {"id": "o1", "agree": "yes"}))
    (comment,) = back.model.nodes[1].comments
    assert (comment.by, comment.role, comment.date) == ("B. Example", "nurse", "2026-05-04")
    assert back.not_taken == ()


def test_with_two_people_on_a_sheet_nobody_speaks_for_the_other(tmp_path: Path) -> None:
    other = {"name": "C. Example", "date": "2026-05-05"}
    back = read(
        filled(
            tmp_path,
            {"id": "a1", "comment": "first"} | PERSON,
            {"id": "o1", "comment": "second"} | other,
            {"id": ARROW, "comment": "third"},
        )
    )
    assert [one.role for node in back.model.nodes for one in node.comments] == ["nurse", ""]
    assert listed(back) == [
        (4, 4, "no name and no date; fill it in and read the sheet again: comment “third”")
    ]


def test_a_name_without_any_comment_is_listed(tmp_path: Path) -> None:
    back = read(filled(tmp_path, {"id": "a1"} | PERSON))
    assert [message for _, _, message in listed(back)] == [
        "name “B. Example” is not beside a comment",
        "role “nurse” is not beside a comment",
        "date “2026-05-04” is not beside a comment",
    ]


@pytest.mark.parametrize(
    ("answer", "column", "message"),
    [
        ({"id": "a1", "comment": "x", "date": "2026-05"}, 4, "no name; fill it in"),
        ({"id": "a1", "agree": "yes", "name": "B"}, 3, "no date; fill it in"),
        ({"id": "a1", "comment": "x"} | PERSON | {"date": "4/5/26"}, 8, "write the date as"),
        ({"id": "zz", "comment": "x"} | PERSON, 4, "the model has no box or arrow 'zz': comment"),
        ({"id": "", "comment": "x"} | PERSON, 4, "the id is missing: comment “x”, name “B. Ex"),
        ({"id": "a1", "agree": "maybe"} | PERSON, 3, "the answers to agree are yes, partly, no,"),
        (
            {"id": "a1", "what the figure says": "Visits by anyone"},
            2,
            "“Visits by anyone” is not the original text of the sheet; put it under suggestion",
        ),
        ({"id": "a1", "version": "mine"}, 9, "version “mine” is not the version of a box or arrow"),
    ],
)
def test_what_cannot_be_taken_is_listed_with_its_words(
    tmp_path: Path, answer: dict[str, str], column: int, message: str
) -> None:
    back = read(filled(tmp_path, answer))
    assert (back.taken, back.model) == (0, MODEL)
    (one,) = [one for one in back.not_taken if one.column == column]
    assert message in one.message
    assert one.line == (5 if answer["id"] in ("zz", "") else 2)
    assert str(one).startswith(f"{tmp_path / 'sheet.csv'}, line {one.line}, column {column}: ")


def test_of_a_row_with_a_strange_answer_the_rest_is_taken(tmp_path: Path) -> None:
    back = read(filled(tmp_path, {"id": "a1", "agree": "maybe", "comment": "x"} | PERSON))
    (comment,) = back.model.nodes[0].comments
    assert (comment.agree, comment.text) == ("", "x")
    assert "got agree “maybe”" in back.not_taken[0].message


def test_columns_of_ones_own_are_listed(tmp_path: Path) -> None:
    header = ["id", "Comment ", "thoughts", "comment", "name", "date"]
    rows = [["a1", "x", "why?", "again", "B", "2026", "over"]]
    back = read(table(tmp_path / "sheet.csv", header, rows))
    assert back.model.nodes[0].comments[0].text == "x"
    assert listed(back) == [
        (2, 3, "“why?” is in the column 'thoughts'; the sheet has no such column"),
        (2, 4, "“again” is in the column 'comment'; the sheet has no such column"),
        (2, 7, "“over” is in a column without a name; the sheet has no such column"),
    ]


def test_words_beside_the_header_are_listed(tmp_path: Path) -> None:
    header = [*HEADER, "Please ring me"]
    assert listed(read(table(tmp_path / "sheet.csv", header, [["a1"]]))) == [
        (1, 10, "“Please ring me” is not the heading of a column of the sheet")
    ]


def test_without_a_column_of_ids_everything_is_listed(tmp_path: Path) -> None:
    back = read(table(tmp_path / "sheet.csv", ["comment", "name"], [["x", "B"], ["", ""]]))
    assert listed(back) == [(2, 1, "no column id: comment “x”, name “B”")]


def test_notes_formulas_and_other_sheets_of_a_workbook_are_listed(tmp_path: Path) -> None:
    from openpyxl import load_workbook
    from openpyxl.comments import Comment as Note

    path = MODEL.comment_sheet(tmp_path / "sheet.xlsx")
    book = load_workbook(path)
    book["comments"]["D2"].comment = Note("a pinned note", "B")
    book["comments"]["D3"] = "=-yes"
    book.create_sheet("More")["B2"] = "a page of thoughts"
    book.save(path)
    assert [one.message for one in read(path).not_taken] == [
        "sheet 'comments', cell D2, note: “a pinned note” is in no column of the sheet",
        "sheet 'comments', cell D3: “=-yes” is in no column of the sheet",
        "sheet 'More', cell B2: “a page of thoughts” is in no column of the sheet",
    ]


def test_a_file_that_cannot_be_read_does_not_hold_up_the_others(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"no workbook")
    good = filled(tmp_path, {"id": "a1", "agree": "yes"} | PERSON)
    back = MODEL.read_comments([broken, tmp_path / "none.csv", good])
    assert back.taken == 1
    assert [str(one) for one in back.not_taken] == [
        f"{broken}: not read: not a readable .xlsx workbook. If it is text, change the ending of"
        " its name to .csv; otherwise open it in a spreadsheet program and save it again as XLSX.",
        f"{tmp_path / 'none.csv'}: not read: there is no such file in {tmp_path}; it holds"
        " sheet.csv.",
    ]


def words(value: str) -> set[str]:
    return set(re.findall(r"\w+", value))


def test_every_filled_cell_ends_somewhere(tmp_path: Path) -> None:
    """Rows with every kind of trouble, each cell with a word of its own."""
    header = [*HEADER, "more"]
    version = shown("a1", "Activities: Home visits: by a nurse")
    rows = [
        ["a1", "edited1", "yes", "text1", "other1", "name1", "role1", "2026-01-01", version, "e1"],
        ["o1", "edited2", "agree2", "text2", "other2", "name2", "role2", "date2", "v2", "e2"],
        ["zz", "edited3", "agree3", "text3", "other3", "name3", "role3", "2026-01-03", "v3", "e3"],
        ["", "edited4", "no", "text4", "", "", "role4", "", "", "e4"],
        [ARROW, "", "agree5", "", "", "name5", "role5", "2026-01-05", "v5", ""],
        [ARROW, "", "", "", "", "name6", "role6", "2026-01-06", "", "e6"],
        ["", "", "", "", "", "", "", "", "", "e7"],
    ]
    back = read(table(tmp_path / "sheet.csv", header, rows))
    kept = words(str([part.comments for part in (*back.model.nodes, *back.model.links)]))
    kept |= words(" ".join(one.message for one in back.not_taken))
    own = {word for row in rows for cell in row[1:] for word in words(cell) if len(word) > 1}
    assert own <= kept | {"2026"}, own - kept
    assert (back.taken, len(back.model.nodes[0].comments)) == (1, 1)


def any_cell(column: str, name: str, word: str, dice: random.Random) -> str:
    """Return a cell as it went out, empty, as it should be, or with a word of its own."""
    known = {row[0]: row for row in SENT}.get(name, [""] * 9)
    right = {"agree": "yes", "name": dice.choice(["nameA", "nameB"]), "date": "2026-01-01"}
    sent = {"id": name, "what the figure says": known[1], "version": known[8]}
    return dice.choice(["", word, right.get(column, word), sent.get(column, "")])


SENT = [
    [name, text, *[""] * 6, shown(name, text)]
    for name, text in (
        ("a1", "Activities: Home visits: by a nurse"),
        ("o1", "Outcomes: =Earlier reporting"),
    )
]


def test_no_word_of_any_sheet_is_lost(tmp_path: Path) -> None:
    """Sheets filled in and broken at random: columns shuffled, doubled, unnamed, added."""
    dice = random.Random(2015)
    for _ in range(400):
        header = [*HEADER, *dice.sample(["more", "", "comment", "name"], dice.randint(0, 2))]
        dice.shuffle(header)
        numbers = itertools.count()
        rows = []
        for _ in range(dice.randint(1, 5)):
            name = dice.choice(["a1", "o1", "zz", ""])
            rows.append([any_cell(column, name, f"w{next(numbers)}", dice) for column in header])
        back = read(table(tmp_path / "sheet.csv", header, rows))
        kept = words(str([part.comments for part in back.model.nodes]))
        kept |= words(" ".join(one.message for one in back.not_taken))
        own = {cell for row in rows for cell in row if re.fullmatch(r"w\d+|name[AB]", cell)}
        assert own <= kept, (header, rows, own - kept)


def test_a_sheet_that_is_read_twice_counts_once(tmp_path: Path) -> None:
    path = filled(tmp_path, {"id": "a1", "comment": "x"} | PERSON)
    back = MODEL.read_comments([path, path])
    assert (back.taken, back.repeated) == (1, 1)
    assert str(back).startswith("1 comment added, 1 already in the model; 0 cells to check\n")
    again = back.model.read_comments(path)
    assert (again.model, again.taken, again.repeated) == (back.model, 0, 1)


def differing(folder: Path, now: LogicModel = MODEL) -> Returned:
    people: list[tuple[str, str, str]] = [
        ("B. Example", "yes", "Seen it work"),
        ("C. Example", "no", "Nobody is at home"),
        ("D. Example", "yes", ""),
        ("E. Example", "unsure", "Which nurse?"),
    ]
    sheets = [
        filled(
            folder,
            {"id": "a1", "agree": agree, "comment": text, "name": name, "date": "2026-05"},
            name=f"{name[0]}.csv",
        )
        for name, agree, text in people
    ]
    return now.read_comments(sheets)


def test_views_that_differ_stand_side_by_side(tmp_path: Path) -> None:
    back = differing(tmp_path)
    assert back.comments.differing == ("a1",)
    root = ET.fromstring(f"<div>{back._repr_html_()}</div>")
    cells = [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]
    assert cells == [
        ["box or arrow", "agree", "disagree", "unsure"],
        [
            "Activities: Home visits: by a nurse Views differ.",
            "B. Example, 2026-05: Seen it workD. Example, 2026-05",
            "C. Example, 2026-05: Nobody is at home",
            "E. Example, 2026-05: Which nurse?",
        ],
    ]
    assert [one.get("scope") for one in root.iter("th")] == ["col"] * 4 + ["row"]
    assert str(back.comments).splitlines() == [
        "Home visits (invented, to try comments): 4 comments on 1 box or arrow; views differ on 1",
        "  a1 (views differ): Activities: Home visits: by a nurse",
        "    agree: B. Example, 2026-05: Seen it work",
        "    disagree: C. Example, 2026-05: Nobody is at home",
        "    agree: D. Example, 2026-05",
        "    unsure: E. Example, 2026-05: Which nurse?",
    ]


def test_to_be_unsure_is_no_differing_view(tmp_path: Path) -> None:
    one = filled(tmp_path, {"id": "a1", "agree": "yes"} | PERSON)
    other = filled(tmp_path, {"id": "a1", "agree": "unsure"} | PERSON, name="other.csv")
    back = MODEL.read_comments([one, other]).comments
    assert back.differing == ()
    assert "differ" not in back._repr_html_()


def test_comments_on_what_has_changed_since_are_marked(tmp_path: Path) -> None:
    changed = LogicModel.from_text(SPEC.replace("by a nurse", "by a neighbour"))
    back = differing(tmp_path, now=changed)
    assert (back.taken, back.not_taken) == (4, ())
    assert {row["about"] for row in back.to_records()} == {"an earlier version"}
    assert "Seen it work [on an earlier version]" in str(back)
    assert {row["about"] for row in differing(tmp_path).to_records()} == {"this version"}


def test_a_row_of_a_box_that_is_gone_says_nothing_while_it_is_empty(tmp_path: Path) -> None:
    smaller = replace(MODEL, nodes=MODEL.nodes[:1], links=())
    back = smaller.read_comments(MODEL.comment_sheet(tmp_path / "sheet.csv"))
    assert (back.taken, back.not_taken) == (0, ())
    path = filled(tmp_path, {"id": "o1", "agree": "no"} | PERSON)
    (one,) = smaller.read_comments(path).not_taken
    assert one.message == (
        "the model has no box or arrow 'o1': agree “no”, name “B. Example”, role “nurse”,"
        " date “2026-05-04”"
    )


def test_a_comment_on_an_arrow_is_marked_when_its_box_is_reworded(tmp_path: Path) -> None:
    path = filled(tmp_path, {"id": ARROW, "agree": "yes"} | PERSON)
    changed = LogicModel.from_text(SPEC.replace("label: Home visits", "label: Visits"))
    assert changed.read_comments(path).to_records()[0]["about"] == "an earlier version"


def test_a_specification_holds_comments_and_their_answers() -> None:
    text = SPEC + '    comments: [{by: B, date: "2026", text: why, answer: because}]\n'
    model = LogicModel.from_text(text)
    assert str(model.comments()).splitlines()[-1] == (
        "    did not say: B, 2026: why [version not stated] Answer: because"
    )
    with pytest.raises(SpecError, match="line 12, column 16: the key 'date' is missing"):
        LogicModel.from_text(text.replace('date: "2026", ', ""))
    with pytest.raises(SpecError, match="unknown key 'anser'; did you mean 'answer'"):
        LogicModel.from_text(text.replace("answer", "anser"))


def test_comments_go_into_the_specification_and_come_back(tmp_path: Path) -> None:
    model = differing(tmp_path).model
    path = model.write(tmp_path / "model.yaml")
    assert LogicModel.read(path) == model


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "]]><b>x</b>", "\x07\u202e=1+1"])
def test_hostile_comments_are_inert(tmp_path: Path, text: str) -> None:
    back = read(
        filled(
            tmp_path,
            {"id": "a1", "comment": text, "suggestion": text} | PERSON | {"name": text},
            {"id": "zz", "comment": text} | PERSON,
        )
    )
    html = back._repr_html_()
    assert "<script" not in html
    assert "<b>x" not in html
    assert not set(html) & {"\x07", "\u202e"}


def test_paths_are_needed_and_a_known_format(tmp_path: Path) -> None:
    nothing: list[Any] = []
    with pytest.raises(OptionError, match="paths: name the sheet or sheets"):
        MODEL.read_comments(nothing)
    with pytest.raises(OptionError, match=r"the name must end in \.csv or \.xlsx; got 'a\.txt'"):
        MODEL.comment_sheet(tmp_path / "a.txt")
    with pytest.raises(FileError, match="not saved, because there is no folder"):
        MODEL.comment_sheet(tmp_path / "none" / "a.csv")
    kept = MODEL.comment_sheet(tmp_path / "a.csv").read_bytes()
    assert kept.startswith(b"\xef\xbb\xbfid,"), "Excel needs the mark to read UTF-8"
