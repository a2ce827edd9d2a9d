"""Findings about mistaken spreads and about sums. All sheets here are synthetic."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import synthesis as syn
from synthesis.effects.lint import spread, totals

NEW = [rule.name for rule in (*spread.RULES, *totals.RULES)]


def found(sheet: pd.DataFrame, rule: str) -> list[tuple[str, str]]:
    findings = syn.lint(sheet)
    findings = findings[findings["rule"] == rule]
    return list(findings[["study", "column"]].itertuples(index=False, name=None))


def scores(sd_t, sd_c, mean_t=12.0, mean_c=10.0, n=30) -> pd.DataFrame:
    arms = {"mean_t": mean_t, "sd_t": sd_t, "n_t": n, "mean_c": mean_c, "sd_c": sd_c, "n_c": n}
    return pd.DataFrame({"study": list("abcdefgh")[: len(sd_t)], "outcome": "o", **arms})


class TestStandardErrorAsDeviation:
    # 5/√30 is 0.91.
    @pytest.mark.parametrize(
        ("sd_t", "errors"),
        [
            ([5.1, 0.9], "b"),
            ([5.1, 5.4, 0.9], "c"),
            ([0.9, 5.4, 0.95], "ac"),
            ([5.1, 5.4, 0.9, 0.8, 1.0], "cde"),
            ([0.9, 0.85, 0.9, 0.8, 5.0], "abcd"),
        ],
    )
    def test_small_sheets_and_majorities(self, sd_t, errors):
        sheet = scores(sd_t, [1.02 * sd for sd in sd_t])
        arms = [(study, f"sd_{arm}") for study in errors for arm in "tc"]
        assert sorted(found(sheet, "se-as-sd")) == sorted(arms)

    def test_other_units_change_the_means_too(self):
        sd = [5.1, 5.4, 0.9]
        sheet = scores(sd, sd, mean_t=[12, 12, 2.0], mean_c=[10, 10, 1.7])
        assert found(sheet, "se-as-sd") == []

    def test_effect_several_times_the_others(self):
        # In changes the means are near 0 and tell little; effects of 0.4, 0.4 and 2.2 do.
        sd = [5.1, 5.4, 0.9]
        sheet = scores(sd, sd, mean_t=[2.1, 8.0, 2.4], mean_c=[0.1, 5.8, 0.4])
        changes = sheet.rename(columns=lambda name: re.sub("^(mean|sd)_", r"\1_change_", name))
        assert found(sheet, "se-as-sd") == [("c", "sd_t"), ("c", "sd_c")]
        assert found(changes, "se-as-sd") == [("c", "sd_change_t"), ("c", "sd_change_c")]
        similar = sheet.assign(mean_t=[2.1, 8.0, 0.7], mean_c=[0.1, 5.8, 0.4])
        assert found(similar, "se-as-sd") == []

    def test_small_spread_that_is_no_standard_error(self):
        # Times √30 these would be far from the others: 1.6 gives 8.8, 0.3 gives 1.6.
        assert found(scores([5.1, 5.4, 1.6], [5.2, 5.3, 1.6]), "se-as-sd") == []
        assert found(scores([5.1, 5.4, 0.3], [5.2, 5.3, 0.3]), "se-as-sd") == []

    def test_instruments_are_not_compared(self):
        sheet = scores([5.1, 5.4, 0.9], [5.2, 5.3, 0.95]).assign(instrument=["x", "x", "y"])
        assert found(sheet, "se-as-sd") == []

    def test_sound_deviations_of_a_thousand_outcomes(self):
        # Three studies of one scale: SDs of samples of 30 differ by 13 per cent, and by 60 per
        # cent between populations. A false alarm needs a factor of 3.
        random = np.random.default_rng(1)
        spreads = np.exp(random.normal(np.log(5), 0.2, (3000, 1)))
        sd = spreads * np.exp(random.normal(0, 0.13, (3000, 2)))
        sheet = scores([5.0], [5.0]).drop(columns=["study", "outcome"])
        sheet = sheet.loc[np.zeros(3000, dtype=int)].reset_index(drop=True)
        sheet = sheet.assign(sd_t=sd[:, 0], sd_c=sd[:, 1])
        sheet.insert(0, "study", [f"S{at}" for at in range(3000)])
        sheet["outcome"] = [f"o{at // 3}" for at in range(3000)]
        assert found(sheet, "se-as-sd") == []


class TestVariances:
    def test_variance_as_deviation(self):
        sheet = scores([5.1, 5.4, 4.8, 25.0], [5.2, 5.3, 5.0, 26.0])
        assert found(sheet, "variance-as-sd") == [("d", "sd_t"), ("d", "sd_c")]
        assert found(sheet.assign(sd_c=5.0), "variance-as-sd") == []
        other_units = sheet.assign(mean_t=[12, 12, 12, 60.0], mean_c=[10, 10, 10, 50.0])
        assert found(other_units, "variance-as-sd") == []

    def test_standard_error_as_variance_and_the_reverse(self):
        n = np.array([40, 80, 60, 100])
        vi = 4 / (2 * n)  # about that of a standardised difference between arms of n each
        sheet = pd.DataFrame({"study": list("abcd"), "yi": 0.2, "vi": vi, "n_t": n, "n_c": n})
        assert found(sheet, "se-as-variance") == []
        mistaken = sheet.assign(vi=np.where(n == 60, np.sqrt(vi), vi))
        assert found(mistaken, "se-as-variance") == [("c", "vi")]
        errors = sheet.drop(columns="vi").assign(sei=np.where(n == 80, vi, np.sqrt(vi)))
        assert found(errors, "se-as-variance") == [("b", "sei")]


class TestTotals:
    COUNTS = pd.DataFrame(
        {
            "study": ["A", "B", "C"],
            "events_t": [4, 6, 3],
            "n_t": [40, 50, 31],
            "events_c": [8, 9, 5],
            "n_c": [40, 50, 30],
        }
    )

    def total(self, name: str, counts: pd.DataFrame | None = None) -> pd.DataFrame:
        counts = self.COUNTS if counts is None else counts
        sums = counts.drop(columns="study").sum()
        return pd.concat([counts, pd.DataFrame([{"study": name, **sums}])], ignore_index=True)

    @pytest.mark.parametrize(
        "name",
        ["Total", "Subtotal", "Total (95% CI)", "pooled", "Overall effect", "Summary", "RE Model"],
    )
    def test_by_name(self, name):
        sheet = self.total("X").assign(study=["A", "B", "C", name], n_t=[40, 50, 31, 100])
        assert found(sheet, "total-row") == [(name, "study")]

    @pytest.mark.parametrize(
        "name", ["Total Care 2004", "Overall 1999", "Poole 1990", "Summers 2001", "Meaney 2010"]
    )
    def test_names_of_studies(self, name):
        assert found(self.COUNTS.replace({"study": {"A": name}}), "total-row") == []

    def test_by_arithmetic(self):
        sheet = self.total("D")
        assert found(sheet, "total-row") == [("D", "study")]
        assert syn.lint(sheet).loc[0, "message"] == (
            "n_t = 121, n_c = 120, events_t = 13, events_c = 22: the sums of the 3 rows above"
        )
        assert found(sheet.assign(events_c=[8, 9, 5, 21]), "total-row") == []
        assert found(sheet.iloc[::-1], "total-row") == [("D", "study")]

    def test_subtotals(self):
        both = [
            self.total("part one"),
            self.total("part two", self.COUNTS.assign(study=list("PQR"))),
        ]
        assert [study for study, _ in found(pd.concat(both), "total-row")] == [
            "part one",
            "part two",
        ]

    def test_sizes_that_add_up_by_chance(self):
        sheet = scores([5.0] * 3, [5.0] * 3, n=[20, 30, 50])
        assert found(sheet, "total-row") == []

    def test_people_without_the_event(self):
        sheet = pd.DataFrame({"study": ["a"], "ai": 4, "bi": 36, "ci": 8, "di": 31, "n2i": 40})
        sheet = syn.read_extraction(sheet.assign(n1i=40))
        assert found(sheet, "n-does-not-add-up") == [("a", "n_c")]


def test_shipped_data_sets():
    """What the rules say of published data, each of which was looked up.

    In gibson2002 the people counted in one trial (100) are not those measured (119). SDs of 1.2
    where others are 11 (Hilton 1986) and of 4 where others are 28 (normand1999) are as published,
    and two of 102 experiments with plants vary little.
    """
    said = {}
    for name in syn.datasets.names():
        data = syn.datasets.load(name)
        if "study" in data and data["study"].notna().all():
            try:
                findings = syn.lint(data)
            except syn.errors.DataError:
                continue
            findings = findings[findings["rule"].isin(NEW)]
            if len(findings):
                said[name] = findings["rule"].value_counts().to_dict()
    assert said == {
        "curtis1998": {"se-as-sd": 2},
        "gibson2002": {"n-does-not-add-up": 2, "se-as-sd": 1},
        "normand1999": {"se-as-sd": 2},
    }
