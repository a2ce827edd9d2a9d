"""Tools for risk of bias: their domains, judgements and signalling questions, from YAML files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arrowroot.errors import DataError, OptionError
from arrowroot.files import as_path
from arrowroot.options import one_of
from arrowroot.text import label
from synthesis.appraisal.risk_of_bias.answers import ANSWERS, KINDS
from synthesis.appraisal.risk_of_bias.words import WORDS, judgement_named

if TYPE_CHECKING:
    from synthesis.appraisal.risk_of_bias.tool_form import DomainForm, QuestionForm, ToolForm

OVERALL = "overall"
EFFECTS = ("assignment", "adhering")
DESIGNS = ("parallel", "cluster")
NAMES = (*("rob2", "rob2_cluster", "robins_i", "robins_i_v2", "robins_e", "quadas2", "quips"),)
"""The tools whose files are here."""

CONDITIONS = {
    "yes": "y",
    "no": "n",
    "yes or no information": "yi",
    "no or no information": "ni",
}
"""What an earlier answer may have to be for a question to be asked, and the kinds of answer."""

_NOT_HERE = {
    "crossover": (
        "the published text of RoB 2 for crossover trials (its domain on period and carryover "
        "effects) was not at hand, so its rules are not here. Judge such trials with a file of "
        "your own: tool='my_tool.yaml'"
    ),
    "stepped-wedge": (
        "RoB 2 for cluster-randomised trials does not cover stepped-wedge designs. Judge such "
        "trials with a file of your own: tool='my_tool.yaml'"
    ),
}


@dataclass(frozen=True)
class Question:
    """A signalling question.

    Attributes
    ----------
    id, text, guidance : str
        Its number in the published tool; what it asks and one line of guidance, in our words.
    asked_if : tuple of mapping of str to str
        When it is asked: one of these must hold, each in all its parts (an earlier question and
        the kinds of its answers, such as ``yi``); empty if it is always asked.
    no_information, not_applicable : bool
        Whether these answers exist where it is asked.
    free : bool
        Whether it may be answered although it is not asked.
    """

    id: str
    text: str
    guidance: str
    asked_if: tuple[Mapping[str, str], ...] = field(default=(), hash=False)
    no_information: bool = True
    not_applicable: bool = False
    free: bool = False

    @property
    def answers(self) -> list[str]:
        """The possible answers; not applicable only if there is a case in which it is due."""
        legal = [code for code in ANSWERS if code != "NI" or self.no_information]
        return legal if self.not_applicable or self.asked_if else legal[:-1]

    def when(self) -> str:
        """Return in words when it is asked; empty if always."""
        told = {kinds: words for words, kinds in CONDITIONS.items()}
        return " or ".join(
            " and ".join(f"{earlier} is {told[kinds]}" for earlier, kinds in case.items())
            for case in self.asked_if
        )


@dataclass(frozen=True)
class Domain:
    """A domain of a tool.

    Attributes
    ----------
    code, about : str
        Such as ``D1``, and what it is about.
    judgements : tuple of str
        Its possible judgements.
    questions : tuple of Question
        Empty if the file has none.
    kind : {"bias", "applicability"}
        Concerns about applicability are no risk of bias: no overall judgement is formed of them.
    also : str
        Another code by which tables call it.
    """

    code: str
    about: str
    judgements: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    kind: str = "bias"
    also: str = ""

    def question(self, number: str) -> Question | None:
        """Return the question of this number, or None."""
        return next((one for one in self.questions if one.id == number), None)

    def asked(self, answers: Mapping[str, str]) -> list[Question]:
        """Return the questions that apply, given the answers so far.

        A question whose condition depends on one that is not answered yet is not among them.
        """
        found: list[Question] = []
        kinds: dict[str, str] = {}
        for one in self.questions:
            if one.asked_if and not any(
                all(kinds.get(earlier, "-") in wanted for earlier, wanted in case.items())
                for case in one.asked_if
            ):
                continue
            found.append(one)
            if answers.get(one.id):
                kinds[one.id] = KINDS[answers[one.id]]
        return found

    def surplus(self, answers: Mapping[str, str]) -> list[str]:
        """Return the questions that were answered although "not applicable" is due."""
        asked = self.asked(answers)
        return [
            one.id
            for one in self.questions
            if one not in asked
            and not one.free
            and answers.get(one.id, "NA") not in ("", "NA")
            and not self._undecided(one, answers)
        ]

    def _undecided(self, question: Question, answers: Mapping[str, str]) -> bool:
        """Return whether answers that are lacking could still make a question apply."""
        open_ = {one.id for one in self.asked(answers) if not answers.get(one.id)}
        return bool(open_ & self._behind(question))

    def _behind(self, question: Question) -> set[str]:
        found: set[str] = set()
        for earlier in {name for case in question.asked_if for name in case}:
            known = self.question(earlier)
            found |= {earlier} | (self._behind(known) if known else set())
        return found


@dataclass(frozen=True)
class Tool:
    """A tool for risk of bias.

    Attributes
    ----------
    id, name, source : str
        How options call it, how figures do, and where it was published.
    domains : tuple of Domain
        In their order.
    overall : tuple of str
        The possible overall judgements; empty if the tool has none.
    also_drawn : tuple of str
        Judgements that figures accept from tables beyond the tool's own.
    lead : str
        What precedes the names of the domains in a figure.
    effect, design : str
        What its second domain is about and for which trials it is, for RoB 2; else empty.
    """

    id: str
    name: str
    source: str
    domains: tuple[Domain, ...]
    overall: tuple[str, ...]
    also_drawn: tuple[str, ...] = ()
    lead: str = ""
    effect: str = ""
    design: str = ""

    @property
    def codes(self) -> list[str]:
        """The codes of its domains and, if there is one, ``overall``."""
        return [*(one.code for one in self.domains), *([OVERALL] if self.overall else [])]

    @property
    def biases(self) -> list[Domain]:
        """The domains of which the overall judgement is formed."""
        return [one for one in self.domains if one.kind == "bias"]

    def code(self, name: object) -> str | None:
        """Return the code that a heading means, in any capitals, or None."""
        given = label(name).casefold()
        for known in self.codes:
            if known.casefold() == given:
                return known
        return next((one.code for one in self.domains if one.also.casefold() == given != ""), None)

    def domain(self, code: str) -> Domain:
        """Return a domain by its code."""
        return next(one for one in self.domains if one.code == code)

    def question(self, number: str) -> tuple[Domain, Question] | None:
        """Return the question of this number with its domain, or None."""
        for domain in self.domains:
            found = domain.question(number)
            if found is not None:
                return domain, found
        return None

    def judgements(self, code: str) -> tuple[str, ...]:
        """Return the possible judgements of a domain, or overall."""
        return self.overall if code == OVERALL else self.domain(code).judgements


def tool_named(
    tool: str | os.PathLike[str] | Tool, *, effect: str = "assignment", design: str = "parallel"
) -> Tool:
    """Return a tool by its name, or read one from a review's own file.

    Parameters
    ----------
    tool : str, path or Tool
        A name of `NAMES`, or a YAML file.
    effect : {"assignment", "adhering"}
        For RoB 2: the effect of interest.
    design : {"parallel", "cluster"}
        For RoB 2: how people were randomised; ``"rob2_cluster"`` is RoB 2 with ``"cluster"``.

    Raises
    ------
    OptionError
        For an unknown tool, effect or design, or one whose published rules were not at hand.
    DataError, FileError
        If the file cannot be read; with every problem and its line.
    """
    if isinstance(tool, Tool):
        return tool
    one_of("effect", effect, EFFECTS)
    wanted = label(design).lower().replace("_", "-").replace(" ", "-")
    reason = _NOT_HERE.get("crossover" if wanted == "cross-over" else wanted)
    if reason:
        raise OptionError(f"design={design!r}: {reason}.")
    one_of("design", design, DESIGNS)
    if isinstance(tool, os.PathLike) or str(tool).lower().endswith((".yaml", ".yml")):
        return read_tool(tool)
    name = str(tool).strip().lower().replace(" ", "_").replace("-", "_").replace("rob_2", "rob2")
    if name not in NAMES:
        one_of("tool", tool, [*NAMES, "a YAML file of your own"])
    if name == "rob2" and design == "cluster":
        name = "rob2_cluster"
    if name == "rob2_cluster" and effect == "adhering":
        raise OptionError(
            "effect='adhering': the published rule for cluster-randomised trials was not at hand; "
            "RoB 2 for them is here for the effect of assignment only."
        )
    return _shipped(name, effect if name.startswith("rob2") else "")


def read_tool(path: str | os.PathLike[str]) -> Tool:
    """Read a tool from a YAML file: domains and judgements, and questions if it has any.

    Examples of such files are those of this package.
    """
    from arrowroot.specs.form import read_form
    from synthesis.appraisal.risk_of_bias.tool_form import ToolForm

    source = as_path(path)
    form = read_form(source, ToolForm, "a tool for risk of bias")
    if form.like:
        raise DataError(f"{source.name}: like is for the files of this package alone.")
    return _built(form, source.stem, source.name)


@cache
def _shipped(name: str, effect: str) -> Tool:
    from arrowroot.specs.form import read_form
    from synthesis.appraisal.risk_of_bias.tool_form import ToolForm

    path = Path(__file__).parent / "tools" / f"{name}.yaml"
    form = read_form(path, ToolForm, "a tool for risk of bias")
    built = _built(form, name, path.name, effect=effect)
    design = {"rob2": "parallel", "rob2_cluster": "cluster"}.get(name, "")
    return replace(built, effect=effect, design=design)


def _built(form: ToolForm, name: str, file: str, *, effect: str = "") -> Tool:
    known = _read_judgements(form.judgements, file)
    base = _shipped(form.like, "assignment") if form.like else None
    chosen = [one for one in form.domains if not one.effect or not effect or one.effect == effect]
    domains = tuple(_domain(one, known, base, file) for one in chosen)
    codes = [one.code.casefold() for one in domains]
    if len(set(codes)) < len(codes) or OVERALL in codes:
        raise DataError(f"{file}: each domain needs a code of its own, other than 'overall'.")
    numbers = [one.id for domain in domains for one in domain.questions]
    if len(set(numbers)) < len(numbers):
        raise DataError(f"{file}: each question needs a number of its own.")
    overall = _read_judgements(form.overall, file) or known
    return Tool(
        id=name,
        name=form.name,
        source=form.source,
        domains=domains,
        overall=overall if form.has_overall else (),
        also_drawn=_read_judgements(form.also_drawn, file),
        lead=form.lead,
    )


def _domain(form: DomainForm, known: tuple[str, ...], base: Tool | None, file: str) -> Domain:
    questions: list[Question] = []
    for one in form.questions:
        questions.append(_question(one, base, [each.id for each in questions], file))
    return Domain(
        code=form.code,
        about=form.about,
        judgements=_read_judgements(form.judgements, file) or known,
        questions=tuple(questions),
        kind=form.kind,
        also=form.also,
    )


def _question(form: QuestionForm, base: Tool | None, before: list[str], file: str) -> Question:
    found = base.question(form.like or form.id) if base and not form.text else None
    if found is None and not form.text:
        raise DataError(f"{file}: question {form.id} needs a text.")
    cases = []
    for case in form.asked_if:
        if strangers := [name for name in case if name not in before]:
            raise DataError(
                f"{file}: question {form.id} depends on {strangers[0]!r}, which is not an earlier "
                "question of its domain."
            )
        kinds: dict[str, Any] = {}
        for name, words in case.items():
            kinds[name] = CONDITIONS[one_of(f"{file}: asked_if", words, list(CONDITIONS))]
        cases.append(kinds)
    if found is not None:
        like = found[1]
        return replace(like, id=form.id, asked_if=tuple(cases) or like.asked_if)
    return Question(
        form.id,
        form.text,
        form.guidance,
        tuple(cases),
        no_information=form.no_information,
        not_applicable=form.not_applicable,
        free=form.free,
    )


def _read_judgements(given: list[str], file: str) -> tuple[str, ...]:
    found = []
    for one in given:
        name = judgement_named(one)
        if name is None:
            listed = ", ".join(map(repr, WORDS))
            raise DataError(f"{file}: judgements must be among {listed}; got {one!r}.")
        found.append(name)
    return tuple(found)
