"""A review to begin with: its folder, and templates that know its outcomes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from arrowroot.data_folder import data_folder
from arrowroot.errors import ArrowrootError, FileError, OptionError
from arrowroot.files import as_path, make_folder, write_text
from arrowroot.options import one_of
from arrowroot.sheets import Column, Sheet, write_sheets
from arrowroot.specs.form import as_number
from arrowroot.tables import read_table
from synthesis.effects.blank_sheet import sheets_for, template_columns
from synthesis.library.screening_sheets import write_screening_sheets
from synthesis.review.contents import Contents
from synthesis.review.inputs.declared import Declared, read_declared
from synthesis.review.inputs.folder import SCREENING, SEARCH, SHEETS, TEXT, Folder
from synthesis.review.judgement_sheets import filled_sheets, judgement_sheets, replaced

EXAMPLES = {"example": "dagostino1998/review"}
"""Filled reviews that come with Arrowroot, by the name that the command takes."""

STUDIES = (
    *("study", "record_id", "year", "country", "design", "setting", "population"),
    *("intervention", "comparator", "funding", "notes"),
)
_NOTES = {
    "study": "The label of the study, as in the extraction sheet",
    "record_id": "Its reports, as record_id in the screening sheets, separated by semicolons",
}
_SPARE = 200

DECLARATION = """\
# What this review asks, and how. Each key is explained in docs/review_folder.md.
title: Title of the review
people:
  - {name: Your name, role: lead}
# registration: {id: CRD42000000000, url: "https://www.crd.york.ac.uk/prospero/", date: 2026-01-31}
question:
  population: who
  intervention: what they receive
  comparator: what the others receive
  setting: where

# One entry for each outcome. measure: smd, md, or, rr, rd, hr ...; direction: which values are
# better, higher or lower; mid: the smallest difference that matters; windows: when it is measured.
outcomes:
  - id: satisfaction
    label: Satisfaction
    measure: smd
    direction: higher
    importance: important
    windows:
      - {id: short, label: up to 12 months, months: [0, 12]}
      - {id: long, label: 13 months and more, months: [13, null]}

comparisons:
  - {id: care, label: New care against usual care, treated: new care, control: usual care}

# What is decided before the results are known, and when.
plan:
  # decided: 2026-01-31
  model: {tau2: reml, ci: hksj}
  # subgroups: [design]
  # sensitivity: [{id: common, label: Common-effect model, model: {model: common}}]
  small_studies: {from: 10, tests: [egger]}

# How risk of bias is judged, and where the certainty of the evidence starts: rct, or nrsi for
# studies that are not randomised. Once there are results, `arrowroot new` writes sheets of them.
risk_of_bias: {tool: rob2, effect: assignment, design: parallel}
certainty: {design: rct}
"""

TEXTS = {
    "summary": (
        "Summary",
        "Write the summary here. Values of the analyses are written between two pairs of braces\n"
        "and stay right whatever changes, for example\n"
        "{{ care.satisfaction.short.estimate }} (95% CI {{ care.satisfaction.short.ci }}).\n"
        "This comment is not shown.",
    ),
    "background": ("Background", "Why the review was done."),
    "methods": (
        "Methods",
        "How studies were searched for and chosen. How effects were computed and pooled is\n"
        "written into the pages from what was really done.",
    ),
    "discussion": ("Discussion", "What the results mean, and what limits them."),
}

READMES = {
    SEARCH: "Save the exports of the databases here as they come: .ris, .bib, .nbib, .csv, .xml.\n"
    "If only the counts are known, put them into flow.csv as the PRISMA2020 program writes it.\n",
    SCREENING: "One file for each person, with the columns record_id, stage, screener, decision\n"
    "and reason. Once the exports are there, `arrowroot new` writes sheets to fill in.\n",
}


def new_review(path: str | os.PathLike[str], *, example: str = "") -> list[Path]:
    """Make the folder of a review; in one that exists, make what is missing in it.

    Nothing that anybody has filled in is overwritten; a sheet that is still blank follows
    ``review.yaml``. Where there are exports of a search and no decisions yet, a screening
    sheet is written for each of the people.

    Parameters
    ----------
    path : path
        The folder.
    example : str
        ``"example"`` for a filled review; by default templates to fill in.

    Returns
    -------
    list of Path
        The files made, ``review.yaml`` first where it was made.

    Raises
    ------
    FileError
        If it cannot be made there, or holds something else than a review.
    OptionError
        If there is no such example.
    SpecError
        If the ``review.yaml`` that is there cannot be read.
    """
    target = as_path(path)
    if target.suffix.lower() in (".yaml", ".yml", ".xlsx"):
        raise OptionError(f"{target}: a review is a folder; leave out {target.suffix!r}.")
    if target.exists() and not target.is_dir():
        raise FileError(f"{target}: is a file; a review is a folder.")
    declaration = target / "review.yaml"
    if example:
        return _example(target, example)
    others = sorted(one.name for one in target.iterdir()) if target.is_dir() else []
    if others and not declaration.is_file():
        raise FileError(
            f"{target}: holds {others[0]!r} and no review.yaml, so it may be something else. "
            "Name a new folder."
        )
    for name in (SEARCH, SCREENING, TEXT):
        if (target / name).is_file():
            raise FileError(f"{target / name}: is a file, and must be a folder; rename it.")
    make_folder(target)
    made = []
    if not declaration.is_file():
        made.append(write_text(DECLARATION, declaration))
    declared = read_declared(declaration)
    folder = Folder(target)
    made += _sheets(folder, declared)
    made += _texts(target)
    if not (target / "review.ipynb").exists():
        made.append(write_text(_notebook(declared), target / "review.ipynb"))
    made += _screening(folder, declared)
    made += judgement_sheets(Contents(target))
    return made


def _example(target: Path, example: str) -> list[Path]:
    source = data_folder() / EXAMPLES[one_of("--from", example, list(EXAMPLES))]
    if target.exists() and any(target.iterdir()):
        raise FileError(f"{target}: is not empty; name a new folder for the example.")
    make_folder(target)
    made: list[Path] = []
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if path.is_dir() or inside.parts[0] == "build" or inside.name.startswith("."):
            continue
        make_folder((target / inside).parent)
        if inside.as_posix() in (f"{name}.csv" for name in SHEETS):
            continue
        shutil.copyfile(path, target / inside)
        made.append(target / inside)
    declared = read_declared(target / "review.yaml")
    made.append(write_text(_notebook(declared), target / "review.ipynb"))
    # In the data they are text, which can be compared; people get workbooks to fill in.
    for name in ("extraction", "studies"):
        table = read_table(source / f"{name}.csv")
        rows = [[_number(cell) for cell in row] for row in table.rows]
        path = target / f"{name}.xlsx"
        if name == "extraction":
            made.append(write_sheets(path, *sheets_for(table.header, _choices(declared), rows)))
        else:
            columns = [_studies_column(one) for one in table.header]
            made.append(write_sheets(path, Sheet(name, columns, rows, freeze="B2", spare=_SPARE)))
    made += filled_sheets(source, target, declared)
    made.sort(key=lambda one: one.name != "review.yaml")
    return made


def _number(cell: str) -> str | int | float:
    found = as_number(cell)
    return found if isinstance(found, int | float) else cell


def _choices(declared: Declared) -> dict[str, list[str]]:
    """Return what the cells of the extraction sheet offer."""
    instruments = [one.id for outcome in declared.outcomes for one in outcome.instruments]
    windows = [one.id for outcome in declared.outcomes for one in outcome.windows]
    found = {
        "outcome": [one.id for one in declared.outcomes],
        "comparison": [one.id for one in declared.comparisons],
        "instrument": list(dict.fromkeys(instruments)),
        "window": list(dict.fromkeys(windows)),
    }
    return {name: values for name, values in found.items() if values}


def _columns(declared: Declared) -> list[str]:
    """Return the columns from which some route leads to a measure of the review."""
    measures = dict.fromkeys(one.measure for one in declared.outcomes)
    useful = {name for measure in measures for name in template_columns(measure)}
    return [name for name in template_columns() if name in useful]


NOTEBOOK = (
    (
        "markdown",
        "# The review in a notebook\n\nFor whoever likes to work here. Run a cell with "
        "Shift and Enter.",
    ),
    ("code", 'import synthesis as syn\n\nreview = syn.Review(".")\nreview.status()'),
    ("code", "review.check().to_frame()"),
    ("markdown", "Screen the records by key; every decision is saved in the folder `screening`."),
    (
        "code",
        'if review.status().to_screen:\n    display(review.screen("YOUR NAME"))\nelse:\n    '
        'print("Nothing is left to screen.")',
    ),
    (
        "markdown",
        "Judge the risk of bias by key: one question at a time, and then what the answers propose. "
        "Answers are saved in the folder `risk_of_bias`.",
    ),
    (
        "code",
        'if review.status().results:\n    display(review.assess("YOUR NAME"))\nelse:\n    '
        'print("There are no results to judge yet.")',
    ),
    ("markdown", "Every analysis by its name, as the text calls it."),
    ("code", "list(review.analyses)"),
    ("code", "review.build()"),
)
"""The cells of the notebook in the folder."""


def _notebook(declared: Declared) -> str:
    """Return a notebook that shows the state of the review and opens its boards."""
    name = declared.form.people[0].name
    cells = []
    for at, (kind, source) in enumerate(NOTEBOOK):
        own = json.dumps(name, ensure_ascii=False)
        text = source.replace('"YOUR NAME"', own)
        if declared.has_several_tools:
            tools = f"{own}, tool={json.dumps(declared.tools[0].id)}"
            text = text.replace(f"assess({own})", f"assess({tools})")
        cell = {"cell_type": kind, "id": str(at), "metadata": {}, "source": text}
        cells.append({**cell, "execution_count": None, "outputs": []} if kind == "code" else cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    held = {
        "cells": cells,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(held, indent=1, ensure_ascii=False) + "\n"


def _sheets(folder: Folder, declared: Declared) -> Iterator[Path]:
    there = folder.sheet("extraction")
    if there is None or _is_behind(there, _choices(declared)):
        sheets = sheets_for(_columns(declared), _choices(declared))
        target = folder.path / "extraction.xlsx"
        yield from replaced(target, lambda path: write_sheets(path, *sheets))
    if folder.sheet("studies") is None:
        columns = [_studies_column(name) for name in STUDIES]
        sheet = Sheet("studies", columns, freeze="B2", spare=_SPARE)
        yield write_sheets(folder.path / "studies.xlsx", sheet)


def _is_behind(path: Path, choices: dict[str, list[str]]) -> bool:
    """Return whether a sheet is still the template, with the lists of another review.yaml."""
    if path.suffix.lower() != ".xlsx":
        return False
    try:
        table = read_table(path)
    except ArrowrootError:
        return False  # the check says what is wrong with it
    if table.rows or not set(table.header) <= set(template_columns()):
        return False
    from openpyxl import load_workbook

    book = load_workbook(path)
    rules = book.worksheets[0].data_validations.dataValidation
    offered = {
        table.header[area.min_col - 1]: str(rule.formula1 or "").strip('"').split(",")
        for rule in rules
        for area in rule.sqref.ranges
        if area.min_col <= len(table.header)
    }
    # A list that is too long for a cell is in a note, and a page of one's own is no template.
    same = all(offered.get(name, wanted) == wanted for name, wanted in choices.items())
    return not same and len(book.worksheets) <= len(sheets_for([], {}))


def _studies_column(name: str) -> Column:
    return Column(name, width=max(14, len(name) + 2), note=_NOTES.get(name, ""))


def _texts(target: Path) -> Iterator[Path]:
    for name, text in READMES.items():
        path = make_folder(target / name) / "README.md"
        if not path.exists():
            yield write_text(text, path)
    folder = target / TEXT
    if folder.is_dir():
        return
    make_folder(folder)
    for name, (title, about) in TEXTS.items():
        yield write_text(f"# {title}\n\n<!-- {about} -->\n", folder / f"{name}.md")


def _screening(folder: Folder, declared: Declared) -> list[Path]:
    """Write a screening sheet for each person, where there are exports and no decisions yet."""
    from synthesis.library.records import read_records

    if not folder.exports() or folder.decisions():
        return []
    records = read_records(folder.exports(), databases=declared.form.search.databases).records
    people = [one.name for one in declared.form.people]
    where = folder.path / SCREENING
    return write_screening_sheets(records, people, where, stage="title_abstract")
