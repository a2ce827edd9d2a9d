"""The coding board without a browser: what keys do, what is kept, and what never leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError, FileError
from synthesis.boards.coding import COLUMNS, CodingBoard, coding_board
from synthesis.coding.codebook import Code, Codebook

# Units and codes made up for the tests.
UNITS = pd.DataFrame({"id": [1, 2, 3], "action": ["Train nurses", None, "=Ask patients"]})
STAFF = Code("staff", "Staff", "Works on staff", include="nurses", example="training")
TYPE = Codebook(
    "Types", "2", (STAFF, Code("patient", "Patients"), Code("nurse", "Nurses", parent="staff"))
)
LEVEL = Codebook("Levels", "1", (Code("near", "Near"), Code("far", "Far")))


def board(path: Path, **options: object) -> CodingBoard:
    given = {"schemes": {"type": TYPE, "level": LEVEL}, "coder": "ann", "unit": "id"}
    return coding_board(UNITS, path=path / "ann.csv", text="action", **(given | options))


def choose(one: CodingBoard, group: str, choice: str) -> None:
    item = one.state()["item"]
    one.receive({"do": "choose", "item": item, "group": group, "choice": choice})


def go(one: CodingBoard, to: object) -> None:
    one.receive({"do": "go", "item": one.state()["item"], "to": to})


def rows(one: CodingBoard) -> list[tuple[object, ...]]:
    return list(one.codings()[["unit", "scheme", "code"]].itertuples(index=False, name=None))


def test_codes_are_kept_with_who_when_and_by_which_book(tmp_path: Path) -> None:
    one = board(tmp_path)
    choose(one, "type", "nurse")
    choose(one, "level", "far")
    one.receive({"do": "confidence", "item": "1", "value": "2"})
    one.receive({"do": "note", "item": "1", "text": "=odd, “odd”\nindeed"})
    kept = one.codings()
    assert tuple(kept.columns) == COLUMNS
    assert rows(one) == [(1, "type", "nurse"), (1, "level", "far")]
    assert set(kept["coder"]) == {"ann"}
    assert kept["codebook"].tolist() == ["Types 2", "Levels 1"]
    assert set(kept["confidence"]) == {"2"}
    assert kept["time"].str.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00").all()
    again = board(tmp_path)
    pd.testing.assert_frame_equal(again.codings(), kept)
    assert again.state()["item"] == "2", "it goes on at the first unit that is open"


def test_codings_go_straight_into_agreement(tmp_path: Path) -> None:
    ann = board(tmp_path)
    bob = board(tmp_path / "bob", coder="bob")
    for one, last in ((ann, "patient"), (bob, "staff")):
        for place, code in enumerate(["staff", "patient", last], start=1):
            go(one, place)
            choose(one, "type", code)
    both = pd.concat([ann.codings(), bob.codings()])
    syn.check_codings(both, units=UNITS["id"], codebook=TYPE)
    assert syn.agreement(both).loc["percent", "value"] == pytest.approx(2 / 3)


def test_one_code_a_unit_unless_several(tmp_path: Path) -> None:
    one = board(tmp_path)
    choose(one, "type", "staff")
    choose(one, "type", "patient")
    assert rows(one) == [(1, "type", "patient")]
    choose(one, "type", "patient")
    assert rows(one) == [], "the same key takes a code back"
    many = board(tmp_path / "many", several=True)
    choose(many, "type", "staff")
    choose(many, "type", "patient")
    assert rows(many) == [(1, "type", "staff"), (1, "type", "patient")]
    choose(many, "type", "staff")
    assert rows(many) == [(1, "type", "patient")]


def test_a_unit_is_open_until_every_scheme_has_a_code(tmp_path: Path) -> None:
    one = board(tmp_path)
    choose(one, "type", "staff")
    assert one.state()["open"] == 3
    choose(one, "level", "near")
    assert (one.state()["open"], one.state()["item"]) == (2, "1")


def test_moving_about(tmp_path: Path) -> None:
    one = board(tmp_path)
    go(one, "previous")
    assert one.state()["at"] == 1
    go(one, 3)
    go(one, "next")
    assert one.state()["at"] == 3
    go(one, "open")
    assert one.state()["at"] == 1
    assert one.state()["told"] == ""
    go(one, 4)
    assert one.state()["told"] == "There are 3 units."
    for place in (1, 2, 3):
        go(one, place)
        choose(one, "type", "staff")
        choose(one, "level", "near")
    go(one, "open")
    assert (one.state()["at"], one.state()["told"]) == (3, "Nothing is left open.")


def test_undo_goes_back_step_by_step_and_is_saved(tmp_path: Path) -> None:
    one = board(tmp_path)
    choose(one, "type", "staff")
    go(one, 2)
    for typed in ("a", "a n", "a note"):
        one.receive({"do": "note", "item": "2", "text": typed})
    one.receive({"do": "undo"})
    assert one.state()["note"] == "", "a note is one step, however it was typed"
    go(one, 3)
    one.receive({"do": "undo"})
    assert (one.state()["item"], rows(one)) == ("1", [])
    one.receive({"do": "undo"})
    assert one.state()["told"] == "There is nothing to undo."
    assert board(tmp_path).codings().empty


def test_a_key_meant_for_another_unit_changes_nothing(tmp_path: Path) -> None:
    one = board(tmp_path)
    one.receive({"do": "choose", "item": "2", "group": "type", "choice": "staff"})
    one.receive({"do": "choose", "item": "1", "group": "no", "choice": "staff"})
    one.receive({"do": "choose", "item": "1", "group": "type", "choice": "no"})
    one.receive({"do": "confidence", "item": "1", "value": "9"})
    one.receive({"do": "format", "item": "1"})
    one.receive({})
    assert not one.path.exists()


def test_a_note_alone_is_kept_and_is_no_coding(tmp_path: Path) -> None:
    one = board(tmp_path)
    one.receive({"do": "note", "item": "2", "text": "ask Bob \0\ud800"})
    assert one.codings().empty
    go(again := board(tmp_path), 2)
    assert again.state()["note"] == "ask Bob ?"
    again.receive({"do": "note", "item": "2", "text": "x" * 10_001})
    assert "at most 10,000 characters" in again.state()["told"]
    assert again.state()["note"] == "ask Bob ?"


def test_nothing_but_label_and_text_reaches_the_browser(tmp_path: Path) -> None:
    units = UNITS.assign(code="SECRET of bob", coder="bob")
    one = coding_board(units, TYPE, coder="ann", path=tmp_path / "a.csv", unit="id", text="action")
    sent = json.dumps([one.setup(), one.state()])
    assert "Train nurses" in sent
    assert "SECRET" not in sent
    assert "Ask patients" not in sent, "of all units only the one on show"


def test_the_book_is_shown_as_a_tree_with_its_rules(tmp_path: Path) -> None:
    group = board(tmp_path).setup()["groups"][0]
    assert [(one["id"], one["depth"]) for one in group["choices"]] == [
        ("staff", 0),
        ("nurse", 1),
        ("patient", 0),
    ]
    assert group["choices"][0]["about"] == (
        ("Definition", "Works on staff"),
        ("Include", "nurses"),
        ("Example", "training"),
    )


def test_earlier_codes_keep_the_version_they_were_given_by(tmp_path: Path) -> None:
    choose(board(tmp_path), "type", "staff")
    newer = Codebook("Types", "3", TYPE.codes)
    later = board(tmp_path, schemes={"type": newer, "level": LEVEL})
    go(later, 2)
    choose(later, "type", "staff")
    assert later.codings()["codebook"].tolist() == ["Types 2", "Types 3"]


def test_how_sure_goes_round_and_is_taken_back(tmp_path: Path) -> None:
    one = board(tmp_path)
    for value, expected in [("next", "1"), ("next", "2"), ("3", "3"), ("3", ""), ("2", "2")]:
        one.receive({"do": "confidence", "item": "1", "value": value})
        assert one.state()["confidence"] == expected
    assert board(tmp_path).state()["confidence"] == "2"


def test_rows_about_other_units_are_kept(tmp_path: Path) -> None:
    first = board(tmp_path)
    choose(first, "type", "staff")
    part = coding_board(
        UNITS.iloc[1:],
        {"type": TYPE, "level": LEVEL},
        coder="ann",
        path=first.path,
        unit="id",
        text="action",
    )
    choose(part, "type", "patient")
    assert rows(part) == [(2, "type", "patient")]
    assert "About others, kept 1 row" in str(part)
    assert rows(board(tmp_path)) == [(1, "type", "staff"), (2, "type", "patient")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1,bob,type,staff,,,,", r"contains decisions by 'bob'.*give 'ann' a separate file"),
        ("9,bob,type,staff,,,,", r"contains decisions by 'bob'"),
        ("1,ann,type,staf,,,,", r"not in the codebook 'Types' 2: 'staf' \(did you mean 'staff'"),
        ("1,ann,typ,staff,,,,", r"scheme must be one of 'type', 'level'"),
        ("1,ann,type,staff,,7,,", r"confidence of unit '1' must be 1, 2, 3 or blank; got '7'"),
        ("1,ann,type,staff,,,,\n1,ann,type,patient,,,,", r"has the codes staff, patient"),
    ],
)
def test_a_file_that_is_not_this_coders_work_is_refused(
    line: str, message: str, tmp_path: Path
) -> None:
    text = ",".join(COLUMNS) + f"\n{line}\n"
    (tmp_path / "ann.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        board(tmp_path)
    assert (tmp_path / "ann.csv").read_text("utf-8") == text


def test_a_table_of_something_else_is_refused_and_left(tmp_path: Path) -> None:
    (tmp_path / "ann.csv").write_text("study,yi\nGrant,0.1\n", encoding="utf-8")
    with pytest.raises(DataError, match="not a file of this board"):
        board(tmp_path)
    with pytest.raises(FileError, match=r"in a \.csv file"):
        coding_board(UNITS, TYPE, coder="ann", path=tmp_path / "a.xlsx", unit="id", text="action")


@pytest.mark.parametrize(
    ("units", "options", "message"),
    [
        (UNITS.iloc[:0], {}, "there are no units to code"),
        (UNITS.assign(id=[1, 1, 2]), {}, "every id must be .* occur once; got '1' 2 times"),
        (UNITS.assign(id=["a", " ", None]), {}, "every id must be filled .*; got 2 blank"),
        (UNITS.drop(columns="action"), {}, "text: the table has no column 'action'"),
        (UNITS, {"coder": " "}, "say who codes"),
        (UNITS, {"schemes": {}}, "at least one codebook"),
    ],
)
def test_what_cannot_be_coded(
    units: pd.DataFrame, options: dict[str, object], message: str, tmp_path: Path
) -> None:
    given = {"schemes": TYPE, "coder": "ann", "path": tmp_path / "a.csv"} | options
    with pytest.raises(DataError, match=message):
        coding_board(units, unit="id", text="action", **given)


def test_a_page_without_keys_shows_the_unit_escaped(tmp_path: Path) -> None:
    units = UNITS.assign(action="<img src=x onerror=alert(1)>")
    one = coding_board(units, TYPE, coder="<b>", path=tmp_path / "a.csv", unit="id", text="action")
    page = one._repr_html_()
    assert "Left open" in page
    assert "&lt;img src=x" in page
    assert "<img" not in page
    assert "<b>" not in page
