"""Seeded models on which the layout of figures is tried. They are made up, and say nothing."""

from __future__ import annotations

import random

from logicmodels import LogicModel

MOST_AT_A_BOX = 8
COLUMNS = {
    "wisconsin": (
        *("situation", "inputs", "activities", "participation", "short", "medium", "long"),
    ),
    "results-chain": ("inputs", "activities", "outputs", "outcomes", "impact"),
    "theory-of-change": ("activities", "outcomes", "impact"),
}
_WORDS = (
    *("support", "teams", "patients", "services", "funding", "training", "outreach", "trust"),
    *("knowledge", "skills", "practice", "coordination", "assessments", "multidisciplinary"),
    *("collaboration", "interprofessional", "decisions", "carers", "health", "housing"),
)
_BACK, _WITHIN, _FAR = 0.15, 0.4, 0.3
"""How many of the arrows drawn at random are kept that run back, within a column, or far ahead."""


def seeded(seed: int, boxes: int | None = None) -> LogicModel:
    """Return a made-up model of 5 to 150 boxes with 1.0 to 1.5 arrows per box.

    Parameters
    ----------
    seed : int
        Which model.
    boxes : int, optional
        How many boxes; by default the seed decides.

    Returns
    -------
    LogicModel
        The same for the same seed; at most eight arrows meet at one box.
    """
    chance = random.Random(seed)  # nothing here is secret
    count = chance.randint(5, 150)
    count = boxes or count
    density = chance.uniform(1.0, 1.5)
    profile = chance.choice(list(COLUMNS))
    columns = COLUMNS[profile]
    nodes = [
        {
            "id": f"n{number}",
            "column": chance.choice(columns),
            "label": " ".join(chance.choice(_WORDS) for _ in range(chance.randint(1, 6))),
        }
        for number in range(count)
    ]
    place = [columns.index(node["column"]) for node in nodes]
    met = [0] * count
    drawn: dict[tuple[int, int], None] = {}
    for _ in range(count * 60):
        if len(drawn) >= round(count * density):
            break
        source, target = chance.sample(range(count), 2)
        kept = chance.random()
        if place[source] > place[target] and kept > _BACK:
            source, target = target, source
        ahead = place[target] - place[source]
        if (ahead == 0 and kept > _WITHIN) or (ahead > 2 and kept > _FAR):
            continue
        if (source, target) in drawn or MOST_AT_A_BOX in (met[source], met[target]):
            continue
        drawn[source, target] = None
        met[source] += 1
        met[target] += 1
    links = [
        {
            "from": f"n{source}",
            "to": f"n{target}",
            "feedback": "yes" if place[source] > place[target] else "no",
        }
        for source, target in sorted(drawn)
    ]
    return LogicModel.from_tables(
        nodes, links, profile=profile, title=f"Synthetic model {seed}, to try the layout"
    )
