from __future__ import annotations

import importlib

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.formulas.printed_numbers import half_units
from synthesis.effects.lint import arms, declared, printed, sharing, spread, together, totals
from synthesis.effects.lint.findings import SEVERITIES, Rule
from synthesis.effects.lint.lint import RULES, lint

SOUND = {"mean_t": 12.0, "sd_t": 4.0, "n_t": 40, "mean_c": 10.0, "sd_c": 5.0, "n_c": 45}


def row(**cells) -> pd.DataFrame:
    return pd.DataFrame({"study": ["A"], **{name: [value] for name, value in cells.items()}})


def found(sheet: pd.DataFrame, rule: str) -> list[str]:
    findings = lint(sheet)
    return findings.loc[findings["rule"] == rule, "message"].tolist()


def test_a_sound_sheet_has_no_findings(metafor):
    assert lint(row(**SOUND)).empty
    assert lint(metafor("means_borenstein2009")[0]).empty
    assert lint(metafor("counts_bcg")[0]).empty


def test_the_table():
    findings = lint(row(**{**SOUND, "sd_c": 0.5, "n_total": 90}, line=7))
    assert findings.columns.tolist() == [
        "rule", "severity", "study", "line", "column", "message", "reason", "waived",
    ]  # fmt: skip
    assert findings["line"].tolist() == [7] * len(findings)
    assert findings["severity"].map(SEVERITIES.index).is_monotonic_increasing


def test_rules_are_documented():
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.severity in SEVERITIES
        assert rule.reason.endswith(".")


@pytest.mark.parametrize("module", [arms, declared, printed, sharing, spread, together, totals])
def test_reloading_a_module_adds_no_rules(module):
    before = len(module.RULES)
    assert before == sum(isinstance(value, Rule) for value in vars(module).values())
    try:
        assert len(importlib.reload(module).RULES) == before
        assert len(importlib.import_module("synthesis.effects.lint.lint").RULES) == len(RULES)
    finally:
        importlib.reload(module)


class TestMoments:
    def test_standard_error_as_sd(self):
        # Synthetic sheet: four sound SDs near 10, and one that is 10/√100.
        sheet = pd.DataFrame(
            {
                "study": list("ABCDE"),
                "sd_t": [9.0, 10.0, 11.0, 10.5, 1.0],
                "n_t": [100] * 5,
            }
        )
        assert found(sheet, "se-as-sd") == [
            "1 is far below the usual SD of this outcome, 10.25, but times √n it is 10: it looks "
            "like a standard error"
        ]

    def test_another_scale_is_not_compared(self):
        sheet = pd.DataFrame(
            {
                "study": list("ABCDE"),
                "outcome": ["cost"] * 4 + ["pain"],
                "sd_t": [9.0, 10.0, 11.0, 10.5, 1.0],
                "n_t": [100] * 5,
            }
        )
        assert found(sheet, "se-as-sd") == []

    def test_sd_equal_to_a_mean(self):
        assert found(row(**{**SOUND, "sd_c": 12.0}), "sd-equals-mean") == ["12 is also mean_t"]

    def test_large_effect(self):
        assert found(row(**{**SOUND, "mean_t": 30.0}), "large-effect") == [
            "the arms differ by 4.4 standard deviations"
        ]

    def test_sd_ratio(self):
        assert found(row(**{**SOUND, "sd_c": 0.5}), "sd-ratio") == [
            "sd_t = 4 and sd_c = 0.5: a ratio of 8"
        ]


class TestIntervals:
    def test_effect_outside(self):
        assert found(row(effect=0.9, ci_low=0.53, ci_high=0.71), "effect-outside-ci") == [
            "0.9 lies outside its interval, 0.53 to 0.71"
        ]

    def test_rounding_may_push_it_to_the_edge(self):
        assert found(row(effect=0.07, ci_low=0.07, ci_high=0.07), "effect-outside-ci") == []

    @pytest.mark.parametrize(
        ("effect", "low", "high", "kind", "centred"),
        [
            (0.07, 0.00, 0.14, "smd", True),
            (0.07, 0.00, 0.15, "smd", True),  # 0.075 rounds to 0.07 or 0.08
            (0.07, 0.00, 0.20, "smd", False),
            (0.69, 0.53, 0.91, "hr", True),
            (0.69, 0.53, 0.91, "md", False),
            (2.0, 1.2, 3.4, "adjusted OR", True),
            (2.1, 1.1, 3.1, "or", False),
        ],
    )
    def test_centre(self, effect, low, high, kind, centred):
        sheet = row(effect=effect, ci_low=low, ci_high=high, effect_type=kind)
        assert (found(sheet, "ci-off-centre") == []) == centred

    def test_variance_as_standard_error(self):
        # Interval 0.108 to 0.892 around 0.5: SE 0.2, variance 0.04.
        cells = {"effect": 0.5, "ci_low": 0.108, "ci_high": 0.892}
        assert found(row(**cells, se=0.2), "variance-as-se") == []
        assert found(row(**cells, se=0.04), "variance-as-se") == [
            "0.04, but the confidence interval implies 0.2: it looks like the variance"
        ]


class TestPValues:
    @pytest.mark.parametrize(
        ("p", "agrees"),
        [("0.047", True), ("0.05", True), ("0.2", False), ("<0.05", True), ("<0.001", False)],
    )
    def test_against_the_interval(self, p, agrees):
        # Coburn 2012 prints HR 0.75 (0.57 to 1.00), p = 0.047.
        sheet = row(effect=0.75, ci_low=0.57, ci_high=1.00, effect_type="HR", p=p)
        assert (found(sheet, "p-against-ci") == []) == agrees

    def test_message(self):
        sheet = row(effect=0.75, ci_low=0.57, ci_high=1.00, effect_type="HR", p="0.2")
        (message,) = found(sheet, "p-against-ci")
        assert message.startswith("0.2, but the effect and its interval imply 0.0")

    def test_against_t(self):
        cells = {"t": 2.476, "n_t": 149, "n_c": 149}
        assert found(row(**cells, p="0.014"), "t-against-p") == []
        assert found(row(**cells, p="0.14"), "t-against-p") == [
            "0.14, but t implies 0.014 to 0.014"
        ]


class TestCountsAndSizes:
    def test_sizes(self):
        assert found(row(n_t=40, n_c=45, n_total=90), "n-does-not-add-up") == [
            "40 + 45 is 85, not 90"
        ]
        assert found(row(n_t=40, n_c=45, n_total=85), "n-does-not-add-up") == []

    def test_percentage_of_the_count(self):
        # Coburn 2012: 86 of 873 is 9.9%, 111 of 863 is 12.9%.
        cells = {"events_t": 86, "n_t": 873, "events_c": 111, "n_c": 863}
        assert found(row(**cells, percent_t=9.9, percent_c=12.9), "percent") == []
        assert found(row(**cells, percent_t=9.9, percent_c=12.1), "percent") == [
            "111 of 863 in the control arm is 12.9%, not 12.1%"
        ]

    def test_percentage_that_no_count_gives(self):
        assert found(row(percent_t=33.0, n_t=10), "percent") == [
            "33% of 10 is not a whole number of people"
        ]
        assert found(row(percent_t=33.0, n_t=100), "percent") == []

    def test_percent_change(self):
        assert found(row(percent_t=-36.8), "percent") == ["-36.8 is not a percentage of people"]


class TestRows:
    def test_same_numbers_twice(self):
        sheet = pd.concat([row(**SOUND), row(**SOUND).assign(study="B")]).reset_index(drop=True)
        assert found(sheet, "duplicated-row") == ["the same numbers as study 'A'"]

    def test_shared_control(self):
        sheet = pd.concat([row(**SOUND), row(**{**SOUND, "mean_t": 13.0})]).assign(
            comparison=["low dose", "high dose"]
        )
        assert (
            found(sheet.reset_index(drop=True), "shared-control")
            == ["another row of this study has the same control arm"] * 2
        )

    def test_window(self):
        sheet = row(window="short", timepoint_months=18)
        assert found(sheet, "window") == ["short, but follow-up was 18 months"]
        assert found(row(window="long", timepoint_months=18), "window") == []


class TestSigns:
    def test_t_against_the_means(self):
        assert found(row(**SOUND, t=-2.0), "sign") == ["-2, but the means point the other way"]

    @pytest.mark.parametrize(
        ("direction", "favours", "agrees"),
        [
            ("higher", "treatment", True),
            ("higher", "control", False),
            ("lower", "treatment", False),
            ("lower", "neither", True),
        ],
    )
    def test_declared_direction(self, direction, favours, agrees):
        sheet = row(**SOUND, direction=direction, favours=favours)
        assert (found(sheet, "sign") == []) == agrees


class TestWaivers:
    SHEET = row(**{**SOUND, "sd_c": 0.5}, waived="sd-ratio", waived_because="checked in the paper")

    def test_kept_in_the_table_with_the_reason(self):
        findings = lint(self.SHEET).set_index("rule")
        assert findings.loc["sd-ratio", "waived"] == "checked in the paper"

    def test_lands_in_the_receipt(self):
        receipt = effect_sizes(self.SHEET).loc[0, "receipt"]
        assert receipt.assumptions == ("finding sd-ratio waived: checked in the paper",)

    def test_needs_a_reason(self):
        with pytest.raises(DataError) as error:
            lint(self.SHEET.assign(waived_because=""))
        assert str(error.value) == (
            "waiving 'sd-ratio' needs a reason in waived_because; there is none for study 'A'. "
            "Correct the sheet and read it again."
        )

    def test_needs_a_rule_that_exists(self):
        with pytest.raises(DataError, match=r"waived must contain ids of rules \(.*\); got 'sd'"):
            lint(self.SHEET.assign(waived="sd"))


def test_half_units():
    halves = half_units(np.array([0.07, 2.0, 1e-5, np.nan]), np.array([0.1, 0.0, np.nan, np.nan]))
    # 1e-8: the allowance for halves that binary fractions cannot hold.
    assert halves == pytest.approx([0.005, 0.5, 5e-6, 0.5], rel=1e-8)
