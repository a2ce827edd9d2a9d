"""Words in texts, and codes that stand together."""

from __future__ import annotations

import inspect
import math

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError, OptionError
from synthesis.coding.content import co_occurrence, find_indicators, keyword_in_context, saturation
from synthesis.datasets import load

TEXTS = pd.DataFrame(
    {
        "unit": ["A1", "A2", "A3"],
        "text": [
            "Care with respect. CARE  for staff; careful, childcare.",
            None,
            "L'équipe prend soin: bien-être, unkindness and co-ordination (3Cs+).",
        ],
    }
)


def found(*terms: str) -> list[str]:
    return find_indicators(TEXTS, {"it": list(terms)})["found"].tolist()


def test_whole_words_in_any_capitals() -> None:
    assert found("care") == ["Care", "CARE"]
    assert found("care*") == ["Care", "CARE", "careful"]
    assert found("*care") == ["Care", "CARE", "childcare"]
    assert found("*kind*") == ["unkindness"]


def test_phrases_over_any_space() -> None:
    assert found("care for") == ["CARE  for"]
    assert found("care with respect") == ["Care with respect"]


def test_accents_hyphens_and_signs_are_taken_as_written() -> None:
    assert found("équipe") == ["équipe"]
    assert found("bien-être") == ["bien-être"]
    assert found("co-ord*") == ["co-ordination"]
    assert found("3cs+") == ["3Cs+"]
    assert found("c.re") == []


def test_every_find_points_back_into_its_text() -> None:
    actions = load("sixcs", "actions")
    finds = find_indicators(
        actions,
        {"patients": ["patient*", "people"], "staff": ["staff*", "nurse*", "midwi*"]},
        unit="action_id",
        text="action",
    )
    text = actions.set_index("action_id")["action"]
    assert not finds.empty
    for find in finds.itertuples():
        assert text[find.action_id][find.start : find.end] == find.found
    assert finds.equals(finds.sort_values(["action_id", "start", "end"], kind="stable"))


def test_keyword_in_context() -> None:
    lines = keyword_in_context(TEXTS, "care", width=8)
    assert lines.to_numpy().tolist() == [
        ["A1", "", "Care", " with re", 0],
        ["A1", "espect. ", "CARE", "  for st", 19],
    ]


def test_keyword_in_context_loses_nothing() -> None:
    wide = keyword_in_context(TEXTS, "care", width=100)
    for line in wide.itertuples():
        assert line.left + line.keyword + line.right == TEXTS["text"][0]


def test_nothing_found_is_an_empty_table() -> None:
    assert found("absent") == []
    assert list(keyword_in_context(TEXTS, "absent").columns) == [
        "unit", "left", "keyword", "right", "start",
    ]  # fmt: skip


def test_co_occurrence() -> None:
    codings = pd.DataFrame(
        {"unit": [1, 1, 1, 2, 3], "code": ["care", "staff", "care", "care", "law"]}
    )
    counts = co_occurrence(codings, order=["law", "care", "staff", "money"])
    assert counts.to_numpy().tolist() == [[1, 0, 0, 0], [0, 2, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]]
    shares = co_occurrence(codings, order=["law", "care", "staff", "money"], share=True)
    assert shares.loc["care", "staff"] == 1 / 2
    assert shares.loc["care", "care"] == 1
    assert math.isnan(shares.loc["money", "money"])
    assert shares.equals(shares.T)


def test_saturation() -> None:
    codings = pd.DataFrame({"unit": ["B", "A", "A", "C"], "code": ["x", "x", "y", None]})
    assert saturation(codings)[["unit", "new", "seen"]].to_numpy().tolist() == [
        ["B", "x", 1],
        ["A", "y", 2],
    ]
    in_order = saturation(codings, units=["A", "C", "B"])
    assert in_order.to_numpy().tolist() == [["A", "x; y", 2], ["C", "", 2], ["B", "", 2]]
    with pytest.raises(DataError, match="units: not among those listed: B"):
        saturation(codings, units=["A"])


def test_bad_terms_are_refused() -> None:
    for term in ["", "  ", "*", "--", "care *"]:
        with pytest.raises(DataError, match="is not a term"):
            keyword_in_context(TEXTS, term)
    with pytest.raises(DataError, match=r"indicators\['it'\]: give a list of words"):
        find_indicators(TEXTS, {"it": "care"})
    with pytest.raises(DataError, match="text: the table has no column 'words'"):
        find_indicators(TEXTS, {"it": ["care"]}, text="words")
    with pytest.raises(OptionError, match="width must be a whole number"):
        keyword_in_context(TEXTS, "care", width=-1)
    with pytest.raises(DataError, match="code: not in order: b"):
        co_occurrence(pd.DataFrame({"unit": [1], "code": ["b"]}), order=["a"])


def test_saturation_loses_no_code_of_a_unit_without_a_name() -> None:
    with pytest.raises(DataError, match="unit: every row must name it; blank in row 0"):
        saturation(pd.DataFrame({"unit": [None, "B"], "code": ["x", "y"]}))
    table = "a table, that is a pandas DataFrame, is needed"
    for call, argument in ((inspect.unwrap(saturation), "code"), (syn.saturation, "codings")):
        with pytest.raises(DataError, match=f"{argument}: {table}; got a list"):
            call([("B", "y")])
