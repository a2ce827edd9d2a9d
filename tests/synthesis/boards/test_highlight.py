"""Words marked in a text: nothing is added, nothing lost, and signs mean themselves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from arrowroot.text import printable
from synthesis.boards.highlight import differing, highlighted, plain

TEXT = st.text(max_size=200)


def joined(pieces: list[tuple[str, bool]]) -> str:
    return "".join(text for text, _ in pieces)


def marked(pieces: list[tuple[str, bool]]) -> list[str]:
    return [text for text, marks in pieces if marks]


@given(TEXT, st.lists(st.text(max_size=10), max_size=4))
def test_highlighting_leaves_the_text_as_it_is(text: str, words: list[str]) -> None:
    assert joined(highlighted(text, words)) == printable(text)


@given(TEXT, TEXT)
def test_comparing_leaves_both_texts_as_they_are(one: str, other: str) -> None:
    pieces = differing(one, other)
    assert (joined(pieces[0]), joined(pieces[1])) == (printable(one), printable(other))


@given(TEXT)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert [marked(side) for side in differing(text, text)] == [[], []]


def test_whole_words_in_any_capitals() -> None:
    text = "Trial, trials and TRIAL; a+b"
    assert marked(highlighted(text, ["trial"])) == ["Trial", "TRIAL"]
    assert marked(highlighted(text, ["trial*"])) == ["Trial", "trials", "TRIAL"]
    assert marked(highlighted(text, ["a+b", ".*", "*", " "])) == ["a+b"]


def test_the_longest_phrase_wins() -> None:
    assert marked(highlighted("case management", ["case", "case manage*"])) == ["case management"]


def test_spaces_and_capitals_are_no_difference() -> None:
    assert marked(differing("Care  at\nHOME", "care at home")[0]) == []


def test_a_text_cannot_turn_round_what_a_board_shows() -> None:
    hostile = "excluded \u202edeveirter"
    shown = "excluded \ufffddeveirter"
    assert highlighted(hostile, ["excluded"]) == [("excluded", True), (shown[8:], False)]
    assert highlighted(hostile, []) == plain(hostile) == [(shown, False)]
    assert "".join(text for text, _ in differing(hostile, "excluded")[0]) == shown
    assert plain("می\u200cروم") == [("می\u200cروم", False)], "joiners belong to the spelling"
