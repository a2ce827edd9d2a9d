from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from arrowroot.errors import DataError
from synthesis.effects.arm_names import joined
from synthesis.effects.control_covariance import shared_control_covariance
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.multi_arm import shared_control
from synthesis.pooling.model import meta_analysis

CONTROL = {"mean_c": 18.0, "sd_c": 9.0, "n_c": 20}
BEFORE_AND_AFTER = pd.DataFrame(
    {
        "study": "A",
        "comparison": ["x", "y"],
        "mean_pre_t": [50.2, 52.0],
        "sd_pre_t": [10.0, 11.0],
        "mean_t": [56.0, 59.0],
        "sd_t": [10.0, 10.5],
        "n_t": 30,
        "mean_pre_c": 51.0,
        "sd_pre_c": 10.5,
        "mean_c": 52.0,
        "sd_c": 10.0,
        "n_c": 30,
        "r": 0.6,
    }
)


def rows(**cells: object) -> pd.DataFrame:
    return pd.DataFrame({"study": "A", "comparison": ["x", "y"], **cells})


def one_effect(sheet: pd.DataFrame, measure: str = "md", **options: object) -> pd.Series:
    es = effect_sizes(shared_control(sheet), measure, **options)
    assert len(es) == 1
    return es.iloc[0]


def refusal(sheet: pd.DataFrame, rule: str = "combine") -> str:
    with pytest.raises(DataError) as error:
        shared_control(sheet, rule=rule)
    return str(error.value)


class TestCellsAreCompletedFirst:
    def test_standard_errors(self):
        # SDs are √20 and 2√20, 40 people around 25: (19·20 + 19·80 + 20·20/40·10²)/39 = 74.359.
        sheet = rows(mean_t=[20.0, 30.0], se_t=[1.0, 2.0], n_t=20, mean_c=18.0, se_c=2.0, n_c=20)
        one = one_effect(sheet)
        assert (one["n_t"], one["mean_t"]) == (40, 25)
        assert one["sd_t"] == pytest.approx(np.sqrt(2900 / 39), rel=1e-12)
        assert one["yi"] == pytest.approx(7.0)
        assert one["vi"] == pytest.approx(2900 / 39 / 40 + 4, rel=1e-12)
        assert "sd_t = se_t·√n_t (Cochrane Handbook 6.5.2.2)" in one["receipt"].steps[0]

    def test_percentages(self):
        sheet = rows(percent_t=[20.0, 40.0], n_t=50, events_c=20, n_c=50)
        one = one_effect(sheet, "rr")
        assert (one["events_t"], one["n_t"]) == (30, 100)
        assert one["yi"] == pytest.approx(np.log(0.3 / 0.4))
        assert one["vi"] == pytest.approx(1 / 30 - 1 / 100 + 1 / 20 - 1 / 50)

    def test_intervals(self):
        means = np.array([20.0, 30.0])
        half = stats.t.ppf(0.975, 19) * np.array([1.0, 2.0])
        sheet = rows(mean_t=means, ci_low_t=means - half, ci_high_t=means + half, n_t=20, **CONTROL)
        assert one_effect(sheet)["sd_t"] == pytest.approx(np.sqrt(2900 / 39), rel=1e-12)

    def test_quartiles(self):
        sheet = rows(
            median_t=[20.0, 30.0], q1_t=[16.0, 25.0], q3_t=[24.0, 35.0], n_t=[50, 60], **CONTROL
        )
        apart = effect_sizes(sheet)
        one = one_effect(sheet)
        assert apart["route"].tolist() == ["means"] * 2
        assert one["mean_t"] == pytest.approx((50 * 20 + 60 * 30) / 110)
        assert any("normality assumed" in text for text in one["receipt"].assumptions)

    @pytest.mark.parametrize(
        "second",
        [
            {"se_t": [np.nan, 2.0]},
            {
                "ci_low_t": [np.nan, 30 - 2 * stats.t.ppf(0.975, 19)],
                "ci_high_t": [np.nan, 30 + 2 * stats.t.ppf(0.975, 19)],
            },
        ],
    )
    def test_arms_given_in_two_ways(self, second):
        sheet = rows(mean_t=[20.0, 30.0], sd_t=[np.sqrt(20), np.nan], n_t=20, **second, **CONTROL)
        assert one_effect(sheet)["sd_t"] == pytest.approx(np.sqrt(2900 / 39), rel=1e-12)

    def test_a_control_given_in_two_ways(self):
        sheet = rows(mean_t=[20.0, 30.0], sd_t=5.0, n_t=20, mean_c=18.0, n_c=20,
                     sd_c=[8.94, np.nan], se_c=[np.nan, 2.0])  # fmt: skip
        assert one_effect(sheet)["sd_c"] == 8.94
        wrong = sheet.assign(sd_c=[5.0, np.nan])
        assert "give sd_c = 5 in the row of 'x' and 8.944 in the row of 'y'" in refusal(wrong)


class TestEveryStatisticOfTheArm:
    def test_baselines_and_changes(self):
        # Change 5.8 and 7 in 30 people each, its variance 80 and 92.65: together 6.4 and
        # (29·80 + 29·92.65 + 15·1.2²)/59 = 85.228; in the control 1 and 84.25.
        one = one_effect(BEFORE_AND_AFTER.assign(route="change_scores"))
        assert one["yi"] == pytest.approx(5.4)
        variance = (29 * 80 + 29 * 92.65 + 15 * 1.2**2) / 59
        assert one["vi"] == pytest.approx(variance / 60 + 84.25 / 30, rel=1e-12)

    def test_the_effect_lies_between_those_of_the_arms(self):
        sheet = BEFORE_AND_AFTER.assign(
            mean_pre_t=[10.0, 20.0], mean_t=[15.0, 26.0], mean_pre_c=12.0, mean_c=13.0,
            route="change_scores",
        )  # fmt: skip
        assert effect_sizes(sheet, "md")["yi"].tolist() == [4, 5]
        assert one_effect(sheet)["yi"] == pytest.approx(4.5)

    def test_change_in_sds_at_baseline(self):
        one = one_effect(BEFORE_AND_AFTER)
        assert one["mean_pre_t"] == pytest.approx(51.1)
        assert one["sd_pre_t"] == pytest.approx(np.sqrt((29 * 100 + 29 * 121 + 15 * 1.8**2) / 59))
        assert one_effect(BEFORE_AND_AFTER.assign(route="pre_post"), "smd")["route"] == "pre_post"

    def test_changes_alone(self):
        sheet = rows(mean_change_t=[3.0, 4.0], sd_change_t=5.0, n_t=30,
                     mean_change_c=1.0, sd_change_c=5.0, n_c=30)  # fmt: skip
        one = one_effect(sheet)
        assert one["yi"] == pytest.approx(2.5)
        variance = (58 * 25 + 15 * 1.0) / 59
        assert one["vi"] == pytest.approx(variance / 60 + 25 / 30, rel=1e-12)

    def test_an_arm_by_changes_and_one_by_before_and_after(self):
        sheet = BEFORE_AND_AFTER.assign(
            mean_change_t=[np.nan, 7.0], sd_change_t=[np.nan, np.sqrt(92.65)],
            mean_t=[56.0, np.nan], sd_t=[10.0, np.nan], mean_pre_t=[50.2, np.nan],
            sd_pre_t=[10.0, np.nan],
        )  # fmt: skip
        one = one_effect(sheet)
        assert (one["route"], one["yi"]) == ("change_scores", pytest.approx(5.4))
        assert "mean_t, sd_t, mean_pre_t, sd_pre_t" in one["receipt"].assumptions[0]

    def test_person_time(self):
        sheet = rows(events_t=[4, 6], time_t=[40.0, 50.0], events_c=8, time_c=40.0)
        one = one_effect(sheet, "irr")
        assert one["yi"] == pytest.approx(np.log((10 / 90) / (8 / 40)))
        assert one["vi"] == pytest.approx(1 / 10 + 1 / 8)

    def test_means_and_counts_in_one_row(self):
        sheet = rows(mean_t=[20.0, 30.0], sd_t=5.0, events_t=[4, 6], events_c=8, n_t=20, **CONTROL)
        one = one_effect(sheet)
        assert (one["mean_t"], one["events_t"], one["n_t"]) == (25, 10, 40)

    def test_three_arms(self):
        sheet = pd.DataFrame(
            {"study": "A", "comparison": list("xyz"), "mean_t": [1.0, 2.0, 6.0], "sd_t": 2.0,
             "n_t": [10, 20, 30], **CONTROL}
        )  # fmt: skip
        one = one_effect(sheet)
        assert one["n_t"] == 60
        assert one["mean_t"] == pytest.approx(230 / 60)
        squares = 57 * 4 + 10 * (1 - 23 / 6) ** 2 + 20 * (2 - 23 / 6) ** 2 + 30 * (6 - 23 / 6) ** 2
        assert one["sd_t"] == pytest.approx(np.sqrt(squares / 59), rel=1e-12)


class TestCorrelations:
    def test_of_each_row_where_the_control_does_not_need_it(self):
        sheet = BEFORE_AND_AFTER.assign(r=[0.6, 0.7], sd_change_c=9.0, route="change_scores")
        one = one_effect(sheet)
        of_y = 11**2 + 10.5**2 - 2 * 0.7 * 11 * 10.5
        variance = (29 * 80 + 29 * of_y + 15 * 1.2**2) / 59
        assert one["vi"] == pytest.approx(variance / 60 + 81 / 30, rel=1e-12)

    def test_of_each_row_where_it_applies_to_the_control(self):
        assert refusal(BEFORE_AND_AFTER.assign(r=[0.6, 0.7])) == (
            "r of the rows that share a control differs (0.6 and 0.7) for study 'A': r applies to "
            "the control too, which has one; write the same r, or fill in sd_change_c. Correct the "
            "sheet and read it again."
        )

    def test_assumed_later(self):
        sheet = BEFORE_AND_AFTER.drop(columns="r").assign(route="change_scores")
        es = effect_sizes(shared_control(sheet.drop(columns="route")), "smd", assume={"r": 0.6})
        assert es["route"].tolist() == ["means"]


class TestWhatCannotBeCombined:
    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (
                {"mean_pre_t": [50.2, np.nan]},
                "mean_pre_t is known for arm 'x' but not for arm 'y' for study 'A': fill it in to "
                "combine the arms, or blank it for all of them",
            ),
            ({"sd_t": [np.nan, 5.0]}, "sd_t is known for arm 'y' but not for arm 'x'"),
            ({"mean_t": [np.nan, 5.0]}, "mean_t is known for arm 'y' but not for arm 'x'"),
            ({"n_t": [30, np.nan]}, "n_t is known for arm 'x' but not for arm 'y'"),
            ({"n_t": np.nan}, "n_t of each arm is needed to combine arms"),
            ({"mean_pre_t": np.nan}, "sd_pre_t of several arms cannot be combined without mean_pr"),
            ({"direction": ["lower", "higher"]}, "direction of rows whose arms are combined must"),
            ({"direction": ["lower", ""]}, "must be the same; got lower and a blank"),
            ({"icc": [0.02, 0.05]}, "icc of rows whose arms are combined must be the same"),
            ({"cluster_size": [10, 20]}, "cluster_size of rows whose arms are combined must be"),
            (
                {"route": ["means", "change_scores"]},
                "route of rows whose arms are combined must be",
            ),
        ],
    )
    def test_is_refused_by_name(self, change, message):
        assert message in refusal(BEFORE_AND_AFTER.assign(**change))

    def test_an_arm_too_skewed_for_a_mean(self):
        sheet = rows(mean_t=[20.0, np.nan], sd_t=[5.0, np.nan], median_t=[np.nan, 2.0],
                     q1_t=[np.nan, 1.9], q3_t=[np.nan, 20.0], n_t=50, **CONTROL)  # fmt: skip
        assert "too skewed for a mean and SD" in refusal(sheet)

    def test_an_arm_by_counts_and_one_by_means(self):
        sheet = rows(mean_t=[20.0, np.nan], sd_t=[5.0, np.nan], events_t=[np.nan, 3], n_t=20,
                     events_c=4, **CONTROL)  # fmt: skip
        said = refusal(sheet)
        assert "mean_t is known for arm 'x'" in said
        assert "events_t is known for arm 'y'" in said

    def test_statistics_alone(self):
        sheet = rows(t=[1.0, 2.0], n_t=20, n_c=20).assign(comparison=["x v cau", "y v cau"])
        assert "arms that share a control cannot be combined for study 'A'" in refusal(sheet)

    def test_one_row_twice(self):
        sheet = rows(mean_t=20.0, sd_t=5.0, n_t=20, **CONTROL)
        assert len(shared_control(sheet)) == 1
        assert "two rows hold the same numbers for study 'A'" in refusal(
            sheet.assign(comparison="x")
        )

    def test_a_control_too_small_to_be_divided(self):
        sheet = rows(events_t=[1, 2], n_t=5, events_c=1, n_c=3)
        assert refusal(sheet, "split").startswith("2 problems")
        assert "n_c = 3 is too small to be divided among 2 rows" in refusal(sheet, "split")


class TestOtherColumns:
    SHEET = rows(mean_t=[20.0, 30.0], sd_t=5.0, n_t=20, **CONTROL)

    def test_what_compares_one_arm_with_the_control_is_left_out(self):
        sheet = self.SHEET.assign(
            yi=[9.0, 8.0], vi=0.1, effect=[1.0, 2.0], se=0.3, p="0.04", favours="treatment", sign=1
        )
        one = one_effect(sheet)
        assert (one["route"], one["yi"]) == ("means", 7.0)
        assert "effect, se, p, yi, vi, sign, favours" in one["receipt"].assumptions[0]

    def test_columns_in_which_arms_differ(self):
        sheet = self.SHEET.assign(
            dose=[10, 20],
            drug=["a", "b"],
            line=[2, 3],
            country="UK",
            n=40,
            n_total=40,
            arm=["x", "y"],
        )
        one = shared_control(sheet).iloc[0]
        assert np.isnan(one["dose"])
        assert one[["drug", "line", "country", "arm"]].tolist() == ["a + b", 2, "UK", "x + y"]
        assert one[["n", "n_total"]].tolist() == [60, 60]
        assert one["prepared"].endswith("compares one of them with the control: dose")

    def test_what_the_reviewer_prepared_is_still_said(self):
        one = one_effect(self.SHEET.assign(prepared="read off a graph"))
        assert one["receipt"].assumptions[0].startswith("read off a graph; the arms that share")

    def test_effects_that_were_computed_are_computed_again(self):
        es = effect_sizes(self.SHEET.assign(direction="lower"), "md")
        again = effect_sizes(shared_control(es), "md")
        once = effect_sizes(shared_control(self.SHEET.assign(direction="lower")), "md")
        assert again[["yi", "vi"]].to_numpy().tolist() == once[["yi", "vi"]].to_numpy().tolist()

    def test_rows_keep_their_order_and_others_their_cells(self):
        single = pd.DataFrame(
            {
                "study": ["Z"],
                "mean_t": 1.0,
                "sd_t": 1.0,
                "n_t": 9,
                "mean_c": 2.0,
                "sd_c": 1.0,
                "n_c": 9,
            }
        )
        sheet = pd.concat([single, self.SHEET, single.assign(study="B")], ignore_index=True)
        result = shared_control(sheet)
        assert result["study"].tolist() == ["Z", "A", "B"]
        assert result.index.tolist() == [0, 1, 3]
        columns = single.columns.tolist()
        pd.testing.assert_frame_equal(
            result.loc[[0, 3], columns], sheet.loc[[0, 3], columns], check_dtype=False
        )

    def test_the_sheet_itself_is_not_changed(self):
        before = self.SHEET.copy()
        shared_control(self.SHEET)
        shared_control(self.SHEET, rule="split")
        pd.testing.assert_frame_equal(self.SHEET, before)


class TestWhatIsSaid:
    def test_names_of_arms(self):
        assert joined(["cbt v cau", "sup v cau"]) == "cbt + sup v cau"
        assert joined(["cbt vs. cau", "sup v cau"]) == "cbt vs. cau + sup v cau"
        assert joined(["cbt v cau", "cbt v cau"]) == "cbt v cau"

    def test_a_footnote_for_each_way(self):
        sheet = TestOtherColumns.SHEET.assign(comparison=["cbt v cau", "sup v cau"])
        one = one_effect(sheet)
        assert one["comparison"] == "cbt + sup v cau"
        assert one["receipt"].footnotes == ("Arms combined: cbt + sup",)
        split = effect_sizes(shared_control(sheet, rule="split"))
        assert [one.footnotes for one in split["receipt"]] == [
            ("Control group divided among 2 rows",)
        ] * 2

    def test_a_divided_control_is_a_note_on_the_result(self):
        other = (
            rows(mean_t=19.0, sd_t=5.0, n_t=20, **CONTROL).iloc[:1].assign(study="B", mean_c=17.0)
        )
        sheet = pd.concat([TestOtherColumns.SHEET, other], ignore_index=True)
        fit = meta_analysis(effect_sizes(shared_control(sheet, rule="split")))
        assert any(
            "is divided among its rows: a part of their dependence remains" in note
            for note in fit.notes
        )


class TestDividing:
    def test_person_time_goes_with_the_events(self):
        sheet = rows(events_t=[4, 6], time_t=40.0, events_c=8, time_c=40.0)
        split = effect_sizes(shared_control(sheet, rule="split"), "irr")
        whole = effect_sizes(sheet, "irr")
        np.testing.assert_allclose(split["yi"], whole["yi"])
        np.testing.assert_allclose(split["vi"], whole["vi"] + 1 / 8)

    @pytest.mark.parametrize(
        "given",
        [
            {"t": 2.0}, {"p": "0.04", "sign": 1}, {"f": 4.0, "sign": 1},
        ],
    )  # fmt: skip
    def test_a_statistic_of_the_whole_control_cannot_be_divided(self, given):
        sheet = rows(n_t=20, n_c=40, control_shares=2, **given)
        with pytest.raises(DataError, match="control_shares = 2 divides the people of the control"):
            effect_sizes(sheet)

    @pytest.mark.parametrize(
        "given", [{"effect": 0.4, "se": 0.2, "effect_type": "smd"}, {"yi": 0.4, "vi": 0.04}]
    )
    def test_an_effect_as_printed_says_that_its_control_was_not_divided(self, given):
        es = effect_sizes(rows(n_t=20, n_c=40, control_shares=2, **given))
        assert es.loc[0, "vi"] == pytest.approx(0.04)
        assert "control_shares not used" in " ".join(es.loc[0, "receipt"].assumptions)


def test_combining_is_what_the_people_of_all_arms_give():
    """Raw data drawn at random: the moments of all people, whatever each arm is given by."""
    rng = np.random.default_rng(20)
    for _ in range(60):
        arms = [
            rng.multivariate_normal(rng.normal(10, 4, 2), [[4, 2], [2, 5]], rng.integers(5, 40))
            for _ in range(rng.integers(2, 5))
        ]
        written = []
        for at, people in enumerate(arms):
            n, (before, after) = len(people), people.T
            se = after.std(ddof=1) / np.sqrt(n)
            half = stats.t.ppf(0.975, n - 1) * se
            spread = [
                {"sd_t": after.std(ddof=1)},
                {"se_t": se},
                {"ci_low_t": after.mean() - half, "ci_high_t": after.mean() + half},
            ][rng.integers(3)]
            change = after - before
            written.append(
                {"study": "A", "comparison": f"arm {at}", "n_t": n, **spread,
                 "mean_t": after.mean(), "mean_pre_t": before.mean(),
                 "sd_pre_t": before.std(ddof=1),
                 "sd_change_t": change.std(ddof=1), "mean_pre_c": 9.0, "sd_pre_c": 2.0,
                 "mean_c": 10.0, "sd_c": 2.0, "n_c": 30}
            )  # fmt: skip
        combined = shared_control(pd.DataFrame(written))
        assert len(combined) == 1
        one, everybody = combined.iloc[0], np.concatenate(arms)
        before, after = everybody.T
        assert one["n_t"] == len(everybody)
        expected = {
            "mean_t": after.mean(), "sd_t": after.std(ddof=1),
            "mean_pre_t": before.mean(), "sd_pre_t": before.std(ddof=1),
            "mean_change_t": (after - before).mean(), "sd_change_t": (after - before).std(ddof=1),
        }  # fmt: skip
        for name, value in expected.items():
            assert one[name] == pytest.approx(value, rel=1e-9), name
        means = [arm["mean_t"] for arm in written]
        assert min(means) <= one["mean_t"] <= max(means)


def test_geometric_means_are_left_out_of_a_combined_arm_and_said():
    sheet = pd.DataFrame(
        {
            "study": "A",
            "comparison": ["x", "y"],
            "mean_t": [5.0, 6.0],
            "sd_t": 2.0,
            "n_t": 20,
            "mean_c": 4.0,
            "sd_c": 2.0,
            "n_c": 40,
            "geo_mean_t": [4.5, 5.5],
            "sd_log_t": 0.4,
        }
    )
    prepared = shared_control(sheet)
    assert prepared["geo_mean_t"].isna().all()
    assert "geo_mean_t, sd_log_t" in prepared["prepared"].iloc[0]


def test_a_control_known_by_its_geometric_mean_is_shared():
    sheet = pd.DataFrame(
        {
            "study": "A",
            "comparison": ["x", "y"],
            "geo_mean_t": [4.5, 5.5],
            "sd_log_t": 0.4,
            "n_t": 20,
            "geo_mean_c": 4.0,
            "sd_log_c": 0.4,
            "n_c": 40,
        }
    )
    matrix = shared_control_covariance(effect_sizes(sheet, "rom")).to_numpy()
    assert matrix[0, 1] == pytest.approx(0.16 / 40)
