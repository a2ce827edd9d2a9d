"""Printed numbers of a claim: read, checked, and turned into ranges on the scale of analysis."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from arrowroot.errors import DataError
from synthesis.reproduce.claims.feasible import Range
from synthesis.reproduce.claims.implied import Reported
from synthesis.reproduce.printed import Printed, parse, parse_p

_OPEN = 1e-7
"""How far an open end of a range of p-values is pulled in; large compared with the tolerance."""


def parse_all(
    *,
    estimate: str | None,
    ci: tuple[str, str] | None,
    se: str | None,
    statistic: str | None,
    p: str | None,
) -> dict[str, Printed]:
    """Read what is printed, by name.

    Raises
    ------
    DataError
        A number cannot be read, limits are swapped, or too little is given to judge by.
    """
    if estimate is None and ci is None and se is None:
        raise DataError("check_claim needs an estimate, an interval or a standard error.")
    if ci is not None and not (
        isinstance(ci, (tuple, list)) and len(ci) == 2 and all(one is not None for one in ci)
    ):
        raise DataError(f"ci must contain two limits, as ('0.00', '0.14'); got {ci!r}.")
    texts = {
        "estimate": estimate,
        "ci_low": None if ci is None else ci[0],
        "ci_high": None if ci is None else ci[1],
        "se": se,
        "statistic": statistic,
    }
    read = {name: parse(text, name) for name, text in texts.items() if text is not None}
    if p is not None:
        read["p"] = parse_p(p)
    if ci is not None and read["ci_low"].low > read["ci_high"].high:
        raise DataError(f"ci: the limits are swapped; write ({ci[1]!r}, {ci[0]!r}).")
    if "se" in read and read["se"].high <= 0:
        raise DataError(f"se must not be negative; got {se!r}.")
    shares = [read[name].percent for name in ("estimate", "ci_low", "ci_high") if name in read]
    if any(shares) and not all(shares):
        raise DataError("estimate and ci: write all of them with a percent sign, or none.")
    return read


def to_scale(value: float, scale: str) -> float:
    """Convert a number to the scale of analysis."""
    if scale == "identity":
        return value
    return math.log(value) if value > 0 else -math.inf


def from_scale(value: float, scale: str) -> float:
    """Convert a number back to the scale that readers see."""
    if scale == "identity":
        return value
    return math.exp(value) if value < 700 else math.inf


def pieces(read: Mapping[str, Printed], null: float, scale: str) -> dict[str, dict[str, Range]]:
    """Return ranges with the null at zero, by item; an interval is one item with two."""

    def ends(name: str) -> Range:
        one = read[name]
        if scale == "log" and one.high <= 0:
            raise DataError(f"{name} must be > 0 on the log scale; got {one.text!r}.")
        offset = to_scale(null, scale)
        low, high = (to_scale(end, scale) - offset for end in (one.low, one.high))
        return Range(np.array([low]), np.array([high]))

    found: dict[str, dict[str, Range]] = {}
    if "estimate" in read:
        found["estimate"] = {"estimate": ends("estimate")}
    if "ci_low" in read:
        found["ci"] = {name: ends(name) for name in ("ci_low", "ci_high")}
    if "se" in read:
        one = read["se"]
        found["se"] = {"se": Range(np.array([max(one.low, 0.0)]), np.array([one.high]))}
    if "statistic" in read:
        found["statistic"] = {"size": _size_range(read["statistic"])}
    if "p" in read:
        one = read["p"]
        # "<0.05" and ">0.05" leave 0.05 itself out.
        low = one.low * (1 + _OPEN) if one.relation == ">" else one.low
        high = one.high * (1 - _OPEN) if one.relation == "<" else one.high
        found["p"] = {"p": Range(np.array([low]), np.array([high]))}
    return found


def _size_range(one: Printed) -> Range:
    """Return the range of the absolute value."""
    low, high = sorted((abs(one.low), abs(one.high)))
    return Range(np.array([0.0 if one.low < 0 < one.high else low]), np.array([high]))


def reported(parts: Mapping[str, dict[str, Range]]) -> Reported:
    """Put the pieces together."""
    return Reported(**{name: one for piece in parts.values() for name, one in piece.items()})
