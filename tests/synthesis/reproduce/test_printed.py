"""Printed numbers: what they stand for, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrowroot.errors import DataError
from synthesis.reproduce.printed import parse, parse_count, parse_p


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("0.07", 0.065, 0.075),
        ("−0.71", -0.715, -0.705),
        ("–0.71", -0.715, -0.705),
        ("0.00", -0.005, 0.005),
        ("-0.00", -0.005, 0.0),
        ("+3", 2.5, 3.5),
        (".5", 0.45, 0.55),
        ("0·31", 0.305, 0.315),
        ("20%", 19.5, 20.5),
        ("1.2e-5", 1.15e-5, 1.25e-5),
        ("P = 0.04", 0.035, 0.045),
        ("<0.001", -math.inf, 0.001),
        ("p > .05", 0.05, math.inf),
        (37, 36.5, 37.5),
    ],
)
def test_what_a_printed_number_stands_for(text: object, low: float, high: float) -> None:
    read = parse(text)
    assert (read.low, read.high) == (low, high)


def test_digits_and_signs_are_kept() -> None:
    assert (parse("12.00").digits, parse("12").digits, parse("1e3").digits) == (2, 0, -3)
    assert parse("0.540").unit == 0.001
    assert parse("-0.00").is_negative_zero
    assert not parse("0.00").is_negative_zero
    assert parse("20%").percent


def test_half_open_away_from_zero() -> None:
    assert parse("0.07").holds(np.array([0.065, 0.075])).tolist() == [True, False]
    assert parse("-0.07").holds(np.array([-0.065, -0.075])).tolist() == [True, False]
    assert parse("0.00").holds(np.array([-0.005, 0.0, 0.005])).tolist() == [False, True, False]
    assert parse("-0.00").holds(np.array([-0.005, -0.004, 0.0, 0.001])).tolist() == [
        *(False, True, True, False)
    ]
    assert parse("<0.001").holds(np.array([0.0009, 0.001])).tolist() == [True, False]
    assert not parse("0.07").holds(np.nan)


@given(st.floats(-1e4, 1e4), st.integers(0, 6))
def test_what_python_prints_stands_for_the_number_printed(x: float, digits: int) -> None:
    read = parse(f"{x:.{digits}f}")
    # Python rounds halves to even where it meets one, so the closed interval is asked.
    assert read.low <= x <= read.high
    assert read.digits == digits
    assert read.gap(x) == 0


@given(st.floats(-100, 100), st.integers(0, 5))
def test_a_value_shown_like_a_printed_one_is_held_by_what_is_shown(x: float, digits: int) -> None:
    shown = parse(f"{1:.{digits}f}").like(x)
    assert parse(shown).digits == digits
    assert abs(float(shown) - x) <= 0.5 * 10.0**-digits * (1 + 1e-9)


@pytest.mark.parametrize("text", ["0,07", "1,234", "0.1, 0.2", "−0,5"])
def test_a_comma_is_refused_with_advice(text: str) -> None:
    with pytest.raises(DataError, match=r"contains a comma\. Write decimals with a point"):
        parse(text, "estimate")


@pytest.mark.parametrize("text", ["", "often", "0.07 (0.00", "NaN", "inf", "1.2.3", "--1", "%"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="estimate must be a printed number"):
        parse(text, "estimate")


@pytest.mark.parametrize("value", [0.07, None, True, [0.07]])
def test_only_text_has_digits(value: object) -> None:
    with pytest.raises(DataError, match="must be text, as printed, because its digits count"):
        parse(value, "estimate")


def test_text_without_end_is_refused() -> None:
    with pytest.raises(DataError, match="too long"):
        parse("1" * 100_000)


def test_p_values_lie_between_0_and_1() -> None:
    assert (parse_p("0.000").low, parse_p("0.000").high) == (0.0, 0.0005)
    assert parse_p("<0.05").low == 0.0
    assert parse_p(">0.05").high == 1.0
    for text in ("1.2", "-0.1", "4%"):
        with pytest.raises(DataError, match="must lie between 0 and 1"):
            parse_p(text)


def test_counts() -> None:
    assert [parse_count(text, "n") for text in ("15,327", "36", 0, "1,234,567")] == [
        *(15327, 36, 0, 1234567)
    ]
    for text in ("1.5", "-3", "<5", "20%"):
        with pytest.raises(DataError, match="must be a whole number of 0 or more"):
            parse_count(text, "screened")
    with pytest.raises(DataError, match="contains a comma"):
        parse_count("0,5", "screened")
