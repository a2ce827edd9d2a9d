"""Risk of bias by key: which question comes, what is proposed, what the file holds. Synthetic."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError, OptionError
from synthesis.appraisal.risk_of_bias.words import AS_PROPOSED
from synthesis.boards.risk_of_bias import RiskOfBiasBoard

pytestmark = pytest.mark.extras

STUDIES = pd.DataFrame({"study": ["Oak", "Elm"], "outcome": "pain"})


@pytest.fixture
def board(tmp_path: Path) -> RiskOfBiasBoard:
    return syn.risk_of_bias_board(STUDIES, assessor="Ann", path=tmp_path / "ann.csv")


def choose(board: RiskOfBiasBoard, *choices: str) -> None:
    for choice in choices:
        item = board.state()["item"]
        board.receive({"do": "choose", "group": "answer", "choice": choice, "item": item})


def shown(board: RiskOfBiasBoard) -> list[str]:
    """Return the texts of the step shown."""
    fields = board.state()["reading"]["fields"]
    return ["".join(text for text, _ in field["cells"][0]) for field in fields]


def test_questions_come_in_turn_and_lead_to_a_proposal(board: RiskOfBiasBoard) -> None:
    assert shown(board)[:2] == [
        "D1, randomisation process",
        "1.1 Did chance alone decide who was allocated to which arm?",
    ]
    assert board.state()["offered"] == ["Y", "PY", "PN", "N", "NI"]
    choose(board, "Y", "NI", "N")
    assert shown(board)[0] == "D1: judge randomisation process"
    assert "Some concerns" in shown(board)
    assert "1.2 no information, 1.3 no: some concerns" in shown(board)
    choose(board, AS_PROPOSED)
    assert shown(board)[1].startswith("2.1 ")
    judged = board.risk_of_bias().judgements
    assert judged.iloc[0][["study", "domain", "judgement"]].tolist() == [
        *("Oak", "D1", "some concerns"),
    ]


def test_questions_that_do_not_apply_are_passed_over(board: RiskOfBiasBoard) -> None:
    choose(board, "Y", "Y", "N", AS_PROPOSED, "N", "N")
    assert shown(board)[1].startswith("2.6 ")
    choose(board, "Y")
    assert shown(board)[0].startswith("D2: judge")
    choose(board, AS_PROPOSED, "Y")
    assert shown(board)[0].startswith("D3: judge")


def test_a_judgement_that_differs_waits_for_its_reason(board: RiskOfBiasBoard) -> None:
    choose(board, "Y", "Y", "N", "high")
    state = board.state()
    assert shown(board)[0] == "D1: judge randomisation process"
    assert state["told"] == "'high' differs from what is proposed: press t and write the reason."
    board.receive({"do": "note", "text": "the list was found", "item": state["item"]})
    board.receive({"do": "go", "to": "open", "item": state["item"]})
    assert shown(board)[1].startswith("2.1 ")
    rob = syn.RiskOfBias.read(board.path)
    assert "unexplained" not in rob.problems["rule"].tolist()
    assert rob.judgements.iloc[0][["judgement", "reason"]].tolist() == [
        *("high", "the list was found"),
    ]


def test_an_earlier_answer_that_changes_brings_later_ones_back(board: RiskOfBiasBoard) -> None:
    choose(board, "Y", "Y", "N", AS_PROPOSED, "Y", "Y", "N", "Y", AS_PROPOSED)
    board.receive({"do": "go", "to": 5, "item": board.state()["item"]})
    choose(board, "N")
    board.receive({"do": "go", "to": 6, "item": board.state()["item"]})
    choose(board, "N")
    assert shown(board)[1].startswith("2.3 ")
    assert "It was answered before an earlier answer changed" in shown(board)[3]
    assert board.state()["offered"] == ["NA"]
    choose(board, "Y")
    assert board.state()["told"] == "It does not apply."
    choose(board, "NA")
    assert board.risk_of_bias().problems.query("rule == 'not-applicable-due'").empty


def test_domains_are_judged_once_their_questions_are_answered(board: RiskOfBiasBoard) -> None:
    board.receive({"do": "go", "to": 4, "item": board.state()["item"]})
    choose(board, "low")
    assert board.state()["told"] == "Answer 1.1, 1.2, 1.3 first; then the proposal is shown."
    choose(board, AS_PROPOSED)
    assert board.state()["told"] == "Answer 1.1, 1.2, 1.3 first; then the proposal is shown."


def test_facts_are_shown_beside_the_questions(tmp_path: Path) -> None:
    facts = pd.DataFrame(
        {"study": ["Oak", "Oak", "Elm"], "n": [10, 12, 9], "blinding": ["<b>none</b>", None, ""]}
    )
    board = syn.risk_of_bias_board(
        STUDIES, assessor="Ann", path=tmp_path / "a.csv", facts=facts, tool="rob2"
    )
    assert shown(board)[-3:] == ["What was extracted", "10; 12", "<b>none</b>"]
    assert "<b>none" not in board._repr_html_()


def test_it_resumes_and_keeps_to_one_assessor(board: RiskOfBiasBoard) -> None:
    choose(board, "Y", "Y")
    again = syn.risk_of_bias_board(STUDIES, assessor="ann", path=board.path)
    assert shown(again)[1].startswith("1.3 ")
    with pytest.raises(DataError, match="contains decisions by 'Ann'"):
        syn.risk_of_bias_board(STUDIES, assessor="Bo", path=board.path)


def test_other_tools_have_judgements_alone(tmp_path: Path) -> None:
    board = syn.risk_of_bias_board(["Oak"], assessor="A", path=tmp_path / "q.csv", tool="quadas2")
    assert board.state()["offered"] == ["low", "unclear", "high"]
    choose(board, "low", "unclear", "low", "high", "low", "low", "high")
    assert board.state()["open"] == 0
    assert board.risk_of_bias().table()["A3"].tolist() == ["high"]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"assessor": " "}, DataError, "say who judges"),
        ({"results": []}, DataError, "no studies to judge"),
        ({"design": "crossover"}, OptionError, "was not at hand"),
    ],
)
def test_what_it_refuses(tmp_path: Path, options: dict, error: type, message: str) -> None:
    given = {"results": STUDIES, "assessor": "Ann", "path": tmp_path / "a.csv", **options}
    with pytest.raises(error, match=message):
        syn.risk_of_bias_board(given.pop("results"), **given)


@pytest.mark.parametrize("given", [5, True, "Grant 1999"])
def test_results_that_are_no_list_are_refused_in_words(tmp_path: Path, given: object) -> None:
    with pytest.raises(DataError, match=f"results must be a table or a list.*; got {given!r}"):
        syn.risk_of_bias_board(given, assessor="Ada", path=tmp_path / "a.csv")  # type: ignore[arg-type]
