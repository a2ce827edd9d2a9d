"""RoB 2's rules from the answers of a domain to its judgement: one function per domain.

A rule asks questions in turn, so that what it asked is the path to the judgement. Answers come as
their kinds: ``y`` (yes, probably yes), ``n`` (no, probably no), ``i`` (no information) and ``a``
(not applicable).

Sources: crib sheets of RoB 2 (22 August 2019; Sterne et al. 2019, BMJ 366:l4898) and of RoB 2 for
cluster-randomised trials (18 March 2021).
"""

from __future__ import annotations

from collections.abc import Callable

LOW, SOME, HIGH = "low", "some concerns", "high"
_ORDER = (LOW, SOME, HIGH)

Ask = Callable[[str], str]
Rule = Callable[[Ask], str]


class NoRule(Exception):  # noqa: N818  (no error: the published rule was not at hand)
    """No verified rule leads from these answers to a judgement."""


def worse(*judgements: str) -> str:
    """Return the worst of several judgements."""
    return max(judgements, key=_ORDER.index)


def _randomisation(stem: str) -> Rule:
    def rule(ask: Ask) -> str:
        concealed = ask(f"{stem}.2")
        if concealed == "n":
            return HIGH
        if concealed == "i":
            return HIGH if ask(f"{stem}.3") == "y" else SOME
        if ask(f"{stem}.1") == "n":
            return SOME
        return SOME if ask(f"{stem}.3") == "y" else LOW

    return rule


def recruitment(ask: Ask) -> str:
    """Judge how participants of cluster-randomised trials were identified and recruited."""
    if ask("1b.1") == "y":
        return LOW
    affected = ask("1b.2")
    if affected == "y":
        return HIGH
    if ask("1b.3") == "y":
        return SOME if affected == "n" else HIGH
    return LOW if affected == "n" else SOME


def _balanced(ask: Ask) -> str:
    return SOME if ask("2.5") == "y" else HIGH


def departures(ask: Ask) -> str:
    """Judge deviations that arose from the trial, for the effect of assignment."""
    aware = (ask("2.1"), ask("2.2"))
    if aware == ("n", "n"):
        return LOW
    arose = ask("2.3")
    if arose != "y":
        return LOW if arose == "n" else SOME
    return SOME if ask("2.4") == "n" else _balanced(ask)


def departures_in_clusters(ask: Ask) -> str:
    """Judge deviations in cluster-randomised trials, whose participants may not know of it."""
    unaware = ask("2.1a") == "n" or ask("2.1b") == "n"
    if ask("2.2") == "n" and unaware:
        return LOW
    arose = ask("2.3")
    if arose != "y":
        return LOW if arose == "n" else SOME
    if ask("2.4") == "n":
        raise NoRule
    return _balanced(ask)


def analysis(ask: Ask) -> str:
    """Judge whether the analysis fits the effect of assignment."""
    if ask("2.6") == "y":
        return LOW
    return SOME if ask("2.7") == "n" else HIGH


def adhering(ask: Ask) -> str:
    """Judge deviations, for the effect of adhering."""
    aware = (ask("2.1"), ask("2.2"))
    balanced = aware == ("n", "n") or ask("2.3") in "ya"
    if balanced and (ask("2.4") in "na") & (ask("2.5") in "na"):
        return LOW
    return SOME if ask("2.6") == "y" else HIGH


def _missing(*complete: str) -> Rule:
    def rule(ask: Ask) -> str:
        if all(ask(one) == "y" for one in complete):
            return LOW
        if ask("3.2") == "y" or ask("3.3") == "n":
            return LOW
        return SOME if ask("3.4") == "n" else HIGH

    return rule


def _measurement(*known: str) -> Rule:
    def rule(ask: Ask) -> str:
        if ask("4.1") == "y":
            return HIGH
        differs = ask("4.2")
        if differs == "y":
            return HIGH
        if any(ask(one) == "n" for one in (*known, "4.4")):
            return LOW if differs == "n" else SOME
        return SOME if ask("4.5") == "n" else HIGH

    return rule


def selection(ask: Ask) -> str:
    """Judge the selection of the reported result."""
    chosen = (ask("5.2"), ask("5.3"))
    if "y" in chosen:
        return HIGH
    if "i" in chosen:
        return SOME
    return LOW if ask("5.1") == "y" else SOME


RULES: dict[tuple[str, str, str], tuple[Rule, ...]] = {
    ("parallel", "", "D1"): (_randomisation("1"),),
    ("parallel", "assignment", "D2"): (departures, analysis),
    ("parallel", "adhering", "D2"): (adhering,),
    ("parallel", "", "D3"): (_missing("3.1"),),
    ("parallel", "", "D4"): (_measurement("4.3"),),
    ("parallel", "", "D5"): (selection,),
    ("cluster", "", "D1a"): (_randomisation("1a"),),
    ("cluster", "", "D1b"): (recruitment,),
    ("cluster", "assignment", "D2"): (departures_in_clusters, analysis),
    ("cluster", "", "D3"): (_missing("3.1a", "3.1b"),),
    ("cluster", "", "D4"): (_measurement("4.3a", "4.3b"),),
    ("cluster", "", "D5"): (selection,),
}
"""By design, effect (where it matters) and domain: the rules, of which the worst result counts."""


def rules_for(design: str, effect: str, domain: str) -> tuple[Rule, ...]:
    """Return the rules of a domain; none if it has none."""
    return RULES.get((design, "", domain)) or RULES.get((design, effect, domain), ())
