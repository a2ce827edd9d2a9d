"""Time windows of follow-up, by declaration."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from synthesis import checks
from synthesis.effects.sheet.reading import checked

STOKES_WINDOWS = {"short": (0.0, 12.0), "long": (13.0, np.inf)}
"""Months of follow-up: short term to 12 months, long term from 13 on (Stokes et al. 2015)."""


def time_windows(
    sheet: pd.DataFrame,
    windows: Mapping[str, tuple[float, float]] = STOKES_WINDOWS,
    *,
    months: str = "timepoint_months",
) -> pd.DataFrame:
    """Return the sheet with a column `window`, by the months of follow-up.

    Parameters
    ----------
    sheet : DataFrame
        The extraction sheet.
    windows : mapping of str to tuple of float
        Name of each window with its first and last month, both inside it.
    months : str
        The column with the months.

    Returns
    -------
    DataFrame
        `sheet` with the column `window`.

    Raises
    ------
    DataError
        If a follow-up falls in no window, or in two.

    Examples
    --------
    >>> sheet = pd.DataFrame({"study": ["A", "B"], "timepoint_months": [6, 22]})
    >>> time_windows(sheet)["window"].tolist()
    ['short', 'long']
    """
    result = checked(sheet)
    labels = result["study"].tolist()
    values = checks.numeric(checks.column(result, months, "months"), labels)
    inside = np.array([(values >= first) & (values <= last) for first, last in windows.values()])
    hits = inside.sum(axis=0)
    listed = ", ".join(f"{name!r} {first:g} to {last:g}" for name, (first, last) in windows.items())
    checks.refuse(
        f"{months} must lie in one window ({listed})",
        values,
        ~np.isnan(values) & (hits != 1),
        labels,
    )
    names = np.array([*windows, None], dtype=object)
    result["window"] = names[np.where(hits == 1, inside.argmax(axis=0), len(windows))]
    return result
