"""Control characters, which text copied from PDF files contains, in every text of a figure."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from matplotlib.axes import Axes

import synthesis as syn
from synthesis.pooling.results import MetaAnalysis

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
TABLE = pd.DataFrame(  # made up
    {
        "study": ["Oa\x02k 2001", "Elm\x0c 2002", "Ash 2003", "Yew\x1f 2004"],
        "yi": [0.1, 0.3, 0.2, 0.6],
        "vi": [0.02, 0.03, 0.04, 0.05],
        "dose": [1.0, 2.0, 3.0, 4.0],
        "group": ["on\x03e", "on\x03e", "two", "two"],
    }
)
FIGURES: dict[str, Callable[[MetaAnalysis], Axes]] = {
    "forest": lambda fit: syn.forest(fit, title="A\x02B", favours=("a\x02", "b\x02")),
    "subgroups": lambda fit: syn.forest(syn.subgroup_analysis(TABLE, by="group")),
    "outcomes": lambda fit: syn.outcome_forest({"out\x02come": fit}),
    "summary": lambda fit: syn.summary_forest(
        fit.study_frame().rename(columns={"yi": "estimate"}),
        label="study",
        columns={"study": "Stu\x02dy"},
        group="study",
        measure="smd",
    ),
    "funnel": lambda fit: syn.funnel(fit, title="A\x02B"),
    "baujat": lambda fit: syn.baujat_plot(syn.baujat(fit), title="A\x02B"),
    "bubble": lambda fit: syn.bubble(
        syn.meta_regression(TABLE, "~ dose"), "dose", title="A\x02B", label="Do\x02se"
    ),
    "heat": lambda fit: syn.heat(
        pd.DataFrame([[1, 2], [3, 4]], index=["r\x02", "s"], columns=["c\x02", "d"]),
        title="A\x02B",
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_sound_whatever_its_texts_contain(name: str, tmp_path: Path) -> None:
    drawn = FIGURES[name](syn.meta_analysis(TABLE))
    for ending in ("svg", "pdf", "png"):
        syn.save(drawn, tmp_path / f"f.{ending}", dpi=72, title="Fi\x02gure")
    svg = (tmp_path / "f.svg").read_text("utf-8")
    ET.fromstring(svg)
    assert not CONTROLS.search(svg + syn.alt_text(drawn))


def test_words_for_readers_who_cannot_see_a_figure_are_clean() -> None:
    fit = syn.meta_analysis(TABLE)
    for result in (fit, syn.subgroup_analysis(TABLE, by="group"), {"out\x02come": fit}):
        assert not CONTROLS.search(syn.alt_text(result))
    shown = syn.hover(syn.forest(fit))._repr_html_()
    assert "Oak 2001: " in shown
    assert not CONTROLS.search(shown)
