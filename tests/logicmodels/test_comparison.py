"""A comparison: checked text, a table, words and a figure."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from arrowroot.fonts import text_width
from arrowroot.tables import read_table
from logicmodels import Comparison, OptionError, SpecError
from logicmodels.figures.comparison_figure import parts

DATA = Path(__file__).parents[2] / "data"
GOLDEN = Path(__file__).parent / "golden"
SVG = "{http://www.w3.org/2000/svg}"
HAM = Comparison.read(DATA / "ham2014" / "comparison.yaml")
TRIED = """\
spec_version: 1
title: Three ways (invented, to try a table)
columns: [One, Two, Three]
rows:
  - {heading: Speed, cells: [fast, slow, "slow, but surely and steadily and with many words"]}
  - heading: A respect whose heading takes more than one line
    cells: [a, b, c]
date: 2026-05-04
version: "2"
"""
THREE = Comparison.from_text(TRIED)
ONE = Comparison.from_text(
    "spec_version: 1\ntitle: One (invented)\ncolumns: [Meaning]\nrows:\n"
    "  - {heading: Speed, cells: [a sentence of some length that says what speed means here]}\n"
)
SIX = Comparison.from_text(
    """\
spec_version: 1
title: Six (invented)
columns: [One, Two, Three, Four, Five, A sixth column with a long name]
rows:
  - {heading: Speed, cells: [fast, "", slow, " ", e, Interprofessional collaboration and so on]}
  - heading: Blank cells
    cells:
      -
      - =1+1
      - c
      - ""
      -
      - f
source: invented
"""
)
EXWORTHY = Comparison.read(DATA / "exworthy2014" / "comparison.yaml")
LEARNING = Comparison.read(DATA / "learning_health_system" / "comparison.yaml")
COMPARISONS = [
    pytest.param(comparison, id=comparison.title)
    for comparison in (HAM, THREE, ONE, SIX, EXWORTHY, LEARNING)
]


def changed(old: str, new: str) -> Comparison:
    assert old in TRIED
    return Comparison.from_text(TRIED.replace(old, new, 1), name="tried.yaml")


def test_the_words_are_those_that_ham_prints() -> None:
    assert HAM.columns == ("Command-and-control", "Systems thinking")
    assert [(row.heading, *row.cells) for row in HAM.rows] == [
        ("Perspective", "Top-down, hierarchy", "Outside-in, system"),
        ("Design", "Functional", "Demand, value and flow"),
        ("Design-making", "Separated from work", "Integrated with work"),
        (
            "Measurement",
            "Output, targets, standards: related to budget",
            "Capability, variation: related to purpose",
        ),
        ("Attitude to customers", "Contractual", "What matters?"),
        ("Attitude to suppliers", "Contractual", "Co-operative"),
        ("Role of management", "Manage people and budgets", "Act on the system"),
        ("Ethos", "Control", "Learning"),
        ("Change", "Reactive, projects", "Adaptive, integral"),
        ("Motivation", "Extrinsic", "Intrinsic"),
    ]
    assert "Ham 2014" in HAM.source
    assert "Seddon 2008" in HAM.source
    assert "row three as printed" in HAM.source


def test_the_founding_figure_is_the_golden_text() -> None:
    """To renew after a change that was looked at: ``figure.save(path)`` with this file's path."""
    assert HAM.draw().dot == (GOLDEN / "ham2014.dot").read_text(encoding="utf-8")


def test_the_words_of_the_founding_figure() -> None:
    lines = str(HAM).splitlines()
    assert lines[:3] == [
        "Command-and-control versus systems thinking",
        "",
        "Ten respects in which command-and-control and systems thinking differ, from perspective"
        " and design to change and motivation. A table that compares Command-and-control with"
        " Systems thinking in 10 rows.",
    ]
    assert lines[4] == (
        "- Perspective. Command-and-control: Top-down, hierarchy;"
        " Systems thinking: Outside-in, system."
    )
    assert lines[8].endswith("Systems thinking: What matters?")
    assert len(lines) == 14
    assert HAM.to_records()[7] == {
        "in respect of": "Ethos",
        "Command-and-control": "Control",
        "Systems thinking": "Learning",
    }


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_columns_hold_rows_are_level_and_nothing_overlaps(comparison: Comparison) -> None:
    drawn = {part.name: part for part in parts(comparison)}
    count = len(comparison.columns)
    for place in range(count):
        column = [drawn[f"column_{place}"]]
        column += [drawn[f"cell_{row}_{place}"] for row in range(len(comparison.rows))]
        assert {(box.x, box.width) for box in column} == {(column[0].x, column[0].width)}
        assert [box.y for box in column] == sorted(box.y for box in column)
    for number in range(len(comparison.rows)):
        row = [drawn[f"row_{number}"], *(drawn[f"cell_{number}_{i}"] for i in range(count))]
        assert {(box.y, box.height) for box in row} == {(row[0].y, row[0].height)}
    for one, other in itertools.combinations(drawn.values(), 2):
        assert not one.overlaps(other), (one.name, other.name)


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_no_line_is_wider_and_no_text_taller_than_its_box(comparison: Comparison) -> None:
    for part in parts(comparison):
        for line in part.lines:
            face = "bold" if line.bold else "regular"
            assert text_width(line.text, line.size, face) <= part.width, line.text
        assert sum(line.height for line in part.lines) <= part.height + 1e-9  # sums of floats


def test_the_drawn_figure_has_every_cell_as_text_in_reading_order() -> None:
    root = ET.fromstring(THREE.draw().svg)
    texts = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    assert texts == (
        "Three ways (invented, to try a table) One Two Three Speed fast slow slow, but surely"
        " and steadily and with many words A respect whose heading takes more than one line"
        " a b c Version 2. 2026-05-04"
    )


def test_the_svg_can_be_read_aloud() -> None:
    root = ET.fromstring(HAM.draw().svg)
    assert root.get("role") == "graphics-document document"
    named = {element.get("id"): element.text for element in root}
    assert named[root.get("aria-labelledby")] == "Command-and-control versus systems thinking"
    assert named[root.get("aria-describedby")] == HAM.summary
    titles = [title.text for title in root.findall(f".//{SVG}g/{SVG}title")]
    assert len(titles) == 30
    assert titles[0] == HAM.sentence(HAM.rows[0])
    assert titles[2] == "Perspective, Systems thinking: Outside-in, system"


def test_the_table_has_headings_for_columns_and_rows() -> None:
    root = ET.fromstring(HAM._repr_html_())
    assert [one.get("scope") for one in root.iter("th")] == ["col"] * 2 + ["row"] * 10
    assert len(list(root.iter("td"))) == 21
    assert root.findtext("caption") == HAM.title


@pytest.mark.parametrize("theme", ["screen", "print", "contrast"])
def test_every_theme_draws(theme: str) -> None:
    assert HAM.draw(theme=theme).png.startswith(b"\x89PNG")


def test_one_column_and_more_than_three_are_words_tables_and_pictures() -> None:
    assert ONE.summary == "A table of Meaning in 1 row."
    assert THREE.summary == "A table that compares One, Two and Three in 2 rows."
    assert len(SIX.columns) == 6
    for comparison in (ONE, SIX):
        assert comparison.draw().png.startswith(b"\x89PNG")
    assert len(list(ET.fromstring(SIX._repr_html_()).iter("td"))) == 1 + 2 * 6


def test_blank_cells_stay_blank_and_are_called_so() -> None:
    """Blank are a text without anything visible, and a list entry with nothing behind its dash."""
    assert SIX.rows[0].cells[1] == SIX.rows[0].cells[3] == SIX.rows[1].cells[0] == ""
    assert SIX.sentence(SIX.rows[1]).startswith("Blank cells. One: blank; Two: =1+1; Three: c;")
    frame = SIX.to_frame()
    assert (frame == "").sum().sum() == 5
    drawn = {part.name: part for part in parts(SIX)}
    assert [line.text for line in drawn["cell_1_0"].lines] == [""]
    titles = [
        title.text for title in ET.fromstring(SIX.draw().svg).findall(f".//{SVG}g/{SVG}title")
    ]
    assert titles[2] == "Speed, Two: blank"


def test_a_table_of_many_columns_is_wider_and_its_title_too() -> None:
    widths = {len(one.columns): {part.name: part for part in parts(one)} for one in (THREE, SIX)}
    assert widths[6]["title"].width > widths[3]["title"].width
    for drawn in widths.values():
        right = max(part.x + part.width / 2 for part in drawn.values())
        assert right <= drawn["title"].width


def test_a_workbook_has_the_cells_and_where_they_come_from(tmp_path: Path) -> None:
    path = SIX.draw().save(tmp_path / "six.xlsx")
    table = read_table(path, sheet="comparison")
    assert table.header == ["in respect of", *SIX.columns]
    assert table.rows == [[row.heading, *row.cells] for row in SIX.rows]
    assert read_table(path, sheet="about").rows == [["title", SIX.title], ["source", "invented"]]
    assert path.read_bytes() == SIX.draw().save(tmp_path / "again.xlsx").read_bytes()


def test_options_of_the_figure() -> None:
    assert "title [label" in HAM.draw().dot
    assert "title [label" not in HAM.draw(title=False).dot
    with pytest.raises(OptionError, match="theme must be one of"):
        HAM.draw(theme="neon")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[One, Two, Three]", "[]", "line 3, column 10: a comparison has 1 to 6 columns; got 0"),
        ("[One, Two, Three]", "[A, B, C, D, E, F, G]", "a comparison has 1 to 6 columns; got 7"),
        ("[One, Two, Three]", "[One, Two, One]", "line 3, column 21: the name 'One' is taken"),
        ("[One, Two, Three]", "[One, in respect of, X]", "the name 'in respect of' is taken"),
        ("[a, b, c]", "[a, , c]", 'an empty entry of a list is written ""'),
        (
            "[a, b, c]",
            "[a, b]",
            "line 7, column 12: a row needs one cell for each column (3 columns);",
        ),
        ("heading: Speed", "haeding: Speed", "line 5, column 6: unknown key 'haeding'; did you"),
        ("title: Three", "titel: Three", "unknown key 'titel'; did you mean 'title'"),
        ("title: Three", "titel: Three", "the key 'title' is missing"),
        ("[a, b, c]", "[a, b, [3]]", "must be text; got a list"),
        ("[a, b, c]", "7", "cells must be a list"),
        ("columns: [One, Two, Three]", "columns: {a: b}", "columns must be a list"),
        ("  - heading: A", "  - nonsense\n  - heading: A", "must be a mapping of keys"),
        ("heading: Speed", 'heading: ""', "heading must not be empty"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(old: str, new: str, message: str) -> None:
    with pytest.raises(SpecError, match=re.escape(message)) as raised:
        changed(old, new)
    assert str(raised.value).startswith("tried.yaml: ")


def test_a_comparison_without_rows_or_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="rows must contain at least one entry"):
        Comparison.from_text("spec_version: 1\ntitle: T\ncolumns: [a, b]\nrows: []\n")
    with pytest.raises(SpecError, match="a mapping of keys such as title, columns and rows; got"):
        Comparison.from_text("- a\n")
    with pytest.raises(SpecError, match="the file cannot be read"):
        Comparison.read(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "]]><b>x</b>", '"; a -> b; x [label="', r"\N \G", "a" * 9000],
)
def test_hostile_text_is_inert(text: str) -> None:
    cells = TRIED.replace("[a, b, c]", f"['{text}', b, c]").replace("Speed", f"'{text}'")
    comparison = Comparison.from_text(cells)
    root = ET.fromstring(comparison.draw().svg)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "g", "polygon", "path", "text"}
    assert "->" not in re.sub(r'"(?:[^"\\]|\\.)*"|<<TABLE.*?</TABLE>>', "", comparison.draw().dot)
    assert "<script" not in comparison._repr_html_()
    for part in parts(comparison):
        for line in part.lines:
            face = "bold" if line.bold else "regular"
            assert text_width(line.text, line.size, face) <= part.width


@pytest.mark.extras
def test_a_comparison_is_a_slide_and_a_diagram_with_the_same_places(tmp_path: Path) -> None:
    from pptx import Presentation

    figure = HAM.draw()
    deck = Presentation(str(figure.save(tmp_path / "ham.pptx")))
    slide = {shape.name: shape for shape in deck.slides[0].shapes}
    drawn = figure.save(tmp_path / "ham.drawio").read_text("utf-8")
    cells = [shape for shape in figure.scene.shapes if shape.name.startswith("cell_")]
    scale = slide[cells[0].name].width / cells[0].place.width
    for cell in cells:
        assert slide[cell.name].text_frame.text == cell.paragraphs[0].text
        assert slide[cell.name].height == pytest.approx(cell.place.height * scale, rel=1e-3)
        assert f'id="{cell.name}"' in drawn
        assert f'pos="{cell.place.x:g},{-cell.place.y:g}"' in figure.dot
    assert "Command-and-control" in deck.slides[0].notes_slide.notes_text_frame.text


def test_text_after_a_hash_is_left_out_with_a_remark() -> None:
    read = Comparison.from_text(
        "spec_version: 1\ntitle: Costs # in pounds\ncolumns: [One, Two]\nrows:\n"
        "  - heading: Cost  # a comment\n    cells:\n      - 5 # per visit\n      - 7\n"
    )
    assert [remark.split(",")[0] for remark in read.remarks] == [
        "line 2: title ends before '# in pounds'",
        "line 7: cells ends before '# per visit'",
    ]
    assert all(remark in str(read) for remark in read.remarks)
    assert "# per visit" in read._repr_html_()
    listed = Comparison.from_text(TRIED.replace("[One, Two, Three]", "\n  - One # 1\n  - B\n  - C"))
    assert len(listed.remarks) == 1
    assert THREE.remarks == ()
