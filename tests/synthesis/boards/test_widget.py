"""A board's way to the browser: loaded late, one view a board, every message answered."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import synthesis.boards
from synthesis.boards.coding import CodingBoard, coding_board
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


def test_a_board_shown_twice_is_one_board(board: CodingBoard) -> None:
    first, second = board._repr_mimebundle_(), board._repr_mimebundle_(include=None)
    assert first == second
    assert list(first) == ["application/vnd.jupyter.widget-view+json"]


def test_every_message_is_answered_with_its_number(board: CodingBoard) -> None:
    board._repr_mimebundle_()
    widget = board._widget
    assert widget is not None
    assert widget.state["answered"] == ""
    press = {"do": "choose", "item": "A1", "group": "code", "choice": "x"}
    widget._handle_custom_msg({**press, "number": "v-1"}, [])
    assert (widget.state["answered"], widget.state["chosen"]) == ("v-1", {"code": ["x"]})
    widget._handle_custom_msg({"do": "nothing known", "number": "v-2"}, [])
    assert widget.state["answered"] == "v-2"


def test_the_view_writes_no_html_and_fetches_nothing() -> None:
    script = (SOURCE / "board.js").read_text("utf-8")
    style = (SOURCE / "board.css").read_text("utf-8")
    unsafe = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(|Function\("
    assert not re.search(unsafe, script)
    assert not re.search(r"https?:|fetch\(|\bimport\b|XMLHttpRequest|WebSocket", script)
    assert not re.search(r"https?:|@import|url\(", style)
