"""Ordered categories, and hazard ratios without a standard error. All data are made up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError
from synthesis.effects.formulas.ordinal import NORMAL, difference

TREATED, CONTROLS = [10.0, 20, 30], [25.0, 20, 15]


def row(treated=TREATED, controls=CONTROLS, **more) -> pd.DataFrame:
    cells = {"study": "a"}
    for arm, people in (("t", treated), ("c", controls)):
        cells |= {f"category{at}_{arm}": one for at, one in enumerate(people, start=1)}
    return pd.DataFrame([cells | more])


def effect(table: pd.DataFrame, measure: str = "or", **options) -> tuple[float, float]:
    es = syn.effect_sizes(table, measure, **options)
    return es["yi"].iloc[0], es["vi"].iloc[0]


class TestCategories:
    def test_measures_and_conversions(self):
        odds = effect(row())
        yi, vi = difference(np.array([TREATED]), np.array([CONTROLS]))
        assert odds == (yi[0], vi[0])
        scale = np.sqrt(3) / np.pi
        assert effect(row(), "smd") == pytest.approx((odds[0] * scale, odds[1] * scale**2))
        assert effect(row(), "or2d") == effect(row(), "smd")
        assert effect(row(), "or2dn") == effect(row(), "smd", conversion="cox")
        probit = difference(np.array([TREATED]), np.array([CONTROLS]), NORMAL)
        assert effect(row(), "smd", conversion="probit") == (probit[0][0], probit[1][0])

    def test_receipt_says_what_is_assumed(self):
        (receipt,) = syn.effect_sizes(row(), "or")["receipt"]
        assert receipt.route == "categories"
        assert "McCullagh 1980" in receipt.formula
        assert "proportional odds" in receipt.assumptions[0]
        assert "category3_c = 15" in receipt.inputs
        assert "category4" not in receipt.inputs

    def test_sign_is_turned_where_lower_is_better(self):
        yi, vi = effect(row())
        assert effect(row(direction="lower")) == (-yi, vi)

    def test_a_category_that_one_arm_leaves_blank_is_asked_for(self):
        with pytest.raises(DataError, match=r"lacks category3_t \(0 if nobody is in that"):
            effect(row(treated=[10.0, 20]))

    def test_arms_without_overlap_are_refused_in_words(self):
        with pytest.raises(DataError, match=r"or the odds ratio is infinite: report the counts"):
            effect(row([20, 0, 0], [0, 5, 9]))

    def test_clusters(self):
        yi, vi = effect(row())
        clustered = row(icc=0.05, cluster_size=11)
        assert effect(clustered) == pytest.approx((yi, 1.5 * vi))
        assert effect(clustered, cluster="reduce") == pytest.approx((yi, 1.5 * vi), rel=1e-9)

    def test_people_that_do_not_add_up_are_found(self):
        found = syn.lint(row(n_t=61, n_c=60))
        said = found.set_index("rule").loc["n-does-not-add-up", "message"]
        assert said == "the categories sum to 60, not 61"
        assert "n-does-not-add-up" not in syn.lint(row(n_t=60, n_c=60))["rule"].tolist()

    def test_arms_that_share_a_control(self):
        other = [5.0, 5, 10]
        two = pd.concat([row(comparison="x v c"), row(other, comparison="y v c")])
        two = two.reset_index(drop=True)
        assert syn.lint(two)["rule"].tolist() == ["shared-control"] * 2
        together = [one + more for one, more in zip(TREATED, other, strict=True)]
        assert effect(syn.shared_control(two)) == effect(row(together))
        halves = syn.effect_sizes(syn.shared_control(two, rule="split"), "or")
        half = [people / 2 for people in CONTROLS]
        assert halves["yi"].iloc[0] == pytest.approx(effect(row(controls=half))[0], rel=1e-12)
        assert halves["vi"].iloc[0] == pytest.approx(effect(row(controls=half))[1], rel=1e-12)
        with pytest.raises(DataError, match="not known for measure 'or' by route 'categories'"):
            syn.shared_control_covariance(syn.effect_sizes(two, "or"))


def hazard(**cells) -> tuple[float, float, str]:
    es = syn.effect_sizes(pd.DataFrame([{"study": "a", **cells}]), "hr")
    return es["yi"].iloc[0], es["vi"].iloc[0], es["route"].iloc[0]


class TestHazardRatios:
    """V from events: their product over their sum, or all events times both shares of people."""

    IN_ARMS = {"events_t": 20, "events_c": 30}  # noqa: RUF012
    IN_ALL = {"events": 50, "n_t": 100, "n_c": 150}  # noqa: RUF012

    def test_printed_with_events(self):
        yi, vi, route = hazard(effect=0.7, effect_type="HR", **self.IN_ARMS)
        assert (yi, vi) == pytest.approx((np.log(0.7), 50 / 600))
        assert route == "printed_hr_events"
        yi, vi, route = hazard(effect=0.7, effect_type="HR", **self.IN_ALL)
        assert (yi, vi) == pytest.approx((np.log(0.7), 250**2 / (50 * 100 * 150)))
        assert route == "printed_hr_events_total"

    def test_o_minus_e_without_v(self):
        yi, vi, _ = hazard(o_minus_e=-5, **self.IN_ARMS)
        assert (yi, vi) == pytest.approx((-5 / 12, 1 / 12))
        assert hazard(o_minus_e=-5, **self.IN_ALL)[:2] == pytest.approx((-5 / 12, 1 / 12))

    def test_an_interval_or_a_variance_comes_first(self):
        both = hazard(effect=0.7, effect_type="HR", ci_low=0.5, ci_high=0.98, **self.IN_ARMS)
        assert both[2] == "printed"
        assert hazard(o_minus_e=-5, v_logrank=11, **self.IN_ARMS)[:2] == (-5 / 11, 1 / 11)

    def test_clusters_count_where_the_error_is_from_events(self):
        cells = {"effect": 0.7, "effect_type": "HR", **self.IN_ARMS}
        plain = hazard(**cells)[1]
        assert hazard(icc=0.05, cluster_size=11, **cells)[1] == pytest.approx(1.5 * plain)

    def test_petos_odds_ratio_from_o_minus_e(self):
        table = pd.DataFrame([{"study": "a", "o_minus_e": -5.0, "v_logrank": 12.0}])
        assert effect(table, "peto") == pytest.approx((-5 / 12, 1 / 12))

    def test_what_is_no_hazard_ratio_is_said(self):
        with pytest.raises(DataError, match="a risk ratio: measure='rr'"):
            hazard(n_t=100, n_c=100, **self.IN_ARMS)
        with pytest.raises(DataError, match="median survival times give no hazard ratio"):
            hazard(median_t=12, median_c=9, n_t=100, n_c=100)
        with pytest.raises(DataError, match=r"log_rank_p lacks sign \(1 if the value"):
            hazard(p="0.02", **self.IN_ARMS)


class TestSizesAlone:
    """A printed d or g with numbers of people leads to odds ratios and correlations too."""

    SIZES = {"n_t": 30, "n_c": 40}  # noqa: RUF012

    @pytest.mark.parametrize("measure", ["or", "r", "fisher_z"])
    def test_d_is_what_t_gives(self, measure):
        printed = pd.DataFrame([{"study": "a", "effect": 0.5, "effect_type": "d", **self.SIZES}])
        means = {"mean_t": 0.5, "sd_t": 1.0, "mean_c": 0.0, "sd_c": 1.0, **self.SIZES}
        # Odds ratios of means rest on g; those of a printed d on d itself.
        raw = effect(pd.DataFrame([{"study": "a", **means}]), measure, correct=False)
        assert effect(printed, measure) == pytest.approx(raw, rel=1e-12)

    @pytest.mark.parametrize("measure", ["or", "r", "fisher_z"])
    def test_g_is_d_corrected(self, measure):
        d = pd.DataFrame([{"study": "a", "effect": 0.5, "effect_type": "d", **self.SIZES}])
        g = syn.effect_sizes(d, "smd")["yi"].iloc[0]
        corrected = d.assign(effect=g, effect_type="Hedges' g")
        assert effect(corrected, measure) == pytest.approx(effect(d, measure), rel=1e-12)


class TestPairsThatDoNotDiffer:
    @pytest.mark.parametrize("measure", ["mprr", "mpor", "mporc", "mppeto"])
    def test_no_information_is_said_or_left_out(self, measure):
        none = {"pairs_both": 0, "pairs_t": 0, "pairs_c": 0, "pairs_neither": 9}
        table = pd.DataFrame([{"study": "a", **none}])
        (receipt,) = syn.effect_sizes(table, measure)["receipt"]
        assert any("without information on a ratio" in doubt for doubt in receipt.doubts)
        left_out = syn.effect_sizes(table, measure, no_events="leave_out")
        assert left_out["yi"].isna().all()

    def test_pairs_that_agree_tell_of_marginal_ratios_alone(self):
        alike = {"pairs_both": 6, "pairs_t": 0, "pairs_c": 0, "pairs_neither": 9}
        table = pd.DataFrame([{"study": "a", **alike}])
        for measure, doubted in (("mprr", False), ("mpor", False), ("mporc", True)):
            (receipt,) = syn.effect_sizes(table, measure)["receipt"]
            assert bool(receipt.doubts) is doubted


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        *(("10 ± 3", "two numbers; give each its own column"), ("10 (3)", "two numbers")),
        *(("10 [8 to 12]", "two numbers"), ("0.2-0.4", "a range; give each end its own column")),
        *(("(0.2 to 0.4)", "a range"), ("<5", "write the number alone")),
    ],
)
def test_cells_with_more_than_a_number_are_answered(cell, advice):
    with pytest.raises(DataError) as caught:
        syn.read_extraction(pd.DataFrame({"study": ["a"], "mean_t": [cell]}))
    assert f"mean_t must be a number ({advice}" in str(caught.value)


@pytest.mark.parametrize("cell", ["10", "-3.5", "−3", "1e3", "1e-5"])
def test_numbers_are_not_taken_for_ranges(cell):
    assert (
        syn.read_extraction(pd.DataFrame({"study": ["a"], "mean_t": [cell]}))["mean_t"]
        .notna()
        .all()
    )


def test_the_nearest_routes_are_those_that_were_meant():
    before = {"mean_pre_t": 10, "mean_t": 12, "sd_pre_t": 3, "n_t": 20}
    control = {"mean_pre_c": 10, "mean_c": 11, "sd_pre_c": 3, "n_c": 20}
    with pytest.raises(DataError) as caught:
        effect(pd.DataFrame([{"study": "a", **before, **control}]), "smd")
    said = str(caught.value)
    assert "route change_scores lacks sd_change_t and sd_change_c" in said
    assert "r_t and r_c (or r for both arms)" in said
    assert "chi2" not in said  # the sign from the means says nothing of which test was meant


def test_geometric_means_with_intervals():
    geo = {"geo_mean_t": 10.0, "n_t": 20, "geo_mean_c": 8.0, "sd_log_c": 0.35, "n_c": 20}
    half = 2.093024054408263 * 0.3 / np.sqrt(20)
    limits = {"ci_low_t": 10 * np.exp(-half), "ci_high_t": 10 * np.exp(half)}
    table = pd.DataFrame([{"study": "a", **geo, **limits}])
    wanted = effect(pd.DataFrame([{"study": "a", **geo, "sd_log_t": 0.3}]), "rom")
    assert effect(table, "rom") == pytest.approx(wanted, rel=1e-9)
    with pytest.raises(DataError, match="no route to 'vr'"):
        effect(table.assign(sd_c=2.0), "vr")  # limits of a geometric mean give no SD of scores


def test_one_group_with_the_p_of_a_paired_test():
    from scipy.special import stdtrit

    cells = {"study": "a", "mean_pre": 10.0, "mean_post": 12.0, "n": 25}
    by_p = pd.DataFrame([{**cells, "p": "0.01"}])
    by_t = pd.DataFrame([{**cells, "t": -stdtrit(24, 0.005)}])
    for measure in ("mean_change", "smcc"):
        assert effect(by_p, measure) == pytest.approx(effect(by_t, measure), rel=1e-12)
