from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis

METAFOR = Path(__file__).parents[3] / "validation" / "metafor"
DATA_SETS = (
    *("bangertdrowns2004", "baskerville2012", "bcg", "curtis1998", "egger2001", "gibson2002"),
    *("hackshaw1998", "molloy2014", "normand1999", "raudenbush1985"),
)

TOLERANCE = 1e-7
"""Relative to the larger of 1 and the value. metafor's estimates were run to a step of 1e-10 in
tau2 (ours are exact to the optimum); what follows from tau2 inherits an error of about that."""


class Reference(NamedTuple):
    """One data set with metafor's results, from models.R and from diagnostics.R."""

    name: str
    table: pd.DataFrame
    results: Mapping[str, Any]
    more: Mapping[str, Any]

    def fit(self, **choices: Any) -> MetaAnalysis:
        """Fit with Wald intervals, as the reference values were, unless told otherwise."""
        return meta_analysis(self.table, **{"ci": "wald", **choices})


def read(name: str) -> Reference:
    return Reference(
        name,
        pd.read_csv(METAFOR / "models" / f"{name}.csv"),
        json.loads((METAFOR / "models" / f"{name}.json").read_text()),
        json.loads((METAFOR / "diagnostics" / f"{name}.json").read_text()),
    )


@pytest.fixture(params=DATA_SETS)
def reference(request: pytest.FixtureRequest) -> Reference:
    return read(request.param)


@pytest.fixture
def reference_named() -> Callable[[str], Reference]:
    return read


@pytest.fixture
def close() -> Callable[[Any, Any], bool]:
    """Whether two numbers or arrays agree, relative to the larger of 1 and the value."""

    def compare(ours: Any, theirs: Any) -> bool:
        a, b = np.asarray(ours, float), np.asarray(theirs, float)
        return a.shape == b.shape and bool(
            np.all(np.abs(a - b) <= TOLERANCE * np.maximum(1, np.abs(b)))
        )

    return compare
