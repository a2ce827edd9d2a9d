"""Cells as papers print them and spreadsheets keep them: used rightly, or refused with advice."""

from __future__ import annotations

import numpy as np
import openpyxl
import pandas as pd
import pytest

import synthesis as syn
from synthesis.effects.formulas.printed_numbers import parse_p_values
from synthesis.effects.rows.effect_types import effect_type
from synthesis.errors import DataError

TWO = "two numbers; give each its own column"
RANGE = "a range; give each end its own column"
ALONE = "write the number alone"
DATE = "a date; look the number up in the paper"
BLANK = "where nothing is reported, leave the cell blank"


def told(column: str, cell: object) -> str:
    sheet = pd.DataFrame({"study": ["Grant"], column: pd.Series([cell], dtype=object)})
    with pytest.raises(DataError) as raised:
        syn.read_extraction(sheet)
    return str(raised.value)


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        *((cell, TWO) for cell in ("12.3 (4.5)", "12,3 (4,5)", "12,3 ± 4,5", "12·3 (4·5)")),
        *((cell, TWO) for cell in ("12.3 [10.1, 14.5]", "12.3; 10.1–14.5", "12.3 10.1-14.5")),
        *((cell, TWO) for cell in ("median 12 (10-14)", "12.3 (IQR 10.1 to 14.5)", "45/60 (75%)")),
        *((cell, TWO) for cell in ("45 of 60", "45/60", "45 (75%)")),
        *((cell, RANGE) for cell in ("10.1–14.5", "(10.1, 14.5)", "[10,1; 14,5]", "10.1, 14.5")),
        *((cell, ALONE) for cell in ("N=45", "n = 45", "45*", "45a", "45†", "12.3 mg", "12 years")),
        *((cell, ALONE) for cell in ("3 months", "£12", "(12)", "'12", "12²", "about 12", "≈12")),
        *((cell, ALONE) for cell in ("12+", "c. 12", "> 12", "mean 12.3")),
        *((cell, DATE) for cell in ("2-Mar", "Mar-02", "02.Mär", "2-mars", "03/02/2023")),
        *((cell, DATE) for cell in ("02.03.2023", "5-déc", "Okt 24", "2-Mrz")),
        *((cell, BLANK) for cell in ("…", "--", "n. r.", "missing", "NS", "not available", "?")),
        *((cell, "write a hyphen for a minus sign") for cell in ("–0.5", "- 0.5", "—0,5")),
        *((cell, "write a decimal point") for cell in ("12·3", "-0·5")),
        *((cell, "write the digits 0 to 9") for cell in ("١٢", "١٢٫٣", "１２.３")),
        *((cell, "write it as 5e-3 is written") for cell in ("5×10⁻³", "5.0 × 10^-3", "5 x 10-3")),
        *((cell, "a spreadsheet's error") for cell in ("#N/A", "#DIV/0!", "#WERT!", "#NOM?")),
        *((cell, "type it again: it contains characters") for cell in ("12\u200b", "\ufeff12")),
        ("=1+2", "enter what the formula gives"),
        ("mean_t", "a heading repeated; remove the row"),
    ],
)
def test_what_papers_and_spreadsheets_write_is_refused_with_what_to_do(cell, advice):
    message = told("mean_t", cell)
    assert f"mean_t must be a number ({advice}" in message
    assert message.endswith(f"got {cell!r} for study 'Grant'. Correct the sheet and read it again.")


@pytest.mark.parametrize(
    ("column", "columns"),
    [
        ("mean_c", "mean_c and sd_c"),
        ("median_t", "median_t, q1_t and q3_t"),
        ("events_t", "events_t and n_t"),
        ("n_c", "events_c and n_c"),
        ("effect", "effect, ci_low and ci_high"),
        ("mean_change_t", "mean_change_t and sd_change_t"),
        ("mean_pre", "mean_pre and sd_pre"),
    ],
)
def test_two_numbers_in_a_cell_are_sent_to_the_columns_beside_it(column, columns):
    assert f"({TWO}, such as {columns})" in told(column, "12 (4)")


@pytest.mark.parametrize("cell", [pd.Timestamp("2023-03-02"), pd.Period("2023-03", "M")])
def test_a_date_that_is_no_text_is_called_a_date(cell):
    assert DATE in told("mean_t", cell)


@pytest.mark.parametrize("cell", [10**400, np.array(0.1)])
def test_cells_that_no_library_can_convert_are_refused_in_words(cell):
    assert "mean_t must be a number" in told("mean_t", cell)
    table = pd.DataFrame({"study": list("ab"), "yi": pd.Series([cell, 0.2], dtype=object)})
    with pytest.raises(DataError, match=r"yi: every cell must be a number; got .* for study 'a'"):
        syn.meta_analysis(table.assign(vi=0.04))


@pytest.mark.parametrize(
    ("cell", "p"),
    [
        *((cell, 0.04) for cell in ("p = .04", "P=0·04", "0,04", ",04", "p-value: 0.04", "4.0e-2")),
        *((cell, 0.04) for cell in ("p value = 0.04", "p\u2009=\u20090.04", "p=,04", "＝０.０４")),
    ],
)
def test_a_printed_p_is_read_however_it_is_written(cell, p):
    assert parse_p_values(pd.Series([cell]))["exact"].tolist() == [p]


@pytest.mark.parametrize(
    "cell",
    ["<.001", "p<0,001", "P < 0·001", "p ＜ .001", "<=.001", "p ⩽ 0.001", "≤0.001", "p &lt; .001"],
)
def test_a_bound_of_p_is_read_however_it_is_written(cell):
    assert parse_p_values(pd.Series([cell]))["below"].tolist() == [0.001]


@pytest.mark.parametrize(
    "cell",
    ["NS", "n.s.", "n. s.", "ＮＳ", "not sig.", "nonsignificant", "Non-significant", "p = n.s."],
)
def test_not_significant_is_read_however_it_is_written(cell):
    read = parse_p_values(pd.Series([cell]))
    assert read["useless"].tolist() == [True]
    assert not read["wrong"].any()


@pytest.mark.parametrize("cell", ["NR", "n/a", "-", "–", "NA", "not reported"])
def test_a_p_that_is_not_reported_is_blank_as_any_other_number(cell):
    read = parse_p_values(pd.Series([cell]))
    assert not read[["useless", "wrong", "zero"]].any(axis=None)
    sheet = {"study": ["Grant"], "mean_t": 2, "sd_t": 1, "n_t": 9, "mean_c": 1, "sd_c": 1, "n_c": 9}
    assert syn.effect_sizes(pd.DataFrame({**sheet, "p": [cell]}))["route"].tolist() == ["means"]


@pytest.mark.parametrize(
    "cell", ["*", "0.05-0.10", "0.01 < p < 0.05", "4%", "1.2", "-0.04", "1,234", "0.04a", "10-5"]
)
def test_what_is_no_p_is_refused(cell):
    assert (
        f"p must be a number between 0 and 1, a bound such as <0.05, or NS; got {cell!r}"
        in told("p", cell)
    )


def test_a_sheet_with_decimal_commas_may_have_bounds_of_p(tmp_path):
    path = tmp_path / "trials.csv"
    path.write_text("study;mean_t;p\nA;1,5;<0,001\nB;2,5;0,04\nC;3,5;n.s.\nD;3,5;0,000\n")
    sheet = syn.read_extraction(path, decimal=",")
    read = parse_p_values(sheet["p"])
    assert read["below"].tolist()[0] == 0.001
    assert read["exact"].tolist()[1] == 0.04
    assert read["useless"].tolist()[2]
    assert read["rounded"].tolist()[3] == 0.0005


@pytest.mark.parametrize(
    ("written", "name"),
    [
        *((word, "or") for word in ("OR, adjusted", "OR [95% CI]", "ORadj", "oddsratio", "AOR")),
        *((word, "rr") for word in ("aRR", "Relative Risk", "RR (adj.)", "adj. RR")),
        *((word, "smd") for word in ("d Cohen", "g (Hedges)", "Std. Mean Difference")),
        *((word, "r") for word in ("rs", "r_s", "Spearman's ρ")),
    ],
)
def test_a_measure_is_known_however_papers_write_it(written, name):
    assert effect_type(written).name == name


def test_a_correlation_of_ranks_is_one_by_its_short_name():
    assert effect_type("rs").is_rank
    assert not effect_type("r").is_rank


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("ARR", "may be an absolute risk reduction or an adjusted risk ratio"),
        ("A.R.R.", "may be an absolute risk reduction or an adjusted risk ratio"),
        ("RRR", "A relative risk reduction is 1 minus the risk ratio"),
        ("Exp(B)", "an odds ratio in logistic, a hazard ratio in Cox"),
        ("β", "A regression coefficient is not a measure of its own"),
        ("η²", "A test statistic is not a measure"),
        ("partial η²", "Partial eta squared depends on the other factors"),
        ("partial eta squared", "Partial eta squared depends on the other factors"),
    ],
)
def test_a_word_for_two_measures_is_not_guessed(written, told):
    sheet = pd.DataFrame({"study": ["Grant"], "effect": [0.4], "se": [0.1], "effect_type": written})
    with pytest.raises(DataError, match="no route to 'rr' for study 'Grant'") as error:
        syn.effect_sizes(sheet, "rr")
    assert told in str(error.value)


@pytest.mark.parametrize("column", ["percent", "percent_t"])
def test_a_workbooks_percentage_is_read_as_it_shows_for_one_group_too(tmp_path, column):
    book = openpyxl.Workbook()
    book.active.append(["study", column])
    book.active.append(["A", 0.25])
    book.active["B2"].number_format = "0%"
    book.save(tmp_path / "trials.xlsx")
    assert syn.read_extraction(tmp_path / "trials.xlsx")[column].tolist() == [25]


def test_a_percentage_of_one_group_that_no_count_gives_is_said():
    sheet = pd.DataFrame(
        {"study": ["A", "B", "C"], "percent": [33, 0.45, 45.0], "n": [20, 200, 20]}
    )
    assert syn.lint(sheet)["message"].tolist() == [
        "33% of 20 is not a whole number of people",
        "0.45% of 200 is not a whole number of people",
    ]
    said = syn.receipts(syn.effect_sizes(sheet, "logit"))["assumed"].tolist()
    assert ["not a whole number of people" in text for text in said] == [True, True, False]


@pytest.mark.parametrize(
    ("columns", "errors"),
    [
        ({"mean_pre": 10, "sd_pre": [5.1, 5.4, 0.9], "n": 30}, ["sd_pre"]),
        ({"mean_post": 10, "sd_post": [5.1, 5.4, 0.9], "n": 30}, ["sd_post"]),
        ({"mean_change": [2, 2.1, 2], "sd_change": [5.1, 5.4, 0.9], "n": 30}, ["sd_change"]),
        ({"mean": 10, "sd": [5.1, 5.4, 0.9], "n": 30}, ["sd"]),
        ({"mean": [10, 10, 1.8], "sd": [5.1, 5.4, 0.9], "n": 30}, []),
    ],
)
def test_a_standard_error_is_found_among_the_sds_of_one_group(columns, errors):
    sheet = pd.DataFrame({"study": list("abc"), "outcome": "o", **columns})
    found = syn.lint(sheet)
    assert found.loc[found["rule"] == "se-as-sd", "column"].tolist() == errors
