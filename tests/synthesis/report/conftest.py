"""Small notebooks, made for these tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

MakeNotebook = Callable[..., Path]


@pytest.fixture
def notebook(tmp_path: Path) -> MakeNotebook:
    """Return a function that writes a notebook: a title, a paragraph, then code cells."""
    (tmp_path / "notebooks").mkdir()

    def made(*code: str, name: str = "01_made", text: str = "# Made\n\nFor a test.") -> Path:
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        cells = [nbformat.v4.new_markdown_cell(text, id="text")]
        cells += [
            nbformat.v4.new_code_cell(source, id=f"code-{number}")
            for number, source in enumerate(code)
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return path

    return made
