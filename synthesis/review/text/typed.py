"""Numbers typed into prose that belong to an analysis, and no longer agree with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from arrowroot.display import number, p_value
from arrowroot.text import label
from synthesis.pooling.results import MetaAnalysis
from synthesis.review.analyses import Analysis
from synthesis.review.findings import Finding
from synthesis.review.text.changes import CHANGES, changes_of, is_of, is_other
from synthesis.review.text.times import windows_meant
from synthesis.review.text.written import LIVE, Prose, without_code

_NUMBER = r"[-\u2212\u2013]?(?:\d+(?:\.\d+)?|\.\d+)"
_DECIMAL = r"[-\u2212\u2013]?\d*\.\d+"
_MEASURES = (
    "SMD|MD|RoM|ROM|RR|OR|HR|IRR|RD|Hedges['\u2019]? ?g|Cohen['\u2019]s d|"
    "standardi[sz]ed mean difference|mean difference|risk ratio|relative risk|odds ratio|"
    "hazard ratio|rate ratio|risk difference|pooled (?:effect|estimate)"
)
_IS = r"\s*(?:=|:|of|was|is|,)?\s*"
_TO = r"\s*(?:to|,|;|-|\u2013|\u2014)\s*"
_CI = r"(?:\bCI\s*(?:\d\d\s*%?)?|\bconfidence interval)"
_PATTERNS = (
    ("estimate", re.compile(rf"\b(?:{_MEASURES})\)?{_IS}({_DECIMAL})", re.IGNORECASE)),
    ("estimate", re.compile(rf"\b[gd]\s*=\s*({_DECIMAL})")),
    ("estimate", re.compile(rf"({_DECIMAL})\s*[(\[,;]\s*(?:\d\d\s*%[\s-]*)?{_CI}")),
    ("ci", re.compile(rf"{_CI}[:,=]?\s*(?:of|was|from)?\s*[\[(]?\s*({_NUMBER}){_TO}({_NUMBER})")),
    ("estimate", re.compile(rf"({_DECIMAL})\s*\[\s*{_DECIMAL}{_TO}{_DECIMAL}\s*\]")),
    ("ci", re.compile(rf"{_DECIMAL}\s*\[\s*({_DECIMAL}){_TO}({_DECIMAL})\s*\]")),
    (
        "prediction",
        re.compile(
            rf"prediction interval\s*(?:of|was|:|,|from)?\s*[\[(]?\s*({_NUMBER}){_TO}({_NUMBER})"
        ),
    ),
    ("p", re.compile(r"\b[pP](?:[- ]values?)?\s*(?:of|was|is|:)?\s*([=<>]?)\s*(0?\.\d+)")),
    (
        "i2",
        re.compile(r"\bI(?:\u00b2|2|\^2\^?)\s*(?:=|of|was|:)?\s*(\d+(?:\.\d+)?)\s*(?:%|per ?cent)"),
    ),
    (
        "tau2",
        re.compile(
            r"(?:\btau|\u03c4)(?:\u00b2|2|\^2\^?)\s*(?:=|of|was|:)?\s*(\d*\.\d+)", re.IGNORECASE
        ),
    ),
    (
        "studies",
        re.compile(
            r"\b(\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s+(?:studies|trials)\b"
        ),
    ),
    ("participants", re.compile(r"\b(\d[\d,]*)\s+(?:participants|people|patients)\b")),
)
_RAISED = re.compile(r"(?<=\d)[\u00b7\u2219\u22c5](?=\d)")
_COMMA = re.compile(r"(?<![\d.,])(0|\d+(?=,\d{1,2}(?!\d))),(?=\d+(?!\d|[.,]\d))")
"""A comma that cannot separate thousands: after a single nought, or before one or two digits."""
_COUNTS = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)
_IN_WORDS = {word: at for at, word in enumerate(_COUNTS, start=2)}
_EFFECT = ("estimate", "ci")
"""What makes a sentence one about a result; numbers of studies in it are then its."""


@dataclass(frozen=True)
class Typed:
    """One number in a sentence.

    Attributes
    ----------
    kind : str
        Which number of a result it is.
    numbers : tuple of str
        As typed: two for an interval.
    start : int
        Where it begins in the text.
    sign : str
        ``"="``, ``"<"`` or ``">"`` before a p-value.
    of : float
        How many people events are counted in, as in *56 fewer per 1,000*.
    """

    kind: str
    numbers: tuple[str, ...]
    start: int
    sign: str = "="
    of: float = 0


def check_typed(prose: Prose, analyses: Sequence[Analysis]) -> list[Finding]:
    """Return the typed numbers that belong to an analysis and differ from it.

    A sentence is about an analysis if it holds one of its values, or names its outcome (and its
    window, if it names one); a sentence that names none is about the same as the one before it in
    its paragraph. A number is right if it is that of the analysis, rounded to the decimals typed.

    Parameters
    ----------
    prose : Prose
        The text.
    analyses : sequence of Analysis
        With their results.
    """
    pooled = [one for one in analyses if one.fit is not None]
    findings = []
    for sentences in paragraphs(without_code(prose.text)):
        about: list[Analysis] = []
        for start, sentence in sentences:
            own = analyses_of(sentence, pooled)
            about = own or about
            if not about:
                continue
            numbers = _typed(sentence)
            if changed := _changes(sentence, own):
                # Intervals after a change are in its unit: "25% fewer (95% CI 12 to 37)".
                numbers = [
                    one
                    for one in numbers
                    if one.kind != "ci" or _nearest_before(one, [*numbers, *changed]) == "estimate"
                ]
            for typed in [*numbers, *changed]:
                said = _wrong(typed, sentence, about)
                if said:
                    line = prose.text.count("\n", 0, start + typed.start) + 1
                    todo = f"Correct it, or write the live value: {said[1]}"
                    findings.append(Finding("error", "typed", prose.file, line, said[0], todo))
    return findings


def paragraphs(text: str) -> Iterator[list[tuple[int, str]]]:
    """Yield the sentences of each paragraph, with where they begin."""
    for paragraph in re.finditer(r"(?:[^\n]|\n(?!\s*\n))+", text):
        sentences, begins = [], paragraph.start()
        for end in re.finditer(r"(?<=[.!?])\s+(?=[A-Z\[{(*_])", paragraph[0]):
            sentences.append((begins, text[begins : paragraph.start() + end.start()]))
            begins = paragraph.start() + end.end()
        sentences.append((begins, text[begins : paragraph.end()]))
        yield sentences


def analyses_of(sentence: str, analyses: Sequence[Analysis]) -> list[Analysis]:
    """Return the analyses that a sentence may be about."""
    live = [one for one in analyses if re.search(rf"\{{\{{\s*{re.escape(one.key)}\.", sentence)]
    if live:
        return live
    words = f" {plain(sentence)} "
    named = [one for one in analyses if says(words, one.outcome.label, one.outcome.id)]
    for part in ("window", "comparison"):
        records = [(one, getattr(one, part)) for one in named]
        chosen = [one for one, record in records if record and says(words, record.label, record.id)]
        if part == "window" and not chosen:
            meant = windows_meant(words, [record for _, record in records if record])
            chosen = [one for one, record in records if record in meant]
        named = chosen or named
    return named


def _changes(sentence: str, about: Sequence[Analysis]) -> list[Typed]:
    """Return the sizes of changes in a sentence that names one outcome and nothing else."""
    if len({one.outcome.id for one in about}) != 1 or is_other(sentence, about):
        return []
    text = _pointed(LIVE.sub(lambda live: " " * len(live[0]), sentence))
    found: dict[int, Typed] = {}
    for kind, pattern in CHANGES:
        for one in pattern.finditer(text):
            if not is_of(text, one, kind, about):
                continue
            of = _read(one["of"]) if kind == "per" else 0
            typed = Typed(kind, (one["n"],), one.start("n"), of=of)
            found.setdefault(typed.start, typed)
    return list(found.values())


def _nearest_before(one: Typed, others: Sequence[Typed]) -> str:
    """Return whether an interval belongs to an estimate or to a change."""
    before = [each for each in others if each.kind != "ci" and each.start < one.start]
    effects = [each for each in before if each.kind == "estimate" or each.kind in dict(CHANGES)]
    last = max(effects, key=lambda each: each.start, default=None)
    return last.kind if last is not None and last.kind in ("percent", "per") else "estimate"


def plain(text: str) -> str:
    """Return the words of a text in small letters, without live values and punctuation."""
    return re.sub(r"[^\w]+", " ", LIVE.sub(" ", text)).casefold().strip()


def says(words: str, *names: str) -> bool:
    """Return whether plain words, with a space at each end, contain one of some names."""
    return any(f" {plain(label(name))} " in words for name in names if plain(label(name)))


def _typed(sentence: str) -> list[Typed]:
    # What a live value stands for is right by itself.
    text = _pointed(LIVE.sub(lambda live: " " * len(live[0]), sentence))
    found: dict[tuple[str, int], Typed] = {}
    for kind, pattern in _PATTERNS:
        for one in pattern.finditer(text):
            groups = one.groups()
            sign = groups[0] or "=" if kind == "p" else "="
            numbers = groups[1:] if kind == "p" else groups
            typed = Typed(kind, numbers, one.start(2 if kind == "p" else 1), sign)
            found.setdefault((kind, typed.start), typed)
    is_result = any(kind in _EFFECT for kind, _ in found) or bool(LIVE.search(sentence))
    return [
        one
        for one in sorted(found.values(), key=lambda typed: typed.start)
        if is_result or one.kind not in ("studies", "participants", "p")
    ]


def _pointed(text: str) -> str:
    """Return a text of the same length with decimal points, as ``0.45`` for ``0,45``."""
    return _COMMA.sub(lambda found: f"{found[1]}.", _RAISED.sub(".", text))


def _wrong(typed: Typed, sentence: str, about: Sequence[Analysis]) -> tuple[str, str] | None:
    """Return what is wrong with a number and what to write, or None if some result agrees."""
    options: list[tuple[float, str, str]] = []
    words = f" {plain(sentence)} "
    for one in about:
        for name, fit in results_in(one, words):
            values = _values(typed, one, fit)
            if any(_agrees(typed, value) for value in values):
                return None
            for value in values[:1]:
                far = abs(_read(typed.numbers[0]) - value[0])
                suffix = "estimate" if typed.kind in dict(CHANGES) else typed.kind
                said = f"{one.name} gives {_shown(typed, value)}"
                options.append((far, said, f"{{{{ {name}.{suffix} }}}}"))
    if not options:
        return None
    _, said, live = min(options, key=lambda option: option[0])
    got = " to ".join(typed.numbers) + _unit(typed)
    sign = "" if typed.sign == "=" else f"{typed.sign} "
    return f"{_KINDS[typed.kind]} {sign}{got} is typed here, but {said}.", live


def _shown(typed: Typed, value: Sequence[float]) -> str:
    """Return a result as the text would print it: with its decimals, p-values as they are."""
    if typed.kind == "p":
        return f"p {p_value(value[0])}"
    parts = zip(value, typed.numbers, strict=True)
    shown = " to ".join(number(limit, _decimals(text)) for limit, text in parts)
    return shown + _unit(typed)


def _unit(typed: Typed) -> str:
    return f" per {typed.of:,g}" if typed.kind == "per" else "%" if typed.kind == "percent" else ""


_KINDS = {
    "estimate": "An estimate of",
    "difference": "A difference of",
    "points": "A difference of",
    "deviations": "A difference of",
    "percent": "A change of",
    "per": "A difference of",
    "ci": "An interval of",
    "prediction": "A prediction interval of",
    "p": "A p-value of",
    "i2": "An I\u00b2 of",
    "tau2": "A tau\u00b2 of",
    "studies": "A number of studies of",
    "participants": "A number of participants of",
}


def results_in(one: Analysis, words: str) -> Iterator[tuple[str, MetaAnalysis]]:
    """Yield the results of an analysis that a sentence may report, each with its name."""
    from synthesis.review.text.values import in_names

    assert one.fit is not None  # noqa: S101
    yield one.key, one.fit
    for by, groups in one.subgroups.items():
        for name, fit in groups.groups.items():
            if says(words, name):
                yield f"{one.key}.subgroups.{in_names(by)}.{in_names(name)}", fit
    for key, variant in one.sensitivity.items():
        if says(words, key, variant.plan.label) or "sensitivity" in words:
            yield f"{one.key}.sensitivity.{key}", variant.fit


def _values(typed: Typed, one: Analysis, fit: MetaAnalysis) -> list[tuple[float, ...]]:
    """Return what a number may be and still be right, first what findings name."""
    if typed.kind in dict(CHANGES):
        return [(value,) for value in changes_of(typed.kind, one, fit, typed.of)]
    value = _value(typed.kind, one, fit)
    return [] if value is None else [value]


def _value(kind: str, one: Analysis, fit: MetaAnalysis) -> tuple[float, ...] | None:
    if kind == "estimate":
        return (fit.back(fit.estimate),)
    if kind == "ci":
        return tuple(fit.back(limit) for limit in fit.ci)
    if kind == "prediction":
        limits = fit.prediction_interval
        return None if limits is None else tuple(fit.back(limit) for limit in limits)
    if kind == "p":
        return (fit.p_value,)
    if kind == "studies":
        return (float(fit.n_studies),)
    if kind == "participants":
        return (
            None if one.participants is None or fit is not one.fit else (float(one.participants),)
        )
    return (fit.i2 if kind == "i2" else fit.tau2,)


def _agrees(typed: Typed, value: Sequence[float]) -> bool:
    if typed.sign != "=":
        limit = _read(typed.numbers[0])
        return value[0] < limit if typed.sign == "<" else value[0] > limit
    return all(
        abs(_read(text) - one) <= 0.5 * 10 ** -_decimals(text) * (1 + 1e-9) + 1e-12
        for text, one in zip(typed.numbers, value, strict=True)
    )


def _read(text: str) -> float:
    if text in _IN_WORDS:
        return float(_IN_WORDS[text])
    return float(text.replace("\u2212", "-").replace("\u2013", "-").replace(",", ""))


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])
