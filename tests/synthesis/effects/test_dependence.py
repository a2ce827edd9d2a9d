from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError, OptionError
from synthesis.effects.control_covariance import shared_control_covariance
from synthesis.effects.dependence import (
    average_within_studies,
    choose_rows,
    within_study_covariance,
)
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.multi_arm import shared_control
from synthesis.effects.sensitivity import sensitivity
from synthesis.effects.sheet.windows import time_windows
from synthesis.pooling.model import meta_analysis

TWO_ARMS = pd.DataFrame(
    {
        "study": ["A", "A", "B"],
        "comparison": ["low", "high", "only"],
        "mean_t": [12.0, 14.0, 3.0],
        "sd_t": [4.0, 5.0, 1.0],
        "n_t": [20, 30, 15],
        "mean_c": [10.0, 10.0, 2.0],
        "sd_c": [4.5, 4.5, 1.0],
        "n_c": [40, 40, 15],
    }
)


class TestSharedControl:
    def test_combine(self):
        combined = shared_control(TWO_ARMS)
        assert combined["study"].tolist() == ["A", "B"]
        assert combined["n_t"].tolist() == [50.0, 15.0]
        assert combined.loc[0, "mean_t"] == pytest.approx((20 * 12 + 30 * 14) / 50)
        es = effect_sizes(combined)
        assert es.loc[0, "receipt"].assumptions == (
            "the arms that share the control combined into one (Cochrane Handbook 23.3.4)",
        )
        assert es.loc[0, "receipt"].steps == (
            "arms combined: low (n_t = 20, mean_t = 12, sd_t = 4) + "
            "high (n_t = 30, mean_t = 14, sd_t = 5)",
        )
        assert es.loc[0, "receipt"].footnotes == ("Arms combined: low + high",)
        assert es.loc[2, "receipt"].assumptions == ()

    def test_split(self):
        es = effect_sizes(shared_control(TWO_ARMS, rule="split"))
        halved = effect_sizes(TWO_ARMS.assign(n_c=[20, 20, 15]))
        np.testing.assert_array_equal(es["yi"], halved["yi"])
        np.testing.assert_array_equal(es["vi"], halved["vi"])
        assert es.loc[0, "receipt"].inputs.endswith("n_c = 40, control_shares = 2")
        assert es.loc[0, "receipt"].footnotes == ("Control group divided among 2 rows",)

    def test_three_arms(self):
        sheet = pd.DataFrame(
            {
                "study": ["A"] * 3,
                "comparison": ["1", "2", "3"],
                "events_t": [4, 6, 5],
                "n_t": [20, 20, 20],
                "events_c": [9] * 3,
                "n_c": [20] * 3,
            }
        )
        one = shared_control(sheet)
        assert one[["events_t", "n_t", "events_c", "n_c"]].to_numpy().tolist() == [
            [15.0, 60.0, 9.0, 20.0]
        ]

    def test_rows_without_arms_share_nothing(self):
        sheet = pd.DataFrame({"study": ["A", "A"], "comparison": ["x", "y"], "t": [1.0, 2.0]})
        assert shared_control(sheet)["prepared"].tolist() == ["", ""]


class TestCovarianceOfASharedControl:
    def test_mean_differences_by_algebra(self):
        matrix = shared_control_covariance(effect_sizes(TWO_ARMS, "md")).to_numpy()
        # cov(m1 − mc, m2 − mc) = var(mc).
        expected = np.diag([16 / 20, 25 / 30, 1 / 15]) + np.diag([0.50625, 0.50625, 1 / 15])
        expected[0, 1] = expected[1, 0] = 4.5**2 / 40
        np.testing.assert_allclose(matrix, expected, rtol=1e-14)

    def test_smd_by_gleser_and_olkin(self):
        es = effect_sizes(TWO_ARMS)
        matrix = shared_control_covariance(es).to_numpy()
        expected = 1 / 40 + es.loc[0, "yi"] * es.loc[1, "yi"] / (2 * 90)
        assert matrix[0, 1] == matrix[1, 0] == pytest.approx(expected, rel=1e-14)
        assert matrix[0, 2] == 0

    @pytest.mark.parametrize(
        ("measure", "expected"),
        [("or", 1 / 9 + 1 / 11), ("rr", 1 / 9 - 1 / 20), ("rd", 0.45 * 0.55 / 20)],
    )
    def test_counts(self, measure, expected):
        sheet = pd.DataFrame(
            {
                "study": ["A", "A"],
                "comparison": ["1", "2"],
                "events_t": [4, 6],
                "n_t": [20, 25],
                "events_c": [9, 9],
                "n_c": [20, 20],
            }
        )
        matrix = shared_control_covariance(effect_sizes(sheet, measure)).to_numpy()
        assert matrix[0, 1] == pytest.approx(expected, rel=1e-14)
        assert np.linalg.eigvalsh(matrix).min() > 0


class TestChoosing:
    SHEET = pd.DataFrame(
        {"study": ["A", "A", "B"], "outcome": ["SF-36", "EQ-5D", "SF-36"], "yi": [1.0, 2.0, 3.0]}
    )

    def test_every_row_is_kept_or_set_aside(self):
        choice = choose_rows(self.SHEET, "outcome", ["EQ-5D", "SF-36"])
        assert choice.kept["yi"].tolist() == [2.0, 3.0]
        assert choice.set_aside["reason"].tolist() == ["'EQ-5D' is preferred"]

    def test_what_is_not_in_the_order(self):
        choice = choose_rows(self.SHEET, "outcome", ["EQ-5D"])
        assert choice.set_aside["reason"].tolist() == ["'SF-36' is not in order"] * 2

    def test_a_blank_is_a_group_like_any_other(self):
        sheet = self.SHEET.assign(window=["long", None, None])
        choice = choose_rows(sheet, "outcome", ["EQ-5D", "SF-36"], within=["study", "window"])
        assert len(choice.kept) == 3
        again = sheet.assign(study="A", window=None).iloc[:2]
        choice = choose_rows(again, "outcome", ["EQ-5D", "SF-36"], within=["study", "window"])
        assert choice.set_aside["reason"].tolist() == ["'EQ-5D' is preferred"]

    def test_ties(self):
        sheet = self.SHEET.assign(outcome="SF-36")
        with pytest.raises(DataError) as error:
            choose_rows(sheet, "outcome", ["SF-36"])
        assert str(error.value) == (
            "order: rows of one study are equally preferred by 'outcome': 'A'. Choose by another "
            "column too: ties={'column': ['preferred value', ...]}, or 'largest' or 'smallest'."
        )

    TIED = pd.DataFrame(  # synthetic
        {
            "study": ["A", "A", "A", "B", "B", "C"],
            "outcome": ["pain"] * 5 + ["sleep"],
            "scale": ["NRS", "VAS", "VAS", "NRS", "other", "VAS"],
            "n": [40.0, 30, 50, 20, np.nan, 60],
        }
    )

    def test_a_second_column_decides_between_ties(self):
        ties = {"scale": ["VAS", "NRS"], "n": "largest"}
        kept, set_aside = choose_rows(self.TIED, "outcome", ["pain"], ties=ties)
        assert kept.index.tolist() == [2, 3]
        assert set_aside["reason"].to_dict() == {
            0: "equal in outcome; scale 'VAS' is preferred",
            1: "equal in outcome and scale; n 50 is the largest",
            4: "equal in outcome; scale 'NRS' is preferred",
            5: "'sleep' is not in order",
        }
        kept, _ = choose_rows(self.TIED, "outcome", ["pain"], ties={"n": "smallest"})
        assert kept.index.tolist() == [1, 3]

    def test_ties_do_not_depend_on_the_order_of_rows_or_their_index(self):
        ties = {"scale": ["VAS", "NRS"], "n": "largest"}
        plain = choose_rows(self.TIED, "outcome", ["pain"], ties=ties)
        turned = choose_rows(self.TIED.iloc[::-1], "outcome", ["pain"], ties=ties)
        assert turned.kept.sort_index().equals(plain.kept)
        assert turned.set_aside.sort_index().equals(plain.set_aside)
        named = choose_rows(self.TIED.set_axis([7] * 6), "outcome", ["pain"], ties=ties)
        assert named.kept["n"].tolist() == [50, 20]

    def test_what_still_ties_names_every_column(self):
        sheet = self.TIED.assign(scale="VAS")
        with pytest.raises(DataError, match="preferred by 'outcome' and 'scale': 'A', 'B'"):
            choose_rows(sheet, "outcome", ["pain"], ties={"scale": ["VAS"]})

    def test_ties_need_values_or_a_direction(self):
        with pytest.raises(OptionError, match="ties, 'n' must be one of 'largest', 'smallest'"):
            choose_rows(self.TIED, "outcome", ["pain"], ties={"n": "biggest"})
        with pytest.raises(OptionError, match="ties: 'n' needs its values, the preferred first"):
            choose_rows(self.TIED, "outcome", ["pain"], ties={"n": 3})
        with pytest.raises(DataError, match="ties: the table has no column 'N'"):
            choose_rows(self.TIED, "outcome", ["pain"], ties={"N": "largest"})


class TestAveraging:
    ES = pd.DataFrame(
        {
            "study": ["A", "A", "B"],
            "yi": [0.3, 0.1, 0.5],
            "vi": [0.05, 0.08, 0.02],
            "measure": ["smd"] * 3,
        }
    )

    @pytest.mark.parametrize("rho", [0.0, 0.6, 1.0])
    def test_by_hand(self, rho):
        averaged = average_within_studies(self.ES, rho=rho)
        # Borenstein et al. (2009), eq. 24.2: (v1 + v2 + 2·rho·√(v1·v2))/4.
        expected = (0.05 + 0.08 + 2 * rho * np.sqrt(0.05 * 0.08)) / 4
        assert averaged["yi"].tolist() == pytest.approx([0.2, 0.5])
        assert averaged["vi"].tolist() == pytest.approx([expected, 0.02])
        assert averaged["effects"].tolist() == [2, 1]

    def test_covariance_is_symmetric_and_blockwise(self):
        matrix = within_study_covariance(self.ES, rho=0.6).to_numpy()
        np.testing.assert_array_equal(matrix, matrix.T)
        assert (matrix[:2, 2] == 0).all()
        assert np.linalg.eigvalsh(matrix).min() > 0

    def test_two_measures(self):
        with pytest.raises(DataError, match="effects of two measures cannot be averaged"):
            average_within_studies(self.ES.assign(measure=["smd", "or", "smd"]), rho=0.5)

    def test_impossible_correlation(self):
        with pytest.raises(OptionError) as error:
            within_study_covariance(self.ES, rho=1.2)
        assert str(error.value) == "rho must lie between -1 and 1; got 1.2."


class TestWindows:
    def test_months_beyond_the_windows_are_an_error(self):
        sheet = pd.DataFrame({"study": ["A"], "timepoint_months": [8.5]})
        with pytest.raises(DataError) as error:
            time_windows(sheet, {"short": (0, 3), "medium": (4, 6), "long": (12, np.inf)})
        assert str(error.value) == (
            "timepoint_months must lie in one window ('short' 0 to 3, 'medium' 4 to 6, 'long' 12 "
            "and more months); got 8.5 for study 'A'. Correct the sheet and read it again."
        )

    def test_unknown_months_have_no_window(self):
        sheet = pd.DataFrame({"study": ["A", "B"], "timepoint_months": [np.nan, 13]})
        window = time_windows(sheet)["window"]
        assert window.isna().tolist() == [True, False]


def test_sensitivity_over_r():
    sheet = pd.DataFrame(
        {
            "study": ["A", "B"],
            "mean_change_t": [2.0, 1.0],
            "mean_change_c": [0.0, 0.0],
            "sd_pre_t": [4.0, 4.0],
            "sd_pre_c": [4.0, 4.0],
            "n_t": [30, 30],
            "n_c": [30, 30],
            "r": [np.nan, 0.5],
        }
    )
    table = sensitivity(sheet, "r", [0.2, 0.8])
    by_study = table.set_index(["study", "assumed"])["vi"]
    assert by_study["A", 0.2] > by_study["A", 0.8]
    assert by_study["B", 0.2] == by_study["B", 0.8]


def test_crossover_row():
    sheet = pd.DataFrame(
        {
            "study": ["A"],
            "mean_t": [7.0],
            "sd_t": [2.38],
            "mean_c": [6.5],
            "sd_c": [2.21],
            "n": [10],
            "r": [0.68],
        }
    )
    # Handbook 23.2.7.2: SMD 0.218, SE 0.256.
    es = effect_sizes(sheet)
    assert es.loc[0, "route"] == "crossover"
    assert (round(es.loc[0, "yi"], 3), round(es.loc[0, "vi"] ** 0.5, 3)) == (0.218, 0.256)


class TestWhatCannotBeAveraged:
    ES = pd.DataFrame({"study": ["A", "A", "B"], "yi": [0.3, 0.1, 0.2], "vi": [0.05, 0.05, 0.04]})

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"vi": [0.05, -0.05, 0.04]}, "vi must be > 0; got -0.05 for study 'A'"),
            ({"vi": [0.05, np.inf, 0.04]}, "vi must be finite; got inf for study 'A'"),
            ({"yi": ["0.3", "low", "0.2"]}, "yi: every cell must be a number; got 'low'"),
            ({"study": ["A", None, "B"]}, "study: every effect must name the study.*row 2"),
        ],
    )
    def test_is_refused_by_name(self, change: dict[str, list[object]], message: str) -> None:
        with pytest.raises(DataError, match=message):
            average_within_studies(self.ES.assign(**change), rho=0.5)

    def test_a_blank_place_to_average_over_drops_no_row(self) -> None:
        with pytest.raises(DataError, match=r"outcome: every effect .* row 3"):
            average_within_studies(
                self.ES.assign(outcome=["x", "x", None]), rho=0.5, by=("study", "outcome")
            )

    def test_numbers_written_as_text_are_averaged(self) -> None:
        written = average_within_studies(self.ES.astype(str), rho=0.5)
        assert written["yi"].tolist() == average_within_studies(self.ES, rho=0.5)["yi"].tolist()


class TestCorrelationsThatNoDataCanHave:
    """m effects with one correlation have a sum of variance m(1 + (m - 1)rho): it must be > 0."""

    ES = pd.DataFrame({"study": ["A"] * 3 + ["B"] * 2 + ["C"], "yi": 0.2, "vi": 0.04})

    @pytest.mark.parametrize("function", [average_within_studies, within_study_covariance])
    @pytest.mark.parametrize("rho", [-0.5, -0.9])
    def test_are_refused_with_the_study_and_the_least_rho(self, function, rho):
        with pytest.raises(DataError) as error:
            function(self.ES, rho=rho)
        assert str(error.value) == (
            f"rho={rho:g}: the effects of a study cannot all correlate by so little; m effects "
            "allow a correlation above -1/(m - 1). Too low for 'A' (3 effects: above -0.5). Choose "
            "a higher rho."
        )

    def test_two_effects_can_be_opposed_but_not_wholly(self):
        two = self.ES[self.ES["study"] == "B"]
        assert average_within_studies(two, rho=-0.9)["vi"].tolist() == pytest.approx([0.002])
        with pytest.raises(DataError, match=r"'B' \(2 effects: above -1\)"):
            average_within_studies(two, rho=-1)
        assert average_within_studies(self.ES[self.ES["study"] == "C"], rho=-1)["vi"][
            0
        ] == pytest.approx(0.04)

    def test_just_above_the_least_the_matrix_is_one_of_variances(self):
        matrix = within_study_covariance(self.ES, rho=-0.499).to_numpy()
        assert np.linalg.eigvalsh(matrix).min() > 0

    @pytest.mark.parametrize("rho", [np.nan, None, "0.5", True, -1.01])
    def test_what_is_no_correlation(self, rho):
        with pytest.raises(OptionError, match="rho must lie between -1 and 1"):
            average_within_studies(self.ES, rho=rho)

    def test_rows_without_an_effect_do_not_count(self):
        some = self.ES.assign(yi=[0.2, 0.2, np.nan, 0.2, 0.2, 0.2])
        assert len(average_within_studies(some, rho=-0.9)) == 3


class TestRowsWithoutAnEffect:
    ES = pd.DataFrame(
        {
            "study": ["A", "A", "A", "B", "C", "C"],
            "yi": [0.1, np.nan, 0.3, 0.3, np.nan, np.nan],
            "vi": [0.04, np.nan, 0.04, 0.05, 0.04, np.nan],
        }
    )

    def test_are_left_out_of_the_average_and_the_receipt_says_so(self):
        table = average_within_studies(self.ES, rho=0.5)
        assert table["effects"].tolist() == [2, 1, 0]
        assert table["yi"].tolist()[:2] == pytest.approx([0.2, 0.3])
        assert table["vi"].tolist()[:2] == pytest.approx([(0.04 + 0.04 + 2 * 0.02) / 4, 0.05])
        assert table["receipt"][0].assumptions[-1] == "1 of 3 effects left out: not given"

    def test_a_variance_without_an_effect_does_not_count(self):
        table = average_within_studies(self.ES.assign(vi=0.04), rho=0.5)
        whole = average_within_studies(self.ES.dropna(), rho=0.5)
        assert table["vi"][0] == whole["vi"][0]

    def test_a_study_that_has_no_other_rows_is_listed_when_pooled(self):
        fit = meta_analysis(average_within_studies(self.ES, rho=0.5), ci="wald")
        assert fit.excluded.to_numpy().tolist() == [["C", "no row of the study has an effect"]]
        assert any("Averages of a study's effects that leave out rows" in one for one in fit.notes)

    def test_are_blank_in_the_covariances(self):
        matrix = within_study_covariance(self.ES, rho=0.5)
        assert matrix.loc[0].tolist()[2:4] == pytest.approx([0.02, 0.0])
        assert matrix[[1, 4, 5]].isna().all(axis=None)

    def test_are_chosen_only_where_there_is_nothing_else(self):
        arms = {"sd_t": 1.0, "n_t": 20, "mean_c": 1.0, "sd_c": 1.0, "n_c": 20}
        sheet = pd.DataFrame(
            {
                "study": ["A", "A", "B"],
                "outcome": ["pain", "sleep", "pain"],
                "mean_t": [np.nan, 2.0, np.nan],
                **arms,
            }
        )
        es = effect_sizes(sheet, "md", refused="keep")
        kept, set_aside = choose_rows(es, "outcome", ["pain", "sleep"])
        assert kept[["study", "outcome"]].to_numpy().tolist() == [["A", "sleep"], ["B", "pain"]]
        assert set_aside["reason"].tolist() == ["there is no effect in this row"]


@pytest.mark.parametrize("blank", ["", "  ", "\u00a0", None, np.nan, pd.NA, pd.NaT])
def test_no_function_takes_rows_without_a_study_for_one_study(blank: object) -> None:
    study = pd.Series(["A", blank, blank], dtype=object)
    es = pd.DataFrame({"study": study, "outcome": list("xyx"), "yi": 0.2, "vi": 0.04})
    for function in (
        lambda: average_within_studies(es, rho=0.5),
        lambda: within_study_covariance(es, rho=0.5),
        lambda: choose_rows(es, "outcome", ["x", "y"]),
    ):
        with pytest.raises(DataError, match=r"study: every effect .* row 2"):
            function()
