"""Lint of spreads: a standard error, a standard deviation or a variance in another's column."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from synthesis.effects.lint.findings import Finding, found, rule
from synthesis.effects.rows.workings import Workings
from synthesis.effects.sheet.columns import ONE_OUTCOME

SIBLINGS = 3
"""With fewer others of an outcome than this, their median does not say what is usual."""

FAR = 3.0
"""Spreads of one outcome that are further apart than this factor are not of one kind."""

NEAR = 1.5
"""Spreads of one outcome that are this factor apart may be of one kind."""

ARMS = ("t", "c")

BOTH = ("_t", "_c")
GROUPS = (
    *((when, BOTH) for when in ("", "_pre", "_change")),
    *((when, ("",)) for when in ("", "_pre", "_post", "_change")),
)
"""What the columns of means and SDs have in their names: when they were measured, and the arms."""


@rule(
    "se-as-sd",
    "warning",
    "A standard error entered as SD makes an effect √n times too large. Check whether the paper "
    "says SE or SEM; if so, move the number to se_t or se_c, or for one group or a change enter it "
    "times √n.",
)
def _se_as_sd(workings: Workings) -> Iterable[Finding]:
    group = workings.same(*ONE_OUTCOME)
    for when, arms in GROUPS:
        if all(np.isnan(workings[f"sd{when}{arm}"]).all() for arm in arms):
            continue
        far_below = _far_below(workings, group, when, arms)
        for arm in arms:
            name = f"sd{when}{arm}"
            sd = workings[name]
            usual, siblings = _median_of_others(sd, group)
            as_sd = sd * np.sqrt(workings[f"n{arm}"])
            likely = (sd < usual / FAR) & _near(as_sd, usual) & (siblings >= SIBLINGS)
            for which, others, what in (
                (likely, usual, "the usual SD of this outcome"),
                (~likely & ~np.isnan(as_sd), far_below, "the SD of other rows of this outcome"),
            ):
                yield from found(
                    which & ~np.isnan(others),
                    name,
                    lambda row, sd=sd, as_sd=as_sd, others=others, what=what: (  # type: ignore[misc]
                        f"{sd[row]:g} is far below {what}, {others[row]:.4g}, but times √n it is "
                        f"{as_sd[row]:.3g}: it looks like a standard error"
                    ),
                )


def _far_below(
    workings: Workings, group: np.ndarray, when: str, suffixes: tuple[str, ...]
) -> np.ndarray:
    """Return the SD of the other rows, where a row's own SDs are standard errors beside them.

    The SDs of an outcome are cut in two where they are furthest apart. The lower ones are standard
    errors if each times √n is among the upper ones. Other units would do the same to the SDs, but
    to the means as well, and not to the effect: so the means must be alike, or the effect several
    times the others. Two rows are enough, and either part may be the larger.
    """
    names = {"sd": f"sd{when}", "n": "n", "mean": f"mean{when}"}
    arms = {
        one: np.array([workings[f"{name}{arm}"] for arm in suffixes]) for one, name in names.items()
    }
    logs = pd.DataFrame({one: np.log(np.abs(both)).mean(axis=0) for one, both in arms.items()})
    # The mean of one group over its SD is an effect where it is a change.
    difference = arms["mean"][0] - (arms["mean"][1] if len(suffixes) > 1 else 0)
    logs["effect"] = np.log(np.abs(difference)) - logs["sd"]
    even = np.abs(np.log(arms["sd"][0] / arms["sd"][-1])) < np.log(FAR)
    table = logs[even & np.isfinite(logs["sd"] + logs["n"])].sort_values("sd")
    upper = np.full(workings.size, np.nan)
    for _, rows in table.groupby(group[table.index]):
        if len(rows) < 2:
            continue
        sd = rows["sd"].to_numpy()
        cut = int(np.argmax(np.diff(sd))) + 1
        low, high = rows.iloc[:cut], rows.iloc[cut:]
        centre = float(high["sd"].median())
        alike = (low["mean"] - high["mean"].median()).abs() < (centre - low["sd"]) / 2
        larger = low["effect"] - high["effect"].median() > np.log(FAR)
        if (
            sd[cut] - sd[cut - 1] > np.log(FAR)
            and sd[-1] - sd[cut] < np.log(FAR)
            and ((low["sd"] + low["n"] / 2 - centre).abs() < np.log(NEAR)).all()
            and (alike | larger).all()
        ):
            upper[low.index] = np.exp(centre)
    return upper


def _near(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray(np.abs(np.log(one / other)) < np.log(NEAR))


def _median_of_others(values: np.ndarray, group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the median of the other rows of each row's group, and how many they are."""
    table = pd.DataFrame({"value": values, "group": group}).dropna()
    medians, counts = np.full(values.size, np.nan), np.zeros(values.size)
    for _, members in table.groupby("group"):
        ordered = np.sort(members["value"].to_numpy())
        others = ordered.size - 1
        if others >= 1:
            rank = np.searchsorted(ordered, members["value"].to_numpy())
            # Without the member, positions from its own on move down by one.
            low, high = (others - 1) // 2, others // 2
            below = ordered[np.where(low < rank, low, low + 1)]
            above = ordered[np.where(high < rank, high, high + 1)]
            medians[members.index], counts[members.index] = (below + above) / 2, others
    return medians, counts


@rule(
    "variance-as-sd",
    "warning",
    "A variance entered as SD makes an effect too small, and its weight too large. Check what the "
    "paper prints; if it is a variance, enter its square root.",
)
def _variance_as_sd(workings: Workings) -> Iterable[Finding]:
    group = workings.same(*ONE_OUTCOME)
    usual, likely = {}, np.ones(workings.size, dtype=bool)
    for arm in ARMS:
        sd, mean = workings[f"sd_{arm}"], np.abs(workings[f"mean_{arm}"])
        usual[arm], siblings = _median_of_others(sd, group)
        usual_mean, _ = _median_of_others(mean, group)
        far_above, enough = sd > FAR * usual[arm], siblings >= SIBLINGS
        # In other units the means would be further apart by the same factor.
        alike = np.abs(np.log(mean / usual_mean)) < np.log(sd / usual[arm]) / 2
        # One arm alone is more spread out now and then; variances are entered for both.
        likely &= far_above & enough & alike & _near(np.sqrt(sd), usual[arm])
    for arm in ARMS:
        sd = workings[f"sd_{arm}"]
        yield from found(
            likely,
            f"sd_{arm}",
            lambda row, sd=sd, arm=arm: (  # type: ignore[misc]
                f"{sd[row]:g} is far above the usual SD of this outcome, {usual[arm][row]:g}, but "
                f"its square root is {np.sqrt(sd[row]):.3g}: it looks like a variance"
            ),
        )


@rule(
    "se-as-variance",
    "warning",
    "The variance of an effect falls as the number of people rises, in about the same way in all "
    "studies of an outcome. One that fits only when it is squared is a standard error: enter it "
    "in sei. A standard error that fits only as it is, is a variance: enter it in vi.",
)
def _se_as_variance(workings: Workings) -> Iterable[Finding]:
    group = workings.same(*ONE_OUTCOME)
    arms = workings["n_t"] + workings["n_c"]
    people = np.where(np.isnan(arms), workings["n_total"], arms)
    people = np.where(np.isnan(people), workings["n"], people)
    for name, power, other, what in (
        ("vi", 1.0, 2.0, "standard error"),
        ("sei", 2.0, 1.0, "variance"),
    ):
        value = workings[name]
        share = value**power * people
        usual, siblings = _median_of_others(share, group)
        apart = np.abs(np.log(share / usual)) > np.log(FAR)
        yield from found(
            apart & _near(value**other * people, usual) & (siblings >= SIBLINGS),
            name,
            lambda row, value=value, what=what, usual=usual, power=power: (  # type: ignore[misc]
                f"{value[row]:g} with {people[row]:g} people, where other rows of this outcome "
                f"suggest {(usual[row] / people[row]) ** (1 / power):.2g}: it looks like a {what}"
            ),
        )


RULES = (_se_as_sd, _variance_as_sd, _se_as_variance)
