"""How each printed analysis of the data sets is recomputed, and by which convention."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from synthesis import datasets
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.formulas import smd
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.multilevel.three_level import three_level
from synthesis.pooling.regression.meta_regression import meta_regression
from synthesis.pooling.results import MetaAnalysis

Values = dict[str, float]
"""Results by the name that `dataset.yaml` gives them."""


@dataclass(frozen=True)
class Recipe:
    """How one printed analysis is recomputed.

    Attributes
    ----------
    compute : callable
        Returns the results.
    convention : str
        The choices made, in words.
    search : mapping
        Arguments under which `find_conventions` finds these choices by itself: `measure`,
        `formula`, `cluster`.
    chosen : mapping of str to str
        The choices, by the names that `find_conventions` gives them.
    prepare : callable
        Converts the data set's table to the one analysed.
    """

    compute: Callable[[pd.DataFrame], Values]
    convention: str
    search: Mapping[str, Any] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[pd.DataFrame], pd.DataFrame] = lambda table: table

    def values(self, dataset: str) -> Values:
        """Recompute the analysis from the data set's default table."""
        return self.compute(self.prepare(_load(dataset)))


@cache
def _load(dataset: str) -> pd.DataFrame:
    return datasets.load(dataset)


def _pooled(
    effects: Callable[[pd.DataFrame], pd.DataFrame],
    options: Mapping[str, Any] | None = None,
    *,
    back: bool = False,
) -> Callable[[pd.DataFrame], Values]:
    def compute(table: pd.DataFrame) -> Values:
        # A source may itself have pooled several rows of one study.
        fit = meta_analysis(effects(table), dependent="ignore", **(options or {}))
        return _results(fit, back=back)

    return compute


def _results(fit: MetaAnalysis, *, back: bool) -> Values:
    read = fit.back if back else float
    effects = zip(fit.studies["study"], fit.studies["yi"], strict=True)
    return {
        "estimate": read(fit.estimate),
        "ci_low": read(fit.ci[0]),
        "ci_high": read(fit.ci[1]),
        "std_error": fit.std_error,
        "tau2": fit.tau2,
        "I2": fit.i2,
        "Q": fit.q,
        **{f"g {study}": float(yi) for study, yi in effects},
    }


def _as_given(table: pd.DataFrame) -> pd.DataFrame:
    return table


def _computed(measure: str, **options: Any) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda table: effect_sizes(table, measure, **options)


def _with_pooled_sd(table: pd.DataFrame) -> pd.DataFrame:
    """Return mean differences whose variances come from both arms' pooled SD."""
    sd_t, n_t, sd_c, n_c = (table[name].to_numpy(float) for name in ("sd_t", "n_t", "sd_c", "n_c"))
    pooled = smd.pooled_sd(sd_t, n_t, sd_c, n_c)
    return effect_sizes(table, "md").assign(vi=pooled**2 * (1 / n_t + 1 / n_c))


def _three_level(cluster: str, **options: Any) -> Callable[[pd.DataFrame], Values]:
    def compute(table: pd.DataFrame) -> Values:
        fit = three_level(table, cluster=cluster, **options)
        variances = {f"sigma2 {name}": value for name, value in fit.sigma2.items()}
        return {"estimate": float(fit.estimate or 0.0), **variances}

    return compute


def _on_weeks(table: pd.DataFrame) -> Values:
    fit = meta_regression(table, "~ weeks", ci="wald", dependent="ignore")
    intercept, slope = fit.coefficients["estimate"]
    return {"intercept": float(intercept), "slope": float(slope), "tau2": fit.tau2}


def _capped(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(weeks=table["weeks"].clip(upper=3))


_DL = {"model": "random", "tau2": "dl", "ci": "wald"}
_REML = {"model": "random", "tau2": "reml", "ci": "wald"}
_COMMON = {"model": "common", "ci": "wald"}
_LS2 = {"measure": "smd", "variance": "ls2", "correct": "yes", "sd": "pooled"}
_POOLED_MD = {"measure": "md", "sd": "pooled"}

RECIPES: dict[tuple[str, str], Recipe] = {
    ("assink2016", "three-level REML, t"): Recipe(
        _three_level("study", test="t"),
        "three-level model, REML; the paper's t affects only the interval",
        {"cluster": "study"},
        {"method": "reml"},
    ),
    ("baskerville2012", "random effects"): Recipe(
        _pooled(_as_given, _DL),
        "DerSimonian-Laird, Wald-type interval, I² of either definition",
        {},
        _DL,
    ),
    ("bcg", "log risk ratio, REML, Wald"): Recipe(
        _pooled(_computed("rr"), _REML),
        "log risk ratio, REML, Wald-type interval, I² from tau²",
        {},
        {"measure": "rr", "model": "random", "tau2": "reml", "i2": "from tau2"},
    ),
    ("bcg", "risk ratio, REML, Wald, back-transformed"): Recipe(
        _pooled(_computed("rr"), _REML, back=True),
        "risk ratio, pooled as logarithm, REML, Wald-type interval",
        {},
        {"measure": "rr", "scale": "back-transformed", **_REML},
    ),
    ("borenstein2009", "Hedges g by study (variance form LS2)"): Recipe(
        _pooled(_computed("smd", variance="ls2")),
        "Hedges' g with the exact correction",
        {"measure": "smd"},
        {"measure": "smd", "correct": "yes", "sd": "pooled"},
    ),
    ("borenstein2009", "common effect"): Recipe(
        _pooled(_computed("smd", variance="ls2"), _COMMON),
        "Hedges' g, variance form LS2, common effect, Wald-type interval",
        {"measure": "smd"},
        {**_LS2, **_COMMON},
    ),
    ("borenstein2009", "random effects, DL, Wald"): Recipe(
        _pooled(_computed("smd", variance="ls2"), _DL),
        "Hedges' g, variance form LS2, DerSimonian-Laird",
        {"measure": "smd"},
        {**_LS2, "model": "random", "tau2": "dl"},
    ),
    ("hackshaw1998", "log odds ratio, random effects, back-transformed"): Recipe(
        _pooled(_as_given, {"measure": "or", **_DL}, back=True),
        "log odds ratio, DerSimonian-Laird, Wald-type interval, back-transformed",
        {"measure": "or"},
        {"measure": "or", "scale": "back-transformed", **_DL},
    ),
    ("konstantopoulos2011", "three-level REML"): Recipe(
        _three_level("district"),
        "three-level model, REML",
        {"cluster": "district"},
        {"method": "reml"},
    ),
    ("molloy2014", "Fisher z, random effects, back-transformed"): Recipe(
        _pooled(_computed("fisher_z"), _DL, back=True),
        "Fisher's z, DerSimonian-Laird, Wald-type interval, back-transformed",
        {"measure": "fisher_z"},
        {"measure": "fisher_z", "scale": "back-transformed", **_DL},
    ),
    ("normand1999", "mean difference with pooled SD, common effect"): Recipe(
        _pooled(_with_pooled_sd, _COMMON),
        "mean difference, variance from the pooled SD, common effect, Wald-type interval",
        {},
        {**_POOLED_MD, **_COMMON},
    ),
    ("normand1999", "mean difference with pooled SD, random effects, DL, Wald"): Recipe(
        _pooled(_with_pooled_sd, _DL),
        "mean difference, variance from the pooled SD, DerSimonian-Laird, Wald-type interval",
        {},
        {**_POOLED_MD, **_DL},
    ),
    ("normand1999", "mean difference with pooled SD, random effects, REML, Wald"): Recipe(
        _pooled(_with_pooled_sd, _REML),
        "mean difference, variance from the pooled SD, REML, Wald-type interval",
        {},
        {**_POOLED_MD, **_REML},
    ),
    ("raudenbush1985", "SMD, REML, Wald"): Recipe(
        _pooled(_as_given, _REML),
        "REML",
        {},
        {"model": "random", "tau2": "reml"},
    ),
    ("raudenbush1985", "SMD, common effect"): Recipe(
        _pooled(_as_given, _COMMON), "Q does not depend on the model"
    ),
    (
        "raudenbush1985",
        "meta-regression on weeks of prior contact (capped at 3), REML, Wald",
    ): Recipe(
        _on_weeks,
        "meta-regression on weeks, values above 3 set to 3, REML",
        {"formula": "~ weeks"},
        {"model": "random", "tau2": "reml"},
        _capped,
    ),
}
"""By data set and analysis, as `dataset.yaml` names them."""
