from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synthesis.effects.lint.lint import lint
from synthesis.effects.multi_arm import shared_control
from synthesis.effects.shared_controls import controls, divided

RULES = (
    "shared-control",
    "nearly-shared-control",
    "control-in-two-subgroups",
    "shared-treatment",
)


def rows(**cells: object) -> pd.DataFrame:
    return pd.DataFrame({"study": ["A", "A"], "comparison": ["x", "y"], **cells})


def found(sheet: pd.DataFrame) -> list[str]:
    findings = lint(sheet)
    return findings.loc[findings["rule"].isin(RULES), "rule"].tolist()


GIVEN_BY = {
    "means": {"mean_t": [5.0, 6.0], "sd_t": 2.0, "mean_c": 4.0, "sd_c": 2.0},
    "means without SDs": {"mean_t": [5.0, 6.0], "mean_c": 4.0},
    "standard errors": {"mean_t": [5.0, 6.0], "se_t": 0.4, "mean_c": 4.0, "se_c": 0.4},
    "intervals": {
        "mean_t": [5.0, 6.0], "ci_low_t": [4.0, 5.0], "ci_high_t": [6.0, 7.0],
        "mean_c": 4.0, "ci_low_c": 3.0, "ci_high_c": 5.0,
    },
    "changes": {"mean_change_t": [3.0, 4.0], "sd_change_t": 5.0,
                "mean_change_c": 1.0, "sd_change_c": 5.0},
    "baselines": {"mean_pre_t": [3.0, 4.0], "mean_pre_c": 3.5},
    "medians": {"median_t": [3.0, 4.0], "q1_t": 1.0, "q3_t": 6.0,
                "median_c": 3.0, "q1_c": 2.0, "q3_c": 4.0},
    "counts": {"events_t": [3, 4], "events_c": 5},
    "percentages": {"percent_t": [20.0, 40.0], "percent_c": 40.0},
    "person-time": {"events_t": [3, 4], "time_t": 50.0, "events_c": 5, "time_c": 60.0},
}  # fmt: skip


@pytest.mark.parametrize("given", GIVEN_BY)
class TestWhateverTheRowHolds:
    def test_both_rows_are_found(self, given):
        sheet = rows(**GIVEN_BY[given], n_t=20, n_c=20)
        assert controls(sheet).shares.tolist() == [True, True]
        assert found(sheet) == ["shared-control"] * 2

    def test_equal_treatments_are_two_arms_still(self, given):
        cells = {
            name: value[0] if isinstance(value, list) else value
            for name, value in GIVEN_BY[given].items()
        }
        sheet = rows(**cells, n_t=[20, 30], n_c=20)
        assert controls(sheet).shares.tolist() == [True, True]
        assert found(sheet) == ["shared-control"] * 2

    def test_another_size_is_another_arm(self, given):
        sheet = rows(**GIVEN_BY[given], n_t=20, n_c=[20, 25])
        assert not controls(sheet).shares.any()

    def test_another_outcome_is_another_arm(self, given):
        for name in ("outcome", "scale", "timepoint", "window", "measure_as_reported"):
            sheet = rows(**GIVEN_BY[given], n_t=20, n_c=20, **{name: ["one", "two"]})
            assert not controls(sheet).shares.any()

    def test_another_subgroup_is_other_people(self, given):
        sheet = rows(**GIVEN_BY[given], n_t=20, n_c=20, subgroup=["women", "men"])
        assert not controls(sheet).shares.any()
        assert found(sheet) == ["control-in-two-subgroups"] * 2
        assert len(shared_control(sheet)) == 2
        assert (shared_control(sheet)["prepared"] == "").all()


class TestRecognition:
    def test_three_arms_two_of_them_with_equal_counts(self):
        sheet = pd.DataFrame(
            {"study": "A", "comparison": ["p v c", "q v c", "r v c"], "events_t": [17, 22, 22],
             "n_t": [31, 38, 34], "events_c": 5, "n_c": 18}
        )  # fmt: skip
        assert found(sheet) == ["shared-control"] * 3
        assert len(shared_control(sheet)) == 1

    def test_what_one_row_leaves_blank_does_not_tell_arms_apart(self):
        sheet = rows(mean_c=[4.0, 4.0], sd_c=[2.0, np.nan], n_c=20, mean_pre_c=[np.nan, 3.0])
        assert controls(sheet).shares.all()

    def test_a_percentage_is_the_count_beside_it(self):
        sheet = rows(events_c=[20, np.nan], percent_c=[np.nan, 40.0], n_c=50)
        assert controls(sheet).shares.all()

    def test_any_cell_tells_two_arms_apart(self):
        for name in ("sd_c", "mean_pre_c", "mean_change_c", "q1_c", "time_c"):
            sheet = rows(mean_c=4.0, n_c=20, **{name: [2.0, 3.0]})
            assert not controls(sheet).shares.any(), name

    def test_a_control_by_its_name_and_size(self):
        sheet = rows(t=[1.0, 2.0], n_t=20, n_c=20)
        assert not controls(sheet).shares.any()
        messages = lint(sheet)["message"].tolist()
        assert (
            messages
            == ["the control arm of another row of this study has the same size: is it the same?"]
            * 2
        )
        named = sheet.assign(comparison=["cbt v usual care", "drug vs. Usual care"])
        assert controls(named).shares.all()
        other = sheet.assign(comparison=["cbt v usual care", "cbt v placebo"])
        assert not controls(other).shares.any()

    def test_two_studies_share_nothing(self):
        sheet = rows(mean_c=4.0, n_c=20).assign(study=["A", "B"])
        assert not controls(sheet).shares.any()

    def test_the_order_of_rows_makes_no_difference(self):
        rng = np.random.default_rng(3)
        sheet = pd.DataFrame(
            {"study": list("AABBBCAB"), "comparison": list("abcdefgh"), "n_c": 20,
             "events_c": [5, 5, 6, 6, 7, 5, 8, 7]}
        )  # fmt: skip
        expected = controls(sheet)
        for _ in range(5):
            order = rng.permutation(len(sheet))
            shuffled = controls(sheet.iloc[order])
            assert shuffled.shares.tolist() == expected.shares[order].tolist()
            for one in range(len(sheet)):
                same = shuffled.number == shuffled.number[one]
                assert (same == (expected.number[order] == expected.number[order][one])).all()

    def test_a_divided_control_is_shared_no_longer(self):
        split = shared_control(rows(events_t=[3, 4], n_t=20, events_c=5, n_c=20), rule="split")
        assert not controls(split).shares.any()
        assert found(split) == []
        pd.testing.assert_frame_equal(shared_control(split, rule="split"), split)

    def test_one_treatment_arm_against_two_controls(self):
        sheet = rows(events_t=3, n_t=20, events_c=[5, 7], n_c=20)
        assert found(sheet) == ["shared-treatment"] * 2


class TestRounding:
    SHEET = rows(mean_t=[5.0, 6.0], sd_t=2.0, n_t=20, mean_c=[18, 18.04], sd_c=[5, 5.2], n_c=20)

    def test_is_a_finding_that_can_be_set_aside(self):
        findings = lint(self.SHEET).set_index("rule")
        assert findings.loc["nearly-shared-control", "message"] == (
            "the control arm is that of another row, but for rounding: mean_c = 18 and 18.04; "
            "sd_c = 5 and 5.2"
        )
        waived = self.SHEET.assign(
            waived=["", "nearly-shared-control"], waived_because=["", "two trials"]
        )
        assert len(shared_control(waived)) == 2

    @pytest.mark.parametrize("rule", ["combine", "split"])
    def test_is_not_decided_by_the_program(self, rule):
        with pytest.raises(ValueError, match="differ by rounding alone for study 'A': mean_c = 18"):
            shared_control(self.SHEET, rule=rule)

    def test_of_one_number_alone_says_nothing(self):
        assert found(rows(mean_c=[18, 18.04], n_c=20)) == []

    def test_counts_are_never_rounded(self):
        assert found(rows(events_c=[5, 6], mean_c=3.0, n_c=20)) == []


class TestDivided:
    def test_people_events_and_time(self):
        sheet = rows(n_t=40, n_c=40, events_c=8, time_c=100.0, n=80, control_shares=[2, np.nan])
        table = divided(sheet)
        assert table["n_c"].tolist() == [20, 40]
        assert table["events_c"].tolist() == [4, 8]
        assert table["time_c"].tolist() == [50, 100]
        assert table["n"].tolist() == [60, 80]
        assert sheet["n_c"].tolist() == [40, 40]

    def test_a_table_without_shares_is_the_same_table(self):
        sheet = rows(n_c=40)
        assert divided(sheet) is sheet
