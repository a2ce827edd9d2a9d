"""What all tests share: how examples are drawn, the report built once, a browser, JupyterLab."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Examples are drawn the same way in every run, and a slow machine is no reason to fail.
settings.register_profile("arrowroot", deadline=None, derandomize=True)
settings.load_profile("arrowroot")

# What a test computes is computed by the code that it tests, not kept from another run.
os.environ["ARROWROOT_CACHE"] = ""

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class BuiltReport:
    """The report of the repository's notebooks and what building it said."""

    folder: Path
    returncode: int
    stdout: str
    stderr: str


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that uses a browser or R, so that ``-m "not browser"`` misses none."""
    for item in items:
        for needed in ("browser", "metafor"):
            if needed in getattr(item, "fixturenames", ()):
                item.add_marker(needed)


@pytest.fixture(scope="session")
def python(request: pytest.FixtureRequest) -> list[str]:
    """Return the command for a Python of its own that is as strict about warnings as the tests.

    What libraries warn of in other versions than the pinned ones is let through by ``pytest -W``.
    """
    let_through = [f"-W{rule}" for rule in request.config.getoption("pythonwarnings") or []]
    return [sys.executable, "-W", "error", *let_through]


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> BuiltReport:
    """Build the report once, whichever worker asks first; the others wait for it.

    A process of its own runs the notebooks as `make report` does, with warnings as errors. The
    two minutes that a notebook may take are enforced by the run itself.
    """
    parallel = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if parallel else base) / "report"
    told = shared / "told.json"
    try:
        shared.mkdir()
    except FileExistsError:
        _wait_for(told)
    else:
        _build(shared / "pages", told)
    return BuiltReport(folder=shared / "pages", **json.loads(told.read_text("utf-8")))


def _build(folder: Path, told: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "synthesis.report"]
    done = subprocess.run(
        [*command, "--out", str(folder), "--seconds", "120"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    # Written under another name first: whoever waits must not read half of it.
    draft = told.with_suffix(".draft")
    draft.write_text(
        json.dumps({"returncode": done.returncode, "stdout": done.stdout, "stderr": done.stderr}),
        "utf-8",
    )
    draft.rename(told)


def _wait_for(told: Path) -> None:
    deadline = time.monotonic() + 1800
    while not told.exists():
        if time.monotonic() > deadline:
            raise TimeoutError("The worker that builds the report never finished.")
        time.sleep(0.2)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a browser for one file of tests.

    Playwright keeps an event loop running in the process while it is open, so it is closed
    before the next file, which may need a loop or a browser of its own.
    """
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no browser on this machine: install the package 'chromium'")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page, str], list[str]]:
    """Return a function that lets axe look at a part of a page and lists what it finds.

    Every rule counts that axe calls serious or critical, and two smaller ones that have been
    broken before: headings of tables without a word, and landmarks that nobody can tell apart.
    """
    from importlib.resources import files

    script = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")

    def found(page: Page, part: str = "body") -> list[str]:
        if not page.evaluate("typeof window.axe === 'object'"):
            page.evaluate(script)
        told = page.evaluate(
            "part => axe.run({include: [[part]]}, {resultTypes: ['violations']})", part
        )
        also = ("empty-table-header", "landmark-unique")
        return [
            f"{one['id']}: {node['html'][:200]}"
            for one in told["violations"]
            for node in one["nodes"]
            if one["impact"] in ("serious", "critical") or one["id"] in also
        ]

    return found


@pytest.fixture(scope="session")
def metafor() -> ModuleType:
    """Return what runs R scripts; without R and metafor there is nothing to run them."""
    import r_scripts

    if not r_scripts.r_is_here():
        pytest.skip(
            "no R with metafor on this machine: install 'r-cran-metafor' and 'r-cran-clubsandwich'"
        )
    return r_scripts


PATIENCE = 120_000
"""Milliseconds until a busy machine has started JupyterLab and a kernel."""


@dataclass(frozen=True)
class JupyterLab:
    """A running JupyterLab and the folder it shows."""

    folder: Path
    address: str

    def write(self, name: str, cells: list[str]) -> None:
        """Write a notebook of code cells."""
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook = {
            "cells": [
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "id": str(number),
                    "metadata": {},
                    "outputs": [],
                    "source": source,
                }
                for number, source in enumerate(cells)
            ],
            "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (self.folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")

    def open(self, page: Page, name: str) -> None:
        """Show a notebook, and no other, with a kernel that waits for work."""
        page.goto(f"{self.address}/lab/tree/{name}.ipynb?token=lab&reset")
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=PATIENCE)

    def run_all(self, page: Page) -> None:
        """Start every cell of the notebook on show."""
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


@pytest.fixture(scope="session")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterLab]:
    """Start JupyterLab once for a run of tests, on an empty folder."""
    folder = tmp_path_factory.mktemp("lab")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.token=lab"),
            f"--ServerApp.root_dir={folder}",
        ],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_CONFIG_PATH": str(ROOT / ".jupyterlab"),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    _wait_until_served(address)
    yield JupyterLab(folder, address)
    server.terminate()
    server.wait(timeout=60)


def _wait_until_served(address: str) -> None:
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{address}/api"):
                return
        except (URLError, ConnectionError):
            time.sleep(0.3)
    pytest.fail("JupyterLab did not start")
