"""A Delphi study: what each round found, how stable it is, who left, and what the rule says."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.frames import TextTable
from arrowroot.text import counted, label, shortened
from synthesis.evaluation.delphi import tables
from synthesis.evaluation.delphi.result import (
    AGREEMENT_IS_NOT_TRUTH,
    STABILITY_IS_NOT_CONSENSUS,
    Delphi,
)
from synthesis.evaluation.delphi.rounds import (
    EVERYONE,
    Rounds,
    item_changes,
    leavers,
    panel,
    read_rounds,
)
from synthesis.evaluation.delphi.rule import QUANTILES, DelphiRule
from synthesis.evaluation.reading import each

THRESHOLDS = (70.0, 75.0, 80.0)


def delphi(
    ratings: pd.DataFrame | str | os.PathLike[str],
    *,
    rule: DelphiRule,
    agreed: str = "",
    thresholds: Sequence[float] = THRESHOLDS,
    round: str = "round",  # noqa: A002  (the field's own word, and the column's)
    panellist: str = "panellist",
    item: str = "item",
    rating: str = "rating",
    group: str = "group",
    comment: str = "comment",
    wording: str = "wording",
    date: str = "date",
) -> Delphi:
    """Say what the rounds of a Delphi study found, by a rule that was agreed beforehand.

    Parameters
    ----------
    ratings : DataFrame or path
        Long table, one row for each panellist and item of a round; a blank rating means that the
        panellist saw the item and skipped it. `synthesis.evaluation_template` writes an empty
        one.
    rule : DelphiRule
        What counts as consensus, and when the rounds end.
    agreed : str
        The rule's ``fingerprint`` as the protocol gives it: another rule is then refused. Without
        it the result says that nothing shows the rule to be the one agreed.
    thresholds : sequence of float
        Percentages for the sensitivity analysis.
    round, panellist, item, rating : str
        Columns that must be there.
    group, comment, wording, date : str
        Columns that may be there: the panellist's group; a remark; the item as it was worded in
        this round; the day, as 2026-05-04.

    Returns
    -------
    Delphi

    Raises
    ------
    DataError
        For a rating off the scale, two ratings of one item by one panellist in a round, more
        rounds than the rule allows, and other faults, with line, panellist, item and what to do.

    References
    ----------
    Diamond 2014, J Clin Epidemiol 67:401; Gattrell 2024, PLoS Med 21:e1004326 (ACCORD); Holey 2007,
    BMC Med Res Methodol 7:52 (stability between rounds).

    Examples
    --------
    >>> rule = DelphiRule(consensus="percent", agree=(7, 9), at_least=75, rounds=2,
    ...                   decided="2026-11-30")
    >>> made_up = pd.DataFrame({"round": [1] * 4 + [2] * 4, "panellist": list("abcdabcd"),
    ...                         "item": "safety", "rating": [7, 8, 5, 3, 7, 8, 7, 4]})
    >>> print(str(delphi(made_up, rule=rule, agreed=rule.fingerprint)).splitlines()[0])
    Delphi: 1 item, 2 rounds, 4 panellists; consensus on 1 of 1 (safety)
    """
    if not isinstance(rule, DelphiRule):
        raise OptionError(
            "rule: a DelphiRule is needed, such as DelphiRule(consensus='percent', agree=(7, 9), "
            "at_least=75, rounds=3, decided='2026-11-30'), or DelphiRule.read('rule.yaml'); got "
            f"{type(rule).__name__}."
        )
    if agreed and label(agreed) != rule.fingerprint:
        raise DataError(
            f"agreed: the rule is not the one agreed: its fingerprint is {rule.fingerprint}, the "
            f"one agreed {agreed}. Give the agreed rule; or leave out agreed and report that the "
            "rule was changed after round one."
        )
    columns = {
        "round": round,
        "panellist": panellist,
        "item": item,
        "rating": rating,
        "group": group,
        "comment": comment,
        "wording": wording,
        "date": date,
    }
    rounds = read_rounds(ratings, rule, columns)
    changes = item_changes(rounds)
    items = tables.items(rounds, rule)
    whole = items[(items["group"] == EVERYONE)]
    last = whole.groupby("item", sort=False)["round"].transform("max")
    results = whole[whole["round"] == last].drop(columns="group").reset_index(drop=True)
    stability = tables.stability(rounds, rule, changes)
    people = panel(rounds)
    comments = rounds.table[rounds.table["comment"] != ""]
    return Delphi(
        rule=rule,
        items=TextTable(items),
        results=TextTable(results),
        stability=TextTable(stability),
        panel=TextTable(people),
        leavers=leavers(rounds, rule),
        changes=TextTable(changes),
        sensitivity=tables.sensitivity(rounds, rule, results, thresholds),
        comments=TextTable(comments.drop(columns=["rating", "wording"]).reset_index(drop=True)),
        notes=tuple(_notes(rounds, rule, agreed, people, stability, changes)),
        _rounds=rounds,
    )


def _notes(
    rounds: Rounds,
    rule: DelphiRule,
    agreed: str,
    people: pd.DataFrame,
    stability: pd.DataFrame,
    changes: pd.DataFrame,
) -> Iterable[str]:
    yield rule.sentence()
    if not agreed:
        yield (
            "No fingerprint was given (agreed=), so nothing shows that this rule is the one agreed "
            f"before round one. Its fingerprint is {rule.fingerprint}."
        )
    first_day = rounds.days.get(1, ("", ""))[0]
    if first_day and rule.decided > first_day:
        yield (
            f"The rule is dated {rule.decided}, after the first rating of round one "
            f"({first_day}): it was not agreed beforehand."
        )
    elif not first_day:
        yield "The ratings carry no dates, so whether the rule came first is not known."
    yield f"Quartiles and percentiles: {QUANTILES[rule.quantiles]}."
    last = rounds.numbers[-1]
    left = people[people["status"].str.startswith("left")]
    if len(left):
        yield (
            f"{counted(len(left), 'panellist')} of {len(people)} left before round {last}: "
            f"{shortened(left['panellist'])}. Their earlier ratings count in the rounds they took "
            "part in; leavers compares them with the others'."
        )
    if len(set(rounds.of(last)["panellist"])) == 1:
        yield f"Only one panellist took part in round {last}: nobody is there to agree with."
    skipped = rounds.table[rounds.table["rating"].isna()]
    if len(skipped):
        cells = [f"{row.panellist} ({row.item}, round {row.round})" for row in each(skipped)]
        yield f"Skipped: {shortened(cells)}."
    dropped = changes[changes["change"] == "dropped"]["item"]
    if len(dropped):
        yield f"Results of {shortened(dropped)} are from the last round in which each was rated."
    reworded = changes[changes["change"] == "reworded"]["item"]
    if len(reworded):
        yield (
            "Reworded between rounds, so that stability compares two wordings: "
            f"{shortened(reworded)}."
        )
    if len(rounds.numbers) > 1:
        yield _stop(rule, last, stability)
        yield STABILITY_IS_NOT_CONSENSUS
    else:
        yield "One round: nothing is known of stability."
    yield AGREEMENT_IS_NOT_TRUTH
    yield from rounds.notes


def _stop(rule: DelphiRule, last: int, stability: pd.DataFrame) -> str:
    now = stability[stability["to_round"] == last]
    pairs, moved = int(now["n"].sum()), int((now["up"] + now["down"]).sum())
    if not pairs:
        return f"No rating of round {last} can be paired with one of the round before."
    words = f"From round {last - 1} to {last}, {moved} of {counted(pairs, 'paired rating')} moved "
    words += f"({100 * moved / pairs:.1f}%). "
    if rule.stable_at is not None and 100 * moved <= rule.stable_at * pairs:
        return words + f"By the rule the rounds end: at most {rule.stable_at:g}% moved."
    if last == rule.rounds:
        return words + f"By the rule the rounds end: {last} were allowed."
    return words + f"The rule allows a further round ({rule.rounds} at most)."
