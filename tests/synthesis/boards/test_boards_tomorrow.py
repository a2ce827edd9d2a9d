"""A board whose kernel is gone, in JupyterLab: it says where one stood and what was not saved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from arrowroot.files import read_text

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

    JupyterLab = Any  # of tests/conftest.py

pytestmark = pytest.mark.browser

PATIENCE = 60_000
"""Milliseconds until a busy machine has shown what was asked for."""

# Records made up for the tests.
CELL = """
import pandas as pd
import synthesis as syn
records = pd.DataFrame({
    "record_id": ["a:1", "a:2", "a:3"],
    "title": ["Care at home", "Care in hospital", "Beds"],
})
board = syn.screening_board(records, stage="title_abstract", screener="ann", path="NAME.csv")
board
"""


@pytest.fixture
def page(browser: Browser) -> Any:
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()


def opened(page: Page, lab: JupyterLab, name: str) -> Locator:
    lab.write(name, [CELL.replace("NAME", name)])
    lab.open(page, name)
    lab.run_all(page)
    board = page.get_by_role("region", name="Screening by ann")
    board.focus()
    page.keyboard.press("i")
    board.get_by_text("2 of 3, 2 left open").wait_for()
    return board


def save(page: Page, lab: JupyterLab, name: str) -> Any:
    page.get_by_role("menuitem", name="File", exact=True).click()
    page.locator(".lm-Menu-item[data-command='docmanager:save']").click()
    page.locator(".jp-mod-dirty").first.wait_for(state="detached")
    page.wait_for_timeout(500)
    return json.loads(read_text(lab.folder / f"{name}.ipynb"))


def restart(page: Page) -> None:
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.locator(".lm-Menu-item[data-command='kernelmenu:restart']").click()
    page.locator(".jp-Dialog button.jp-mod-accept").click()


def test_a_notebook_opened_tomorrow_says_where_one_stood(
    page: Page, jupyterlab: JupyterLab
) -> None:
    board = opened(page, jupyterlab, "tomorrow")
    words = page.get_by_text("Run this cell to go on.")
    assert words.count() == 1
    assert not words.is_visible()
    saved = save(page, jupyterlab, "tomorrow")
    outputs = saved["cells"][0]["outputs"]
    assert not any("widget-view" in kind for one in outputs for kind in one["data"])

    # The page is loaded again while the kernel lives: the board is there, and its keys work.
    page.reload()
    board.get_by_text("2 of 3, 2 left open").wait_for()
    board.focus()
    page.keyboard.press("e")
    board.get_by_text("3 of 3, 1 left open").wait_for()

    # Somebody else's copy, untrusted, with a kernel that knows nothing of the board: with what
    # `make lab` saves of a board it is shown as it was, and says so.
    (jupyterlab.folder / "kept.ipynb").write_text(json.dumps(saved), encoding="utf-8")
    jupyterlab.open(page, "kept")
    board.get_by_text("This is the board as the notebook was saved").wait_for()
    told = board.get_by_role("alert").inner_text()
    assert "1 record is decided in tomorrow.csv, 2 of 3 left open." in told
    assert "Run this cell again to go on." in told
    assert board.get_by_role("button", name="Include").is_disabled()
    assert not words.is_visible()

    # And without it there are the words.
    del saved["metadata"]["widgets"]
    (jupyterlab.folder / "copy.ipynb").write_text(json.dumps(saved), encoding="utf-8")
    jupyterlab.open(page, "copy")
    words.wait_for()
    shown = page.locator(".jp-OutputArea").inner_text()
    assert "model not found" not in shown
    assert "Decided there\t1 record" in shown
    assert "tomorrow.csv" in shown
    assert "This is where you were, 2 of 3" in shown
    assert "Care in hospital" in shown


def test_a_restarted_kernel_is_said_to_be_one_and_what_was_held_is_named(
    page: Page, jupyterlab: JupyterLab
) -> None:
    board = opened(page, jupyterlab, "restarted")
    # Somebody else writes the file, so that the next decision cannot be saved.
    path = jupyterlab.folder / "restarted.csv"
    path.write_text(read_text(path) + "\n", encoding="utf-8")
    page.keyboard.press("e")
    board.get_by_text("It was not overwritten.").wait_for()
    restart(page)
    board.get_by_text("The kernel behind this board has stopped or was restarted.").wait_for()
    told = board.get_by_role("alert").inner_text()
    assert "1 record is decided in restarted.csv, 2 of 3 left open." in told
    assert "Run this cell again to go on." in told
    assert "This decision was not saved: a:2: Exclude" in told
    assert board.get_by_role("button", name="Include").is_disabled()
    assert not board.get_by_text("kept here while the kernel runs").is_visible()
    # The words in the file say so too.
    shown = json.dumps(save(page, jupyterlab, "restarted"))
    assert "a:2: Exclude" in shown


def test_a_decision_that_the_kernel_never_answered_is_named(
    page: Page, jupyterlab: JupyterLab
) -> None:
    last = "import os, time\nprint('busy', flush=True)\ntime.sleep(4)\nos._exit(1)"
    jupyterlab.write("killed", [CELL.replace("NAME", "killed"), last])
    jupyterlab.open(page, "killed")
    jupyterlab.run_all(page)
    page.get_by_text("busy", exact=True).wait_for()
    board = page.get_by_role("region", name="Screening by ann")
    board.focus()
    page.keyboard.press("i")
    board.get_by_text("The kernel behind this board has stopped or was restarted.").wait_for()
    told = board.get_by_role("alert").inner_text()
    assert "0 records are decided in killed.csv, 3 of 3 left open." in told
    assert "This decision may not have been saved; look again: a:1: Include" in told
