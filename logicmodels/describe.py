"""A logic model in words, made from the model and so never behind it."""

from __future__ import annotations

from logicmodels.evidence import link_words
from logicmodels.model import LogicModel
from logicmodels.records import Link
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


def sentence(model: LogicModel, link: Link) -> str:
    """Return a link as a sentence, with its reason and with what evidence says of it."""
    verb = "feeds back to" if link.feedback else "leads to"
    words = f"{model.node(link.source).sentence} {verb} {model.node(link.target).sentence}"
    if link.because:
        words += f", because {link.because.rstrip('.')}"
    if link.evidence:
        words += f"; evidence: {link_words(link)}"
    return f"{one_line(words)}."


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
