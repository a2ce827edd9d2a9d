"""Sentences with their sources, and the parts of a plan as sentences name them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from synthesis.pooling.engine.intervals import CI_NAMES
from synthesis.pooling.engine.tau2 import NAMES as TAU2_NAMES
from synthesis.review.analyses import Analysis
from synthesis.review.inputs.forms import Plan, Sensitivity

TESTS = {
    "egger": "Egger's test",
    "peters": "Peters's test",
    "rank": "the rank correlation test",
    "trim_and_fill": "trim and fill",
    "pet_peese": "PET-PEESE",
}


@dataclass(frozen=True)
class Sentence:
    """One sentence with what it rests on.

    Attributes
    ----------
    text : str
        The sentence.
    source : str
        What it was taken from, in words.
    page : str
        Where that can be seen: an address within the pages.
    """

    text: str
    source: str
    page: str = ""


Paragraph = list[Sentence]
"""Sentences that are read together."""


def names_of(analyses: Iterable[Analysis]) -> dict[str, str]:
    """Return what each analysis is called in a sentence, with its comparison if there are several.

    The names are by the keys of the analyses.
    """
    held = list(analyses)
    several = len({one.comparison.id for one in held}) > 1
    return {one.key: f"{one.name} ({one.comparison.name})" if several else one.name for one in held}


def planned_words(what: str, plan: Plan | None = None) -> str:
    """Return a part of the plan in words: sensitivity analyses of the plan by their labels.

    Examples
    --------
    >>> planned_words("small_studies egger"), planned_words("subgroups team")
    ("Egger's test", 'the comparison of subgroups by team')
    """
    part, _, name = what.partition(" ")
    if part == "small_studies":
        return TESTS.get(name, name)
    kinds = {
        "subgroups": "the comparison of subgroups by",
        "sensitivity": "the sensitivity analysis",
    }
    if part == "sensitivity" and plan is not None:
        label = next((one.label for one in plan.sensitivity if one.id == name), "")
        name = f'"{label}"' if label else name
    return f"{kinds[part]} {name}"


def changes(plan: Sensitivity) -> str:
    """Return what a sensitivity analysis changes, in words."""
    parts = [f"{_column(column)}: {' or '.join(held)} only" for column, held in plan.keep.items()]
    parts += [
        f"without {' or '.join(held)}"
        if column == "study"
        else f"without {_column(column)}: {' or '.join(held)}"
        for column, held in plan.leave_out.items()
    ]
    for form in (plan.model, plan.effects):
        if form is not None:
            said = {name: getattr(form, name) for name in sorted(form.model_fields_set)}
            parts += [_option(name, value) for name, value in said.items()]
    return "; ".join(parts)


def _option(name: str, value: object) -> str:
    """Return an option of a method in words."""
    if name == "model":
        return f"{value}-effect model" if value == "common" else f"{value}-effects model"
    if name == "tau2":
        return (
            f"tau\u00b2 by {TAU2_NAMES[value]}" if value in TAU2_NAMES else f"tau\u00b2 = {value}"
        )
    if name == "ci":
        return f"{CI_NAMES[str(value)]} interval"
    if isinstance(value, dict):
        return f"{name} " + ", ".join(f"{key} = {one:g}" for key, one in value.items())
    return f"{words(name)} {', '.join(map(str, value)) if isinstance(value, list) else value}"


def _column(name: str) -> str:
    """Return a column in words: a judgement of risk of bias says what it is."""
    if name == "overall":
        return "overall risk of bias"
    tool, _, code = name.rpartition(".")
    if tool and code == "overall":
        return f"overall risk of bias by {_tool(tool)}"
    if re.fullmatch(r"D\d+\w?", code):
        return f"risk of bias in {code}{f' of {_tool(tool)}' if tool else ''}"
    return words(name)


def _tool(name: str) -> str:
    """Return a tool for risk of bias as sentences name it; one of the review's own by its file."""
    from synthesis.appraisal.risk_of_bias.tools.reading import NAMES, tool_named

    return tool_named(name).name if name in NAMES else name


def words(name: str) -> str:
    """Return a name of a file in words."""
    return name.replace("_", " ")
