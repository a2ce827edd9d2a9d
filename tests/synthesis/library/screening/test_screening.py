"""Decisions as rows: checked, settled, compared. All decisions are made up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from arrowroot.errors import DataError, FileError, OptionError
from synthesis.coding.agreement.agreement import agreement
from synthesis.library.screeners import screening_agreement, screening_conflicts
from synthesis.library.screening import (
    COLUMNS,
    Screening,
    check_decisions,
    read_decisions,
    settle,
)
from synthesis.library.screening_sheets import write_screening_sheets

RECORDS = pd.DataFrame(
    {
        "record_id": ["a:1", "a:2", "a:3", "a:4"],
        "title": ["=Leaves", "Roots", "Stems", "Bark"],
        "abstract": "Text",
    }
)
REASONS = ["no trial", "other population"]


def rows(*cells: str) -> pd.DataFrame:
    """Return decisions written as ``id stage screener decision reason time``, _ for blank."""
    split = [[("" if part == "_" else part) for part in cell.split(" ")] for cell in cells]
    filled = [part + [""] * (len(COLUMNS) - len(part)) for part in split]
    return pd.DataFrame(filled, columns=list(COLUMNS))


def checked(*cells: str) -> Screening:
    return check_decisions(rows(*cells), RECORDS, reasons=["design"])


def test_sound_decisions_are_kept_in_full() -> None:
    found = checked("a:1 title_abstract ann include", "a:1 full_text ann exclude design")
    assert found.problems.empty
    assert found.decisions["decision"].tolist() == ["include", "exclude"]
    assert str(found) == (
        "Screening: Title and abstract 1 record by ann; 0 still open; Full text 1 record by ann; "
        "0 still open; To look at 0 problems"
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a:9 title_abstract ann include", "there is no record 'a:9' among those read; compare"),
        ("a:1 titles ann include", "stage must be one of before_screening, title_abstract, "),
        ("a:1 full_text ann perhaps", "decision must be one of include, exclude, unsure, duplic"),
        ("a:1 full_text _ include", "no screener; enter who decided."),
        ("a:1 full_text ann exclude", "a report excluded at full text needs a reason."),
        ("a:1 full_text ann exclude dull", "'dull' is not one of the declared reasons: design."),
        ("a:1 title_abstract ann not_retrieved", "reports are sought at the stage full_text"),
    ],
)
def test_decisions_that_cannot_be_counted(row: str, message: str) -> None:
    found = checked("a:2 title_abstract ann include", row)
    assert len(found.decisions) == 1
    assert found.problems["line"].tolist() == [2]
    assert found.problems["message"][0].startswith(message)


def test_a_later_decision_replaces_an_earlier_one() -> None:
    early = "a:1 title_abstract ann include _ 2026-01-01T10:00"
    late = "a:1 title_abstract ann exclude _ 2026-01-02T10:00"
    for given in ((early, late), (late, early)):
        found = checked(*given)
        assert found.decisions["decision"].tolist() == ["exclude"]
        assert found.problems.empty


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("include", "exclude", "'include' in row 1, then 'exclude'."),
        # One time is no time that a computer can read, and one names a zone.
        ("include _ 2.1.2026", "exclude _ 1.1.2026", "'include' in row 1, then 'exclude'."),
        ("include _ 2026-01-02T10:00Z", "exclude _ 2026-01-01T10:00", "'include' in row 1"),
        ("exclude design", "exclude other", "'exclude' (design) in row 1, then 'exclude' (other)."),
    ],
)
def test_two_decisions_by_one_screener_are_said(first: str, second: str, told: str) -> None:
    given = rows(*(f"a:1 title_abstract ann {one}" for one in (first, second)))
    found = check_decisions(given, RECORDS)
    assert found.decisions["decision"].tolist() == [second.split()[0]]
    (message,) = found.problems["message"]
    assert message.startswith(f"ann decided twice: {told}")
    assert "The last one counts; delete the other row, or give the time of both" in message
    assert message in found._repr_html_().replace("&#x27;", "'")


def test_the_same_decision_twice_is_no_problem() -> None:
    assert checked(*["a:1 title_abstract ann include"] * 2).problems.empty


def test_two_files_of_one_screener_are_named(tmp_path: Path) -> None:
    for name, decision in (("one", "include"), ("two", "exclude")):
        rows(f"a:1 title_abstract ann {decision}").to_csv(tmp_path / f"{name}.csv", index=False)
    found = read_decisions([tmp_path / "one.csv", tmp_path / "two.csv"], RECORDS)
    assert found.problems["file"].tolist() == ["two.csv"]
    assert "'include' in one.csv, row 2, then 'exclude'" in found.problems["message"][0]


def test_settling() -> None:
    table = settle(
        rows(
            "a:1 full_text ann exclude design",
            "a:1 full_text bob exclude design",
            "a:2 full_text ann exclude design",
            "a:2 full_text bob include",
            "a:3 full_text ann exclude design",
            "a:3 full_text bob include",
            "a:3 full_text consensus include",
            "a:4 full_text ann unsure",
            "a:4 title_abstract ann include",
        )
    )
    assert table.to_numpy().tolist() == [
        ["a:1", "full_text", "exclude", "design", "agreed"],
        ["a:2", "full_text", "", "", "conflict"],
        ["a:3", "full_text", "include", "", "consensus"],
        ["a:4", "full_text", "", "", "unsure"],
        ["a:4", "title_abstract", "include", "", "one screener"],
    ]


def test_conflicts_lie_side_by_side_until_they_are_settled() -> None:
    table = rows(
        "a:1 full_text ann include",
        "a:1 full_text bob exclude design",
        "a:2 full_text ann include",
        "a:2 full_text bob exclude design",
        "a:2 full_text consensus include",
    )
    found = screening_conflicts(table, stage="full_text")
    assert found.to_dict("index") == {"a:1": {"ann": "include", "bob": "exclude"}}
    with pytest.raises(OptionError, match="stage must be one of"):
        screening_conflicts(table, stage="fulltext")


def test_agreement_is_that_of_coding_and_leaves_consensus_out() -> None:
    table = rows(
        *[f"a:{n} title_abstract ann {'include' if n < 3 else 'exclude'}" for n in range(1, 5)],
        *[f"a:{n} title_abstract bob {'include' if n < 2 else 'exclude'}" for n in range(1, 5)],
        "a:2 title_abstract consensus include",
        "a:1 full_text ann include",
    )
    found = screening_agreement(table)
    assert found.index.get_level_values("stage").unique().tolist() == ["title_abstract"]
    plain = table[(table["stage"] == "title_abstract") & (table["screener"] != "consensus")]
    expected = pd.DataFrame(agreement(plain, unit="record_id", coder="screener", code="decision"))
    pd.testing.assert_frame_equal(found.loc["title_abstract"], expected, check_names=False)
    with pytest.raises(DataError, match="no stage has two screeners"):
        screening_agreement(table[table["screener"] == "ann"])


def test_blind_sheets_out_and_in(tmp_path: Path) -> None:
    links = pd.DataFrame({"record_id": ["a:4"], "duplicate_of": ["a:1"], "certain": [True]})
    paths = write_screening_sheets(
        RECORDS, ["Ann", "Bob"], tmp_path, stage="title_abstract", links=links, seed=3
    )
    assert [path.name for path in paths] == ["title_abstract_Ann.csv", "title_abstract_Bob.csv"]
    sheet = pd.read_csv(paths[0], dtype=str)
    assert sorted(sheet["record_id"]) == ["a:1", "a:2", "a:3"]
    assert "'=Leaves" in sheet["title"].tolist()
    sheet.loc[sheet["record_id"] == "a:2", ["decision", "reason"]] = ["exclude", "no trial"]
    sheet.to_csv(paths[0], index=False)
    found = read_decisions(paths, RECORDS, reasons=REASONS)
    assert found.problems.empty
    (row,) = found.decisions.to_dict("records")
    assert (row["record_id"], row["screener"], row["reason"]) == ("a:2", "Ann", "no trial")
    assert (row["file"], row["stage"]) == ("title_abstract_Ann.csv", "title_abstract")
    with pytest.raises(FileError, match="may contain work"):
        write_screening_sheets(RECORDS, ["Ann"], tmp_path, stage="title_abstract")


def test_a_pilot_round(tmp_path: Path) -> None:
    paths = write_screening_sheets(
        RECORDS, ["Ann", "Bob"], tmp_path, stage="title_abstract", sample=2, seed=1
    )
    drawn = [set(pd.read_csv(path)["record_id"]) for path in paths]
    assert len(drawn[0]) == 2
    assert drawn[0] == drawn[1]
    with pytest.raises(OptionError, match="sample must lie between 1 and 4; got 5"):
        write_screening_sheets(RECORDS, ["Eve"], tmp_path, stage="full_text", sample=5)
    with pytest.raises(DataError, match="names must differ"):
        write_screening_sheets(RECORDS, ["Eve", "Eve"], tmp_path, stage="full_text")


def test_problems_of_a_file_have_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(
        "record_id,stage,screener,decision\na:1,full_text,ann,\na:7,full_text,ann,include\n",
        encoding="utf-8",
    )
    found = read_decisions(path, RECORDS)
    assert found.decisions.empty
    assert found.problems[["file", "line"]].to_numpy().tolist() == [["d.csv", 3]]
    assert found.problems["message"][0].startswith("there is no record 'a:7' among those read;")
    path.write_text("record_id,stage,decision\n", encoding="utf-8")
    with pytest.raises(DataError, match="no column 'screener'"):
        read_decisions(path, RECORDS)


@pytest.mark.parametrize("column", ["record_id", "screener", "decision"])
def test_a_column_that_decisions_lack_is_named(column: str) -> None:
    decisions = pd.DataFrame(
        {"record_id": ["1"], "stage": ["full_text"], "screener": ["ann"], "decision": ["include"]}
    ).drop(columns=column)
    message = f"decisions: the table has no column '{column}'"
    with pytest.raises(DataError, match=message):
        settle(decisions)
    with pytest.raises(DataError, match=message):
        screening_agreement(decisions)
    with pytest.raises(DataError, match=message):
        screening_conflicts(decisions, stage="full_text")
