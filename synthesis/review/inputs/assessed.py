"""The sheets of judgements of a review: risk of bias, and certainty, as their files have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from arrowroot.errors import ArrowrootError
from arrowroot.text import capitalised, counted, did_you_mean, label, person, shortened
from synthesis.appraisal.certainty.result import Certainty
from synthesis.appraisal.certainty.sheet import Judgements
from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias
from synthesis.appraisal.risk_of_bias.tools.tool import Tool
from synthesis.outcomes import Outcome
from synthesis.review.assessed import CONSENSUS, OPEN, Assessed, Result
from synthesis.review.findings import Finding, of_error
from synthesis.review.inputs.declared import Declared, tool_of
from synthesis.review.inputs.folder import Folder, assessed_sheet
from synthesis.review.inputs.forms import RiskOfBiasForm

_COLUMNS = (
    *("study", "outcome", "window", "domain", "proposed", "judgement", "reason", "assessor"),
    *("path", "line"),
)
_ERRORS = ("unknown-answer", "impossible-answer", "unknown-judgement", "repeated", "no-study")
"""Rules about cells or rows that were not read: what they say is missing from the pages."""


def read_assessed(
    paths: Sequence[Path],
    form: RiskOfBiasForm,
    folder: Folder,
    declared: Declared,
    findings: list[Finding],
) -> Assessed | None:
    """Read the judgements of risk of bias with one tool, of every file.

    Parameters
    ----------
    paths : sequence of Path
        The sheet, and the files of boards.
    form : RiskOfBiasForm
        The tool.
    folder : Folder
        Of the review.
    declared : Declared
        The outcomes that judgements are about.
    findings : list of Finding
        Gets what is wrong.
    """
    try:
        tool = tool_of(form, folder.path)
    except ArrowrootError as error:
        file = form.tool if (folder.path / form.tool).is_file() else "review.yaml"
        findings += of_error(error, file, "risk-of-bias")
        return None
    tables, assessors = [], []
    for path in paths:
        name = folder.name(path)
        try:
            read = RiskOfBias.read(path, tool)
        except ArrowrootError as error:
            findings += [replace(one, file=name) for one in of_error(error, path.name, "rob")]
            continue
        findings += [
            Finding("note", "read", name, None, _sentence(one.removeprefix(f"{path.name}: ")))
            for one in read.remarks
        ]
        findings += _problems(read.problems, name)
        tables.append(_declared(read.judgements, declared, name, findings))
        assessors += read.assessors
    if not paths:  # other tools have sheets, and this one is still to come
        waiting = pd.DataFrame(columns=[*_COLUMNS, "file"], dtype=object)
        return Assessed(tool, (f"{assessed_sheet(form.id)}.xlsx",), waiting, {})
    if not tables:
        return None
    table = pd.concat(tables, ignore_index=True)
    table = _once(table, findings)
    settled = _settled(table, tool, findings)
    names = tuple(folder.name(path) for path in paths)
    listed = dict.fromkeys([*filter(None, assessors), *_settlers(table)])
    return Assessed(tool, names, table, settled, tuple(listed))


def _settlers(table: pd.DataFrame) -> list[str]:
    return [CONSENSUS] if any(person(one) == CONSENSUS for one in table["assessor"]) else []


def _problems(problems: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Yield what is amiss in a file, with what is not filled in yet counted in one line."""
    still: dict[str, int] = {}
    for row in problems.to_dict("records"):
        if row["rule"] in OPEN:
            still.setdefault(row["rule"], 0)
            still[row["rule"]] += 1
            continue
        about = ", ".join(filter(None, (row["study"], row["outcome"], row["window"])))
        yield Finding(
            "error" if row["rule"] in _ERRORS else "warning",
            f"rob-{row['rule']}",
            file,
            int(row["line"]) or None,
            _sentence(f"{about}: {row['message']}" if about else row["message"]),
        )
    words = {
        "empty": ("row is blank", "rows are blank"),
        "missing-answer": ("answer is missing", "answers are missing"),
        "not-judged": (
            "domain has answers and no judgement",
            "domains have answers and no judgement",
        ),
    }
    if still:
        listed = "; ".join(f"{counted(n, *words[rule])}" for rule, n in still.items())
        first = problems[problems["rule"].isin(OPEN)].iloc[0]
        about = ", ".join(filter(None, (first["study"], first["outcome"], first["window"])))
        said = first["message"].rstrip(".")
        also = f" (the first: {about}: {said})" if about else ""
        yield Finding(
            "note",
            "rob-open",
            file,
            int(first["line"]) or None,
            f"{capitalised(listed)}{also}.",
            "What the tool proposes becomes a judgement when somebody writes one, or "
            "'as proposed'.",
        )


def _sentence(text: str) -> str:
    text = capitalised(text.strip())
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _declared(
    table: pd.DataFrame, declared: Declared, file: str, findings: list[Finding]
) -> pd.DataFrame:
    """Return judgements with outcomes and windows by their ids, and the file."""
    held = table.copy()
    held["file"] = file
    told: set[tuple[int, str]] = set()
    outcomes, windows = [], []
    for row in held.to_dict("records"):
        outcome = declared.outcome(row["outcome"]) if row["outcome"] else None
        outcomes.append(outcome.id if outcome else row["outcome"])
        windows.append(_window(row["window"], outcome, declared))
        for part, got, known in (
            ("outcome", row["outcome"], outcome is not None),
            ("window", row["window"], windows[-1] is not None),
        ):
            if got and not known and (row["line"], part) not in told:
                told.add((row["line"], part))
                findings.append(_unknown(part, got, row, file, declared))
    held["outcome"] = pd.Series(outcomes, index=held.index, dtype=object)
    held["window"] = pd.Series(
        [
            one if one is not None else row
            for one, row in zip(windows, table["window"], strict=True)
        ],
        index=held.index,
        dtype=object,
    )
    return held


def _window(name: str, outcome: Outcome | None, declared: Declared) -> str | None:
    """Return the id of a window; None if no outcome has one of this name."""
    if not name:
        return ""
    for one in [outcome] if outcome is not None else declared.outcomes:
        found = one.window(name)
        if found is not None:
            return found.id
    return None


def _unknown(part: str, got: str, row: Mapping[Any, Any], file: str, declared: Declared) -> Finding:
    outcomes = [one.id for one in declared.outcomes]
    windows = [window.id for one in declared.outcomes for window in one.windows]
    names = list(dict.fromkeys(outcomes if part == "outcome" else windows))
    listed = f"Enter one of {shortened(names)}" if names else f"Leave the {part} blank"
    return Finding(
        "error",
        f"rob-{part}",
        file,
        int(row["line"]) or None,
        f"{row['study']}: the {part} {got!r} is not declared, so these judgements are of no "
        f"analysis.{did_you_mean(got, names)}",
        f"{listed}, or declare it in review.yaml.",
    )


def _once(table: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Return the table with the first of the judgements that one person made twice."""
    key = [
        (row["study"], row["outcome"], row["window"], person(row["assessor"]))
        for row in table.to_dict("records")
    ]
    first: dict[tuple[str, ...], tuple[str, int]] = {}
    kept = []
    for one, file, line in zip(key, table["file"], table["line"], strict=True):
        place = first.setdefault(one, (file, line))
        kept.append(place == (file, line))
        if not kept[-1]:
            finding = Finding(
                "error",
                "rob-repeated",
                file,
                int(line) or None,
                f"{', '.join(filter(None, one[:3]))} is already judged"
                f"{f' by {one[3]}' if one[3] else ''} in {place[0]}, line {place[1]}; this row "
                "does not count.",
                "Keep one row per study, outcome, window and assessor.",
            )
            if finding not in findings:
                findings.append(finding)
    return table[pd.Series(kept, index=table.index, dtype=bool)].reset_index(drop=True)


def _settled(
    table: pd.DataFrame, tool: Tool, findings: list[Finding]
) -> dict[Result, dict[str, str | None]]:
    """Return the judgement of each domain of each result: the settled one, or that of all."""
    given: dict[Result, dict[str, dict[str, str]]] = {}
    places: dict[Result, tuple[str, int]] = {}
    for row in table.to_dict("records"):
        result = row["study"], row["outcome"], row["window"]
        places.setdefault(result, (row["file"], int(row["line"])))
        domains = given.setdefault(result, {})
        if row["judgement"]:
            domains.setdefault(row["domain"], {})[row["assessor"]] = row["judgement"]
    settled: dict[Result, dict[str, str | None]] = {}
    for result, domains in given.items():
        open_ = []
        settled[result] = dict.fromkeys(tool.codes)
        for code, by in domains.items():
            agreed = [word for who, word in by.items() if person(who) == CONSENSUS]
            words = set(agreed or by.values())
            if len(words) == 1:
                settled[result][code] = words.pop()
            else:
                open_.append(f"{code} ({', '.join(f'{who}: {one}' for who, one in by.items())})")
        if open_:
            file, line = places[result]
            findings.append(
                Finding(
                    "warning",
                    "rob-differ",
                    file,
                    line or None,
                    f"{', '.join(filter(None, result))}: assessors differ on {shortened(open_)}, "
                    "which counts as not judged.",
                    f"Add a row with the assessor {CONSENSUS!r} and the judgement agreed on.",
                )
            )
    return settled


def read_rated(path: Path, declared: Declared, findings: list[Finding]) -> Judgements | None:
    """Read the judgements of certainty, with comparisons and windows as results name them.

    Parameters
    ----------
    path : Path
        The sheet.
    declared : Declared
        What judgements can be about.
    findings : list of Finding
        Gets what is wrong.
    """
    try:
        read = Certainty.read(path)
    except ArrowrootError as error:
        findings += of_error(error, path.name, "certainty")
        return None
    rows: list[dict[Any, Any]] = []
    first: dict[tuple[str, ...], int] = {}
    kept = []
    for line, row in zip(read.table.index, read.table.to_dict("records"), strict=True):
        outcome = declared.outcome(row["outcome"])
        window = _window(row["follow_up"], outcome, declared) if outcome else None
        arms = _arms(row["comparison"], declared)
        for part, known, legal in (
            ("outcome", outcome is not None, [one.label for one in declared.outcomes]),
            (
                "follow_up",
                outcome is None or window is not None,
                [one.label for one in outcome.windows] if outcome else [],
            ),
            ("comparison", arms is not None, [_named(one) for one in declared.comparisons]),
        ):
            if not known:
                listed = shortened(map(repr, legal)) if legal else "blank"
                findings.append(
                    Finding(
                        "error",
                        "certainty",
                        path.name,
                        int(line),
                        f"The {part} {label(row[part])!r} is not declared, so this judgement is of "
                        "no analysis.",
                        f"Enter one of {listed}.",
                    )
                )
        named = outcome.window(window) if outcome and window else None
        placed = {
            **row,
            "outcome": outcome.id if outcome else row["outcome"],
            "follow_up": named.label if named else row["follow_up"],
            "comparison": row["comparison"] if arms is None else arms,
        }
        key = tuple(
            label(placed[name]) for name in ("comparison", "outcome", "follow_up", "domain")
        )
        before = first.setdefault(key, int(line))
        if before != int(line):
            findings.append(
                Finding(
                    "error",
                    "certainty",
                    path.name,
                    int(line),
                    f"{key[3]!r} of {', '.join(filter(None, key[1:3]))} is already judged on line "
                    f"{before}; this row does not count.",
                    "Keep one row, or fill in comparison and follow_up.",
                )
            )
            continue
        rows.append(placed)
        kept.append(line)
    table = pd.DataFrame(rows, columns=read.table.columns, index=kept)
    return Judgements(table.astype({"levels": "Int64"}), read.source)


def _named(one: object) -> str:
    return f"{capitalised(one.treated)} against {one.control}"  # type: ignore[attr-defined]


def _arms(name: str, declared: Declared) -> str | None:
    """Return a comparison as results name it; None if it is not declared."""
    if not name:
        return ""
    wanted = label(name).casefold()
    for one in declared.comparisons:
        if wanted in (one.id.casefold(), one.name.casefold(), _named(one).casefold()):
            return _named(one)
    return None
