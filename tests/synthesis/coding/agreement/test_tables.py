"""Agreement as a page shows it. All codings are synthetic."""

from __future__ import annotations

import html
import re

import numpy as np
import pandas as pd

from synthesis.coding.agreement.agreement import agreement, agreement_by_code, agreement_by_pair

PARADOX = pd.DataFrame(
    {
        "unit": [*range(125)] * 2,
        "coder": ["<ann>"] * 125 + ["bob"] * 125,
        "code": ["no"] * 123 + ["yes"] * 2 + ["no"] * 118 + ["yes"] * 5 + ["no"] * 2,
    }
)


def cells(table: pd.DataFrame) -> pd.DataFrame:
    """What a page shows, as text."""
    rows = [
        [html.unescape(cell) for cell in re.findall("<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall("<tr>(.*?)</tr>", str(table._repr_html_()))  # type: ignore[operator]
    ]
    return pd.DataFrame(rows[1:], columns=rows[0])


def notes(table: pd.DataFrame) -> str:
    return str(table._repr_html_()).partition("<ul>")[2]  # type: ignore[operator]


def test_values_are_rounded_on_the_page_alone() -> None:
    table = agreement(PARADOX)
    page = cells(table)
    assert page.to_numpy().tolist() == [
        ["Percent agreement", "94.4%"],
        ["Cohen's kappa", "-0.02"],
        ["Fleiss' kappa", "-0.03"],
        ["Krippendorff's alpha", "-0.02"],
        ["Gwet's AC1", "0.94"],
    ]
    assert table.loc["percent", "value"] == 118 / 125
    assert "Cohen&#x27;s kappa: Prevalence paradox" in notes(table)


def test_intervals_stand_beside_the_values_and_failures_below() -> None:
    table = agreement(PARADOX, bootstrap=500, seed=4)
    page = cells(table)
    assert list(page) == ["Coefficient", "Value", "95% interval, 500 draws"]
    low, high = table.loc["cohen_kappa", ["ci_low", "ci_high"]]
    assert page.iloc[1, 2] == f"[{low:.2f}, {high:.2f}]"
    low, high = 100 * table.loc["percent", ["ci_low", "ci_high"]]
    assert page.iloc[0, 2] == f"[{low:.1f}%, {high:.1f}%]"
    one = agreement(PARADOX.query("unit > 110"), bootstrap=200, confidence=0.9, seed=4)
    assert list(cells(one))[2] == "90% interval, 200 draws"


def test_failed_draws_are_counted_in_words() -> None:
    table = agreement(PARADOX.query("110 < unit < 119"), bootstrap=300, seed=2)
    failed = table.loc["cohen_kappa", "failed"]
    assert failed > 50  # (7/8)^8 of the draws miss the one unit with a yes: a third
    said = f"undefined in {failed} of 300 draws, which the interval leaves out."
    assert f"Cohen&#x27;s kappa, Fleiss&#x27; kappa, Krippendorff&#x27;s alpha: {said}" in notes(
        table
    )


def test_a_reason_that_holds_for_all_is_said_once() -> None:
    table = agreement(PARADOX.assign(code="no"))
    assert cells(table)["Value"].tolist() == ["100.0%", *["–"] * 4]
    assert notes(table).count("only one category") == 1


def test_by_code_a_row_a_code() -> None:
    table = agreement_by_code(PARADOX)
    page = cells(table)
    assert page["Code"].tolist() == ["no", "yes"]
    assert page["Prevalence"].tolist() == ["97.2%", "2.8%"]
    assert page["Cohen's kappa"].tolist() == ["-0.02", "-0.02"]
    drawn = cells(agreement_by_code(PARADOX, bootstrap=50, seed=1))
    assert drawn["Percent agreement"].str.fullmatch(r"94\.4% \[\d+\.\d%, \d+\.\d%\]").all()


def test_pairs() -> None:
    three = pd.concat([PARADOX, PARADOX.query("coder == 'bob'").assign(coder="cy")])
    page = cells(agreement_by_pair(three))
    assert page.iloc[0].tolist() == ["<ann> and bob", "125", "94.4%", "-0.02"]
    assert page["Cohen's kappa"].tolist() == ["-0.02", "-0.02", "1.00"]


def test_what_is_cut_out_is_a_plain_table() -> None:
    table = agreement(PARADOX)
    assert type(table[["value"]]) is pd.DataFrame
    assert type(table.loc["percent":]) is pd.DataFrame
    del table["value"]
    assert "ci_low" in table._repr_html_()  # type: ignore[operator]
    assert np.isnan(agreement(PARADOX)["ci_low"].astype(float)).all()
