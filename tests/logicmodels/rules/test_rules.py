"""Every rule finds what it is for, and nothing in a model that keeps it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from logicmodels import Link, LogicModel, OptionError, SpecError
from logicmodels.rules.check import RULES
from logicmodels.rules.report import Report
from logicmodels.rules.rule import Finding
from logicmodels.rules.ruleset import RuleSet

GOOD = """\
spec_version: 1
profile: theory-of-change
title: Home visits (invented, to try the rules)
description: Visits lead to earlier reporting, and that to better health.
date: 2026-11-22
version: 1
approach: staged
stages: [protocol, synthesis]
used_for: [search, synthesis]
process: {stakeholders: 12, roles: patients and nurses, methods: workshop, validation: by post}
changelog:
  - {date: 2026-11-22, text: First version, stage: protocol}
nodes:
  - {id: a1, column: activities, label: Home visits, by: "2024"}
  - id: o1
    column: outcomes
    label: Earlier reporting of symptoms
    who: patients
    by: 2024-06
    indicators: [days from symptom to call]
  - {id: i1, column: impact, label: Better health, indicators: [EQ-5D]}
  - {id: h1, column: outcomes, label: False alarms, harm: true, who: patients, indicators: [x]}
  - {id: c1, column: context, label: Roads in winter}
links:
  - from: a1
    to: o1
    because: Patients learn warning signs
    mechanism: recognition
    role: contributory
    assumptions: [{text: Visits are kept, owner: SC, status: untested}]
    evidence:
      - outcome: reporting of symptoms
        k: 3
        direction: supports
        certainty: low
        reasons: [imprecision]
        citation: Smith 2019
  - {from: a1, to: h1, because: They worry, role: sufficient, no_assumption_because: trivial}
  - {from: o1, to: i1, because: Treated sooner, role: necessary, no_assumption_because: trivial}
"""
YAML_DATE = GOOD.replace("version: 1\napproach", 'version: "1"\napproach').replace(
    "2026-11-22\nversion", '"2026-11-22"\nversion'
)
YAML_DATE = YAML_DATE.replace("{date: 2026-11-22,", '{date: "2026-11-22",').replace(
    "by: 2024-06", 'by: "2024-06"'
)


def report(*changes: tuple[str, str]) -> Report:
    text = YAML_DATE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return LogicModel.from_text(text).check()


def test_a_model_that_keeps_all_rules_has_no_finding() -> None:
    assert [str(finding) for finding in report()] == []
    assert report().ok
    assert report().exit_code == 0


LINK = "  - {from: o1, to: i1, because: Treated sooner, role: necessary,"


@pytest.mark.parametrize(
    ("rule", "where", "changes"),
    [
        ("S02", "model", [("column: impact", "column: outcomes")]),
        ("S03", "node c2", [("links:\n", "  - {id: c2, column: outcomes, label: Lost}\nlinks:\n")]),
        ("S04", "node a2", [
            ("links:\n", "  - {id: a2, column: activities, label: Leaflets}\nlinks:\n"
             "  - {from: a2, to: h1}\n")]),
        ("S05", "node i1", [(LINK, LINK.replace("necessary", "necessary, feedback: true"))]),
        ("S06", "node i1", [("links:\n", "links:\n  - {from: i1, to: o1}\n")]),
        ("S07", "link a1 -> i1", [("links:\n", "links:\n  - {from: a1, to: i1}\n")]),
        ("S08", "column activities", [
            ("links:\n", "".join(f"  - {{id: x{n}, column: activities, label: L{n}}}\n"
                                 for n in range(10)) + "links:\n")]),
        ("W01", "node o1", [("Earlier reporting of", "Provide knowledge of")]),
        ("W02", "node i1", [("Better health", "Better health and/or mood")]),
        ("W03", "node o1", [("Earlier reporting of", "Number of")]),
        ("W04", "node i1", [("Better health", "Home  Visits")]),
        ("W05", "node o1", [("    who: patients\n", "")]),
        ("C01", "link o1 -> i1", [("because: Treated sooner, ", "")]),
        ("C02", "link a1 -> h1", [(", no_assumption_because: trivial", "")]),
        ("C03", "link a1 -> o1", [(", owner: SC", "")]),
        ("C04", "model", [("  - {id: c1, column: context, label: Roads in winter}\n", "")]),
        ("C05", "model", [("harm: true, ", "")]),
        ("C06", "link o1 -> i1", [("role: necessary, ", "")]),
        ("C07", "link a1 -> o1", [('by: "2024"', 'by: "2025"')]),
        ("C08", "model", [("    mechanism: recognition\n", "")]),
        ("C09", "node i1", [(", indicators: [EQ-5D]", "")]),
        ("E01", "link a1 -> o1", [("        citation: Smith 2019\n", "")]),
        ("E01", "link a1 -> o1", [("Smith 2019\n", "Smith 2019\n        snapshot: abc\n")]),
        ("E02", "link a1 -> o1", [("        k: 3\n", "")]),
        ("E02", "link a1 -> o1", [("        reasons: [imprecision]\n", "")]),
        ("E03", "link a1 -> o1", [("k: 3", "k: 3\n        search: not searched")]),
        ("E04", "link a1 -> o1", [("k: 3", "k: 1"), ("certainty: low", "certainty: moderate")]),
        ("E05", "link a1 -> o1", [("supports", "adverse")]),
        ("E06", "link a1 -> o1", [("outcome: reporting of symptoms", "outcome: mortality")]),
        ("E07", "link a1 -> i1", [
            (LINK, LINK.replace("role: necessary", "role: necessary, evidence:"
             " [{k: 2, direction: supports, citation: Lee 2020}]")),
            ("links:\n", "links:\n  - {from: a1, to: i1}\n")]),
        ("E08", "link a1 -> o1", [("        direction: supports\n", "")]),
        ("P01", "model", [("stage: protocol}", "stage: tea break}")]),
        ("P01", "model", [("approach: staged", "approach: a-priori\nlocked: abc")]),
        ("P02", "model", [('version: "1"\n', "")]),
        ("P03", "model", [(", validation: by post", "")]),
        ("P04", "model", [("used_for: [search, synthesis]\n", "")]),
        ("A01", "model", [("Visits lead to earlier reporting, and that to better health.", "''")]),
        ("A02", "model", [("Visits lead", "In red, visits lead")]),
    ],
)  # fmt: skip
def test_each_rule_finds_what_it_is_for(
    rule: str, where: str, changes: list[tuple[str, str]]
) -> None:
    found = [finding for finding in report(*changes) if finding.rule == rule]
    assert [finding.where for finding in found] == [where]
    assert found[0].message
    assert found[0].source


DRIVERS = """\
spec_version: 1
profile: driver-diagram
title: Falls (invented, to try the rules)
description: Fewer falls.
nodes:
  - {id: aim, column: aim, label: Reduce falls on wards by 30% by 2027}
  - {id: p1, column: primary, label: Safe wards}
  - {id: p2, column: primary, label: Attentive staff}
  - {id: s1, column: secondary, label: Night lights}
  - {id: c1, column: ideas, label: Sensors}
links:
  - {from: c1, to: s1}
  - {from: s1, to: p1}
  - {from: p1, to: aim}
  - {from: p2, to: aim}
"""


@pytest.mark.parametrize(
    ("rule", "where", "old", "new"),
    [
        ("S09", ["column primary"], "id: p2, column: primary", "id: p2, column: secondary"),
        ("S09", ["link c1 -> p1"], "links:\n", "links:\n  - {from: c1, to: p1}\n"),
        ("S10", ["node aim"], " by 30% by 2027", ""),
        ("S10", ["node aim"], " by 2027", ""),
        ("S09", [], "", ""),
        ("S10", [], " by 2027", "', by: '2027"),
    ],
)  # fmt: skip
def test_driver_diagrams_have_rules_of_their_own(
    rule: str, where: list[str], old: str, new: str
) -> None:
    text = DRIVERS.replace("label: Reduce falls on wards by 30% by 2027", "label: 'Reduce falls on"
                           " wards by 30% by 2027'")  # fmt: skip
    report = LogicModel.from_text(text.replace(old, new, 1) if old else text).check()
    found = [one.where for one in report if one.rule == rule]
    assert found[:1] == where


THREE_LEVELS = """\
spec_version: 1
profile: driver-diagram
title: Falls (invented, to try the rules)
description: Fewer falls.
nodes:
  - {id: aim, column: aim, label: Reduce falls by 30% by 2027}
  - {id: p1, column: primary, label: Safe wards}
  - {id: p2, column: primary, label: Attentive staff}
  - {id: s1, column: secondary, label: Night lights}
  - {id: s2, column: secondary, label: Rounds every hour}
links: [s1 -> p1, s2 -> p2, p1 -> aim, p2 -> aim]
"""


def of_rules(text: str) -> dict[str, str]:
    return {one.rule: one.severity for one in LogicModel.from_text(text).check()}


def test_a_driver_diagram_without_change_ideas_is_no_error() -> None:
    found = of_rules(THREE_LEVELS)
    assert found["S02"] == "info"
    assert not {"S05", "S09", "S10", "W03", "W05", "C04"} & set(found)
    chosen = RuleSet(severity={"S02": "error"})
    severities = {
        one.rule: one.severity for one in LogicModel.from_text(THREE_LEVELS).check(chosen)
    }
    assert severities["S02"] == "error", "an organisation may ask for them"
    no_aim = THREE_LEVELS.replace("column: aim", "column: secondary")
    assert not LogicModel.from_text(no_aim).check().ok, "an aim belongs in every diagram"


def test_measures_of_a_driver_diagram_are_neither_context_nor_steps() -> None:
    box = "  - {id: m, column: measures, label: Number of falls a month}\n"
    measured = THREE_LEVELS.replace("links:", f"{box}links:")
    assert not {"C04", "W03", "C09", "S03"} & set(of_rules(measured))
    assert "C09" in of_rules(THREE_LEVELS), "without measures, an indicator is asked for"


def test_a_level_that_is_left_out_is_not_skipped() -> None:
    two = THREE_LEVELS.replace("column: secondary", "column: ideas")
    assert "S09" not in of_rules(two)


def test_a_model_that_begins_with_outcomes_is_not_asked_what_comes_before() -> None:
    text = """\
spec_version: 1
profile: theory-of-change
title: T (invented)
nodes:
  - {id: o, column: outcomes, label: Trust}
  - {id: p, column: outcomes, label: Calm}
  - {id: i, column: impact, label: Health}
  - {id: j, column: impact, label: Joy}
links: [o -> i, p -> i]
"""
    found = [one.where for one in LogicModel.from_text(text).check() if one.rule == "S05"]
    assert found == ["node j"]


def test_ids_that_only_python_can_break_are_found_alone() -> None:
    model = LogicModel.from_text(YAML_DATE)
    broken = replace(
        model, nodes=(*model.nodes, model.nodes[0]), links=(*model.links, Link("a1", "zz"))
    )
    assert [(one.rule, one.where) for one in broken.check()] == [
        ("S01", "node a1"),
        ("S01", "link a1 -> zz"),
    ]


def test_every_rule_is_unlike_every_other_and_names_its_source() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.title and rule.source for rule in RULES)
    assert {rule.severity for rule in RULES} == {"error", "warn", "info"}


def test_words_alone_never_make_an_error() -> None:
    assert all(rule.severity != "error" for rule in RULES if rule.id.startswith("W"))


def test_a_waiver_moves_a_finding_aside_with_its_reason() -> None:
    off = (", indicators: [EQ-5D]", "")
    waiver = "waivers: [{rule: C09, on: i1, reason: measured elsewhere}]\n"
    waived = report(off, ("nodes:\n", f"{waiver}nodes:\n"))
    assert not waived.findings
    ((finding, why),) = waived.waived
    assert (finding.rule, finding.where, why.reason) == ("C09", "node i1", "measured elsewhere")
    elsewhere = report(off, ("nodes:\n", f"{waiver.replace('i1', 'o1')}nodes:\n"))
    assert [one.rule for one in elsewhere] == ["C09"]


@pytest.mark.parametrize("waivers", [
    "waivers: [{rule: C09, reason: measured elsewhere}]",
    "waivers: {C09: measured elsewhere}",
    "waivers:\n  C09: measured elsewhere",
    "waivers: {C09 i1: measured elsewhere}",
    "waivers: {'C09 node i1': measured elsewhere}",
])  # fmt: skip
def test_a_rule_is_waived_in_one_line_of_a_file(waivers: str) -> None:
    off = (", indicators: [EQ-5D]", "")
    waived = report(off, ("nodes:\n", f"{waivers}\nnodes:\n"))
    assert not waived.findings
    assert str(waived).splitlines()[1:] == ["  waived C09 node i1: measured elsewhere"]
    assert "<li>waived C09 node i1: measured elsewhere</li>" in waived._repr_html_()


def test_a_rule_is_waived_in_a_call() -> None:
    model = LogicModel.from_text(YAML_DATE.replace(", indicators: [EQ-5D]", ""))
    found = model.check(waive={"C09": "measured elsewhere"})
    assert [why.reason for _, why in found.waived] == ["measured elsewhere"]
    assert [one.rule for one in model.check(waive={"C09 o1": "measured elsewhere"})] == ["C09"]
    assert not model.check(waive={"C09 i1": "measured elsewhere"}).findings


@pytest.mark.parametrize(
    ("waive", "message"),
    [
        ({"C99": "why"}, "waive: there is no rule 'C99'"),
        ({"c05": "why"}, "there is no rule 'c05'. Did you mean 'C05'?"),
        ({"C05": " "}, "waive: C05 has no reason; write waive={"),
        ({"C05": None}, "waive: C05 has no reason"),
        (["C05"], "waive must give a reason for each rule: write waive={"),
    ],
)
def test_a_waiver_without_rule_or_reason_is_refused(waive: Any, message: str) -> None:
    with pytest.raises(OptionError, match=re.escape(message)):
        LogicModel.from_text(YAML_DATE).check(waive=waive)


def test_a_waiver_of_no_rule_is_remarked_on() -> None:
    found = report(("nodes:\n", "waivers: {C55: agreed}\nnodes:\n"))
    assert found.remarks == (
        "the waiver of 'C55' has no effect: there is no such rule. Did you mean 'C05'?",
    )


def test_a_house_switches_rules_off_and_sets_limits(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("severity: {C09: off, W05: error}\n", encoding="utf-8")
    (tmp_path / "house.yaml").write_text(
        "extends: base.yaml\nseverity: {W05: info}\nlimits: {S08: {column: 1}}\n", encoding="utf-8"
    )
    chosen = RuleSet.read(tmp_path / "house.yaml")
    assert chosen.severity == {"C09": "off", "W05": "info"}
    model = LogicModel.from_text(YAML_DATE.replace(", indicators: [EQ-5D]", ""))
    found = model.check(tmp_path / "house.yaml")
    assert [(one.rule, one.where) for one in found] == [("S08", "column outcomes")]
    assert [one.rule for one in model.check()] == ["C09"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("severity: {Z9: off}", "there is no rule 'Z9'; there are S01"),
        ("severity: {S02: fatal}", "severity of S02 must be one of 'error', 'warn', 'info', 'off'"),
        ("limits: {S08: {rows: 3}}", "S08 has no limit 'rows'; it has 'column', 'view'"),
        ("limits: {S08: {view: many}}", "limit 'view' of S08 must be a whole number"),
        ("limits: {S02: {view: 3}}", "S02 has no limit 'view'; it has none"),
    ],
)
def test_what_no_rule_knows_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "house.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(OptionError, match=message):
        LogicModel.from_text(YAML_DATE).check(tmp_path / "house.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("extends: ../other.yaml", "line 1, column 1: extends must name a file in the same folder"),
        ("extends: house.yaml", "line 1, column 1: extends 'house.yaml' makes a loop of rule sets"),
        ("sevrity: {}", "line 1, column 1: unknown key 'sevrity'"),
        ("severity: [S01]", "line 1, column 1: severity must be a mapping by rule"),
        ("limits: {S08: 3}", "line 1, column 1: limits must contain a mapping for each rule"),
        ("- S01", "line 1, column 1: a rule set must be a mapping"),
    ],
)
def test_a_rule_set_that_is_none_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "house.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=message):
        RuleSet.read(tmp_path / "house.yaml")


def test_the_report_reads_as_text_table_json_and_sarif() -> None:
    found = report((", indicators: [EQ-5D]", ""), ("Better health", "<b>Better</b>"))
    assert str(found).splitlines() == [
        "Home visits (invented, to try the rules): 0 error, 0 warn, 1 info; 43 rules checked",
        "  info  C09  node i1: how would you know that '<b>Better</b>'? name an indicator"
        " (University of Wisconsin-Extension, logic model checklist (testable))",
    ]
    assert "&lt;b&gt;Better" in found._repr_html_()
    assert "<b>Better" not in found._repr_html_()
    assert json.loads(found.to_json())["findings"] == found.to_records()
    sarif = json.loads(found.to_sarif("model.yaml"))
    (run,) = sarif["runs"]
    assert sarif["version"] == "2.1.0"
    assert [(one["ruleId"], one["level"]) for one in run["results"]] == [("C09", "note")]
    assert len(run["tool"]["driver"]["rules"]) == 43


def test_a_rule_that_fails_everywhere_is_one_row_with_nothing_lost() -> None:
    many = tuple(Finding("C01", "warn", f"link {n}", "it says no why", "Here") for n in range(30))
    one = Finding("W05", "info", "node a", "it is long", "There")
    shown = Report("Draft", (*many, one), (), ())._repr_html_()
    rows = re.findall("<tr>.*?</tr>", shown)
    assert len(rows) == 3
    assert "<summary>and 26 more</summary>" in rows[1]
    assert re.findall(r"<b>(.*?)</b>", shown) == [finding.where for finding in (*many, one)]
    assert rows[1].index("link 3<") < rows[1].index("<details>") < rows[1].index("link 4<")


def sketch(arrows: int) -> Report:
    """Return the check of a model of so many arrows, none of which says why."""
    nodes = "".join(f"  - {{id: o{n}, column: outcomes, label: L{n}}}\n" for n in range(arrows))
    text = f"""\
spec_version: 1
profile: theory-of-change
title: Sketch (invented)
nodes:
  - {{id: a, column: activities, label: A}}
{nodes}links:
  - {{from: a, to: [{", ".join(f"o{n}" for n in range(arrows))}]}}
"""
    return LogicModel.from_text(text).check()


def test_a_report_begins_with_the_three_rules_that_matter_most() -> None:
    found = sketch(30)
    head, what, *first = str(found).splitlines()[:5]
    assert head.startswith("Sketch (invented): 2 error, ")
    assert what == "  What matters most:"
    assert [one.split()[:2] for one in first] == [["1.", "S02"], ["2.", "A01"], ["3.", "C01"]]
    assert first[2] == (
        "  3. C01 (A link has a rationale), in 30 arrows: why should one lead to the other? say so"
        " under `because`"
    )
    shown = found._repr_html_()
    assert shown.startswith("<table><caption") and shown.index("What matters most") < 200
    assert shown.index("A link has a rationale") < shown.index("Sketch (invented): 2 error")
    severities = [one["severity"] for one in found.to_records()]
    assert severities == sorted(severities, key=["error", "warn", "info"].index)


def test_a_rule_that_fails_everywhere_is_one_line_and_all_lines_on_request() -> None:
    found = sketch(30)
    lines = [line for line in str(found).splitlines() if line.startswith("  warn  C01")]
    assert lines == [
        "  warn  C01  in 30 arrows: why should one lead to the other? say so under `because`"
        " (Davies 2018, Representing theories of change; TOCO)"
    ]
    varied = [line for line in str(found).splitlines() if line.startswith("  info  C09")]
    assert len(varied) == 5
    assert "  and in 26 more boxes (" in varied[-1]
    every = [line for line in found.full().splitlines() if line.startswith("  warn  C01")]
    assert len(every) == 30
    assert "  warn  C01  link a -> o29: why" in every[-1]
    assert len(found.to_frame()) == len(found) == len(found.findings)
    assert str(found).endswith("  Each finding on its own line: full() or to_frame().")
    assert "own line" not in str(sketch(3))


def test_an_error_makes_the_exit_code_one() -> None:
    broken = report(("column: impact", "column: outcomes"))
    assert (broken.ok, broken.exit_code) == (False, 1)
    assert broken.findings[0].severity == "error"


def test_a_thousand_boxes_and_three_thousand_links_are_checked() -> None:
    nodes = "".join(f"  - {{id: n{n}, column: outcomes, label: L{n}}}\n" for n in range(1000))
    model = LogicModel.from_text(
        "spec_version: 1\nprofile: theory-of-change\ntitle: Large\nnodes:\n" + nodes
    )
    links = tuple(Link(f"n{n}", f"n{(n + step) % 1000}") for n in range(1000) for step in (1, 2, 3))
    counts = replace(model, links=links).check().counts()
    assert counts["error"] >= 2
