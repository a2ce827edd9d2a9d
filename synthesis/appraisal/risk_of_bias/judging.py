"""From answers to a proposed judgement, with the path that led to it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from arrowroot.display import Shown
from arrowroot.errors import DataError, OptionError
from arrowroot.text import counted, did_you_mean, label, shortened
from synthesis.appraisal.risk_of_bias.answers import ANSWERS, KINDS, read_answer
from synthesis.appraisal.risk_of_bias.rules import HIGH, LOW, SOME, NoRule, rules_for, worse
from synthesis.appraisal.risk_of_bias.tools.reading import tool_named
from synthesis.appraisal.risk_of_bias.tools.tool import OVERALL, Domain, Question, Tool
from synthesis.appraisal.risk_of_bias.words import judgement_named

NO_RULE = (
    "no judgement is proposed: the published rule for a 2.4 that is answered no in "
    "cluster-randomised trials could not be verified; judge the domain yourself"
)


@dataclass(frozen=True, eq=False, repr=False)
class RobJudgement(Shown):
    """A proposed judgement; a person decides.

    Attributes
    ----------
    tool, domain : str
        Such as ``"RoB 2"`` and ``"D1"``.
    judgement : str or None
        ``"low"``, ``"some concerns"``, ``"high"``; None if no verified rule leads to one.
    path : str
        The answers that decided it, in words, and what follows from them.
    question : str
        What the rule leaves to a person, if anything: several domains with some concerns may
        make a result high.
    unanswered : tuple of str
        Questions that apply and have no answer; they did not decide.
    surplus : tuple of str
        Questions that were answered although "not applicable" is due; the rule leaves them out.
    """

    tool: str
    domain: str
    judgement: str | None
    path: str
    question: str = ""
    unanswered: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"{self.tool}, {self.domain}"

    def _facts(self) -> Sequence[tuple[str, str]]:
        return [("proposed", self.judgement or "nothing"), ("because", self.path)]

    def _notes(self) -> Sequence[str]:
        notes = [self.question] if self.question else []
        if self.unanswered:
            notes.append(f"Not answered yet: {', '.join(self.unanswered)}.")
        if self.surplus:
            notes.append(
                f"Answered although 'not applicable' is due, and left out: "
                f"{', '.join(self.surplus)}."
            )
        return notes

    def _line(self) -> str:
        if self.judgement is None:
            return f"{self._title()}: {self.path}"
        return f"{self._title()}: {self.judgement} ({self.path})"


class UnansweredError(DataError):
    """A question on the path has no answer yet."""

    def __init__(self, question: Question) -> None:
        super().__init__(f"{question.id} has no answer: {question.text}")
        self.question = question


def rob_judgement(
    tool: str | os.PathLike[str] | Tool = "rob2",
    *,
    domain: str,
    answers: Mapping[Any, Any] | Sequence[Any],
    effect: str = "assignment",
    design: str = "parallel",
) -> RobJudgement:
    """Return the judgement that RoB 2 proposes for a domain, and how it comes about.

    Parameters
    ----------
    tool : str
        ``"rob2"``, or ``"rob2_cluster"`` for cluster-randomised trials. The other tools have
        judgements, but no rule here that leads to them.
    domain : str
        ``"D1"`` to ``"D5"`` (``"D1a"`` and ``"D1b"`` in cluster-randomised trials), or
        ``"overall"``.
    answers : mapping of str to str
        By question, such as ``{"1.1": "Y"}``: Y, PY, PN, N, NI or NA, in any case or as words
        ("probably yes"). For ``"overall"`` the judgement of each domain, by its code, or as a
        list in the order of the domains.
    effect : {"assignment", "adhering"}
        The effect of interest, on which the questions of D2 depend.
    design : {"parallel", "cluster"}
        How people were randomised. Crossover and stepped-wedge trials are refused.

    Returns
    -------
    RobJudgement
        With ``judgement`` and ``path``. Several domains with some concerns make the result high
        only if a person thinks so; ``question`` then asks.

    Raises
    ------
    DataError
        For an answer that does not exist (3.2 has no "no information"), "not applicable" for a
        question that applies, an unknown question, or a question on the path without an answer.
    OptionError
        For an unknown tool, domain, effect or design, and where no published rule was at hand.

    Notes
    -----
    Sterne et al. 2019, BMJ 366:l4898, with the crib sheet of 22 August 2019; for
    cluster-randomised trials the version of 18 March 2021.

    Examples
    --------
    >>> found = rob_judgement("rob2", domain="D1", answers={"1.1": "Y", "1.2": "NI", "1.3": "N"})
    >>> found.judgement, found.path
    ('some concerns', '1.2 no information, 1.3 no: some concerns')
    """
    known = tool_named(tool, effect=effect, design=design)
    code = _code(known, domain)
    if not known.design:
        raise OptionError(
            f"tool: no rule of {known.name} is here that leads from answers to a judgement; "
            "write the judgements of its domains in a table and read them with RiskOfBias.read."
        )
    if code == OVERALL:
        return overall_judgement(known, _of_domains(known, answers))
    if not isinstance(answers, Mapping):
        raise DataError(f"answers must be a mapping, such as {{'1.1': 'Y'}}; got {answers!r}.")
    held = known.domain(code)
    return domain_judgement(known, held, _read(known, held, answers))


def _code(tool: Tool, domain: object) -> str:
    given = label(domain)
    code = tool.code(given)
    # The first domain of RoB 2 is two in clusters; guessing which is meant would be wrong.
    if code is None or (code == "D1a" and given.casefold() == "d1"):
        listed = ", ".join(map(repr, tool.codes))
        parts = [one for one in tool.domains if one.code[:-1].casefold() == given.casefold()]
        hint = f" It is {' and '.join(f'{one.code} ({one.about})' for one in parts)} there."
        raise OptionError(
            f"domain must be one of {listed} in {tool.name}; got {domain!r}."
            + (hint if len(parts) > 1 else did_you_mean(given, tool.codes))
        )
    return code


def _read(tool: Tool, domain: Domain, answers: Mapping[Any, Any]) -> dict[str, str]:
    """Return the answers by question, each checked by itself."""
    found = {}
    for name, value in answers.items():
        number = name if isinstance(name, str) else label(name)
        question = domain.question(number)
        if question is None:
            numbers = [one.id for one in domain.questions]
            raise DataError(
                f"answers: {domain.code} of {tool.name} has the questions {', '.join(numbers)}; "
                f"got {number!r}." + did_you_mean(number, numbers, cutoff=0.5)
            )
        code = read_answer(value, f"answers: {number}")
        if message := impossible(question, code):
            raise DataError(f"answers: {message}.")
        if code:
            found[question.id] = code
    return found


def impossible(question: Question, code: str) -> str:
    """Return why a question cannot have an answer, or an empty text."""
    if not code or code in question.answers:
        return ""
    legal = ", ".join(f"{one} ({ANSWERS[one]})" for one in question.answers)
    why = " because it always applies" if code == "NA" else ""
    return f"{question.id} cannot be answered {ANSWERS[code]!r}{why}; write one of {legal}"


def misapplied(question: Question) -> str:
    """Say that a question applies, though it is answered "not applicable"."""
    when = f", since {question.when()}" if question.asked_if else ""
    return f"{question.id} is answered 'not applicable', but it applies{when}; answer it"


def domain_judgement(tool: Tool, domain: Domain, answers: Mapping[str, str]) -> RobJudgement:
    """Return what a tool with rules proposes for a domain.

    Parameters
    ----------
    tool : Tool
        With a design, that is RoB 2.
    domain : Domain
        One of its domains.
    answers : mapping of str to str
        Codes of answers that are possible, by question.

    Raises
    ------
    UnansweredError
        If the rule needs an answer that is lacking.
    DataError
        If a question that the rule needs is answered "not applicable".
    """
    told: list[str] = []
    results: list[str | None] = []
    for rule in rules_for(tool.design, tool.effect, domain.code):
        asked: dict[str, str] = {}

        def ask(number: str, asked: dict[str, str] = asked) -> str:
            code = answers.get(number, "")
            if not code or code == "NA":
                question = domain.question(number)
                if question is None or not code:
                    raise UnansweredError(question or domain.questions[0])
                if not question.not_applicable:
                    raise DataError(f"answers: {misapplied(question)}.")
            asked[number] = code
            return KINDS[code]

        try:
            result: str | None = rule(ask)
        except NoRule:
            result = None
        results.append(result)
        order = [one.id for one in domain.questions if one.id in asked]
        steps = ", ".join(f"{number} {ANSWERS[asked[number]]}" for number in order)
        told.append(f"{steps}: {result or NO_RULE}")
    known = [one for one in results if one is not None]
    judgement = worse(*known) if len(known) == len(results) or HIGH in known else None
    path = "; ".join(told)
    if len(set(results)) > 1 and judgement is not None:
        path += f"; the worse counts: {judgement}"
    return RobJudgement(
        tool.name,
        domain.code,
        judgement,
        path,
        unanswered=tuple(one.id for one in domain.asked(answers) if not answers.get(one.id)),
        surplus=tuple(domain.surplus(answers)),
    )


def _of_domains(tool: Tool, given: Mapping[Any, Any] | Sequence[Any]) -> dict[str, str]:
    """Return the judgements of the domains by code, however they were given."""
    codes = [one.code for one in tool.biases]
    if isinstance(given, str) or not isinstance(given, Mapping | Sequence):
        raise DataError(f"answers must give the judgement of each domain; got {given!r}.")
    if not isinstance(given, Mapping):
        if len(given) != len(codes):
            raise DataError(
                f"answers: {tool.name} has {counted(len(codes), 'domain')} "
                f"({', '.join(codes)}); got {counted(len(given), 'judgement')}."
            )
        given = dict(zip(codes, given, strict=True))
    found = {}
    for name, value in given.items():
        code = tool.code(name)
        if code not in codes:
            raise DataError(
                f"answers: {tool.name} has the domains {', '.join(codes)}; got {name!r}."
            )
        if isinstance(value, RobJudgement):
            value = value.judgement
        legal = tool.judgements(code)
        judgement = judgement_named(value, legal)
        if judgement not in legal:
            listed = ", ".join(map(repr, legal))
            raise DataError(f"answers: {code} must be one of {listed}; got {value!r}.")
        found[code] = judgement
    if lacking := [code for code in codes if code not in found]:
        raise DataError(
            f"answers: no judgement of {', '.join(lacking)}; the overall judgement needs all."
        )
    return found


def overall_judgement(tool: Tool, judgements: Mapping[str, str]) -> RobJudgement:
    """Return the overall judgement that a tool with rules proposes, from those of all domains."""
    high = [code for code, one in judgements.items() if one == HIGH]
    some = [code for code, one in judgements.items() if one == SOME]
    if high:
        judgement, path = HIGH, f"{', '.join(high)} high: high"
    elif some:
        judgement, path = SOME, f"{', '.join(some)} some concerns, none high: some concerns"
    else:
        judgement, path = LOW, "all domains low: low"
    question = ""
    if not high and len(some) > 1:
        question = (
            f"{counted(len(some), 'domain')} have some concerns ({shortened(some)}). Together they "
            "may lower confidence in the result so much that it is at high risk of bias: decide, "
            "and record the reason either way."
        )
    return RobJudgement(tool.name, OVERALL, judgement, path, question)
