"""Every figure beside the forest and the funnel: in axes given, in a notebook, in a file."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from synthesis import datasets
from synthesis.diagnostics.directions import effect_directions
from synthesis.diagnostics.influence import baujat
from synthesis.diagnostics.multiverse import multiverse
from synthesis.diagnostics.small_studies.trim_fill import trim_and_fill
from synthesis.diagnostics.subsets import gosh
from synthesis.plots.albatross import albatross
from synthesis.plots.baujat import baujat_plot
from synthesis.plots.drapery import drapery
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.effect_direction import effect_direction
from synthesis.plots.funnel import funnel
from synthesis.plots.gosh import gosh_plot
from synthesis.plots.influence import influence_plot
from synthesis.plots.labbe import labbe
from synthesis.plots.normal_quantiles import qq_plot
from synthesis.plots.orchard import orchard
from synthesis.plots.profile import profile_plot
from synthesis.plots.radial import radial
from synthesis.plots.rob import rob_summary, rob_traffic_light
from synthesis.plots.specification import specification_curve
from synthesis.pooling.results import MetaAnalysis

Draw = Callable[..., Axes]


def risks() -> pd.DataFrame:
    """Make synthetic judgements."""
    words = ["low", "some concerns", "high"]
    return pd.DataFrame(
        {
            "study": ["Synthetic 1", "Synthetic 2", "Synthetic 3"],
            **{f"D{i}": words for i in range(1, 6)},
        }
    )


def signed(bcg: MetaAnalysis) -> pd.DataFrame:
    """Give the trials' p-values, from Wald tests of the log risk ratios."""
    from scipy.special import ndtr

    z = bcg.studies["yi"] / np.sqrt(bcg.studies["vi"])
    size = bcg.studies["n_t"] + bcg.studies["n_c"]
    return bcg.studies.assign(p=2 * ndtr(-z.abs()), sign=np.sign(z), n=size)


FIGURES: dict[str, Callable[[MetaAnalysis], tuple[Draw, Any]]] = {
    "specification_curve": lambda fit: (
        specification_curve,
        multiverse(fit.studies, measure="rr", progress=False),
    ),
    "gosh_plot": lambda fit: (gosh_plot, gosh(fit, progress=False)),
    "radial": lambda fit: (radial, fit),
    "qq_plot": lambda fit: (qq_plot, fit),
    "influence_plot": lambda fit: (influence_plot, fit),
    "labbe": lambda fit: (labbe, fit),
    "drapery": lambda fit: (drapery, fit),
    "orchard": lambda fit: (orchard, fit),
    "profile_plot": lambda fit: (profile_plot, fit),
    "albatross": lambda fit: (albatross, signed(fit)),
    "effect_direction": lambda _: (
        effect_direction,
        effect_directions(datasets.load("assink2016"), domain="deltype"),
    ),
    "rob_traffic_light": lambda _: (rob_traffic_light, risks()),
    "rob_summary": lambda _: (rob_summary, risks()),
}


@pytest.fixture(params=sorted(FIGURES))
def figure(request: pytest.FixtureRequest, bcg: MetaAnalysis) -> tuple[Draw, Any]:
    return FIGURES[request.param](bcg)


def test_it_shrinks_into_the_axes_given(
    figure: tuple[Draw, Any], tidy: Callable[[Axes], None]
) -> None:
    draw, result = figure
    sheet = Figure(figsize=(6, 3))
    FigureCanvasAgg(sheet)
    left, right = sheet.add_axes((0, 0, 0.5, 1)), sheet.add_axes((0.5, 0, 0.5, 1))
    assert draw(result, ax=left, title="Left") is left
    assert draw(result, ax=right) is right
    tidy(left)
    # Each half keeps to its side of the middle.
    middle = sheet.bbox.width / 2
    for ax, inside in ((left, lambda b: b.x1 <= middle), (right, lambda b: b.x0 >= middle)):
        drawn = [text for text in ax.texts if text.get_text()]
        assert drawn
        assert all(inside(text.get_window_extent()) for text in drawn)


def test_it_shows_itself_with_words(figure: tuple[Draw, Any]) -> None:
    draw, result = figure
    before = dict(mpl.rcParams)
    ax = draw(result)
    assert isinstance(ax, Sheet)
    shown = ax._repr_mimebundle_()
    assert f'alt="{escape(ax.description)}"' in shown["text/html"]
    assert shown["text/plain"] == repr(ax) == ax.description
    assert shown["application/pdf"].startswith(b"%PDF")
    assert ax.description.endswith(".")
    assert dict(mpl.rcParams) == before


def test_its_title_is_wrapped(figure: tuple[Draw, Any], tidy: Callable[[Axes], None]) -> None:
    draw, result = figure
    tidy(draw(result, title="A title that is longer than any journal would take, " * 3))


SINGLE = (
    *("gosh_plot", "radial", "qq_plot", "labbe", "drapery", "orchard", "profile_plot"),
    *("albatross", "funnel", "baujat_plot"),
)
"""Figures that have their place in one column of a journal."""


@pytest.mark.parametrize("name", SINGLE)
def test_its_text_can_be_read_in_a_single_column(name: str, bcg: MetaAnalysis) -> None:
    """At 90 mm no letter is smaller than the 7 points that Elsevier asks for."""
    more = {
        "funnel": lambda fit: (funnel, trim_and_fill(fit)),
        "baujat_plot": lambda fit: (baujat_plot, baujat(fit)),
    }
    draw, result = {**FIGURES, **more}[name](bcg)
    ax = draw(result)
    sheet = ax.get_figure(root=True)
    assert isinstance(sheet, Figure)
    least = min(text.get_fontsize() for text in ax.texts)
    assert least * 90 / (25.4 * sheet.get_figwidth()) >= 7


def test_marks_stay_on_the_sheet(figure: tuple[Draw, Any]) -> None:
    draw, result = figure
    ax = draw(result)
    sheet = ax.get_figure(root=True)
    assert sheet is not None
    sheet.draw_without_rendering()
    for mark in [*ax.collections, *ax.patches, *ax.lines]:
        box = mark.get_window_extent()
        if mark.get_clip_on() or not np.isfinite(box.bounds).all():
            continue
        assert sheet.bbox.x0 - 1 <= box.x0 and box.x1 <= sheet.bbox.x1 + 1, mark.get_gid()
        assert sheet.bbox.y0 - 1 <= box.y0 and box.y1 <= sheet.bbox.y1 + 1, mark.get_gid()


def test_the_same_figure_gives_the_same_svg(figure: tuple[Draw, Any], tmp_path: Path) -> None:
    draw, result = figure
    pages = []
    for name in ("one.svg", "two.svg"):
        ax = draw(result)
        assert isinstance(ax, Sheet)
        pages.append(ax.save(tmp_path / name).read_bytes())
    assert pages[0] == pages[1]
