"""Regressions and three-level models under every combination of their choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from synthesis.labels import read_labels
from synthesis.pooling.multilevel import three_level
from synthesis.pooling.regression import meta_regression
from synthesis.reproduce.conventions.candidates import OPTIONS, Grid
from synthesis.reproduce.conventions.preparations import Preparation

REGRESSION = {"model": OPTIONS["model"], "tau2": OPTIONS["tau2"], "ci": meta_regression.CI_METHODS}
THREE_LEVEL = {"method": three_level.METHODS, "test": three_level.TESTS}

CLUSTER = "cluster of effects"
"""Column of the clusters, in addition to the numbered labels of the studies."""

_OF_COMMON = ("wald", "wald_t")
_SIGMA2 = ("sigma2 cluster", "sigma2 effect")
_STATISTICS = ("estimate", "std_error", "p_value", "ci_low", "ci_high")


def result_names(terms: Sequence[str], *, three_level: bool) -> list[str]:
    """Return the results that a regression or three-level model adds to those of pooling.

    Each coefficient by its term; ``intercept``, and ``slope`` if there is one other; a standard
    error, p-value or limit as ``"slope ci_low"``.
    """
    names = [
        name if part == "estimate" else f"{name} {part}"
        for name in (*terms, *_short(terms))
        for part in _STATISTICS
    ]
    return [*names, *(_SIGMA2 if three_level else ("r2", "q_m", "q_m_p_value"))]


def _short(terms: Sequence[str]) -> dict[str, str]:
    short = {"intercept": "Intercept"} if "Intercept" in terms else {}
    others = [term for term in terms if term != "Intercept"]
    return {**short, "slope": others[0]} if len(others) == 1 else short


def terms_of(prepared: Preparation, formula: str) -> list[str]:
    """Return the terms of a formula on these studies."""
    from synthesis.pooling.formula.design import design_matrix, missing_moderators

    lacking = missing_moderators(prepared.studies, formula)
    whole = prepared.studies[[not reason for reason in lacking]]
    design = design_matrix(whole, formula, read_labels(whole["study"]))
    return [str(term) for term in design.columns]


def regressions(
    prepared: Sequence[Preparation], formula: str, among: Mapping[str, Sequence[str]], level: float
) -> Grid:
    """Fit a meta-regression to every preparation in every way."""
    options = {name: among.get(name, every) for name, every in REGRESSION.items()}

    def fits() -> Iterator[tuple[dict[str, str], dict[str, float]]]:
        for model, tau2, ci in product(*options.values()):
            common = model == "common"
            if common and (ci not in _OF_COMMON or tau2 != options["tau2"][0]):
                continue
            chosen = {"model": model, "tau2": "none" if common else tau2, "ci": ci}
            for one in prepared:
                fit = meta_regression.meta_regression(
                    one.studies,
                    formula,
                    model=model,
                    tau2=tau2,
                    ci=ci,
                    level=level,
                    dependent="ignore",  # whatever the source did is searched for
                )
                whole = {
                    "tau2": fit.tau2,
                    "tau": fit.tau2**0.5,
                    "i2": fit.i2,
                    "i2_q": 100 * max(0.0, 1 - fit.q_e_df / fit.q_e) if fit.q_e else 0.0,
                    "h2": fit.h2,
                    "q": fit.q_e,
                    "q_p_value": fit.q_e_p_value,
                    "q_m": fit.q_m,
                    "q_m_p_value": fit.q_m_p_value,
                    "r2": fit.r2,
                    "k": fit.k,
                    "back_n": one.back_n,
                }
                yield {**one.choices, **chosen}, {**_by_term(fit.coefficients), **whole}

    return _grid(fits())


def three_levels(
    prepared: Sequence[Preparation], formula: str, among: Mapping[str, Sequence[str]], level: float
) -> Grid:
    """Fit a three-level model to every preparation in every way; clusters in `CLUSTER`."""
    options = {name: among.get(name, every) for name, every in THREE_LEVEL.items()}

    def fits() -> Iterator[tuple[dict[str, str], dict[str, float]]]:
        for method, test in product(*options.values()):
            for one in prepared:
                fit = three_level.three_level(
                    one.studies,
                    cluster=CLUSTER,
                    formula=formula,
                    method=method,
                    test=test,
                    level=level,
                )
                variances = {f"sigma2 {name}": value for name, value in fit.sigma2.items()}
                whole = {"q": fit.q, "q_p_value": fit.q_p_value, "k": fit.k, **variances}
                whole["back_n"] = one.back_n
                values = {**_by_term(fit.coefficients), **whole}
                yield {**one.choices, "method": method, "test": test}, values

    return _grid(fits())


def _by_term(coefficients: pd.DataFrame) -> dict[str, float]:
    """Return coefficients by term, by short name and, where there is only one, by itself."""
    terms = [str(term) for term in coefficients.index]
    names = {**{term: term for term in terms}, **_short(terms)}
    columns = {part: coefficients[part].to_dict() for part in (*_STATISTICS, "statistic")}
    found = {
        name if part == "estimate" else f"{name} {part}": columns[part][term]
        for name, term in names.items()
        for part in _STATISTICS
    }
    if len(terms) == 1:
        found |= {part: column[terms[0]] for part, column in columns.items()}
    return found


def _grid(fits: Iterator[tuple[dict[str, str], dict[str, Any]]]) -> Grid:
    rows = list(fits)
    results = pd.DataFrame([values for _, values in rows]).astype(float)
    columns = {str(name): results[name].to_numpy() for name in results.columns}
    return Grid(pd.DataFrame([chosen for chosen, _ in rows]), {**columns, **_missing(columns)})


def _missing(columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return NaN for pooled results that such a model does not have."""
    from synthesis.reproduce.conventions.quantities import DEPENDS

    size = len(next(iter(columns.values())))
    return {name: np.full(size, np.nan) for name in DEPENDS if name not in columns}
