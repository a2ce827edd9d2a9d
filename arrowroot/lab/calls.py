"""What stands before every public function: mistakes in calling it, said in one sentence.

Python answers a misspelt argument with a `TypeError` about the function, and a figure where a
result belongs fails wherever it is first used. Here such a call is looked at again, once it has
failed: nothing is checked of a call that works. `guarded` changes neither what a function does
nor its signature, documentation or examples.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import update_wrapper
from types import FunctionType
from typing import Any, TypeVar

from arrowroot.errors import (
    ArgumentError,
    ArrowrootError,
    interrupted,
)
from arrowroot.lab.confusions import as_called, confused
from arrowroot.text import did_you_mean, shortened

AnyClass = TypeVar("AnyClass", bound=type)

_MADE_BY_HAND = 5
"""How many arguments an object needs at most that users make themselves."""


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
        __tracebackhide__ = True  # IPython leaves out the frames that have it
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


def guarded_call(owner: AnyClass) -> AnyClass:
    """Guard how objects of a public class are made; once only."""
    made = owner.__init__  # type: ignore[misc]
    if inspect.isfunction(made) and not hasattr(made, "__wrapped__"):
        owner.__init__ = guarded(made)  # type: ignore[misc]
    return owner


def _name(function: Callable[..., Any], given: Sequence[Any]) -> str:
    """Return the name by which a user calls a function; a class is called by its own."""
    name = function.__name__
    return type(given[0]).__name__ if name == "__init__" and given else name


def _explained(
    error: BaseException,
    function: Callable[..., Any],
    given: Sequence[Any],
    named: Mapping[str, Any],
) -> BaseException | None:
    """Return a better error for a failed call, or None to leave it as it is."""
    if isinstance(error, KeyboardInterrupt):
        interrupted(error, _name(function, given))
        return None
    if not isinstance(error, Exception) or error.__traceback__ is None:
        return None
    if isinstance(error, TypeError) and error.__traceback__.tb_next is None:
        return _wrong_arguments(error, function, given, named)
    return confused(error, function, given, named)


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
    name, names = _name(function, given), [*places, *options]
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
        if function.__name__ == "__init__" and len(needed) > _MADE_BY_HAND:
            return ArgumentError(
                f"{name} is what functions and readers return, and is not made by hand; it needs "
                f"{shortened(needed)}."
            )
        return ArgumentError(
            f"{name} also needs {' and '.join(needed)}: write {as_called(own, name)}."
        )
    return ArgumentError(f"{error}".replace("()", "").rstrip(".") + ".")


def _hint(function: Callable[..., Any], written: str, names: Sequence[str]) -> str:
    if near := did_you_mean(written, names):
        return near
    package = function.__module__.partition(".")[0]
    public = getattr(sys.modules.get(package), "__all__", ())
    alike = [one for one in public if one.startswith(f"{written}_")]
    if alike:
        return f" There is {alike[0]}, a function of its own: write {alike[0]}(...)."
    return f" Its arguments are {', '.join(names)}." if names else " It takes none."
