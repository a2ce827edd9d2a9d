"""What the vertical axis of a funnel plot may show: how precise studies are, or how large."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from arrowroot.errors import OptionError
from arrowroot.options import one_of
from synthesis.diagnostics.small_studies.predictors import PREDICTORS
from synthesis.diagnostics.small_studies.regression_test import RegressionTest
from synthesis.diagnostics.studies import sample_sizes
from synthesis.plots.drawing.scale import Scale, size_ticks
from synthesis.pooling.results import MetaAnalysis

Change = Callable[[np.ndarray], np.ndarray]

STEPS = 64
"""Points a line is drawn with, enough for a curve on the scale of correlations."""


@dataclass(frozen=True)
class Vertical:
    """One thing to show.

    Attributes
    ----------
    label, many : str
        Its name beside the axis; its plural in a sentence.
    base : str
        What it is based on: ``"variance"`` or ``"size"``.
    place, back : callable
        From the variance or size of a study to its position on the axis, and back.
    grows : bool
        Whether it grows with the study, so that the axis rises.
    log : bool
        Whether the axis is logarithmic.
    """

    label: str
    many: str
    base: str
    place: Change
    back: Change
    grows: bool = False
    log: bool = False

    @property
    def has_errors(self) -> bool:
        """Whether standard errors, and so areas of significance, can be derived from it."""
        return self.base == "variance"

    def values(self, fit: MetaAnalysis, name: str) -> np.ndarray:
        """Return the position of every study; NaN for one without a size, if that is needed.

        Raises
        ------
        DataError
            If sizes are needed and the study table has none.
        """
        if self.has_errors:
            return self.place(fit.studies["vi"].to_numpy(dtype=float))
        return self.place(sample_sizes(fit, f"funnel with vertical={name!r}", blank="keep"))

    def scale(self, fit: MetaAnalysis, values: np.ndarray) -> Scale:
        """Return the axis, large studies on top."""
        least, most = float(values.min()), float(values.max())
        on_scale = fit.measure.on_scale if self.has_errors else ""
        if self.log:
            limits = (least / 1.25, most * 1.25)
        elif not self.grows:
            limits = (1.06 * most, 0.0)
        else:
            # At precision 0 the funnel is infinitely wide.
            limits = (0.9 * least if self.has_errors else 0.0, 1.06 * most)
        ticks = size_ticks(*limits) if self.log else None
        return Scale(label=self.label + on_scale, limits=limits, log=self.log, ticks=ticks)

    def line(self, values: np.ndarray, scale: Scale) -> np.ndarray:
        """Return the positions along a line: for sizes, only those that studies have."""
        if not self.has_errors:
            return np.linspace(values.min(), values.max(), STEPS)
        low, high = sorted(scale.limits)
        return np.linspace(low, high, STEPS)

    def errors(self, places: np.ndarray) -> np.ndarray:
        """Return the standard errors at positions on the axis."""
        return np.sqrt(self.back(places))


def _same(x: np.ndarray) -> np.ndarray:
    return x


VERTICALS = {
    "sei": Vertical("Standard error", "standard errors", "variance", np.sqrt, np.square),
    "vi": Vertical("Variance", "variances", "variance", _same, _same),
    "seinv": Vertical(
        "1 / standard error",
        "inverse standard errors",
        "variance",
        lambda v: 1 / np.sqrt(v),
        lambda y: 1 / y**2,
        grows=True,
    ),
    "vinv": Vertical(
        "Inverse variance",
        "inverse variances",
        "variance",
        np.reciprocal,
        np.reciprocal,
        grows=True,
    ),
    "ni": Vertical("Sample size", "sample sizes", "size", _same, _same, grows=True),
    "lni": Vertical("Sample size", "sample sizes", "size", _same, _same, grows=True, log=True),
    "ninv": Vertical(
        "1 / sample size", "inverse sample sizes", "size", np.reciprocal, np.reciprocal
    ),
    "sqrtninv": Vertical(
        "1 / √sample size",
        "inverse roots of sample sizes",
        "size",
        lambda n: 1 / np.sqrt(n),
        lambda y: 1 / y**2,
    ),
}
"""By option name, as R's metafor calls them."""


def vertical_named(name: str) -> Vertical:
    """Return what an axis shows.

    Raises
    ------
    OptionError
        If there is no such axis.
    """
    one_of("vertical", name, list(VERTICALS))
    return VERTICALS[name]


def check_line(test: RegressionTest, vertical: Vertical, name: str) -> None:
    """Refuse a test whose line the axis cannot show.

    Raises
    ------
    OptionError
        If the test uses sizes and the axis shows variances, or the other way round, or it uses
        the sizes of both arms.
    """
    base = PREDICTORS[test.predictor].base
    if base == "arms":
        raise OptionError(
            f"egger: its predictor {test.predictor!r} is computed from the size of each arm, which "
            "no vertical axis shows. Draw the funnel plot without egger=..., or test with another "
            "predictor."
        )
    of_sizes = base == "size"
    if of_sizes == (not vertical.has_errors):
        return
    made, other = ("sample sizes", "variances") if of_sizes else ("variances", "sample sizes")
    fitting = [key for key, one in VERTICALS.items() if one.has_errors != of_sizes]
    raise OptionError(
        f"egger: its predictor {test.predictor!r} is based on {made}, and vertical={name!r} shows "
        f"{other}. Choose vertical from {', '.join(map(repr, fitting))}, or test with another "
        "predictor."
    )
