"""The effect measures: the name of each, and the scales on which it is pooled and reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import pandas as pd

from arrowroot.options import one_of


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
        The scale of `yi`: ``"identity"``, ``"log"``, ``"fisher_z"``, ``"logit"`` or
        ``"arcsine"``.
    null : float
        The value of no effect on the scale that readers see: 0, or 1 for ratios. NaN for
        measures of a single group, which have none.
    """

    name: str
    label: str
    abbreviation: str
    scale: str = "identity"
    null: float = 0.0

    @property
    def is_ratio(self) -> bool:
        """Whether readers see a ratio, on a logarithmic axis."""
        return self.scale == "log"

    @overload
    def back(self, value: float) -> float: ...
    @overload
    def back(self, value: pd.Series) -> pd.Series: ...
    @overload
    def back(self, value: np.ndarray) -> np.ndarray: ...
    def back(self, value: float | pd.Series | np.ndarray) -> float | pd.Series | np.ndarray:
        """Convert a value, or many, from the scale of `yi` to the scale that readers see."""
        taken = _BACK[self.scale](value)
        return taken if isinstance(taken, (pd.Series, np.ndarray)) else float(taken)

    @property
    def on_scale(self) -> str:
        """What to write after a number on the scale of `yi` where readers expect another."""
        return _SCALES[self.scale]


_BACK: dict[str, Callable[[Any], Any]] = {
    "identity": lambda x: x,
    "log": np.exp,
    "fisher_z": np.tanh,
    "logit": lambda x: 1 / (1 + np.exp(-x)),
    "arcsine": lambda x: np.sin(x) ** 2,
}

_SCALES = {
    "identity": "",
    "log": " (logarithm)",
    "fisher_z": " (Fisher's z)",
    "logit": " (log odds)",
    "arcsine": " (arcsine)",
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
        Measure("rd", "Risk difference", "RD"),
        Measure("asd", "Arcsine difference", "ASD"),
        Measure("irr", "Incidence rate ratio", "IRR", "log", 1.0),
        Measure("ird", "Incidence rate difference", "IRD"),
        Measure("hr", "Hazard ratio", "HR", "log", 1.0),
        Measure("r", "Correlation", "r"),
        Measure("r_unbiased", "Correlation, unbiased", "r"),
        Measure("fisher_z", "Correlation", "r", "fisher_z"),
        Measure("proportion", "Proportion", "Proportion", "identity", float("nan")),
        Measure("log_proportion", "Proportion", "Proportion", "log", float("nan")),
        Measure("logit", "Proportion", "Proportion", "logit", float("nan")),
        Measure("arcsine", "Proportion", "Proportion", "arcsine", float("nan")),
        Measure("freeman_tukey", "Proportion", "Proportion", "arcsine", float("nan")),
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
