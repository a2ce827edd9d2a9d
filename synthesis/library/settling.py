"""One decision per record and stage out of several people's, by a rule that has a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from arrowroot.errors import OptionError
from arrowroot.options import one_of
from arrowroot.text import person
from synthesis import checks
from synthesis.labels import read_labels

CONSENSUS = "consensus"
"""The screener under whose name a conflict is settled; that decision overrides all others."""

RULES = {
    "agree": "all must agree",
    "any_include": "a record goes on if anybody includes it or is unsure",
    "liberal_accelerated": "one person includes; two must agree to exclude",
    "majority": "what more than half of at least three people decided",
}
"""How decisions of several people are settled, and what each rule says."""

OPEN = ("conflict", "unsure", "second needed")
"""How a decision stands that has not been reached yet."""

REASONS_DIFFER = "reasons differ"
"""Exclusion is agreed, but not why: the reason has to be settled."""

FOR_TITLES = ("any_include", "liberal_accelerated")
"""Rules that let doubtful records go on, and so have no place at full text, where none follows."""

Given = tuple[str, str, str]
"""Who, what and why."""


def settle(
    decisions: pd.DataFrame, *, rules: str | Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return one decision per record and stage, and how it was reached.

    Parameters
    ----------
    decisions : DataFrame
        From `read_decisions` or `check_decisions`: one per screener, record and stage.
    rules : str or mapping of str to str, optional
        A rule by name, or stage -> rule: ``agree`` (the default; whatever differs is a conflict),
        ``any_include`` (whatever anybody includes or is unsure of goes on), ``liberal_accelerated``
        (one person is enough to include, two are needed to exclude) or ``majority`` (of at least
        three people). The second and third are rules for titles and abstracts; one name given
        for all stages leaves full text at ``agree`` with them.

    Returns
    -------
    DataFrame
        ``record_id``, ``stage``, ``decision``, ``reason`` and ``how``: ``one screener``,
        ``agreed``, ``consensus``, or the rule; ``conflict``, ``unsure`` and ``second needed`` have
        no decision yet. ``reasons differ`` is an exclusion at full text for different reasons,
        which has no reason yet. The order of the rows changes nothing.

    Raises
    ------
    OptionError
        For an unknown rule, or one that has no place at full text.

    Examples
    --------
    >>> columns = ["record_id", "stage", "screener", "decision", "reason"]
    >>> rows = [["a:1", "title_abstract", "ann", "exclude", ""],
    ...         ["a:1", "title_abstract", "bob", "unsure", ""]]
    >>> table = pd.DataFrame(rows, columns=columns)
    >>> settle(table)["how"].tolist(), settle(table, rules="any_include")["decision"].tolist()
    (['conflict'], ['include'])
    """
    for name in ("record_id", "stage", "screener", "decision"):
        checks.column(decisions, name, "decisions")
    rule_of = _rules(rules)
    by_record: dict[tuple[str, str], list[Given]] = {}
    columns = ["record_id", "stage", "screener", "decision", "reason"]
    cells = [
        read_labels(decisions[name], people=name == "screener")
        if name in decisions
        else [""] * len(decisions)
        for name in columns
    ]
    for record_id, stage, *given in zip(*cells, strict=True):
        screener, decision, reason = given
        by_record.setdefault((record_id, stage), []).append((screener, decision, reason))
    settled = [
        (*key, *_settled(rows, key[1], rule_of.get(key[1], "agree")))
        for key, rows in by_record.items()
    ]
    return pd.DataFrame(settled, columns=["record_id", "stage", "decision", "reason", "how"])


def _rules(rules: str | Mapping[str, str] | None) -> dict[str, str]:
    stages = ("before_screening", "title_abstract", "full_text")
    if rules is None:
        return {}
    if isinstance(rules, str):
        one_of("rules", rules, list(RULES))
        return {stage: rules for stage in stages if stage != "full_text" or rules not in FOR_TITLES}
    for stage, rule in rules.items():
        one_of("rules", stage, stages)
        one_of(f"rules[{stage!r}]", rule, list(RULES))
        if stage == "full_text" and rule in FOR_TITLES:
            raise OptionError(
                f"rules: {rule!r} lets doubtful records go on to the next stage; none follows "
                "full text. Choose 'agree' or 'majority' there."
            )
    return dict(rules)


def _settled(rows: Sequence[Given], stage: str, rule: str) -> tuple[str, str, str]:
    """Return the decision on one record at one stage, its reason, and how it was reached."""
    last_word = [row for row in rows if person(row[0]) == CONSENSUS]
    if last_word:
        decision = _common(last_word)
        if not decision or decision == "unsure":
            return _open(last_word)
        return (*_with_reason(decision, last_word, stage), CONSENSUS)
    people = {person(screener) for screener, _, _ in rows}
    how = "agreed" if len(people) > 1 else "one screener"
    decision = _common(rows)
    if rule in FOR_TITLES and any(said in ("include", "unsure") for _, said, _ in rows):
        return "include", "", how if decision == "include" else rule
    if rule == "liberal_accelerated" and decision == "exclude" and len(people) < 2:
        return "", "", "second needed"
    if rule == "majority" and not decision and len(people) > 2:
        decision = next(
            (
                said
                for said in sorted({said for _, said, _ in rows} - {"unsure"})
                if 2 * len({person(who) for who, what, _ in rows if what == said}) > len(people)
            ),
            "",
        )
        rows = [row for row in rows if row[1] == decision] or rows
        how = rule
    if not decision or decision == "unsure":
        return _open(rows)
    told = _with_reason(decision, rows, stage)
    reasons = {reason for _, _, reason in rows if reason}
    differ = decision == "exclude" and stage == "full_text" and len(reasons) > 1
    return (decision, "", REASONS_DIFFER) if differ else (*told, how)


def _common(rows: Sequence[Given]) -> str:
    """Return what everybody decided; nothing if they differ."""
    decided = {decision for _, decision, _ in rows}
    return decided.pop() if len(decided) == 1 else ""


def _open(rows: Sequence[Given]) -> tuple[str, str, str]:
    return "", "", "unsure" if _common(rows) == "unsure" else "conflict"


def _with_reason(decision: str, rows: Sequence[Given], stage: str) -> tuple[str, str]:
    """Return a decision and its reason; at title and abstract, all reasons that were given."""
    if decision == "include":
        return decision, ""
    reasons = sorted({reason for _, _, reason in rows if reason})
    return decision, (reasons[0] if reasons and stage == "full_text" else "; ".join(reasons))
