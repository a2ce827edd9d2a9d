from __future__ import annotations

from datetime import datetime

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


COUNTED = """\
title: T
people: [{name: Ann}]
outcomes: [{id: admissions, measure: MEASURE, direction: lower}]
comparisons: [{id: care}]
"""
COUNTS = (
    "study,direction,events_t,n_t,events_c,n_c\n"
    "A,,10,50,16,50\nB,FIRST,12,60,15,60\nC,SECOND,9,40,13,40\n"
)
"""Synthetic: three trials that count people admitted."""


@pytest.mark.parametrize("measure", ["rr", "or", "rd"])
@pytest.mark.parametrize(("first", "second"), [("lower", ""), ("lower", "Lower")])
def test_a_direction_that_is_declared_reverses_no_counts(
    make, measure: str, first: str, second: str
) -> None:
    declared = COUNTED.replace("MEASURE", measure)
    plain = make(**{"review.yaml": declared, "extraction.csv": _counts("", "")})
    expected = Review(plain).analyses["care.admissions"].fit
    (plain / "extraction.csv").write_text(_counts(first, second), "utf-8")
    review = Review(plain)
    fit = review.analyses["care.admissions"].fit
    assert (fit.estimate, fit.ci, fit.k) == (expected.estimate, expected.ci, 3)
    (note,) = [one for one in review.check() if one.rule == "direction"]
    rows = 1 + bool(second)
    assert (note.severity, note.line) == ("note", 3)
    assert f"in {rows} row" in note.message


def test_a_row_that_counts_the_opposite_is_left_out_and_named(make) -> None:
    declared = COUNTED.replace("MEASURE", "rr")
    review = Review(make(**{"review.yaml": declared, "extraction.csv": _counts("higher", "lower")}))
    assert review.analyses["care.admissions"].effects["study"].tolist() == ["A", "C"]
    (error,) = [one for one in review.check() if one.severity == "error"]
    assert (error.file, error.line, error.rule) == ("extraction.csv", 3, "direction")
    assert "The direction of 'B' is 'higher', but for 'admissions' review.yaml says" in str(error)


def _counts(first: str, second: str) -> str:
    return COUNTS.replace("FIRST", first).replace("SECOND", second)


def test_scores_are_reversed_as_ever(make) -> None:
    rows = "study,direction,mean_t,sd_t,n_t,mean_c,sd_c,n_c\nA,,4,2,30,5,2,30\n"
    declared = COUNTED.replace("MEASURE", "smd")
    review = Review(make(**{"review.yaml": declared, "extraction.csv": rows}))
    assert review.analyses["care.admissions"].fit.estimate > 0


def test_a_row_without_scores_beside_declared_ones_is_not_said_to_lack_a_direction(make) -> None:
    rows = "study,mean_t,sd_t,n_t,mean_c,sd_c,n_c,p,sign\nA,5,2,30,4,2,30,,\nB,,,30,,,30,0.04,1\n"
    higher = COUNTED.replace("MEASURE", "smd").replace("lower", "higher")
    review = Review(make(**{"review.yaml": higher, "extraction.csv": rows}))
    assert [one for one in review.check() if one.rule == "direction-in-part"] == []
    (review.folder.path / "review.yaml").write_text(higher.replace("higher", "lower"), "utf-8")
    (one,) = [one for one in Review(review.folder.path).check() if one.rule == "direction-in-part"]
    assert one.line == 3


def test_a_day_in_the_studies_is_a_day(make) -> None:
    from openpyxl import Workbook

    folder = make()
    book = Workbook()
    book.active.append(["study", "begun"])
    book.active.append(["Carroll", datetime(2019, 3, 1)])
    book.save(folder / "studies.xlsx")
    assert Review(folder).studies.table["begun"].tolist() == ["2019-03-01"]
