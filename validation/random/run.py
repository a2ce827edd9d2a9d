"""Hundreds of random data sets, made to be difficult, through metafor and through Arrowroot.

The sets are synthetic: 2 to 24 studies, variances over three to seven decades, no heterogeneity or
a great deal, outliers, effects from thousandths to hundreds. Needs R with metafor; prints, for
every estimator, the largest difference, and every set on which the two disagree with the
(restricted) likelihood of either.

Usage: python validation/random/run.py [number of sets] [seed]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

import synthesis as syn

QUANTITIES = ("estimate", "std_error", "tau2", "i2", "q", "log_likelihood")
SPREADS = (0.0, 0.1, 0.3, 1.0, 3.0)
AGREE = 1e-6
"""In units of the standard error, of the mean variance for tau2, of one percent for I2."""


def invent(sets: int, seed: int) -> pd.DataFrame:
    """Return synthetic effects: columns ``set study yi vi``."""
    draw = np.random.default_rng(seed)
    tables = []
    for number in range(sets):
        k, kind = int(draw.integers(2, 25)), number % len(SPREADS)
        variances = 10 ** draw.uniform(-7 if kind == 1 else -3, 0.3, k)
        effects = draw.normal(0.3, 1, k) * np.sqrt(variances + SPREADS[kind] ** 2)
        effects[0] += 10 if kind == 3 else 0
        size = 10 ** draw.uniform(-1.5, 1)
        table = pd.DataFrame({"yi": (effects * size).round(6)})
        table["vi"] = np.maximum((variances * size**2).round(9), 1e-9)
        table.insert(0, "study", [f"study {place + 1}" for place in range(k)])
        table.insert(0, "set", number)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def by_metafor(effects: pd.DataFrame) -> pd.DataFrame:
    """Run the R script beside this file."""
    script = Path(__file__).with_name("sets.R")
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "effects.csv", Path(folder) / "results.csv"
        effects.to_csv(given, index=False)
        subprocess.run(["Rscript", str(script), str(given), str(found)], check=True)
        return pd.read_csv(found)


def differences(effects: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Return one row per fit: by how much each quantity differs, and both likelihoods."""
    sets = dict(iter(effects.groupby("set")))
    rows = []
    for their in theirs.to_dict("records"):
        data = sets[their["set"]]
        ci = {"z": "wald", "knha": "hksj"}[their["test"]]
        fit = syn.meta_analysis(data, measure="generic", tau2=their["method"], ci=ci)
        units = dict.fromkeys(QUANTITIES, 1.0)
        units |= {"estimate": fit.std_error, "std_error": fit.std_error, "tau2": data["vi"].mean()}
        units["q"] = max(fit.q, 1.0)
        row = {name: abs(getattr(fit, name) - their[name]) / units[name] for name in QUANTITIES}
        likelihoods = {"our_likelihood": fit.log_likelihood, "theirs": their["log_likelihood"]}
        rows.append({key: their[key] for key in ("set", "method", "test")} | row | likelihoods)
    return pd.DataFrame(rows)


if __name__ == "__main__":
    sets, seed = (int(given) for given in (sys.argv[1:] + ["300", "1"][len(sys.argv) - 1 :]))
    effects = invent(sets, seed)
    found = differences(effects, by_metafor(effects))
    apart = (found[list(QUANTITIES)] > AGREE).any(axis=1)
    print(f"{len(found):,} fits of {sets} synthetic sets; {apart.sum()} beyond {AGREE:g}.")
    print("Largest difference among the others, by estimator:")
    print(found[~apart].groupby("method")[list(QUANTITIES)].max().to_string(float_format="%.1e"))
    if apart.any():
        print("\nApart:")
        print(found[apart].to_string(index=False))
