"""A board in the browser: it sends what was pressed and shows what the board says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

if TYPE_CHECKING:
    from synthesis.boards.board import Board

_HERE = Path(__file__).parent


class BoardWidget(anywidget.AnyWidget):
    """The view of a board; the board itself stays in the kernel.

    Parameters
    ----------
    board : Board
        What it shows, and what it hands its messages to.
    """

    _esm = (_HERE / "board.js").read_text("utf-8")
    _css = (_HERE / "board.css").read_text("utf-8")
    setup = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, board: Board) -> None:
        super().__init__(setup=board.setup(), state={**board.state(), "answered": ""})
        self._board = board
        self.on_msg(self._receive)

    def view(self) -> dict[str, Any]:
        """Return what a notebook's output holds to show the board."""
        reference = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {"application/vnd.jupyter.widget-view+json": reference}

    def _receive(self, _: object, message: dict[str, Any], __: object) -> None:
        self._board.receive(message)
        # The number tells the browser that this key press has been dealt with.
        self.state = {**self._board.state(), "answered": message.get("number", "")}
