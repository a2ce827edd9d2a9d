"""The tools for risk of bias of a review: what each was used for, where there are several."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from arrowroot.errors import ArrowrootError
from arrowroot.text import did_you_mean, label, shortened
from synthesis.labels import read_labels
from synthesis.review.assessed import Assessed
from synthesis.review.findings import Finding, of_error
from synthesis.review.inputs.declared import Declared
from synthesis.review.inputs.folder import Folder, assessed_sheet
from synthesis.review.inputs.forms import CertaintyForm, RiskOfBiasForm

_OF_A_DESIGN = ("rob2", "robins")
"""How the names of tools begin that are for randomised trials, or for other studies."""


def read_tools(folder: Folder, declared: Declared, findings: list[Finding]) -> tuple[Assessed, ...]:
    """Read the judgements of risk of bias, by tool; none where there are no files.

    Parameters
    ----------
    folder : Folder
        Of the review.
    declared : Declared
        Its tools.
    findings : list of Finding
        Gets what is wrong, files that are of no tool among it.
    """
    paths = {}
    for form in declared.tools:
        try:
            paths[form.id] = folder.assessments(declared.named(form))
        except ArrowrootError as error:
            sheet = f"{assessed_sheet(declared.named(form))}.xlsx"
            findings += of_error(error, sheet, "risk-of-bias")
    findings += _of_no_tool(folder, declared, {path for one in paths.values() for path in one})
    if not any(paths.values()):
        return ()
    from synthesis.review.inputs.assessed import read_assessed

    read = [
        read_assessed(paths[form.id], form, folder, declared, findings)
        for form in declared.tools
        if form.id in paths
    ]
    return tuple(one for one in read if one is not None)


def _of_no_tool(folder: Folder, declared: Declared, read: Collection[Path]) -> Iterator[Finding]:
    """Yield files of risk of bias that are not read, since no tool of the review has such a file.

    A sheet that is there twice is said already.
    """
    several = declared.has_several_tools
    sheets = [assessed_sheet(declared.named(form)) for form in declared.tools]
    for path in folder.all_assessments():
        if path in read or (path.parent == folder.path and path.stem in sheets):
            continue
        yield Finding(
            "error",
            "rob-file",
            folder.name(path),
            None,
            "This file is not read: "
            + (
                "review.yaml has several tools for risk of bias, and each has a sheet of its own."
                if several
                else "review.yaml has one tool for risk of bias, whose sheet is risk_of_bias.xlsx."
            ),
            f"Delete it if it is blank. The sheets are "
            f"{', '.join(f'{one}.xlsx' for one in sheets)}, and the boards keep answers in "
            f"{', '.join(f'risk_of_bias/{one.id}' for one in declared.tools)}."
            if several
            else "Rename it, or list its tool in review.yaml; delete it if it is blank.",
        )


def studies_by_tool(
    declared: Declared, rows: pd.DataFrame | None
) -> Mapping[str, frozenset[str]] | None:
    """Return the studies that each tool is for; None where one tool is for all of them.

    A study that two tools are for is among those of neither.

    Parameters
    ----------
    declared : Declared
        The tools.
    rows : DataFrame or None
        The extraction sheet, with the characteristics of the studies as columns.
    """
    if _one_is_for_all(declared):
        return None
    named = _named(declared, rows)
    twice = set(_twice(named))
    return {key: frozenset(found - twice) for key, found in named.items()}


def _one_is_for_all(declared: Declared) -> bool:
    return not declared.has_several_tools and not declared.tools[0].studies


def _named(declared: Declared, rows: pd.DataFrame | None) -> dict[str, set[str]]:
    found = {}
    for form in declared.tools:
        chosen = set() if rows is None else set(read_labels(rows["study"][_matches(form, rows)]))
        found[form.id] = chosen
    return found


def _matches(form: RiskOfBiasForm, rows: pd.DataFrame) -> pd.Series:
    chosen = pd.Series(data=True, index=rows.index)
    for column, values in form.studies.items():
        legal = {label(value).casefold() for value in values}
        there = read_labels(rows[column]) if column in rows else [""] * len(rows)
        chosen &= pd.Series([one.casefold() in legal for one in there], index=rows.index)
    return chosen


def _twice(named: Mapping[str, set[str]]) -> dict[str, list[str]]:
    tools: dict[str, list[str]] = {}
    for key, studies in named.items():
        for study in sorted(studies):
            tools.setdefault(study, []).append(key)
    return {study: keys for study, keys in tools.items() if len(keys) > 1}


def with_studies(
    held: Sequence[Assessed], declared: Declared, rows: pd.DataFrame | None
) -> tuple[Assessed, ...]:
    """Return judgements that know which studies their tool is for."""
    found = studies_by_tool(declared, rows)
    if found is None:
        return tuple(held)
    return tuple(replace(one, studies=found.get(one.tool.id, frozenset())) for one in held)


def check_tools(
    held: Sequence[Assessed], declared: Declared, rows: pd.DataFrame | None
) -> Iterator[Finding]:
    """Yield studies with no tool or with two, and judgements with a tool that is not theirs.

    Parameters
    ----------
    held : sequence of Assessed
        The judgements, from `with_studies`.
    declared : Declared
        The tools.
    rows : DataFrame or None
        The extraction sheet.
    """
    if rows is None or _one_is_for_all(declared):
        return
    for form in declared.tools:
        yield from _unknown(form, declared, rows)
    named = _named(declared, rows)
    line = declared.lines.get("risk_of_bias")
    studies = dict.fromkeys(read_labels(rows["study"]))
    if without := [one for one in studies if one and not any(one in s for s in named.values())]:
        yield Finding(
            "warning",
            "rob-no-tool",
            "review.yaml",
            line,
            f"No tool for risk of bias is for {shortened(map(repr, without))}: not judged.",
            "Fill in the column that says so, or add its value to studies of a tool.",
        )
    for study, keys in _twice(named).items():
        yield Finding(
            "error",
            "rob-two-tools",
            "review.yaml",
            line,
            f"{study!r} has {' and '.join(keys)} as tools for risk of bias, so it counts as not "
            "judged.",
            "Correct studies of the tools, so that each study has one.",
        )
    for one in held:
        yield from _foreign(one, named, studies)


def check_designs(
    tools: Mapping[str, Sequence[str]], designs: Mapping[str, str], declared: Declared
) -> Iterator[Finding]:
    """Yield results whose certainty starts as that of other designs than their tools are for.

    Parameters
    ----------
    tools : mapping of str to sequence of str
        The tools by which the studies of each analysis were judged, by its key.
    designs : mapping of str to str
        As what the certainty of each analysis starts.
    declared : Declared
        For the line of the file.
    """
    mixed: dict[str, list[str]] = {}
    other: dict[str, list[str]] = {}
    for key, names in tools.items():
        if key not in designs:
            continue  # it could not be rated, which is said
        is_trial = designs[key] == "rct"
        whose = "randomised trials" if is_trial else "studies that are not randomised"
        randomised = {name.startswith("rob2") for name in names if name.startswith(_OF_A_DESIGN)}
        if len(randomised) > 1:
            mixed.setdefault(whose, []).append(key)
        elif randomised and randomised != {is_trial}:
            other.setdefault(whose, []).append(key)
    for found, told, todo in (
        (
            mixed,
            "randomised trials and other studies are pooled, and",
            "GRADE rates the two apart: give each an outcome or a sensitivity analysis, or say in "
            "the reasons why they are rated together.",
        ),
        (
            other,
            "the tool for risk of bias is for other studies:",
            "Correct the tool, or under certainty design (rct, nrsi or nrsi_robins_i), or designs "
            "for some outcomes or comparisons.",
        ),
    ):
        for whose, keys in found.items():
            message = f"{shortened(keys)}: {told} certainty starts as for {whose}."
            line = declared.lines.get("certainty")
            yield Finding("warning", "certainty-design", "review.yaml", line, message, todo)


def unused_designs(declared: Declared) -> Iterator[Finding]:
    """Yield entries of `designs` under `certainty` that change nothing."""
    results = [(one.id, other.id) for one in declared.comparisons for other in declared.outcomes]
    form = declared.form.certainty or CertaintyForm()
    for place in form.never_used(results):
        yield Finding(
            "warning",
            "certainty-design",
            "review.yaml",
            declared.lines.get(f"designs {place}"),
            f"Entry {place + 1} of designs changes nothing: those before it are about the same "
            "results.",
            "The first entry about a result counts: put the narrower one first, or delete this.",
        )


def _unknown(form: RiskOfBiasForm, declared: Declared, rows: pd.DataFrame) -> Iterator[Finding]:
    """Yield columns that are not there, and values that no row has."""
    for column, values in form.studies.items():
        start = f"studies of the tool {form.id!r}:"
        there = dict.fromkeys(filter(None, read_labels(rows[column]))) if column in rows else {}
        known = {one.casefold() for one in there}
        if column not in rows:
            hint = did_you_mean(column, rows.columns)
            where = "in the extraction sheet or in the studies"
            told = [f"{start} there is no column {column!r} {where}.{hint}"]
        else:
            told = [
                f"{start} no row has {value!r} in the column {column!r}."
                f"{did_you_mean(value, list(there))}"
                for value in values
                if label(value).casefold() not in known
            ]
        for text in told:
            line = declared.lines.get(f"tool {form.id}")
            todo = f"Enter one of {shortened(map(repr, there))}." if there else ""
            yield Finding("error", "rob-studies", "review.yaml", line, text, todo)


def _foreign(
    one: Assessed, named: Mapping[str, set[str]], studies: Mapping[str, None]
) -> Iterator[Finding]:
    """Yield studies that are judged with another tool than theirs."""
    judged = one.table[one.table["judgement"].notna()].drop_duplicates("study")
    for row in judged.to_dict("records"):
        study = str(row["study"])
        own = [key for key, found in named.items() if study in found]
        if study in studies and not one.is_for(study) and len(own) < 2:
            yield Finding(
                "error",
                "rob-other-tool",
                row["file"],
                int(row["line"]) or None,
                f"{study!r} is judged with {one.tool.name}, and its tool is "
                f"{own[0] if own else 'none'} by review.yaml: these judgements do not count.",
                "Judge it with its own tool, or correct studies in review.yaml.",
            )
