"""Every pooled quantity beside metafor's, computed once for the tests and for the table.

``python validation/agreement.py`` prints the table: for each data set and analysis the largest
difference, relative to the larger of 1 and metafor's value, and the quantity it is found in.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from synthesis.pooling.model import meta_analysis
from synthesis.pooling.regression.meta_regression import meta_regression
from synthesis.pooling.subgroups import subgroup_analysis

MODELS = Path(__file__).parent / "metafor" / "models"
TAU2 = {
    "REML": "reml",
    "DL": "dl",
    "PM": "pm",
    "ML": "ml",
    "EB": "eb",
    "SJ": "sj",
    "HE": "he",
    "HS": "hs",
    "HSk": "hs_k",
    "PMM": "pm_median",
}
CI = {"z": "wald", "knha": "hksj", "t": "wald_t", "adhoc": "hksj_modified"}
PLAIN = {
    "estimate": "estimate",
    "std_error": "se",
    "statistic": "stat",
    "p_value": "p",
    "ci_low": "ci_low",
    "ci_high": "ci_high",
    "tau2": "tau2",
    "tau2_se": "se_tau2",
    "i2": "I2",
    "h2": "H2",
    "q": "Q",
    "q_p_value": "Q_p",
    "log_likelihood": "loglik",
    "pi_low": "pi_low",
    "pi_high": "pi_high",
}
COEFFICIENT = ("estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high")
REGRESSION = {
    "tau2": "tau2",
    "tau2_se": "se_tau2",
    "i2": "I2",
    "h2": "H2",
    "q_e": "Q",
    "q_e_p_value": "Q_p",
    "q_m": "QM",
    "q_m_p_value": "QM_p",
    "log_likelihood": "loglik",
}


class Comparison(NamedTuple):
    """One number of ours beside metafor's."""

    dataset: str
    analysis: str
    quantity: str
    ours: float
    theirs: float

    @property
    def difference(self) -> float:
        """The difference, relative to the larger of 1 and metafor's value."""
        return abs(self.ours - self.theirs) / max(1.0, abs(self.theirs))


@cache
def reference(dataset: str) -> dict[str, Any]:
    """Return metafor's results on a data set."""
    content: dict[str, Any] = json.loads((MODELS / f"{dataset}.json").read_text("utf-8"))
    return content


def inputs(dataset: str) -> pd.DataFrame:
    """Return the studies that metafor's results on a data set were computed from."""
    return pd.read_csv(MODELS / f"{dataset}.csv", dtype={"study": "string"})


def datasets() -> list[str]:
    """List the data sets of independent effects."""
    return sorted(path.stem for path in MODELS.glob("*.json") if "REML_z" in reference(path.stem))


def comparisons(dataset: str) -> Iterator[Comparison]:
    """Yield every pooled quantity of a data set beside metafor's."""
    yield from _models(dataset)
    yield from _spread(dataset)
    yield from _regressions(dataset)
    yield from _subgroups(dataset)


def _usable(theirs: object) -> bool:
    return isinstance(theirs, (int, float)) and math.isfinite(theirs)


def _models(dataset: str) -> Iterator[Comparison]:
    table, results = inputs(dataset), reference(dataset)
    for analysis, theirs in results.items():
        method, _, test = analysis.rpartition("_")
        if test not in CI or method not in {*TAU2, "EE"} or "error" in theirs:
            continue
        model = "common" if method == "EE" else "random"
        ours = meta_analysis(
            table, model=model, tau2=TAU2.get(method, "reml"), ci=CI[test], tau2_ci="none"
        )
        row = ours.to_frame().iloc[0]
        for name, key in PLAIN.items():
            # metafor prints a prediction interval under a common effect too: the interval itself.
            absent = model == "common" and name in ("pi_low", "pi_high", "tau2_se")
            if _usable(theirs.get(key)) and not absent:
                yield Comparison(dataset, analysis, name, float(row[name]), float(theirs[key]))


def _spread(dataset: str) -> Iterator[Comparison]:
    table, results = inputs(dataset), reference(dataset)
    ours = meta_analysis(table, tau2_ci="q_profile")
    theirs = results["tau2_ci_QP"]
    assert ours.tau2_ci is not None
    assert ours.i2_ci is not None
    for place, side in enumerate(("low", "high")):
        for name, limits, key in (("tau2", ours.tau2_ci, "tau2"), ("i2", ours.i2_ci, "I2")):
            yield Comparison(
                dataset, "Q-profile", f"{name}_{side}", limits[place], theirs[key][place + 1]
            )
    for label, mine, weight in zip(
        ours.weights.index, ours.weights, results["weights_REML"], strict=True
    ):
        yield Comparison(dataset, "REML weights", str(label), float(mine), float(weight))


def _regressions(dataset: str) -> Iterator[Comparison]:
    table, results = inputs(dataset), reference(dataset)
    if "reg_vars" not in results:
        return
    moderators = results["reg_vars"]
    formula = "~ " + " + ".join([moderators] if isinstance(moderators, str) else moderators)
    for analysis, theirs in results.items():
        parts = analysis.split("_")
        if len(parts) != 3 or parts[0] != "reg" or parts[1] not in TAU2 or "error" in theirs:
            continue
        ours = meta_regression(table, formula, tau2=TAU2[parts[1]], ci=CI[parts[2]])
        for name in COEFFICIENT:
            for term, mine, value in zip(
                ours.coefficients.index,
                ours.coefficients[name],
                theirs[PLAIN[name]],
                strict=True,
            ):
                yield Comparison(dataset, analysis, f"{name} of {term}", float(mine), float(value))
        for name, key in REGRESSION.items():
            mine = getattr(ours, name)
            if _usable(theirs.get(key)) and mine is not None:
                yield Comparison(dataset, analysis, name, float(mine), float(theirs[key]))


def _subgroups(dataset: str) -> Iterator[Comparison]:
    results = reference(dataset)
    if "subgroups_by" not in results:
        return
    by = results["subgroups_by"]
    table = inputs(dataset)
    sizes = table[by].value_counts()
    compared = table[table[by].isin(sizes[sizes > 1].index)]  # as metafor's script compared them
    if compared[by].nunique() < 2:
        return
    ours = subgroup_analysis(compared, by=by, ci="wald")
    for label, fit in ours.groups.items():
        theirs = results["subgroups_REML_separate"][label]
        for name in ("estimate", "std_error", "tau2", "q"):
            mine = float(getattr(fit, name))
            value = float(theirs[PLAIN[name]])
            yield Comparison(dataset, f"subgroup {label}", name, mine, value)
    theirs = results["subgroups_between_separate"]
    yield Comparison(dataset, "between subgroups", "q", ours.q_between, theirs["Q_between"])
    yield Comparison(dataset, "between subgroups", "p_value", ours.p_value, theirs["p"])


def table() -> pd.DataFrame:
    """Return the largest difference of every analysis of every data set."""
    rows = pd.DataFrame(
        [(*one[:3], one.difference) for dataset in datasets() for one in comparisons(dataset)],
        columns=["dataset", "analysis", "quantity", "difference"],
    )
    worst = rows.loc[rows.groupby(["dataset", "analysis"])["difference"].idxmax()]
    counts = rows.groupby(["dataset", "analysis"]).size().rename("numbers compared")
    return worst.join(counts, on=["dataset", "analysis"]).reset_index(drop=True)


if __name__ == "__main__":
    print(table().to_string(index=False, float_format="{:.1e}".format))
