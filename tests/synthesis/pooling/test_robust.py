"""Cluster-robust variance against clubSandwich and metafor, and against dense matrix algebra.

Where metafor iterates, its variances are good to about 1e-8 (see `test_multilevel`), hence 1e-7;
where the fit has a closed form or converges to the last digits, 1e-10. `synthetic` is invented.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.linalg import sqrtm

from arrowroot.errors import DataError, EstimationError, OptionError
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.multilevel.three_level import three_level
from synthesis.pooling.regression.meta_regression import meta_regression
from synthesis.pooling.robust.robust import rho_sensitivity, robust

REFERENCE = Path(__file__).parents[3] / "validation" / "metafor" / "models"
METAFOR = json.loads((REFERENCE / "dependent_effects.json").read_text())
MODERATORS = {"konstantopoulos2011": "~ I(year - 1990)", "assink2016": "~ deltype"}
DATA = {name: pd.read_csv(REFERENCE / f"{name}.csv") for name in MODERATORS}
COLUMNS = {
    "estimate": "estimate",
    "se": "std_error",
    "stat": "statistic",
    "df": "df",
    "p": "p_value",
    "ci_low": "ci_low",
    "ci_high": "ci_high",
}


def agree(coefficients: pd.DataFrame, theirs: dict[str, Any], tolerance: float) -> None:
    compared = 0
    for key, column in COLUMNS.items():
        if key in theirs:
            ours, value = coefficients[column].to_numpy(), np.atleast_1d(theirs[key]).astype(float)
            assert ours.shape == value.shape
            assert np.all(np.abs(ours - value) <= tolerance * np.maximum(1, np.abs(value))), key
            compared += 1
    assert compared >= 5


def labelled(name: str) -> pd.DataFrame:
    table = DATA[name]
    return table.assign(study=table["cluster"].astype(str) + "." + table["effect"].astype(str))


@pytest.fixture
def synthetic() -> pd.DataFrame:
    """Fourteen invented effects in six clusters of unequal size, in no order."""
    random = np.random.default_rng(8)
    return pd.DataFrame(
        {
            "study": range(14),
            "cluster": list("bacabdefabbcde"),
            "yi": random.normal(0.3, 0.7, 14),
            "vi": random.uniform(0.02, 0.4, 14),
            "dose": random.normal(size=14),
        }
    )


@pytest.mark.parametrize("name", DATA)
class TestAgainstClubSandwich:
    @pytest.mark.parametrize(
        ("key", "options", "kind"),
        [
            ("cr2", {}, "cr2"),
            ("cr2_reg", {"formula": "moderators"}, "cr2"),
            ("cr2_che", {"rho": 0.6}, "cr2"),
            ("cr2_che_reg", {"rho": 0.6, "formula": "moderators"}, "cr2"),
            ("cr1_che_reg", {"rho": 0.6, "formula": "moderators"}, "cr1"),
            ("cr0_che_reg", {"rho": 0.6, "formula": "moderators"}, "cr0"),
        ],
    )
    def test_three_level(self, name: str, key: str, options: dict[str, Any], kind: str) -> None:
        options = {**options, **({"formula": MODERATORS[name]} if "formula" in options else {})}
        fit = three_level(DATA[name], cluster="cluster", **options)
        agree(robust(fit, cluster="cluster", kind=kind).coefficients, METAFOR[name][key], 1e-7)

    @pytest.mark.parametrize("kind", ["cr2", "cr1", "cr0"])
    def test_meta_analysis(self, name: str, kind: str) -> None:
        fit = meta_analysis(labelled(name))
        theirs = METAFOR[name][f"uni_{kind}"]
        agree(robust(fit, cluster="cluster", kind=kind).coefficients, theirs, 1e-10)

    def test_common_effect(self, name: str) -> None:
        fit = meta_analysis(labelled(name), model="common")
        ours = robust(fit, cluster=DATA[name]["cluster"]).coefficients
        agree(ours, METAFOR[name]["common_cr2"], 1e-10)

    def test_meta_regression(self, name: str) -> None:
        fit = meta_regression(labelled(name), MODERATORS[name])
        ours = robust(fit, cluster="cluster").coefficients
        agree(ours, METAFOR[name]["unireg_cr2"], 1e-9)

    @pytest.mark.parametrize(
        ("key", "kind"),
        [("robust_CR2", "cr2"), ("robust_CR1", "cr1"), ("robust_CR2_reg", "cr2")],
    )
    def test_where_metafor_stops_early(self, name: str, key: str, kind: str) -> None:
        formula = "~ 1"
        if "reg" in key:
            formula = {"konstantopoulos2011": "~ year"}.get(name, MODERATORS[name])
        fit = robust(
            three_level(DATA[name], cluster="cluster", formula=formula),
            cluster="cluster",
            kind=kind,
        )
        theirs = json.loads((REFERENCE / f"{name}.json").read_text())[key]
        # Its default thresholds leave the variances, and so all else, about 1e-5 off.
        for quantity, column in (("se", "std_error"), ("df", "df"), ("p", "p_value")):
            assert_allclose(fit.coefficients[column], theirs[quantity], rtol=1e-4)

    def test_rho_sensitivity(self, name: str) -> None:
        ours = rho_sensitivity(DATA[name], cluster="cluster")
        theirs = METAFOR[name]["sensitivity"]
        assert list(ours["rho"]) == [row["rho"] for row in theirs]
        for column, key in (
            ("estimate", "estimate"),
            ("std_error", "se"),
            ("df", "df"),
            ("p_value", "p"),
            ("log_likelihood", "loglik"),
        ):
            assert_allclose(ours[column], [row[key] for row in theirs], rtol=1e-7)
        variances = ours[["sigma2_cluster", "sigma2_effect"]]
        assert_allclose(variances, [row["sigma2"] for row in theirs], rtol=1e-6)


@pytest.mark.parametrize(("formula", "key"), [("~ 1", "uni_cr2"), ("~ ablat", "unireg_cr2")])
def test_clusters_of_one(formula: str, key: str) -> None:
    fit = meta_regression(pd.read_csv(REFERENCE / "bcg.csv"), formula)
    ours = robust(fit, cluster="study")
    assert ours.n_clusters == ours.k == 13
    agree(ours.coefficients, METAFOR["bcg"][key], 1e-9)


def dense_cr2(fit: Any, sigma: np.ndarray, clusters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """CR2 and its degrees of freedom with K by K matrices, straight from the definitions."""
    X, y = fit.design.to_numpy(), fit.studies["yi"].to_numpy()
    W = np.linalg.inv(sigma)
    M = np.linalg.inv(X.T @ W @ X)
    residuals = y - X @ M @ X.T @ W @ y
    hat = np.eye(len(y)) - X @ M @ X.T @ W
    scores, columns = [], []
    for one in np.unique(clusters):
        rows = np.flatnonzero(clusters == one)
        part = np.ix_(rows, rows)
        root = np.real(sqrtm(sigma[part]))
        left = hat[rows] @ sigma @ hat[rows].T
        A = root @ np.linalg.inv(np.real(sqrtm(root @ left @ root))) @ root
        assert_allclose(A @ left @ A, sigma[part], atol=1e-10)
        weighted = M @ X[rows].T @ W[part] @ A
        scores.append(weighted @ residuals[rows])
        columns.append(weighted @ hat[rows])
    covariance = np.einsum("jp,jq->pq", scores, scores)
    df = []
    for term in range(X.shape[1]):
        G = np.array([column[term] for column in columns])
        B = G @ sigma @ G.T
        df.append(np.trace(B) ** 2 / np.sum(B**2))
    return covariance, np.array(df)


class TestAgainstMatrixAlgebra:
    @pytest.mark.parametrize("rho", [0.0, 0.5])
    @pytest.mark.parametrize("formula", ["~ 1", "~ dose"])
    def test_blocks(self, synthetic: pd.DataFrame, formula: str, rho: float) -> None:
        fit = three_level(synthetic, cluster="cluster", formula=formula, rho=rho)
        clusters, roots = synthetic["cluster"].to_numpy(), np.sqrt(synthetic["vi"].to_numpy())
        same = clusters[:, None] == clusters[None, :]
        sigma = same * (fit.sigma2["cluster"] + rho * np.outer(roots, roots))
        sigma += np.diag((1 - rho) * roots**2 + fit.sigma2["effect"])
        covariance, df = dense_cr2(fit, sigma, clusters)
        ours = robust(fit, cluster="cluster")
        assert_allclose(ours.covariance, covariance, rtol=1e-9)
        assert_allclose(ours.coefficients["df"], df, rtol=1e-9)

    def test_clusters_that_hold_several_of_the_models(self, synthetic: pd.DataFrame) -> None:
        fit = three_level(synthetic, cluster="cluster")
        wider = synthetic["cluster"].map(dict(zip("abcdef", "xxyyzz", strict=True))).to_numpy()
        clusters = synthetic["cluster"].to_numpy()
        same = clusters[:, None] == clusters[None, :]
        sigma = same * fit.sigma2["cluster"]
        sigma = sigma + np.diag(synthetic["vi"] + fit.sigma2["effect"])
        covariance, df = dense_cr2(fit, sigma, wider)
        ours = robust(fit, cluster=list(wider))
        assert ours.n_clusters == 3
        assert_allclose(ours.covariance, covariance, rtol=1e-9)
        assert_allclose(ours.coefficients["df"], df, rtol=1e-9)

    def test_equal_weights_are_pymares(self, synthetic: pd.DataFrame) -> None:
        """PyMARE's CR2 is the same where weights do not differ within a cluster."""
        from pymare.stats import cluster_robust_cov, satterthwaite_dof

        equal = synthetic.assign(vi=synthetic.groupby("cluster")["vi"].transform("mean"))
        fit = meta_regression(equal, "~ dose")
        ours = robust(fit, cluster="cluster")
        y, v = equal["yi"].to_numpy()[:, None], equal["vi"].to_numpy()[:, None]
        X, beta = fit.design.to_numpy(), fit.coefficients[["estimate"]].to_numpy()
        with pytest.warns(UserWarning, match="groups"):
            theirs = cluster_robust_cov(y, v, X, beta, equal["cluster"].to_numpy(), tau2=fit.tau2)
        with pytest.warns(UserWarning, match="degrees of freedom below"):
            df = satterthwaite_dof(X, 1 / (v + fit.tau2), equal["cluster"].to_numpy())
        assert_allclose(ours.covariance, theirs[:, :, 0], rtol=1e-9)
        assert_allclose(ours.coefficients["df"], df[:, 0], rtol=1e-9)

    def test_balanced_means(self) -> None:
        """With one effect a cluster and equal variances CR2 is the t test of a sample."""
        random = np.random.default_rng(2)
        table = pd.DataFrame({"study": range(9), "yi": random.normal(size=9), "vi": 0.2})
        row = robust(meta_analysis(table), cluster="study").coefficients.iloc[0]
        assert_allclose(row["std_error"], table["yi"].std() / 3, rtol=1e-12)
        assert_allclose(row["df"], 8, rtol=1e-12)


class TestInvariance:
    def test_order_names_and_sign(self, synthetic: pd.DataFrame) -> None:
        one = robust(three_level(synthetic, cluster="cluster", formula="~ dose"), cluster="cluster")
        changed = synthetic.assign(yi=-synthetic["yi"], cluster=synthetic["cluster"] + "!")
        other = robust(
            three_level(
                changed.sample(frac=1, random_state=3), cluster="cluster", formula="~ dose"
            ),
            cluster="cluster",
        )
        for column in ("std_error", "df", "p_value"):
            assert_allclose(other.coefficients[column], one.coefficients[column], rtol=1e-8)
        assert_allclose(other.coefficients["estimate"], -one.coefficients["estimate"], rtol=1e-8)

    def test_column_and_labels_are_the_same(self, synthetic: pd.DataFrame) -> None:
        fit = meta_analysis(synthetic)
        by_name = robust(fit, cluster="cluster").coefficients
        by_label = robust(fit, cluster=synthetic["cluster"]).coefficients
        pd.testing.assert_frame_equal(by_name, by_label, check_exact=True)

    def test_scale(self, synthetic: pd.DataFrame) -> None:
        tiny = synthetic.assign(yi=synthetic["yi"] * 1e-6, vi=synthetic["vi"] * 1e-12)
        one, other = (
            robust(meta_analysis(table), cluster="cluster") for table in (synthetic, tiny)
        )
        ours, scaled = one.coefficients.iloc[0], other.coefficients.iloc[0]
        assert_allclose(scaled["std_error"], 1e-6 * ours["std_error"], rtol=1e-8)
        assert_allclose(scaled["df"], ours["df"], rtol=1e-8)

    def test_variances_of_very_different_size(self, synthetic: pd.DataFrame) -> None:
        """A direction with a large variance beside it must not count as fitted away."""
        table = synthetic.assign(vi=[1e-3, 1e6] * 7)
        ours = robust(three_level(table, cluster="cluster"), cluster="cluster")
        precise = table[table["vi"] < 1]
        without = robust(three_level(precise, cluster="cluster"), cluster="cluster")
        # Variances of 1e6 weigh 1e-6 of the others: they may as well be absent.
        assert_allclose(
            ours.coefficients["std_error"], without.coefficients["std_error"], rtol=1e-4
        )


class TestRefusals:
    def test_unknown_column(self, synthetic: pd.DataFrame) -> None:
        with pytest.raises(DataError, match="cluster: the table has no column 'lab'"):
            robust(meta_analysis(synthetic), cluster="lab")

    def test_wrong_number_of_labels(self, synthetic: pd.DataFrame) -> None:
        with pytest.raises(DataError, match="2 labels for 14 effects pooled"):
            robust(meta_analysis(synthetic), cluster=["a", "b"])

    def test_blank_label(self, synthetic: pd.DataFrame) -> None:
        with pytest.raises(DataError, match=r"it does not in row 2 of fit\.studies"):
            robust(meta_analysis(synthetic), cluster=["a", None, *"bcdefghijklm"])

    def test_split_clusters(self, synthetic: pd.DataFrame) -> None:
        fit = three_level(synthetic, cluster="cluster")
        with pytest.raises(DataError, match="must share a cluster; split: 'a', 'b', 'c'"):
            robust(fit, cluster=list(range(14)))

    def test_kind(self, synthetic: pd.DataFrame) -> None:
        with pytest.raises(OptionError, match="kind must be one of 'cr2', 'cr1', 'cr0'"):
            robust(meta_analysis(synthetic), cluster="cluster", kind="cr3")

    def test_too_few_clusters(self, synthetic: pd.DataFrame) -> None:
        fit = meta_regression(synthetic, "~ dose")
        with pytest.raises(EstimationError, match=r"2 clusters cannot support .* 2 coefficients"):
            robust(fit, cluster=["a"] * 7 + ["b"] * 7)

    def test_one_cluster(self, synthetic: pd.DataFrame) -> None:
        with pytest.raises(EstimationError, match="1 cluster cannot support"):
            robust(meta_analysis(synthetic), cluster=["a"] * 14)

    @pytest.mark.parametrize("kind", ["cr2", "cr1", "cr0"])
    def test_identical_effects(self, synthetic: pd.DataFrame, kind: str) -> None:
        fit = meta_analysis(synthetic.assign(yi=0.3), ci="wald")
        with pytest.raises(EstimationError, match="'Intercept': no residual is left"):
            robust(fit, cluster="cluster", kind=kind)

    def test_a_fit_of_other_weights(self, synthetic: pd.DataFrame) -> None:
        from dataclasses import replace

        fit = meta_analysis(synthetic)
        with pytest.raises(OptionError, match="not the inverse-variance weighted one"):
            robust(replace(fit, estimate=fit.estimate + 1), cluster="cluster")

    def test_no_rho(self, synthetic: pd.DataFrame) -> None:
        with pytest.raises(OptionError, match="rhos must contain at least one correlation"):
            rho_sensitivity(synthetic, cluster="cluster", rhos=())


class TestNotes:
    def test_few_clusters_and_low_df(self, synthetic: pd.DataFrame) -> None:
        notes = robust(meta_analysis(synthetic), cluster=list("aaaaabbbbbcccc")).notes
        assert notes[0] == "Robust standard errors rest on 3 clusters only."
        assert notes[1].startswith("Fewer than 4 degrees of freedom for 'Intercept': the p-value")

    def test_cr1_with_few_clusters_points_to_cr2(self, synthetic: pd.DataFrame) -> None:
        notes = robust(meta_analysis(synthetic), cluster="cluster", kind="cr1").notes
        assert notes == (
            "Robust standard errors rest on 6 clusters only; kind='cr2' is designed for so few.",
        )

    def test_a_term_that_rests_on_one_cluster(self) -> None:
        fit = three_level(DATA["assink2016"], cluster="cluster", formula="~ deltype")
        notes = robust(fit, cluster="cluster").notes
        assert notes[0].startswith("Part of the design is fixed by one cluster alone (1 cluster of")
        assert "'deltype[T.general]', 'deltype[T.overt]'" in notes[1]

    def test_enough_clusters_need_no_note(self) -> None:
        assert (
            robust(three_level(DATA["assink2016"], cluster="cluster"), cluster="cluster").notes
            == ()
        )


class TestDisplay:
    def test_sentence(self) -> None:
        fit = three_level(DATA["assink2016"], cluster="cluster", measure="or")
        ours = robust(fit, cluster="cluster")
        row = ours.coefficients.iloc[0]
        assert str(ours) == (
            "Cluster-robust standard errors (CR2, Satterthwaite df), 100 effects in 17 clusters: "
            f"OR {np.exp(row['estimate']):.2f}, 95% CI {np.exp(row['ci_low']):.2f} to "
            f"{np.exp(row['ci_high']):.2f}, p = 0.003 on 15.4 df."
        )

    def test_frame_and_table(self) -> None:
        fit = three_level(DATA["assink2016"], cluster="cluster", formula="~ deltype")
        ours = robust(fit, cluster="cluster", level=0.9)
        assert list(ours.to_frame()["n_clusters"]) == [17, 17, 17]
        assert "deltype[T.overt] (90% CI)" in ours._repr_html_()
        wide = robust(fit, cluster="cluster").coefficients
        assert (ours.coefficients["ci_low"] > wide["ci_low"]).all()

    def test_sensitivity_lists_every_term(self, synthetic: pd.DataFrame) -> None:
        table = rho_sensitivity(synthetic, cluster="cluster", rhos=(0.3, 0.6), formula="~ dose")
        assert list(table["term"]) == ["Intercept", "dose"] * 2
        assert list(table.columns) == [
            "rho",
            "term",
            "estimate",
            "std_error",
            "df",
            "p_value",
            "ci_low",
            "ci_high",
            "sigma2_cluster",
            "sigma2_effect",
            "log_likelihood",
        ]


def test_effects_far_from_zero_keep_their_weights() -> None:
    effects = pd.DataFrame(
        {
            "study": list("ABCDE"),
            "yi": [0.1, 0.3, -0.2, 0.5, 0.9],
            "vi": [0.04, 0.02, 0.09, 0.05, 0.03],
        }
    )
    near = robust(meta_analysis(effects, model="common"), cluster="study").coefficients
    moved = effects.assign(yi=effects["yi"] + 1e9)
    far = robust(meta_analysis(moved, model="common"), cluster="study").coefficients
    # Effects near 1e9 hold about seven decimals.
    assert_allclose(far["std_error"], near["std_error"], rtol=1e-5)


def test_rows_of_one_label_are_one_cluster_though_the_model_numbers_them() -> None:
    synthetic = pd.DataFrame(
        {
            "study": list("AABBCCD"),
            "trial": list("AABBCCD"),
            "yi": [0.1, 0.3, 0.5, 0.8, -0.2, 0.3, 0.4],
            "vi": [0.01] * 7,
            "dose": [1, 2, 1, 3, 2, 4, 5],
        }
    )
    for fit in (meta_analysis(synthetic), meta_regression(synthetic, "~ dose")):
        by_label = robust(fit, cluster="study")
        assert by_label.n_clusters == 4
        pd.testing.assert_frame_equal(
            by_label.coefficients, robust(fit, cluster="trial").coefficients
        )


def test_effects_that_are_not_pooled() -> None:
    synthetic = pd.DataFrame({"study": list("AABB"), "yi": [0.1, 0.3, 0.5, 0.8], "vi": [0.01] * 4})
    with pytest.raises(DataError, match=r"fit: a result of three_level, .* got a table. Pool"):
        robust(synthetic, cluster="study")


def test_a_cluster_that_is_neither_name_nor_list_is_refused() -> None:
    effects = pd.DataFrame({"study": list("AB"), "yi": [0.1, 0.3], "vi": [0.04, 0.02]})
    with pytest.raises(OptionError, match=r"cluster must name a column, .* got None"):
        robust(meta_analysis(effects), cluster=None)  # type: ignore[arg-type]
