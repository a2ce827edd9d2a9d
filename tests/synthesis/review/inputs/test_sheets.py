from __future__ import annotations

import pytest

from synthesis.review.review import Review

TWO = """\
title: T
people: [{name: Ann}]
outcomes: [{id: pain, windows: [{id: short, months: [0, 12]}, {id: long, months: [13, 24]}]}]
comparisons: [{id: care, label: Care}, {id: drug}]
"""
HEAD = "study,comparison,timepoint_months,yi,vi\n"


def said(folder) -> list[str]:
    return [str(one) for one in Review(folder).check() if one.file.startswith("extraction")]


def test_a_row_is_placed_by_comparison_outcome_and_time(make) -> None:
    rows = HEAD + "A,care,6,0.1,0.01\nB,Care,18,0.2,0.01\nC,DRUG,3,0.3,0.01\n"
    review = Review(make(**{"review.yaml": TWO, "extraction.csv": rows}))
    where = {key: one.effects["study"].tolist() for key, one in review.analyses.items()}
    assert where == {
        "care.pain.short": ["A"],
        "care.pain.long": ["B"],
        "drug.pain.short": ["C"],
        "drug.pain.long": [],
    }
    assert review.analyses["drug.pain.long"].reason == (
        "No study reports this outcome in this window."
    )


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("A,,6,0.1,0.01", "extraction.csv:2: error: The comparison of 'A' is blank."),
        ("A,cure,6,0.1,0.01", "The comparison of 'A' is 'cure', which is not declared."),
        ("A,care,,0.1,0.01", "so this row is in no analysis."),
        ("A,care,30,0.1,0.01", "timepoint_months must lie in one window"),
        ("A,care,6,0.1,-1", "vi must be > 0; got -1.0 for study 'A' (line 2)."),
    ],
)
def test_a_row_that_no_analysis_can_take_is_named(make, row: str, says: str) -> None:
    found = said(make(**{"review.yaml": TWO, "extraction.csv": f"{HEAD}{row}\n"}))
    assert any(says in one for one in found), found


def test_no_sheet_an_empty_one_and_two_of_them(make) -> None:
    folder = make()
    (folder / "extraction.xlsx").write_bytes(b"x")
    assert "are both there, and only one of them can count" in said(folder)[0]
    (folder / "extraction.xlsx").unlink()
    (folder / "extraction.csv").write_text("study,yi,vi\n", "utf-8")
    assert "has no rows yet" in said(folder)[0]
    (folder / "extraction.csv").unlink()
    assert "There is no extraction sheet." in said(folder)[0]


def test_characteristics_reach_the_analyses(make) -> None:
    names = ["Carroll", "Grant", "Peck", "Donat", "Stewart", "Young"]
    table = "study,team\n" + "".join(f"{name},{at % 2}\n" for at, name in enumerate(names))
    review = Review(make(**{"studies.csv": table}))
    assert review.analyses["care.score"].fit.studies["team"].tolist() == [0, 1] * 3


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("name\nGrant\n", "There is no column 'study'."),
        ("study,n\nGrant,1\nGrant,2\n", "'Grant' is already on line 2."),
        ("study,n\n,1\n", "The study has no label."),
        ("study\nGrant\nMissing 2001\n", "'Missing 2001' has no row in extraction.csv"),
        ("study\nGrant\n", "'Carroll', 'Peck', 'Donat'"),
    ],
)
def test_what_is_wrong_with_the_characteristics(make, table: str, says: str) -> None:
    found = "\n".join(map(str, Review(make(**{"studies.csv": table})).check()))
    assert says in found


GERMAN = """\
study;n_t;n_c;mean_t;mean_c;sd_t;sd_c
Able;60;58;4,1;4,9;2,1;2,2
Baker;40;42;3,9;4,4;2,0;2,1
"""


def test_decimal_commas_are_declared_and_never_guessed(make) -> None:
    folder = make()
    (folder / "extraction.csv").write_text(GERMAN, "utf-8")
    (error,) = [one for one in Review(folder).check().errors() if one.rule == "extraction"]
    assert "write  decimal: ','  in review.yaml" in error.message
    text = (folder / "review.yaml").read_text("utf-8")
    (folder / "review.yaml").write_text(f"decimal: ','\n{text}", "utf-8")
    rows = Review(folder).extraction.rows
    assert rows is not None
    assert rows["mean_t"].tolist() == [4.1, 3.9]


def test_a_label_that_one_sheet_spells_in_another_way_has_a_line(make) -> None:
    folder = make()
    (folder / "studies.csv").write_text("study\nCarroll\nGrant\nPeck\nDonat\nStewart\nYoungg\n")
    found = [str(one) for one in Review(folder).check() if one.rule == "studies"]
    assert found == [
        "extraction.csv:7: warning: 'Young' has no row in studies.csv. Did you mean 'Youngg'? Add "
        "it, or write the label in the same way in both. [studies]",
        "studies.csv:7: warning: 'Youngg' has no row in extraction.csv. Did you mean 'Young'? Add "
        "it, or write the label in the same way in both. [studies]",
    ]


def test_a_sheet_without_outcomes_says_so_once(make) -> None:
    folder = make()
    text = (folder / "review.yaml").read_text("utf-8")
    two = "measure: smd, direction: higher}\n  - {id: other}\n"
    text = text.replace("measure: smd, direction: higher}\n", two)
    (folder / "review.yaml").write_text(text, "utf-8")
    (found,) = Review(folder).extraction.findings
    assert (found.line, found.severity) == (1, "error")
    assert "There is no column 'outcome'" in found.message
