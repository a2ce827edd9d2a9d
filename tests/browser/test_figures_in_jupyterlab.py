"""Figures and errors in a real JupyterLab: they fit, in light and dark, trusted or sent by mail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    JupyterLab = Any  # of tests/conftest.py

pytestmark = [pytest.mark.browser, pytest.mark.extras]

PATIENCE = 120_000
"""Milliseconds until a busy machine has shown what was asked for."""

WIDTHS = (1024, 1280, 1920)
THEMES = ("JupyterLab Light", "JupyterLab Dark")
CELLS = [
    "import synthesis as syn\n"
    "from logicmodels import Comparison, LogicModel\n"
    "trials = syn.effect_sizes(syn.datasets.load('bcg'), measure='rr')\n"
    "fit = syn.meta_analysis(trials)",
    "LogicModel.example('salford').draw()",
    "Comparison.read(syn.datasets.path('learning_health_system', 'comparison.yaml')).draw()",
    "syn.hover(syn.forest(fit))",
    "syn.funnel(fit)",
    "syn.forest('trials.csv')",
    "import _thread, threading\n"
    "many = syn.meta_analysis(syn.datasets.load('baskerville2012'), measure='smd')\n"
    "syn.gosh(many, subsets=10, seed=1)\n"
    "threading.Timer(0.5, _thread.interrupt_main).start()\n"
    "syn.gosh(many, subsets=1_000_000, seed=1)",
]
"""Figures of every kind; a mistake; and a call that is stopped."""
FIGURES = 4


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """The one window of this file, so tall that no cell is left out until it is scrolled to."""
    page = browser.new_page(viewport={"width": 1280, "height": 6000})
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()


@pytest.fixture(scope="module")
def saved(page: Page, jupyterlab: JupyterLab) -> JupyterLab:
    """Two notebooks alike: `mine`, run and saved here, and `sent`, which is not trusted."""
    jupyterlab.write("mine", CELLS)
    path = jupyterlab.folder / "mine.ipynb"
    held = json.loads(path.read_text("utf-8"))
    for cell in held["cells"]:  # so that a mistake does not keep the next cell from running
        cell["metadata"]["tags"] = ["raises-exception"]
    path.write_text(json.dumps(held), "utf-8")
    jupyterlab.open(page, "mine")
    jupyterlab.run_all(page)
    page.get_by_text("KeyboardInterrupt: ").wait_for()
    page.get_by_role("menuitem", name="File", exact=True).click()
    page.locator('li[data-command="docmanager:save"]').first.click()
    for _ in range(100):
        with suppress(json.JSONDecodeError):  # while it is being written
            held = json.loads(path.read_text("utf-8"))
        if held["cells"][-1]["outputs"]:
            break
        page.wait_for_timeout(100)
    assert held["cells"][-1]["outputs"], "not saved"
    held["metadata"]["title"] = "A copy"  # what is changed elsewhere loses its signature
    (jupyterlab.folder / "sent.ipynb").write_text(json.dumps(held), "utf-8")
    return jupyterlab


@pytest.fixture(scope="module", params=product(THEMES, ("mine", "sent")), ids=str)
def shown(request: pytest.FixtureRequest, page: Page, saved: JupyterLab) -> tuple[Page, str]:
    """A notebook on show in one of the themes."""
    theme, name = request.param
    page.request.put(
        f"{saved.address}/lab/api/settings/@jupyterlab/apputils-extension:themes?token=lab",
        data=json.dumps({"raw": json.dumps({"theme": theme})}),
    )
    saved.open(page, name)
    page.locator(f'body[data-jp-theme-name="{theme}"]').wait_for(state="attached")
    page.locator("figure.arrowroot-figure img").nth(FIGURES - 1).wait_for()
    return page, name


def test_figures_are_as_wide_as_the_page_and_never_wider(shown: tuple[Page, str]) -> None:
    page, _ = shown
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 6000})
        page.wait_for_timeout(300)
        found = page.evaluate(MEASURE)
        assert len(found) == FIGURES
        for figure in found:
            assert figure["width"] == pytest.approx(min(figure["natural"], figure["room"]), abs=2)
            assert figure["overflow"] <= 0
            assert figure["paper"] == "rgb(255, 255, 255)"
            assert figure["drawn"] > 100
            assert len(figure["alt"]) > 60
        # At least one is so wide that it had to shrink.
        if width < max(WIDTHS):
            assert any(figure["natural"] > figure["room"] for figure in found)


MEASURE = """() => [...document.querySelectorAll("figure.arrowroot-figure img")].map(it => {
  const output = it.closest(".jp-OutputArea-output"), style = getComputedStyle(output);
  return {
    width: it.getBoundingClientRect().width, natural: it.width = +it.getAttribute("width"),
    room: output.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight),
    overflow: output.scrollWidth - output.clientWidth, drawn: it.naturalWidth, alt: it.alt,
    paper: getComputedStyle(it).backgroundColor,
  };
})"""


def test_hidden_words_stay_hidden_and_appear_one_at_a_time(shown: tuple[Page, str]) -> None:
    page, name = shown
    words = page.locator(".arrowroot-hover > span")
    assert words.count() > 20
    assert words.locator("visible=true").count() == 0
    spots = page.locator(".arrowroot-hover").nth(2).locator(".arrowroot-spot")
    if name == "sent":
        assert page.locator("figure style").count() == 0
        return
    cells = page.locator(".jp-Cell").count()
    spots.nth(1).focus()
    assert words.locator("visible=true").count() == 1
    spots.nth(5).hover()
    assert words.locator("visible=true").count() == 1
    for key in ("x", "d", "d", "a"):
        page.keyboard.press(key)
    assert page.locator(".jp-Cell").count() == cells
    page.mouse.move(1, 1)
    page.evaluate("document.activeElement.blur()")
    assert words.locator("visible=true").count() == 0


def test_a_figure_is_saved_from_beneath_it(shown: tuple[Page, str]) -> None:
    page, name = shown
    under = page.locator("figure details").nth(2)
    under.locator("summary").click()
    try:
        if name == "sent":
            assert under.get_by_text("choose Trust Notebook").is_visible()
            assert under.locator("a[href]").count() == 0
            return
        assert not under.get_by_text("choose Trust Notebook").is_visible()
        for kind, first in (("SVG", b"<?xml"), ("PNG", b"\x89PNG"), ("PDF", b"%PDF")):
            with page.expect_download() as taken:
                under.get_by_text(kind, exact=True).click()
            assert taken.value.suggested_filename == f"forest-plot-of-13-studies.{kind.lower()}"
            with open(taken.value.path(), "rb") as held:  # noqa: PTH123
                assert held.read(8).startswith(first)
    finally:
        under.locator("summary").click()


def test_an_error_is_one_sentence_and_so_is_a_stop(shown: tuple[Page, str]) -> None:
    page, _ = shown
    for said in ("DataError: result: 'trials.csv' is the name", "KeyboardInterrupt: gosh was"):
        output = page.locator(".jp-OutputArea-output", has_text=said).last
        box = output.bounding_box()
        assert box is not None
        assert box["height"] < 80
        assert "Traceback" not in output.inner_text()


def test_exported_html_shows_the_same(saved: JupyterLab, page: Page) -> None:
    from nbconvert import HTMLExporter

    html, _ = HTMLExporter().from_filename(str(saved.folder / "mine.ipynb"))
    target = saved.folder / "mine.html"
    target.write_text(html, "utf-8")
    page.goto(target.as_uri())
    pictures = page.locator("figure.arrowroot-figure img")
    assert pictures.count() == FIGURES
    whole = "all => all.every(it => it.naturalWidth > 100 && it.alt.length > 60)"
    assert pictures.evaluate_all(whole)
    words = page.locator(".arrowroot-hover > span")
    assert words.locator("visible=true").count() == 0
    page.locator(".arrowroot-hover").nth(2).locator(".arrowroot-spot").nth(1).hover()
    assert words.locator("visible=true").count() == 1
