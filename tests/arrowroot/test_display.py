"""One table for every result, and what is displayed of it."""

from __future__ import annotations

import copy
import pickle
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from arrowroot.display import Bold, Marked, Shown, html_table

HOSTILE = "<script>alert('x')</script> & \x02\u202e"


def cells(html: str, tag: str) -> list[ET.Element]:
    return list(ET.fromstring(f"<div>{html}</div>").iter(tag))


def test_nothing_reaches_the_page_unescaped() -> None:
    html = html_table(
        HOSTILE,
        [HOSTILE, HOSTILE],
        [[HOSTILE, [HOSTILE, (Bold(HOSTILE), Marked(HOSTILE))]]],
        notes=[HOSTILE],
        heading=HOSTILE,
    )
    assert "<script" not in html
    assert not set(html) & {"\x02", "\u202e"}
    assert "".join(ET.fromstring(f"<div>{html}</div>").itertext()).count("alert('x')") == 9


def test_screen_readers_find_caption_and_headings() -> None:
    html = html_table("Leaves", ["Tree", "Leaves"], [["Oak", "1,200"], ["Elm", "80"]])
    assert [one.text for one in cells(html, "caption")] == ["Leaves"]
    headings = [(one.get("scope"), one.text) for one in cells(html, "th")]
    assert headings == [("col", "Tree"), ("col", "Leaves"), ("row", "Oak"), ("row", "Elm")]
    corner = html_table("Leaves", ["", "Oak"], [["green", "yes"]])
    assert [one.get("scope") for one in cells(corner, "th")] == ["col", "row"]


@pytest.mark.parametrize(
    ("values", "side"),
    [
        (["0.56 [0.43, 0.69]", "–"], "right"),
        (["< 0.001", "1,200"], "right"),
        (["12 of 40", "3"], "left"),
        (["", ""], "left"),
    ],
)
def test_columns_of_numbers_are_aligned_right(values: Sequence[str], side: str) -> None:
    html = html_table("", ["Study", "Value"], [["A01", value] for value in values])
    assert "<caption" not in html
    for one in [*cells(html, "td"), cells(html, "th")[1]]:
        assert f"text-align:{side}" in str(one.get("style"))
    assert "text-align:left" in str(cells(html, "th")[0].get("style"))


def test_lines_of_a_cell_are_a_list_and_many_are_folded_away() -> None:
    html = html_table("", ["", ""], [["a", ["one"]], ["b", [str(n) for n in range(6)]]], folded=4)
    assert [one.text for one in cells(html, "li")] == list("012345")
    assert [one.text for one in cells(html, "summary")] == ["and 2 more"]
    assert "<summary" not in html_table("", ["", ""], [["b", [str(n) for n in range(5)]]], folded=4)


def test_a_table_without_rows_is_a_sentence_with_its_notes() -> None:
    assert html_table("No change", ["what"], [], notes=["Noted."]) == (
        "<p>No change</p><ul><li>Noted.</li></ul>"
    )


def test_rows_are_indented() -> None:
    html = html_table("", ["Code"], [["a"], ["b"]], depths=[0, 2])
    assert re.findall(r"padding-left:(\S+)em", html) == ["2.9"]


def test_rows_of_different_lengths_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="zip"):
        html_table("", ["a", "b"], [["1", "2"], ["1"]])


@dataclass(frozen=True, eq=False, repr=False)
class Result(Shown):
    """Made up."""

    table: pd.DataFrame
    weights: pd.Series
    other: pd.DataFrame | None

    def _title(self) -> str:
        return "Result"

    def _facts(self) -> Sequence[tuple[str, str]]:
        return [("rows", str(len(self.table)))]


def test_whoever_changes_a_table_of_a_result_changes_nothing_in_it() -> None:
    table = pd.DataFrame({"study": ["Oak", "Elm"], "yi": [0.1, 0.2]})
    result = Result(table.copy(), pd.Series([60.0, 40.0]), None)
    handed_out, weights = result.table, result.weights
    handed_out.loc[0, "yi"] = 99
    handed_out["new"] = 1
    weights[0] = 99
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas 3 says that this changes a copy
        result.table.loc[0, "yi"] = 99
    pd.testing.assert_frame_equal(result.table, table)
    assert result.weights.tolist() == [60.0, 40.0]
    assert result.other is None
    assert str(result) == "Result: rows 2"


@dataclass(frozen=True, eq=False, repr=False)
class Richer(Shown):
    """Made up."""

    covariance: np.ndarray
    counts: dict[str, Any]
    problems: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"line": [1]}))
    more: pd.DataFrame | None = None


def test_arrays_dictionaries_and_defaults_of_a_result_are_copies_as_tables_are() -> None:
    result = Richer(np.eye(2), {"screened": 3, "excluded": {"design": 1}})
    result.covariance[0, 0] = 99
    result.counts["screened"] = 99
    result.counts["excluded"]["design"] = 99
    handed_out = result.problems
    handed_out["new"] = 1
    assert result.covariance.tolist() == [[1, 0], [0, 1]]
    assert result.counts == {"screened": 3, "excluded": {"design": 1}}
    assert result.problems.columns.tolist() == ["line"]
    assert result.more is None
    other = Richer(np.eye(1), {}, more=pd.DataFrame({"a": [1]}))
    assert other.more is not None
    del other.problems["line"]
    for one in (other, Richer(np.eye(1), {})):
        assert one.problems.to_dict("list") == {"line": [1]}


def test_copied_and_pickled_results_are_whole() -> None:
    result = Richer(np.eye(2), {"screened": 3})
    for other in (copy.deepcopy(result), pickle.loads(pickle.dumps(result)), replace(result)):
        assert other.counts == {"screened": 3}
        assert other.covariance.tolist() == [[1, 0], [0, 1]]
        assert other.problems.to_dict("list") == {"line": [1]}


def test_no_heading_is_without_words() -> None:
    html = html_table("Codes", ["", "Code"], [["", "a"], ["b", "c"]])
    assert "></th>" not in html
    assert html.count("<th ") == 2
    assert html.count("<td") == 4
