"""What a search for conventions found, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from arrowroot.text import counted
from synthesis.pooling.engine.intervals import CI_NAMES
from synthesis.pooling.engine.tau2 import NAMES as TAU2_NAMES
from synthesis.pooling.engine.weighted import Array

_CHOICES = {
    "measure": "the effect measure",
    "variance": "the form of the variance",
    "correct": "the small-sample correction",
    "sd": "the standard deviation used",
    "zero_cells": "what is added to zero cells",
    "no_events": "what is done about tables without events",
    "inputs": "the rounding of the inputs",
    "model": "the model",
    "tau2": "the estimator of tau²",
    "ci": "the interval",
    "prediction": "the prediction interval",
    "subgroup_tau2": "tau² within subgroups",
    "trim_estimator": "the estimator of trim and fill",
    "trim_side": "the side filled in",
    "trim_model": "the model while trimming",
    "direction": "the direction",
    "scale": "the scale",
    "i2": "the definition of I²",
    "digits": "how digits were dropped",
    "method": "the likelihood",
    "test": "the reference distribution",
}
_OPTIONS = {
    "no_events": {"keep": "kept", "leave_out": "left out"},
    "tau2": TAU2_NAMES,
    "ci": CI_NAMES,
    "model": {"random": "random effects", "common": "a common effect"},
    "method": {"reml": "restricted maximum likelihood", "ml": "maximum likelihood"},
    "test": {"z": "normal", "t": "t"},
}


def named(choice: str) -> str:
    """Return a choice in words."""
    return _CHOICES.get(choice, choice)


def option_named(choice: str, option: str) -> str:
    """Return an option in words."""
    return _OPTIONS.get(choice, {}).get(option, option)


def changed(table: pd.DataFrame, start: int, end: int, varied: Sequence[str]) -> str:
    """Return what changes from one combination to another, in words.

    A choice that only one of them has is not listed: it follows from another.
    """
    steps = []
    for name in varied:
        before, after = str(table[name].iloc[start]), str(table[name].iloc[end])
        if before != after and not {before, after} & {"", "none"}:
            steps.append(
                f"{named(name)} (from {option_named(name, before)} to {option_named(name, after)})"
            )
    return " and ".join([", ".join(steps[:-1]), steps[-1]] if len(steps) > 1 else steps)


def decided(table: pd.DataFrame, met: Array, varied: Sequence[str]) -> list[str]:
    """Say which choices all matches share, and which make no difference."""
    matching = table.iloc[met]
    fixed, free = [], []
    for name in varied:
        options = [one for one in matching[name].unique() if one not in ("", "none")]
        tried = [one for one in table[name].unique() if one not in ("", "none")]
        if len(options) == 1 and len(matching[name].unique()) == 1 and len(tried) > 1:
            fixed.append(f"{named(name)}: {option_named(name, options[0])}")
        elif len(options) == len(tried) > 1:
            free.append(named(name))
    sentences = []
    if fixed:
        sentences.append(f"All matches agree on {'; '.join(fixed)}.")
    if free:
        sentences.append(f"At these digits any option is possible for {', '.join(free)}.")
    return sentences


def in_words(
    table: pd.DataFrame,
    misses: Callable[[int], Sequence[tuple[str, str, str]]],
    *,
    base: int,
    first: int,
    met: Array,
    varied: Sequence[str],
    separating: pd.DataFrame,
) -> str:
    """Return what was found in words.

    Parameters
    ----------
    table : DataFrame
        Every combination.
    misses : callable
        Takes a row and returns the results it misses: name, as printed, as it would be printed.
    base, first : int
        The row of the defaults, and of the best combination.
    met : ndarray of int
        The rows that meet every printed number.
    varied : sequence of str
        The choices with more than one option.
    separating : DataFrame
        The single changes that break the best combination.
    """

    def missed(row: int) -> str:
        return " and ".join(f"{name} {ours} instead of {text}" for name, text, ours in misses(row))

    if not met.size:
        closest = changed(table, base, first, varied)
        how = f", which changes {closest}," if closest else " (the defaults)"
        return (
            f"None of {counted(len(table), 'combination')} gives every printed number. The nearest"
            f"{how} gives {missed(first)}. Next, look at the data: other studies, other columns, "
            "a typing error, or a convention that is not searched."
        )
    sentences = [
        f"{counted(len(met), 'combination')} of {len(table):,} "
        f"{'gives' if len(met) == 1 else 'give'} every printed number."
    ]
    if misses(base):
        sentences.append(
            f"The defaults give {missed(base)}. The smallest change that gives them all is in "
            f"{changed(table, base, first, varied)}."
        )
    else:
        sentences.append("The defaults are among them.")
    sentences += decided(table, met, varied)
    if len(separating) and len(separating["choice"].unique()) == 1:
        sentences.append(f"Only {named(separating['choice'].iloc[0])} decides.")
    return " ".join(sentences)
