"""Each way from what a paper prints to an effect, with its receipt."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrowroot.errors import DataError, OptionError
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.formulas import smd
from synthesis.effects.routes.receipts import receipts

ARMS = {"mean_t": 12.0, "sd_t": 4.0, "n_t": 40, "mean_c": 10.0, "sd_c": 5.0, "n_c": 45}


def row(**cells) -> pd.DataFrame:
    return pd.DataFrame({"study": ["A"], **{name: [value] for name, value in cells.items()}})


def one(sheet: pd.DataFrame, measure: str = "smd", **options):
    es = effect_sizes(sheet, measure, **options)
    return es.loc[0]


def refusal(sheet: pd.DataFrame, measure: str = "smd", **options) -> str:
    with pytest.raises(DataError) as error:
        effect_sizes(sheet, measure, **options)
    return str(error.value)


class TestToSmd:
    """The same trial told in many ways must give the same effect."""

    @pytest.fixture
    def truth(self):
        return one(row(**ARMS))

    @pytest.fixture
    def t(self):
        pooled = np.sqrt((39 * 16 + 44 * 25) / 83)
        return 2 / (pooled * np.sqrt(1 / 40 + 1 / 45))

    def same(self, told, truth, route):
        assert told["route"] == route
        # 1e-9: the statistics are computed in double precision and inverted by root finding.
        assert told["yi"] == pytest.approx(truth["yi"], rel=1e-9)
        assert told["vi"] == pytest.approx(truth["vi"], rel=1e-9)

    def test_t(self, truth, t):
        self.same(one(row(t=t, n_t=40, n_c=45)), truth, "t")

    def test_f(self, truth, t):
        self.same(one(row(f=t**2, sign=1, n_t=40, n_c=45)), truth, "f")

    def test_exact_p(self, truth, t):
        from scipy.stats import t as law

        p = 2 * law.sf(t, 83)
        self.same(one(row(p=p, sign=1, n_t=40, n_c=45)), truth, "p")

    def test_point_biserial(self, truth, t):
        self.same(one(row(r_pb=t / np.sqrt(t**2 + 83), n_t=40, n_c=45)), truth, "r_pb")

    def test_standard_errors_of_the_means(self, truth):
        told = one(
            row(
                mean_t=12.0,
                se_t=4 / np.sqrt(40),
                n_t=40,
                mean_c=10.0,
                se_c=5 / np.sqrt(45),
                n_c=45,
            )
        )
        self.same(told, truth, "means")
        assert told["receipt"].assumptions == ()
        assert told["receipt"].steps == (
            "sd_t = se_t·√n_t (Cochrane Handbook 6.5.2.2)",
            "sd_c = se_c·√n_c (Cochrane Handbook 6.5.2.2)",
        )
        assert "se_t = 0.632455532" in told["receipt"].inputs

    def test_intervals_of_the_means(self, truth):
        from scipy.stats import t as law

        half_t, half_c = (
            law.ppf(0.975, n - 1) * sd / np.sqrt(n) for sd, n in ((4.0, 40), (5.0, 45))
        )
        told = one(
            row(
                mean_t=12.0,
                ci_low_t=12 - half_t,
                ci_high_t=12 + half_t,
                n_t=40,
                mean_c=10.0,
                ci_low_c=10 - half_c,
                ci_high_c=10 + half_c,
                n_c=45,
            )
        )
        self.same(told, truth, "means")

    def test_printed_with_standard_error(self, truth):
        told = one(row(effect=truth["yi"], se=np.sqrt(truth["vi"]), effect_type="SMD"))
        self.same(told, truth, "printed")

    def test_printed_with_interval(self, truth):
        half = 1.959963984540054 * np.sqrt(truth["vi"])
        told = one(row(effect=truth["yi"], ci_low=truth["yi"] - half, ci_high=truth["yi"] + half))
        self.same(told, truth, "printed")
        assert told["receipt"].assumptions == (
            "yi = effect: without effect_type, taken to be of measure 'smd'",
        )

    def test_printed_mean_difference(self, truth, t):
        from scipy.stats import t as law

        half = law.ppf(0.975, 83) * 2 / t
        told = one(
            row(effect=2.0, effect_type="md", ci_low=2 - half, ci_high=2 + half, n_t=40, n_c=45)
        )
        self.same(told, truth, "printed_md")

    def test_swapping_the_arms_flips_every_way(self, t):
        for cells in (
            {"t": t},
            {"f": t**2, "sign": 1},
            {"p": 0.01, "sign": 1},
            {"r_pb": 0.2},
            {"chi2": 5.0, "sign": 1},
            {"beta": 0.2},
            {"b": 0.5, "sd_y": 2.0},
        ):
            swapped = {
                name: value if name in {"f", "p", "chi2", "sd_y"} else -value
                for name, value in cells.items()
            }
            there = one(row(**cells, n_t=40, n_c=45))
            back = one(row(**swapped, n_t=45, n_c=40))
            assert back["yi"] == pytest.approx(-there["yi"], rel=1e-12)
            assert back["vi"] == pytest.approx(there["vi"], rel=1e-12)


class TestPValues:
    def test_bound_is_taken_conservatively_and_flagged(self):
        told = one(row(p="<0.05", sign=1, n_t=50, n_c=50))
        assert told["yi"] == pytest.approx(one(row(p="0.05", sign=1, n_t=50, n_c=50))["yi"])
        assert told["receipt"].assumptions[0] == (
            "p < 0.05 taken as p = 0.05: conservative, the effect is larger"
        )

    def test_not_significant_is_refused(self):
        assert refusal(row(p="NS", sign=1, n_t=50, n_c=50)) == (
            "no route to 'smd' for study 'A': p without a number, or above a bound, gives no "
            "effect: look for other results in the paper, or ask its authors. Correct the sheet "
            "and read it again."
        )

    def test_sign_from_the_means(self):
        told = one(row(p="0.01", mean_t=3.0, mean_c=5.0, n_t=50, n_c=50))
        assert told["yi"] < 0
        assert "sign from the means" in told["receipt"].steps

    def test_p_without_direction_is_refused(self):
        assert "route p lacks sign" in refusal(row(p="0.01", n_t=50, n_c=50))

    def test_what_is_no_p_value(self):
        assert refusal(row(p="often", n_t=50, n_c=50)) == (
            "p must be a number between 0 and 1, a bound such as <0.05, or NS; got 'often' for "
            "study 'A'. Correct the sheet and read it again."
        )

    def test_mean_difference_of_the_handbook(self):
        # Handbook 6.5.2.3: MD 3.8, P = 0.008, 25 and 22 people: SE 1.37.
        told = one(row(mean_t=3.8, mean_c=0.0, p="0.008", n_t=25, n_c=22), "md")
        assert told["route"] == "means_p"
        assert round(float(np.sqrt(told["vi"])), 2) == 1.37


class TestPrintedRatios:
    def test_interval_on_the_log_scale(self):
        told = one(row(effect=0.69, ci_low=0.53, ci_high=0.91, effect_type="HR"), "hr")
        assert told["yi"] == pytest.approx(np.log(0.69))
        width = np.log(0.91) - np.log(0.53)
        assert told["vi"] == pytest.approx((width / (2 * 1.959963984540054)) ** 2, rel=1e-12)

    def test_other_level(self):
        wide = one(row(effect=2.0, ci_low=1.0, ci_high=4.0, ci_level=0.9), "or")
        assert wide["vi"] == pytest.approx((np.log(4) / (2 * 1.6448536269514722)) ** 2, rel=1e-12)

    def test_adjusted_odds_ratio_to_smd(self):
        told = one(row(effect=2.0, ci_low=1.2, ci_high=3.4, effect_type="adjusted OR"))
        assert told["route"] == "printed_or"
        assert told["yi"] == pytest.approx(np.log(2) * np.sqrt(3) / np.pi, rel=1e-12)
        cox = one(row(effect=2.0, ci_low=1.2, ci_high=3.4, effect_type="or"), conversion="cox")
        assert cox["yi"] == pytest.approx(np.log(2) / 1.65, rel=1e-12)

    def test_estimate_with_p_alone(self):
        told = one(row(effect=0.75, p="0.047", effect_type="hr"), "hr")
        from scipy.stats import norm

        assert np.sqrt(told["vi"]) == pytest.approx(-np.log(0.75) / norm.isf(0.047 / 2), rel=1e-9)

    def test_correlation_to_fisher_z(self):
        z, half = np.arctanh(0.4), 1.959963984540054 / np.sqrt(97)
        cells = {"effect": 0.4, "ci_low": np.tanh(z - half), "ci_high": np.tanh(z + half)}
        told = one(row(**cells, effect_type="r"), "fisher_z")
        assert told["yi"] == pytest.approx(z, rel=1e-12)
        assert told["vi"] == pytest.approx(1 / 97, rel=1e-9)
        assert "write in effect_type what the printed effect is, such as 'fisher_z'" in refusal(
            row(**cells), "fisher_z"
        )

    def test_proportion_to_logit(self):
        told = one(row(effect=0.25, ci_low=0.2, ci_high=0.3, effect_type="proportion"), "logit")
        assert told["yi"] == pytest.approx(np.log(1 / 3), rel=1e-12)

    def test_negative_ratio(self):
        assert "a printed ratio must be > 0 for its logarithm" in refusal(
            row(effect=-0.5, se=0.1, effect_type="or"), "or"
        )

    def test_unknown_type(self):
        assert "effect_type 'percent difference' is not a known measure" in refusal(
            row(effect=-24.0, ci_low=-49.0, ci_high=13.0, effect_type="percent difference"),
            "rr",
        )

    def test_counts_to_smd(self, metafor):
        sheet, reference = metafor("counts_bcg")
        for conversion, key in (
            ("logistic", "or_to_smd_logistic"),
            ("cox", "or_to_smd_normal"),
            ("probit", "probit_smd"),
        ):
            es = effect_sizes(sheet, "smd", conversion=conversion)
            # Closed formulas, as everywhere against escalc.
            np.testing.assert_allclose(es["yi"], reference[key]["yi"], rtol=1e-10, atol=1e-10)
            np.testing.assert_allclose(es["vi"], reference[key]["vi"], rtol=1e-10, atol=1e-10)

    def test_means_to_odds(self):
        smd_of = one(row(**ARMS))
        odds = one(row(**ARMS), "or")
        assert odds["yi"] == pytest.approx(smd_of["yi"] * np.pi / np.sqrt(3), rel=1e-14)
        assert odds["vi"] == pytest.approx(smd_of["vi"] * np.pi**2 / 3, rel=1e-14)


QUARTILES = {
    "q1_t": 4.0,
    "median_t": 6.0,
    "q3_t": 8.0,
    "n_t": 40,
    "q1_c": 3.0,
    "median_c": 5.0,
    "q3_c": 7.0,
    "n_c": 40,
}


class TestQuantiles:
    def test_median_and_quartiles(self):
        told = one(row(**QUARTILES), "md")
        assert told["yi"] == pytest.approx(1.0)
        assert told["receipt"].assumptions[0] == (
            "mean_t estimated from median and quartiles (Luo et al. 2018, eq. 11; Wan et al. 2014, "
            "eq. 16); normality assumed"
        )

    def test_skewed_data_are_refused_with_the_reason(self):
        said = refusal(row(**{**QUARTILES, "q3_t": 30.0}), "md")
        assert (
            "median_t with quartiles or range of arm t is too skewed for a mean and SD (test of "
            "Shi et al. 2023)"
        ) in said

    def test_quartiles_out_of_order(self):
        assert refusal(row(**{**QUARTILES, "q1_t": 7.0}), "md") == (
            "q1_t must not exceed median_t; got 7.0 for study 'A'. "
            "Correct the sheet and read it again."
        )


BEFORE_AFTER = {
    "mean_pre_t": 10.0,
    "sd_pre_t": 4.0,
    "mean_t": 14.0,
    "n_t": 30,
    "mean_pre_c": 10.0,
    "sd_pre_c": 4.0,
    "mean_c": 11.0,
    "n_c": 30,
}


class TestPrePost:
    def test_morris(self):
        told = one(row(**BEFORE_AFTER, r=0.6))
        assert told["route"] == "pre_post"
        J = smd.small_sample_factor(np.array([58.0]))[0]
        assert told["yi"] == pytest.approx(J * 3 / 4, rel=1e-12)

    def test_r_from_three_sds(self):
        told = one(row(**BEFORE_AFTER, sd_t=5.0, sd_change_t=3.0))
        assert told["route"] == "pre_post"
        assert any("pre-post r from" in step for step in told["receipt"].steps)

    def test_r_of_one_arm_serves_the_other(self):
        told = one(row(**BEFORE_AFTER, sd_t=4.0, sd_c=5.0, sd_change_c=3.0), "md")
        changes = one(
            row(**BEFORE_AFTER, sd_t=4.0, sd_c=5.0, sd_change_c=3.0, route="change_scores"), "md"
        )
        assert told["route"] == "means"
        r = (16 + 25 - 9) / 40
        assert changes["vi"] == pytest.approx((32 - 32 * r) / 30 + 9 / 30, rel=1e-12)

    def test_r_assumed(self):
        told = one(row(**BEFORE_AFTER), assume={"r": 0.5})
        assert "r = 0.5 assumed" in told["receipt"].assumptions

    def test_r_from_sister_studies(self):
        sheet = pd.concat([row(**BEFORE_AFTER, r=0.6), row(**BEFORE_AFTER).assign(study="B")])
        es = effect_sizes(sheet.reset_index(drop=True), impute=["r"])
        assert es.loc[1, "vi"] == pytest.approx(es.loc[0, "vi"], rel=1e-12)
        assert (
            "r imputed: mean of the other studies of the sheet" in es.loc[1, "receipt"].assumptions
        )

    def test_a_larger_r_is_more_precise(self):
        spreads = [one(row(**BEFORE_AFTER), assume={"r": r})["vi"] for r in (0.2, 0.5, 0.8)]
        assert spreads == sorted(spreads, reverse=True)

    def test_change_scores_are_flagged_as_another_unit(self):
        cells = {
            "mean_change_t": 2.0,
            "sd_change_t": 4.0,
            "n_t": 30,
            "mean_change_c": 0.0,
            "sd_change_c": 4.0,
            "n_c": 30,
        }
        told = one(row(**cells))
        assert told["route"] == "change_scores"
        assert "not to be pooled with effects in SDs of final values" in str(
            told["receipt"].assumptions
        )
        assert one(row(**cells), "md")["vi"] == pytest.approx(2 * 16 / 30)


class TestImputedSds:
    def test_from_others_of_the_same_outcome(self):
        sheet = pd.DataFrame(
            {
                "study": ["A", "B", "C"],
                "outcome": ["pain", "pain", "cost"],
                "mean_t": [5.0, 5.0, 900.0],
                "sd_t": [2.0, np.nan, 300.0],
                "n_t": [30, 30, 30],
                "mean_c": [4.0, 4.0, 800.0],
                "sd_c": [2.0, np.nan, 300.0],
                "n_c": [30, 30, 30],
            }
        )
        es = effect_sizes(sheet, impute=["sd"])
        assert es.loc[1, "yi"] == pytest.approx(es.loc[0, "yi"], rel=1e-14)
        assert es.loc[1, "receipt"].assumptions == (
            "sd_t imputed: pooled over the arms of other studies of the same outcome",
            "sd_c imputed: pooled over the arms of other studies of the same outcome",
        )
        assert es.loc[0, "receipt"].assumptions == ()

    def test_never_without_being_asked(self):
        sheet = pd.concat([row(**ARMS), row(**{**ARMS, "sd_t": np.nan}).assign(study="B")])
        assert "route means lacks sd_t" in refusal(sheet.reset_index(drop=True))


CLUSTERED = {"events_t": 63, "n_t": 295, "events_c": 84, "n_c": 330}


class TestTotals:
    SHEET = row(t=2.0, n_total=100)

    def test_halved_only_when_asked(self):
        assert "t lacks n_t and n_c" in refusal(self.SHEET)

    def test_halved_and_flagged(self):
        told = one(self.SHEET, impute=["n"])
        assert told["yi"] == one(row(t=2.0, n_t=50, n_c=50))["yi"]
        assert told["receipt"].assumptions[0] == (
            "n_t imputed: half of n_total, arms assumed equal"
        )
        assert told["receipt"].inputs == "t = 2, n_total = 100"


class TestClusters:
    def test_the_handbook_example(self):
        # Handbook 23.1: ln OR −0.23, SE 0.19; ICC 0.02, 29.8 people a cluster: SE 0.24.
        plain = one(row(**CLUSTERED), "or")
        told = one(row(**CLUSTERED, icc=0.02, cluster_size=29.8), "or")
        assert round(float(plain["yi"]), 2) == -0.23
        assert round(float(np.sqrt(plain["vi"])), 2) == 0.19
        assert round(float(np.sqrt(told["vi"])), 2) == 0.24
        assert told["yi"] == plain["yi"]

    def test_reducing_the_numbers_is_the_same_for_odds(self):
        cells = row(**CLUSTERED, icc=0.02, cluster_size=29.8, icc_source="sister trial")
        inflated = one(cells, "or")
        reduced = one(cells, "or", cluster="reduce")
        assert reduced["yi"] == pytest.approx(inflated["yi"], rel=1e-12)
        assert reduced["vi"] == pytest.approx(inflated["vi"], rel=1e-12)
        assert reduced["receipt"].assumptions == (
            "clusters: numbers of people divided by the design effect, means and SDs as they are, "
            "1.576 at an ICC of 0.02, ICC from sister trial",
        )
        assert reduced["receipt"].inputs.endswith("icc = 0.02, cluster_size = 29.8")

    def test_adjusted_papers_are_left_alone(self):
        cells = row(effect=0.8, se=0.1, icc=0.05, cluster_size=20, cluster_adjusted="yes")
        assert one(cells, "or")["vi"] == pytest.approx(0.01)

    def test_assumed_icc(self):
        told = one(row(effect=0.8, se=0.1, cluster_size=21), "or", assume={"icc": 0.05})
        assert told["vi"] == pytest.approx(0.01 * 2)
        assert "icc = 0.05 assumed" in told["receipt"].assumptions


class TestDirection:
    def test_lower_is_better_turns_the_sign_once(self):
        up, down = one(row(**ARMS)), one(row(**ARMS, direction="lower"))
        assert down["yi"] == -up["yi"]
        assert down["flipped"]
        assert down["receipt"].assumptions == (
            "sign reversed, as lower is declared better: above 0 favours treatment",
        )

    @pytest.mark.parametrize("cells", [ARMS, {"yi": 0.3, "vi": 0.04}])
    def test_computing_again_does_not_turn_it_back(self, cells):
        once = effect_sizes(row(**cells, direction="lower"))
        again = effect_sizes(once)
        assert again.loc[0, "yi"] == once.loc[0, "yi"]

    def test_other_words(self):
        assert refusal(row(**ARMS, direction="down")) == (
            "direction must be 'higher' or 'lower'; got 'down' for study 'A'. "
            "Correct the sheet and read it again."
        )


class TestReceipts:
    def test_every_part(self):
        table = receipts(effect_sizes(row(**ARMS, t=2.1, line=7)))
        assert table.columns.tolist() == [
            "line",
            "study",
            "yi",
            "vi",
            "route",
            "formula",
            "inputs",
            "worked_out",
            "assumed",
            "other_routes",
            "routes_disagree",
            "refused",
        ]
        told = table.loc[0]
        assert told["line"] == 7
        assert told["formula"] == smd.described("ls", correct=True, sd="pooled")
        assert told["inputs"] == (
            "mean_t = 12, sd_t = 4, n_t = 40, mean_c = 10, sd_c = 5, n_c = 45"
        )
        assert told["assumed"] == ""

    def test_two_routes_report_their_disagreement(self):
        told = one(row(**ARMS, t=2.1))["receipt"]
        alone = one(row(t=2.1, n_t=40, n_c=45))
        assert told.alternatives == (f"t: yi = {alone['yi']:.4g}, vi = {alone['vi']:.4g}",)

    def test_zero_cells_are_named(self, metafor):
        sheet, _ = metafor("counts_zero_cells")
        es = effect_sizes(sheet, "or").set_index("study")
        assert es.loc["zero_t", "receipt"].assumptions == (
            "1/2 added to every cell of a table that contains a zero",
        )
        assert es.loc["both_zero", "receipt"].assumptions[1] == (
            "nobody, or everybody, has the event in both arms: no information on a ratio"
        )

    def test_as_text(self):
        assert str(one(row(t=2.0, n_t=50, n_c=50))["receipt"]).startswith(
            "A: route t to smd; formula d = t·√(1/n_t + 1/n_c), exact; g = J·d;"
        )

    def test_markup_in_a_label_is_escaped(self):
        es = effect_sizes(row(**ARMS).assign(study="<script>"))
        assert "<script>" not in es.loc[0, "receipt"]._repr_html_()

    def test_a_saved_table_carries_none(self, tmp_path):
        effect_sizes(row(**ARMS)).to_csv(tmp_path / "es.csv", index=False)
        with pytest.raises(DataError) as error:
            receipts(pd.read_csv(tmp_path / "es.csv"))
        assert str(error.value) == (
            "the table has no receipts: pass what effect_sizes returned, not a copy that "
            "was saved and read back in."
        )


class TestRefused:
    SHEET = pd.concat([row(**ARMS), row(mean_t=3.0, n_t=20).assign(study="B")]).reset_index(
        drop=True
    )

    def test_kept_with_the_reason(self):
        es = effect_sizes(self.SHEET, refused="keep")
        assert es["route"].tolist() == ["means", "none"]
        assert es.loc[1, ["yi", "vi"]].isna().all()
        assert es.loc[0, "reason"] == ""
        assert es.loc[1, "reason"].startswith("no route to 'smd': route means lacks sd_t,")
        assert es.loc[1, "receipt"].refused == es.loc[1, "reason"]
        assert str(es.loc[1, "receipt"]).startswith("B: refused no route to 'smd'")

    def test_a_condition_refuses_too(self):
        sheet = pd.concat([row(**ARMS), row(**{**ARMS, "mean_t": -1.0}).assign(study="B")])
        es = effect_sizes(sheet.reset_index(drop=True), "rom", refused="keep")
        assert es["route"].tolist() == ["means", "none"]
        assert es["yi"].notna().tolist() == [True, False]

    def test_impossible_cells_are_errors_all_the_same(self):
        assert "sd_t must be > 0" in refusal(row(**{**ARMS, "sd_t": 0.0}), refused="keep")

    def test_unknown_choice(self):
        with pytest.raises(OptionError) as error:
            effect_sizes(self.SHEET, refused="drop")
        assert str(error.value) == "refused must be one of 'raise', 'keep'; got 'drop'."


class TestAssume:
    def test_unknown_column(self):
        with pytest.raises(OptionError, match=r"a column in assume must be one of .*'rr'"):
            effect_sizes(row(**ARMS), assume={"rr": 0.5})

    def test_impossible_value(self):
        with pytest.raises(OptionError) as error:
            effect_sizes(row(**ARMS), assume={"r": 1.5})
        assert str(error.value) == "assume: r must lie strictly between -1 and 1; got 1.5."


@given(
    unit=st.integers(-6, 6).map(lambda power: 2.0**power),
    means=st.tuples(st.floats(-50, 50), st.floats(-50, 50)),
)
def test_the_unit_of_a_sheet_does_not_matter(unit, means):
    cells = {**ARMS, "mean_t": means[0], "mean_c": means[1]}
    scaled = {name: value * unit if name[0] in "ms" else value for name, value in cells.items()}
    assert one(row(**scaled))["yi"] == pytest.approx(one(row(**cells))["yi"], rel=1e-13)
