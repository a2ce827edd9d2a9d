"""Views: one model, and what each audience sees of it. The model is invented, to try them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from logicmodels import LogicModel, OptionError, SpecError
from logicmodels.figures.model_scene import scene
from logicmodels.figures.placing import layout
from logicmodels.figures.views import VIEWS, look_at

DATA = Path(__file__).parents[3] / "data"
SVG = "{http://www.w3.org/2000/svg}"
TEXT = """\
spec_version: 1
profile: theory-of-change
title: Home visits
nodes:
  - id: visits
    column: activities
    label: Home visits in the first fortnight after a stay in hospital
    short: Home visits
    items: [by nurses, twice a week]
    who: community nurses
    by: 2026-03
    indicators: [share visited, visits per week]
  - {id: told, column: outcomes, label: Symptoms told early, who: patients}
  - {id: less, column: impact, label: Fewer admissions}
  - {id: roads, column: context, label: Roads in winter}
links:
  - from: visits
    to: told
    theory: implementation
    assumptions: [{text: Visits are kept., owner: SC, status: untested}]
    evidence: [{direction: supports, k: 3, estimate: 0.26, measure: SMD, certainty: low,
                reasons: [bias], citation: Smith 2019, snapshot: abc}]
  - {from: told, to: less, theory: programme}
views:
  - {id: nurses, title: What nurses do, columns: [activities], nodes: [told],
     show: implementation, theme: print}
  - {id: whole}
"""
MODEL = LogicModel.from_text(TEXT)


def shown(model: LogicModel, view: str) -> str:
    """Return all text of a figure on one line."""
    root = ET.fromstring(model.draw(view=view).svg)
    return " ".join(text.text or "" for text in root.iter(f"{SVG}text"))


def said(model: LogicModel, view: str) -> list[str]:
    root = ET.fromstring(model.draw(view=view).svg)
    return [title.text or "" for title in root.findall(f".//{SVG}g/{SVG}title")]


def test_the_implementation_view_shows_what_an_implementer_needs() -> None:
    text = shown(MODEL, "implementation")
    for needed in (
        "Who: community nurses",
        "By: 2026-03",
        "Indicators: share visited, visits",
        "Assumptions",
        "Visits are kept (SC, untested).",
        "Thick arrows: what has to be delivered as planned.",
    ):
        assert needed in text
    dot = MODEL.draw(view="implementation").dot
    widths = re.findall(r"id=link_\d.*?penwidth=([\d.]+)", dot)
    assert widths == ["2.4"], "the arrow of the programme theory is drawn as ever"
    words = said(MODEL, "implementation")
    assert any(one.endswith("has to be delivered as planned.") for one in words)
    assert any("Who: community nurses. By: 2026-03" in one for one in words)


def test_the_public_view_has_short_labels_and_plain_words() -> None:
    text = shown(MODEL, "public")
    assert "Home visits" in text
    assert "fortnight" not in text
    assert "by nurses" not in text
    assert "+ research supports this" in text
    assert "? nobody has looked yet" in text
    everything = f"{text} {' '.join(said(MODEL, 'public'))}"
    for jargon in ("SMD", "0.26", "certainty", "abc", "E01", "Smith", "supported", "untested"):
        assert jargon not in everything
    assert "Home visits leads to Symptoms told early; research supports this." in everything


def test_the_public_sees_larger_text_in_a_figure_no_wider_than_usual() -> None:
    def size(view: str) -> tuple[float, float]:
        figure = ET.fromstring(LogicModel.read(DATA / "sixcs/logic_model.yaml").draw(view=view).svg)
        width, height = (float(figure.attrib[side]) for side in ("width", "height"))
        box = [float(one) for one in figure.attrib["viewBox"].split()]
        scale = re.search(r"scale\(([\d.]+)", next(figure.iter(f"{SVG}g")).attrib["transform"])
        assert scale is not None
        text = next(figure.iter(f"{SVG}text"))
        assert height > 0
        return width, float(text.attrib["font-size"]) * float(scale[1]) * width / box[2]

    (usual, small), (width, large) = size("overview"), size("public")
    assert large / small == pytest.approx(1.35, abs=0.05)  # Graphviz rounds its scale and its size
    assert width < 1.35 * usual


def test_a_model_without_evidence_has_a_public_view_too() -> None:
    model = replace(MODEL, links=tuple(replace(link, evidence=()) for link in MODEL.links))
    assert "research" not in shown(model, "public")


def test_a_view_of_its_own_shows_its_part_under_its_title_and_theme() -> None:
    seen = look_at(MODEL, "nurses", None)
    assert [node.id for node in seen.model.nodes] == ["visits", "told"]
    assert [(link.source, link.target) for link in seen.model.links] == [("visits", "told")]
    assert seen.theme == "print"
    assert look_at(MODEL, "nurses", "contrast").theme == "contrast"
    text = shown(MODEL, "nurses")
    assert "What nurses do" in text
    assert "Who: community nurses" in text
    assert (
        "2 of 4 boxes of the model are left out. Effects that are left out: Fewer admissions."
        in text
    )
    assert text.count("Fewer admissions") == 1
    assert "2 of 4 boxes of the model are left out." in MODEL.draw(view="nurses").description
    assert look_at(MODEL, "whole", None).model == MODEL


def test_a_view_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(
        OptionError, match=r"'evidence', .*'public', 'nurses', 'whole'; got 'doctors'"
    ):
        MODEL.draw(view="doctors")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("id: whole", "id: public", "line 27, column 10: there is a view 'public' already (every"
         " model has it); choose another id [duplicate-id]"),
        ("id: whole", "id: nurses", "line 27, column 10: there is a view 'nurses' already (line"
         " 25); choose another id [duplicate-id]"),
        ("columns: [activities]", "columns: [activity]", "line 25, column 51: no column"
         " 'activity'; did you mean 'activities'? [unknown-column]"),
        ("nodes: [told]", "nodes: [tld]", "line 25, column 72: no node 'tld'; did you mean"
         " 'told'? [unknown-node]"),
        ("show: implementation", "show: all", "line 26, column 12: show must be 'overview',"
         " 'evidence', 'applicability', 'implementation' or 'public'; got 'all' [value]"),
    ],
)  # fmt: skip
def test_a_view_that_cannot_be_is_refused_where_it_stands(old: str, new: str, problem: str) -> None:
    assert old in TEXT
    with pytest.raises(SpecError) as caught:
        LogicModel.from_text(TEXT.replace(old, new, 1))
    assert problem in [str(one) for one in caught.value.problems]


@pytest.mark.parametrize("view", [*VIEWS, "nurses"])
@pytest.mark.parametrize("name", ["ours", "sixcs", "case_management"])
def test_every_view_can_be_drawn_and_placed_without_overlap(name: str, view: str) -> None:
    model = MODEL if name == "ours" else LogicModel.read(DATA / name / "logic_model.yaml")
    if view == "nurses" and name != "ours":
        view = "overview"
    seen = look_at(model, view, None)
    drawn = layout(seen.model, overlay=seen.overlay)
    boxes = list(drawn.boxes.values())
    assert not any(
        one.overlaps(other) for place, one in enumerate(boxes) for other in boxes[:place]
    )
    assert model.draw(view=view).png.startswith(b"\x89PNG")
    assert len(scene(model, view=view).arrows) == len(seen.model.links)


def test_short_labels_and_views_are_written_and_leave_the_lock_as_it_is() -> None:
    text = replace(MODEL, origin="").to_yaml()
    assert LogicModel.from_text(text) == MODEL
    plain = replace(MODEL, nodes=tuple(replace(node, short="") for node in MODEL.nodes), views=())
    assert plain.fingerprint == MODEL.fingerprint


HOSTILE = [
    "<script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    '"; a -> b; x [label="',
    r"\N \G \L",
    "<b>bold</b> & <TABLE><TR><TD>x</TD></TR></TABLE>",
    "bell\x07 \u202eleft",
    "a" * 5_000,
]


@pytest.mark.parametrize("view", ["implementation", "public", "nurses"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_nothing_but_text_in_every_view(text: str, view: str) -> None:
    first, *others = MODEL.nodes
    link, *rest = MODEL.links
    model = replace(
        MODEL,
        title=text,
        nodes=(replace(first, short=text, who=text, by=text, indicators=(text,)), *others),
        links=(
            replace(link, assumptions=(replace(link.assumptions[0], text=text, owner=text),)),
            *rest,
        ),
        views=(replace(MODEL.views[0], title=text, description=text), MODEL.views[1]),
    )
    tags = {element.tag for element in ET.fromstring(MODEL.draw(view=view).svg).iter()}
    root = ET.fromstring(model.draw(view=view).svg)
    assert {element.tag for element in root.iter()} <= tags
    for element in root.iter():
        assert not any(name.startswith("on") or "href" in name for name in element.attrib)
    assert model.draw(view=view).pdf.startswith(b"%PDF")
