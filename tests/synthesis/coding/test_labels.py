"""Units, coders and codes: which cells are one, in every function that compares codings."""

from __future__ import annotations

import pandas as pd
import pytest

from arrowroot.errors import DataError
from synthesis.coding.agreement.agreement import agreement, agreement_by_pair
from synthesis.coding.codebook import Code, Codebook
from synthesis.coding.codings import check_codings, coded_units, disagreements
from synthesis.coding.consensus import consensus
from synthesis.coding.tables import count_matching, cross_table

BOOK = Codebook("Synthetic", "1", (Code(" 1", "One"), Code("2", "Two", parent="1 ")))
YES = list("122211")


def codings(first: list[object], second: list[object]) -> pd.DataFrame:
    """Two synthetic coders on the same units."""
    rows = [(unit, "Xia", code) for unit, code in enumerate(first)]
    rows += [(unit, "Yun", code) for unit, code in enumerate(second)]
    return pd.DataFrame(rows, columns=["unit", "coder", "code"])


@pytest.mark.parametrize(
    "first", [list("112212"), [1, 1, 2, 2, 1, 2], [1.0, "1", 2, " 2", "1\u00a0", 2.0]]
)
def test_a_code_is_one_whether_it_is_a_number_or_text(first: list[object]) -> None:
    # Four of six units are alike; kappa is (2/3 - 1/2) / (1 - 1/2), by algebra.
    values = agreement(codings(first, YES))["value"]
    assert values["percent"] == pytest.approx(2 / 3, abs=1e-12)
    assert values["cohen_kappa"] == pytest.approx(1 / 3, abs=1e-12)


def test_units_may_be_numbers_for_one_coder_and_text_for_another() -> None:
    table = codings(YES, YES)
    table["unit"] = [*table["unit"][:6], *(f"{unit} " for unit in table["unit"][6:])]
    assert agreement(table).loc["percent", "value"] == 1.0
    assert disagreements(table).empty


def test_codes_of_true_and_one_are_two_codes() -> None:
    assert agreement(codings([True] * 6, [1] * 6)).loc["percent", "value"] == 0.0


def test_codes_that_differ_only_in_capitals_are_named_and_kept_apart() -> None:
    upper = codings(["Trust", "trust"] * 3, ["trust"] * 6)
    table = agreement(upper)
    note = (
        "Codes that differ only in capitals: 'Trust' and 'trust'. If they are one, spell them the "
        "same way."
    )
    assert table.loc["percent", "value"] == 0.5
    assert table.attrs["notes"] == [note]
    assert note.replace("'", "&#x27;") in table._repr_html_()
    assert check_codings(upper).attrs["notes"] == [note]
    assert note in consensus(upper).notes
    assert agreement_by_pair(upper).attrs["notes"] == [note]


def test_a_coder_is_one_person_whatever_the_capitals() -> None:
    table = codings(YES, YES)
    table["coder"] = ["Ann", "ann ", "ANN"] * 2 + ["Bob"] * 6
    pairs = agreement_by_pair(table)
    assert pairs[["first", "second", "units"]].to_numpy().tolist() == [["Ann", "Bob", 6]]
    twice = pd.DataFrame({"unit": ["A"] * 2, "coder": ["Ann", "ann"], "code": ["x", "y"]})
    with pytest.raises(DataError, match="more than one code for A by Ann"):
        check_codings(twice)
    counted = count_matching(table, {"ones": {"code": 1}})
    assert counted[["coder", "count"]].to_numpy().tolist() == [["Ann", 3], ["Bob", 3]]


def test_blank_cells_of_every_kind_are_said_to_be_blank() -> None:
    table = pd.DataFrame({"unit": ["A", " "], "coder": ["ann", "\u200b"], "code": ["x", ""]})
    with pytest.raises(DataError, match=r"no unit in row 1; no coder in row 1; no code for"):
        check_codings(table)


def test_a_codebook_knows_its_codes_whatever_their_type() -> None:
    assert BOOK.ids == ["1", "2"]
    assert [code.id for code in BOOK.path("2 ")] == ["1", "2"]
    check_codings(codings([1, 2, 2, 2, 1, 1], YES), codebook=BOOK)
    with pytest.raises(DataError, match="not in the codebook 'Synthetic' 1: 3"):
        BOOK.check([1, 3])
    table = pd.DataFrame({"id": [1.0, 2.0], "label": ["One", "Two"], "parent": [None, 1.0]})
    assert Codebook.from_frame(table, title="T", version="1").ids == ["1", "2"]
    with pytest.raises(DataError, match="the id 'a' occurs 2 times"):
        Codebook("Bad", "", (Code("a", "A"), Code("a\u00a0", "B")))


def test_units_of_numbers_join_codings_of_text() -> None:
    units = pd.DataFrame({"unit": [0, 1, 2, 3, 4, 5], "text": list("abcdef")})
    table = codings(YES, YES).astype({"unit": str})
    joined = coded_units(units, table)
    assert joined["unit"].tolist() == sorted([*range(6)] * 2)
    assert joined["text"].tolist() == sorted("abcdef" * 2)


def test_decisions_and_orders_name_units_and_codes_in_any_type() -> None:
    settled = consensus(
        codings(YES, list("112211")),
        pd.DataFrame({"unit": ["1 "], "code": [2], "by": ["both"], "why": ["a talk"]}),
    )
    assert settled.codes.loc[1].tolist() == ["2", "decided", "both", "a talk"]
    assert settled.open.empty
    table = cross_table(codings(YES, YES), "coder", "code", column_order=[2, 1])
    assert table.columns.tolist() == [2, 1, "total"]
    assert table.loc["total"].tolist() == [6, 6, 12]
    with pytest.raises(DataError, match="the order lists 1 more than once"):
        cross_table(codings(YES, YES), "coder", "code", column_order=[1, "1", 2])
