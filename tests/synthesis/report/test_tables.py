"""pandas' tables: text to the left, numbers to the right."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from arrowroot.display import without_empty_headings
from synthesis.report.tables import is_number, tidy


def classes(html: str, tag: str) -> list[tuple[str, str]]:
    found = re.findall(rf'<{tag}( class="text")?>(.*?)</{tag}>', html)
    return [("text" if marked else "number", cell) for marked, cell in found]


def test_columns_of_text_are_marked_with_their_headings() -> None:
    table = pd.DataFrame({"study": ["Grant", "Peck"], "estimate": [0.5, -1.25]})
    html = tidy(table.to_html())
    assert classes(html, "td") == [
        ("text", ""),  # above the row names, where no heading stands
        ("text", "Grant"),
        ("number", "0.50"),
        ("text", "Peck"),
        ("number", "-1.25"),
    ]
    assert classes(html, "th")[:2] == [("text", "study"), ("number", "estimate")]
    assert "<th></th>" not in html


def test_columns_are_told_beside_an_index_of_two_levels() -> None:
    index = pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")], names=["outcome", "window"])
    html = tidy(pd.DataFrame({"p": ["< 0.001", "0.02"], "word": ["so", "no"]}, index).to_html())
    # Above an index and beside its names there are cells without a word.
    assert [one for one in classes(html, "td") if one[1]] == [
        ("number", "&lt; 0.001"),
        ("text", "so"),
        ("number", "0.02"),
        ("text", "no"),
    ]
    assert ("text", "outcome") in classes(html, "th")


def test_tables_that_have_plain_corners_already_are_marked_alike() -> None:
    table = pd.DataFrame({"study": ["Grant", "Peck"], "estimate": [0.5, -1.25]})
    assert tidy(without_empty_headings(table.to_html())) == tidy(table.to_html())


def test_headings_over_several_columns_are_left_as_they_are() -> None:
    table = pd.DataFrame([["a", 1]], columns=pd.MultiIndex.from_tuples([("m", "x"), ("m", "y")]))
    assert 'class="text"' not in tidy(table.to_html())


def test_an_empty_table_stays_whole() -> None:
    html = tidy(pd.DataFrame({"a": []}).to_html())
    assert classes(html, "td") == [("text", "")]
    assert classes(html, "th") == [("text", "a")]


def test_pandas_own_style_is_dropped_and_other_tables_are_left() -> None:
    assert "<style" not in tidy(pd.DataFrame({"a": [1]})._repr_html_())
    other = "<table><tr><td>text</td></tr></table>"
    assert tidy(other) == other


@pytest.mark.parametrize(
    "cell",
    ["1", "-0.5", "−0.5", "0.56 [0.43, 0.69]", "&lt; 0.001", "1e-05", "15,327", "–", "NaN", ""],
)
def test_a_number_is_known_in_every_dress(cell: str) -> None:
    assert is_number(cell)


@pytest.mark.parametrize("cell", ["Grant", "A01", "1 study", "True", "<b>1</b>", "é", "Nancy"])
def test_text_is_not_taken_for_a_number(cell: str) -> None:
    assert not is_number(cell)
