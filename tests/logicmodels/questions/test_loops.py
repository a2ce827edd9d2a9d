"""Loops are found, named, and told apart; counted against a search by brute force."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

from logicmodels import LogicModel, OptionError, SpecError

MODELS = Path(__file__).parents[1] / "models"
MAP = LogicModel.read(MODELS / "neonatal_map.yaml")


def mapped(*arrows: str, boxes: str = "abcdefg") -> LogicModel:
    """Return a causal loop map of arrows such as ``ab+``, each from, to and polarity."""
    nodes = "".join(f"  - {{id: {box}, label: {box.upper()}}}\n" for box in boxes)
    links = "".join(
        f"  - {{from: {one[0]}, to: {one[1]}"
        + (f', polarity: "{one[2]}"' if len(one) > 2 else "")
        + ("}\n" if len(one) < 4 else ", delay: true}\n")
        for one in arrows
    )
    return LogicModel.from_text(
        f"spec_version: 1\nprofile: system-map\ntitle: M (made up)\nnodes:\n{nodes}links:\n{links}"
    )


def test_loops_of_a_published_map() -> None:
    """Loops in the structure of Rwashana et al. 2014; the polarities are ours."""
    found = MAP.loops()
    assert found.summary == "9 loops (8 reinforcing, 1 balancing)"
    assert found.complete
    assert found["B1"].boxes == ("anc", "workload", "qual")
    assert found["B1"].delays == 1
    assert found["B1"].reason == "1 negative arrow, which is odd"
    assert [len(loop.boxes) for loop in found] == sorted(len(loop.boxes) for loop in found)


def test_signs_multiply() -> None:
    assert mapped("ab+", "ba+").loops()["R1"].kind == "reinforcing"
    assert mapped("ab-", "ba-").loops()["R1"].kind == "reinforcing"
    assert mapped("ab+", "ba-").loops()["B1"].kind == "balancing"
    unclear = mapped("ab?", "ba-").loops()["U1"]
    assert (unclear.kind, unclear.reason) == ("unclear", "1 arrow without a clear polarity")
    assert mapped("ab", "ba-").loops()["U1"].kind == "unclear"
    assert mapped("aa-").loops()["B1"].boxes == ("a",)
    assert str(mapped("ab+").loops()) == "No loop"


@pytest.mark.parametrize("seed", range(8))
def test_every_loop_is_found_once(seed: int) -> None:
    """Against all orders of all subsets of six boxes."""
    chance = random.Random(seed)
    pairs = [(a, b) for a, b in itertools.product("abcdef", repeat=2) if chance.random() < 0.35]
    model = mapped(*(f"{a}{b}+" for a, b in pairs), boxes="abcdef")
    wanted = {
        order
        for size in range(1, 7)
        for order in itertools.permutations("abcdef", size)
        if order[0] == min(order)
        and all(pair in pairs for pair in zip(order, (*order[1:], order[0]), strict=True))
    }
    found = [loop.boxes for loop in model.loops(most=10_000)]
    assert len(found) == len(set(found))
    assert set(found) == wanted


def test_too_many_loops_are_not_passed_over_in_silence() -> None:
    model = mapped(*(f"{a}{b}+" for a, b in itertools.permutations("abcdefg", 2)))
    few = model.loops(most=30)
    assert (len(few), few.complete) == (30, False)
    assert str(few).startswith("At least 30 loops (30 reinforcing); the search stopped there")
    assert "at least 200 loops" in model.describe().summary
    with pytest.raises(OptionError, match="most must be a whole number from 1 on; got 0"):
        model.loops(most=0)


def test_a_large_dense_map_is_searched_in_reasonable_time() -> None:
    boxes = [{"id": f"n{n}", "label": f"N{n}"} for n in range(60)]
    links = [
        {"from": f"n{a}", "to": f"n{(a + step) % 60}", "polarity": "+"}
        for a in range(60)
        for step in (7, 11, 13)
    ]
    model = LogicModel.from_tables(boxes, links, profile="system-map", title="Made up")
    assert not model.loops().complete


def test_prose_says_which_way() -> None:
    said = mapped("ab+", "bc-", "cd?", "de", "ef+d").describe().narrative
    assert said == (
        "The more “A”, the more “B”.",
        "The more “B”, the less “C”.",
        "The more “C”, the more or less (which is unclear) “D”.",
        "“D” affects “E”.",
        "The more “E”, after a delay, the more “F”.",
    )
    row = MAP.describe().to_records()[9]
    assert (row["polarity"], row["delay"]) == ("+", "yes")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("positive", "+"), ("negative", "-"), ("unclear", "?"), ('"+"', "+"), ('"-"', "-"),
        ("+", "+"), ("−", "-"), ("Opposite", "-"), ("same", "+"),
    ],
)  # fmt: skip
def test_what_people_write_for_a_polarity(written: str, read: str) -> None:
    text = mapped("ab+").origin.replace('"+"', written)
    model = LogicModel.from_text(text)
    assert model.links[0].polarity == read
    assert LogicModel.from_text(model.to_json()) == model


def test_a_column_is_not_needed_and_tables_say_the_same() -> None:
    tables = MAP.to_tables()
    again = LogicModel.from_tables(tables.nodes, tables.links, **dict(tables.keys))
    assert again.links == MAP.links
    assert MAP.to_yaml() == (MODELS / "neonatal_map.yaml").read_text("utf-8")


def test_what_belongs_elsewhere_is_refused() -> None:
    with pytest.raises(SpecError, match="polarity belongs to a causal loop map"):
        LogicModel.from_text(
            "spec_version: 1\nprofile: theory-of-change\ntitle: T\nnodes:\n"
            "  - {id: a, column: activities, label: A}\n  - {id: b, column: impact, label: B}\n"
            "links:\n  - {from: a, to: b, polarity: positive}\n"
        )
    with pytest.raises(SpecError, match="an arrow for each way: write two"):
        LogicModel.from_text(
            "spec_version: 1\nprofile: system-map\ntitle: T\nnodes:\n"
            "  - {id: a, label: A}\n  - {id: b, label: B}\nlinks:\n"
            "  - {from: a, to: b, mutual: true}\n"
        )


def test_loops_need_no_mark_and_polarities_are_asked_for() -> None:
    rules = {finding.rule for finding in mapped("ab", "ba+").check().findings}
    assert "S06" not in rules
    assert "S11" in rules
    assert "S11" not in {finding.rule for finding in MAP.check().findings}
