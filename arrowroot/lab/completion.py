"""What the Tab key offers in a notebook: options, data sets, columns of a table, public names.

IPython completes the names of arguments, but not their values: those are read from the docstrings
of our functions, and columns from the table that stands first in the call.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from arrowroot.lab import documented

PACKAGES = ("arrowroot", "synthesis", "logicmodels")


@dataclass(frozen=True)
class Offer:
    """What may stand at the cursor.

    Attributes
    ----------
    typed : str
        What of it is there already.
    texts : tuple of (str, str)
        Each text that may replace that, and what it is, for the symbol beside it.
    """

    typed: str
    texts: tuple[tuple[str, str], ...]


@dataclass
class _Bracket:
    """An open bracket: where it is, and where each of the arguments after it begins."""

    sign: str
    at: int
    begins: list[int] = field(default_factory=list)


def offered(code: str, after: str, names: Mapping[str, Any]) -> Offer | None:
    """Return what may stand at the cursor, or None if that is not for us to say.

    Parameters
    ----------
    code : str
        The cell up to the cursor.
    after : str
        The cell from the cursor on.
    names : mapping
        The user's variables. None is called; attributes are read of our own objects alone.

    Examples
    --------
    >>> from arrowroot.data_folder import data_path
    >>> offered("1 + 1", "", {}) is None
    True
    """
    brackets, opened = _scanned(code)
    if opened is None and (dotted := re.search(r"([A-Za-z_][\w.]*)\.(\w*)$", code)):
        return _of_module(_value(dotted[1], names), dotted[2])
    # The items of a list or tuple are those of the argument that it is.
    while brackets and brackets[-1].sign in "[(" and not _called(code, brackets[-1]):
        if brackets[-1].sign == "[" and re.search(r"[\w)\]]\s*$", code[: brackets[-1].at]):
            return None
        brackets.pop()
    if not brackets or brackets[-1].sign != "(":
        return None
    call = brackets[-1]
    function = _value(_called(code, call), names)
    if not _is_ours(function) or not callable(function):
        return None
    argument = re.match(r"\s*(?:(\w+)\s*=(?!=))?", code[call.begins[-1] :])
    named = argument[1] if argument else None
    if opened is None and named is None:
        return None
    name = named or _placed(function, len(call.begins) - 1)
    if name is None:
        return None
    return _of_argument(function, name, _first(code, call, function, names), code, after, opened)


def _of_argument(
    function: Callable[..., Any],
    name: str,
    table: Any,
    code: str,
    after: str,
    opened: int | None,
) -> Offer | None:
    first = table if isinstance(table, str) else ""
    values = [(value, "value") for value in documented.values(function, name, first)]
    one = documented.parameter(function, name)
    if name == "formula" or (one is not None and one.is_column):
        values += [(column, "column") for column in _columns(table)]
    if not values:
        return None
    if opened is None:
        typed = re.search(r"\w*$", code)
        begun = typed[0] if typed else ""
        return _begun(begun, ((_quoted(value), kind) for value, kind in values), offset=1)
    quote = code[opened]
    begun = code[opened + 1 :]
    if name == "formula":
        begun = (re.search(r"\w*$", begun) or [""])[0]
        return _begun(begun, ((value, kind) for value, kind in values if value.isidentifier()))
    end = "" if after.startswith(quote) else quote
    return _begun(begun, ((value + end, kind) for value, kind in values if quote not in value))


def _begun(begun: str, texts: Iterable[tuple[str, str]], offset: int = 0) -> Offer | None:
    """Return the texts that go on as begun, each once."""
    kept = {text: kind for text, kind in texts if text[offset:].startswith(begun)}
    return Offer(begun, tuple(kept.items())) if kept else None


def _quoted(value: str) -> str:
    return f"'{value}'" if '"' in value else f'"{value}"'


def _of_module(module: Any, begun: str) -> Offer | None:
    """Return the public names of one of our modules, without what the module imports."""
    if not isinstance(module, ModuleType) or module.__name__.split(".")[0] not in PACKAGES:
        return None
    if begun.startswith("_"):
        return None
    loaded = vars(module)
    return _begun(begun, ((name, _kind(name, loaded.get(name))) for name in dir(module)))


def _kind(name: str, value: Any) -> str:
    """Return what a public name is; one that is not loaded yet is known by its spelling."""
    if isinstance(value, ModuleType):
        return "module"
    return "class" if name[0].isupper() else "function"


def _scanned(code: str) -> tuple[list[_Bracket], int | None]:
    """Return the brackets that are open at the end, and where an open text begins."""
    brackets: list[_Bracket] = []
    at, end = 0, len(code)
    while at < end:
        sign = code[at]
        if sign == "#":
            at = code.find("\n", at) if "\n" in code[at:] else end
            continue
        if sign in "'\"":
            mark = sign * 3 if code.startswith(sign * 3, at) else sign
            closed = re.compile(rf"(?:\\.|(?!{mark}).)*{mark}", re.DOTALL).match(
                code, at + len(mark)
            )
            if closed is None:
                # A line of code ends an open text, unless it has three quotation marks.
                return brackets, at if "\n" not in code[at:] and len(mark) == 1 else None
            at = closed.end()
            continue
        if sign in "([{":
            brackets.append(_Bracket(sign, at, [at + 1]))
        elif sign in ")]}" and brackets:
            brackets.pop()
        elif sign == "," and brackets:
            brackets[-1].begins.append(at + 1)
        at += 1
    return brackets, None


def _called(code: str, bracket: _Bracket) -> str:
    """Return the dotted name of what a bracket calls, or nothing if it only groups."""
    found = re.search(r"([A-Za-z_][\w.]*)\s*$", code[: bracket.at])
    return found[1] if found and bracket.sign == "(" else ""


def _value(dotted: str, names: Mapping[str, Any]) -> Any:
    """Return what a dotted name stands for, without running anybody else's code."""
    first, *parts = dotted.split(".")
    value = names.get(first)
    for part in parts:
        if not _is_ours(value):
            return None
        try:
            value = getattr(value, part, None)
        except Exception:  # noqa: BLE001  (a property that fails is its user's business, not Tab's)
            return None
    return value


def _is_ours(value: Any) -> bool:
    if isinstance(value, ModuleType):
        home = value.__name__
    else:
        home = getattr(value, "__module__", None) or type(value).__module__
    return str(home).split(".")[0] in PACKAGES


def _placed(function: Callable[..., Any], place: int) -> str | None:
    """Return the name of the parameter at a place."""
    kept = [
        one.name
        for one in inspect.signature(function).parameters.values()
        if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
    ]
    return kept[place] if place < len(kept) else None


def _first(
    code: str, call: _Bracket, function: Callable[..., Any], names: Mapping[str, Any]
) -> Any:
    """Return what a call is about: its first argument, or the object of a method."""
    if (owner := getattr(function, "__self__", None)) is not None and not inspect.isclass(owner):
        return owner
    end = call.begins[1] - 1 if len(call.begins) > 1 else len(code)
    first = code[call.begins[0] : end]
    if text := re.fullmatch(r"\s*(?:\w+\s*=)?\s*([\"'])(\w+)\1\s*", first):
        return text[2]
    given = re.fullmatch(r"\s*(?:\w+\s*=)?\s*([A-Za-z_][\w.]*)\s*", first)
    return _value(given[1], names) if given else None


def _columns(table: Any) -> list[str]:
    """Return the columns of a table, or of the studies of a result."""
    for one in (table, getattr(table, "studies", None) if _is_ours(table) else None):
        columns = getattr(one, "columns", None)
        if type(one).__module__.split(".")[0] == "pandas" and columns is not None:
            return [str(column) for column in columns]
    return []
