"""What stands before every public function: mistakes in calling it, said in one sentence.

Python answers a misspelt argument with a `TypeError` about the function, and a figure where a
result belongs fails wherever it is first used. Here such a call is looked at again, once it has
failed: nothing is checked of a call that works. `guarded` changes neither what a function does
nor its signature, documentation or examples.
"""

from __future__ import annotations

import inspect
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import update_wrapper
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

from arrowroot.errors import (
    ArgumentError,
    ArrowrootError,
    DataError,
    interrupted,
)
from arrowroot.text import did_you_mean

AnyClass = TypeVar("AnyClass", bound=type)

_READERS = {
    ".yaml": "LogicModel.read",
    ".yml": "LogicModel.read",
    ".bib": "read_records",
    ".ris": "read_records",
    ".nbib": "read_records",
    ".enw": "read_records",
}
_ROOMS = {"coding": "read_codings", "library": "read_records"}
"""What reads a table, by the room of the function that was given a file name."""
_FILE = re.compile(r".+\.(csv|tsv|txt|xlsx|xlsm|ods|yaml|yml|bib|ris|nbib|enw|xml|qdpx|json)", re.I)
_NOT_TOLD = {"Any", "object"}
_DRAWINGS = {"Axes", "Figure", "Drawn", "Hover"}
_MOST_HELD = 100


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that says in one sentence how it was called wrongly.

    Parameters
    ----------
    function : callable
        A public function or method.

    Returns
    -------
    callable
        The same, with the same signature and documentation. Stopped by the user, it ends in one
        line in a notebook.
    """
    better = _explained

    # It uses no global name, so that it can be given the globals of the function: doctest asks
    # them where a function was written, and would skip its examples.
    def called(*given: Any, **named: Any) -> Any:
        try:
            return function(*given, **named)
        except BaseException as error:
            instead = better(error, function, given, named)
            if instead is None:
                raise
            raise instead from (None if error.__class__ is TypeError else error)

    guard = FunctionType(
        called.__code__, function.__globals__, function.__name__, None, called.__closure__
    )
    update_wrapper(guard, function)
    return guard


def guarded_class(owner: AnyClass) -> AnyClass:
    """Guard the public methods that a class itself defines."""
    for name, value in list(vars(owner).items()):
        if name.startswith("_"):
            continue
        if isinstance(value, classmethod | staticmethod):
            setattr(owner, name, type(value)(guarded(value.__func__)))
        elif inspect.isfunction(value):
            setattr(owner, name, guarded(value))
    return owner


def _explained(
    error: BaseException,
    function: Callable[..., Any],
    given: Sequence[Any],
    named: Mapping[str, Any],
) -> BaseException | None:
    """Return a better error for a failed call, or None to leave it as it is."""
    if isinstance(error, KeyboardInterrupt):
        interrupted(error, function.__name__)
        return None
    if not isinstance(error, Exception) or error.__traceback__ is None:
        return None
    if isinstance(error, TypeError) and error.__traceback__.tb_next is None:
        return _wrong_arguments(error, function, given, named)
    return _confused(error, function, given, named)


def _wrong_arguments(
    error: TypeError,
    function: Callable[..., Any],
    given: Sequence[Any],
    named: Mapping[str, Any],
) -> ArrowrootError:
    """Return the error for arguments that a function does not have, or lacks."""
    every = inspect.signature(function).parameters.values()
    own = [one for one in every if one.name not in ("self", "cls")]
    bound = len(every) - len(own)
    places = [
        one.name for one in own if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
    ]
    options = [one.name for one in own if one.kind is one.KEYWORD_ONLY]
    name, names = function.__name__, [*places, *options]
    catches = any(one.kind is one.VAR_KEYWORD for one in own)
    for written in named:
        if written not in names and not catches:
            return ArgumentError(
                f"{name} has no argument {written!r}.{_hint(function, written, names)}"
            )
    number = len(given) - bound
    if number > len(places) and not any(one.kind is one.VAR_POSITIONAL for one in own):
        if not names:
            return ArgumentError(f"{name} takes no arguments: write {name}().")
        first = ", ".join(places)
        example = (
            f", such as {name}({', '.join([*places, f'{options[0]}=...'])})" if options else ""
        )
        taken = f"only {first} without a name" if places else "every argument by its name"
        others = "; give the others by name" if options else " and nothing else"
        return ArgumentError(f"{name} takes {taken}{others if places else ''}{example}.")
    needed = [
        one.name
        for one in own
        if one.default is one.empty
        and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        and one.name not in named
        and one.name not in places[: max(number, 0)]
    ]
    if needed:
        return ArgumentError(f"{name} also needs {' and '.join(needed)}: write {_call(own, name)}.")
    return ArgumentError(f"{error}".replace("()", "").rstrip(".") + ".")


def _call(parameters: Iterable[inspect.Parameter], name: str) -> str:
    """Return how a function is called with the arguments it needs: the first without its name."""
    needed = [
        one.name
        for one in parameters
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    others = (f"{other}=..." for other in needed[1:])
    return f"{name}({', '.join([*needed[:1], *others])})"


def _hint(function: Callable[..., Any], written: str, names: Sequence[str]) -> str:
    if near := did_you_mean(written, names):
        return near
    package = function.__module__.partition(".")[0]
    public = getattr(sys.modules.get(package), "__all__", ())
    alike = [one for one in public if one.startswith(f"{written}_")]
    if alike:
        return f" There is {alike[0]}, a function of its own: write {alike[0]}(...)."
    return f" Its arguments are {', '.join(names)}." if names else " It takes none."


def _confused(
    error: Exception,
    function: Callable[..., Any],
    given: Sequence[Any],
    named: Mapping[str, Any],
) -> DataError | None:
    """Return the error for an argument of another kind than the function takes."""
    try:
        bound = inspect.signature(function).bind_partial(*given, **named).arguments
    except TypeError:
        return None
    for name, value in bound.items():
        if name in ("self", "cls"):
            continue
        asked = set(re.findall(r"\w+", str(function.__annotations__.get(name, "Any"))))
        for one in _held(value):
            message = _confusion(one, asked, function, ours=isinstance(error, ArrowrootError))
            if message:
                return DataError(f"{name}: {message}")
    return None


def _held(value: Any) -> Iterator[Any]:
    """Yield a value, and what is in it if it is a list or a dictionary."""
    yield value
    if isinstance(value, dict):
        yield from list(value.values())[:_MOST_HELD]
    elif isinstance(value, list | tuple):
        yield from value[:_MOST_HELD]


def _confusion(one: Any, asked: set[str], function: Callable[..., Any], *, ours: bool) -> str:
    """Say what was mistaken for what; empty if nothing was."""
    if inspect.isroutine(one) and "Callable" not in asked:
        name = getattr(one, "__name__", "it")
        return f"{name} is a function that was not called; add brackets: {_brackets(one, name)}."
    if _is_figure(one):
        drawn_from = "table" if asked & {"DataFrame"} and "MetaAnalysis" not in asked else "result"
        return (
            ""
            if asked & _DRAWINGS
            else f"this is a figure; pass the {drawn_from} that it was drawn from."
        )
    if asked & _NOT_TOLD:
        return ""
    if isinstance(one, str | os.PathLike) and not asked & {"str", "Path", "PathLike"}:
        return _text(os.fspath(one), asked, function)
    if "DataFrame" in asked and _is_result(one) and type(one).__name__ not in asked:
        drawn = ".plots." in function.__module__ and hasattr(type(one), "to_frame")
        way = " or its to_frame()" if drawn else ""
        return (
            f"this is a result already ({type(one).__name__}), and a table is needed: pass the "
            f"table it was computed from{way}."
        )
    if not ours and type(one).__name__ == "DataFrame" and not asked & {"DataFrame", "Series"}:
        makers = [maker for kind in sorted(asked) if (maker := _maker(kind, function))]
        return f"this is a table; pass a result of {' or '.join(makers)}." if makers else ""
    return ""


def _text(text: str | bytes, asked: set[str], function: Callable[..., Any]) -> str:
    """Say what to do with text where something else is needed."""
    text = os.fsdecode(text)
    if not _FILE.fullmatch(text):
        # Where a number or a list belongs, the function's own sentence says so.
        a_name = text.isidentifier() and asked & {"DataFrame", *_results(function)}
        return f"{text!r} in quotes is text; write {text} without them." if a_name else ""
    known = _READERS.get(Path(text).suffix.lower())
    room = function.__module__.split(".")[1:2]
    reader = known or next((_ROOMS[one] for one in room if one in _ROOMS), "read_extraction")
    then = (
        ""
        if "DataFrame" in asked or known == "LogicModel.read"
        else ", and pool it with meta_analysis"
    )
    return f"{text!r} is the name of a file; read it first with {reader}({text!r}){then}."


def _results(function: Callable[..., Any]) -> set[str]:
    """Return the names of the package's public classes: what its functions make."""
    package = function.__module__.partition(".")[0]
    return {one for one in getattr(sys.modules.get(package), "__all__", ()) if one[:1].isupper()}


def _brackets(function: Any, name: str) -> str:
    try:
        return _call(inspect.signature(function).parameters.values(), name)
    except (TypeError, ValueError):
        return f"{name}()"


def _is_figure(one: Any) -> bool:
    return any(
        kind.__name__ == "Pictured"
        or (kind.__module__.startswith("matplotlib.") and kind.__name__ in ("Axes", "Figure"))
        for kind in type(one).__mro__
    )


def _is_result(one: Any) -> bool:
    return any(kind.__name__ == "Shown" for kind in type(one).__mro__)


def _maker(kind: str, function: Callable[..., Any]) -> str:
    """Return the public function that makes results of a class, by its name."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()
    package = function.__module__.partition(".")[0]
    return name if name in getattr(sys.modules.get(package), "__all__", ()) else ""
