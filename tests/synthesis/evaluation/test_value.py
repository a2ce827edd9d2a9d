"""Value for money of made-up lines, against sums by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

import synthesis as syn
from arrowroot.errors import ArrowrootError
from logicmodels import LogicModel

Named = dict[str, Any]
RATE = 1.035


@pytest.fixture
def found(lines: pd.DataFrame, named: Named, model: LogicModel) -> syn.ValueForMoney:
    return syn.value_for_money(lines, model=model, **named)


def test_the_sums_by_hand(found: syn.ValueForMoney) -> None:
    costs = 1000 * 1.1 * (1 + 1 / RATE)
    kept = 0.8 * 0.5 * 0.75
    admissions = 6000 * kept * (1 + 0.9 / RATE + 0.81 / RATE**2)
    confidence = 2000 * kept / RATE
    assert found.costs == pytest.approx(costs, rel=1e-12)
    assert found.benefits == pytest.approx(admissions + confidence, rel=1e-12)
    assert found.npsv == pytest.approx(admissions + confidence - costs, rel=1e-12)
    assert found.bcr == pytest.approx((admissions + confidence) / costs, rel=1e-12)
    pv = found.lines.set_index("line")["pv"]
    assert pv["fewer admissions"] == pytest.approx(admissions, rel=1e-12)


def test_every_table_adds_up(found: syn.ValueForMoney) -> None:
    assert found.years["net_pv"].sum() == pytest.approx(found.npsv)
    assert found.years["cumulative_pv"].iloc[-1] == pytest.approx(found.npsv)
    assert found.streams["net"].sum() == pytest.approx(found.npsv)
    assert found.parties["net"].sum() == pytest.approx(found.npsv)
    assert found.streams["costs"].sum() == pytest.approx(found.costs)


def test_a_transfer_changes_hands_and_counts_in_no_total(found: syn.ValueForMoney) -> None:
    parties = found.parties.set_index("who")
    assert parties.loc["state", "pays"] == 500
    assert parties.loc["patients", "gains"] == pytest.approx(
        500 + found.lines.set_index("line").loc["confidence", "pv"]
    )
    assert "Transfers change hands and count in no total: benefits claimed." in str(found)


def test_effects_without_a_price_are_listed(found: syn.ValueForMoney) -> None:
    assert found.unmonetised["line"].tolist() == ["company"]
    assert "Without a price, and not in the ratio: company." in str(found)


def test_each_ratio_says_what_is_over_what(found: syn.ValueForMoney) -> None:
    rows = found.ratios.set_index("numerator")
    pv = found.lines.set_index("line")["pv"]
    firm = rows.loc["benefits that rest on arrows of moderate or high certainty"]
    assert firm["ratio"] == pytest.approx(pv["confidence"] / found.costs)
    fiscal = rows.loc["fiscal benefits"]
    assert fiscal["denominator"] == "fiscal costs"
    assert fiscal["ratio"] == pytest.approx(pv["fewer admissions"] / found.costs)
    rest = rows.loc["economic and social benefits"]
    assert rest["costs"] == pytest.approx(found.costs - pv["fewer admissions"])
    # What is left of the costs is below 0, and of that there is no ratio.
    assert np.isnan(rest["ratio"])


def test_benefits_on_weak_arrows_are_flagged_in_the_same_table(found: syn.ValueForMoney) -> None:
    rows = found.lines.set_index("line")
    weak = rows.loc["fewer admissions"]
    assert weak[["certainty", "weakest_arrow", "flag"]].tolist() == [
        "low",
        "falls → admissions",
        True,
    ]
    firm = rows.loc["confidence"]
    assert firm[["certainty", "flag"]].tolist() == ["moderate", False]
    assert not rows.loc["staff", "flag"]
    share = 100 * weak["pv"] / found.benefits
    assert f"{share:.0f}% of the benefits rest on arrows of low or no certainty" in (
        found.sentence()
    )
    assert "⚑ low" in found._repr_html_()


@pytest.mark.parametrize(
    ("evidence", "certainty"),
    [
        ("", "no evidence"),
        ("evidence: [{outcome: joy, k: 0}]", "no evidence"),
        ("evidence: [{outcome: joy, direction: adverse, certainty: high, k: 2}]", "against it"),
        ("evidence: [{outcome: joy, direction: no difference, k: 2}]", "against it"),
        ("evidence: [{outcome: joy, direction: supports, k: 2}]", "not judged"),
        ("evidence: [{outcome: joy, direction: supports, certainty: very low, k: 2}]", "very low"),
        (
            "evidence: [{outcome: joy, direction: supports, certainty: high}, {outcome: woe, "
            "direction: adverse, certainty: high}]",
            "mixed by outcome",
        ),
    ],
)
def test_what_an_arrow_can_be(
    evidence: str, certainty: str, lines: pd.DataFrame, named: Named, model: LogicModel
) -> None:
    text = model.to_yaml()
    arrow = "- {from: visits, to: joy}"
    assert arrow in text
    changed = LogicModel.from_text(
        text.replace(arrow, f"- {{from: visits, to: joy{', ' + evidence if evidence else ''}}}")
    )
    moved = lines.assign(along=lines["along"].where(lines["line"] != "confidence", "visits > joy"))
    rows = syn.value_for_money(moved, model=changed, **named).lines.set_index("line")
    assert rows.loc["confidence", ["certainty", "flag"]].tolist() == [certainty, True]


def test_without_a_model_nothing_is_traced(lines: pd.DataFrame, named: Named) -> None:
    found = syn.value_for_money(lines.drop(columns="along"), **named)
    assert found.lines.query("kind == 'benefit'")["flag"].all()
    assert "nothing is known of the evidence behind the benefits" in str(found)


def test_the_model_may_come_first(
    lines: pd.DataFrame, named: Named, model: LogicModel, found: syn.ValueForMoney
) -> None:
    assert syn.value_for_money(model, lines, **named).npsv == found.npsv


def test_payback(lines: pd.DataFrame, named: Named, model: LogicModel) -> None:
    good = syn.value_for_money(lines, model=model, **named)
    sums = good.years["cumulative_pv"].to_numpy()
    assert good.payback is not None
    assert (sums[good.payback :] >= 0).all()
    assert good.payback == 0 or sums[good.payback - 1] < 0
    dear = lines.assign(amount=lines["amount"].where(lines["kind"] != "cost", 9000), low=None)
    dear = dear.assign(high=None)
    bad = syn.value_for_money(dear, model=model, **named)
    assert bad.npsv < 0
    assert bad.payback is None
    assert "It does not pay back within these years." in bad.sentence()


def test_delay_moves_a_benefit(lines: pd.DataFrame, named: Named, model: LogicModel) -> None:
    late = lines.assign(delay=[None, None, 3, None, None])
    rows = syn.value_for_money(late, model=model, **named).lines.set_index("line")
    assert rows.loc["confidence", "pv"] == pytest.approx(2000 * 0.8 * 0.5 * 0.75 / RATE**4)


def test_years_cut_off_are_said(lines: pd.DataFrame, named: Named, model: LogicModel) -> None:
    found = syn.value_for_money(lines, model=model, years=1, **named)
    assert len(found.years) == 2
    assert "Cut off after year 1: fewer admissions." in str(found)


def test_prices_of_another_year(lines: pd.DataFrame, named: Named, model: LogicModel) -> None:
    old = lines.assign(price_year=[2026, 2020, 2026, 2026, None])
    with pytest.raises(syn.DataError, match=re.escape("no index is known for 2020, 2026")):
        syn.value_for_money(old, model=model, **named)
    index = {2020: 80.0, 2026: 100.0}
    found = syn.value_for_money(old, model=model, deflators=index, **named)
    same = syn.value_for_money(lines, model=model, **named)
    one, other = (x.lines.set_index("line")["pv"] for x in (found, same))
    assert one["fewer admissions"] == pytest.approx(other["fewer admissions"] * 100 / 80)
    assert one["staff"] == other["staff"]


def test_health_has_rates_of_its_own(lines: pd.DataFrame, named: Named, model: LogicModel) -> None:
    own = lines.assign(rates=["", "", "green-book-2026-health", "", ""])
    found = syn.value_for_money(own, model=model, **named)
    pv = found.lines.set_index("line").loc["confidence", "pv"]
    assert pv == pytest.approx(2000 * 0.8 * 0.5 * 0.75 / 1.015)
    assert "green-book-2026-health (February 2026): 1.5%" in str(found)


def test_a_cell_shown_as_a_percentage_is_what_was_seen(
    lines: pd.DataFrame, named: Named, tmp_path: Path
) -> None:
    book = Workbook()
    page = book.worksheets[0]
    table = lines.drop(columns="along").astype(object).where(lines.drop(columns="along").notna())
    page.append(list(table))
    for row in table.itertuples(index=False):
        page.append(list(row))
    at = list(table).index("deadweight") + 1
    page.cell(3, at, 0.2).number_format = "0%"
    book.save(tmp_path / "lines.xlsx")
    book.close()
    found = syn.value_for_money(tmp_path / "lines.xlsx", **named)
    assert found.lines.set_index("line").loc["fewer admissions", "deadweight"] == 20
    assert "line 3, deadweight: shown as 20% in the workbook, and read as 20." in str(found)


FAULTS: list[tuple[int, Mapping[str, object], str]] = [
    (0, {"amount": None}, "amount is blank, and so is quantity or unit_value; got a blank cell"),
    (0, {"amount": "£1,000"}, "without a pound sign and without commas"),
    (0, {"amount": -5, "low": None, "high": None}, "a saving is a benefit, not a negative cost"),
    (0, {"optimism": None}, "optimism must be filled in for this kind of line"),
    (0, {"deadweight": 10}, "deadweight has no meaning for this kind of line"),
    (0, {"price_year": None}, "2026 if it is that of price_base"),
    (0, {"source": ""}, "source must say where the amount comes from"),
    (0, {"high": None}, "low and high belong together"),
    (0, {"low": 1200}, "low and high must enclose the amount"),
    (0, {"last_year": 0, "first_year": 1}, "last_year must not be before first_year"),
    (0, {"delay": 1}, "delay is for benefits only"),
    (0, {"kind": "saving"}, "kind must be one of 'cost', 'benefit', 'transfer', 'unmonetised'"),
    (0, {"stream": "money"}, "stream must be one of"),
    (1, {"amount": 6000}, "is given beside quantity and unit_value"),
    (1, {"attribution": None}, "write 100 if all of it is due to the programme. None is assumed"),
    (1, {"attribution": "30 percent"}, "Write 30 for 30%"),
    (1, {"attribution": 0.8}, "is below 1, and may be a share instead of a percentage"),
    (1, {"attribution": 1}, "Write 100 if all of it is due to the programme; or 1% with the sign"),
    (1, {"deadweight": 0.2}, "may be a share"),
    (1, {"drop_off": 0.1}, "may be a share"),
    (1, {"optimism": "0.15"}, "may be a share"),
    (1, {"along": "visits >"}, "along must name two boxes or more"),
    (1, {"basis": ""}, "no percentage comes with Arrowroot"),
    (1, {"along": "visits > falls > admision"}, "Did you mean 'admissions'?"),
    (1, {"along": "visits > admissions"}, "the model has no arrow visits > admissions"),
    (1, {"along": "visits"}, "along must name two boxes or more"),
    (1, {"optimism": 120}, "optimism must be at most 100 for a benefit"),
    (3, {"payer": ""}, "payer must name who pays a transfer"),
    (4, {"amount": 5}, "amount is given for an effect that is 'unmonetised'"),
    (2, {"line": "staff"}, "the same line occurs again in row 2 (line 'staff')"),
    (2, {"rates": "green"}, "rates of 'confidence' must be one of"),
]


@pytest.mark.parametrize(("at", "cells", "said"), FAULTS)
def test_a_fault_is_named_with_what_to_do(
    at: int,
    cells: Mapping[str, object],
    said: str,
    lines: pd.DataFrame,
    named: Named,
    model: LogicModel,
) -> None:
    table = lines.astype(object)
    for column, value in cells.items():
        if column not in table:
            table[column] = None
        table[column] = [value if row == at else one for row, one in enumerate(table[column])]
    with pytest.raises(ArrowrootError, match=re.escape(said)) as caught:
        syn.value_for_money(table, model=model, **named)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rates": 0.035}, "DiscountRates('ours'"),
        ({"rates": "green-book-2025"}, "Did you mean 'green-book-2026'?"),
        ({"counterfactual": " "}, "what would have happened without the programme"),
        ({"price_base": 26}, "price_base must be the year"),
        ({"years": -1}, "the last year that counts"),
        ({"model": None}, "no logic model is given"),
        ({"deflators": {2020: -1}}, "a positive index is needed for each year"),
    ],
)
def test_options(
    changed: Named, said: str, lines: pd.DataFrame, named: Named, model: LogicModel
) -> None:
    with pytest.raises(ArrowrootError, match=re.escape(said)):
        syn.value_for_money(lines, **{**named, "model": model, **changed})


def test_a_model_alone_holds_no_amounts(named: Named, model: LogicModel) -> None:
    with pytest.raises(syn.OptionError, match="this is a logic model, and it holds no amounts"):
        syn.value_for_money(model, **named)
