"""The folder of a review as one object: its state, its findings, its results and its pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from arrowroot.display import Shown
from arrowroot.errors import FileError
from arrowroot.options import one_of
from arrowroot.running.kept import anew
from arrowroot.sheets import write_table
from arrowroot.text import counted, person
from synthesis.review.assessed import assessor_file, results_to_assess
from synthesis.review.check import findings_of
from synthesis.review.contents import Contents
from synthesis.review.findings import Findings
from synthesis.review.inputs.declared import tool_of
from synthesis.review.inputs.folder import SCREENING, assessed_folder
from synthesis.review.inputs.searched import looked_for
from synthesis.review.status import Status, status_of

if TYPE_CHECKING:
    from synthesis.boards.risk_of_bias import RiskOfBiasBoard
    from synthesis.boards.screening import ScreeningBoard
    from synthesis.review.pages.build import Built


class Review(Contents, Shown):
    """A review as a folder of plain files.

    Files are read when they are first needed, and kept: make a new `Review` after one has
    changed.

    Parameters
    ----------
    path : path
        The folder, which holds ``review.yaml``; ``arrowroot new`` makes one.

    Attributes
    ----------
    folder : Folder
        Where its files are.
    declared : Declared
        What ``review.yaml`` says.

    Raises
    ------
    FileError
        If there is no such folder, or it is not that of a review.
    SpecError
        If ``review.yaml`` cannot be read, with every problem and its line.

    Examples
    --------
    >>> import tempfile
    >>> from synthesis.review.template import new_review
    >>> folder = new_review(tempfile.mkdtemp() + "/colds", example="example")[0].parent
    >>> review = Review(folder)
    >>> review.analyses["antihistamine.runny-nose.day1"].fit.k
    9
    """

    def status(self) -> Status:
        """Return how far the review is, and the next three things to do."""
        return status_of(self, self.check())

    @cached_property
    def _findings(self) -> Findings:
        return Findings.of(self.declared.form.title, findings_of(self))

    def check(self) -> Findings:
        """Return everything that should be looked at, with file, line and what to do."""
        return self._findings

    def build(self, *, fresh: bool = False, progress: Callable[[str], None] | None = None) -> Built:
        """Make the pages, figures and tables in ``build/``: what has changed, and nothing else.

        Parameters
        ----------
        fresh : bool
            Make everything anew, what was kept of earlier runs included.
        progress : callable, optional
            Told the name of each file that is made.

        Returns
        -------
        Built
            What was made, what had not changed, and where the pages begin.

        Raises
        ------
        DataError
            If the extraction sheet cannot be read; the last pages stay as they are.
        FileError
            If ``build/`` holds something else, or cannot be written.
        """
        from synthesis.review.pages.build import build

        # What this object has read already may be what was kept.
        review = Review(self.folder.path) if fresh else self
        with anew() if fresh else nullcontext():
            return build(review, review.check(), fresh=fresh, progress=progress)

    def find_duplicates(self) -> pd.DataFrame:
        """Look for duplicates among the records, and write them to ``screening/duplicates.csv``.

        Links that are not certain are for a reviewer to decide in that file: write ``yes`` in the
        column ``certain``, or delete the row.

        Returns
        -------
        DataFrame
            The links, as `synthesis.find_duplicates` gives them.

        Raises
        ------
        FileError
            If there are no records, or the file exists: decisions in it are not overwritten.
        """
        path = self.folder.links()
        if path.exists():
            raise FileError(f"{self.folder.name(path)}: already there; move it away first.")
        if self.records is None:
            raise FileError("there are no records; save the exports of the search in search/.")
        links = looked_for(self.records.records)
        path.parent.mkdir(exist_ok=True)
        write_table(links.assign(certain=links["certain"].map({True: "yes", False: "no"})), path)
        return links

    def screen(self, screener: str, *, stage: str = "title_abstract") -> ScreeningBoard:
        """Return a board for screening in JupyterLab, one record at a time.

        Decisions are kept in ``screening/``, in a file of this person and stage; what the person
        has decided in a sheet of the folder is not asked again.

        Parameters
        ----------
        screener : str
            Who screens.
        stage : {"before_screening", "title_abstract", "full_text"}
            At full text, the records that nobody has excluded before are shown.

        Raises
        ------
        FileError
            If there are no records yet.
        MissingPackageError
            If the packages of the extra `lab` are not installed.
        """
        from synthesis.boards.screening import screening_board
        from synthesis.library.screening import settle
        from synthesis.library.screening_sheets import board_file

        if self.records is None:
            raise FileError("there are no records; save the exports of the search in search/.")
        path = board_file(self.folder.path / SCREENING, stage, screener)
        records = self.records.records
        links = self.searched.links
        out = links[links["certain"]]["record_id"].tolist()
        if self.searched.screening is not None:
            decisions = self.searched.screening.decisions
            early = settle(decisions[decisions["stage"] != stage])
            out += early[early["decision"] == "exclude"]["record_id"].tolist()
            named = [person(name) == person(screener) for name in decisions["screener"]]
            elsewhere = decisions[named]
            elsewhere = elsewhere[(elsewhere["stage"] == stage) & (elsewhere["file"] != path.name)]
            out += elsewhere["record_id"].tolist()
        records = records[~records["record_id"].isin(out)]
        return screening_board(
            records,
            stage=stage,
            screener=screener,
            path=path,
            reasons=self.declared.form.search.reasons,
        )

    def assess(self, assessor: str, *, tool: str = "") -> RiskOfBiasBoard:
        """Return a board for risk of bias in JupyterLab, one signalling question at a time.

        Answers are kept in ``risk_of_bias/``, in a file of this person; the board never shows the
        answers of others. What the person has judged in the sheet of the folder is not asked again.

        Parameters
        ----------
        assessor : str
            Who judges.
        tool : str
            With which tool, where the review has several; answers are then kept in a folder of
            this name within ``risk_of_bias/``.

        Raises
        ------
        OptionError
            If the review has several tools and none of them is named.
        FileError
            If no result is pooled yet, or the person has judged all of them in the sheet.
        MissingPackageError
            If the packages of the extra `lab` are not installed.
        """
        from synthesis.boards.risk_of_bias import risk_of_bias_board

        forms = {one.id: one for one in self.declared.tools}
        several = self.declared.has_several_tools
        if several or tool:
            one_of("tool", tool, list(forms))
        form = forms[tool or next(iter(forms))]
        rows = results_to_assess(list(self.analyses.values()), self.studies_by_tool, form.id)
        if rows.empty:
            of = f" of studies that {tool} is for" if several else ""
            raise FileError(f"there are no results{of} yet; fill in the extraction sheet first.")
        folder = self.folder.path / assessed_folder(self.declared.named(form))
        path = assessor_file(folder, assessor)
        for one in self.appraisals.risk_of_bias:
            if one.tool.id != form.id:
                continue
            done = one.by(assessor, besides=self.folder.name(path))
            rows = rows[[tuple(row) not in done for row in rows.itertuples(index=False)]]
            if rows.empty:
                raise FileError(f"{assessor} has judged every result in the sheet already.")
        path.parent.mkdir(parents=True, exist_ok=True)
        return risk_of_bias_board(
            rows,
            assessor=assessor,
            path=path,
            tool=tool_of(form, self.folder.path),
            effect=form.effect,
            design=form.design,
            facts=self.studies.table if self.studies.file else None,
        )

    def _title(self) -> str:
        return self.declared.form.title

    def _facts(self) -> Sequence[tuple[str, str]]:
        facts = [("People", ", ".join(one.name for one in self.declared.form.people))]
        pooled = [one for one in self.analyses.values() if one.fit is not None]
        of = counted(len(self.analyses), "analysis", "analyses")
        facts.append(("Analyses", f"{len(pooled)} of {of} with a result"))
        facts += [
            (one.key, one.reason if one.fit is None else one.fit.sentence())
            for one in self.analyses.values()
        ]
        return facts
