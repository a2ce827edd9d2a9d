"""The figures that the notebook on rounds, readings and value states in prose, recomputed."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

NAME = "12_rounds_readings_and_value"


@pytest.fixture(scope="module")
def text(text_of: Callable[[str], str]) -> str:
    return text_of(NAME)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run the code cells and return the names they define."""
    path = Path(__file__).parents[2] / "notebooks" / f"{NAME}.ipynb"
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("value")))
        for cell in found:
            if cell["cell_type"] == "code":
                tree = ast.parse("".join(cell["source"]))
                exec(compile(tree, NAME, "exec"), names)
    return names


def test_everything_made_up_is_called_so(text: str) -> None:
    assert "Nothing made up is a result." in text
    for words in (
        "**The ratings below are made up**",
        "**Made-up readings**",
        "**Made-up lines**",
        "**Made-up appointments**",
        "**The excerpts are made up.**",
    ):
        assert words in text


def test_the_printed_item(text: str, told: dict[str, Any]) -> None:
    table = told["item"].table
    assert table["verdict"].tolist() == ["as printed"] * 8 + ["differs"]
    assert "Eight of the nine numbers are right." in text
    assert "the limit would be 6.25" in table["note"].iloc[-1].replace("IPRAS", "the limit")
    assert "with which the limit would be 6.25. Its own 6.1 needs 2.35" in text


def test_the_made_up_panel(text: str, told: dict[str, Any]) -> None:
    panel = told["rounds"].panel
    assert (len(panel), int(panel["status"].str.startswith("left").sum())) == (30, 4)
    assert "thirty panellists, four items" in text
    assert "Four panellists leave after round one" in text
    assert len(told["rounds"].results) == 4
    assert told["rounds"].stability["kappa_linear"].abs().max() < 0.15
    assert "it stays near zero" in text
    assert len(told["sheets"]) == 26


def test_the_figure_looks_more_settled_from_round_to_round(told: dict[str, Any]) -> None:
    items = told["rounds"].items.query("group == 'everyone'")
    spread = items.groupby("round")["iqr"].mean()
    assert spread.is_monotonic_decreasing


def test_the_stars(text: str, told: dict[str, Any]) -> None:
    table = told["shares"].table.set_index("label")
    assert table.loc["Keeping in touch", "counts"] == "90 or 91"
    assert "So 42% is 90 or 91 people" in text
    assert table.loc["Being treated with dignity", "printed"] == "14"
    assert (table["verdict"] == "possible").all()
    assert (told["chain"].table["verdict"] == "as printed").all()
    assert "counts and percentages, and they agree" in text


def test_the_made_up_readings(text: str, told: dict[str, Any]) -> None:
    found = told["travelled"]
    people = {*found.pairs["person"], *found.unpaired["person"]}
    assert (len(people), found.unpaired["person"].nunique()) == (60, 12)
    assert "sixty people in five areas" in text
    assert "One in five has only one reading." in text
    rows = found.by_start.groupby("first")[["n", "up", "same", "down"]].sum()
    low, high = rows.loc[1], rows.loc[5]
    assert (low["n"], low["down"], low["up"]) == (47, 0, 26)
    assert (high["n"], high["up"]) == (50, 0)
    assert (
        "of the 47 pairs that start at the bottom, none goes down and 26 go up, and of the 50 that"
        in text
    )


def test_the_printed_return(text: str, told: dict[str, Any]) -> None:
    table = told["claim"].table
    for row, said in ((0, 348_000), (1, 257_000)):
        middle = table.loc[row, ["cost_low", "cost_high"]].mean()
        assert round(middle, -3) == said
        assert f"£{said:,}" in text
    parts = told["claim"].parts.set_index("part").loc["Unclaimed benefits"]
    assert f"would be {parts['share']:.0f}% of the total" in text
    assert f"Without them the return would be {parts['ratio_without']:.2f}." in text


def test_the_made_up_programme(text: str, told: dict[str, Any]) -> None:
    rows = told["value"].lines.set_index("line")
    assert rows.loc["Fewer admissions", ["certainty", "flag"]].tolist() == ["low", True]
    assert rows.loc["Fewer call-outs", ["certainty", "flag"]].tolist() == ["moderate", False]
    assert rows.loc["Fewer admissions", "pv"] > rows.loc["Fewer call-outs", "pv"]
    assert "the larger of the two benefits runs along an arrow" in text


def test_regression_to_the_mean(text: str, told: dict[str, Any]) -> None:
    row = told["use"].between.iloc[0]
    assert row["mean_after"] < row["mean_before"]
    assert row["chosen_later_before"] < row["chosen_later_after"]
    # Needs did not change: the regression line foretells the fall to within two standard errors.
    error = np.sqrt(row["mean_before"] / row["group"])
    assert row["mean_after"] == pytest.approx(row["expected_after"], abs=2 * error)
    assert "come less often in 2025, although nothing was done" in text


def test_the_theme_nobody_judged_is_on_no_arrow(told: dict[str, Any]) -> None:
    outcomes = [claim.outcome for link in told["carried"].links for claim in link.evidence]
    assert "qualitative: Trust" in outcomes
    assert "qualitative: Time" not in outcomes


def test_everything_written_lands_in_the_temporary_folder(told: dict[str, Any]) -> None:
    names = {path.name for path in told["folder"].iterdir()}
    assert names == {"rule.yaml", "round_3", *(f"{one}.xlsx" for one in told["methods"])}
