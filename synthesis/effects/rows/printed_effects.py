"""Effects as papers print them, on the scale of analysis, each with a standard error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from synthesis.effects.formulas import recover
from synthesis.effects.rows.effect_types import STATISTICS, effect_type
from synthesis.effects.rows.workings import Workings
from synthesis.measure_words import answer
from synthesis.measures import MEASURES


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
    "partial_r": {"partial_z": Scale(np.arctanh, "artanh ", keeps_se=False)},
    "proportion": {
        "logit": Scale(lambda share: np.log(share / (1 - share)), "logit ", keeps_se=False)
    },
    "rate": {"log_rate": Scale(np.log, "ln ", keeps_se=False)},
    "alpha": {
        "alpha_bt": Scale(lambda alpha: -np.log1p(-alpha), "log complement of ", keeps_se=False)
    },
}
"""Measures on another scale that a printed effect and its interval give as well."""


def named_measure(word: str) -> str:
    """Return the measure that a cell of `effect_type` names, or the cell where it names none."""
    return effect_type(word).name


def stated_correction(workings: Workings) -> list[bool | None]:
    """Return whether printed SMDs are said to be corrected for small samples; None if not said."""
    return [effect_type(str(word)).corrected for word in workings.words("effect_type")]


COHENS_D = "printed d"
"""The column of printed standardised differences that are not corrected for small samples."""


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
    is_log = workings.where("effect_type", _is_log)
    unnamed = (kind == "").to_numpy(bool) & ~np.isnan(printed)
    if MEASURES[measure].scale in ("identity", "log"):
        kind = kind.mask(kind == "", measure)
    else:
        workings.hint(
            unnamed, f"write in effect_type what the printed effect is, such as {measure!r}"
        )
    for name in kind[~np.isnan(printed) & (kind != "").to_numpy(bool)].unique():
        rows = (kind == name).to_numpy(bool) & ~np.isnan(printed)
        if name in STATISTICS:
            statistic = STATISTICS[name]
            values = np.where(rows, printed, np.nan)
            workings.fill(statistic, values, ["effect"], f"{statistic} = effect")
        elif name not in MEASURES:
            told = answer(name) or " Write it as papers do: g, MD, RR, aOR, log HR."
            workings.hint(rows, f"effect_type {name!r} is not a known measure.{told.rstrip('.')}")
        else:
            possible = rows & ~_impossible(workings, name, rows, is_log)
            if MEASURES[name].scale == "log":
                _printed_of(workings, name, possible & ~is_log, LOGARITHM)
                _printed_of(workings, name, possible & is_log, AS_PRINTED)
            else:
                _printed_of(workings, name, possible, AS_PRINTED)
            for other, scale in BEHIND.get(name, {}).items():
                _printed_of(workings, other, possible, scale)
            if name == "smd1":
                _printed_of(workings, "smd", possible, AS_PRINTED)
    _d_alone(workings)


def _is_log(word: str) -> bool:
    return effect_type(word).is_log


def _is_rank(word: str) -> bool:
    return effect_type(word).is_rank


def _is_d(word: str) -> bool:
    return effect_type(word).corrected is False


def _d_alone(workings: Workings) -> None:
    """Put Cohen's d into a column of its own: without a standard error it can be corrected."""
    which = workings.where("effect_type", _is_d)
    d = np.where(which, workings[printed_columns("smd")[0]], np.nan)
    workings.fill(COHENS_D, d, ["effect"], "d = effect, not corrected for small samples")


def _impossible(workings: Workings, name: str, rows: np.ndarray, is_log: np.ndarray) -> np.ndarray:
    """Return which printed effects the measure cannot take, and say so."""
    printed, low, high = (workings[column] for column in ("effect", "ci_low", "ci_high"))
    measure = MEASURES[name]
    if measure.scale == "log":
        bad = rows & ~is_log & ~(printed > 0)
        workings.hint(
            bad,
            "a printed ratio must be > 0 for its logarithm; if it is one, write 'log OR', say",
        )
        none = rows & ~is_log & ((low <= 0) | (high <= 0)) & ~bad
        workings.hint(
            none,
            "a limit of a ratio must be > 0 for its logarithm: a limit printed as 0.00 is a small "
            "number that was rounded; enter more decimals, or se or p instead",
        )
        beyond = rows & (np.where(is_log, np.exp(printed), printed) > measure.range[1])
        workings.hint(beyond, f"a printed {measure.label.lower()} must be at most 1")
        return np.asarray(bad | beyond)
    least, most = measure.range
    bad = rows & ((printed < least) | (printed > most))
    workings.hint(
        bad,
        f"a printed effect of measure {name!r} must lie between {least:g} and {most:g}"
        + ("; a percentage is divided by 100" if name in ("proportion", "rd") else ""),
    )
    return np.asarray(bad)


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
    _error_by_size(workings, name, rows, se)


def _error_by_size(workings: Workings, name: str, rows: np.ndarray, se: str) -> None:
    """Work out standard errors of printed effects that follow from the number of people."""
    at, n = workings[printed_columns(name)[0]], workings["n"]
    ranks = workings.where("effect_type", _is_rank)
    # Ranks: Bonett & Wright (2000), Psychometrika 65:23.
    of_ranks = np.sqrt((1 + np.tanh(at) ** 2 / 2) / (n - 3))
    forms = {
        "r": ((1 - at**2) / np.sqrt(n - 1), "(1 − r²)/√(n − 1)"),
        "fisher_z": (1 / np.sqrt(n - 3), "1/√(n − 3)"),
        "proportion": (np.sqrt(at * (1 - at) / n), "√(p(1 − p)/n)"),
        "logit": ((1 + np.exp(at)) / np.sqrt(n * np.exp(at)), "1/√(n·p(1 − p))"),
    }
    if name == "fisher_z":
        workings.fill(
            se,
            np.where(rows & ranks, of_ranks, np.nan),
            ["n"],
            "se = √((1 + r²/2)/(n − 3)), for a correlation of ranks (Bonett & Wright 2000)",
            footnote="Correlation of ranks (Spearman)",
        )
    if name in forms:
        values, text = forms[name]
        possible = rows & np.isfinite(values) & (values > 0)
        workings.fill(se, np.where(possible, values, np.nan), ["n"], f"se = {text}")
