"""The summary of findings as files for other programs, and the sheet of certainty to judge anew."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from arrowroot.errors import MissingPackageError
from arrowroot.extras import require
from synthesis.appraisal.certainty.result import Certainty
from synthesis.appraisal.findings.findings import SummaryOfFindings
from synthesis.review.contents import Contents

FILES = (
    ("tables/summary_of_findings.docx", "findings"),
    ("tables/summary_of_findings.xlsx", "findings"),
    ("tables/evidence_profile.docx", "profile"),
    ("tables/evidence_profile.xlsx", "profile"),
)
SHEET = "tables/certainty.xlsx"


def documents(review: Contents) -> Iterator[tuple[str, bytes]]:
    """Yield every file with its content.

    A Word file needs the extra ``office``; without it there is none, and `without_word` says so.
    """
    summary = review.appraisals.summary(review.declared)
    if summary is None:
        return
    for name, view in FILES:
        try:
            yield name, _saved(summary, name, view)
        except MissingPackageError:
            continue
    yield SHEET, judged_anew(review)


def without_word() -> str:
    """Return why there is no Word file of the summary of findings; empty if there is one."""
    try:
        require("the summary of findings as a Word file", "docx")
    except MissingPackageError as error:
        return str(error)
    return ""


def judged_anew(review: Contents) -> bytes:
    """Return the sheet of certainty as it should be now.

    Proposals are those of the present results. Judgements that were made on these are filled in;
    those of other data are blank, to be made again.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "certainty.xlsx"
        Certainty.template(path, [*current(review)])
        return path.read_bytes()


def current(review: Contents) -> Iterator[Certainty]:
    """Yield every rating without the judgements that were made on other data."""
    for one in review.appraisals.certainties.values():
        yield without_stale(one)


def _saved(summary: SummaryOfFindings, name: str, view: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return summary.save(Path(folder) / Path(name).name, view=view).read_bytes()


def without_stale(one: Certainty) -> Certainty:
    """Return a rating in which what was judged on other data is not judged."""
    table = one.domains.copy()
    for column, blank in (("judged", False), ("fingerprint", ""), ("assessor", ""), ("date", "")):
        table[column] = table[column].mask(table["stale"], blank)
    return replace(one, domains=table)
