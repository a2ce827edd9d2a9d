"""Figures that answer: each study's receipt where its row or its point is."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

import synthesis as syn
from arrowroot.errors import OptionError
from arrowroot.lab.pictures import picture_in
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.drawing.hover_targets import spots_of
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def test_every_row_answers_where_it_is_drawn(bcg: MetaAnalysis) -> None:
    ax = syn.forest(bcg)
    spots = syn.hover(ax).spots
    assert [spot.words.split(":")[0] for spot in spots[:-1]] == bcg.studies["study"].tolist()
    assert spots[-1].words == bcg.sentence()
    for spot, text in zip(
        spots, _texts(ax, [*bcg.studies["study"], "Total (95% CI)"]), strict=True
    ):
        box = text.get_window_extent()
        figure = ax.figure.bbox
        across, down = box.x0 / figure.width, 1 - (box.y0 + box.y1) / 2 / figure.height
        assert spot.left <= across + 0.001
        assert spot.top < down < spot.bottom
        assert spot.right > 0.9


def _texts(ax: Axes, wanted: list[str]) -> list[object]:
    ax.figure.draw_without_rendering()
    by_words = {text.get_text(): text for text in ax.texts}
    return [by_words[words] for words in wanted]


def test_words_hold_the_receipt(bcg: MetaAnalysis) -> None:
    spot = syn.hover(syn.forest(bcg)).spots[3]
    receipt = bcg.studies["receipt"].iloc[3]
    assert spot.words.startswith(
        "Hart & Sutherland 1977: RR 0.24, 95% CI 0.18 to 0.31, weight 9.7%."
    )
    assert f"by route {receipt.route}: {receipt.formula}." in spot.words
    assert f"From {receipt.inputs}." in spot.words


def test_without_receipts_the_numbers_are_as_given() -> None:
    table = pd.DataFrame({"study": list("ABC"), "yi": [0.1, 0.2, np.nan], "vi": [0.1, 0.1, 0.1]})
    first, _, last, pooled = syn.hover(syn.forest(syn.meta_analysis(table))).spots
    assert first.words.endswith("yi = 0.1, vi = 0.1, as the table gave them.")
    assert re.fullmatch(r"C: not pooled, .+\.", last.words)
    assert "2 studies" in pooled.words


def test_what_was_assumed_is_told() -> None:
    sheet = pd.DataFrame({"study": ["A", "B"], "t": [2.0, 1.0], "n_t": [50, 40], "n_c": [50, 40]})
    fit = syn.meta_analysis(syn.effect_sizes(sheet))
    assert any(fit.studies["receipt"].iloc[0].steps + fit.studies["receipt"].iloc[0].assumptions)
    words = syn.hover(syn.forest(fit)).spots[0].words
    for step in fit.studies["receipt"].iloc[0].steps:
        assert step in words


def test_subgroups_and_outcomes(bcg: MetaAnalysis) -> None:
    groups = syn.subgroup_analysis(bcg.studies, by="alloc", measure="rr")
    spots = syn.hover(syn.forest(groups)).spots
    pooled = [spot.words for spot in spots if "Random-effects model" in spot.words]
    assert pooled == [fit.sentence() for fit in (*groups.groups.values(), groups.overall)]
    assert len(spots) == groups.overall.k + len(pooled)

    early = syn.meta_analysis(bcg.studies.iloc[:5], measure="rr")
    sheet = syn.outcome_forest({"All": bcg, "None": None, "Early": early})
    spots = syn.hover(sheet).spots
    assert len(spots) == bcg.k + early.k + 2
    name = f"{early.studies['study'].iloc[0]}:"
    weights = [re.findall(r"weight ([\d.]+)%", s.words) for s in spots if s.words.startswith(name)]
    assert weights == [[f"{fit.weights.iloc[0]:.1f}"] for fit in (bcg, early)]


def test_points_answer_where_they_are_drawn(bcg: MetaAnalysis) -> None:
    regression = syn.meta_regression(bcg.studies, "ablat", measure="rr")
    for ax in (
        syn.radial(bcg),
        syn.qq_plot(bcg),
        syn.baujat_plot(syn.baujat(bcg)),
        syn.bubble(regression, "ablat"),
        syn.funnel(bcg),
        syn.labbe(bcg),
    ):
        (points,) = [drawn for drawn in ax.collections if drawn.get_gid() == "studies"]
        places = ax.transData.transform(points.get_offsets())
        spots = spots_of(ax)
        assert len(spots) == bcg.k
        for (x, y), spot in zip(places, spots, strict=True):
            middle = ((spot.left + spot.right) / 2, 1 - (spot.top + spot.bottom) / 2)
            assert middle == pytest.approx((x / ax.figure.bbox.width, y / ax.figure.bbox.height))
        names = {spot.words.split(":")[0] for spot in spots}
        assert names == set(bcg.studies["study"])


def test_studies_that_trim_and_fill_adds_say_what_they_are() -> None:
    fit = syn.meta_analysis(syn.datasets.load("baskerville2012"), measure="smd")
    found = syn.trim_and_fill(fit)
    spots = syn.hover(syn.funnel(found)).spots
    mirrored = [spot.words for spot in spots if "(mirrored)" in spot.words]
    assert len(mirrored) == found.k0 > 0
    assert all(words.endswith("as the mirror image of one.") for words in mirrored)


def test_axes_of_ones_own_answer_too(bcg: MetaAnalysis) -> None:
    figure = Figure(figsize=(12, 4))
    left, right = figure.subplots(1, 2)
    syn.forest(bcg, ax=left)
    syn.radial(bcg, ax=right)
    shown = syn.hover(figure)
    assert len(shown.spots) == 2 * bcg.k + 1
    assert all(spot.right <= 0.55 for spot in shown.spots[: bcg.k + 1])
    assert all(spot.left >= 0.45 for spot in shown.spots[bcg.k + 1 :])


def test_the_picture_is_the_static_one(bcg: MetaAnalysis) -> None:
    ax = syn.forest(bcg)
    assert isinstance(ax, Sheet)
    shown = syn.hover(ax)
    with_words, plain = (one._repr_mimebundle_()["text/html"] for one in (shown, ax))
    assert picture_in(with_words) == picture_in(plain) is not None
    assert repr(shown) == "<Figure that answers at 14 spots>"


def test_what_cannot_answer() -> None:
    with pytest.raises(OptionError, match="hover: this figure has no information"):
        syn.hover(Figure())


def test_axes_are_not_kept_alive(bcg: MetaAnalysis) -> None:
    import gc
    import weakref

    ax = syn.forest(bcg)
    gone = weakref.ref(ax)
    del ax
    gc.collect()
    assert gone() is None


LABEL = "<img src=x onerror=\"document.title='run'\"> \"&' $x$"


@pytest.fixture
def page(browser: Browser, bcg: MetaAnalysis, tmp_path: Path) -> Page:
    """Open the forest plot of trials of which one has a hostile name."""
    table = bcg.studies[["yi", "vi", "study"]].copy()
    table.loc[table.index[2], "study"] = LABEL
    shown = syn.hover(syn.forest(syn.meta_analysis(table, measure="rr")))
    (tmp_path / "hover.html").write_text(
        f"<!doctype html><title>quiet</title>{shown._picture().html()}"
    )
    page = browser.new_page(viewport={"width": 1000, "height": 700})
    page.goto((tmp_path / "hover.html").as_uri())
    return page


@pytest.mark.browser
def test_words_appear_at_the_pointer_and_at_the_keyboard(page: Page) -> None:
    words, spots = page.locator(".arrowroot-hover > span"), page.locator(".arrowroot-spot")
    assert words.locator("visible=true").count() == 0
    spots.nth(1).hover()
    assert words.locator("visible=true").all_inner_texts() == words.nth(1).all_text_contents()
    box, picture = words.nth(1).bounding_box(), page.locator("img").bounding_box()
    assert box is not None
    assert picture is not None
    assert box["x"] >= picture["x"]
    assert box["x"] + box["width"] <= picture["x"] + picture["width"]
    page.mouse.move(999, 699)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    shown = words.locator("visible=true").all_inner_texts()
    assert len(shown) == 1
    assert shown[0].startswith(LABEL)
    # A screen reader is told the same at the spot that has the focus.
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == shown[0]
    page.close()


@pytest.mark.browser
def test_a_hostile_name_stays_a_name(page: Page) -> None:
    assert page.title() == "quiet"
    assert page.locator("img").count() == 1
    assert page.locator(".arrowroot-spot").nth(2).get_attribute("aria-label", timeout=1000)
    page.close()


@pytest.mark.browser
def test_on_the_page_it_looks_like_the_static_figure(page: Page) -> None:
    with_words = page.locator("img").screenshot()
    page.evaluate(
        "for (const it of document.querySelectorAll('.arrowroot-hover > :not(img)')) it.remove()"
    )
    assert page.locator("i").count() == 0
    pictures = [
        Image.open(BytesIO(held)).convert("RGB")
        for held in (with_words, page.locator("img").screenshot())
    ]
    assert pictures[0].tobytes() == pictures[1].tobytes()
    page.close()
