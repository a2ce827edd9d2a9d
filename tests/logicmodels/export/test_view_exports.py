"""What a view leaves out, no export of it holds; what it adds, all of them show."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pptx import Presentation

from logicmodels import LogicModel, OptionError
from logicmodels.records import View

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
    for words in ("Shared care plan", "Patients feel known", "Better quality"):
        assert words in whole
        assert words not in part
    assert "For the board" in part


@pytest.mark.parametrize("kind", ["pptx", "drawio", "mermaid"])
def test_the_view_for_implementers_says_who(kind: str, viewed: LogicModel) -> None:
    assert "Who: district nurses" in EXPORTS[kind](viewed, view="implementation")
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
