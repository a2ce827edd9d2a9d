"""The words of GRADE: levels of certainty, reasons to rate down and up, and people's judgements."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from arrowroot.errors import OptionError
from arrowroot.options import is_whole
from arrowroot.text import counted, did_you_mean, one_line, trimmed

LEVELS = ("very low", "low", "moderate", "high")
"""Levels of certainty, the lowest first."""
NOT_JUDGED = "not judged"
"""Instead of a level where a person said that a reason cannot be judged."""
NO_PROPOSAL = "no proposal"
"""Instead of a proposal where no rule can say."""
SYMBOLS = {
    "high": "⊕⊕⊕⊕",
    "moderate": "⊕⊕⊕◯",
    "low": "⊕⊕◯◯",
    "very low": "⊕◯◯◯",
    NOT_JUDGED: "",
}

DOWN = ("risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias")
"""Reasons to rate down."""
UP = ("large effect", "dose-response gradient", "opposing confounding")
"""Reasons to rate up."""
DOMAINS = (*DOWN, *UP)
MOST = {**dict.fromkeys(DOWN, -3), "large effect": 2} | dict.fromkeys(UP[1:], 1)
"""How many levels each reason can move the certainty at most."""

_DOWN_WORDS = ("not serious", "serious", "very serious", "extremely serious")
_SUSPECTED = ("undetected", "strongly suspected", "very strongly suspected", "certain")
_UP_WORDS = {
    "large effect": ("none", "large", "very large"),
    "dose-response gradient": ("none", "present"),
    "opposing confounding": ("none", "present"),
}

STARTS = {"rct": "high", "nrsi": "low", "nrsi_robins_i": "high"}
"""Where a body of evidence starts, by design."""
START_SOURCES = {
    "rct": "randomised trials start high (GRADE)",
    "nrsi": "studies that are not randomised start low (Core GRADE 2025)",
    "nrsi_robins_i": "studies that are not randomised start high where ROBINS-I judged them, "
    "since it covers confounding and selection (GRADE guidelines 18)",
}


@dataclass(frozen=True)
class Proposal:
    """What a rule proposes for one reason.

    Attributes
    ----------
    levels : int or None
        0, or how many levels to rate down (negative) or up; None where no rule can say.
    reason : str
        What was found, with the numbers.
    rule, source : str
        The rule, and where it comes from.
    """

    levels: int | None
    reason: str
    rule: str
    source: str


@dataclass(frozen=True)
class Judged:
    """What a person decided about one reason.

    Attributes
    ----------
    levels : int or None
        0, or how many levels down (negative) or up, or the word for it; None where it cannot be
        judged.
    reason : str
        Why.
    fingerprint : str
        Of what was judged; empty where nobody recorded it.
    assessor, date : str
        Who judged, and when.
    filed : bool
        Whether it comes from a file, so that a missing fingerprint is worth a note.
    """

    levels: Any
    reason: str = ""
    fingerprint: str = ""
    assessor: str = ""
    date: str = ""
    filed: bool = False


def words_of(domain: str, levels: int | None) -> str:
    """Return the word for a number of levels.

    Examples
    --------
    >>> words_of("imprecision", -1), words_of("publication bias", 0), words_of("large effect", 2)
    ('serious', 'undetected', 'very large')
    """
    if levels is None:
        return NOT_JUDGED
    return _scale(domain)[abs(levels)]


def level_of_word(domain: str, word: str) -> int:
    """Return the number of levels that a word for a judgement means.

    Raises
    ------
    OptionError
        If the reason has no such judgement.

    Examples
    --------
    >>> level_of_word("imprecision", "Very serious"), level_of_word("large effect", "large")
    (-2, 1)
    """
    sign = -1 if MOST[domain] < 0 else 1
    meant = {words_of(domain, sign * one): sign * one for one in range(abs(MOST[domain]) + 1)}
    said = trimmed(word).casefold()
    if said not in meant:
        listed = ", ".join(map(repr, meant))
        raise OptionError(
            f"judged: the judgement of {domain!r} must be one of {listed}; got {word!r}."
            f"{did_you_mean(said, meant)}"
        )
    return meant[said]


def _scale(domain: str) -> tuple[str, ...]:
    if domain == "publication bias":
        return _SUSPECTED
    return _UP_WORDS.get(domain, _DOWN_WORDS)


def levels_in_words(levels: int) -> str:
    """Return what a reason did, as ``"rated down two levels"``."""
    way = "down" if levels < 0 else "up"
    number = {1: "one", 2: "two", 3: "three"}[abs(levels)]
    return f"rated {way} {counted(abs(levels), 'level').replace(str(abs(levels)), number, 1)}"


def domain_named(name: object) -> str:
    """Return a reason as it is called here, however it is spelt.

    Raises
    ------
    OptionError
        If there is no such domain; a similar one is suggested.

    Examples
    --------
    >>> domain_named("Risk_of_bias"), domain_named("dose response gradient")
    ('risk of bias', 'dose-response gradient')
    """
    plain = _plain(name)
    for domain in DOMAINS:
        if _plain(domain) == plain:
            return domain
    listed = ", ".join(map(repr, DOMAINS))
    raise OptionError(
        f"judged: there is no domain {str(name)!r}; there are {listed}."
        f"{did_you_mean(plain, DOMAINS)}"
    )


def _plain(name: object) -> str:
    return re.sub(r"[\s_-]+", " ", trimmed(str(name))).casefold()


def read_judged(given: Mapping[str, Any] | None) -> dict[str, Judged]:
    """Return people's judgements by reason.

    Raises
    ------
    OptionError
        If a reason has another name, or a judgement is not a number of levels with words.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise OptionError(
            "judged must be a mapping such as {'imprecision': (-1, 'few events')}; got "
            f"{given!r}."
        )
    found: dict[str, Judged] = {}
    for name, value in given.items():
        domain = domain_named(name)
        if domain in found:
            raise OptionError(f"judged: {domain!r} is there twice; keep one of the two.")
        found[domain] = _checked(domain, _parts(domain, value))
    return found


def _parts(domain: str, value: Any) -> Judged:
    if isinstance(value, Judged):
        return value
    if isinstance(value, Mapping):
        unknown = set(value) - set(Judged.__dataclass_fields__)
        if unknown or "levels" not in value:
            raise OptionError(
                f"judged: {domain!r} needs 'levels' and 'reason', and may have 'fingerprint', "
                f"'assessor' and 'date'; got {', '.join(map(repr, value))}."
            )
        return Judged(**value)
    if isinstance(value, (tuple, list)) and 2 <= len(value) <= 3:
        return Judged(*value)
    if is_whole(value):
        return Judged(int(value))
    raise OptionError(
        f"judged: {domain!r} must be levels and a reason, as (-1, 'wide interval'); got {value!r}."
    )


def _checked(domain: str, judged: Judged) -> Judged:
    levels, most = judged.levels, MOST[domain]
    if isinstance(levels, str):
        levels = level_of_word(domain, levels)
    if levels is not None:
        if not is_whole(levels):
            raise OptionError(
                f"judged: the levels of {domain!r} must be a whole number; got {levels!r}."
            )
        levels = int(levels)
        low, high = min(0, most), max(0, most)
        if not low <= levels <= high:
            hint = f" Write {-levels}." if low <= -levels <= high else ""
            way = "down" if most < 0 else "up"
            raise OptionError(
                f"judged: {domain!r} rates {way}, so its levels are {low} to {high}; got "
                f"{levels}.{hint}"
            )
    if not isinstance(judged.reason, str):
        raise OptionError(f"judged: the reason for {domain!r} must be text; got {judged.reason!r}.")
    return Judged(
        levels,
        one_line(judged.reason).strip(),
        str(judged.fingerprint),
        str(judged.assessor),
        str(judged.date),
        judged.filed,
    )
