"""Views that show a part of a model say so, and what is left out. The model is invented."""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest

from logicmodels import LogicModel
from logicmodels.figures.views import VIEWS

MODEL = LogicModel.from_text(
    """\
spec_version: 1
profile: theory-of-change
title: Visits
nodes:
  - {id: money, column: activities, label: Money}
  - {id: far, column: activities, label: Vans}
  - {id: a, column: activities, label: Visits, short: Calls}
  - {id: letters, column: activities, label: Letters sent, short: Post}
  - {id: trust, column: outcomes, label: Trust}
  - {id: health, column: impact, label: Health}
links:
  - {from: money, to: a}
  - {from: far, to: money}
  - {from: a, to: trust}
  - {from: letters, to: trust, mutual: true}
  - {from: trust, to: health}
views:
"""
    + "".join(f"  - {{id: part-{show}, nodes: [a, trust], show: {show}}}\n" for show in VIEWS)
    + "  - {id: all, title: Everything}\n"
)


def remark(letters: str) -> str:
    return (
        "Part of the model: 4 of 6 boxes of the model are left out. Causes that are left out: "
        f"Money; {letters}. Effects that are left out: {letters}; Health."
    )


@pytest.mark.extras
@pytest.mark.parametrize("show", VIEWS)
def test_every_picture_of_a_part_says_what_is_left_out(show: str) -> None:
    view, said = f"part-{show}", remark("Post" if show == "public" else "Letters sent")
    figure = MODEL.draw(view=view)
    root = ET.fromstring(figure.svg)
    texts = [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert said in " ".join(texts)
    assert said in figure.description
    from pptx import Presentation

    (slide,) = Presentation(BytesIO(MODEL.to_pptx(view=view))).slides
    assert said in "\n".join(one.text_frame.text for one in slide.shapes if one.has_text_frame)
    assert said in MODEL.to_drawio(view=view)
    assert said in MODEL.to_graphml(view=view)
    mermaid = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), MODEL.to_mermaid(view=view))
    assert said in mermaid.replace("<br/>", " ")
    assert "Vans" not in figure.svg, "neither cause nor effect of what is shown"


@pytest.mark.parametrize("view", [*VIEWS, "all"])
def test_a_picture_of_everything_says_nothing_of_the_kind(view: str) -> None:
    assert "left out" not in MODEL.draw(view=view).svg
