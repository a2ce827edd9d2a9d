"""The pages of a review in a real browser: on a desk, on a phone and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from synthesis.review.review import Review
from synthesis.review.template import new_review

pytestmark = pytest.mark.browser

NAMES = ["index", "antihistamine.sneezing.day1", "certainty", "studies", "about"]
each_page = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review") / "colds"
    new_review(folder, example="example")
    Review(folder).build()
    return folder / "build"


@each_page
def test_a_page_opens_from_the_disk_without_complaint(name: str, made: Path, visit: Any) -> None:
    seen = visit(made / f"{name}.html")
    assert seen.page.locator("h1").count() == 1
    assert seen.complaints == []
    assert seen.fetched_from_outside == []
    ids = seen.page.evaluate("[...document.querySelectorAll('[id]')].map(it => it.id)")
    assert len(ids) == len(set(ids))


@each_page
def test_a_page_fits_a_desk_and_a_phone(name: str, made: Path, visit: Any) -> None:
    page = visit(made / f"{name}.html").page
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_letters_of_figures_stay_large_enough_on_a_phone(made: Path, visit: Any) -> None:
    page = visit(made / "index.html").page
    page.set_viewport_size({"width": 390, "height": 900})
    heights = page.evaluate(
        "[...document.querySelectorAll('.plate svg text')].map(it => it.getBoundingClientRect())"
        ".filter(box => box.width > box.height).map(box => box.height)"
    )
    assert len(heights) > 100
    assert min(heights) > 8


def test_a_pooled_number_opens_to_its_rows_and_cells(made: Path, visit: Any) -> None:
    page = visit(made / "index.html").page
    page.locator("#table-results a[data-value='antihistamine.sneezing.day1.estimate']").click()
    assert page.url.endswith("antihistamine.sneezing.day1.html#result")
    page.locator(".rows summary").first.click()
    cells = page.locator(".rows li").first.locator(".cells").inner_text()
    assert "mean_change_t = 0.927" in cells
    assert "G4" in cells


def test_print_cuts_no_figure_and_hides_what_is_for_screens(made: Path, visit: Any) -> None:
    page = visit(made / "index.html").page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 672, "height": 950})  # A4 less its margins
    widths = page.evaluate(
        "[...document.querySelectorAll('.plate svg')].map(it => it.getBoundingClientRect().width)"
    )
    assert max(widths) <= 672
    assert not page.locator(".contents").is_visible()
