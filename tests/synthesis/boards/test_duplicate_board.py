"""The board for uncertain duplicates: what differs is marked, and links follow what was decided."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError
from synthesis.boards.duplicates import COLUMNS, DuplicateBoard, duplicate_board

# Records made up for the tests.
RECORDS = pd.DataFrame(
    {
        "record_id": ["a:1", "a:2", "a:3", "b:1", "b:2", "b:3", "b:4"],
        "title": ["Care at home", "Beds", "Nurses", "Care in home.", "Beds.", "NURSES", "Beds"],
        "authors": ["Doe, J.", "", "Roe", "Doe, Jane", "", "Roe", ""],
        "year": ["2001"] * 7,
        "type": ["article", "article", "article", "article", "article", "conference", "article"],
        "doi": ["", "", "", "10.1/x", "", "", ""],
        "database": ["A", "A", "A", "B", "B", "B", "B"],
    }
)
LINKS = pd.DataFrame(
    [
        ["b:1", "a:1", "similar title", False],
        ["b:2", "a:2", "same title", True],
        ["b:3", "a:3", "same title", False],
        ["b:4", "a:2", "same title", False],
    ],
    columns=["record_id", "duplicate_of", "reason", "certain"],
)


def board(path: Path, links: pd.DataFrame = LINKS) -> DuplicateBoard:
    return duplicate_board(RECORDS, links, reviewer="ann", path=path / "ann.csv")


def decide(one: DuplicateBoard, *choices: str) -> None:
    for choice in choices:
        item = one.state()["item"]
        one.receive({"do": "choose", "item": item, "group": "decision", "choice": choice})


def test_only_uncertain_pairs_are_asked_for(tmp_path: Path) -> None:
    one = board(tmp_path)
    assert one.state()["of"] == 3
    assert one.state()["reading"]["heads"] == ("b:1", "a:1")


def test_fields_say_in_words_whether_they_differ(tmp_path: Path) -> None:
    fields = {field["label"]: field for field in board(tmp_path).state()["reading"]["fields"]}
    assert {label: field["verdict"] for label, field in fields.items()} == {
        "Title": "differs",
        "Authors": "differs",
        "Year": "same",
        "Kind": "same",
        "DOI": "left only",
        "Database": "differs",
    }
    assert [text for text, marked in fields["Title"]["cells"][0] if marked] == ["in", "."]
    assert [text for text, marked in fields["Title"]["cells"][1] if marked] == ["at"]


def test_a_full_stop_is_no_difference_in_words(tmp_path: Path) -> None:
    one = board(tmp_path, LINKS.assign(certain=False))
    one.receive({"do": "go", "item": one.state()["item"], "to": 2})
    title = one.state()["reading"]["fields"][0]
    assert title["verdict"] == "same words"


def test_decisions_reach_links_reports_and_flow(tmp_path: Path) -> None:
    one = board(tmp_path)
    decide(one, "same", "reports_of_one_study", "different")
    links = one.links()
    assert links["record_id"].tolist() == ["b:1", "b:2"]
    assert links["certain"].tolist() == [True, True]
    assert links["reason"][0].startswith("similar title; decided by ann, 20")
    assert links["reason"][1] == "same title"
    assert one.reports()[["record_id", "report_of", "relation"]].to_numpy().tolist() == [
        ["b:3", "a:3", "conference"]
    ]
    decisions = pd.DataFrame(
        [
            [head, "title_abstract", "ann", "exclude"]
            for head in ("a:1", "a:2", "a:3", "b:3", "b:4")
        ],
        columns=["record_id", "stage", "screener", "decision"],
    )
    flow = syn.prisma_flow(RECORDS, links, decisions)
    assert flow.counts["duplicates"] == 2
    assert flow.counts["records_screened"] == 5
    assert flow.problems.empty
    assert LINKS["certain"].sum() == 1, "the links handed in stay as they are"


def test_unsure_and_open_pairs_stay_uncertain(tmp_path: Path) -> None:
    one = board(tmp_path)
    decide(one, "unsure")
    pd.testing.assert_frame_equal(one.links(), LINKS)
    assert one.state()["open"] == 2


def test_undo_takes_a_link_back(tmp_path: Path) -> None:
    one = board(tmp_path)
    decide(one, "different")
    assert len(one.links()) == 3
    one.receive({"do": "undo"})
    pd.testing.assert_frame_equal(one.links(), LINKS)


def test_it_goes_on_where_one_stopped_also_when_the_pair_is_turned_round(tmp_path: Path) -> None:
    decide(board(tmp_path), "same")
    turned = LINKS.copy()
    turned.loc[0, ["record_id", "duplicate_of"]] = ["a:1", "b:1"]
    again = board(tmp_path, turned)
    assert again.state()["open"] == 2
    assert again.links()["certain"].tolist() == [True, True, False, False]


def test_decisions_outlive_links_that_are_certain_by_now(tmp_path: Path) -> None:
    one = board(tmp_path)
    decide(one, "same")
    later = board(tmp_path, one.links())
    decide(later, "different")
    table = pd.read_csv(later.path)
    assert tuple(table.columns) == COLUMNS
    assert set(table["decision"]) == {"same", "different"}


def test_no_uncertain_pair_is_no_error(tmp_path: Path) -> None:
    one = board(tmp_path, LINKS[LINKS["certain"]])
    assert (one.state()["of"], one.state()["item"]) == (0, "")
    for message in ({"do": "go", "item": "", "to": "next"}, {"do": "undo"}):
        one.receive(message)
    one.receive({"do": "choose", "item": "", "group": "decision", "choice": "same"})
    assert "0 pairs" in one._repr_html_()
    assert not one.path.exists()


def test_decisions_that_contradict_each_other(tmp_path: Path) -> None:
    links = pd.concat([LINKS, LINKS.iloc[[0]].assign(duplicate_of="a:3")])
    one = board(tmp_path, links)
    decide(one, "same", "unsure", "unsure", "same")
    with pytest.raises(DataError, match=r"links: more than one for b:1"):
        one.links()


@pytest.mark.parametrize(
    ("links", "message"),
    [
        (LINKS.assign(duplicate_of="z:9"), "no record 'z:9'"),
        (pd.concat([LINKS, LINKS[~LINKS["certain"]]]), r"a pair occurs twice: 'b:1' and 'a:1'"),
        (LINKS.drop(columns="certain"), "links: the table has no column 'certain'"),
    ],
)
def test_links_that_cannot_be_judged(links: pd.DataFrame, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=message):
        board(tmp_path, links)


def test_a_reviewer_is_needed_and_the_file_is_theirs(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="say who decides"):
        duplicate_board(RECORDS, LINKS, reviewer="", path=tmp_path / "a.csv")
    decide(board(tmp_path), "same")
    with pytest.raises(DataError, match="contains decisions by 'ann'"):
        duplicate_board(RECORDS, LINKS, reviewer="bob", path=tmp_path / "ann.csv")
