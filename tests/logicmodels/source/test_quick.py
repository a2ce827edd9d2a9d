"""Models typed as plain lines. The model is invented, to try the reader."""

from __future__ import annotations

from typing import Any

import pytest

from logicmodels import LogicModel, SpecError

SKETCH = """\
[activities]
  visits: Home visits: weekly
[outcomes]
report: Symptoms told early

visits -> report: patients learn what to look for
"""


def parsed(text: str, **more: Any) -> LogicModel:
    return LogicModel.from_lines(text, profile="theory-of-change", title="Visits", **more)


def refused(text: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        parsed(text)
    return str(caught.value).splitlines()


def test_lines_give_the_model_that_yaml_gives() -> None:
    assert parsed(SKETCH) == LogicModel.from_text(
        """\
spec_version: 1
profile: theory-of-change
title: Visits
nodes:
  - {id: visits, column: activities, label: "Home visits: weekly"}
  - {id: report, column: outcomes, label: Symptoms told early}
links:
  - {from: visits, to: report, because: patients learn what to look for}
"""
    )


def test_an_arrow_to_a_box_that_is_not_written_is_refused() -> None:
    assert refused(SKETCH + "visits  ->  reports\n") == [
        "lines: 1 problem",
        "  line 7, column 13: no node 'reports'; did you mean 'report'? [unknown-node]",
    ]


def test_every_line_that_is_none_of_the_four_kinds_is_reported() -> None:
    assert refused("a: A\n  what is this\n[activities]\nb: B") == [
        "lines: 2 problems",
        "  line 1, column 1: a box belongs in a column; write a line such as [activities] above it"
        " [no-column]",
        "  line 2, column 3: a line is '[column]', 'id: Label', 'id -> id' or 'id -> id: reason';"
        " got 'what is this' [line]",
    ]


def test_columns_ids_and_labels_are_held_to_the_rules_of_a_file() -> None:
    assert refused("[ activites ]\n1.5: One\na:\n -> a") == [
        "lines: 4 problems",
        "  line 1, column 3: no column 'activites' in the profile; did you mean 'activities'?"
        " [unknown-column]",
        "  line 2, column 1: id must start with a letter or digit and contain only letters, digits,"
        " - and _; got '1.5' [id]",
        "  line 3, column 3: label must not be empty [empty]",
        "  line 4, column 2: from must start with a letter or digit and contain only letters,"
        " digits, - and _; got '' [id]",
    ]


def test_a_text_without_boxes_is_refused() -> None:
    assert refused("") == [
        "lines: 1 problem",
        "  line 1, column 1: nodes must contain at least one entry [empty]",
    ]


def test_a_text_that_is_far_too_long_is_refused_unread() -> None:
    assert refused("x" * 2_000_001) == [
        "lines: 1 problem",
        "  the text is longer than 2,000,000 characters; a sketch is far shorter [size]",
    ]


def test_a_sketch_that_says_what_the_file_says_differs_in_nothing() -> None:
    text = """\
spec_version: 1
profile: theory-of-change
title: Visits
description: Nurses visit, and hear of symptoms early.
version: "2"
date: 2026-11-22
approach: staged
stages: [protocol]
nodes:
  - {id: visits, column: activities, label: "Home visits: weekly"}
  - {id: report, column: outcomes, label: Symptoms told early, who: patients}
links:
  - {from: visits, to: report, because: patients learn what to look for}
"""
    sketched = LogicModel.from_lines(
        SKETCH,
        profile="theory-of-change",
        title="Visits",
        description="Nurses visit, and hear of symptoms early.",
        version="2",
        date="2026-11-22",
        approach="staged",
        stages=["protocol"],
        who={"report": "patients"},
    )
    assert sketched == LogicModel.from_text(text)
    assert not sketched.diff(LogicModel.from_text(text))


def test_what_a_sketch_cannot_say_is_refused() -> None:
    with pytest.raises(SpecError, match="who: there is no box 'reprt'; name boxes by their ids"):
        parsed(SKETCH, who={"reprt": "patients"})
    with pytest.raises(SpecError, match="unknown key 'verson'; did you mean 'version'"):
        parsed(SKETCH, verson="2")


TWO = "[activities]\na: One\n[outcomes]\nb: Two\n"


@pytest.mark.parametrize(
    ("line", "got"),
    [
        *(("a --> b", "a -"), ("a <-> b", "a <"), ("a <--> b: why", "a <-"), ("a -.-> b", "a -.")),
        *(("a ==> b: why", "a ==> b"), ("a \u2014> b: why", "a \u2014> b")),
        *(("a <- b: why", "a <- b"), ("a \u2194 b: why", "a \u2194 b")),
    ],
)
def test_an_arrow_of_another_form_is_answered_with_what_to_type(line: str, got: str) -> None:
    said = refused(TWO + line)
    assert said[0] == "lines: 1 problem"
    advice = "an arrow is typed a -> b, with one hyphen; for both directions add b -> a"
    assert f"{advice}; got {got!r} [id]" in said[1]


def test_a_hyphen_too_many_without_spaces_is_seen_too() -> None:
    assert "no node 'a-'; an arrow is typed a -> b" in refused(TWO + "a-->b")[1]
    assert "no node 'x'; there are a, b" in refused(TWO + "x -> b")[1]
