"""Data on which formulas break: every diagnostic answers or refuses in words, and never warns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import ArrowrootError, DataError
from synthesis.diagnostics.cumulative import cumulative
from synthesis.diagnostics.influence import baujat, blup, influence, leave_one_out
from synthesis.diagnostics.multiverse import multiverse
from synthesis.diagnostics.small_studies.asymmetry import egger_test
from synthesis.diagnostics.small_studies.excess import excess_significance
from synthesis.diagnostics.small_studies.fail_safe import fail_safe_n
from synthesis.diagnostics.small_studies.pet_peese import pet_peese
from synthesis.diagnostics.small_studies.rank import rank_test
from synthesis.diagnostics.small_studies.selection import selection_model
from synthesis.diagnostics.small_studies.trim_fill import trim_and_fill
from synthesis.diagnostics.subsets import gosh
from synthesis.pooling.model import meta_analysis

DIAGNOSTICS = {
    "leave_one_out": leave_one_out,
    "influence": influence,
    "baujat": baujat,
    "blup": blup,
    "cumulative": lambda fit: cumulative(fit, order="precision"),
    "egger_test": egger_test,
    "egger_test, mixed": lambda fit: egger_test(fit, model="mixed"),
    "rank_test": rank_test,
    "pet_peese": pet_peese,
    "gosh": gosh,
    "trim_and_fill": trim_and_fill,
    "trim_and_fill, R0": lambda fit: trim_and_fill(fit, estimator="r0", side="left"),
    "trim_and_fill, Q0": lambda fit: trim_and_fill(fit, estimator="q0", side="right"),
    "fail_safe_n": fail_safe_n,
    "fail_safe_n, Orwin": lambda fit: fail_safe_n(fit, kind="orwin"),
    "fail_safe_n, Rosenberg": lambda fit: fail_safe_n(fit, kind="rosenberg"),
    "excess_significance": excess_significance,
    "excess_significance, fit": lambda fit: excess_significance(fit, effect="fit", test="chi2"),
    "selection_model": lambda fit: selection_model(fit, alternative=None),
    "multiverse": lambda fit: multiverse(fit.studies, leave_out="each"),
}


def _effects(kind: str, k: int) -> pd.DataFrame:
    """Synthetic throughout: only the extremes matter. The same in whatever order tests run."""
    rng = np.random.default_rng(k)
    y, v = {
        "ordinary": (rng.normal(0.3, 0.3, k), rng.uniform(0.01, 0.2, k)),
        "identical effects": (np.full(k, 0.2), rng.uniform(0.01, 0.2, k)),
        "no effects": (np.zeros(k), rng.uniform(0.01, 0.2, k)),
        "identical variances": (rng.normal(0, 1, k), np.full(k, 0.1)),
        "tiny variances": (rng.normal(0, 1e-6, k), 10.0 ** rng.uniform(-13, -11, k)),
        "huge variances": (rng.normal(0, 1e3, k), 10.0 ** rng.uniform(4, 6, k)),
        "variances from 1e-12 to 1e6": (rng.normal(0, 1, k), 10.0 ** np.linspace(-12, 6, k)),
        "certain effects": (rng.normal(100, 1, k), np.full(k, 0.1)),
        "one effect far away": (np.r_[1e6, np.zeros(k - 1)], rng.uniform(0.01, 0.2, k)),
    }[kind]
    return pd.DataFrame({"study": [f"s{i}" for i in range(k)], "yi": y, "vi": v})


KINDS = (
    *("ordinary", "identical effects", "no effects", "identical variances", "tiny variances"),
    *("huge variances", "variances from 1e-12 to 1e6", "certain effects", "one effect far away"),
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("k", [1, 2, 3, 7])
@pytest.mark.parametrize("model", ["random", "common"])
def test_an_answer_or_a_refusal(kind, k, model):
    fit = meta_analysis(_effects(kind, k), ci="wald", model=model)
    for name, diagnostic in DIAGNOSTICS.items():
        try:
            result = diagnostic(fit)
        except ArrowrootError as refusal:
            assert str(refusal).endswith((".", "'")), name
        else:
            table = result if isinstance(result, pd.DataFrame) else result.to_frame()
            numbers = table.select_dtypes("number")
            assert not np.isinf(numbers).any(axis=None), name
            if "estimate" in table:
                assert table["estimate"].notna().all(), name
            assert result._repr_html_(), name


def test_ordinary_data_are_all_answered():
    fit = meta_analysis(_effects("ordinary", 12), ci="wald")
    for name, diagnostic in DIAGNOSTICS.items():
        if name != "selection_model":  # needs studies on both sides of the step
            assert diagnostic(fit) is not None, name


POOLED_ONLY = [
    *(syn.leave_one_out, syn.influence, syn.egger_test, syn.peters_test, syn.rank_test),
    *(syn.trim_and_fill, syn.cumulative, syn.fail_safe_n, syn.excess_significance),
    *(syn.selection_model, syn.pet_peese, syn.tau2_profile, syn.baujat, syn.gosh, syn.blup),
    *(syn.funnel, syn.forest, syn.radial, syn.qq_plot),
]


@pytest.mark.parametrize("of", POOLED_ONLY)
def test_what_is_not_pooled_is_named(of):
    """A table has no pooled effect, and a regression's moderators would be passed over."""
    synthetic = pd.DataFrame(
        {
            "study": list("abcde"),
            "yi": [0.1, 0.4, 0.2, 0.6, 0.3],
            "vi": [0.02, 0.03, 0.04, 0.05, 0.06],
            "dose": [1.0, 3.0, 2.0, 5.0, 4.0],
        }
    )
    with pytest.raises(DataError, match="a result of meta_analysis is needed; got a table"):
        of(synthetic)
    needed = "a result of meta_analysis is needed; got a meta-regression"
    with pytest.raises(DataError, match=needed):
        of(syn.meta_regression(synthetic, "~ dose"))
