"""What a notebook shows in JupyterLab: within the window, in reach of a screen reader and of keys.

One JupyterLab, one browser and one notebook, which is run once and then looked at in light and
dark, and in windows of several widths.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    JupyterLab = Any  # of tests/conftest.py

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PATIENCE = 60_000
"""Milliseconds until a busy machine has shown what was asked for."""

# Units, codes and records made up for the tests.
CELLS = [
    "import pandas as pd\nimport synthesis as syn\nfrom logicmodels import LogicModel\n"
    "es = syn.effect_sizes(syn.datasets.load('bcg'), 'rr')\nfit = syn.meta_analysis(es)\nfit",
    "syn.what_next(fit)",
    "syn.hover(syn.forest(fit))",
    "syn.lint(syn.datasets.load('bcg'))",
    """
units = pd.DataFrame({"unit": ["A1", "A2"], "text": ["Train nurses", "Ask patients"]})
source = "https://example.org/" + "a-long-address-without-a-space/" * 12
book = syn.Codebook("Types", "1", (syn.Code("staff", "Staff", source), syn.Code("all", "All")))
syn.coding_board(units, book, coder="ann", path="lab_codes.csv")
""",
    """
records = pd.DataFrame({"record_id": ["a:1", "b:1"], "title": ["Care at home", "Care in home"]})
links = pd.DataFrame([["b:1", "a:1", "similar title", False]],
                     columns=["record_id", "duplicate_of", "reason", "certain"])
syn.screening_board(records, stage="title_abstract", screener="ann", path="lab_screened.csv")
""",
    "syn.duplicate_board(records, links, reviewer='ann', path='lab_pairs.csv')",
    """
import time
from arrowroot.lab.progress import Progress
with Progress(3, "Waiting", "pieces") as bar:
    for _ in range(3):
        time.sleep(1.1)
        bar.update()
""",
    "'ready'",
]
OUTPUTS = ".jp-OutputArea-output"


@pytest.fixture(scope="module")
def page(browser: Browser, jupyterlab: JupyterLab) -> Iterator[Page]:
    # A tall window keeps JupyterLab from leaving cells out of the page until scrolled to.
    page = browser.new_page(viewport={"width": 1280, "height": 6000})
    page.set_default_timeout(PATIENCE)
    jupyterlab.write("lab", CELLS)
    jupyterlab.open(page, "lab")
    jupyterlab.run_all(page)
    page.get_by_text("Waiting: 3 pieces, done").wait_for()
    page.get_by_text("'ready'", exact=True).last.wait_for()
    yield page
    page.close()


def dress(page: Page, theme: str) -> None:
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-item", has_text="Theme").first.hover()
    page.locator(".lm-Menu-item", has_text=f"JupyterLab {theme}").first.click()
    page.locator(f"[data-jp-theme-name='JupyterLab {theme}']").wait_for(state="attached")
    page.wait_for_timeout(300)


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_finds_nothing_serious(page: Page, theme: str, axe: Any) -> None:
    dress(page, theme)
    assert axe(page, OUTPUTS) == []


@pytest.mark.parametrize("width", [800, 1024, 1280, 1920])
def test_a_board_is_never_wider_than_its_place(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 6000})
    board = page.get_by_role("region", name="Coding by ann")
    board.get_by_role("button", name="Staff").focus()
    board.get_by_text("a-long-address").wait_for()
    for name in ("Coding by ann", "Screening by ann", "Possible duplicates"):
        one = page.get_by_role("region", name=name)
        assert one.evaluate("it => it.scrollWidth <= it.clientWidth + 1"), (name, width)
        assert one.evaluate(
            "it => it.getBoundingClientRect().right"
            " <= it.closest('.jp-OutputArea').getBoundingClientRect().right + 1"
        ), (name, width)
    page.set_viewport_size({"width": 1280, "height": 6000})


def test_the_ring_of_the_focus_is_not_clipped(page: Page) -> None:
    """Every part that can have the focus is at least a ring's width inside what clips it."""
    board = page.get_by_role("region", name="Coding by ann")
    clipped = board.evaluate(
        """board => [...board.querySelectorAll("button, input, textarea")]
        .filter(it => it.offsetParent).filter(it => {
            const box = it.getBoundingClientRect();
            let around = it.parentElement;
            while (around !== board && getComputedStyle(around).overflow === "visible") {
                around = around.parentElement;
            }
            const limits = around.getBoundingClientRect();
            return box.left - 4 < limits.left || box.right + 4 > limits.right;
        }).map(it => it.textContent)"""
    )
    assert clipped == []


def test_no_key_of_jupyterlab_acts_on_a_spot_or_a_board(page: Page) -> None:
    spots = page.locator(".jp-OutputArea [tabindex='0'][role='img']")
    boards = page.locator("section.arrowroot-board")
    for place in (spots.first, boards.nth(0), boards.nth(1), boards.nth(2)):
        place.focus()
        for key in ("x", "a", "b", "d", "d", "m", "y", "r", "0", "0", "Shift+M"):
            page.keyboard.press(key)
        assert page.locator(".jp-CodeCell").count() == len(CELLS)
        assert page.locator(".jp-Dialog").count() == 0
    assert page.locator(".jp-MarkdownCell, .jp-RawCell").count() == 0


def test_everything_on_a_board_is_reached_with_the_tab_key(page: Page) -> None:
    board = page.get_by_role("region", name="Coding by ann")
    board.focus()
    wanted = board.evaluate(
        "it => [...it.querySelectorAll('button, input, textarea')]"
        ".filter(one => one.offsetParent && !one.disabled).length"
    )
    reached = set()
    for _ in range(wanted + 4):
        page.keyboard.press("Tab")
        inside = board.evaluate(
            "it => it.contains(document.activeElement)"
            " ? [...it.querySelectorAll('*')].indexOf(document.activeElement) : -1"
        )
        if inside >= 0:
            reached.add(inside)
    assert len(reached) >= wanted


def test_the_settings_of_make_lab_save_boards_and_ask_nothing(page: Page) -> None:
    """The tests' JupyterLab is given the folder of settings that `make lab` gives."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "JUPYTER_CONFIG_PATH=$(CURDIR)/.jupyterlab" in makefile
    assert "notebooks/00_start_here.ipynb" in makefile
    assert (ROOT / "notebooks" / "00_start_here.ipynb").is_file()
    assert page.get_by_text("official Jupyter news").count() == 0
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    saving = page.locator(".lm-Menu-item", has_text="Save Widget State Automatically")
    assert "lm-mod-toggled" in str(saving.get_attribute("class"))
    page.keyboard.press("Escape")


def test_tab_offers_values_and_shift_tab_a_signature_that_reads(page: Page) -> None:
    # An editor has the focus in its cell alone once it has been clicked.
    page.locator(".jp-CodeCell .cm-content").last.click()
    page.keyboard.press("Control+a")
    page.keyboard.type('syn.forest(fit, style="')
    page.keyboard.press("Tab")
    offered = page.locator(".jp-Completer-item")
    offered.first.wait_for()
    texts = {
        one.strip().rstrip('"') for one in page.locator(".jp-Completer-match").all_inner_texts()
    }
    assert texts == {"revman", "jama", "bmj", "plain"}
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    page.keyboard.type("syn.meta_analysis(")
    page.keyboard.press("Shift+Tab")
    tooltip = page.locator(".jp-Tooltip")
    tooltip.wait_for()
    opening = tooltip.inner_text().split("Docstring:")[0]
    assert "tau2='reml'" in opening
    assert "DataFrame" not in opening
    assert len(opening.strip().splitlines()) <= 7
    page.keyboard.press("Escape")
