"""Sheets named as in RevMan, metafor, Metapsy and esc give the same effects as our own names."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError, OptionError
from synthesis.effects.sheet.naming import NAMINGS

MEANS = ("mean_t", "sd_t", "n_t", "mean_c", "sd_c", "n_c")
COUNTS = ("events_t", "n_t", "events_c", "n_c")

THEIRS = {
    "revman": (
        "Study or Subgroup",
        (
            *("Experimental Mean", "Experimental SD", "Experimental Total"),
            *("Control Mean", "Control SD", "Control Total"),
        ),
        ("Experimental Events", "Experimental Total", "Control Events", "Control Total"),
    ),
    "metafor": ("slab", ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"), ("ai", "n1i", "ci", "n2i")),
    "metapsy": (
        "study",
        ("mean_arm1", "sd_arm1", "n_arm1", "mean_arm2", "sd_arm2", "n_arm2"),
        ("event_arm1", "totaln_arm1", "event_arm2", "totaln_arm2"),
    ),
    "esc": (
        "study",
        ("grp1m", "grp1sd", "grp1n", "grp2m", "grp2sd", "grp2n"),
        ("grp1yes", "grp1n", "grp2yes", "grp2n"),
    ),
}


def renamed(ours: pd.DataFrame, names, theirs, study: str) -> pd.DataFrame:
    kept = ours[["study", *names]]
    return kept.rename(columns={"study": study, **dict(zip(names, theirs, strict=True))})


def effects(sheet, measure):
    return syn.effect_sizes(sheet, measure)[["study", "yi", "vi"]]


@pytest.mark.parametrize("by_itself", [True, False])
@pytest.mark.parametrize("program", NAMINGS)
@pytest.mark.parametrize("kind", ["means", "counts"])
def test_round_trip_of_shipped_data(program, kind, by_itself, tmp_path):
    study, means, counts = THEIRS[program]
    name, measure, ours, theirs = (
        ("borenstein2009", "smd", MEANS, means)
        if kind == "means"
        else ("egger2001", "or", COUNTS, counts)
    )
    data = syn.datasets.load(name)
    foreign = renamed(data, ours, theirs, study)
    path = tmp_path / "sheet.csv"
    foreign.to_csv(path, index=False)
    for table in (path, foreign):
        sheet = syn.read_extraction(table, columns=None if by_itself else program)
        pd.testing.assert_frame_equal(effects(sheet, measure), effects(data, measure))
        said = sheet.attrs["remarks"][-1]
        assert said.startswith(f"the columns are named as in {NAMINGS[program].program} (")
        assert f"{theirs[0]} as {ours[0]}" in said
        assert said in syn.lint(sheet)["message"].tolist()
    lint = syn.lint(path)
    assert said in lint["message"].tolist()


def test_revmans_observed_minus_expected():
    # The fields are called "O-E" and "Variance"; other rows of an export hold 0 in both.
    table = pd.DataFrame({"Study": ["a", "b"], "O-E": [-5, 3.2], "Variance": [12.0, 8.0]})
    es = syn.effect_sizes(syn.read_extraction(table), "hr")
    assert es["yi"].tolist() == pytest.approx([-5 / 12, 0.4])
    assert es["vi"].tolist() == pytest.approx([1 / 12, 1 / 8])
    cells = {"Experimental cases": [5], "Experimental N": [20], "Control cases": [7]}
    other = pd.DataFrame({"Study": ["c"], **cells, "Control N": [20], "O-E": [0], "Variance": [0]})
    read = syn.read_extraction(other)
    assert read[["o_minus_e", "v_logrank"]].isna().all(axis=None)
    assert syn.effect_sizes(read, "or")["route"].tolist() == ["counts"]


def test_people_without_the_event_make_up_the_size():
    table = pd.DataFrame({"study": ["a"], "ai": [4], "bi": [36], "ci": [8], "di": [32]})
    sheet = syn.read_extraction(table)
    assert sheet[["events_t", "n_t", "events_c", "n_c"]].to_numpy().tolist() == [[4, 40, 8, 40]]
    assert sheet["bi"].tolist() == [36]
    assert "ai + bi as n_t" in sheet.attrs["remarks"][0]
    odds = syn.effect_sizes(sheet, "or").loc[0, "yi"]
    assert odds == pytest.approx(np.log(4 * 32 / (36 * 8)))


def test_proportions_of_esc_become_percentages():
    table = pd.DataFrame(
        {"study": ["a"], "prop1event": ["0,1"], "grp1n": [40], "prop2event": [".25"], "grp2n": 40}
    )
    table["prop2event"] = "0,25"
    sheet = syn.read_extraction(table, decimal=",")
    assert sheet[["percent_t", "percent_c"]].to_numpy().tolist() == [[10, 25]]


def test_rates_and_correlations_of_metafor():
    rates = pd.DataFrame({"study": ["a"], "x1i": [4], "t1i": [50.5], "x2i": [8], "t2i": [60]})
    assert syn.effect_sizes(syn.read_extraction(rates), "irr").loc[0, "yi"] == pytest.approx(
        np.log((4 / 50.5) / (8 / 60))
    )
    r = pd.DataFrame({"author": ["Grant"], "year": [1999], "ri": [0.3], "ni": [40]})
    es = syn.effect_sizes(syn.read_extraction(r), "fisher_z")
    assert es.loc[0, ["study", "yi", "vi"]].tolist() == [
        "Grant, 1999",
        pytest.approx(np.arctanh(0.3)),
        pytest.approx(1 / 37),
    ]


def test_data_rows_of_revman(tmp_path):
    path = tmp_path / "data-rows.csv"
    path.write_text(
        "Analysis group,Analysis number,Subgroup,Study,Study year,Experimental mean,Experimental "
        "SD,Experimental cases,Experimental N,Control mean,Control SD,Control cases,Control N,GIV "
        "Mean,GIV SE,Weight,Mean,CI start,CI end\n"
        "1,1,,Grant 1999,1999,5,2,,40,4,2,,40,,,100,1,0.1,1.9\n"
        "1,2,,Grant 1999,1999,,,4,40,,,8,40,,,100,0.5,0.2,1.5\n"
        "1,3,,Grant 1999,1999,,,,,,,,,-0.2,0.1,100,0.8,0.6,0.9\n"
    )
    sheet = syn.read_extraction(path)
    assert sheet["outcome"].tolist() == ["Analysis 1.1", "Analysis 1.2", "Analysis 1.3"]
    assert sheet.loc[0, ["mean_t", "n_c"]].tolist() == [5, 40]
    assert sheet.loc[1, ["events_t", "n_t"]].tolist() == [4, 40]
    assert sheet.loc[2, ["yi", "sei"]].tolist() == [-0.2, 0.1]


def test_metapsy_names_arms_times_and_printed_effects():
    table = pd.DataFrame(
        {
            "study": ["Grant", "Grant", "Peck"],
            "condition_arm1": "cbt",
            "condition_arm2": "wl",
            "multi_arm1": ["group", "single", "NA"],
            "time": "post",
            "time_weeks": [8, 8, 12],
            "instrument": "phq-9",
            "mean_arm1": [10.0, 11.0, np.nan],
            "mean_arm2": [12.0, 12.0, np.nan],
            "sd_arm1": [4.0, 4.0, np.nan],
            "sd_arm2": [4.0, 4.0, np.nan],
            "n_arm1": [30, 30, np.nan],
            "n_arm2": [30, 30, np.nan],
            "precalc_g": [np.nan, np.nan, -0.4],
            "precalc_g_se": [np.nan, np.nan, 0.2],
        }
    )
    sheet = syn.read_extraction(table)
    assert sheet["comparison"].tolist() == ["cbt (group) v wl", "cbt (single) v wl", "cbt v wl"]
    assert sheet["timepoint_weeks"].tolist() == [8, 8, 12]
    es = syn.effect_sizes(sheet)
    assert es["route"].tolist() == ["means", "means", "printed"]
    assert es.loc[2, ["yi", "vi"]].tolist() == [-0.4, pytest.approx(0.04)]


def test_effects_that_metapsy_has_as_log_risk_ratios_are_not_taken_for_g():
    table = pd.DataFrame(
        {
            "study": ["Grant", "Peck"],
            "precalc_g": [-0.4, np.nan],
            "precalc_g_se": [0.2, np.nan],
            "precalc_log_rr": [np.nan, 0.3],
            "precalc_log_rr_se": [np.nan, 0.1],
        }
    )
    sheet = syn.read_extraction(table)
    assert sheet["effect_type"].tolist() == ["Hedges' g", "log RR"]
    assert "effect_type by the columns of the printed effects" in sheet.attrs["remarks"][0]
    ratios = syn.effect_sizes(sheet.iloc[[1]], "rr")
    assert ratios[["yi", "vi"]].iloc[0].tolist() == pytest.approx([0.3, 0.01])
    kept = syn.effect_sizes(sheet, "smd", refused="keep")
    assert kept["yi"].tolist() == pytest.approx([-0.4, np.nan], nan_ok=True)
    with pytest.raises(DataError, match=r"'precalc_g' is .* and 'precalc_log_rr' is"):
        syn.read_extraction(table.assign(precalc_log_rr=0.3))


def test_messages_name_the_columns_of_a_sum():
    table = pd.DataFrame({"study": ["a"], "ai": 4, "bi": -36.5, "ci": 8, "di": [32]})
    with pytest.raises(DataError, match=r"In the file n_t is ai \+ bi, events_t is ai\. Correct"):
        syn.read_extraction(table)
    with pytest.raises(DataError, match="row 1: 'bi' must be a number; got 'x'"):
        syn.read_extraction(table.assign(bi="x"))


class TestNoGuess:
    def test_our_own_columns_are_never_replaced(self):
        own = syn.datasets.load("borenstein2009").assign(m1i=0.0, m2i=0.0)
        assert syn.read_extraction(own)["mean_t"].tolist() == own["mean_t"].tolist()
        with pytest.raises(DataError, match="two columns mean the same: 'm1i' and 'mean_t'"):
            syn.read_extraction(own, columns="metafor")

    def test_two_namings_in_one_table(self):
        table = pd.DataFrame({"study": ["a"], "m1i": 1, "m2i": 2, "grp1n": 3, "grp2n": 4})
        with pytest.raises(DataError, match="named as in metafor or esc, and it is not clear"):
            syn.read_extraction(table)
        assert "mean_t" not in syn.read_extraction(table, columns="own")

    def test_own_renames_nothing(self):
        table = pd.DataFrame({"study": ["a"], "ri": [0.3], "ni": [40]})
        assert "r" not in syn.read_extraction(table, columns="own")

    def test_naming_that_is_not_there(self):
        table = pd.DataFrame({"study": ["a"], "mean_t": [1]})
        with pytest.raises(DataError, match="no column is named as in Metapsy; there are 'study'"):
            syn.read_extraction(table, columns="metapsy")
        with pytest.raises(OptionError, match="columns must be one of 'revman'"):
            syn.read_extraction(table, columns="excel")

    def test_two_columns_that_contradict_each_other(self):
        table = pd.DataFrame(
            {"study": ["a", "b"], "mean_arm1": 1, "mean_arm2": 2, "n_arm1": [20, np.nan]}
        )
        filled = syn.read_extraction(table.assign(totaln_arm1=[np.nan, 30]))
        assert filled["n_t"].tolist() == [20, 30]
        with pytest.raises(DataError, match=r"row 1: 'n_arm1' is 20\.0 and 'totaln_arm1' is 25"):
            syn.read_extraction(table.assign(totaln_arm1=[25, 30]))


def test_messages_name_the_column_of_the_file(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text("study,m1i,sd1i,n1i,m2i,sd2i,n2i\nGrant,5,0,40,4,2,40\n")
    with pytest.raises(DataError) as error:
        syn.read_extraction(path)
    assert str(error.value) == (
        "sheet.csv: sd_t must be > 0; got 0.0 for study 'Grant' (line 2). In the file sd_t is "
        "sd1i. Correct the sheet and read it again."
    )


def test_a_table_in_memory_is_told_what_to_do():
    table = pd.DataFrame({"study": ["a"], "ri": [0.3], "ni": [40]})
    with pytest.raises(DataError) as error:
        syn.effect_sizes(table, "fisher_z")
    assert "read_extraction(table, columns='metafor') gives them the names used here" in str(
        error.value
    )


REVMANS = (
    "Analysis group,Analysis number,Analysis name,Subgroup,Applicability,Study,Study year,GIV Mean,"
    "GIV SE,Experimental mean,Experimental SD,Experimental cases,Experimental N,Control mean,"
    "Control SD,Control cases,Control N,O-E,Variance,Weight,Mean,CI start,CI end,Footnotes"
)
"""The headings of RevMan's data rows, as its export writes them."""

# Synthetic numbers in the places that RevMan's kinds of data use; it writes 0 in the others.
REVMANS_ROWS = (
    '1,1,Mood,,"",Grant,1999,0,0,9,5,0,50,12,5,0,52,0,0,40,-3,-5,-1,',
    '1,2,Deaths,,"",Grant,1999,0,0,0,0,0,50,0,0,9,52,0,0,40,0.6,0.2,1.5,',
    '1,3,Any,,"",Grant,1999,0.3,0.1,0,0,0,0,0,0,0,0,0,0,40,0.6,0.2,1.5,',
    '1,4,Survival,,"",Grant,1999,0,0,0,0,5,50,0,0,9,52,-3.2,4.1,40,0.6,0.2,1.5,',
)


@pytest.mark.parametrize("case", [str, str.upper, str.lower])
def test_zeros_that_revman_writes_for_other_kinds_of_data_are_blank(tmp_path, case):
    path = tmp_path / "data-rows.csv"
    path.write_text("\n".join([case(REVMANS), *REVMANS_ROWS]))
    sheet = syn.read_extraction(path)
    assert sheet["outcome"].tolist() == [f"Analysis 1.{row}" for row in (1, 2, 3, 4)]
    kinds = sheet[["mean_t", "sd_c", "events_t", "n_t", "yi", "sei", "o_minus_e", "v_logrank"]]
    assert kinds.notna().to_numpy().tolist() == [
        [True, True, False, True, False, False, False, False],
        [False, False, True, True, False, False, False, False],
        [False, False, True, False, True, True, False, False],
        [False, False, True, True, False, False, True, True],
    ]
    assert "0 as blank in" in sheet.attrs["remarks"][-1]
    for row, measure, effect in (
        (0, "md", -3),
        (1, "rr", np.log((0.5 / 51) / (9.5 / 53))),
        (2, "smd", 0.3),
        (3, "hr", -3.2 / 4.1),
    ):
        es = syn.effect_sizes(sheet.iloc[[row]], measure)
        assert es["yi"].tolist() == [pytest.approx(effect)]


def test_revmans_zeros_in_a_sheet_with_decimal_commas(tmp_path):
    path = tmp_path / "data-rows.csv"
    row = REVMANS_ROWS[0].replace(",0,0,9,5,", ",0,0,9.5,5,").replace(",", ";").replace(".", ",")
    path.write_text(f"\ufeff{REVMANS.replace(',', ';')}\n{row}\n", encoding="utf-8")
    sheet = syn.read_extraction(path, decimal=",")
    assert syn.effect_sizes(sheet, "md")["yi"].tolist() == [-2.5]


@pytest.mark.parametrize("first", [0, 1])
def test_row_numbers_without_a_heading_are_left_out_and_said(tmp_path, first):
    path = tmp_path / "from_r.csv"
    rows = "".join(f'"{first + at}","S{at}",5,2,40,4,2,40\n' for at in range(2))
    path.write_text(f'"","study","m1i","sd1i","n1i","m2i","sd2i","n2i"\n{rows}')
    sheet = syn.read_extraction(path)
    assert "its first column, which has no name and numbers the rows, is left out" in str(
        sheet.attrs["remarks"]
    )
    assert syn.effect_sizes(sheet, "md")["yi"].tolist() == [1, 1]
    path.write_text(path.read_text().replace(f'"{first}","S0"', '"Grant","S0"'))
    with pytest.raises(DataError, match="column 1 has no name"):
        syn.read_extraction(path)


def test_columns_that_could_be_of_two_programs_are_not_guessed():
    columns = {"m1i": 5, "m2i": 4, "sd1i": 2, "sd2i": 2, "n1i": 40, "n2i": 40}
    table = pd.DataFrame({"study": ["a"], **columns, "mean_arm1": 5, "mean_arm2": 4})
    with pytest.raises(DataError) as error:
        syn.read_extraction(table)
    assert str(error.value) == (
        "the table: its columns may be named as in metafor or Metapsy, and it is not clear which "
        "are meant. Read it with columns='metafor' or columns='metapsy', or with columns='own'."
    )
    read = syn.read_extraction(table, columns="metafor")
    assert syn.effect_sizes(read, "md")["yi"].tolist() == [1]


def test_columns_of_another_program_beside_our_own_are_pointed_out():
    columns = {"m1i": 5, "m2i": 4, "sd1i": 2, "sd2i": 2, "n1i": 40, "n2i": 40}
    sheet = syn.read_extraction(pd.DataFrame({"study": ["a"], **columns, "mean_t": 9}))
    said = "were not read, because there are columns named as here; columns='metafor' reads them"
    assert said in sheet.attrs["remarks"][-1]
    assert any(said in message for message in syn.lint(sheet)["message"])
    own = syn.read_extraction(pd.DataFrame({"study": ["a"], **columns}), columns="own")
    assert "remarks" not in own.attrs


def test_counts_and_rates_of_one_group_of_metafor():
    shares = syn.read_extraction(pd.DataFrame({"study": ["a"], "xi": [9], "mi": [32]}))
    assert shares[["events", "n"]].to_numpy().tolist() == [[9, 41]]
    rates = syn.read_extraction(pd.DataFrame({"study": ["a"], "xi": [9], "ti": [32.5]}))
    assert syn.effect_sizes(rates, "rate")["yi"].tolist() == [pytest.approx(9 / 32.5)]


def test_means_of_one_group_of_metafor():
    table = pd.DataFrame({"study": ["a"], "mi": [12.5], "sdi": [3], "ni": [36]})
    sheet = syn.read_extraction(table)
    assert sheet[["mean", "sd", "n"]].to_numpy().tolist() == [[12.5, 3, 36]]
    assert "mi as mean" in sheet.attrs["remarks"][0]
    with pytest.raises(DataError, match="In the file mean is mi"):
        syn.read_extraction(table.assign(mi="12 kg"))
    es = syn.effect_sizes(sheet, "mn")
    assert es.loc[0, ["yi", "vi"]].tolist() == pytest.approx([12.5, 9 / 36])


def test_a_table_in_memory_is_not_told_to_rename_what_means_something_else():
    # RevMan's "Mean" is the effect, not our mean of one group.
    table = pd.DataFrame([REVMANS_ROWS[0].split(",")], columns=REVMANS.split(","))
    with pytest.raises(DataError) as error:
        syn.effect_sizes(table, "md")
    assert "read_extraction(table, columns='revman')" in str(error.value)
    assert "rename" not in str(error.value)
