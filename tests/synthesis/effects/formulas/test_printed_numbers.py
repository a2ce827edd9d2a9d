from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synthesis.effects.formulas.printed_numbers import parse_p_values


@pytest.mark.parametrize("cell", ["0.03", ".03", "= 0.03", "p=.03", "P = 0.03", 0.03, "3e-2"])
def test_exact(cell):
    p = parse_p_values(pd.Series([cell], dtype=object))
    assert p.loc[0, "exact"] == 0.03
    assert not p.loc[0, ["useless", "wrong"]].any()


@pytest.mark.parametrize("cell", ["<0.05", "< .05", "p<0.05", "≤0.05"])
def test_bound(cell):
    p = parse_p_values(pd.Series([cell]))
    assert p.loc[0, "below"] == 0.05
    assert np.isnan(p.loc[0, "exact"])


@pytest.mark.parametrize("cell", ["NS", "n.s.", ">0.05", "not significant", "0.000", 0])
def test_useless(cell):
    p = parse_p_values(pd.Series([cell], dtype=object))
    assert p.loc[0, "useless"]
    assert not p.loc[0, "wrong"]


@pytest.mark.parametrize(
    ("cell", "bound"),
    [("0.000", 5e-4), (".000", 5e-4), ("p = .00", 5e-3), ("<0.000", 5e-4), ("0.0000", 5e-5)],
)
def test_zero_with_decimals_is_a_bound(cell, bound):
    assert parse_p_values(pd.Series([cell])).loc[0, "rounded"] == bound


@pytest.mark.parametrize("cell", [0, 0.0, "0", "0.", "0.0"])
def test_zero_without_decimals_is_no_bound(cell):
    p = parse_p_values(pd.Series([cell], dtype=object))
    assert p.loc[0, "zero"]
    assert np.isnan(p.loc[0, "rounded"])


@pytest.mark.parametrize("cell", ["often", "1.2", "-0.1", "1,030", "<0.05*"])
def test_wrong(cell):
    assert parse_p_values(pd.Series([cell])).loc[0, "wrong"]


def test_blank():
    p = parse_p_values(pd.Series([None, "", np.nan], dtype=object))
    assert p[["exact", "below"]].isna().all(axis=None)
    assert not p[["useless", "wrong"]].any(axis=None)
