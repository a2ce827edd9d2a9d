"""Risk of bias and certainty in a review: where their sheets join the analyses and the pages.

A review without these sheets has neither. What reads them (`synthesis.appraisal`) is called from
here and from nowhere else in this room: `read_appraisals` gives the columns that analyses can be
restricted by, the findings, and the sections of the pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from synthesis.review.analyses import Analysis
from synthesis.review.findings import Finding
from synthesis.review.inputs.declared import Declared
from synthesis.review.inputs.folder import Folder

SHEETS = {"risk_of_bias": "risk of bias", "certainty": "certainty"}


@dataclass(frozen=True)
class Section:
    """A part of the pages.

    Attributes
    ----------
    id : str
        Its anchor.
    title : str
        Its heading.
    html : str
        What it shows, escaped.
    """

    id: str
    title: str
    html: str


@dataclass(frozen=True, eq=False)
class Appraisals:
    """What the sheets of judgements hold.

    Attributes
    ----------
    columns : DataFrame
        Indexed by study, and outcome where judgements differ by it: what sensitivity analyses and
        subgroups can name, such as ``overall``.
    findings : list of Finding
        What is wrong or still open: results without a judgement, certainties older than the
        results they are about.
    sections : list of Section
        What the pages show.
    waiting : dict of str to int
        How many results wait for a judgement, by the sheet.
    """

    columns: pd.DataFrame = field(default_factory=pd.DataFrame)
    findings: list[Finding] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    waiting: dict[str, int] = field(default_factory=dict)


def read_appraisals(folder: Folder, declared: Declared) -> Appraisals:
    """Read the judgements, before the analyses are run.

    Parameters
    ----------
    folder : Folder
        Of the review.
    declared : Declared
        The outcomes that judgements are about.
    """
    del declared
    findings = []
    for name, words in SHEETS.items():
        path = folder.sheet(name)
        if path is not None:
            message = (
                f"This version does not read {words} from a sheet; the pages say nothing of it."
            )
            findings.append(Finding("warning", "appraisal", path.name, None, message))
    return Appraisals(findings=findings)


def judged(appraisals: Appraisals, analyses: Sequence[Analysis]) -> Appraisals:
    """Return the same with what needs the results: certainty, and whether it is still current."""
    del analyses
    return appraisals
