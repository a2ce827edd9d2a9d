"""Discount rates: dated tables, since a treasury may change them, and the factors they give."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.options import is_number, is_whole, one_of

MOST_YEARS = 1000


@dataclass(frozen=True)
class DiscountRates:
    """A dated table of discount rates.

    Parameters
    ----------
    name : str
        What it is called.
    published : str
        When it was published; it applies until its publisher changes it.
    source : str
        Where it was read.
    bands : tuple of (int, int or None, float)
        First year, last year (None for no end) and rate, as a share: 0.035 is 3.5% a year. Years
        are counted from year 0, which is not discounted, and follow each other without a gap.
    about : str
        What it is for.

    Examples
    --------
    >>> own = DiscountRates("ours", "2026-11", "the funder's letter", ((0, None, 0.04),))
    >>> own.factors(2).round(4).tolist()
    [1.0, 0.9615, 0.9246]
    """

    name: str
    published: str
    source: str
    bands: tuple[tuple[int, int | None, float], ...]
    about: str = ""

    def __post_init__(self) -> None:
        """Check that years follow each other and rates are shares."""
        for name in ("name", "published", "source"):
            if not isinstance(getattr(self, name), str) or not getattr(self, name).strip():
                raise DataError(
                    f"{name}: say in words what the rates are called, when they were published "
                    f"and where; got {getattr(self, name)!r}."
                )
        bands = self.bands if isinstance(self.bands, list | tuple) else ()
        if not bands or not all(isinstance(one, list | tuple) and len(one) == 3 for one in bands):
            raise DataError(
                "bands: each is a first year, a last year (None for no end) and a rate, such as "
                f"((0, 30, 0.035), (31, None, 0.03)); got {self.bands!r}."
            )
        expected = 0
        for number, (first, last, rate) in enumerate(bands):
            open_end = last is None and number == len(self.bands) - 1
            if first != expected or not (open_end or (is_whole(last) and last >= first)):  # type: ignore[operator]
                raise DataError(
                    f"bands: years must begin at 0 and follow each other without a gap, such as "
                    f"((0, 30, 0.035), (31, None, 0.03)); band {number + 1} is {(first, last)}."
                )
            if not is_number(rate) or not 0 <= rate < 1:
                hint = f" For {rate} percent write {rate / 100:g}." if is_number(rate) else ""
                raise DataError(
                    f"bands: a rate is a share from 0 to below 1, such as 0.035 for 3.5%; got "
                    f"{rate!r}.{hint}"
                )
            expected = (last or first) + 1

    def factors(self, last_year: int) -> np.ndarray:
        """Return what a pound of each year is worth in year 0.

        Parameters
        ----------
        last_year : int
            The last year.

        Returns
        -------
        ndarray, shape (last_year + 1,)
            1 in year 0; each later year divides the one before by 1 plus the rate of that year.
        """
        end = self.bands[-1][1]
        if not is_whole(last_year) or not 0 <= last_year <= MOST_YEARS:
            raise OptionError(
                f"last_year must be a whole number from 0 to {MOST_YEARS}; got {last_year!r}."
            )
        if end is not None and last_year > end:
            raise DataError(
                f"rates: the table {self.name!r} ends with year {end}; no rate for {last_year}."
            )
        growth = [1.0, *(1 + self._rate(year) for year in range(1, last_year + 1))]
        return 1 / np.cumprod(growth)

    def _rate(self, year: int) -> float:
        return next(rate for _, last, rate in self.bands if last is None or year <= last)

    def sentence(self) -> str:
        """Return the table in words."""
        said = [
            f"{100 * rate:.2f}".rstrip("0").rstrip(".")
            + "% in years "
            + (f"{first} to {last}" if last is not None else f"{first} and later")
            for first, last, rate in self.bands
        ]
        return f"{self.name} ({self.published}): {', '.join(said)}; year 0 is not discounted"

    def to_frame(self) -> pd.DataFrame:
        """Return one row per band."""
        return pd.DataFrame(self.bands, columns=["first_year", "last_year", "rate"]).assign(
            name=self.name, published=self.published, about=self.about, source=self.source
        )


_UPDATES = (
    "HM Treasury, Green Book, February 2026, as announced at "
    "https://www.gov.uk/government/publications/tag-forthcoming-changes/"
    "forthcoming-change-green-book-updates"
)


def _bands(*rates: float) -> tuple[tuple[int, int | None, float], ...]:
    return tuple(
        (first, last, rate)
        for (first, last), rate in zip(((0, 30), (31, 75), (76, 125)), rates, strict=True)
    )


TABLES = {
    one.name: one
    for one in (
        DiscountRates(
            "green-book-2026",
            "February 2026",
            _UPDATES,
            _bands(0.035, 0.03, 0.025),
            "standard",
        ),
        DiscountRates(
            "green-book-2026-health",
            "February 2026",
            _UPDATES,
            _bands(0.015, 0.0129, 0.0107),
            "effects on health and life",
        ),
        DiscountRates(
            "green-book-2026-long-term",
            "February 2026",
            _UPDATES,
            _bands(0.03, 0.0257, 0.0214),
            "a further sensitivity analysis for horizons beyond 50 years",
        ),
    )
}
"""A review of discounting was to report in 2026: new tables are added, and these are kept."""


def discount_rates() -> pd.DataFrame:
    """Return every table of discount rates that comes with Arrowroot.

    Returns
    -------
    DataFrame
        One row per table and band: ``name first_year last_year rate published about source``.
        They are dated: check that yours is still in force. Your own is a `DiscountRates`.

    Examples
    --------
    >>> discount_rates()["name"].unique().tolist()
    ['green-book-2026', 'green-book-2026-health', 'green-book-2026-long-term']
    """
    from arrowroot.frames import TextTable

    whole = pd.concat([one.to_frame() for one in TABLES.values()], ignore_index=True)
    front = ["name", "first_year", "last_year", "rate", "published", "about", "source"]
    return TextTable(whole[front])


def rates_named(rates: object, argument: str = "rates") -> DiscountRates:
    """Return a table by its name, or one of the user's own."""
    if isinstance(rates, DiscountRates):
        return rates
    number = rates.strip().rstrip("% ") if isinstance(rates, str) else rates
    if is_number(number) or (isinstance(number, str) and re.fullmatch(r"\d*\.?\d+", number)):
        share = float(number)  # type: ignore[arg-type]
        share = share / 100 if share >= 0.2 else share
        raise OptionError(
            f"{argument}: name a dated table ({', '.join(TABLES)}); or give one of your own, here "
            f"of {100 * share:g}% a year: "
            f"DiscountRates('ours', '2026-11', 'where from', ((0, None, {share:g}),)); got "
            f"{rates!r}."
        )
    return TABLES[one_of(argument, rates, list(TABLES))]


def present_value(amounts: Sequence[float] | np.ndarray, rates: DiscountRates) -> float:
    """Return the value in year 0 of amounts in years 0, 1, 2 and so on.

    Examples
    --------
    >>> round(present_value([100] * 5, TABLES["green-book-2026"]), 2)
    467.31
    """
    held = np.asarray(amounts, dtype=float)
    return float(held @ rates.factors(len(held) - 1))
