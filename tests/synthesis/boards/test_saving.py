"""What a board keeps: after each decision, whole, never over somebody else's work."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from arrowroot.tables import read_frame
from synthesis.boards import decision_file
from synthesis.boards.coding import CodingBoard, coding_board
from synthesis.coding.codebook import Code, Codebook

# Units and codes made up for the tests.
UNITS = pd.DataFrame({"unit": ["A1", "A2", "A3"], "text": ["one", "two", "three"]})
BOOK = Codebook("Book", "1", (Code("x", "X"), Code("y", "Y")))


def board(path: Path) -> CodingBoard:
    return coding_board(UNITS, BOOK, coder="ann", path=path)


def code(one: CodingBoard, unit: str, choice: str) -> None:
    place = UNITS["unit"].tolist().index(unit) + 1
    one.receive({"do": "go", "item": one.state()["item"], "to": place})
    one.receive({"do": "choose", "item": unit, "group": "code", "choice": choice})


def on_disk(path: Path) -> dict[str, str]:
    table = read_frame(path)
    return dict(zip(table["unit"], table["code"], strict=True))


def test_each_decision_is_on_disk_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "ann.csv"
    one = board(path)
    assert not path.parent.exists(), "nothing is written before there is something to keep"
    code(one, "A1", "x")
    assert on_disk(path) == {"A1": "x"}
    code(one, "A2", "y")
    assert on_disk(path) == {"A1": "x", "A2": "y"}
    assert one.state()["saved"]


def test_two_boards_on_one_file_are_noticed_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    first, second = board(path), board(path)
    code(first, "A1", "x")
    code(second, "A2", "y")
    code(second, "A3", "y")
    state = second.state()
    assert "ann.csv was changed by somebody else" in state["trouble"]
    assert "It was not overwritten. 2 changes kept here" in state["trouble"]
    assert (state["unsaved"], state["saved"]) == (2, "")
    assert on_disk(path) == {"A1": "x"}
    second.receive({"do": "save"})
    assert second.state()["trouble"] == ""
    assert on_disk(path) == {"A1": "x", "A2": "y", "A3": "y"}
    code(first, "A3", "x")
    assert "changed by somebody else" in first.state()["trouble"]


def test_saving_again_waits_until_the_file_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    one = board(path)
    code(one, "A1", "x")
    whole = path.read_bytes()
    path.write_bytes(whole + b'"torn')
    code(one, "A2", "y")
    one.receive({"do": "save"})
    assert "ann.csv, line 3" in one.state()["trouble"]
    path.write_bytes(whole)
    one.receive({"do": "save"})
    assert on_disk(path) == {"A1": "x", "A2": "y"}


def test_a_file_that_was_moved_away_is_written_again_in_full(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    one = board(path)
    code(one, "A1", "x")
    path.rename(tmp_path / "elsewhere.csv")
    code(one, "A2", "y")
    assert on_disk(path) == {"A1": "x", "A2": "y"}


def test_saving_again_forgets_nothing_when_the_file_has_gone(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    one = board(path)
    code(one, "A1", "x")
    path.write_text("unit\n", encoding="utf-8")
    code(one, "A2", "y")
    assert "changed by somebody else" in one.state()["trouble"]
    path.unlink()
    one.receive({"do": "save"})
    assert on_disk(path) == {"A1": "x", "A2": "y"}


def test_a_full_disk_is_told_and_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ann.csv"
    one = board(path)
    code(one, "A1", "x")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(decision_file, "write_text", full)
        code(one, "A2", "y")
    assert "ann.csv could not be written: No space left on device." in one.state()["trouble"]
    assert on_disk(path) == {"A1": "x"}
    assert "could not be written" in one._repr_html_()
    code(one, "A3", "y")
    assert "could not be written" not in one._repr_html_()
    assert (one.state()["trouble"], one.state()["unsaved"]) == ("", 0)
    assert on_disk(path) == {"A1": "x", "A2": "y", "A3": "y"}


def test_a_killed_board_leaves_the_last_good_state(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    script = f"""
import pandas as pd
from synthesis.boards import decision_file
from synthesis.boards.coding import coding_board
from synthesis.coding.codebook import Code, Codebook
units = pd.DataFrame({{"unit": [f"A{{at}}" for at in range(2000)], "text": "t"}})
book = Codebook("Book", "1", (Code("x", "X"), Code("y", "Y")))
board = coding_board(units, book, coder="ann", path={str(path)!r})
for at in range(2000):
    item = board.state()["item"]
    board.receive({{"do": "choose", "item": item, "group": "code", "choice": "xy"[at % 2]}})
    board.receive({{"do": "go", "item": item, "to": "next"}})
"""
    root = Path(__file__).parents[3]
    writer = subprocess.Popen(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(root)}
    )
    while not path.exists() or len(path.read_bytes()) < 5_000:
        assert writer.poll() is None, "it ended before it could be killed"
        time.sleep(0.01)
    writer.kill()
    writer.wait()
    kept = on_disk(path)
    assert len(kept) > 50
    assert list(kept) == [f"A{at}" for at in range(len(kept))], "every decision up to the kill"


def test_a_file_that_a_spreadsheet_saved_goes_on_and_says_what_was_guessed(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    one = board(path)
    code(one, "A1", "x")
    one.receive({"do": "note", "item": "A1", "text": "für später"})
    text = path.read_text("utf-8").replace(",", ";")
    path.write_bytes(text.encode("cp1252"))
    again = board(path)
    assert "was read as Windows-1252" in again.state()["told"]
    assert "was read as Windows-1252" in again._repr_html_()
    code(again, "A2", "y")
    assert on_disk(path) == {"A1": "x", "A2": "y"}
    assert "für später" in path.read_text("utf-8")
