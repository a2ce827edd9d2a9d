"""A form takes what means one thing only, and says what is wrong in its author's terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest

from arrowroot.errors import DataError, FileError
from arrowroot.specs.form import (
    Number,
    Strict,
    Switch,
    Text,
    Whole,
    Words,
    as_number,
    as_text,
    form_problems,
    read_form,
    validated,
)
from arrowroot.specs.yaml_text import load


class Entry(Strict):
    name: Text
    of: Whole | None = None


class Form(Strict):
    title: Text
    note: Words = ""
    harm: Switch = False
    size: Number | None = None
    entries: list[Entry] = []  # noqa: RUF012 (pydantic copies it)


@dataclass(frozen=True)
class Plain:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    title: str
    digits: int = 2
    exact: bool = False
    note: str = ""


def wrong(text: str, form: Any = Form) -> list[str]:
    return [str(problem) for problem in form_problems(load(text).tree, form)]


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("title: 1.0", "title", "1.0"),
        ("title: true", "title", "true"),
        ("title: 2027", "title", "2027"),
        *((f"title: T\nharm: {yes}", "harm", True) for yes in ("yes", "Yes", "TRUE", "'yes'", "y")),
        *((f"title: T\nharm: {no}", "harm", False) for no in ("no", "No", "false", '"no"', "n")),
        ('title: T\nsize: "0.26"', "size", 0.26),
        ("title: T\nsize: \u22120.26", "size", -0.26),
        ("title: T\nsize: 1e-3", "size", 0.001),
        ("title: T\nnote:", "note", ""),
        ("title: T\nentries:", "entries", []),
        ("title: T\nharm: ~", "harm", False),
        ('title: T\nentries: [{name: 1, of: "12"}]', "entries", [Entry(name="1", of=12)]),
        ("title: T\nentries: [{name: 1, of: 12.0}]", "entries", [Entry(name="1", of=12)]),
    ],
)
def test_what_means_one_thing_is_taken_as_that(text: str, key: str, value: object) -> None:
    assert wrong(text) == []
    assert getattr(validated(load(text).tree, Form), key) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title:", "line 1, column 1: title has no value; enter one [empty]"),
        ("title: [a]", "line 1, column 8: title must be text; got a list. Put it in quotes if"),
        ("title: #1", "title has no value; enter one; a # begins a comment, so put a text that"),
        ("title: T\nharm: perhaps", "line 2, column 7: harm must be yes or no; got 'perhaps'"),
        ("title: T\nharm: 1", "harm must be yes or no; got '1'"),
        ("title: T\nsize: 0,26", "size must be a number such as 0.26, with a decimal point; got"),
        ("title: T\nsize: .inf", "size must be a finite number; got inf"),
        ("title: T\nsize: 1e999", "size must be a finite number; got inf"),
        ("title: T\nentries: [{name: a, of: '2,100'}]", "such as 1200, without commas; got '2,"),
        ("title: T\nentries: [{name: a, of: yes}]", "of must be a whole number such as 1200"),
        ("title: T\nentries: [{name: a, off: 1}]", "unknown key 'off'; did you mean 'of'?"),
        ("title: T\nentries: [{name: a, of:1}]", "put a space after the colon of 'of'"),
        ("title: T\nentries: [{name: a, b}]", "In braces a comma begins a new key"),
        ("title: T\nNote: x", "unknown key 'Note'; write it in small letters: note"),
        ("title: T\n“note”: x", "unknown key '“note”'; write note without the quotation marks"),
        ("title: T\n2: x", "line 2, column 1: unknown key '2'; there are title, note, harm"),
    ],
)
def test_elsewhere_the_message_says_how_to_write_it(text: str, message: str) -> None:
    (only,) = wrong(text)
    assert message in only


def test_a_form_may_be_a_dataclass(tmp_path: Path) -> None:
    path = tmp_path / "plain.yaml"
    path.write_text("title: 0.10\ndigits: 3\nexact: yes\nnote:\n", encoding="utf-8")
    assert read_form(path, Plain, "a test") == Plain("0.10", 3, exact=True)
    path.write_text("titel: x\ndigits: many\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_form(path, Plain, "a test")
    assert str(caught.value).splitlines() == [
        "plain.yaml, line 1, column 1: the key 'title' is missing.",
        "  plain.yaml, line 1, column 1: unknown key 'titel'; did you mean 'title'?",
        "  plain.yaml, line 2, column 9: digits must be a whole number such as 1200, without"
        " commas; got 'many'.",
    ]
    with pytest.raises(FileError, match=r"there is no such file in .*; did you mean 'plain.yaml'"):
        read_form(tmp_path / "plan.yaml", Plain, "a test")


def test_values_from_python_are_text_too() -> None:
    assert [as_text(one) for one in (2027, 1.0, date(2027, 1, 31), "x")] == [
        *("2027", "1.0", "2027-01-31", "x")
    ]
    assert as_text(True) is True
    assert as_number("12") == 12
    assert as_number("twelve") == "twelve"
