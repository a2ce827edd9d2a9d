"""Labels: which cells name the same thing, and which do not."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrowroot.text import label, one_line, person, printable


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (" Grant 2015 ", "Grant 2015"),
        ("Grant\u00a0\u202f 2015", "Grant 2015"),
        ("Grant\t\n2015\u2003", "Grant 2015"),
        ("\ufeffGrant\u200b 20\u206015", "Grant 2015"),
        ("Mu\u0308ller", "Müller"),
        ("com\u00admunity", "community"),
        ("\u202aVale 2015\u202c", "Vale 2015"),
    ],
)
def test_what_cannot_be_seen_makes_no_other_label(written: str, read: str) -> None:
    assert label(written) == read


@pytest.mark.parametrize(
    ("one", "other"), [("RCT", "rct"), ("007", "7"), ("1.0", "1"), ("A-1", "A 1"), ("é", "e")]
)
def test_what_can_be_seen_makes_another_label(one: str, other: str) -> None:
    assert label(one) != label(other)


@pytest.mark.parametrize("word", ["می\u200cخواهم", "क्\u200dष", "👩🏽\u200d⚕️"])
def test_joiners_that_are_part_of_the_spelling_stay(word: str) -> None:
    assert label(f" {word}\u200d ") == word


@pytest.mark.parametrize("word", ["می\u200cخواهم", "क्\u200dष", "👩🏽\u200d⚕️"])
def test_joiners_are_printed(word: str) -> None:
    assert printable(word) == printable(word, "") == one_line(word) == word


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u2060", "\ufeff"])
def test_marks_of_where_a_line_may_break_are_left_out(mark: str) -> None:
    assert printable(f"com{mark}munity\n{mark}care") == "community\ncare"


@pytest.mark.parametrize(
    "mark", ["\u061c", "\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069"]
)
def test_marks_that_turn_the_direction_are_shown(mark: str) -> None:
    assert printable(f"a{mark}b") == "a\ufffdb"
    assert printable(f"a{mark}b", "") == "ab"


@pytest.mark.parametrize("one", [1, 1.0, np.int64(1), np.float32(1), Decimal("1.0"), "1", " 1"])
def test_a_whole_number_is_one_label_whatever_its_type(one: object) -> None:
    assert label(one) == "1"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (0.5, "0.5"),
        (np.float32(0.1), "0.1"),
        (-0.0, "0"),
        (float("inf"), "inf"),
        (True, "True"),
        (np.bool_(False), "False"),
        (dt.date(2020, 1, 2), "2020-01-02"),
        (pd.Timestamp("2020-01-02"), "2020-01-02"),
        (np.datetime64("2020-01-02T00:00:00", "ns"), "2020-01-02"),
        (pd.Timestamp("2020-01-02 10:30"), "2020-01-02 10:30:00"),
    ],
)
def test_numbers_truths_and_dates_are_written_as_people_write_them(
    value: object, read: str
) -> None:
    assert label(value) == read


@pytest.mark.parametrize(
    "blank",
    [None, float("nan"), pd.NA, pd.NaT, np.datetime64("NaT"), Decimal("NaN"), "", " \u00a0\u200b"],
)
def test_every_kind_of_blank_is_no_label(blank: object) -> None:
    assert label(blank) == ""


@given(st.text())
def test_a_label_that_was_read_is_read_as_it_is(written: str) -> None:
    read = label(written)
    assert label(read) == read
    assert unicodedata.is_normalized("NFC", read)


@given(st.text())
def test_accents_may_be_stored_either_way(written: str) -> None:
    assert label(unicodedata.normalize("NFD", written)) == label(written)


def test_capitals_do_not_matter_in_names_of_people() -> None:
    assert person("Ann\u00a0LEE ") == person("ann lee")
    assert person("Straße") == person("STRASSE")
    assert person("Ann") != person("Anna")
