"""Options as docstrings list them are those that the functions accept."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import logicmodels
import synthesis
from arrowroot.lab.documented import parameter, parameters, values
from logicmodels.figures.style import THEMES
from logicmodels.figures.views import VIEWS
from synthesis import datasets
from synthesis.appraisal.risk_of_bias.tools.reading import NAMES
from synthesis.effects.formulas.smd import FORMS_OF_OTHER_SDS, VARIANCES
from synthesis.measures import MEASURES

ROOT = Path(__file__).parents[3]

ELSEWHERE = {
    "order": {"table", "effect", "weight", "precision"},  # and the table's columns
    "theme": set(THEMES),
    "tool": set(NAMES),  # and files of one's own
    "variance": {*VARIANCES, *(form for _, form in FORMS_OF_OTHER_SDS)},
    "view": set(VIEWS),
}
"""What is checked in other ways than by `one_of` with a list of names."""


def public() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every public function and method."""
    for package in (synthesis, logicmodels):
        for name in package.__all__:
            one = getattr(package, name)
            if inspect.isfunction(one):
                yield name, one
            elif inspect.isclass(one):
                methods = [(given, getattr(one, given, None)) for given in vars(one)]
                for given, method in methods:
                    if not given.startswith("_") and inspect.isroutine(method):
                        yield f"{name}.{given}", method


def listed() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for name, function in public():
        for given, one in parameters(function).items():
            if one.values:
                yield name, given, one.values


def accepted() -> dict[str, list[set[str]]]:
    """Return the values that are checked anywhere, by the option's name."""
    found: dict[str, list[set[str]]] = {}
    for package in ("synthesis", "logicmodels"):
        for path in sorted((ROOT / package).rglob("*.py")):
            source = path.read_text("utf-8")
            if "one_of(" not in source:
                continue
            module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            for node in ast.walk(ast.parse(source)):
                if (
                    isinstance(node, ast.Call)
                    and getattr(node.func, "id", "") == "one_of"
                    and isinstance(node.args[0], ast.Constant)
                ):
                    try:
                        legal = eval(ast.unparse(node.args[2]), vars(module))
                    except NameError:
                        continue
                    found.setdefault(node.args[0].value, []).append(set(legal))
    return found


ACCEPTED = accepted()


@pytest.mark.parametrize(
    ("name", "option", "told"), [pytest.param(*one, id=f"{one[0]}-{one[1]}") for one in listed()]
)
def test_what_is_listed_is_what_is_accepted(name: str, option: str, told: tuple[str, ...]) -> None:
    assert set(told) in [*ACCEPTED.get(option, []), ELSEWHERE.get(option)]


def test_what_is_said_elsewhere_is_found_there() -> None:
    assert "dl2" in values(synthesis.meta_regression, "tau2"), "as for `meta_analysis`"
    assert values(synthesis.multiverse, "tau2") == values(synthesis.meta_analysis, "tau2")
    assert values(logicmodels.LogicModel.to_pptx, "theme") == ("screen", "print", "contrast")
    assert values(synthesis.effect_sizes, "measure") == tuple(MEASURES)
    assert values(datasets.load, "name") == tuple(datasets.names())
    assert "sixcs" in values(logicmodels.LogicModel.example, "name")
    assert "wisconsin" in values(logicmodels.LogicModel.as_profile, "name")
    assert values(synthesis.exercise, "name") == tuple(synthesis.exercises()["name"])
    assert values(synthesis.meta_analysis, "level") == ()
    assert values(synthesis.RiskOfBias.template, "tool") == NAMES, "as for `RiskOfBias.read`"
    assert values(synthesis.risk_of_bias_board, "effect") == ("assignment", "adhering")


def test_columns_are_told_from_other_text() -> None:
    for function, name in ((synthesis.meta_analysis, "study"), (synthesis.cross_table, "rows")):
        one = parameter(function, name)
        assert one is not None
        assert one.is_column
    title = parameter(synthesis.forest, "title")
    assert title is not None
    assert not title.is_column


@pytest.mark.parametrize(
    ("name", "option"),
    [
        *(("forest", one) for one in ("style", "order")),
        *(("effect_sizes", one) for one in ("variance", "sd", "zero_cells", "no_events")),
        *(("effect_sizes", one) for one in ("conversion", "cluster", "refused", "measure")),
        *(("meta_analysis", one) for one in ("model", "tau2", "ci", "prediction", "tau2_ci")),
        *(("summary_forest", one) for one in ("style",)),
        *(("outcome_forest", one) for one in ("style",)),
    ],
)
def test_an_option_with_few_values_lists_them(name: str, option: str) -> None:
    assert values(getattr(synthesis, name), option)
