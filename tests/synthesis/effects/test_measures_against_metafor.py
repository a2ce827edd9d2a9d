"""Every measure of metafor 3.8's escalc, by its code, from the same tables.

The tables are made, partly awkward: zero cells, tiny arms, negative means. Tolerance 1e-12,
relative: both sides evaluate closed formulas in double precision, and the files carry 15 digits.
metafor finds tetrachoric correlations by a search that stops at about 1e-4; there the root of the
bivariate normal probability to 12 digits is compared (1e-9).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from synthesis.effects.effect_sizes import effect_sizes
from synthesis.measures import MEASURES, measure_named

REFERENCE = Path(__file__).parents[3] / "validation" / "metafor" / "measures"

ARMS = {
    "m1": "mean_t",
    "sd1": "sd_t",
    "n1": "n_t",
    "m2": "mean_c",
    "sd2": "sd_c",
    "n2": "n_c",
}
PAIRS = {"ai": "pairs_both", "bi": "pairs_t", "ci": "pairs_c", "di": "pairs_neither"}
PREDICTORS = {"m": "predictors", "r2": "r_squared"}

NAMES = {
    "alpha": {"m": "items"},
    "change": {"m_post": "mean_post", "m_pre": "mean_pre"},
    "correlations": {},
    "matched": PAIRS,
    "means": ARMS,
    "partial": PREDICTORS,
    "semipartial": PREDICTORS,
    "proportions": {"x": "events"},
    "rates": {"x1": "events_t", "t1": "time_t", "x2": "events_c", "t2": "time_c"},
    "single_means": {},
    "single_means_negative": {},
    "single_rates": {"x": "events", "t": "person_time"},
    "twobytwo": {"ai": "events_t", "ci": "events_c"},
    "matched_marginal": {"ai": "events_t", "ci": "events_c"},
}
"""Our columns for those of each table."""

OPTIONS = {
    "all": {"zero_cells": "all"},
    "none": {"zero_cells": "none"},
    **{form: {"variance": form.lower()} for form in ("HO", "UB", "LS2", "AV", "AVHO", "CS")},
}
"""Our options for metafor's `to` and `vtype`."""


def table(name: str) -> pd.DataFrame:
    """Return the table in our columns, with the sizes of arms from the four cells."""
    given = pd.read_csv(REFERENCE / f"{name}.csv")
    sheet = given.rename(columns=NAMES[name])
    if name in ("twobytwo", "matched_marginal"):
        sheet["n_t"], sheet["n_c"] = given["ai"] + given["bi"], given["ci"] + given["di"]
    if name == "matched":
        sheet = sheet.drop(columns="r")
    return sheet


def cases() -> list[tuple[str, str]]:
    return [
        (path.stem, key)
        for path in sorted(REFERENCE.glob("*.json"))
        for key in json.loads(path.read_text())["measures"]
        if key != "RTET_exact"
    ]


def expected(name: str, key: str) -> tuple[np.ndarray, np.ndarray]:
    measures = json.loads((REFERENCE / f"{name}.json").read_text())["measures"]
    found = measures[key]
    yi, vi = (np.array([np.nan if v is None else v for v in found[c]]) for c in ("yi", "vi"))
    if key == "RTET":
        exact = [np.nan if v is None else v for v in measures["RTET_exact"]["yi"]]
        yi = np.array(exact)
    known = np.isfinite(yi) & np.isfinite(vi) & (vi > 0)
    return np.where(known, yi, np.nan), np.where(known, vi, np.nan)


@pytest.mark.parametrize(("name", "key"), cases())
def test_escalc(name, key):
    code, *rest = key.split("_")
    options = OPTIONS[rest[-1]] if rest else {}
    sheet = table(name)
    es = effect_sizes(sheet, code, refused="keep", **options)
    yi, vi = expected(name, key)
    if code == "PETO":
        # To a table with a zero metafor adds 1/2, which the method does not need.
        cells = pd.read_csv(REFERENCE / f"{name}.csv")[["ai", "bi", "ci", "di"]]
        kept = (cells > 0).all(axis=1).to_numpy()
        es, yi, vi = es[kept], yi[kept], vi[kept]
    known = ~np.isnan(yi)
    assert known.any()
    ours = es["yi"].to_numpy()
    np.testing.assert_allclose(
        ours[known], yi[known], rtol=1e-9 if code == "RTET" else 1e-12, atol=1e-15
    )
    np.testing.assert_allclose(
        es["vi"].to_numpy()[known], vi[known], rtol=1e-4 if code == "RTET" else 1e-12
    )
    # Where metafor has no effect or a variance of 0, ours may have none, and says why.
    silent = np.isnan(ours)
    assert not (silent & known).any()
    if silent.any():
        assert (es.loc[silent, "reason"] != "").all()


def test_every_code_leads_to_one_measure_in_any_case():
    for measure in MEASURES.values():
        for written in (measure.name, measure.name.upper(), measure.code, measure.code.lower()):
            if not written:
                continue
            assert measure_named(written) is measure
    assert measure_named("D2ORL") is measure_named("d2or")
    assert measure_named("or2dl") is measure_named("OR2D")
