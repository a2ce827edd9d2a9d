"""Unwanted effects, in every view and every export. The model is invented, to try them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from logicmodels import LogicModel
from logicmodels.figures import style
from logicmodels.figures.views import VIEWS
from logicmodels.questions.comments import as_shown, is_shown

TEXT = """\
spec_version: 1
profile: theory-of-change
title: Visits
description: Visits and what they do.
nodes:
  - {id: a, column: activities, label: Visits}
  - {id: good, column: outcomes, label: Calm}
  - {id: bad, column: outcomes, label: Worry, harm: true}
  - {id: listed, column: impact, label: Cost, items: [fares], harm: true}
  - {id: around, column: context, label: Rumours, harm: true}
links:
  - {from: a, to: good}
  - {from: a, to: bad, evidence: [{direction: adverse, k: 1, citation: Vale 2015}]}
  - {from: bad, to: listed}
views:
  - {id: few, nodes: [a, bad]}
"""
HARMFUL = LogicModel.from_text(TEXT)
HARMLESS = LogicModel.from_text(TEXT.replace(", harm: true", ""))
SHOWN = [*VIEWS, "few"]
SIGN, KEY = style.HARM_SIGN, style.HARM_KEY
SVG = "{http://www.w3.org/2000/svg}"


def drawn_line(model: LogicModel, view: str, node: str, theme: str | None = None) -> str:
    dot = model.draw(view=view, theme=theme).dot
    (line,) = [one for one in dot.splitlines() if f"id=node_{node} " in one]
    return line


@pytest.mark.parametrize("theme", style.THEMES)
@pytest.mark.parametrize("view", SHOWN)
def test_a_harm_has_its_own_outline_and_sign(view: str, theme: str) -> None:
    bad, calm = drawn_line(HARMFUL, view, "bad", theme), drawn_line(HARMLESS, view, "bad", theme)
    for line, outline in ((bad, True), (calm, False)):
        assert ('style="filled,rounded,dashed"' in line) is outline
        assert (f"penwidth={style.HARM_EDGE:g}" in line) is outline
        assert (f"{SIGN} Worry" in line) is outline
    assert style.THEMES[theme].harm in bad


@pytest.mark.parametrize("view", SHOWN)
def test_a_harm_is_explained_and_said(view: str) -> None:
    root = ET.fromstring(HARMFUL.draw(view=view).svg)
    texts = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert KEY in texts
    titles = [title.text or "" for title in root.iter(f"{SVG}title")]
    assert any("Worry (unwanted)" in title for title in titles)
    assert "marked as unwanted" in (root.findtext(f"{SVG}desc") or "")
    plain = HARMLESS.draw(view=view)
    assert SIGN not in plain.svg
    assert "unwanted" not in plain.svg


@pytest.mark.parametrize("view", SHOWN)
def test_pictures_of_a_harm_differ(view: str) -> None:
    assert HARMFUL.draw(view=view).png != HARMLESS.draw(view=view).png
    assert HARMFUL.draw(view=view).pdf != HARMLESS.draw(view=view).pdf


@pytest.mark.extras
@pytest.mark.parametrize("view", SHOWN)
def test_a_slide_shows_a_harm(view: str) -> None:
    from pptx import Presentation

    (slide,) = Presentation(BytesIO(HARMFUL.to_pptx(view=view))).slides
    shapes = {shape.name: shape for shape in slide.shapes}
    bad = shapes["node_bad"]
    assert bad.text_frame.text.startswith(f"{SIGN} Worry")
    assert bad.line.dash_style is not None
    assert KEY in shapes["notes"].text_frame.text
    assert "Worry (unwanted)" in slide.notes_slide.notes_text_frame.text
    assert "Worry (unwanted)" in bad.element.xpath(".//p:cNvPr/@descr")[0]


@pytest.mark.parametrize("view", SHOWN)
def test_other_programs_show_a_harm(view: str) -> None:
    drawio = ET.fromstring(HARMFUL.to_drawio(view=view))
    (box,) = [one for one in drawio.iter("UserObject") if one.get("id") == "node_bad"]
    assert f"{SIGN} Worry" in box.attrib["label"]
    assert "dashed=1" in next(box.iter("mxCell")).attrib["style"]
    assert any(KEY in one.get("label", "") for one in drawio.iter("UserObject"))
    graphml = HARMFUL.to_graphml(view=view)
    bad = graphml[graphml.index('<node id="bad"') :].partition("</node>")[0]
    assert 'type="dashed"' in bad
    assert f"{SIGN} Worry" in bad
    assert "Worry (unwanted)" in bad
    assert '<data key="node_harm">true</data>' in bad
    assert "marked as unwanted" in graphml
    mermaid = HARMFUL.to_mermaid(view=view)
    assert f'node_bad["#{ord(SIGN)}; Worry' in mermaid
    assert "style node_bad stroke:" in mermaid
    said = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), mermaid).replace("<br/>", " ")
    assert KEY in said
    assert "style node_bad" not in HARMLESS.to_mermaid(view=view)


def test_a_harm_in_context_and_in_words() -> None:
    assert f"{SIGN} Rumours" in HARMFUL.draw().svg
    words = str(HARMFUL.describe())
    for one in ("Worry (unwanted)", "Cost (unwanted): fares", "Rumours (unwanted)"):
        assert f"- {one}" in words
    assert "Worry (unwanted)" in str(HARMFUL.gap_map())
    assert [node.get("harm") for node in json.loads(HARMFUL.to_json())["nodes"]].count(True) == 3


def test_changes_between_versions_leave_a_harm_recognisable() -> None:
    nodes = tuple(
        replace(node, label="More worry") if node.id == "bad" else node for node in HARMFUL.nodes
    )
    figure = replace(HARMFUL, nodes=nodes).diff(HARMFUL).draw()
    (line,) = [one for one in figure.dot.splitlines() if "id=node_bad " in one]
    assert f"{SIGN} More worry" in line
    assert KEY in figure.svg


def test_a_comment_on_a_harm_is_still_about_this_version(tmp_path: Path) -> None:
    sheet = HARMLESS.comment_sheet(tmp_path / "sheet.csv")
    text = sheet.read_text(encoding="utf-8-sig").splitlines()
    (row,) = [one for one in text if one.startswith("bad,")]
    before = row.rpartition(",")[2]
    now = as_shown(HARMFUL, HARMFUL.node("bad"))
    assert now.endswith("Worry (unwanted)")
    assert is_shown(before, "bad", now)
