"""Rules about how a model was made and can be read: P01 to P04, A01 and A02."""

from __future__ import annotations

import re
from collections.abc import Iterator

from logicmodels.model import Model
from logicmodels.rules.rule import Found, rule

_REHFUESS = "Rehfuess et al. 2018, Res Synth Methods 9:13"
_BREUER = "Breuer et al. 2016, Implement Sci 11:63, table 5"
_COLOUR = re.compile(
    r"\b(?:in|the) (?:red|green|blue|orange|yellow|purple|grey|gray)\b(?: (?:box|arrow|line)\w*)?",
    re.IGNORECASE,
)


@rule("P01", "error", "A model changes only when its approach allows", _REHFUESS)
def changes_are_allowed(model: Model) -> Iterator[Found]:
    """Find a priori models that changed, and staged ones that changed between stages."""
    if model.approach == "a-priori":
        if not model.is_as_locked:
            yield "model", f"the a priori model is not the one locked as {model.locked}"
        if len(model.changelog) > 1:
            yield (
                "model",
                "an a priori model must not change, but the changelog has several entries",
            )
    if model.approach == "staged":
        for change in model.changelog:
            if change.stage not in model.stages:
                listed = ", ".join(map(repr, model.stages)) or "none"
                made = f"the change of {change.date} was made at {change.stage!r}"
                yield "model", f"{made}; stages are {listed}"


@rule(
    "P02",
    "warn",
    "A model has a date, a version and a changelog",
    f"DoView conventions; {_REHFUESS}",
)
def is_dated(model: Model) -> Iterator[Found]:
    """Find models that cannot be identified as the current version."""
    missing = [name for name in ("date", "version", "changelog") if not getattr(model, name)]
    if missing:
        yield "model", f"has no {' and no '.join(missing)}"


@rule("P03", "info", "The model states who made it and how", f"{_BREUER}, items 2b to 2d")
def making_is_reported(model: Model) -> Iterator[Found]:
    """Find models that do not report how they were made."""
    process = model.process
    if process is None:
        yield "model", "who took part, in which roles, and how was it validated? fill `process`"
        return
    missing = [name for name in ("roles", "methods", "validation") if not getattr(process, name)]
    if process.stakeholders is None:
        missing.insert(0, "stakeholders")
    if missing:
        yield "model", f"process does not say: {', '.join(missing)}"


@rule(
    "P04",
    "info",
    "The model states what it is used for",
    "Kneale et al. 2015, PLoS ONE 10:e0142187",
)
def use_is_stated(model: Model) -> Iterator[Found]:
    """Find models without a stated use."""
    if not model.used_for:
        yield "model", "which stages of the review does it serve? fill `used_for`"


@rule("A01", "error", "A model can be read without the picture", "WCAG 2.2, 1.1.1")
def has_words(model: Model) -> Iterator[Found]:
    """Find models without a description, which is what a screen reader says first."""
    if not model.description.strip():
        yield "model", "say in two sentences under `description` what the figure shows"


@rule("A02", "error", "No text depends on colour", "WCAG 2.2, 1.4.1")
def needs_no_colour(model: Model) -> Iterator[Found]:
    """Find texts that refer to a colour; themes change it, and not everybody sees it."""
    texts = [("model", model.description), *((f"node {n.id}", n.label) for n in model.nodes)]
    for where, text in texts:
        if found := _COLOUR.search(text):
            yield where, f"{found[0]!r} refers to a colour; name the column or the box instead"


RULES = (
    changes_are_allowed,
    is_dated,
    making_is_reported,
    use_is_stated,
    has_words,
    needs_no_colour,
)
