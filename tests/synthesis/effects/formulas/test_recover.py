from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.effects.formulas import recover


def arrays(*values):
    return [np.array([float(value)]) for value in values]


def test_sd_from_se():
    assert recover.sd_from_se(*arrays(2.0, 25))[0] == 10.0


def test_sd_from_an_interval_by_t():
    # Handbook 6.5.2.2: n = 25, interval 30.0 to 34.2, t(24) = 2.0639: SD = 5 x 4.2/4.128 = 5.09.
    assert recover.sd_from_ci(*arrays(30.0, 34.2, 25, 0.95))[0] == pytest.approx(5.09, abs=0.005)


def test_sd_of_arms_as_in_the_handbook():
    # Handbook 6.5.2.3: MD 3.8, P = 0.008 with 25 and 22 people: t = 2.78, SE = 1.37, SD = 4.69.
    from synthesis.effects.formulas.conversions import t_from_p

    t = t_from_p(*arrays(0.008, 45, 1))
    se = 3.8 / t
    assert (round(float(t[0]), 2), round(float(se[0]), 2)) == (2.78, 1.37)
    assert recover.sd_of_arms(se, *arrays(25, 22))[0] == pytest.approx(4.69, abs=0.01)


@given(se=st.floats(0.01, 100), n=st.integers(2, 5000), level=st.sampled_from([0.9, 0.95, 0.99]))
def test_interval_and_standard_error_agree(se, n, level):
    from scipy.stats import t

    half = t.ppf((1 + level) / 2, n - 1) * se
    sd = recover.sd_from_ci(*arrays(5 - half, 5 + half, n, level))
    # 1e-9: near 5 the limits have lost digits to the subtraction.
    assert sd[0] == pytest.approx(recover.sd_from_se(*arrays(se, n))[0], rel=1e-9)


def test_se_from_ci_by_normal_and_by_t():
    low, high, level = arrays(-1.96, 1.96, 0.95)
    assert recover.se_from_ci(low, high, level)[0] == pytest.approx(1, rel=1e-4)
    by_t = recover.se_from_ci(low, high, level, np.array([10.0]))
    assert by_t[0] == pytest.approx(1.96 / 2.228139, rel=1e-6)
    unknown = recover.se_from_ci(low, high, level, np.array([np.nan]))
    assert unknown[0] == recover.se_from_ci(low, high, level)[0]


class TestQuantiles:
    """The formulas as printed, evaluated by hand with the normal quantiles of scipy.stats."""

    def test_range(self):
        from scipy.stats import norm

        mean, sd = recover.from_range(*arrays(1, 5, 11, 30))
        weight = 4 / (4 + 30**0.75)
        assert mean[0] == pytest.approx(weight * 6 + (1 - weight) * 5, rel=1e-14)
        assert sd[0] == pytest.approx(10 / (2 * norm.ppf(29.625 / 30.25)), rel=1e-12)

    def test_quartiles(self):
        from scipy.stats import norm

        mean, sd = recover.from_quartiles(*arrays(4, 6, 9, 40))
        weight = 0.7 + 0.39 / 40
        assert mean[0] == pytest.approx(weight * 6.5 + (1 - weight) * 6, rel=1e-14)
        assert sd[0] == pytest.approx(5 / (2 * norm.ppf(29.875 / 40.25)), rel=1e-12)

    def test_five_numbers(self):
        from scipy.stats import norm

        mean, sd = recover.from_five_numbers(*arrays(1, 4, 6, 9, 14, 40))
        w1, w2 = 2.2 / (2.2 + 40**0.75), 0.7 - 0.72 / 40**0.55
        assert mean[0] == pytest.approx(w1 * 7.5 + w2 * 6.5 + (1 - w1 - w2) * 6, rel=1e-14)
        weight = 1 / (1 + 0.07 * 40**0.6)
        by_range = 13 / (2 * norm.ppf(39.625 / 40.25))
        by_quartiles = 5 / (2 * norm.ppf(29.875 / 40.25))
        assert sd[0] == pytest.approx(weight * by_range + (1 - weight) * by_quartiles, rel=1e-12)

    @given(n=st.integers(20, 100_000))
    def test_a_normal_sample_gives_its_own_moments(self, n):
        # The expected order statistics of a standard normal, as Wan et al. approximate them.
        from scipy.stats import norm

        end, quarter = norm.ppf((n - 0.375) / (n + 0.25)), norm.ppf((0.75 * n - 0.125) / (n + 0.25))
        for estimate in (
            recover.from_range(*arrays(-end, 0, end, n)),
            recover.from_quartiles(*arrays(-quarter, 0, quarter, n)),
            recover.from_five_numbers(*arrays(-end, -quarter, 0, quarter, end, n)),
        ):
            assert estimate[0][0] == pytest.approx(0, abs=1e-12)
            assert estimate[1][0] == pytest.approx(1, rel=1e-10)

    @given(shift=st.floats(-100, 100), scale=st.floats(0.1, 100))
    def test_moving_and_stretching(self, shift, scale):
        summary = np.array([1.0, 4.0, 6.0, 9.0, 14.0])
        n = np.array([40.0])
        mean, sd = recover.from_five_numbers(*summary[:, None], n)
        moved = shift + scale * summary
        mean_moved, sd_moved = recover.from_five_numbers(*moved[:, None], n)
        assert mean_moved[0] == pytest.approx(shift + scale * mean[0], rel=1e-9, abs=1e-9)
        assert sd_moved[0] == pytest.approx(scale * sd[0], rel=1e-9)


def test_skewness():
    nothing = np.nan
    symmetric, skewed = (1, 4, 6, 8, 11), (1, 2, 3, 9, 40)
    for has_range, has_quartiles in ((True, True), (True, False), (False, True)):
        for summary, verdict in ((symmetric, False), (skewed, True)):
            low, q1, median, q3, high = summary
            ends = (low, high) if has_range else (nothing, nothing)
            quarters = (q1, q3) if has_quartiles else (nothing, nothing)
            result = recover.is_skewed(
                *arrays(ends[0], quarters[0], median, quarters[1], ends[1], 60)
            )
            assert result[0] == verdict


class TestSkewnessTest:
    """Shi et al. (2023) promise that one normal sample in twenty is called skewed, at any size."""

    SAMPLES = 20_000
    SUMMARIES = ("range", "quartiles", "five numbers")

    @staticmethod
    def summaries(samples):
        """Return the verdicts on samples of one size, by which summary is printed."""
        n = np.full(len(samples), float(samples.shape[1]))
        low, q1, median, q3, high = np.percentile(samples, [0, 25, 50, 75, 100], axis=1)
        none = np.full(len(samples), np.nan)
        return {
            "range": recover.is_skewed(low, none, median, none, high, n),
            "quartiles": recover.is_skewed(none, q1, median, q3, none, n),
            "five numbers": recover.is_skewed(low, q1, median, q3, high, n),
        }

    @pytest.mark.parametrize("n", [25, 51, 101, 201, 401])
    def test_normal_samples(self, n):
        verdicts = self.summaries(np.random.default_rng(n).standard_normal((self.SAMPLES, n)))
        for name in self.SUMMARIES:
            # 20,000 samples fix the share to 0.0015 (one standard error); the critical values are
            # themselves fitted curves, within 0.007 of the level at these sizes.
            assert verdicts[name].mean() == pytest.approx(0.05, abs=0.01), name

    def test_skewed_samples(self):
        verdicts = self.summaries(np.random.default_rng(1).exponential(size=(2_000, 401)))
        for name in self.SUMMARIES:
            assert verdicts[name].mean() > 0.95, name

    def test_a_skewness_at_the_critical_value_is_found_half_of_the_time(self):
        # The quartiles of an exponential are ln(4/3), ln 2 and ln 4 away from 0, which makes the
        # statistic ln(4/3)/ln 3 = 0.2619; the critical value at n = 101 is 0.2631.
        assert np.log(4 / 3) / np.log(3) == pytest.approx(2.65 / 101**0.5 - 6 / 101**2, abs=0.002)
        verdicts = self.summaries(np.random.default_rng(1).exponential(size=(2_000, 101)))
        # 2,000 samples fix a share of one half to 0.011 (one standard error).
        assert verdicts["quartiles"].mean() == pytest.approx(0.5, abs=0.04)

    def test_the_side_does_not_matter(self):
        samples = np.random.default_rng(1).exponential(size=(200, 60))
        for name, verdict in self.summaries(samples).items():
            np.testing.assert_array_equal(verdict, self.summaries(-samples)[name])


@given(sd_pre=st.floats(0.1, 100), sd_post=st.floats(0.1, 100), r=st.floats(-0.99, 0.99))
def test_correlation_and_sd_of_change_are_inverse(sd_pre, sd_post, r):
    sd_change = recover.change_sd(*arrays(sd_pre, sd_post, r))
    back = recover.correlation_of_change(*arrays(sd_pre, sd_post), sd_change)
    # The larger SD squared swamps the smaller: three digits of each are left at 1 to 1000.
    assert back[0] == pytest.approx(r, abs=1e-9)
