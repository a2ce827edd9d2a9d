"""What ``review.yaml`` says of risk of bias and certainty, checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from arrowroot.errors import ArrowrootError, Problem
from arrowroot.options import one_of
from arrowroot.specs.yaml_text import position
from arrowroot.text import did_you_mean
from synthesis.review.inputs.forms import CertaintyForm, ReviewForm, RiskOfBiasForm


def appraisal_problems(tree: Any, form: ReviewForm) -> Iterator[Problem]:
    """Yield options that the appraisal does not have; it is imported only where it is named."""
    if "risk_of_bias" in form.model_fields_set:
        yield from _tools(tree, form.risk_of_bias)
    if form.certainty is not None:
        yield from _certainty(tree, form, form.certainty)


def _tools(tree: Any, given: Sequence[RiskOfBiasForm]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for place, one in enumerate(given):
        path = ("risk_of_bias", place) if len(given) > 1 else ("risk_of_bias",)
        yield from checked(tree, path, lambda one=one: _check_tool(one))
        line, column = position(tree, path)
        first = seen.setdefault(one.id.casefold(), place)
        if first != place:
            yield Problem(
                line, column, "id", f"the tool {one.id!r} is already entry {first + 1} of the list"
            )
        if len(given) > 1 and not re.fullmatch(r"\w[\w .-]*", one.id):
            # Its sheet and its folder are called by it.
            yield Problem(
                line,
                column,
                "value",
                f"tool: {one.tool!r} must be a file in the folder of the review itself, with "
                "letters, digits, spaces, '.', '-' and '_' alone in its name",
            )
        if len(given) > 1 and not one.studies:
            yield Problem(
                line,
                column,
                "missing-key",
                f"which studies is {one.tool!r} for? With several tools each needs studies, such "
                "as studies: {design: [cluster trial]}, with a column of the studies",
            )


def _certainty(tree: Any, form: ReviewForm, held: CertaintyForm) -> Iterator[Problem]:
    """Yield what the ratings do not have, and names that are not declared."""
    yield from checked(tree, ("certainty",), lambda: _check_design(held.design))
    declared = {
        "outcomes": [one.id for one in form.outcomes],
        "comparisons": [one.id for one in form.comparisons],
    }
    for name, given in held.thresholds.items():
        path = ("certainty", "thresholds", name)
        yield from _undeclared(tree, path, "outcomes", name, declared, of_key=True)
        yield from checked(tree, path, lambda given=given: _check_thresholds(given))
    for place, start in enumerate(held.designs):
        entry = ("certainty", "designs", place)
        yield from checked(tree, entry, lambda start=start: _check_design(start.design))
        if not start.outcomes and not start.comparisons:
            line, column = position(tree, entry)
            message = (
                f"name the outcomes or comparisons that start as {start.design!r}; for all of "
                "them, write it as design"
            )
            yield Problem(line, column, "missing-key", message)
    for key, entries in (("designs", held.designs), ("applicability", held.applicability)):
        for place, one in enumerate(entries):
            for part in declared:
                for at, name in enumerate(getattr(one, part)):
                    where = ("certainty", key, place, part, at)
                    yield from _undeclared(tree, where, part, name, declared)


def _undeclared(
    tree: Any,
    path: tuple[str | int, ...],
    part: str,
    name: str,
    declared: Mapping[str, Sequence[str]],
    *,
    of_key: bool = False,
) -> Iterator[Problem]:
    """Yield that an outcome or a comparison is not declared."""
    legal = declared[part]
    if name not in legal:
        line, column = position(tree, path, of_key=of_key)
        hint = did_you_mean(name, legal, " (did you mean {!r}?)")
        one = part.removesuffix("s")
        yield Problem(
            line, column, "value", f"there is no {one} {name!r}{hint}; {', '.join(legal)}"
        )


def _check_design(given: str) -> None:
    """Raise an error for what certainty does not start as."""
    from synthesis.appraisal.certainty.levels import STARTS

    one_of("design", given, list(STARTS))


def _check_thresholds(given: Sequence[float]) -> None:
    """Raise an error for what cannot divide small from large, whatever the measure."""
    from synthesis.appraisal.certainty.size import boundaries

    boundaries(given)


def _check_tool(form: RiskOfBiasForm) -> None:
    """Raise an error for a name that no tool has; the tool itself is read where it is used."""
    from synthesis.appraisal.risk_of_bias.tools import reading as tools

    if not form.is_own:
        one_of("tool", form.tool, [*tools.NAMES, "a YAML file of your own"])
    one_of("effect", form.effect, list(tools.EFFECTS))
    one_of("design", form.design, list(tools.DESIGNS))


def checked(tree: Any, path: tuple[str | int, ...], check: Any) -> Iterator[Problem]:
    """Yield what a check of an option says, at the place of the option."""
    try:
        check()
    except ArrowrootError as error:
        line, column = position(tree, path)
        yield Problem(line, column, "value", str(error).rstrip("."))
