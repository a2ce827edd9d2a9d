"""Markdown cells: titles, first paragraphs, pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from synthesis.report import prose


def written(*texts: str) -> NotebookNode:
    return new_notebook(
        cells=[new_code_cell("# not a title"), *(new_markdown_cell(text) for text in texts)]
    )


def test_the_title_is_the_first_heading_of_level_one() -> None:
    found = prose.title(written("## Two\n\ntext", "# A *whole* title ##"), otherwise="file")
    assert found == "A whole title"


def test_without_a_title_the_file_name_stands() -> None:
    assert prose.title(written("text"), otherwise="01_file") == "01_file"


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("# T\n\nFirst *words*.\nOn two lines.\n\nSecond.", "First <em>words</em>.\nOn two lines."),
        ("# T\n\n> quoted\n\n1. one\n\n- two\n\n*Running* text.", "<em>Running</em> text."),
        ("See [there](https://doi.org/1), and", "See there, and"),
        ("# Only a title", ""),
    ],
)
def test_the_lead_is_the_first_running_paragraph(text: str, lead: str) -> None:
    assert prose.lead(written(text)) == lead


def test_the_last_heading_is_plain_text() -> None:
    assert prose.last_heading("<h2>a</h2><h3 id='x'>b &amp; <em>c</em></h3>") == "b & c"
    assert prose.last_heading("<p>none</p>") is None


def test_a_picture_beside_the_notebook_is_embedded(tmp_path: Path) -> None:
    (tmp_path / "dot.png").write_bytes(b"png")
    html = prose.to_html("![A dot](dot.png)", folder=tmp_path)
    assert '<img src="data:image/png;base64,cG5n" alt="A dot"' in html


def test_an_attached_picture_is_embedded() -> None:
    html = prose.to_html(
        "![A dot](attachment:dot.png)",
        folder=Path(),
        attachments={"dot.png": {"image/png": "cG5n"}},
    )
    assert '<img src="data:image/png;base64,cG5n"' in html
