"""Names that no file can have, and places where none can be, at every reader and writer.

All data are made up.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import synthesis as syn
from logicmodels import Comparison, LogicModel
from synthesis.errors import ArrowrootError

EFFECTS = pd.DataFrame({"study": ["Oak", "Elm", "Ash"], "yi": [0.1, 0.2, 0.4], "vi": 0.04})
RECORDS = pd.DataFrame({"record_id": ["a:1", "a:2"], "title": ["Leaves", "Roots"]})
LINKS = pd.DataFrame({"record_id": ["a:2"], "duplicate_of": ["a:1"], "reason": ["x"]})
CODES = syn.Codebook("Who", "1", (syn.Code("staff", "Staff"),))
UNITS = pd.DataFrame({"unit": ["u1"], "text": ["Nurses visit."]})
CODINGS = pd.DataFrame({"unit": ["u1"], "coder": ["Ann"], "code": ["staff"]})
RULE = syn.DelphiRule(consensus="iqr", iqr_at_most=1, rounds=2, decided="2026-01-10")
MODEL = LogicModel.from_text("""\
spec_version: 1
profile: theory-of-change
title: Visits (invented)
nodes:
  - {id: a, column: activities, label: Visits}
  - {id: b, column: impact, label: Health}
links:
  - {from: a, to: b}
""")

READERS: dict[str, Callable[[Any], object]] = {
    "extraction.csv": syn.read_extraction,
    "extraction.xlsx": syn.read_extraction,
    "lint.csv": syn.lint,
    "codings.csv": syn.read_codings,
    "codebook.csv": syn.Codebook.read,
    "codebook.yaml": syn.Codebook.read,
    "codebook.qdc": syn.read_qdc,
    "project.qdpx": syn.read_qdpx,
    "sheets.csv": lambda path: syn.read_sheets(path, ["u1"], schemes={"who": CODES}),
    "decisions.csv": lambda path: syn.read_decisions(path, RECORDS),
    "records.ris": syn.read_records,
    "flow.csv": syn.read_flow,
    "exercise.yaml": syn.exercise,
    "model.yaml": LogicModel.read,
    "comparison.yaml": Comparison.read,
    "rules.yaml": lambda path: MODEL.check(path or "."),
    "tables.xlsx": lambda path: LogicModel.from_tables(
        path, path, profile="theory-of-change", title="T"
    ),
    "applicability.csv": MODEL.with_applicability,
    "rule.yaml": syn.DelphiRule.read,
    "ratings.csv": lambda path: syn.delphi(path, rule=RULE),
    "sheets of ratings.csv": syn.read_ratings,
    "readings.csv": lambda path: syn.distance_travelled(path, scale=(1, 5)),
    "lines.csv": lambda path: syn.value_for_money(
        path, rates="green-book-2026", price_base=2026, counterfactual="nothing"
    ),
    "uses.csv": syn.concentration,
    "themes.csv": syn.themes,
    "shares.csv": syn.check_shares,
}
WRITERS: dict[str, Callable[[Any], object]] = {
    "figure.svg": MODEL.draw().save,
    "plot.svg": lambda path: syn.save(syn.forest(syn.meta_analysis(EFFECTS)), path),
    "model.yaml": MODEL.write,
    "tables.xlsx": MODEL.to_tables().save,
    "applicability.xlsx": lambda path: MODEL.applicability_sheet(path, targets="Here"),
    "comments.xlsx": MODEL.comment_sheet,
    "records.csv": lambda path: syn.write_records(RECORDS, path),
    "records.ris": lambda path: syn.write_records(RECORDS, path),
    "flow.csv": syn.PrismaFlow({"records_screened": 10}).write,
    "codebook.csv": CODES.write,
    "codebook.yaml": CODES.write,
    "codebook.qdc": lambda path: syn.write_qdc(CODES, path),
    "rule.yml": RULE.write,
    "ratings.xlsx": lambda path: syn.evaluation_template("delphi", path),
    "project.qdpx": lambda path: syn.write_qdpx(path, UNITS, CODINGS, CODES),
}
FOLDERS: dict[str, Callable[[Any], object]] = {
    "template": syn.template,
    "screening": lambda path: syn.write_screening_sheets(
        RECORDS, ["ann"], path, stage="title_abstract"
    ),
    "coding": lambda path: syn.write_sheets(UNITS, ["ann"], path, schemes={"who": CODES}),
    "tables": MODEL.to_tables().save,
}
BOARDS: dict[str, Callable[[Any], object]] = {
    "duplicates.csv": lambda path: syn.duplicate_board(RECORDS, LINKS, reviewer="ann", path=path),
    "coding.csv": lambda path: syn.coding_board(UNITS, CODES, coder="ann", path=path),
}
EVERYWHERE = [
    *(pytest.param(name, call, id=f"read {name}") for name, call in READERS.items()),
    *(pytest.param(name, call, id=f"write {name}") for name, call in WRITERS.items()),
    *(pytest.param(name, call, id=f"write {name}/") for name, call in FOLDERS.items()),
    *(pytest.param(name, call, id=f"board {name}") for name, call in BOARDS.items()),
]
TO_WRITE = [
    *(pytest.param(name, call, id=name) for name, call in WRITERS.items()),
    *(pytest.param(name, call, id=f"{name}/") for name, call in FOLDERS.items()),
]


@pytest.mark.parametrize(("name", "call"), EVERYWHERE)
def test_names_that_no_file_can_have_are_refused_in_words(
    tmp_path: Path, name: str, call: Callable[[Any], object]
) -> None:
    for path in (
        tmp_path / f"zero\0{name}",
        os.fsencode(tmp_path / name),
        tmp_path / f"{'long' * 80}{name}",
        tmp_path / f"half\ud800{name}",
        3,
    ):
        with pytest.raises(ArrowrootError):
            call(path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "call"), TO_WRITE)
def test_nothing_can_be_written_below_a_file(
    tmp_path: Path, name: str, call: Callable[[Any], object]
) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(ArrowrootError):
        call(tmp_path / "file" / name)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_no_file_at_all_is_refused_in_words() -> None:
    for call in (*READERS.values(), *WRITERS.values(), *FOLDERS.values(), *BOARDS.values()):
        with pytest.raises(ArrowrootError):
            call(None)


def test_a_comment_sheet_that_cannot_be_there_is_among_those_not_read(tmp_path: Path) -> None:
    read = MODEL.read_comments([tmp_path / f"{'long' * 80}.csv"])
    assert "not read: " in str(read.not_taken[0])
    with pytest.raises(ArrowrootError, match="the path of a file is needed"):
        MODEL.read_comments([3])  # type: ignore[list-item]
