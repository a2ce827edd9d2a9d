"""Sensitivity of a made-up result: each figure recomputed from a changed table."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import synthesis as syn
from logicmodels import LogicModel

Named = dict[str, Any]


@pytest.fixture
def found(lines: pd.DataFrame, named: Named, model: LogicModel) -> syn.ValueForMoney:
    return syn.value_for_money(lines, model=model, **named)


def with_amount(
    lines: pd.DataFrame, line: str, amount: float, named: Named, model: LogicModel
) -> syn.ValueForMoney:
    table = lines.astype(object)
    some = table["line"] == line
    table["amount"] = table["amount"].where(~some, amount)
    for name in ("quantity", "unit_value", "low", "high"):
        table[name] = table[name].where(~some, None)
    return syn.value_for_money(table, model=model, **named)


def test_one_way_is_the_result_of_a_changed_table(
    found: syn.ValueForMoney, lines: pd.DataFrame, named: Named, model: LogicModel
) -> None:
    table = found.one_way()
    assert set(table["line"]) == {"staff", "fewer admissions"}
    assert table["span"].is_monotonic_decreasing
    for row in table.itertuples():
        for end in ("low", "high"):
            again = with_amount(lines, str(row.line), getattr(row, end), named, model)
            assert getattr(row, f"npsv_{end}") == pytest.approx(again.npsv)
            assert getattr(row, f"bcr_{end}") == pytest.approx(again.bcr)


def test_at_its_switching_value_nothing_is_gained(
    found: syn.ValueForMoney, lines: pd.DataFrame, named: Named, model: LogicModel
) -> None:
    table = found.switching_values().set_index("line")
    for line in ("staff", "fewer admissions", "confidence"):
        amount = table.loc[line, "switching_amount"]
        if line == "confidence":  # even without it the programme is worth its costs
            assert pd.isna(amount)
            continue
        assert with_amount(lines, line, amount, named, model).npsv == pytest.approx(0, abs=1e-9)
    whole = table.loc["all benefits together"]
    assert whole["change"] == pytest.approx(100 * (found.costs / found.benefits - 1))
    assert "benefits claimed" not in table.index


def test_scenarios_are_computed_anew(
    found: syn.ValueForMoney, lines: pd.DataFrame, named: Named, model: LogicModel
) -> None:
    table = found.scenarios(
        {"half": {"*": {"attribution": 25}}, "late": {"fewer admissions": {"first_year": 1}}}
    ).set_index("scenario")
    assert table.loc["base case", "npsv"] == found.npsv
    assert table.loc["half", "benefits"] == pytest.approx(found.benefits / 2)
    again = lines.assign(first_year=[0, 1, 1, 0, None])
    assert table.loc["late", "npsv"] == pytest.approx(
        syn.value_for_money(again, model=model, **named).npsv
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"x": {"stafff": {"amount": 1}}}, "there is no line 'stafff'"),
        ({"x": {"staff": {"amuont": 1}}}, "Did you mean 'amount'?"),
        ({"x": {"*": {"attribution": 130}}}, "attribution must be a percentage from 0 to 100"),
    ],
)
def test_a_scenario_that_cannot_be(
    changed: dict[str, Any], said: str, found: syn.ValueForMoney
) -> None:
    with pytest.raises(syn.DataError) as caught:
        found.scenarios(changed)
    assert said in str(caught.value)


def test_a_simulation_can_be_repeated(found: syn.ValueForMoney) -> None:
    one, same, other = (found.simulate(seed=seed, draws=2000) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one.draws, same.draws)
    assert not one.draws.equals(other.draws)
    assert "Without a range and so held fixed: confidence." in str(one)
    assert "independently of each other: staff, fewer admissions" in str(one)


def test_a_simulation_has_the_mean_of_its_triangles(found: syn.ValueForMoney) -> None:
    """The mean of a triangle is that of its three corners, and NPSV is linear in the amounts."""
    drawn = found.simulate(seed=7, draws=200_000).draws["npsv"]
    pv = found.lines.set_index("line")["pv"]
    staff = pv["staff"] * ((800 + 1000 + 1500) / 3) / 1000
    admissions = pv["fewer admissions"] * ((3000 + 6000 + 9000) / 3) / 6000
    expected = admissions + pv["confidence"] - staff
    # Four standard errors of the mean of as many draws.
    assert drawn.mean() == pytest.approx(expected, abs=4 * drawn.std() / 200_000**0.5)


def test_without_ranges_there_is_nothing_to_draw(
    lines: pd.DataFrame, named: Named, model: LogicModel
) -> None:
    certain = syn.value_for_money(lines.drop(columns=["low", "high"]), model=model, **named)
    with pytest.raises(syn.DataError, match=r"no line has a range\. Fill in low and high"):
        certain.simulate(seed=1)
    assert certain.one_way().empty


def test_options_of_a_simulation(found: syn.ValueForMoney) -> None:
    with pytest.raises(syn.OptionError, match="draws must be a whole number from 1"):
        found.simulate(seed=1, draws=0)
    for seed in (1.5, -1, "2026"):
        with pytest.raises(syn.OptionError, match="seed must be a whole number of 0 or more"):
            found.simulate(seed=seed)  # type: ignore[arg-type]
    with pytest.raises(syn.OptionError, match="so that the draws can be repeated"):
        found.simulate(seed=None)  # type: ignore[arg-type]
