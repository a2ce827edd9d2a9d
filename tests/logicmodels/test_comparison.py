"""A comparison: checked text, a table, words and a figure."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from arrowroot.fonts import text_width
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


def changed(old: str, new: str) -> Comparison:
    assert old in TRIED
    return Comparison.from_text(TRIED.replace(old, new, 1), name="tried.yaml")


def test_the_words_are_those_that_ham_prints() -> None:
    assert HAM.columns == ("Command-and-control", "Systems thinking")
    assert [(row.heading, *row.cells) for row in HAM.rows] == [
        ("Perspective", "Top-down, hierarchy", "Outside-in, system"),
        ("Design", "Functional", "Demand, value and flow"),
        ("Decision-making", "Separated from work", "Integrated with work"),
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


@pytest.mark.parametrize("comparison", [HAM, THREE], ids=["ham", "three"])
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


@pytest.mark.parametrize("comparison", [HAM, THREE], ids=["ham", "three"])
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


def test_options_of_the_figure() -> None:
    assert "title [label" in HAM.draw().dot
    assert "title [label" not in HAM.draw(title=False).dot
    with pytest.raises(OptionError, match="theme must be one of"):
        HAM.draw(theme="neon")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[One, Two, Three]", "[One]", "line 3, column 10: a comparison has two or three columns"),
        ("[One, Two, Three]", "[A, B, C, D]", "a comparison has two or three columns; got 4"),
        ("[a, b, c]", "[a, b]", "line 7, column 12: a row needs a cell for each of the 3 columns;"),
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
