"""Combined p-values against the formulas themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from arrowroot.errors import DataError, OptionError
from synthesis.pooling.combine import combine_p_values

P = [0.01, 0.20, 0.60, 0.04]


def table(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"study": list("ABCD"), "p": P, "n": [50, 100, 400, 20], **columns})


@pytest.mark.parametrize("method", ["stouffer", "fisher"])
def test_as_scipy(method: str) -> None:
    combined = combine_p_values(table(), method=method)
    assert combined.p_value == pytest.approx(stats.combine_pvalues(P, method=method).pvalue)


def test_weights() -> None:
    weighted = combine_p_values(table(), weights="n")
    expected = stats.combine_pvalues(P, method="stouffer", weights=np.array([50, 100, 400, 20]))
    assert weighted.p_value == pytest.approx(expected.pvalue)
    assert "says nothing about its size" in weighted._repr_html_()


def test_messages() -> None:
    with pytest.raises(DataError) as caught:
        combine_p_values(table(p=[0.0, 0.5, 1.2, 0.3]))
    assert str(caught.value) == (
        "p must lie strictly between 0 and 1; got 0.0 for study 'A', 1.2 for study 'C'."
    )
    with pytest.raises(OptionError, match=r"method \(with weights\) must be one of 'stouffer'"):
        combine_p_values(table(), method="fisher", weights="n")
    with pytest.raises(DataError, match="n must be > 0"):
        combine_p_values(table(n=[1, 2, 0, 4]), weights="n")
    with pytest.raises(DataError, match="the table has no rows"):
        combine_p_values(table().iloc[:0])
