"""The ledger: nothing is called reproduced that is not, and the finder agrees with it."""

from __future__ import annotations

import pandas as pd
import pytest

from arrowroot.errors import OptionError
from synthesis import datasets
from synthesis.reproduce import ledger as module
from synthesis.reproduce.conventions.search import find_conventions
from synthesis.reproduce.ledger import ledger
from synthesis.reproduce.recipes import RECIPES, Recipe, _load


@pytest.fixture(scope="module")
def whole() -> pd.DataFrame:
    return ledger().to_frame()


def test_every_target_of_every_data_set_stands_in_it(whole: pd.DataFrame) -> None:
    for name in datasets.names():
        targets = datasets.about(name).targets()
        rows = whole[whole["dataset"] == name]
        for column in ("analysis", "quantity", "printed"):
            assert rows[column].tolist() == targets[column].tolist()
    assert len(whole) >= 51


def test_every_printed_number_is_reproduced(whole: pd.DataFrame) -> None:
    apart = whole[whole["verdict"] != "reproduced"]
    assert apart.empty, apart.to_string()


def test_the_verdict_is_what_formatting_says(whole: pd.DataFrame) -> None:
    for row in whole.itertuples():
        digits = len(row.printed.partition(".")[2])
        assert f"{row.value:.{digits}f}" == row.printed == row.ours
        assert row.difference == pytest.approx(row.value - float(row.printed), abs=1e-15)
        assert abs(row.difference) <= 0.5 * 10.0**-digits + 1e-12


def test_every_recipe_belongs_to_a_target(whole: pd.DataFrame) -> None:
    printed = set(zip(whole["dataset"], whole["analysis"], strict=True))
    assert set(RECIPES) <= printed


def test_what_is_not_met_is_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    key = ("baskerville2012", "random effects")
    wrong = Recipe(lambda _: {"estimate": 0.5651, "ci_low": 0.43}, "none")
    monkeypatch.setitem(module.RECIPES, key, wrong)
    found = ledger("baskerville2012")
    assert found.entries["verdict"].tolist() == [
        *("differs", "reproduced", "not recomputed", "not recomputed")
    ]
    assert found.entries["ours"].tolist() == ["0.57", "0.43", "–", "–"]
    assert found.counts == {"reproduced": 1, "differs": 1, "not recomputed": 2}
    assert "differs: 0.57" in found._repr_html_()


def test_a_target_without_a_recipe_is_not_called_reproduced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(module.RECIPES, ("baskerville2012", "random effects"))
    assert set(ledger("baskerville2012").entries["verdict"]) == {"not recomputed"}


@pytest.mark.parametrize(("dataset", "analysis"), list(RECIPES))
def test_the_finder_names_the_convention_of_every_analysis(dataset: str, analysis: str) -> None:
    recipe = RECIPES[(dataset, analysis)]
    targets = datasets.about(dataset).targets()
    rows = targets[targets["analysis"] == analysis]
    printed = dict(zip(rows["quantity"], rows["printed"], strict=True))
    found = find_conventions(
        recipe.prepare(_load(dataset)), printed, progress=False, **recipe.search
    )
    matches = found.matches
    assert len(matches), found.explanation
    for choice, option in recipe.chosen.items():
        if choice in matches:
            matches = matches[matches[choice] == option]
        assert len(matches), (choice, option)


def test_an_unknown_data_set_is_refused() -> None:
    with pytest.raises(OptionError, match="Did you mean 'bcg'"):
        ledger("bcgg")
