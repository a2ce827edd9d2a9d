"""The words for judgements of risk of bias, and how bad each is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from arrowroot.text import label

LOW_BUT = "low except for uncontrolled confounding"
"""The best judgement of the confounding of an observational study in ROBINS-I V2."""

WORDS: dict[str, tuple[str, ...]] = {
    "low": ("low", "low risk", "+"),
    LOW_BUT: (
        LOW_BUT,
        "low except confounding",
        "low (except for concerns about uncontrolled confounding)",
        "low except for concerns about uncontrolled confounding",
    ),
    "unclear": ("unclear", "unclear risk", "?"),
    "some concerns": ("some concerns", "some concern", "some"),
    "moderate": ("moderate", "moderate risk"),
    "serious": ("serious", "serious risk"),
    "high": ("high", "high risk", "-", "–"),
    "very high": ("very high", "very high risk"),
    "critical": ("critical", "critical risk"),
    "no information": ("no information", "ni"),
    "not applicable": ("not applicable", "na", "n/a"),
}
"""The words for each judgement in tables, in lower case, from the best judgement to the worst."""

LEVELS = {
    **dict.fromkeys(("low", LOW_BUT), 0),
    **dict.fromkeys(("unclear", "some concerns", "moderate"), 1),
    **dict.fromkeys(("serious", "high"), 2),
    **dict.fromkeys(("very high", "critical"), 3),
}
"""How bad each judgement is, comparable between the words of one tool."""

AS_PROPOSED = "as proposed"
"""What a person writes to take the proposal as their judgement."""

_BY_WORD = {word: name for name, words in WORDS.items() for word in words}
_TAIL = re.compile(r"( risk)?( of bias)?[.]?$")


def word(value: object) -> str:
    """Return the text of a cell in lower case; empty if it is blank."""
    return label(label(value).replace("_", " ")).lower()


def judgement_named(value: object, legal: Iterable[str] = ()) -> str | None:
    """Return the judgement that a cell names, however it is spelled, or None.

    Parameters
    ----------
    value : object
        The cell.
    legal : iterable of str, optional
        The judgements that are possible there; a single letter is then the one that begins with
        it, as in robvis, if there is only one.

    Examples
    --------
    >>> judgement_named("Some_Concerns"), judgement_named("Low risk of bias")
    ('some concerns', 'low')
    >>> judgement_named("S", ["low", "some concerns", "high"]), judgement_named("S")
    ('some concerns', None)
    """
    given = word(value)
    for spelled in (given, given.replace("-", " ").strip(), _TAIL.sub("", given)):
        if spelled in _BY_WORD:
            return _BY_WORD[spelled]
    beginning = [one for one in legal if len(given) == 1 and one.startswith(given)]
    return beginning[0] if len(beginning) == 1 else None


def level(name: str | None) -> int:
    """Return how bad a judgement is, from 0; -1 for none, and for what is no level."""
    return LEVELS.get(name or "", -1)
