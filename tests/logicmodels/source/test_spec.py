from __future__ import annotations

import re
from pathlib import Path

import pytest

from logicmodels import LogicModel, SpecError

DATA = Path(__file__).parents[3] / "data"
GOOD = """\
spec_version: 1
profile: theory-of-change
title: Visits
nodes:
  - {id: a1, column: activities, label: Home visits}
  - {id: o1, column: outcomes, label: Earlier reporting}
  - {id: i1, column: impact, label: Better health}
links:
  - {from: a1, to: o1}
  - {from: o1, to: i1}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        LogicModel.from_text(text, name="model.yaml")
    head, *rest = str(caught.value).split("\n  ")
    assert head == f"model.yaml: {len(rest)} problem{'' if len(rest) == 1 else 's'}"
    return rest


def test_a_model_is_what_its_file_says() -> None:
    model = LogicModel.from_text(GOOD)
    assert [node.id for node in model.nodes] == ["a1", "o1", "i1"]
    assert [(link.source, link.target) for link in model.links] == [("a1", "o1"), ("o1", "i1")]
    assert str(model) == "Visits: 3 boxes, 2 arrows"
    assert model.heading("activities") == "Activities"


@pytest.mark.parametrize(
    "name", sorted(path.parent.name for path in DATA.glob("*/logic_model.yaml"))
)
def test_founding_models_are_read(name: str) -> None:
    model = LogicModel.read(DATA / name / "logic_model.yaml")
    assert model.check().ok


def test_every_field_reaches_its_record() -> None:
    text = GOOD.replace(
        "{from: o1, to: i1}",
        "{from: o1, to: i1, because: They act sooner, role: contributory, theory: programme,"
        " assumptions: [{text: Visits are kept, owner: SC, status: untested}],"
        " evidence: [{outcome: health, estimate: 0.07, ci_low: 0, k: 12, direction: supports}]}",
    )
    text += "process: {stakeholders: 12}\nwaivers: [{rule: W01, on: o1, reason: agreed}]\n"
    model = LogicModel.from_text(text)
    link = model.links[1]
    assert link.because == "They act sooner"
    assert link.role == "contributory"
    assert link.assumptions[0].text == "Visits are kept"
    assert link.assumptions[0].owner == "SC"
    assert link.evidence[0].estimate == 0.07
    assert link.evidence[0].ci_low == 0
    assert link.evidence[0].k == 12
    assert model.process is not None
    assert model.process.stakeholders == 12
    assert model.waivers[0].on == "o1"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "label: Home visits",
            "lable: Home visits",
            [
                "line 5, column 5: the key 'label' is missing [missing-key]",
                "line 5, column 34: unknown key 'lable'; did you mean 'label'? [unknown-key]",
            ],
        ),
        (
            "to: o1}",
            "to: o2}",
            ["line 9, column 20: no node 'o2'; there are a1, o1, i1 [unknown-node]"],
        ),
        (
            "{id: o1,",
            "{id: a1,",
            [
                "line 6, column 10: the id 'a1' is already on line 5; ids must differ"
                " [duplicate-id]",
                "line 9, column 20: no node 'o1'; there are a1, i1 [unknown-node]",
                "line 10, column 12: no node 'o1'; there are a1, i1 [unknown-node]",
            ],
        ),
        (
            "column: outcomes",
            "column: outcome",
            [
                "line 6, column 22: no column 'outcome' in the profile; did you mean 'outcomes'?"
                " [unknown-column]"
            ],
        ),
        (
            "theory-of-change",
            "wisconson",
            [
                "line 2, column 10: no profile 'wisconson'; did you mean 'wisconsin'?"
                " [unknown-profile]"
            ],
        ),
        (
            "label: Home visits",
            "label: [Draft]",
            [
                "line 5, column 41: label must be text; got a list. Put it in quotes if it is"
                " meant as text [type]"
            ],
        ),
        (
            "label: Home visits",
            "label: Bread, fruit and milk",
            [
                "line 5, column 48: unknown key 'fruit and milk'; put a text that contains a comma "
                "in"
                " quotes, if these words are part of one [unknown-key]"
            ],
        ),
        (
            "label: Home visits",
            "label: ",
            ["line 5, column 34: label has no value; enter one [empty]"],
        ),
        (
            "label: Home visits",
            "label: Home visits, by: August 2026",
            [
                "line 5, column 58: by must be a date such as 2026, 2026-08 or 2026-08-31; got"
                " 'August 2026' [value]"
            ],
        ),
        (
            "to: i1}",
            "to: i1, evidence: [{estimate: '0,26', k: 6.5, n: '2,100'}]}",
            [
                "line 10, column 46: estimate must be a number such as 0.26, with a decimal point;"
                " got '0,26' [type]",
                "line 10, column 57: k must be a whole number such as 1200, without commas; got 6.5"
                " [type]",
                "line 10, column 65: n must be a whole number such as 1200, without commas; got"
                " '2,100' [type]",
            ],
        ),
        (
            "to: i1}",
            "to:i1}",
            [
                "line 10, column 5: the key 'to' is missing [missing-key]",
                "line 10, column 16: unknown key 'to:i1'; put a space after the colon of 'to'"
                " [unknown-key]",
            ],
        ),
        (
            "nodes:",
            "boxes:",
            [
                "line 1, column 1: the key 'nodes' is missing [missing-key]",
                "line 4, column 1: unknown key 'boxes'; did you mean 'nodes'? [unknown-key]",
            ],
        ),
        (
            "spec_version: 1",
            "spec_version: 2",
            ["line 1, column 15: spec_version must be 1; got 2 [value]"],
        ),
        (
            "{from: o1, to: i1}",
            "{from: o1, to: i1, feedback: maybe}",
            ["line 10, column 34: feedback must be yes or no; got 'maybe' [type]"],
        ),
        (
            "{from: o1, to: i1}",
            "{from: o1, to: o1}",
            ["line 10, column 5: 'o1' is linked to itself [self-link]"],
        ),
        (
            "{from: o1, to: i1}",
            "{from: a1, to: o1}",
            ["line 10, column 5: the link a1 to o1 is already on line 9 [duplicate-link]"],
        ),
        (
            "{id: a1,",
            "{id: 'a 1',",
            [
                "line 5, column 10: id must start with a letter or digit and contain only letters,"
                " digits, - and _; got 'a 1' [id]",
                "line 9, column 12: no node 'a1'; did you mean 'a 1'? [unknown-node]",
            ],
        ),
        (
            "title: Visits\n",
            "title: Visits\ntitle: Calls\n",
            [
                "line 4, column 1: the key 'title' occurs twice in one mapping; keep one"
                " [duplicate-key]"
            ],
        ),
        (
            "title: Visits\n",
            "",
            ["line 1, column 1: the key 'title' is missing [missing-key]"],
        ),
        (
            "title: Visits",
            "title: ''",
            ["line 3, column 8: title must not be empty [empty]"],
        ),
        (
            "column: impact",
            "column: context",
            [
                "line 10, column 20: 'i1' is context, which is beneath the columns and has no"
                " arrows; remove the arrow, or put the box in a column that has arrows"
                " [context-link]"
            ],
        ),
        (
            "nodes:\n",
            "headings: {outcom: Results}\nnodes:\n",
            [
                "line 4, column 12: no column 'outcom' in the profile; did you mean 'outcomes'?"
                " [unknown-column]"
            ],
        ),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_each_mistake_is_named_with_its_place(old: str, new: str, expected: list[str]) -> None:
    assert old in GOOD
    assert problems(GOOD.replace(old, new, 1)) == expected


def test_a_near_miss_is_suggested_and_a_long_list_cut_short() -> None:
    nodes = "".join(f"  - {{id: outcome{n}, column: outcomes, label: L}}\n" for n in range(20))
    text = GOOD.replace("links:\n", f"{nodes}links:\n").replace("to: o1}", "to: outcom7}")
    assert problems(text) == [
        "line 29, column 20: no node 'outcom7'; did you mean 'outcome7'? [unknown-node]"
    ]
    (only,) = problems(text.replace("outcom7", "zzz"))
    assert only.endswith("outcome8 and 11 more [unknown-node]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD.replace("from: a1", "from: {a: b}"),
         ["line 9, column 12: from must be text; got a mapping. Put it in quotes if it is meant"
          " as text [type]"]),
        (GOOD.replace("from: a1", "from: []"),
         ["line 9, column 12: from has no value; enter one [empty]"]),
        (GOOD + "headings: {1: a}\n",
         ["line 11, column 12: no column '1' in the profile; there are activities, outcomes,"
          " impact, context [unknown-column]"]),
        (GOOD + "1: 2\n",
         ["line 11, column 1: unknown key '1'; there are spec_version, profile, title,"
          " description, version, date, source, columns, headings, approach, stages, locked and 7"
          " more [unknown-key]"]),
        (GOOD + "<<: {a: b}\n",
         ["line 11, column 1: merge keys (<<) are not allowed; write the values out [alias]"]),
        (GOOD.replace("to: i1}", "to: i1, evidence: [{k: -1, direction: up, estimate: .nan}]}"),
         ["line 10, column 39: k must be at least 0; got -1 [value]",
          "line 10, column 54: direction must be 'supports', 'no difference', 'conflicting',"
          " 'adverse', 'not stated' or left out; got 'up' [value]",
          "line 10, column 68: estimate must be a finite number; got nan [value]"]),
        (GOOD.replace("to: i1}", "to: i1, evidence: [{n: " + "9" * 5000 + "}]}"),
         ["line 10, column 39: n must be a whole number such as 1200, without commas; got '"
          + "9" * 56 + "... [type]"]),
    ],
    ids=["mapping", "list", "heading", "number", "merge", "claim", "digits"],
)  # fmt: skip
def test_stranger_mistakes_are_named_too(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


def test_a_date_needs_no_quotes() -> None:
    assert LogicModel.from_text(GOOD + "date: 2026-11-22\n").date == "2026-11-22"


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    text = GOOD.replace("label: Home visits", "label: [3]").replace("to: i1", "to: i9")
    assert [line.split(":")[0] for line in problems(text)] == [
        "line 5, column 41",
        "line 10, column 20",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "",
            "a specification must be a mapping of keys such as title, nodes and links; got nothing",
        ),
        (
            "- a\n",
            "a specification must be a mapping of keys such as title, nodes and links; got a list",
        ),
        (
            "hello",
            "a specification must be a mapping of keys such as title, nodes and links;"
            " got a single value",
        ),
    ],
)
def test_what_is_no_mapping_is_refused(text: str, expected: str) -> None:
    assert problems(text) == [f"line 1, column 1: {expected} [mapping]"]


@pytest.mark.parametrize(
    ("text", "start", "rule"),
    [
        ("title: [a, b", "line 1, column 13: not YAML: expected ',' or ']'", "yaml"),
        ("title: a: b", "line 1, column 9: not YAML: mapping values are not allowed here", "yaml"),
        ("\ttitle: a", "line 1, column 1: not YAML: found character '\\t'", "yaml"),
        ("title: *t", "line 1, column 8: references (*t) are not allowed", "alias"),
        ("a: &a [x]\nb: [*a, *a]", "line 2, column 5: references (*a) are not allowed", "alias"),
        ("title: !!python/object:os.system x", "line 1, column 8: the tag", "tag"),
        ("title: !!str 1", "line 1, column 8: the tag", "tag"),
        ("[" * 40, "line 1, column 21: nested more than 20 levels deep", "depth"),
        ("title: a\x00b", "not YAML:", "yaml"),
        ("title: a\n---\ntitle: b\n", "line 2, column 1: not YAML:", "yaml"),
    ],
    ids=["bracket", "colon", "tab", "alias", "laughs", "python", "str-tag", "deep", "null", "two"],
)
def test_yaml_that_is_broken_or_dangerous_is_refused(text: str, start: str, rule: str) -> None:
    (only,) = problems(text)
    assert only.startswith(start)
    assert only.endswith(f"[{rule}]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nodes:\n  - id: a\n\tlabel: b", "line 3, column 1: .*; indent with spaces"),
        (
            "a:\n  - b: 1\n   c: 2",
            "line 3, column 4: .*begin the keys of one entry in the same column",
        ),
        (
            "a:\n  - b: 1\n  -c: 2",
            "line 3, column 3: .*begin the keys of one entry in the same column",
        ),
        (
            "label: Outcome: care",
            "line 1, column 15: .*; put a text that contains a colon in quotes",
        ),
        ("a: 1\nb:2\nc: 3", "line 2, column 1: put a space after the colon of 'b'"),
        ("a: {b: c", "line 1, column 9: .*; close the bracket"),
        ('title: "Care\nb: 1', "line 1, column 8: .*; close the quotes or bracket"),
        ("label: 'Patients' experience'", "line 1, column 19: .*; put the whole text in quotes"),
        (
            "label: % of patients",
            "line 1, column 8: .*; put a text that begins with that character",
        ),
        ("label: * care", "line 1, column 9: .*; put a text that begins with \\* or & in quotes"),
        ("label: - care", "line 1, column 8: .*; put a text that begins with '- ' in quotes"),
    ],
)
def test_broken_yaml_is_answered_with_what_to_do(text: str, expected: str) -> None:
    (only,) = problems(text)
    assert re.match(expected, only), only


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    (only,) = problems("title: " + "x" * 2_000_001)
    assert only == (
        "the file is larger than 2,000,000 characters; a logic model is far smaller [size]"
    )


def test_unquoted_words_stay_words() -> None:
    text = GOOD.replace("label: Home visits", "label: no").replace("title: Visits", "title: 'on'")
    model = LogicModel.from_text(text)
    assert model.nodes[0].label == "no"
    assert model.title == "on"


def test_files_that_cannot_be_read_say_so(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"none\.yaml: 1 problem\n  the file cannot be read"):
        LogicModel.read(tmp_path / "none.yaml")
    path = tmp_path / "latin.yaml"
    path.write_bytes("title: Pflegequalit\xe4t".encode("latin-1"))
    with pytest.raises(SpecError, match=r"latin\.yaml: 1 problem\n  the file is not UTF-8"):
        LogicModel.read(path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert LogicModel.read(path).title == "Visits"


def test_the_error_is_a_value_error_and_holds_its_problems() -> None:
    with pytest.raises(ValueError, match="2 problems") as caught:
        LogicModel.from_text(GOOD.replace("to: o1", "to: x").replace("to: i1", "to: y"))
    assert isinstance(caught.value, SpecError)
    assert [problem.line for problem in caught.value.problems] == [9, 10]
    assert {problem.rule for problem in caught.value.problems} == {"unknown-node"}
