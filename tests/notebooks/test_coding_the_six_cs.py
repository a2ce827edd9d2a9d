"""The figures that the notebook on coding the 6Cs states in prose, recomputed."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import synthesis as syn

NAME = "07_coding_the_six_cs"
PATIENT = "organisational_patient"


@pytest.fixture(scope="module")
def text(text_of: Callable[[str], str]) -> str:
    return text_of(NAME)


@pytest.fixture(scope="module")
def cells() -> list[str]:
    """The code cells, as they stand."""
    path = Path(__file__).parents[2] / "notebooks" / f"{NAME}.ipynb"
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found if cell["cell_type"] == "code"]


@pytest.fixture(scope="module")
def told(cells: list[str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run the code cells and return the names they define, and what each cell shows."""
    shown: list[object] = []
    names: dict[str, Any] = {"shown": shown}
    with pytest.MonkeyPatch.context() as patch, pd.option_context("display.max_colwidth", 50):
        patch.chdir(Path(__file__).parents[2] / "notebooks")
        patch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("coding")))
        for cell in cells:
            *steps, last = ast.parse(cell).body
            exec(compile(ast.Module(steps, []), NAME, "exec"), names)
            if isinstance(last, ast.Expr):
                shown.append(eval(compile(ast.Expression(last.value), NAME, "eval"), names))
            else:
                exec(compile(ast.Module([last], []), NAME, "exec"), names)
    return names


@pytest.fixture(scope="module")
def coding() -> pd.DataFrame:
    return syn.datasets.load("sixcs", "coding")


def test_the_codings_are_called_automated_from_the_start(text: str) -> None:
    opening = text.split("## 1.")[0]
    assert "the two codings used here were made by machine, not by people" in opening
    assert "human coder" not in text
    assert "**On this page nobody has done it.**" in text
    assert "fills the sheet from the second *automated* coding" in text


def test_everything_written_lands_in_the_temporary_folder(told: dict[str, Any]) -> None:
    written = sorted(path.name for path in told["folder"].rglob("*") if path.is_file())
    sheets = ["codebook_epoc_code.yaml", "codebook_level.yaml", "reader.csv"]
    assert written == [*sheets, "types.qdc"]


def test_the_codebook(text: str, told: dict[str, Any]) -> None:
    six = told["six"]
    undefined = six.index[six["definition"] == ""]
    assert (len(told["epoc"].codes), len(six), len(undefined)) == (58, 6, 3)
    assert PATIENT in undefined
    assert (six[["include", "exclude"]] == "").all(axis=None)
    assert "58 entries on three levels" in text
    assert "Three of the six types have no definition at all" in text
    assert told["back"].ids == told["type_book"].ids


def test_the_ten_actions_are_the_disputed_ones_and_two_more(
    text: str, told: dict[str, Any], coding: pd.DataFrame
) -> None:
    disputed = set()
    for scheme in ("epoc_code", "level"):
        disputed |= set(syn.disagreements(coding, unit="action_id", code=scheme).index)
    assert set(told["hard"]) == disputed | {"A15", "A16"}
    assert (len(told["hard"]), len(disputed)) == (10, 8)
    assert "Eight are chosen because the two automated codings differ" in text


def test_the_sheet_comes_back_whole(text: str, told: dict[str, Any]) -> None:
    slip, empty = told["shown"][9:11]
    assert slip[["unit", "value"]].to_numpy().tolist() == [["A09", "profesional"]]
    assert empty[["unit", "scheme"]].to_numpy().tolist() == [
        ["A09", "epoc_code"],
        ["A50", "level"],
    ]
    assert told["read"].problems.empty
    assert told["read"].missing.empty
    differ = syn.disagreements(told["both"], unit="action_id", code="level")
    unclear = (differ == "unclear").any(axis=1)
    assert (len(differ), unclear.sum()) == (6, 5)
    assert "In five of the six, one of them says `unclear`" in text


@pytest.mark.parametrize(
    ("scheme", "agreed", "words"),
    [
        ("epoc_code", 62, "give the same type to 62 of 64 actions"),
        ("level", 58, "Agreement is lower, 58 of 64"),
        ("compassion_indicator", 63, "The codings agree on 63 of 64"),
    ],
)
def test_agreement(text: str, coding: pd.DataFrame, scheme: str, agreed: int, words: str) -> None:
    found = syn.agreement(coding, unit="action_id", code=scheme)
    assert found.loc["percent", "value"] == agreed / 64
    assert words in text


def test_the_intervals(text: str, coding: pd.DataFrame) -> None:
    drawn = {"bootstrap": 1000, "seed": 2012, "unit": "action_id"}
    kappa = syn.agreement(coding, code="level", **drawn).loc["cohen_kappa"]
    assert f"from {kappa['ci_low']:.2f} to {kappa['ci_high']:.2f}" == "from 0.76 to 0.96"
    assert "the interval for kappa runs from 0.76 to 0.96" in text
    rare = syn.agreement(coding, code="compassion_indicator", **drawn)
    kappa = rare.loc["cohen_kappa"]
    assert [f"{kappa[one]:.2f}" for one in ("value", "ci_low", "ci_high")] == [
        "0.79",
        "0.00",
        "1.00",
    ]
    assert rare["failed"].tolist() == [0, 43, 43, 43, 0]
    assert "kappa is still only 0.79, with an interval that covers everything from 0 to 1" in text
    assert "In 43 of the 1,000 samples" in text
    assert f"AC1 stays at {rare.loc['gwet_ac1', 'value']:.2f}." in text


def test_the_rare_code_has_kappa_one_on_two_actions(
    text: str, told: dict[str, Any], coding: pd.DataFrame
) -> None:
    assert told["by_code"].loc[(PATIENT, "cohen_kappa"), "value"] == 1
    assert coding.loc[coding["epoc_code"] == PATIENT, "action_id"].nunique() == 2
    assert "that rests on two actions" in text


def test_consensus(text: str, told: dict[str, Any], coding: pd.DataFrame) -> None:
    differ = coding[coding["action_id"].isin(told["differ"])]
    assert differ["confidence"].value_counts().to_dict() == {1: 3, 2: 1}
    assert "three of these four codes have the lowest confidence" in text
    decided = [
        (settled.codes["how"] == "decided").sum()
        for settled in (told["settled_type"], told["settled_level"])
    ]
    assert decided == [2, 6]
    assert "two automated codings and eight decisions of ours" in text
    assert told["settled_type"].open.empty
    assert told["settled_level"].open.empty
    assert told["settled"][["epoc_code", "level"]].notna().all(axis=None)


def test_area_six_has_five_actions(text: str, told: dict[str, Any]) -> None:
    assert (told["settled"]["area"] == "6").sum() == 5
    assert "area 6 has five actions, so each is worth 20 per cent" in text


def test_the_white_cells(text: str, told: dict[str, Any]) -> None:
    by_area = told["by_area"].drop(index="total", columns="total")
    assert (by_area.loc[PATIENT] == 0).sum() == 4
    assert by_area.index[by_area["6"] > 0].tolist() == ["professional", "organisational_provider"]
    assert "empty in four of the six areas" in text
    assert "has only the two types that work on staff" in text


def test_words_are_not_codes(text: str, told: dict[str, Any]) -> None:
    finds = told["finds"]
    named = set(finds.loc[finds["indicator"] == "patients", "action_id"])
    settled = told["settled"].set_index("action_id")["epoc_code"]
    coded_so = set(settled.index[settled == PATIENT])
    assert (len(named), len(named & coded_so), len(coded_so)) == (6, 2, 2)
    assert "Six actions name patients, but only two of the six" in text
    assert "would have tripled the count" in text


def test_the_last_type_turns_up_late(text: str, told: dict[str, Any]) -> None:
    seen = told["seen"]
    last = seen[seen["new"] != ""].iloc[-1]
    assert (last["action_id"], last["seen"]) == ("A50", 6)
    assert "The sixth and last type turned up with A50" in text


def test_the_counts(text: str, told: dict[str, Any]) -> None:
    ours = told["ours"].set_index(["quantity", "coder"])["count"]
    individual = ours["patient_oriented_individual"]
    assert individual.to_dict() == {"automated_1": 1, "automated_2": 0, "settled": 1}
    published = told["published"].set_index("quantity").loc["patient_oriented_individual"]
    assert (published["count"], published["out_of"]) == (4, 108)
    assert "at most 1 of 64 actions is patient oriented at the level of the individual" in text
    assert "the published count is 4 of 108" in text


def test_what_reaches_the_outcome(text: str, told: dict[str, Any]) -> None:
    reached = syn.reached_by(told["aimed"], told["model"].links, [PATIENT])
    assert reached.loc["relationships"].tolist() == [1, "a1"]
    assert reached.loc[["a2", "a6"], "actions"].tolist() == [0, 0]
    assert "One action, through activity 1." in text
    found = told["findings"].query("rule in ['T01', 'T02']")
    assert found["where"].tolist() == [f"node a{area}" for area in (2, 3, 4, 5, 6)]


def test_overruling_what_both_codings_say_makes_two(
    text: str, told: dict[str, Any], coding: pd.DataFrame
) -> None:
    assert (coding.loc[coding["action_id"] == "A15", "level"] == "unclear").all()
    again = told["again"].codes
    assert again.loc[["A03", "A15"], "how"].tolist() == ["decided", "overruled"]
    types = told["settled_type"].codes["code"]
    both = (types == PATIENT) & (again["code"].reindex(types.index) == "individual")
    assert both.sum() == 2
    assert "That makes 2 of 64." in text


def test_the_board_offers_the_ten_actions_under_the_keys_named(
    text: str, told: dict[str, Any]
) -> None:
    setup = told["board"].setup()
    assert told["board"].state()["of"] == 10
    assert "`1` to `6` give a code, first the type, then the level" in text
    assert [group["id"] for group in setup["groups"]] == ["epoc_code", "level"]
    assert [len(group["choices"]) for group in setup["groups"]] == [6, 6]
    assert set(told["read"].codings) & set(told["board"].codings()) >= {"unit", "scheme", "code"}
