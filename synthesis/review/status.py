"""How far a review is, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from arrowroot.display import Shown
from arrowroot.text import counted
from synthesis.review.contents import Contents
from synthesis.review.findings import Findings
from synthesis.review.inputs.stamp import state_of

NEXT = 3
"""How many of the things to do are named."""


@dataclass(frozen=True, eq=False, repr=False)
class Status(Shown):
    """The state of a review.

    Attributes
    ----------
    title : str
        The review's.
    records, to_screen, conflicts : int
        Records read; records on which nobody has decided; decisions that are open or disagree.
    rows, without_effect : int
        Rows of the extraction sheet, and those among them without an effect.
    results, analyses : int
        Analyses with a result, and declared.
    without_judgement : int
        Results that wait for a judgement of risk of bias or certainty, where there is a sheet.
    lost_values : int
        Values in the prose that no longer exist, and typed numbers that differ.
    errors, warnings : int
        Findings of the check.
    pages : str
        Whether the pages are there and up to date.
    next_steps : tuple of str
        The next three things to do.
    """

    title: str
    records: int
    to_screen: int
    conflicts: int
    rows: int
    without_effect: int
    results: int
    analyses: int
    without_judgement: int
    lost_values: int
    errors: int
    warnings: int
    pages: str
    next_steps: tuple[str, ...]

    def _title(self) -> str:
        return self.title

    def _facts(self) -> Sequence[tuple[str, str]]:
        facts = []
        if self.records:
            open_ones = f"{self.to_screen:,} to screen, {counted(self.conflicts, 'conflict')}"
            facts.append(("Search", f"{counted(self.records, 'record')}; {open_ones}"))
        else:
            facts.append(("Search", "no records"))
        facts.append(
            (
                "Extraction",
                f"{counted(self.rows, 'row')}; {self.without_effect:,} without an effect",
            )
        )
        facts.append(("Analyses", f"{self.results:,} of {self.analyses:,} with a result"))
        if self.without_judgement:
            facts.append(("Judgements", f"{self.without_judgement:,} still to make"))
        facts.append(("Text", f"{counted(self.lost_values, 'value')} to correct"))
        facts.append(
            ("Check", f"{counted(self.errors, 'error')}, {counted(self.warnings, 'warning')}")
        )
        facts.append(("Pages", self.pages))
        return [
            *facts,
            *((f"Next, {at}", step) for at, step in enumerate(self.next_steps, start=1)),
        ]

    def __str__(self) -> str:
        """Return the state as lines, the next things to do last."""
        width = max(len(name) for name, _ in self._facts())
        lines = [f"  {name:<{width}}  {value}" for name, value in self._facts()]
        return "\n".join([self.title, *lines])


def status_of(review: Contents, findings: Findings) -> Status:
    """Return the state of a review, given what its check found."""
    effects = review.effects
    searched = review.searched
    kinds = Counter(one.rule for one in findings)
    without = int(effects["yi"].isna().sum()) if "yi" in effects else 0
    rows = 0 if review.extraction.rows is None else len(review.extraction.rows)
    state = Status(
        title=review.declared.form.title,
        records=0 if review.records is None else len(review.records.records),
        to_screen=searched.to_screen,
        conflicts=searched.conflicts,
        rows=rows,
        without_effect=without,
        results=sum(one.fit is not None for one in review.analyses.values()),
        analyses=len(review.analyses),
        without_judgement=sum(review.appraisals.waiting.values()),
        lost_values=kinds["value"] + kinds["value-form"] + kinds["typed"],
        errors=len(findings.errors()),
        warnings=sum(one.severity == "warning" for one in findings),
        pages=state_of(review.folder),
        next_steps=(),
    )
    steps = tuple(_steps(review, findings, state))[:NEXT]
    return Status(**{**vars(state), "next_steps": steps})


def _steps(review: Contents, findings: Findings, state: Status) -> Sequence[str]:
    """Return what to do, the most urgent first."""
    steps = []
    for one in findings.errors()[:NEXT]:
        where = f"{one.file}, line {one.line}" if one.line else one.file
        steps.append(f"{where}: {one.message} {one.todo}".strip())
    if not state.records and review.flow is None:
        steps.append("Save the exports of the databases in search/.")
    if state.to_screen:
        steps.append(f"Screen {counted(state.to_screen, 'record')} (files in screening/).")
    if state.conflicts:
        steps.append(
            f"Settle {counted(state.conflicts, 'decision')} on which screeners disagree or are "
            "unsure, as the screener 'consensus'."
        )
    if state.without_effect:
        steps.append(
            f"Look at {counted(state.without_effect, 'row')} without an effect: arrowroot check "
            "names each."
        )
    for sheet, n in review.appraisals.waiting.items():
        if n:
            steps.append(f"Judge {counted(n, 'result')} in {sheet}.xlsx.")
    if blank := [one.file for one in review.prose if one.is_blank]:
        steps.append(f"Write {blank[0]}.")
    if state.warnings:
        steps.append(f"Look at {counted(state.warnings, 'warning')}: arrowroot check lists them.")
    if state.pages != "up to date":
        steps.append("Make the pages: arrowroot build.")
    return steps
