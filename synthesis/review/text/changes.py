"""Effects in words: *0.45 higher*, *rose by 0.5 SD*, *fell by 28 per cent*."""

from __future__ import annotations

import re
from collections.abc import Sequence

from arrowroot.text import label
from synthesis.pooling.results import MetaAnalysis
from synthesis.review.analyses import Analysis

_N = r"(?P<n>\d+(?:\.\d+)?|\.\d+)"
_DECIMAL = r"(?P<n>\d*\.\d+)"
# Neither the end of a range, as in "0.3 to 0.5 higher", nor a number that is said to be rough.
_ROUGH = (
    *("to", "and", "or", "about", "around", "roughly", "nearly", "almost", "over", "under"),
    *("than", "approximately", "some", "by", "up"),
)
_ALONE = r"(?<![\w.,~\u2248\u2013\u2212-])" + "".join(rf"(?<!\b{word} )" for word in _ROUGH)
_VERBS = (
    r"\b(?:rose|risen|rises?|fell|fallen|falls?|dropped|drops?|declined?|decreased?|increased?|"
    r"improved?|worsened|reduced|grew|lowered|raised|higher|lower|greater|better|worse|fewer|less|"
    r"more)\s+by\s+"
)
# "Reduced admissions by": what changed stands within.
_WHAT_BY = (
    r"\b(?:reduc|increas|improv|lower|rais|decreas)(?:es?|ed|ing|s)?\s+(?:[\w-]+\s+){1,8}?by\s+"
)
_THAN = r"(?:higher|lower|greater|smaller|better|worse|more|less|fewer)\b(?! than \d)"
_SD = r"\s*(?:SDs?|standard\s+deviations?)\b"
_POINTS = r"[\s-]+points?\b"
_PERCENT = r"\s*(?:%|per\s?cent\b)(?![\s-]*points?)"
_NO_UNIT = r"(?=\s*(?:[.,;:)(]|$|in\s+the\s+(?:short|medium|long)\b|with\b|after\b|at\b))"

_NOUNS = ("reduction", "decrease", "increase", "fall", "rise")

CHANGES = (
    (
        "per",
        re.compile(
            rf"{_ALONE}(?P<n>\d[\d,]*(?:\.\d+)?)\s+(?:fewer|more|less)\s+(?:[a-z]+\s+){{0,3}}?"
            r"(?:per|in|in every|out of)\s+(?P<of>100|1,?000|10,?000|100,?000)\b"
        ),
    ),
    ("deviations", re.compile(rf"{_WHAT_BY}{_N}{_SD}")),
    ("points", re.compile(rf"{_WHAT_BY}{_N}{_POINTS}")),
    ("percent", re.compile(rf"{_WHAT_BY}{_N}{_PERCENT}")),
    ("difference", re.compile(rf"{_WHAT_BY}{_DECIMAL}{_NO_UNIT}")),
    ("deviations", re.compile(rf"{_VERBS}{_N}{_SD}")),
    ("deviations", re.compile(rf"{_ALONE}{_N}{_SD}\s+{_THAN}")),
    ("points", re.compile(rf"{_VERBS}{_N}{_POINTS}")),
    ("points", re.compile(rf"{_ALONE}{_N}{_POINTS}\s+{_THAN}")),
    ("percent", re.compile(rf"{_VERBS}{_N}{_PERCENT}")),
    ("percent", re.compile(rf"{_ALONE}{_N}{_PERCENT}\s+{_THAN}")),
    (
        "percent",
        re.compile(rf"{_ALONE}{_N}{_PERCENT}\s+(?:{'|'.join(_NOUNS)})\b"),
    ),
    ("difference", re.compile(rf"{_VERBS}{_DECIMAL}{_NO_UNIT}")),
    ("difference", re.compile(rf"{_ALONE}{_DECIMAL}\s+{_THAN}")),
)
"""How sizes of changes are written, by kind."""
_UNITS = {
    "deviations": ("smd",),
    "points": ("md",),
    "difference": ("smd", "md"),
    "percent": ("rr", "hr", "irr"),
}
_AFTER = (
    *("in", "with", "after", "at", "than", "by", "on", "over", "under", "during", "within"),
    *("compared", "when", "once", "and", "for"),
)
"""Words that may follow a change; any other is what changed."""
_COUNTING = {
    *("fewer", "more", "less", "per", "in", "every", "out", "of"),
    *("people", "patients", "participants", "events", "cases"),
}
_OTHER = re.compile(
    r"\b(?:subgroups?|sensitivity|one (?:study|trial)|respectively|but|while|whereas|between|"
    r"(?:an?|another|each|this|that|single) (?:\w+ )?(?:study|trial|review)|et al|(?:19|20)\d\d|"
    r"previous|earlier|reviews?|literature|expect\w*|assum\w*|hypothes\w*|power|would|could|might|"
    r"if|unless|at (?:least|most)|important\w*|minimal\w*|relevant|clinically|threshold|"
    r"interpret\w*|correspond\w*|than (?:in|among|for|at|after)|from \d|baseline|ranged?|ranging|"
    r"in (?:the|both) (?:\w+ )*(?:groups?|arms?)|(?:treatment|control|intervention) (?:group|arm)s?"
    r"|(?:per|each) year|annual\w*|risk of bias|not?)\b|\[@",
    re.IGNORECASE,
)
"""What a number in words may be about instead of the result: then nothing is compared."""


def is_other(sentence: str, about: Sequence[Analysis]) -> bool:
    """Return whether numbers in words may be about something else than the pooled result.

    Parameters
    ----------
    sentence : str
        As typed.
    about : sequence of Analysis
        That it names.
    """
    if _OTHER.search(_without_names(sentence, about)):
        return True
    folded = sentence.casefold()
    names: set[str] = set()
    for one in about:
        if one.fit is not None:
            names |= {label(study).casefold() for study in one.fit.studies["study"]}
        for groups in one.subgroups.values():
            names |= {label(name).casefold() for name in groups.groups}
        for variant in one.sensitivity.values():
            names |= {variant.plan.id.casefold(), variant.plan.label.casefold()}
    return any(re.search(rf"\b{re.escape(name)}\b", folded) for name in names if name)


def _without_names(sentence: str, about: Sequence[Analysis]) -> str:
    """Return a sentence without the names of its results, which may hold any word."""
    names = [one.outcome.label for one in about]
    names += [one.window.label for one in about if one.window]
    for name in filter(None, names):
        sentence = re.sub(re.escape(name), " ", sentence, flags=re.IGNORECASE)
    return sentence


def is_of(text: str, found: re.Match[str], kind: str, about: Sequence[Analysis]) -> bool:
    """Return whether what changed is an outcome itself, not something else that is named with it.

    *Admissions fell by 25%* and *25% fewer admissions*, but not *Of admissions, costs fell by 25%*.

    Parameters
    ----------
    text : str
        The sentence.
    found : Match
        One of the `CHANGES` in it.
    kind : str
        Its kind.
    about : sequence of Analysis
        That the sentence names.
    """
    labels = {name for one in about for name in (one.outcome.label, one.outcome.id) if name}
    label_of = "|".join(r"\W+".join(map(re.escape, re.findall(r"\w+", one))) for one in labels)
    own = {word for one in labels for word in re.findall(r"\w+", one.casefold())}
    if kind == "per":
        between = set(re.findall(r"[a-z]+", found[0].casefold())) - _COUNTING
        return between <= own
    if re.match(_WHAT_BY, found[0]) and not re.match(_VERBS, found[0]):
        when = r"(?:\s+in the [\w-]+ term)?"
        return bool(re.search(rf"\b(?:{label_of}){when}\s+by\s", found[0], re.IGNORECASE))
    after = text[found.end() :]
    if re.match(rf"\s+(?:in\s+|of\s+|for\s+)?(?:the\s+)?(?:{label_of})\b", after, re.IGNORECASE):
        return True
    if next_word := re.match(r"\s+([a-z]+)", after):
        if next_word[1] not in _AFTER:
            return False
        if found[0].split()[-1] in _NOUNS:
            return False
    before = text[: found.start()]
    for window in {one.window.label for one in about if one.window}:
        before = re.sub(rf",?\s*{re.escape(window)}\s*,?", " ", before, flags=re.IGNORECASE)
    named = list(re.finditer(rf"\b(?:{label_of})\b", before, re.IGNORECASE))
    return bool(named) and not re.search(r"[,;:]|\band\b", before[named[-1].end() :])


def changes_of(kind: str, one: Analysis, fit: MetaAnalysis, of: float = 0) -> list[float]:
    """Return the sizes that a change may have, without sign; none where it says another measure.

    Parameters
    ----------
    kind : str
        One of `CHANGES`.
    one : Analysis
        Whose outcome may have a baseline risk.
    fit : MetaAnalysis
        The result.
    of : float
        How many people events are counted in, as in *56 fewer per 1,000*.
    """
    estimate = fit.back(fit.estimate)
    if kind in ("points", "deviations", "difference"):
        return [abs(estimate)] if fit.measure.name in _UNITS[kind] else []
    from synthesis.appraisal.readings.interpret import turned_signs

    signs = turned_signs(fit)
    if not fit.measure.is_ratio or any(one is None for one in signs) or len(set(signs)) > 1:
        return []
    ratio = 1 / estimate if signs[0] else estimate
    baseline = one.outcome.baseline
    if kind == "per":
        if baseline is None or fit.measure.name not in ("rr", "or", "hr"):
            return []
        from synthesis.appraisal.readings.absolute import at_one_risk

        effect = at_one_risk(fit.measure.name, ratio, None, baseline, of)
        return [abs(effect.difference[0])]
    if fit.measure.name not in _UNITS[kind]:
        return []
    found = [100 * abs(ratio - 1)]
    if baseline is not None:
        # "Fell by 6%" may be from 30% to 24%, which is no slip.
        found.append(found[0] * baseline)
    return found
