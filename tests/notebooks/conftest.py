"""What every test of a notebook's figures reads: its sources, as one text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="session")
def text_of() -> Callable[[str], str]:
    """Return a function that gives the text of a notebook's cells by the notebook's name."""

    def text(name: str) -> str:
        cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
        return "\n\n".join("".join(cell["source"]) for cell in cells)

    return text
