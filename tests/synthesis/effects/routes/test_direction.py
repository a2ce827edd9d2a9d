"""Signs and units that decide whether effects may stand together. All data are made up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.formulas.smd import small_sample_factor
from synthesis.effects.lint.lint import lint
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.regression.meta_regression import meta_regression
from synthesis.pooling.subgroups import subgroup_analysis

MEANS = {"mean_t": 9.0, "sd_t": 5.0, "n_t": 50, "mean_c": 12.0, "sd_c": 5.0, "n_c": 50}
CHANGES = {
    "mean_change_t": 2.0,
    "sd_change_t": 2.5,
    "mean_change_c": 0.5,
    "sd_change_c": 2.5,
    "n_t": 45,
    "n_c": 45,
}
RESPONDERS = {"events_t": 30, "n_t": 50, "events_c": 15, "n_c": 50}
PRINTED = {"effect": 0.4, "se": 0.2, "effect_type": "g"}


def sheet(*rows: dict, **columns) -> pd.DataFrame:
    return pd.DataFrame(list(rows)).assign(study=list("ABCDEFGH"[: len(rows)]), **columns)


def rules(table: pd.DataFrame) -> dict[str, str]:
    found = lint(table)
    wanted = found["rule"].str.contains("direction|mixed")
    return dict(zip(found["rule"][wanted], found["severity"][wanted], strict=True))


def doubts(table: pd.DataFrame, measure: str = "smd") -> dict[str, tuple[str, ...]]:
    es = effect_sizes(table, measure)
    return {
        study: receipt.doubts
        for study, receipt in zip(es["study"], es["receipt"], strict=True)
        if receipt.doubts
    }


class TestTwoDirections:
    SHEET = sheet(MEANS, {**MEANS, "mean_t": 10.0}, outcome="mood", direction=["lower", "higher"])

    def test_is_an_error_of_the_sheet(self):
        assert rules(self.SHEET) == {"two-directions": "error"}

    def test_is_a_note_on_every_result(self):
        es = effect_sizes(self.SHEET.assign(group=list("ab")))
        note = "One outcome declared in two directions: A, B."
        assert note in meta_analysis(es).notes
        assert all(note.split(":")[0] in receipt.footnotes for receipt in es["receipt"])
        three = pd.concat([es, es.assign(study=["C", "D"])], ignore_index=True)
        assert any(text.startswith(note[:-1]) for text in meta_regression(three, "~ 1").notes)
        groups = subgroup_analysis(three, "group", ci="wald")
        assert any(text.startswith(note[:-1]) for text in groups.notes)

    def test_the_rarer_direction_is_pointed_out(self):
        table = sheet(*[MEANS] * 3, direction=["lower", "higher", "lower"])
        found = lint(table).query("rule == 'two-directions'")
        assert found[["study", "message"]].to_numpy().tolist() == [
            ["B", "'higher', but 2 other rows of the same outcome declare 'lower'"]
        ]

    @pytest.mark.parametrize("column", ["outcome", "scale", "measure_as_reported"])
    def test_other_outcomes_and_scales_may_differ(self, column):
        table = self.SHEET.assign(outcome="mood").assign(**{column: ["one", "two"]})
        assert rules(table) == {}
        assert doubts(table) == {}

    def test_a_waiver_with_a_reason_ends_it(self):
        table = self.SHEET.assign(waived="two-directions", waived_because="two scales")
        assert doubts(table) == {}

    def test_it_does_not_concern_measures_of_one_group(self):
        table = sheet({"events": 4, "n": 40}, {"events": 7, "n": 40}, direction=["lower", "higher"])
        assert doubts(table, "logit") == {}


class TestUndeclared:
    @pytest.mark.parametrize("direction", ["lower", "higher"])
    @pytest.mark.parametrize("other", [MEANS, {"yi": 0.3, "vi": 0.04}, PRINTED])
    def test_some_declared_and_some_not(self, direction, other):
        table = sheet(MEANS, other, direction=[direction, None])
        assert rules(table)["direction-in-part"] == "warning"
        assert doubts(table)["B"][0] == (
            "No direction declared, though it is for other rows of the outcome"
        )
        assert "A" not in doubts(table)

    def test_none_or_all_declared(self):
        for direction in (None, "lower", "higher"):
            table = sheet(MEANS, MEANS, direction=direction)
            assert not [rule for rule in rules(table) if rule.startswith("direction")]
            assert doubts(table) == {}


class TestCountsBesideMeans:
    @pytest.mark.parametrize(
        "other",
        [RESPONDERS, PRINTED, {"t": 2.0, "n_t": 40, "n_c": 40}],
        ids=["counts", "printed", "test"],
    )
    def test_turned_with_the_means(self, other):
        table = sheet(MEANS, other, direction="lower")
        assert rules(table)["direction-of-counts"] == "warning"
        (doubt,) = doubts(table)["B"]
        assert doubt == "Counts, printed effects or tests beside means whose sign is reversed"

    def test_nothing_is_turned(self):
        assert doubts(sheet(MEANS, RESPONDERS, direction="higher")) == {}

    def test_counts_alone(self):
        table = sheet(RESPONDERS, {**RESPONDERS, "events_t": 20}, direction="lower")
        assert rules(table) == {}
        assert doubts(table, "or") == {}


class TestStandardisers:
    SHEET = sheet(MEANS, {**MEANS, "mean_t": 10.0}, CHANGES)

    def test_changes_beside_final_values(self):
        assert rules(self.SHEET) == {"mixed-standardisers": "note"}
        es = effect_sizes(self.SHEET)
        assert "In SDs of the change" in es["receipt"].iloc[2].footnotes
        (note,) = [text for text in meta_analysis(es).notes if text.startswith("Standardised")]
        assert "1 effect by SDs of the change (C)" in note

    def test_they_may_be_pooled_as_differences(self):
        notes = meta_analysis(effect_sizes(self.SHEET, "md")).notes
        assert not any(text.startswith("Standardised") for text in notes)

    @pytest.mark.parametrize("word", ["d", "Cohen d", "Cohen's d", "Cohen’s d", "adjusted d"])
    def test_printed_d_beside_g(self, word):
        table = sheet({**PRINTED, "effect": 0.8, "effect_type": word, "n_t": 8, "n_c": 8}, MEANS)
        assert rules(table) == {"mixed-corrections": "note"}
        es = effect_sizes(table)
        assert es["yi"].iloc[0] == 0.8
        assert es["receipt"].iloc[0].corrected is False
        assert es["receipt"].iloc[0].footnotes[0].startswith("Cohen's d as printed")
        assert (
            "Cohen's d and Hedges' g are mixed: 1 effect not corrected for small samples (A), the "
            "others corrected." in meta_analysis(es).notes
        )
        found = lint(table).query("rule == 'mixed-corrections'")["message"].item()
        assert f"(J = {float(small_sample_factor(np.array(14.0))):.4f})" in found

    @pytest.mark.parametrize("word", ["g", "Hedges g", "Hedges' g", "smd"])
    def test_printed_g_beside_g(self, word):
        table = sheet({**PRINTED, "effect_type": word}, MEANS)
        assert rules(table) == {}
        assert not any("mixed" in text for text in meta_analysis(effect_sizes(table)).notes)

    def test_a_printed_smd_may_be_either(self):
        told = effect_sizes(sheet({**PRINTED, "effect_type": "smd"})).loc[0, "receipt"]
        assert told.corrected is None
        assert told.assumptions[-1].endswith("is corrected for small samples is not stated")

    def test_all_d(self):
        table = sheet({**PRINTED, "effect_type": "d"}, MEANS)
        notes = meta_analysis(effect_sizes(table, correct=False)).notes
        assert not any("mixed" in text for text in notes)

    def test_the_average_sd_of_two_periods_is_their_pooled_sd(self):
        crossover = {"mean_t": 7.0, "sd_t": 2.4, "mean_c": 6.5, "sd_c": 2.2, "n": 10, "r": 0.7}
        notes = meta_analysis(effect_sizes(sheet(crossover, MEANS))).notes
        assert not any(text.startswith("Standardised") for text in notes)

    def test_pooled_sds_beside_the_control_groups(self):
        es = effect_sizes(sheet({"t": 2.0, "n_t": 40, "n_c": 40}, MEANS), sd="control")
        assert es["receipt"].iloc[0].footnotes == ("Computed from t", "In pooled SDs")
        assert any(text.startswith("Standardised") for text in meta_analysis(es).notes)

    @pytest.mark.parametrize(
        ("other", "correct"),
        [
            ({"mean_t": 7.0, "sd_t": 2.4, "mean_c": 6.5, "sd_c": 2.2, "n": 10, "r": 0.7}, True),
            ({**PRINTED, "effect_type": "g"}, False),
            (
                {
                    "mean_t": 9.0,
                    "mean_pre_t": 8.0,
                    "sd_pre_t": 2.0,
                    "n_t": 40,
                    "r": 0.5,
                    "mean_c": 8.5,
                    "mean_pre_c": 8.0,
                    "sd_pre_c": 2.0,
                    "n_c": 40,
                },
                False,
            ),
        ],
        ids=["crossover", "printed g beside d", "Morris beside d"],
    )
    def test_other_mixtures(self, other, correct):
        notes = meta_analysis(effect_sizes(sheet(other, MEANS), correct=correct)).notes
        assert any(text.startswith("Cohen's d and Hedges' g are mixed") for text in notes)


UP = {"mean_t": 11.0, "sd_t": 2.0, "n_t": 20, "mean_c": 9.0, "sd_c": 2.0, "n_c": 20}
DOWN = {"mean_t": 7.0, "sd_t": 2.0, "n_t": 40, "mean_c": 9.0, "sd_c": 2.0, "n_c": 40}
BY_T = {"t": -3.0, "n_t": 40, "n_c": 40}
PRINTED_D = {"effect": -0.8, "effect_type": "d", "n_t": 40, "n_c": 40}


class TestMeanEffectInTheVariance:
    """With ``variance="av"`` the variances rest on the mean effect of all rows."""

    @pytest.mark.parametrize("second", [DOWN, BY_T, PRINTED_D])
    def test_signs_are_turned_before_effects_are_averaged(self, second):
        table = sheet(UP, second, direction=["higher", "lower"])
        es = effect_sizes(table, "smd", variance="av")
        mean = np.average(es["yi"], weights=[40, 80])
        assert (es["yi"] > 0).all()
        for row, n in ((0, 20), (1, 40)):
            assert es["vi"].iloc[row] == pytest.approx(2 / n + mean**2 / (4 * n), rel=1e-14)

    def test_a_row_that_is_refused_is_not_averaged(self):
        table = sheet(UP, UP, {**UP, "n_t": 1})
        es = effect_sizes(table, "smd", variance="av", refused="keep")
        alone = effect_sizes(table.iloc[:2], "smd", variance="av")
        assert es["vi"].tolist()[:2] == alone["vi"].tolist()

    def test_correlations(self):
        rows = ({"r": 0.5, "n": 30}, {"r": -0.4, "n": 60})
        es = effect_sizes(sheet(*rows, direction=["higher", "lower"]), "r", variance="av")
        mean = (30 * 0.5 + 60 * 0.4) / 90
        assert es["vi"].tolist() == pytest.approx([(1 - mean**2) ** 2 / n for n in (29, 59)])

    def test_odds_ratios_of_means(self):
        table = sheet(UP, DOWN, direction=["higher", "lower"])
        g = effect_sizes(table, "smd", variance="av")
        odds = effect_sizes(table, "or", variance="av")
        assert odds["vi"].tolist() == pytest.approx((g["vi"] * np.pi**2 / 3).tolist())
