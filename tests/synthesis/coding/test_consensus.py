"""Consensus: what was agreed, what was decided, and what is still open."""

from __future__ import annotations

import pandas as pd
import pytest

from arrowroot.errors import DataError
from synthesis.coding.codebook import Code, Codebook
from synthesis.coding.consensus import consensus

CODINGS = pd.DataFrame(
    [
        ("A1", "ann", "x"), ("A1", "bob", "x"),
        ("A2", "ann", "x"), ("A2", "bob", "y"),
        ("A3", "ann", "y"),
        ("A4", "ann", "y"), ("A4", "bob", "x"),
    ],
    columns=["unit", "coder", "code"],
)  # fmt: skip
BOOK = Codebook("b", "1", (Code("x", "X"), Code("y", "Y"), Code("z", "Z")))


def decisions(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["unit", "code", "by", "why"])


def test_without_decisions_differences_stay_open() -> None:
    settled = consensus(CODINGS)
    assert settled.codes["code"].to_dict() == {"A1": "x", "A3": "y"}
    assert settled.codes["how"].to_dict() == {"A1": "agreed", "A3": "one coder"}
    assert settled.open.index.tolist() == ["A2", "A4"]
    assert str(settled).splitlines() == [
        "Consensus: agreed 1 unit; one coder 1 unit; still open 2 units",
        "  Note: A2 is open: x (ann), y (bob)",
        "  Note: A4 is open: y (ann), x (bob)",
    ]
    assert "<li>A2 is open: x (ann), y (bob)</li>" in settled._repr_html_()


def test_decisions_say_who_and_why() -> None:
    made = decisions(("A2", "z", "both", "neither fits"), ("A1", "y", "ann", "new rule"))
    settled = consensus(CODINGS, made, codebook=BOOK)
    assert settled.codes.loc["A2"].tolist() == ["z", "decided", "both", "neither fits"]
    assert settled.codes.loc["A1"].tolist() == ["y", "overruled", "ann", "new rule"]
    assert settled.open.index.tolist() == ["A4"]


def test_confirming_what_was_agreed_overrules_nothing() -> None:
    settled = consensus(CODINGS, decisions(("A1", "x", "ann", "checked")))
    assert settled.codes.loc["A1", "how"] == "decided"


def test_no_unit_is_lost() -> None:
    for made in (None, decisions(("A2", "x", "both", "so"))):
        settled = consensus(CODINGS, made)
        assert {*settled.codes.index, *settled.open.index} == set(CODINGS["unit"])
        assert not set(settled.codes.index) & set(settled.open.index)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("A9", "x", "ann", "so")], "decisions: nobody coded A9"),
        ([("A2", "x", "ann", "so")] * 2, "decisions: more than one for A2"),
        ([("A2", "x", "ann", "")], "'why' is blank for A2. A decision must say which code, who"),
        ([("A2", "x", None, "so")], "'by' is blank for A2"),
        ([("A2", "xx", "ann", "so")], r"decisions: not in the codebook 'b' 1: 'xx' \(did you mean"),
    ],
)
def test_bad_decisions_are_refused(rows: list[tuple[object, ...]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        consensus(CODINGS, decisions(*rows), codebook=BOOK)
    with pytest.raises(DataError, match="decisions: the table has no column 'why'"):
        consensus(CODINGS, decisions(*rows).drop(columns="why"))
