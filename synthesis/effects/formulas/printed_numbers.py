"""What printed numbers stand for: intervals, 0.07 for 0.065 to 0.075, and p-values in any form.

A p-value is printed as a number, as a bound, or as just "not significant".
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthesis.effects.sheet.numbers import BLANK

MOST_DECIMALS = 12
"""No paper prints more decimals than this; they come from a computation."""
RULE = "p must be a number between 0 and 1, a bound such as <0.05, or NS"

_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[eE][-−]?\d+)?"
_P = r"(?:p(?:[\s-]*value)?\s*:?\s*)?"
_FORM = rf"^{_P}(?P<sign>[=<>≤≥]?)\s*(?P<number>{_NUMBER})$"
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NOT_SIGNIFICANT = {
    *("ns", "not significant", "nonsignificant", "non significant", "not sig", "non sig"),
    *("not statistically significant", "statistically not significant"),
}
_RESPELLED = {
    **dict.fromkeys(("⩽", "≦", "<=", "=<", "≤"), "≤"),
    **dict.fromkeys(("⩾", "≧", ">=", "=>", "≥"), "≥"),
    **dict.fromkeys(("·", "∙", "‧", ","), "."),
    "−": "-",
    "&lt;": "<",
    "&gt;": ">",
}
"""What a p-value may be written with, and what it is read as: a p has no thousands."""


def half_units(*columns: np.ndarray) -> np.ndarray:
    """Return half a unit in the last decimal place shown by any of a row's numbers.

    Numbers in one row are assumed to be printed to the same number of decimals, the most that any
    of them shows, since trailing zeros are lost when a sheet is read.

    Parameters
    ----------
    *columns : ndarray
        Printed numbers, an element a row, NaN where blank.

    Examples
    --------
    >>> half_units(np.array([0.07, 2.0]), np.array([0.1, 3.0]))
    array([0.005, 0.5  ])
    """
    decimals = np.max([_decimals(column) for column in columns], axis=0)
    # The tiny allowance is for halves that binary fractions cannot represent.
    return np.asarray((0.5 + 1e-9) * 10.0**-decimals)


def _decimals(values: np.ndarray) -> np.ndarray:
    """Return how many decimals each number has; 0 where blank."""
    decimals = np.zeros(values.shape)
    unread = np.isfinite(values)
    for shown in range(MOST_DECIMALS):
        scale = np.abs(values) * 10.0**shown
        unread &= ~(np.abs(scale - np.round(scale)) <= 1e-9 * np.maximum(scale, 1e-9))
        decimals += unread
    return decimals


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
        "NS", for 0 and for lower bounds such as ">0.05"; `wrong`, true for anything that is not a
        p-value; `rounded`, the bound below which a p printed as "0.000" lies, half a unit of its
        last decimal; and `zero`, true for a 0 without decimals.

    Examples
    --------
    >>> parse_p_values(pd.Series(["0.03", "<0.05", "NS", "often"]))
       exact  below  useless  wrong  rounded   zero
    0   0.03    NaN    False  False      NaN  False
    1    NaN   0.05    False  False      NaN  False
    2    NaN    NaN     True  False      NaN  False
    3    NaN    NaN    False   True      NaN  False
    >>> parse_p_values(pd.Series([".000"]))["rounded"].tolist()
    [0.0005]
    """
    # The same few values occur in many rows; each is read once.
    codes, values = pd.factorize(cells.astype("string"), use_na_sentinel=False)
    read = _read(pd.Series(values, dtype="string"))
    return read.iloc[codes].set_axis(cells.index)


def _read(cells: pd.Series) -> pd.DataFrame:
    # Letters and signs of full width are those of Chinese and Japanese keyboards.
    text = cells.fillna("").str.translate(_FULL_WIDTH).str.strip().str.lower()
    text = text.where(~text.isin(BLANK), "")
    plain = text
    for written, read in _RESPELLED.items():
        plain = plain.str.replace(written, read, regex=False)
    parts = plain.str.extract(_FORM)
    number = pd.to_numeric(parts["number"], errors="coerce").to_numpy(float, na_value=np.nan)
    sign = parts["sign"].fillna("")
    possible = (number >= 0) & (number <= 1)
    is_below = sign.isin(["<", "≤"]).to_numpy(bool)
    is_above = sign.isin([">", "≥"]).to_numpy(bool)
    # Statistics programs print .000 for any p below 0.0005; a lone 0 does not say how far.
    is_zero = number == 0
    decimals = parts["number"].str.extract(r"^0?\.(0+)$")[0].str.len()
    half = 0.5 * 10.0 ** -decimals.to_numpy(float, na_value=np.nan)
    # Read from a number, 0.0 was any zero.
    shown = decimals.to_numpy(float, na_value=np.nan) > 1
    rounded = np.where(is_zero & ~is_above & shown, half.round(15), np.nan)
    words = text.str.replace(rf"^{_P}=?\s*", "", regex=True).str.replace(
        r"[.\s-]+", " ", regex=True
    )
    words = words.str.strip().str.replace("n s", "ns", regex=False)
    not_significant = words.isin(_NOT_SIGNIFICANT).to_numpy(bool)
    return pd.DataFrame(
        {
            "exact": np.where(possible & ~is_below & ~is_above & (number > 0), number, np.nan),
            "below": np.where(possible & is_below & (number > 0), number, np.nan),
            "useless": not_significant | (possible & is_above) | is_zero,
            "wrong": (text != "").to_numpy(bool) & ~possible & ~not_significant,
            "rounded": rounded,
            "zero": is_zero & np.isnan(rounded) & ~is_above,
        }
    )
