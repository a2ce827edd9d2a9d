"""One meta-analysis: identities, direct algebra, edge cases, every message."""

from __future__ import annotations

import math
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError, EstimationError, OptionError
from synthesis.pooling.engine.likelihood import log_likelihood
from synthesis.pooling.engine.tau2 import ESTIMATORS
from synthesis.pooling.engine.weighted import fit_at, intercept
from synthesis.pooling.model import meta_analysis

ROUNDING = 1e-12
"""Two orders of the same sums in double precision."""


def synthetic(k: int = 8, seed: int = 1) -> pd.DataFrame:
    """Synthetic effects, for tests only."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "study": [f"Study {place}" for place in range(k)],
            "yi": rng.normal(0.3, 0.4, k),
            "vi": rng.uniform(0.02, 0.2, k),
        }
    )


def effects(yi: list[float], vi: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"study": [f"S{i}" for i in range(len(yi))], "yi": yi, "vi": vi})


class TestIdentities:
    @pytest.mark.parametrize("tau2", list(ESTIMATORS))
    def test_changing_every_sign_turns_the_result_round(self, tau2: str) -> None:
        table = synthetic()
        fit, turned = (
            meta_analysis(one, tau2=tau2) for one in (table, table.assign(yi=-table["yi"]))
        )
        assert turned.estimate == pytest.approx(-fit.estimate, abs=ROUNDING)
        assert turned.ci == pytest.approx((-fit.ci[1], -fit.ci[0]), abs=ROUNDING)
        assert turned.tau2 == pytest.approx(fit.tau2, abs=ROUNDING)

    @pytest.mark.parametrize("tau2", list(ESTIMATORS))
    def test_the_unit_of_measurement_is_carried_through(self, tau2: str) -> None:
        table, unit = synthetic(), 60.0
        fit = meta_analysis(table, tau2=tau2)
        scaled = meta_analysis(
            table.assign(yi=unit * table["yi"], vi=unit**2 * table["vi"]), tau2=tau2
        )
        assert scaled.estimate == pytest.approx(unit * fit.estimate, rel=1e-9)
        assert scaled.tau2 == pytest.approx(unit**2 * fit.tau2, rel=1e-8)
        assert scaled.i2 == pytest.approx(fit.i2, rel=1e-8)
        assert scaled.p_value == pytest.approx(fit.p_value, rel=1e-8)

    def test_the_order_of_studies_does_not_matter(self) -> None:
        table = synthetic()
        fit, shuffled = meta_analysis(table), meta_analysis(table.sample(frac=1, random_state=3))
        assert shuffled.estimate == pytest.approx(fit.estimate, abs=ROUNDING)
        assert shuffled.weights["Study 2"] == pytest.approx(fit.weights["Study 2"], abs=1e-9)

    def test_matrix_algebra_gives_the_same(self) -> None:
        table = synthetic()
        y, v = table["yi"].to_numpy(), table["vi"].to_numpy()
        fit = meta_analysis(table, tau2="reml", ci="hksj")
        W = np.linalg.inv(np.diag(v) + fit.tau2 * np.eye(len(y)))
        X = np.ones((len(y), 1))
        inverse = np.linalg.inv(X.T @ W @ X)
        beta = inverse @ X.T @ W @ y
        scale = (y - X @ beta) @ W @ (y - X @ beta) / (len(y) - 1)
        assert fit.estimate == pytest.approx(beta[0], abs=ROUNDING)
        assert fit.std_error**2 == pytest.approx(scale * inverse[0, 0], abs=ROUNDING)
        P = W - W @ X @ inverse @ X.T @ W
        # The restricted score is zero at the estimate.
        assert y @ P @ P @ y == pytest.approx(np.trace(P), rel=1e-9)
        assert fit.tau2_se == pytest.approx(math.sqrt(2 / np.trace(P @ P)), rel=1e-9)
        sign, log_det = np.linalg.slogdet(np.linalg.inv(W))
        height = -0.5 * (
            (len(y) - 1) * math.log(2 * math.pi)
            + log_det
            + np.linalg.slogdet(X.T @ W @ X)[1]
            - np.linalg.slogdet(X.T @ X)[1]
            + y @ P @ y
        )
        assert sign == 1
        assert fit.log_likelihood == pytest.approx(height, abs=1e-10)

    def test_dersimonian_laird_in_two_steps_satisfies_its_equation(self) -> None:
        table = synthetic()
        y, v = table["yi"].to_numpy(), table["vi"].to_numpy()
        first = meta_analysis(table, tau2="dl").tau2
        w = 1 / (v + first)
        centre = (w * y).sum() / w.sum()
        q = (w * (y - centre) ** 2).sum()
        expected = (q - ((w * v).sum() - (w**2 * v).sum() / w.sum())) / (
            w.sum() - (w**2).sum() / w.sum()
        )
        assert meta_analysis(table, tau2="dl2").tau2 == pytest.approx(expected, abs=ROUNDING)

    def test_profile_intervals_end_where_the_likelihood_has_dropped(self) -> None:
        table = synthetic()
        y, v = table[["yi"]].to_numpy(), table[["vi"]].to_numpy()
        fit = meta_analysis(table, tau2="reml", ci="profile", tau2_ci="profile")
        assert fit.tau2_ci is not None
        drop = 3.841458820694124 / 2  # chi-squared(1), 95 percent
        top = fit.log_likelihood
        at_high = log_likelihood(np.array(fit.tau2_ci[1]), y, v, intercept(8), restricted=True)
        assert top is not None
        assert top - float(at_high[0]) == pytest.approx(drop, abs=1e-9)

        def best(effect: float) -> float:
            grid = np.linspace(0, 2, 200_001)
            w = 1 / (v + grid)
            return float((0.5 * np.log(w) - 0.5 * w * (y - effect) ** 2).sum(axis=0).max())

        ml = meta_analysis(table, tau2="ml", ci="profile")
        for limit in ml.ci:
            # The grid finds each profile to about its step squared.
            assert best(ml.estimate) - best(limit) == pytest.approx(drop, abs=1e-6)

    def test_a_known_tau2_is_used_as_given(self) -> None:
        table = synthetic()
        fit = meta_analysis(table, tau2=0.05, ci="wald")
        w = 1 / (table["vi"] + 0.05)
        assert fit.tau2 == 0.05
        assert fit.tau2_se is None
        assert fit.estimate == pytest.approx((w * table["yi"]).sum() / w.sum(), abs=ROUNDING)
        assert meta_analysis(table, **_again(fit)).estimate == fit.estimate

    def test_what_share_lies_beyond_a_threshold(self) -> None:
        fit = meta_analysis(synthetic(), tau2=0.04)
        assert fit.share_beyond(fit.estimate) == pytest.approx(50)
        assert fit.share_beyond(fit.estimate - 1.959963984540054 * 0.2) == pytest.approx(97.5)
        assert meta_analysis(synthetic(), model="common").share_beyond(-9) == 100


def _again(fit) -> dict:  # type: ignore[no-untyped-def,type-arg]
    choices = fit.choices
    return {
        "model": choices.model,
        "tau2": choices.tau2,
        "ci": choices.ci,
        "prediction": choices.prediction,
        "level": choices.level,
    }


class TestPredictionInterval:
    def test_each_convention(self) -> None:
        table = synthetic()
        wald = meta_analysis(table, ci="wald")
        own = wald.std_error
        t7, t6, z = 2.364624251592785, 2.446911851144969, 1.959963984540054

        def half(**options: str) -> float:
            fit = meta_analysis(table, **options)  # type: ignore[arg-type]
            assert fit.prediction_interval is not None
            low, high = fit.prediction_interval
            return (high - low) / 2

        hksj = meta_analysis(table, ci="hksj")
        spread = math.hypot
        tau = hksj.tau
        assert half(ci="hksj") == pytest.approx(t7 * spread(hksj.std_error, tau))
        assert half(ci="wald") == pytest.approx(z * spread(own, tau))
        assert half(ci="hksj", prediction="cochrane") == pytest.approx(t7 * spread(own, tau))
        assert half(ci="wald", prediction="cochrane") == pytest.approx(z * spread(own, tau))
        assert half(ci="hksj", prediction="higgins") == pytest.approx(t6 * spread(own, tau))
        assert half(ci="hksj", prediction="normal") == pytest.approx(z * spread(own, tau))

    def test_none_where_there_is_none(self) -> None:
        assert meta_analysis(synthetic(), model="common").prediction_interval is None
        assert meta_analysis(synthetic(), prediction="none").prediction_interval is None
        assert meta_analysis(synthetic(2), prediction="higgins").prediction_interval is None


class TestWhereOthersBreak:
    def test_one_study_is_itself(self) -> None:
        fit = meta_analysis(effects([0.5], [0.04]))
        assert (fit.estimate, fit.std_error, fit.tau2, fit.q) == (0.5, 0.2, 0.0, 0.0)
        assert fit.ci == pytest.approx((0.5 - 1.959963984540054 * 0.2, 0.5 + 0.39199279690801))
        assert fit.ci_method == "wald"
        assert fit.tau2_ci is None
        assert math.isnan(fit.i2)
        assert "nothing is pooled" in fit.notes[0]
        assert "1 study" in str(fit)

    def test_two_studies(self) -> None:
        fit = meta_analysis(effects([0.1, 0.5], [0.04, 0.09]))
        assert fit.df == 1
        assert all(math.isfinite(limit) for limit in fit.ci)

    def test_identical_effects_have_no_hartung_knapp_interval(self) -> None:
        table = effects([0.3] * 4, [0.01, 0.02, 0.03, 0.04])
        with pytest.raises(EstimationError) as caught:
            meta_analysis(table)
        assert str(caught.value) == (
            "ci='hksj' has no width here: all 4 effects equal 0.3, and this interval is scaled by "
            "how far they differ. Use ci='wald' or ci='hksj_modified'."
        )
        for ci in ("wald", "hksj_modified", "wald_t", "profile"):
            fit = meta_analysis(table, ci=ci)
            assert fit.tau2 == 0
            assert fit.estimate == pytest.approx(0.3)
            assert fit.tau2_ci == (0.0, 0.0)

    @pytest.mark.parametrize("tau2", list(ESTIMATORS))
    def test_variances_over_eighteen_decades(self, tau2: str) -> None:
        table = effects([0.1, 0.3, -0.2, 0.4], [1e-12, 1e-3, 1.0, 1e6])
        fit = meta_analysis(table, tau2=tau2)
        for value in (fit.estimate, fit.std_error, fit.tau2, fit.q, fit.i2, *fit.ci):
            assert math.isfinite(value)

    def test_one_huge_study_keeps_the_score_exact(self) -> None:
        w = [10**12, 1, 1]
        exact = Fraction(sum(w)) - Fraction(sum(weight * weight for weight in w), sum(w))
        v = np.array([[1e-12], [1.0], [1.0]])
        trace = fit_at(0.0, np.zeros((3, 1)), v, intercept(3)).trace()[0]
        assert trace == pytest.approx(float(exact), rel=1e-14)

    def test_an_unbounded_likelihood_is_met_at_zero(self) -> None:
        # Effects closer together than their errors: the likelihood falls from tau2 = 0 on.
        fit = meta_analysis(effects([0.1, 0.1001, 0.0999], [0.5, 0.4, 0.3]))
        assert fit.tau2 == 0.0
        assert "narrower than the Wald-type" in fit.notes[0]

    def test_the_higher_of_two_peaks_is_found(self) -> None:
        # Few synthetic studies of very unequal precision, where likelihoods do have two peaks.
        worst = 0.0
        for seed in range(200):
            rng = np.random.default_rng(seed)
            k = int(rng.integers(2, 6))
            y = rng.normal(0, 1, (k, 1))
            v = 10.0 ** rng.uniform(-4, 1, (k, 1))
            design = intercept(k)
            found = ESTIMATORS["reml"](y, v, design)[0]
            top = log_likelihood(found, y, v, design, restricted=True)[0]
            grid = np.concatenate([[0.0], np.geomspace(1e-7, 1e3, 4000)])
            many = log_likelihood(grid, np.tile(y, 4001), np.tile(v, 4001), design, restricted=True)
            worst = max(worst, float(many.max() - top))
        assert worst <= 1e-10  # no point of a fine grid lies higher

    @pytest.mark.parametrize("estimator", ["reml", "ml"])
    def test_an_estimate_does_not_depend_on_the_company_of_an_analysis(
        self, estimator: str
    ) -> None:
        # Synthetic. The first likelihood has a peak at 0 and a higher one, at metafor's tau2.
        y = np.array([-0.260163493567266, 0.28560079905860336, -0.3077468496563394])
        y = np.append(y, [0.01869320015382595, 0.6333166105809906])
        v = np.array([0.057063523713764934, 0.09259793011764397, 0.07028457876308275])
        v = np.append(v, [0.0046332715607551945, 0.10447661840059748])
        rng = np.random.default_rng(3)
        many_v = np.column_stack([v, 10.0 ** rng.uniform(-5, 5, (5, 300))])
        many_y = np.column_stack([y, rng.normal(0, np.sqrt(many_v[:, 1:]))])
        together = ESTIMATORS[estimator](many_y, many_v, intercept(5))[0]
        alone = [
            ESTIMATORS[estimator](many_y[:, [i]], many_v[:, [i]], intercept(5))[0][0]
            for i in range(301)
        ]
        # Newton's last step is below 1e-6 of tau2 and leaves its square; sums in another order
        # of memory differ in their last digits.
        assert together == pytest.approx(np.array(alone), rel=1e-10, abs=1e-12)
        if estimator == "reml":
            assert together[0] == pytest.approx(0.02141468971, abs=1e-10)


class TestWhatIsLeftOut:
    def test_it_is_listed_with_the_reason(self) -> None:
        table = effects([0.1, np.nan, 0.3, 0.2], [0.04, 0.04, np.nan, 0.05])
        fit = meta_analysis(table)
        assert fit.k == 2
        assert fit.excluded.to_dict("list") == {
            "study": ["S1", "S2"],
            "reason": ["yi is blank", "vi is blank"],
        }
        assert fit.notes[0] == "2 studies not pooled: S1 (yi is blank), S2 (vi is blank)."
        assert str(fit).splitlines()[:2] == [fit.sentence(), f"  Note: {fit.notes[0]}"]

    def test_the_reason_that_effect_sizes_gave_is_kept(self) -> None:
        table = effects([0.1, np.nan], [0.04, np.nan]).assign(reason=[None, "the p-value is 'NS'"])
        assert meta_analysis(table).excluded["reason"].tolist() == ["the p-value is 'NS'"]

    def test_repeated_labels_are_numbered(self) -> None:
        table = effects([0.1, 0.2, 0.3], [0.04] * 3).assign(study=["Hogg", "Aspy", "Hogg"])
        fit = meta_analysis(table, ci="wald")
        assert fit.weights.index.tolist() == ["Hogg (1)", "Aspy", "Hogg (2)"]
        assert "More than one row is labelled 'Hogg'" in fit.notes[0]

    def test_numbers_pass_over_labels_that_are_taken(self) -> None:
        table = effects([0.1, 0.2, 0.3], [0.04] * 3).assign(study=["Hogg", "Hogg", "Hogg (1)"])
        fit = meta_analysis(table, ci="wald")
        assert fit.weights.index.tolist() == ["Hogg (2)", "Hogg (3)", "Hogg (1)"]


class TestMessages:
    @pytest.mark.parametrize(
        ("change", "options", "error", "message"),
        [
            (
                {"vi": [0.1, 0.0, -0.2]},
                {},
                DataError,
                "vi must be > 0; got 0.0 for study 'S1', -0.2 for study 'S2'.",
            ),
            (
                {"yi": [0.1, "n/a", 0.2]},
                {},
                DataError,
                "yi: every cell must be a number; got 'n/a' for study 'S1'.",
            ),
            (
                {"yi": [0.1, np.inf, 0.2]},
                {},
                DataError,
                "yi must be finite; got inf for study 'S1'.",
            ),
            (
                {"yi": [np.nan] * 3},
                {},
                DataError,
                "no study left to pool: every row is incomplete (S0 (yi is blank), S1 (yi is "
                "blank), S2 (yi is blank)).",
            ),
            (
                {},
                {"yi": "effect"},
                DataError,
                "yi: the table has no column 'effect'; it has study, yi, vi.",
            ),
            (
                {},
                {"study": "Study"},
                DataError,
                "study: the table has no column 'Study'; it has study, yi, vi. Did you mean "
                "'study'?",
            ),
            (
                {"measure": ["smd", "md", "smd"]},
                {},
                DataError,
                "measure: the rows have different measures ('smd', 'md'), which cannot be pooled "
                "together. Pool each separately, or convert them to one measure.",
            ),
            (
                {},
                {"tau2": "remle"},
                OptionError,
                "tau2 must be one of 'reml', 'dl', 'pm', 'ml', 'eb', 'sj', 'he', 'hs', 'hs_k', "
                "'dl2', 'pm_median'; got 'remle'. Did you mean 'reml'?",
            ),
            (
                {},
                {"tau2": -0.1},
                OptionError,
                "tau2 given as a number must be >= 0 and finite; got -0.1.",
            ),
            (
                {},
                {"ci": "knha"},
                OptionError,
                "ci must be one of 'hksj', 'hksj_modified', 'wald', 'wald_t', 'profile'; got "
                "'knha'.",
            ),
            (
                {},
                {"model": "fixed"},
                OptionError,
                "model must be one of 'random', 'common'; got 'fixed'.",
            ),
            (
                {},
                {"level": 95},
                OptionError,
                "level must lie between 0 and 1, as 0.95 does; got 95. For 95 percent write 0.95.",
            ),
        ],
    )
    def test_each(self, change, options, error, message) -> None:  # type: ignore[no-untyped-def]
        table = effects([0.1, 0.2, 0.3], [0.1, 0.1, 0.1]).assign(**change)
        with pytest.raises(error) as caught:
            meta_analysis(table, **options)
        assert str(caught.value) == message

    def test_an_empty_table(self) -> None:
        with pytest.raises(DataError, match="no study left to pool: no rows"):
            meta_analysis(effects([], []))


class TestDisplay:
    def test_table_sentence_and_page_print_the_same_numbers(self) -> None:
        fit = meta_analysis(synthetic(), measure="smd")
        low, high = fit.ci
        assert f"SMD {fit.estimate:.2f}, 95% CI {low:.2f} to {high:.2f}" in fit.sentence()
        assert f"{fit.estimate:.2f} [{low:.2f}, {high:.2f}]" in fit._repr_html_()
        assert fit.to_frame()["estimate"].item() == fit.estimate
        assert fit.study_frame()["weight"].sum() == pytest.approx(100)

    def test_p_values_of_the_studies_are_those_of_their_intervals(self) -> None:
        """A study whose interval ends at zero has a p-value of one minus the level."""
        z = NormalDist().inv_cdf(0.95)
        fit = meta_analysis(effects([0.3 * z, -0.3 * z, 0.0], [0.09] * 3), level=0.90)
        p = fit.study_frame()["p_value"]
        assert p.tolist() == pytest.approx([0.10, 0.10, 1.0], rel=1e-12)  # inverse and back

    def test_ratios_are_read_as_ratios(self) -> None:
        table = effects([math.log(0.5), math.log(0.8)], [0.04, 0.04])
        fit = meta_analysis(table, measure="rr", ci="wald")
        assert f"RR {math.exp(fit.estimate):.2f}" in str(fit)
        assert "On the scale of analysis" in fit._repr_html_()

    def test_labels_reach_a_page_escaped(self) -> None:
        table = effects([0.1, 0.2], [0.1, 0.1]).assign(study=["<script>", "<script>"])
        page = meta_analysis(table, ci="wald")._repr_html_()
        assert "<script>" not in page
        assert "&lt;script&gt;" in page
