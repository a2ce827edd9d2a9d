"""A board in the browser: it sends key presses and shows the state of the board."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import anywidget
import traitlets
from IPython import get_ipython
from IPython.display import display

_HERE = Path(__file__).parent


class Kernel(Protocol):
    """What a view asks of the board behind it."""

    def setup(self) -> dict[str, Any]:
        """Return what stays the same while the board is open."""

    def state(self) -> dict[str, Any]:
        """Return what the board shows now."""

    def receive(self, message: dict[str, Any]) -> None:
        """Act on a key press or click."""

    def stand_in(self) -> str:
        """Return, as HTML, where the board stands, for a page without a kernel."""


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
        # The element that the board is shown in bears this name, so that the board is found
        # again when the page is loaded anew.
        self._place = uuid4().hex
        super().__init__(
            model_id=self._place,
            setup={**board.setup(), "place": self._place},
            state={**board.state(), "answered": ""},
        )
        self._board = board
        self._stood = ""
        self.on_msg(self._receive)

    def show(self) -> None:
        """Show the board as the output of a cell: an empty element, and the words beneath.

        The widget's own output is not used: in a notebook opened without its kernel, JupyterLab
        would show "model not found" in its place, and never the words.
        """
        host = {"text/html": f"<div class='arrowroot-board-at-{self._place}'></div>"}
        display(host, raw=True)
        display(self._words(), raw=True, display_id=f"board-{self._place}")

    def _words(self) -> dict[str, str]:
        self._stood = self._board.stand_in()
        within = f"<div class='arrowroot-stand-in-{self._place}'>{self._stood}</div>"
        return {"text/html": within, "text/plain": str(self._board)}

    def _receive(self, _: object, message: dict[str, Any], __: object) -> None:
        self._board.receive(message)
        # The number tells the browser that this key press has been handled.
        self.state = {**self._board.state(), "answered": message.get("number", "")}
        # Saved with the notebook, so that it says where the work stands whenever it is opened.
        if get_ipython() is not None and self._stood != self._board.stand_in():
            display(self._words(), raw=True, display_id=f"board-{self._place}", update=True)
