"""What the notebook from answers to certainty states in prose, recomputed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

NAME = "10_from_answers_to_certainty"


@pytest.fixture(scope="module")
def text(text_of: Callable[[str], str]) -> str:
    return text_of(NAME)


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """Run the code cells as they stand and return the names they define."""
    path = Path(__file__).parents[2] / "notebooks" / f"{NAME}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {}
    with pd.option_context("display.max_colwidth", pd.get_option("display.max_colwidth")):
        for cell in cells:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
    return names


def test_the_trials_and_what_is_made_up(text: str, told: dict[str, Any]) -> None:
    assert told["fit"].k == 9
    assert "Nine trials, or parts of trials" in text
    assert told["rated"].outcome.mid == 0.2
    assert "an SMD of 0.2" in text
    assert told["bcg"].k == 13
    assert "Thirteen trials of BCG vaccination" in text
    assert "They are made up for this example" in text
    assert text.count("made up") >= 4


def test_risk_of_bias_of_nine_trials(text: str, told: dict[str, Any]) -> None:
    counts = told["rob"].table()["overall"].value_counts()
    assert (counts["high"], counts["low"]) == (3, 2)
    assert "Without the three trials at high risk" in text
    assert "With the two at low risk alone" in text
    every, low, without = (row for _, row in told["sensitivity"].head(3).iterrows())
    assert abs(without["estimate"] - every["estimate"]) < 0.2
    assert low["ci_high"] - low["ci_low"] > 3 * (every["ci_high"] - every["ci_low"])
    assert told["rob"].problems.empty
    assert "`rob.problems` lists what was left out or contradicts itself; it is empty" in text


def test_what_the_rules_propose(text: str, told: dict[str, Any]) -> None:
    proposed = told["proposed"].domains.set_index("domain")
    assert pd.isna(proposed.loc["indirectness", "levels"])
    assert "9 studies: too few for a test" in proposed.loc["publication bias", "reason"]
    assert "Nothing is proposed for indirectness, and nine trials are too few" in text
    assert "I² 95% (not used)" in proposed.loc["inconsistency", "reason"]
    assert told["proposed"].certainty_in_words == "At most low (proposed, not judged)"
    assert 'the level is "at most" what is written there, proposed and not judged' in text


def test_judged_and_out_of_date(text: str, told: dict[str, Any]) -> None:
    rated = told["rated"]
    assert (rated.level, rated.status) == ("very low", "judged")
    effects = told["fit"].studies["yi"]
    assert (effects > 1).sum() == 2
    assert (effects < 0).sum() == 3
    assert told["judged"]["inconsistency"][1] == (
        "two results favour specialist care strongly, three favour routine care"
    )
    assert told["later"].stale == ("risk of bias",)
    assert "Only the reason that rests on risk of bias is out of date." in text
    assert told["vaccination"].certainty_in_words.endswith("(proposed, not judged)")


def test_the_review_of_which_there_are_abstracts(text: str, told: dict[str, Any]) -> None:
    pooled = told["pooled"]
    assert pooled["estimate"].notna().sum() == 3
    assert "Their abstracts print three pooled effects" in text
    said = pooled.loc[pooled["estimate"].isna(), "conclusion_as_published"]
    assert set(said) == {"no significant difference", "not stated in the abstract"}
    assert {one.level for one in told["rows"]} == {"not judged"}
    assert len(told["rows"]) == len(pooled)
    assert "No level is given for any outcome" in text
    assert told["judgements"].to_frame()["domain"].nunique() == 3


def test_what_the_intervals_show(text: str, told: dict[str, Any]) -> None:
    by_outcome = {(one.outcome.id, one.follow_up): one.size for one in told["rows"]}
    for window in told["windows"].values():
        low, high = by_outcome["satisfaction", window].limits
        assert low < 0.2 < high
    assert by_outcome["health_status", "up to 12 months"].limits[1] < 0.2
    assert "For health status the whole interval lies below it" in text
    table = told["table"]
    directions = table.set_index(["target", "window"])["direction"]
    assert directions["satisfaction", "up to 12 months"] == "supports"
    assert directions["health", "up to 12 months"] == "no difference"
    assert (table["certainty"] == "").all()
