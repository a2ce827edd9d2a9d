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
