"""Levels of certainty typed into prose, such as *high-certainty evidence*."""

from __future__ import annotations

import re
from collections.abc import Mapping

from arrowroot.text import capitalised
from synthesis.review.analyses import Analysis
from synthesis.review.findings import Finding
from synthesis.review.text.changes import is_other
from synthesis.review.text.typed import analyses_of, paragraphs
from synthesis.review.text.written import LIVE, Prose, without_code

_LEVEL = r"(?P<level>very[\s-]+low|low|moderate|high)"
_RANGE = r"(?![\s-]+(?:to|or|and)\b)"
_TYPED = (
    re.compile(
        rf"(?<!\bto[\s-])(?<!\bor[\s-])(?<!\band[\s-])(?<!\bvery[\s-])\b{_LEVEL}[\s-]+"
        r"(?:certainty\b|quality[\s-]+evidence\b)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bcertainty\b(?:[^.;:]{0,80}?\b(?:is|was|were|rated|judged)|:)\s+(?:as\s+)?"
        rf"{_LEVEL}\b(?!\s+risk){_RANGE}",
        re.IGNORECASE,
    ),
)


def check_levels(prose: Prose, rated: Mapping[str, tuple[Analysis, str]]) -> list[Finding]:
    """Return the typed levels of certainty that are not those of the result.

    Compared are levels in a sentence that names one outcome, and speaks of its result alone.

    Parameters
    ----------
    prose : Prose
        The text.
    rated : mapping of str to (Analysis, str)
        The results that are rated, each with its level, by their keys.
    """
    findings = []
    analyses = [one for one, _ in rated.values()]
    for sentences in paragraphs(without_code(prose.text)) if rated else ():
        for start, sentence in sentences:
            text = LIVE.sub(lambda live: " " * len(live[0]), sentence)
            found = {one.start("level"): one for typed in _TYPED for one in typed.finditer(text)}
            about = analyses_of(sentence, analyses) if found else []
            # Groups may be called "low" or "high" as well.
            besides = text
            for one in found.values():
                besides = besides.replace(one["level"], " " * len(one["level"]))
            if len({one.outcome.id for one in about}) != 1 or is_other(besides, about):
                continue
            levels = {one.key: rated[one.key][1] for one in about}
            for at, one in sorted(found.items()):
                level = re.sub(r"[\s-]+", " ", one["level"]).lower()
                if level in levels.values():
                    continue
                first = about[0]
                findings.append(
                    Finding(
                        "error",
                        "typed",
                        prose.file,
                        prose.text.count("\n", 0, start + at) + 1,
                        f"{capitalised(level)} certainty is typed here, but {first.name} is rated "
                        f"{levels[first.key]}.",
                        f"Correct it, or write the live value: {{{{ {first.key}.certainty }}}}",
                    )
                )
    return findings
