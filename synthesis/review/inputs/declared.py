"""What a review declares in ``review.yaml``: its question, outcomes, comparisons and plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arrowroot.errors import DataError, OptionError, Problem, SpecError
from arrowroot.options import one_of
from arrowroot.specs.form import Strict, form_problems, validated
from arrowroot.specs.source import mapping, text_of
from arrowroot.specs.yaml_text import position
from arrowroot.text import did_you_mean, label
from synthesis.outcomes import Outcome, called
from synthesis.review.inputs.appraisal import appraisal_problems, checked
from synthesis.review.inputs.forms import (
    TESTS,
    Comparison,
    EffectsPlan,
    ModelPlan,
    Plan,
    ReviewForm,
    RiskOfBiasForm,
)

if TYPE_CHECKING:
    from synthesis.appraisal.risk_of_bias.tools.tool import Tool

FILE = "review.yaml"
WHAT = "a review"


@dataclass(frozen=True, eq=False)
class Declared:
    """A declaration that was read, with where each part of it is.

    Attributes
    ----------
    form : ReviewForm
        As written.
    outcomes : tuple of Outcome
        The records that effects, models and words know.
    lines : dict of str to int
        The line of a part, by its name: ``"plan"``, ``"outcome pain"``, ``"sensitivity low"``.
    """

    form: ReviewForm
    outcomes: tuple[Outcome, ...]
    lines: dict[str, int]

    @property
    def comparisons(self) -> list[Comparison]:
        """What is compared with what, in order."""
        return self.form.comparisons

    @property
    def tools(self) -> list[RiskOfBiasForm]:
        """The tools for risk of bias; with several, each says which studies it is for."""
        return self.form.risk_of_bias

    @property
    def has_several_tools(self) -> bool:
        """Whether sheets, folders, columns and figures must name the tool that they are of."""
        return len(self.tools) > 1

    def named(self, tool: RiskOfBiasForm) -> str:
        """Return the part of those names that says which tool; empty where there is only one."""
        return tool.id if self.has_several_tools else ""

    @property
    def plan(self) -> Plan:
        """What was decided beforehand."""
        return self.form.plan

    def outcome(self, name: object) -> Outcome | None:
        """Return the outcome of this id or label, whatever its capitals, or None."""
        return called(self.outcomes, name)

    def box(self, outcome: Outcome) -> str:
        """Return the box of the logic model that an outcome is: its id, unless another is named."""
        named = {one.id: one.box for one in self.form.outcomes}
        return named.get(outcome.id) or outcome.id

    def comparison(self, name: object) -> Comparison | None:
        """Return the comparison of this id or label, whatever its capitals, or None."""
        wanted = label(name).casefold()
        for one in self.comparisons:
            if wanted in (one.id.casefold(), label(one.label).casefold()):
                return one
        return None


def read_declared(path: Path) -> Declared:
    """Read ``review.yaml``.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    SpecError
        If it cannot be read, with everything that is wrong in it, each with its line.
    """
    text = text_of(path, WHAT)
    tree = mapping(text, path.name, "title, people, outcomes", WHAT).tree
    problems = list(form_problems(tree, ReviewForm))
    if problems:
        raise SpecError(path.name, problems)
    form: ReviewForm = validated(tree, ReviewForm)
    outcomes, problems = _outcomes(tree, form)
    problems += _domain(tree, form)
    if problems:
        raise SpecError(path.name, sorted(problems, key=lambda one: (one.line, one.column)))
    return Declared(form, tuple(outcomes), _lines(tree, form))


def choices(plan: ModelPlan, base: ModelPlan | None = None) -> dict[str, Any]:
    """Return the options of `synthesis.meta_analysis` for a plan.

    Parameters
    ----------
    plan : ModelPlan
        What is said.
    base : ModelPlan, optional
        What holds where the plan says nothing.
    """
    said = plan if base is None else base.model_copy(update=_said(plan))
    options: dict[str, Any] = {
        "model": said.model,
        "tau2": said.tau2,
        "level": said.level,
        "prediction": said.prediction,
    }
    # An interval that was chosen for random effects is not one for a common effect.
    changed = base is not None and plan.model != base.model and "ci" not in plan.model_fields_set
    if said.ci and not changed:
        options["ci"] = said.ci
    return options


def effect_options(plan: EffectsPlan, base: EffectsPlan | None = None) -> dict[str, Any]:
    """Return the options of `synthesis.effect_sizes` that a plan names."""
    given = {**(_said(base) if base is not None else {}), **_said(plan)}
    return {name: value for name, value in given.items() if value not in ("", None, {}, [])}


def tool_of(form: RiskOfBiasForm, folder: Path) -> Tool:
    """Return the tool for risk of bias: one by name, or a file of the review's own folder.

    Raises
    ------
    ArrowrootError
        If there is no such tool, or its file lies outside the folder or cannot be read.
    """
    from synthesis.appraisal.risk_of_bias.tools.reading import tool_named

    name: str | Path = form.tool
    if form.is_own:
        name = folder / form.tool
        if Path(form.tool).name != form.tool or name.is_symlink():
            raise OptionError(
                f"tool: {form.tool!r} must be a file in the folder of the review itself; write "
                "its name alone."
            )
    return tool_named(name, effect=form.effect, design=form.design)


def _said(form: Strict) -> dict[str, Any]:
    return {name: getattr(form, name) for name in sorted(form.model_fields_set)}


def _outcomes(tree: Any, form: ReviewForm) -> tuple[list[Outcome], list[Problem]]:
    """Return the records of the outcomes, and what is wrong with them."""
    read: list[Outcome] = []
    problems: list[Problem] = []
    for place, one in enumerate(form.outcomes):
        try:
            given = one.model_dump(exclude={"box"})
            given["windows"] = [_without_none(window) for window in given["windows"]]
            given["instruments"] = [_without_none(entry) for entry in given["instruments"]]
            read.append(Outcome(**given))
        except DataError as error:
            line, column = position(tree, ("outcomes", place))
            problems += [Problem(line, column, "outcome", message) for message in _messages(error)]
    return read, problems


def _without_none(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _messages(error: DataError) -> list[str]:
    """Return the problems of an error, each on its own."""
    head, *rest = str(error).splitlines()
    return [line.strip().removeprefix("- ") for line in rest] or [head.rstrip(".")]


def _domain(tree: Any, form: ReviewForm) -> Iterator[Problem]:
    """Yield what the form cannot say: names that must differ, days, options of the methods."""
    for key, entries in (
        ("outcomes", form.outcomes),
        ("comparisons", form.comparisons),
        ("plan.sensitivity", form.plan.sensitivity),
    ):
        yield from _same_names(tree, key.split("."), entries)
    for place, one in enumerate(form.outcomes):
        yield from _same_names(tree, ["outcomes", place, "windows"], one.windows)
    for path in (("date",), ("registration", "date"), ("plan", "decided")):
        yield from _day(tree, form, path)
    yield from _options(tree, form)
    yield from appraisal_problems(tree, form)


def _same_names(tree: Any, path: Sequence[str | int], entries: Sequence[Any]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for place, one in enumerate(entries):
        key = one.id.casefold()
        if key in seen:
            line, column = position(tree, (*path, place, "id"))
            yield Problem(
                line,
                column,
                "id",
                f"the id {one.id!r} is already used by entry {seen[key] + 1} of {path[-1]}; choose "
                "another id",
            )
        seen.setdefault(key, place)


def _day(tree: Any, form: ReviewForm, path: tuple[str, ...]) -> Iterator[Problem]:
    value: Any = form
    for name in path:
        value = getattr(value, name)
    if not value:
        return
    try:
        date.fromisoformat(value)
    except ValueError:
        line, column = position(tree, path)
        yield Problem(
            line, column, "value", f"{path[-1]} must be a day, such as 2026-11-30; got {value!r}"
        )


def _options(tree: Any, form: ReviewForm) -> Iterator[Problem]:
    """Yield options that the methods do not have."""
    plan = form.plan
    yield from checked(tree, ("plan", "model"), lambda: _check_model(choices(plan.model)))
    yield from checked(tree, ("plan", "effects"), lambda: _check_effects(plan.effects))
    for place, one in enumerate(plan.sensitivity):
        path = ("plan", "sensitivity", place)
        if one.model is not None:
            given = choices(one.model, plan.model)
            yield from checked(tree, (*path, "model"), lambda given=given: _check_model(given))
        if one.effects is not None:
            effects = one.effects
            yield from checked(
                tree, (*path, "effects"), lambda effects=effects: _check_effects(effects)
            )
        if not (one.keep or one.leave_out or one.model or one.effects):
            line, column = position(tree, path)
            yield Problem(
                line,
                column,
                "empty",
                f"the sensitivity analysis {one.id!r} changes nothing; give keep, leave_out, model "
                "or effects, as in keep: {overall: [low]}",
            )
    for place, name in enumerate(plan.small_studies.tests):
        if name not in TESTS:
            hint = did_you_mean(name, TESTS, " (did you mean {!r}?)")
            line, column = position(tree, ("plan", "small_studies", "tests", place))
            yield Problem(
                line, column, "value", f"there is no test {name!r}{hint}; {', '.join(TESTS)}"
            )
    several = plan.several_results
    if several.choose and not several.order:
        line, column = position(tree, ("plan", "several_results"))
        yield Problem(
            line,
            column,
            "missing-key",
            f"choose: {several.choose} needs order, which lists its values, the preferred first",
        )


def _check_model(options: dict[str, Any]) -> None:
    from synthesis.pooling.engine.batch import Choices

    Choices(**options)


def _check_effects(plan: EffectsPlan) -> None:
    from synthesis.effects.formulas import conversions, counts, designs
    from synthesis.effects.formulas.smd import VARIANCES
    from synthesis.effects.rows.imputation import IMPUTABLE

    legal = {
        "variance": [*VARIANCES, "bonett"],
        "sd": ["pooled", "control", "average"],
        "zero_cells": list(counts.ZERO_CELLS),
        "no_events": list(counts.NO_EVENTS),
        "conversion": [*conversions.CONVERSIONS, "probit"],
        "cluster": list(designs.CLUSTER_RULES),
    }
    for name, value in effect_options(plan).items():
        if name in legal:
            one_of(name, value, legal[name])
    for name in plan.impute:
        one_of("impute", name, list(IMPUTABLE))


def _lines(tree: Any, form: ReviewForm) -> dict[str, int]:
    """Return the line of each part that findings point at."""
    lines = {key: position(tree, (key,), of_key=True)[0] for key in tree}
    for part in ("plan", "certainty"):
        for key in tree.get(part) or {}:
            lines[f"{part} {key}"] = position(tree, (part, key), of_key=True)[0]
    for place, tool in enumerate(form.risk_of_bias):
        lines[f"tool {tool.id}"] = position(tree, ("risk_of_bias", place))[0]
    if form.certainty is not None:
        for name in form.certainty.thresholds:
            path = ("certainty", "thresholds", name)
            lines[f"thresholds {name}"] = position(tree, path, of_key=True)[0]
        for place in range(len(form.certainty.designs)):
            lines[f"designs {place}"] = position(tree, ("certainty", "designs", place))[0]
    for place, outcome in enumerate(form.outcomes):
        lines[f"outcome {outcome.id}"] = position(tree, ("outcomes", place))[0]
    for place, one in enumerate(form.plan.sensitivity):
        lines[f"sensitivity {one.id}"] = position(tree, ("plan", "sensitivity", place))[0]
    return lines
