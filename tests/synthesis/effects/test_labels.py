"""Labels in sheets and effects: what is one study, outcome or comparison."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from arrowroot.errors import DataError
from synthesis.effects.dependence import choose_rows
from synthesis.effects.lint.lint import lint
from synthesis.effects.sheet.reading import read_extraction


def sheet(**columns: list[object]) -> pd.DataFrame:
    """A synthetic sheet of effects, for tests only."""
    rows = len(next(iter(columns.values())))
    return pd.DataFrame(
        {"study": ["Vale"] * rows, "yi": [0.1] * rows, "vi": [0.04] * rows} | columns
    )


@pytest.mark.parametrize("name", ["outcome", "comparison", "subgroup", "timepoint"])
def test_two_spellings_of_one_label_do_not_tell_rows_apart(name: str) -> None:
    with pytest.raises(DataError, match=f"rows of one study must differ in {name}; repeated"):
        read_extraction(sheet(**{name: ["low mood", "low\u00a0 mood "]}))
    assert len(read_extraction(sheet(**{name: ["low mood", "Low mood"]}))) == 2


@pytest.mark.parametrize("cells", [[6, "6"], [6.0, " 6"]])
def test_a_number_and_its_text_are_one_timepoint(cells: list[object]) -> None:
    with pytest.raises(DataError, match="must differ in timepoint_months; repeated"):
        read_extraction(sheet(timepoint_months=cells))


def test_labels_are_shown_as_they_were_read_and_blank_cells_stay() -> None:
    read = read_extraction(sheet(study=[" Vale\u200b", "Moor"], outcome=["low  mood", ""]))
    assert read["study"].tolist() == ["Vale", "Moor"]
    assert read["outcome"].tolist() == ["low mood", ""]


def test_the_lint_points_out_labels_that_differ_only_in_capitals() -> None:
    found = lint(sheet(study=["Vale", "vale", "Moor"], outcome=["pain", "Pain", "pain"]))
    assert found[["rule", "severity", "study", "column", "message"]].to_numpy().tolist() == [
        ["capitals", "warning", "vale", "study", "'vale' differs from 'Vale' only in capitals"],
        ["capitals", "warning", "vale", "outcome", "'Pain' differs from 'pain' only in capitals"],
    ]


@pytest.mark.parametrize("again", ["Va\u0308le ", "V\u00e4le\u200b", " V\u00e4le"])
def test_the_lint_says_which_labels_were_spelled_in_several_ways(
    again: str, tmp_path: Path
) -> None:
    raw = sheet(study=["V\u00e4le", again], outcome=["pain", "low mood"])
    raw.to_csv(tmp_path / "sheet.csv", index=False)
    message = "'V\u00e4le' is spelled in 2 ways that look alike; they were read as one"
    for given in (raw, read_extraction(raw)):
        found = lint(given)
        assert found[["rule", "column", "message"]].to_numpy().tolist() == [
            ["spelling", "study", message]
        ]
    # Spaces and characters without width around a cell of a file are not the label's.
    assert len(lint(tmp_path / "sheet.csv")) == (again.strip(" \u200b") != "V\u00e4le")


def test_a_finding_can_be_waived_like_any_other() -> None:
    raw = sheet(study=["Vale", "vale"])
    waived = raw.assign(waived=["", "capitals"], waived_because=["", "two trials"])
    assert lint(waived)["waived"].tolist() == ["two trials"]


def test_the_preferred_value_is_found_however_it_is_spelled() -> None:
    table = sheet(outcome=["pain at rest ", "\u00a0pain"])
    choice = choose_rows(table, "outcome", ["pain", " pain at rest"])
    assert choice.kept.index.tolist() == [1]
    assert choice.set_aside["reason"].tolist() == ["'pain' is preferred"]
    with pytest.raises(DataError, match="equally preferred by 'outcome': 'Vale'"):
        choose_rows(sheet(outcome=["pain", "pain "]), "outcome", ["pain"])
    months = choose_rows(sheet(timepoint=[6, 12]), "timepoint", ["12", "6"])
    assert months.kept.index.tolist() == [1]
