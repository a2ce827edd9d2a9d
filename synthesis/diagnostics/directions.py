"""Directions of effects, for studies whose effects cannot be pooled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot.display import Shown, interval, p_value
from arrowroot.errors import DataError, OptionError
from arrowroot.options import confidence_level, thing
from arrowroot.text import counted, shortened
from synthesis import checks
from synthesis.labels import capitals, complete_labels, read_labels
from synthesis.r_code.script import NotInR

DIRECTIONS = ("positive", "negative", "conflicting")
"""What the effects of one study can show together."""


@dataclass(frozen=True, eq=False, repr=False)
class SignTest(NotInR, Shown):
    """How many of the studies with a direction point in the positive one.

    Attributes
    ----------
    positive, decided : int
        Studies that are positive; those that are positive or negative.
    share, ci : float, tuple of float
        Their share in percent with its interval (Wilson).
    p_value : float
        Two-sided exact test that both directions are equally likely.
    level : float
        Confidence level of the interval.
    """

    r_words = ("a sign test", "R's own binom.test(k, n) does it")

    positive: int
    decided: int
    share: float
    ci: tuple[float, float]
    p_value: float
    level: float

    def _title(self) -> str:
        return f"Sign test, {counted(self.decided, 'study', 'studies')} with a direction"

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("Positive", f"{self.positive} of {self.decided}"),
            (f"Share (%), {self.level:.0%} CI", f"{self.share:.0f} {interval(self.ci, 0)}"),
            ("p", p_value(self.p_value)),
        ]

    def _notes(self) -> tuple[str, ...]:
        return (
            "This tells in how many studies the effect points one way. It says nothing about its "
            "size, and every study counts the same.",
        )


def effect_directions(
    effects: pd.DataFrame,
    *,
    domain: str,
    study: str = "study",
    effect: str = "yi",
    agreement: float = 70.0,
) -> pd.DataFrame:
    """Say for every study and outcome domain in which direction its effects point.

    Parameters
    ----------
    effects : DataFrame
        One row per effect.
    domain, study : str
        Columns of the outcome domain and the study.
    effect : str
        Column of the effects; above zero is the positive direction. Blank cells do not count.
    agreement : float
        Percentage of a study's effects in a domain, above 50, that must point the same way;
        if fewer do, they are conflicting.

    Returns
    -------
    DataFrame
        One row per study and domain: ``study domain direction outcomes``, the number of effects.
        Labels that differ only in capitals are listed in ``attrs["notes"]``.

    Raises
    ------
    DataError
        A missing column, or a cell that is not a number.
    OptionError
        If `agreement` is not above 50 and at most 100.

    References
    ----------
    Boon & Thomson 2021, Res Synth Methods 12:29-33.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"study": ["A", "A", "B"], "outcome": ["pain"] * 3, "yi": [0.2, -0.1, 0.4]}
    ... )
    >>> effect_directions(table, domain="outcome")
      study domain    direction  outcomes
    0     A   pain  conflicting         2
    1     B   pain     positive         1
    """
    if not 50 < agreement <= 100:
        raise OptionError(f"agreement must be above 50 and at most 100; got {agreement!r}.")
    named, about = checks.column(effects, study, "study"), checks.column(effects, domain, "domain")
    signs = np.sign(checks.numeric(checks.column(effects, effect, "effect"), read_labels(named)))
    labels = complete_labels(named, "study", needed=~np.isnan(signs))
    domains = complete_labels(about, "domain", needed=~np.isnan(signs))
    counted = ~np.isnan(signs)
    rows = zip(labels, domains, counted, strict=True)
    pairs = [(label, about) for label, about, counts in rows if counts]
    # By number: pandas before version 3 cannot tell texts with half a character apart.
    places = {pair: place for place, pair in enumerate(dict.fromkeys(pairs))}
    table = pd.DataFrame({"up": signs > 0, "down": signs < 0})[counted]
    groups = table.groupby([places[pair] for pair in pairs])
    shares = 100 * groups[["up", "down"]].mean()
    direction = np.select(
        [shares["up"] >= agreement, shares["down"] >= agreement], DIRECTIONS[:2], DIRECTIONS[2]
    )
    found = pd.DataFrame(
        {
            "study": [study for study, _ in places],
            "domain": [about for _, about in places],
            "direction": direction,
            "outcomes": groups.size().to_numpy(),
        }
    )
    if notes := [*capitals("Study labels", labels), *capitals("Domains", domains)]:
        found.attrs["notes"] = notes
    return found


def sign_test(directions: pd.Series, *, level: float = 0.95) -> SignTest:
    """Test whether studies point one way more often than the other.

    Parameters
    ----------
    directions : Series
        ``"positive"``, ``"negative"`` or ``"conflicting"`` of each study; the last, and blank
        cells, do not count.
    level : float
        Confidence level.

    Returns
    -------
    SignTest

    Raises
    ------
    DataError
        If a cell has another word, or no study points either way.

    References
    ----------
    Cochrane Handbook, chapter 12.2.1.3: vote counting by the direction of effect; Wilson 1927, J
    Am Stat Assoc 22:209-212.

    Examples
    --------
    >>> test = sign_test(pd.Series(["positive"] * 9 + ["negative"]))
    >>> test.positive, test.decided, round(test.p_value, 4)
    (9, 10, 0.0215)
    """
    confidence_level(level)
    if not isinstance(directions, pd.Series):
        raise DataError(
            "directions must be a column of directions, one per study, as effect_directions gives "
            f"them; got {thing(directions)}."
        )
    known = pd.Series([word for word in read_labels(directions) if word], dtype=object)
    wrong = sorted(set(known) - set(DIRECTIONS))
    if wrong:
        listed = ", ".join(map(repr, DIRECTIONS))
        raise DataError(f"directions must be {listed} or blank; got {shortened(map(repr, wrong))}.")
    positive, negative = (int((known == word).sum()) for word in DIRECTIONS[:2])
    decided = positive + negative
    if not decided:
        raise DataError("sign_test: no study points in either direction.")
    from scipy.stats import binomtest

    test = binomtest(positive, decided)
    limits = test.proportion_ci(level, method="wilson")
    return SignTest(
        positive=positive,
        decided=decided,
        share=100 * positive / decided,
        ci=(100 * float(limits.low), 100 * float(limits.high)),
        p_value=float(test.pvalue),
        level=level,
    )
