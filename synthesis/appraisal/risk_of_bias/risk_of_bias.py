"""Risk of bias of the results of a review: proposals, people's judgements, and what is amiss."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from arrowroot.display import Shown
from arrowroot.errors import DataError
from arrowroot.files import free_path
from arrowroot.text import label, shortened
from synthesis.appraisal.risk_of_bias import assessors, sheets
from synthesis.appraisal.risk_of_bias.appraisal import Appraised, appraise
from synthesis.appraisal.risk_of_bias.entries import Entry, is_settled
from synthesis.appraisal.risk_of_bias.findings import Finding, findings_in, findings_table, said
from synthesis.appraisal.risk_of_bias.reading import read_sheets, to_fill_in
from synthesis.appraisal.risk_of_bias.results import (
    compared,
    of_result,
    results_of,
    studies_of,
    weights_by_study,
)
from synthesis.appraisal.risk_of_bias.rows import answered_table, judged_table
from synthesis.appraisal.risk_of_bias.tools.reading import tool_named
from synthesis.appraisal.risk_of_bias.tools.tool import Tool
from synthesis.labels import read_labels

if TYPE_CHECKING:
    from synthesis.pooling.results import MetaAnalysis

NAMED_AT_MOST = 8


class _Template:
    """`RiskOfBias.template`, which writes the sheet of an object, or an empty one without it."""

    def __get__(self, held: RiskOfBias | None, owner: type[RiskOfBias]) -> Any:
        """Return the function, bound to an object if there is one."""
        return sheets.template if held is None else held._template  # noqa: SLF001


@dataclass(frozen=True, eq=False, repr=False)
class RiskOfBias(Shown):
    """Judgements of risk of bias, one for each domain of each study's result and assessor.

    Read with `RiskOfBias.read`. The tool proposes, where it has rules; the judgements are people's.

    Attributes
    ----------
    tool : Tool
        Its domains, questions and possible judgements.
    judgements : DataFrame
        ``study outcome window domain proposed judgement reason assessor path line``; None where
        nothing is proposed or judged, empty text where a result is not named. `path` says how a
        proposal comes about.
    answers : DataFrame
        ``study outcome window assessor domain question answer line``: answers that could be read.
    problems : DataFrame
        ``file line study outcome window assessor domain rule message``: what to look at again.
        The rules are ``empty``, ``no-study``, ``repeated``, ``unknown-column``, ``unknown-item``,
        ``unknown-answer``, ``impossible-answer`` (3.2 has no "no information"),
        ``not-applicable-due`` (answered though it does not apply), ``applies`` ("not applicable"
        though it does), ``missing-answer``, ``unknown-judgement``, ``foreign-judgement``
        (drawn, but none of the tool's, such as robvis's "no information"), ``not-judged``,
        ``unexplained`` (differs from the proposal without a reason), ``overall-better`` (than
        the worst domain) and ``several-concerns`` (is it high, and why?).
    remarks : tuple of str
        What should be known about the files.
    """

    tool: Tool
    judgements: pd.DataFrame
    answers: pd.DataFrame
    problems: pd.DataFrame
    remarks: tuple[str, ...] = ()
    _appraised: tuple[Appraised, ...] = ()
    _expected: frozenset[str] = frozenset()
    _chosen: tuple[str, str | None] | None = None

    template = _Template()

    @classmethod
    def read(
        cls,
        path: str | os.PathLike[str] | pd.DataFrame | Iterable[str | os.PathLike[str]],
        tool: str | os.PathLike[str] | Tool = "rob2",
        *,
        effect: str = "assignment",
        design: str = "parallel",
        outcome: str = "",
        window: str = "",
        assessor: str = "",
    ) -> RiskOfBias:
        """Read a filled-in sheet, or several: one for each assessor, for example.

        Parameters
        ----------
        path : path, DataFrame, or several paths
            CSV or XLSX, in one of three layouts: one row per study and result (``study outcome
            window assessor``, a column per question, and ``D1``, ``D1 reason`` ... ``overall``),
            as `RiskOfBias.template` writes it; the same without questions, as robvis has it
            (``Study, D1 ... Overall, Weight``); or one row per answer (``study outcome window
            assessor item answer reason``), where an item is a question or a domain.
        tool : {"rob2", "rob2_cluster", "robins_i", "robins_i_v2", "robins_e", "quadas2", "quips"}
            A tool by its name, or a YAML file of your own with domains and judgements.
        effect : {"assignment", "adhering"}
            For RoB 2: the effect of interest.
        design : {"parallel", "cluster"}
            For RoB 2: how people were randomised.
        outcome, window, assessor : str
            What rows are about that do not say so themselves.

        Returns
        -------
        RiskOfBias
            What could not be read is in `problems`; nothing is dropped silently.

        Raises
        ------
        FileError, DataError
            If a file cannot be read or has none of the tool's columns.
        OptionError
            For an unknown tool, effect or design.

        Examples
        --------
        >>> table = pd.DataFrame({"study": ["Umea"], "1.1": ["Y"], "1.2": ["NI"], "1.3": ["N"]})
        >>> rob = RiskOfBias.read(table)
        >>> rob.judgements.loc[0, ["domain", "proposed"]].tolist()
        ['D1', 'some concerns']
        """
        known = tool_named(tool, effect=effect, design=design)
        names = {"outcome": outcome, "window": window, "assessor": assessor}
        read = read_sheets(path, known, names)
        return cls._of(known, read.entries, read.found, read.remarks, read.items)

    @classmethod
    def _of(
        cls,
        tool: Tool,
        entries: Sequence[Entry],
        found: Sequence[Finding] = (),
        remarks: Sequence[str] = (),
        expected: AbstractSet[str] = frozenset(),
    ) -> RiskOfBias:
        filled = {one for entry in entries for one in (*entry.answers, *entry.judgements)}
        expected = to_fill_in(tool, filled | expected)
        appraised, findings = [], list(found)
        for entry in entries:
            # What was settled was settled by domain; the answers are those of the assessors.
            wanted = expected & set(tool.codes) if is_settled(entry) else expected
            held, told = appraise(entry, tool, wanted)
            appraised.append(held)
            findings += told
        # By file and line: what is wrong with a file as a whole has line 0 and comes first.
        findings.sort(key=lambda one: (one.file, one.line))
        return cls(
            tool,
            judged_table(appraised, tool),
            answered_table(appraised, tool),
            findings_table(findings),
            tuple(remarks),
            tuple(appraised),
            expected,
        )

    def to_frame(self) -> pd.DataFrame:
        """Return `judgements`."""
        return self.judgements

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """The results judged: outcome and window, each once; empty text where not named."""
        return list(dict.fromkeys(held.entry.result[1:] for held in self._appraised))

    @property
    def chosen(self) -> tuple[str, str | None] | None:
        """The outcome and window chosen with `for_result`; None where none was."""
        return self._chosen

    @property
    def assessors(self) -> list[str]:
        """Who judged, apart from what was settled."""
        return list(
            dict.fromkeys(
                held.entry.assessor for held in self._appraised if not is_settled(held.entry)
            )
        )

    def for_result(self, outcome: str | None = None, window: str | None = None) -> RiskOfBias:
        """Return what was judged of one result.

        Parameters
        ----------
        outcome, window : str, optional
            Which; may be left out if only one was judged. Judgements that name no outcome, or no
            window, stand for all of them unless the study has one for the result asked for.

        Raises
        ------
        DataError
            If there is no such result, or several and none was named.
        """
        if self._chosen is not None:
            given = self._chosen
            outcome = given[0] if outcome is None else outcome
            window = given[1] if window is None else window
        chosen = of_result(self._appraised, outcome, window)
        # What was chosen by name stands for any analysis, whatever that calls its outcome.
        named = None
        if outcome is not None:
            named = label(outcome), None if window is None else label(window)
        return self._only(chosen, named)

    @cached_property
    def _by_result(self) -> dict[tuple[str | None, ...], RiskOfBias]:
        """What `_result` has been asked for."""
        return {}

    def _result(self, *asked: str | None) -> RiskOfBias:
        """Return the same as `for_result`, once for all who only read it."""
        if asked not in self._by_result:
            self._by_result[asked] = self.for_result(*asked)
        return self._by_result[asked]

    def _only(
        self, chosen: Sequence[Appraised], named: tuple[str, str | None] | None
    ) -> RiskOfBias:
        kept = {(*held.entry.result, held.entry.assessor) for held in chosen}
        problems = [
            one
            for one in findings_in(self.problems)
            if (one.study, one.outcome, one.window, one.assessor) in kept
        ]
        return RiskOfBias(
            self.tool,
            judged_table(chosen, self.tool),
            answered_table(chosen, self.tool),
            findings_table(problems),
            self.remarks,
            tuple(chosen),
            self._expected,
            named,
        )

    def table(self, outcome: str | None = None, window: str | None = None) -> pd.DataFrame:
        """Return the judgements of one result, one row per study, as figures draw them.

        Parameters
        ----------
        outcome, window : str, optional
            As for `for_result`.

        Returns
        -------
        DataFrame
            ``study``, a column for each domain and ``overall``; None where nobody has judged.

        Raises
        ------
        DataError
            If assessors differ and have not settled; the studies and domains are named.
        """
        held = self._result(outcome, window)
        rows: dict[str, dict[str, str | None]] = {}
        differing = []
        for study, domain, judgement in held.final().itertuples(index=False, name=None):
            rows.setdefault(study, dict.fromkeys(self.tool.codes))[domain] = judgement
        if len(open_ := held.disagreements()):
            for _, row in open_.iterrows():
                differing.append(f"{row['study']} {row['domain']}")
            raise DataError(
                f"assessors differ and have not settled: {shortened(differing)}. Settle with "
                "rob.consensus(decisions); rob.disagreements() shows who judged what."
            )
        listed = [{"study": study, **cells} for study, cells in rows.items()]
        return pd.DataFrame(listed, columns=["study", *self.tool.codes], dtype=object)

    def of_analysis(
        self, fit: MetaAnalysis, outcome: str | None = None, window: str | None = None
    ) -> pd.DataFrame:
        """Return the judgements of each effect of an analysis.

        Parameters
        ----------
        fit : MetaAnalysis
            The analysis. Which result was judged is read from the columns ``outcome`` and
            ``window`` of its studies, where they have such columns and nothing else is said.
        outcome, window : str, optional
            Which result; see `for_result`.

        Returns
        -------
        DataFrame
            In the order of the analysis and with its labels: ``study``, a column for each domain
            and ``overall``; None where nobody has judged.

        Raises
        ------
        DataError
            As for `table`.
        """
        asked = self.results_of(fit, outcome, window)
        tables = {one: self.table(*one).set_index("study") for one in dict.fromkeys(asked)}
        rows = []
        for study, one in zip(studies_of(fit), asked, strict=True):
            held = tables[one]
            found = held.loc[study].to_dict() if study in held.index else {}
            rows.append({code: found.get(code) for code in self.tool.codes})
        judged = pd.DataFrame(rows, columns=self.tool.codes, dtype=object)
        judged.insert(0, "study", read_labels(fit.studies["study"]))
        return judged

    def results_of(
        self, fit: MetaAnalysis, outcome: str | None = None, window: str | None = None
    ) -> list[tuple[str | None, str | None]]:
        """Return the outcome and window of each effect of an analysis, as they were judged."""
        if self._chosen is not None and outcome is None:
            outcome, window = self._chosen
        return results_of(fit, self.outcomes, outcome, window)

    def final(self) -> pd.DataFrame:
        """Return ``study domain judgement`` for all that is judged and not in dispute."""
        rows = []
        groups: dict[tuple[str, str, str], list[Appraised]] = {}
        for held in self._appraised:
            groups.setdefault(held.entry.result, []).append(held)
        for (study, _, _), group in groups.items():
            settled = [held for held in group if is_settled(held.entry)]
            for code in self.tool.codes:
                given = [
                    held.judgements[code] for held in settled or group if code in held.judgements
                ]
                rows.append((study, code, given[0] if len(set(given)) == 1 else None))
        return pd.DataFrame(rows, columns=["study", "domain", "judgement"], dtype=object)

    def accepted(self, assessor: str) -> RiskOfBias:
        """Return the same with every proposal that nobody has judged taken as a judgement.

        Results with some concerns in several domains stay without an overall judgement: whether
        they are at high risk is a question that nobody can answer for all of them at once.

        Parameters
        ----------
        assessor : str
            Who takes them: it is their judgement now, and says so.

        Raises
        ------
        DataError
            If no name is given.
        """
        who = label(assessor)
        if not who:
            raise DataError("assessor: say who accepts what is proposed.")
        entries = assessors.accepted_entries(self.tool, self._appraised, who)
        return RiskOfBias._of(self.tool, entries, self._of_files(), self.remarks, self._expected)

    def _of_files(self) -> list[Finding]:
        """Return the findings that are about rows or columns that were not read."""
        kept = ("no-study", "repeated", "unknown-column", "unknown-item")
        return [one for one in findings_in(self.problems) if one.rule in kept]

    def agreement(
        self, by: str = "domain", *, bootstrap: int = 0, seed: int | None = None
    ) -> pd.DataFrame:
        """Return how far assessors agree, before any consensus.

        Parameters
        ----------
        by : {"domain", "question"}
            What to compare: judgements of domains (on an ordinal scale, from low to high), or
            answers to questions.
        bootstrap, seed
            As for `agreement` of codings.

        Returns
        -------
        DataFrame
            Indexed by domain or question, and coefficient; see `agreement`.

        Raises
        ------
        DataError
            If nothing was judged by two people.
        """
        return assessors.agreement_of(
            self.tool, self._appraised, by, bootstrap=bootstrap, seed=seed
        )

    def disagreements(self, by: str = "domain") -> pd.DataFrame:
        """Return where assessors differ and have not settled: one column for each of them.

        Parameters
        ----------
        by : {"domain", "question"}
            What to compare: judgements of domains, or answers to questions.
        """
        return assessors.disagreements_of(self._appraised, by)

    def consensus(self, decisions: pd.DataFrame | None = None) -> RiskOfBias:
        """Return the settled judgements: what all agreed on, and what was decided.

        Parameters
        ----------
        decisions : DataFrame, optional
            ``study outcome window domain judgement by why``, one row per judgement that was
            settled; outcome and window may be left out where there is one result.

        Returns
        -------
        RiskOfBias
            As it was, with the judgements settled by assessor ``consensus``. Results that are
            still open are left to `disagreements`.

        Raises
        ------
        DataError
            If a decision is about nothing that was judged, or lacks a judgement, a name or a
            reason.
        """
        entries = assessors.settled_entries(self.tool, self._appraised, decisions)
        others = [held.entry for held in self._appraised if not is_settled(held.entry)]
        return RiskOfBias._of(
            self.tool, [*others, *entries], self._of_files(), self.remarks, self._expected
        )

    def check(
        self, fit: MetaAnalysis, outcome: str | None = None, window: str | None = None
    ) -> pd.DataFrame:
        """Compare the studies judged with those of an analysis.

        Parameters
        ----------
        fit : MetaAnalysis
            The analysis.
        outcome, window : str, optional
            Which result; see `for_result`.

        Returns
        -------
        DataFrame
            Findings as in `problems`: ``not-assessed`` for studies of the analysis of which
            nothing was judged, ``not-analysed`` for studies judged that are not in it.
        """
        asked = self.results_of(fit, outcome, window)
        by_result = {one: self._result(*one) for one in dict.fromkeys(asked)}
        entries = {
            one: [held.entry for held in rob._appraised]  # noqa: SLF001  (of the same class)
            for one, rob in by_result.items()
        }
        return findings_table(compared(studies_of(fit), asked, entries))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write everything, so that `read` gives it back.

        Parameters
        ----------
        path : path
            ``.xlsx`` for the sheet with lists to choose from and the proposals beside them;
            ``.csv`` for the long table with one row per answer.
        """
        return sheets.save(self.tool, self._appraised, path)

    def write_robvis(
        self,
        path: str | os.PathLike[str],
        outcome: str | None = None,
        window: str | None = None,
        *,
        weights: MetaAnalysis | None = None,
    ) -> Path:
        """Write the judgements of one result as a CSV that robvis reads.

        Parameters
        ----------
        path : path
            A ``.csv`` file.
        outcome, window : str, optional
            Which result; see `for_result`.
        weights : MetaAnalysis, optional
            The analysis whose weights go into the column ``Weight``; 1 without it.
        """
        known = None if weights is None else weights_by_study(weights)
        return sheets.write_robvis(self.table(outcome, window), path, known)

    def _template(self, path: str | os.PathLike[str]) -> Path:
        return sheets.save(self.tool, self._appraised, free_path(path))

    @property
    def studies(self) -> list[str]:
        """The studies judged, each once."""
        return list(dict.fromkeys(held.entry.study for held in self._appraised))

    def _title(self) -> str:
        effect = " (effect of adhering)" if self.tool.effect == "adhering" else ""
        return f"Risk of bias by {self.tool.name}{effect}"

    def _facts(self) -> Sequence[tuple[str, str]]:
        results = {held.entry.result for held in self._appraised}
        codes = self.tool.codes
        settled = sum(judgement is not None for judgement in self.final()["judgement"])
        return [
            ("studies", str(len(self.studies))),
            ("results", str(len(results))),
            ("assessors", ", ".join(filter(None, self.assessors)) or "not named"),
            ("judged", f"{settled} of {len(results) * len(codes)}"),
            ("problems", str(len(self.problems))),
        ]

    def _notes(self) -> Sequence[str]:
        told = [said(row) for row in self.problems.head(NAMED_AT_MOST).to_dict("records")]
        rest = len(self.problems) - len(told)
        more = [f"And {rest} more, in problems."] if rest else []
        return (*self.remarks, *told, *more)
