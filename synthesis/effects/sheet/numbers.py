"""Numbers as reviewers write them in a sheet, and what to do about cells that are none."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from synthesis import checks

BLANK = {
    *("", "na", "n/a", "n.a.", "nan", "nr", "n/r", "n.r.", "not reported"),
    *("-", "–", "—"),
}
"""How reviewers write that a number is not reported; compared in lower case."""

DECIMALS = (".", ",")

COMMA = "if the comma is a decimal mark, read the sheet with decimal=','"

_HINTS = (
    (r"[-−+]?\d{1,3}(,\d{3})+", f"{COMMA}; if it separates thousands, remove it"),
    (r"[-−+]?\d+,\d+", COMMA),
    (r"[-−+]?\d{1,3}([.,\s'’]\d{3})+([.,]\d+)?", "remove the thousands separators"),
    (r".*\d\s*%", "write the number without the percent sign"),
    (
        r"\d{4}-\d\d-\d\d( 00:00:00)?|\d{1,2}[.\s-]+[^\W\d]{3,9}\.?",
        "a date; look the number up in the paper",
    ),
    (
        r"[-−+]?[\d.]+\s*(±|\+/-|\+-)\s*[\d.]+\)?|[-−+]?[\d.]+\s*[(\[][^()\[\]]+[)\]]",
        "two numbers; give each its own column, such as mean_t and sd_t",
    ),
    (
        r"[(\[]?[-−+]?[\d.]+\s*(-|–|—|to|;)\s*[-−+]?[\d.]+[)\]]?",
        "a range; give each end its own column, such as ci_low and ci_high",
    ),
    (r"[<>≤≥~≈=]\s*[\d.]+", "write the number alone; a bound is possible for p only"),
    (r"[?.]+", "where nothing is reported, leave the cell blank"),
)
"""What non-numeric cells look like, and what to do about them; the first match is used."""

_THOUSANDS = r"[-−+]?[1-9]\d{0,2}(\.\d{3})+"


def is_number(cells: pd.Series) -> bool:
    """Return whether a column holds numbers already, rather than text or booleans."""
    return pd.api.types.is_numeric_dtype(cells) and cells.dtype.kind in "iuf"


def read_numbers(cells: pd.Series, decimal: str = ".") -> tuple[np.ndarray, np.ndarray]:
    """Return a column as numbers, NaN where blank, and which cells are neither."""
    numbers = checks.as_numbers(cells).copy()
    if decimal == ",":
        numbers = np.full(numbers.shape, np.nan)
    filled = (cells.notna() & (cells != "")).to_numpy(bool)
    unclear = np.flatnonzero(filled & ~np.isfinite(numbers))
    bad = np.zeros(numbers.shape, dtype=bool)
    if not len(unclear):
        return numbers, bad
    held = cells.iloc[unclear].tolist()
    text = [str(cell).strip() for cell in held]
    blank = np.array([one.lower() in BLANK for one in text])
    # A typeset minus sign is copied along with a number from a paper.
    plain = [one.replace("−", "-") for one in text]
    if decimal == ",":
        plain = [one.replace(",", ".") for one in plain]
    coerced = pd.to_numeric(pd.Series(plain, dtype="string"), errors="coerce")
    read = coerced.to_numpy(dtype=float, na_value=np.nan)
    # A year of pandas, say, would be read as the number that it is printed as.
    other = np.array([not isinstance(cell, str) for cell in held])
    bad[unclear] = other | (~blank & ~np.isfinite(read))
    numbers[unclear] = np.where(blank | bad[unclear], np.nan, read)
    return numbers, bad


def hints(cells: pd.Series, bad: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what to do about non-numeric cells, and to which cells it applies."""
    text = cells.astype("string").str.strip()
    left = bad.copy()
    for looks, advice in _HINTS:
        fits = left & text.str.fullmatch(looks).fillna(value=False).to_numpy(bool)
        yield f" ({advice})", fits
        left &= ~fits
    yield "", left


def with_comma(cells: pd.Series) -> np.ndarray:
    """Return which cells would be numbers but for a comma."""
    text = cells.astype("string").str.strip()
    looks = "|".join(f"({look})" for look, advice in _HINTS if advice.startswith(COMMA))
    return text.str.fullmatch(looks).fillna(value=False).to_numpy(bool)


def with_thousands(cells: pd.Series) -> np.ndarray:
    """Return which cells of a table with decimal commas contain a point as thousands separator.

    A workbook writes its own numbers with a point, so nothing can be inferred from it there.
    """
    if str(cells.attrs.get("source", "")).lower().endswith(".xlsx"):
        return np.zeros(len(cells), dtype=bool)
    written = cells.map(lambda cell: cell.strip() if isinstance(cell, str) else "")
    return written.str.fullmatch(_THOUSANDS).to_numpy(bool)
