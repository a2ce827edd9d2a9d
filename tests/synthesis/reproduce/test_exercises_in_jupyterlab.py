"""Every exercise in JupyterLab, in a real browser: shown, checked, slip named, answer not told."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from synthesis.reproduce.answers import solve
from synthesis.reproduce.exercises import FOLDER, exercise
from synthesis.reproduce.slips import slips

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
ROOT = Path(__file__).parents[3]
PATIENCE = 120_000
"""Milliseconds until a busy machine has started JupyterLab and a kernel."""


def answers(name: str) -> tuple[str, str]:
    """Return the right answer, and that of the first slip that differs from it."""
    one = exercise(name)
    digits = one.file.digits
    right = f"{solve(one.file.answer, one.data):.{digits}f}"
    given = [f"{slip.value:.{digits}f}" for slip in slips(one.file.answer, one.data)]
    return right, next(each for each in given if each != right and float(each) != 0)


def cell(number: int, *lines: str) -> dict[str, object]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": str(number),
        "metadata": {},
        "outputs": [],
        "source": "\n".join(lines),
    }


def notebook() -> dict[str, object]:
    cells = [cell(0, "from synthesis.reproduce.exercises import exercise")]
    for name in NAMES:
        right, slip = answers(name)
        cells.append(cell(len(cells), f"exercise({name!r})"))
        cells.append(cell(len(cells), f"exercise({name!r}).check({slip!r})"))
        cells.append(cell(len(cells), f"exercise({name!r}).check({right!r})"))
    cells.append(cell(len(cells), "print('every cell', 'has run')"))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start JupyterLab on a folder with the notebook; return where it is served."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "exercises.ipynb").write_text(json.dumps(notebook()), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.token=lab"),
            *(f"--ServerApp.root_dir={folder}", "--LabApp.news_url="),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT), "JUPYTER_CONFIG_DIR": str(folder / "config")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield f"http://127.0.0.1:{port}/lab/tree/exercises.ipynb?token=lab"
    server.terminate()
    server.wait(timeout=60)


def wait_until_served(address: str) -> None:
    from time import monotonic, sleep
    from urllib.error import URLError
    from urllib.request import urlopen

    end = monotonic() + PATIENCE / 1000
    while monotonic() < end:
        try:
            with urlopen(address.replace("/lab/tree/exercises.ipynb", "/api")):
                return
        except (URLError, ConnectionError):
            sleep(0.3)
    pytest.fail("JupyterLab did not start")


def test_all_exercises_in_a_browser(browser: Browser, address: str) -> None:
    wait_until_served(address)
    # A tall window keeps JupyterLab from leaving cells out of the page until scrolled to.
    page = browser.new_page(viewport={"width": 1200, "height": 12_000})
    page.goto(address)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=PATIENCE)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.get_by_text("every cell has run").wait_for(timeout=PATIENCE)
    shown = page.locator(".jp-OutputArea-output").all_inner_texts()
    page.close()
    assert len(shown) == 3 * len(NAMES) + 1
    for place, name in enumerate(NAMES):
        question, slip, right = shown[3 * place : 3 * place + 3]
        one = exercise(name)
        assert one.file.title in question
        assert slip.startswith("Not yet")
        assert "not a slip that is known" not in slip
        assert right.startswith("Right")
        assert answers(name)[0].lstrip("-") not in question + slip
