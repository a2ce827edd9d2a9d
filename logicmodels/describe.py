"""A logic model in words, made from the model and so never behind it."""

from __future__ import annotations

from logicmodels.model import LogicModel
from logicmodels.text import one_line


def summary(model: LogicModel) -> str:
    """Return a model in a few sentences: what a screen reader says of its figure.

    Parameters
    ----------
    model : LogicModel
        What to describe.

    Returns
    -------
    str
        The author's description, then what stands in each column and how many arrows join them.
    """
    columns = [
        f"{one_line(model.heading(column.id))} "
        f"({_count(len(model.column(column.id)), 'box', 'boxes')})"
        for column in model.profile.columns
        if model.column(column.id)
    ]
    parts = [
        one_line(model.description),
        f"A figure with the columns {_joined(columns)}; "
        f"{_count(len(model.links), 'arrow', 'arrows')} in all.",
    ]
    return " ".join(part for part in parts if part)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
