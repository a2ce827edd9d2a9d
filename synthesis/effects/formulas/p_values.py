"""p-values as papers print them: a number, a bound, or just "not significant"."""

from __future__ import annotations

import numpy as np
import pandas as pd

RULE = "p must be a number between 0 and 1, a bound such as <0.05, or NS"

_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[eE][-−]?\d+)?"
_FORM = rf"^(?:p\s*)?(?P<sign>[=<>≤≥]?)\s*(?P<number>{_NUMBER})$"
_NOT_SIGNIFICANT = {"ns", "n.s.", "n.s", "not significant", "non-significant"}


def parse_p_values(cells: pd.Series) -> pd.DataFrame:
    """Read a column of printed p-values.

    Parameters
    ----------
    cells : Series
        Numbers or text such as ``0.03``, ``= .03``, ``<0.001``, ``NS``.

    Returns
    -------
    DataFrame
        `exact`, `below` (the bound of "<"), both NaN where there is none; `useless`, true for
        "NS" and for lower bounds such as ">0.05"; and `wrong`, true for anything that is not a
        p-value.

    Examples
    --------
    >>> parse_p_values(pd.Series(["0.03", "<0.05", "NS", "often"]))
       exact  below  useless  wrong
    0   0.03    NaN    False  False
    1    NaN   0.05    False  False
    2    NaN    NaN     True  False
    3    NaN    NaN    False   True
    """
    # The same few values occur in many rows; each is read once.
    codes, values = pd.factorize(cells.astype("string"), use_na_sentinel=False)
    read = _read(pd.Series(values, dtype="string"))
    return read.iloc[codes].set_axis(cells.index)


def _read(cells: pd.Series) -> pd.DataFrame:
    text = cells.str.strip().fillna("").str.lower()
    parts = text.str.replace("−", "-", regex=False).str.extract(_FORM)
    number = pd.to_numeric(parts["number"], errors="coerce").to_numpy(float, na_value=np.nan)
    sign = parts["sign"].fillna("")
    possible = (number >= 0) & (number <= 1)
    is_below = sign.isin(["<", "≤"]).to_numpy(bool)
    is_above = sign.isin([">", "≥"]).to_numpy(bool)
    not_significant = text.isin(_NOT_SIGNIFICANT).to_numpy(bool)
    return pd.DataFrame(
        {
            "exact": np.where(possible & ~is_below & ~is_above & (number > 0), number, np.nan),
            "below": np.where(possible & is_below & (number > 0), number, np.nan),
            # "0.000" is a rounded number, which gives only an upper bound.
            "useless": not_significant | (possible & is_above) | (number == 0),
            "wrong": (text != "").to_numpy(bool) & ~possible & ~not_significant,
        }
    )
