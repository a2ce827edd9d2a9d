"""What to write instead, where an evidence table or file says it in other words.

The words are those that people use; what each stands for here depends on what was meant, so that
they are never replaced, only explained.
"""

from __future__ import annotations

from collections.abc import Mapping

from arrowroot.text import trimmed

_SUPPORTS = "write 'supports' if studies found the effect that the arrow says"
_NO_DIFFERENCE = (
    "write 'no difference' if studies found none, and 'not stated' if they do not say (a result "
    "that is not significant is not the same as no difference)"
)
_ADVERSE = (
    "write 'adverse' if studies found the opposite of what the arrow says, and 'no difference' if "
    "they found no difference"
)
_CONFLICTING = "write 'conflicting' if studies of the same outcome disagree"
_NOT_STATED = (
    "write 'not stated' if there are studies that do not say; if nobody has looked, leave it empty "
    "and write 'not searched' under search"
)
_CERTAINTY = (
    "the certainty is that of GRADE, in words; a percentage or a score has no counterpart, so "
    "leave it empty if nobody has graded the evidence"
)
_DIRECTIONS = {
    _SUPPORTS: "positive, pos, +, ++, +++, yes, true, supported, support, effective, works, "
    "benefit, beneficial, favourable, favorable, favours, favors, improves, improved",
    _NO_DIFFERENCE: "none, null, neutral, nil, 0, =, ns, n.s., ineffective, equivalent, no effect, "
    "no change, not significant, non significant, nonsignificant",
    _ADVERSE: "negative, neg, -, --, −, –, no, false, harm, harmful, worse, against, opposite",
    _CONFLICTING: "mixed, +/-, -/+, ±, inconsistent, contradictory, both, conflict, mixed results",
    _NOT_STATED: "?, unclear, unknown, n/a, na, not reported, uncertain, inconclusive",
}
_CERTAINTIES = {
    "write 'high'": "h, ++++, ⊕⊕⊕⊕",
    "write 'moderate'": "m, medium, +++, ⊕⊕⊕, ⊕⊕⊕◯, ⊕⊕⊕○",
    "write 'low'": "l, ++, ⊕⊕, ⊕⊕◯◯, ⊕⊕○○",
    "write 'very low'": "vl, verylow, +, ⊕, ⊕◯◯◯, ⊕○○○",
}
_SEARCHES = {
    "write 'done'": "yes, searched, true, complete, completed",
    "write 'not searched'": "no, none, false, not done, not yet",
}


def _by_word(listed: Mapping[str, str]) -> dict[str, str]:
    return {word: advice for advice, words in listed.items() for word in words.split(", ")}


_WORDS = {
    "direction": _by_word(_DIRECTIONS),
    "certainty": _by_word(_CERTAINTIES),
    "search": _by_word(_SEARCHES),
}
_COLUMNS = {
    "confidence": "certainty",
    "quality": "certainty",
    "grade": "certainty",
    "strength": "certainty",
    "effect_size": "estimate",
    "result": "direction",
    "finding": "direction",
    "studies": "k",
    "n_studies": "k",
    "participants": "n",
    "people": "n",
    "sample": "n",
    "reference": "citation",
    "study": "citation",
    "author": "citation",
    "lower": "ci_low",
    "upper": "ci_high",
    "low": "ci_low",
    "high": "ci_high",
    "ci": "ci_low' and 'ci_high",
    "from": "source",
    "to": "target",
    "time": "window",
    "follow_up": "window",
}


def word_advice(name: str, value: object) -> str:
    """Return what to write instead of a word that a claim does not take, or an empty text.

    Parameters
    ----------
    name : str
        The column or key: ``direction``, ``certainty`` or ``search``.
    value : object
        What is there.

    Examples
    --------
    >>> word_advice("direction", "Positive")
    "write 'supports' if studies found the effect that the arrow says"
    >>> word_advice("certainty", "medium")
    "write 'moderate'"
    """
    if name not in _WORDS:
        return ""
    plain = trimmed(str(value)).lower().replace("_", " ")
    known = _WORDS[name].get(plain) or _WORDS[name].get(plain.replace("-", " "), "")
    if not known and name == "certainty":
        return _CERTAINTY
    if not known and name == "direction" and any(sign.isdigit() for sign in plain):
        return "the direction is a word, and a number belongs under estimate"
    return known


def percent_advice(value: object) -> str:
    """Return how to write a percentage, or an empty text for anything else.

    Examples
    --------
    >>> percent_advice("40%")
    "write it without the sign, as 40 with the measure '%', or as the share 0.4"
    """
    text = trimmed(str(value))
    bare = text.removesuffix("%").strip()
    if not text.endswith("%") or not _is_number(bare):
        return ""
    share = f"{float(bare) / 100:g}"
    return f"write it without the sign, as {bare} with the measure '%', or as the share {share}"


def number_advice(value: object) -> str:
    """Return how to write a number that a table has otherwise, or an empty text.

    Examples
    --------
    >>> number_advice("0,26"), number_advice("1,200")
    ('write a decimal point: 0.26', 'write it without the comma: 1200')
    """
    if advice := percent_advice(value):
        return advice
    text = trimmed(str(value))
    if (plain := text.replace("\u2212", "-").replace("\u2013", "-")) != text and _is_number(plain):
        return f"write the minus as a hyphen: {plain}"
    whole, comma, decimals = text.partition(",")
    if comma and _is_number(f"{whole}.{decimals}"):
        if len(decimals) == 3 and whole.lstrip("-").strip("0"):
            return f"write it without the comma: {whole}{decimals}"
        return f"write a decimal point: {whole}.{decimals}"
    return ""


def column_advice(name: str) -> str:
    """Return the column that is called otherwise here, or an empty text.

    Examples
    --------
    >>> column_advice("Confidence")
    "did you mean 'certainty'?"
    """
    known = _COLUMNS.get(trimmed(name).lower().replace(" ", "_").replace("-", "_"))
    return f"did you mean '{known}'?" if known else ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
