"""A tool for risk of bias: its domains, judgements and signalling questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from arrowroot.text import label
from synthesis.appraisal.risk_of_bias.answers import ANSWERS, KINDS

OVERALL = "overall"
CONDITIONS = {
    "yes": "y",
    "no": "n",
    "yes or no information": "yi",
    "no or no information": "ni",
}
"""What an earlier answer may have to be for a question to be asked, and the kinds of answer."""


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
        """Return the question of this number, in any capitals, or None."""
        given = number.casefold()
        return next((one for one in self.questions if one.id.casefold() == given), None)

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
        """Return the question of this number, in any capitals, with its domain, or None."""
        return self._by_number.get(number.casefold())

    @cached_property
    def _by_number(self) -> dict[str, tuple[Domain, Question]]:
        held = [(domain, one) for domain in self.domains for one in domain.questions]
        return {one.id.casefold(): (domain, one) for domain, one in reversed(held)}

    def judgements(self, code: str) -> tuple[str, ...]:
        """Return the possible judgements of a domain, or overall."""
        return self.overall if code == OVERALL else self.domain(code).judgements
