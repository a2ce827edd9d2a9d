"""Whether the numbers of a study flow add up, and whether two reports of a review agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from synthesis import checks
from synthesis.display import Shown
from synthesis.errors import DataError
from synthesis.reproduce.printed import parse_count

STAGES = {
    "identified": "records identified",
    "duplicates": "duplicates removed",
    "removed": "records removed before screening for other reasons",
    "screened": "records screened",
    "excluded": "records excluded",
    "sought": "reports sought",
    "not_retrieved": "reports not retrieved",
    "assessed": "reports assessed",
    "excluded_reports": "reports excluded",
    "included_reports": "reports included",
    "included": "studies included",
    "pooled": "studies in the meta-analysis",
}
"""The stages of a flow from search to synthesis (PRISMA 2020), each in words."""

_TEMPLATE = {
    "database_results": "identified",
    "register_results": "identified",
    "excluded_automatic": "removed",
    "excluded_other": "removed",
    "records_screened": "screened",
    "records_excluded": "excluded",
    "dbr_sought_reports": "sought",
    "dbr_notretrieved_reports": "not_retrieved",
    "dbr_assessed": "assessed",
    "dbr_excluded": "excluded_reports",
    "new_reports": "included_reports",
    "new_studies": "included",
    "total_studies_ma": "pooled",
}
"""Keys of the PRISMA 2020 template, each with its stage; two of one stage are added up."""

_CHAIN = ("identified", "screened", "sought", "assessed", "included_reports")
_TAKEN_BEFORE = {
    "screened": ("duplicates", "removed"),
    "sought": ("excluded",),
    "assessed": ("not_retrieved",),
    "included_reports": ("excluded_reports",),
}
"""What is taken away on the way to a stage."""
_NEVER_MORE = (("included", "included_reports"), ("pooled", "included"))


@dataclass(frozen=True, repr=False)
class FlowCheck(Shown):
    """What does not add up in the numbers of a study flow.

    Attributes
    ----------
    verdict : str
        ``"consistent"``; ``"impossible"`` where numbers contradict each other; ``"undecidable"``
        where too few are printed to check any sum.
    discrepancies : DataFrame
        One row each: ``source rule expected printed difference``; `difference` is printed less
        expected.
    checked : tuple of str
        The rules that could be checked.
    notes : tuple of str
        What was found and what could not be checked, in sentences.
    """

    verdict: str
    discrepancies: pd.DataFrame
    checked: tuple[str, ...]
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the discrepancies."""
        return self.discrepancies.copy()

    def _title(self) -> str:
        return f"Study flow: {self.verdict}"

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("Sums and comparisons checked", str(len(self.checked))),
            ("Discrepancies", str(len(self.discrepancies))),
        ]

    def _notes(self) -> tuple[str, ...]:
        return self.notes


@dataclass(frozen=True)
class _Finding:
    source: str
    rule: str
    expected: int
    printed: int
    sentence: str


def check_flow(
    counts: Mapping[str, object],
    *,
    reasons: Mapping[str, object] | None = None,
) -> FlowCheck:
    """Check that the numbers of a study flow add up, and that several reports agree.

    Parameters
    ----------
    counts : mapping
        Stage to number as printed, ``{"screened": "15,327", "included": "36"}``; stages are those
        of `STAGES` or keys of the PRISMA 2020 template. Or source to such a mapping, where
        several reports of one review are compared. Without `sought`, records that were not
        excluded count as assessed; without `included_reports`, reports count as studies.
    reasons : mapping, optional
        Reasons for excluding reports, each with its number; they must sum to
        `excluded_reports`.

    Returns
    -------
    FlowCheck

    Raises
    ------
    DataError
        A number cannot be read, or there is none.
    OptionError
        There is no such stage.

    Examples
    --------
    >>> reports = {"article": {"screened": "15,327", "included": "36"},
    ...            "abstract": {"screened": "15,372", "included": "37"}}
    >>> check_flow(reports).discrepancies["difference"].tolist()
    [45, 1]
    """
    by_source = _by_source(counts)
    findings: list[_Finding] = []
    checked: list[str] = []
    for source, flow in by_source.items():
        of_source = [*_steps(flow), *_bounds(flow)]
        if reasons is not None:
            of_source += _reasons(flow, reasons)
        label = f"{source}: " if len(by_source) > 1 else ""
        checked += [label + rule for rule, _ in of_source]
        findings += [
            _Finding(source, found.rule, found.expected, found.printed, label + found.sentence)
            for _, found in of_source
            if found is not None
        ]
    for (one, first), (other, second) in combinations(by_source.items(), 2):
        for stage in first.keys() & second.keys():
            checked.append(f"{STAGES[stage]}: {one} and {other}")
        findings += _differences(one, first, other, second)
    verdict = "impossible" if findings else "consistent" if checked else "undecidable"
    notes = [found.sentence for found in findings]
    if not checked:
        notes.append("Too few numbers are given to check any sum.")
    table = [
        (one.source, one.rule, one.expected, one.printed, one.printed - one.expected)
        for one in findings
    ]
    columns = ["source", "rule", "expected", "printed", "difference"]
    return FlowCheck(verdict, pd.DataFrame(table, columns=columns), tuple(checked), tuple(notes))


def _by_source(counts: Mapping[str, object]) -> dict[str, dict[str, int]]:
    if not isinstance(counts, Mapping) or not counts:
        raise DataError("check_flow needs numbers, such as {'screened': '15,327'}.")
    nested = [isinstance(value, Mapping) for value in counts.values()]
    if any(nested) and not all(nested):
        raise DataError("counts: give stages with numbers, or sources with stages, not both.")
    if not nested[0]:
        return {"the flow": _read(counts)}
    return {
        str(source): _read(stages)
        for source, stages in counts.items()
        if isinstance(stages, Mapping)
    }


def _read(stages: Mapping[str, object]) -> dict[str, int]:
    flow: dict[str, int] = {}
    for name, printed in stages.items():
        known = _TEMPLATE.get(str(name), str(name))
        stage = checks.option("a stage in counts", known, list(STAGES))
        flow[stage] = flow.get(stage, 0) + parse_count(printed, str(name))
    return flow


_Checked = tuple[str, _Finding | None]


def _steps(flow: Mapping[str, int]) -> Iterator[_Checked]:
    """Check each way from one stage that is given to the next, over those that are not."""
    start, less, silent = "", list[str](), list[str]()
    for stage in _CHAIN:
        taken = _TAKEN_BEFORE.get(stage, ())
        less += [name for name in taken if name in flow]
        silent += [name for name in taken if name not in flow]
        # Reports and studies are one where only one of them is counted.
        end = "included" if stage == "included_reports" and stage not in flow else stage
        if end not in flow:
            continue
        if start:
            yield _step(flow, start, less, end, silent)
        start, less, silent = end, [], []


def _step(
    flow: Mapping[str, int], start: str, less: list[str], end: str, silent: list[str]
) -> _Checked:
    printed, expected = flow[end], flow[start] - sum(flow[name] for name in less)
    # Several reports may tell of one study, and what was taken away may not be given at all.
    exact = bool(less) and end != "included"
    rule = f"{' - '.join([start, *less])} {'=' if exact else '>='} {end}"
    if printed == expected or (printed < expected and not exact):
        return rule, None
    sums = " less ".join(f"{STAGES[name]} ({flow[name]:,})" for name in (start, *less))
    sentence = (
        f"{sums[0].upper()}{sums[1:]} leaves {expected:,}, but {STAGES[end]} is {printed:,}: "
        f"{abs(printed - expected):,} too {'many' if printed > expected else 'few'}."
    )
    if silent and printed < expected:
        unsaid = " and ".join(STAGES[name] for name in silent)
        sentence += f" No number is given for {unsaid}, which could explain it."
    return rule, _Finding("", rule, expected, printed, sentence)


def _bounds(flow: Mapping[str, int]) -> Iterator[_Checked]:
    for smaller, larger in _NEVER_MORE:
        if smaller in flow and larger in flow:
            rule = f"{smaller} <= {larger}"
            if flow[smaller] <= flow[larger]:
                yield rule, None
                continue
            sentence = (
                f"There cannot be more {STAGES[smaller]} ({flow[smaller]:,}) than "
                f"{STAGES[larger]} ({flow[larger]:,})."
            )
            yield rule, _Finding("", rule, flow[larger], flow[smaller], sentence)


def _reasons(flow: Mapping[str, int], reasons: Mapping[str, object]) -> Iterator[_Checked]:
    total = sum(parse_count(number, f"reason {why!r}") for why, number in reasons.items())
    if "excluded_reports" not in flow:
        return
    printed = flow["excluded_reports"]
    rule = "excluded_reports = sum of the reasons"
    if total == printed:
        yield rule, None
        return
    sentence = (
        f"The reasons for excluding reports sum to {total:,}, but {printed:,} are excluded: a "
        f"difference of {abs(printed - total):,}."
    )
    yield rule, _Finding("", rule, total, printed, sentence)


def _differences(
    one: str, first: Mapping[str, int], other: str, second: Mapping[str, int]
) -> Iterator[_Finding]:
    for stage, words in STAGES.items():
        if stage not in first or stage not in second or first[stage] == second[stage]:
            continue
        here, there = first[stage], second[stage]
        sentence = (
            f"{words[0].upper()}{words[1:]}: {one} prints {here:,}, {other} {there:,}, a "
            f"difference of {abs(there - here):,}."
        )
        if _swapped(here, there):
            sentence += " Two neighbouring digits are swapped: most likely a slip of typing."
        yield _Finding(other, f"{stage} as in {one}", here, there, sentence)


def _swapped(one: int, other: int) -> bool:
    """Return whether two numbers differ by two neighbouring digits in the other order."""
    a, b = str(one), str(other)
    places = [place for place in range(min(len(a), len(b))) if a[place] != b[place]]
    if len(a) != len(b) or len(places) != 2 or places[1] != places[0] + 1:
        return False
    return a[places[0]] == b[places[1]] and a[places[1]] == b[places[0]]
