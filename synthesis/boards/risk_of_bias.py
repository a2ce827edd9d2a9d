"""A board for risk of bias: one signalling question at a time, then the judgement it leads to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.extras import require
from arrowroot.text import capitalised, label
from synthesis import checks
from synthesis.appraisal.risk_of_bias.answers import ANSWERS
from synthesis.appraisal.risk_of_bias.judging import (
    RobJudgement,
    domain_judgement,
    impossible,
    overall_judgement,
)
from synthesis.appraisal.risk_of_bias.results import results_in
from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias
from synthesis.appraisal.risk_of_bias.tools.reading import tool_named
from synthesis.appraisal.risk_of_bias.tools.tool import OVERALL, Domain, Question, Tool
from synthesis.appraisal.risk_of_bias.words import AS_PROPOSED
from synthesis.boards.answers import Answers
from synthesis.boards.board import Board
from synthesis.boards.choices import Answer, Choice, Group, Mark
from synthesis.boards.decision_file import Row
from synthesis.boards.highlight import plain
from synthesis.boards.reading import Field, Reading
from synthesis.labels import read_labels

COLUMNS = ("study", "outcome", "window", "assessor", "item", "answer", "reason", "time")
"""The columns of a board's file, which `RiskOfBias.read` reads."""

_GROUP = "answer"
_SEPARATOR = "\x1f"
"""Between the parts of a step's name; no label has it."""
Result = tuple[str, str, str]


def _key(result: Sequence[str], item: str) -> str:
    return _SEPARATOR.join((*result, item))


class _Form:
    """How answers are stored in the file: one row per question or domain."""

    columns: tuple[str, ...] = COLUMNS

    def __init__(self, assessor: str, tool: Tool) -> None:
        self.by = ("assessor", assessor)
        self._tool = tool

    def key(self, row: Row) -> str:
        parts = [label(row[name]) for name in ("study", "outcome", "window", "item")]
        return _key(parts[:3], parts[3])

    def rows(self, key: str, answer: Answer) -> list[Row]:
        study, outcome, window, item = key.split(_SEPARATOR)
        chosen = next(iter(answer.chosen(_GROUP)), "")
        row = dict.fromkeys(COLUMNS, "")
        row |= {"study": study, "outcome": outcome, "window": window, "assessor": self.by[1]}
        return [row | {"item": item, "answer": chosen, "reason": answer.note, "time": answer.time}]

    def check(self, rows: Sequence[Row]) -> None:
        for row in rows:
            item, answer = row["item"], row["answer"]
            located = self._tool.question(item)
            legal = located[1].answers if located else self._tool.judgements(item)
            if answer and answer not in legal:
                raise DataError(
                    f"{item} of {row['study']!r} must be one of {', '.join(legal)}; got {answer!r}."
                )

    def answer(self, rows: Sequence[Row]) -> Answer:
        row = rows[0]
        if len(rows) > 1:
            raise DataError(f"{row['item']} of {row['study']!r} has {len(rows)} rows. Keep one.")
        marks = (Mark(_GROUP, row["answer"], row["time"]),) if row["answer"] else ()
        return Answer(marks, note=row["reason"], time=row["time"])


class RiskOfBiasBoard(Board):
    """Questions on the risk of bias of results, one at a time; made by `risk_of_bias_board`."""

    _noun = ("step", "steps")

    def __init__(
        self,
        results: Sequence[Result],
        tool: Tool,
        assessor: str,
        path: str | Path,
        facts: Mapping[str, Sequence[tuple[str, str]]],
    ) -> None:
        self._tool = tool
        self._assessor = assessor
        self._facts_of = facts
        self._steps: dict[str, tuple[Result, str]] = {}
        for result in results:
            for domain in tool.domains:
                items = [*(one.id for one in domain.questions), domain.code]
                self._steps |= {_key(result, item): (result, item) for item in items}
            if tool.overall:
                self._steps[_key(result, OVERALL)] = (result, OVERALL)
        keys = list(self._steps)
        group = Group(_GROUP, "Answer", _choices(tool))
        super().__init__(keys, [group], Answers(keys, _Form(assessor, tool), path))

    def risk_of_bias(self) -> RiskOfBias:
        """Return what has been answered and judged, as `RiskOfBias.read` reads it from the file."""
        rows = pd.DataFrame(self._answers.rows(), columns=list(COLUMNS))
        return RiskOfBias.read(rows, self._tool)

    def _title(self) -> str:
        return f"Risk of bias by {self._assessor}, {self._tool.name}"

    # ---- what has been answered -------------------------------------------------------------

    def _given(self, result: Result, item: str) -> str:
        return next(iter(self._answers[_key(result, item)].chosen(_GROUP)), "")

    def _of_domain(self, result: Result, domain: Domain) -> dict[str, str]:
        return {one.id: self._given(result, one.id) for one in domain.questions}

    def _proposal(self, result: Result, item: str) -> RobJudgement | None:
        """Return what the answers so far propose; None while they do not suffice."""
        if not self._tool.design:
            return None
        try:
            if item == OVERALL:
                judged = {one.code: self._given(result, one.code) for one in self._tool.biases}
                return overall_judgement(self._tool, judged) if all(judged.values()) else None
            domain = self._tool.domain(item)
            return domain_judgement(self._tool, domain, self._of_domain(result, domain))
        except DataError:
            return None

    def _lacking(self, result: Result, item: str) -> list[str]:
        """Return what has to be answered before a domain, or the result, can be judged."""
        if item == OVERALL:
            return [one.code for one in self._tool.biases if not self._given(result, one.code)]
        domain = self._tool.domain(item)
        answers = self._of_domain(result, domain)
        asked = [one.id for one in domain.asked(answers) if not (answers[one.id] or one.free)]
        return [*asked, *domain.surplus(answers)]

    def _applies(self, result: Result, domain: Domain, question: Question) -> bool:
        return question in domain.asked(self._of_domain(result, domain))

    def _is_done(self, key: str) -> bool:
        result, item = self._steps[key]
        located = self._tool.question(item)
        given = self._given(result, item)
        if located is None:
            return bool(given) and not self._needs_reason(key)
        domain, question = located
        if self._applies(result, domain, question):
            return bool(given) and not (given == "NA" and not question.not_applicable)
        return given in ("", "NA") or question.free

    def _needs_reason(self, key: str) -> str:
        """Return why a judgement needs a reason that it does not have, or an empty text."""
        result, item = self._steps[key]
        if self._tool.question(item) is not None:
            return ""
        given, proposal = self._given(result, item), self._proposal(result, item)
        if not given or proposal is None or self._answers[key].note:
            return ""
        if proposal.judgement is not None and given != proposal.judgement:
            return f"{given!r} differs from what is proposed: press t and write the reason."
        return "Press t and write the reason." if proposal.question else ""

    # ---- what is shown and accepted ---------------------------------------------------------

    def _reading(self, key: str) -> Reading:
        result, item = self._steps[key]
        study, *which = result
        head = ", ".join(filter(None, (study, *which)))
        located = self._tool.question(item)
        fields = self._of_question(result, *located) if located else self._of_judging(result, item)
        facts = [Field(name, (plain(text),), "detail") for name, text in self._facts_of[study]]
        heading = [Field("", (plain("What was extracted"),), "detail")] if facts else []
        return Reading((head,), (*fields, *heading, *facts))

    def _of_question(self, result: Result, domain: Domain, question: Question) -> list[Field]:
        fields = [
            Field("", (plain(f"{domain.code}, {domain.about}"),), "detail"),
            Field("", (plain(f"{question.id} {question.text}"),), "title"),
            Field("", (plain(question.guidance),)),
        ]
        if question.asked_if and not self._applies(result, domain, question):
            told = f"Does not apply: it is asked only if {question.when()}."
            if self._given(result, question.id) not in ("", "NA"):
                told += " It was answered before an earlier answer changed: choose not applicable."
            fields.append(Field("", (plain(told),)))
        return fields

    def _of_judging(self, result: Result, item: str) -> list[Field]:
        about = "the result as a whole" if item == OVERALL else self._tool.domain(item).about
        name = "Overall" if item == OVERALL else item
        fields = [Field("", (plain(f"{name}: judge {about}"),), "title")]
        if item == OVERALL:
            codes = [one.code for one in self._tool.biases]
            told = [f"{code} {self._given(result, code) or 'not judged'}" for code in codes]
        else:
            answers = self._of_domain(result, self._tool.domain(item))
            told = [f"{one} {ANSWERS[code]}" for one, code in answers.items() if code]
        fields.append(Field("", (plain(", ".join(told)),)))
        lacking, proposal = self._lacking(result, item), self._proposal(result, item)
        if proposal is not None and not lacking:
            fields.append(Field("Proposed", (plain(capitalised(proposal.judgement or "nothing")),)))
            fields.append(Field("Because", (plain(proposal.path),)))
            if proposal.question:
                fields.append(Field("To decide", (plain(proposal.question),)))
        elif lacking:
            fields.append(Field("", (plain(f"Still to answer: {', '.join(lacking)}."),)))
        return fields

    def _offered(self, key: str) -> list[str]:
        result, item = self._steps[key]
        located = self._tool.question(item)
        if located is None:
            legal = list(self._tool.judgements(item))
            return [*legal, AS_PROPOSED] if self._tool.design else legal
        domain, question = located
        if self._applies(result, domain, question) or question.free:
            return [one for one in question.answers if one != "NA" or question.not_applicable]
        return ["NA"]

    def _refusal(self, group: Group, choice: str) -> str:  # noqa: ARG002  (one group alone)
        result, item = self._steps[self._item]
        located = self._tool.question(item)
        if located is None:
            lacking = self._lacking(result, item)
            if lacking and self._tool.design:
                return f"Answer {', '.join(lacking)} first; then the proposal is shown."
        elif choice in ANSWERS and (message := impossible(located[1], choice)):
            return f"{message}."
        if choice in self._offered(self._item):
            return ""
        return "This choice does not belong here." if located is None else "It does not apply."

    def _choose(self, message: Mapping[str, Any]) -> None:
        key = self._item
        result, item = self._steps[key]
        if message.get("choice") == AS_PROPOSED and self._tool.question(item) is None:
            proposal = self._proposal(result, item)
            lacking = self._lacking(result, item)
            if not lacking and (proposal is None or proposal.judgement is None):
                self._told = "Nothing is proposed here; judge it yourself."
                return
            if not lacking and proposal is not None:
                message = {**message, "choice": proposal.judgement}
        super()._choose(message)
        if not self._told and (needed := self._needs_reason(key)):
            self._at = self._places[key]
            self._told = needed


def risk_of_bias_board(
    results: pd.DataFrame | Iterable[object],
    *,
    assessor: str,
    path: str | Path,
    tool: str | os.PathLike[str] | Tool = "rob2",
    effect: str = "assignment",
    design: str = "parallel",
    facts: pd.DataFrame | None = None,
) -> RiskOfBiasBoard:
    """Create a board for judging risk of bias in JupyterLab.

    One signalling question at a time: ``1`` yes, ``2`` probably yes, ``3`` probably no, ``4`` no,
    ``5`` no information, ``6`` not applicable where that is possible. Questions that do not apply
    are passed over. After the last question of a domain the board shows what the answers propose,
    and why: ``a`` takes it, or ``1`` to ``3`` judge, and ``t`` writes the reason. Every key press
    is saved; creating the board again resumes where you stopped. The board never sees other
    assessors' answers.

    Parameters
    ----------
    results : DataFrame, MetaAnalysis or list of str
        The studies, and their outcomes and windows if the table has columns of these names.
    assessor : str
        Who judges.
    path : path
        The CSV in which answers are kept, one for each assessor; `RiskOfBias.read` reads it.
    tool, effect, design
        As for `RiskOfBias.read`.
    facts : DataFrame, optional
        What is shown of each study beside the questions: its rows in the column ``study``, every
        filled cell with its column's name; an extraction sheet, for example.

    Returns
    -------
    RiskOfBiasBoard
        Is displayed as the last line of a cell; its ``risk_of_bias()`` gives what was judged.

    Raises
    ------
    DataError
        If there are no studies, or the file contains something else, such as the answers of
        another assessor.
    FileError
        If the file cannot be read.
    MissingPackageError
        If the packages of the extra `lab` are not installed.
    OptionError
        For an unknown tool, effect or design.
    """
    require("risk_of_bias_board", "anywidget", "traitlets")
    known = tool_named(tool, effect=effect, design=design)
    if not label(assessor):
        raise DataError("assessor: say who judges.")
    listed = results_in(results)
    if not listed:
        raise DataError("results: there are no studies to judge.")
    studies = [study for study, _, _ in listed]
    return RiskOfBiasBoard(listed, known, label(assessor), path, _facts_of(facts, studies))


def _facts_of(
    facts: pd.DataFrame | None, studies: Sequence[str]
) -> dict[str, list[tuple[str, str]]]:
    """Return what was extracted of each study, as pairs of a column's name and its cells."""
    found: dict[str, list[tuple[str, str]]] = {study: [] for study in studies}
    if facts is None:
        return found
    checks.is_table(facts, "facts")
    named = read_labels(checks.column(facts, "study", "facts"))
    for study, held in found.items():
        rows = facts[[one == study for one in named]]
        for name in rows.columns.drop("study"):
            cells = dict.fromkeys(filter(None, map(label, rows[name])))
            if cells:
                held.append((str(name), "; ".join(cells)))
    return found


def _choices(tool: Tool) -> tuple[Choice, ...]:
    """Return every answer and judgement; an item offers some of them."""
    answers = [
        Choice(code, capitalised(words), str(place))
        for place, (code, words) in enumerate(ANSWERS.items(), start=1)
    ]
    judged: list[Choice] = []
    for code in tool.codes:
        for place, one in enumerate(tool.judgements(code), start=1):
            if one not in [choice.id for choice in judged]:
                judged.append(Choice(one, capitalised(one), str(place)))
    return (*answers, *judged, Choice(AS_PROPOSED, "As proposed", "a"))
