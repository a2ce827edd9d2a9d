"""Word files: what is written is what is read back by python-docx."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from arrowroot.display import Bold
from arrowroot.documents import TO_ABOVE, TO_LEFT, Document
from arrowroot.errors import FileError, OptionError

pytestmark = pytest.mark.extras


def read(file: Document) -> Any:
    import docx

    return docx.Document(io.BytesIO(file.to_bytes()))


def png() -> bytes:
    from PIL import Image

    held = io.BytesIO()
    Image.new("RGB", (20, 10), "white").save(held, "PNG")
    return held.getvalue()


def test_headings_paragraphs_lists_and_notes() -> None:
    file = Document("A review")
    file.heading("A review", 0)
    file.heading("Methods\nof it")
    file.paragraph([Bold("Plain: "), "words\x07"])
    file.bullets(["one", "two"])
    file.notes([("a", "first"), ("", "general")])
    found = read(file)
    assert [(p.style.name, p.text) for p in found.paragraphs] == [
        ("Title", "A review"),
        ("Heading 1", "Methods of it"),
        ("Normal", "Plain: words\N{REPLACEMENT CHARACTER}"),
        ("List Bullet", "one"),
        ("List Bullet", "two"),
        ("Normal", "a first"),
        ("Normal", "general"),
    ]
    assert [run.bold for run in found.paragraphs[2].runs] == [True, None]
    properties = found.core_properties
    assert (properties.title, properties.author, properties.language) == ("A review", "", "en-GB")


def test_a_table_with_merged_cells() -> None:
    file = Document("t")
    rows = [
        ["Arm", "Risk", TO_LEFT],
        [TO_ABOVE, "with", "without"],
        ["Group one", TO_LEFT, TO_LEFT],
        ["A", ["12", "per 1,000"], ""],
    ]
    file.table(rows, header=2, bands=[2], widths=[2, 1, 1], caption="Risks")
    found = read(file)
    (table,) = found.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Arm", "Risk", "Risk"],
        ["Arm", "with", "without"],
        ["Group one"] * 3,
        ["A", "12\nper 1,000", ""],
    ]
    assert table.cell(0, 1)._tc is table.cell(0, 2)._tc
    assert table.cell(0, 0)._tc is table.cell(1, 0)._tc
    xml = table._tbl.xml
    assert xml.count("<w:tblHeader/>") == 2
    assert xml.count("<w:cantSplit/>") == 4
    assert 'w:tblCaption w:val="Risks"' in xml
    # The order that the format demands, without which Word calls the file damaged.
    order = [child.tag.split("}")[1] for child in table._tbl.tblPr]
    known = ["tblStyle", "tblW", "jc", "tblLayout", "tblCellMar", "tblLook", "tblCaption"]
    assert order == [name for name in known if name in order]
    assert {"tblCellMar", "tblLook", "tblCaption"} <= set(order)
    widths = [column.width for column in table.columns]
    assert widths[0] == pytest.approx(2 * widths[1], abs=2 * 635)  # a twentieth of a point


def test_a_figure_has_a_text_for_those_who_cannot_see_it() -> None:
    file = Document("t")
    file.figure(png(), alt="An empty box", caption="Nothing.")
    file.figure(png(), alt="Another", width=3)
    found = read(file)
    described = [shape._inline.docPr.get("descr") for shape in found.inline_shapes]
    assert described == ["An empty box", "Another"]
    assert "Figure 1. Nothing." in [p.text for p in found.paragraphs]
    with pytest.raises(OptionError, match="alt must say what the picture shows"):
        file.figure(png(), alt="")


@pytest.mark.parametrize(("landscape", "paper"), [(False, "a4"), (True, "a4"), (True, "letter")])
def test_the_page(landscape: bool, paper: str) -> None:
    (section,) = read(Document("t", landscape=landscape, paper=paper)).sections
    assert (section.page_width > section.page_height) is landscape
    assert round(min(section.page_width, section.page_height).cm, 1) == (
        21.0 if paper == "a4" else 21.6
    )


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    def made() -> bytes:
        file = Document("t")
        file.heading("x")
        file.page_break()
        file.figure(png(), alt="x")
        return file.to_bytes()

    assert made() == made()


def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="paper must be one of 'a4', 'letter'"):
        Document("t", paper="a5")
    file = Document("t")
    with pytest.raises(OptionError, match="the same number of cells"):
        file.table([["a"], ["b", "c"]])
    with pytest.raises(OptionError, match="the same number of cells"):
        file.table([])
    with pytest.raises(OptionError, match="merged with the cell to the left, and there is none"):
        file.table([[TO_LEFT, "a"]])
    with pytest.raises(OptionError, match=r"must end in .docx; got 'a.doc'"):
        file.save(tmp_path / "a.doc")
    with pytest.raises(FileError):
        file.save(tmp_path / "none" / "a.docx")
    assert list(tmp_path.iterdir()) == []
