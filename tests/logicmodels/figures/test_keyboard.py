"""Figures by keyboard and by ear: what a real browser makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from logicmodels import LogicModel, Node, RenderError, SpecError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DATA = Path(__file__).parents[3] / "data"
SVG = "{http://www.w3.org/2000/svg}"
SPOKEN = "document.activeElement.getAttribute('aria-label') || ''"
OUTLINE = """() => {
    const style = getComputedStyle(document.activeElement)
    return [style.outlineStyle, style.outlineWidth, style.outlineColor]
}"""


def founding(name: str) -> LogicModel:
    return LogicModel.read(DATA / name / "logic_model.yaml")


@pytest.fixture(name="page")
def _page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def heard(page: Page, figure: str, *, most: int) -> list[str]:
    """Return what is named at every stop of the Tab key in a figure that stands on a page."""
    page.set_content(f"<!doctype html><title>Figure</title>{figure}")
    stops: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        spoken = page.evaluate(SPOKEN)
        if not spoken:
            break
        stops.append(spoken)
    return stops


@pytest.mark.parametrize("name", ["sixcs", "wisconsin", "salford", "case_management"])
def test_tab_goes_through_the_boxes_column_by_column_and_then_through_the_arrows(
    page: Page, name: str
) -> None:
    model = founding(name)
    flow = model.profile.flow
    boxes = [
        " ".join(node.sentence.split())
        for column in (flow if model.profile.towards == "right" else reversed(flow))
        for node in model.column(column.id)
    ]
    context = [
        f"{model.heading(column.id)}: {'; '.join(n.sentence for n in model.column(column.id))}"
        for column in model.profile.context
        if model.column(column.id)
    ]
    arrows = [model.sentence(link) for link in model.links]
    stops = heard(page, model.draw().svg, most=100)
    assert stops == [*boxes, *context, *arrows]


def test_where_the_keyboard_stands_can_be_seen(page: Page) -> None:
    page.set_content(founding("sixcs").draw().svg)
    before = page.screenshot()
    page.keyboard.press("Tab")
    assert page.evaluate(OUTLINE) == ["solid", "3px", "rgb(11, 87, 208)"]
    on_box = page.screenshot()
    assert on_box != before
    for _ in range(8):
        page.keyboard.press("Tab")
    assert "leads to" in page.evaluate(SPOKEN)
    stroke = "getComputedStyle(document.activeElement.querySelector('path')).stroke"
    assert page.evaluate(stroke) == "rgb(11, 87, 208)"
    assert page.evaluate(OUTLINE)[0] == "none", "a frame would take in all between the ends"
    assert page.screenshot() not in (before, on_box)


def test_two_figures_on_a_page_keep_to_themselves(page: Page) -> None:
    figures = founding("sixcs").draw().svg + founding("hudson2015").draw().svg
    stops = heard(page, figures, most=100)
    assert len(stops) == 8 + 7 + 4 + 6
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))


def test_the_browser_hears_a_document_of_named_parts(page: Page) -> None:
    page.set_content(founding("hudson2015").draw().svg)
    assert page.locator("svg").get_attribute("role") == "graphics-document document"
    heard_as = page.locator("[tabindex='0']").evaluate_all(
        "parts => parts.map(one => [one.getAttribute('role'),"
        " one.getAttribute('aria-roledescription')])"
    )
    assert heard_as == [["graphics-symbol", "box"]] * 4 + [["graphics-symbol", "arrow"]] * 6


LINKED = LogicModel.from_text(
    """\
spec_version: 1
profile: theory-of-change
title: Linked (invented)
nodes:
  - {id: a, column: activities, label: Visits, url: "https://example.org/a?b=1&c=<2>"}
  - {id: o, column: outcomes, label: Trust, url: notes/trust.html#why}
links: [{from: a, to: o}]
""".replace("<2>", "2")
)


def test_a_box_with_an_address_is_a_link_and_one_stop(page: Page) -> None:
    stops = heard(page, LINKED.draw().svg, most=10)
    assert stops == ["Visits", "Trust", "Visits leads to Trust."]
    links = page.locator("svg a").evaluate_all(
        "links => links.map(one => [...one.attributes].map(each => `${each.name}=${each.value}`))"
    )
    assert links == [
        ["href=https://example.org/a?b=1&c=2", "aria-label=Visits"],
        ["href=notes/trust.html#why", "aria-label=Trust"],
    ]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(OUTLINE)[0] == "solid"


ADDRESSES = [
    *("javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:x"),
    *("data:text/html,x", "vbscript:x", "//evil.example", "file:///etc/passwd", "\x01javascript:x"),
    *("https://", "https://a b", 'a" onclick="x', "a\\N", "<script>"),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_could_run_or_lead_astray_is_refused(address: str) -> None:
    model = replace(LINKED, nodes=(Node("a", "x", "activities", url=address), LINKED.nodes[1]))
    with pytest.raises(RenderError, match="node a: url must begin with http"):
        model.draw().dot  # noqa: B018  # the figure is made when it is first asked for
    with pytest.raises(SpecError, match="url must begin with http"):
        replace(model, origin="").to_yaml()


def test_paint_and_reading_order_agree() -> None:
    """Title, boxes, arrows, badges, notes: what is read later is also drawn later."""
    model = founding("case_management")
    root = ET.fromstring(model.draw(view="evidence").svg)
    names = [re.sub("^lm[0-9a-f]{8}_", "", part.get("id", "")) for part in root.iter(f"{SVG}g")]
    kinds = [name.split("_")[0] for name in names]
    order = list(dict.fromkeys(kinds))
    assert order == ["graph0", "title", "heading", "node", "context", "link", "badge", *order[7:]]
    assert order[7:] == ["notes", "footer"]
