"""The effect measures: the name of each, and the scales on which it is pooled and reported."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, overload

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.options import one_of

ANYTHING = (-math.inf, math.inf)


@dataclass(frozen=True)
class Measure:
    """One effect measure.

    Attributes
    ----------
    name : str
        The name used in options and tables, such as ``"smd"``.
    label : str
        The name printed in tables and over forest plots.
    abbreviation : str
        The short form for sentences and axes.
    scale : str
        The scale of `yi`: ``"identity"``, ``"log"``, ``"fisher_z"``, ``"logit"``,
        ``"arcsine"`` or ``"double_arcsine"``.
    null : float
        The value of no effect on the scale that readers see: 0, or 1 for ratios. NaN for
        measures of a single group, which have none.
    range : tuple of float
        The least and greatest value possible, on the scale that readers see, where intervals
        calculated on the scale of `yi` can leave it; infinite otherwise.
    instead : str
        The measure whose intervals keep within that range; empty where `range` is infinite.
    n : float or None
        The sample size with which values are turned back where none is given. Only the double
        arcsine needs one: see `at`.
    """

    name: str
    label: str
    abbreviation: str
    scale: str = "identity"
    null: float = 0.0
    range: tuple[float, float] = ANYTHING
    instead: str = ""
    n: float | None = field(default=None, compare=False, repr=False)

    @property
    def has_null(self) -> bool:
        """Whether there is a value of no effect, and so something for a p-value to test."""
        return not math.isnan(self.null)

    @property
    def needs_n(self) -> bool:
        """Whether turning a value back takes the sample size it belongs to."""
        return self.scale == "double_arcsine"

    def at(self, n: float) -> Measure:
        """Return the measure with the sample size with which it turns pooled values back."""
        return replace(self, n=float(n))

    @property
    def is_ratio(self) -> bool:
        """Whether readers see a ratio, on a logarithmic axis."""
        return self.scale == "log"

    @overload
    def back(self, value: float, n: float | None = None) -> float: ...
    @overload
    def back(self, value: pd.Series, n: float | np.ndarray | None = None) -> pd.Series: ...
    @overload
    def back(self, value: np.ndarray, n: float | np.ndarray | None = None) -> np.ndarray: ...
    def back(
        self,
        value: float | pd.Series | np.ndarray,
        n: float | np.ndarray | None = None,
    ) -> float | pd.Series | np.ndarray:
        """Convert a value, or many, from the scale of `yi` to the scale that readers see.

        Values beyond those that the measure can take are cut to them first, because an inverse
        such as ``sin(x)²`` rises on part of the line only.

        Parameters
        ----------
        value : float, Series or ndarray
            On the scale of `yi`.
        n : float or ndarray, optional
            Sample sizes, for the double arcsine; by default those the measure holds.

        Raises
        ------
        DataError
            The double arcsine has no sample size.
        """
        if not self.needs_n:
            taken = _BACK[self.scale](value)
        else:
            size = self.n if n is None else n
            if size is None:
                raise DataError(
                    f"{self.name} can only be turned back with a sample size: results of this "
                    "package hold one (fit.back), a table needs a column 'back_n', and a number "
                    "needs n=..."
                )
            taken = miller(value, size)
        return taken if isinstance(taken, (pd.Series, np.ndarray)) else float(taken)

    @property
    def on_scale(self) -> str:
        """What to write after a number on the scale of `yi` where readers expect another."""
        return _SCALES[self.scale]


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


_BACK: dict[str, Callable[[Any], Any]] = {
    "identity": lambda x: x,
    "log": np.exp,
    "fisher_z": np.tanh,
    "logit": lambda x: 1 / (1 + np.exp(-x)),
    "arcsine": lambda x: np.sin(np.clip(x, 0, math.pi / 2)) ** 2,
}

_SCALES = {
    "identity": "",
    "log": " (logarithm)",
    "fisher_z": " (Fisher's z)",
    "logit": " (log odds)",
    "arcsine": " (arcsine)",
    "double_arcsine": " (double arcsine)",
}

MEASURES = {
    measure.name: measure
    for measure in (
        Measure("smd", "Standardised mean difference", "SMD"),
        Measure("md", "Mean difference", "MD"),
        Measure("rom", "Ratio of means", "RoM", "log", 1.0),
        Measure("cvr", "Ratio of coefficients of variation", "CVR", "log", 1.0),
        Measure("vr", "Ratio of standard deviations", "VR", "log", 1.0),
        Measure("mean_change", "Mean change", "MC"),
        Measure("smcc", "Standardised mean change, in SDs of the change", "SMCC"),
        Measure("smcr", "Standardised mean change, in SDs before", "SMCR"),
        Measure("romc", "Ratio of means after and before", "RoMC", "log", 1.0),
        Measure("rr", "Risk ratio", "RR", "log", 1.0),
        Measure("or", "Odds ratio", "OR", "log", 1.0),
        Measure("peto", "Peto odds ratio", "Peto OR", "log", 1.0),
        Measure("rd", "Risk difference", "RD", range=(-1.0, 1.0), instead="or"),
        Measure(
            "asd", "Arcsine difference", "ASD", range=(-math.pi / 2, math.pi / 2), instead="or"
        ),
        Measure("irr", "Incidence rate ratio", "IRR", "log", 1.0),
        Measure("ird", "Incidence rate difference", "IRD"),
        Measure("hr", "Hazard ratio", "HR", "log", 1.0),
        Measure("r", "Correlation", "r", range=(-1.0, 1.0), instead="fisher_z"),
        Measure("r_unbiased", "Correlation, unbiased", "r", range=(-1.0, 1.0), instead="fisher_z"),
        Measure("fisher_z", "Correlation", "r", "fisher_z"),
        *(
            Measure(name, "Proportion", "Proportion", scale, math.nan, limits, instead)
            for name, scale, limits, instead in (
                ("proportion", "identity", (0.0, 1.0), "logit"),
                ("log_proportion", "log", (0.0, 1.0), "logit"),
                ("logit", "logit", ANYTHING, ""),
                ("arcsine", "arcsine", ANYTHING, ""),
                ("freeman_tukey", "double_arcsine", ANYTHING, ""),
            )
        ),
        Measure("generic", "Effect", "Effect"),
    )
}
"""Every measure by name. ``"generic"`` is an effect whose measure was not named."""


def measure_named(name: str) -> Measure:
    """Return the measure of that name, or raise an error listing the names.

    Examples
    --------
    >>> measure_named("rr").label, round(measure_named("rr").back(-0.7145), 2)
    ('Risk ratio', 0.49)
    """
    return MEASURES[one_of("measure", name, list(MEASURES))]
