"""A flow diagram as a figure, drawn by the renderer of logic models."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from arrowroot.text import one_line
from logicmodels.figures.figure import Figure
from synthesis.library.flow import layout
from synthesis.library.flow.dot import to_dot


def draw(counts: Mapping[str, Any], title: str = "") -> Figure:
    """Draw a flow diagram; see `PrismaFlow.draw`."""
    heading = one_line(title) or "PRISMA 2020 flow diagram"
    return Figure(to_dot(counts), title=heading, description=described(counts))


def described(counts: Mapping[str, Any]) -> str:
    """Describe a flow diagram in words, box by box, as its text alternative.

    Parameters
    ----------
    counts : mapping
        Counts by the keys of PRISMA 2020.

    Returns
    -------
    str
    """
    drawn, _ = layout.boxes(counts)
    in_order = sorted(drawn, key=lambda box: (box.row, box.column))
    told = [" ".join(" ".join(box.lines).split()) for box in in_order if box.kind == "box"]
    return ". ".join(re.sub(r"(\(n =[^)]*\)) ", r"\1, ", words) for words in told) + "."
