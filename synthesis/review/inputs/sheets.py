"""The extraction sheet and the characteristics of the studies, as the analyses take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from arrowroot.errors import ArrowrootError, DataError
from arrowroot.formats.places import letters as column_letters
from arrowroot.tables import as_table, read_cells, read_table
from arrowroot.text import counted, did_you_mean, label, shortened
from synthesis.effects.sheet.declared import FILLED_FOR, with_outcomes
from synthesis.effects.sheet.numbers import COMMA
from synthesis.effects.sheet.reading import read_extraction
from synthesis.labels import read_labels
from synthesis.review.findings import Finding, of_error
from synthesis.review.inputs.declared import Declared


@dataclass(frozen=True, eq=False)
class Extraction:
    """The rows of the extraction sheet, each with its comparison, outcome and window.

    Attributes
    ----------
    file : str
        The name of the file.
    rows : DataFrame or None
        As `synthesis.with_outcomes` returns them, with the columns of the studies; None if the
        sheet could not be read.
    letters : dict of str to str
        The column of the file in which each heading stands, as spreadsheets name columns.
    findings : list of Finding
        What was wrong.
    """

    file: str
    rows: pd.DataFrame | None
    letters: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def cell(self, column: str, line: int) -> str:
        """Return the address of a cell in the file, such as ``"D4"``; empty if it has none."""
        letter = self.letters.get(column, "")
        return f"{letter}{line}" if letter else ""


@dataclass(frozen=True, eq=False)
class Studies:
    """The characteristics of the studies.

    Attributes
    ----------
    file : str
        The name of the file; empty if there is none.
    table : DataFrame
        One row per study, text as written, indexed by line.
    findings : list of Finding
        What was wrong.
    """

    file: str
    table: pd.DataFrame
    findings: list[Finding] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The labels of the studies, in order."""
        return read_labels(self.table["study"]) if "study" in self.table else []

    def record_ids(self) -> dict[str, str]:
        """Return the study of each report, from the column ``record_id``."""
        if "record_id" not in self.table:
            return {}
        cells = zip(self.names, read_labels(self.table["record_id"]), strict=True)
        return {
            one.strip(): study
            for study, listed in cells
            for one in listed.split(";")
            if one.strip()
        }


def read_studies(path: Path | None) -> Studies:
    """Read the characteristics of the studies: one row per study, any columns."""
    if path is None:
        return Studies("", pd.DataFrame({"study": []}, dtype=object))
    try:
        table = as_table(read_cells(path, days=True))
    except ArrowrootError as error:
        found = of_error(error, path.name, "studies")
        return Studies(path.name, pd.DataFrame({"study": []}, dtype=object), found)
    frame = table.to_frame()
    findings: list[Finding] = []
    if "study" not in frame:
        findings.append(
            Finding(
                "error",
                "studies",
                path.name,
                table.line,
                "There is no column 'study'.",
                "Head the column with the labels of the studies 'study'.",
            )
        )
        return Studies(path.name, pd.DataFrame({"study": []}, dtype=object), findings)
    seen: dict[str, int] = {}
    for line, name in zip(frame.index, read_labels(frame["study"]), strict=True):
        if not name:
            findings.append(
                Finding("error", "studies", path.name, line, "The study has no label.", "Enter it.")
            )
        elif name in seen:
            findings.append(
                Finding(
                    "error",
                    "studies",
                    path.name,
                    line,
                    f"{name!r} is already on line {seen[name]}.",
                    "Keep one row per study.",
                )
            )
        seen.setdefault(name, line)
    return Studies(path.name, frame, findings)


def read_rows(path: Path | None, declared: Declared, studies: Studies) -> Extraction:
    """Read the extraction sheet and place every row in an analysis.

    Parameters
    ----------
    path : Path or None
        The sheet.
    declared : Declared
        The outcomes and comparisons.
    studies : Studies
        Their columns are added to the rows of each study, where the sheet lacks them.
    """
    if path is None:
        missing = Finding(
            "error",
            "extraction",
            "extraction.xlsx",
            None,
            "There is no extraction sheet.",
            "Write one with  arrowroot new  in this folder, and fill in one row per result.",
        )
        return Extraction("extraction.xlsx", None, findings=[missing])
    try:
        header = read_table(path).header
        letters = {name: column_letters(place) for place, name in enumerate(header, start=1)}
        decimal = declared.form.decimal if path.suffix.lower() == ".csv" else "."
        sheet = read_extraction(path, decimal=decimal)
        if lacking := _no_outcome(sheet, declared, path.name, header):
            return Extraction(path.name, None, findings=[lacking])
        sheet = with_outcomes(sheet, declared.outcomes)
        if "outcome" not in sheet:
            sheet["outcome"] = declared.outcomes[0].id
    except DataError as error:
        blank = _is_blank(path)
        found = [blank] if blank else _of_commas(of_error(error, path.name, "extraction"), path)
        return Extraction(path.name, None, findings=found)
    except ArrowrootError as error:
        return Extraction(path.name, None, findings=of_error(error, path.name, "extraction"))
    findings: list[Finding] = []
    _place_comparisons(sheet, declared, path.name, findings)
    _find_unplaced(sheet, declared, path.name, findings)
    sheet = _with_declared_directions(sheet, declared, path.name, findings)
    _add_columns(sheet, studies)
    return Extraction(path.name, sheet, letters, findings)


def _no_outcome(
    sheet: pd.DataFrame, declared: Declared, file: str, header: Sequence[str]
) -> Finding | None:
    """Return the finding about a sheet that does not say what was measured, or None."""
    if "outcome" in sheet or len(declared.outcomes) == 1:
        return None
    listed = ", ".join(one.id for one in declared.outcomes)
    return Finding(
        "error",
        "extraction",
        file,
        1,
        f"There is no column 'outcome', and review.yaml declares several ({listed})."
        f"{did_you_mean('outcome', header)}",
        "Head the column that names the outcome of each row 'outcome'.",
    )


def _of_commas(findings: list[Finding], path: Path) -> list[Finding]:
    """Return findings in which the advice on decimal commas is one for a review."""
    todo = (
        "write  decimal: ','  in review.yaml" if path.suffix.lower() == ".csv" else "type a point"
    )
    return [
        replace(one, message=one.message.replace(COMMA, f"if the comma is a decimal mark, {todo}"))
        for one in findings
    ]


def _is_blank(path: Path) -> Finding | None:
    """Return the finding about a sheet that nobody has filled in yet, or None."""
    try:
        if read_table(path).rows:
            return None
    except ArrowrootError:
        return None
    return Finding(
        "error",
        "extraction",
        path.name,
        None,
        "The extraction sheet has no rows yet.",
        "Fill in one row per result.",
    )


def _place_comparisons(
    sheet: pd.DataFrame, declared: Declared, file: str, findings: list[Finding]
) -> None:
    """Write the id of each row's comparison, in place."""
    only = declared.comparisons[0].id if len(declared.comparisons) == 1 else ""
    cells = read_labels(sheet["comparison"]) if "comparison" in sheet else [""] * len(sheet)
    names = ", ".join(one.id for one in declared.comparisons)
    ids: list[str] = []
    for line, study, cell in zip(sheet["line"], sheet["study"], cells, strict=True):
        one = declared.comparison(cell) if cell else None
        ids.append(one.id if one else "" if cell else only)
        if not ids[-1]:
            got = f"{cell!r}, which is not declared" if cell else "blank"
            findings.append(
                Finding(
                    "error",
                    "comparison",
                    file,
                    int(line),
                    f"The comparison of {study!r} is {got}.",
                    f"Enter one of {names}, or declare it under comparisons in review.yaml.",
                )
            )
    sheet["comparison"] = pd.Series(ids, index=sheet.index, dtype=object)


def _find_unplaced(
    sheet: pd.DataFrame, declared: Declared, file: str, findings: list[Finding]
) -> None:
    """Find the rows that belong to no time window, and so to no analysis."""
    windowed = {one.id for one in declared.outcomes if one.windows}
    cells = read_labels(sheet["window"]) if "window" in sheet else [""] * len(sheet)
    for line, study, outcome, window in zip(
        sheet["line"], sheet["study"], sheet["outcome"], cells, strict=True
    ):
        if outcome in windowed and not window:
            findings.append(
                Finding(
                    "error",
                    "window",
                    file,
                    int(line),
                    f"{study!r} does not say when {outcome!r} was measured, so this row is in no "
                    "analysis.",
                    "Enter the follow-up in timepoint_days, timepoint_weeks or timepoint_months.",
                )
            )


def _with_declared_directions(
    sheet: pd.DataFrame, declared: Declared, file: str, findings: list[Finding]
) -> pd.DataFrame:
    """Return the rows with directions of ratios and risks as the review declares them.

    In a sheet, ``lower`` reverses an effect. Of scores that is what a review wants; risks and
    ratios it shows as they were counted, and says beside them which side is better: so a row that
    repeats what the outcome declares must not be reversed, and one that contradicts it counts
    something else than its outcome.
    """
    if "direction" not in sheet:
        return sheet
    of = {one.id: one for one in declared.outcomes}
    cells, against = sheet["direction"].tolist(), []
    repeated: dict[str, list[int]] = {}
    for at, (line, study, outcome) in enumerate(
        zip(sheet["line"], sheet["study"], sheet["outcome"], strict=True)
    ):
        own, known = label(cells[at]).lower(), of.get(outcome)
        if not own or known is None or not known.direction or known.measure in FILLED_FOR:
            continue
        cells[at] = None
        if own == known.direction:
            repeated.setdefault(outcome, []).append(int(line))
            continue
        against.append(at)
        findings.append(
            Finding(
                "error",
                "direction",
                file,
                int(line),
                f"The direction of {study!r} is {own!r}, but for {outcome!r} review.yaml says "
                f"that {known.direction} is better, so the row counts something else. It is left "
                "out.",
                "Count what the outcome names (people without the event are n less events), or "
                "leave direction blank.",
            )
        )
    for outcome, lines in repeated.items():
        findings.append(
            Finding(
                "note",
                "direction",
                file,
                lines[0],
                f"The direction {of[outcome].direction!r} is typed for {outcome!r} in "
                f"{counted(len(lines), 'row')}, as review.yaml has it. Risks and ratios are shown "
                "as they were counted, so it reverses nothing.",
            )
        )
    sheet = sheet.assign(direction=pd.Series(cells, index=sheet.index, dtype=object))
    return sheet.drop(sheet.index[against])


def _add_columns(sheet: pd.DataFrame, studies: Studies) -> None:
    """Add the characteristics of each study to its rows, in place."""
    names = studies.names
    for column in studies.table.columns:
        if column in sheet or column == "record_id" or not str(column):
            continue
        of_study = dict(zip(names, studies.table[column], strict=True))
        sheet[column] = pd.Series(
            [of_study.get(label(one)) for one in sheet["study"]], index=sheet.index, dtype=object
        )


def compare_studies(extraction: Extraction, studies: Studies) -> list[Finding]:
    """Return the studies that only one of the two sheets knows."""
    if extraction.rows is None or not studies.file or "study" not in studies.table:
        return []
    extracted: dict[str, int] = {}
    lines = zip(extraction.rows["study"], extraction.rows["line"], strict=True)
    for name, line in lines:
        extracted.setdefault(label(name), int(line))
    known: dict[str, int] = {}
    for name, line in zip(studies.names, studies.table.index, strict=True):
        known.setdefault(name, int(line))
    return [
        *_only(extracted, known, extraction.file, studies.file),
        *_only(known, extracted, studies.file, extraction.file),
    ]


def _only(
    these: Mapping[str, int], those: Mapping[str, int], here: str, there: str
) -> list[Finding]:
    strangers = [name for name in these if name and name not in those]
    if not strangers or not those:
        return []
    # A label that only one sheet has may be one that the other spells in another way.
    beside = [name for name in those if name not in these]
    hint = next(filter(None, (did_you_mean(name, beside) for name in strangers)), "")
    has = "has" if len(strangers) == 1 else "have"
    return [
        Finding(
            "warning",
            "studies",
            here,
            these[strangers[0]],
            f"{shortened(map(repr, strangers))} {has} no row in {there}.{hint}",
            "Add it, or write the label in the same way in both.",
        )
    ]
