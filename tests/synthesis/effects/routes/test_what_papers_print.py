"""What papers print every week: each way to an effect, with the number worked out in the test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import synthesis as syn
from arrowroot.errors import DataError, OptionError
from synthesis.effects.formulas.smd import small_sample_factor

VALIDATION = Path(__file__).parents[4] / "validation" / "metafor" / "measures"


def factor(df: float) -> float:
    return float(small_sample_factor(np.array([df]))[0])


def one(measure: str = "smd", /, *, options: dict | None = None, **cells: object) -> pd.Series:
    table = pd.DataFrame([{"study": "A", **cells}])
    return syn.effect_sizes(table, measure, **(options or {})).iloc[0]


def refusal(measure: str = "smd", /, **cells: object) -> str:
    with pytest.raises(DataError) as error:
        one(measure, **cells)
    return str(error.value)


class TestPrintedDifference:
    def test_d_with_numbers_of_people(self):
        # g = factor(58)·0.5; vi = 1/30 + 1/30 + g²/120.
        row = one(effect=0.5, effect_type="Cohen's d", n_t=30, n_c=30)
        g = factor(58) * 0.5
        assert (row["yi"], row["vi"]) == pytest.approx((g, 2 / 30 + g**2 / 120))
        assert (round(row["yi"], 4), round(row["vi"], 4)) == (0.4935, 0.0687)
        assert row["receipt"].corrected is True

    def test_g_with_numbers_of_people_stays_as_it_is(self):
        row = one(effect=0.4935, effect_type="Hedges’ g", n_t=30, n_c=30)
        assert row["yi"] == pytest.approx(0.4935)
        assert row["vi"] == pytest.approx(2 / 30 + 0.4935**2 / 120)

    def test_uncorrected_as_asked(self):
        row = one(effect=0.5, effect_type="d", n_t=30, n_c=30, options={"correct": False})
        assert (row["yi"], row["vi"]) == pytest.approx((0.5, 2 / 30 + 0.25 / 120))

    def test_a_difference_of_unknown_kind_is_taken_as_it_is_and_said(self):
        row = one(effect=0.5, n_t=30, n_c=30)
        assert row["yi"] == pytest.approx(0.5)
        assert any("not stated" in text for text in row["receipt"].assumptions)

    @pytest.mark.parametrize(
        "spread", [{"sd_t": 8.5, "sd_c": 8.5}, {"sd_pre_t": 8.5, "sd_pre_c": 8.5}, {"sd_pre": 8.5}]
    )
    def test_adjusted_mean_difference_over_raw_sds(self, spread):
        cells = {"effect": 3.2, "se": 0.9, "effect_type": "adjusted MD", "n_t": 60, "n_c": 60}
        row = one(**cells, **spread, options={"correct": False})
        d = 3.2 / 8.5
        assert round(row["yi"], 3) == 0.376
        assert (row["yi"], row["vi"]) == pytest.approx((d, (0.9 / 8.5) ** 2 + d**2 / 240))
        corrected = one(**cells, **spread)
        assert corrected["yi"] == pytest.approx(factor(118) * d)
        assert "Clearinghouse" in corrected["receipt"].formula

    def test_adjusted_mean_difference_without_its_error_is_conservative(self):
        row = one(effect=3.2, effect_type="MD", sd_pre=8.5, n_t=60, n_c=60)
        g = factor(118) * 3.2 / 8.5
        assert row["vi"] == pytest.approx(2 / 60 + g**2 / 240)
        assert any("conservative" in text for text in row["receipt"].assumptions)


class TestOneGroup:
    def test_change_with_the_sd_of_change(self):
        row = one("SMCC", mean_change=3.0, sd_change=5.0, n=20)
        g = factor(19) * 0.6
        assert (row["yi"], row["vi"]) == pytest.approx((g, 1 / 20 + g**2 / 40))
        assert one("MC", mean_change=3.0, sd_change=5.0, n=20)["vi"] == pytest.approx(25 / 20)

    def test_paired_t_alone(self):
        t, n = 0.6 * np.sqrt(20), 20
        by_t, by_sd = one("smcc", t=t, n=n), one("smcc", mean_change=3.0, sd_change=5.0, n=n)
        assert (by_t["yi"], by_t["vi"]) == pytest.approx((by_sd["yi"], by_sd["vi"]))

    def test_mean_change_with_paired_t(self):
        row = one("mean_change", mean_change=-3.0, t=-2.5, n=20)
        assert (row["yi"], row["vi"]) == pytest.approx((-3.0, (3 / 2.5) ** 2))

    def test_change_over_the_average_sd(self):
        # metafor 4.6 and later: J with 2(n − 1)/(1 + r²) df.
        row = one("SMCRP", mean_post=30, mean_pre=25, sd_post=6, sd_pre=5, n=30, r=0.7)
        g = factor(2 * 29 / 1.49) * 5 / np.sqrt(30.5)
        assert (row["yi"], row["vi"]) == pytest.approx((g, 0.6 / 30 + g**2 * 1.49 / 120))

    def test_crossover_from_paired_t(self):
        d = 2 * np.sqrt(2 * 0.32 / 10)
        row = one(t=2.0, n=10, r=0.68)
        assert (row["yi"], row["vi"]) == pytest.approx((d, (0.1 + d**2 / 20) * 0.64))

    def test_single_percentage(self):
        by_share, by_count = one("PLO", percent=25, n=40), one("PLO", events=10, n=40)
        assert (by_share["yi"], by_share["vi"]) == (by_count["yi"], by_count["vi"])


class TestCorrelationOfEachArm:
    CELLS: ClassVar[dict[str, object]] = {
        "mean_t": 56.0,
        "mean_pre_t": 50.0,
        "sd_pre_t": 10.0,
        "sd_t": 11.0,
        "n_t": 30,
        "mean_c": 52.0,
        "mean_pre_c": 51.0,
        "sd_pre_c": 10.5,
        "sd_c": 10.0,
        "n_c": 32,
        "route": "change_scores",
    }

    def test_sd_of_change(self):
        row = one("md", **self.CELLS, r_t=0.5, r_c=0.8)
        of_t = 100 + 121 - 2 * 0.5 * 110
        of_c = 10.5**2 + 100 - 2 * 0.8 * 105
        assert (row["yi"], row["vi"]) == pytest.approx((5.0, of_t / 30 + of_c / 32))

    def test_one_for_both_is_as_before(self):
        both = one("md", **self.CELLS, r=0.6)
        each = one("md", **self.CELLS, r_t=0.6, r_c=0.6)
        assert (both["yi"], both["vi"]) == (each["yi"], each["vi"])

    def test_of_one_arm_is_taken_for_the_other_and_said(self):
        row = one("md", **self.CELLS, r_t=0.5)
        assert row["vi"] == one("md", **self.CELLS, r=0.5)["vi"]
        assert "Correlation of one arm taken for both" in row["receipt"].footnotes

    def test_difference_of_changes_in_sds_before(self):
        row = one(**self.CELLS | {"route": "pre_post"}, r_t=0.5, r_c=0.8)
        df = 60
        yi = factor(df) * 5 / np.sqrt((29 * 100 + 31 * 10.5**2) / df)
        of_means = 2 * 0.5 / 30 + 2 * 0.2 / 32
        vi = factor(df) ** 2 * df / (df - 2) * (of_means + yi**2) - yi**2
        assert (row["yi"], row["vi"]) == pytest.approx((yi, vi))


class TestSurvival:
    def test_observed_less_expected(self):
        row = one("hr", o_minus_e=-8.0, v_logrank=20.0)
        assert (row["yi"], row["vi"]) == pytest.approx((-0.4, 0.05))

    def test_p_with_events_of_each_arm(self):
        # O − E = z·√V with V = 40·60/100; equation 14 of Tierney et al. lacks the root.
        row = one("hr", p="0.075", sign=-1, events_t=40, events_c=60)
        z, v = stats.norm.isf(0.0375), 24.0
        assert (row["yi"], row["vi"]) == pytest.approx((-z / np.sqrt(v), 1 / v))

    def test_p_with_all_events_and_sizes(self):
        row = one("hr", p="0.075", sign=1, events=100, n_t=150, n_c=50)
        v = 100 * 150 * 50 / 200**2
        assert (row["yi"], row["vi"]) == pytest.approx((stats.norm.isf(0.0375) / np.sqrt(v), 1 / v))

    def test_chi_square_says_the_same_as_its_p(self):
        p = f"{stats.chi2.sf(3.2, 1):.15f}"
        by_chi2 = one("hr", chi2=3.2, sign=1, events_t=40, events_c=60)
        by_p = one("hr", p=p, sign=1, events_t=40, events_c=60)
        assert by_chi2["yi"] == pytest.approx(by_p["yi"])


class TestTests:
    def test_chi_square_with_the_real_sizes(self):
        # r = √(χ²/N); d = r·N/√(n_t·n_c·(1 − r²)).
        r = np.sqrt(5 / 80)
        row = one(chi2=5, sign=1, n_t=20, n_c=60, options={"correct": False})
        assert row["yi"] == pytest.approx(r * 80 / np.sqrt(20 * 60 * (1 - r**2)))

    def test_eta_squared_is_the_share_that_f_leaves(self):
        f = 0.1 / 0.9 * 58
        by_eta, by_f = (
            one(sign=1, n_t=30, n_c=30, **cells) for cells in ({"eta_squared": 0.1}, {"f": f})
        )
        assert by_eta["yi"] == pytest.approx(by_f["yi"])

    def test_correlation_from_t_f_and_p(self):
        r = 2.5 / np.sqrt(2.5**2 + 18)
        p = f"{2 * stats.t.sf(2.5, 18):.16f}"
        for cells in ({"t": 2.5}, {"f": 6.25, "sign": 1}, {"p": p, "sign": 1}):
            row = one("r", n=20, **cells)
            assert (row["yi"], row["vi"]) == pytest.approx((r, (1 - r**2) ** 2 / 19))
        assert one("zcor", t=2.5, n=20)["yi"] == pytest.approx(np.arctanh(r))

    def test_difference_to_correlation_and_back(self):
        # d = 2r/√(1 − r²) of two equal arms; h tends to 4 as they grow.
        r = one("r", effect=0.5, se=0.1, effect_type="g", n_t=10**7, n_c=10**7)
        d = one("smd", effect=r["yi"], se=np.sqrt(r["vi"]), effect_type="r")
        assert (d["yi"], d["vi"]) == pytest.approx((0.5, 0.01), rel=1e-6)

    @pytest.mark.parametrize(
        ("p", "bound"), [(".000", "0.0005"), ("0.000", "0.0005"), ("0.00", "0.005")]
    )
    def test_p_of_zero_is_a_bound(self, p, bound):
        rounded = one(p=p, sign=1, n_t=30, n_c=30)
        told = one(p=f"<{bound}", sign=1, n_t=30, n_c=30)
        assert rounded["yi"] == told["yi"]
        assert any(f"below {bound}" in text for text in rounded["receipt"].assumptions)

    def test_p_of_zero_in_a_file_keeps_its_decimals(self, tmp_path):
        path = tmp_path / "trials.csv"
        path.write_text("study,p,sign,n_t,n_c\nA,0.000,1,30,30\nB,0.020,1,30,30\n")
        es = syn.effect_sizes(syn.read_extraction(path))
        expected = [one(p=p, sign=1, n_t=30, n_c=30)["yi"] for p in ("<0.0005", "0.02")]
        assert es["yi"].tolist() == pytest.approx(expected)

    def test_p_of_zero_without_decimals_says_what_to_do(self):
        assert "enter it as printed" in refusal(p=0.0, sign=1, n_t=30, n_c=30)


class TestTypes:
    @pytest.mark.parametrize(
        ("written", "measure"),
        [
            *[(name, "smd") for name in ("Hedges' g", "hedges’ g", "HEDGES G", "Hedges's g", "g")],
            *[(name, "smd") for name in ("Cohen's d", "Cohen’s D", "cohen d", "d", "S.M.D.")],
            *[(name, "md") for name in ("MD", "Mean Difference", "adjusted mean difference")],
        ],
    )
    def test_differences_by_name(self, written, measure):
        row = one(measure, effect=0.4, se=0.1, effect_type=written)
        assert (row["yi"], row["vi"]) == pytest.approx((0.4, 0.01))

    @pytest.mark.parametrize(
        ("written", "measure"),
        [
            *[(name, "or") for name in ("aOR", "adj. OR", "Adjusted odds ratio", "OR (95% CI)")],
            *[(name, "hr") for name in ("adj. HR", "aHR", "Hazard-Ratio", "hazard ratio (HR)")],
            *[(name, "rr") for name in ("RR", "relative  risk", "Risk ratio", "R.R.")],
        ],
    )
    def test_ratios_by_name(self, written, measure):
        row = one(measure, effect=2.0, se=0.1, effect_type=written)
        assert row["yi"] == pytest.approx(np.log(2))

    @pytest.mark.parametrize(
        ("written", "measure"),
        [
            *[(name, "or") for name in ("log OR", "ln(OR)", "lnOR", "Log odds ratio", "ln aOR")],
            *[(name, "rr") for name in ("ln RR", "log-RR", "log relative risk")],
            ("adjusted log HR", "hr"),
        ],
    )
    def test_logarithms_are_kept(self, written, measure):
        row = one(measure, effect=-0.3, ci_low=-0.5, ci_high=-0.1, effect_type=written)
        assert row["yi"] == -0.3
        assert np.sqrt(row["vi"]) == pytest.approx(0.2 / stats.norm.isf(0.025))
        assert len(syn.lint(pd.DataFrame([{"study": "A", "effect": -0.3, "se": 0.1,
                                           "effect_type": written}]))) == 0  # fmt: skip

    def test_a_word_of_two_meanings_is_not_guessed(self):
        assert "'cor' is not a known measure" in refusal("or", effect=2, se=0.1, effect_type="COR")

    def test_glass_is_said_among_pooled_sds(self):
        row = one(effect=0.4, se=0.1, effect_type="Glass's Δ")
        assert any("SDs of the control group" in text for text in row["receipt"].doubts)
        assert one("smd1", effect=0.4, se=0.1, effect_type="Glass' delta")["receipt"].doubts == ()

    def test_ranks(self):
        row = one("fisher_z", effect=0.3, n=50, effect_type="Spearman's rho")
        assert row["vi"] == pytest.approx((1 + 0.09 / 2) / 47)


class TestRanges:
    @pytest.mark.parametrize(
        ("measure", "cells", "said"),
        [
            ("r", {"effect": 1.2, "effect_type": "r"}, "must lie between -1 and 1"),
            ("fisher_z", {"effect": -1.2, "effect_type": "r"}, "must lie between -1 and 1"),
            ("proportion", {"effect": 25, "effect_type": "proportion"}, "is divided by 100"),
            ("rd", {"effect": 12, "effect_type": "RD"}, "is divided by 100"),
            ("hr", {"effect": -0.4, "effect_type": "HR"}, "must be > 0 for its logarithm"),
            ("or", {"effect": 0, "effect_type": "OR"}, "must be > 0 for its logarithm"),
            ("alpha", {"effect": 1.1, "effect_type": "alpha"}, "between -inf and 1"),
            ("r", {"yi": 1.3, "vi": 0.1}, "yi must lie between -1 and 1"),
            ("rd", {"yi": -2, "vi": 0.1}, "yi must lie between -1 and 1"),
            ("smd", {"p": "1.2", "n_t": 9, "n_c": 9}, "p must be a number between 0 and 1"),
        ],
    )
    def test_what_a_measure_cannot_be_is_refused(self, measure, cells, said):
        assert said in refusal(measure, **{"se": 0.1, **cells})

    def test_a_limit_of_zero_is_explained(self):
        told = refusal("hr", effect=0.4, ci_low=0.0, ci_high=2.0, effect_type="HR")
        assert "a limit printed as 0.00 is a small number" in told


class TestPeople:
    def test_effective_numbers_are_used_and_said(self):
        cells = {"mean_t": 1.0, "sd_t": 1.0, "n_t": 19.5, "mean_c": 0.0, "sd_c": 1.0, "n_c": 20}
        row = one(**cells)
        g = factor(37.5)
        assert (row["yi"], row["vi"]) == pytest.approx((g, 1 / 19.5 + 1 / 20 + g**2 / 79))
        assert any("n_t = 19.5" in text for text in row["receipt"].assumptions)
        assert "not-whole" in syn.lint(pd.DataFrame([{"study": "A", **cells}]))["rule"].tolist()

    def test_effective_numbers_beside_an_icc_are_doubtful(self):
        row = one("or", events_t=3.5, n_t=19.5, events_c=5, n_c=20, icc=0.05, cluster_size=11)
        assert any("counted twice" in text for text in row["receipt"].doubts)

    def test_effective_numbers_in_a_mantel_haenszel_table(self):
        table = pd.DataFrame(
            {"study": ["a", "b"], "events_t": [3.5, 4], "n_t": [19.5, 20], "events_c": [5, 6]}
        ).assign(n_c=20)
        fit = syn.mantel_haenszel(table, measure="OR")
        # Σ a·d/N over Σ b·c/N.
        above = 3.5 * 15 / 39.5 + 4 * 14 / 40
        below = 16 * 5 / 39.5 + 16 * 6 / 40
        assert fit.estimate == pytest.approx(np.log(above / below))
        assert any("not whole" in note for note in fit.notes)

    def test_an_arm_of_one_person_is_a_valid_table(self):
        row = one("or", events_t=1, n_t=1, events_c=3, n_c=10)
        assert row["yi"] == pytest.approx(np.log(1.5 / 0.5) - np.log(3.5 / 7.5))
        assert one("proportion", events=0, n=1)["yi"] == 0.25

    def test_an_arm_of_one_person_has_no_sd(self):
        told = refusal(mean_t=1, sd_t=1, n_t=1, mean_c=0, sd_c=1, n_c=20)
        assert "n_t must be at least 2 where an SD" in told


class TestRatiosOfMeans:
    def test_corrected_for_bias(self):
        # Lajeunesse (2015), eq. 8 and 9, written out.
        cells = {"mean_t": 10.0, "sd_t": 4.0, "n_t": 8, "mean_c": 6.0, "sd_c": 3.0, "n_c": 5}
        of_t, of_c = 0.4**2 / 8, 0.5**2 / 5
        row = one("rom_corrected", **cells)
        assert row["yi"] == pytest.approx(np.log(10 / 6) + (of_t - of_c) / 2)
        assert row["vi"] == pytest.approx(of_t + of_c + (of_t**2 + of_c**2) / 2)

    def test_geometric_means(self):
        cells = {"geo_mean_t": 12.0, "sd_log_t": 0.5, "geo_mean_c": 8.0, "sd_log_c": 0.7}
        row = one("rom", n_t=40, n_c=50, **cells)
        assert (row["yi"], row["vi"]) == pytest.approx((np.log(1.5), 0.25 / 40 + 0.49 / 50))

    def test_mann_whitney(self):
        # r = z/√N of two equal arms: d = 2r/√(1 − r²).
        row = one(z_mw=2.0, n_t=50, n_c=50, options={"correct": False})
        assert row["yi"] == pytest.approx(0.4 / np.sqrt(0.96))


class TestForms:
    CELLS: ClassVar[dict[str, float]] = {
        "mean_t": 5.1,
        "sd_t": 1.0,
        "n_t": 40,
        "mean_c": 4.0,
        "sd_c": 2.5,
        "n_c": 15,
    }

    def test_the_average_sd_with_and_without_the_factor(self):
        # metafor to 3.8 multiplies the variance by J²; from 4.6 on it does not.
        ours = one(**self.CELLS, options={"sd": "average"})
        later = one(**self.CELLS, options={"sd": "average", "variance": "bonett"})
        assert ours["vi"] == pytest.approx(factor(53) ** 2 * later["vi"])
        assert ours["yi"] == later["yi"]
        assert one("SMDH", **self.CELLS)["vi"] == ours["vi"]
        assert one("smdh", **self.CELLS, options={"variance": "bonett"})["vi"] == later["vi"]

    def test_normand_as_later_versions_of_metafor_have_it(self):
        sheet = syn.datasets.load("normand1999").iloc[[1]]
        later = syn.effect_sizes(sheet, sd="average", variance="bonett")
        assert round(later["vi"].iloc[0], 4) == 0.0674

    def test_a_form_is_refused_where_it_does_not_exist(self):
        with pytest.raises(OptionError, match="variance must be one of"):
            one(**self.CELLS, options={"variance": "bonett"})
        with pytest.raises(OptionError, match="variance must be one of"):
            one("md", **self.CELLS, options={"variance": "avho"})


def test_every_function_takes_the_codes_of_metafor():
    table = pd.DataFrame(
        {"study": list("ABC"), "yi": [0.1, 0.3, 0.2], "vi": 0.04, "g": list("xxy")}
    )
    named = table.assign(measure=["OR", "or", "Or"])
    for fit in (
        syn.meta_analysis(table, measure="OR"),
        syn.meta_analysis(named),
        syn.meta_regression(named, "~ g"),
    ):
        assert fit.measure.name == "or"
    groups = syn.subgroup_analysis(table, "g", measure="Smd").groups
    assert {group.measure.name for group in groups.values()} == {"smd"}
    assert syn.routes_to("ZCOR").equals(syn.routes_to("fisher_z"))
    counts = json.loads((VALIDATION / "twobytwo.json").read_text())["measures"]["RR"]["yi"]
    cells = pd.read_csv(VALIDATION / "twobytwo.csv")
    sheet = pd.DataFrame(
        {
            "study": cells["study"].astype(str),
            "events_t": cells["ai"],
            "n_t": cells["ai"] + cells["bi"],
            "events_c": cells["ci"],
            "n_c": cells["ci"] + cells["di"],
        }
    )
    assert syn.effect_sizes(sheet, "Rr")["yi"].tolist() == pytest.approx(counts)
    assert set(syn.effect_sizes(sheet, "RR")["measure"]) == {"rr"}
    assert syn.absolute_effect("RR", 0.9, baseline=0.3).risk[0] == pytest.approx(0.27)
    assert syn.sensitivity(named, "icc", [0.0], measure="OR")["yi"].tolist() == [0.1, 0.3, 0.2]
    assert syn.average_within_studies(named.assign(study="A"), rho=0.5)["yi"].tolist() == [
        pytest.approx(0.2)
    ]
