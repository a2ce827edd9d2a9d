"""A board's way to the browser: loaded late, one view a board, every message answered."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import synthesis.boards
from synthesis.boards import widget
from synthesis.boards.coding import CodingBoard, coding_board
from synthesis.boards.widget import BoardWidget
from synthesis.coding.codebook import Code, Codebook

# Units and codes made up for the tests.
UNITS = pd.DataFrame({"unit": ["A1", "A2"], "text": ["one", "two"]})
BOOK = Codebook("Book", "1", (Code("x", "X"),))
SOURCE = Path(synthesis.boards.__path__[0])


@pytest.fixture
def board(tmp_path: Path) -> CodingBoard:
    return coding_board(UNITS, BOOK, coder="ann", path=tmp_path / "ann.csv")


def test_the_widget_library_is_loaded_only_when_a_board_is_shown() -> None:
    code = """
import sys
import pandas as pd
import synthesis as syn
units = pd.DataFrame({"unit": ["A1"], "text": ["one"]})
book = syn.Codebook("Book", "1", (syn.Code("x", "X"),))
board = syn.coding_board(units, book, coder="ann", path="ann.csv")
str(board), board._repr_html_()
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not set(done.stdout.split()) & {"anywidget", "ipywidgets", "traitlets"}


def test_the_file_keeps_words_and_no_view_that_is_gone_tomorrow(
    board: CodingBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[dict[str, str], dict[str, object]]] = []
    monkeypatch.setattr(widget, "display", lambda data, **how: shown.append((data, how)))
    monkeypatch.setattr(widget, "get_ipython", object)
    board._ipython_display_()
    board._ipython_display_()
    assert [set(data) for data, _ in shown] == [{"text/html"}, {"text/html", "text/plain"}] * 2
    assert shown[:2] == shown[2:], "shown twice it is one board"
    (host, _), (words, how) = shown[:2]
    assert board._widget is not None
    place = board._widget.setup["place"]
    assert board._widget.model_id == place
    assert host["text/html"] == f"<div class='arrowroot-board-at-{place}'></div>"
    assert "Run this cell to go on. This is where you were, 1 of 2:" in words["text/html"]
    # After a decision the words are brought up to date, and after a key that changed nothing not.
    del shown[:]
    press = {"do": "choose", "item": "A1", "group": "code", "choice": "x"}
    board._widget._handle_custom_msg({**press, "number": "v-1"}, [])
    board._widget._handle_custom_msg({"do": "nothing known", "number": "v-2"}, [])
    ((words, updated),) = shown
    assert updated == {**how, "update": True}
    assert "Decided there 1 unit" in words["text/plain"]


def test_every_message_is_answered_with_its_number(board: CodingBoard) -> None:
    view = BoardWidget(board)
    press = {"do": "choose", "item": "A1", "group": "code", "choice": "x"}
    view._handle_custom_msg({**press, "number": "v-1"}, [])
    assert (view.state["answered"], view.state["chosen"]) == ("v-1", {"code": ["x"]})
    view._handle_custom_msg({"do": "nothing known", "number": "v-2"}, [])
    assert view.state["answered"] == "v-2"


def test_the_view_writes_no_html_and_fetches_nothing() -> None:
    script = (SOURCE / "board.js").read_text("utf-8")
    style = (SOURCE / "board.css").read_text("utf-8")
    unsafe = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(|Function\("
    assert not re.search(unsafe, script)
    assert not re.search(r"https?:|fetch\(|\bimport\b|XMLHttpRequest|WebSocket", script)
    assert not re.search(r"https?:|@import|url\(", style)
