"""Figures drawn in threads are those drawn one after another, and leave no setting behind."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import faulthandler, hashlib, json, warnings
from concurrent.futures import ThreadPoolExecutor
faulthandler.enable()
import matplotlib
import numpy as np, pandas as pd, synthesis as syn
from synthesis.plots.drawing.save import rendered

rng = np.random.default_rng(1)
fits = [  # made up
    syn.meta_analysis(
        pd.DataFrame(
            {
                "study": [f"Study number {j} of {i}" for j in range(40)],
                "yi": rng.normal(0, 1, 40),
                "vi": rng.uniform(0.05, 0.2, 40),
            }
        ),
        measure="smd",
    )
    for i in range(16)
]
STYLES = ["revman", "jama", "bmj", "plain"]


def draw(i):
    figure = syn.forest(fits[i], style=STYLES[i % 4])
    drawn = figure._picture().files["png"] if i % 3 else rendered(figure, ("svg", "pdf")[i % 2])
    return hashlib.sha256(drawn).hexdigest()


settings, filters = dict(matplotlib.rcParams), list(warnings.filters)
with ThreadPoolExecutor(4) as pool:
    together = list(pool.map(draw, range(16)))
print(
    json.dumps(
        {
            "together": together,
            "apart": [draw(i) for i in range(16)],
            "settings": dict(matplotlib.rcParams) == settings,
            "filters": list(warnings.filters) == filters,
        }
    )
)
"""


def test_figures_drawn_in_threads_are_those_drawn_one_after_another() -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr  # a crash ends the interpreter
    found = json.loads(told.stdout)
    assert found["together"] == found["apart"]
    assert found["settings"]
    assert found["filters"]
