"""Plain sentences: certainty gives the verb, the size of the effect the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass

from synthesis.appraisal.certainty.levels import NOT_JUDGED
from synthesis.appraisal.certainty.size import Size

SIZES = ("large", "plain", "slight", "none")
"""Rows of the grid: a large effect, an important one, a small one, little to no difference."""

GRID = {
    ("high", "large"): "{who} {leads} to a large {noun} in {what}",
    ("high", "plain"): "{who} {verbs} {what}",
    ("high", "slight"): "{who} {verbs} {what} slightly",
    ("high", "none"): "{who} {makes} little to no difference to {what}",
    ("moderate", "large"): "{who} probably {leads} to a large {noun} in {what}",
    ("moderate", "plain"): "{who} probably {verbs} {what}",
    ("moderate", "slight"): "{who} probably {verbs} {what} slightly",
    ("moderate", "none"): "{who} probably {makes} little to no difference to {what}",
    ("low", "large"): "{who} may lead to a large {noun} in {what}",
    ("low", "plain"): "{who} may {verb} {what}",
    ("low", "slight"): "{who} may {verb} {what} slightly",
    ("low", "none"): "{who} may make little to no difference to {what}",
}
"""Sentences by certainty and size (after GRADE guidelines 26). At very low certainty there is one
sentence, which names no size."""
VERY_LOW = "the evidence is very uncertain about the effect of {who} on {what}"
UNRATED = "the certainty of the evidence about the effect of {who} on {what} is not judged"

_BOTH = {
    "high": "it is not clear whether {who} {verbs} or {other_verbs} {what}",
    "moderate": "it is not clear whether {who} {verbs} or {other_verbs} {what}",
    "low": "{who} may {verb} or {other_verb} {what}",
}
"""Where the interval is important in both directions, or no size can be named and it includes no
effect: the direction is open."""


@dataclass(frozen=True)
class Direction:
    """The words for an effect in one direction, and in the other."""

    verb: str
    verbs: str
    noun: str


MORE = Direction("increase", "increases", "increase")
LESS = Direction("reduce", "reduces", "reduction")
BETTER = Direction("improve", "improves", "improvement")
WORSE = Direction("worsen", "worsens", "worsening")


def directions(size: Size) -> tuple[Direction, Direction]:
    """Return the words for the direction of an effect, and for the opposite one."""
    up, down = (BETTER, WORSE) if size.is_better else (MORE, LESS)
    return (up, down) if size.triple[0] >= 0 else (down, up)


def size_word(size: Size, value: float) -> str:
    """Return the row of the grid for a value; empty where no boundary was given."""
    return {
        "": "",
        "trivial": "none",
        "small": "slight",
        "moderate": "plain",
        "important": "plain",
        "large": "large",
    }[size.zone(value)]


def plain_sentence(
    level: str, size: Size | None, who: str, what: str, *, plural: bool = False
) -> tuple[str, str, list[str]]:
    """Return what happens, as a plain sentence, and what a reader must be told besides.

    Parameters
    ----------
    level : str
        The certainty, or ``"not judged"``.
    size : Size or None
        The effect; None where no number is known.
    who, what : str
        The intervention and the outcome, as within a sentence.
    plural : bool
        Whether the intervention is several things, as stockings are.

    Returns
    -------
    tuple of (str, str, list of str)
        The sentence without its full stop; what the interval includes besides, or an empty text;
        and flags.
    """
    if size is None:
        form = {"very low": VERY_LOW, NOT_JUDGED: UNRATED}.get(level, "{who}, {what}: no number")
        return capital(form.format(who=who, what=what)), "", []
    here, other = directions(size)
    names = {
        "who": who,
        "what": what,
        "verb": here.verb,
        "verbs": here.verb if plural else here.verbs,
        "leads": "lead" if plural else "leads",
        "makes": "make" if plural else "makes",
        "noun": here.noun,
        "other_verb": other.verb,
        "other_verbs": other.verb if plural else other.verbs,
    }
    flags = []
    a_here, a_other = _article(here.noun), _article(other.noun)
    if size.both_important:
        flags.append(
            f"The interval includes both {a_here} and {a_other} that would be important: read no "
            "direction into the estimate."
        )
    if not size.cuts:
        flags.append(
            "No minimal important difference was given, so nothing is said of the size of the "
            "effect."
        )
        if size.crosses_null:
            flags.append(f"The interval includes both {a_here} and {a_other}.")
    if level in (NOT_JUDGED, "very low"):
        sentence = (UNRATED if level == NOT_JUDGED else VERY_LOW).format(**names)
        tail = _both_tail(here, other) if size.both_important else ""
    elif size.both_important:
        sentence, tail = _BOTH[level].format(**names), _both_tail(here, other)
    elif not size.cuts and size.crosses_null:
        sentence = _BOTH[level].format(**names)
        tail = f"the interval includes both {a_here} and {a_other}"
    else:
        word = size_word(size, size.triple[0]) or "plain"
        sentence, tail = GRID[level, word].format(**names), _beyond(size, here, other)
    return capital(sentence), tail, flags


def _both_tail(here: Direction, other: Direction) -> str:
    return f"the interval includes both an important {here.noun} and an important {other.noun}"


def _beyond(size: Size, here: Direction, other: Direction) -> str:
    """Return what else the interval includes: no important difference, or one elsewhere."""
    if size.limits is None or not size.cuts:
        return ""
    sign = 1.0 if size.triple[0] >= 0 else -1.0
    near, far = sorted(sign * limit for limit in size.limits)
    first = size.cuts[0]
    is_small = abs(size.triple[0]) < first
    parts = []
    if is_small and far >= first:
        parts.append(f"an important {here.noun}")
    if not is_small and near < first:
        parts.append("little to no difference")
    if near <= -first:
        parts.append(f"an important {other.noun}")
    return f"the interval also includes {' and '.join(parts)}" if parts else ""


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def capital(sentence: str) -> str:
    """Return a sentence with a capital."""
    return sentence[:1].upper() + sentence[1:]


_PREPOSITIONS = r"\b(for|of|with|by|in|from|to|at|on|versus|against|plus|during|after)\b"


def is_plural(name: str) -> bool:
    """Return whether a name is probably a plural: its noun ends as plurals do, or there are two.

    Examples
    --------
    >>> is_plural("statins"), is_plural("care of patients"), is_plural("diet and rest")
    (True, False, True)
    >>> is_plural("dialysis"), is_plural("antibiotics"), is_plural("progress")
    (False, True, False)
    """
    noun = re.split(_PREPOSITIONS, name, maxsplit=1)[0].strip().casefold()
    if re.search(r"\band\b", noun):
        return True
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is"))


def within_sentence(name: str) -> str:
    """Return a name as it is written within a sentence: without its capital, if only that.

    Examples
    --------
    >>> within_sentence("Patient satisfaction"), within_sentence("HbA1c"), within_sentence("QoL")
    ('patient satisfaction', 'HbA1c', 'QoL')
    >>> within_sentence("Crohn's disease activity")
    "Crohn's disease activity"
    """
    first = name.split(maxsplit=1)[:1]
    plain = bool(first) and re.fullmatch(r"[A-Z][a-z]+(-[a-z]+)*[,;:]?", first[0]) is not None
    return name[:1].lower() + name[1:] if plain else name
