"""The report in a real browser: it opens from the disk, shows its figures, fetches nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
PAGES = ["index", *(path.stem for path in NOTEBOOKS)]

each_page = pytest.mark.parametrize("name", PAGES)


@each_page
def test_a_page_opens_without_complaint_and_fetches_nothing(
    name: str, folder: Path, visit: Any
) -> None:
    seen = visit(folder / f"{name}.html")
    assert "Arrowroot" in seen.page.title()
    assert seen.page.locator("h1").count() == 1
    assert seen.complaints == []
    assert seen.fetched_from_outside == []


@each_page
def test_every_figure_has_a_size_and_a_name(name: str, folder: Path, visit: Any) -> None:
    seen = visit(folder / f"{name}.html")
    pictures = seen.page.locator("img, figure > svg")
    for number in range(pictures.count()):
        picture = pictures.nth(number)
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] > 50
        assert box["height"] > 20
        assert picture.evaluate("it => it.tagName != 'IMG' || it.naturalWidth > 0")
    unnamed = "figure img:not([alt]), figure img[alt=''], figure > svg:not([role])"
    assert seen.page.locator(unnamed).count() == 0


@each_page
def test_a_page_never_scrolls_sideways(name: str, folder: Path, visit: Any) -> None:
    page = visit(folder / f"{name}.html").page
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@each_page
def test_nothing_on_a_page_is_out_of_reach(name: str, folder: Path, visit: Any, axe: Any) -> None:
    assert axe(visit(folder / f"{name}.html").page) == []


@each_page
def test_ids_are_unique(name: str, folder: Path, visit: Any) -> None:
    page = visit(folder / f"{name}.html").page
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(it => it.id)")
    assert len(ids) == len(set(ids))


@each_page
def test_print_cuts_no_figure(name: str, folder: Path, visit: Any) -> None:
    """A4 less its margins is 261 mm high; a figure that fits there is moved, not cut."""
    page = visit(folder / f"{name}.html").page
    page.emulate_media(media="print")
    figures = page.locator("figure > *")
    for number in range(figures.count()):
        box = figures.nth(number).bounding_box()
        assert box is not None
        assert box["height"] <= 261 / 25.4 * 96
    whole = page.locator("figure").evaluate_all(
        "figures => figures.every(it => getComputedStyle(it).breakInside === 'avoid')"
    )
    assert whole


def test_the_cover_leads_to_every_notebook_and_back(folder: Path, visit: Any) -> None:
    page = visit(folder / "index.html").page
    links = page.locator("main h3 a")
    assert links.count() == len(NOTEBOOKS)
    for number in range(links.count()):
        title = links.nth(number).inner_text()
        links.nth(number).click()
        assert page.locator("h1").inner_text() == title
        page.get_by_role("navigation", name="Report").get_by_role("link").click()
        assert page.title().startswith("Arrowroot")


def test_pages_can_be_turned_from_first_to_last(folder: Path, visit: Any) -> None:
    page = visit(folder / f"{NOTEBOOKS[0].stem}.html").page
    for path in NOTEBOOKS[1:]:
        page.locator("a[rel=next]").click()
        assert page.url.endswith(f"{path.stem}.html")
    assert page.locator("a[rel=next]").count() == 0


def test_folded_code_opens(folder: Path, visit: Any) -> None:
    page = visit(folder / f"{NOTEBOOKS[0].stem}.html").page
    code = page.locator("details").first
    assert not code.locator("pre").is_visible()
    code.locator("summary").click()
    assert code.locator("pre").is_visible()


def test_the_browser_itself_refuses_what_comes_from_outside(
    folder: Path, visit: Any, tmp_path: Path
) -> None:
    """The watch above can fail: a page with a foreign picture and a script is noticed."""
    html = (folder / "index.html").read_text("utf-8")
    foreign = '<img src="http://127.0.0.1:9/x.png"><script>document.title = "ran"</script></main>'
    tampered = tmp_path / "index.html"
    tampered.write_text(html.replace("</main>", foreign), "utf-8")
    seen = visit(tampered)
    assert seen.page.title() != "ran"
    assert any("Content Security Policy" in complaint for complaint in seen.complaints)
