"""Answers and judgements of made-up studies: synthetic throughout."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import synthesis as syn

LOW = {
    "1.1": "Y",
    "1.2": "Y",
    "1.3": "N",
    "2.1": "N",
    "2.2": "N",
    "2.3": "NA",
    "2.4": "NA",
    "2.5": "NA",
    "2.6": "Y",
    "2.7": "NA",
    "3.1": "Y",
    "3.2": "NA",
    "3.3": "NA",
    "3.4": "NA",
    "4.1": "N",
    "4.2": "N",
    "4.3": "N",
    "4.4": "NA",
    "4.5": "NA",
    "5.1": "Y",
    "5.2": "N",
    "5.3": "N",
}
"""A result at low risk in every domain."""

JUDGED_LOW = dict.fromkeys(["D1", "D2", "D3", "D4", "D5", "overall"], "low")


Row = Callable[..., dict[str, str]]


@pytest.fixture
def row() -> Row:
    """Return a function that makes rows of the template."""

    def make(study: str, **changed: str) -> dict[str, str]:
        """Return a row, low everywhere apart from what is changed: ``q1_1`` is 1.1."""
        cells = {
            name.lstrip("q").replace("__", " ").replace("_", "."): one
            for name, one in changed.items()
        }
        return {"study": study, "outcome": "pain", **LOW, **JUDGED_LOW, **cells}

    return make


@pytest.fixture
def synthetic() -> pd.DataFrame:
    """Four synthetic studies with effects."""
    return pd.DataFrame({"study": list("ABCD"), "yi": [0.1, 0.3, 0.8, 0.5], "vi": 0.04})


@pytest.fixture
def judged(row: Row) -> syn.RiskOfBias:
    """Judgements of the four: low, some concerns in D1, high in D3, low."""
    rows = [
        row("A"),
        row("B", q1_2="NI", D1="some concerns", overall="some concerns"),
        row("C", q3_1="N", q3_2="N", q3_3="Y", q3_4="Y", D3="high", overall="high"),
        row("D"),
    ]
    return syn.RiskOfBias.read(pd.DataFrame(rows))
