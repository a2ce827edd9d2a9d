"""The public face that others build on: names, arguments and attributes stay as they are."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import synthesis as syn

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def es() -> pd.DataFrame:
    sheet = syn.read_extraction(DATA / "borenstein2009" / "studies.csv")
    return syn.effect_sizes(sheet, measure="smd", variance="ls")


@pytest.fixture(scope="module")
def facilitation() -> pd.DataFrame:
    return syn.effect_sizes(syn.datasets.load("baskerville2012"), measure="smd")


@pytest.fixture(scope="module")
def fit(facilitation: pd.DataFrame) -> syn.MetaAnalysis:
    return syn.meta_analysis(
        facilitation,
        yi="yi",
        vi="vi",
        study="study",
        model="random",
        tau2="reml",
        ci="hksj",
        level=0.95,
    )


def test_effect_sizes(es: pd.DataFrame) -> None:
    assert {"yi", "vi", "measure", "route"} <= set(es.columns)
    assert len(es) == 6


def test_meta_analysis(fit: syn.MetaAnalysis) -> None:
    names = (
        "estimate std_error statistic df p_value ci tau2 tau2_se tau2_ci i2 i2_q h2 q q_p_value k "
        "prediction_interval weights log_likelihood level"
    )
    for name in names.split():
        assert getattr(fit, name) is not None
    for pair in (fit.ci, fit.tau2_ci, fit.prediction_interval):
        low, high = pair
        assert low <= high
    assert fit.weights.sum() == pytest.approx(100)
    assert isinstance(fit.to_frame(), pd.DataFrame)
    assert isinstance(fit.study_frame(), pd.DataFrame)
    assert isinstance(fit.sentence(), str)


def test_meta_regression(facilitation: pd.DataFrame) -> None:
    regression = syn.meta_regression(facilitation, "~ hours")
    columns = ["estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high"]
    assert set(columns) <= set(regression.coefficients.columns)
    for name in ["tau2", "i2", "r2", "q_e", "q_e_p_value", "q_m", "q_m_p_value", "k"]:
        assert getattr(regression, name) is not None


def test_subgroups(facilitation: pd.DataFrame) -> None:
    result = syn.subgroup_analysis(facilitation, by="design", common_tau2=False)
    assert all(isinstance(group, syn.MetaAnalysis) for group in result.groups.values())
    assert result.q_between >= 0
    assert result.df == len(result.groups) - 1
    assert 0 <= result.p_value <= 1


def test_dependent_effects() -> None:
    schools = syn.datasets.load("konstantopoulos2011")
    fit = syn.three_level(schools, cluster="district", formula="~ 1", method="reml")
    assert set(fit.sigma2) == {"cluster", "effect"}
    assert isinstance(fit.coefficients, pd.DataFrame)
    assert isinstance(fit.log_likelihood, float)
    robust = syn.robust(fit, cluster="district", kind="cr2")
    assert "df" in robust.coefficients.columns


def test_diagnostics(fit: syn.MetaAnalysis) -> None:
    for table in (syn.leave_one_out(fit), syn.influence(fit)):
        assert list(table.index) == list(fit.weights.index)
    assert len(syn.cumulative(fit, order="precision")) == fit.k
    assert len(syn.gosh(fit, subsets=50, seed=1).to_frame()) == 50
    egger = syn.egger_test(fit, model="lm")
    for name in ["statistic", "df", "p_value", "limit_estimate", "limit_ci"]:
        assert getattr(egger, name) is not None
    assert 0 <= syn.rank_test(fit).p_value <= 1
    filled = syn.trim_and_fill(fit, estimator="l0", side=None)
    assert filled.k0 >= 0
    assert filled.side in ("left", "right")
    assert filled.fit.k == fit.k + filled.k0
    assert syn.fail_safe_n(fit, kind="rosenthal").n >= 0
    selection = syn.selection_model(fit, steps=(0.025,))
    for name in ["estimate", "std_error", "tau2", "delta", "lrt", "lrt_p_value"]:
        assert getattr(selection, name) is not None


def test_meta_analyses() -> None:
    table = pd.DataFrame(
        {
            "review": ["a", "a", "b", "b"],
            "comparison": [1, 1, 1, 1],
            "yi": [0.1, 0.2, 0.3, 0.5],
            "vi": [0.1] * 4,
        }
    )
    columns = [
        "k",
        "estimate",
        "std_error",
        "ci_low",
        "ci_high",
        "p_value",
        "tau2",
        "i2",
        "q",
        "pi_low",
        "pi_high",
    ]
    assert list(syn.meta_analyses(table, by=["review", "comparison"]).columns) == columns


def test_forest(fit: syn.MetaAnalysis) -> None:
    from matplotlib.axes import Axes

    assert isinstance(syn.forest(fit, style="revman", ax=None), Axes)


def test_coding() -> None:
    coding = syn.datasets.load("sixcs", table="coding")
    table = syn.agreement(
        coding,
        unit="action_id",
        coder="coder",
        code="epoc_code",
        level="nominal",
        bootstrap=0,
        seed=None,
    )
    rows = ["percent", "cohen_kappa", "fleiss_kappa", "krippendorff_alpha", "gwet_ac1"]
    assert list(table.index) == rows
    assert {"value", "ci_low", "ci_high", "reason"} <= set(table.columns)
    crossed = syn.cross_table(coding, "epoc_code", "level")
    assert crossed.index[-1] == crossed.columns[-1] == "total"


def test_logic_model() -> None:
    from logicmodels import LogicModel

    model = LogicModel.read(DATA / "sixcs" / "logic_model.yaml")
    figure = model.draw()
    assert figure.svg.startswith("<svg")
    assert figure.png.startswith(b"\x89PNG")
    assert figure.pdf.startswith(b"%PDF")
    assert "digraph" in figure.dot


def test_certainty_and_summary_of_findings(fit: syn.MetaAnalysis, tmp_path: Path) -> None:
    rob = dict.fromkeys(fit.studies["study"], "low")
    judged = {"imprecision": (-1, "a reason")}
    rated = syn.certainty(
        fit, mid=0.2, baseline=None, risk_of_bias=rob, design="rct", judged=judged, thresholds=()
    )
    columns = ["domain", "proposed", "judgement", "levels", "reason", "rule", "source"]
    assert rated.domains.columns[:7].tolist() == columns
    assert rated.level in ("high", "moderate", "low", "very low")
    assert "proposed, not judged" in rated.sentence()
    findings = syn.summary_of_findings([rated])
    assert len(findings.to_frame()) == 1
    for ending in ("html", "xlsx", "md"):
        assert findings.save(tmp_path / f"sof.{ending}").exists()


def test_absolute_effect_and_information_size() -> None:
    found = syn.absolute_effect("rr", 0.92, ci=(0.86, 0.98), baseline=0.3, per=1000)
    assert [len(one) for one in (found.risk, found.difference, found.nnt)] == [3, 3, 3]
    assert round(syn.optimal_information_size(baseline=0.2, rrr=0.25, power=0.8)) == 1805
    assert round(syn.optimal_information_size(baseline=0.1)) == 4003
    assert round(syn.optimal_information_size(smd=0.2)) == 785
