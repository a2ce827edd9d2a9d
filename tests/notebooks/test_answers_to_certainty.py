"""What the notebook from answers to certainty states in prose, recomputed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
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
    assert len(told["trials"]) == 13
    assert "The 13 trials of BCG vaccination" in text
    assert (told["tuberculosis"].mid, [1000 * risk for risk in told["risks"].values()]) == (
        0.8,
        [5, 20],
    )
    assert "a risk ratio of 0.8, and 5 or 20 cases among 1,000 people" in text
    assert text.count("made up") >= 3


def test_the_three_signs_of_inconsistency(text: str, told: dict[str, Any]) -> None:
    fit = told["fit"]
    above = fit.studies["yi"].to_numpy() > np.log(0.8)
    weight = fit.weights.to_numpy()[above].sum()
    assert 30 < weight < 100 / 3
    assert "Nearly a third of the weight lies on the other side of the threshold" in text
    low, high = np.exp(fit.prediction_interval)
    assert low < 0.8
    assert high > 1 / 0.8
    assert "anything from an important benefit to an important harm" in text
    levels = told["proposed"].domains.set_index("domain")["levels"]
    assert levels["inconsistency"] == -2
    assert pd.isna(levels["indirectness"])
    assert "so the rule proposes two levels" in text


def test_levels_proposed_judged_and_out_of_date(text: str, told: dict[str, Any]) -> None:
    assert told["proposed"].certainty_in_words == "At most low (proposed, not judged)"
    assert 'the level is "at most" what is written there' in text
    assert (told["rated"].level, told["rated"].status) == ("moderate", "judged")
    assert set(told["later"].stale) == set(told["judged"])
    favour_control = (told["fit"].studies["yi"] > 0).sum()
    assert favour_control <= 3  # "few trials favour no vaccination"


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
