"""Sheets of judgements to fill in: risk of bias by result, certainty by reason."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from arrowroot.errors import ArrowrootError
from arrowroot.files import read_bytes, write_bytes
from arrowroot.sheets import Sheet, write_sheets
from arrowroot.tables import read_table
from arrowroot.text import label
from synthesis.review.assessed import results_to_assess
from synthesis.review.contents import Contents
from synthesis.review.inputs.declared import Declared, tool_of
from synthesis.review.inputs.folder import assessed_sheet
from synthesis.review.inputs.forms import RiskOfBiasForm

_TYPED = ("judgement", "levels", "reason", "assessor", "date")
"""What a person enters in the sheet of certainty."""


def judgement_sheets(review: Contents) -> Iterator[Path]:
    """Write the sheets of judgements that the review declares and lacks.

    A sheet that nobody has filled in yet is written anew when ``review.yaml`` has changed, or there
    are results to judge; one with anything in it is never touched.

    Parameters
    ----------
    review : Contents
        With the keys ``risk_of_bias`` and ``certainty`` in its declaration for what is wanted.
    """
    if "risk_of_bias" in review.declared.form.model_fields_set:
        for form in review.declared.tools:
            yield from _risk_of_bias(review, form)
    if review.declared.form.certainty is not None and review.appraisals.certainties:
        yield from _certainty(review)


def _risk_of_bias(review: Contents, form: RiskOfBiasForm) -> Iterator[Path]:
    of = review.declared.named(form)
    there = review.folder.sheet(assessed_sheet(of))
    rows = results_to_assess(list(review.analyses.values()), review.studies_by_tool, form.id)
    if there is not None and not _is_blank(there, lambda _: True):
        return
    if there is None and review.folder.assessments(of):
        return  # the boards have files of their own
    from synthesis.appraisal.risk_of_bias.sheets import template

    tool = tool_of(form, review.folder.path)
    target = there or review.folder.path / f"{assessed_sheet(of)}.xlsx"

    def write(path: Path) -> None:
        template(
            path,
            rows,
            tool=tool,
            effect=form.effect,
            design=form.design,
            choices=_choices(review.declared),
        )

    yield from replaced(target, write)


def _certainty(review: Contents) -> Iterator[Path]:
    from synthesis.appraisal.certainty.result import Certainty

    there = review.folder.sheet("certainty")
    if there is not None and not _is_blank(there, _has_judgement):
        return
    target = there or review.folder.path / "certainty.xlsx"
    yield from replaced(
        target, lambda path: Certainty.template(path, review.appraisals.certainties.values())
    )


def replaced(target: Path, write: Callable[[Path], object]) -> Iterator[Path]:
    """Write a file, unless the one that is there is the same."""
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / target.name
        write(draft)
        held = draft.read_bytes()
    if not target.exists() or read_bytes(target) != held:
        yield write_bytes(held, target)


def _is_blank(path: Path, is_filled: Callable[[dict[str, str]], bool]) -> bool:
    """Return whether no row of a sheet is filled in."""
    try:
        table = read_table(path)
    except ArrowrootError:
        return False  # the check says what is wrong with it
    return not any(
        is_filled(dict(zip(table.header, map(label, row), strict=False))) for row in table.rows
    )


def _has_judgement(row: dict[str, str]) -> bool:
    return any(row.get(name) for name in _TYPED)


def _choices(declared: Declared) -> dict[str, list[str]]:
    windows = [window.id for one in declared.outcomes for window in one.windows]
    return {
        "outcome": [one.id for one in declared.outcomes],
        "window": list(dict.fromkeys(windows)),
    }


def filled_sheets(source: Path, target: Path, declared: Declared) -> Iterator[Path]:
    """Write the filled sheets of an example as workbooks.

    Parameters
    ----------
    source : Path
        The folder of the example, with ``risk_of_bias.csv`` and ``certainty.csv``.
    target : Path
        The folder of the review.
    declared : Declared
        The tool by which risk of bias was judged.
    """
    from synthesis.appraisal.certainty.sheet import COLUMNS
    from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias

    tool = tool_of(declared.tools[0], source)
    yield RiskOfBias.read(source / "risk_of_bias.csv", tool).save(target / "risk_of_bias.xlsx")
    rows = [list(row) for row in read_table(source / "certainty.csv").rows]
    yield write_sheets(target / "certainty.xlsx", Sheet("certainty", COLUMNS, rows, freeze="E2"))
