"""What a view leaves out, no export of it holds; what it adds, all of them show."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pptx import Presentation

from logicmodels import LogicModel, OptionError, RenderError
from logicmodels.records import View

ROOT = Path(__file__).parents[3]
OWN = View("board", title="For the board", nodes=("a1", "o1", "i1"), show="evidence")


def slide_text(model: LogicModel, **options: Any) -> str:
    (slide,) = Presentation(BytesIO(model.to_pptx(**options))).slides
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    said = [one.get("descr", "") for one in slide.element.iter() if one.get("descr")]
    return "\n".join([*texts, *said, slide.notes_slide.notes_text_frame.text])


def mermaid_text(model: LogicModel, **options: Any) -> str:
    drawn = model.to_mermaid(**options).replace("<br/>", " ")
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), drawn)


EXPORTS: dict[str, Callable[..., str]] = {
    "pptx": slide_text,
    "drawio": LogicModel.to_drawio,
    "graphml": LogicModel.to_graphml,
    "mermaid": mermaid_text,
}


@pytest.fixture
def viewed(tangle: LogicModel) -> LogicModel:
    first, *others = tangle.nodes
    longer = replace(first, who="district nurses", short="Visits")
    return replace(tangle, nodes=(longer, *others), views=(OWN,))


@pytest.mark.parametrize("kind", EXPORTS)
def test_a_view_of_a_part_gives_that_part_and_no_more(kind: str, viewed: LogicModel) -> None:
    whole, part = EXPORTS[kind](viewed), EXPORTS[kind](viewed, view="board")
    for words in ("Nurse home visits", "Earlier symptom", "Fewer emergency"):
        assert words in whole
        assert words in part
    rest = re.sub(r"(?:Causes|Effects) that are left out:? [^.]*\.", "", part)
    for words in ("Shared care plan", "Patients feel known", "Better quality"):
        assert words in whole
        assert words not in rest, "only named as left out"
    assert rest != part
    assert "For the board" in part


@pytest.mark.parametrize("kind", ["pptx", "drawio", "mermaid"])
def test_the_view_for_implementers_says_who(kind: str, viewed: LogicModel) -> None:
    assert "Who: district nurses" in EXPORTS[kind](viewed, view="implementation")
    if kind != "pptx":  # its notes describe the whole model
        assert "Who: district nurses" not in EXPORTS[kind](viewed)


@pytest.mark.parametrize("kind", EXPORTS)
def test_the_public_sees_short_labels(kind: str, viewed: LogicModel) -> None:
    drawn = EXPORTS[kind](viewed, view="public")
    assert "Visits" in drawn
    assert "Nurse home visits" not in drawn


@pytest.mark.parametrize("kind", EXPORTS)
def test_an_unknown_view_is_refused(kind: str, viewed: LogicModel) -> None:
    with pytest.raises(OptionError, match="view must be one of"):
        EXPORTS[kind](viewed, view="bord")


def linked(model: LogicModel, url: str) -> LogicModel:
    first, *others = model.nodes
    return replace(model, nodes=(replace(first, url=url), *others))


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "reports/visits.html"])
def test_a_box_links_where_its_file_says(url: str, tangle: LogicModel) -> None:
    (slide,) = Presentation(BytesIO(linked(tangle, url).to_pptx())).slides
    clicks = {
        shape.name: shape.click_action.hyperlink.address
        for shape in slide.shapes
        if shape.name.startswith(("node_", "heading_"))
    }
    assert clicks.pop("node_a1") == url
    assert set(clicks.values()) == {None}
    root = ET.fromstring(linked(tangle, url).to_drawio())
    links = {one.attrib["id"]: one.get("link") for one in root.iter("UserObject")}
    assert links.pop("node_a1") == url
    assert set(links.values()) == {None}
    assert url in ET.fromstring(linked(tangle, url).to_graphml()).itertext()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
@pytest.mark.parametrize("kind", ["pptx", "drawio", "graphml"])
def test_a_box_made_in_python_links_to_no_program(kind: str, url: str, tangle: LogicModel) -> None:
    with pytest.raises(RenderError, match="url must begin with http"):
        EXPORTS[kind](linked(tangle, url))


def test_shapes_are_read_from_left_to_right_whichever_way_arrows_run() -> None:
    salford = LogicModel.read(ROOT / "data" / "salford" / "logic_model.yaml")
    (slide,) = Presentation(BytesIO(salford.to_pptx())).slides
    heads = [shape.left for shape in slide.shapes if shape.name.startswith("heading_")]
    assert heads == sorted(heads)


def test_a_figure_saves_what_its_name_ends_in(viewed: LogicModel, tmp_path: Path) -> None:
    figure = viewed.draw(view="evidence", theme="print", title=False)
    for kind, method in (
        ("pptx", viewed.to_pptx),
        ("drawio", viewed.to_drawio),
        ("mmd", viewed.to_mermaid),
        ("graphml", viewed.to_graphml),
    ):
        options = {"title": False} if kind in ("pptx", "drawio") else {}
        wanted = method(view="evidence", theme="print", **options)
        held = figure.save(tmp_path / f"model.{kind}").read_bytes()
        assert held == (wanted.encode() if isinstance(wanted, str) else wanted)


def test_what_changed_can_be_edited_as_a_slide(viewed: LogicModel, tmp_path: Path) -> None:
    first, *others = viewed.nodes
    newer = replace(viewed, nodes=(replace(first, label="Visits by nurses"), *others))
    path = newer.diff(viewed).draw().save(tmp_path / "changes.pptx")
    (slide,) = Presentation(str(path)).slides
    texts = {shape.name: shape.text_frame.text for shape in slide.shapes if shape.has_text_frame}
    assert texts["mark_a1"] == "~"
    assert "Visits by nurses" in texts["notes"]


def test_the_model_is_not_changed_by_exporting_it(viewed: LogicModel) -> None:
    before = viewed.fingerprint
    for export in EXPORTS.values():
        export(viewed, view="board")
    assert viewed.fingerprint == before
