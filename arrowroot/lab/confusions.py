"""What was mistaken for what: a figure where a result belongs, a file name where a table does.

`confused` looks at the arguments of a call that failed. What one of our functions says of them
itself is left as it is, unless it only says which kind of thing is needed.
"""

from __future__ import annotations

import inspect
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arrowroot.errors import ArrowrootError, DataError, UnknownNameError
from arrowroot.options import is_figure, is_number, is_result, thing

_READERS = {
    "records": "read_records",
    "codings": "read_codings",
    "coded": "read_codings",
    "decisions": "read_decisions",
}
"""What reads a table, by the argument that takes it."""
_FILES = {
    ".yaml": "LogicModel.read",
    ".yml": "LogicModel.read",
    ".bib": "read_records",
    ".ris": "read_records",
    ".nbib": "read_records",
    ".enw": "read_records",
    ".qdpx": "read_qdpx",
    ".qdc": "read_qdc",
}
"""What reads a file that is no table, by the ending of its name."""
_OF_STUDIES = {"effects", "pooling", "diagnostics", "plots", "reproduce"}
"""Rooms whose tables are extraction sheets."""
_FILE = re.compile(
    r".+\.(csv|tsv|txt|xlsx|xlsm|ods|yaml|yml|bib|ris|nbib|enw|xml|qdpx|qdc|json)", re.IGNORECASE
)
_NOT_TOLD = {"Any", "object", ""}
_DRAWINGS = {"Axes", "Figure", "Drawn", "Hover"}
_PATHS = {"str", "Path", "PathLike", "Literal"}
_NUMBERS = {"int", "float", "ndarray", "Array"}
_MAPPINGS = {"Mapping", "dict", "None"}
_POOLED = "a result of meta_analysis"
_MOST_HELD = 100


def confused(
    error: Exception,
    function: Callable[..., Any],
    given: Sequence[Any],
    named: Mapping[str, Any],
) -> DataError | None:
    """Return the error for an argument of another kind than the function takes, or None.

    Parameters
    ----------
    error : Exception
        What the call ended in.
    function : callable
        What was called.
    given, named
        Its arguments.
    """
    needed = getattr(error, "needed", "")
    if isinstance(error, ArrowrootError) and not (needed or isinstance(error, UnknownNameError)):
        return None
    try:
        bound = inspect.signature(function).bind_partial(*given, **named).arguments
    except TypeError:
        return None
    for name, value in bound.items():
        if name in ("self", "cls"):
            continue
        asked = _Asked(name, _kinds(function.__annotations__.get(name, "Any")), needed, function)
        message = _confusion(value, asked) or next(
            filter(None, (_held_confusion(one, asked) for one in _held(value))), ""
        )
        if message:
            return DataError(f"{name}: {message}")
    if needed.startswith("a table"):
        return _without_table(bound, error, function)
    return None


def _without_table(
    bound: Mapping[str, Any], error: Exception, function: Callable[..., Any]
) -> DataError | None:
    """Return the error for the argument that should be a table: the first was about a column."""
    said, _, instead = str(error).partition(" is needed; ")
    for name, value in bound.items():
        kinds = _kinds(function.__annotations__.get(name, "Any"))
        if kinds == {"DataFrame"} and not _is_table(value) and not said.startswith(f"{name}: "):
            return DataError.of_kind(name, getattr(error, "needed", ""), instead)
    return None


@dataclass(frozen=True)
class _Asked:
    """What a function takes as one of its arguments."""

    name: str
    kinds: set[str]
    needed: str
    function: Callable[..., Any]


def _kinds(annotation: object) -> set[str]:
    """Return the kinds that an annotation allows, without what they hold.

    Examples
    --------
    >>> sorted(_kinds("pd.DataFrame | Mapping[str, MetaAnalysis] | None"))
    ['DataFrame', 'Mapping', 'None']
    """
    text = re.sub(r"['\"]", "", str(annotation))
    while (shorter := re.sub(r"\[[^\[\]]*\]", "", text)) != text:
        text = shorter
    return {kind.strip().rpartition(".")[2] for kind in text.split("|")}


def _held(value: Any) -> Iterator[Any]:
    """Yield what is in a list or a dictionary."""
    if isinstance(value, dict):
        yield from list(value.values())[:_MOST_HELD]
    elif isinstance(value, list | tuple):
        yield from value[:_MOST_HELD]


def _held_confusion(one: Any, asked: _Asked) -> str:
    """Say what an item of a list or dictionary was mistaken for, if that is plain."""
    return _confusion(one, asked) if inspect.isroutine(one) or is_figure(one) else ""


def _confusion(one: Any, asked: _Asked) -> str:
    """Say what was mistaken for what; empty if nothing was."""
    kinds = asked.kinds
    if inspect.isroutine(one) and "Callable" not in kinds:
        name = getattr(one, "__name__", "it")
        return f"{name} is a function that was not called; add brackets: {_brackets(one, name)}."
    if "Axes" in kinds and one is not None and not is_figure(one):
        return f"axes of matplotlib are needed, as plt.subplots() makes them; got {thing(one)}."
    if is_figure(one):
        return _figure(asked)
    if kinds & _NOT_TOLD and not asked.needed:
        return ""
    if isinstance(one, str | os.PathLike):
        said = "" if kinds & _PATHS else _text(os.fsdecode(one), asked)
        if said or not kinds <= _MAPPINGS:
            return said
    if kinds <= {*_NUMBERS, "None"} and _is_no_number(one, kinds):
        return f"a number is needed; got {thing(one)}."
    if kinds <= _MAPPINGS and one is not None and not isinstance(one, Mapping):
        return f"a dictionary is needed, such as {{'name': ...}}; got {thing(one)}."
    if _is_column(one) and "str" in kinds and "DataFrame" not in kinds:
        return f"the name of a column is needed, in quotes; got {_the_column(one)}."
    if "DataFrame" in kinds and is_result(one) and type(one).__name__ not in kinds:
        if asked.needed and not asked.needed.startswith("a table"):
            return ""
        drawn = ".plots." in asked.function.__module__ and hasattr(type(one), "to_frame")
        # Where results are taken as well, the table is one of studies, which to_frame() is not.
        makers = _makers(kinds, asked)
        others = f", or a result of {' or '.join(makers)}"
        way = others if makers else " or its to_frame()" if drawn else ""
        return (
            f"this is a result already ({type(one).__name__}), and a table is needed: pass the "
            f"table it was computed from{way}."
        )
    if not asked.needed and _is_table(one) and not kinds & {"DataFrame", "Series"}:
        makers = _makers(kinds, asked)
        return f"this is a table; pass a result of {' or '.join(makers)}." if makers else ""
    return ""


def _figure(asked: _Asked) -> str:
    """Say what to do with a figure where something else is needed."""
    kinds = asked.kinds
    if kinds & _DRAWINGS or kinds <= {*_PATHS, *_NUMBERS, "None", "bool"}:
        return ""
    if asked.needed and "meta_analysis" not in asked.needed and "table" not in asked.needed:
        return f"this is a figure; {asked.needed} is needed."
    drawn_from = "table" if "DataFrame" in kinds and "MetaAnalysis" not in kinds else "result"
    return f"this is a figure; pass the {drawn_from} that it was drawn from."


def _text(text: str, asked: _Asked) -> str:
    """Say what to do with text where something else is needed."""
    kinds, needed = asked.kinds, asked.needed
    if kinds <= {*_NUMBERS, "None"}:
        if is_number(_as_number(text)):
            return f"{text!r} in quotes is text; write {text} without them."
        return f"a number is needed; got {thing(text)}."
    if not _FILE.fullmatch(text):
        # Where a list belongs, the function's own sentence says so.
        known = {"DataFrame", *_results(asked.function)}
        a_name = text.isidentifier() and (needed or kinds & known)
        return f"{text!r} in quotes is text; write {text} without them." if a_name else ""
    reader = _reader(text, asked)
    if not reader:
        return ""
    then = ""
    if needed == _POOLED or ("MetaAnalysis" in kinds and not kinds & {"DataFrame"}):
        then = ", and pool it with meta_analysis"
    elif needed and not needed.startswith("a table"):
        then = f"; {needed} is needed here"
    return f"{text!r} is the name of a file; read it first with {reader}{then}."


def _reader(text: str, asked: _Asked) -> str:
    """Return the call that reads a file for an argument; empty if none is known to."""
    kinds, room = asked.kinds, asked.function.__module__.split(".")[1:2]
    package = sys.modules.get(asked.function.__module__.partition(".")[0])
    public = getattr(package, "__all__", ())
    ending = Path(text).suffix.lower()
    if found := _FILES.get(ending):
        owner = found.partition(".")[0]
        fits = owner in kinds if owner != found else owner in public
        if fits:
            return f"{found}({text!r})"
    for kind in sorted(kinds & set(public)):
        if read := getattr(getattr(package, kind), "read", None):
            return as_called(
                inspect.signature(read).parameters.values(), f"{kind}.read", repr(text)
            )
    if (found := _READERS.get(asked.name)) and found in public:
        function = getattr(package, found)
        return as_called(inspect.signature(function).parameters.values(), found, repr(text))
    pools = "MetaAnalysis" in kinds or asked.needed == _POOLED
    if not (pools or asked.needed or kinds & {"DataFrame", "Series"}):
        return ""
    if ending != ".ods" and (pools or set(room) & _OF_STUDIES):
        return f"read_extraction({text!r})"
    way = "read_excel" if ending in (".xlsx", ".xlsm", ".ods") else "read_csv"
    return f"pandas.{way}({text!r})"


def _as_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is_no_number(one: Any, kinds: set[str]) -> bool:
    """Return whether a value is neither a number nor, where arrays are taken, several."""
    if one is None:
        return "None" not in kinds
    several = isinstance(one, list | tuple) or _is_column(one)
    return is_result(one) or isinstance(one, dict) or (several and not kinds & {"ndarray", "Array"})


def _is_table(one: Any) -> bool:
    return any(kind.__name__ == "DataFrame" for kind in type(one).__mro__)


def _is_column(one: Any) -> bool:
    return any(kind.__name__ in ("Series", "ndarray") for kind in type(one).__mro__)


def _the_column(one: Any) -> str:
    name = getattr(one, "name", None)
    return f"the column itself: write {name!r}" if isinstance(name, str) else "the column itself"


def _results(function: Callable[..., Any]) -> set[str]:
    """Return the names of the package's public classes: what its functions make."""
    package = function.__module__.partition(".")[0]
    return {one for one in getattr(sys.modules.get(package), "__all__", ()) if one[:1].isupper()}


def _brackets(function: Any, name: str) -> str:
    try:
        return as_called(inspect.signature(function).parameters.values(), name)
    except (TypeError, ValueError):
        return f"{name}()"


def _maker(kind: str, function: Callable[..., Any]) -> str:
    """Return the public function that makes results of a class, by its name."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()
    package = function.__module__.partition(".")[0]
    return name if name in getattr(sys.modules.get(package), "__all__", ()) else ""


def _makers(kinds: set[str], asked: _Asked) -> list[str]:
    return [maker for kind in sorted(kinds) if (maker := _maker(kind, asked.function))]


def as_called(parameters: Iterable[inspect.Parameter], name: str, first: str = "") -> str:
    """Return how a function is called with the arguments it needs: the first without its name.

    Parameters
    ----------
    parameters : iterable of Parameter
        What it takes.
    name : str
        Its name.
    first : str
        The first argument, if it is known.
    """
    needed = [
        one
        for one in parameters
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    written = [
        one.name if place == 0 and one.kind is not one.KEYWORD_ONLY else f"{one.name}=..."
        for place, one in enumerate(needed)
    ]
    return f"{name}({', '.join([first, *written[1:]] if first else written)})"
