"""The figures that the 6Cs notebook states in prose, recomputed from the data."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from logicmodels import LogicModel
from synthesis.coding.agreement.agreement import agreement
from synthesis.coding.codings import coded_units, disagreements
from synthesis.coding.comparison import share_interval
from synthesis.coding.epoc import epoc_2002
from synthesis.coding.tables import count_matching, cross_table
from synthesis.coding.theory import actions_by_activity, reached_by
from synthesis.datasets import load

NOTEBOOK = Path(__file__).parents[3] / "notebooks" / "02_sixcs_theory_of_change.ipynb"
PATIENT = "organisational_patient"


@pytest.fixture(scope="module")
def prose() -> str:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


@pytest.fixture(scope="module")
def coded() -> pd.DataFrame:
    return coded_units(
        load("sixcs", "actions"),
        load("sixcs", "coding"),
        unit="action_id",
        code="epoc_code",
        codebook=epoc_2002(load("sixcs", "epoc_2002")),
    )


def counts(coded: pd.DataFrame, **wanted: object) -> list[int]:
    """Return the count in each of the two codings."""
    return count_matching(coded, {"wanted": wanted})["count"].tolist()


def test_published_counts(prose: str) -> None:
    published = load("sixcs", "published_counts").set_index("quantity")["count"]
    assert published.tolist() == [108, 4, 2]
    assert "4 of 108 actions aimed at patient-oriented outcomes" in prose
    assert published["patient_oriented_individual"] / published["actions"] < 0.04
    assert "under 4 in 100 as published" in prose


def test_patient_oriented_actions(prose: str, coded: pd.DataFrame) -> None:
    assert counts(coded, epoc_code=PATIENT, level="individual") == [1, 0]
    assert "1 of 64 in one coding and 0 of 64 in the other" in prose
    assert counts(coded, epoc_code=PATIENT) == [2, 2]
    assert counts(coded, epoc_code=PATIENT, area=["1"]) == [1, 1]
    assert counts(coded, epoc_code=PATIENT, area=["2"]) == [1, 1]
    assert "2 of 64 actions, one in area 1 and one in area 2, in both codings" in prose
    low, high = share_interval(2, 64)
    assert f"{2 / 64:.1%}" == "3.1%"
    assert f"The exact interval for 2 of 64 reaches up to {high:.1%}" in prose
    assert low < 1 / 9 < high + 0.005
    assert "a share much above one in nine" in prose


def test_agreement(prose: str) -> None:
    coding = load("sixcs", "coding")
    table = agreement(coding, unit="action_id", code="epoc_code")
    assert table.loc["percent", "value"] == 62 / 64
    assert len(disagreements(coding, unit="action_id", code="epoc_code")) == 2
    assert "They agree on 62 of 64 actions" in prose
    assert agreement(coding, unit="action_id", code="level").loc["percent", "value"] == 58 / 64
    assert "On the level at which an action works they agree on 58 of 64" in prose


def test_what_kind_of_actions_they_are(prose: str, coded: pd.DataFrame) -> None:
    actions = load("sixcs", "actions")
    assert actions["area_basis"].value_counts().to_dict() == {"inferred": 37, "stated": 27}
    assert "27 of the 64; for the other 37" in prose
    tables = [cross_table(rows, "epoc_code", "level_stated") for _, rows in coded.groupby("coder")]
    for table in tables:
        assert table.loc["total", "national"] == 21
        assert table.loc[["professional", "organisational_structural"], "national"].sum() == 13
        assert table.loc["total", ["provider_organisation", "commissioner"]].tolist() == [7, 3]
        totals = table["total"]
        assert totals["organisational_provider"] == 23
        assert totals["organisational_structural"] == 18
        assert totals["professional"] == 15
    assert "21 actions are national, and 13 of these 21" in prose
    assert "7 actions stated for provider organisations and 3 for commissioners" in prose
    assert "change providers (23), structures (18)" in prose
    assert "or what professionals know and do (15)" in prose


def test_what_the_patient_oriented_actions_reach(prose: str, coded: pd.DataFrame) -> None:
    model = LogicModel.read(NOTEBOOK.parents[1] / "data" / "sixcs" / "logic_model.yaml")
    for _, rows in coded.groupby("coder"):
        carried = actions_by_activity(
            rows, {str(n): f"a{n}" for n in range(1, 7)}, code="epoc_code"
        )
        reached = reached_by(carried, model.links, [PATIENT])
        assert reached.loc["relationships"].tolist() == [2, "a1, a2"]
    assert "They start from activities 1 and 2 only" in prose
    assert "the outcome is reached, but by only 2 of the 64 actions" in prose


def test_the_second_coding_moves_one_action_in_area_1_and_one_in_area_6(
    prose: str, coded: pd.DataFrame
) -> None:
    differ = disagreements(coded, unit="action_id", code="epoc_code").index
    areas = load("sixcs", "actions").set_index("action_id").loc[differ, "area"]
    assert sorted(areas) == ["1", "6"]
    assert "the second moves one action in area 1 and one in area 6" in prose


def test_what_would_change_the_conclusion(prose: str, coded: pd.DataFrame) -> None:
    assert counts(coded, epoc_code=PATIENT, level=["individual", "unclear"]) == [2, 2]
    assert "The generous reading of the level gives 2 of 64" in prose
    either = coded[(coded["epoc_code"] == PATIENT) | (coded["compassion_indicator"] == "yes")]
    assert either.groupby("coder").size().tolist() == [4, 5]
    assert "4 of 64 in the first coding and 5 of 64 in the second" in prose
    assert 6 / 64 < 0.1 < 7 / 64
    assert "at least 7 patient-oriented actions among the 64" in prose


def test_it_never_calls_the_codings_human(prose: str) -> None:
    assert "both times by machine and not by people" in prose
    assert "Both codings are automated" in prose
    assert "human coders" not in prose.replace("what human coders would find", "")
    assert "never published as a table" in prose
