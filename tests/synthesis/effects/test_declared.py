"""A sheet read with declared outcomes; every sheet here is made up."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError

SATISFACTION = syn.Outcome(
    "satisfaction",
    "Patient satisfaction",
    direction="higher",
    mid=0.2,
    baseline=0.3,
    windows=({"id": "short", "months": (0, 12)}, {"id": "long", "months": (13, None)}),
    instruments=(
        {"id": "csq8", "label": "CSQ-8", "range": (8, 32), "mid": 3},
        {"id": "vsq", "range": (0, 10), "direction": "lower"},
    ),
)
ARMS = {"mean_t": 24.0, "sd_t": 5.0, "n_t": 40, "mean_c": 22.0, "sd_c": 5.0, "n_c": 40}


def sheet(studies: str = "AB", **cells) -> pd.DataFrame:
    return pd.DataFrame({"study": list(studies), "outcome": "satisfaction", **ARMS, **cells})


def lines_of(table: pd.DataFrame, rule: str, **options) -> list[str]:
    found = syn.lint(table, **options)
    return found.loc[found["rule"] == rule, "message"].tolist()


class TestWithOutcomes:
    def test_labels_become_ids_and_blanks_are_filled(self):
        given = sheet(
            outcome=["Patient  satisfaction", "SATISFACTION"],
            instrument=["csq-8", "VSQ"],
            timepoint_months=[12, 13],
        )
        table = syn.with_outcomes(given, SATISFACTION)
        assert table["outcome"].tolist() == ["satisfaction"] * 2
        assert table["instrument"].tolist() == ["csq8", "vsq"]
        assert table["direction"].tolist() == ["higher", "lower"]
        assert table["window"].tolist() == ["short", "long"]
        assert table["prepared"].tolist() == [
            "direction higher, as declared for Patient satisfaction; window short, from its time",
            "direction lower, as declared for vsq; window long, from its time",
        ]
        again = syn.with_outcomes(table, SATISFACTION)
        pd.testing.assert_frame_equal(again, table)
        assert given["outcome"].tolist() == ["Patient  satisfaction", "SATISFACTION"]

    def test_one_outcome_needs_no_column(self):
        table = syn.with_outcomes(sheet().drop(columns="outcome"), SATISFACTION)
        assert table["outcome"].tolist() == ["satisfaction"] * 2

    def test_several_outcomes_need_the_column(self):
        with pytest.raises(DataError, match=r"outcome must be one that is declared .* got ''"):
            syn.with_outcomes(sheet().drop(columns="outcome"), [SATISFACTION, {"id": "cost"}])

    def test_only_scores_take_the_declared_direction(self):
        pain = {"id": "pain", "direction": "lower"}
        counts = {"events_t": 9.0, "events_c": 14.0}
        means = dict.fromkeys(("mean_t", "sd_t", "mean_c", "sd_c"), np.nan)
        table = pd.concat([sheet("A"), sheet("B", **{**means, **counts})], ignore_index=True)
        table["outcome"] = "pain"
        prepared = syn.with_outcomes(table, pain)
        assert prepared["direction"].tolist() == ["lower", None]
        assert lines_of(prepared, "direction-in-part"), "the reviewer must say what B counts"

    def test_ratios_keep_the_direction_in_which_they_are_printed(self):
        death = {"id": "death", "measure": "rr", "direction": "lower"}
        table = pd.DataFrame({"study": ["A"], "events_t": 4, "n_t": 50, "events_c": 8, "n_c": 50})
        es = syn.effect_sizes(table, outcomes=death)
        assert es.loc[0, "measure"] == "rr"
        assert es.loc[0, "yi"] == pytest.approx(math.log(4 / 8), abs=1e-12)

    def test_what_contradicts_is_refused_with_every_row(self):
        table = sheet(
            "ABCDE",
            outcome=[*["satisfaction"] * 4, "satisfactory"],
            window=["long", "medium", "", "", ""],
            timepoint_months=[6, np.nan, 12, -1, np.nan],
            timepoint_weeks=[np.nan, np.nan, 26, np.nan, np.nan],
        )
        with pytest.raises(DataError) as error:
            syn.with_outcomes(table, SATISFACTION)
        assert str(error.value).splitlines() == [
            "5 problems",
            "  - window is 'long', but by its time it is 'short' for study 'A'",
            "  - window must be one of 'short', 'long'; got 'medium' for study 'B'",
            "  - timepoint_months = 12 and timepoint_weeks = 26 are not one time for study 'C'",
            "  - timepoint_months must lie in one window ('short' 0 to 12, 'long' 13 and more "
            "months); got -1 for study 'D'",
            "  - outcome must be one that is declared ('satisfaction'); got 'satisfactory' (did "
            "you mean 'satisfaction'?) for study 'E'",
            "Correct the sheet, or declare what it contains.",
        ]
        with pytest.raises(DataError, match="5 problems"):
            syn.effect_sizes(table, outcomes=SATISFACTION)
        assert len(lines_of(table, "not-declared", outcomes=SATISFACTION)) == 5


PAIRS = {"short": (0, 3), "medium": (4, 6)}


class TestWindows:
    @pytest.mark.parametrize(
        ("windows", "months", "expected"),
        [
            (PAIRS, [0, 3, 3.45, 3.99, 4, 6], ["short"] * 4 + ["medium"] * 2),
            ({"short": (0, 3), "medium": (3, 6)}, [2.9, 3, 3.45, 6], ["short"] + ["medium"] * 3),
            ({"b": (13, np.inf), "a": (0, 12)}, [12, 12.5, 12.99, 13, 99], ["a"] * 3 + ["b"] * 2),
        ],
    )
    def test_nothing_falls_between_windows_that_adjoin(self, windows, months, expected):
        table = sheet("A" * len(months), timepoint_months=months)
        assert syn.time_windows(table, windows)["window"].tolist() == expected
        declared = syn.Outcome(
            "satisfaction",
            windows=[{"id": name, "months": limits} for name, limits in windows.items()],
        )
        assert syn.time_windows(table, declared)["window"].tolist() == expected
        assert syn.with_outcomes(table, declared)["window"].tolist() == expected

    @pytest.mark.parametrize("months", [6.01, 7, -0.5])
    def test_beyond_the_windows_is_refused(self, months):
        with pytest.raises(DataError, match="timepoint_months must lie in one window"):
            syn.time_windows(sheet("A", timepoint_months=[months]), PAIRS)

    def test_windows_that_overlap_are_refused(self):
        with pytest.raises(DataError, match="windows: windows 'a' and 'b' overlap"):
            syn.time_windows(sheet(timepoint_months=1), {"a": (0, 3), "b": (2, 6)})

    def test_weeks_and_days_are_converted(self):
        # 15 weeks are 105 days, and 105 / (365.25 / 12) = 3.4497 months.
        table = sheet("ABCD", timepoint_weeks=[15, 13, np.nan, np.nan])
        table["timepoint_days"] = [np.nan, np.nan, 122, np.nan]
        windows = {"short": (0, 3), "medium": (3, 4), "long": (4, 12)}
        found = syn.time_windows(table, windows)["window"]
        assert found.tolist()[:3] == ["medium", "short", "long"]
        assert found.isna().tolist() == [False] * 3 + [True]

    def test_windows_in_weeks_take_months(self):
        weeks = syn.Outcome("satisfaction", windows=[{"id": "early", "weeks": [0, 12]}])
        table = sheet("A", timepoint_months=[3])  # 13.04 weeks
        with pytest.raises(DataError, match=r"'early' 0 to 12 weeks\); got 3, that is 13.04 weeks"):
            syn.time_windows(table, weeks)

    def test_times_in_two_units_may_differ_by_rounding(self):
        table = sheet("AB", timepoint_weeks=[52, 26], timepoint_months=[12, 6])
        assert syn.time_windows(table)["window"].tolist() == ["short", "short"]

    def test_a_converted_time_on_a_limit_is_pointed_out(self):
        outcome = syn.Outcome(
            "satisfaction", windows=[{"id": "a", "months": [0, 3]}, {"id": "b", "months": [3, 6]}]
        )
        table = sheet("AB", timepoint_weeks=[13, 8])
        assert lines_of(table, "time-beside-limit", outcomes=outcome) == [
            "that is 2.99 months, on the limit of 'a' and 'b'"
        ]
        in_months = sheet("A", timepoint_months=[3])
        assert lines_of(in_months, "time-beside-limit", outcomes=outcome) == []

    def test_a_blank_time_has_no_window_and_no_analysis(self):
        table = syn.time_windows(sheet("AB", timepoint_months=[np.nan, 3]))
        es = syn.effect_sizes(table)
        with pytest.raises(DataError, match=r"window: .* the cell is blank in row 1"):
            syn.meta_analyses(es, by="window")

    def test_text_is_not_a_time(self):
        with pytest.raises(DataError, match="timepoint_months must be a number; got 'a year'"):
            syn.time_windows(sheet("A", timepoint_months=["a year"]))
        assert syn.lint(sheet("A", timepoint_months=["a year"])).empty


class TestInstruments:
    def test_standard_errors_are_seen_within_an_instrument(self):
        # SDs near 5 on one scale and near 50 on the other; D's 0.8 is an SE: 0.8·√40 = 5.06.
        table = sheet(
            "ABCDEFGH",
            instrument=[*["csq8"] * 4, *["mos"] * 4],
            sd_t=[5.0, 5.2, 4.9, 0.8, 50, 51, 49, 48],
            sd_c=[5.0, 5.2, 4.9, 5.1, 50, 51, 49, 48],
        )
        found = syn.lint(table)
        assert found.loc[found["rule"] == "se-as-sd", "study"].tolist() == ["D"]
        of_one = syn.lint(table.drop(columns="instrument"))
        # Without the column, SDs of two scales are compared, and the wrong rows are found.
        assert "B" in of_one.loc[of_one["rule"] == "se-as-sd", "study"].tolist()

    def test_scores_that_the_instrument_cannot_give(self):
        # The SD of 41 scores from 8 to 32 with the mean 20 is at most 12·√(41/40) = 12.15; with
        # the mean 30.1, which may be 30.05, √(22.05·1.95·41/40) = 6.639.
        table = sheet(
            "ABCDEF",
            instrument="csq8",
            n_t=41,
            mean_t=[33.0, 20.0, 20.0, 30.1, 30.1, 20.0],
            sd_t=[5.0, 12.1, 12.3, 6.6, 6.9, np.nan],
        )
        table["se_t"] = [*[np.nan] * 5, 1.95]  # 1.95·√41 = 12.49, and at the least 12.45
        table["mean_change_c"] = [*[np.nan] * 5, 25.0]
        found = syn.lint(table, outcomes=SATISFACTION)
        found = found[found["rule"] == "outside-range"].sort_values("study", kind="stable")
        assert found[["study", "column", "message"]].to_numpy().tolist() == [
            ["A", "mean_t", "33 is outside the range of CSQ-8, 8 to 32"],
            ["C", "sd_t", "an SD of 12.3 is more than scores of CSQ-8 can have, 12.15"],
            ["E", "sd_t", "an SD of 6.9 is more than scores of CSQ-8 can have, 6.639"],
            ["F", "se_t", "its SD of 12.49 is more than scores of CSQ-8 can have, 12.15"],
            ["F", "mean_change_c", "25 is more than the range of CSQ-8, 8 to 32, allows"],
        ]
        assert (found["severity"] == "error").all()

    def test_a_limit_is_inside_and_rounding_is_allowed_for(self):
        table = sheet("AB", instrument="csq8", mean_t=[8.0, 32.0], sd_t=[0.2, 0.1], n_t=40)
        # A mean of 8 may be 8.4: √(0.4·23.6·40/39) = 3.1.
        assert lines_of(table, "outside-range", outcomes=SATISFACTION) == []

    def test_impossible_scores_have_no_effect_unless_waived(self):
        table = sheet("AB", instrument="csq8", sd_t=[5.0, 14.0])
        with pytest.raises(DataError, match=r"sd_t: an SD of 14 .* for study 'B'"):
            syn.effect_sizes(table, outcomes=SATISFACTION)
        kept = syn.effect_sizes(table, outcomes=SATISFACTION, refused="keep")
        assert kept["yi"].isna().tolist() == [False, True]
        assert "more than scores of CSQ-8 can have" in kept.loc[1, "reason"]
        table["waived"] = ["", "outside-range"]
        table["waived_because"] = ["", "scored from 0 to 100 in this trial"]
        es = syn.effect_sizes(table, outcomes=SATISFACTION)
        doubt = "Scores outside the declared range of their instrument"
        assert es.loc[1, "receipt"].footnotes == (doubt,)
        assert f"{doubt}: B." in syn.meta_analysis(es).notes

    def test_a_printed_effect_does_not_rest_on_the_scores_beside_it(self):
        table = sheet("A", instrument="csq8", sd_t=14.0, effect=0.3, se=0.1, route="printed")
        assert syn.effect_sizes(table, outcomes=SATISFACTION).loc[0, "yi"] == 0.3

    def test_directions_may_differ_between_instruments_and_not_within(self):
        table = sheet("ABC", instrument=["csq8", "vsq", "vsq"], mean_t=[24.0, 3.0, 3.0])
        table[["mean_c", "sd_t", "sd_c"]] = [[22, 5, 5], [5, 2, 2], [5, 2, 2]]
        es = syn.effect_sizes(table, outcomes=SATISFACTION)
        assert (es["yi"] > 0).all()
        assert es["flipped"].tolist() == [False, True, True]
        assert syn.meta_analysis(es).notes == ()
        table["direction"] = ["", "higher", ""]
        prepared = syn.with_outcomes(table, SATISFACTION)
        assert lines_of(prepared, "direction-against-declared") == [
            "'higher', but 'lower' is declared"
        ]
        assert len(lines_of(prepared, "two-directions")) == 2

    def test_an_instrument_that_is_not_declared(self):
        assert lines_of(
            sheet("A", instrument="SF-36"), "instrument-not-declared", outcomes=SATISFACTION
        ) == ["'SF-36' is not an instrument of Patient satisfaction: 'csq8', 'vsq'"]

    def test_sds_are_borrowed_within_an_instrument(self):
        table = sheet("ABCD", instrument=["a", "a", "b", "b"], sd_t=[np.nan, 5, 50, 50])
        table["sd_c"] = [np.nan, 5, 50, 50]
        receipt = syn.effect_sizes(table, impute=["sd"]).loc[0, "receipt"]
        assert any("of the same outcome and instrument" in one for one in receipt.assumptions)
        es = syn.effect_sizes(table, "md", impute=["sd"])
        assert es.loc[0, "vi"] == pytest.approx(2 * 25 / 40, abs=1e-12)

    def test_units_are_compared_across_the_instruments_of_an_outcome(self):
        changes = {"mean_change_t": 2.0, "sd_change_t": 3.0, "mean_change_c": 1.0}
        blank = dict.fromkeys(("mean_t", "sd_t", "mean_c", "sd_c"), np.nan)
        table = pd.concat(
            [
                sheet("AB", instrument="csq8"),
                sheet("C", instrument="vsq", **blank, **changes, sd_change_c=3.0),
            ],
            ignore_index=True,
        )
        assert len(lines_of(table, "mixed-standardisers")) == 1

    def test_a_control_is_not_shared_by_two_instruments(self):
        table = sheet("AA", instrument=["csq8", "vsq"])
        assert lines_of(table, "shared-control") == []
        assert len(syn.shared_control(table)) == 2

    def test_rows_of_two_instruments_are_dependent(self):
        es = syn.effect_sizes(
            sheet("AAB", instrument=["csq8", "vsq", "csq8"], mean_t=[24, 9, 24.0])
        )
        with pytest.raises(DataError, match="differ in instrument"):
            syn.meta_analysis(es)


class TestResults:
    def test_models_and_sentences_know_the_outcome(self):
        es = syn.effect_sizes(syn.with_outcomes(sheet("ABC"), SATISFACTION))
        fit = syn.meta_analysis(es, ci="wald")
        assert fit.outcome is not None
        assert fit.outcome == SATISFACTION
        assert fit.sentence().startswith("Patient satisfaction: Random-effects model")
        assert "Patient satisfaction, standardised mean difference" in fit._repr_html_()
        averaged = syn.average_within_studies(es, rho=0.5)
        assert syn.meta_analysis(averaged, ci="wald").outcome == SATISFACTION
        without = syn.meta_analysis(syn.effect_sizes(sheet("ABC")), ci="wald")
        assert without.outcome is None
        assert without.sentence().startswith("Random-effects model")
        assert without.estimate == fit.estimate

    def test_rows_of_two_outcomes_have_no_common_one(self):
        table = sheet("ABC", outcome=["satisfaction", "satisfaction", "cost"])
        es = syn.effect_sizes(table, outcomes=[SATISFACTION, {"id": "cost"}])
        assert syn.meta_analysis(es, ci="wald").outcome is None
        assert syn.meta_analysis(es[:2], ci="wald").outcome == SATISFACTION

    def test_outcomes_of_two_measures_are_computed_apart(self):
        table = sheet("AB", outcome=["satisfaction", "cost"])
        with pytest.raises(DataError, match=r"several measures \('smd', 'md'\)"):
            syn.effect_sizes(table, outcomes=[SATISFACTION, {"id": "cost", "measure": "md"}])

    def test_the_declared_measure_holds_wherever_none_is_named(self):
        cost = syn.Outcome("cost", measure="md")
        prepared = syn.with_outcomes(sheet(outcome="cost", cluster_size=5), cost)
        assert syn.effect_sizes(prepared)["measure"].tolist() == ["md", "md"]
        over = syn.sensitivity(prepared, "icc", [0.0, 0.1])
        assert over["measure"].tolist() == ["md"] * 4
        assert syn.effect_sizes(prepared, "smd")["measure"].tolist() == ["smd", "smd"]

    def test_interpretation_takes_what_is_declared(self):
        es = syn.effect_sizes(sheet("ABC", mean_t=[24, 25, 26.0]), outcomes=SATISFACTION)
        fit = syn.meta_analysis(es, ci="wald")
        given = syn.interpret(fit, baseline=0.3, mid=0.2).to_frame()
        pd.testing.assert_frame_equal(syn.interpret(fit).to_frame(), given)
        bare = syn.meta_analysis(es.drop(columns="receipt"), ci="wald")
        declared = syn.interpret(bare, outcome=SATISFACTION).to_frame()
        pd.testing.assert_frame_equal(declared, given)

    def test_the_scale_names_the_instrument(self):
        es = syn.effect_sizes(sheet("ABC", mean_t=[24, 25, 26.0]), outcomes=SATISFACTION)
        fit = syn.meta_analysis(es, ci="wald")
        read = syn.interpret(fit, sd=5.0, scale="csq8", source="trial A").to_frame()
        by_hand = syn.interpret(
            fit, sd=5.0, scale="CSQ-8", source="trial A", mid=3, baseline=0.3
        ).to_frame()
        pd.testing.assert_frame_equal(read, by_hand)
        assert "Settings with an effect above 3 points of CSQ-8" in read["reading"].tolist()

    def test_points_have_the_sign_of_the_scale_that_is_named(self):
        # Lower is better on one of two scales: better is more points of the other, less of this.
        table = sheet("ABCD", instrument=["csq8", "vsq", "csq8", "vsq"], mean_c=[20.0, 7, 21, 7])
        table[["mean_t", "sd_t", "sd_c"]] = [[24, 5, 5], [5, 2, 2], [24, 5, 5], [6, 2, 2]]
        mixed = syn.effect_sizes(table, outcomes=SATISFACTION)
        turned = mixed[mixed["flipped"]]
        for es in (mixed, turned):
            fit = syn.meta_analysis(es, ci="wald")
            assert fit.estimate > 0
            for scale, sd, by in (("csq8", 5.0, 1), ("vsq", 2.0, -1)):
                read = syn.interpret(fit, sd=sd, scale=scale, source="trial A").to_frame()
                assert read.loc[0, "estimate"] == pytest.approx(by * sd * fit.estimate, abs=1e-12)
        with pytest.raises(DataError, match="the signs of some studies were turned"):
            syn.interpret(syn.meta_analysis(mixed), sd=5.0, scale="another", source="trial A")

    def test_a_minimal_difference_of_another_measure_is_not_used(self):
        es = syn.effect_sizes(sheet("ABC"), outcomes=SATISFACTION)
        fit = syn.meta_analysis(es, ci="wald", measure="or")
        with pytest.raises(DataError, match="declares a minimal important difference as 'smd'"):
            syn.interpret(fit)

    def test_fewer_events_are_benefit_where_lower_is_better(self):
        death = syn.Outcome("death", measure="rr", direction="lower", mid=0.8, baseline=0.2)
        table = pd.DataFrame({"study": list("ABC"), "events_t": [4, 5, 9], "n_t": 50})
        es = syn.effect_sizes(table.assign(events_c=[8, 9, 10], n_c=50), outcomes=death)
        fit = syn.meta_analysis(es, ci="wald")
        bare = syn.meta_analysis(es.drop(columns="receipt"), ci="wald")
        given = syn.interpret(bare, baseline=0.2, mid=math.log(0.8), higher_is_better=False)
        read = syn.interpret(fit).to_frame()
        pd.testing.assert_frame_equal(read, given.to_frame())
        risk = read.loc[read["reading"].str.startswith("Risk "), "estimate"].tolist()
        assert risk == pytest.approx([100 * 0.2 * math.exp(fit.estimate)], abs=1e-9)
