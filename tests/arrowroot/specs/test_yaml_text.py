"""One reader for every YAML file: what was written stays, and nothing expands."""

from __future__ import annotations

import pytest

from arrowroot.specs.yaml_text import load, position, tree_of, with_whole_characters

WRITTEN = ["010", "007", "1_000", "0o14", "0x1F", "1e3", "1.0", "true", "No", "on", "12:30", ".5"]


@pytest.mark.parametrize("value", [*WRITTEN, "2026-13-45", "2026-11-22", "9" * 5000])
def test_a_value_is_the_text_that_was_written(value: str) -> None:
    assert load(f"key: {value}\nlist: [{value}]\n").tree == {"key": value, "list": [value]}


@pytest.mark.parametrize("value", WRITTEN)
def test_a_key_is_the_text_that_was_written(value: str) -> None:
    assert load(f"{value}: x\n").tree == {value: "x"}


@pytest.mark.parametrize("value", ["", "~", "null", "Null"])
def test_a_key_without_a_value_has_none_and_quotes_make_it_text(value: str) -> None:
    assert load(f"key: {value}\n").tree == {"key": None}
    assert load(f"key: '{value}'\n").tree == {"key": value}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("key: “Training of nurses”", "Training of nurses"),
        ("key: „Training“", "Training"),
        ("key: ‘Training’", "Training"),
        ("key: “Hard” and “soft” outcomes", "“Hard” and “soft” outcomes"),
        ("key: Care “as usual”", "Care “as usual”"),
        ("key: Nurses’ care", "Nurses’ care"),
        ("key: '“Training”'", "“Training”"),
    ],
)
def test_curly_quotes_around_the_whole_are_quotes(text: str, value: str) -> None:
    loaded = load(text)
    assert loaded.tree == {"key": value}
    was_read_so = not text.endswith(value) and "'" not in text
    assert bool(loaded.remarks) == was_read_so


@pytest.mark.parametrize(
    "text",
    ["a: 1\nkey: {x: y, label: “A, b”}", "a: 1\nkey: [“A, b”]", "a: 1\nkey: “A: b”"],
    ids=["braces", "brackets", "colon"],
)
def test_curly_quotes_that_protect_nothing_are_answered(text: str) -> None:
    (problem,) = load(text).problems
    assert (problem.line, problem.rule) == (2, "quotes")
    assert text.splitlines()[1][problem.column - 1] == "“"
    assert 'type straight ones: "..."' in problem.message


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("- id: b\n  column: impact\n  label:Home visits", 3, "label"),
        ("- id:b\n  column: impact", 1, "id"),
        ("a: 1\nb:2\nc: 3", 2, "b"),
        ("title:Visits", 1, "title"),
        ("a: x\nnote:see below", 2, "note"),
    ],
)
def test_a_missing_space_after_a_colon_is_named_where_it_is_missing(
    text: str, line: int, key: str
) -> None:
    loaded = load(text)
    if loaded.problems:
        (problem,) = loaded.problems
        assert (problem.line, problem.message) == (line, f"put a space after the colon of {key!r}")
    else:
        assert loaded.tree == text


def test_an_address_on_a_line_of_its_own_is_no_key() -> None:
    assert load("note: see\n  https://example.org\n").tree == {"note": "see https://example.org"}


def test_text_after_a_sign_that_begins_a_comment_is_remarked_on() -> None:
    (remark,) = load("- id: b  # one\n  label: Rated # 1 by staff\n  note: x  # kept\n").remarks
    assert remark.startswith("line 2: label ends before '# 1 by staff'")
    (problem,) = load("- {id: b, label: Rated # 1 by staff}\n- {id: c}\n").problems
    assert (problem.line, problem.column, problem.rule) == (1, 24, "comment")
    assert load("- {id: b,  # one\n   label: A}\n").problems == []


@pytest.mark.parametrize(
    ("text", "line", "advice"),
    [
        ("a: 1\nb: > 50 %", 2, "begins with > or | in quotes"),
        ("a: 1\nb: !important", 2, "begins with ! in quotes"),
        ("a: 1\nb: @home", 2, "begins with that character in quotes"),
        ("a: 1\nb:\tc: d", 2, "indent with spaces"),
        ("- \tid: b", 1, "indent with spaces"),
        ("a: 1\n---\nb: 2", 2, "a file holds one specification"),
    ],
)
def test_signs_with_a_meaning_are_answered_with_what_to_do(
    text: str, line: int, advice: str
) -> None:
    (problem,) = load(text).problems
    assert problem.line == line
    assert advice in problem.message


def test_two_escapes_of_one_character_are_one() -> None:
    loaded = load('"title": "\\ud83e\\udda0 and \\u00e9"')
    assert loaded.tree == {"title": "\U0001f9a0 and é"}
    (problem,) = load('a: 1\nb: ["\\ud83e x"]').problems
    assert (problem.line, problem.rule) == (2, "character")
    assert with_whole_characters("plain") == "plain"


def test_references_expand_to_nothing() -> None:
    text = "- &a [x, x]\n- &b [*a, *a]\n- [*b, *b]\n"
    (problem,) = load(text).problems
    assert (problem.line, problem.rule) == (2, "alias")


def test_what_was_loaded_knows_where_it_was_written() -> None:
    tree = load("a: 1\nb:\n  - {c: 2, d: 3}\n").tree
    assert position(tree, ["b", 0, "d"]) == (3, 15)
    assert position(tree, ["b", 0, "d"], of_key=True) == (3, 12)
    assert tree_of("a: 010 # x\n") == {"a": "010"}
