"""Effects as papers print them, on the scale of analysis, each with a standard error."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from synthesis.effects.formulas import recover
from synthesis.effects.rows.workings import Workings
from synthesis.measures import MEASURES

HEDGES_G = ("g", "hedges g", "hedges' g", "hedges's g", "hedge's g")
COHENS_D = ("d", "cohen d", "cohens d", "cohen's d")
"""Standardised mean differences by name: with and without correction for small samples."""

ALIASES = {
    **dict.fromkeys(HEDGES_G, "smd"),
    **dict.fromkeys(COHENS_D, "smd"),
    "mean difference": "md",
    "odds ratio": "or",
    "risk ratio": "rr",
    "relative risk": "rr",
    "risk difference": "rd",
    "hazard ratio": "hr",
    "rate ratio": "irr",
}
"""Other names that papers give to a measure."""


@dataclass(frozen=True)
class Scale:
    """How a printed number is converted to the scale of analysis.

    Attributes
    ----------
    take : callable
        The transformation.
    sign : str
        How it is written before a column in a formula.
    keeps_se : bool
        Whether the standard error printed with an effect is already on the scale of analysis.
    """

    take: Callable[[np.ndarray], np.ndarray]
    sign: str
    keeps_se: bool = True


AS_PRINTED = Scale(lambda values: values, "")
LOGARITHM = Scale(np.log, "ln ")
BEHIND = {
    "r": {"fisher_z": Scale(np.arctanh, "artanh ", keeps_se=False)},
    "proportion": {
        "logit": Scale(lambda share: np.log(share / (1 - share)), "logit ", keeps_se=False)
    },
}
"""Measures on another scale that a printed effect and its interval give as well."""

STATISTICS = {"t statistic": "t", "f statistic": "f", "chi-square": "chi2"}
"""Values of `effect_type` where the printed effect is a test statistic, with its column."""


def plain_type(word: str) -> str:
    """Return a cell of `effect_type` in plain words: without "adjusted", with plain quotes."""
    return re.sub("[‘’`´]", "'", word.removeprefix("adjusted "))


def named_measure(word: str) -> str:
    """Return the measure that a cell of `effect_type` names, or the cell where it names none."""
    plain = plain_type(word)
    return ALIASES.get(plain, plain)


def stated_correction(workings: Workings) -> list[bool | None]:
    """Return whether printed SMDs are said to be corrected for small samples; None if not said."""
    g = workings.where("effect_type", lambda word: plain_type(word) in HEDGES_G)
    d = workings.where("effect_type", lambda word: plain_type(word) in COHENS_D)
    return [True if is_g else False if is_d else None for is_g, is_d in zip(g, d, strict=True)]


def printed_columns(measure: str) -> tuple[str, str]:
    """Return the columns with printed estimates of a measure and their standard errors."""
    return f"printed {measure}", f"se of printed {measure}"


def read_printed(workings: Workings, measure: str) -> None:
    """Put printed effects and standard errors into a pair of columns for each measure.

    Parameters
    ----------
    workings : Workings
        The cells, changed in place.
    measure : str
        What a printed effect without `effect_type` is taken to be, if its scale is beyond doubt.
    """
    printed = workings["effect"]
    if np.isnan(printed).all():
        return
    kind = workings.words("effect_type").map(named_measure).astype("string")
    unnamed = (kind == "").to_numpy(bool) & ~np.isnan(printed)
    if MEASURES[measure].scale in ("identity", "log"):
        kind = kind.mask(kind == "", measure)
    else:
        workings.hint(unnamed, f"effect needs an effect_type: on which scale is it? {measure!r}?")
    for name in kind[~np.isnan(printed) & (kind != "").to_numpy(bool)].unique():
        rows = (kind == name).to_numpy(bool) & ~np.isnan(printed)
        if name in STATISTICS:
            statistic = STATISTICS[name]
            values = np.where(rows, printed, np.nan)
            workings.fill(statistic, values, ["effect"], f"{statistic} = effect")
        elif name not in MEASURES:
            workings.hint(rows, f"effect_type {name!r} is not a known measure (such as md, rr, hr)")
        else:
            is_log = MEASURES[name].scale == "log"
            for column in ("effect", "ci_low", "ci_high"):
                workings.hint(
                    rows & is_log & (workings[column] <= 0),
                    f"a printed ratio must be > 0 for its logarithm, and {column} is not",
                )
            lowest, highest = MEASURES[name].range
            outside = rows & ((printed < lowest) | (printed > highest))
            workings.hint(outside, f"a printed {name} lies between {lowest:g} and {highest:g}")
            rows = rows & ~outside
            _printed_of(workings, name, rows, LOGARITHM if is_log else AS_PRINTED)
            for other, scale in BEHIND.get(name, {}).items():
                _printed_of(workings, other, rows, scale)


def _printed_of(workings: Workings, name: str, rows: np.ndarray, scale: Scale) -> None:
    """Put printed effects of the rows, taken to the scale of a measure, into its columns."""
    yi, se = printed_columns(name)
    effect, low, high = (
        scale.take(np.where(rows, workings[column], np.nan))
        for column in ("effect", "ci_low", "ci_high")
    )
    named = (workings.words("effect_type") != "").to_numpy(bool)
    workings.fill(yi, np.where(named, effect, np.nan), ["effect"], f"yi = {scale.sign}effect")
    workings.fill(
        yi,
        effect,
        ["effect"],
        f"yi = {scale.sign}effect: without effect_type, taken to be of measure {name!r}",
        is_guess=True,
        footnote="Kind of printed effect not stated",
    )
    if scale.keeps_se:
        values = np.where(rows, workings["se"], np.nan)
        workings.fill(se, values, ["se"], f"se of {scale.sign}effect")
    level = np.where(workings["ci_level"] > 0, workings["ci_level"], 0.95)
    # Mean differences from small trials have intervals based on t; other measures do not.
    df = workings["n_t"] + workings["n_c"] - 2 if name == "md" else None
    law = "t with N − 2 df (normal, if N is not known)" if name == "md" else "the normal law"
    workings.fill(
        se,
        recover.se_from_ci(low, high, level, df),
        ["ci_low", "ci_high", "ci_level"],
        f"se = ({scale.sign}ci_high − {scale.sign}ci_low)/2 over the quantile of {law} "
        "(Cochrane Handbook 6.3)",
        footnote="Standard error from confidence interval",
    )
    if scale.keeps_se:
        p = np.where(rows, workings["p"], np.nan)
        workings.fill(
            se,
            np.abs(effect) / recover.quantile(1 - p / 2, df),
            ["p"],
            f"se = |{scale.sign}effect| over the quantile of {law} that p implies "
            "(Cochrane Handbook 6.3)",
            footnote="Standard error from p",
        )
