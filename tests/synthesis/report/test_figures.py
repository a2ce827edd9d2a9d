"""SVG figures side by side in one page do not disturb one another."""

from __future__ import annotations

import re

import matplotlib.figure
import pytest

from synthesis.report.figures import inline


@pytest.fixture
def drawn() -> str:
    from io import StringIO

    figure = matplotlib.figure.Figure(figsize=(3, 2))
    figure.subplots().plot([1, 2], [3, 4])
    out = StringIO()
    figure.savefig(out, format="svg")
    return out.getvalue()


def test_every_reference_still_leads_to_its_target(drawn: str) -> None:
    svg = inline(drawn, name="output-7", label="A figure")
    ids = set(re.findall(r'\sid="([^"]+)"', svg))
    referred = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', svg))
    assert referred
    assert all(name.startswith("output-7") for name in ids)
    assert {one or other for one, other in referred} <= ids


def test_the_moment_of_drawing_and_the_prologue_are_left_out(drawn: str) -> None:
    svg = inline(drawn, name="f", label="A figure")
    assert svg.startswith("<svg ")
    assert svg.endswith("</svg>")
    assert "<metadata" not in svg
    assert "<!DOCTYPE" not in svg


def test_a_style_sheet_reaches_its_own_figure_only(drawn: str) -> None:
    styles = re.findall(r"<style[^>]*>(.*?)</style>", inline(drawn, name="f", label=""), re.DOTALL)
    assert styles
    assert all(style.startswith("#f {*{") and style.endswith("}}") for style in styles)


def test_a_title_of_its_own_is_kept_as_the_name() -> None:
    svg = inline("<svg><title>Mine</title></svg>", name="f", label="Other")
    assert svg == '<svg id="f" role="img"><title>Mine</title></svg>'


def test_what_labels_a_figure_is_followed() -> None:
    svg = inline(
        '<svg id="s" aria-labelledby="t d"><title id="t">T</title><desc id="d">D</desc></svg>',
        name="f",
        label="Other",
    )
    assert svg == (
        '<svg id="f" role="img" aria-labelledby="f-t f-d"><title id="f-t">T</title>'
        '<desc id="f-d">D</desc></svg>'
    )


def test_text_is_not_taken_for_a_tag() -> None:
    svg = inline('<svg><text id="a">see id="b" and url(#c)</text></svg>', name="f", label="L")
    assert 'see id="b" and url(#c)' in svg


def test_a_font_that_a_figure_brings_is_its_own() -> None:
    face = "@font-face{font-family:'Serif X';src:url(data:font/woff;base64,AA)}"
    svg = inline(
        f"<svg><style>{face}text{{fill:red}}</style>"
        '<text font-family="Serif X,Arial">Serif X</text></svg>',
        name="f",
        label="L",
    )
    assert svg.endswith(
        "<style>@font-face{font-family:'f Serif X';src:url(data:font/woff;base64,AA)}"
        '#f {text{fill:red}}</style><text font-family="f Serif X,Arial">Serif X</text></svg>'
    )


def test_a_role_of_its_own_is_kept() -> None:
    svg = inline('<svg role="graphics-document"><title>T</title></svg>', name="f", label="L")
    assert svg == '<svg id="f" role="graphics-document"><title>T</title></svg>'


def test_an_id_that_a_figure_repeats_is_numbered() -> None:
    svg = '<svg><g id="a"/><g id="a"/><g id="b"/><g id="a"/></svg>'
    made = inline(svg, name="f1", label="F")
    assert re.findall(r' id="([^"]+)"', made) == ["f1", "f1-a", "f1-a-2", "f1-b", "f1-a-3"]
