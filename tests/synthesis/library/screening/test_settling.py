"""One decision out of several: by rules with names, whatever the order of the rows. Made up."""

from __future__ import annotations

from itertools import permutations

import pandas as pd
import pytest

from arrowroot.errors import OptionError
from synthesis.library.screeners import screening_conflicts
from synthesis.library.screening import check_decisions
from synthesis.library.screening_sheets import write_screening_sheets
from synthesis.library.settling import settle

COLUMNS = ["record_id", "stage", "screener", "decision", "reason"]


def settled(stage: str, *said: str, rule: str | None = None) -> tuple[str, str, str]:
    """Settle what p0, p1... said, in every order of the rows, which must give the same."""
    rows = [["a:1", stage, f"p{at}", *([*one.split(": "), ""][:2])] for at, one in enumerate(said)]
    found = {
        tuple(settle(pd.DataFrame(list(some), columns=COLUMNS), rules=rule).iloc[0, 2:])
        for some in permutations(rows)
    }
    (one,) = found
    return one


@pytest.mark.parametrize(
    ("rule", "said", "expected"),
    [
        (None, ("include", "unsure"), ("", "", "conflict")),
        (None, ("unsure", "unsure"), ("", "", "unsure")),
        ("any_include", ("exclude", "unsure"), ("include", "", "any_include")),
        ("any_include", ("exclude", "exclude"), ("exclude", "", "agreed")),
        ("liberal_accelerated", ("include",), ("include", "", "one screener")),
        ("liberal_accelerated", ("exclude",), ("", "", "second needed")),
        ("liberal_accelerated", ("exclude", "exclude"), ("exclude", "", "agreed")),
        ("majority", ("include", "include", "exclude"), ("include", "", "majority")),
        ("majority", ("include", "exclude"), ("", "", "conflict")),
        ("majority", ("include", "exclude", "unsure"), ("", "", "conflict")),
        (None, ("exclude: design", "exclude: age"), ("exclude", "age; design", "agreed")),
    ],
)
def test_rules_at_title_and_abstract(
    rule: str | None, said: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert settled("title_abstract", *said, rule=rule) == expected


def test_differing_reasons_at_full_text_are_a_conflict() -> None:
    assert settled("full_text", "exclude: design", "exclude: age") == (
        "exclude",
        "",
        "reasons differ",
    )
    assert settled("full_text", "exclude: age", "exclude: age") == ("exclude", "age", "agreed")
    rows = pd.DataFrame(
        [
            ["a:1", "full_text", "ann", "exclude", "design"],
            ["a:1", "full_text", "bob", "exclude", "age"],
        ],
        columns=COLUMNS,
    )
    conflicts = screening_conflicts(rows, stage="full_text")
    assert conflicts.loc["a:1"].tolist() == ["exclude (design)", "exclude (age)"]
    last = [["a:1", "full_text", "Consensus", "exclude", "age"]]
    whole = pd.concat([rows, pd.DataFrame(last, columns=COLUMNS)])
    assert screening_conflicts(whole, stage="full_text").empty
    assert settle(whole).iloc[0].tolist()[2:] == ["exclude", "age", "consensus"]


def test_rules_for_titles_have_no_place_at_full_text() -> None:
    rows = pd.DataFrame([["a:1", "full_text", "a", "include", ""]], columns=COLUMNS)
    with pytest.raises(OptionError, match="'any_include' lets doubtful records go on"):
        settle(rows, rules={"full_text": "any_include"})
    with pytest.raises(OptionError, match="rules must be one of 'agree', 'any_include'"):
        settle(rows, rules="loud")


def test_what_people_write_by_hand_is_understood() -> None:
    rows = [
        ["a:1", "Title and abstract", "Ann", "Include", ""],
        ["a:1", "title_abstract", "CONSENSUS", "EXCLUDE", ""],
        ["a:2", "Full text", "ANN", "Maybe", ""],
        ["a:2", "full_text", "Bob", "yes", ""],
    ]
    records = pd.DataFrame({"record_id": ["a:1", "a:2"], "title": "x"})
    found = check_decisions(pd.DataFrame(rows, columns=COLUMNS), records)
    assert found.problems.empty
    assert found.decisions["decision"].tolist() == ["include", "exclude", "unsure", "include"]
    assert found.decisions["screener"].tolist() == ["Ann", "CONSENSUS", "Ann", "Bob"]
    assert settle(found.decisions)["how"].tolist() == ["consensus", "conflict"]


def test_sheets_whose_files_would_be_one(tmp_path: object) -> None:
    records = pd.DataFrame({"record_id": ["a:1"], "title": "x"})
    with pytest.raises(Exception, match=r"files of 'a b', 'a_b' would have the same name"):
        write_screening_sheets(records, ["a b", "a_b"], str(tmp_path), stage="title_abstract")
