"""What a team needs of the screening board: all records and people are made up."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from arrowroot.tables import read_frame
from synthesis.boards.decision_file import KeptFile
from synthesis.boards.duplicates import duplicate_board
from synthesis.boards.lock import STALE, locked
from synthesis.boards.reading import address
from synthesis.boards.screening import ScreeningBoard, screening_board

RECORDS = pd.DataFrame(
    {
        "record_id": [f"x:{at}" for at in range(1, 21)],
        "title": [f"Title {at}" for at in range(1, 21)],
        "abstract": ["Oak leaves"] * 10 + ["Elm roots"] * 10,
        "doi": "10.1000/x",
        "url": ["javascript:alert(1)", "https://example.org/a", *[""] * 18],
        "notice": ["retracted", *[""] * 19],
    }
)


def board(path: Path, **options: Any) -> ScreeningBoard:
    return screening_board(RECORDS, stage="title_abstract", screener="ann", path=path, **options)


def decide(one: ScreeningBoard, said: str) -> None:
    item = one.state()["item"]
    one.receive({"do": "choose", "item": item, "group": "decision", "choice": said})


def test_labels_are_kept_and_found_again(tmp_path: Path) -> None:
    one = board(tmp_path / "ann.csv")
    one.receive({"do": "labels", "item": "x:2", "text": " later,  ask Bob ; later"})
    assert read_frame(tmp_path / "ann.csv")["labels"].tolist() == ["later; ask Bob"]
    again = board(tmp_path / "ann.csv")
    again.receive({"do": "list", "text": "", "which": "label later"})
    shown = again.state()["list"]
    assert [row["at"] for row in shown["rows"]] == [2]
    assert ["label later", "label: later"] in shown["filters"]
    again.receive({"do": "undo"})
    again.receive({"do": "labels", "item": "x:2", "text": ""})
    again.receive({"do": "undo"})
    assert again.state()["list"]["of"] == 1
    assert again.decisions().empty, "a label decides nothing"


def test_the_list_filters_and_searches(tmp_path: Path) -> None:
    one = board(tmp_path / "ann.csv")
    assert one.state()["list"] is None, "nothing is listed until it is asked for"
    decide(one, "include")
    decide(one, "exclude")
    found = []
    for which, text in [
        ("all", "leaves oak"),
        ("open", ""),
        ("choice include", ""),
        ("noted", ""),
        ("all", "TITLE 13"),
        ("strange", ""),
    ]:
        one.receive({"do": "list", "text": text, "which": which})
        found.append(one.state()["list"]["of"])
    assert found == [10, 18, 1, 0, 1, 20]
    one.receive({"do": "list", "open": False, "text": "", "which": "all"})
    assert one.state()["list"] is None


def test_links_are_safe_and_a_retraction_comes_first(tmp_path: Path) -> None:
    one = board(tmp_path / "ann.csv", pdfs={"x:1": tmp_path / "one.pdf"})
    fields = one.state()["reading"]["fields"]
    assert fields[0]["label"] == "Notice"
    assert fields[0]["cells"][0][0][0] == "Retracted"
    by_label = {field["label"]: field for field in fields}
    assert by_label["DOI"]["links"] == ("https://doi.org/10.1000/x",)
    assert by_label["Address"]["links"] == ("",)
    assert by_label["PDF"]["cells"][0][0][0].endswith("one.pdf")
    decide(one, "include")
    assert by_label.keys() - {one_["label"] for one_ in one.state()["reading"]["fields"]} >= {
        "Notice",
        "PDF",
    }
    assert address("url", "https://example.org/a") == "https://example.org/a"
    for unsafe in (
        "data:text/html,x",
        "https://a@b.org",
        'https://a.org/"><b',
        "//a.org",
        "file:///x",
    ):
        assert address("url", unsafe) == ""


def test_progress_of_the_team_without_its_decisions(tmp_path: Path) -> None:
    bob = tmp_path / "bob.csv"
    one = board(tmp_path / "ann.csv", team={"Bob": bob}, criteria=["Adults only"])
    assert one.state()["team"] == "Bob: not begun"
    assert one.setup()["criteria"] == ["Adults only"]
    bobs = screening_board(RECORDS, stage="title_abstract", screener="Bob", path=bob)
    decide(bobs, "exclude")
    assert one.state()["team"] == "Bob: 1 of 20 decided"
    assert "exclude" not in str({**one.state(), "list": None})
    bob.write_text("torn", encoding="utf-8")
    assert one.state()["team"] == "Bob: bob.csv cannot be read"


def test_files_of_earlier_versions_are_read(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    path.write_text(
        "record_id,stage,screener,decision,reason,time,note\nx:1,title_abstract,ann,include,,,\n",
        encoding="utf-8",
    )
    one = board(path)
    assert one.decisions()["decision"].tolist() == ["include"]
    decide(one, "exclude")
    assert read_frame(path)["decision"].tolist() == ["include", "exclude"]


def test_two_records_that_differ_in_the_issue(tmp_path: Path) -> None:
    records = pd.DataFrame(
        {"record_id": ["a:1", "b:1"], "title": "Leaves", "type": "article", "number": ["1", "2"]}
    )
    links = pd.DataFrame(
        [["b:1", "a:1", "same title", False]],
        columns=["record_id", "duplicate_of", "reason", "certain"],
    )
    one = duplicate_board(records, links, reviewer="ann", path=tmp_path / "pairs.csv")
    verdicts = {field["label"]: field["verdict"] for field in one.state()["reading"]["fields"]}
    assert verdicts["Issue"] == "differs"


def work(ids: Sequence[int], path: Path) -> None:
    one = board(path)
    for at in ids:
        one.receive({"do": "note", "item": f"x:{at}", "text": f"note {at}"})
        for _ in range(300):
            if not one.state()["unsaved"]:
                break
            one.receive({"do": "save"})


def test_two_programs_on_one_file_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The other programs import `work` from this file, wherever the tests were started.
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3]))
    fork = multiprocessing.get_context("spawn")
    for attempt in range(2):
        path = tmp_path / f"race{attempt}.csv"
        both = [
            fork.Process(target=work, args=(ids, path)) for ids in (range(1, 11), range(11, 21))
        ]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert sorted(read_frame(path)["note"]) == sorted(f"note {at}" for at in range(1, 21))
    assert not list(tmp_path.glob(".*")), "no lock and no draft is left behind"


def test_a_lock_says_whose_it_is_and_an_old_one_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synthesis.boards.lock.PATIENCE", 0.05)
    one = board(tmp_path / "ann.csv")
    lock = tmp_path / ".ann.csv.lock"
    with locked(tmp_path / "ann.csv"):
        decide(one, "include")
    trouble = one.state()["trouble"]
    assert "ann.csv is being written by " in trouble
    assert "seconds now. It was not overwritten; save again in a moment." in trouble
    assert not lock.exists()
    lock.write_text("somebody on a computer, 1, 2026-01-01T00:00:00+00:00", encoding="utf-8")
    old = time.time() - STALE - 1
    os.utime(lock, (old, old))
    one.receive({"do": "save"})
    assert one.state()["trouble"] == ""
    assert not lock.exists()
    assert read_frame(tmp_path / "ann.csv")["decision"].tolist() == ["include"]


def test_a_clock_that_is_ahead_or_behind_makes_no_lock_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synthesis.boards.lock.PATIENCE", 0.05)
    one = board(tmp_path / "ann.csv")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3 * STALE)
    with locked(tmp_path / "ann.csv"):
        decide(one, "include")
        assert "ann.csv is being written by " in one.state()["trouble"]
    monkeypatch.setattr(time, "time", lambda: now - 3 * STALE)
    lock = tmp_path / ".ann.csv.lock"
    lock.write_text("left behind", encoding="utf-8")
    os.utime(lock, (now - STALE - 1, now - STALE - 1))
    one.receive({"do": "save"})
    assert one.state()["trouble"] == ""
    assert [path.name for path in tmp_path.iterdir()] == ["ann.csv"]


def test_who_slept_while_saving_overwrites_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A computer falls asleep with the lock; another finds it old, and saves meanwhile."""
    path = tmp_path / "ann.csv"
    sleeper, other = board(path), board(path)
    checked = KeptFile._fingerprint

    def asleep(held: KeptFile) -> str | None:
        found = checked(held)
        monkeypatch.setattr(KeptFile, "_fingerprint", checked)
        lock = tmp_path / ".ann.csv.lock"
        old = time.time() - STALE - 1
        os.utime(lock, (old, old))
        other.receive({"do": "note", "item": "x:2", "text": "of the other"})
        assert other.state()["unsaved"] == 0
        return found

    monkeypatch.setattr(KeptFile, "_fingerprint", asleep)
    sleeper.receive({"do": "note", "item": "x:1", "text": "of the sleeper"})
    state = sleeper.state()
    assert (state["unsaved"], "somebody else began to write it" in state["trouble"]) == (1, True)
    sleeper.receive({"do": "save"})
    assert read_frame(path)["note"].tolist() == ["of the sleeper", "of the other"]


def test_a_program_killed_while_saving_costs_nobody_a_decision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3]))
    path = tmp_path / "ann.csv"
    writer = multiprocessing.get_context("spawn").Process(target=die_holding_the_lock, args=(path,))
    writer.start()
    writer.join()
    lock = tmp_path / ".ann.csv.lock"
    assert lock.exists()
    assert read_frame(path)["record_id"].tolist() == ["x:1", "x:2"]
    old = time.time() - STALE - 1
    os.utime(lock, (old, old))
    again = board(path)
    decide(again, "exclude")
    assert again.state()["unsaved"] == 0
    assert read_frame(path)["decision"].tolist() == ["include", "include", "exclude"]


def die_holding_the_lock(path: Path) -> None:
    one = board(path)
    decide(one, "include")
    decide(one, "include")
    with locked(path):
        os._exit(9)


def test_a_folder_that_takes_no_files_is_said_and_the_decision_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = board(tmp_path / "ours" / "ann.csv")

    def refused(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as closed:
        closed.setattr("synthesis.boards.lock.os.open", refused)
        decide(one, "include")
    state = one.state()
    assert (
        "Not saved: ann.csv cannot be written: the folder ours takes no new files (Permission "
        "denied). Make it writable, or move it to a place where you may write. 1 change kept here"
        in state["trouble"]
    )
    one.receive({"do": "save"})
    assert read_frame(tmp_path / "ours" / "ann.csv")["decision"].tolist() == ["include"]
