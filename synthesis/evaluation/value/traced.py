"""What is known of the arrows that a benefit runs along."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from arrowroot.errors import DataError
from arrowroot.text import did_you_mean, shortened
from logicmodels.questions.evidence import CERTAINTIES, certainties, state

if TYPE_CHECKING:
    from logicmodels.model import Model
    from logicmodels.records import Link

UNTRACED = "not traced along a model"
ORDER = (*CERTAINTIES, "not judged", "mixed by outcome", "no evidence", "against it")
"""From the firmest arrow to the weakest."""
FIRM = ("high", "moderate")


class Standing(NamedTuple):
    """How firm the weakest arrow of a path is, which one it is, and what is known of each."""

    certainty: str
    weakest: str
    arrows: tuple[str, ...]

    @property
    def is_flagged(self) -> bool:
        """Whether a benefit that rests on it must be read with care."""
        return self.certainty not in FIRM


def standing(path: tuple[str, ...], model: Model | None, line: str) -> Standing:
    """Return how firm a path of boxes is: as firm as its weakest arrow.

    Parameters
    ----------
    path : tuple of str
        Ids of boxes from cause to effect; empty if the line is not traced.
    model : Model or None
        The logic model, with its evidence.
    line : str
        The line, for messages.

    Raises
    ------
    DataError
        If there is a path and no model, or the model has no such box or arrow.
    """
    if not path:
        return Standing(UNTRACED, "", ())
    if model is None:
        raise DataError(
            f"lines: {line!r} runs along {' > '.join(path)}, and no logic model is given. Give it: "
            "model=LogicModel.read('model.yaml'); or leave the column along blank."
        )
    known = [node.id for node in model.nodes]
    for box in path:
        if box not in known:
            raise DataError(
                f"lines: {line!r}: the model has no box {box!r}; its boxes are "
                f"{shortened(known)}.{did_you_mean(box, known)}"
            )
    found = []
    for ends in pairwise(path):
        link = _link(model, ends, line)
        found.append((_firmness(link), f"{ends[0]} → {ends[1]}"))
    weakest = max(found, key=lambda one: ORDER.index(one[0]))
    return Standing(weakest[0], weakest[1], tuple(f"{arrow}: {firm}" for firm, arrow in found))


def _link(model: Model, ends: tuple[str, str], line: str) -> Link:
    for link in model.links:
        if (link.source, link.target) == ends or (
            link.mutual and (link.target, link.source) == ends
        ):
            return link
    arrows = [f"{link.source} > {link.target}" for link in model.links]
    raise DataError(
        f"lines: {line!r}: the model has no arrow {ends[0]} > {ends[1]}; its arrows are "
        f"{shortened(arrows)}. Trace the benefit along arrows that are there, or add this one."
    )


def _firmness(link: Link) -> str:
    """Return one of `ORDER`: the lowest certainty on the arrow, or why there is none."""
    shown = state(link)
    if shown in ("none found", "not searched"):
        return "no evidence"
    if shown in ("adverse", "no difference", "conflicting"):
        return "against it"
    if shown == "not stated":
        return "no evidence"
    if shown == "mixed by outcome":
        return shown
    if any(not claim.certainty for claim in link.evidence):
        return "not judged"
    return certainties(link)[-1]
