"""Every field of a model reaches a reader: each gets a word of its own, which is looked for.

The records are read by introspection, so that a field added later fails here until it is shown.
"""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from logicmodels import LogicModel
from logicmodels.figures.views import VIEWS
from logicmodels.model import Model
from logicmodels.records import (
    Actions,
    Applicability,
    Assumption,
    Change,
    Claim,
    Link,
    Node,
    Process,
    Waiver,
)
from logicmodels.source.schema import plain

TEXT = """\
spec_version: 1
profile: theory-of-change
title: Wtitle
description: Wdescription
version: Wversion
date: Wdate
source: Wsource
headings: {activities: Wheadings}
approach: staged
stages: [Wstages]
nodes:
  - id: a
    column: activities
    label: Wlabel
    items: [Witems]
    who: Wwho
    by: 2026-03
    indicators: [Windicators]
    note: Wnote
    short: Wshort
    url: https://example.org/wurl
    actions: [{type: Wtype, count: 731}]
    group: Wgroup
    tags: [Wtags]
    owner: Wkeeper
    model: wmodel.yaml
  - {id: b, column: impact, label: Wtarget, harm: true}
  - {id: c, column: impact, label: Wother}
  - {id: d, column: context, label: Wfactor, acts_on: [a -> b]}
links:
  - from: a
    to: b
    because: Wbecause
    label: Wprinted
    confidence: 61%
    mechanism: Wmechanism
    role: necessary
    theory: programme
    mutual: true
    assumptions: [{text: Wtext, owner: Wowner, status: untested}]
    applicability:
      - {target: Wplace, domain: setting, judgement: unclear, reason: Wreason, finding: Wfinding,
         by: Wjudge, date: Wjudged}
    evidence:
      - {outcome: Woutcome, window: Wwindow, estimate: 1.41, ci_low: 1.21, ci_high: 1.61,
         measure: RR, k: 17, n: 1903, unit: Wunit, direction: supports, certainty: moderate,
         reasons: [Wreasons], citation: Wcitation}
      - {outcome: Wsecond, search: not searched}
  - {from: a, to: c, no_assumption_because: Wneedless}
  - {from: c, to: a, feedback: true}
changelog: [{date: Wchanged, text: Wchange, version: Wnumber, stage: Wstages}]
process: {stakeholders: 397, roles: Wroles, methods: Wmethods, disagreements: Wdisagreements,
          validation: Wvalidation}
used_for: [Wused]
waivers: [{rule: W05, reason: Wwaiver, on: node a}]
"""
MODEL = LogicModel.from_text(TEXT)
WORDS: dict[type, dict[str, str]] = {
    Model: {
        **{name: f"W{name}" for name in ("title", "description", "version", "date", "source")},
        "headings": "Wheadings", "approach": "staged", "stages": "Wstages", "nodes": "Wlabel",
        "links": "wbecause", "changelog": "Wchange", "process": "Wroles", "used_for": "Wused",
        "waivers": "Wwaiver",
    },
    Node: {
        **{name: f"W{name}" for name in ("label", "items", "who", "indicators", "note")},
        "column": "Wheadings", "by": "2026-03", "harm": "(unwanted)", "actions": "731 Wtype",
        "group": "Wgroup", "tags": "Wtags", "owner": "Wkeeper", "model": "wmodel.yaml",
        "acts_on": "Acts on: Wlabel → Wtarget",
    },
    Link: {
        "source": "Wlabel", "target": "Wtarget", "because": "wbecause", "mechanism": "Wmechanism",
        "role": "necessary", "theory": "programme", "assumptions": "wtext",
        "no_assumption_because": "Wneedless", "evidence": "Wcitation", "feedback": "feeds back",
        "mutual": "depends on the other", "applicability": "Wplace",
        "label": "Wprinted", "confidence": "61%",
    },
    Assumption: {"text": "wtext", "owner": "Wowner", "status": "untested"},
    Claim: {
        **{name: f"W{name}" for name in ("outcome", "window", "unit", "reasons", "citation")},
        "estimate": "1.41", "ci_low": "1.21", "ci_high": "1.61", "measure": "RR",
        "k": "17 studies", "n": "1,903", "direction": "supports",
        "certainty": "moderate certainty", "search": "search not done",
    },
    Applicability: {
        "target": "Wplace", "domain": "setting", "judgement": "unclear", "reason": "Wreason",
        "finding": "Wfinding",
    },
    Process: {
        "stakeholders": "397", "roles": "Wroles", "methods": "Wmethods",
        "disagreements": "Wdisagreements", "validation": "Wvalidation",
    },
    Change: {"date": "Wchanged", "text": "Wchange", "version": "Wnumber", "stage": "Wstages"},
    Waiver: {"rule": "W05", "reason": "Wwaiver", "on": "node a"},
    Actions: {"type": "Wtype", "count": "731"},
}  # fmt: skip
"""What the description says of each field."""
ELSEWHERE = {
    (Model, "profile"): "its columns are the figure's",
    (Model, "locked"): "rule P01 compares it",
    (Model, "views"): "they are figures",
    (Model, "origin"): "the text of the file",
    (Model, "remarks"): "`check` shows them",
    (Model, "opened"): "boxes name their files; each is a model with a description of its own",
    (Node, "id"): "not for readers",
    (Node, "short"): "the label of the public view",
    (Node, "url"): "the box links to it",
    (Node, "applicability"): "as that of a link",
    (Node, "comments"): "`comments` shows them",
    (Link, "comments"): "`comments` shows them",
    (Link, "polarity"): "only causal loop maps have it; their prose says it",
    (Link, "delay"): "as polarity",
    (Claim, "snapshot"): "a claim that changed says so",
    (Applicability, "by"): "the table of `applicability` shows it",
    (Applicability, "date"): "the table of `applicability` shows it",
}
FIELDS = [(kind, field.name) for kind in WORDS for field in fields(kind)]
SVG = "{http://www.w3.org/2000/svg}"


@cache
def described() -> str:
    return str(MODEL.describe())


@pytest.mark.parametrize(("kind", "name"), FIELDS)
def test_the_description_says_every_field(kind: type, name: str) -> None:
    if (kind, name) in ELSEWHERE:
        assert name not in WORDS[kind]
        return
    assert WORDS[kind][name] in described()


def test_the_notebook_shows_what_the_text_says() -> None:
    shown = MODEL.describe()._repr_html_()
    for word in ("Wmechanism", "necessary", "programme", "Wnote", "Wneedless", "Wroles", "Wowner"):
        assert word in shown


def heard(**options: Any) -> str:
    """Return the texts and the hover texts of a figure."""
    root = ET.fromstring(MODEL.draw(**options).svg)
    texts = [text.text or "" for text in root.iter(f"{SVG}text")]
    return " ".join([*texts, *(title.text or "" for title in root.iter(f"{SVG}title"))])


ASKED = ("wmechanism", "wnote", "necessary", "programme", "wtext", "wowner", "wneedless")
"""In lower case: what the rules ask of a link, and the note of a box."""


@pytest.mark.parametrize("view", [view for view in VIEWS if view != "public"])
def test_figures_say_what_the_rules_ask_for(view: str) -> None:
    words = heard(view=view).lower()
    assert [word for word in ASKED if word not in words] == []


def test_the_figure_for_implementers_prints_them() -> None:
    root = ET.fromstring(MODEL.draw(view="implementation").svg)
    printed = " ".join(text.text or "" for text in root.iter(f"{SVG}text")).lower()
    assert [word for word in (*ASKED, "wwho", "windicators") if word not in printed] == []
    mermaid = MODEL.to_mermaid(view="implementation").lower()
    assert [word for word in ASKED if word not in mermaid] == []


@pytest.mark.extras
@pytest.mark.parametrize("view", [view for view in VIEWS if view != "public"])
def test_exports_say_what_the_rules_ask_for(view: str) -> None:
    from pptx import Presentation

    (slide,) = Presentation(BytesIO(MODEL.to_pptx(view=view))).slides
    said = " ".join(slide.element.xpath(".//p:cNvPr/@descr"))
    for text in (said, MODEL.to_drawio(view=view), MODEL.to_graphml(view=view)):
        assert [word for word in ASKED if word not in text.lower()] == []


def test_json_says_everything() -> None:
    """`plain` is what a file says; nothing that was read may be missing from it."""
    said = re.findall(r"\bW\w+|\b731\b|\b397\b|\b1903\b", TEXT)
    text = MODEL.to_json()
    assert [word for word in said if word not in text] == []
    assert LogicModel.from_text(text) == MODEL
    assert plain(MODEL)["nodes"][1]["harm"] is True
