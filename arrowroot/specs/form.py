"""What the keys of a specification must hold, and what is wrong with one in its author's terms.

A value in YAML is text until a form says what it is (`arrowroot.specs.yaml_text`). Where it means
one thing only it is taken as that: ``version: 1.0`` is the text "1.0", ``harm: Yes`` is yes,
``k: "12"`` is the number 12, and an optional key without a value is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)

from arrowroot.errors import Problem, SpecError
from arrowroot.specs.slips import ANSWERS, suggested
from arrowroot.specs.source import as_data_error, mapping, text_of
from arrowroot.specs.yaml_text import position
from arrowroot.text import did_you_mean

Advice = Callable[[str, str, Any, Sequence[str]], str]
_WHOLE = re.compile(r"[+-]?\d{1,30}(_\d+)*")
_DECIMAL = re.compile(r"[+-]?(\d[\d_]*\.?\d*|\.\d+)([eE][+-]?\d+)?")
_LONGEST = 40
"""Characters of a number; Python refuses to read one of thousands."""
_SPECIAL = re.compile(r"[+-]?\.(inf|nan)", re.IGNORECASE)


def as_text(value: Any) -> Any:
    """Return a number or a day as text; text as it is; anything else unchanged."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def as_number(value: Any) -> Any:
    """Return text that is a number as one; anything else unchanged."""
    if not isinstance(value, str):
        return value
    # Papers print a minus sign, which is not the hyphen that Python reads.
    plain = value.strip().replace("\u2212", "-")
    if len(plain) > _LONGEST:
        return str(value)
    if _WHOLE.fullmatch(plain):
        return int(plain)
    if _DECIMAL.fullmatch(plain) or _SPECIAL.fullmatch(plain):
        return float(plain.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return str(value)


def as_whole(value: Any) -> Any:
    """Return a number without decimals as a whole number; anything else as `as_number` does."""
    number = as_number(value)
    return int(number) if isinstance(number, float) and number.is_integer() else number


def as_switch(value: Any) -> Any:
    """Return yes or no, written in any of the usual ways, as a truth value."""
    return ANSWERS.get(value.strip().lower(), str(value)) if isinstance(value, str) else value


_TEXT = ({"type": "number"}, {"type": "boolean"})
_SWITCH = "^(" + "|".join(f"[{one[0].upper()}{one[0]}]{one[1:]}" for one in ANSWERS) + ")$"


def _either(*forms: Mapping[str, Any]) -> WithJsonSchema:
    """Return the form that editors check: what is typed without quotes has YAML's own types."""
    return WithJsonSchema({"anyOf": [dict(form) for form in forms]})


Words = Annotated[str, BeforeValidator(as_text), _either({"type": "string"}, *_TEXT)]
"""Text, which may be empty."""
Text = Annotated[
    str,
    Field(min_length=1),
    BeforeValidator(as_text),
    _either({"type": "string", "minLength": 1}, *_TEXT),
]
"""Text that is not empty."""
Number = Annotated[
    float,
    BeforeValidator(as_number),
    _either({"type": "number"}, {"type": "string", "pattern": f"^{_DECIMAL.pattern}$"}),
]
Whole = Annotated[
    int,
    Field(ge=0),
    BeforeValidator(as_whole),
    _either({"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^\d+$"}),
]
"""A whole number of things: 0 or more."""
Switch = Annotated[
    bool,
    BeforeValidator(as_switch),
    _either({"type": "boolean"}, {"type": "string", "pattern": _SWITCH}),
]
"""Yes or no."""


@dataclass(frozen=True)
class _SmallLetters:
    """Takes a choice of a few words in any case."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """Take the words in small letters."""
        words = get_args(source)

        def plain(value: Any) -> Any:
            lower = value.strip().lower() if isinstance(value, str) else value
            return lower if lower in words else value

        return BeforeValidator(plain).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        """Let editors accept the words in any case, and offer them in small letters."""
        plain = handler(core)
        words = [re.sub("[a-z]", _either_case, word) for word in plain["enum"]]
        return {"anyOf": [plain, {"type": "string", "pattern": f"^({'|'.join(words)})$"}]}


Choice = TypeVar("Choice")
AnyCase = Annotated[Choice, _SmallLetters()]
"""One of a few words, which may be written in capitals, as in tables: ``AnyCase[Literal[...]]``."""


def _either_case(letter: re.Match[str]) -> str:
    return f"[{letter[0].upper()}{letter[0]}]"


class Strict(BaseModel):
    """Keys that are not named here are refused, and nothing is converted but as said above."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, populate_by_name=True
    )


def form_problems(tree: Any, form: Any, advise: Advice | None = None) -> Iterator[Problem]:
    """Yield what is wrong with the form: keys, types, missing and empty values.

    Parameters
    ----------
    tree : mapping that knows its positions
        From `arrowroot.specs.yaml_text.load`.
    form : class
        A `Strict` model or a dataclass with a pydantic configuration.
    advise : function, optional
        What to write instead, from the rule that is broken ("unknown-key", "missing-key", "value",
        "type" or "id"), the key, its value and the keys that are known there; empty if it knows
        nothing.
    """
    try:
        validated(tree, form)
    except ValidationError as error:
        for found in error.errors(include_url=False):
            path = found["loc"]
            of_key = found["type"] in _OF_KEY or found["input"] is None
            line, column = position(tree, path, of_key=of_key)
            rule, message = _explained(found, path, form, advise or _no_advice)
            if found["input"] is None and _is_commented(tree, path):
                message += "; a # begins a comment, so put a text that begins with # in quotes"
            yield Problem(line, column, rule, message)


def read_form(path: Path, form: Any, what: str, *, name: str = "") -> Any:
    """Read a file that holds one form.

    Parameters
    ----------
    path : path
        A YAML file.
    form : class
        A dataclass with a pydantic configuration, or a `Strict` model.
    what : str
        What the file should hold, for messages.
    name : str
        What messages call the file; its own name if left out.

    Raises
    ------
    FileError, DataError
        If it cannot be read, or does not have that form; with every problem and its line.
    """
    name = name or path.name
    keys = ", ".join(list(_annotations(form))[:3])
    try:
        tree = mapping(text_of(path, what), name, keys, what).tree
        if problems := list(form_problems(tree, form)):
            raise SpecError(name, problems)
    except SpecError as error:
        raise as_data_error(error) from None
    return validated(tree, form)


def validated(tree: Any, form: Any) -> Any:
    """Return the content of a form, or raise pydantic's error; see `form_problems`."""
    return TypeAdapter(form).validate_python(_without_empty_keys(tree, form))


def _without_empty_keys(value: Any, form: Any) -> Any:
    """Leave out optional keys without a value: the author has nothing to say there yet."""
    if isinstance(value, list):
        return [_without_empty_keys(entry, form) for entry in value]
    if not isinstance(value, dict) or form is None:
        return value
    inner = _annotations(form)
    return {
        key: _without_empty_keys(one, _inner(inner.get(key)))
        for key, one in value.items()
        if one is not None or key not in inner or _is_required(form, key)
    }


def _is_required(form: Any, key: str) -> bool:
    if is_dataclass(form):
        field = next(one for one in fields(form) if one.name == key)
        return field.default is MISSING and field.default_factory is MISSING
    return any(
        field.is_required() and key in (name, field.alias)
        for name, field in form.model_fields.items()
    )


_OF_KEY = ("extra_forbidden", "unexpected_keyword_argument", "invalid_key")


def _is_commented(tree: Any, path: Sequence[str | int]) -> bool:
    """Return whether there is a comment where a value should be."""
    for step in path[:-1]:
        tree = tree[step]
    comments = getattr(getattr(tree, "ca", None), "items", {}).get(path[-1]) if path else None
    first = next((one for one in comments or () if one is not None), None)
    return getattr(first, "value", "").startswith("#")


def _no_advice(*_: object) -> str:
    return ""


def _explained(
    found: Any, path: tuple[str | int, ...], form: Any, advise: Advice
) -> tuple[str, str]:
    """Return rule and message for one of pydantic's findings."""
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    got = shown(found["input"])
    match found["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            told = advise("unknown-key", str(key), found["input"], _keys_beside(path, form))
            advice = told or _key_advice(str(key), path, form, is_empty=found["input"] is None)
            return "unknown-key", f"unknown key {key!r}; {advice}"
        case "missing" | "missing_argument":
            told = advise("missing-key", str(key), None, ())
            return "missing-key", f"the key {key!r} is missing{'; ' if told else ''}{told}"
        case "invalid_key":
            return "type", f"keys must be text; got {path[-1]}. Put it in quotes"
        case "string_type" if key == "[key]":
            return "type", f"keys must be text; got {got}. Put it in quotes"
        case _ if found["input"] is None:
            return "empty", f"{key} has no value; enter one"
        case "string_type" if found["input"] == []:
            return "empty", f"{key} has no value; enter one"
        case "string_type":
            return "type", f"{key} must be text; got {got}. Put it in quotes if it is meant as text"
        case "string_too_short":
            return "empty", f"{key} must not be empty"
        case "string_pattern_mismatch" if key == "url":
            return "value", f"url must begin with http:// or https://, or be relative; got {got}"
        case "string_pattern_mismatch" if key == "by":
            return "value", f"by must be a date such as 2026, 2026-08 or 2026-08-31; got {got}"
        case "string_pattern_mismatch" if told := advise("id", key, found["input"], ()):
            return "id", told
        case "string_pattern_mismatch":
            return (
                "id",
                f"{key} must start with a letter or digit and contain only letters, digits, - and "
                f"_; got {got}",
            )
        case "string_too_long":
            return "id", f"{key} must be at most 60 characters long"
        case "literal_error":
            expected = found["ctx"]["expected"].replace("''", "left out")
            return "value", _with(
                f"{key} must be {expected}; got {got}", advise("value", key, found["input"], ())
            )
        case "greater_than_equal":
            return "value", f"{key} must be at least {found['ctx']['ge']}; got {got}"
        case "less_than_equal":
            return "value", f"{key} must be at most {found['ctx']['le']}; got {got}"
        case "float_type" | "float_parsing":
            message = f"{key} must be a number such as 0.26, with a decimal point; got {got}"
            return "type", _with(message, advise("type", key, found["input"], ()))
        case "int_type" | "int_from_float" | "int_parsing":
            message = f"{key} must be a whole number such as 1200, without commas; got {got}"
            return "type", _with(message, advise("type", key, found["input"], ()))
        case "finite_number":
            return "value", f"{key} must be a finite number; got {got}"
        case "bool_type" | "bool_parsing":
            return "type", f"{key} must be yes or no; got {got}"
        case "list_type" | "tuple_type":
            return "type", f"{key} must be a list (lines that begin with '- '); got {got}"
        case "too_short":
            return "empty", f"{key} must contain at least one entry"
        case "dict_type" | "model_type" | "model_attributes_type" | "dataclass_type":
            message = f"an entry of {key} must be a mapping of keys; got {got}"
            return "type", _with(message, advise("type", key, found["input"], ()))
        case _:
            return "value", f"{key}: {found['msg']}"


def _with(message: str, advice: str) -> str:
    return f"{message}; {advice}" if advice else message


def _key_advice(key: str, path: tuple[str | int, ...], form: Any, *, is_empty: bool) -> str:
    """Return what an unknown key may have been meant for."""
    known = _keys_beside(path, form)
    start, colon, _ = key.partition(":")
    if colon and start in known:
        return f"put a space after the colon of {start!r}"
    if (bare := key.strip("\"'\u201c\u201d\u201e\u2018\u2019")) in known:
        return f"write {bare} without the quotation marks"
    if key.lower() in known:
        return f"write it in small letters: {key.lower()}"
    if " " in key:
        return "put a text that contains a comma in quotes, if these words are part of one"
    if is_empty:
        hint = did_you_mean(key, known, "did you mean {!r}? ")
        return (
            f"{hint}In braces a comma begins a new key: put a text that contains a comma in"
            " quotes, and several ids in brackets, as in [a, b]"
        )
    return suggested(key, known)


def _keys_beside(path: tuple[str | int, ...], form: Any) -> list[str]:
    """Return the keys that are known where an unknown one was found."""
    for step in path[:-1]:
        if isinstance(step, str):
            form = _inner(_annotations(form).get(step)) or form
    return list(_annotations(form))


@cache
def _annotations(form: Hashable) -> dict[str, Any]:
    """Return the type of each key of a form, by the name that a file uses."""
    if is_dataclass(form):
        hints = get_type_hints(form)
        return {field.name: hints[field.name] for field in fields(form)}
    named = getattr(form, "model_fields", {})
    return {field.alias or name: field.annotation for name, field in named.items()}


def _inner(annotation: Any) -> Any:
    """Return the form within a type, such as that of the entries of a list."""
    is_form = isinstance(annotation, type) and not get_args(annotation)
    if is_form and (is_dataclass(annotation) or issubclass(annotation, BaseModel)):
        return annotation
    return next((found for one in get_args(annotation) if (found := _inner(one))), None)


def shown(value: object) -> str:
    """Return a value as messages show it."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = repr(str(value)) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
