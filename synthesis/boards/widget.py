"""A board in the browser: it sends key presses and shows the state of the board."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import anywidget
import traitlets

_HERE = Path(__file__).parent


class Kernel(Protocol):
    """What a view asks of the board behind it."""

    def setup(self) -> dict[str, Any]:
        """Return what stays the same while the board is open."""

    def state(self) -> dict[str, Any]:
        """Return what the board shows now."""

    def receive(self, message: dict[str, Any]) -> None:
        """Act on a key press or click."""


class BoardWidget(anywidget.AnyWidget):
    """The view of a board; the board itself stays in the kernel.

    Parameters
    ----------
    board : Kernel
        What it shows, and where it sends its messages.
    """

    _esm = (_HERE / "board.js").read_text("utf-8")
    _css = (_HERE / "board.css").read_text("utf-8")
    setup = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, board: Kernel) -> None:
        super().__init__(setup=board.setup(), state={**board.state(), "answered": ""})
        self._board = board
        self.on_msg(self._receive)

    def view(self) -> dict[str, Any]:
        """Return what a notebook's output needs to show the board."""
        reference = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {"application/vnd.jupyter.widget-view+json": reference}

    def _receive(self, _: object, message: dict[str, Any], __: object) -> None:
        self._board.receive(message)
        # The number tells the browser that this key press has been handled.
        self.state = {**self._board.state(), "answered": message.get("number", "")}
