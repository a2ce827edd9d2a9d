"""The boards in JupyterLab, in a real browser: keys decide, and the file holds it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from arrowroot.files import read_text
from arrowroot.sheets import write_table
from arrowroot.tables import read_frame

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

    JupyterLab = Any  # of tests/conftest.py

pytestmark = pytest.mark.browser

PATIENCE = 60_000
"""Milliseconds until a busy machine has shown what was asked for."""

# Units, codes and records made up for the tests.
HOSTILE = '<img src=x onerror=\\"window.harmed = 1\\"><script>window.harmed = 2</script>'
CODING = [
    f"""
import pandas as pd
import synthesis as syn
hostile = "{HOSTILE}"
units = pd.DataFrame({{
    "unit": [hostile, "A2", "A3", "A4"],
    "text": [hostile, "Train nurses", "Ask patients", "Last"],
    "code_of_bob": "SECRET",
}})
codes = (syn.Code("staff", "Staff"), syn.Code("nurse", hostile, hostile, parent="staff"),
         syn.Code("patient", "Patients", "What patients can do"))
spare = tuple(syn.Code(f"spare{{at}}", f"Spare {{at}}") for at in range(9))
book = syn.Codebook("Types", "1", codes + spare)
""",
    """
syn.coding_board(units, book, coder="bob", path="bob.csv").receive(
    {"do": "note", "item": "A2", "text": "SECRET"})
board = syn.coding_board(units, book, coder="ann", path="ann.csv")
board
""",
]
OTHERS = [
    """
import pandas as pd
import synthesis as syn
records = pd.DataFrame({
    "record_id": ["a:1", "b:1", "b:2"],
    "title": ["Care at home", "Care in home", "<b>Beds</b>"],
    "type": "article",
})
links = pd.DataFrame([["b:1", "a:1", "similar title", False]],
                     columns=["record_id", "duplicate_of", "reason", "certain"])
""",
    """
syn.screening_board(records, stage="full_text", screener="ann", path="screened.csv",
                    reasons=["design"], highlight=["care"])
""",
    """
pairs = syn.duplicate_board(records, links, reviewer="ann", path="pairs.csv")
pairs
""",
]

READING_ON = [
    """
import pandas as pd
import synthesis as syn
records = pd.DataFrame({
    "record_id": [f"a:{at}" for at in range(1, 31)],
    "title": [f"Care {at}" for at in range(1, 31)],
    "abstract": "A long abstract. " * 2000,
    "doi": "10.1000/x", "url": "javascript:window.harmed=1",
})
syn.screening_board(records, stage="title_abstract", screener="ann", path="long.csv",
                    criteria=["Adults only"])
""",
]

RISK_OF_BIAS = [
    """
import pandas as pd
import synthesis as syn
facts = pd.DataFrame({"study": ["Oak", "Elm"], "blinding": ["<b>none</b>", "staff"]})
syn.risk_of_bias_board(facts, assessor="ann", path="bias.csv", facts=facts)
""",
]


def test_keys_that_are_held_or_scroll_decide_nothing(page: Page, jupyterlab: JupyterLab) -> None:
    jupyterlab.write("long", READING_ON)
    jupyterlab.open(page, "long")
    jupyterlab.run_all(page)
    board = page.get_by_role("region", name="Screening by ann, title and abstract")
    board.focus()
    text = board.get_by_role("article")
    board.get_by_text("Adults only", exact=True).wait_for()
    for key in ("Space", "PageDown", "ArrowDown"):
        before = text.evaluate("node => node.scrollTop")
        page.keyboard.press(key)
        assert text.evaluate("node => node.scrollTop") > before, key
    # Space on a choice that was clicked scrolls too: it does not decide.
    board.get_by_role("button", name="Include i").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Home")
    assert text.evaluate("node => node.scrollTop") == 0
    board.get_by_text("1 of 30, 30 left open", exact=True).wait_for()
    assert not (jupyterlab.folder / "long.csv").exists()
    board.focus()
    for _ in range(12):
        page.keyboard.down("e")  # from the second time on, a repeat
    page.keyboard.up("e")
    board.get_by_text("2 of 30, 29 left open", exact=True).wait_for()
    page.keyboard.press("l")
    board.get_by_label("Search all records").fill("care 17")
    board.get_by_role("button", name="17 Care 17").click()
    board.get_by_text("17 of 30, 29 left open", exact=True).wait_for()
    assert len(read_frame(jupyterlab.folder / "long.csv")) == 1
    links = board.get_by_role("article").locator("a")
    assert [one.get_attribute("href") for one in links.all()] == ["https://doi.org/10.1000/x"]


@pytest.fixture
def page(browser: Browser) -> Any:
    # A tall window keeps JupyterLab from leaving cells out of the page until scrolled to.
    page = browser.new_page(viewport={"width": 1200, "height": 3000})
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()


def press(page: Page, board: Locator, keys: str, progress: str) -> None:
    """Press keys one after the other, and wait until the board says where it is."""
    for key in keys.split():
        page.keyboard.press(key)
    board.get_by_text(progress, exact=True).wait_for()


def test_coding_by_key(page: Page, jupyterlab: JupyterLab) -> None:
    jupyterlab.write("coding", CODING)
    jupyterlab.open(page, "coding")
    jupyterlab.run_all(page)
    board = page.get_by_role("region", name="Coding by ann")
    board.focus()
    press(page, board, "1 ArrowRight", "2 of 4, 3 left open")
    # By search: the definition is searched too.
    press(page, board, "/ c a n Space d o Enter ArrowRight", "3 of 4, 2 left open")
    press(page, board, "ArrowDown ArrowDown Enter c c c", "3 of 4, 1 left open")
    # With no field of the board in use, x would cut the cell if JupyterLab saw it.
    press(page, board, "x t o n e Escape ArrowRight", "4 of 4, 1 left open")
    assert page.locator(".jp-CodeCell").count() == len(CODING)
    kept = read_frame(jupyterlab.folder / "ann.csv")
    assert kept["code"].tolist() == ["staff", "patient", "nurse"]
    assert kept["unit"].tolist()[1:] == ["A2", "A3"]
    assert kept["confidence"].tolist() == [None, None, "3"]
    assert kept["note"].tolist() == [None, None, "one"]
    # What others coded is in the source of the cells and in bob.csv, but not on the board.
    assert "SECRET" not in board.inner_html()
    assert "SECRET" in read_text(jupyterlab.folder / "bob.csv")
    press(page, board, "g 1 Enter", "1 of 4, 1 left open")
    assert "<img src=x" in board.get_by_role("article").inner_text()
    assert board.locator("img, script").count() == 0
    assert page.evaluate("window.harmed") is None

    page.reload()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    jupyterlab.run_all(page)
    board = page.get_by_role("region", name="Coding by ann")
    board.get_by_text("4 of 4, 1 left open", exact=True).wait_for()
    board.focus()
    press(page, board, "3", "4 of 4, none left open")
    board.get_by_text("Nothing is left open. Everything is in ann.csv.", exact=True).wait_for()
    assert len(read_frame(jupyterlab.folder / "ann.csv")) == 4


def test_screening_and_duplicates_by_key(page: Page, jupyterlab: JupyterLab) -> None:
    jupyterlab.write("others", OTHERS)
    jupyterlab.open(page, "others")
    jupyterlab.run_all(page)
    board = page.get_by_role("region", name="Screening by ann, full text")
    board.focus()
    assert board.locator("mark").all_inner_texts() == ["Care"]
    page.keyboard.press("e")
    board.get_by_text("At full text an exclusion needs a reason: press 1.", exact=True).wait_for()
    press(page, board, "1", "2 of 3, 2 left open")
    press(page, board, "i", "3 of 3, 1 left open")
    assert "<b>Beds</b>" in board.get_by_role("article").inner_text()
    press(page, board, "z", "2 of 3, 2 left open")
    press(page, board, "f", "3 of 3, 1 left open")
    press(page, board, "u", "3 of 3, none left open")
    kept = read_frame(jupyterlab.folder / "screened.csv")
    assert kept["decision"].tolist() == ["exclude", "not_retrieved", "unsure"]
    assert kept["reason"].tolist() == ["design", None, None]

    board = page.get_by_role("region", name="Possible duplicates, judged by ann")
    assert board.locator("mark").all_inner_texts() == ["in", "at"]
    board.focus()
    press(page, board, "s", "1 of 1, none left open")
    assert read_frame(jupyterlab.folder / "pairs.csv")["decision"].tolist() == ["same"]
    # Somebody else writes the file: the board says so, in words, and does not write over it.
    theirs = pd.DataFrame(
        [["b:1", "a:1", "ann", "different", "", ""]],
        columns=["record_id", "duplicate_of", "reviewer", "decision", "time", "note"],
    )
    write_table(theirs, jupyterlab.folder / "pairs.csv")
    page.keyboard.press("u")
    board.get_by_text("It was not overwritten.").wait_for()
    board.get_by_text("not saved", exact=True).wait_for()
    assert read_frame(jupyterlab.folder / "pairs.csv")["decision"].tolist() == ["different"]
    board.get_by_role("button", name="Save again").click()
    board.get_by_text("It was not overwritten.").wait_for(state="hidden")
    # The button that was clicked is gone, and the keys still work.
    press(page, board, "d", "1 of 1, none left open")
    board.get_by_role("button", name="Different", pressed=True).wait_for()
    assert read_frame(jupyterlab.folder / "pairs.csv")["decision"].tolist() == ["different"]


def test_risk_of_bias_by_key(page: Page, jupyterlab: JupyterLab) -> None:
    jupyterlab.write("bias", RISK_OF_BIAS)
    jupyterlab.open(page, "bias")
    jupyterlab.run_all(page)
    board = page.get_by_role("region", name="Risk of bias by ann, RoB 2")
    board.focus()
    text = board.get_by_role("article")
    assert "<b>none</b>" in text.inner_text()
    # 1.1 always applies: not applicable is not offered, and its key does nothing.
    assert board.get_by_role("button", name="Not applicable").count() == 0
    page.keyboard.press("6")
    press(page, board, "1", "2 of 56, 35 left open")
    press(page, board, "5", "3 of 56, 34 left open")
    press(page, board, "4", "4 of 56, 33 left open")
    assert "Because 1.2 no information, 1.3 no: some concerns" in text.inner_text()
    # A judgement that differs stays until it has its reason.
    page.keyboard.press("3")
    told = "'high' differs from what is proposed: press t and write the reason."
    board.get_by_text(told, exact=True).wait_for()
    press(page, board, "t s e e n Escape o", "5 of 56, 32 left open")
    # 2.3 to 2.5 do not apply when nobody knew the arm.
    press(page, board, "4", "6 of 56, 31 left open")
    press(page, board, "4", "10 of 56, 30 left open")
    assert "2.6 Does the analysis" in text.inner_text()
    press(page, board, "1", "12 of 56, 29 left open")
    press(page, board, "a", "13 of 56, 28 left open")
    kept = read_frame(jupyterlab.folder / "bias.csv")
    assert kept["item"].tolist() == ["1.1", "1.2", "1.3", "D1", "2.1", "2.2", "2.6", "D2"]
    assert kept["answer"].tolist() == ["Y", "NI", "N", "high", "N", "N", "Y", "low"]
    assert kept["reason"].tolist()[3] == "seen"
