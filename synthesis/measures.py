"""The effect measures: the name of each, and the scales on which it is pooled and reported."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import overload

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.options import one_of
from synthesis.scales import BACK, BACK_WITH_SIZE, IN_WORDS

__all__ = ["MEASURES", "Measure", "known_measure", "measure_named", "plain_name"]

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
        The scale of `yi`, one of those in `synthesis.scales`: ``"identity"``, ``"log"``,
        ``"fisher_z"``, ``"logit"``, ``"arcsine"``, ``"double_arcsine"`` and others.
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
        arcsine of a proportion needs one, and the double square root of a rate the person-time:
        see `at`.
    code : str
        The name of the measure in metafor, which is understood wherever `name` is, in any case;
        empty where metafor has none.
    """

    name: str
    label: str
    abbreviation: str
    scale: str = "identity"
    null: float = 0.0
    range: tuple[float, float] = ANYTHING
    instead: str = ""
    n: float | None = field(default=None, compare=False, repr=False)
    code: str = field(default="", compare=False, repr=False)

    @property
    def has_null(self) -> bool:
        """Whether there is a value of no effect, and so something for a p-value to test."""
        return not math.isnan(self.null)

    @property
    def needs_n(self) -> bool:
        """Whether turning a value back takes the sample size it belongs to."""
        return self.scale in BACK_WITH_SIZE

    @property
    def size_column(self) -> str:
        """The column with the size that turning a value back takes: people, or person-time."""
        return "person_time" if self.scale == "double_root" else "n"

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
            Sample sizes, where the measure needs them; by default those that it holds.

        Raises
        ------
        DataError
            The measure needs a sample size and has none.
        """
        if not self.needs_n:
            taken = BACK[self.scale](value)
        else:
            size = self.n if n is None else n
            if size is None:
                raise DataError(
                    f"{self.name} can only be turned back with a sample size: results of this "
                    "package hold one (fit.back), a table needs a column 'back_n', and a number "
                    "needs n=..."
                )
            taken = BACK_WITH_SIZE[self.scale](value, size)
        return taken if isinstance(taken, (pd.Series, np.ndarray)) else float(taken)

    @property
    def on_scale(self) -> str:
        """What to write after a number on the scale of `yi` where readers expect another."""
        return IN_WORDS[self.scale]


def _ratio(name: str, label: str, abbreviation: str, code: str) -> Measure:
    return Measure(name, label, abbreviation, "log", 1.0, code=code)


def _correlation(name: str, label: str, code: str, abbreviation: str = "r") -> Measure:
    return Measure(name, label, abbreviation, range=UNIT, instead="fisher_z", code=code)


def _one_group(
    name: str,
    label: str,
    code: str,
    scale: str = "identity",
    within: tuple[float, float] = ANYTHING,
    instead: str = "",
    *,
    abbreviation: str = "",
) -> Measure:
    return Measure(name, label, abbreviation or label, scale, math.nan, within, instead, code=code)


UNIT = (-1.0, 1.0)
SHARE = (0.0, 1.0)
RATE = (0.0, math.inf)
ALPHA = (-math.inf, 1.0)

_OF_TWO_GROUPS = (
    Measure("smd", "Standardised mean difference", "SMD", code="SMD"),
    Measure("smdh", "Standardised mean difference, in average SDs", "SMD", code="SMDH"),
    Measure("smd1", "Standardised mean difference, in SDs of the control", "SMD", code="SMD1"),
    Measure(
        "smd1h",
        "Standardised mean difference, in SDs of the control, SDs not assumed equal",
        "SMD",
        code="SMD1H",
    ),
    Measure("md", "Mean difference", "MD", code="MD"),
    _ratio("rom", "Ratio of means", "RoM", "ROM"),
    _ratio("rom_corrected", "Ratio of means, corrected for bias", "RoM", ""),
    _ratio("cvr", "Ratio of coefficients of variation", "CVR", "CVR"),
    _ratio("vr", "Ratio of standard deviations", "VR", "VR"),
    _correlation("point_biserial", "Point-biserial correlation", "RPB"),
    # The estimate can exceed 1, so that no range is stated.
    Measure("biserial", "Biserial correlation", "r", code="RBIS"),
    _ratio("d2or", "Odds ratio, from means (logistic)", "OR", "D2OR"),
    _ratio("d2orn", "Odds ratio, from means (normal)", "OR", "D2ORN"),
    _ratio("rr", "Risk ratio", "RR", "RR"),
    _ratio("or", "Odds ratio", "OR", "OR"),
    _ratio("peto", "Peto odds ratio", "Peto OR", "PETO"),
    Measure("rd", "Risk difference", "RD", range=UNIT, instead="or", code="RD"),
    Measure(
        "asd",
        "Arcsine difference",
        "ASD",
        range=(-math.pi / 2, math.pi / 2),
        instead="or",
        code="AS",
    ),
    Measure("phi", "Phi coefficient", "phi", range=UNIT, instead="or", code="PHI"),
    Measure("yule_q", "Yule's Q", "Q", range=UNIT, instead="or", code="YUQ"),
    Measure("yule_y", "Yule's Y", "Y", range=UNIT, instead="or", code="YUY"),
    _correlation("tetrachoric", "Tetrachoric correlation", "RTET"),
    Measure("pbit", "SMD, from counts (probit)", "SMD", code="PBIT"),
    Measure("or2d", "SMD, from counts (logistic)", "SMD", code="OR2D"),
    Measure("or2dn", "SMD, from counts (normal)", "SMD", code="OR2DN"),
    _ratio("irr", "Incidence rate ratio", "IRR", "IRR"),
    Measure("ird", "Incidence rate difference", "IRD", code="IRD"),
    Measure("irsd", "Difference of square roots of rates", "IRSD", code="IRSD"),
    _ratio("hr", "Hazard ratio", "HR", "HR"),
)

_OF_PAIRS = (
    Measure(
        "mprd", "Risk difference, matched pairs", "RD", range=UNIT, instead="mpor", code="MPRD"
    ),
    _ratio("mprr", "Risk ratio, matched pairs", "RR", "MPRR"),
    _ratio("mpor", "Odds ratio, matched pairs, marginal", "OR", "MPOR"),
    _ratio("mporc", "Odds ratio, matched pairs, conditional", "OR", "MPORC"),
    _ratio("mppeto", "Peto odds ratio, matched pairs", "Peto OR", "MPPETO"),
    _ratio("mporm", "Odds ratio, matched pairs, from margins", "OR", "MPORM"),
)

_OF_CHANGE = (
    Measure("mean_change", "Mean change", "MC", code="MC"),
    Measure("smcc", "Standardised mean change, in SDs of the change", "SMCC", code="SMCC"),
    Measure("smcr", "Standardised mean change, in SDs before", "SMCR", code="SMCR"),
    Measure(
        "smcrh",
        "Standardised mean change, in SDs before, SDs not assumed equal",
        "SMCR",
        code="SMCRH",
    ),
    Measure("smcrp", "Standardised mean change, in average SDs", "SMCRP", code="SMCRP"),
    Measure(
        "smcrph",
        "Standardised mean change, in average SDs, SDs not assumed equal",
        "SMCRP",
        code="SMCRPH",
    ),
    _ratio("romc", "Ratio of means after and before", "RoMC", "ROMC"),
    _ratio("cvrc", "Ratio of coefficients of variation after and before", "CVRC", "CVRC"),
    _ratio("vrc", "Ratio of standard deviations after and before", "VRC", "VRC"),
)

_OF_ASSOCIATION = (
    _correlation("r", "Correlation", "COR"),
    _correlation("r_unbiased", "Correlation, unbiased", "UCOR"),
    Measure("fisher_z", "Correlation", "r", "fisher_z", code="ZCOR"),
    Measure(
        "partial_r",
        "Partial correlation",
        "partial r",
        range=UNIT,
        instead="partial_z",
        code="PCOR",
    ),
    Measure("partial_z", "Partial correlation", "partial r", "fisher_z", code="ZPCOR"),
    Measure(
        "semipartial_r",
        "Semi-partial correlation",
        "semi-partial r",
        range=UNIT,
        instead="partial_z",
        code="SPCOR",
    ),
)

_OF_ONE_GROUP = (
    _one_group("proportion", "Proportion", "PR", "identity", SHARE, "logit"),
    _one_group("log_proportion", "Proportion", "PLN", "log", SHARE, "logit"),
    _one_group("logit", "Proportion", "PLO", "logit"),
    _one_group("arcsine", "Proportion", "PAS", "arcsine"),
    _one_group("freeman_tukey", "Proportion", "PFT", "double_arcsine"),
    _one_group("rate", "Incidence rate", "IR", "identity", RATE, "log_rate", abbreviation="Rate"),
    _one_group("log_rate", "Incidence rate", "IRLN", "log", abbreviation="Rate"),
    _one_group("sqrt_rate", "Incidence rate", "IRS", "square_root", abbreviation="Rate"),
    _one_group("freeman_tukey_rate", "Incidence rate", "IRFT", "double_root", abbreviation="Rate"),
    _one_group("mean", "Mean", "MN"),
    _one_group("standardised_mean", "Standardised mean", "SMN", abbreviation="SM"),
    _one_group("log_mean", "Mean", "MNLN", "log"),
    _one_group("log_cv", "Coefficient of variation", "CVLN", "log", abbreviation="CV"),
    _one_group("log_sd", "Standard deviation", "SDLN", "log", abbreviation="SD"),
    _one_group(
        "alpha", "Cronbach's alpha", "ARAW", "identity", ALPHA, "alpha_bt", abbreviation="Alpha"
    ),
    _one_group("alpha_hw", "Cronbach's alpha", "AHW", "root_complement", abbreviation="Alpha"),
    _one_group("alpha_bt", "Cronbach's alpha", "ABT", "log_complement", abbreviation="Alpha"),
)

MEASURES = {
    measure.name: measure
    for measure in (
        *_OF_TWO_GROUPS,
        *_OF_PAIRS,
        *_OF_CHANGE,
        *_OF_ASSOCIATION,
        *_OF_ONE_GROUP,
        Measure("generic", "Effect", "Effect", code="GEN"),
    )
}
"""Every measure by name. ``"generic"`` is an effect whose measure was not named."""

_BY_CODE = {
    **{measure.code.lower(): name for name, measure in MEASURES.items() if measure.code},
    "d2orl": "d2or",
    "or2dl": "or2d",
}


def known_measure(name: object) -> Measure | None:
    """Return the measure of a name or of metafor's code, in any case; None if there is none."""
    plain = name.strip().lower() if isinstance(name, str) else ""
    return MEASURES.get(_BY_CODE.get(plain, plain))


def plain_name(name: str) -> str:
    """Return the name of the measure that a name or code stands for; itself where none does."""
    known = known_measure(name)
    return name if known is None else known.name


def measure_named(name: str) -> Measure:
    """Return the measure of that name, or of metafor's code for it, in any case.

    Parameters
    ----------
    name : str
        A name in `MEASURES`, or a code of metafor's such as ``"SMD"``, ``"PLO"`` or ``"ZCOR"``.

    Raises
    ------
    OptionError
        If there is no such measure; the message lists the names.

    Examples
    --------
    >>> measure_named("rr").label, round(measure_named("rr").back(-0.7145), 2)
    ('Risk ratio', 0.49)
    >>> measure_named("ZCOR").name
    'fisher_z'
    """
    if (known := known_measure(name)) is not None:
        return known
    if isinstance(name, str):
        from synthesis.measure_words import advice

        labels = [(text, one.name) for one in MEASURES.values() for text in _spoken(one)]
        if said := advice(name, labels):
            raise OptionError(f"measure: there is none called {name!r}.{said}")
    return MEASURES[one_of("measure", name, list(MEASURES))]


def _spoken(measure: Measure) -> tuple[str, str]:
    return measure.label, measure.abbreviation


def __dir__() -> list[str]:
    """List the public names, for completion in notebooks."""
    return __all__
