from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[3] / "validation" / "metafor" / "effect_sizes"


@pytest.fixture
def metafor() -> Callable[[str], tuple[pd.DataFrame, dict[str, dict[str, np.ndarray]]]]:
    """Return inputs and escalc's results of one reference set."""

    def read(name: str) -> tuple[pd.DataFrame, dict[str, dict[str, np.ndarray]]]:
        results = json.loads((REFERENCE / f"{name}.json").read_text())["results"]
        arrays = {
            measure: {column: np.array(values, float) for column, values in result.items()}
            for measure, result in results.items()
        }
        return pd.read_csv(REFERENCE / f"{name}.csv"), arrays

    return read
