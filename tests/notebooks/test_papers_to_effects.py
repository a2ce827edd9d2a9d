"""The figures that the notebook from papers to effects states in prose, recomputed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import synthesis as syn

NAME = "05_from_papers_to_effects"


@pytest.fixture(scope="module")
def text(text_of: Callable[[str], str]) -> str:
    return text_of(NAME)


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """Run the code cells as they stand and return the names they define."""
    path = Path(__file__).parents[2] / "notebooks" / f"{NAME}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {}
    options = ("display.max_colwidth", "display.max_rows")
    with pd.option_context(*(part for name in options for part in (name, pd.get_option(name)))):
        for cell in cells:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
    return names


@pytest.fixture(scope="module")
def effects(told: dict[str, Any]) -> pd.DataFrame:
    return told["effects"]


def test_the_sheet(text: str, told: dict[str, Any]) -> None:
    trials = told["trials"]
    assert (len(trials), trials["study"].nunique()) == (48, 18)
    assert "18 trial reports print in their abstracts" in text
    assert not {"sd_t", "sd_c"} & set(trials.columns)
    assert "No row has what a standardised mean difference is calculated from" in text


def test_findings(text: str, told: dict[str, Any]) -> None:
    findings = told["findings"]
    counts = findings["rule"].value_counts().to_dict()
    assert counts == {"clusters": 14, "ci-off-centre": 5, "percent": 4}
    in_clusters = findings.loc[findings["rule"] == "clusters", "study"].unique()
    assert len(in_clusters) == 5
    assert "**The fourteen warnings about clusters** concern five reports of trials" in text
    percents, intervals = (
        findings.loc[findings["rule"] == rule, "study"].unique().tolist()
        for rule in ("percent", "ci-off-centre")
    )
    assert (percents, intervals) == (["Leung 2004b"], ["Leff 2009 (Guided Care)"])
    assert "**The four percentages** are changes within an arm" in text
    assert "**The five intervals** are all from one report, Leff 2009." in text


def test_percentages_are_centred_as_ratios(text: str, told: dict[str, Any]) -> None:
    rows = told["trials"].loc[10:13, ["effect", "ci_low", "ci_high"]].astype(float)
    halves = np.array([-0.005, 0.005])
    for effect, low, high in (1 + rows / 100).itertuples(index=False):
        middles = (np.log(low + halves) + np.log(high + halves)) / 2
        assert middles[0] <= np.log(effect + 0.005)
        assert middles[1] >= np.log(effect - 0.005)
        assert abs((low + high) / 2 - effect) > 0.01
    assert "24% fewer is a ratio of 0.76, from 0.51 to 1.13" in text
    assert "As ratios all four are centred, to the last printed digit" in text


def test_only_the_savings_are_left_and_waived(told: dict[str, Any]) -> None:
    left = syn.lint(told["sheet"])
    assert (left["rule"] == "clusters").sum() == 14
    left = left[left["rule"] != "clusters"]
    assert left["message"].tolist() == ["75000 is not in the middle of -244000 to 150900"]
    assert left["waived"].tolist() == ["exactly as printed; the interval is not used"]


def test_every_row_is_an_effect_with_a_receipt_or_refused_with_a_reason(
    effects: pd.DataFrame,
) -> None:
    assert effects.index.tolist() == list(range(1, 49))
    is_effect = effects["yi"].notna()
    assert (is_effect.sum(), (~is_effect).sum()) == (19, 29)
    for row, cells in effects.iterrows():
        receipt = cells["receipt"]
        assert isinstance(receipt, syn.Receipt), row
        assert (cells["reason"] == "") == (receipt.refused == "") == bool(is_effect[row])
        if is_effect[row] and str(cells["design"]).startswith("cRCT"):
            assert any("clusters ignored" in said for said in receipt.assumptions), row
        assert cells["vi"] > 0 or not is_effect[row]


def test_the_reasons_fall_into_four_groups(text: str, effects: pd.DataFrame) -> None:
    reasons = effects.loc[effects["yi"].isna(), "reason"]
    no_error = reasons.str.contains("printed lacks its se")
    no_sizes = reasons.str.contains(r"only together with n_t|lacks sign \(.*\), n_t and n_c")
    no_measure = reasons.str.contains("not a known measure|no column that a route")
    cut_off = reasons.str.contains("means lacks sd_t")
    groups = pd.concat([no_error, no_sizes, no_measure, cut_off], axis=1)
    assert groups.any(axis=1).all()
    assert cut_off.sum() == 1
    assert "The refused rows fall into four groups." in text


def test_effects_against_the_printed_numbers(effects: pd.DataFrame) -> None:
    assert effects.loc[1, "yi"] == pytest.approx(-np.log(0.69), rel=1e-12)
    assert effects.loc[8, "yi"] == pytest.approx(np.log(2.0), rel=1e-12)
    assert effects.loc[15, "yi"] == pytest.approx(np.log(0.70), rel=1e-12)
    assert effects.loc[27, "yi"] == pytest.approx(-np.log(1445 / 1748), rel=1e-12)
    # Back from the standard error to the p-value that is printed beside the rates.
    z = effects["yi"] / np.sqrt(effects["vi"])
    from scipy.stats import norm

    assert 2 * norm.sf(z[27]) == pytest.approx(0.03, rel=1e-9)
    assert 2 * norm.sf(z[37]) == pytest.approx(0.02, rel=1e-9)


def test_three_scales_with_one_effect(text: str, effects: pd.DataFrame) -> None:
    grace = effects.loc[[23, 24, 26]]
    assert (grace["yi"] == grace["yi"].iloc[0]).all()
    difference = (grace["mean_t"] - grace["mean_c"]).round(1).tolist()
    assert difference == [2.4, 5.2, 3.9]
    assert "The scales differ by 2.4, 5.2 and 3.9 points." in text
    assert grace["p"].tolist() == ["<0.001", "<0.001", "0.001"]


def test_one_row_a_trial(text: str, told: dict[str, Any]) -> None:
    kept, set_aside = told["spoken_for"], told["set_aside"]
    assert sorted([*kept.index, *set_aside.index]) == list(range(1, 49))
    assert not kept.duplicated(["trial", "outcome", "window"]).any()
    assert (set_aside == "a subgroup only").sum() == 2
    assert (set_aside == "a part of the cost only").sum() == 4
    assert told["effects"]["trial"].nunique() == 13
    # Rules 3 and 4: who speaks where a trial had a choice.
    assert {1, 10, 16, 18, 22, 28, 39, 41} <= set(kept.index)
    assert "Two rows concern only patients with diabetes." in text
    assert "Four rows are components of a cost that nearly cancel out" in text


def test_nothing_is_comparable(text: str, told: dict[str, Any]) -> None:
    trials = told["comparable"]["trials"]
    assert trials[trials > 1].to_dict() == {("secondary_care", "long", "irr"): 2}
    assert told["pair"]["effect"].round(2).tolist() == [0.83, 0.82]
    assert told["pair"]["measure_as_reported"].tolist() == [
        "cumulative 2-year ED visit rate per 1000",
        "skilled nursing home days per 1000 members per year",
    ]
    assert "That both are about 0.83 is a coincidence" in text


def test_directions_read_from_words_agree_with_the_signs_of_the_numbers(
    told: dict[str, Any],
) -> None:
    effects, reads = told["effects"], told["reads"]
    # Printed so that a positive number means higher under case management.
    signed = effects.loc[[2, 3, 4, 6, 7, 16, 17, 18, 19, 20, 21, 43, 44, 45], "effect"]
    assert ((signed > 0) == (reads[signed.index] == "usual care")).all()
    ratios = effects.loc[[5, 47], "effect"]
    assert ((ratios > 1) == (reads[ratios.index] == "usual care")).all()
    shares = effects.loc[[30, 31, 32, 33]]
    assert (shares["percent_t"] < shares["percent_c"]).all()
    assert (reads[shares.index] == "case management").all()
    changes = effects.loc[[41, 42]]
    assert (changes["change_percent_t"] < changes["change_percent_c"]).all()
    # The four whose direction stands in words alone, or is printed the other way round.
    assert (reads[[14, 34, 35, 36, 48]] == "case management").all()


def test_counts_of_directions(text: str, told: dict[str, Any]) -> None:
    reads, is_effect = told["reads"], told["is_effect"]
    counts = reads[~is_effect].value_counts()
    assert (counts["usual care"], counts["not clear"]) == (8, 2)
    assert "Usual care did better in eight of them. Two are not clear" in text
    signs = told["signs"]
    assert signs.loc[("secondary_care", "short")].tolist() == [4, 4]
    assert signs.loc[("secondary_care", "long")].tolist() == [4, 4]
    assert signs.loc[("cost", "short")].tolist() == [2, 3]
    assert 2 * 0.5**4 == 1 / 8
    assert "four trials would point the same way one time in eight" in text


def test_combined_p_values(text: str, told: dict[str, Any]) -> None:
    from scipy.stats import norm

    assert {key: len(rows) for key, rows in told["groups"].items()} == {
        ("health_status", "long"): 2,
        ("satisfaction", "long"): 2,
        ("secondary_care", "long"): 2,
        ("secondary_care", "short"): 3,
    }
    for key, rows in told["groups"].items():
        assert rows["trial"].is_unique
        assert rows["design"].str.contains("RCT").all()
        z = norm.isf(rows["one_sided"]).sum() / np.sqrt(len(rows))
        assert told["combined_p"][key] == pytest.approx(norm.sf(z), rel=1e-9)
        at_most = norm.sf(norm.isf(0.025) * np.sqrt(len(rows)))
        assert told["weakest"][key] == pytest.approx(at_most, rel=1e-9)
    assert max(told["combined_p"].values()) < 0.0025
    assert "All four are small." in text


def test_what_abstracts_leave_out(text: str, told: dict[str, Any]) -> None:
    p = told["all_p"]
    assert (len(p), p.max()) == (18, 0.047)
    unreported = told["unreported"]
    assert unreported["study"].nunique() == 7
    randomised_in_groups = told["trials"]["design"].str.startswith("cRCT")
    clusters = told["effects"].loc[randomised_in_groups, "trial"].unique().tolist()
    assert clusters == ["Guided Care", "Counsell 2007"]
    assert "Two of the trials, Guided Care and GRACE, randomised whole groups" in text
