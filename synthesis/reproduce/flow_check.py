"""Whether the numbers of a study flow add up, and whether two reports of a review agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from arrowroot.display import Shown
from arrowroot.errors import DataError
from arrowroot.frames import TextTable
from arrowroot.options import one_of
from synthesis import prisma
from synthesis.prisma import STAGES, TEMPLATE, Check, read_count


@dataclass(frozen=True, eq=False, repr=False)
class FlowCheck(Shown):
    """What does not add up in the numbers of a study flow.

    Attributes
    ----------
    verdict : str
        ``"consistent"``; ``"impossible"`` where numbers contradict each other; ``"undecidable"``
        where too few are printed to check any sum.
    discrepancies : DataFrame
        One row each: ``source rule expected printed difference``; `difference` is printed minus
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


def check_flow(
    counts: Mapping[str, object],
    *,
    reasons: Mapping[str, object] | None = None,
) -> FlowCheck:
    """Check that the numbers of a study flow add up, and that several reports agree.

    Parameters
    ----------
    counts : mapping
        Stage to number as printed, ``{"screened": "15,327", "included": "36"}``, however its
        thousands are separated; stages are those of `synthesis.prisma.STAGES` or keys of the
        PRISMA 2020 template, which may have a number for each reason; None is not given. Or source
        to such a mapping, where several reports of one review are compared. Without `sought`,
        records that were not excluded count as assessed; without `included_reports`, reports count
        as studies.
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
    found: list[tuple[str, str, Check]] = []
    for source, flow in by_source.items():
        label = f"{source}: " if len(by_source) > 1 else ""
        found += [(source, label, check) for check in prisma.checked(flow)]
        if reasons is not None and "excluded_reports" in flow:
            found.append((source, label, _reasons(flow["excluded_reports"], reasons)))
    for (one, first), (other, second) in combinations(by_source.items(), 2):
        found += [(other, "", check) for check in _differences(one, first, other, second)]
    wrong = [(source, label, check) for source, label, check in found if check.message]
    verdict = "impossible" if wrong else "consistent" if found else "undecidable"
    notes = [label + check.message for _, label, check in wrong]
    if not found:
        notes.append("Too few numbers are given to check any sum.")
    table = [
        (source, check.rule, check.expected, check.given, check.difference)
        for source, _, check in wrong
    ]
    columns = ["source", "rule", "expected", "printed", "difference"]
    rules = tuple(label + check.rule for _, label, check in found)
    return FlowCheck(verdict, TextTable(table, columns=columns), rules, tuple(notes))


def _by_source(counts: Mapping[str, object]) -> dict[str, dict[str, int]]:
    if not isinstance(counts, Mapping) or not counts:
        raise DataError("check_flow needs numbers, such as {'screened': '15,327'}.")
    # The reasons of one stage are a mapping, too.
    nested = [isinstance(value, Mapping) and not _is_stage(name) for name, value in counts.items()]
    if any(nested) and not all(nested):
        raise DataError("counts: give stages with numbers, or sources with stages, not both.")
    if not nested[0]:
        return {"the flow": _read(counts)}
    return {
        str(source): _read(stages)
        for source, stages in counts.items()
        if isinstance(stages, Mapping)
    }


def _is_stage(name: object) -> bool:
    return str(name) in STAGES or str(name) in TEMPLATE


def _read(stages: Mapping[str, object]) -> dict[str, int]:
    flow: dict[str, int] = {}
    for name, printed in stages.items():
        if not _is_stage(name):
            one_of("a stage in counts", str(name), [*STAGES, *TEMPLATE])
        stage = TEMPLATE.get(str(name), str(name))
        parts = printed.values() if isinstance(printed, Mapping) else [printed]
        for part in parts:
            if (count := _count(part, str(name))) is not None:
                flow[stage] = flow.get(stage, 0) + count
    return flow


def _count(printed: object, place: str) -> int | None:
    """Return a count; None where the report gives none."""
    count = read_count(printed, place)
    if count is not None and count < 0:
        raise DataError(f"{place} must be a whole number of 0 or more; got {printed!r}.")
    return count


def _reasons(printed: int, reasons: Mapping[str, object]) -> Check:
    total = sum(_count(number, f"reason {why!r}") or 0 for why, number in reasons.items())
    whole = ("excluded_reports", STAGES["excluded_reports"], printed)
    return prisma.parts(whole, "the reasons for excluding reports", total)


def _differences(
    one: str, first: Mapping[str, int], other: str, second: Mapping[str, int]
) -> Iterator[Check]:
    """Yield the comparison of each stage that two reports give."""
    for stage, words in STAGES.items():
        if stage not in first or stage not in second:
            continue
        here, there = first[stage], second[stage]
        message = ""
        if here != there:
            message = (
                f"{words[0].upper()}{words[1:]}: {one} prints {here:,}, {other} {there:,}, a "
                f"difference of {abs(there - here):,}."
            )
            if _swapped(here, there):
                message += " Two neighbouring digits are swapped: most likely a typing error."
        yield Check(f"{stage} as in {one}", here, there, message)


def _swapped(one: int, other: int) -> bool:
    """Return whether two numbers differ by two neighbouring digits in the other order."""
    a, b = str(one), str(other)
    places = [place for place in range(min(len(a), len(b))) if a[place] != b[place]]
    if len(a) != len(b) or len(places) != 2 or places[1] != places[0] + 1:
        return False
    return a[places[0]] == b[places[1]] and a[places[1]] == b[places[0]]
