"""How far a review is, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from arrowroot.display import Shown
from arrowroot.text import counted
from synthesis.review.contents import Contents
from synthesis.review.findings import Findings
from synthesis.review.inputs.folder import assessed_sheet
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
    to_judge : int
        Reports that nobody has judged at full text yet.
    rows, without_effect : int
        Rows of the extraction sheet, and those among them without an effect.
    results, analyses : int
        Analyses with a result, and declared.
    not_assessed, not_rated : int or None
        Results without a judgement of risk of bias, and without a judgement of certainty; None
        where the review has neither.
    stale : int
        Ratings of certainty that were judged on other data.
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
    to_judge: int
    rows: int
    without_effect: int
    results: int
    analyses: int
    not_assessed: int | None
    not_rated: int | None
    stale: int
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
            full_text = f"{self.to_judge:,} to judge at full text, " if self.to_judge else ""
            conflicts = counted(self.conflicts, "conflict")
            open_ones = f"{self.to_screen:,} to screen, {full_text}{conflicts}"
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
        if self.not_assessed is not None:
            facts.append(("Risk of bias", f"{counted(self.not_assessed, 'result')} to judge"))
        if self.not_rated is not None:
            open_ = f"{counted(self.not_rated, 'rating')} to judge; {self.stale:,} out of date"
            facts.append(("Certainty", open_))
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
    tally = review.tally
    kinds = Counter(one.rule for one in findings)
    without = int(effects["yi"].isna().sum()) if "yi" in effects else 0
    rows = 0 if review.extraction.rows is None else len(review.extraction.rows)
    state = Status(
        title=review.declared.form.title,
        records=len(tally.record_ids or ()),
        to_screen=tally.to_screen,
        conflicts=tally.conflicts,
        to_judge=tally.to_judge,
        rows=rows,
        without_effect=without,
        results=sum(one.fit is not None for one in review.analyses.values()),
        analyses=len(review.analyses),
        not_assessed=review.appraisals.waiting.get("risk_of_bias"),
        not_rated=review.appraisals.waiting.get("certainty"),
        stale=len(review.appraisals.stale),
        lost_values=kinds["value"] + kinds["value-form"] + kinds["typed"],
        errors=len(findings.errors()),
        warnings=sum(one.severity == "warning" for one in findings),
        pages=state_of(review.folder),
        next_steps=(),
    )
    steps = tuple(_steps(review, findings, state))[:NEXT]
    return Status(**{**vars(state), "next_steps": steps})


def _sheets(review: Contents) -> str:
    """Return the sheets of risk of bias: one, or one for each tool."""
    names = map(review.declared.named, review.declared.tools)
    return ", ".join(f"{assessed_sheet(name)}.xlsx" for name in names)


def _steps(review: Contents, findings: Findings, state: Status) -> Sequence[str]:
    """Return what to do, the most urgent first."""
    steps = []
    for one in findings.errors()[:NEXT]:
        where = f"{one.file}, line {one.line}" if one.line else one.file
        steps.append(f"{where}: {one.message} {one.todo}".strip())
    if not state.records and not review.tally.counts:
        steps.append("Save the exports of the databases in search/.")
    if state.to_screen:
        steps.append(f"Screen {counted(state.to_screen, 'record')} (files in screening/).")
    if state.conflicts:
        steps.append(
            f"Settle {counted(state.conflicts, 'decision')} on which screeners disagree or are "
            "unsure, as the screener 'consensus'."
        )
    if state.to_judge:
        steps.append(
            f"Judge {counted(state.to_judge, 'report')} at full text (files in screening/, stage "
            "full_text)."
        )
    if state.without_effect:
        steps.append(
            f"Look at {counted(state.without_effect, 'row')} without an effect: arrowroot check "
            "names each."
        )
    if state.not_assessed:
        steps.append(
            f"Judge the risk of bias of {counted(state.not_assessed, 'result')} "
            f"({_sheets(review)}, or the board in review.ipynb)."
        )
    if state.results and state.not_rated and review.folder.certainties() is None:
        steps.append("Write the sheet of certainty: arrowroot new, in this folder.")
    elif state.not_rated:
        steps.append(f"Judge {counted(state.not_rated, 'rating')} of certainty (certainty.xlsx).")
    if state.stale:
        steps.append(
            f"Judge {counted(state.stale, 'rating')} of certainty again: "
            "build/tables/certainty.xlsx has the present proposals."
        )
    if blank := [one.file for one in review.prose if one.is_blank]:
        steps.append(f"Write {blank[0]}.")
    if state.warnings:
        steps.append(f"Look at {counted(state.warnings, 'warning')}: arrowroot check lists them.")
    if state.pages != "up to date":
        steps.append("Make the pages: arrowroot build.")
    return steps
