"""Risk of bias and certainty in a review: where their sheets join the analyses and the pages.

A review without these sheets has neither. What reads them (`synthesis.appraisal`) is imported only
where there is something to read, so that other reviews do not wait for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from arrowroot.errors import ArrowrootError, OptionError
from arrowroot.text import did_you_mean, shortened
from synthesis.review.analyses import Analysis
from synthesis.review.assessed import Assessed, Result, studies_of, tool_for
from synthesis.review.findings import Finding, of_error
from synthesis.review.inputs.declared import Declared
from synthesis.review.inputs.folder import Folder
from synthesis.review.inputs.forms import CertaintyForm
from synthesis.review.tools import check_designs, read_tools, unused_designs

if TYPE_CHECKING:
    import pandas as pd

    from synthesis.appraisal.certainty.result import Certainty
    from synthesis.appraisal.certainty.sheet import Judgements
    from synthesis.appraisal.findings.findings import SummaryOfFindings
    from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias


@dataclass(frozen=True, eq=False)
class Appraisals:
    """What the sheets of judgements hold.

    Attributes
    ----------
    risk_of_bias : tuple of Assessed
        Judgements of risk of bias, by tool; none where there are none.
    judgements : Judgements or None
        Those of certainty, as their sheet has them.
    certainties : dict of str to Certainty
        By the keys of the analyses.
    bias : dict of str to tuple of RiskOfBias
        Judgements of the studies of each analysis that has some, by its key: one for each tool.
    rates : bool
        Whether the review rates the certainty of the evidence.
    findings : list of Finding
        What is wrong or still open: results without a judgement, certainties older than the
        results they are about.
    waiting : dict of str to int
        How many results wait for a judgement, by the sheet.
    stale : tuple of str
        Analyses with a certainty that was judged on other data.
    """

    risk_of_bias: tuple[Assessed, ...] = ()
    judgements: Judgements | None = None
    certainties: Mapping[str, Certainty] = field(default_factory=dict)
    bias: Mapping[str, tuple[RiskOfBias, ...]] = field(default_factory=dict)
    rates: bool = False
    findings: list[Finding] = field(default_factory=list)
    waiting: dict[str, int] = field(default_factory=dict)
    stale: tuple[str, ...] = ()

    def summary(self, declared: Declared) -> SummaryOfFindings | None:
        """Return the summary of findings; None if nothing is rated."""
        if not self.certainties:
            return None
        from synthesis.appraisal.findings.findings import summary_of_findings

        form = declared.form
        return summary_of_findings(
            self.certainties.values(),
            title=form.title,
            population=form.question.population,
            setting=form.question.setting,
            citation=form.title,
        )


def read_appraisals(folder: Folder, declared: Declared) -> Appraisals:
    """Read the judgements, before the analyses are run.

    Parameters
    ----------
    folder : Folder
        Of the review.
    declared : Declared
        The outcomes that judgements are about.
    """
    findings: list[Finding] = [*unused_designs(declared)]
    judgements = None
    assessed = read_tools(folder, declared, findings)
    rates = declared.form.certainty is not None
    try:
        path = folder.sheet("certainty")
        rates = rates or path is not None
        if path is not None:
            from synthesis.review.inputs.assessed import read_rated

            judgements = read_rated(path, declared, findings)
    except ArrowrootError as error:
        rates = True
        findings += of_error(error, "certainty.xlsx", "certainty")
    return Appraisals(assessed, judgements, rates=rates, findings=findings)


def judged(
    appraisals: Appraisals, analyses: Sequence[Analysis], declared: Declared, sheet: str = ""
) -> Appraisals:
    """Return the same with what needs the results: certainty, and whether it is still current.

    Parameters
    ----------
    appraisals : Appraisals
        From `read_appraisals`.
    analyses : sequence of Analysis
        With their results.
    declared : Declared
        How certainty is rated.
    sheet : str
        The name of the file of certainty, as findings give it.
    """
    findings = list(appraisals.findings)
    waiting: dict[str, int] = {}
    pooled = [one for one in analyses if one.fit is not None]
    bias: dict[str, tuple[RiskOfBias, ...]] = {}
    held = appraisals.risk_of_bias
    if held:
        found = {
            one.key: tuple(filter(None, (tool.of_analysis(one) for tool in held))) for one in pooled
        }
        bias = {key: one for key, one in found.items() if one}
        waiting["risk_of_bias"] = len(_unassessed(held, pooled))
        findings += _compare(held, pooled)
    certainties: dict[str, Certainty] = {}
    if appraisals.rates:
        sheet = sheet or "certainty.xlsx"
        for one in pooled:
            rated = _rated_so_far(one, appraisals, bias.get(one.key, ()), declared, sheet, findings)
            if rated is not None:
                certainties[one.key] = rated
        findings += _told_apart(certainties, declared)
        tools = {key: [one.tool.id for one in held] for key, held in bias.items()}
        designs = {key: one.design for key, one in certainties.items()}
        findings += check_designs(tools, designs, declared)
        waiting["certainty"] = sum(one.status != "judged" for one in certainties.values())
    stale = tuple(key for key, one in certainties.items() if one.stale)
    rows = None if appraisals.judgements is None else appraisals.judgements.table
    for one in pooled:
        if one.key in stale and rows is not None:
            lines = [_lines_of(rows, one, name) for name in certainties[one.key].stale]
            line = min((at for found in lines for at in found), default=None)
            findings.append(_stale(one.key, certainties[one.key], sheet, line))
    return replace(
        appraisals,
        certainties=certainties,
        bias=bias,
        findings=findings,
        waiting=waiting,
        stale=stale,
    )


def _rated_so_far(
    one: Analysis,
    appraisals: Appraisals,
    bias: Sequence[RiskOfBias],
    declared: Declared,
    sheet: str,
    findings: list[Finding],
) -> Certainty | None:
    """Rate an analysis; a judgement that cannot stand is said, and counts as not made."""
    judgements = appraisals.judgements
    while True:
        try:
            return _rated(one, judgements, bias, declared)
        except OptionError as error:
            found = re.match(r"judged: '([^']+)' needs a reason, since ([^:]+)", str(error))
            rows = None if found is None or judgements is None else judgements.table
            lines = [] if rows is None else _lines_of(rows, one, found[1] if found else "")
            if not lines or rows is None or found is None or judgements is None:
                findings += _about(one, error, sheet, declared)
                return None
            findings.append(
                Finding(
                    "error",
                    "certainty",
                    sheet,
                    lines[0],
                    f"{one.key}: {found[1]!r} needs a reason, since {found[2]}; it counts as not "
                    "judged.",
                    "Enter it in the column reason.",
                )
            )
            judgements = replace(judgements, table=rows.drop(index=lines))
        except ArrowrootError as error:
            findings += _about(one, error, sheet, declared)
            return None


def _about(one: Analysis, error: ArrowrootError, sheet: str, declared: Declared) -> list[Finding]:
    """Return an error in rating an analysis, at the line that it is about."""
    found = of_error(error, sheet, "certainty")
    line = declared.lines.get(f"thresholds {one.outcome.id}")
    if line and re.match("(thresholds|mid)\\b", str(error)):
        found = [replace(each, file="review.yaml", line=line) for each in found]
    return [replace(each, message=f"{one.key}: {each.message}") for each in found]


def _lines_of(rows: pd.DataFrame, one: Analysis, domain: str) -> list[int]:
    """Return the lines of the sheet that judge a reason of an analysis."""
    window = one.window.label if one.window else ""
    chosen = (
        (rows["domain"] == domain)
        & (rows["outcome"] == one.outcome.id)
        & rows["follow_up"].isin(["", window])
    )
    return [int(line) for line in rows.index[chosen]]


def _rated(
    one: Analysis, judgements: Judgements | None, bias: Sequence[RiskOfBias], declared: Declared
) -> Certainty:
    from synthesis.appraisal.certainty.certainty import certainty

    assert one.fit is not None  # noqa: S101
    options: dict[str, Any] = {}
    if len(one.subgroups) == 1:
        (options["subgroups"],) = one.subgroups.values()
    if with_overall := [each for each in bias if each.tool.overall]:
        options["risk_of_bias"] = with_overall
    form = declared.form.certainty or CertaintyForm()
    options |= form.options(one.comparison.id, one.outcome.id)
    if options["thresholds"]:  # whoever declares both must see what becomes of the difference
        options["mid"] = one.outcome.mid
    return certainty(
        one.fit,
        judged=judgements,
        outcome=one.outcome,
        follow_up=one.window.label if one.window else "",
        intervention=one.comparison.treated,
        comparator=one.comparison.control,
        **options,
    )


def _unassessed(held: Sequence[Assessed], pooled: Iterable[Analysis]) -> list[Result]:
    """Return the results that are pooled and that nobody has judged as a whole."""
    return [
        (study, one.outcome.id, one.window_id)
        for one in pooled
        for study in dict.fromkeys(studies_of(one))
        if not _is_judged(held, study, one)
    ]


def _is_judged(held: Sequence[Assessed], study: str, one: Analysis) -> bool:
    own = tool_for(held, study)
    if own is None:
        return False
    found = own.of(study, one.outcome.id, one.window_id)
    return all(found.get(code) for code in (["overall"] if own.tool.overall else own.tool.codes))


def _compare(held: Sequence[Assessed], pooled: Sequence[Analysis]) -> Iterator[Finding]:
    """Yield results that nobody has judged, and judgements of studies that are in no analysis."""
    left: dict[tuple[str, str, str], list[str]] = {}
    for study, outcome, window in _unassessed(held, pooled):
        own = tool_for(held, study)
        file = "review.yaml" if own is None else own.files[0]
        left.setdefault((outcome, window, file), []).append(study)
    for (*key, file), studies in left.items():
        result = ", ".join(filter(None, key))
        yield Finding(
            "note",
            "not-assessed",
            file,
            None,
            f"The risk of bias of {shortened(map(repr, studies))} is not judged for {result}.",
            "The pages say 'not judged'.",
        )
    analysed = {study for one in pooled for study in studies_of(one)}
    if not analysed:
        return  # nothing is pooled yet, which is said elsewhere
    rows = [row for one in held for row in one.table.drop_duplicates("study").to_dict("records")]
    for row in rows:
        study = str(row["study"])
        if study not in analysed:
            near = did_you_mean(study, sorted(analysed))
            yield Finding(
                "warning",
                "not-analysed",
                row["file"],
                int(row["line"]) or None,
                f"{study!r} was judged, but is in no analysis.{near}",
                "Write the label as in the extraction sheet, or remove the row.",
            )


def _told_apart(certainties: dict[str, Certainty], declared: Declared) -> list[Finding]:
    """Take out, in place, ratings that a summary of findings could not tell from another."""
    first: dict[tuple[str, str, str], str] = {}
    findings = []
    for key, one in list(certainties.items()):
        row = (one.comparison, one.outcome.label, one.follow_up)
        before = first.setdefault(row, key)
        if before != key:
            del certainties[key]
            named = ", ".join(filter(None, row))
            findings.append(
                Finding(
                    "error",
                    "comparison",
                    "review.yaml",
                    declared.lines.get("comparisons"),
                    f"{before} and {key} would be the same row of a summary of findings "
                    f"({named}); the second is left out.",
                    "Give each comparison its own treated and control, and each outcome its own "
                    "label.",
                )
            )
    return findings


def _stale(key: str, one: Certainty, sheet: str, line: int | None) -> Finding:
    return Finding(
        "warning",
        "stale-certainty",
        sheet,
        line,
        f"{key}: {shortened(one.stale)} {'was' if len(one.stale) == 1 else 'were'} judged on other "
        "data, another model, design or threshold.",
        "Judge it again: build/tables/certainty.xlsx has the present proposals, and the rows to "
        "judge are blank there.",
    )
