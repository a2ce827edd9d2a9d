"""The long table of codings: what is refused, what is shown."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from arrowroot.errors import DataError
from synthesis.coding.agreement.agreement import agreement_by_code
from synthesis.coding.codebook import Code, Codebook
from synthesis.coding.codings import (
    check_codings,
    coded_units,
    disagreements,
    read_codings,
    uncoded,
)
from synthesis.coding.consensus import consensus
from synthesis.coding.content import saturation

UNITS = pd.DataFrame({"unit": ["A1", "A2", "A3"], "text": ["one", "two", "three"]})
BOOK = Codebook("Types", "1", (Code("staff", "Staff"), Code("patient", "Patients")))


def codings(*rows: tuple[object, object, object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["unit", "coder", "code"])


BOTH = codings(
    ("A1", "ann", "staff"), ("A2", "ann", "staff"), ("A3", "ann", "patient"),
    ("A1", "bob", "staff"), ("A2", "bob", "patient"), ("A3", "bob", "patient"),
)  # fmt: skip


def test_units_beside_their_codes() -> None:
    coded = coded_units(UNITS, BOTH, codebook=BOOK)
    assert list(coded.columns) == ["unit", "text", "coder", "code"]
    assert len(coded) == 6
    assert coded.set_index(["unit", "coder"]).loc[("A3", "bob")].tolist() == ["three", "patient"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("A1", "ann", "patient")], "more than one code for A1 by ann"),
        ([("A1", "ann", "staff")], "the same code twice for A1 by ann"),
        ([("A4", "ann", None)], "no code for A4 by ann"),
        ([(None, "ann", "staff")], "no unit in row 6"),
        ([("A4", None, "staff")], "no coder in row 6"),
        ([("A33", "ann", "staff")], r"unknown unit 'A33' \(did you mean 'A3'\?\)"),
        ([("A9", "ann", "stff")], r"unknown unit 'A9'"),
    ],
)
def test_unsound_codings_are_refused(rows: list[tuple[object, ...]], message: str) -> None:
    table = pd.concat([BOTH, codings(*rows)], ignore_index=True)
    with pytest.raises(DataError, match=message):
        check_codings(table, units=UNITS["unit"], codebook=BOOK)


def test_every_problem_is_named_at_once() -> None:
    table = pd.concat([BOTH, codings(("A1", "ann", "patient"), ("A9", "bob", None))])
    with pytest.raises(DataError) as raised:
        check_codings(table, units=UNITS["unit"])
    assert "no code for A9 by bob; more than one code for A1 by ann; unknown unit 'A9'" in str(
        raised.value
    )


def test_several_codes_where_they_are_meant() -> None:
    table = pd.concat([BOTH, codings(("A1", "ann", "patient"))], ignore_index=True)
    assert check_codings(table, several=True) is table
    with pytest.raises(DataError, match=r"not in the codebook 'Types' 1: 'stafff' \(did you mean"):
        check_codings(table.replace("staff", "stafff"), several=True, codebook=BOOK)


def test_a_coder_who_left_units_out() -> None:
    left = BOTH.iloc[:5]
    assert uncoded(left, UNITS["unit"]).to_numpy().tolist() == [["A3", "bob"]]
    with pytest.raises(DataError, match="not coded: A3 by bob"):
        coded_units(UNITS, left)


def test_units_that_cannot_be_joined() -> None:
    with pytest.raises(DataError, match="unit must differ; repeated: A1"):
        coded_units(pd.concat([UNITS, UNITS.head(1)]), BOTH)
    with pytest.raises(DataError, match=r"unknown unit 'A1' \(did you mean '1'\?\)"):
        coded_units(UNITS.assign(unit=[1, 2, 3]), BOTH)


def test_disagreements_side_by_side() -> None:
    table = disagreements(pd.concat([BOTH, codings(("A7", "ann", "staff"))]))
    assert table.to_dict("index") == {"A2": {"ann": "staff", "bob": "patient"}}
    several = pd.concat([BOTH, codings(("A1", "ann", "patient"))])
    assert disagreements(several).loc["A1"].tolist() == ["patient; staff", "staff"]


def test_read_codings(tmp_path: Path) -> None:
    path = tmp_path / "codings.csv"
    BOTH.to_csv(path, index=False)
    assert read_codings(path, codebook=BOOK).to_numpy().tolist() == BOTH.to_numpy().tolist()


@pytest.mark.parametrize("column", ["unit", "coder"])
def test_disagreements_pass_over_no_row_that_names_nothing(column: str) -> None:
    codings = pd.DataFrame({"unit": ["A", "A"], "coder": ["ann", "bob"], "code": ["x", "y"]})
    codings.loc[0, column] = None
    with pytest.raises(DataError, match=f"{column}: every row must name it; blank in row 0"):
        disagreements(codings)


def test_without_codes_nobody_disagrees() -> None:
    nothing = pd.DataFrame({"unit": ["A"], "coder": ["ann"], "code": [None]})
    assert disagreements(nothing).empty


def test_an_index_may_be_called_unit_as_well() -> None:
    codings = pd.DataFrame({"unit": ["A", "A"], "coder": ["ann", "bob"], "code": ["x", "y"]})
    named = codings.rename_axis(index="unit")
    assert disagreements(named).equals(disagreements(codings))
    units = pd.DataFrame({"unit": ["A"], "text": ["t"]})
    assert len(coded_units(units, named)) == 2
    assert consensus(named).codes.equals(consensus(codings).codes)
    assert saturation(named)["seen"].tolist() == [2]
    assert agreement_by_code(named).equals(agreement_by_code(codings))
