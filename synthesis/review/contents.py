"""What the folder of a review holds, each part read when it is first needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from arrowroot.errors import ArrowrootError, FileError
from arrowroot.options import one_of
from arrowroot.running.kept import kept
from synthesis.labels import read_labels
from synthesis.review.analyses import Analysis
from synthesis.review.appraisals import Appraisals, judged, read_appraisals
from synthesis.review.assessed import columns_of
from synthesis.review.findings import Finding, of_error
from synthesis.review.inputs.declared import Declared, read_declared
from synthesis.review.inputs.folder import SCREENING, SEARCH, Folder
from synthesis.review.inputs.searched import Searched, Tally, read_searched
from synthesis.review.inputs.sheets import Extraction, Studies, read_rows, read_studies
from synthesis.review.run import Effects, effects_of, run
from synthesis.review.text.prose import Prose, read_prose
from synthesis.review.text.values import Values, values_of
from synthesis.review.tools import check_tools, studies_by_tool, with_studies

if TYPE_CHECKING:
    from logicmodels import LogicModel
    from synthesis.library.flow.flow import PrismaFlow
    from synthesis.library.records import Records

Made = TypeVar("Made")


class Contents:
    """The parts of a review, as its files have them.

    Attributes
    ----------
    folder : Folder
        Where its files are.
    hashes : dict of str to str
        The SHA-256 of every file that the pages are made from, by its name.
    declared : Declared
        What ``review.yaml`` says.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.folder = Folder.at(path)
        # Taken before anything is read: what changes later makes the pages out of date.
        self.hashes = self.folder.hashes()
        self.declared: Declared = read_declared(self.folder.declaration)

    @property
    def today(self) -> date:
        """The day, with which the plan is compared."""
        return datetime.now(UTC).date()

    @cached_property
    def studies(self) -> Studies:
        """The characteristics of the studies."""
        try:
            return read_studies(self.folder.sheet("studies"))
        except FileError as error:
            found = of_error(error, "studies.xlsx", "studies")
            return Studies("", pd.DataFrame({"study": []}, dtype=object), found)

    @cached_property
    def _sheet(self) -> Extraction:
        """The rows of the extraction sheet, before judgements are added to them."""
        try:
            path = self.folder.sheet("extraction")
        except FileError as error:
            found = of_error(error, "extraction.xlsx", "extraction")
            return Extraction("extraction.xlsx", None, findings=found)
        return read_rows(path, self.declared, self.studies)

    @cached_property
    def extraction(self) -> Extraction:
        """The rows of the extraction sheet, placed in their analyses."""
        sheet = self._sheet
        if sheet.rows is not None:
            return replace(sheet, findings=[*sheet.findings, *self._with_judgements(sheet)])
        return sheet

    def _with_judgements(self, sheet: Extraction) -> Iterator[Finding]:
        """Add the judgements of risk of bias to the rows, in place."""
        held = self._read_appraisals.risk_of_bias
        if not held or sheet.rows is None:
            return
        several = self.declared.has_several_tools
        for name, cells in columns_of(held, sheet.rows, several=several).items():
            if name in sheet.rows:
                yield Finding(
                    "warning",
                    "column",
                    sheet.file,
                    None,
                    f"The column {name!r} of the extraction sheet or the studies is called as a "
                    f"judgement in {held[0].files[0]}, which is used instead.",
                    "Rename the column.",
                )
            sheet.rows[name] = cells

    @cached_property
    def _read_appraisals(self) -> Appraisals:
        read = read_appraisals(self.folder, self.declared)
        rows = self._sheet.rows
        held = with_studies(read.risk_of_bias, self.declared, rows)
        told = [*read.findings, *check_tools(held, self.declared, rows)]
        return replace(read, risk_of_bias=held, findings=told)

    @property
    def studies_by_tool(self) -> Mapping[str, frozenset[str]] | None:
        """The studies that each tool for risk of bias is for; None where one is for all."""
        return studies_by_tool(self.declared, self._sheet.rows)

    @cached_property
    def appraisals(self) -> Appraisals:
        """Risk of bias and certainty, where the review has them."""
        file = self.folder.certainties()
        return judged(
            self._read_appraisals,
            list(self.analyses.values()),
            self.declared,
            file.name if file is not None else "",
        )

    @cached_property
    def searched(self) -> Searched:
        """What was found, decided and counted."""
        search, reports = self.declared.form.search, self.studies.record_ids()
        return self._while_unchanged(
            "what was searched",
            lambda: read_searched(self.folder, search, reports, self._pooled),
        )

    @cached_property
    def tally(self) -> Tally:
        """What was found and decided, in numbers: thousands of records need not be read for it."""
        if "searched" in vars(self):  # when its files may have been others
            return self.searched.tally()
        return self._while_unchanged("tally of the search", lambda: self.searched.tally())

    @cached_property
    def _pooled(self) -> list[str]:
        """The studies in the meta-analyses."""
        return sorted(
            {
                name
                for one in self.analyses.values()
                if one.fit is not None
                for name in read_labels(one.fit.studies["study"])
            }
        )

    def _while_unchanged(self, what: str, make: Callable[[], Made]) -> Made:
        """Return what was made of the search, as kept while none of its files changes."""
        files = _of_the_search(self.hashes)
        search = self.declared.form.search.model_dump_json()
        reports = self.studies.record_ids()
        return kept(
            what,
            (str(self.folder.path), files, search, reports, self._pooled),
            make,
            unless=lambda _: files != _of_the_search(self.folder.hashes()),
        )

    @property
    def records(self) -> Records | None:
        """The records of the search, as `synthesis.read_records` gives them; None without any."""
        return self.searched.records

    @property
    def flow(self) -> PrismaFlow | None:
        """The flow diagram, as `synthesis.prisma_flow` counts it; None without a search."""
        return self.searched.flow

    @cached_property
    def outcome_effects(self) -> Mapping[str, Effects]:
        """The effects of each outcome, or why there are none."""
        return effects_of(self.extraction.rows, self.declared)

    @property
    def effects(self) -> pd.DataFrame:
        """The effects of every row, as `synthesis.effect_sizes` gives them.

        Rows without an effect are kept, with the reason. The measures of the outcomes may differ.
        """
        parts = [held.rows for held in self.outcome_effects.values() if held.rows is not None]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    @cached_property
    def analyses(self) -> Mapping[str, Analysis]:
        """Every analysis by its name, ``"comparison.outcome.window"``."""
        found = run(self.outcome_effects, self.extraction.rows, self.declared)
        return MappingProxyType({one.key: one for one in found})

    def analysis(self, key: str) -> Analysis:
        """Return an analysis.

        Raises
        ------
        OptionError
            If the review has none of this name; the message lists the names.
        """
        return self.analyses[one_of("analysis", key, list(self.analyses))]

    @cached_property
    def _prose(self) -> tuple[list[Prose], list[Finding]]:
        return read_prose(self.folder)

    @property
    def prose(self) -> list[Prose]:
        """The files of prose."""
        return self._prose[0]

    @property
    def prose_findings(self) -> list[Finding]:
        """What of the prose could not be read."""
        return self._prose[1]

    @cached_property
    def values(self) -> Values:
        """Every value that prose may contain, by its dotted name."""
        return values_of(
            self.declared.form,
            list(self.analyses.values()),
            self.tally.counts,
            self.appraisals.certainties,
        )

    @cached_property
    def _model(self) -> LogicModel | ArrowrootError | None:
        path = self.folder.model()
        if path is None:
            return None
        from logicmodels import LogicModel

        try:
            return LogicModel.read(path)
        except ArrowrootError as error:
            return error

    @property
    def model(self) -> LogicModel | None:
        """The logic model, where the review has one that can be read."""
        return None if isinstance(self._model, ArrowrootError) else self._model

    @property
    def model_error(self) -> ArrowrootError | None:
        """Why the logic model could not be read."""
        return self._model if isinstance(self._model, ArrowrootError) else None

    def findings_on_the_model(self, wanted: object, find: Callable[[], Made]) -> Made:
        """Return what is found about the logic model, as kept while no model changes.

        Parameters
        ----------
        wanted : object
            What besides the model it depends on.
        find : callable
            Reads the model, and finds it.
        """
        if "_model" in vars(self):  # read when its file may have been another
            return find()
        files = _of_models(self.hashes)
        return kept(
            "findings on the logic model",
            (files, wanted),
            find,
            # Files that its boxes open into may lie in folders beneath.
            unless=lambda _: (
                self.model is None
                or bool(self.model.opened)
                or files != _of_models(self.folder.hashes())
            ),
        )


def _of_the_search(hashes: Mapping[str, str]) -> dict[str, str]:
    """Return the hashes of exports and decisions."""
    folders = (f"{SEARCH}/", f"{SCREENING}/")
    return {name: one for name, one in hashes.items() if name.startswith(folders)}


def _of_models(hashes: Mapping[str, str]) -> dict[str, str]:
    """Return the hashes of the logic model and of what may belong to it."""
    return {name: one for name, one in hashes.items() if name.endswith(".yaml")}
