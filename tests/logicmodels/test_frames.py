"""Results: each is itself alone, and a pandas table, whose columns are there without rows too.

The model is invented.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pandas as pd
import pytest

from logicmodels import Comparison, LogicModel
from logicmodels.rules.report import Report

MODEL = LogicModel.from_text("""\
spec_version: 1
profile: theory-of-change
title: Home visits (invented, to try tables)
nodes:
  - id: a1
    column: activities
    label: Home visits
    comments: [{by: Ann, date: 2026-05-01, agree: "no", text: Too few}]
  - id: o1
    column: outcomes
    label: Earlier reporting
    applicability: [{target: a rural practice, domain: setting, judgement: unclear, reason: far}]
links:
  - {from: a1, to: o1, because: Patients learn warning signs.}
""")
BARE = LogicModel.from_lines("[activities]\nv: Visits", profile="theory-of-change", title="Bare")
COMPARISON = Comparison.from_text("""\
spec_version: 1
title: Two ways (invented)
columns: [One, Two]
rows: [{heading: Speed, cells: [fast, slow]}]
""")
COMMENTS = ["part", "says", "about", "by", "date", "role", "agree", "text", "suggestion"]
RESULTS = {
    "report": (MODEL.check(), ["rule", "severity", "where", "message", "source"]),
    "comments": (MODEL.comments(), [*COMMENTS, "shown", "answer"]),
    "applicability": (
        MODEL.applicability(),
        ["part", "target", "domain", "judgement", "reason", "finding", "by", "date"],
    ),
    "description": (
        MODEL.describe(),
        ["from", "to", "because", "mechanism", "role", "theory", "assumptions", "evidence"],
    ),
    "gap map": (MODEL.gap_map(), ["from", "Earlier reporting"]),
    "changes": (MODEL.diff(BARE), ["kind", "where", "words"]),
    "comparison": (COMPARISON, ["in respect of", "One", "Two"]),
}
EMPTY = {
    "report": Report("None", (), (), ()),
    "comments": BARE.comments(),
    "applicability": BARE.applicability(),
    "description": BARE.describe(),
    "changes": BARE.diff(BARE),
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_a_table_of_its_rows(name: str) -> None:
    result, columns = RESULTS[name]
    frame = result.to_frame()
    assert list(frame.columns) == columns
    assert len(frame) > 0
    assert frame.to_dict("records") == list(result.to_records())


@pytest.mark.parametrize(
    "ask",
    [
        LogicModel.check,
        LogicModel.comments,
        LogicModel.applicability,
        LogicModel.describe,
        LogicModel.gap_map,
        LogicModel.to_tables,
        lambda model: model.diff(BARE),
    ],
)
def test_results_can_be_compared_and_hashed(ask: Callable[[LogicModel], object]) -> None:
    one, other = ask(MODEL), ask(MODEL)
    assert one == one
    assert one != other
    assert other not in [one]
    assert len({one, other}) == 2


@pytest.mark.parametrize("name", EMPTY)
def test_a_result_without_rows_keeps_its_columns(name: str) -> None:
    frame = EMPTY[name].to_frame()
    assert list(frame.columns) == RESULTS[name][1]
    assert frame.empty


def test_comments_that_came_back_are_the_table_of_all_comments(tmp_path) -> None:
    back = MODEL.read_comments(MODEL.comment_sheet(tmp_path / "comments.csv"))
    pd.testing.assert_frame_equal(back.to_frame(), MODEL.comments().to_frame())


def test_a_model_is_read_and_asked_without_pandas() -> None:
    code = (
        "import sys\n"
        "from logicmodels import LogicModel\n"
        "keys = {'profile': 'theory-of-change', 'title': 'T'}\n"
        "model = LogicModel.from_lines('[activities]\\na: A', **keys)\n"
        "model.check(), model.describe(), model.gap_map(), model.comments(), model.to_yaml()\n"
        "assert not {'pandas', 'numpy', 'matplotlib'} & sys.modules.keys(), sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
