"""The screening board without a browser: keys to decisions, reasons, and the next open record."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError, OptionError
from synthesis.boards.screening import COLUMNS, ScreeningBoard, screening_board

# Records made up for the tests.
RECORDS = pd.DataFrame(
    {
        "record_id": ["a:1", "a:2", "b:1", "b:2"],
        "title": ["A randomised trial", "Reviews", "", "Case management"],
        "abstract": ["", "Cases, randomly drawn.", "", "x" * 200_000],
        "authors": ["Doe, J.", "", "", ""],
        "journal": ["J", "", "", ""],
        "year": ["2001", "", "", ""],
        "source_line": [1, 2, 3, 4],
    }
)
REASONS = ["design", "population"]
LINKS = pd.DataFrame(
    [["b:1", "a:1", "same title", True], ["b:2", "a:2", "similar", False]],
    columns=["record_id", "duplicate_of", "reason", "certain"],
)


def board(path: Path, stage: str = "title_abstract", **options: object) -> ScreeningBoard:
    given = {"stage": stage, "screener": "ann", "reasons": REASONS, "path": path / "ann.csv"}
    return screening_board(RECORDS, **(given | options))


def decide(one: ScreeningBoard, *choices: str) -> None:
    for choice in choices:
        item = one.state()["item"]
        one.receive({"do": "choose", "item": item, "group": "decision", "choice": choice})


def test_each_decision_is_a_row_and_the_next_open_record_follows(tmp_path: Path) -> None:
    one = board(tmp_path)
    decide(one, "include", "exclude: design")
    assert (one.state()["item"], one.state()["open"]) == ("b:1", 2)
    decide(one, "exclude", "unsure")
    assert one.state()["open"] == 0
    rows = one.decisions()
    assert tuple(rows.columns) == COLUMNS
    assert rows["decision"].tolist() == ["include", "exclude", "exclude", "unsure"]
    assert rows["reason"].tolist() == ["", "design", "", ""]
    assert set(rows["screener"]) == {"ann"}
    read = syn.read_decisions(one.path, RECORDS, reasons=REASONS)
    assert read.problems.empty
    assert len(read.decisions) == 4
    assert board(tmp_path).decisions().equals(rows)


def test_the_page_is_not_turned_while_nothing_can_be_saved(tmp_path: Path) -> None:
    one = board(tmp_path)
    decide(one, "include")
    one.path.write_text("somebody else's", encoding="utf-8")
    decide(one, "exclude")
    assert (one.state()["item"], one.state()["unsaved"]) == ("a:2", 1)


def test_conflicts_are_settled_on_a_board_of_their_own(tmp_path: Path) -> None:
    ann, bob = board(tmp_path), board(tmp_path / "bob", screener="bob")
    decide(ann, "include", "include", "include", "include")
    decide(bob, "include", "exclude", "include", "include")
    both = pd.concat([ann.decisions(), bob.decisions()])
    conflicts = syn.screening_conflicts(both, stage="title_abstract")
    last = screening_board(
        RECORDS[RECORDS["record_id"].isin(conflicts.index)],
        stage="title_abstract",
        screener="consensus",
        path=tmp_path / "consensus.csv",
    )
    decide(last, "exclude")
    settled = syn.settle(pd.concat([both, last.decisions()])).set_index("record_id")
    assert settled.loc["a:2", ["decision", "how"]].tolist() == ["exclude", "consensus"]


def test_a_later_look_changes_a_decision_and_goes_on_where_one_was(tmp_path: Path) -> None:
    one = board(tmp_path)
    decide(one, "include", "include")
    one.receive({"do": "go", "item": "b:1", "to": "previous"})
    decide(one, "exclude: population")
    assert one.state()["item"] == "b:1"
    assert one.decisions()["reason"].tolist() == ["", "population"]
    one.receive({"do": "undo"})
    assert one.state()["item"] == "a:2"
    assert one.decisions()["decision"].tolist() == ["include", "include"]


def test_the_same_key_again_keeps_the_decision(tmp_path: Path) -> None:
    one = board(tmp_path)
    decide(one, "include")
    one.receive({"do": "go", "item": "a:2", "to": 1})
    decide(one, "include")
    assert one.decisions()["decision"].tolist() == ["include"]


def test_full_text_needs_a_reason(tmp_path: Path) -> None:
    one = board(tmp_path, "full_text")
    decide(one, "exclude")
    assert one.state()["told"] == "At full text an exclusion needs a reason: press 1 to 2."
    assert one.state()["item"] == "a:1"
    decide(one, "exclude: design", "not_retrieved")
    assert one.decisions()["decision"].tolist() == ["exclude", "not_retrieved"]
    with pytest.raises(DataError, match="at full text, declare the reasons"):
        board(tmp_path / "b", "full_text", reasons=[])


def test_a_reason_stands_under_its_key(tmp_path: Path) -> None:
    many = [f"reason {number}" for number in range(1, 12)]
    choices = board(tmp_path, "full_text", reasons=many).setup()["groups"][0]["choices"]
    keys = {choice["label"]: choice["key"] for choice in choices}
    assert (keys["Include"], keys["Exclude"], keys["Unsure"]) == ("i", "e", "u")
    assert (keys["reason 1"], keys["reason 9"], keys["reason 10"]) == ("1", "9", "")
    assert keys["Full text not found"] == "f"


def test_stages_may_share_a_file(tmp_path: Path) -> None:
    decide(board(tmp_path), "include")
    later = board(tmp_path, "full_text")
    assert later.state()["item"] == "a:1"
    decide(later, "exclude: design")
    assert len(syn.read_decisions(later.path, RECORDS, reasons=REASONS).decisions) == 2


def test_duplicates_are_left_out(tmp_path: Path) -> None:
    assert board(tmp_path, links=LINKS).state()["of"] == 3


def test_words_are_marked_and_blank_fields_left_out(tmp_path: Path) -> None:
    one = board(tmp_path, highlight=["random*", "trial"])
    fields = one.state()["reading"]["fields"]
    assert fields[0]["cells"][0] == [
        ("A ", False),
        ("randomised", True),
        (" ", False),
        ("trial", True),
    ]
    assert [field["cells"][0][0][0] for field in fields[1:]] == [
        "Doe, J.",
        "J, 2001",
        "(no abstract)",
    ]


def test_a_text_too_long_to_show_says_so(tmp_path: Path) -> None:
    one = board(tmp_path)
    one.receive({"do": "go", "item": "a:1", "to": 4})
    shown = one.state()["reading"]["fields"][1]["cells"][0]
    assert shown[-1] == (" … (100,000 more characters are not shown)", False)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a:1,title_abstract,ann,exclude,colour,,", "'colour' is not one of the declared reasons"),
        ("a:1,title_abstract,ann,maybe,,,", "decision must be one of"),
        ("a:1,title_abstract,bob,include,,,", "contains decisions by 'bob'"),
        (
            "a:1,title_abstract,ann,include,,,\na:1,title_abstract,ann,exclude,,,",
            "decided twice|has 2 rows",
        ),
    ],
)
def test_a_file_with_other_work_is_refused(line: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "ann.csv").write_text(",".join(COLUMNS) + f"\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=message):
        board(tmp_path)


@pytest.mark.parametrize(
    ("records", "options", "message"),
    [
        (RECORDS.iloc[:0], {}, "there are no records to screen"),
        (RECORDS.assign(record_id="a "), {}, "record_id must differ; repeated: 'a'"),
        (RECORDS.assign(record_id=" "), {}, "every record needs a record_id"),
        (RECORDS, {"screener": ""}, "say who screens"),
        (
            RECORDS,
            {"reasons": ["design", "design "]},
            "each must be filled .*; got 'design', 'design'",
        ),
    ],
)
def test_what_cannot_be_screened(
    records: pd.DataFrame, options: dict[str, object], message: str, tmp_path: Path
) -> None:
    given = {"stage": "title_abstract", "screener": "ann", "path": tmp_path / "a.csv"} | options
    with pytest.raises(DataError, match=message):
        screening_board(records, **given)


def test_an_unknown_stage(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="Did you mean 'full_text'"):
        board(tmp_path, "fulltext")


@pytest.mark.parametrize("name", ["reasons", "highlight"])
def test_a_single_word_is_not_taken_letter_by_letter(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"{name} must be a list, such as \['design'\]; got text"):
        board(tmp_path, **{name: "design"})
