"""Three-level models against metafor, against dense matrix algebra, and against themselves.

`dependent_effects.json` holds metafor's values optimised as far as double precision allows: the
log-likelihood is then known to about 1e-14, and the variances at its top to about 1e-8. All are
compared at 1e-7, relative to the larger of 1 and the value. The data in `synthetic` are invented.
"""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import chi2

from arrowroot.errors import DataError, EstimationError, OptionError
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.multilevel.blocks import BlockCovariance, Blocks
from synthesis.pooling.multilevel.three_level import three_level

REFERENCE = Path(__file__).parents[3] / "validation" / "metafor" / "models"
METAFOR = json.loads((REFERENCE / "dependent_effects.json").read_text())
MODERATORS = {"konstantopoulos2011": "~ I(year - 1990)", "assink2016": "~ deltype"}
DATA = {name: pd.read_csv(REFERENCE / f"{name}.csv") for name in MODERATORS}
CASES = {
    "reml": {},
    "reml_t": {"test": "t"},
    "ml": {"method": "ml"},
    "reg": {"formula": "moderators"},
    "reg_t": {"formula": "moderators", "test": "t"},
    "reg_ml": {"formula": "moderators", "method": "ml"},
    "che": {"rho": 0.6},
    "che_ml": {"rho": 0.6, "method": "ml"},
    "che_reg": {"rho": 0.6, "formula": "moderators"},
}
COLUMNS = {
    "estimate": "estimate",
    "se": "std_error",
    "stat": "statistic",
    "p": "p_value",
    "ci_low": "ci_low",
    "ci_high": "ci_high",
}


def close(ours: Any, theirs: Any, tolerance: float = 1e-7) -> None:
    ours, theirs = np.atleast_1d(ours).astype(float), np.atleast_1d(theirs).astype(float)
    assert ours.shape == theirs.shape
    assert np.all(np.abs(ours - theirs) <= tolerance * np.maximum(1, np.abs(theirs)))


def fitted(name: str, case: str) -> Any:
    options = dict(CASES[case])
    if "formula" in options:
        options["formula"] = MODERATORS[name]
    return three_level(DATA[name], cluster="cluster", effect="effect", **options)


@pytest.fixture
def synthetic() -> pd.DataFrame:
    """Twelve invented effects in five clusters of unequal size, in no order."""
    random = np.random.default_rng(20)
    cluster = np.array(list("bacabdeabbcd"))
    shift = dict(zip("abcde", random.normal(0, 0.8, 5), strict=True))
    return pd.DataFrame(
        {
            "cluster": cluster,
            "yi": [shift[one] for one in cluster] + random.normal(0.3, 0.6, 12),
            "vi": random.uniform(0.02, 0.3, 12),
            "dose": random.normal(size=12),
        }
    )


class Dense:
    """The model written out with K by K matrices, as the textbooks have it."""

    def __init__(self, table: pd.DataFrame, design: np.ndarray, rho: float) -> None:
        same = table["cluster"].to_numpy()[:, None] == table["cluster"].to_numpy()[None, :]
        self.y, self.v, self.X, self.rho = (
            table["yi"].to_numpy(),
            table["vi"].to_numpy(),
            design,
            rho,
        )
        self.by = (same.astype(float), np.eye(len(table)))

    def covariance(self, sigma2: Any) -> np.ndarray:
        roots = np.sqrt(self.v)
        sampling = np.diag((1 - self.rho) * self.v) + self.rho * self.by[0] * np.outer(roots, roots)
        return np.asarray(sampling + sigma2[0] * self.by[0] + sigma2[1] * self.by[1])

    def projection(self, sigma2: Any) -> np.ndarray:
        W = np.linalg.inv(self.covariance(sigma2))
        return np.asarray(W - W @ self.X @ np.linalg.inv(self.X.T @ W @ self.X) @ self.X.T @ W)

    def log_likelihood(self, sigma2: Any, *, restricted: bool) -> float:
        V, P, X = self.covariance(sigma2), self.projection(sigma2), self.X
        k, p = X.shape
        value = np.linalg.slogdet(V)[1] + self.y @ P @ self.y
        if restricted:
            value += np.linalg.slogdet(X.T @ np.linalg.inv(V) @ X)[1]
            value -= np.linalg.slogdet(X.T @ X)[1]
        return float(-((k - p * restricted) * np.log(2 * np.pi) + value) / 2)

    def score(self, sigma2: Any, *, restricted: bool) -> np.ndarray:
        P = self.projection(sigma2)
        inside = P if restricted else np.linalg.inv(self.covariance(sigma2))
        return np.array([(self.y @ P @ D @ P @ self.y - np.trace(inside @ D)) / 2 for D in self.by])


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("case", CASES)
class TestAgainstMetafor:
    def test_coefficients(self, name: str, case: str) -> None:
        fit, theirs = fitted(name, case), METAFOR[name][case]
        for key, column in COLUMNS.items():
            close(fit.coefficients[column], theirs[key])

    def test_variances_and_likelihood(self, name: str, case: str) -> None:
        fit, theirs = fitted(name, case), METAFOR[name][case]
        close([fit.sigma2["cluster"], fit.sigma2["effect"]], theirs["sigma2"])
        close(fit.log_likelihood, theirs["loglik"], 1e-10)
        # Rounding in metafor's dense algebra is about 1e-13; below it no optimum can be higher.
        assert fit.log_likelihood >= theirs["loglik"] - 1e-12

    def test_heterogeneity(self, name: str, case: str) -> None:
        fit, theirs = fitted(name, case), METAFOR[name][case]
        close(fit.q, theirs["Q"], 1e-10)
        # Q near 600 leaves 1e-13 of it to rounding, and p ~ exp(-Q/2) multiplies that by Q/2.
        assert_allclose(fit.q_p_value, theirs["Q_p"], rtol=1e-10)
        close([fit.i2[key] for key in theirs["i2"]], list(theirs["i2"].values()))

    def test_reference_distribution(self, name: str, case: str) -> None:
        fit, theirs = fitted(name, case), METAFOR[name][case]
        if "t" in case.split("_"):
            close(fit.coefficients["df"], theirs["ddf"], 0)
        else:
            assert fit.coefficients["df"].isna().all()
        if "reg" in case:
            assert fit.prediction_interval is None
            close(fit.q_m, theirs["QM"])
            close(fit.q_m_p_value, theirs["QM_p"])
            close(fit.q_m_df, [df for df in theirs["QM_df"] if df is not None], 0)
        else:
            close(fit.prediction_interval, [theirs["pi_low"], theirs["pi_high"]])
            close([fit.estimate, fit.std_error, fit.p_value], fit.coefficients.iloc[0, [0, 1, 4]])


@pytest.mark.parametrize("name", DATA)
class TestWhereMetaforStopsEarly:
    """metafor's default thresholds stop a hair below the top: ours must be at least as high."""

    @pytest.mark.parametrize("key", ["three_level_REML", "three_level_ML", "three_level_reg_REML"])
    def test_likelihood_is_at_least_as_high(self, name: str, key: str) -> None:
        theirs = json.loads((REFERENCE / f"{name}.json").read_text())[key]
        options: dict[str, Any] = {"method": key.rsplit("_", 1)[1].lower()}
        if "reg" in key:
            options["formula"] = {"konstantopoulos2011": "~ year"}.get(name, MODERATORS[name])
        fit = three_level(DATA[name], cluster="cluster", **options)
        # With raw years X'X is nearly singular, and metafor's log|X'X| is good to 1e-10 only.
        assert fit.log_likelihood >= theirs["loglik"] - 1e-9
        estimates, errors = fit.coefficients["estimate"], fit.coefficients["std_error"]
        # Variances 1e-5 off, which is where metafor stops, move an estimate by 1e-5 of its error.
        assert np.all(np.abs(estimates - theirs["estimate"]) <= 1e-5 * errors)
        assert_allclose(errors, theirs["se"], rtol=1e-5)

    def test_profile_intervals(self, name: str) -> None:
        theirs = json.loads((REFERENCE / f"{name}.json").read_text())["sigma2_ci_PL"]
        ours = three_level(DATA[name], cluster="cluster").profile_intervals()
        for which, limits in ours.items():
            # metafor stops its root search up to 5e-4 of the limit early by default; see below.
            assert_allclose(limits, theirs[which][1:], rtol=1e-3)


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize(
    ("key", "options"),
    [("profile", {}), ("profile_ml", {"method": "ml"}), ("profile_che", {"rho": 0.6})],
)
def test_profile_intervals_are_metafors(name: str, key: str, options: dict[str, Any]) -> None:
    fit = three_level(DATA[name], cluster="cluster", **options)
    # Both search the root to the last digits; the likelihood's own rounding leaves about 1e-12.
    for which, limits in fit.profile_intervals().items():
        assert_allclose(limits, METAFOR[name][key][which], rtol=1e-9)


@pytest.mark.parametrize("rho", [0.0, 0.7])
@pytest.mark.parametrize("method", ["reml", "ml"])
@pytest.mark.parametrize("formula", ["~ 1", "~ dose"])
class TestAgainstMatrixAlgebra:
    """Tolerance 1e-10: both sides are a few hundred operations in double precision."""

    def dense(self, table: pd.DataFrame, formula: str, rho: float) -> Dense:
        columns = [np.ones(len(table))] + ([table["dose"]] if "dose" in formula else [])
        return Dense(table, np.column_stack(columns), rho)

    def test_fit(self, synthetic: pd.DataFrame, formula: str, method: str, rho: float) -> None:
        fit = three_level(synthetic, cluster="cluster", formula=formula, method=method, rho=rho)
        dense = self.dense(synthetic, formula, rho)
        sigma2 = (fit.sigma2["cluster"], fit.sigma2["effect"])
        restricted = method == "reml"
        W = np.linalg.inv(dense.covariance(sigma2))
        covariance = np.linalg.inv(dense.X.T @ W @ dense.X)
        assert_allclose(fit.covariance, covariance, rtol=1e-10)
        estimates = covariance @ dense.X.T @ W @ dense.y
        assert_allclose(fit.coefficients["estimate"], estimates, rtol=1e-10)
        height = dense.log_likelihood(sigma2, restricted=restricted)
        assert_allclose(fit.log_likelihood, height, rtol=1e-10)
        assert_allclose(fit.q, dense.y @ dense.projection((0, 0)) @ dense.y, rtol=1e-10)
        typical = (12 - dense.X.shape[1]) / np.trace(dense.projection((0, 0)))
        assert_allclose(fit.i2["total"], 100 * sum(sigma2) / (sum(sigma2) + typical), rtol=1e-10)

    def test_the_top_is_a_top(
        self, synthetic: pd.DataFrame, formula: str, method: str, rho: float
    ) -> None:
        fit = three_level(synthetic, cluster="cluster", formula=formula, method=method, rho=rho)
        dense = self.dense(synthetic, formula, rho)
        sigma2 = np.array([fit.sigma2["cluster"], fit.sigma2["effect"]])
        score = dense.score(sigma2, restricted=method == "reml")
        # Inside, the slope is rounding; on the edge the likelihood falls away from it.
        assert np.all(np.where(sigma2 > 0, np.abs(score) < 1e-9, score <= 0))
        grid = [0.0, *np.geomspace(1e-4, 20, 25)]
        highest = max(
            dense.log_likelihood((a, b), restricted=method == "reml") for a in grid for b in grid
        )
        assert fit.log_likelihood >= highest

    def test_profile_interval_is_where_the_profile_crosses(
        self, synthetic: pd.DataFrame, formula: str, method: str, rho: float
    ) -> None:
        from scipy.optimize import minimize_scalar

        fit = three_level(synthetic, cluster="cluster", formula=formula, method=method, rho=rho)
        dense = self.dense(synthetic, formula, rho)
        for place, which in enumerate(("cluster", "effect")):
            for limit in fit.sigma2_ci(which):
                if limit == 0:
                    continue

                def depth(other: float, place: int = place, limit: float = limit) -> float:
                    pair = (limit, other) if place == 0 else (other, limit)
                    return -dense.log_likelihood(pair, restricted=method == "reml")

                best = minimize_scalar(depth, bounds=(0, 20), options={"xatol": 1e-9})
                drop = 2 * (fit.log_likelihood + min(best.fun, depth(0.0)))
                assert_allclose(drop, chi2.ppf(0.95, 1), rtol=1e-8)


@pytest.mark.parametrize(
    ("seed", "higher", "lower"),
    [
        (110, (0.806067, 0.023523), (0.0, 0.54891)),
        (214, (0.057859, 0.100899), (0.0, 0.149829)),
        (267, (1.309222, 0.514613), (2.709097, 0.0)),
    ],
)
def test_the_higher_of_two_peaks_is_found(
    seed: int, higher: tuple[float, float], lower: tuple[float, float]
) -> None:
    """Invented effects of very different precision, whose likelihoods have two peaks."""
    random = np.random.default_rng(seed)
    variances = 10 ** random.uniform(-5, 1, 8).round(1)
    table = pd.DataFrame(
        {"cluster": list("aabbccdd"), "yi": random.normal(0, 1, 8).round(2), "vi": variances}
    )
    dense = Dense(table, np.ones((8, 1)), 0.0)
    score = dense.score(lower, restricted=True)
    # The lower peak, given to six digits, is one: flat inside, falling on the edge.
    assert np.all((np.abs(score) < 1e-3) | ((np.array(lower) == 0) & (score < 0)))
    fit = three_level(table, cluster="cluster")
    assert_allclose(list(fit.sigma2.values()), higher, atol=1e-6)
    assert fit.log_likelihood > dense.log_likelihood(lower, restricted=True)


@pytest.mark.parametrize("seed", range(40))
def test_every_start_leads_to_a_top(seed: int) -> None:
    """Invented effects whose variances span eight powers of ten, from every corner of a grid."""
    random = np.random.default_rng(seed)
    k = int(random.integers(5, 25))
    codes = np.arange(k) % max(2, k // 3)
    table = pd.DataFrame(
        {
            "cluster": codes,
            "yi": random.normal(0, 1, k)
            + 10 ** random.uniform(-3, 1) * random.normal(size=k)[codes],
            "vi": 10 ** random.uniform(-6, 2, k),
        }
    )
    fit = three_level(table, cluster="cluster", rho=(0.0, 0.5, 0.9)[seed % 3])
    peak = fit._peak
    edge = peak.sigma2 == 0
    # The slope times the variance is a log-likelihood: its rounding is 1e-12 at most.
    assert np.all(np.where(edge, peak.gradient <= 0, np.abs(peak.gradient * peak.sigma2) < 1e-9))
    for which, (low, high) in fit.profile_intervals().items():
        assert low <= fit.sigma2[which] < high


@pytest.mark.parametrize("rho", [0.0, 0.6])
@pytest.mark.parametrize(("cluster", "effect"), [(0.3, 0.1), (0, 0.1), (0.3, 0), (0, 0)])
def test_block_covariance_is_the_dense_one(cluster: float, effect: float, rho: float) -> None:
    random = np.random.default_rng(4)
    sizes = np.array([3, 1, 5, 2])
    v = random.uniform(0.01, 0.5, 11)
    covariance = BlockCovariance(Blocks(v, sizes, rho), cluster, effect)
    codes = np.repeat(np.arange(4), sizes)
    same = codes[:, None] == codes[None, :]
    V = np.diag((1 - rho) * v + effect) + same * (cluster + rho * np.sqrt(np.outer(v, v)))
    inverse, whitening = np.linalg.inv(V), covariance.whiten(np.eye(11))
    assert_allclose(whitening @ V @ whitening.T, np.eye(11), atol=1e-12)
    assert_allclose(covariance.unwhiten(whitening), inverse, atol=1e-10)
    assert_allclose(covariance.log_determinant, np.linalg.slogdet(V)[1], rtol=1e-12)
    assert_allclose(covariance.trace_inverse(), np.trace(inverse), rtol=1e-12)
    assert_allclose(covariance.trace_inverse_squared(), np.trace(inverse @ inverse), rtol=1e-12)


class TestInvariance:
    """What must not matter does not, to 1e-9: the order of sums and a few Newton steps."""

    def test_sign(self, synthetic: pd.DataFrame) -> None:
        one = three_level(synthetic, cluster="cluster")
        other = three_level(synthetic.assign(yi=-synthetic["yi"]), cluster="cluster")
        assert_allclose(other.estimate, -one.estimate, rtol=1e-9)
        assert_allclose(list(other.sigma2.values()), list(one.sigma2.values()), rtol=1e-9)

    def test_order_and_names(self, synthetic: pd.DataFrame) -> None:
        one = three_level(synthetic, cluster="cluster", formula="~ dose", rho=0.5)
        shuffled = synthetic.sample(frac=1, random_state=1)
        named = shuffled.assign(
            cluster=shuffled["cluster"].map(dict(zip("abcde", range(9, 4, -1), strict=True)))
        )
        other = three_level(named, cluster="cluster", formula="~ dose", rho=0.5)
        pd.testing.assert_frame_equal(other.coefficients, one.coefficients, rtol=1e-9)
        assert other.n_clusters == one.n_clusters == 5

    def test_rows_keep_their_order(self, synthetic: pd.DataFrame) -> None:
        fit = three_level(synthetic, cluster="cluster", formula="~ dose")
        assert_allclose(fit.studies["yi"], synthetic["yi"], rtol=0)
        assert_allclose(fit.design["dose"], synthetic["dose"], rtol=0)

    @pytest.mark.parametrize("scale", [1e-6, 1e6])
    def test_scale(self, synthetic: pd.DataFrame, scale: float) -> None:
        one = three_level(synthetic, cluster="cluster")
        scaled = synthetic.assign(yi=synthetic["yi"] * scale, vi=synthetic["vi"] * scale**2)
        other = three_level(scaled, cluster="cluster")
        assert_allclose(other.estimate, one.estimate * scale, rtol=1e-9)
        for which in ("cluster", "effect"):
            assert_allclose(other.sigma2[which], one.sigma2[which] * scale**2, rtol=1e-9)
            wide = np.array(one.sigma2_ci(which)) * scale**2
            assert_allclose(other.sigma2_ci(which), wide, rtol=1e-8)

    def test_origin(self, synthetic: pd.DataFrame) -> None:
        one = three_level(synthetic, cluster="cluster")
        other = three_level(synthetic.assign(yi=synthetic["yi"] + 1e6), cluster="cluster")
        # Effects near a million are themselves known to 1e-10 only.
        assert_allclose(other.sigma2["effect"], one.sigma2["effect"], rtol=1e-8)

    def test_no_variance_between_clusters_is_a_meta_analysis(self, synthetic: pd.DataFrame) -> None:
        """Where the variance between clusters is 0, the rest is the two-level model."""
        level = synthetic.assign(
            yi=synthetic["yi"] - synthetic.groupby("cluster")["yi"].transform("mean"),
            study=range(12),
        )
        fit = three_level(level, cluster="cluster")
        flat = meta_analysis(level, ci="wald")
        assert fit.sigma2["cluster"] == 0
        assert_allclose(fit.sigma2["effect"], flat.tau2, rtol=1e-9)
        assert_allclose(fit.ci, flat.ci, rtol=1e-9)
        assert_allclose(fit.log_likelihood, flat.log_likelihood, rtol=1e-9)
        assert_allclose(fit.i2["total"], flat.i2, rtol=1e-9)
        assert any("level 'cluster' is estimated as exactly 0" in note for note in fit.notes)
        assert fit.sigma2_ci("cluster")[0] == 0


class TestEdges:
    """Finite answers where others break; NumPy warnings are errors throughout."""

    @pytest.mark.parametrize("rho", [0.0, 0.6])
    @pytest.mark.parametrize(
        "variances", [(1e-12, 1e-12), (1e6, 1e6), (1e-12, 1.0), (1.0, 1e6), (1e-12, 1e6)]
    )
    def test_extreme_variances(
        self, synthetic: pd.DataFrame, variances: tuple[float, float], rho: float
    ) -> None:
        fit = three_level(synthetic.assign(vi=list(variances) * 6), cluster="cluster", rho=rho)
        assert np.isfinite(fit.to_frame().drop(columns=["term", "df"]).to_numpy(float)).all()
        assert 0 <= fit.i2["total"] <= 100
        for low, high in fit.profile_intervals().values():
            assert 0 <= low < high < np.inf

    def test_one_huge_study_far_away(self, synthetic: pd.DataFrame) -> None:
        huge = synthetic.assign(vi=synthetic["vi"].where(synthetic.index > 0, 1e-12))
        near, far = (
            three_level(huge.assign(yi=huge["yi"] + shift), cluster="cluster")
            for shift in (0.0, 1e3)
        )
        assert_allclose(far.estimate - 1e3, near.estimate, rtol=1e-9)

    def test_identical_effects(self, synthetic: pd.DataFrame) -> None:
        fit = three_level(synthetic.assign(yi=0.3), cluster="cluster")
        assert fit.sigma2 == {"cluster": 0.0, "effect": 0.0}
        assert_allclose(fit.estimate, 0.3, rtol=1e-12)
        assert fit.i2 == {"total": 0.0, "cluster": 0.0, "effect": 0.0}
        assert_allclose(fit.std_error, np.sqrt(1 / (1 / synthetic["vi"]).sum()), rtol=1e-12)

    def test_mostly_clusters_of_one(self, synthetic: pd.DataFrame) -> None:
        table = synthetic.assign(cluster=[0, 0, *range(1, 11)])
        fit = three_level(table, cluster="cluster")
        dense = Dense(table, np.ones((12, 1)), 0.0)
        sigma2 = (fit.sigma2["cluster"], fit.sigma2["effect"])
        assert_allclose(
            fit.log_likelihood, dense.log_likelihood(sigma2, restricted=True), rtol=1e-10
        )

    def test_memory_grows_with_the_effects_not_their_square(self) -> None:
        random = np.random.default_rng(1)
        k = 5000
        table = pd.DataFrame(
            {"cluster": random.integers(0, 400, k), "yi": random.normal(size=k), "vi": 0.1}
        )
        three_level(table.head(50), cluster="cluster")
        tracemalloc.start()
        three_level(table, cluster="cluster")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        # A single K by K matrix would take 200 MB.
        assert peak < 20e6


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "options", "error", "message"),
        [
            ({"vi": [0.0, *[0.1] * 11]}, {}, DataError, r"vi must be > 0; got 0.0 for study 'b \("),
            ({"vi": [-1.0, *[0.1] * 11]}, {}, DataError, "vi must be > 0; got -1.0"),
            ({"vi": ["x", *[0.1] * 11]}, {}, DataError, "every cell must be a number; got 'x'"),
            ({"cluster": [None, *"acabdeabbcd"]}, {}, DataError, "blank in row 1. Complete it"),
            ({"cluster": ["  ", *"acabdeabbcd"]}, {}, DataError, "blank in row 1"),
            ({"cluster": "a"}, {}, EstimationError, "all 12 effects belong to one cluster, 'a'"),
            ({"cluster": range(12)}, {}, EstimationError, "every cluster has only one effect"),
            ({"yi": np.nan}, {}, DataError, "no effect left to pool"),
            ({"name": "x"}, {"effect": "name"}, DataError, "effects of a cluster must differ"),
            ({}, {"method": "rem"}, OptionError, "Did you mean 'reml'"),
            ({}, {"test": "f"}, OptionError, "test must be one of 'z', 't'"),
            ({}, {"level": 95}, OptionError, "write 0.95"),
            ({}, {"rho": 1}, OptionError, "rho must be at least 0 and below 1; got 1"),
            ({}, {"rho": -0.1}, OptionError, "rho must be at least 0"),
            ({}, {"formula": "~ doze"}, DataError, "no column 'doze'.*Did you mean 'dose'"),
            ({}, {"formula": "~ dose +"}, OptionError, "cannot be read"),
            ({}, {"formula": "yi ~ dose"}, OptionError, "must name moderators only"),
            ({}, {"formula": "~ log(dose)"}, DataError, r"log\(dose\) must be finite"),
            (
                {"twice": np.arange(12.0), "thrice": np.arange(12.0) * 3},
                {"formula": "~ twice + thrice"},
                EstimationError,
                "'thrice' cannot be distinguished",
            ),
            ({}, {"formula": "~ cluster"}, EstimationError, "cannot separate the variance between"),
            (
                {"label": list("abcdefghijkl")},
                {"formula": "~ label"},
                EstimationError,
                "12 effects",
            ),
        ],
    )
    def test_message(
        self,
        synthetic: pd.DataFrame,
        change: dict[str, Any],
        options: dict[str, Any],
        error: type[Exception],
        message: str,
    ) -> None:
        with pytest.raises(error, match=message):
            three_level(synthetic.assign(**change), cluster="cluster", **options)

    def test_three_effects_leave_one_contrast_too_few(self, synthetic: pd.DataFrame) -> None:
        table = synthetic.iloc[[0, 4, 1]]
        assert list(table["cluster"]) == ["b", "b", "a"]
        with pytest.raises(EstimationError, match="cannot separate the variance between"):
            three_level(table, cluster="cluster", formula="~ dose")

    def test_unknown_column(self, synthetic: pd.DataFrame) -> None:
        with pytest.raises(DataError, match="cluster: the table has no column 'clutser'"):
            three_level(synthetic, cluster="clutser")

    def test_unknown_variance(self, synthetic: pd.DataFrame) -> None:
        with pytest.raises(OptionError, match="which must be one of 'cluster', 'effect'"):
            three_level(synthetic, cluster="cluster").sigma2_ci("tau2")


def test_incomplete_rows_are_listed(synthetic: pd.DataFrame) -> None:
    table = synthetic.assign(
        yi=synthetic["yi"].where(synthetic.index != 3),
        dose=synthetic["dose"].where(synthetic.index != 5),
    )
    fit = three_level(table, cluster="cluster", formula="~ dose")
    assert fit.k == 10
    assert fit.excluded.to_dict("list") == {
        "study": ["a (row 4)", "d (row 6)"],
        "reason": ["yi is blank", "dose is blank"],
    }
    assert (
        fit.notes[0] == "2 effects not pooled: a (row 4) (yi is blank), d (row 6) (dose is blank)."
    )


def test_few_clusters_are_remarked_under_normal_intervals(synthetic: pd.DataFrame) -> None:
    note = "With 5 clusters the normal reference is too optimistic"
    assert any(note in one for one in three_level(synthetic, cluster="cluster").notes)
    assert not any(note in one for one in three_level(synthetic, cluster="cluster", test="t").notes)


class TestDisplay:
    def test_sentence(self) -> None:
        fit = three_level(DATA["konstantopoulos2011"], cluster="cluster", measure="smd")
        assert str(fit).startswith(fit.sentence())
        assert fit.sentence() == (
            "Three-level model (REML, z intervals), 56 effects in 11 clusters: SMD 0.18, 95% CI "
            "0.02 to 0.35, p = 0.029; 95% prediction interval -0.45 to 0.82; of the variance 63% "
            "lay between clusters, 32% between the effects of a cluster and 5% was sampling error."
        )

    def test_ratios_are_read_as_ratios(self) -> None:
        fit = three_level(DATA["assink2016"], cluster="cluster", measure="or")
        assert f"OR {np.exp(fit.estimate):.2f}" in fit.sentence()

    def test_moderators(self) -> None:
        fit = fitted("assink2016", "reg_t")
        assert "moderators ~ deltype F = 7.49 on 2 and 97 df (p < 0.001)" in fit.sentence()
        assert fit.estimate is None
        assert fit.ci is None
        assert "deltype[T.overt]" in fit._repr_html_()
        assert list(fit.to_frame()["term"]) == list(fit.coefficients.index)

    def test_labels_are_escaped(self, synthetic: pd.DataFrame) -> None:
        bold = synthetic.assign(
            cluster="<b>" + synthetic["cluster"], yi=[np.nan, *synthetic["yi"][1:]]
        )
        assert "<b>" not in three_level(bold, cluster="cluster")._repr_html_()
