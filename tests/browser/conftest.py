"""A real browser, and a record of what a page did in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

WIDTH = 1280


@dataclass
class Visit:
    """One page as the browser saw it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings of the console, script errors, requests that failed."""

    @property
    def fetched_from_outside(self) -> list[str]:
        return [url for url in self.requests if not url.startswith(("file:", "data:"))]


@pytest.fixture(scope="session")
def folder(report: Any) -> Path:
    """The folder of the built report; without one there is nothing to open."""
    if report.returncode:
        pytest.fail(report.stderr.split("\r")[-1].strip())
    return Path(report.folder)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[[Path], Visit]]:
    """Return a function that opens a file and records what happens."""
    pages: list[Page] = []

    def opened(path: Path) -> Visit:
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        pages.append(page)
        seen = Visit(page)
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("requestfailed", lambda request: seen.complaints.append(request.url))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("console", lambda message: seen.complaints.append(message.text))
        page.goto(path.as_uri(), wait_until="load")
        return seen

    yield opened
    for page in pages:
        page.close()
