"""Why a claim got its verdict, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from arrowroot.display import number
from synthesis.reproduce.printed import Printed

_PIECES = {
    "estimate": "estimate",
    "ci": "interval",
    "se": "standard error",
    "statistic": "test statistic",
    "p": "p-value",
}


def three(p: tuple[float, float]) -> str:
    """Describe a range of p-values.

    Examples
    --------
    >>> three((0.0348, 0.0692)), three((1e-9, 0.2)), three((1e-9, 1e-8))
    ('between 0.035 and 0.069', 'up to 0.200', 'below 0.001')
    """
    low, high = p
    if high < 0.001:
        return "below 0.001"
    if low < 0.0005:
        return f"up to {number(high, 3)}"
    return f"between {number(low, 3)} and {number(high, 3)}"


def assumption(level: float, df: float | None, scale: str) -> str:
    """Say how the numbers were read."""
    reference = "the normal distribution" if df is None else f"t with {df:g} degrees of freedom"
    where = " of the logarithm" if scale == "log" else ""
    return (
        f"Read as a two-sided test and a {level:.0%} interval symmetric about the estimate{where}, "
        f"from {reference}. Exact, bootstrap and likelihood intervals are not of this form."
    )


def reasons(
    verdict: str,
    meaning: str | None,
    p: tuple[float, float],
    limits: tuple[float, float],
    level: float,
    read: Mapping[str, Printed],
    null: float,
) -> list[str]:
    """Say why compatible numbers bear out the words, contradict them, or leave it open.

    Parameters
    ----------
    verdict, meaning : str, str or None
        The verdict and what the words say.
    p, limits : tuple of float
        Range of the p-value; the lowest lower and the highest upper limit of the interval.
    level, null : float
        Level of the interval; the value of no effect.
    read : mapping of str to Printed
        What is printed.
    """
    if meaning is None:
        return ["All printed numbers can be roundings of one result."]
    alpha = f"{1 - level:.2g}"
    spread = f"The printed digits allow every p-value {three(p)}"
    if verdict == "undecidable":
        notes = [
            f"{spread}: some below {alpha}, some not. The words can be neither confirmed nor "
            "refuted; one more digit would usually decide."
        ]
    elif verdict == "consistent":
        notes = [f"{spread}, which bears out the words."]
    else:
        notes = [f"{spread}, which contradicts the words."]
    for name, words in (("ci_low", "lower"), ("ci_high", "upper")):
        if name in read and read[name].low < null < read[name].high:
            one = read[name]
            notes.append(
                f"The {words} limit is printed as {one.text}, which stands for anything from "
                f"{one.low:g} to {one.high:g}: on either side of no effect ({null:g})."
            )
    if meaning == "no_difference":
        low, high = (f"{limit:.3g}" for limit in limits)
        notes.append(
            "A difference that is not significant is not shown to be absent: the interval may "
            f"reach from {low} to {high}."
        )
    return notes


def contradictions(fitting: Sequence[str]) -> list[str]:
    """Say that the numbers contradict each other, and which of them is responsible."""
    notes = ["No result rounds to all the printed numbers: they contradict each other."]
    if fitting:
        listed = " or ".join(f"the {_PIECES[name]}" for name in fitting)
        notes.append(f"Without {listed}, the rest is compatible.")
    notes.append(
        "Before calling it an error, ask whether the interval is of another kind or level, the "
        "test one-sided, or the scale a ratio's (scale='log', null=1)."
    )
    return notes
