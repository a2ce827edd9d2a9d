"""Lint of what was measured in each arm, and comparisons between rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from synthesis.effects.formulas import smd
from synthesis.effects.formulas.printed_numbers import half_units
from synthesis.effects.lint.findings import Finding, found, rule
from synthesis.effects.rows.workings import Workings
from synthesis.effects.sheet.columns import IDENTITY, NUMERIC
from synthesis.effects.sheet.reading import RESPELLED
from synthesis.labels import differ_in_case_alone, read_labels

LARGE_EFFECT = 3.0
LARGE_SD_RATIO = 3.0
ENOUGH = 3
"""Results that two rows must have in common, for one to be a copy of the other."""

ARMS = (("t", "treatment"), ("c", "control"))


@rule(
    "sd-equals-mean",
    "warning",
    "An SD that repeats a mean of the same row is usually a cell pasted into the wrong place.",
)
def _sd_equals_mean(workings: Workings) -> Iterable[Finding]:
    for arm, _ in ARMS:
        sd = workings[f"sd_{arm}"]
        for other, _ in ARMS:
            yield from found(
                sd == workings[f"mean_{other}"],
                f"sd_{arm}",
                lambda row, sd=sd, other=other: f"{sd[row]:g} is also mean_{other}",  # type: ignore[misc]
            )


@rule(
    "large-effect",
    "warning",
    "Standardised effects beyond 3 are rare in health services. Most come from a standard error "
    "entered as SD, or from means in different units.",
)
def _large_effect(workings: Workings) -> Iterable[Finding]:
    pooled = smd.pooled_sd(workings["sd_t"], workings["n_t"], workings["sd_c"], workings["n_c"])
    d = (workings["mean_t"] - workings["mean_c"]) / pooled
    yield from found(
        np.abs(d) > LARGE_EFFECT,
        "mean_t",
        lambda row: f"the arms differ by {abs(d[row]):.2g} standard deviations",
    )


@rule(
    "sd-ratio",
    "warning",
    "SDs of the two arms are usually similar. One three times the other is often an SE, a range, "
    "or a misplaced decimal point.",
)
def _sd_ratio(workings: Workings) -> Iterable[Finding]:
    sd_t, sd_c = workings["sd_t"], workings["sd_c"]
    ratio = np.maximum(sd_t / sd_c, sd_c / sd_t)
    yield from found(
        ratio > LARGE_SD_RATIO,
        "sd_t",
        lambda row: f"sd_t = {sd_t[row]:g} and sd_c = {sd_c[row]:g}: a ratio of {ratio[row]:.2g}",
    )


@rule(
    "duplicated-row",
    "warning",
    "Two rows with the same numbers are the same result twice, or one was copied as a template "
    "and not filled in.",
)
def _duplicated_row(workings: Workings) -> Iterable[Finding]:
    names = [name for name in NUMERIC if name in workings.sheet]
    if not names:
        return
    numbers = workings.sheet[names]
    # Sizes are the same for all outcomes of one trial, and say nothing about the result.
    results = numbers[[name for name in names if not name.startswith("n")]]
    enough = (results.notna().sum(axis=1) >= ENOUGH).to_numpy()
    repeated = numbers.duplicated().to_numpy(bool) & enough
    first = numbers.groupby(names, dropna=False).ngroup().to_numpy()
    studies = workings.sheet["study"].tolist()
    yield from found(
        repeated,
        "study",
        lambda row: f"the same numbers as study {studies[int(np.argmax(first == first[row]))]!r}",
    )


@rule(
    "capitals",
    "warning",
    "Labels that differ only in capitals are two studies, outcomes or groups in every analysis. If "
    "they are one, spell them the same way.",
)
def _capitals(workings: Workings) -> Iterable[Finding]:
    for name in ("study", *IDENTITY):
        if name in workings.sheet:
            read = read_labels(workings.sheet[name])
            for one, other in differ_in_case_alone(read):
                yield Finding(
                    read.index(other), name, f"{other!r} differs from {one!r} only in capitals"
                )


@rule(
    "spelling",
    "note",
    "Spaces, invisible characters and the way accents are stored make no difference here: such "
    "cells are read as one label. Spell them the same way, for other programs may tell them apart.",
)
def _spelling(workings: Workings) -> Iterable[Finding]:
    for name, labels in workings.sheet.attrs.get(RESPELLED, {}).items():
        read = read_labels(workings.sheet[name])
        for one, spellings in labels.items():
            if one in read:
                ways = f"{one!r} is spelled in {len(spellings)} ways that look alike"
                yield Finding(read.index(one), name, f"{ways}; they were read as one")


@rule(
    "sign",
    "warning",
    "Two entries in one row point in opposite directions. Look for a lost minus sign, "
    "swapped arms, or a scale on which lower is better.",
)
def sign(workings: Workings) -> Iterable[Finding]:
    """Yield entries that point in another direction than the means."""
    by_means = np.sign(workings["mean_t"] - workings["mean_c"])
    for name in ("sign", "t"):
        stated = np.sign(workings[name])
        yield from found(
            stated * by_means == -1,
            name,
            lambda row, name=name: f"{workings[name][row]:g}, but the means point the other way",  # type: ignore[misc]
        )
    better = np.where(workings.words("direction") == "lower", -1, 1) * by_means
    favours = workings.words("favours")
    stated = np.select([favours == "treatment", favours == "control"], [1, -1], 0)
    declared = (workings.words("direction") != "").to_numpy(bool)
    yield from found(
        declared & (stated * better == -1),
        "favours",
        lambda row: (
            f"{favours.iloc[row]}, but by the means and the direction the other arm did better"
        ),
    )


@rule(
    "percent",
    "error",
    "A percentage of people is a count over a size. One that no count can give, or that differs "
    "from the count beside it, is a change, a rate, or has another denominator.",
)
def percent(workings: Workings) -> Iterable[Finding]:
    """Yield percentages that no count of people gives."""
    arms = [(f"_{arm}", f" in the {word} arm") for arm, word in ARMS]
    for arm, where in (*arms, ("", "")):
        percent, n, events = (workings[f"{stem}{arm}"] for stem in ("percent", "n", "events"))
        half = half_units(percent)
        no_share = (percent < 0) | (percent > 100)
        nearest = np.where(np.isnan(events), np.round(percent / 100 * n), events)
        apart = np.abs(nearest / n * 100 - percent) > half
        yield from found(
            no_share,
            f"percent{arm}",
            lambda row, percent=percent: f"{percent[row]:g} is not a percentage of people",  # type: ignore[misc]
        )
        yield from found(
            ~no_share & apart,
            f"percent{arm}",
            lambda row, percent=percent, n=n, events=events, where=where: (  # type: ignore[misc]
                f"{percent[row]:g}% of {n[row]:g} is not a whole number of people"
                if np.isnan(events[row])
                else f"{events[row]:g} of {n[row]:g}{where} is "
                f"{100 * events[row] / n[row]:.1f}%, not {percent[row]:g}%"
            ),
        )


RULES = (
    _sd_equals_mean,
    _large_effect,
    _sd_ratio,
    _duplicated_row,
    _capitals,
    _spelling,
    sign,
    percent,
)
