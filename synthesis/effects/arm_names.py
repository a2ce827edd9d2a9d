"""What the arms of a trial are called, and what several of them are called together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from synthesis.effects.shared_controls import AGAINST
from synthesis.labels import read_labels


def arm_names(rows: pd.DataFrame) -> list[str]:
    """Return what the rows call their treatment arms, without the control if all name it alike."""
    for name in ("arm", "comparison"):
        if name in rows and all(labels := read_labels(rows[name])):
            return _heads(labels)[0]
    return [f"row {at}" for at in range(1, len(rows) + 1)]


def _heads(labels: Sequence[str]) -> tuple[list[str], str]:
    """Split comparisons such as "x v usual care" at the control that all of them name."""
    found = [AGAINST.search(label) for label in labels]
    tails = {match.group(0).strip() if match else "" for match in found}
    if len(tails) > 1 or "" in tails:
        return list(labels), ""
    return [label[: match.start()] for label, match in zip(labels, found, strict=True) if match], (
        f" {tails.pop()}"
    )


def joined(labels: Iterable[str]) -> str:
    """Join the names of arms, each once.

    Examples
    --------
    >>> joined(["cbt v cau", "sup v cau"]), joined(["low", "high"])
    ('cbt + sup v cau', 'low + high')
    """
    heads, tail = _heads([label for label in labels if label])
    return " + ".join(dict.fromkeys(heads)) + tail
