"""Every cell of the grid of certainty and size, and what an interval adds."""

from __future__ import annotations

import itertools

import pytest

import synthesis as syn
from synthesis.appraisal.certainty.levels import LEVELS
from synthesis.appraisal.certainty.wording import GRID, SIZES, is_plural, within_sentence

THRESHOLDS = (0.2, 0.5, 0.8)
BY_SIZE = {"large": 1.0, "plain": 0.6, "slight": 0.3, "none": 0.1}

SENTENCES = {
    ("high", "large"): "Care leads to a large increase in quality of life.",
    ("high", "plain"): "Care increases quality of life.",
    ("high", "slight"): "Care increases quality of life slightly.",
    ("high", "none"): "Care makes little to no difference to quality of life.",
    ("moderate", "large"): "Care probably leads to a large increase in quality of life.",
    ("moderate", "plain"): "Care probably increases quality of life.",
    ("moderate", "slight"): "Care probably increases quality of life slightly.",
    ("moderate", "none"): "Care probably makes little to no difference to quality of life.",
    ("low", "large"): "Care may lead to a large increase in quality of life.",
    ("low", "plain"): "Care may increase quality of life.",
    ("low", "slight"): "Care may increase quality of life slightly.",
    ("low", "none"): "Care may make little to no difference to quality of life.",
}
VERY_LOW = "The evidence is very uncertain about the effect of care on quality of life."


def rated(effect: float, level: str, half: float = 0.01, **options: object) -> syn.Certainty:
    """Return a rating of a reported effect at a level, by judgements about one reason."""
    given = syn.reported_effect(
        "smd", effect, ci=(effect - half, effect + half), outcome="Quality of life"
    )
    down = LEVELS.index(level) - LEVELS.index("high")
    judged = {"indirectness": (down, "as the test asks"), "imprecision": (0, "as the test asks")}
    return syn.certainty(
        given,
        **{  # type: ignore[arg-type]
            "thresholds": THRESHOLDS,
            "judged": judged,
            "intervention": "care",
            "comparator": "usual care",
            **options,
        },
    )


def test_the_grid_is_whole() -> None:
    assert set(GRID) == set(SENTENCES)
    assert set(GRID) == set(itertools.product(LEVELS[1:], SIZES))


@pytest.mark.parametrize(("level", "size"), list(SENTENCES))
def test_every_cell(level: str, size: str) -> None:
    found = rated(BY_SIZE[size], level)
    assert found.level == level
    assert found.what_happens == SENTENCES[level, size]


@pytest.mark.parametrize(("level", "size"), list(SENTENCES))
def test_every_cell_the_other_way_round(level: str, size: str) -> None:
    expected = SENTENCES[level, size]
    for more, less in (("increases", "reduces"), ("increase", "reduce"), ("a large reduce", "")):
        expected = expected.replace(more, less) if less else expected
    expected = expected.replace("a large reduce", "a large reduction")
    assert rated(-BY_SIZE[size], level).what_happens == expected


@pytest.mark.parametrize("size", SIZES)
def test_very_low_certainty_names_no_size(size: str) -> None:
    assert rated(BY_SIZE[size], "very low").what_happens == VERY_LOW


@pytest.mark.parametrize(("level", "size"), list(SENTENCES))
def test_several_interventions_take_the_plural(level: str, size: str) -> None:
    said = rated(BY_SIZE[size], level, intervention="exercises").what_happens
    singular = ("makes", "leads", "increases")
    assert said.startswith("Exercises ")
    assert not [word for word in singular if f" {word} " in said]
    one = rated(BY_SIZE[size], level, intervention="exercises", plural=False).what_happens
    assert one == SENTENCES[level, size].replace("Care", "Exercises")


@pytest.mark.parametrize(
    ("level", "start"),
    [
        ("high", "It is not clear whether care increases or reduces quality of life"),
        ("moderate", "It is not clear whether care increases or reduces quality of life"),
        ("low", "Care may increase or reduce quality of life"),
        ("very low", VERY_LOW.rstrip(".")),
    ],
)
def test_an_interval_important_at_both_ends_names_both_directions(level: str, start: str) -> None:
    found = rated(0.1, level, half=0.4)
    assert found.what_happens == (
        f"{start}; the interval includes both an important increase and an important reduction."
    )
    assert any("read no direction into the estimate" in note for note in found.notes)


def test_an_end_that_only_touches_the_threshold_is_important() -> None:
    assert rated(0.0, "low", half=0.2).size.both_important  # type: ignore[union-attr]
    assert not rated(0.0, "low", half=0.199).size.both_important  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("effect", "half", "tail"),
    [
        (0.6, 0.05, ""),
        (0.6, 0.45, "; the interval also includes little to no difference"),
        (0.1, 0.15, "; the interval also includes an important increase"),
        (-0.1, 0.15, "; the interval also includes an important reduction"),
    ],
)
def test_what_the_interval_includes_besides(effect: float, half: float, tail: str) -> None:
    assert rated(effect, "low", half=half).what_happens.endswith(f"{tail}.")
    assert rated(effect, "low", half=half).besides == tail.removeprefix("; ")


def test_no_size_is_named_without_a_minimal_important_difference() -> None:
    found = rated(1.0, "high", thresholds=())
    assert found.what_happens == "Care increases quality of life."
    assert any("nothing is said of the size" in note for note in found.notes)
    crossing = rated(0.1, "low", half=0.3, thresholds=())
    assert crossing.what_happens == (
        "Care may increase or reduce quality of life; the interval includes both an increase and a "
        "reduction."
    )


def test_one_boundary_divides_trivial_from_important() -> None:
    assert rated(0.19, "high", mid=0.2, thresholds=()).happens.endswith(
        "little to no difference to quality of life"
    )
    assert rated(0.2, "high", mid=0.2, thresholds=()).happens == "Care increases quality of life"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Quality of life", "quality of life"),
        ("EQ-5D", "EQ-5D"),
        ("HbA1c", "HbA1c"),
        ("Parkinson's symptoms", "Parkinson's symptoms"),
        ("Follow-up visits", "follow-up visits"),
        ("", ""),
    ],
)
def test_a_label_within_a_sentence(name: str, written: str) -> None:
    assert within_sentence(name) == written


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("case management", False),
        ("compression stockings", True),
        ("visits by nurses", True),
        ("care for people with strokes", False),
        ("advice and exercise", True),
        ("dialysis", False),
        ("a bus", False),
    ],
)
def test_plurals(name: str, plural: bool) -> None:
    assert is_plural(name) is plural
