"""What is wrong within one claim: numbers that cannot be true together, and doubtful words.

`impossible` is refused wherever claims are read, from a file or from a table; `contradictions` are
questions that `check` asks. Neither looks at more than one claim.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from numbers import Real
from typing import Any

Fault = tuple[str, str]
"""The key that is at fault, and the message."""
_LIMITS = ("ci_low", "ci_high")
_COUNTS = ("k", "n")
_RATIOS = {"rr", "or", "hr", "irr", "rom", "ror", "dor", "shr", "smr", "sir", "aor", "ahr", "airr"}
"""Short names of ratios. ARR and RRR are left out: they may be reductions."""
_DIFFERENCES = {"smd", "md", "wmd", "rd", "ard", "d", "g", "r", "z", "cor", "zcor"}
_DIFFERENCE_WORDS = ("difference", "hedges", "cohen", "glass", "correlation", "risk reduction")
_RATIO_WORDS = ("ratio", "ratios", "relative risk", "relative risks", "relative rate")
_ON_LOG_SCALE = re.compile(r"\b(?:log|ln)(?:(?:rr|or|hr|irr|rom)?\b(?! rank)|ged\b)")


def no_effect(measure: str) -> int | None:
    """Return the value of a measure that means no effect: 1 of a ratio, 0 of a difference.

    Parameters
    ----------
    measure : str
        As written in a claim, in any case, with or without other words.

    Returns
    -------
    int or None
        None if the measure is not known.

    Examples
    --------
    >>> [no_effect(name) for name in ("rr", "Adjusted OR", "log OR", "SMD", "points")]
    [1, 1, 0, 0, None]
    """
    text = " ".join(re.split(r"[\W_]+", measure.lower())).strip()
    words = text.split()
    if _ON_LOG_SCALE.search(text):
        return 0
    if any(re.search(rf"\b{name}\b", text) for name in _RATIO_WORDS) and "reduction" not in words:
        return 1
    if _RATIOS & {*_named(words, measure)}:
        return 1
    if _DIFFERENCES & {*words} or any(name in text for name in _DIFFERENCE_WORDS):
        return 0
    return None


def _named(words: list[str], measure: str) -> Iterator[str]:
    """Yield the words of a measure, without an "or" that joins two others."""
    for place, word in enumerate(words):
        joins = 0 < place < len(words) - 1 and not re.search(r"\bOR\b", measure)
        if word != "or" or not joins:
            yield word


def impossible(claim: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what cannot be true of a claim: the key, and a message that names the rule.

    Parameters
    ----------
    claim : mapping of str to object
        Values by the names of `Claim`'s fields. What is missing, None or not a number as it should
        be is passed over: see `malformed`.

    Yields
    ------
    tuple of (str, str)
        Limits in the wrong order, an estimate outside its limits, a ratio that is not positive, a
        correlation beyond 1, fewer people than studies, and results of no studies.
    """
    numbers: dict[str, Any] = {
        name: None if any(malformed({name: claim.get(name)})) else claim.get(name)
        for name in ("estimate", *_LIMITS, *_COUNTS)
    }
    yield from _of_interval(numbers, str(claim.get("measure") or ""))
    k, n = numbers["k"], numbers["n"]
    if k and n is not None and n < k:
        yield "n", f"n is {n} and k is {k}, but {k} studies cannot have fewer than {k} in all"
    if k == 0:
        found = [name for name in ("estimate", *_LIMITS) if numbers[name] is not None]
        found += ["n"] if n else []
        found += ["direction"] if claim.get("direction") else []
        if found:
            yield (
                "k",
                f"k is 0, so no study was found, but {' and '.join(found)} "
                f"{'says' if len(found) == 1 else 'say'} what studies"
                " found; correct k, or leave them out",
            )


def malformed(claim: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is no number, or no whole number, where a claim made in Python needs one."""
    for name in ("estimate", *_LIMITS, *_COUNTS):
        value = claim.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
            yield f"{name} must be a number; got {value!r}"
        elif name in _COUNTS and (value < 0 or value % 1 != 0):
            yield f"{name} must be a whole number of at least 0; got {value!r}"


def _of_interval(numbers: Mapping[str, Any], measure: str) -> Iterator[Fault]:
    estimate, low, high = (numbers[name] for name in ("estimate", *_LIMITS))
    if low is not None and high is not None and low > high:
        yield "ci_low", f"ci_low {low:g} is above ci_high {high:g}; exchange the two limits"
    elif estimate is not None and (
        (low is not None and estimate < low) or (high is not None and estimate > high)
    ):
        limits = " to ".join("…" if limit is None else f"{limit:g}" for limit in (low, high))
        yield (
            "estimate",
            (
                f"estimate {estimate:g} is outside its interval ({limits}); check all three, and"
                " give them to the same number of decimal places"
            ),
        )
    given = [(name, numbers[name]) for name in ("estimate", *_LIMITS) if numbers[name] is not None]
    if no_effect(measure) == 1:
        for name, value in given:
            # A lower limit may be 0 when rounded.
            if value < 0 or (value == 0 and name != "ci_low"):
                yield (
                    name,
                    (
                        f"{name} must be above 0, because {measure} is a ratio; got {value:g}."
                        " If it is a logarithm, write the measure as 'log "
                        f"{measure}'"
                    ),
                )
    if re.sub(r"\W", "", measure.lower()) in ("r", "cor", "correlation", "pearsonsr"):
        for name, value in given:
            if abs(value) > 1:
                yield (
                    name,
                    f"{name} must be from -1 to 1, because it is a correlation; got {value:g}",
                )


def contradictions(claim: Any) -> Iterator[str]:
    """Yield sentences on where the direction of a claim does not agree with its own numbers.

    Parameters
    ----------
    claim : Claim
        Whose numbers are possible.

    Yields
    ------
    str
        A limit that equals no effect is no contradiction: it may be rounded.
    """
    null = no_effect(claim.measure)
    low, high, towards = claim.ci_low, claim.ci_high, claim.direction
    if claim.k == 1 and towards == "conflicting":
        yield "the direction is 'conflicting', but k is 1, and one study cannot disagree"
    if null is None:
        return
    name = f"no effect ({null})"
    if low is not None and high is not None and low <= high:
        interval = f"the interval {low:g} to {high:g}"
        if towards in ("supports", "adverse") and low < null < high:
            yield (
                f"the direction is {towards!r}, but {interval} includes {name}; write"
                " 'no difference', or check the numbers"
            )
        if towards == "no difference" and not low <= null <= high:
            yield (
                f"the direction is 'no difference', but {interval} excludes {name}; write"
                " 'supports' or 'adverse', or check the numbers"
            )
    elif towards in ("supports", "adverse") and claim.estimate == null:
        yield f"the direction is {towards!r}, but the estimate is {name}"
    if null == 1 and low == 0:
        yield "the lower limit of a ratio is 0; give it to more decimal places"
