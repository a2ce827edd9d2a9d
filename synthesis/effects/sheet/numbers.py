"""Numbers as reviewers write them in a sheet, and what to do about cells that are none."""

from __future__ import annotations

import re
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

ALONE = "write the number alone"

COMMA = "if the comma is a decimal mark, read the sheet with decimal=','"

_N = r"[-−–+]?(?:\d+(?:[.,·]\d+)?|[.,·]\d+)"
_MONTH = (
    r"(?:jan|feb|fév|fev|mar|mär|mrz|mrt|maa|apr|avr|abr|mai|may|maj|mag|mei|jun|juin|giu|jul|juil|"
    r"lug|aug|aoû|aou|ago|sep|set|oct|okt|ott|out|nov|dec|dez|déc|dic|gen|ene)[^\W\d]{0,6}\.?"
)
_BLANKS = (
    r"[?.…\-–—]+|n\.?\s?[ras]\.?|not (?:reported|available|given|stated|significant)|missing|none|"
    r"unknown|unclear|nil|null"
)
_COMMAS = (
    (r"[-−+]?\d{1,3}(,\d{3})+", f"{COMMA}; if it separates thousands, remove it"),
    (r"[-−+]?\d*,\d+", COMMA),
)

_HINTS = (
    (
        r".*[\u00ad\u200b-\u200f\u2060\ufeff].*",
        "type it again: it contains characters that are not seen",
    ),
    (r".*[٠-٩۰-۹०-९０-９].*", "write the digits 0 to 9"),
    *_COMMAS,
    (r"[-−+]?\d{1,3}([.,\s'’]\d{3})+([.,]\d+)?", "remove the thousands separators"),
    (r"[^()\[\]]*\d\s*%", "write the number without the percent sign"),
    (
        rf"\d{{4}}-\d\d-\d\d\b.*|(?:19|20)\d\d-\d\d|\d{{1,2}}[.\s/-]+{_MONTH}([.\s/-]+\d+)?"
        rf"|{_MONTH}[.\s/-]+\d+|\d{{1,2}}(?P<by>[./-])\d{{1,2}}(?P=by)(\d\d|\d{{4}})",
        "a date; look the number up in the paper",
    ),
    (r"#\S+[!?/]\S*", "a spreadsheet's error; correct its formula, or leave the cell blank"),
    (r"=.*[a-z(+*/:-].*", "enter what the formula gives"),
    (rf"{_N}\s*[x×*·]\s*10\s*\^?\s*[-−–⁻]?[\d⁰¹²³⁴-⁹]+", "write it as 5e-3 is written"),
    (r"[-−+]?\d*[·∙•‧]\d+", "write a decimal point"),
    (rf"[–—‒‐﹣－]\s*{_N}|[-−]\s+{_N}", "write a hyphen for a minus sign, without a space"),
    (
        rf"(?:[^\W\d]+\.?\s*)?{_N}\s*(?:±|\+/-|\+-|/|of|out of)\s*{_N}\D*(?:\d[^()]*)?\)?"
        rf"|(?:[^\W\d]+\.?\s*)?{_N}\s*[(\[][^()\[\]]*\d[^()\[\]]*[)\]]"
        rf"|{_N}[;,]?\s+[(\[]?{_N}\s*(?:-|–|—|to|;|,)\s*{_N}[)\]]?",
        "two numbers; give each its own column",
    ),
    (
        rf"[(\[]?{_N}\s*(?:-|–|—|to|;|,\s)\s*{_N}[)\]]?",
        "a range; give each end its own column, such as ci_low and ci_high",
    ),
    (
        rf"(?:[<>≤≥~≈=]+|about|approx\.?|approximately|circa|ca?\.)\s*{_N}|{_N}\s*\+",
        f"{ALONE}; a bound is possible for p only",
    ),
    (_BLANKS, "where nothing is reported, leave the cell blank"),
    (rf"\D*?{_N}\D*", f"{ALONE}, without a unit, a mark or brackets"),
)
"""What non-numeric cells look like, and what to do about them; the first match is used."""

_BESIDE = {
    "median": ("median", "q1", "q3"),
    "events": ("events", "n"),
    "n": ("events", "n"),
    "percent": ("events", "n"),
    "effect": ("effect", "ci_low", "ci_high"),
    **{f"mean{when}": (f"mean{when}", f"sd{when}") for when in ("_pre", "_post", "_change")},
}
"""The columns for what is printed together, by the first of them; a mean is beside its SD."""

_THOUSANDS = r"[-−+]?[1-9]\d{0,2}(\.\d{3})+"


def is_number(cells: pd.Series) -> bool:
    """Return whether a column holds numbers already, rather than text or booleans."""
    return pd.api.types.is_numeric_dtype(cells) and cells.dtype.kind in "iuf"


def begins_with_words(cells: pd.Series) -> bool:
    """Return whether the first cell that is not blank is text that no number begins as."""
    for cell in cells:
        if cell is None:
            continue
        if not isinstance(cell, str):
            return False
        text = cell.strip().lower()
        if text not in BLANK:
            return text[0].isalpha() and not text.startswith(("inf", "nan"))
    return False


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


def hints(name: str, cells: pd.Series, bad: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what to do about non-numeric cells of a column, and to which cells it applies."""
    text = cells.astype("string").str.strip()
    left = bad.copy()
    heading = left & (text == name).fillna(value=False).to_numpy(bool)
    yield " (a heading repeated; remove the row)", heading
    left &= ~heading
    stem, arm = (name[:-2], name[-2:]) if name.endswith(("_t", "_c")) else (name, "")
    *first, last = (f"{one}{arm}" for one in _BESIDE.get(stem, ("mean", "sd")))
    for looks, advice in _HINTS:
        fits = left & text.str.fullmatch(looks, flags=re.IGNORECASE).fillna(value=False).to_numpy(
            bool
        )
        such = (
            f", such as {', '.join(first)} and {last}" if advice.startswith("two numbers") else ""
        )
        yield f" ({advice}{such})", fits
        left &= ~fits
    yield "", left


def with_comma(cells: pd.Series) -> np.ndarray:
    """Return which cells would be numbers but for a comma."""
    text = cells.astype("string").str.strip()
    looks = "|".join(f"({look})" for look, _ in _COMMAS)
    return text.str.fullmatch(looks).fillna(value=False).to_numpy(bool)


def with_thousands(cells: pd.Series) -> np.ndarray:
    """Return which cells of a table with decimal commas contain a point as thousands separator.

    A workbook writes its own numbers with a point, so nothing can be inferred from it there.
    """
    if str(cells.attrs.get("source", "")).lower().endswith(".xlsx"):
        return np.zeros(len(cells), dtype=bool)
    written = cells.map(lambda cell: cell.strip() if isinstance(cell, str) else "")
    return written.str.fullmatch(_THOUSANDS).to_numpy(bool)
