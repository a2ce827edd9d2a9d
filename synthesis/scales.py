"""The scales of analysis: how a value is turned back to the scale that readers see."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd


def miller(value: Any, n: Any) -> Any:
    """Return the proportion whose double arcsine in a sample of size n is the value.

    Miller (1978), Am Stat 32:138, with halved arcsines as in metafor. With ``s = sin 2x`` and
    ``u = s + (s - 1/s)/n`` the proportion is ``(1 - sign(cos 2x) √(1 - u²))/2``; the factors of
    ``1 - u²`` are written out here, as the difference loses half of all digits near 1/2.

    Parameters
    ----------
    value : float, Series or ndarray
        Halved double arcsines; those below that of no event or above that of events only are
        cut to 0 and 1.
    n : float or ndarray
        Sample sizes, > 0.

    Examples
    --------
    >>> x = (np.arcsin(np.sqrt(3 / 12)) + np.arcsin(np.sqrt(4 / 12))) / 2  # 3 of 11
    >>> round(float(miller(x, 11)), 4), float(miller(0.0, 11)), float(miller(2.0, 11))
    (0.2727, 0.0, 1.0)
    """
    x, size = np.asarray(value, dtype=float), np.asarray(n, dtype=float)
    least = np.arcsin(np.sqrt(1 / (size + 1))) / 2
    most = math.pi / 2 - least
    double = 2 * np.clip(x, least, most)
    s = np.sin(double)
    part = (1 + (1 + s) / (s * size)) * (1 - (1 - s) / (s * size))
    share = (1 - np.cos(double) * np.sqrt(part)) / 2
    # At the ends rounding leaves 1e-17 or so where a count is exactly 0 or n.
    share = np.where(x <= least * (1 + 1e-14), 0.0, share)
    share = np.where(x >= most * (1 - 1e-14), 1.0, share)
    if isinstance(value, pd.Series):
        return pd.Series(share, index=value.index, name=value.name)
    return share if share.ndim else float(share)


def rate_of_roots(value: Any, time: Any) -> Any:
    """Return the rate whose double square root over that person-time is the value.

    Freeman & Tukey (1950), halved as in metafor: with ``u = 2x√time = √events + √(events + 1)``
    the number of events is ``((u − 1/u)/2)²``.

    Parameters
    ----------
    value : float, Series or ndarray
        Halved sums of roots; those below that of no event are cut to 0.
    time : float or ndarray
        Person-time, > 0.

    Examples
    --------
    >>> x = (np.sqrt(3 / 50) + np.sqrt(4 / 50)) / 2  # 3 events in 50 years
    >>> round(float(rate_of_roots(x, 50)), 4), float(rate_of_roots(0.0, 50))
    (0.06, 0.0)
    """
    x, over = np.asarray(value, dtype=float), np.asarray(time, dtype=float)
    u = np.maximum(2 * x * np.sqrt(over), 1.0)
    rate = ((u - 1 / u) / 2) ** 2 / over
    if isinstance(value, pd.Series):
        return pd.Series(rate, index=value.index, name=value.name)
    return rate if rate.ndim else float(rate)


BACK: dict[str, Callable[[Any], Any]] = {
    "identity": lambda x: x,
    "log": np.exp,
    "fisher_z": np.tanh,
    "logit": lambda x: 1 / (1 + np.exp(-x)),
    "arcsine": lambda x: np.sin(np.clip(x, 0, math.pi / 2)) ** 2,
    "square_root": lambda x: np.maximum(x, 0) ** 2,
    "log_complement": lambda x: -np.expm1(-x),
    "root_complement": lambda x: 1 - (1 - np.minimum(x, 1)) ** 3,
}
"""How values are turned back, by scale, where the value alone suffices."""

BACK_WITH_SIZE: dict[str, Callable[[Any, Any], Any]] = {
    "double_arcsine": miller,
    "double_root": rate_of_roots,
}
"""How they are where it takes the sample size, or the person-time, that a value belongs to."""

IN_WORDS = {
    "identity": "",
    "log": " (logarithm)",
    "fisher_z": " (Fisher's z)",
    "logit": " (log odds)",
    "arcsine": " (arcsine)",
    "double_arcsine": " (double arcsine)",
    "square_root": " (square root)",
    "double_root": " (double square root)",
    "log_complement": " (−ln(1 − alpha))",
    "root_complement": " (1 − cube root of 1 − alpha)",
}
"""What to write after a number on a scale of analysis where readers expect another."""
