"""Common slips: what a number would be if one thing had been done differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from arrowroot.errors import ArrowrootError
from synthesis.measures import measure_named
from synthesis.pooling.engine.intervals import CI_NAMES
from synthesis.pooling.engine.tau2 import NAMES as TAU2_NAMES
from synthesis.reproduce.answer_recipes import TRANSFORMED, Answer, Quantity, solve

_SIGNED = (*TRANSFORMED, "statistic")
_I2 = ("i2", "i2_q")
_NEAR_MEASURES = {"rr": ("or", "rd"), "or": ("rr", "rd"), "rd": ("rr", "or"), "md": ("smd",)}
_LIKELY_TAU2 = ("reml", "dl", "ml", "pm")


@dataclass(frozen=True)
class Slip:
    """One slip and the number that it gives.

    Attributes
    ----------
    name : str
        In a few words.
    message : str
        What happened and what to do, without the answer.
    value : float
        The number.
    """

    name: str
    message: str
    value: float


_Slip = tuple[str, str, Answer, pd.DataFrame]
"""Name, message, and the computation that was done instead."""


def slips(answer: Answer, table: pd.DataFrame) -> list[Slip]:
    """Return every slip possible in this computation, with the number it gives.

    Slips that cannot be computed on these data are left out.
    """
    found = []
    for name, message, instead, data in _computations(answer, table):
        try:
            value = solve(instead, data)
        except ArrowrootError:
            continue
        found.append(Slip(name, message, value))
    value = solve(answer, table)
    found += [Slip(name, message, change(value)) for name, message, change in _of_value(answer)]
    return [slip for slip in found if np.isfinite(slip.value)]


def _computations(answer: Answer, table: pd.DataFrame) -> Iterator[_Slip]:
    yield from _of_the_data(answer, table)
    yield from _of_the_effects(answer, table)
    if answer.quantity not in ("yi", "vi"):
        yield from _of_the_model(answer, table)


def _of_the_data(answer: Answer, table: pd.DataFrame) -> Iterator[_Slip]:
    if {"sd_t", "sd_c", "n_t", "n_c"} <= set(table.columns):
        arms = {arm: np.sqrt(table[f"n_{arm}"]) for arm in "tc"}
        as_errors = table.assign(**{f"sd_{arm}": table[f"sd_{arm}"] * arms[arm] for arm in arms})
        yield (
            "SD for SE",
            "The standard deviations were taken for standard errors. The table gives the spread "
            "between people: divide by √n for the error of a mean.",
            answer,
            as_errors,
        )
        as_sds = table.assign(**{f"sd_{arm}": table[f"sd_{arm}"] / arms[arm] for arm in arms})
        yield (
            "SE for SD",
            "Standard errors of the means were used where standard deviations belong: the columns "
            "already contain standard deviations.",
            answer,
            as_sds,
        )
    if not answer.effects.measure and "vi" in table:
        yield (
            "SE for variance",
            "Standard errors were used as variances. A sampling variance is the squared "
            "standard error.",
            answer,
            table.assign(vi=np.sqrt(table["vi"])),
        )
        yield (
            "variance for SE",
            "Variances were used as standard errors, and squared once more.",
            answer,
            table.assign(vi=table["vi"] ** 2),
        )


def _of_the_effects(answer: Answer, table: pd.DataFrame) -> Iterator[_Slip]:
    effects = answer.effects
    if effects.measure == "smd":
        if effects.correct:
            yield (
                "d for g",
                "This is Cohen's d: the correction for small samples (Hedges' g) is missing.",
                replace(answer, effects=replace(effects, correct=False)),
                table,
            )
        if effects.sd == "pooled":
            yield (
                "control SD for pooled SD",
                "The difference was divided by the control group's standard deviation instead of "
                "the pooled one.",
                replace(answer, effects=replace(effects, sd="control", variance="ls")),
                table,
            )
        for form in ("ls", "ls2"):
            if form != effects.variance and effects.sd == "pooled":
                yield (
                    "another variance",
                    "The effects are right, but their variance has a different form: check which "
                    "formula the question names.",
                    replace(answer, effects=replace(effects, variance=form)),
                    table,
                )
    for other in _NEAR_MEASURES.get(effects.measure, ()):
        wrong = measure_named(other).label.lower()
        yield (
            f"{wrong} instead",
            f"This is a {wrong}; the question asks for another measure.",
            replace(answer, effects=replace(effects, measure=other)),
            table,
        )
    if effects.measure == "fisher_z":
        yield (
            "correlations not transformed",
            "Correlations were pooled untransformed. Convert them to Fisher's z first, and back at "
            "the end.",
            replace(answer, effects=replace(effects, measure="r"), back=False),
            table,
        )


def _of_the_model(answer: Answer, table: pd.DataFrame) -> Iterator[_Slip]:
    for name, message, instead in (*_of_the_pooling(answer), *_of_the_result(answer)):
        yield name, message, instead, table


def _of_the_pooling(answer: Answer) -> Iterator[tuple[str, str, Answer]]:
    pool = answer.pool
    other = "common" if pool.model == "random" else "random"
    words = {"common": "a common-effect", "random": "a random-effects"}
    # Without tau² there is only the I² from Q, which is a separate slip.
    if answer.quantity not in _I2:
        yield (
            f"{other} for {pool.model}",
            f"This comes from {words[other]} model; the question asks for {words[pool.model]} one.",
            replace(answer, pool=replace(pool, model=other, ci=None)),
        )
    if pool.model == "common":
        return
    for tau2 in _LIKELY_TAU2:
        if tau2 != pool.tau2:
            yield (
                f"{tau2.upper()} for {pool.tau2.upper()}",
                f"τ² was estimated by {TAU2_NAMES[tau2]}; the question asks for "
                f"{TAU2_NAMES[pool.tau2]}.",
                replace(answer, pool=replace(pool, tau2=tau2)),
            )
    asked = pool.ci or "hksj"
    for ci in ("wald", "hksj"):
        if ci != asked:
            yield (
                f"{ci.upper()} for {asked.upper()}",
                f"The interval is of the {CI_NAMES[ci]} kind; the question asks for the "
                f"{CI_NAMES[asked]} one.",
                replace(answer, pool=replace(pool, ci=ci)),
            )


def _of_the_result(answer: Answer) -> Iterator[tuple[str, str, Answer]]:
    """Yield slips that take another result of the right analysis."""
    taken: dict[str, tuple[Quantity, str, str]] = {
        "i2": ("i2_q", "I² by Q", "This is I² from Q; the question asks for the one from τ²."),
        "i2_q": ("i2", "I² by τ²", "This is I² from τ²; the question asks for the one from Q."),
        "tau2": ("tau", "τ for τ²", "This is τ, a standard deviation; τ² is its square."),
        "tau": ("tau2", "τ² for τ", "This is τ², a variance; τ is its square root."),
        "ci_low": ("ci_high", "the other limit", "This is the upper end of the interval."),
        "ci_high": ("ci_low", "the other limit", "This is the lower end of the interval."),
        "pi_low": ("pi_high", "the other limit", "This is the upper end of the interval."),
        "pi_high": ("pi_low", "the other limit", "This is the lower end of the interval."),
    }
    if answer.quantity in taken:
        quantity, name, message = taken[answer.quantity]
        yield name, message, replace(answer, quantity=quantity)


def _of_value(answer: Answer) -> Iterator[tuple[str, str, Callable[[float], float]]]:
    """Yield slips that change the number itself."""
    name = answer.effects.measure or answer.pool.measure
    scale = measure_named(name).scale if name else "identity"
    moved = answer.quantity in TRANSFORMED and scale != "identity"
    if moved and answer.back:
        back_to = {"log": np.log, "fisher_z": np.arctanh}.get(scale)
        if back_to is not None:
            yield (
                "not transformed back",
                "This is still on the scale on which the effects were pooled. Transform it back: "
                "exp for logarithms, tanh for Fisher's z.",
                lambda value: float(back_to(value)),
            )
    if moved and not answer.back and scale == "log":
        yield (
            "log not taken",
            "This is the ratio itself. The question asks for its natural logarithm.",
            lambda value: float(np.exp(value)),
        )
        yield (
            "logarithm to base 10",
            "This is a logarithm to base 10. Effects are pooled as natural logarithms.",
            lambda value: float(value / np.log(10)),
        )
    if answer.quantity in _SIGNED:
        flipped: Callable[[float], float] = (
            (lambda value: 1 / value) if moved and answer.back and scale == "log" else np.negative
        )
        yield (
            "wrong sign",
            "The direction is reversed: treatment comes first, control second.",
            lambda value: float(flipped(value)),
        )
    if answer.quantity == "std_error":
        yield (
            "variance for SE",
            "This is the variance; the standard error is its square root.",
            lambda value: value**2,
        )
    if answer.quantity in _I2:
        yield (
            "share for percent",
            "This is a proportion; the question asks for a percentage.",
            lambda value: value / 100,
        )
