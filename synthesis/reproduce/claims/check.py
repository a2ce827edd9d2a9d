"""Whether words and printed numbers agree: consistent, impossible, or undecidable."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from arrowroot.display import Shown, interval
from arrowroot.errors import OptionError
from arrowroot.options import confidence_level, one_of
from synthesis.pooling.engine.intervals import quantile
from synthesis.reproduce.claims.feasible import Range
from synthesis.reproduce.claims.implied import Implied, implied
from synthesis.reproduce.claims.numbers import from_scale, parse_all, pieces, reported, to_scale
from synthesis.reproduce.claims.reasons import assumption, contradictions, reasons, three

CLAIMS = {
    "significant": "significant",
    "statistically significant": "significant",
    "significant increase": "above",
    "significant decrease": "below",
    "not significant": "not_significant",
    "non-significant": "not_significant",
    "ns": "not_significant",
    "no significant difference": "not_significant",
    "no difference": "no_difference",
    "no effect": "no_difference",
}
"""The words that can be judged, each with what it says."""

_COLUMNS = {"se": "std_error", "p": "p_value"}
_SCALES = ("identity", "log")
_MARGIN = 1e-9
"""Relative tolerance at the significance level, large compared with rounding errors of p-values."""


@dataclass(frozen=True, eq=False, repr=False)
class ClaimCheck(Shown):
    """The verdict on a printed result, with the numbers it implies.

    Attributes
    ----------
    verdict : str
        ``"consistent"``, ``"impossible"`` or ``"undecidable"`` at the printed digits.
    p_value, estimate, std_error, statistic, ci_low, ci_high : tuple of float
        The lowest and highest value that the printed numbers allow; NaN if they contradict each
        other. Estimate and limits are on the scale readers see; the standard error and the
        statistic belong to the scale of analysis.
    claim : str or None
        The words judged.
    printed : mapping of str to str
        The numbers as printed.
    notes : tuple of str
        Why, in sentences.
    """

    verdict: str
    p_value: tuple[float, float]
    estimate: tuple[float, float]
    std_error: tuple[float, float]
    statistic: tuple[float, float]
    ci_low: tuple[float, float]
    ci_high: tuple[float, float]
    claim: str | None
    printed: Mapping[str, str]
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the ranges, unrounded: ``quantity printed low high``, one row per quantity."""
        names = ("estimate", "ci_low", "ci_high", "std_error", "statistic", "p_value")
        return pd.DataFrame(
            [(name, self.printed.get(name, ""), *getattr(self, name)) for name in names],
            columns=["quantity", "printed", "low", "high"],
        )

    def _title(self) -> str:
        words = "the numbers" if self.claim is None else f"“{self.claim}”"
        return f"{words[0].upper()}{words[1:]}: {self.verdict}"

    def _facts(self) -> list[tuple[str, str]]:
        facts = [("Printed", ", ".join(f"{name} {text}" for name, text in self.printed.items()))]
        if not math.isnan(self.p_value[0]):
            facts += [
                ("p-value", three(self.p_value)),
                ("Test statistic between", interval(self.statistic)),
                ("Standard error between", interval(self.std_error, 4)),
            ]
        return facts

    def _notes(self) -> tuple[str, ...]:
        return self.notes


def check_claim(
    estimate: str | None = None,
    ci: tuple[str, str] | None = None,
    *,
    se: str | None = None,
    z: str | None = None,
    t: str | None = None,
    p: str | None = None,
    df: float | None = None,
    null: float = 0.0,
    scale: str | None = None,
    level: float = 0.95,
    claim: str | None = "significant",
) -> ClaimCheck:
    """Judge a statement by the numbers printed with it, allowing for their rounding.

    A printed number stands for every number that would be rounded to it. From all estimates and
    standard errors that would be printed as in the paper, the lowest and highest p-value are
    computed: if all p-values between them bear out the words, the claim is consistent; if none
    does, it is impossible; otherwise it is undecidable.

    Parameters
    ----------
    estimate : str, optional
        As printed: ``"0.07"``. At least one of `estimate`, `ci` and `se` is needed.
    ci : tuple of str, optional
        Both limits as printed: ``("0.00", "0.14")``.
    se : str, optional
        Standard error as printed, on the scale of analysis.
    z, t : str, optional
        Test statistic as printed; its sign is ignored, as many programs drop it. `t` needs `df`.
    p : str, optional
        Two-sided p-value as printed: ``"0.04"``, ``"<0.001"``.
    df : float, optional
        Degrees of freedom if the paper used t, also for its interval; otherwise normal.
    null : float
        The value of no effect: 0, or 1 for ratios.
    scale : {"identity", "log"}, optional
        Where the interval is symmetric; by default ``"log"`` where `null` is 1.
    level : float
        Level of the interval; the significance level is 1 minus this.
    claim : str or None
        The words, one of `CLAIMS`; None checks only whether the numbers are compatible.

    Returns
    -------
    ClaimCheck

    Raises
    ------
    DataError
        A number cannot be read, limits are swapped, a ratio is not positive, or too few numbers.
    OptionError
        An option has no such value.

    Examples
    --------
    >>> checked = check_claim("0.07", ("0.00", "0.14"), claim="significant")
    >>> checked.verdict, [round(limit, 3) for limit in checked.p_value]
    ('undecidable', [0.035, 0.069])
    """
    meaning = None if claim is None else CLAIMS[_known_claim(claim)]
    confidence_level(level)
    scale = ("log" if null == 1 else "identity") if scale is None else scale
    one_of("scale", scale, _SCALES)
    _check_reference(z, t, df, null, scale)
    read = parse_all(estimate=estimate, ci=ci, se=se, statistic=t if z is None else z, p=p)
    parts = pieces(read, null, scale)
    found = implied(reported(parts), level=level, df=df)
    fits = _possible(found)
    verdict = _judge(found, meaning, level, df) if fits else "impossible"
    offset = to_scale(null, scale)

    def pair(range_: Range, *, back: bool = False) -> tuple[float, float]:
        ends = (float(range_.low[0]), float(range_.high[0]))
        if not back:
            return ends
        low, high = (from_scale(end + offset, scale) for end in ends)
        return low, high

    notes = [assumption(level, df, scale)]
    if fits:
        limits = (pair(found.ci_low, back=True)[0], pair(found.ci_high, back=True)[1])
        notes += reasons(verdict, meaning, pair(found.p_value), limits, level, read, null)
    else:
        fitting = {
            name: _fits({other: one for other, one in parts.items() if other != name}, level, df)
            for name in parts
        }
        notes += contradictions([name for name, fits in fitting.items() if fits])
    return ClaimCheck(
        verdict=verdict,
        p_value=pair(found.p_value),
        estimate=pair(found.estimate, back=True),
        std_error=pair(found.std_error),
        statistic=pair(found.statistic),
        ci_low=pair(found.ci_low, back=True),
        ci_high=pair(found.ci_high, back=True),
        claim=claim,
        printed={_COLUMNS.get(name, name): one.text for name, one in read.items()},
        notes=tuple(notes),
    )


def _known_claim(claim: str) -> str:
    plain = " ".join(str(claim).lower().replace("_", " ").split())
    return one_of("claim", plain, list(CLAIMS))


def _check_reference(
    z: str | None, t: str | None, df: float | None, null: float, scale: str
) -> None:
    if z is not None and t is not None:
        raise OptionError("z and t: give the one that is printed, not both.")
    if t is not None and df is None:
        raise OptionError("t needs its degrees of freedom: df=..., for k studies often k - 1.")
    if z is not None and df is not None:
        raise OptionError("z has no degrees of freedom: leave out df, or give the statistic as t.")
    if df is not None and not (isinstance(df, (int, float)) and 0 < df < math.inf):
        raise OptionError(f"df must be a number > 0; got {df!r}.")
    known = isinstance(null, (int, float)) and math.isfinite(null)
    if not known or (scale == "log" and null <= 0):
        raise OptionError(f"null must be a number, and > 0 on the log scale; got {null!r}.")


def _possible(found: Implied) -> bool:
    return bool(found.estimate.possible[0]) and bool(found.statistic.possible[0])


def _fits(parts: Mapping[str, dict[str, Range]], level: float, df: float | None) -> bool:
    """Return whether the printed numbers are compatible, where there are enough to tell."""
    if not parts.keys() & {"estimate", "ci", "se"}:
        return False
    return _possible(implied(reported(parts), level=level, df=df))


def _judge(found: Implied, meaning: str | None, level: float, df: float | None) -> str:
    """Compare the range of the p-value or statistic with the bound that the words set."""
    if meaning is None:
        return "consistent"
    bound = 1 - level
    low, high = float(found.p_value.low[0]), float(found.p_value.high[0])
    if meaning in ("above", "below"):
        bound = quantile(level, df)
        low, high = float(found.statistic.low[0]), float(found.statistic.high[0])
        if meaning == "below":
            low, high = -high, -low
    under = meaning == "significant"
    certain = high < bound * (1 - _MARGIN) if under else low >= bound * (1 + _MARGIN)
    possible = low < bound * (1 + _MARGIN) if under else high >= bound * (1 - _MARGIN)
    if certain:
        return "consistent"
    return "undecidable" if possible else "impossible"
