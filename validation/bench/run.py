"""How fast Arrowroot is, as ratios to R's metafor measured in the same run.

``make bench``. The data are synthetic, seeded and of the stated sizes; the studies of the BCG
vaccine trials are real. Without R and metafor, Arrowroot's own times are printed alone.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import synthesis as syn
from synthesis.pooling.engine.batch import Choices, pool_ragged

ANALYSES = 100_000
ANALYSES_IN_R = 2_000
REPEATS = 200
SUBSETS = 1_000_000


def many(rng: np.random.Generator) -> pd.DataFrame:
    """Return synthetic analyses of 2 to 40 studies, their geometric mean about 10."""
    sizes = np.exp(rng.uniform(np.log(2), np.log(40), ANALYSES)).round().astype(int)
    total = int(sizes.sum())
    tau = np.repeat(rng.choice([0.0, 0.1, 0.3], ANALYSES), sizes)
    vi = rng.uniform(0.01, 0.3, total)
    return pd.DataFrame(
        {
            "analysis": np.repeat(np.arange(ANALYSES), sizes),
            "yi": rng.normal(0.2, np.sqrt(vi + tau**2)),
            "vi": vi,
        }
    )


def nested(rng: np.random.Generator) -> pd.DataFrame:
    """Return 1,653 synthetic effects in 126 articles."""
    sizes = rng.multinomial(1653 - 126, np.ones(126) / 126) + 1
    cluster = np.repeat(np.arange(126), sizes)
    vi = rng.uniform(0.01, 0.2, len(cluster))
    yi = 0.3 + rng.normal(0, 0.3, 126)[cluster] + rng.normal(0, np.sqrt(0.05 + vi))
    return pd.DataFrame({"cluster": cluster, "effect": np.arange(len(cluster)), "yi": yi, "vi": vi})


def seconds(task: Callable[[], object], repeats: int = 3) -> float:
    """Return the best of several runs."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        best = min(best, time.perf_counter() - start)
    return best


def import_seconds(code: str) -> float:
    """Return the time that a fresh interpreter takes for an import, the best of five."""
    return seconds(lambda: subprocess.run([sys.executable, "-c", code], check=True), 5)


def peak_of_sampled_subsets() -> float:
    """Return the peak memory, in MiB, of a fresh interpreter that samples many subsets."""
    code = (
        "import resource, numpy as np, pandas as pd, synthesis as syn;"
        "rng = np.random.default_rng(1);"
        "d = pd.DataFrame({'study': [f'S{i}' for i in range(25)], 'yi': rng.normal(0, 1, 25),"
        " 'vi': rng.uniform(.1, .5, 25)});"
        "fit = syn.meta_analysis(d, ci='wald');"
        f"syn.gosh(fit, subsets={SUBSETS}, seed=1);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout.strip().splitlines()[-1])


def metafor(folder: Path) -> pd.DataFrame | None:
    """Return metafor's times on the same data, or None where it is not installed."""
    if shutil.which("Rscript") is None:
        return None
    script = Path(__file__).with_name("bench.R")
    done = subprocess.run(
        ["Rscript", str(script), str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        print("metafor could not be run:", done.stderr.strip().splitlines()[-1:])
        return None
    return pd.read_csv(folder / "metafor.csv").set_index("task")


def main() -> None:
    """Run every task and print the table."""
    rng = np.random.default_rng(20261122)
    table, effects = many(rng), nested(rng)
    bcg = syn.effect_sizes(syn.datasets.load("bcg"), measure="rr")
    fit = syn.meta_analysis(bcg)
    wald = syn.meta_analysis(bcg, ci="wald")
    regression = syn.meta_regression(bcg, "~ ablat", ci="wald")
    y, v = table["yi"].to_numpy(), table["vi"].to_numpy()
    sizes = np.bincount(table["analysis"])

    def again() -> None:
        for _ in range(REPEATS):
            syn.meta_analysis(bcg)

    ours = {
        "arrays": (seconds(lambda: pool_ragged(y, v, sizes, Choices())), ANALYSES),
        "many": (seconds(lambda: syn.meta_analyses(table, by="analysis")), ANALYSES),
        "one": (seconds(again), REPEATS),
        "gosh": (seconds(lambda: syn.gosh(wald)), 8191),
        "permutation": (seconds(lambda: regression.permutation_test(1000, seed=1)), 1000),
        "three_level": (seconds(lambda: syn.three_level(effects, cluster="cluster")), 1),
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table[table["analysis"] < ANALYSES_IN_R].to_csv(folder / "many.csv", index=False)
        fit.studies.to_csv(folder / "bcg.csv", index=False)
        effects.to_csv(folder / "nested.csv", index=False)
        theirs = metafor(folder)

    labels = {
        "arrays": f"{ANALYSES:,} meta-analyses in arrays, REML + HKSJ + PI",
        "many": f"{ANALYSES:,} meta-analyses from a pandas table",
        "one": "one meta-analysis, with its tau2 interval",
        "gosh": "GOSH: all 8,191 subsets of 13 studies, REML",
        "permutation": "permutation test of a meta-regression, 1,000 shuffles",
        "three_level": f"three-level REML, {len(effects):,} effects in 126 articles",
    }
    print(f"{'task':58}{'in all':>11}{'each':>12}{'metafor, each':>16}{'ratio':>9}")
    for task, (total, units) in ours.items():
        each = total / units
        line = f"{labels[task]:58}{total:9.3f} s{each * 1e6:9.1f} µs"
        peer = "many" if task == "arrays" else task
        if theirs is not None:
            other = float(theirs.loc[peer, "seconds"] / theirs.loc[peer, "units"])
            line += f"{other * 1e6:13.1f} µs{other / each:8.0f}x"
        print(line)
    added = import_seconds("import pandas, synthesis") - import_seconds("import pandas")
    print(f"import synthesis adds {added:.3f} s to importing pandas")
    print(f"{SUBSETS:,} sampled subsets of 25 studies: peak {peak_of_sampled_subsets():.0f} MiB")
    if theirs is None:
        print("No ratios: install R with the package metafor (Debian: r-cran-metafor) for them.")


if __name__ == "__main__":
    main()
