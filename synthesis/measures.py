"""The effect measures: what each is called, on which scale it is pooled and read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from synthesis import checks


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

    def back(self, value: float) -> float:
        """Take a value from the scale of `yi` to the scale that readers see."""
        return float(_BACK[self.scale](value))


def _expit(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))


_BACK: dict[str, Callable[[float], float]] = {
    "identity": float,
    "log": np.exp,
    "fisher_z": np.tanh,
    "logit": _expit,
    "arcsine": lambda x: float(np.sin(x) ** 2),
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
    """Return the measure of that name, or raise with the names there are.

    Examples
    --------
    >>> measure_named("rr").label, round(measure_named("rr").back(-0.7145), 2)
    ('Risk ratio', 0.49)
    """
    return MEASURES[checks.option("measure", name, list(MEASURES))]
