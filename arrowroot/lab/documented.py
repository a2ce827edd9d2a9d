"""What a docstring says of each parameter: the one place where options are listed for people.

Completion and help in a notebook are read from there, so that they cannot say anything else; a
test compares the lists with the values that the functions accept.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

from arrowroot.errors import ArrowrootError


@dataclass(frozen=True)
class Parameter:
    """One parameter as its docstring has it.

    Attributes
    ----------
    kind : str
        Its type, in words.
    words : str
        What it is.
    """

    kind: str
    words: str

    @property
    def values(self) -> tuple[str, ...]:
        """The values listed in braces, as in ``{"reml", "dl"} or float``."""
        braced = re.search(r"\{(.*?)\}", self.kind)
        return tuple(re.findall(r'"([^"]*)"', braced[1])) if braced else ()

    @property
    def is_column(self) -> bool:
        """Whether it names columns of a table."""
        return (
            "str" in self.kind and re.search(r"\bcolumns?\b", self.words, re.IGNORECASE) is not None
        )


@lru_cache(maxsize=512)
def parameters(function: Callable[..., Any]) -> dict[str, Parameter]:
    """Return the documented parameters of a function or class, by name.

    Examples
    --------
    >>> from arrowroot.options import one_of
    >>> parameters(one_of)["legal"]
    Parameter(kind='sequence of str', words='The values the option has.')
    """
    told = inspect.getdoc(function) or ""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\S[^\n]*\n-{3,}$|\Z)", told, re.M | re.S)
    found: dict[str, Parameter] = {}
    entry = r"^(\*{0,2}\w+(?:, \*{0,2}\w+)*)(?: : ([^\n]*))?\n?((?:^(?:[ ]+[^\n]*)?(?:\n|\Z))*)"
    for names, kind, words in re.findall(entry, section[1] if section else "", re.M):
        one = Parameter(kind or "", " ".join(words.split()))
        found |= {name.lstrip("*"): one for name in names.split(", ")}
    return found


def parameter(function: Callable[..., Any], name: str) -> Parameter | None:
    """Return what is documented of a parameter, where "as for `f`" leads to what `f` says."""
    one, seen = parameters(function).get(name), {function}
    while one is not None and not one.values:
        led = re.search(r"\b(?:as|see|options)(?: \w+){0,2} `([\w.]+)`", one.words, re.IGNORECASE)
        other = _named(function, led[1]) if led else None
        further = parameters(other).get(name) if callable(other) else None
        if other is None or further is None or other in seen:
            break
        function, one = other, further
        seen.add(function)
    return one


def values(function: Callable[..., Any], name: str, first: str = "") -> tuple[str, ...]:
    """Return the values that a parameter may have, if it has a few; otherwise nothing.

    They are those in braces, or where the words say "one of `f`" or "`f` lists them", what that
    function or table has. If that function takes the first argument too, as the tables of a data
    set depend on its name, they are what its result has under the parameter's name.

    Parameters
    ----------
    function : callable
        One of ours.
    name : str
        Its parameter.
    first : str
        The first argument of the call, if it is text.

    Examples
    --------
    >>> from arrowroot.data_folder import data_path
    >>> values(data_path, "name")
    ()
    """
    one = parameter(function, name)
    if one is None or one.values:
        return one.values if one else ()
    for known in re.findall(r"`([\w.]+)`", one.words):
        found = _named(function, known)
        listed = f"one of `{known}`" in one.words.lower() or f"`{known}` lists them" in one.words
        if inspect.isfunction(found) and listed:
            found = _listed(found, first, name)
        if isinstance(found, Sequence | Mapping) and all(isinstance(one, str) for one in found):
            return tuple(found)
        if hasattr(found, "columns"):
            return tuple(found[found.columns[0]])
    return ()


def _listed(function: Callable[..., Any], first: str, name: str) -> Any:
    """Return what a function lists: by itself, or about what the first argument names."""
    if not (taken := len(inspect.signature(function).parameters)):
        return function()
    if taken > 1 or not first:
        return None
    try:
        found = getattr(function(first), f"{name}s", ())
    except ArrowrootError:  # the name is misspelt: running the call will say so
        return None
    return tuple(str(getattr(one, "name", one)) for one in found)


def _named(function: Callable[..., Any], name: str) -> Any:
    """Return what a docstring means by a name: a method beside it, or something public."""
    module = sys.modules[function.__module__]
    around = module
    for part in function.__qualname__.split(".")[:-1]:
        around = getattr(around, part, around)
    package = import_module(function.__module__.split(".")[0])
    home, _, last = name.rpartition(".")
    if home.split(".")[0] in ("arrowroot", "synthesis", "logicmodels"):
        return getattr(import_module(home), last, None)
    for place in (around, module, package):
        found: Any = place
        for part in name.split("."):  # a method is named with its class
            found = getattr(found, part, None)
        if found is not None:
            return found
    return None
