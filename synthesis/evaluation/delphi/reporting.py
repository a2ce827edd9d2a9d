"""What a report of a Delphi study should say, filled in as far as the ratings tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from arrowroot.frames import TextTable
from arrowroot.text import counted, shortened
from synthesis.evaluation.delphi.rounds import EVERYONE, Rounds
from synthesis.evaluation.reading import each

TOPICS = {
    "title": ("the method of consensus, in the title",),
    "introduction": ("why a method of consensus was chosen", "the objective, for whom and where"),
    "methods": (
        "protocol or registration",
        "how existing evidence was reviewed, and given to the panel",
        "who was on the panel, and why so many",
        "how the panel was recruited",
        "patients and public",
        "who directed the study, and their part in decisions",
        "items and scale of ratings",
        "definition of consensus",
        "number of rounds, and when they end",
        "whether items with consensus were rated again",
        "feedback to the panel between rounds",
        "anonymity",
        "how ratings and comments were analysed",
        "piloting",
        "incentives, and help to take part",
    ),
    "results": (
        "dates of the rounds",
        "panellists of each round",
        "deviations from the protocol",
        "items added, dropped and reworded",
        "results by item",
        "comments",
    ),
    "discussion": ("strengths and limitations", "agreement with other evidence"),
    "other": ("endorsement", "interests of those directing and of the panel", "funding"),
}


def reporting_table(found: Any, rounds: Rounds) -> pd.DataFrame:
    """Return the topics of a report of a `Delphi`; see its method `reporting`."""
    known = _known(found, rounds)
    return TextTable(
        [
            {"section": section, "topic": topic, "from_the_ratings": known.get(topic, "")}
            for section, topics in TOPICS.items()
            for topic in topics
        ]
    ).assign(to_add="")


def _known(found: Any, rounds: Rounds) -> Mapping[str, str]:
    rule, last = found.rule, rounds.numbers[-1]
    whole = found.items[found.items["group"] == EVERYONE]
    asked = whole.groupby("round")["asked"].first()
    agreed = whole[[one is True for one in whole["consensus"]]]
    again = [
        row.item
        for row in each(agreed)
        if ((whole["item"] == row.item) & (whole["round"] > row.round)).any()
    ]
    changed = [f"{row.item} {row.change} in round {row.round}" for row in each(found.changes)]
    reached = sum(one is True for one in found.results["consensus"])
    left = int(found.panel["status"].str.startswith("left").sum())
    return {
        "the method of consensus, in the title": f"Delphi study of {counted(last, 'round')}",
        "protocol or registration": f"Rule agreed on {rule.decided}, fingerprint "
        f"{rule.fingerprint}",
        "items and scale of ratings": f"{counted(len(rounds.items), 'item')}, rated from "
        f"{rule.scale[0]} to {rule.scale[1]}",
        "definition of consensus": rule.sentence(),
        "number of rounds, and when they end": f"{last} of at most {rule.rounds}",
        "whether items with consensus were rated again": "Rated again: "
        + (shortened(dict.fromkeys(again)) if again else "none"),
        "dates of the rounds": "; ".join(
            f"round {number} from {first} to {end}" for number, (first, end) in rounds.days.items()
        ),
        "panellists of each round": "; ".join(f"round {at}: {n}" for at, n in asked.items())
        + (f"; {left} left before the last" if left else ""),
        "items added, dropped and reworded": "; ".join(changed) or "None",
        "results by item": f"Consensus on {reached} of {len(found.results)}; medians, quartiles "
        "and percentages are in results",
        "comments": f"{counted(len(found.comments), 'comment')}, listed in comments",
    }
