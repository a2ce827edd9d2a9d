"""Every exercise in JupyterLab, in a real browser: shown, checked, slip named, answer not told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from synthesis.reproduce.answer_recipes import solve
from synthesis.reproduce.exercises import FOLDER, exercise
from synthesis.reproduce.slips import slips

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    JupyterLab = Any  # of tests/conftest.py

pytestmark = pytest.mark.browser

NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
PATIENCE = 120_000
"""Milliseconds until a busy machine has run every cell."""


def answers(name: str) -> tuple[str, str]:
    """Return the right answer, and that of the first slip that differs from it."""
    one = exercise(name)
    digits = one.file.digits
    right = f"{solve(one.file.answer, one.data):.{digits}f}"
    given = [f"{slip.value:.{digits}f}" for slip in slips(one.file.answer, one.data)]
    return right, next(each for each in given if each != right and float(each) != 0)


def cells() -> list[str]:
    given = ["from synthesis.reproduce.exercises import exercise"]
    for name in NAMES:
        right, slip = answers(name)
        given.append(f"exercise({name!r})")
        given.append(f"exercise({name!r}).check({slip!r})")
        given.append(f"exercise({name!r}).check({right!r})")
    return [*given, "print('every cell', 'has run')"]


def test_all_exercises_in_a_browser(browser: Browser, jupyterlab: JupyterLab) -> None:
    jupyterlab.write("exercises", cells())
    # A tall window keeps JupyterLab from leaving cells out of the page until scrolled to.
    page = browser.new_page(viewport={"width": 1200, "height": 12_000})
    jupyterlab.open(page, "exercises")
    jupyterlab.run_all(page)
    page.get_by_text("every cell has run").wait_for(timeout=PATIENCE)
    shown = page.locator(".jp-OutputArea-output").all_inner_texts()
    page.close()
    assert len(shown) == 3 * len(NAMES) + 1
    for place, name in enumerate(NAMES):
        question, slip, right = shown[3 * place : 3 * place + 3]
        one = exercise(name)
        assert one.file.title in question
        assert slip.startswith("Not yet")
        assert "not match any known slip" not in slip
        assert right.startswith("Right")
        assert answers(name)[0].lstrip("-") not in question + slip
