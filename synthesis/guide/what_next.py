"""What can be done with an object, one line each, with the call to type."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from arrowroot.display import Cell, Shown
from arrowroot.errors import DataError
from arrowroot.options import thing
from synthesis.guide.steps import KINDS, Kind, Step

FEW = 10
"""The most different texts of a column that could divide studies into groups."""


@dataclass(frozen=True, eq=False, repr=False)
class NextSteps(Shown):
    """What can be done with an object.

    Attributes
    ----------
    about : str
        The kind of object, and its name.
    steps : tuple of (str, str)
        What to type, and what it does.
    """

    about: str
    steps: tuple[tuple[str, str], ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the steps as a table: ``call`` and ``does``."""
        return pd.DataFrame(self.steps, columns=["call", "does"])

    def _title(self) -> str:
        return f"What can be done with {self.about}"

    def _headings(self) -> tuple[str, str]:
        return ("Type", "What it does")

    def _rows(self) -> Iterator[tuple[Cell, ...]]:
        yield from self.steps

    def _line(self) -> str:
        wide = max(len(call) for call, _ in self.steps)
        lines = [f"  {call.ljust(wide)}  {does}" for call, does in self.steps]
        return "\n".join([f"{self._title()}:", *lines])

    def _notes(self) -> tuple[str, ...]:
        mine = self.about.split(",")[0]
        others = sorted({name for call, _ in self.steps for name in _others(call)} - {mine})
        stand = "stands" if len(others) == 1 else "stand"
        named = f"{', '.join(others)} {stand} for what you have made already. " if others else ""
        return (
            f"{named}A question mark after a name without brackets, as in syn.forest?, shows all "
            "that it can do.",
        )


def what_next(obj: object) -> NextSteps:
    """List what can be done with an object, one line each, with the call to type.

    Parameters
    ----------
    obj : object
        A result, such as a `MetaAnalysis` or a `Certainty`; a table of effects, records, links,
        decisions, codings or judgements of bias; `RiskOfBias`; an extraction sheet; a board; a
        figure; a `LogicModel`; the result of a method of evaluation.

    Returns
    -------
    NextSteps
        Is displayed as a table; ``to_frame()`` gives ``call`` and ``does``. Calls name the object
        as you do, and columns that it has.

    Raises
    ------
    DataError
        If nothing is known of such an object.

    Examples
    --------
    >>> import synthesis as syn
    >>> es = pd.DataFrame({"study": ["A", "B"], "yi": [0.1, 0.2], "vi": [0.01, 0.02]})
    >>> what_next(es).to_frame()["call"].tolist()[:2]
    ['syn.meta_analysis(es)', 'syn.multiverse(es)']
    """
    around = inspect.currentframe()
    # The user's frame is the first beyond this file and the guard before this function, which
    # has the globals of this file.
    while around is not None and around.f_globals is globals():
        around = around.f_back
    names = {**around.f_globals, **around.f_locals} if around is not None else {}
    return listed(obj, names)


def listed(obj: object, names: Mapping[str, object]) -> NextSteps:
    """Return the steps for an object, under the name that it has among the user's variables."""
    kinds = [kind for kind in KINDS if _is(obj, kind)]
    if not kinds:
        raise DataError(_unknown(obj))
    mine = [name for name, value in names.items() if value is obj and not name.startswith("_")]
    it = mine[0] if mine else kinds[0].usual
    columns = _columns(obj)
    fitting = {
        call: None
        for kind in kinds
        for step in kind.steps
        if (call := _call(step, it, obj, columns))
    }
    about = " and ".join(kind.name for kind in kinds)
    article = "an" if about[0] in "aeiou" else "a"
    return NextSteps(
        f"{it}, {article} {about}", tuple((call, _does(call, obj)) for call in fitting)
    )


def _is(obj: object, kind: Kind) -> bool:
    if kind.classes:
        names = {name for one in type(obj).__mro__ for name in (one.__name__, _full_name(one))}
        return not names.isdisjoint(kind.classes)
    return (
        isinstance(obj, pd.DataFrame)
        and set(kind.columns) <= set(obj.columns)
        and not set(kind.without) & set(obj.columns)
    )


def _full_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _unknown(obj: object) -> str:
    if isinstance(obj, pd.DataFrame):
        wanted = "; ".join(f"{one.name}: {', '.join(one.columns)}" for one in KINDS if one.columns)
        return (
            "what_next: this table is none of those that are known, which are told by their "
            f"columns ({wanted}). It has {', '.join(map(str, obj.columns)) or 'no columns'}."
        )
    if inspect.isroutine(obj) or inspect.isclass(obj):
        name = getattr(obj, "__name__", "it")
        return (
            f"what_next: give it what {name} returns, not {name} itself; {name}? shows how to "
            "call it."
        )
    return (
        f"what_next: nothing is known of {thing(obj)}. Give it a result, "
        "a table, a board or a logic model."
    )


def _columns(obj: object) -> dict[str, str]:
    """Return what stands in the calls for columns, and which there are, as ``has ...``."""
    held = [obj, getattr(obj, "studies", None), getattr(obj, "judgements", None)]
    table = next((one for one in held if isinstance(one, pd.DataFrame)), None)
    if table is None:
        return {}
    found = {f"has {name}": str(name) for name in table.columns}
    if getattr(obj, "pools_tables", None) is False:
        found["has weighted effects"] = "yi"
    if getattr(obj, "model", None) == "random":
        found["has tau2"] = "yi"
    for name in ("coder", "screener", "assessor"):
        if name in table.columns and len(table[name].dropna().unique()) > 1:
            found["has two people"] = name
    for name in map(str, table.columns):
        if name.isidentifier() and (use := _use(table, name)):
            found.setdefault(use, name)
    return found


def _use(table: pd.DataFrame, name: str) -> str:
    """Return what a column could be used for: to divide, to order or to hold rows together."""
    values = table[name].dropna()
    different, k = values.nunique(), len(table)
    if name in ("yi", "vi", "measure", "route", "receipt") or len(values) < k or different < 2:
        return ""
    if name == "study" or not pd.api.types.is_numeric_dtype(values):
        if k / 3 < different < k:
            return "cluster"
        small = different <= FEW and values.value_counts().min() > 1
        return "text" if small and name != "study" else ""
    return "number" if different > 2 else ""


def _call(step: Step, it: str, obj: object, columns: Mapping[str, str]) -> str:
    """Return what to type, or nothing if the step does not apply."""
    known = {"it": it, **columns}
    terms = map(str, getattr(getattr(obj, "coefficients", None), "index", ()))
    if moderators := [term for term in terms if f"has {term}" in columns]:
        known["moderator"] = moderators[0]
    if isinstance(estimate := getattr(obj, "estimate", None), float):
        known["direction"] = "greater" if estimate > 0 else "less"
    if any(f"has {name}" not in columns for name in step.needs):
        return ""
    if set(re.findall(r"\{(\w+)\}", step.call)) - set(known):
        return ""
    return re.sub(r"\{(\w+)\}", lambda found: known[found[1]], step.call)


def _does(call: str, obj: object) -> str:
    """Return the first line of the docstring of the outermost call, or of an attribute."""
    node: ast.expr = ast.parse(call, mode="eval").body
    target = node.func if isinstance(node, ast.Call) else node
    path = ast.unparse(target).split(".")
    found: Any
    if path[0] == "syn":
        found = sys.modules["synthesis"]
        for part in path[1:]:
            found = getattr(found, part)
    else:
        found = inspect.getattr_static(type(obj), path[-1], None)
    told = inspect.getdoc(found) if found is not None else None
    if told and not isinstance(found, tuple | str | int):
        return " ".join(told.split("\n\n")[0].split()).removesuffix(".").replace("`", "")
    return _OTHERS.get(path[-1], "")


_OTHERS = {
    "save": "Save the figure: svg, png, pdf, and more",
    "description": "The figure in words",
    "records": "The records, as a table",
    "problems": "What could not be read or should be looked at again, by file and line",
    "judgements": "The judgements, as a table, with what is proposed and why",
    "judgement": "The judgement that is proposed",
    "path": "The answers that led to it",
}
"""What is not a function or method of the object itself."""


def _others(call: str) -> set[str]:
    names = {one.id for one in ast.walk(ast.parse(call)) if isinstance(one, ast.Name)}
    return names & {"records", "links", "decisions", "fit", "rob"}
