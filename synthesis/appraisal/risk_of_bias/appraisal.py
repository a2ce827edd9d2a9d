"""One entry read by its tool: answers, proposals, judgements, and what should be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from arrowroot.errors import DataError
from synthesis.appraisal.risk_of_bias.answers import ANSWERS, answer_named
from synthesis.appraisal.risk_of_bias.entries import Entry
from synthesis.appraisal.risk_of_bias.findings import Finding
from synthesis.appraisal.risk_of_bias.judging import (
    RobJudgement,
    UnansweredError,
    domain_judgement,
    impossible,
    misapplied,
    overall_judgement,
)
from synthesis.appraisal.risk_of_bias.tools.tool import OVERALL, Domain, Tool
from synthesis.appraisal.risk_of_bias.words import AS_PROPOSED, judgement_named, level, word


@dataclass
class Appraised:
    """An entry with its proposals.

    Attributes
    ----------
    entry : Entry
        As it was filled in.
    answers : dict of str to str
        Codes of answers by question, those that could be read.
    proposed : dict of str to RobJudgement
        By domain, where there is a proposal.
    judgements : dict of str to str
        By domain, those that could be read.
    """

    entry: Entry
    answers: dict[str, str] = field(default_factory=dict)
    proposed: dict[str, RobJudgement] = field(default_factory=dict)
    judgements: dict[str, str] = field(default_factory=dict)

    def stands(self, code: str) -> str | None:
        """Return the judgement of a domain, or what is proposed where there is none."""
        if code in self.judgements:
            return self.judgements[code]
        return self.proposed[code].judgement if code in self.proposed else None


def appraise(
    entry: Entry, tool: Tool, expected: AbstractSet[str]
) -> tuple[Appraised, list[Finding]]:
    """Read an entry by its tool.

    Parameters
    ----------
    entry : Entry
        What was filled in.
    tool : Tool
        The tool.
    expected : set of str
        The questions and domains that the table has anything on: robvis's has judgements alone,
        and no answer is missing from it.

    Returns
    -------
    tuple of Appraised and list of Finding
    """
    held = Appraised(entry)
    if entry.is_blank:
        return held, [entry.finding("empty", "nothing is filled in for this result yet")]
    found = list(_answers(held, tool))
    for domain in tool.domains:
        found += _domain(held, tool, domain, expected)
    if tool.overall:
        found += _overall(held, tool, expected)
    return held, found


def _answers(held: Appraised, tool: Tool) -> Iterator[Finding]:
    for number, cell in held.entry.answers.items():
        located = tool.question(number)
        if located is None:
            continue
        domain, question = located
        code = answer_named(cell)
        if code is None:
            listed = ", ".join(question.answers)
            message = f"{number}: {cell!r} is not an answer; write one of {listed}"
            yield held.entry.finding("unknown-answer", message, domain.code)
        elif message := impossible(question, code):
            yield held.entry.finding("impossible-answer", message, domain.code)
        elif code:
            held.answers[number] = code


def _domain(
    held: Appraised, tool: Tool, domain: Domain, expected: AbstractSet[str]
) -> Iterator[Finding]:
    answers = {one.id: held.answers.get(one.id, "") for one in domain.questions}
    is_open = False
    if any(answers.values()):
        found = list(_pattern(held.entry, domain, answers))
        is_open = any(one.rule == "missing-answer" for one in found)
        yield from found
        if tool.design:
            try:
                held.proposed[domain.code] = domain_judgement(tool, domain, answers)
            except UnansweredError as error:
                if not is_open and error.question.id not in held.entry.answers:
                    is_open = True
                    message = f"no answer to {error.question.id}, on which the judgement depends"
                    yield held.entry.finding("missing-answer", message, domain.code)
            except DataError:
                # An answer that contradicts another is among the findings already.
                is_open = is_open or not found
    elif expected & answers.keys() and domain.code not in held.entry.judgements:
        is_open = True
        message = f"{domain.code}: no question is answered, and it is not judged"
        yield held.entry.finding("missing-answer", message, domain.code)
    needed = domain.code in expected and domain.kind == "bias" and not is_open
    yield from _judged(held, tool, domain.code, needed=needed)


def _pattern(entry: Entry, domain: Domain, answers: Mapping[str, str]) -> Iterator[Finding]:
    asked = domain.asked(answers)
    for one in domain.surplus(answers):
        question = domain.question(one)
        when = f"it is asked only if {question.when()}" if question else ""
        message = (
            f"{one} is answered {ANSWERS[answers[one]]!r}, but 'not applicable' is due: {when}. "
            "Change it to NA, or the earlier answer"
        )
        yield entry.finding("not-applicable-due", message, domain.code)
    for question in asked:
        if answers[question.id] == "NA" and not question.not_applicable:
            yield entry.finding("applies", misapplied(question), domain.code)
    lacking = [one.id for one in asked if not (answers[one.id] or one.free)]
    # An answer that could not be read is a finding of its own.
    if lacking := [one for one in lacking if one not in entry.answers]:
        message = f"no answer to {', '.join(lacking)}, which {_applies(len(lacking))}"
        yield entry.finding("missing-answer", message, domain.code)


def _applies(number: int) -> str:
    return "applies" if number == 1 else "apply"


def _judged(held: Appraised, tool: Tool, code: str, *, needed: bool) -> Iterator[Finding]:
    """Read the judgement of a domain, or overall, and compare it with what is proposed."""
    entry, proposal = held.entry, held.proposed.get(code)
    cell = entry.judgements.get(code, "")
    reason = entry.reasons.get(code, "")
    proposed = proposal.judgement if proposal else None
    if not cell:
        if not needed:
            return
        if proposal is not None and proposed is None:
            yield entry.finding("not-judged", f"{code} is not judged: {proposal.path}", code)
        elif proposal is not None:
            message = (
                f"{code} is not judged; the answers propose {proposed!r} ({proposal.path}). "
                + (proposal.question or "Write a judgement, or 'as proposed'")
            )
            yield entry.finding("not-judged", message, code)
        else:
            yield entry.finding("not-judged", f"{code} is not judged", code)
        return
    legal = tool.judgements(code)
    if word(cell) in (AS_PROPOSED, "proposed"):
        if proposed is None:
            message = f"{code} is judged 'as proposed', but nothing is proposed; write a judgement"
            yield entry.finding("unknown-judgement", message, code)
        else:
            held.judgements[code] = proposed
        return
    named = judgement_named(cell, legal)
    if named is not None and named not in legal and named in tool.also_drawn:
        held.judgements[code] = named
        message = (
            f"{code}: {named!r} is none of {tool.name}'s judgements ({', '.join(legal)}); it is "
            "kept and drawn as it is, and counts neither as low nor as high"
        )
        yield entry.finding("foreign-judgement", message, code)
        return
    if named not in legal:
        message = f"{code}: {cell!r} must be one of {', '.join(map(repr, legal))}"
        yield entry.finding("unknown-judgement", message, code)
        return
    held.judgements[code] = named
    if proposal is not None and proposed is not None and named != proposed and not reason:
        message = (
            f"{code} is judged {named!r} where {proposed!r} is proposed ({proposal.path}); "
            "enter the reason"
        )
        yield entry.finding("unexplained", message, code)


def _overall(held: Appraised, tool: Tool, expected: AbstractSet[str]) -> Iterator[Finding]:
    entry = held.entry
    codes = [one.code for one in tool.biases]
    of_domains = {code: held.stands(code) for code in codes}
    known = {code: one for code, one in of_domains.items() if one in tool.judgements(code)}
    if tool.design and len(known) == len(codes):
        held.proposed[OVERALL] = overall_judgement(tool, known)
    # While domains are open nobody can judge the result as a whole.
    is_ready = len(known) == len(codes) or not expected & set(codes)
    yield from _judged(held, tool, OVERALL, needed=is_ready and OVERALL in expected)
    judged = held.judgements.get(OVERALL)
    if judged is None:
        return
    worse = [code for code in codes if level(held.judgements.get(code)) > level(judged) >= 0]
    if worse:
        told = ", ".join(f"{code} {held.judgements[code]}" for code in worse)
        message = f"the overall judgement {judged!r} is better than that of a domain ({told})"
        yield entry.finding("overall-better", message, OVERALL)
    proposal = held.proposed.get(OVERALL)
    asked = proposal.question if proposal else ""
    if proposal and asked and judged == proposal.judgement and not entry.reasons.get(OVERALL):
        yield entry.finding("several-concerns", asked.rstrip("."), OVERALL)
